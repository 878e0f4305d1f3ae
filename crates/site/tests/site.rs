//! Whole sites from plain data.
#![expect(
    clippy::unwrap_used,
    reason = "what tests share is test code, though no test function"
)]

use std::path::Path;

use site::{
    Audit, AuditDefect, AuditEntry, Badge, CriteriaLock, Experiment, GridCell, GridSetting,
    GroundTruth, Hypothesis, HypothesisFile, LockRecord, LockedSection, MeasuredLoad,
    MetricComparison, MetricErrors, ModelGrid, Site, SiteError, SiteFile, Tone, Work,
};

/// What nobody should ever write, wherever words can stand.
const HOSTILE: &str =
    "</title></script><script>alert(1)</script><img src=x onerror=\"alert(1)\">'\"&";

fn is_page(path: &str) -> bool {
    Path::new(path)
        .extension()
        .is_some_and(|kind| kind == "html")
}

fn hypothesis(folder: &str) -> Hypothesis {
    let file = |path: &str, text: &str| HypothesisFile {
        path: path.to_owned(),
        bytes: text.as_bytes().to_vec(),
    };
    Hypothesis {
        id: HOSTILE.to_owned(),
        title: HOSTILE.to_owned(),
        folder: folder.to_owned(),
        family: HOSTILE.to_owned(),
        kind: HOSTILE.to_owned(),
        date: HOSTILE.to_owned(),
        verdict: Badge::new(HOSTILE, Tone::Good),
        published_verdict: None,
        values: HOSTILE.to_owned(),
        lock: CriteriaLock {
            state: Badge::new("locked", Tone::Good),
            record: LockRecord::Last {
                date: HOSTILE.to_owned(),
                because: Some(HOSTILE.to_owned()),
                sections: vec![LockedSection {
                    name: HOSTILE.to_owned(),
                    sha256: HOSTILE.to_owned(),
                    changed: true,
                }],
            },
        },
        findings: format!(
            "# {HOSTILE}\n\n## {HOSTILE}\n\n| a |\n| - |\n| {HOSTILE} |\n\n{HOSTILE}\n\n![p](results/seen.svg) [t](results/t.csv)\n"
        ),
        files: vec![
            file("FINDINGS.md", "# x\n"),
            file("results/t.csv", "name,us\n<script>,1.5\n"),
            file("results/seen.svg", "<svg><title>seen</title></svg>"),
            file("results/unseen.svg", "<svg><title>unseen</title></svg>"),
            file("results/alive.svg", "<svg onload=\"alert(1)\"></svg>"),
        ],
    }
}

fn experiment() -> Experiment {
    let errors = MetricErrors {
        metric: HOSTILE.to_owned(),
        mape_pct: 12.5,
        bias_pct: -12.5,
        worst_pct: 20.0,
        benchmarks: 2,
    };
    Experiment {
        name: HOSTILE.to_owned(),
        workload: Some(HOSTILE.to_owned()),
        model: HOSTILE.to_owned(),
        gpu: HOSTILE.to_owned(),
        tensor_parallel: 1,
        settings: HOSTILE.to_owned(),
        loads: vec![MeasuredLoad {
            number: 0,
            load: HOSTILE.to_owned(),
            metrics: vec![MetricComparison {
                metric: HOSTILE.to_owned(),
                measured_ms: Some(8.0),
                origin: Some(HOSTILE.to_owned()),
                predicted_ms: Some(7.0),
                error_pct: Some(-12.5),
            }],
        }],
        errors: vec![errors],
        warnings: vec![HOSTILE.to_owned()],
    }
}

fn grid() -> GridSetting {
    GridSetting {
        model: HOSTILE.to_owned(),
        gpu: HOSTILE.to_owned(),
        preset: HOSTILE.to_owned(),
        peak_flops_per_s: 1e15,
        bandwidth_bytes_per_s: 3e12,
        tensor_parallel: vec![1, 2],
        bandwidth_efficiency: vec![0.8, 1.0],
        batch: vec![1, 2],
        kv: vec![64],
        work: vec![Work(1e9, 1e10), Work(2e9, 1.1e10)],
        cells: (0..8_u8)
            .map(|cell| GridCell(1.0, 1.0, 3.0, 100.0 + f64::from(cell)))
            .collect(),
    }
}

