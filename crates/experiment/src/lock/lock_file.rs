//! `criteria.lock`: every lock of a hypothesis, the newest last.

use std::path::Path;

use diagnostic::{Diagnostic, Diagnostics, Reporter, SourceText};
use serde::Deserialize;
use serde_yaml::Spanned;

use super::criteria::{Criteria, Section};
use super::lock::{Lock, control_character};
use crate::format::{canonical_words, check_date, yaml};
use crate::project::{ExperimentError, Project, Sha256Hex};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LockFileWire {
    locks: Spanned<Vec<LockWire>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LockWire {
    date: Spanned<String>,
    criteria: Spanned<String>,
    sections: SectionsWire,
    because: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionsWire {
    statement: Spanned<String>,
    refuted_if: Spanned<String>,
    setup: Spanned<String>,
    runs: Spanned<String>,
    tables: Spanned<String>,
    checks: Spanned<String>,
}

impl SectionsWire {
    fn hash(&self, section: Section) -> &Spanned<String> {
        match section {
            Section::Statement => &self.statement,
            Section::RefutedIf => &self.refuted_if,
            Section::Setup => &self.setup,
            Section::Runs => &self.runs,
            Section::Tables => &self.tables,
            Section::Checks => &self.checks,
        }
    }
}

/// The locks in the file at `path` below the project, the oldest first, and the file itself; none where it is absent.
///
/// # Errors
///
/// The file cannot be read, or contradicts itself.
pub(super) fn read_locks(
    project: &Project,
    path: &Path,
) -> Result<(Vec<Lock>, Option<SourceText>), ExperimentError> {
    // A dangling link is no absent file: asking for the link itself leaves that to the reader, who says so.
    if project.root().join(path).symlink_metadata().is_err() {
        return Ok((Vec::new(), None));
    }
    let source = project.read_text(path)?;
    let locks = parse(&source)?;
    Ok((locks, Some(source)))
}

fn parse(source: &SourceText) -> Result<Vec<Lock>, Diagnostics> {
    let file: LockFileWire = yaml::parse_as(source, "lock")?;
    if file.locks.value.is_empty() {
        return Err(source
            .error_for(&file.locks, "there is no lock in the file")
            .with_help("a hypothesis that is not locked has no such file: remove it")
            .into());
    }
    let mut locks: Vec<Lock> = Vec::with_capacity(file.locks.value.len());
    for wire in &file.locks.value {
        let lock = checked(source, wire, locks.last())?;
        locks.push(lock);
    }
    Ok(locks)
}

fn checked(
    source: &SourceText,
    wire: &LockWire,
    before: Option<&Lock>,
) -> Result<Lock, Diagnostics> {
    let date = &wire.date;
    let mut reporter = Reporter::new(source);
    check_date(&mut reporter, date);
    reporter.finish()?;
    if let Some(before) = before.filter(|before| date.value < before.date) {
        let message = format!(
            "a lock of {} stands behind one of {}: the newest is the last",
            date.value, before.date
        );
        return Err(source.error_for(date, message).into());
    }
    let mut hashes = Vec::with_capacity(Section::ALL.len());
    for section in Section::ALL.iter().copied() {
        hashes.push((section, hash_of(source, wire.sections.hash(section))?));
    }
    let criteria = Criteria::of_hashes(hashes);
    if hash_of(source, &wire.criteria)? != criteria.combined() {
        let message = "`criteria` is not the hash of these sections";
        return Err(source.error_for(&wire.criteria, message).into());
    }
    let because = match (&wire.because, before) {
        (Some(reason), _) => {
            let words = canonical_words(&reason.value);
            if words.is_empty() {
                return Err(source.error_for(reason, "`because` says nothing").into());
            }
            if let Some(control) = control_character(&words) {
                let message = format!(
                    "`because` has the control character `{}`",
                    control.escape_default()
                );
                return Err(source.error_for(reason, message).into());
            }
            Some(words)
        }
        (None, None) => None,
        (None, Some(_)) => {
            let message = "a lock after the first needs `because`";
            return Err(source.error_for(date, message).into());
        }
    };
    Ok(Lock {
        date: date.value.clone(),
        criteria,
        because,
    })
}

fn hash_of(source: &SourceText, hash: &Spanned<String>) -> Result<Sha256Hex, Diagnostic> {
    Sha256Hex::parse(&hash.value).ok_or_else(|| {
        source.error_for(
            hash,
            "a SHA-256 in 64 lower-case hexadecimal digits is expected here",
        )
    })
}

/// The text of the file with these locks.
pub(super) fn render_locks<'l>(id: &str, locks: impl Iterator<Item = &'l Lock>) -> String {
    let mut lines = vec![
        format!(
            "# Written by `rooflab lock`. Changed criteria need a new lock that says why: rooflab lock {id} --because \"...\""
        ),
        "locks:".to_owned(),
    ];
    for lock in locks {
        lines.push(format!("  - date: {}", lock.date));
        lines.push(format!("    criteria: \"{}\"", lock.criteria.combined()));
        lines.push("    sections:".to_owned());
        for (section, hash) in lock.criteria.sections() {
            lines.push(format!("      {}: \"{hash}\"", section.name()));
        }
        if let Some(because) = &lock.because {
            lines.push(format!("    because: {}", quoted(because)));
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

/// A text in double quotes, in which YAML knows the escapes below.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            // What YAML cannot print stands for nothing that anybody reads.
            '\u{feff}' => quoted.push_str("\\ufeff"),
            '\u{fffe}' => quoted.push_str("\\ufffe"),
            '\u{ffff}' => quoted.push_str("\\uffff"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use proptest::prelude::*;

    use super::*;
    use crate::project::LOCK_FILE;

    fn lock(date: &str, first: &str, because: Option<&str>) -> Lock {
        Lock {
            date: date.to_owned(),
            criteria: Criteria::of_hashes(Section::ALL.iter().map(|section| {
                let text = match section {
                    Section::Statement => first,
                    Section::RefutedIf
                    | Section::Setup
                    | Section::Runs
                    | Section::Tables
                    | Section::Checks => section.name(),
                };
                (*section, Sha256Hex::of(text.as_bytes()))
            })),
            because: because.map(str::to_owned),
        }
    }

    fn read_back(locks: &[Lock]) -> Vec<Lock> {
        let text = render_locks("H1", locks.iter());
        parse(&SourceText::new(PathBuf::from(LOCK_FILE), text)).unwrap()
    }

    #[test]
    fn a_hash_of_digits_alone_is_read_as_text() {
        let digits = Sha256Hex::parse(&"0123456789".repeat(7)[..64]).unwrap();
        let float = Sha256Hex::parse(&format!("1e{}", "0".repeat(62))).unwrap();
        for hash in [digits, float] {
            let criteria =
                Criteria::of_hashes(Section::ALL.iter().map(|section| (*section, hash.clone())));
            let lock = Lock {
                date: "2026-11-20".to_owned(),
                criteria,
                because: None,
            };
            assert_eq!(read_back(std::slice::from_ref(&lock)), [lock]);
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(reason in "\\PC*[^\\s\\pC]\\PC*") {
            let reason = canonical_words(&reason);
            let locks = [
                lock("2026-11-20", "a", None),
                lock("2026-11-20", "b", Some(&reason)),
                lock("2026-12-01", "a", Some("\u{feff} - {a: \"b\"} # 'c'\\")),
            ];
            prop_assert_eq!(read_back(&locks), locks);
        }
    }
}
