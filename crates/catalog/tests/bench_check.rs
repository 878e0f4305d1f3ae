//! What the check of a GPU's tables finds, and how it says so.
#![expect(
    clippy::unwrap_used,
    reason = "a fixture that cannot be written ends the test"
)]

mod fixture;

use std::path::Path;

use catalog::{BenchReport, Catalog, FlopsConvention, Issue, Severity, check_bench_data};
use fixture::Fixture;

const GPU: &str = "name: Example\npeak_flops_per_s: 1e15\nbandwidth_bytes_per_s: 1e12\nmemory_bytes: 1000000000\n";

// 1e9 FLOPs for 1000 tokens, at 1e15 FLOP/s times MFU.
const GEMM_HEADER: &str = "k,n,m,latency_us,mfu\n";
const GEMM: &str = "k,n,m,latency_us,mfu
500,1000,1000,2.000,0.500
500,1000,2000,2.500,0.800
500,1000,4000,5.000,0.800
1000,1000,1000,4.000,0.500
1000,1000,2000,5.000,0.800
1000,1000,4000,10.000,0.800
";

// Half of 1e10 FLOPs for 1000 tokens.
const PREFILL: &str = "heads,kv_heads,head_dim,seq_len,latency_us,mfu
25,5,100,1000,10.000,0.500
25,5,100,2000,25.000,0.800
50,5,100,1000,20.000,0.500
50,5,100,2000,50.000,0.800
";

// 1e8 FLOPs for 10 requests with 1000 tokens on one GPU.
const DECODE_HEADER: &str =
    "heads,kv_heads,head_dim,tensor_parallel,batch_size,kv_len,latency_us,mfu\n";
const DECODE: &str = "heads,kv_heads,head_dim,tensor_parallel,batch_size,kv_len,latency_us,mfu
25,5,100,1,10,1000,10.000,0.010
25,5,100,1,10,2000,20.000,0.010
25,5,100,1,20,1000,20.000,0.010
25,5,100,1,20,2000,40.000,0.010
25,5,100,2,10,1000,10.000,0.005
25,5,100,2,10,2000,20.000,0.005
25,5,100,2,20,1000,20.000,0.005
25,5,100,2,20,2000,40.000,0.005
";

fn complete() -> Fixture {
    Fixture::new()
        .with("bench_data/x/gpu.yaml", GPU)
        .with("bench_data/x/gemm.csv", GEMM)
        .with("bench_data/x/attention_prefill.csv", PREFILL)
        .with("bench_data/x/attention_decode.csv", DECODE)
}

fn check(fixture: &Fixture) -> BenchReport {
    check_bench_data(&fixture.catalog(), "X").unwrap()
}

fn with_gemm(gemm: &str) -> BenchReport {
    check(&complete().with("bench_data/x/gemm.csv", gemm))
}

fn with_decode(decode: &str) -> BenchReport {
    check(&complete().with("bench_data/x/attention_decode.csv", decode))
}

/// The lines of the report that differ from those of the tables above.
fn news(report: &BenchReport) -> String {
    let usual = check(&complete()).to_string();
    let usual: Vec<&str> = usual.lines().collect();
    let text = report.to_string();
    let news: Vec<&str> = text.lines().filter(|line| !usual.contains(line)).collect();
    news.join("\n")
}

