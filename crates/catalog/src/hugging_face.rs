use std::collections::BTreeMap;

use diagnostic::{SourceText, json_place};
use roofline::{ModelConfig, ModelFacts};

use crate::error::{CatalogError, FieldProblem};
use crate::json_fields::{Field, JsonFields, Keyed};
use crate::json_tree::{JsonTree, NEXT_STEP};
use crate::model::HubFacts;
use crate::quantization::read_quantization;
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
const VOCAB: [&str; 2] = ["vocab_size", "padded_vocab_size"];
const MAX_POSITION: [&str; 3] = ["max_position_embeddings", "n_positions", "seq_length"];
const DTYPE: [&str; 2] = ["torch_dtype", "dtype"];
const EXPERTS: [&str; 3] = ["num_local_experts", "num_experts", "n_routed_experts"];
const EXPERTS_PER_TOKEN: [&str; 2] = ["num_experts_per_tok", "num_experts_per_token"];

/// The key of the file for each field of [`ModelFacts`]; the preferred one where none is there.
type Keys = BTreeMap<&'static str, String>;

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
    source: &SourceText,
) -> Result<(ModelConfig, HubFacts), CatalogError> {
    let top = JsonTree::parse(source)?.into_object(source)?;
    let mut fields = JsonFields::new(&top, &TEXT_MODEL);
    let mut keys = Keys::new();
    let read = read_facts(&mut fields, &mut keys);
    let max_position = MAX_POSITION
        .iter()
        .find_map(|name| fields.whole(&[name], 1, u32::MAX).value());
    let experts = fields.whole(&EXPERTS, 0, u32::MAX).value();
    let experts_per_token = fields.whole(&EXPERTS_PER_TOKEN, 0, u32::MAX).value();

    // The nested text model may come from another repository.
    let mut own_fields = JsonFields::new(&top, &[]);
    let hub_id = own_fields
        .text(&["_name_or_path"], "a text", |text| Some(text.to_owned()))
        .value()
        .filter(|id| !id.is_empty());
    fields.add_problems_of(own_fields);

    let fields_error = |problems: &[FieldProblem]| {
        let show =
            |problem: &FieldProblem| json_place(source, &problem.field, &problem.to_string());
        CatalogError::fields(source.path(), problems, show, NEXT_STEP)
    };
    let problems = fields.into_problems();
    let (Some((facts, weight_format)), true) = (read, problems.is_empty()) else {
        return Err(fields_error(&problems));
    };
    let config = ModelConfig::new(facts).map_err(|invalid| {
        let in_file_terms = invalid.problems.into_iter().map(|problem| FieldProblem {
            field: keys
                .remove(problem.field)
                .unwrap_or(problem.field.to_owned()),
            reason: problem.reason,
        });
        fields_error(&in_file_terms.collect::<Vec<_>>())
    })?;
    match experts {
        Some(experts) if experts > 1 => Err(CatalogError::MixtureOfExperts {
            path: source.path().to_owned(),
            model: name.to_owned(),
            experts,
            experts_per_token,
        }),
        _dense => {
            let facts = HubFacts {
                hub_id,
                weight_format,
                max_position,
            };
            Ok((config, facts))
        }
    }
}

fn read_facts(fields: &mut JsonFields<'_>, keys: &mut Keys) -> Option<(ModelFacts, WeightFormat)> {
    const MOST: u32 = ModelConfig::MAX_WIDTH;
    let mut dimension = |name: &'static str, names: &[&str], field: Field<u32>| {
        let keyed = field.keyed();
        let key = keyed.as_ref().map_or(names[0], |keyed| &keyed.key);
        keys.insert(name, key.to_owned());
        keyed.map(|keyed| keyed.value)
    };
    let layers = fields.required_whole(&LAYERS, ModelConfig::MAX_LAYERS);
    let layers = dimension("layers", &LAYERS, layers);
    let hidden = dimension("hidden", &HIDDEN, fields.required_whole(&HIDDEN, MOST));
    let heads = dimension("heads", &HEADS, fields.required_whole(&HEADS, MOST));
    let kv_heads = dimension("kv_heads", &KV_HEADS, read_kv_heads(fields));
    let head_dim = dimension("head_dim", &HEAD_DIM, fields.whole(&HEAD_DIM, 1, MOST));
    let intermediate = fields.whole(&INTERMEDIATE, 1, MOST);
    let intermediate = dimension("intermediate", &INTERMEDIATE, intermediate);
    // The padded size is the one that the weights have.
    let vocab = match fields.whole(&VOCAB[1..], 1, MOST) {
        Field::Absent => fields.required_whole(&VOCAB, MOST),
        found @ (Field::Unusable | Field::Value(_)) => found,
    };
    let vocab = dimension("vocab", &VOCAB, vocab);
    let format = read_format(fields)?;
    let facts = ModelFacts {
        layers: layers?,
        hidden: hidden?,
        heads: heads?,
        kv_heads: kv_heads.or(heads)?,
        head_dim,
        intermediate,
        vocab: vocab?,
        bytes_per_param: format.bytes_per_param(),
    };
    Some((facts, format))
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
    let dtype = fields.choice(
        &DTYPE,
        &WeightFormat::names(),
        WeightFormat::from_torch_name,
    );
    match fields.object("quantization_config") {
        Field::Value(config) => {
            let prefix = format!("{}.", config.key);
            let mut own = JsonFields::below(&prefix, config.value);
            let format = read_quantization(config.value, &mut own);
            fields.add_problems_of(own);
            format
        }
        Field::Unusable => None,
        Field::Absent => fields.required(&DTYPE, dtype).value(),
    }
}
