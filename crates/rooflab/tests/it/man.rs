//! Manual pages and completions.

use std::fs;

use crate::help::all_commands;
use crate::test_project::TestProject;

#[test]
fn every_command_has_a_page() {
    let project = TestProject::new();
    let commands = all_commands();
    let said = project.run(&["man", "made/man1"]).success();
    assert_eq!(
        said,
        format!("{} manual pages in made/man1\n", commands.len())
    );
    for command in &commands {
        let name = [&["rooflab".to_owned()], command.as_slice()]
            .concat()
            .join("-");
        let page = project.read(&format!("made/man1/{name}.1"));
        assert!(page.contains(&format!(".TH {name} 1")), "{name}: {page}");
        assert!(page.contains(".SH EXAMPLE"), "{name}: {page}");
    }
    let files = fs::read_dir(project.path().join("made/man1")).unwrap();
    assert_eq!(files.count(), commands.len(), "nothing else is written");
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let project = TestProject::new();
    project.write("taken", "a file");
    let error = project.run(&["man", "taken"]).rejected();
    assert!(
        error.starts_with("error: cannot make the folder `taken`: "),
        "{error}"
    );
}

#[test]
fn completions_of_every_shell_know_every_command() {
    let project = TestProject::new();
    let commands = all_commands();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = project.run(&["completions", shell]).success();
        for name in commands.iter().filter_map(|command| command.last()) {
            assert!(script.contains(name.as_str()), "{name} for {shell}");
        }
    }
}
