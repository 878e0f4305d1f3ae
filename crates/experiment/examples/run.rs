//! tmp
fn main() {
    let project = experiment::Project::find(std::path::Path::new(".")).unwrap();
    for id in std::env::args().skip(1) {
        let folder = project.hypothesis(&id).unwrap();
        let hypothesis = match experiment::Hypothesis::load(
            &project,
            &folder,
            experiment::LoadOptions::default(),
        ) {
            Ok(h) => h,
            Err(e) => {
                println!("{e}");
                continue;
            }
        };
        match hypothesis.run() {
            Ok(outcome) => {
                for d in outcome.drift() {
                    println!("DRIFT {d}");
                }
                println!(
                    "{} {:?} {}/{}",
                    outcome.id,
                    outcome.verdict,
                    outcome.comparison.reproduced,
                    outcome.comparison.total()
                );
                outcome.write(&project.root().join(folder.path())).unwrap();
            }
            Err(e) => println!("{e}"),
        }
    }
}
