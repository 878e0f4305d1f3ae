//! The page of a hypothesis.

use std::collections::BTreeMap;

use crate::badge::Badge;
use crate::data_table::DataTable;
use crate::error::SiteError;
use crate::escape::{Escaped, escaped};
use crate::html::Column::Words;
use crate::html::{facts, push, table};
use crate::hypothesis::{Hypothesis, HypothesisFile, LockRecord};
use crate::layout::{Content, Page};
use crate::link_map::{LinkMap, Place};
use crate::markdown::{Surroundings, document};
use crate::picture::inlined;
use crate::site_file::SiteFile;
use crate::slug::Unique;

/// The sections below those of the findings, as anchor and name.
const PICTURES: (&str, &str) = ("more-pictures", "More pictures");
const TABLES: (&str, &str) = ("result-tables", "All result tables");
const LOCK: (&str, &str) = ("locked-sections", "Locked sections");

/// The page in its folder of the site; its files lie at `paths`.
///
/// # Errors
///
/// A result table or a picture cannot be read.
pub(crate) fn file(
    hypothesis: &Hypothesis,
    folder: &str,
    paths: &[String],
    links: &LinkMap,
    footer: &str,
) -> Result<SiteFile, SiteError> {
    let path = format!("{folder}/index.html");
    let files: Vec<(&HypothesisFile, &String)> = hypothesis.files.iter().zip(paths).collect();
    let pictures = pictures(hypothesis, folder, &files)?;
    let mut taken = Unique::default();
    for own in ["content", PICTURES.0, TABLES.0, LOCK.0] {
        taken.take(own);
    }
    let project_folder = format!("hypotheses/{}", hypothesis.folder);
    let from = Place {
        folder: &project_folder,
        page: &path,
    };
    let around = Surroundings {
        links,
        from,
        pictures: &pictures,
    };
    let findings = document(&hypothesis.findings, around, &mut taken);
    let mut content = Content {
        html: head(hypothesis) + &findings.html,
        sections: findings.headings,
    };
    let others = pictures
        .iter()
        .filter(|(file, _)| !findings.shown.contains(file));
    for (index, (_, html)) in others.enumerate() {
        if index == 0 {
            content.section(PICTURES.0, PICTURES.1);
        }
        push!(&mut content.html, "<p>{html}</p>\n");
    }
    let tables = files.iter().filter(|(file, _)| file.is_kind("csv"));
    for (index, (file, site_path)) in tables.enumerate() {
        if index == 0 {
            content.section(TABLES.0, TABLES.1);
            content.html.push_str("<p>Every row of every table. Long numbers are shortened: their titles, and the files, have every digit.</p>\n");
        }
        content
            .html
            .push_str(&result_table(hypothesis, folder, file, site_path)?);
    }
    content.section(LOCK.0, LOCK.1);
    content.html.push_str(&lock(hypothesis));
    let title = format!("{}: {}", hypothesis.id, hypothesis.title);
    let page = Page {
        path: &path,
        title: &title,
        footer,
        ..Page::default()
    };
    Ok(page.file(content))
}

/// What is known of the hypothesis at a glance.
fn head(hypothesis: &Hypothesis) -> String {
    let published = hypothesis.published_verdict.as_ref();
    facts([
        ("Verdict", hypothesis.verdict.to_string()),
        (
            "Published",
            published.map_or_else(|| "none".to_owned(), Badge::to_string),
        ),
        ("Published values", escaped(&hypothesis.values)),
        ("Criteria", hypothesis.lock.state.to_string()),
        ("Family", escaped(&hypothesis.family)),
        ("Type", escaped(&hypothesis.kind)),
        ("Stated", escaped(&hypothesis.date)),
    ])
}

/// The pictures as HTML, by their file of the site.
fn pictures(
    hypothesis: &Hypothesis,
    folder: &str,
    files: &[(&HypothesisFile, &String)],
) -> Result<BTreeMap<String, String>, SiteError> {
    let mut pictures = BTreeMap::new();
    for (file, path) in files.iter().filter(|(file, _)| file.is_kind("svg")) {
        let svg = str::from_utf8(&file.bytes).map_err(|_| SiteError::Picture {
            folder: hypothesis.folder.clone(),
            file: file.path.clone(),
        })?;
        let shown = match inlined(svg) {
            Some(svg) => svg.to_owned(),
            // An image runs no scripts and asks for nothing.
            None => format!(
                "<img src=\"{}\" alt=\"{}\">",
                beside(path, folder),
                Escaped(file.name())
            ),
        };
        pictures.insert(
            (*path).clone(),
            format!("<span class=\"picture\">{shown}</span>"),
        );
    }
    Ok(pictures)
}

fn result_table(
    hypothesis: &Hypothesis,
    folder: &str,
    file: &HypothesisFile,
    site_path: &str,
) -> Result<String, SiteError> {
    let table = DataTable::read(&file.bytes).map_err(|source| SiteError::Table {
        folder: hypothesis.folder.clone(),
        file: file.path.clone(),
        source,
    })?;
    Ok(format!(
        "<details class=\"result\">\n<summary><code>{name}</code> ({}, {})</summary>\n\
         <p><a href=\"{}\">{}</a></p>\n{}</details>\n",
        counted(table.rows(), "row"),
        counted(table.columns(), "column"),
        beside(site_path, folder),
        Escaped(&file.path),
        table.html(file.name()),
        name = Escaped(file.name()),
    ))
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// A file of the site as seen from its folder. It is a slug and needs no escape.
fn beside<'p>(path: &'p str, folder: &str) -> &'p str {
    let below = path
        .strip_prefix(folder)
        .and_then(|below| below.strip_prefix('/'));
    below.unwrap_or(path)
}

fn lock(hypothesis: &Hypothesis) -> String {
    let (date, because, sections) = match &hypothesis.lock.record {
        LockRecord::Never => return "<p>The criteria were never locked.</p>\n".to_owned(),
        LockRecord::Lost { sha256 } => {
            return format!(
                "<p>The criteria were locked (SHA-256 <code>{}</code>), and that lock is gone.</p>\n",
                Escaped(sha256)
            );
        }
        LockRecord::Last {
            date,
            because,
            sections,
        } => (date, because, sections),
    };
    let mut html = format!("<p>Locked on {}: {}.", Escaped(date), hypothesis.lock.state);
    if let Some(because) = because {
        push!(&mut html, " {}", Escaped(because));
    }
    html.push_str("</p>\n");
    let rows = sections.iter().map(|section| {
        let since = if section.changed {
            "changed"
        } else {
            "unchanged"
        };
        format!(
            "<th scope=\"row\"><code>{}</code></th><td><code>{}</code></td><td>{since}</td>",
            Escaped(&section.name),
            Escaped(&section.sha256)
        )
    });
    let heads = [
        ("Section", Words),
        ("SHA-256", Words),
        ("Since then", Words),
    ];
    html.push_str(&table("SHA-256 of what was locked", heads, rows));
    html
}
