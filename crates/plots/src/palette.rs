//! Colours, dashes, textures and the style sheet that every picture carries.

use std::fmt;

/// Colours of series. Every two of them stay apart in the sight of people with protanopia, deuteranopia or tritanopia
/// (the tests simulate it), and each stands out from the background.
pub(crate) const COLOURS: [Colour; 6] = [
    Colour::new("#204ecb", "#7cbde7"),
    Colour::new("#f15817", "#e98100"),
    Colour::new("#419f8a", "#9cfee6"),
    Colour::new("#931379", "#a16484"),
    Colour::new("#5d5000", "#fadd05"),
    Colour::new("#b073fd", "#746ef9"),
];

/// The colours of everything but series. Marks and text over the data are outlined in that of the background.
const SURROUNDINGS: [(Role, Colour); 5] = [
    (Role::Background, Colour::new("#ffffff", "#0d1117")),
    (Role::Ink, Colour::new("#1f2328", "#e6edf3")),
    (Role::Muted, Colour::new("#59636e", "#9ba4ae")),
    (Role::Grid, Colour::new("#d1d9e0", "#343b44")),
    (Role::Faint, Colour::new("#eef1f4", "#1d232b")),
];

/// The attributes of lines that the data are held against.
pub(crate) const MUTED_LINE: &str = r#"class="plot-muted" stroke-width="1.4""#;

/// Dashes of lines: one for each round through the colours.
const DASHES: [&str; 3] = ["none", "7 3", "2 3"];

/// The lines that fill bars beside their colour, on squares of six pixels.
const TEXTURES: [Option<&str>; 4] = [
    None,
    Some("M-1 7L7-1M-1 1L1-1M5 7L7 5"),
    Some("M-1-1L7 7M5-1L7 1M-1 5L1 7"),
    Some("M0 3H6"),
];

/// Pictures shrink with the page; labels over the data keep their outline clear of it.
const SHAPES_OF_TEXT: &str = ".plot{max-width:100%;height:auto}\
    .plot .plot-halo{paint-order:stroke;stroke-width:3px;stroke-linejoin:round}";

/// Series of lines or points that can be told apart.
pub(crate) const MOST_SERIES: usize = COLOURS.len() * DASHES.len();

/// Series of bars that can be told apart.
pub(crate) const MOST_BAR_SERIES: usize = 12;

/// A colour on a light and on a dark background.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Colour {
    light: &'static str,
    dark: &'static str,
}

impl Colour {
    const fn new(light: &'static str, dark: &'static str) -> Self {
        Self { light, dark }
    }
}

/// What a thing of a picture is coloured as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Background,
    Ink,
    Muted,
    Grid,
    Faint,
    Series(usize),
}

/// The class that sets the colour.
impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Background => f.write_str("plot-bg"),
            Self::Ink => f.write_str("plot-ink"),
            Self::Muted => f.write_str("plot-muted"),
            Self::Grid => f.write_str("plot-grid"),
            Self::Faint => f.write_str("plot-faint"),
            Self::Series(index) => write!(f, "plot-s{}", index % COLOURS.len()),
        }
    }
}

/// The dashes of the line of a series.
pub(crate) fn dashes(index: usize) -> &'static str {
    DASHES[index / COLOURS.len() % DASHES.len()]
}

/// The lines in the bars of a series, or none: neighbours differ, and no two of twelve series share colour and texture.
pub(crate) fn texture(index: usize) -> Option<&'static str> {
    TEXTURES[(index + index / COLOURS.len()) % TEXTURES.len()]
}

/// The style sheet: light or dark as the reader prefers (`prefers-color-scheme`), unless the page around an inlined
/// picture says otherwise by `data-theme="light"` or `data-theme="dark"` on any element around it.
///
/// It sets colours alone, under names of its own, so that it does no harm in a page around it. Colours are rules rather
/// than variables, which many viewers of SVG do not know.
pub(crate) fn style_sheet() -> String {
    let light = |scope: &str| rules(scope, |colour| colour.light);
    let dark = |scope: &str| rules(scope, |colour| colour.dark);
    [
        SHAPES_OF_TEXT,
        &light(".plot "),
        "@media (prefers-color-scheme:dark){",
        &dark(".plot "),
        "}",
        &light("[data-theme=light] .plot "),
        &dark("[data-theme=dark] .plot "),
    ]
    .concat()
}

