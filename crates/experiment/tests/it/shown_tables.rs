//! What the committed findings of this repository show as tables, they show as pictures too.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::real_hypotheses::{named_folders, repository};

/// A table of at most so many rows is read as fast as a picture.
const MOST_ROWS_WITHOUT_PICTURE: usize = 10;

/// Tables of single figures: each row is another quantity with a unit of its own, which no axis holds.
const FIGURES: &str = "| figure | value |";

/// The folders of the hypotheses of the repository.
fn folders() -> impl Iterator<Item = PathBuf> {
    let folders = named_folders().into_iter();
    folders.map(|folder| repository().join(folder.path()))
}

/// The sections of the results, each with its heading in front.
fn results(findings: &str) -> impl Iterator<Item = &str> {
    let (_, results) = findings.split_once("\n## Results\n").unwrap();
    let results = results.split("\n## ").next().unwrap();
    results.split("\n### ").skip(1)
}

fn rows(section: &str) -> usize {
    let lines = section.lines().filter(|line| line.starts_with('|'));
    // The header and the line under it.
    lines.count().saturating_sub(2)
}

fn is_picture(name: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|kind| kind == "svg")
}

#[test]
fn tables_of_many_rows_have_a_picture() {
    let mut seen = 0;
    for folder in folders() {
        let findings = fs::read_to_string(folder.join("FINDINGS.md")).unwrap();
        for section in results(&findings) {
            let heading = section.lines().next().unwrap();
            if rows(section) <= MOST_ROWS_WITHOUT_PICTURE || section.contains(FIGURES) {
                continue;
            }
            seen += 1;
            let what = format!("{}: {heading}", folder.display());
            assert!(section.contains("\n!["), "{what}");
        }
    }
    assert!(seen >= 30, "{seen}");
}

#[test]
fn results_hold_the_pictures_of_the_findings_and_no_others() {
    let mut seen = 0;
    for folder in folders() {
        let findings = fs::read_to_string(folder.join("FINDINGS.md")).unwrap();
        let links = findings.split("](results/").skip(1);
        let linked: BTreeSet<String> = links
            .filter_map(|rest| rest.split(')').next())
            .filter(|name| is_picture(name))
            .map(str::to_owned)
            .collect();
        let files = fs::read_dir(folder.join("results")).unwrap();
        let kept: BTreeSet<String> = files
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .filter(|name| is_picture(name))
            .collect();
        assert_eq!(kept, linked, "{}", folder.display());
        seen += kept.len();
    }
    assert!(seen >= 30, "{seen}");
}
