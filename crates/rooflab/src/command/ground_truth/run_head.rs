//! What is known of an experiment besides its figures.

use std::fmt;

use ground_truth::{LengthProfile, MeasuredRun, Profile, ServerLimits, TokenLengths};

use crate::text_table::without_controls;

/// Displays as lines of text.
#[derive(Debug)]
pub(super) struct RunHead<'r>(pub(super) &'r MeasuredRun);

/// What stands where the files say nothing.
const UNKNOWN: &str = "not stated";

impl fmt::Display for RunHead<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let run = self.0;
        writeln!(f, "{}", without_controls(&run.experiment))?;
        let line = |f: &mut fmt::Formatter<'_>, label: &str, text: &str| {
            writeln!(f, "{label:<9}  {}", without_controls(text))
        };
        line(f, "model", run.model.as_deref().unwrap_or(UNKNOWN))?;
        let gpu = run.gpu.as_deref().unwrap_or(UNKNOWN);
        let gpus = match run.tensor_parallel {
            Some(gpus) => format!("{gpu}, tensor parallel {gpus}"),
            None => format!("{gpu}, tensor parallel {UNKNOWN}"),
        };
        line(f, "gpu", &gpus)?;
        line(f, "server", &server_in_words(&run.server))?;
        line(f, "workload", run.workload.as_deref().unwrap_or(UNKNOWN))?;
        match &run.profile {
            None => line(f, "profile", "not stated")?,
            Some(profile) => {
                line(f, "profile", &profile_in_words(profile))?;
                let LengthLines { prompts, outputs } = length_lines(profile.data.as_ref());
                line(f, "prompts", &prompts)?;
                line(f, "outputs", &outputs)?;
            }
        }
        let client = match &run.client.version {
            Some(version) => format!("{} ({version})", run.client.schema),
            None => run.client.schema.to_string(),
        };
        line(f, "client", &client)?;
        let mut label = "files";
        for file in &run.files {
            let name = file.path.file_name().unwrap_or_default();
            let text = format!("{}, {} bytes", name.to_string_lossy(), file.bytes);
            line(f, label, &text)?;
            label = "";
        }
        Ok(())
    }
}

struct LengthLines {
    prompts: String,
    outputs: String,
}

fn length_lines(data: Option<&LengthProfile>) -> LengthLines {
    let Some(data) = data else {
        return LengthLines {
            prompts: UNKNOWN.to_owned(),
            outputs: UNKNOWN.to_owned(),
        };
    };
    let prompt = lengths_in_words(&data.prompt);
    let prompts = match data.prefix_tokens {
        0 => prompt,
        shared => format!("{shared} shared tokens, and then {prompt}"),
    };
    LengthLines {
        prompts,
        outputs: lengths_in_words(&data.output),
    }
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
