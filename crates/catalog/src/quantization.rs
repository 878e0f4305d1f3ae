use std::collections::BTreeMap;

use crate::error::FieldProblem;
use crate::json_fields::{Field, JsonFields};
use crate::json_tree::JsonTree;
use crate::weight_format::{QuantizationMethod, WeightFormat};

type Object = BTreeMap<String, JsonTree>;

/// The widest weights that count as quantised.
const MOST_BITS: u32 = 16;

/// Reads a `quantization_config` into the format of the weights.
///
/// Each method states the bits in its own way: `bits` or `w_bit` (awq, gptq), `load_in_4bit` or
/// `load_in_8bit` (bitsandbytes), `config_groups.*.weights.num_bits` (compressed-tensors),
/// `quant_algo` (modelopt); the fp8 and mxfp4 methods imply them.
///
/// # Errors
///
/// Lists every key that cannot be used; keys start with `key`.
pub(crate) fn weight_format_of(
    key: &str,
    config: &Object,
) -> Result<WeightFormat, Vec<FieldProblem>> {
    let mut fields = JsonFields::new(config, &[]);
    let method_names = QuantizationMethod::ALL.map(QuantizationMethod::name);
    let method = fields.choice(&["quant_method"], &method_names, |name| {
        QuantizationMethod::ALL
            .into_iter()
            .find(|method| method.name() == name)
    });
    let is_reported = method == Field::Unusable;
    let method = method.value().or_else(|| inferred_method(config));
    let bits = method.and_then(|method| bits_of(method, config, &mut fields));
    if method.is_none() && !is_reported {
        fields.report(
            "quant_method",
            format!("is missing, expected one of {}", method_names.join(", ")),
        );
    }
    let problems: Vec<FieldProblem> = fields
        .into_problems()
        .into_iter()
        .map(|problem| FieldProblem {
            field: format!("{key}.{}", problem.field),
            reason: problem.reason,
        })
        .collect();
    match (method, bits) {
        (Some(method), Some(bits)) if problems.is_empty() => {
            Ok(WeightFormat::Quantized { method, bits })
        }
        _ => Err(problems),
    }
}

/// Early bitsandbytes and awq checkpoints do not name their method; their other keys do.
fn inferred_method(config: &Object) -> Option<QuantizationMethod> {
    if config.contains_key("load_in_4bit") || config.contains_key("load_in_8bit") {
        Some(QuantizationMethod::BitsAndBytes)
    } else if config.contains_key("w_bit") {
        Some(QuantizationMethod::Awq)
    } else {
        None
    }
}

fn bits_of(method: QuantizationMethod, config: &Object, fields: &mut JsonFields<'_>) -> Option<u8> {
    let bits = match method {
        QuantizationMethod::Awq | QuantizationMethod::Gptq => {
            let names = ["bits", "w_bit"];
            let bits = fields.whole(&names, 1, MOST_BITS);
            if bits == Field::Absent {
                fields.report_missing(&names);
            }
            bits.value()
        }
        QuantizationMethod::Fp8 | QuantizationMethod::FbgemmFp8 => Some(8),
        QuantizationMethod::Mxfp4 => Some(4),
        QuantizationMethod::ModelOpt => {
            let names = ["quant_algo"];
            let bits = fields.choice(&names, &["FP8", "NVFP4"], |name| match name {
                "FP8" => Some(8),
                "NVFP4" => Some(4),
                _ => None,
            });
            if bits == Field::Absent {
                fields.report_missing(&names);
            }
            bits.value()
        }
        QuantizationMethod::BitsAndBytes => {
            match (
                fields.flag("load_in_4bit").unwrap_or(false),
                fields.flag("load_in_8bit").unwrap_or(false),
            ) {
                (true, false) => Some(4),
                (false, true) => Some(8),
                (false, false) => {
                    fields.report(
                        "load_in_4bit",
                        "and `load_in_8bit` are both not true, expected one of them",
                    );
                    None
                }
                (true, true) => {
                    fields.report(
                        "load_in_4bit",
                        "and `load_in_8bit` are both true, expected one of them",
                    );
                    None
                }
            }
        }
        QuantizationMethod::CompressedTensors => compressed_tensor_bits(config, fields),
    };
    bits.and_then(|bits| u8::try_from(bits).ok())
}

/// The `num_bits` that all groups of weights share: the roofline model has one width for all.
fn compressed_tensor_bits(config: &Object, fields: &mut JsonFields<'_>) -> Option<u32> {
    let Some(JsonTree::Object(groups)) = config.get("config_groups") else {
        fields.report("config_groups", "is missing or not an object");
        return None;
    };
    let mut shared: Option<u32> = None;
    let before = fields.problem_count();
    for (name, group) in groups {
        let key = format!("config_groups.{name}.weights.num_bits");
        let bits = group
            .as_object()
            .and_then(|group| group.get("weights")?.as_object()?.get("num_bits"));
        let number = bits.and_then(JsonTree::as_u32);
        match (
            number.filter(|number| (1..=MOST_BITS).contains(number)),
            shared,
        ) {
            (None, _) => {
                let found = bits.map_or("missing".to_owned(), JsonTree::description);
                fields.report(
                    key,
                    format!("is {found}, expected a whole number from 1 to {MOST_BITS}"),
                );
            }
            (Some(bits), Some(others)) if bits != others => {
                fields.report(
                    key,
                    format!("is {bits}, but another group has {others}; one width is expected"),
                );
            }
            (Some(bits), _) => shared = Some(bits),
        }
    }
    if shared.is_none() && fields.problem_count() == before {
        fields.report(
            "config_groups",
            "is empty, expected at least one group with `weights`",
        );
    }
    shared
}
