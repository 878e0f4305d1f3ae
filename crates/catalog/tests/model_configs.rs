//! What the reader of `config.json` accepts, and the text of every refusal.
#![expect(
    clippy::unwrap_used,
    reason = "a fixture that cannot be written ends the test"
)]

mod fixture;

use catalog::{HubFacts, Model, WeightFormat};
use fixture::Fixture;

const LLAMA: &str = r#""hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32,
    "num_attention_heads": 32, "vocab_size": 128256"#;

fn read(config: impl AsRef<[u8]>) -> Result<Model, String> {
    Fixture::new()
        .with("model_configs/m/config.json", config)
        .catalog()
        .model("m")
        .map_err(|error| error.to_string())
}

#[track_caller]
fn accepted(config: &str) -> Model {
    read(config).unwrap()
}

#[track_caller]
fn refused(config: impl AsRef<[u8]>) -> String {
    read(config).unwrap_err()
}

/// The facts of a Llama with `more` keys.
#[track_caller]
fn llama_with(more: &str) -> Model {
    accepted(&format!("{{{LLAMA}, {more}}}"))
}

#[track_caller]
fn llama_refused(more: &str) -> String {
    refused(format!("{{{LLAMA}, {more}}}"))
}

/// The error as a user sees it.
#[track_caller]
fn shown(config: impl AsRef<[u8]>) -> String {
    let fixture = Fixture::new().with("model_configs/m/config.json", config);
    let error = fixture.catalog().model("m").unwrap_err();
    error.diagnostics().unwrap().to_string()
}

#[test]
fn fields_are_shown_in_their_lines() {
    insta::assert_snapshot!(shown(format!("{{\n  {LLAMA},\n  \"torch_dtype\": \"bflaot16\"\n}}\n")), @r#"
    error: `torch_dtype` is the text `bflaot16`, expected one of bfloat16, float16, float32, float64, float8_e4m3fn, float8_e5m2, int8 (did you mean `bfloat16`?)
     --> model_configs/m/config.json:4:18
      |
    4 |   "torch_dtype": "bflaot16"
      |                  ^^^^^^^^^^
      |
      = help: docs/data.md lists the keys that are read; the file is the model's own config.json as published
    "#);
    insta::assert_snapshot!(
        shown(format!("{{\n  {},\n\t\"torch_dtype\": \"bfloat16\"\r\n}}\n", LLAMA.replace("4096", "-1").replace("\"vocab_size\"", "\"vocabsize\""))),
        @r#"
    error: `hidden_size` is -1, expected a whole number from 1 to 16777216
     --> model_configs/m/config.json:2:18
      |
    2 |   "hidden_size": -1, "intermediate_size": 14336, "num_hidden_layers": 32,
      |                  ^^

    error: `vocab_size` is missing (also read as `padded_vocab_size`)
     --> model_configs/m/config.json:3:32
      |
    3 |     "num_attention_heads": 32, "vocabsize": 128256,
      |                                ^^^^^^^^^^^
      |
      = help: is `vocabsize` meant to be `vocab_size`?
      = help: docs/data.md lists the keys that are read; the file is the model's own config.json as published
    "#
    );
    insta::assert_snapshot!(
        shown(format!("{{{LLAMA},\n\"quantization_config\": {{\"config_groups\": {{\n  \"group_0\": {{\"weights\": {{\"num_bits\": 99}}}}}},\n  \"quant_method\": \"compressed-tensors\"}}}}")),
        @r#"
    error: `quantization_config.config_groups.group_0.weights.num_bits` is 99, expected a whole number from 1 to 16
     --> model_configs/m/config.json:4:39
      |
    4 |   "group_0": {"weights": {"num_bits": 99}}},
      |                                       ^^
      |
      = help: docs/data.md lists the keys that are read; the file is the model's own config.json as published
    "#
    );
    insta::assert_snapshot!(
        shown(format!("{{{LLAMA},\n\"quantization_config\": {{\"quant_method\": \"gptk\"}}}}")),
        @r#"
    error: `quantization_config.quant_method` is the text `gptk`, expected one of awq, bitsandbytes, compressed-tensors, fbgemm_fp8, fp8, gptq, modelopt, mxfp4 (did you mean `gptq`?)
     --> model_configs/m/config.json:3:41
      |
    3 | "quantization_config": {"quant_method": "gptk"}}
      |                                         ^^^^^^
      |
      = help: docs/data.md lists the keys that are read; the file is the model's own config.json as published
    "#
    );
    insta::assert_snapshot!(shown(format!("{{{LLAMA}}}").replace("4096", &"9".repeat(2000))), @r#"
    error: number out of range
     --> model_configs/m/config.json:1:2016
      |
    1 | …99999999999999999999999999999999999999999, "intermediate_size": 14336, "num_hidden_layers": 32,
      |                                          ^
      |
      = help: docs/data.md lists the keys that are read; the file is the model's own config.json as published
    "#);
}

