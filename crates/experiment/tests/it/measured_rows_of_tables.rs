//! What the `mfu` probe says of the measured row that it hits.

use crate::test_project::{TestProject, file_text};

/// The results of look-ups in the toy GPU's tables, whose rows all took a microsecond.
fn rows(lookup: &str, axis: &str) -> String {
    let project = TestProject::new()
        .edit(
            "    step:\n      vary:\n        kv: [64, 128]\n        requests: {range: [1, 2]}\n      batch: {decode: [{kv: kv, count: requests}]}\n",
            &format!("    mfu:\n      vary: {{{axis}}}\n      lookup: {{{lookup}}}\n"),
        )
        .edit(
            "SELECT kv, requests, step_us, step_us_exact FROM steps",
            "SELECT size, mfu, measured_latency_us, implied_peak_tflops FROM steps",
        )
        .edit("      kv: {label: KV length}\n", "      size: {label: Size}\n")
        .edit(
            "SELECT MIN(step_us) >= 1 AS holds, MIN(step_us) AS observed FROM times",
            "SELECT COUNT(*) > 0 AS holds, COUNT(*) AS observed FROM times",
        );
    file_text(&project.run(), "results/times.csv")
}

#[test]
fn a_measured_row_has_its_latency_and_the_peak_of_its_mfu() {
    // 2 m k n = 262,144 FLOPs in a microsecond are 0.262144 TFLOP/s, a tenth of the peak.
    let gemm = rows("gemm: {m: size, k: 128, n: 128}", "size: [8, 16, 64]");
    let lines: Vec<&str> = gemm.lines().collect();
    assert_eq!(lines[1], "8,0.1,1.0,2.62144");
    assert!(
        lines[2].starts_with("16,") && lines[2].ends_with(",,"),
        "{gemm}"
    );
    // 8 times the FLOPs at 4 times the MFU.
    assert_eq!(lines[3], "64,0.4,1.0,5.24288");
}

#[test]
fn attention_counts_half_of_the_prefill_scores_and_the_decode_heads_of_one_gpu() {
    // Half of 4 heads x 32 wide x 4 x 512^2 = 67,108,864 FLOPs, a fifth of the peak.
    let prefill = rows("prefill: {seq_len: size}", "size: [512, 600]");
    let lines: Vec<&str> = prefill.lines().collect();
    assert_eq!(lines[1], "512,0.2,1.0,335.54432");
    assert!(lines[2].ends_with(",,"), "{prefill}");
    // 4 heads x 32 wide x 4 x 64 = 32,768 FLOPs at a share of 0.002.
    let decode = rows("decode: {batch: 1, kv: size}", "size: [64, 100]");
    let lines: Vec<&str> = decode.lines().collect();
    assert_eq!(lines[1], "64,0.002,1.0,16.384");
    assert!(lines[2].ends_with(",,"), "{decode}");
}
