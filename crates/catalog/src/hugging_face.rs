use std::path::Path;

use roofline::{ModelConfig, ModelFacts, Problem};

use crate::error::{CatalogError, FieldProblem};
use crate::json_fields::{Field, JsonFields, Keyed};
use crate::json_source::JsonSource;
use crate::json_tree::{JsonError, JsonTree};
use crate::model::HubFacts;
use crate::quantization::weight_format_of;
use crate::weight_format::WeightFormat;

/// The object that describes the language model in the configuration of a multimodal model.
const TEXT_MODEL: [&str; 3] = ["text_config", "llm_config", "language_config"];

const LAYERS: [&str; 3] = ["num_hidden_layers", "num_layers", "n_layer"];
const HIDDEN: [&str; 2] = ["hidden_size", "n_embd"];
const HEADS: [&str; 2] = ["num_attention_heads", "n_head"];
const KV_HEADS: [&str; 3] = [
    "num_key_value_heads",
    "num_kv_heads",
    "multi_query_group_num",
];
const HEAD_DIM: [&str; 2] = ["head_dim", "kv_channels"];
const INTERMEDIATE: [&str; 3] = ["intermediate_size", "ffn_hidden_size", "n_inner"];
const DTYPE: [&str; 2] = ["torch_dtype", "dtype"];
const EXPERTS: [&str; 3] = ["num_local_experts", "num_experts", "n_routed_experts"];
const EXPERTS_PER_TOKEN: [&str; 2] = ["num_experts_per_tok", "num_experts_per_token"];

/// The dimensions of one `config.json`, each with the key it came from.
struct Dimensions {
    layers: Keyed<u32>,
    hidden: Keyed<u32>,
    heads: Keyed<u32>,
    kv_heads: Option<Keyed<u32>>,
    head_dim: Option<Keyed<u32>>,
    intermediate: Option<Keyed<u32>>,
    vocab: Keyed<u32>,
}

/// Reads the text of a Hugging Face `config.json`.
///
/// Keys that are not needed are ignored. The number of KV heads is that of the query heads where no
/// key states it; the head width and the MLP width follow from the hidden width where they are
/// absent.
///
/// # Errors
///
/// Text that is not JSON; one error with all fields that are missing, contradict each other or hold
/// no usable value; a model with more than one routed expert.
pub(crate) fn read_config(
    name: &str,
    path: &Path,
    text: &str,
) -> Result<(ModelConfig, HubFacts), CatalogError> {
    let source = JsonSource { path, text };
    let tree = JsonTree::parse(text).map_err(|error| source.syntax_error(error))?;
    let JsonTree::Object(top) = &tree else {
        let reason = format!(
            "expected an object with the model's dimensions, found {}",
            tree.description()
        );
        return Err(source.syntax_error(JsonError {
            line: 1,
            column: 1,
            reason,
        }));
    };
    let fields_error = |problems| source.fields_error(problems);

    let mut fields = JsonFields::new(top, &TEXT_MODEL);
    let dimensions = read_dimensions(&mut fields);
    let format = read_format(&mut fields);
    let max_position = first_whole(
        &mut fields,
        &["max_position_embeddings", "n_positions", "seq_length"],
    );
    let experts = fields.whole(&EXPERTS, 0, u32::MAX).value();
    let experts_per_token = fields.whole(&EXPERTS_PER_TOKEN, 0, u32::MAX).value();

    // The nested text model may come from another repository.
    let mut own_fields = JsonFields::new(top, &[]);
    let hub_id = own_fields
        .text(&["_name_or_path"], "a text", |text| Some(text.to_owned()))
        .value()
        .filter(|id| !id.is_empty());

    let mut problems = fields.into_problems();
    problems.extend(own_fields.into_problems());
    let (Some(dimensions), Some(format), true) = (dimensions, format, problems.is_empty()) else {
        return Err(fields_error(problems));
    };
    let facts = ModelFacts {
        layers: dimensions.layers.value,
        hidden: dimensions.hidden.value,
        heads: dimensions.heads.value,
        kv_heads: dimensions
            .kv_heads
            .as_ref()
            .map_or(dimensions.heads.value, |keyed| keyed.value),
        head_dim: dimensions.head_dim.as_ref().map(|keyed| keyed.value),
        intermediate: dimensions.intermediate.as_ref().map(|keyed| keyed.value),
        vocab: dimensions.vocab.value,
        bytes_per_param: format.bytes_per_param(),
    };
    let config = ModelConfig::new(facts).map_err(|invalid| {
        fields_error(
            invalid
                .problems
                .into_iter()
                .map(|problem| in_file_terms(problem, &dimensions))
                .collect(),
        )
    })?;
    if let Some(experts) = experts.filter(|experts| *experts > 1) {
        return Err(CatalogError::MixtureOfExperts {
            path: path.to_owned(),
            model: name.to_owned(),
            experts,
            experts_per_token,
        });
    }
    Ok((
        config,
        HubFacts {
            hub_id,
            weight_format: format,
            max_position,
        },
    ))
}

