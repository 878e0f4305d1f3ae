//! What is known of an experiment besides its figures.

use ground_truth::{MeasuredRun, Profile, ServerLimits, TokenLengths};

use crate::text_table::without_controls;

/// What stands where the files say nothing.
const UNKNOWN: &str = "not stated";

/// Lines of text.
pub(super) fn run_head(run: &MeasuredRun) -> String {
    let or_unknown = |text: Option<&str>| text.unwrap_or(UNKNOWN).to_owned();
    let gpus = run.tensor_parallel.map(|gpus| gpus.to_string());
    let gpus = or_unknown(gpus.as_deref());
    let mut lines = vec![
        ("model", or_unknown(run.model.as_deref())),
        (
            "gpu",
            format!("{}, tensor parallel {gpus}", or_unknown(run.gpu.as_deref())),
        ),
        ("server", server_in_words(&run.server)),
        ("workload", or_unknown(run.workload.as_deref())),
        (
            "profile",
            run.profile
                .as_ref()
                .map_or_else(|| UNKNOWN.to_owned(), profile_in_words),
        ),
    ];
    if let Some(profile) = &run.profile {
        let data = profile.data.as_ref();
        let prompts = data.map(|data| match data.prefix_tokens {
            0 => lengths_in_words(&data.prompt),
            shared => {
                format!(
                    "{shared} shared tokens, and then {}",
                    lengths_in_words(&data.prompt)
                )
            }
        });
        let outputs = data.map(|data| lengths_in_words(&data.output));
        lines.push(("prompts", or_unknown(prompts.as_deref())));
        lines.push(("outputs", or_unknown(outputs.as_deref())));
    }
    let client = match &run.client.version {
        Some(version) => format!("{} ({version})", run.client.schema),
        None => run.client.schema.to_string(),
    };
    lines.push(("client", client));
    for (index, file) in run.files.iter().enumerate() {
        let name = file.path.file_name().unwrap_or_default().to_string_lossy();
        let label = if index == 0 { "files" } else { "" };
        lines.push((label, format!("{name}, {} bytes", file.bytes)));
    }
    let lines = lines
        .iter()
        .map(|(label, text)| format!("{label:<9}  {}\n", without_controls(text)));
    without_controls(&run.experiment) + "\n" + &lines.collect::<String>()
}

fn lengths_in_words(lengths: &TokenLengths) -> String {
    let parts: Vec<String> = [
        ("mean", Some(lengths.mean)),
        ("std dev", lengths.std_dev),
        ("min", lengths.min),
        ("max", lengths.max),
    ]
    .into_iter()
    .filter_map(|(name, tokens)| Some(format!("{name} {}", tokens?)))
    .collect();
    parts.join(", ") + " tokens"
}

fn profile_in_words(profile: &Profile) -> String {
    let mut parts = Vec::new();
    if let Some(rate_type) = profile.rate_type {
        parts.push(rate_type.to_string());
    }
    if !profile.rates.is_empty() {
        let rates: Vec<String> = profile.rates.iter().map(f64::to_string).collect();
        parts.push(format!("rate {}", rates.join(" ")));
    }
    if let Some(requests) = profile.max_requests {
        parts.push(format!("at most {requests} requests each"));
    }
    if let Some(seconds) = profile.max_seconds {
        parts.push(format!("at most {seconds} s each"));
    }
    if let Some(seed) = profile.random_seed {
        parts.push(format!("seed {seed}"));
    }
    or_unknown(&parts)
}

fn server_in_words(server: &ServerLimits) -> String {
    let parts: Vec<String> = [
        ("max_model_len", server.max_model_len.map(u64::from)),
        (
            "max_num_batched_tokens",
            server.max_num_batched_tokens.map(u64::from),
        ),
        ("max_num_seqs", server.max_num_seqs.map(u64::from)),
        ("block_size", server.block_size.map(u64::from)),
        ("num_gpu_blocks", server.num_gpu_blocks),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some(format!("{name} {}", value?)))
    .chain(
        server
            .gpu_memory_utilization
            .map(|share| format!("gpu_memory_utilization {share}")),
    )
    .chain(
        [
            ("chunked prefill", server.enable_chunked_prefill),
            ("prefix caching", server.enable_prefix_caching),
        ]
        .into_iter()
        .filter_map(|(name, on)| Some(format!("{name} {}", if on? { "on" } else { "off" }))),
    )
    .collect();
    or_unknown(&parts)
}

fn or_unknown(parts: &[String]) -> String {
    if parts.is_empty() {
        UNKNOWN.to_owned()
    } else {
        parts.join(", ")
    }
}
