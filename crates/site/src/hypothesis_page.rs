//! The page of a hypothesis.

use std::collections::BTreeMap;

use crate::data_table::{DataTable, push, table_start};
use crate::error::SiteError;
use crate::escape::Escaped;
use crate::hypothesis::{Hypothesis, HypothesisFile, LockRecord};
use crate::layout::Page;
use crate::link_map::{LinkMap, Place};
use crate::markdown::{Surroundings, document};
use crate::picture::inlined;
use crate::site::SiteFile;
use crate::slug::Unique;

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
    for own in [
        "content",
        "more-pictures",
        "result-tables",
        "locked-sections",
    ] {
        taken.take(own);
    }
    let project_folder = format!("hypotheses/{}", hypothesis.folder);
    let around = Surroundings {
        links,
        from: Place {
            folder: &project_folder,
            page: &path,
        },
        pictures: &pictures,
    };
    let findings = document(&hypothesis.findings, around, &mut taken);
    let mut sections = findings.headings;
    let mut content = head(hypothesis);
    content.push_str(&findings.html);

    let others: Vec<&String> = pictures
        .iter()
        .filter(|(file, _)| !findings.shown.contains(file))
        .map(|(_, html)| html)
        .collect();
    if !others.is_empty() {
        section(
            &mut sections,
            &mut content,
            "more-pictures",
            "More pictures",
        );
        for html in others {
            push(&mut content, format_args!("<p>{html}</p>\n"));
        }
    }
    let tables: Vec<_> = files
        .iter()
        .filter(|(file, _)| file.is_kind("csv"))
        .collect();
    if !tables.is_empty() {
        section(
            &mut sections,
            &mut content,
            "result-tables",
            "All result tables",
        );
        content.push_str("<p>Every row of every table. Long numbers are shortened: their titles, and the files, have every digit.</p>\n");
    }
    for (file, site_path) in tables {
        content.push_str(&result_table(hypothesis, folder, file, site_path)?);
    }
    section(
        &mut sections,
        &mut content,
        "locked-sections",
        "Locked sections",
    );
    content.push_str(&lock(hypothesis));

    let title = format!("{}: {}", hypothesis.id, hypothesis.title);
    let page = Page {
        path: &path,
        title: &title,
        sections: &sections,
        scripts: &[],
        footer,
    };
    let html = page.html(&content);
    Ok(SiteFile::new(path, html))
}

fn section(sections: &mut Vec<(String, String)>, content: &mut String, id: &str, name: &str) {
    sections.push((id.to_owned(), name.to_owned()));
    push(content, format_args!("<h2 id=\"{id}\">{name}</h2>\n"));
}

/// What is known of the hypothesis at a glance.
fn head(hypothesis: &Hypothesis) -> String {
    let published = match &hypothesis.published_verdict {
        Some(badge) => badge.to_string(),
        None => "none".to_owned(),
    };
    format!(
        "<dl class=\"facts\">\n<div><dt>Verdict</dt><dd>{}</dd></div>\n<div><dt>Published</dt><dd>{published}</dd></div>\n\
         <div><dt>Values reproduced</dt><dd>{}</dd></div>\n<div><dt>Criteria</dt><dd>{}</dd></div>\n\
         <div><dt>Family</dt><dd>{}</dd></div>\n<div><dt>Type</dt><dd>{}</dd></div>\n<div><dt>Stated</dt><dd>{}</dd></div>\n</dl>\n",
        hypothesis.verdict,
        Escaped(&hypothesis.values),
        hypothesis.lock.state,
        Escaped(&hypothesis.family),
        Escaped(&hypothesis.kind),
        Escaped(&hypothesis.date),
    )
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
    let below = path.strip_prefix(folder);
    below
        .and_then(|below| below.strip_prefix('/'))
        .unwrap_or(path)
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
        push(&mut html, format_args!(" {}", Escaped(because)));
    }
    html.push_str("</p>\n");
    html.push_str(&table_start("SHA-256 of what was locked"));
    html.push_str("<thead><tr><th scope=\"col\">Section</th><th scope=\"col\">SHA-256</th><th scope=\"col\">Since then</th></tr></thead>\n<tbody>\n");
    for section in sections {
        let since = if section.changed {
            "changed"
        } else {
            "unchanged"
        };
        push(
            &mut html,
            format_args!(
                "<tr><th scope=\"row\"><code>{}</code></th><td><code>{}</code></td><td>{since}</td></tr>\n",
                Escaped(&section.name),
                Escaped(&section.sha256)
            ),
        );
    }
    html.push_str("</tbody></table></div>\n");
    html
}
