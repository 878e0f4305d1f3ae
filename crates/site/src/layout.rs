//! What all pages have around their content.

use crate::escape::Escaped;
use crate::html::push;
use crate::link_map::to_root;
use crate::site_file::SiteFile;

/// Nothing is asked of a network, scripts are those of the site, and styles may stand in pictures and tables.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self'; \
                      base-uri 'none'; form-action 'none'";

/// The parts of the site that every page links to, as name, file and the folder of its pages.
const PARTS: [(&str, &str, &str); 3] = [
    ("Audit", "index.html", "hypotheses/"),
    ("Ground truth", "ground-truth/index.html", "ground-truth/"),
    ("Model", "model/index.html", "model/"),
];

/// A page before it is HTML.
#[derive(Debug, Clone, Default)]
pub(crate) struct Page<'p> {
    /// Its file, below the folder of the site.
    pub(crate) path: &'p str,
    /// Its title.
    pub(crate) title: &'p str,
    /// Scripts of its own, as files of the site.
    pub(crate) scripts: &'p [&'p str],
    /// What stands at the end of every page.
    pub(crate) footer: &'p str,
}

/// What a page says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Content {
    pub(crate) html: String,
    /// Anchors and names of its sections.
    pub(crate) sections: Vec<(String, String)>,
}

impl Content {
    /// Begins a section.
    pub(crate) fn section(&mut self, id: &str, name: &str) {
        self.sections.push((id.to_owned(), name.to_owned()));
        push!(&mut self.html, "<h2 id=\"{id}\">{name}</h2>\n");
    }
}

impl From<String> for Content {
    fn from(html: String) -> Self {
        let sections = Vec::new();
        Self { html, sections }
    }
}

impl Page<'_> {
    /// The page with this content.
    pub(crate) fn file(&self, content: impl Into<Content>) -> SiteFile {
        let Content { html, sections } = content.into();
        let page = format!(
            "{}{}<main id=\"content\" tabindex=\"-1\">\n<h1>{}</h1>\n{html}</main>\n<footer><p>{}</p></footer>\n</body>\n</html>\n",
            self.head(),
            sections_nav(&sections),
            Escaped(self.title),
            Escaped(self.footer),
        );
        SiteFile::new(self.path, page)
    }

    /// All up to the links to the parts of the site.
    fn head(&self) -> String {
        let root = to_root(self.path);
        let title = Escaped(self.title);
        let mut html = format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <title>{title} - rooflab</title>\n\
             <link rel=\"icon\" href=\"{root}assets/icon.svg\">\n\
             <link rel=\"stylesheet\" href=\"{root}assets/site.css\">\n"
        );
        for script in ["assets/site.js"].iter().chain(self.scripts) {
            push!(
                &mut html,
                "<script src=\"{root}{script}\" defer></script>\n"
            );
        }
        html.push_str(
            "</head>\n<body>\n<a class=\"skip\" href=\"#content\">Skip to the content</a>\n\
             <header><span class=\"name\">rooflab</span>\n<nav aria-label=\"Site\"><ul>\n",
        );
        for (name, file, folder) in PARTS {
            let current = if file == self.path {
                " aria-current=\"page\""
            } else if self.path.starts_with(folder) {
                " aria-current=\"true\""
            } else {
                ""
            };
            push!(
                &mut html,
                "<li><a href=\"{root}{file}\"{current}>{name}</a></li>\n"
            );
        }
        html.push_str("</ul></nav></header>\n");
        html
    }
}

fn sections_nav(sections: &[(String, String)]) -> String {
    let mut html = String::new();
    if sections.is_empty() {
        return html;
    }
    html.push_str("<nav class=\"sections\" aria-label=\"Sections of this page\"><ul>\n");
    for (id, name) in sections {
        push!(
            &mut html,
            "<li><a href=\"#{}\">{}</a></li>\n",
            Escaped(id),
            Escaped(name)
        );
    }
    html.push_str("</ul></nav>\n");
    html
}
