use diagnostic::nearest;

use super::data_description::DataDescription;
use super::findings::Findings;
use super::instructions::{Instructions, Stated};
use crate::profile::Profile;
use crate::tree::Tree;
use crate::warning::WarningKind;
use diagnostic::shown;

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

/// A profile and where it states what.
#[derive(Debug)]
pub(super) struct ReadProfile {
    pub(super) profile: Profile,
    pub(super) instructions: Instructions,
}

/// Reads `profile.yaml`. None after a report.
pub(super) fn read_profile(tree: &Tree, findings: &mut Findings) -> Option<ReadProfile> {
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
    let data_entries = map.get("data").and_then(DataDescription::map);
    let instructions = Instructions::read(map, base, findings);
    match &instructions.data {
        Some(Stated {
            value: DataDescription::Lengths(_) | DataDescription::SeveralPrefixes { .. },
            ..
        }) => {
            let place = join(base, "data");
            check_keys(
                &place,
                data_entries.unwrap_or_default(),
                &DataDescription::KEYS,
                findings,
            );
        }
        Some(Stated {
            value: DataDescription::Other(found),
            place,
        }) => {
            let found = found.clone();
            findings.warn(place.clone(), WarningKind::UnknownData { found });
        }
        // A profile is read whole, so that its texts are never left out.
        Some(Stated {
            value: DataDescription::TooLong,
            ..
        })
        | None => {}
    }
    let profile = instructions.profile();
    Some(ReadProfile {
        profile,
        instructions,
    })
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
        let nearest = nearest(&name, known.iter().copied().filter(|_| comparable))
            .and_then(|near| known.iter().find(|key| **key == near).copied());
        let place = join(base, &shown(key, 60));
        findings.warn(place, WarningKind::UnknownKey { nearest });
    }
}

fn join(base: &str, key: &str) -> String {
    if base.is_empty() {
        key.to_owned()
    } else {
        format!("{base}.{key}")
    }
}
