//! Pictures that may become a part of a page.

/// Elements that draw and nothing else.
const ELEMENTS: &[&str] = &[
    "svg",
    "title",
    "desc",
    "defs",
    "style",
    "g",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "clipPath",
    "pattern",
    "linearGradient",
    "radialGradient",
    "stop",
    "marker",
    "mask",
];

/// The picture as a part of HTML, where it is nothing but shapes, words and colours: one `svg` element whose attributes
/// start no script and lead nowhere. None otherwise; it is shown as an image then.
pub(crate) fn inlined(svg: &str) -> Option<&str> {
    let svg = svg.trim();
    // An XML declaration says nothing in HTML.
    let svg = match svg.strip_prefix("<?xml") {
        Some(rest) => rest.split_once("?>")?.1.trim_start(),
        None => svg,
    };
    is_harmless(svg).then_some(svg)
}

fn is_harmless(svg: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = svg;
    let mut is_first = true;
    while let Some((before, tag)) = rest.split_once('<') {
        let is_outside = open.is_empty() && (!is_first || !before.is_empty());
        if is_outside || (open.last() == Some(&"style") && !is_harmless_style(before)) {
            return false;
        }
        is_first = false;
        let Some((tag, after)) = split_tag(tag) else {
            return false;
        };
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name.trim_end()) {
                return false;
            }
            continue;
        }
        let (tag, is_empty) = match tag.strip_suffix('/') {
            Some(tag) => (tag, true),
            None => (tag, false),
        };
        let (name, attributes) = match tag.find(|c: char| c.is_ascii_whitespace()) {
            Some(end) => tag.split_at(end),
            None => (tag, ""),
        };
        let starts_well = open.is_empty() == (name == "svg");
        if !starts_well || !ELEMENTS.contains(&name) || !are_harmless(attributes) {
            return false;
        }
        if !is_empty {
            open.push(name);
        } else if open.is_empty() {
            break;
        }
        // In HTML a style sheet is text up to its end tag.
        if name == "style" && (is_empty || !rest.contains("</style>")) {
            return false;
        }
    }
    open.is_empty() && !is_first && rest.trim().is_empty()
}

/// The inside of a tag and what comes after it. Signs in quotes do not end it.
fn split_tag(text: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    for (index, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '"' | '\'') => quote = Some(letter),
            (None, '<') => return None,
            (None, '>') => return Some((text.get(..index)?, text.get(index + 1..)?)),
            (Some(open), close) if open == close => quote = None,
            (None | Some(_), _) => {}
        }
    }
    None
}

/// Whether no attribute runs anything or leads anywhere.
fn are_harmless(attributes: &str) -> bool {
    let mut rest = attributes.trim_start();
    while !rest.is_empty() {
        let Some((name, after)) = rest.split_once('=') else {
            return false;
        };
        let name = name.trim_end();
        let after = after.trim_start();
        let Some(quote) = after.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
            return false;
        };
        let Some((value, after)) = after.get(1..).and_then(|text| text.split_once(quote)) else {
            return false;
        };
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':');
        let runs = name.len() >= 2
            && name
                .get(..2)
                .is_some_and(|on| on.eq_ignore_ascii_case("on"));
        let leads = name.to_ascii_lowercase().ends_with("href") && !value.starts_with('#');
        let is_named = !name.is_empty() && name.chars().all(is_plain);
        // A namespace looks like an address, and is none.
        let is_namespace = name == "xmlns" && value == "http://www.w3.org/2000/svg";
        if !is_named || runs || leads || !(is_namespace || is_harmless_style(value)) {
            return false;
        }
        rest = after.trim_start();
    }
    true
}

/// Whether a style or a value refers to nothing but parts of its own picture.
fn is_harmless_style(text: &str) -> bool {
    let small = text.to_ascii_lowercase();
    let mut urls = small.split("url(");
    urls.next();
    let own = urls.all(|url| url.trim_start_matches(['"', '\'', ' ']).starts_with('#'));
    // An escape in a style sheet could hide any of these.
    own && !small.contains("@import")
        && !small.contains("javascript:")
        && !small.contains("expression(")
        && !small.contains('\\')
        && !small.contains("&#")
        && !small.contains("//")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawings_are_a_part_of_the_page() {
        for svg in [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\"><title id=\"t\">a &gt; b</title><g><rect width='1'/></g></svg>",
            "<?xml version=\"1.0\"?>\n<svg><style>.plot{color:#fff}</style><path d=\"M0 0\" fill=\"url(#p-1)\"/></svg>\n",
            "<svg></svg>",
        ] {
            assert!(
                inlined(svg).is_some_and(|svg| svg.starts_with("<svg")),
                "{svg}"
            );
        }
    }

    #[test]
    fn whatever_runs_or_leads_elsewhere_is_not() {
        for svg in [
            "",
            "words",
            "<svg>",
            "<svg></svg><svg></svg>",
            "<svg></svg>words",
            "<div></div>",
            "<svg><script>alert(1)</script></svg>",
            "<svg><SCRIPT>alert(1)</SCRIPT></svg>",
            "<svg><foreignObject></foreignObject></svg>",
            "<svg onload=\"alert(1)\"></svg>",
            "<svg ONload=\"alert(1)\"></svg>",
            "<svg onload=alert(1)></svg>",
            "<svg/onload=alert(1)></svg>",
            "<svg><a href=\"javascript:alert(1)\">x</a></svg>",
            "<svg><g xlink:href=\"https://example.org\"></g></svg>",
            "<svg><image href=\"x.png\"/></svg>",
            "<svg><rect fill=\"url(https://example.org/x)\"/></svg>",
            "<svg><style>@import 'x';</style></svg>",
            "<svg><style>g{fill:u\\72l(x)}</style></svg>",
            "<svg><style>g{}</g></svg>",
            "<svg><style><!--</style></svg>",
            "<svg><!-- --></svg>",
            "<!DOCTYPE svg><svg></svg>",
            "<svg><g></svg></g>",
            "<svg><title>a<b></title></svg>",
            "<svg><g title=\"a></g></svg>",
        ] {
            assert_eq!(inlined(svg), None, "{svg}");
        }
    }
}
