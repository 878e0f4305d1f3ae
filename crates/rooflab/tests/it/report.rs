//! `rooflab report --html`: the files of the site, what it refuses, and that it says nothing else.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::test_project::TestProject;

const EXPERIMENT: &str = "jan30-llama2-7b-tp1-chatsweep";

/// One hypothesis with hostile words, and one experiment.
fn project() -> TestProject {
    let project =
        TestProject::with_published("64,3875\n4096,4380\n").with_own_ground_truth(&[EXPERIMENT]);
    project.edit(
        "hypotheses/H7-longer/hypothesis.yaml",
        "title: Longer contexts take longer",
        "title: Longer </title><script>alert(1)</script> & \"contexts\"",
    );
    project.edit(
        "hypotheses/H7-longer/hypothesis.yaml",
        "  verdict: confirmed\n",
        "  verdict: confirmed
  defects:
    - id: hostile
      what: A [link](javascript:alert(1)) and <img src=x onerror=alert(1)> at [home](../H7-longer/FINDINGS.md).
",
    );
    project.write(
        "hypotheses/H7-longer/narrative.md.tera",
        "## Words\n\n<script>alert(1)</script>\n\nSee [the table](results/times.csv), [that](javascript:alert(1)) and [this](data:text/html,x).\n",
    );
    project
}

fn is_page(name: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|kind| kind == "html")
}

fn below(project: &TestProject, folder: &str) -> Vec<(String, Vec<u8>)> {
    let root = project.path().join(folder);
    let relative = |path: PathBuf| path.strip_prefix(&root).unwrap().display().to_string();
    let files = project.files(folder).into_iter();
    files.map(|(path, bytes)| (relative(path), bytes)).collect()
}

fn text(project: &TestProject, file: &str) -> String {
    project.read(&format!("site/{file}"))
}

#[test]
fn the_site_is_the_same_on_any_number_of_threads() {
    let project = project();
    let before = project.files("hypotheses");
    let said = project
        .run(&["report", "--html", "site", "--jobs", "1"])
        .success();
    assert_eq!(
        said,
        "hypotheses 1, measured experiments 1, files 15: site/index.html\n"
    );
    let alone = below(&project, "site");
    let names: Vec<&str> = alone.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "assets/icon.svg",
            "assets/model.js",
            "assets/site.css",
            "assets/site.js",
            "ground-truth/index.html",
            "ground-truth/jan30-llama2-7b-tp1-chatsweep/index.html",
            "hypotheses/H7-longer/FINDINGS.md",
            "hypotheses/H7-longer/index.html",
            "hypotheses/H7-longer/results/inputs.sha256",
            "hypotheses/H7-longer/results/outcome.json",
            "hypotheses/H7-longer/results/published-values.csv",
            "hypotheses/H7-longer/results/times.csv",
            "index.html",
            "model/grid.js",
            "model/index.html",
            "rooflab-report.txt",
        ]
    );
    project
        .run(&["report", "--html", "site", "--jobs", "2"])
        .success();
    assert!(
        below(&project, "site") == alone,
        "replaced by the same bytes"
    );
    assert_eq!(
        project.files("hypotheses"),
        before,
        "nothing else is written"
    );
}

#[test]
fn nothing_of_a_hypothesis_comes_alive() {
    let project = project();
    project.run(&["report", "--html", "site"]).success();
    for (name, bytes) in below(&project, "site") {
        if !is_page(&name) {
            continue;
        }
        let page = String::from_utf8(bytes).unwrap();
        let mut scripts = page.matches("<script").count();
        scripts -= page.matches("<script src=\"").count();
        assert_eq!(scripts, 0, "{name}: every script is a file of the site");
        for alive in [
            "href=\"javascript:",
            "href=\"data:",
            "<img src=x",
            "src=\"http",
            "href=\"http",
            "@import",
        ] {
            assert!(!page.contains(alive), "{name}: {alive}");
        }
        assert!(
            page.contains(
                "Content-Security-Policy\" content=\"default-src 'none'; script-src 'self';"
            ),
            "{name}"
        );
        assert!(page.contains("<html lang=\"en\">"), "{name}");
        assert_eq!(page.matches("<h1>").count(), 1, "{name}");
    }
    let page = text(&project, "hypotheses/H7-longer/index.html");
    for expected in [
        "<title>H7: Longer &lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;contexts&quot; - rooflab</title>",
        "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
        "See <a href=\"../../hypotheses/H7-longer/results/times.csv\" rel=\"noreferrer\">the table</a>, that and this.",
    ] {
        assert!(page.contains(expected), "{expected}\n{page}");
    }
    let index = text(&project, "index.html");
    assert!(index.contains("A link and &lt;img src=x onerror=alert(1)&gt; at <a href=\"hypotheses/H7-longer/index.html\""), "{index}");
}

