//! Functions of queries that the engine does not have, wherever a file may use them.

use insta::assert_snapshot;

use crate::test_project::{TestProject, file_text};

/// Of KV lengths as what was predicted, and 64 for each request as what was measured: off by 0, 50, 100 and 0%.
const COMPARED: &str = "\
checks:
  mape:
    role: acceptance
    claim: It is near.
    observed: MAPE(kv, requests * 64) FILTER (WHERE requests = 1)
    from: steps
    holds: \"< 60\"
figures:
  of all: {from: steps, value: \"MAPE(kv, requests * 64)\"}
  ninth decile: {from: by_requests, value: \"QUANTILE(mape, 0.9)\"}
";

#[test]
fn mape_stands_in_checks_tables_and_figures() {
    let outcome = TestProject::new()
        .edit(
            "checks:
  - id: takes-time
    role: acceptance
    claim: Every step takes a microsecond or more.
    sql: SELECT MIN(step_us) >= 1 AS holds, MIN(step_us) AS observed FROM times
",
            &format!(
                "  by_requests:
    sql: SELECT requests, mape(kv, requests * 64) AS mape, MEDIAN(kv) AS middle FROM steps GROUP BY requests HAVING MAPE(kv, requests * 64) > 1 ORDER BY requests
{COMPARED}"
            ),
        )
        .run();
    assert_eq!(outcome.checks[0].observed, "50");
    assert_snapshot!(file_text(&outcome, "results/by_requests.csv"), @"
    requests,mape,middle
    1,50.0,96.0
    2,25.0,96.0
    ");
    assert_snapshot!(file_text(&outcome, "results/figures.csv"), @"
    figure,value
    of all,37.5
    ninth decile,47.5
    ");
}