fn read_dimensions(fields: &mut JsonFields<'_>) -> Option<Dimensions> {
    let layers = fields.required_whole(&LAYERS, ModelConfig::MAX_LAYERS);
    let hidden = fields.required_whole(&HIDDEN, ModelConfig::MAX_WIDTH);
    let heads = fields.required_whole(&HEADS, ModelConfig::MAX_WIDTH);
    let kv_heads = read_kv_heads(fields);
    let head_dim = fields.whole(&HEAD_DIM, 1, ModelConfig::MAX_WIDTH);
    let intermediate = fields.whole(&INTERMEDIATE, 1, ModelConfig::MAX_WIDTH);
    // The padded size is the one that the weights have.
    let vocab = match fields.whole(&["padded_vocab_size"], 1, ModelConfig::MAX_WIDTH) {
        Field::Absent => {
            fields.required_whole(&["vocab_size", "padded_vocab_size"], ModelConfig::MAX_WIDTH)
        }
        found @ (Field::Unusable | Field::Value(_)) => found,
    };
    Some(Dimensions {
        layers: layers.keyed()?,
        hidden: hidden.keyed()?,
        heads: heads.keyed()?,
        kv_heads: kv_heads.keyed(),
        head_dim: head_dim.keyed(),
        intermediate: intermediate.keyed(),
        vocab: vocab.keyed()?,
    })
}

/// KV heads. Two families state them with flags: the `chatglm` family switches
/// `multi_query_group_num` off with `multi_query_attention`, and Falcon's first decoder has one KV
/// head where `multi_query` is set, whatever `num_kv_heads` says.
fn read_kv_heads(fields: &mut JsonFields<'_>) -> Field<u32> {
    let is_old_multi_query = fields.flag("multi_query") == Some(true)
        && fields.flag("new_decoder_architecture") != Some(true);
    if is_old_multi_query {
        return Field::Value(Keyed {
            key: "multi_query".to_owned(),
            value: 1,
        });
    }
    let names = if fields.flag("multi_query_attention") == Some(false) {
        &KV_HEADS[..2]
    } else {
        &KV_HEADS[..]
    };
    fields.whole(names, 1, ModelConfig::MAX_WIDTH)
}

/// The format of the weights: the quantisation's where there is one, else the data type.
fn read_format(fields: &mut JsonFields<'_>) -> Option<WeightFormat> {
    let dtype = fields.choice(&DTYPE, &WeightFormat::NAMES, WeightFormat::from_torch_name);
    match fields.object("quantization_config") {
        Field::Value(config) => match weight_format_of(&config.key, config.value) {
            Ok(format) => Some(format),
            Err(problems) => {
                for problem in problems {
                    fields.report(problem.field, problem.reason);
                }
                None
            }
        },
        Field::Unusable => None,
        Field::Absent => {
            if dtype == Field::Absent {
                fields.report_missing(&DTYPE);
            }
            dtype.value()
        }
    }
}

/// The first of the names that is there.
fn first_whole(fields: &mut JsonFields<'_>, names: &[&str]) -> Option<u32> {
    names
        .iter()
        .find_map(|name| fields.whole(&[name], 1, u32::MAX).value())
}

/// Names the key of the file in place of the field of [`ModelFacts`].
fn in_file_terms(problem: Problem, dimensions: &Dimensions) -> FieldProblem {
    let optional = |keyed: &Option<Keyed<u32>>, preferred: &str| {
        keyed
            .as_ref()
            .map_or(preferred.to_owned(), |keyed| keyed.key.clone())
    };
    let field = match problem.field {
        "layers" => dimensions.layers.key.clone(),
        "hidden" => dimensions.hidden.key.clone(),
        "heads" => dimensions.heads.key.clone(),
        "kv_heads" => optional(&dimensions.kv_heads, KV_HEADS[0]),
        "head_dim" => optional(&dimensions.head_dim, HEAD_DIM[0]),
        "intermediate" => optional(&dimensions.intermediate, INTERMEDIATE[0]),
        "vocab" => dimensions.vocab.key.clone(),
        other => other.to_owned(),
    };
    FieldProblem {
        field,
        reason: problem.reason,
    }
}
