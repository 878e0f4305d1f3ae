//! A new hypothesis that runs at once.

use std::fs;
use std::path::PathBuf;

use outputs::{Removes, TemporaryFolder, remove_leftovers};

use super::error::ExperimentError;
use super::layout::HYPOTHESIS_FILE;
use super::project::Project;

/// What a new hypothesis begins as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Example {
    /// Single steps, computed.
    Steps,
    /// Measured runs beside their predictions.
    Measured,
}

impl Example {
    /// The text of its files, by their names.
    fn files(self) -> [(&'static str, &'static str); 2] {
        let (hypothesis, narrative) = match self {
            Self::Steps => (
                include_str!("scaffold/hypothesis.yaml"),
                include_str!("scaffold/narrative.md.tera"),
            ),
            Self::Measured => (
                include_str!("scaffold/measured-hypothesis.yaml"),
                include_str!("scaffold/measured-narrative.md.tera"),
            ),
        };
        [
            (HYPOTHESIS_FILE, hypothesis),
            ("narrative.md.tera", narrative),
        ]
    }
}

/// Makes the folder `hypotheses/<id>-<slug>` with a hypothesis to edit; returns the paths of its files below the
/// project.
///
/// # Errors
///
/// The id or the slug has other characters than letters, digits and, in a slug, hyphens; the id is taken; a file
/// cannot be written.
pub fn create_hypothesis(
    project: &Project,
    id: &str,
    slug: &str,
    date: &str,
    example: Example,
) -> Result<Vec<PathBuf>, ExperimentError> {
    let id_is_plain = id.split('-').all(|word| {
        word.starts_with(|c: char| c.is_ascii_uppercase())
            && word.chars().all(|c| c.is_ascii_alphanumeric())
    });
    if !id_is_plain {
        return Err(ExperimentError::New(format!(
            "`{id}` cannot be an id: it begins with a capital letter and has letters and digits, as in H99 or I2-H1"
        )));
    }
    let slug_is_plain = !slug.is_empty()
        && slug.split('-').all(|word| {
            !word.is_empty()
                && word
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        });
    if !slug_is_plain {
        return Err(ExperimentError::New(format!(
            "`{slug}` cannot be a slug: it has lower-case words and digits with single hyphens between, as in kv-read-factor"
        )));
    }
    if let Some(taken) = project
        .hypotheses()?
        .iter()
        .find(|folder| folder.id().eq_ignore_ascii_case(id))
    {
        return Err(ExperimentError::New(format!(
            "the id `{id}` is taken by {}",
            taken.path().display()
        )));
    }
    let folder = PathBuf::from("hypotheses").join(format!("{id}-{slug}"));
    let full = project.root().join(&folder);
    if full.exists() {
        return Err(ExperimentError::New(format!(
            "{} exists already",
            folder.display()
        )));
    }
    let failed = |source| ExperimentError::Write {
        path: folder.clone(),
        source,
    };
    let hypotheses = project.hypotheses_folder();
    let whole = TemporaryFolder::beside(&hypotheses).map_err(failed)?;
    let mut written = Vec::new();
    fs::create_dir(whole.path().join("new")).map_err(failed)?;
    for (name, text) in example.files() {
        let text = text.replace("H99", id).replace("2026-01-31", date);
        fs::write(whole.path().join("new").join(name), text).map_err(failed)?;
        written.push(folder.join(name));
    }
    // Where another command made the folder in the meantime, it has files and is not replaced.
    fs::rename(whole.path().join("new"), full).map_err(failed)?;
    drop(whole);
    remove_leftovers(&hypotheses, Removes::FilesAndFolders);
    Ok(written)
}
