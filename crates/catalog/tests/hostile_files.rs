//! Whatever a file holds, reading it ends in a value or an error.
#![expect(
    clippy::unwrap_used,
    reason = "a fixture that cannot be written ends the test"
)]

mod fixture;

use catalog::{CatalogError, check_bench_data};
use fixture::Fixture;
use proptest::prelude::*;

const CONFIG: &str = r#"{"hidden_size": 4096, "num_hidden_layers": 32, "num_attention_heads": 32, "vocab_size": 9,
    "torch_dtype": "bfloat16", "quantization_config": {"quant_method": "awq", "bits": 4}}"#;
const GPU: &str =
    "name: x\npeak_flops_per_s: 1e15\nbandwidth_bytes_per_s: 1e12\nmemory_bytes: 1000000000\n";
const GEMM: &str =
    "k,n,m,latency_us,mfu\n64,64,8,1.0,0.5\n64,64,16,1.0e0,0.50\n64,64,32,3.5,0.250\n";

/// A file with some bytes overwritten and the rest cut off somewhere.
fn damaged(file: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop::sample::select(vec![
        "0",
        "9",
        "-",
        ".",
        "e",
        "e-999",
        "E9999999999",
        "\"",
        ",",
        ",,",
        "\n",
        "{",
        "[",
        "]",
        "}",
        ": ",
        "&a ",
        "*a",
        "\0",
        "\u{feff}",
        "NaN",
        "Infinity",
        "1e308",
        "4294967295",
        "\u{fffd}",
    ]);
    (0..=file.len(), 0..=file.len(), pieces, 1..40_usize).prop_map(
        move |(at, end, piece, times)| {
            let mut bytes = file.as_bytes()[..end].to_vec();
            let at = at.min(bytes.len());
            bytes.splice(at..at, piece.as_bytes().repeat(times));
            bytes
        },
    )
}

fn anything(file: &'static str) -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![damaged(file), prop::collection::vec(any::<u8>(), 0..200)]
}

/// What is shown is of a size to be read, and nothing in it is obeyed by a terminal.
fn prop_assert_readable(error: &CatalogError) -> Result<(), TestCaseError> {
    let Some(shown) = error.diagnostics() else {
        return Ok(());
    };
    let shown = shown.to_string();
    prop_assert!(
        !shown.chars().any(|one| one.is_control() && one != '\n'),
        "{:?}",
        shown
    );
    prop_assert!(shown.len() < 20_000, "{} bytes", shown.len());
    Ok(())
}

proptest! {
    #[test]
    fn a_configuration_never_panics(content in anything(CONFIG)) {
        let fixture = Fixture::new().with("model_configs/m/config.json", content);
        if let Err(error) = fixture.catalog().model("m") {
            prop_assert!(error.to_string().starts_with("model_configs/m/config.json:"), "{error}");
            prop_assert_readable(&error)?;
        }
    }

    #[test]
    fn a_gpu_never_panics(gpu in anything(GPU), gemm in anything(GEMM)) {
        let fixture = Fixture::new()
            .with("bench_data/x/gpu.yaml", gpu)
            .with("bench_data/x/gemm.csv", gemm)
            .with_folder("bench_data/y");
        if let Err(error) = fixture.catalog().gpu("x") {
            prop_assert!(error.to_string().starts_with("bench_data/x/gpu.yaml:"), "{error}");
            prop_assert_readable(&error)?;
        }
        let report = check_bench_data(&fixture.catalog(), "x").unwrap();
        prop_assert!(report.has_errors(), "two tables are missing");
        prop_assert!(!report.to_string().contains("NaN TFLOP"), "{report}");
    }

    #[test]
    fn a_table_never_panics(gemm in anything(GEMM)) {
        let fixture = Fixture::new()
            .with("bench_data/x/gpu.yaml", GPU)
            .with("bench_data/x/gemm.csv", gemm)
            .with("bench_data/x/attention_prefill.csv", "")
            .with("bench_data/x/attention_decode.csv", "");
        let error = fixture.catalog().gpu("x").unwrap_err();
        prop_assert_readable(&error)?;
    }

    #[test]
    fn a_name_never_leaves_its_folder(name in any::<String>()) {
        let fixture = Fixture::new().with("config.json", CONFIG).with("gpu.yaml", GPU);
        prop_assert!(fixture.catalog().model(&name).is_err());
        prop_assert!(fixture.catalog().gpu(&name).is_err());
        prop_assert!(check_bench_data(&fixture.catalog(), &name).is_err());
    }
}
