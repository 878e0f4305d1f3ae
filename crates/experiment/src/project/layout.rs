//! The names of all files and folders of a project.

use std::path::{Path, PathBuf};

/// The file of findings in the folder of a hypothesis.
pub const FINDINGS_FILE: &str = "FINDINGS.md";

/// The folder of result tables.
pub(crate) const RESULTS_FOLDER: &str = "results";

/// Every published value beside ours, in the folder of results. No table is called so: their names have no hyphen.
pub(crate) const PUBLISHED_VALUES_FILE: &str = "published-values.csv";

/// The inputs of a run with their hashes as `sha256sum` prints them, in the folder of results.
pub(crate) const INPUTS_FILE: &str = "inputs.sha256";

/// The file of an outcome, beside the result tables.
pub(crate) const OUTCOME_FILE: &str = "outcome.json";

/// The folders by which a project is known.
pub(super) const MARKER_FOLDERS: &[&str] = &["hypotheses", "model_configs", "bench_data"];

/// The folder of the hypotheses.
pub(super) const HYPOTHESES: &str = "hypotheses";

/// The file that makes a folder a hypothesis.
pub(crate) const HYPOTHESIS_FILE: &str = "hypothesis.yaml";

/// The file beside the hypothesis.
pub(crate) const LOCK_FILE: &str = "criteria.lock";

/// The words of a hypothesis.
pub(crate) const NARRATIVE_FILE: &str = "narrative.md.tera";

/// A hypothesis' own form of the findings.
pub(crate) const TEMPLATE_FILE: &str = "findings.md.tera";

/// The file of a picture, below the folder of the hypothesis: its title in small letters.
pub(crate) fn picture_file(title: &str) -> PathBuf {
    const LONGEST: usize = 80;
    let mut slug = String::new();
    for letter in title.chars().flat_map(char::to_lowercase) {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
        if slug.len() >= LONGEST {
            break;
        }
    }
    let slug = slug.trim_end_matches('-');
    let name = if slug.is_empty() { "picture" } else { slug };
    Path::new(RESULTS_FOLDER).join(format!("{name}.svg"))
}

/// Paths in findings have forward slashes on every system.
pub(crate) fn path_text(path: &Path) -> String {
    path.iter()
        .map(|part| part.to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}