fn rules(scope: &str, pick: impl Fn(Colour) -> &'static str) -> String {
    let series = COLOURS.iter().enumerate();
    let series = series.map(|(index, &colour)| (Role::Series(index), colour));
    let coloured = SURROUNDINGS.into_iter().chain(series);
    let coloured = coloured.map(|(role, colour)| (role.to_string(), "color", colour));
    let [(_, background), ..] = SURROUNDINGS;
    let outlined = ["plot-edge", "plot-halo"];
    let outlined = outlined.map(|class| (class.to_owned(), "stroke", background));
    let rules = coloured.chain(outlined);
    let rules = rules
        .map(|(class, property, colour)| format!("{scope}.{class}{{{property}:{}}}", pick(colour)));
    rules.collect::<Vec<_>>().concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::colour_map::{Rgb, oklab};

    /// Severe protanopia, deuteranopia and tritanopia: Machado, Oliveira and Fernandes, "A Physiologically-based
    /// Model for Simulation of Color Vision Deficiency" (2009), on linear sRGB.
    const SIGHTS: [[[f64; 3]; 3]; 4] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
        [
            [1.255_528, -0.076_749, -0.178_779],
            [-0.078_411, 0.930_809, 0.147_602],
            [0.004_733, 0.691_367, 0.303_900],
        ],
    ];

    /// Okabe and Ito's palette has 0.076 by the same measure.
    const LEAST_DISTANCE: f64 = 0.11;

    fn apart(colours: &[&str], sight: [[f64; 3]; 3]) -> f64 {
        let seen: Vec<[f64; 3]> = colours
            .iter()
            .map(|hex| {
                let linear = Rgb::from_hex(hex).linear();
                let through = sight.map(|row| {
                    let sum: f64 = row.iter().zip(linear).map(|(a, b)| a * b).sum();
                    sum.clamp(0.0, 1.0)
                });
                oklab(through)
            })
            .collect();
        let mut least = f64::INFINITY;
        for (index, a) in seen.iter().enumerate() {
            for b in &seen[..index] {
                let squares: f64 = a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum();
                least = least.min(squares.sqrt());
            }
        }
        least
    }

    #[test]
    fn colours_stay_apart_for_every_sight() {
        for sight in SIGHTS {
            assert!(apart(&COLOURS.map(|colour| colour.light), sight) > LEAST_DISTANCE);
            assert!(apart(&COLOURS.map(|colour| colour.dark), sight) > LEAST_DISTANCE);
        }
        // The measure can fail: red and green of the same lightness.
        assert!(apart(&["#b06000", "#6b7d00"], SIGHTS[2]) < LEAST_DISTANCE);
    }

    /// WCAG 2.2: 3 for graphics (1.4.11), 4.5 for text (1.4.3).
    #[test]
    fn contrast_is_that_of_the_guidelines() {
        let contrast = |a: &str, b: &str| {
            let (a, b) = (Rgb::from_hex(a).luminance(), Rgb::from_hex(b).luminance());
            (a.max(b) + 0.05) / (a.min(b) + 0.05)
        };
        let [(_, background), (_, ink), (_, muted), ..] = SURROUNDINGS;
        for colour in COLOURS {
            assert!(contrast(colour.light, background.light) >= 3.0);
            assert!(contrast(colour.dark, background.dark) >= 3.0);
        }
        for colour in [ink, muted] {
            assert!(contrast(colour.light, background.light) >= 4.5);
            assert!(contrast(colour.dark, background.dark) >= 4.5);
        }
        assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
    }

    #[test]
    fn series_differ_in_colour_or_pattern() {
        let line = |index| (Role::Series(index).to_string(), dashes(index));
        let bar = |index| (Role::Series(index).to_string(), texture(index));
        for a in 0..MOST_SERIES {
            for b in 0..a {
                assert_ne!(line(a), line(b));
            }
        }
        for a in 0..MOST_BAR_SERIES {
            for b in 0..a {
                assert_ne!(bar(a), bar(b));
            }
            assert_ne!(texture(a), texture(a + 1));
        }
    }
}
