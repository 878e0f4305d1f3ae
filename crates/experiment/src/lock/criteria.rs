//! What a hypothesis is held to, as hashes: a change of what is claimed, computed or decided shows in them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::canonical_json::canonical_json;
use crate::format::{HypothesisSpec, OrderedMap, canonical_words};
use crate::project::Sha256Hex;

roofline::choice! {
    /// A part of the hypothesis that decides what it is worth.
    #[derive(Serialize)]
    #[serde(rename_all = "snake_case")]
    "section" Section {
        /// The claim.
        Statement = "statement",
        /// What would refute it.
        RefutedIf = "refuted_if",
        /// Constants of all runs.
        Setup = "setup",
        /// The sweeps.
        Runs = "runs",
        /// What is computed of them.
        Tables = "tables",
        /// What decides.
        Checks = "checks",
    }
}

/// The names of sections with commas between.
pub(crate) fn section_names(sections: &[Section]) -> String {
    let names: Vec<&str> = sections.iter().map(|section| section.name()).collect();
    names.join(", ")
}

/// The hash of each section.
///
/// Each is that of the canonical JSON of the values as they were read: comments, quotes, indentation, the order of keys
/// and the line breaks of prose and SQL are not in it, nor is what only says how a result is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criteria(BTreeMap<Section, Sha256Hex>);

