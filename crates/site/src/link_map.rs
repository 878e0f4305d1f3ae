//! Where links in findings lead: they are written for the folders of the project.

use std::collections::BTreeMap;

/// The file of a hypothesis that becomes its page.
pub(crate) const FINDINGS: &str = "FINDINGS.md";

/// The places of the project that the site has, by path from the root of the project.
#[derive(Debug, Default)]
pub(crate) struct LinkMap {
    places: BTreeMap<String, String>,
}

/// From where a link is followed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'p> {
    /// The folder of the project that its text was written for.
    pub(crate) folder: &'p str,
    /// The page of the site that has it.
    pub(crate) page: &'p str,
}

impl LinkMap {
    /// A file of the project is this file of the site.
    pub(crate) fn insert(&mut self, project_path: String, site_path: String) {
        self.places.insert(project_path, site_path);
    }

    /// The address of a link on a page; none where it leads to nothing that the site has, or does more than lead.
    pub(crate) fn resolve(&self, link: &str, from: Place<'_>) -> Option<String> {
        if link.contains(char::is_control) {
            return None;
        }
        // Words of a hypothesis may stand on other pages than that of its findings, which has the anchors.
        if link.starts_with('#') {
            let page = self.target(FINDINGS, from.folder)?;
            return Some(if page == from.page {
                link.to_owned()
            } else {
                format!("{}{page}{link}", to_root(from.page))
            });
        }
        let is_web = |scheme: &str| {
            let start = link.get(..scheme.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        };
        if is_web("https://") || is_web("http://") {
            return Some(link.to_owned());
        }
        let (path, fragment) = match link.split_once('#') {
            Some((path, fragment)) => (path, format!("#{fragment}")),
            None => (link, String::new()),
        };
        let target = self.places.get(&joined(from.folder, path)?)?;
        Some(format!("{}{target}{fragment}", to_root(from.page)))
    }

    /// The file of the site that a link leads to.
    pub(crate) fn target(&self, link: &str, folder: &str) -> Option<&str> {
        self.places.get(&joined(folder, link)?).map(String::as_str)
    }
}

/// The way from a page to the folder of the site.
pub(crate) fn to_root(page: &str) -> String {
    "../".repeat(page.matches('/').count())
}

/// A relative path from a folder, without `.` and `..`; none where it leaves the root.
fn joined(folder: &str, path: &str) -> Option<String> {
    if path.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_pages_of_the_site_or_to_the_web() {
        let mut map = LinkMap::default();
        map.insert(
            "hypotheses/H1-x/FINDINGS.md".into(),
            "hypotheses/H1-x/index.html".into(),
        );
        map.insert(
            "hypotheses/H2 y/FINDINGS.md".into(),
            "hypotheses/H2-y/index.html".into(),
        );
        map.insert(
            "hypotheses/H2 y/results/t.csv".into(),
            "hypotheses/H2-y/results/t.csv".into(),
        );
        let from = Place {
            folder: "hypotheses/H2 y",
            page: "hypotheses/H2-y/index.html",
        };
        for (link, address) in [
            ("#checks", Some("#checks")),
            (
                "../H1-x/FINDINGS.md",
                Some("../../hypotheses/H1-x/index.html"),
            ),
            (
                "../H1-x/FINDINGS.md#checks",
                Some("../../hypotheses/H1-x/index.html#checks"),
            ),
            ("results/t.csv", Some("../../hypotheses/H2-y/results/t.csv")),
            (
                "./results//t.csv",
                Some("../../hypotheses/H2-y/results/t.csv"),
            ),
            ("https://example.org/a?b", Some("https://example.org/a?b")),
            ("results/missing.csv", None),
            ("../../../../etc/passwd", None),
            ("/etc/passwd", None),
            ("//example.org", None),
            ("javascript:alert(1)", None),
            ("JaVaScRiPt:alert(1)", None),
            ("java\nscript:alert(1)", None),
            ("data:text/html,x", None),
            ("file:///etc/passwd", None),
        ] {
            assert_eq!(map.resolve(link, from).as_deref(), address, "{link}");
        }
        for (folder, address) in [
            ("hypotheses/H2 y", Some("hypotheses/H2-y/index.html#checks")),
            ("hypotheses/H3-no-page", None),
        ] {
            let from = Place {
                folder,
                page: "index.html",
            };
            assert_eq!(map.resolve("#checks", from).as_deref(), address, "{folder}");
        }
    }
}
