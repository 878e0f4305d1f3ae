//! The first page: the audit.

use std::collections::BTreeMap;

use crate::audit::{Audit, AuditEntry};
use crate::badge::Badge;
use crate::escape::{Escaped, escaped};
use crate::html::Column::{Numbers, Words};
use crate::html::{push, table};
use crate::layout::{Content, Page};
use crate::link_map::{FINDINGS, LinkMap, Place};
use crate::markdown::{Surroundings, line};
use crate::site_file::SiteFile;

const PATH: &str = "index.html";

/// The page.
pub(crate) fn file(audit: &Audit, links: &LinkMap, footer: &str) -> SiteFile {
    let mut content = Content::from(format!(
        "<p class=\"lead\">Every hypothesis, computed anew and set beside what was published.</p>\n<p>{}</p>\n",
        Escaped(&audit.totals)
    ));
    content.section("audit", "Audit");
    content.html.push_str(&table(
        "Verdicts and values beside what was published",
        [
            ("Id", Words),
            ("Hypothesis, and why values or verdicts differ", Words),
            ("Family", Words),
            ("Verdict", Words),
            ("Published", Words),
            ("Agreement", Words),
            ("Published values", Numbers),
        ],
        audit.entries.iter().map(|entry| row(entry, links)),
    ));
    let with_defects = audit
        .entries
        .iter()
        .filter(|entry| !entry.defects.is_empty());
    for (index, entry) in with_defects.enumerate() {
        if index == 0 {
            content.section("defects", "What the published findings get wrong");
            content.html.push_str("<p>Every number here is computed in the run or printed in what was published.</p>\n");
        }
        defects(&mut content.html, entry, links);
    }
    let page = Page {
        path: PATH,
        title: "Audit of the findings",
        footer,
        ..Page::default()
    };
    page.file(content)
}

fn row(entry: &AuditEntry, links: &LinkMap) -> String {
    let published = entry.published_verdict.as_ref();
    let why = entry.why.as_ref().map_or_else(String::new, |why| {
        format!("<p class=\"why\">{}</p>", words(why, entry, links))
    });
    format!(
        "<th scope=\"row\" class=\"id\">{}</th><td class=\"words\"><b>{}</b>{why}</td><td>{}</td><td>{}</td><td>{}</td>\
         <td>{}</td><td class=\"n\">{}</td>",
        page_link(entry, links),
        Escaped(&entry.title),
        Escaped(&entry.family),
        entry.verdict,
        published.map_or_else(|| "-".to_owned(), Badge::to_string),
        entry.agreement,
        Escaped(&entry.values),
    )
}

fn defects(html: &mut String, entry: &AuditEntry, links: &LinkMap) {
    let title = Escaped(&entry.title);
    push!(
        html,
        "<h3>{}: {title}</h3>\n<ul>\n",
        page_link(entry, links)
    );
    for defect in &entry.defects {
        let what = words(&defect.what, entry, links);
        push!(
            html,
            "<li><code>{}</code>: {what}</li>\n",
            Escaped(&defect.id)
        );
    }
    html.push_str("</ul>\n");
}

fn folder(entry: &AuditEntry) -> String {
    format!("hypotheses/{}", entry.folder)
}

/// The id, as a link where the site has its page.
fn page_link(entry: &AuditEntry, links: &LinkMap) -> String {
    let id = escaped(&entry.id);
    match links.target(FINDINGS, &folder(entry)) {
        Some(page) => format!("<a href=\"{page}\">{id}</a>"),
        None => id,
    }
}

fn words(markdown: &str, entry: &AuditEntry, links: &LinkMap) -> String {
    let around = Surroundings {
        links,
        from: Place {
            folder: &folder(entry),
            page: PATH,
        },
        pictures: &BTreeMap::new(),
    };
    line(markdown, around)
}