#[test]
fn what_is_no_json_is_shown_in_its_line() {
    insta::assert_snapshot!(shown("{\n  \"hidden_size\": 4096\n  \"n_layer\": 2\n}\n"), @r#"
    error: expected `,` or `}`
     --> model_configs/m/config.json:3:3
      |
    3 |   "n_layer": 2
      |   ^
      |
      = help: a comma may be missing in front of this
    "#);
    insta::assert_snapshot!(shown("{\n  \"é\": 1, \"hidden_size\": 4096,\n}\n"), @"
    error: trailing comma
     --> model_configs/m/config.json:3:1
      |
    3 | }
      | ^
      |
      = help: remove the comma in front of this
    ");
    insta::assert_snapshot!(shown("{\n  \"n_layer\": 2,\n"), @"
    error: EOF while parsing a value
     --> model_configs/m/config.json:3:1
      |
    3 |
      | ^
      |
      = help: the file ends early: download or copy it whole
    ");
    insta::assert_snapshot!(shown("{\n  \"n_layer\": 2,\n  \"n_layer\": 3\n}\n"), @r#"
    error: duplicate key `n_layer`
     --> model_configs/m/config.json:3:3
      |
    3 |   "n_layer": 3
      |   ^^^^^^^^^
      |
      = help: keep one of the two
    "#);
    insta::assert_snapshot!(shown("[1]"), @"
    error: expected an object with the model's dimensions, found a list
     --> model_configs/m/config.json:1:1
      |
    1 | [1]
      | ^
      |
      = help: docs/data.md lists the keys that are read; the file is the model's own config.json as published
    ");
    insta::assert_snapshot!(shown(""), @"
    error: EOF while parsing a value
     --> model_configs/m/config.json:1:1
      |
    1 |
      | ^
      |
      = help: the file ends early: download or copy it whole
    ");
}

#[test]
fn reads_a_llama() {
    let model = accepted(
        r#"{"_name_or_path": "meta-llama/Llama-3.1-8B-Instruct", "architectures": ["LlamaForCausalLM"],
        "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32, "num_attention_heads": 32,
        "num_key_value_heads": 8, "vocab_size": 128256, "max_position_embeddings": 131072, "torch_dtype": "bfloat16",
        "rope_scaling": {"factor": 8.0}, "head_dim": null}"#,
    );
    assert_eq!(model.name, "m");
    assert_eq!(
        model.files,
        ["model_configs/m/config.json".into()] as [std::path::PathBuf; 1]
    );
    let config = model.config;
    assert_eq!(
        (
            config.layers(),
            config.hidden(),
            config.heads(),
            config.kv_heads()
        ),
        (32, 4096, 32, 8)
    );
    assert_eq!(
        (config.head_dim(), config.intermediate(), config.vocab()),
        (128, 14336, 128_256)
    );
    assert!((config.bytes_per_param() - 2.0).abs() < f64::EPSILON);
    assert_eq!(
        model.facts,
        HubFacts {
            hub_id: Some("meta-llama/Llama-3.1-8B-Instruct".into()),
            weight_format: WeightFormat::Plain {
                name: "bfloat16",
                bits: 16
            },
            max_position: Some(131_072),
        }
    );
}

#[test]
fn knows_the_names_that_model_families_use() {
    let kv_heads = |more: &str| {
        llama_with(&format!("\"dtype\": \"float16\", {more}"))
            .config
            .kv_heads()
    };
    assert_eq!(kv_heads("\"num_key_value_heads\": 8"), 8);
    assert_eq!(kv_heads("\"num_kv_heads\": 4"), 4);
    assert_eq!(kv_heads("\"multi_query_group_num\": 2"), 2);
    assert_eq!(
        kv_heads("\"num_key_value_heads\": 8, \"num_kv_heads\": 8"),
        8
    );
    assert_eq!(
        kv_heads("\"num_key_value_heads\": null"),
        32,
        "no KV heads stated: all heads"
    );
    assert_eq!(
        kv_heads("\"multi_query_attention\": false, \"multi_query_group_num\": 2"),
        32
    );
    assert_eq!(kv_heads("\"multi_query\": true, \"num_kv_heads\": 16"), 1);
    assert_eq!(
        kv_heads("\"multi_query\": true, \"new_decoder_architecture\": true, \"num_kv_heads\": 16"),
        16
    );

    let chatglm = accepted(
        r#"{"num_layers": 28, "hidden_size": 4096, "ffn_hidden_size": 13696, "num_attention_heads": 32, "kv_channels": 128,
        "multi_query_attention": true, "multi_query_group_num": 2, "padded_vocab_size": 65024, "vocab_size": 64794,
        "seq_length": 8192, "torch_dtype": "torch.float16"}"#,
    );
    assert_eq!(
        (
            chatglm.config.layers(),
            chatglm.config.intermediate(),
            chatglm.config.kv_heads()
        ),
        (28, 13696, 2)
    );
    assert_eq!(
        (chatglm.config.vocab(), chatglm.facts.max_position),
        (65024, Some(8192))
    );

    let gpt2 = accepted(
        r#"{"n_layer": 12, "n_embd": 768, "n_head": 12, "n_inner": null, "n_positions": 1024, "vocab_size": 50257, "dtype": "float32"}"#,
    );
    assert_eq!(
        (
            gpt2.config.layers(),
            gpt2.config.hidden(),
            gpt2.config.heads()
        ),
        (12, 768, 12)
    );
    assert_eq!(
        gpt2.config.intermediate(),
        3072,
        "no MLP width stated: four times the hidden width"
    );
}

#[test]
fn explicit_head_dim_wins_over_the_quotient() {
    let model = llama_with("\"dtype\": \"bfloat16\", \"head_dim\": 256");
    assert_eq!(model.config.head_dim(), 256);
}

#[test]
fn reads_the_text_model_of_a_multimodal_model() {
    let model = accepted(
        r#"{"_name_or_path": "org/whole", "hidden_size": 99, "torch_dtype": "bfloat16", "vision_config": {"hidden_size": 1152, "num_hidden_layers": 27},
        "text_config": {"_name_or_path": "org/part", "hidden_size": 2560, "intermediate_size": 10240, "num_hidden_layers": 34, "num_attention_heads": 8,
        "num_key_value_heads": 4, "head_dim": 256, "vocab_size": 262208}}"#,
    );
    assert_eq!(
        (
            model.config.hidden(),
            model.config.layers(),
            model.config.head_dim()
        ),
        (2560, 34, 256)
    );
    assert_eq!(model.facts.hub_id.as_deref(), Some("org/whole"));
    assert_eq!(
        refused(
            r#"{"torch_dtype": "bfloat16", "text_config": {"hidden_size": 0, "num_hidden_layers": 2, "num_attention_heads": 2}}"#
        ),
        "model_configs/m/config.json: `text_config.hidden_size` is 0, expected a whole number from 1 to 16777216; \
         `vocab_size` is missing (also read as `padded_vocab_size`)"
    );
}

#[test]
fn data_types_and_quantisation_give_the_bytes_of_a_weight() {
    let format = |more: &str| llama_with(more).facts.weight_format.to_string();
    let bytes = |more: &str| llama_with(more).config.bytes_per_param().to_string();
    for (more, expected, expected_bytes) in [
        (r#""torch_dtype": "bfloat16""#, "bfloat16", "2"),
        (
            r#""dtype": "float16", "torch_dtype": "half""#,
            "float16",
            "2",
        ),
        (r#""dtype": "float32""#, "float32", "4"),
        (r#""dtype": "float64""#, "float64", "8"),
        (r#""dtype": "float8_e4m3fn""#, "float8", "1"),
        (r#""dtype": "int8""#, "int8", "1"),
        (
            r#""torch_dtype": "bfloat16", "quantization_config": {"quant_method": "fp8", "activation_scheme": "dynamic"}"#,
            "fp8, 8 bits",
            "1",
        ),
        (
            r#""quantization_config": {"quant_method": "awq", "bits": 4, "group_size": 128}"#,
            "awq, 4 bits",
            "0.5",
        ),
        (
            r#""quantization_config": {"w_bit": 4, "q_group_size": 128}"#,
            "awq, 4 bits",
            "0.5",
        ),
        (
            r#""quantization_config": {"quant_method": "gptq", "bits": 8}"#,
            "gptq, 8 bits",
            "1",
        ),
        (
            r#""quantization_config": {"quant_method": "bitsandbytes", "load_in_4bit": true, "load_in_8bit": false}"#,
            "bitsandbytes, 4 bits",
            "0.5",
        ),
        (
            r#""quantization_config": {"load_in_8bit": true}"#,
            "bitsandbytes, 8 bits",
            "1",
        ),
        (
            r#""quantization_config": {"quant_method": "compressed-tensors",
               "config_groups": {"group_0": {"weights": {"num_bits": 4, "type": "int"}, "input_activations": null}}}"#,
            "compressed-tensors, 4 bits",
            "0.5",
        ),
        (
            r#""quantization_config": {"quant_method": "modelopt", "quant_algo": "NVFP4"}"#,
            "modelopt, 4 bits",
            "0.5",
        ),
        (
            r#""quantization_config": {"quant_method": "mxfp4"}"#,
            "mxfp4, 4 bits",
            "0.5",
        ),
    ] {
        assert_eq!(format(more), expected, "{more}");
        assert_eq!(bytes(more), expected_bytes, "{more}");
    }
}

#[test]
fn quantisation_that_cannot_be_used_is_named() {
    let prefix = "model_configs/m/config.json: `quantization_config";
    for (config, expected) in [
        (r"7", "` is 7, expected an object"),
        (
            "{}",
            ".quant_method` is missing, expected one of awq, bitsandbytes, compressed-tensors, fbgemm_fp8, fp8, gptq, modelopt, mxfp4",
        ),
        (
            r#"{"quant_method": "aqlm"}"#,
            ".quant_method` is the text `aqlm`, expected one of awq, bitsandbytes, compressed-tensors, fbgemm_fp8, fp8, gptq, modelopt, mxfp4",
        ),
        (
            r#"{"quant_method": "awq"}"#,
            ".bits` is missing (also read as `w_bit`)",
        ),
        (
            r#"{"quant_method": "gptq", "bits": 0}"#,
            ".bits` is 0, expected a whole number from 1 to 16",
        ),
        (
            r#"{"quant_method": "bitsandbytes"}"#,
            ".load_in_4bit` and `load_in_8bit` are both not true, expected one of them",
        ),
        (
            r#"{"quant_method": "bitsandbytes", "load_in_4bit": true, "load_in_8bit": true}"#,
            ".load_in_4bit` and `load_in_8bit` are both true, expected one of them",
        ),
        (
            r#"{"quant_method": "modelopt", "quant_algo": "W4A8"}"#,
            ".quant_algo` is the text `W4A8`, expected one of FP8, NVFP4",
        ),
        (
            r#"{"quant_method": "compressed-tensors"}"#,
            ".config_groups` is missing or not an object",
        ),
        (
            r#"{"quant_method": "compressed-tensors", "config_groups": {}}"#,
            ".config_groups` is empty, expected at least one group with `weights`",
        ),
        (
            r#"{"quant_method": "compressed-tensors", "config_groups": {"a": {"weights": {"num_bits": 4}}, "b": {"weights": {"num_bits": 8}}}}"#,
            ".config_groups.b.weights.num_bits` is 8, but another group has 4; one width is expected",
        ),
        (
            r#"{"quant_method": "compressed-tensors", "config_groups": {"a": {"weights": null}}}"#,
            ".config_groups.a.weights.num_bits` is missing, expected a whole number from 1 to 16",
        ),
    ] {
        let message = llama_refused(&format!(
            r#""torch_dtype": "bfloat16", "quantization_config": {config}"#
        ));
        assert_eq!(message, format!("{prefix}{expected}"));
    }
}

#[test]
fn one_error_names_all_fields() {
    insta::assert_snapshot!(refused("{}"), @r"model_configs/m/config.json: `num_hidden_layers` is missing (also read as `num_layers` or `n_layer`); `hidden_size` is missing (also read as `n_embd`); `num_attention_heads` is missing (also read as `n_head`); `vocab_size` is missing (also read as `padded_vocab_size`); `torch_dtype` is missing (also read as `dtype`)");
    insta::assert_snapshot!(
        refused(
            r#"{"num_hidden_layers": 0, "hidden_size": -4096, "num_attention_heads": "32", "num_key_value_heads": NaN,
            "head_dim": 128.5, "intermediate_size": [1, 2], "vocab_size": 99999999999999999999, "max_position_embeddings": {},
            "torch_dtype": "bf17", "num_local_experts": true, "_name_or_path": 7}"#
        ),
        @r"model_configs/m/config.json: `num_hidden_layers` is 0, expected a whole number from 1 to 65536; `hidden_size` is -4096, expected a whole number from 1 to 16777216; `num_attention_heads` is the text `32`, expected a whole number from 1 to 16777216; `num_key_value_heads` is NaN, expected a whole number from 1 to 16777216; `head_dim` is 128.5, expected a whole number from 1 to 16777216; `intermediate_size` is a list, expected a whole number from 1 to 16777216; `vocab_size` is 1e+20, expected a whole number from 1 to 16777216; `torch_dtype` is the text `bf17`, expected one of bfloat16, float16, float32, float64, float8_e4m3fn, float8_e5m2, int8; `max_position_embeddings` is an object, expected a whole number from 1 to 4294967295; `num_local_experts` is true, expected a whole number from 0 to 4294967295; `_name_or_path` is 7, expected a text"
    );
}

#[test]
fn names_that_contradict_each_other_are_refused() {
    insta::assert_snapshot!(
        llama_refused(r#""num_key_value_heads": 8, "num_kv_heads": 4, "torch_dtype": "float16", "dtype": "bfloat16""#),
        @r"model_configs/m/config.json: `num_kv_heads` is 4, but `num_key_value_heads` is 8; `dtype` is the text `bfloat16`, but `torch_dtype` is the text `float16`"
    );
}

#[test]
fn dimensions_that_do_not_fit_together_are_refused() {
    insta::assert_snapshot!(
        refused(r#"{"n_layer": 2, "hidden_size": 100, "num_attention_heads": 7, "num_kv_heads": 3, "vocab_size": 10, "dtype": "float16"}"#),
        @r"model_configs/m/config.json: `num_kv_heads` is 3, which does not divide the 7 heads; `head_dim` is absent and the 7 heads do not divide the hidden width 100"
    );
}

#[test]
fn a_mixture_of_experts_is_refused() {
    let message = "model_configs/m/config.json: model `m` is a mixture of experts (8 experts, 2 per token); predictions cover dense models \
                   only, until the model covers mixture of experts";
    assert_eq!(
        llama_refused(r#""dtype": "bfloat16", "num_local_experts": 8, "num_experts_per_tok": 2"#),
        message
    );
    assert_eq!(
        llama_refused(r#""dtype": "bfloat16", "num_experts": 8, "num_experts_per_token": 2"#),
        message
    );
    assert_eq!(
        llama_refused(r#""dtype": "bfloat16", "n_routed_experts": 64"#),
        message.replace("8 experts, 2 per token", "64 experts")
    );
    assert_eq!(
        llama_with(r#""dtype": "bfloat16", "num_experts": 0"#)
            .config
            .layers(),
        32
    );
    assert_eq!(
        llama_with(r#""dtype": "bfloat16", "num_experts": 1"#)
            .config
            .layers(),
        32
    );
    assert_eq!(
        llama_refused(r#""num_local_experts": 8, "torch_dtype": 5"#),
        "model_configs/m/config.json: `torch_dtype` is 5, expected one of bfloat16, float16, float32, float64, float8_e4m3fn, float8_e5m2, int8"
    );
}

#[test]
fn numbers_that_json_cannot_write_are_ignored_where_nobody_reads_them() {
    let model = llama_with(r#""dtype": "bfloat16", "time_step_limit": [0.0, Infinity], "x": NaN"#);
    assert_eq!(model.config.layers(), 32);
}

#[test]
fn files_that_are_no_json_are_refused_at_their_line() {
    let path = "model_configs/m/config.json";
    for (config, expected) in [
        (String::new(), ":1:1: EOF while parsing a value"),
        (
            "{\n  \"hidden_size\": 40".into(),
            ":2:19: EOF while parsing an object",
        ),
        ("{}\n}".into(), ":2:1: trailing characters"),
        ("{\"a\": 1,\n \"a\": 2}".into(), ":2:4: duplicate key `a`"),
        (
            "[1]".into(),
            ":1:1: expected an object with the model's dimensions, found a list",
        ),
        ("[".repeat(1_000_000), ":1:128: recursion limit exceeded"),
        (
            format!("{{\"x\":{}", "{\"y\":".repeat(1_000_000)),
            ":1:636: recursion limit exceeded",
        ),
        (
            "{\"hidden_size\": 1e999}".into(),
            ":1:21: number out of range",
        ),
    ] {
        assert_eq!(refused(config), format!("{path}{expected}"));
    }
    assert_eq!(
        refused(b"{\n\"a\": \"\xff\"}"),
        format!("{path}:2: not UTF-8 text")
    );
    assert_eq!(
        refused(b"\xff\xfe{\0}\0"),
        format!("{path}:1: not UTF-8 text")
    );
    assert_eq!(
        refused(vec![b' '; (16 << 20) + 1]),
        format!("{path}: larger than 16777216 bytes")
    );
    assert_eq!(
        accepted(&format!("\u{feff}{{{LLAMA}, \"dtype\": \"bfloat16\"}}"))
            .config
            .layers(),
        32
    );
}

#[test]
fn a_folder_without_a_configuration_is_refused() {
    let fixture = Fixture::new()
        .with_folder("model_configs/empty")
        .with_folder("model_configs/odd/config.json");
    let message = |name: &str| fixture.catalog().model(name).unwrap_err().to_string();
    assert_eq!(
        message("empty"),
        "model_configs/empty/config.json: no such file"
    );
    assert_eq!(
        message("odd"),
        "model_configs/odd/config.json: not a regular file"
    );
}

#[test]
fn unknown_names_list_what_exists() {
    let fixture = Fixture::new()
        .with_folder("model_configs/qwen3-14b")
        .with_folder("model_configs/llama-2-7b-hf")
        .with_folder("model_configs/.git")
        .with("model_configs/README.md", "");
    assert_eq!(
        fixture.catalog().model_names().unwrap(),
        ["llama-2-7b-hf", "qwen3-14b"]
    );
    let message = |name: &str| fixture.catalog().model(name).unwrap_err().to_string();
    assert_eq!(
        message("Qwen3-14B"),
        "model `Qwen3-14B` not found (did you mean `qwen3-14b`? known models: llama-2-7b-hf, qwen3-14b)"
    );
    assert_eq!(
        message("gpt"),
        "model `gpt` not found (known models: llama-2-7b-hf, qwen3-14b)"
    );
    assert!(message(&"x".repeat(1_000_000)).len() < 200);
    for name in [
        "",
        ".",
        "..",
        ".git",
        "../bench_data",
        "a/b",
        "/etc",
        "a\\b",
        "a\0b",
    ] {
        let expected = format!(
            "`{}` is no name of a model: expected the plain name of a folder in model_configs",
            name.replace('\0', "\\u{0}")
        );
        assert_eq!(message(name), expected);
    }
    let empty = Fixture::new();
    assert_eq!(
        empty.catalog().model("x").unwrap_err().to_string(),
        "model `x` not found (known models: none)"
    );
}

#[test]
fn a_root_without_the_folder_is_named() {
    let root = tempfile::tempdir().unwrap();
    let message = catalog::Catalog::new(root.path())
        .model("x")
        .unwrap_err()
        .to_string();
    let expected = format!(
        "{}/model_configs: cannot list the folder: No such file",
        root.path().display()
    );
    assert!(message.starts_with(&expected), "{message}");
}