#[test]
fn links_and_anchors_of_all_pages_lead_somewhere() {
    let project = project();
    project.run(&["report", "--html", "site"]).success();
    let files = below(&project, "site");
    let names: BTreeSet<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let mut followed = 0;
    for (name, bytes) in files.iter().filter(|(name, _)| is_page(name)) {
        let page = str::from_utf8(bytes).unwrap();
        let links = [" href=\"", " src=\""]
            .into_iter()
            .flat_map(|start| page.split(start).skip(1))
            .map(|rest| rest.split('"').next().unwrap());
        for link in links {
            followed += 1;
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let mut parts: Vec<&str> = name.split('/').collect();
            parts.pop();
            for part in path.split('/').filter(|part| !part.is_empty()) {
                if part == ".." {
                    parts.pop().unwrap();
                } else {
                    parts.push(part);
                }
            }
            let target = if path.is_empty() {
                name.clone()
            } else {
                parts.join("/")
            };
            assert!(names.contains(target.as_str()), "{name}: {link}");
            if !anchor.is_empty() {
                assert!(
                    text(&project, &target).contains(&format!(" id=\"{anchor}\"")),
                    "{name}: {link}"
                );
            }
        }
    }
    assert!(followed > 50, "{followed}");
}

#[test]
fn pages_have_the_numbers_of_the_commands() {
    let project = project();
    project.run(&["report", "--html", "site"]).success();
    let csv = project
        .run(&[
            "simulate",
            "--ground-truth",
            "eval/ground_truth",
            "--format",
            "csv",
        ])
        .success();
    let mut lines = csv.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let cells: Vec<&str> = lines.next().unwrap().split(',').collect();
    let of = |name: &str| cells[names.iter().position(|one| *one == name).unwrap()];
    let page = text(&project, &format!("ground-truth/{EXPERIMENT}/index.html"));
    for metric in ["ttft", "tpot", "e2e"] {
        for figure in [
            format!("measured_{metric}_ms"),
            format!("predicted_{metric}_ms"),
        ] {
            let title = format!("title=\"{}\"", of(&figure));
            assert!(page.contains(&title), "{figure} {title}\n{page}");
        }
        let error = format!("title=\"{} %\"", of(&format!("{metric}_error_pct")));
        assert!(page.contains(&error), "{metric} {error}");
    }

    let step = project
        .run(&[
            "step",
            "--model",
            "llama-2-7b-hf",
            "--tp",
            "2",
            "--decode",
            "1024x8",
            "--bandwidth-efficiency",
            "0.8",
            "--format",
            "json",
        ])
        .success();
    let step: serde_json::Value = serde_json::from_str(&step).unwrap();
    let script = text(&project, "model/grid.js");
    let json = script
        .split_once(" = ")
        .unwrap()
        .1
        .trim_end()
        .strip_suffix(';')
        .unwrap();
    let grid: serde_json::Value = serde_json::from_str(json).unwrap();
    let settings = grid["settings"].as_array().unwrap();
    let setting = settings
        .iter()
        .find(|one| one["model"] == "llama-2-7b-hf")
        .unwrap();
    let place = |axis: &str, value: f64| {
        let values = setting[axis].as_array().unwrap();
        let at = values
            .iter()
            .position(|one| one.as_f64() == Some(value))
            .unwrap();
        (at, values.len())
    };
    let axes = [
        ("tensor_parallel", 2.0),
        ("bandwidth_efficiency", 0.8),
        ("batch", 8.0),
        ("kv", 1024.0),
    ];
    let index = axes.iter().fold(0, |index, (axis, value)| {
        let (at, length) = place(axis, *value);
        index * length + at
    });
    for (part, key) in ["gemm_us", "attention_us", "memory_us", "step_us_exact"]
        .into_iter()
        .enumerate()
    {
        let exact = step["predicted"][key].as_f64().unwrap();
        let of_grid = setting["cells"][index][part].as_f64().unwrap();
        // Cells are whole nanoseconds.
        assert!(
            (exact - of_grid).abs() <= 0.000_51,
            "{key}: {exact} {of_grid}"
        );
    }
}

