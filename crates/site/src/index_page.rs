//! The first page: the audit.

use std::collections::BTreeMap;

use crate::audit::AuditEntry;
use crate::data_table::{push, table_start};
use crate::escape::{Escaped, escaped};
use crate::layout::Page;
use crate::link_map::{FINDINGS, LinkMap, Place};
use crate::markdown::{Surroundings, line};
use crate::site::{Site, SiteFile};

const PATH: &str = "index.html";

/// The page.
pub(crate) fn file(site: &Site, links: &LinkMap) -> SiteFile {
    let mut content = format!(
        "<p class=\"lead\">Every hypothesis, computed anew and set beside what was published.</p>\n<p>{}</p>\n",
        Escaped(&site.audit.totals)
    );
    content.push_str("<h2 id=\"audit\">Audit</h2>\n");
    content.push_str(&table_start(
        "Verdicts and values beside what was published",
    ));
    content.push_str(
        "<thead><tr><th scope=\"col\">Id</th><th scope=\"col\">Hypothesis, and why values or verdicts differ</th><th scope=\"col\">Family</th>\
         <th scope=\"col\">Verdict</th><th scope=\"col\">Published</th><th scope=\"col\">Agreement</th>\
         <th scope=\"col\" class=\"n\">Values reproduced</th></tr></thead>\n<tbody>\n",
    );
    for entry in &site.audit.entries {
        content.push_str(&row(entry, links));
    }
    content.push_str("</tbody></table></div>\n");
    let mut sections = vec![("audit".to_owned(), "Audit".to_owned())];
    if site
        .audit
        .entries
        .iter()
        .any(|entry| !entry.defects.is_empty())
    {
        sections.push((
            "defects".to_owned(),
            "What the published findings get wrong".to_owned(),
        ));
        content.push_str("<h2 id=\"defects\">What the published findings get wrong</h2>\n<p>Every number here is computed in the run or printed in what was published.</p>\n");
    }
    for entry in site
        .audit
        .entries
        .iter()
        .filter(|entry| !entry.defects.is_empty())
    {
        push(
            &mut content,
            format_args!(
                "<h3>{}: {}</h3>\n<ul>\n",
                page_link(entry, links),
                Escaped(&entry.title)
            ),
        );
        for defect in &entry.defects {
            push(
                &mut content,
                format_args!(
                    "<li><code>{}</code>: {}</li>\n",
                    Escaped(&defect.id),
                    words(&defect.what, entry, links)
                ),
            );
        }
        content.push_str("</ul>\n");
    }
    let page = Page {
        path: PATH,
        title: "Audit of the findings",
        sections: &sections,
        scripts: &[],
        footer: &site.footer,
    };
    SiteFile::new(PATH, page.html(&content))
}

fn row(entry: &AuditEntry, links: &LinkMap) -> String {
    let published = match &entry.published_verdict {
        Some(badge) => badge.to_string(),
        None => "-".to_owned(),
    };
    let why = entry.why.as_ref().map_or_else(String::new, |why| {
        format!("<p class=\"why\">{}</p>", words(why, entry, links))
    });
    format!(
        "<tr><th scope=\"row\" class=\"id\">{}</th><td class=\"words\"><b>{}</b>{why}</td><td>{}</td><td>{}</td><td>{published}</td>\
         <td>{}</td><td class=\"n\">{}</td></tr>\n",
        page_link(entry, links),
        Escaped(&entry.title),
        Escaped(&entry.family),
        entry.verdict,
        entry.agreement,
        Escaped(&entry.values),
    )
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
