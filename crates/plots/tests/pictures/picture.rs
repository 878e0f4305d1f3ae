use roxmltree::{Document, Node};

/// What a letter advances against the font size, by classes of letters of Arial: another font and a coarser rule than
/// the crate's own.
fn advance(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | '\'' | '|' => 0.222,
        ' ' | 't' | 'f' | 'I' | '.' | ',' | ':' | ';' | '!' | '/' | '\\' | '[' | ']' => 0.278,
        'r' | '-' | '(' | ')' | '{' | '}' | '`' | '"' => 0.334,
        'm' | 'M' | '%' => 0.86,
        'W' | '@' | '…' => 1.0,
        'J' | 'L' => 0.5,
        'A'..='Z' => 0.61,
        'w' | '&' => 0.7,
        _ => 0.556,
    }
}

/// A box around something drawn, in the directions of its text.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    pub(crate) name: String,
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

impl Shape {
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    pub(crate) fn within(&self, other: &Self, slack: f64) -> bool {
        self.left >= other.left - slack
            && self.top >= other.top - slack
            && self.right <= other.right + slack
            && self.bottom <= other.bottom + slack
    }
}

/// A picture as a reader of XML sees it.
pub(crate) struct Picture<'a> {
    pub(crate) document: Document<'a>,
}

impl<'a> Picture<'a> {
    pub(crate) fn read(svg: &'a str) -> Self {
        Self {
            document: Document::parse(svg).unwrap(),
        }
    }

    pub(crate) fn with_class(&self, class: &str) -> Vec<Node<'_, 'a>> {
        let all = self.document.descendants();
        all.filter(|node| {
            node.attribute("class")
                .is_some_and(|classes| classes.split(' ').any(|one| one == class))
        })
        .collect()
    }

    /// The texts within groups of a class, or of a class themselves.
    pub(crate) fn texts(&self, class: &str) -> Vec<Shape> {
        let within = self.with_class(class).into_iter();
        within
            .flat_map(|node| {
                node.descendants()
                    .filter(|inner| inner.has_tag_name("text"))
            })
            .map(text_shape)
            .collect()
    }

    pub(crate) fn contents(&self, class: &str) -> Vec<String> {
        self.texts(class)
            .into_iter()
            .map(|text| text.name)
            .collect()
    }

    pub(crate) fn whole(&self) -> Shape {
        let root = self.document.root_element();
        Shape {
            name: "picture".to_owned(),
            left: 0.0,
            top: 0.0,
            right: number(root, "width"),
            bottom: number(root, "height"),
        }
    }

    pub(crate) fn frame(&self) -> Shape {
        rect_shape(self.with_class("plot-frame")[0])
    }

    /// Marks of data: rectangles, and shapes about a place, which reach five pixels from it times their scale.
    pub(crate) fn marks(&self) -> Vec<Shape> {
        let marks = self.with_class("plot-mark").into_iter();
        marks
            .map(|node| match node.tag_name().name() {
                "rect" => rect_shape(node),
                "path" => {
                    let (x, y) = place(node);
                    let reach = 5.0 * scale(node);
                    Shape {
                        name: title(node),
                        left: x - reach,
                        top: y - reach,
                        right: x + reach,
                        bottom: y + reach,
                    }
                }
                other => panic!("no mark is drawn as {other}"),
            })
            .collect()
    }
}

/// Where a mark is moved to.
pub(crate) fn place(node: Node<'_, '_>) -> (f64, f64) {
    let transform = node.attribute("transform").unwrap();
    let inner = transform.strip_prefix("translate(").unwrap();
    let (inner, _) = inner.split_once(')').unwrap();
    let (x, y) = inner.split_once(' ').unwrap();
    (x.parse().unwrap(), y.parse().unwrap())
}