#[test]
fn sound_tables_have_no_errors() {
    let report = check(&complete());
    assert!(!report.has_errors());
    insta::assert_snapshot!(report, @r"
x: 0 errors, 1 warning
bench_data/x/gemm.csv: 6 rows
  implied peak by 2 m k n: 999.3 to 1000.7 TFLOP/s fits 6 of 6 rows (single rows 1000.0 to 1000.0, median 1000.0)
bench_data/x/attention_prefill.csv: 4 rows
  implied peak by 4 heads head_dim seq_len^2 / 2: 999.4 to 1000.6 TFLOP/s fits 4 of 4 rows (single rows 1000.0 to 1000.0, median 1000.0)
  implied peak by 4 heads head_dim seq_len^2 / 1.8: 1110.4 to 1111.8 TFLOP/s fits 4 of 4 rows (single rows 1111.1 to 1111.1, median 1111.1)
  implied peak by 4 heads head_dim seq_len^2: 1998.7 to 2001.3 TFLOP/s fits 4 of 4 rows (single rows 2000.0 to 2000.0, median 2000.0)
  warning: predicted kernel times are 1.11 times the measured ones: FLOPs as 4 heads head_dim seq_len^2 / 1.8 imply a peak of 1111.1 TFLOP/s, gpu.yaml has 1000.0 TFLOP/s
bench_data/x/attention_decode.csv: 8 rows
  implied peak by 4 heads/tensor_parallel head_dim batch_size kv_len: 952.4 to 1052.6 TFLOP/s fits 8 of 8 rows (single rows 1000.0 to 1000.0, median 1000.0)
  implied peak by 4 heads head_dim batch_size kv_len: 952.4 to 1052.6 TFLOP/s fits 4 of 8 rows (single rows 1000.0 to 2000.0, median 1000.0)
");
}

#[test]
fn an_unknown_gpu_is_an_error() {
    let error = check_bench_data(&complete().catalog(), "y").unwrap_err();
    assert_eq!(error.to_string(), "gpu `y` not found (known gpus: x)");
}

#[test]
fn unusable_rows_are_listed_by_line_and_column() {
    let report = with_gemm(&format!(
        "{GEMM}500,1000,0,1.0,0.5\n500,1000,8000,nan,-1\n500,1000\n500,1000,1,2,3\n"
    ));
    assert!(report.has_errors());
    insta::assert_snapshot!(news(&report), @r"
x: 1 error, 1 warning
  error: 5 problems in rows that cannot be used
    bench_data/x/gemm.csv:8: column `m`: expected a whole number from 1 to 4294967295, found `0`
    bench_data/x/gemm.csv:9: column `latency_us`: expected 1e-6 to 1e12 microseconds, found `nan`
    bench_data/x/gemm.csv:9: column `mfu`: expected a share of the peak from 0 to 1.5, found `-1`
    and 2 more
");
}

#[test]
fn repeated_rows_are_errors() {
    let report = with_gemm(&format!("{GEMM}500,1000,1000,2.000,0.500\n"));
    assert!(report.has_errors());
    insta::assert_snapshot!(news(&report), @r"
x: 1 error, 1 warning
  error: 1 row with the sizes of an earlier row
    bench_data/x/gemm.csv:8: k 500, n 1000, m 1000, as on line 2
");
}

#[test]
fn an_mfu_that_does_not_follow_from_latency_is_an_error() {
    let report = with_gemm(&GEMM.replace("2.500,0.800", "2.500,0.900"));
    assert!(report.has_errors());
    insta::assert_snapshot!(news(&report), @r"
x: 1 error, 1 warning
  implied peak by 2 m k n: 999.3 to 1000.7 TFLOP/s fits 5 of 6 rows (single rows 888.9 to 1000.0, median 1000.0)
  error: mfu does not follow from latency in 1 row: a peak of 1000.0 TFLOP/s fits the others
    bench_data/x/gemm.csv:3: k 500, n 1000, m 2000: mfu 0.9, expected 0.8000
");
}

#[test]
fn an_mfu_is_only_as_exact_as_its_digits() {
    // 1e9 FLOPs in 3.1 us are 0.3226 of 1e15 FLOP/s.
    let with_mfu = |mfu: &str| with_gemm(&format!("{GEMM}500,1000,999,3.100,{mfu}\n"));
    for mfu in ["0.322", "0.3223"] {
        let inconsistent = |issue: &Issue| matches!(issue, Issue::InconsistentMfu { .. });
        assert!(
            !with_mfu(mfu)
                .all_findings()
                .any(|finding| inconsistent(&finding.issue)),
            "{mfu}"
        );
    }
    assert!(with_mfu("0.324").has_errors());
    assert!(with_mfu("0.3229").has_errors());
}

#[test]
fn zeros_are_warnings_and_agree_with_every_peak_that_rounds_to_them() {
    let report = with_decode(&format!(
        "{DECODE}25,5,100,1,10,4000,1000.0,0.0\n25,5,100,1,20,4000,2000.0,0.0\n"
    ));
    assert!(!report.has_errors());
    insta::assert_snapshot!(news(&report), @r"
x: 0 errors, 2 warnings
bench_data/x/attention_decode.csv: 10 rows
  implied peak by 4 heads/tensor_parallel head_dim batch_size kv_len: 952.4 to 1052.6 TFLOP/s fits 10 of 10 rows (single rows 1000.0 to 1000.0, median 1000.0)
  implied peak by 4 heads head_dim batch_size kv_len: 952.4 to 1052.6 TFLOP/s fits 6 of 10 rows (single rows 1000.0 to 2000.0, median 1000.0)
  warning: mfu is 0 in 2 rows; a lookup there falls back to another row
    bench_data/x/attention_decode.csv:10: heads 25, kv_heads 5, head_dim 100, tensor_parallel 1, batch_size 10, kv_len 4000
    bench_data/x/attention_decode.csv:11: heads 25, kv_heads 5, head_dim 100, tensor_parallel 1, batch_size 20, kv_len 4000
");
    let report = with_decode(&format!(
        "{DECODE}25,5,100,1,10,4000,80.0,0.0\n25,5,100,1,20,4000,80.0,0.0\n"
    ));
    assert!(report.has_errors(), "{report}");
    insta::assert_snapshot!(news(&report), @r"
x: 1 error, 2 warnings
bench_data/x/attention_decode.csv: 10 rows
  implied peak by 4 heads/tensor_parallel head_dim batch_size kv_len: 952.4 to 1052.6 TFLOP/s fits 8 of 10 rows (single rows 1000.0 to 1000.0, median 1000.0)
  implied peak by 4 heads head_dim batch_size kv_len: 952.4 to 1052.6 TFLOP/s fits 4 of 10 rows (single rows 1000.0 to 2000.0, median 1000.0)
  error: mfu does not follow from latency in 2 rows: a peak of 1002.5 TFLOP/s fits the others
    bench_data/x/attention_decode.csv:10: heads 25, kv_heads 5, head_dim 100, tensor_parallel 1, batch_size 10, kv_len 4000: mfu 0, expected 0.0050
    bench_data/x/attention_decode.csv:11: heads 25, kv_heads 5, head_dim 100, tensor_parallel 1, batch_size 20, kv_len 4000: mfu 0, expected 0.0100
  warning: mfu is 0 in 2 rows; a lookup there falls back to another row
    bench_data/x/attention_decode.csv:10: heads 25, kv_heads 5, head_dim 100, tensor_parallel 1, batch_size 10, kv_len 4000
    bench_data/x/attention_decode.csv:11: heads 25, kv_heads 5, head_dim 100, tensor_parallel 1, batch_size 20, kv_len 4000
");
}

#[test]
fn holes_are_listed_by_grid() {
    let report = with_decode(&DECODE.replace("25,5,100,2,20,2000,40.000,0.005\n", ""));
    assert!(!report.has_errors());
    insta::assert_snapshot!(news(&report), @r"
x: 0 errors, 2 warnings
bench_data/x/attention_decode.csv: 7 rows
  implied peak by 4 heads/tensor_parallel head_dim batch_size kv_len: 952.4 to 1052.6 TFLOP/s fits 7 of 7 rows (single rows 1000.0 to 1000.0, median 1000.0)
  implied peak by 4 heads head_dim batch_size kv_len: 952.4 to 1052.6 TFLOP/s fits 4 of 7 rows (single rows 1000.0 to 2000.0, median 1000.0)
  warning: combinations of sizes without a row: 1 of 8, in 1 grid
    heads 25, kv_heads 5, head_dim 100, tensor_parallel 2: 1 of 4, such as batch_size 20, kv_len 2000
");
    let report = with_gemm(&GEMM.replace("500,1000,2000,2.500,0.800\n", ""));
    insta::assert_snapshot!(news(&report), @r"
x: 0 errors, 2 warnings
bench_data/x/gemm.csv: 5 rows
  implied peak by 2 m k n: 999.3 to 1000.7 TFLOP/s fits 5 of 5 rows (single rows 1000.0 to 1000.0, median 1000.0)
  warning: combinations of sizes without a row: 1 of 6, in 1 grid
    such as k 500, n 1000, m 2000
");
}

#[test]
fn a_sparse_table_is_checked_without_visiting_its_grid() {
    let rows: Vec<String> = (1..=50_000)
        .map(|size| format!("25,5,100,1,{size},{size},1e9,0.0"))
        .collect();
    let report = with_decode(&format!("{DECODE_HEADER}{}\n", rows.join("\n")));
    let holes = report.tables[2]
        .findings
        .iter()
        .find_map(|finding| match &finding.issue {
            Issue::Holes { cells, count, .. } => Some((*cells, *count)),
            _ => None,
        });
    assert_eq!(holes, Some((2_500_000_000, 2_499_950_000)));
    assert!(report.to_string().len() < 3000);
}

#[test]
fn falling_latency_is_listed_from_the_largest_fall() {
    let decode = DECODE
        .replace(
            "25,5,100,1,10,1000,10.000,0.010",
            "25,5,100,1,10,1000,25.000,0.004",
        )
        .replace(
            "25,5,100,2,20,2000,40.000,0.005",
            "25,5,100,2,20,2000,16.000,0.0125",
        );
    let report = with_decode(&decode);
    assert!(!report.has_errors(), "{report}");
    insta::assert_snapshot!(news(&report), @r"
x: 0 errors, 3 warnings
  implied peak by 4 heads/tensor_parallel head_dim batch_size kv_len: 996.0 to 1004.0 TFLOP/s fits 8 of 8 rows (single rows 1000.0 to 1000.0, median 1000.0)
  warning: latency falls where batch_size grows in 2 of 4 steps, by up to 20.0%
    bench_data/x/attention_decode.csv:4: heads 25, kv_heads 5, head_dim 100, tensor_parallel 1, batch_size 20, kv_len 1000: 20 us, but 25 us at batch_size 10 (line 2)
    bench_data/x/attention_decode.csv:9: heads 25, kv_heads 5, head_dim 100, tensor_parallel 2, batch_size 20, kv_len 2000: 16 us, but 20 us at batch_size 10 (line 7)
  warning: latency falls where kv_len grows in 2 of 4 steps, by up to 20.0%
    bench_data/x/attention_decode.csv:3: heads 25, kv_heads 5, head_dim 100, tensor_parallel 1, batch_size 10, kv_len 2000: 20 us, but 25 us at kv_len 1000 (line 2)
    bench_data/x/attention_decode.csv:9: heads 25, kv_heads 5, head_dim 100, tensor_parallel 2, batch_size 20, kv_len 2000: 16 us, but 20 us at kv_len 1000 (line 8)
");
}

#[test]
fn peaks_that_differ_are_warnings() {
    let halved = GEMM_HEADER.to_owned()
        + "500,1000,1000,2.000,0.250\n500,1000,2000,2.500,0.400\n500,1000,4000,5.000,0.400\n";
    let report = with_gemm(&halved);
    assert!(!report.has_errors());
    insta::assert_snapshot!(news(&report), @r"
x: 0 errors, 3 warnings
  warning: the tables do not refer to one peak: gemm 2000.0 TFLOP/s, attention_prefill 1000.0 TFLOP/s, attention_decode 1002.5 TFLOP/s
bench_data/x/gemm.csv: 3 rows
  implied peak by 2 m k n: 1997.3 to 2002.7 TFLOP/s fits 3 of 3 rows (single rows 2000.0 to 2000.0, median 2000.0)
  warning: predicted kernel times are 2.00 times the measured ones: FLOPs as 2 m k n imply a peak of 2000.0 TFLOP/s, gpu.yaml has 1000.0 TFLOP/s
");
}

#[test]
fn tables_without_any_mfu_imply_no_peak() {
    let report = with_gemm(&format!("{GEMM_HEADER}500,1000,1000,2.000,0.0\n"));
    insta::assert_snapshot!(news(&report), @r"
x: 0 errors, 2 warnings
bench_data/x/gemm.csv: 1 row
  implied peak by 2 m k n: none, no row has a positive mfu
  warning: mfu is 0 in 1 row; a lookup there falls back to another row
    bench_data/x/gemm.csv:2: k 500, n 1000, m 1000
");
}

#[test]
fn files_that_cannot_be_read_are_findings() {
    let report = check(
        &complete()
            .with("bench_data/x/gpu.yaml", "name: x\n")
            .with("bench_data/x/gemm.csv", "m,n\n")
            .with("bench_data/x/attention_prefill.csv", ""),
    );
    assert_eq!((report.peak_flops_per_s, report.tables.len()), (None, 1));
    assert_eq!(report.count(Severity::Error), 3);
    insta::assert_snapshot!(news(&report), @r"
x: 3 errors, 0 warnings
  error: bench_data/x/gpu.yaml: `peak_flops_per_s` is missing, expected the dense BF16 peak in FLOP/s; `bandwidth_bytes_per_s` is missing, expected the memory bandwidth in bytes/s; `memory_bytes` is missing, expected the size of the memory in whole bytes
  error: bench_data/x/gemm.csv:1: expected the columns `k,n,m,latency_us,mfu`, found `m,n`
  error: bench_data/x/attention_prefill.csv: the table is empty; expected the columns `heads,kv_heads,head_dim,seq_len,latency_us,mfu` and at least one row
");
}

#[test]
fn a_folder_in_place_of_a_table_is_a_finding() {
    let report = check(
        &Fixture::new()
            .with("bench_data/x/gpu.yaml", GPU)
            .with("bench_data/x/gemm.csv", GEMM)
            .with_folder("bench_data/x/attention_prefill.csv")
            .with("bench_data/x/attention_decode.csv", DECODE),
    );
    assert_eq!(
        news(&report),
        "x: 1 error, 0 warnings\n  error: bench_data/x/attention_prefill.csv: not a regular file"
    );
}

#[test]
fn missing_tables_are_an_error_unless_all_are_missing() {
    let some = Fixture::new()
        .with("bench_data/x/gpu.yaml", GPU)
        .with("bench_data/x/gemm.csv", GEMM);
    assert!(check(&some).has_errors());
    insta::assert_snapshot!(news(&check(&some)), @r"
x: 1 error, 0 warnings
  error: bench_data/x/attention_prefill.csv, bench_data/x/attention_decode.csv are missing; a prediction needs all three tables
");
    let none = Fixture::new().with("bench_data/x/gpu.yaml", GPU);
    assert!(!check(&none).has_errors());
    insta::assert_snapshot!(check(&none), @r"
x: 0 errors, 1 warning
  warning: no MFU tables, so predictions are refused (bench_data/x/gemm.csv, bench_data/x/attention_prefill.csv, bench_data/x/attention_decode.csv do not exist)
");
}

#[test]
fn the_report_is_serialisable() {
    let report = with_gemm(&GEMM.replace("2.500,0.800", "2.500,0.900"));
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["gpu"], "x");
    assert_eq!(json["tables"][0]["table"], "gemm");
    assert_eq!(
        json["tables"][0]["implied_peaks"][0]["convention"],
        "multiply_add"
    );
    let finding = &json["tables"][0]["findings"][0];
    assert_eq!(finding["severity"], "error");
    assert_eq!(finding["issue"]["kind"], "inconsistent_mfu");
    assert_eq!(finding["issue"]["count"], 1);
    assert_eq!(finding["issue"]["examples"][0]["line"], 3);
    assert_eq!(finding["issue"]["examples"][0]["at"]["m"], 2000);
}

#[test]
fn the_h100_tables_are_sound_and_refer_to_different_peaks() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let report = check_bench_data(&Catalog::new(&root), "h100").unwrap();
    assert_eq!(report.count(Severity::Error), 0);
    let peaks: Vec<(FlopsConvention, f64, usize, usize)> = report
        .tables
        .iter()
        .map(|table| {
            let peak = table.implied_peaks[0];
            let common = peak.common.unwrap();
            let tenths = (common.flops_per_s() / 1e11).round() / 10.0;
            (peak.convention, tenths, common.rows, peak.rows)
        })
        .collect();
    assert_eq!(
        peaks,
        [
            (FlopsConvention::MultiplyAdd, 1979.0, 112, 112),
            (FlopsConvention::CausalHalf, 989.5, 30, 30),
            (FlopsConvention::HeadsOfOneGpu, 989.5, 755, 755),
        ],
        "dense FP8 and BF16 peaks of the data sheet"
    );
    insta::assert_snapshot!("h100", report);
}