fn site(folders: &[&str]) -> Site {
    let entry = |folder: &&str| AuditEntry {
        id: HOSTILE.to_owned(),
        title: HOSTILE.to_owned(),
        folder: (*folder).to_owned(),
        family: HOSTILE.to_owned(),
        verdict: Badge::new(HOSTILE, Tone::Bad),
        published_verdict: Some(Badge::new(HOSTILE, Tone::Mixed)),
        agreement: Badge::new(HOSTILE, Tone::Neutral),
        values: HOSTILE.to_owned(),
        why: Some(format!("{HOSTILE} [x](javascript:alert(1))")),
        defects: vec![AuditDefect {
            id: HOSTILE.to_owned(),
            what: format!("{HOSTILE} ![x](javascript:alert(1))"),
        }],
    };
    Site {
        footer: HOSTILE.to_owned(),
        audit: Audit {
            totals: HOSTILE.to_owned(),
            entries: folders.iter().map(entry).collect(),
        },
        hypotheses: folders.iter().map(|folder| hypothesis(folder)).collect(),
        ground_truth: GroundTruth {
            experiments: vec![experiment()],
            errors: experiment().errors,
            command: HOSTILE.to_owned(),
        },
        model: ModelGrid {
            settings: vec![grid()],
            mixtures_of_experts: vec![HOSTILE.to_owned()],
        },
    }
}

fn text<'f>(files: &'f [SiteFile], path: &str) -> &'f str {
    let file = files.iter().find(|file| file.path == path);
    str::from_utf8(&file.unwrap().bytes).unwrap()
}

#[test]
fn no_word_becomes_a_tag() {
    let files = site(&["H1-x"]).files().unwrap();
    let mut pages = 0;
    for file in files.iter().filter(|file| is_page(&file.path)) {
        pages += 1;
        let page = str::from_utf8(&file.bytes).unwrap();
        for alive in ["<script>", "<img src=x", "onload=\"", "=\"javascript:"] {
            assert!(!page.contains(alive), "{}: {alive}\n{page}", file.path);
        }
        assert_eq!(
            page.matches("<script src=\"").count(),
            page.matches("</script>").count()
        );
    }
    assert_eq!(pages, 5);
}

#[test]
fn pictures_stand_where_findings_have_them_and_the_others_below() {
    let files = site(&["H1-x"]).files().unwrap();
    let page = text(&files, "hypotheses/H1-x/index.html");
    assert_eq!(page.matches("<title>seen</title>").count(), 1);
    let (findings, rest) = page.split_once("More pictures</h2>").unwrap();
    assert!(findings.contains("<title>seen</title>"));
    assert!(rest.contains("<title>unseen</title>"));
    assert!(rest.contains("<img src=\"results/alive.svg\" alt=\"alive\">"));
    assert!(rest.contains("<td>&lt;script&gt;</td><td class=\"n\">1.5</td>"));
}

#[test]
fn folders_that_differ_in_nothing_a_path_can_have_stay_apart() {
    let files = site(&["H1 x", "H1?x", "h1-X", "../../etc"])
        .files()
        .unwrap();
    for page in [
        "hypotheses/H1-x/index.html",
        "hypotheses/H1-x-1/index.html",
        "hypotheses/h1-X-2/index.html",
        "hypotheses/-..-..-etc/index.html",
    ] {
        text(&files, page);
    }
    for file in &files {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        assert!(
            file.path.split('/').all(|part| !part.starts_with('.')
                && !part.is_empty()
                && part.chars().all(is_plain)),
            "{}",
            file.path
        );
    }
    let mut paths: Vec<&String> = files.iter().map(|file| &file.path).collect();
    let count = paths.len();
    paths.dedup();
    assert_eq!(paths.len(), count, "sorted, and none twice");
}