#[test]
fn a_project_without_measurements_has_a_site() {
    let project = TestProject::with_published("64,3875\n");
    project.run(&["report", "--html", "site", "H7"]).success();
    assert!(
        text(&project, "ground-truth/index.html")
            .contains("The project has no measured experiments.")
    );
}

#[test]
fn other_folders_are_left_alone() {
    let project = project();
    project.write("site/mine.txt", "mine");
    let error = project.run(&["report", "--html", "site"]).rejected();
    assert_eq!(
        error,
        "error: [PROJECT]/site: is not empty and no earlier report (it has no rooflab-report.txt): name an empty folder or a new one\n"
    );
    assert_eq!(project.files("site").len(), 1);
    let error = project
        .run(&["report", "--html", "site/mine.txt"])
        .rejected();
    assert_eq!(error, "error: site/mine.txt: is no folder\n");
    let error = project
        .run(&["report", "--html", "site/mine.txt/site"])
        .rejected();
    assert!(
        error.starts_with("error: site/mine.txt/site: cannot be read: "),
        "{error}"
    );
}

#[test]
fn an_unknown_id_is_named_with_those_that_exist() {
    let project = project();
    let error = project.run(&["report", "--html", "site", "H17"]).rejected();
    assert_eq!(
        error,
        "error: hypothesis `H17` not found (did you mean `H7`? known hypotheses: H7)\n"
    );
    assert!(!project.path().join("site").exists());
}

#[test]
fn an_experiment_that_cannot_be_read_is_named_and_has_no_page() {
    let project = project();
    let experiment = format!("eval/ground_truth/{EXPERIMENT}");
    let mut report = project
        .path()
        .join(&experiment)
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let json = report
        .find(|path| path.extension().is_some_and(|kind| kind == "json"))
        .unwrap();
    fs::write(json, "{").unwrap();
    let answer = project.run(&["report", "--html", "site"]);
    assert_eq!(answer.code, 2, "{}", answer.stderr);
    let lacks = "warning: the site lacks what could not be computed\n";
    assert!(answer.stderr.contains(EXPERIMENT), "{}", answer.stderr);
    assert!(answer.stderr.ends_with(lacks), "{}", answer.stderr);
    assert!(project.path().join("site/index.html").exists());
    let page = format!("site/ground-truth/{EXPERIMENT}/index.html");
    assert!(!project.path().join(page).exists());
}

/// A hypothesis about measured runs.
const MEASURED: &str = "\
id: H8
title: Tokens take time
family: measurement
type: ground-truth
date: 2026-03-01
statement: A token takes time.
refuted_if: It does not.
setup: {gpu: h100, assumptions: {preset: feb27}}
runs:
  served: {serve: {vary: {experiment: {ground_truth: {strategy: synchronous}}}}}
tables:
  times: {title: Token times, sql: \"SELECT experiment, measured_tpot_ms FROM served ORDER BY experiment\"}
checks:
  - {id: takes-time, role: acceptance, claim: They take time., sql: \"SELECT MIN(measured_tpot_ms) > 0 AS holds, MIN(measured_tpot_ms) AS observed FROM times\"}
";

#[test]
fn a_report_on_measurements_of_ones_own_has_their_pages() {
    const OTHER: &str = "jan30-llama2-7b-tp2-chatsweep";
    let project = project();
    project.write("hypotheses/H8-tokens/hypothesis.yaml", MEASURED);
    project.add_folder(
        &project.path().join("eval/ground_truth").join(EXPERIMENT),
        &format!("sweeps/{OTHER}"),
    );
    let measured = ["report", "--html", "site", "H8", "--ground-truth", "sweeps"];
    let said = project.run(&measured).success();
    assert!(
        said.starts_with("hypotheses 1, measured experiments 1, files "),
        "{said}"
    );
    let pages: Vec<String> = below(&project, "site")
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| is_page(name) && name.starts_with("ground-truth/"))
        .collect();
    let page = format!("ground-truth/{OTHER}/index.html");
    assert_eq!(pages, ["ground-truth/index.html", page.as_str()]);
    assert!(text(&project, &page).contains("rooflab simulate --ground-truth sweeps"));
    let finding = text(&project, "hypotheses/H8-tokens/index.html");
    assert!(finding.contains(OTHER) && !finding.contains(EXPERIMENT));

    let unread = [
        "report",
        "--html",
        "other",
        "H7",
        "--ground-truth",
        "sweeps",
    ];
    let problem = project.run(&unread).rejected();
    assert!(
        problem.contains("--ground-truth changes nothing for H7"),
        "{problem}"
    );
    assert!(!project.path().join("other").exists());
}
