//! What the reader of `bench_data` accepts, and the text of every refusal.
#![expect(
    clippy::unwrap_used,
    reason = "a fixture that cannot be written ends the test"
)]

mod fixture;

use catalog::Gpu;
use fixture::Fixture;

const GPU: &str = "name: Example\npeak_flops_per_s: 1e15\nbandwidth_bytes_per_s: 3.35e12\nmemory_bytes: 85899345920\n";
const GEMM: &str = "k,n,m,latency_us,mfu\n64,64,8,1.0,0.5\n";
const PREFILL: &str = "heads,kv_heads,head_dim,seq_len,latency_us,mfu\n8,8,64,1024,1.0,0.5\n";
const DECODE: &str = "heads,kv_heads,head_dim,tensor_parallel,batch_size,kv_len,latency_us,mfu\n8,8,64,1,1,1024,1.0,0.5\n";

fn complete() -> Fixture {
    Fixture::new()
        .with("bench_data/x/gpu.yaml", GPU)
        .with("bench_data/x/gemm.csv", GEMM)
        .with("bench_data/x/attention_prefill.csv", PREFILL)
        .with("bench_data/x/attention_decode.csv", DECODE)
}

fn read(fixture: &Fixture) -> Result<Gpu, String> {
    fixture
        .catalog()
        .gpu("x")
        .map_err(|error| error.to_string())
}

#[track_caller]
fn refused_file(content: impl AsRef<[u8]>) -> String {
    read(&Fixture::new().with("bench_data/x/gpu.yaml", content)).unwrap_err()
}

#[track_caller]
fn refused_gemm(content: impl AsRef<[u8]>) -> String {
    read(&complete().with("bench_data/x/gemm.csv", content)).unwrap_err()
}

/// The error as a user sees it.
fn shown(fixture: &Fixture) -> String {
    let error = fixture.catalog().gpu("x").unwrap_err();
    error.diagnostics().unwrap().to_string()
}

#[track_caller]
fn shown_gemm(content: impl AsRef<[u8]>) -> String {
    shown(&complete().with("bench_data/x/gemm.csv", content))
}

#[track_caller]
fn shown_file(content: impl AsRef<[u8]>) -> String {
    shown(&complete().with("bench_data/x/gpu.yaml", content))
}