/// How much larger than others a mark is drawn.
pub(crate) fn scale(node: Node<'_, '_>) -> f64 {
    let transform = node.attribute("transform").unwrap();
    match transform.split_once(" scale(") {
        Some((_, scale)) => scale.strip_suffix(')').unwrap().parse().unwrap(),
        None => 1.0,
    }
}

pub(crate) fn number(node: Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).unwrap().parse().unwrap()
}

pub(crate) fn title(node: Node<'_, '_>) -> String {
    let mut titles = node.children().filter(|child| child.has_tag_name("title"));
    titles.next().unwrap().text().unwrap().to_owned()
}

fn rect_shape(node: Node<'_, '_>) -> Shape {
    let (left, top) = (number(node, "x"), number(node, "y"));
    let titled = node.children().any(|child| child.has_tag_name("title"));
    Shape {
        name: if titled { title(node) } else { String::new() },
        left,
        top,
        right: left + number(node, "width"),
        bottom: top + number(node, "height"),
    }
}

/// The box of a text, turned back by as much as the text is turned.
fn text_shape(node: Node<'_, '_>) -> Shape {
    let content: String = node
        .children()
        .filter(Node::is_text)
        .filter_map(|text| text.text())
        .collect();
    let size = number(node, "font-size");
    let width = content.chars().map(advance).sum::<f64>() * size;
    let degrees: f64 = node.attribute("transform").map_or(0.0, |turn| {
        let inner = turn.strip_prefix("rotate(").unwrap();
        inner.split(' ').next().unwrap().parse().unwrap()
    });
    let (sin, cos) = (-degrees.to_radians()).sin_cos();
    let (x, y) = (number(node, "x"), number(node, "y"));
    let (x, y) = (x * cos - y * sin, x * sin + y * cos);
    let left = match node.attribute("text-anchor") {
        None => x,
        Some("middle") => x - width / 2.0,
        Some("end") => x - width,
        Some(other) => panic!("no text is anchored at its {other}"),
    };
    Shape {
        name: content,
        left,
        top: y - size * 0.8,
        right: left + width,
        bottom: y + size * 0.2,
    }
}

/// What every picture keeps.
pub(crate) fn check(svg: &str) {
    let picture = Picture::read(svg);
    let root = picture.document.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    for id in root.attribute("aria-labelledby").unwrap().split(' ') {
        assert_eq!(elements_with_id(&picture, id), 1, "{id}");
    }
    for node in picture.document.descendants() {
        for attribute in node.attributes() {
            if let Some(rest) = attribute.value().strip_prefix("url(#") {
                assert_eq!(elements_with_id(&picture, rest.trim_end_matches(')')), 1);
            }
        }
    }
    let (frame, whole) = (picture.frame(), picture.whole());
    assert!(frame.within(&whole, 0.0));
    for mark in picture.marks() {
        assert!(mark.within(&frame, 0.02), "{mark:?} not in {frame:?}");
        assert!(!mark.name.is_empty());
    }
    let classes: [&[&str]; 5] = [
        &["plot-ticks-x"],
        &["plot-ticks-y"],
        &["plot-legend"],
        &["plot-label", "plot-number"],
        &["plot-tick-bar"],
    ];
    for class in classes {
        let texts = class.iter().flat_map(|class| picture.texts(class));
        let texts: Vec<Shape> = texts.collect();
        for (index, a) in texts.iter().enumerate() {
            for b in &texts[..index] {
                assert!(!a.overlaps(b), "{class:?}: {a:?} on {b:?}");
            }
        }
    }
    for class in [
        "plot-legend",
        "plot-label",
        "plot-number",
        "plot-ticks-y",
        "plot-title",
        "plot-note",
    ] {
        for text in picture.texts(class) {
            assert!(
                text.within(&whole, 0.0),
                "{class}: {text:?} not in {whole:?}"
            );
        }
    }
}

fn elements_with_id(picture: &Picture<'_>, id: &str) -> usize {
    let all = picture.document.descendants();
    all.filter(|node| node.attribute("id") == Some(id)).count()
}