#[test]
fn equal_data_are_equal_bytes() {
    assert!(site(&["H1-x", "H2-y"]).files().unwrap() == site(&["H1-x", "H2-y"]).files().unwrap());
}

#[test]
fn the_grid_is_data_of_a_script() {
    let files = site(&[]).files().unwrap();
    let script = text(&files, "model/grid.js");
    let json = script
        .strip_prefix("\"use strict\";\nwindow.rooflabGrid = ")
        .unwrap();
    let grid: serde_json::Value =
        serde_json::from_str(json.trim_end().strip_suffix(';').unwrap()).unwrap();
    assert_eq!(grid["settings"][0]["model"], HOSTILE);
    assert_eq!(
        grid["settings"][0]["cells"][7],
        serde_json::json!([1.0, 1.0, 3.0, 107.0])
    );
    // The table for paper has the steps of one GPU at the whole bandwidth.
    let page = text(&files, "model/index.html");
    assert!(
        page.contains(
            "<tr><th scope=\"row\" class=\"n\">2</th><td class=\"n\" title=\"103\">103</td></tr>"
        ),
        "{page}"
    );
}

#[test]
fn gaps_and_broken_files_are_errors() {
    let mut gap = site(&[]);
    gap.model.settings[0].cells.pop();
    assert!(matches!(
        gap.files(),
        Err(SiteError::Grid {
            found: 7,
            expected: 8,
            ..
        })
    ));
    let mut ragged = site(&["H1-x"]);
    ragged.hypotheses[0].files[1].bytes = b"a,b\n1\n".to_vec();
    let problem = ragged.files().unwrap_err().to_string();
    assert!(
        problem.starts_with("H1-x: results/t.csv: no table of comma-separated values: "),
        "{problem}"
    );
    let mut bytes = site(&["H1-x"]);
    bytes.hypotheses[0].files[2].bytes = vec![0xff];
    let problem = bytes.files().unwrap_err().to_string();
    assert_eq!(
        problem,
        "H1-x: results/seen.svg: a picture that is not UTF-8"
    );
}

#[test]
fn a_site_of_nothing_is_a_site() {
    let mut empty = site(&[]);
    empty.ground_truth = GroundTruth::default();
    empty.model = ModelGrid::default();
    let files = empty.files().unwrap();
    assert!(text(&files, "ground-truth/index.html").contains("no measured experiments"));
    assert!(text(&files, "model/index.html").contains("there are no steps to show"));
}

#[test]
fn a_lock_that_is_gone_is_told_from_one_that_never_was() {
    for (record, expected) in [
        (LockRecord::Never, "<p>The criteria were never locked.</p>"),
        (
            LockRecord::Lost {
                sha256: "a5504d".to_owned(),
            },
            "<p>The criteria were locked (SHA-256 <code>a5504d</code>), and that lock is gone.</p>",
        ),
        (
            LockRecord::Last {
                date: "2026-02-25".to_owned(),
                because: None,
                sections: Vec::new(),
            },
            "<p>Locked on 2026-02-25: <span class=\"badge good\">locked</span>.</p>",
        ),
    ] {
        let mut site = site(&["H1-x"]);
        site.hypotheses[0].lock.record = record;
        let files = site.files().unwrap();
        let page = text(&files, "hypotheses/H1-x/index.html");
        assert!(page.contains(expected), "{expected}\n{page}");
    }
}

#[test]
fn models_without_steps_are_named() {
    let mut site = site(&["H1-x"]);
    site.model.mixtures_of_experts = vec!["moe-a".to_owned(), "moe-b".to_owned()];
    let files = site.files().unwrap();
    assert!(
        text(&files, "model/index.html").contains("the model does not cover them: moe-a, moe-b.")
    );
    site.model.mixtures_of_experts.clear();
    let files = site.files().unwrap();
    assert!(!text(&files, "model/index.html").contains("Mixtures of experts"));
}