#[test]
fn a_cell_is_shown_in_its_line() {
    insta::assert_snapshot!(shown_gemm(format!("{GEMM}64, abc ,8,1.0,0.5\r\n")), @"
    error: column `n`: expected a whole number from 1 to 4294967295, found `abc`
     --> bench_data/x/gemm.csv:3:5
      |
    3 | 64, abc ,8,1.0,0.5
      |     ^^^
      |
      = help: docs/data.md says what the columns of gemm.csv are
    ");
    insta::assert_snapshot!(shown_gemm(format!("{GEMM}64,64,8,1.0,\t62.9\n")), @"
    error: column `mfu`: expected a share of the peak from 0 to 1.5, found `62.9`
     --> bench_data/x/gemm.csv:3:14
      |
    3 | 64,64,8,1.0,    62.9
      |                 ^^^^
      |
      = help: docs/data.md says what the columns of gemm.csv are
    ");
    insta::assert_snapshot!(shown_gemm(format!("{GEMM}64,64,,1.0,0.5\n")), @"
    error: column `m`: expected a whole number from 1 to 4294967295, found ``
     --> bench_data/x/gemm.csv:3:7
      |
    3 | 64,64,,1.0,0.5
      |       ^
      |
      = help: docs/data.md says what the columns of gemm.csv are
    ");
    insta::assert_snapshot!(shown_gemm(format!("{GEMM}\"64\",64,9,1.0,0.5\n")), @r#"
    error: column `k`: expected a whole number from 1 to 4294967295, found `"64"`
     --> bench_data/x/gemm.csv:3:1
      |
    3 | "64",64,9,1.0,0.5
      | ^^^^
      |
      = help: docs/data.md says what the columns of gemm.csv are
    "#);
    insta::assert_snapshot!(shown_gemm(format!("{GEMM}64,64,8,1.0\n")), @"
    error: the row has 4 columns, expected 5
     --> bench_data/x/gemm.csv:3:1
      |
    3 | 64,64,8,1.0
      | ^^^^^^^^^^^
      |
      = help: docs/data.md says what the columns of gemm.csv are
    ");
    insta::assert_snapshot!(shown_gemm(format!("{GEMM}64,64,8,2.0,0.5\n")), @"
    error: the row has the sizes of line 2 again (k 64, n 64, m 8)
     --> bench_data/x/gemm.csv:3:1
      |
    3 | 64,64,8,2.0,0.5
      | ^^^^^^^^^^^^^^^
      |
      = help: each point is measured once: remove one of the two rows
      = help: docs/data.md says what the columns of gemm.csv are
    ");
}

#[test]
fn many_bad_rows_are_shown_by_the_first() {
    let bad = format!(
        "{GEMM}64,64,8,1.0,0.5\nx,y,8,1.0,0.5\n{}",
        "64,64,8\n".repeat(1000)
    );
    insta::assert_snapshot!(shown_gemm(bad), @"
    error: the row has the sizes of line 2 again (k 64, n 64, m 8)
     --> bench_data/x/gemm.csv:3:1
      |
    3 | 64,64,8,1.0,0.5
      | ^^^^^^^^^^^^^^^
      |
      = help: each point is measured once: remove one of the two rows

    error: column `k`: expected a whole number from 1 to 4294967295, found `x`
     --> bench_data/x/gemm.csv:4:1
      |
    4 | x,y,8,1.0,0.5
      | ^

    error: column `n`: expected a whole number from 1 to 4294967295, found `y`
     --> bench_data/x/gemm.csv:4:3
      |
    4 | x,y,8,1.0,0.5
      |   ^
      |
      = help: docs/data.md says what the columns of gemm.csv are

    1000 more of these are not shown
    ");
}

#[test]
fn a_line_of_megabytes_stays_readable() {
    let shown = shown_gemm(format!("{GEMM}64,{},8,1.0,0.5\n", "é".repeat(5 << 20)));
    assert!(shown.len() < 1000, "{} bytes", shown.len());
    insta::assert_snapshot!(shown, @"
    error: column `n`: expected a whole number from 1 to 4294967295, found `éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé…`
     --> bench_data/x/gemm.csv:3:4
      |
    3 | 64,éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé…
      |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: docs/data.md says what the columns of gemm.csv are
    ");
}

#[test]
fn a_header_is_shown_with_the_column_that_is_wrong() {
    insta::assert_snapshot!(shown_gemm("k,n,m,latency,mfu\n64,64,8,1.0,0.5\n"), @"
    error: `latency` is not the column that is expected here
     --> bench_data/x/gemm.csv:1:7
      |
    1 | k,n,m,latency,mfu
      |       ^^^^^^^
      |
      = help: did you mean `latency_us`?
      = help: the columns are k,n,m,latency_us,mfu, in this order, with commas between
      = help: docs/data.md says what they are
    ");
    insta::assert_snapshot!(shown_gemm("k,n,m,latency_us\n64,64,8,1.0\n"), @"
    error: columns are missing at the end of this line
     --> bench_data/x/gemm.csv:1:1
      |
    1 | k,n,m,latency_us
      | ^^^^^^^^^^^^^^^^
      |
      = help: the columns are k,n,m,latency_us,mfu, in this order, with commas between
      = help: docs/data.md says what they are
    ");
    insta::assert_snapshot!(shown_gemm("k;n;m;latency_us;mfu\n"), @"
    error: `k;n;m;latency_us;mfu` is not the column that is expected here
     --> bench_data/x/gemm.csv:1:1
      |
    1 | k;n;m;latency_us;mfu
      | ^^^^^^^^^^^^^^^^^^^^
      |
      = help: the columns are k,n,m,latency_us,mfu, in this order, with commas between
      = help: docs/data.md says what they are
    ");
    insta::assert_snapshot!(shown_gemm(""), @"
    error: the table is empty
    --> bench_data/x/gemm.csv
     = help: it begins with the line k,n,m,latency_us,mfu, and has a row for each measurement
     = help: docs/data.md says what the columns are
    ");
}

#[test]
fn fields_of_a_gpu_file_are_shown_in_their_lines() {
    insta::assert_snapshot!(shown_file(GPU.replace("1e15", "fast")), @"
    error: `peak_flops_per_s` is `fast`, expected the dense BF16 peak in FLOP/s
     --> bench_data/x/gpu.yaml:2:19
      |
    2 | peak_flops_per_s: fast
      |                   ^^^^
      |
      = help: docs/data.md shows a whole file
    ");
    insta::assert_snapshot!(shown_file(GPU.replace("1e15", "989.5").replace("85899345920", "80")), @"
    error: `peak_flops_per_s` is 989.5 FLOP/s, expected 1e6 to 1e21 FLOP/s
     --> bench_data/x/gpu.yaml:2:19
      |
    2 | peak_flops_per_s: 989.5
      |                   ^^^^^

    error: `memory_bytes` is 80 bytes, expected 1000000 to 1000000000000000 bytes
     --> bench_data/x/gpu.yaml:4:15
      |
    4 | memory_bytes: 80
      |               ^^
      |
      = help: docs/data.md shows a whole file
    ");
    insta::assert_snapshot!(shown_file(GPU.replace("name: Example\n", "")), @"
    error: `name` is missing, expected the name of the product
    --> bench_data/x/gpu.yaml
     = help: docs/data.md shows a whole file
    ");
    insta::assert_snapshot!(shown_file(GPU.replace("memory_bytes", "memory_byte")), @"
    error: unknown key `memory_byte`
     --> bench_data/x/gpu.yaml:4:1
      |
    4 | memory_byte: 85899345920
      | ^^^^^^^^^^^
      |
      = help: did you mean `memory_bytes`?
      = help: keys here: name, peak_flops_per_s, bandwidth_bytes_per_s, memory_bytes, sources, notes
      = help: docs/data.md shows a whole file
    ");
    insta::assert_snapshot!(shown_file(format!("{GPU}notes: [1\n")), @"
    error: text is expected here
     --> bench_data/x/gpu.yaml:5:8
      |
    5 | notes: [1
      |        ^^
      |
      = help: docs/data.md shows a whole file
    ");
    insta::assert_snapshot!(shown_file(format!("{GPU}name: again\n")), @"
    error: the key `name` stands twice
     --> bench_data/x/gpu.yaml:5:1
      |
    5 | name: again
      | ^^^^
      |
      = help: docs/data.md shows a whole file
    ");
}

#[test]
fn reads_a_gpu_with_tables() {
    let gpu = read(&complete()).unwrap();
    assert_eq!((gpu.name.as_str(), gpu.title.as_str()), ("x", "Example"));
    assert!((gpu.peak_flops_per_s - 1e15).abs() < 1.0);
    assert!((gpu.bandwidth_bytes_per_s - 3.35e12).abs() < 1.0);
    assert_eq!(gpu.memory_bytes, 85_899_345_920);
    let files: Vec<String> = gpu
        .files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    assert_eq!(
        files,
        [
            "bench_data/x/gpu.yaml",
            "bench_data/x/gemm.csv",
            "bench_data/x/attention_prefill.csv",
            "bench_data/x/attention_decode.csv"
        ]
    );
    gpu.mfu_tables().unwrap();
}

#[test]
fn names_are_case_insensitive_and_listed_in_lower_case() {
    let fixture = Fixture::new()
        .with("bench_data/H100-SXM/gpu.yaml", GPU)
        .with_folder("bench_data/a100")
        .with_folder("bench_data/.cache")
        .with("bench_data/README.md", "");
    let catalog = fixture.catalog();
    assert_eq!(catalog.gpu_names().unwrap(), ["a100", "h100-sxm"]);
    let gpu = catalog.gpu("h100-Sxm").unwrap();
    assert_eq!(gpu.name, "h100-sxm");
    assert_eq!(
        gpu.files,
        [std::path::PathBuf::from("bench_data/H100-SXM/gpu.yaml")]
    );
    let message = |name: &str| catalog.gpu(name).unwrap_err().to_string();
    assert_eq!(
        message("H100-SXN"),
        "gpu `H100-SXN` not found (did you mean `h100-sxm`? known gpus: a100, h100-sxm)"
    );
    assert_eq!(
        message("../x"),
        "`../x` is no name of a gpu: expected the plain name of a folder in bench_data"
    );
    assert_eq!(message("A100"), "bench_data/a100/gpu.yaml: no such file");

    let twins = Fixture::new()
        .with_folder("bench_data/T4")
        .with_folder("bench_data/t4");
    assert_eq!(
        twins.catalog().gpu("t4").unwrap_err().to_string(),
        "gpu `t4` is ambiguous: bench_data has the folders T4, t4"
    );
}

#[test]
fn missing_tables_are_named_when_they_are_needed() {
    let fixture = complete()
        .with("bench_data/a100/gpu.yaml", GPU)
        .with("bench_data/half/gpu.yaml", GPU)
        .with("bench_data/half/gemm.csv", GEMM)
        .with("bench_data/half/attention_decode.csv", DECODE);
    let message = |name: &str| {
        let gpu = fixture.catalog().gpu(name).unwrap();
        gpu.mfu_tables().unwrap_err().to_string()
    };
    assert_eq!(
        message("a100"),
        "gpu `a100` has no MFU tables yet: bench_data/a100/gemm.csv, bench_data/a100/attention_prefill.csv, \
         bench_data/a100/attention_decode.csv are missing (gpus with tables: x)"
    );
    assert_eq!(
        message("half"),
        "gpu `half` has no MFU tables yet: bench_data/half/attention_prefill.csv is missing (gpus with tables: x)"
    );
}

#[test]
fn all_fields_of_a_gpu_file_are_named_at_once() {
    insta::assert_snapshot!(refused_file("{}"), @r"bench_data/x/gpu.yaml: `name` is missing, expected the name of the product; `peak_flops_per_s` is missing, expected the dense BF16 peak in FLOP/s; `bandwidth_bytes_per_s` is missing, expected the memory bandwidth in bytes/s; `memory_bytes` is missing, expected the size of the memory in whole bytes");
    insta::assert_snapshot!(
        refused_file("name: ' '\npeak_flops_per_s: 989.5\nbandwidth_bytes_per_s: .nan\nmemory_bytes: 80\n"),
        @r"bench_data/x/gpu.yaml: `name` is missing, expected the name of the product; `bandwidth_bytes_per_s` is `.nan`, expected the memory bandwidth in bytes/s; `peak_flops_per_s` is 989.5 FLOP/s, expected 1e6 to 1e21 FLOP/s; `memory_bytes` is 80 bytes, expected 1000000 to 1000000000000000 bytes"
    );
    insta::assert_snapshot!(refused_file("name: x\npeak_flops_per_s: -1e15\nbandwidth_bytes_per_s: .inf\n"), @r"bench_data/x/gpu.yaml: `bandwidth_bytes_per_s` is `.inf`, expected the memory bandwidth in bytes/s; `peak_flops_per_s` is -1000000000000000 FLOP/s, expected 1e6 to 1e21 FLOP/s; `memory_bytes` is missing, expected the size of the memory in whole bytes");
}

#[test]
fn gpu_files_that_are_no_yaml_are_refused_at_their_line() {
    let with = |more: &str| refused_file(format!("{GPU}{more}\n"));
    insta::assert_snapshot!(refused_file(""), @r"bench_data/x/gpu.yaml: `name` is missing, expected the name of the product; `peak_flops_per_s` is missing, expected the dense BF16 peak in FLOP/s; `bandwidth_bytes_per_s` is missing, expected the memory bandwidth in bytes/s; `memory_bytes` is missing, expected the size of the memory in whole bytes");
    insta::assert_snapshot!(refused_file("- 1\n"), @r"bench_data/x/gpu.yaml:1:1: expected mapping start");
    insta::assert_snapshot!(with("pek: 1"), @r"bench_data/x/gpu.yaml:5:1: unknown field `pek`, expected one of name, peak_flops_per_s, bandwidth_bytes_per_s, memory_bytes, sources, notes");
    insta::assert_snapshot!(with("sources: {peak: x}"), @r"bench_data/x/gpu.yaml:5:11: unknown field `peak`, expected one of peak_flops_per_s, bandwidth_bytes_per_s, memory_bytes");
    insta::assert_snapshot!(with("name: again"), @r"bench_data/x/gpu.yaml:5:1: duplicate mapping key: name not allowed here");
    insta::assert_snapshot!(with("notes: [1"), @r"bench_data/x/gpu.yaml:5:8: expected string scalar");
    insta::assert_snapshot!(with("notes: {a: b}"), @r"bench_data/x/gpu.yaml:5:8: expected string scalar");
    insta::assert_snapshot!(with("---\nname: second"), @r"bench_data/x/gpu.yaml:6:1: only single YAML document expected but multiple found");
    insta::assert_snapshot!(refused_file("name: x\nmemory_bytes: eighty\n"), @r"bench_data/x/gpu.yaml: `peak_flops_per_s` is missing, expected the dense BF16 peak in FLOP/s; `bandwidth_bytes_per_s` is missing, expected the memory bandwidth in bytes/s; `memory_bytes` is `eighty`, expected the size of the memory in whole bytes");
    insta::assert_snapshot!(refused_file("name: x\nmemory_bytes: 1.5\n"), @r"bench_data/x/gpu.yaml: `peak_flops_per_s` is missing, expected the dense BF16 peak in FLOP/s; `bandwidth_bytes_per_s` is missing, expected the memory bandwidth in bytes/s; `memory_bytes` is `1.5`, expected the size of the memory in whole bytes");
    insta::assert_snapshot!(refused_file("name: x\nmemory_bytes: -1\n"), @r"bench_data/x/gpu.yaml: `peak_flops_per_s` is missing, expected the dense BF16 peak in FLOP/s; `bandwidth_bytes_per_s` is missing, expected the memory bandwidth in bytes/s; `memory_bytes` is `-1`, expected the size of the memory in whole bytes");
    insta::assert_snapshot!(refused_file("name: x\nmemory_bytes: 99999999999999999999999\n"), @r"bench_data/x/gpu.yaml: `peak_flops_per_s` is missing, expected the dense BF16 peak in FLOP/s; `bandwidth_bytes_per_s` is missing, expected the memory bandwidth in bytes/s; `memory_bytes` is `99999999999999999999999`, expected the size of the memory in whole bytes");
    insta::assert_snapshot!(refused_file("name: x\npeak_flops_per_s: yes\n"), @r"bench_data/x/gpu.yaml: `peak_flops_per_s` is `yes`, expected the dense BF16 peak in FLOP/s; `bandwidth_bytes_per_s` is missing, expected the memory bandwidth in bytes/s; `memory_bytes` is missing, expected the size of the memory in whole bytes");
    insta::assert_snapshot!(refused_file("[".repeat(20_000)), @r"bench_data/x/gpu.yaml:1:256: recursion limit exceeded");
    insta::assert_snapshot!(refused_file(format!("notes: [{}1]", "1,".repeat(5_000))), @r"bench_data/x/gpu.yaml:1:8: expected string scalar");
    insta::assert_snapshot!(refused_file("a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"), @r"bench_data/x/gpu.yaml:1:1: unknown field `a`, expected one of name, peak_flops_per_s, bandwidth_bytes_per_s, memory_bytes, sources, notes");
    insta::assert_snapshot!(refused_file(b"name: x\nnotes: \xff\n"), @r"bench_data/x/gpu.yaml:2: not UTF-8 text");
    insta::assert_snapshot!(refused_file(vec![b'#'; 70_000]), @r"bench_data/x/gpu.yaml: larger than 65536 bytes");
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_fine() {
    let fixture = complete()
        .with(
            "bench_data/x/gpu.yaml",
            format!("\u{feff}{}", GPU.replace('\n', "\r\n")),
        )
        .with(
            "bench_data/x/gemm.csv",
            format!("\u{feff}{}", GEMM.replace('\n', "\r\n")),
        )
        .with(
            "bench_data/x/attention_prefill.csv",
            PREFILL.replace(',', " , "),
        );
    read(&fixture).unwrap().mfu_tables().unwrap();
}

#[test]
fn tables_with_other_columns_are_refused() {
    let expected = "expected the columns `k,n,m,latency_us,mfu`";
    let path = "bench_data/x/gemm.csv";
    for (content, found) in [
        (
            "m,k,n,latency_us,mfu\n1,1,1,1,0.5\n",
            "`m,k,n,latency_us,mfu`",
        ),
        ("k,n,m,latency_us\n1,1,1,1\n", "`k,n,m,latency_us`"),
        ("k;n;m;latency_us;mfu\n", "`k;n;m;latency_us;mfu`"),
        ("64,64,8,1.0,0.5\n", "`64,64,8,1.0,0.5`"),
    ] {
        assert_eq!(
            refused_gemm(content),
            format!("{path}:1: {expected}, found {found}")
        );
    }
    for content in [
        "",
        "\n\n",
        "k,n,m,latency_us,mfu\n",
        "k,n,m,latency_us,mfu\n\n",
    ] {
        assert_eq!(
            refused_gemm(content),
            format!("{path}: the table is empty; {expected} and at least one row")
        );
    }
}

#[test]
fn rows_that_cannot_be_used_are_named_by_line_and_column() {
    let path = "bench_data/x/gemm.csv";
    let whole = "expected a whole number from 1 to 4294967295";
    for (row, expected) in [
        ("64,64,8,1.0", "has 4 columns, expected 5".to_owned()),
        ("64,64,8,1.0,0.5,", "has 6 columns, expected 5".to_owned()),
        ("0,64,8,1.0,0.5", format!("column `k`: {whole}, found `0`")),
        (
            "64,-64,8,1.0,0.5",
            format!("column `n`: {whole}, found `-64`"),
        ),
        (
            "64,64,8.0,1.0,0.5",
            format!("column `m`: {whole}, found `8.0`"),
        ),
        ("64,64,,1.0,0.5", format!("column `m`: {whole}, found ``")),
        (
            "64,64,4294967296,1.0,0.5",
            format!("column `m`: {whole}, found `4294967296`"),
        ),
        (
            "64,64,8,3.0,0.7",
            "has the sizes of line 2 again (k 64, n 64, m 8)".to_owned(),
        ),
        (
            "64,64,8,nan,0.5",
            "column `latency_us`: expected 1e-6 to 1e12 microseconds, found `nan`".to_owned(),
        ),
        (
            "64,64,8,0,0.5",
            "column `latency_us`: expected 1e-6 to 1e12 microseconds, found `0`".to_owned(),
        ),
        (
            "64,64,8,-1,0.5",
            "column `latency_us`: expected 1e-6 to 1e12 microseconds, found `-1`".to_owned(),
        ),
        (
            "64,64,8,1e999,0.5",
            "column `latency_us`: expected 1e-6 to 1e12 microseconds, found `1e999`".to_owned(),
        ),
        (
            "64,64,8,1.0,NaN",
            "column `mfu`: expected a share of the peak from 0 to 1.5, found `NaN`".to_owned(),
        ),
        (
            "64,64,8,1.0,-0.1",
            "column `mfu`: expected a share of the peak from 0 to 1.5, found `-0.1`".to_owned(),
        ),
        (
            "64,64,8,1.0,62.9",
            "column `mfu`: expected a share of the peak from 0 to 1.5, found `62.9`".to_owned(),
        ),
        (
            "64,64,8,1.0,\u{1b}[2J",
            "column `mfu`: expected a share of the peak from 0 to 1.5, found `\\u{1b}[2J`"
                .to_owned(),
        ),
    ] {
        let message = refused_gemm(format!("{GEMM}\n{row}\n"));
        assert_eq!(
            message,
            format!("{path}:4: {expected}"),
            "the blank line 3 counts"
        );
    }
}

#[test]
fn many_bad_rows_are_counted() {
    let message = refused_gemm(format!("{GEMM}x,y,8,1.0,0.5\n{}", "64,64,8\n".repeat(1000)));
    assert_eq!(
        message,
        "bench_data/x/gemm.csv:3: column `k`: expected a whole number from 1 to 4294967295, found `x`; \
         bench_data/x/gemm.csv:3: column `n`: expected a whole number from 1 to 4294967295, found `y`; \
         bench_data/x/gemm.csv:4: has 3 columns, expected 5; and 999 more"
    );
}

#[test]
fn table_files_that_are_no_text_are_refused() {
    assert_eq!(
        refused_gemm(b"k,n,m,latency_us,mfu\n1,1,1,1,\xff\n"),
        "bench_data/x/gemm.csv:2: not UTF-8 text"
    );
    assert_eq!(
        refused_gemm(vec![b'1'; (16 << 20) + 1]),
        "bench_data/x/gemm.csv: larger than 16777216 bytes"
    );
    assert_eq!(
        refused_gemm(format!("{GEMM}\"1,1,1\n1,1,1,1,1\n")),
        "bench_data/x/gemm.csv:3: has 3 columns, expected 5",
        "an open quote does not take the rest of the file"
    );
    let folder = Fixture::new()
        .with("bench_data/x/gpu.yaml", GPU)
        .with_folder("bench_data/x/gemm.csv")
        .with("bench_data/x/attention_prefill.csv", PREFILL)
        .with("bench_data/x/attention_decode.csv", DECODE);
    assert_eq!(
        read(&folder).unwrap_err(),
        "bench_data/x/gemm.csv: not a regular file"
    );
}
