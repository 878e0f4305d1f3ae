//! What is known of an experiment besides its figures.

use std::fmt::Display;

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
    or_unknown([
        number("mean", Some(lengths.mean)),
        number("std dev", lengths.std_dev),
        number("min", lengths.min),
        number("max", lengths.max),
    ]) + " tokens"
}

fn profile_in_words(profile: &Profile) -> String {
    let rates: Vec<String> = profile.rates.iter().map(f64::to_string).collect();
    let (requests, seconds) = (profile.max_requests, profile.max_seconds);
    or_unknown([
        profile.rate_type.map(|rate_type| rate_type.to_string()),
        (!rates.is_empty()).then(|| format!("rate {}", rates.join(" "))),
        requests.map(|requests| format!("at most {requests} requests each")),
        seconds.map(|seconds| format!("at most {seconds} s each")),
        profile.random_seed.map(|seed| format!("seed {seed}")),
    ])
}

fn server_in_words(server: &ServerLimits) -> String {
    let switch = |name: &str, is_on: Option<bool>| {
        is_on.map(|is_on| format!("{name} {}", if is_on { "on" } else { "off" }))
    };
    let share = server.gpu_memory_utilization;
    or_unknown([
        number("max_model_len", server.max_model_len),
        number("max_num_batched_tokens", server.max_num_batched_tokens),
        number("max_num_seqs", server.max_num_seqs),
        number("block_size", server.block_size),
        number("num_gpu_blocks", server.num_gpu_blocks),
        number("gpu_memory_utilization", share),
        switch("chunked prefill", server.enable_chunked_prefill),
        switch("prefix caching", server.enable_prefix_caching),
    ])
}

fn number(name: &str, value: Option<impl Display>) -> Option<String> {
    value.map(|value| format!("{name} {value}"))
}

fn or_unknown<const N: usize>(parts: [Option<String>; N]) -> String {
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        return UNKNOWN.to_owned();
    }
    parts.join(", ")
}
