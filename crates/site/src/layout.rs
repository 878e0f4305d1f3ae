//! What all pages have around their content.

use crate::data_table::push;
use crate::escape::{Escaped, escaped};
use crate::link_map::to_root;

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
#[derive(Debug, Clone)]
pub(crate) struct Page<'p> {
    /// Its file, below the folder of the site.
    pub(crate) path: &'p str,
    /// Its title.
    pub(crate) title: &'p str,
    /// Anchors and names of its sections.
    pub(crate) sections: &'p [(String, String)],
    /// Scripts of its own, as files of the site.
    pub(crate) scripts: &'p [&'p str],
    /// What stands at the end of every page.
    pub(crate) footer: &'p str,
}

impl Page<'_> {
    /// The page with this content.
    pub(crate) fn html(&self, content: &str) -> String {
        let root = to_root(self.path);
        let title = escaped(self.title);
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
            push(
                &mut html,
                format_args!("<script src=\"{root}{script}\" defer></script>\n"),
            );
        }
        push(
            &mut html,
            format_args!(
                "</head>\n<body>\n<a class=\"skip\" href=\"#content\">Skip to the content</a>\n\
                 <header><span class=\"name\">rooflab</span>\n<nav aria-label=\"Site\"><ul>\n"
            ),
        );
        for (name, file, folder) in PARTS {
            let current = if file == self.path {
                " aria-current=\"page\""
            } else if self.path.starts_with(folder) {
                " aria-current=\"true\""
            } else {
                ""
            };
            push(
                &mut html,
                format_args!("<li><a href=\"{root}{file}\"{current}>{name}</a></li>\n"),
            );
        }
        html.push_str("</ul></nav></header>\n");
        if !self.sections.is_empty() {
            html.push_str("<nav class=\"sections\" aria-label=\"Sections of this page\"><ul>\n");
            for (id, name) in self.sections {
                push(
                    &mut html,
                    format_args!(
                        "<li><a href=\"#{}\">{}</a></li>\n",
                        Escaped(id),
                        Escaped(name)
                    ),
                );
            }
            html.push_str("</ul></nav>\n");
        }
        push(
            &mut html,
            format_args!(
                "<main id=\"content\" tabindex=\"-1\">\n<h1>{title}</h1>\n{content}</main>\n<footer><p>{}</p></footer>\n</body>\n</html>\n",
                Escaped(self.footer)
            ),
        );
        html
    }
}