impl Criteria {
    /// Those of a hypothesis.
    ///
    /// # Errors
    ///
    /// A value has a form that JSON lacks.
    pub(crate) fn of(spec: &HypothesisSpec) -> Result<Self, serde_json::Error> {
        let hash = |section| Ok((section, Sha256Hex::of(canonical(spec, section)?.as_bytes())));
        Section::ALL
            .iter()
            .copied()
            .map(hash)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Those that a file has of each section.
    pub(crate) fn of_hashes(hashes: impl IntoIterator<Item = (Section, Sha256Hex)>) -> Self {
        Self(hashes.into_iter().collect())
    }

    /// Each section with its hash, in the order of the file.
    pub fn sections(&self) -> impl Iterator<Item = (Section, &Sha256Hex)> {
        self.0.iter().map(|(section, hash)| (*section, hash))
    }

    /// One hash for all: that of a line for each section, as `sha256sum` writes it.
    #[must_use]
    pub fn combined(&self) -> Sha256Hex {
        let lines: Vec<String> = self
            .sections()
            .map(|(section, hash)| format!("{hash}  {}\n", section.name()))
            .collect();
        Sha256Hex::of(lines.concat().as_bytes())
    }

    /// The sections that differ.
    #[must_use]
    pub fn changed_since(&self, earlier: &Self) -> Vec<Section> {
        self.sections()
            .filter(|(section, hash)| earlier.0.get(section) != Some(hash))
            .map(|(section, _)| section)
            .collect()
    }
}

/// The text of a section that is hashed.
fn canonical(spec: &HypothesisSpec, section: Section) -> Result<String, serde_json::Error> {
    match section {
        Section::Statement => canonical_json(&canonical_words(&spec.statement)),
        Section::RefutedIf => canonical_json(&canonical_words(&spec.refuted_if)),
        Section::Setup => canonical_json(&spec.setup),
        // What the columns of measured data mean decides what the runs compute, and how experiments are divided too.
        Section::Runs => {
            let (runs, data) = (by_name(&spec.runs), by_name(&spec.data));
            match (data.is_empty(), spec.splits.is_empty()) {
                (true, true) => canonical_json(&runs),
                (false, true) => canonical_json(&(runs, data)),
                (_, false) => canonical_json(&(runs, data, by_name(&spec.splits))),
            }
        }
        Section::Tables => canonical_json(&by_name(&spec.tables)),
        Section::Checks => {
            let checks = spec.checks.iter();
            let by_id: BTreeMap<&str, _> = checks
                .map(|check| (check.id.value.as_str(), check))
                .collect();
            canonical_json(&by_id)
        }
    }
}

/// What is called by its name, in whatever order it stands.
fn by_name<T: Serialize>(entries: &OrderedMap<T>) -> BTreeMap<&str, &T> {
    entries
        .iter()
        .map(|(name, value)| (name.value.as_str(), value))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::format::yaml;
    use diagnostic::SourceText;

    /// Every kind of run, axis, length and table.
    const TEXT: &str = "\
id: H1
title: A title
family: serving
type: deterministic
date: 2026-01-31
statement: A claim in prose.
refuted_if: It is not so.
setup:
  model: tiny
  gpu: toy
  tensor_parallel: 2
  assumptions: {preset: feb27, factors: {causal_divisor: 2.0}}
runs:
  steps:
    step:
      vary:
        kv: [64, 128]
        share: [0.5, 1.0]
        count: {range: [1, 9, 2]}
        shape: {cases: {even: {lens: [8, 8], old: 0}}}
        best: {sql: SELECT x AS value FROM first}
      setup: {assumptions: {factors: {kv_read_one_token: share}}}
      batch:
        prefill: [{new: [16, 32], cached: old}]
        decode: [{kv: kv, count: count}, {kv: {linspace: [8, 16]}, count: 3}, {kv: {start: 8, step: 4}, count: 3}]
  served:
    serve:
      vary: {experiment: {ground_truth: {workload: chat, tensor_parallel: [1, 2]}}}
      setup: {hardware: {peak_tflops: 989}}
      overhead: {decode_us: 5000}
      server: {prefix_caching: false}
      seed: 7
  one:
    mfu: {lookup: {gemm: {m: 1, k: 2, n: 3}}}
  all:
    gemm: {tokens: 4, projection: all}
tables:
  first:
    title: First
    sql: SELECT kv AS x FROM steps WHERE kv < 100 AND name = 'a  b'
    note: Read me.
    columns: {x: {label: X, digits: 1}}
    rows: 5
  figures:
    title: Figures
    figures:
      - {name: largest, sql: SELECT MAX(x) AS value FROM first, digits: 2, suffix: x}
checks:
  - id: holds
    role: acceptance
    claim: It holds.
    sql: SELECT true AS holds, 1 AS observed
    digits: 3
    suffix: \" more\"
";

    /// The canonical text of each section of [`TEXT`], written by hand after docs/hypothesis-format.md, and the hash that
    /// `printf %s TEXT | sha256sum` prints for it.
    const GOLDEN: [(Section, &str, &str); 6] = [
        (
            Section::Statement,
            r#""A claim in prose.""#,
            "54935c01c805b6164d35ddddaedb8d94007e5011fa70eac393ce91a60b2bb002",
        ),
        (
            Section::RefutedIf,
            r#""It is not so.""#,
            "0797d9cb3a8d722aa42e61851cd7ce0fbd2f2565f5205c409643b9ab63b8fda4",
        ),
        (
            Section::Setup,
            concat!(
                r#"{"assumptions":{"factors":{"causal_divisor":2.0},"preset":"feb27"},"gpu":"toy","hardware":{},"model":"tiny","t"#,
                r#"ensor_parallel":2}"#
            ),
            "a3d93b1fa0338165e7230c99d0f0035f53bca8e0627520987c476c7d974d485f",
        ),
        (
            Section::Runs,
            concat!(
                r#"{"all":{"gemm":{"projection":"all","setup":{"assumptions":{"factors":{}},"hardware":{}},"tokens":4,"vary":[]}}"#,
                r#","one":{"mfu":{"lookup":{"gemm":{"k":2,"m":1,"n":3}},"setup":{"assumptions":{"factors":{}},"hardware":{}},"var"#,
                r#"y":[]}},"served":{"serve":{"overhead":{"decode_us":5000},"seed":7,"server":{"prefix_caching":false},"setup":{""#,
                r#"assumptions":{"factors":{}},"hardware":{"peak_tflops":989}},"vary":[["experiment",{"ground_truth":{"tensor_par"#,
                r#"allel":[1,2],"workload":["chat"]}}]]}},"steps":{"step":{"batch":{"decode":[{"count":"count","kv":{"one":"kv"}}"#,
                r#",{"count":3,"kv":{"linspace":[8,16]}},{"count":3,"kv":{"steps":{"start":8,"step":4}}}],"prefill":[{"cached":{""#,
                r#"one":"old"},"new":{"list":[16,32]}}]},"setup":{"assumptions":{"factors":{"kv_read_one_token":"share"}},"hardwa"#,
                r#"re":{}},"vary":[["kv",{"list":[64,128]}],["share",{"list":[0.5,1.0]}],["count",{"range":[1,9,2]}],["shape",{"c"#,
                r#"ases":[["even",[["lens",{"lengths":[8,8]}],["old",{"one":0}]]]]}],["best",{"sql":["SELECT","x","AS","value","F"#,
                r#"ROM","first"]}]]}}}"#
            ),
            "632ddef0744f03e9de737634e65c260c03eb8111b3dac27ca398e71eccf13ac0",
        ),
        (
            Section::Tables,
            concat!(
                r#"{"figures":{"figures":[{"name":"largest","sql":["SELECT","MAX","(","x",")","AS","value","FROM","first"]}]},"fi"#,
                r#"rst":{"figures":[],"sql":["SELECT","kv","AS","x","FROM","steps","WHERE","kv","<","100","AND","name","=","'a  b"#,
                r#"'"]}}"#
            ),
            "1ecbc9649a92e79b5289e5703d78e0299c336af9c0b22bcffbfd1e4eb2bdf722",
        ),
        (
            Section::Checks,
            concat!(
                r#"{"holds":{"claim":"It holds.","id":"holds","role":"acceptance","sql":["SELECT","true","AS","holds",",","1","AS"#,
                r#"","observed"]}}"#
            ),
            "3648ce49793b6d8fd1f5238afbb7ccb2617b6309fa8fd6c16712a669539528a6",
        ),
    ];

    /// What `sha256sum` prints of the six lines `HASH  SECTION` of [`GOLDEN`].
    const GOLDEN_COMBINED: &str =
        "bc3ffbfd719e4acc91ab25d596b9e363a208cec09e3333a5f34f1e06a4a6f1fc";

    fn spec(text: &str) -> HypothesisSpec {
        let source = SourceText::new(PathBuf::from("hypothesis.yaml"), text.to_owned());
        let (spec, problems) = yaml::parse::<HypothesisSpec>(&source);
        spec.unwrap_or_else(|| panic!("{problems:?}")).completed()
    }

    /// The sections that change where a part of [`TEXT`] is replaced.
    #[track_caller]
    fn changed(from: &str, to: &str) -> Vec<Section> {
        assert_eq!(TEXT.matches(from).count(), 1, "`{from}` must stand once");
        let edited = TEXT.replace(from, to);
        let before = Criteria::of(&spec(TEXT)).unwrap();
        Criteria::of(&spec(&edited)).unwrap().changed_since(&before)
    }

    #[test]
    fn the_canonical_form_is_the_documented_one() {
        let spec = spec(TEXT);
        let criteria = Criteria::of(&spec).unwrap();
        for ((section, text, hash), (known, ours)) in GOLDEN.into_iter().zip(criteria.sections()) {
            assert_eq!(section, known);
            assert_eq!(canonical(&spec, section).unwrap(), text);
            assert_eq!(ours.to_string(), hash, "{}", section.name());
        }
        assert_eq!(criteria.combined().to_string(), GOLDEN_COMBINED);
    }

    #[test]
    fn how_it_is_written_does_not_count() {
        for (from, to) in [
            (
                "statement: A claim in prose.",
                "statement: >\n  A claim\n  in prose.\n",
            ),
            (
                "statement: A claim in prose.",
                "statement: |\n  A claim\n    in prose.\n",
            ),
            ("It is not so.", "\"It is not so.\"  # why"),
            (
                "  model: tiny\n  gpu: toy\n",
                "  gpu: 'toy'\n\n  model: tiny\n",
            ),
            ("0.5, 1.0", "0.50, 1e0"),
            (
                "      vary:\n        kv: [64, 128]",
                "      vary:\n        kv:\n          - 64\n          - 0x80",
            ),
            ("{kv: kv, count: count}", "{count: count, kv: kv}"),
            ("workload: chat", "workload: [chat]"),
            ("WHERE kv < 100 AND", "WHERE kv<100 /* short */ AND"),
            (
                "sql: SELECT kv AS x FROM steps",
                "sql: >-\n      SELECT kv AS x\n        FROM steps",
            ),
            ("It holds.", "\"It  holds.\""),
            ("{m: 1, k: 2, n: 3}", "{n: 3, m: 1, k: 2}"),
        ] {
            assert_eq!(changed(from, to), [], "{from} -> {to}");
        }
    }

    #[test]
    fn the_order_of_runs_tables_and_checks_does_not_count() {
        let one = "  one:\n    mfu: {lookup: {gemm: {m: 1, k: 2, n: 3}}}\n";
        let all = "  all:\n    gemm: {tokens: 4, projection: all}\n";
        assert_eq!(changed(&[one, all].concat(), &[all, one].concat()), []);
        let first = &TEXT[TEXT.find("  first:").unwrap()..TEXT.find("  figures:").unwrap()];
        let figures = &TEXT[TEXT.find("  figures:").unwrap()..TEXT.find("checks:").unwrap()];
        assert_eq!(
            changed(&[first, figures].concat(), &[figures, first].concat()),
            []
        );
        let two = |ids: [&str; 2]| {
            let checks = ids.map(|id| {
                format!("  - {{id: {id}, role: control, claim: {id}, sql: SELECT true AS holds}}\n")
            });
            let text = TEXT[..TEXT.find("  - id: holds").unwrap()].to_owned() + &checks.concat();
            Criteria::of(&spec(&text)).unwrap()
        };
        assert_eq!(two(["a", "b"]), two(["b", "a"]));
        assert_ne!(two(["a", "b"]), two(["a", "c"]));
    }

    #[test]
    fn how_results_are_shown_does_not_count() {
        for (from, to) in [
            ("title: First", "title: Other"),
            ("    note: Read me.\n", ""),
            (
                "    columns: {x: {label: X, digits: 1}}\n",
                "    columns: {x: {suffix: s}}\n",
            ),
            ("    rows: 5\n", "    rows: 6\n"),
            ("digits: 2, suffix: x}", "digits: 1}"),
            (
                "    digits: 3\n    suffix: \" more\"\n",
                "    suffix: less\n",
            ),
            (
                "    digits: 3\n",
                "    interval: {table: first, of: {mean: x}}\n",
            ),
            ("title: A title", "title: Other"),
            ("date: 2026-01-31", "date: 2026-02-01"),
            ("checks:", "max_cells: 5\nplots: []\nchecks:"),
        ] {
            assert_eq!(changed(from, to), [], "{from} -> {to}");
        }
    }

    #[test]
    fn what_is_claimed_swept_computed_or_decided_counts() {
        for (section, from, to) in [
            (Section::Statement, "A claim in prose.", "A claim in verse."),
            (Section::Statement, "A claim in prose.", "Aclaim in prose."),
            (Section::RefutedIf, "It is not so.", "It is so."),
            (Section::Setup, "model: tiny", "model: small"),
            (Section::Setup, "tensor_parallel: 2", "tensor_parallel: 2.0"),
            (
                Section::Setup,
                "tensor_parallel: 2",
                "tensor_parallel: \"2\"",
            ),
            (Section::Setup, ", factors: {causal_divisor: 2.0}", ""),
            (Section::Runs, "kv: [64, 128]", "kv: [64, 129]"),
            (Section::Runs, "kv: [64, 128]", "kv: [128, 64]"),
            (Section::Runs, "kv: [64, 128]", "kv: {range: [64, 128]}"),
            (Section::Runs, "0.5, 1.0", "0.5, 1"),
            (Section::Runs, "lens: [8, 8]", "lens: 8"),
            (Section::Runs, "even: {", "odd: {"),
            (Section::Runs, "SELECT x AS value", "SELECT -x AS value"),
            (
                Section::Runs,
                "kv_read_one_token: share",
                "kv_read_many_tokens: share",
            ),
            (Section::Runs, "new: [16, 32]", "new: {linspace: [16, 32]}"),
            (Section::Runs, "start: 8, step: 4", "start: 4, step: 8"),
            (Section::Runs, ", cached: old", ""),
            (Section::Runs, "workload: chat", "model: chat"),
            (
                Section::Runs,
                "prefix_caching: false",
                "prefix_caching: \"false\"",
            ),
            (Section::Runs, "seed: 7", "seed: 8"),
            (Section::Runs, "checks:", "splits: {train: [a]}\nchecks:"),
            (Section::Runs, "m: 1, k: 2", "k: 1, m: 2"),
            (Section::Runs, "tokens: 4", "tokens: 5"),
            (Section::Runs, "  one:\n", "  two:\n"),
            (
                Section::Runs,
                "        kv: [64, 128]\n        share: [0.5, 1.0]\n",
                "        share: [0.5, 1.0]\n        kv: [64, 128]\n",
            ),
            (Section::Tables, "kv < 100", "kv <= 100"),
            (Section::Tables, "'a  b'", "'a b'"),
            (Section::Tables, "name: largest", "name: smallest"),
            (Section::Tables, "MAX(x)", "MIN(x)"),
            (
                Section::Tables,
                "  first:\n    title",
                "  second:\n    title",
            ),
            (Section::Checks, "id: holds", "id: held"),
            (Section::Checks, "role: acceptance", "role: control"),
            (Section::Checks, "It holds.", "It fails."),
            (Section::Checks, "1 AS observed", "2 AS observed"),
        ] {
            assert_eq!(changed(from, to), [section], "{from} -> {to}");
        }
    }
}
