use diagnostic::{nearest, shown};

use super::data_description::DataDescription;
use super::findings::Findings;
use super::instructions::{Instructions, Stated};
use crate::tree::Tree;

/// Keys of a profile: options and scenario fields of all releases, with underscores.
const KEYS: [&str; 62] = [
    "backend",
    "backend_args",
    "backend_kwargs",
    "backend_type",
    "constraints",
    "cooldown",
    "cooldown_percent",
    "data",
    "data_args",
    "data_collator",
    "data_column_mapper",
    "data_finalizer",
    "data_loader",
    "data_num_workers",
    "data_preprocessors",
    "data_preprocessors_kwargs",
    "data_request_formatter",
    "data_sampler",
    "data_samples",
    "dataloader_kwargs",
    "detect_saturation",
    "disable_console",
    "disable_console_interactive",
    "disable_console_outputs",
    "disable_progress",
    "display_scheduler_stats",
    "max_concurrency",
    "max_error_rate",
    "max_errors",
    "max_global_error_rate",
    "max_requests",
    "max_seconds",
    "metadata",
    "metrics",
    "model",
    "output_dir",
    "output_extras",
    "output_formats",
    "output_path",
    "output_sampling",
    "outputs",
    "over_saturation",
    "prefer_response_metrics",
    "processor",
    "processor_args",
    "profile",
    "rampup",
    "random_seed",
    "rate",
    "rate_type",
    "request_format",
    "request_formatter_kwargs",
    "request_type",
    "sample_requests",
    "scenario",
    "seed",
    "spec",
    "streams",
    "target",
    "tokenizer",
    "warmup",
    "warmup_percent",
];

/// Reads `profile.yaml`. None after a report.
pub(super) fn read_profile(tree: &Tree, findings: &mut Findings) -> Option<Instructions> {
    let Tree::Map(entries) = tree else {
        findings.problem("profile", format!("is {tree}, expected a mapping"));
        return None;
    };
    // A scenario file of 0.7 and later has what the client is told in `spec`, and other keys beside it.
    let (map, base) = match tree.get("spec") {
        Some(spec) => (spec, "spec"),
        None => (tree, ""),
    };
    let Tree::Map(inner) = map else {
        findings.problem(base, format!("is {map}, expected a mapping"));
        return None;
    };
    if base.is_empty() {
        check_keys("", entries, &KEYS, findings);
    } else {
        check_keys("", entries, &["benchmarks", "metadata", "spec"], findings);
        check_keys("spec", inner, &KEYS, findings);
    }
    let instructions = Instructions::read(map, base, findings);
    if let Some(Stated { place, value }) = &instructions.data {
        match value {
            DataDescription::Lengths(_) | DataDescription::SeveralPrefixes { .. } => {
                let data = map.get("data").and_then(DataDescription::map);
                let keys = &DataDescription::KEYS;
                check_keys(
                    &join(base, "data"),
                    data.unwrap_or_default(),
                    keys,
                    findings,
                );
            }
            DataDescription::Other(found) => findings.warn(place, unknown_data(found)),
            // A profile is read whole, so that its texts are never left out.
            DataDescription::TooLong => {}
        }
    }
    Some(instructions)
}

/// What is said of a description of the data that cannot be read.
pub(super) fn unknown_data(found: &str) -> String {
    format!("no description of synthetic data, compared with nothing: {found}")
}

/// Unknown keys of a mapping that are compared with the known ones; a file with more is of another kind.
const MOST_SUGGESTIONS: usize = 20;

/// Longest key that is compared, in bytes.
const LONGEST_SUGGESTED: usize = 100;

/// Warns of keys that are not known.
pub(super) fn check_keys(
    base: &str,
    entries: &[(String, Tree)],
    known: &[&'static str],
    findings: &mut Findings,
) {
    let unknown = entries
        .iter()
        .map(|(key, _)| (key, key.replace('-', "_")))
        .filter(|(_, name)| !known.contains(&name.as_str()));
    for (index, (key, name)) in unknown.enumerate() {
        let comparable = index < MOST_SUGGESTIONS && name.len() <= LONGEST_SUGGESTED;
        let nearest = nearest(&name, known.iter().copied().filter(|_| comparable));
        let hint = nearest.map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"));
        let place = join(base, &shown(key, 60));
        findings.warn(place, format!("unknown key, not read{hint}"));
    }
}

fn join(base: &str, key: &str) -> String {
    if base.is_empty() {
        key.to_owned()
    } else {
        format!("{base}.{key}")
    }
}
