//! The examples of plots on the page of the format.

use std::fs;
use std::path::Path;

use crate::test_project::{TestProject, file_text, missing};

/// The table that the page says its examples draw.
const TIMES: &str = "SELECT kv, requests, step_us, step_us * 0.5 AS compute_us, step_us * 1.1 AS measured_us, total_bytes, \
    (kv - 96) * 0.5 AS change_pct, gemm_flops / total_bytes AS flop_per_byte, \
    gemm_flops / step_us * 1000000.0 AS flops_per_s, bandwidth_bytes_per_s, peak_flops_per_s FROM steps";

fn section() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/hypothesis-format.md");
    let page = fs::read_to_string(path).unwrap();
    let (_, section) = page.split_once("\n## Plots\n").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    section.to_owned()
}

#[test]
fn every_example_of_a_plot_is_drawn() {
    let section = section();
    let blocks = section.split("```yaml\n").skip(1);
    let mut drawn = Vec::new();
    for block in blocks {
        let (example, _) = block.split_once("```").unwrap();
        let project = TestProject::new()
            .edit(
                "sql: SELECT kv, requests, step_us, step_us_exact FROM steps",
                &format!("sql: {TIMES}"),
            )
            .edit(
                "SELECT MIN(step_us) >= 1 AS holds, MIN(step_us) AS observed FROM times",
                "SELECT MIN(step_us) >= 1 AS holds, MIN(step_us) AS observed FROM steps",
            )
            .append(example);
        let outcome = project.run();
        assert_eq!(missing(&outcome), Vec::<String>::new(), "{example}");
        let kinds = example.lines().filter_map(|line| line.strip_prefix("  - "));
        drawn.extend(kinds.map(|kind| kind.trim_end_matches(':').to_owned()));
        for title in example
            .lines()
            .filter_map(|line| line.trim().strip_prefix("title: "))
        {
            let name = title.to_lowercase().replace(' ', "-");
            let svg = file_text(&outcome, &format!("results/{name}.svg"));
            assert!(svg.contains("class=\"plot-mark"), "{title}");
        }
    }
    drawn.sort();
    drawn.dedup();
    let kinds = [
        "bar",
        "heatmap",
        "line",
        "predicted_measured",
        "roofline",
        "scatter",
    ];
    assert_eq!(drawn, kinds);
}
