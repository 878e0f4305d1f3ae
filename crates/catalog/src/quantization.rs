use crate::json_fields::{Field, JsonFields};
use crate::json_tree::{JsonObject, JsonTree};
use crate::weight_format::WeightFormat;

/// The widest weights that count as quantised.
const MOST_BITS: u32 = 16;

/// Where a method states the bits of its weights.
#[derive(Debug, Clone, Copy, PartialEq)]
enum StatedBits {
    /// In its name.
    Implied(u32),
    /// `bits` or `w_bit`.
    Count,
    /// `load_in_4bit` or `load_in_8bit`.
    Flags,
    /// `config_groups.*.weights.num_bits`.
    Groups,
    /// `quant_algo`.
    Algorithm,
}

/// The methods that are understood, in the order messages list them.
const METHODS: [(&str, StatedBits); 8] = [
    ("awq", StatedBits::Count),
    ("bitsandbytes", StatedBits::Flags),
    ("compressed-tensors", StatedBits::Groups),
    ("fbgemm_fp8", StatedBits::Implied(8)),
    ("fp8", StatedBits::Implied(8)),
    ("gptq", StatedBits::Count),
    ("modelopt", StatedBits::Algorithm),
    ("mxfp4", StatedBits::Implied(4)),
];

/// Reads a `quantization_config` into the format of the weights; `None` after a report.
pub(crate) fn read_quantization(
    config: &JsonObject,
    fields: &mut JsonFields<'_>,
) -> Option<WeightFormat> {
    let names = METHODS.map(|(name, _)| name);
    let of_name = |given: &str| METHODS.into_iter().find(|(name, _)| *name == given);
    let method = fields.choice(&["quant_method"], &names, of_name);
    let is_missing = method == Field::Absent;
    let inferred = || inferred_method(config).and_then(of_name);
    let Some((method, stated)) = method.value().or_else(inferred) else {
        if is_missing {
            let reason = format!("is missing, expected one of {}", names.join(", "));
            fields.report("quant_method", reason);
        }
        return None;
    };
    let bits = match stated {
        StatedBits::Implied(bits) => Some(bits),
        StatedBits::Count => {
            let names = ["bits", "w_bit"];
            let bits = fields.whole(&names, 1, MOST_BITS);
            fields.required(&names, bits).value()
        }
        StatedBits::Flags => flagged_bits(fields),
        StatedBits::Groups => bits_of_groups(config, fields),
        StatedBits::Algorithm => {
            let names = ["quant_algo"];
            let bits = fields.choice(&names, &["FP8", "NVFP4"], |name| match name {
                "FP8" => Some(8),
                "NVFP4" => Some(4),
                _unknown => None,
            });
            fields.required(&names, bits).value()
        }
    };
    Some(WeightFormat::Quantized {
        method,
        bits: u8::try_from(bits?).ok()?,
    })
}

/// Early bitsandbytes and awq checkpoints do not name their method; their other keys do.
fn inferred_method(config: &JsonObject) -> Option<&'static str> {
    let methods = [
        ("load_in_4bit", "bitsandbytes"),
        ("load_in_8bit", "bitsandbytes"),
        ("w_bit", "awq"),
    ];
    let mut methods = methods.into_iter();
    Some(methods.find(|(key, _)| config.contains_key(*key))?.1)
}

fn flagged_bits(fields: &mut JsonFields<'_>) -> Option<u32> {
    let mut flag = |name: &str| fields.flag(name).unwrap_or(false);
    let (is_four, is_eight) = (flag("load_in_4bit"), flag("load_in_8bit"));
    if is_four != is_eight {
        return Some(if is_four { 4 } else { 8 });
    }
    let both = if is_four { "true" } else { "not true" };
    let reason = format!("and `load_in_8bit` are both {both}, expected one of them");
    fields.report("load_in_4bit", reason);
    None
}

/// The `num_bits` that all groups of weights share: the roofline model has one width for all.
fn bits_of_groups(config: &JsonObject, fields: &mut JsonFields<'_>) -> Option<u32> {
    let Some(JsonTree::Object(groups)) = config.get("config_groups") else {
        fields.report("config_groups", "is missing or not an object");
        return None;
    };
    let mut shared: Option<u32> = None;
    let before = fields.problem_count();
    for (name, group) in groups {
        let bits = group
            .as_object()
            .and_then(|group| group.get("weights")?.as_object()?.get("num_bits"));
        let number = bits.and_then(JsonTree::as_u32);
        let reason = match (number.filter(|bits| (1..=MOST_BITS).contains(bits)), shared) {
            (None, _) => {
                let found = bits.map_or("missing".to_owned(), JsonTree::description);
                format!("is {found}, expected a whole number from 1 to {MOST_BITS}")
            }
            (Some(bits), Some(others)) if bits != others => {
                format!("is {bits}, but another group has {others}; one width is expected")
            }
            (Some(bits), _) => {
                shared = Some(bits);
                continue;
            }
        };
        fields.report(&format!("config_groups.{name}.weights.num_bits"), reason);
    }
    if shared.is_none() && fields.problem_count() == before {
        let reason = "is empty, expected at least one group with `weights`";
        fields.report("config_groups", reason);
    }
    shared
}
