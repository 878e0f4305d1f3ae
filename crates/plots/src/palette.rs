//! Colours, dashes, textures and the style sheet that every picture carries.

use std::fmt::Write as _;

use crate::layer::Layer;

/// Colours of series. Every two of them stay apart in the sight of people with protanopia, deuteranopia or tritanopia
/// (the tests simulate it), and each stands out from the background.
pub(crate) const COLOURS: [Colour; 6] = [
    Colour {
        light: "#204ecb",
        dark: "#7cbde7",
    },
    Colour {
        light: "#f15817",
        dark: "#e98100",
    },
    Colour {
        light: "#419f8a",
        dark: "#9cfee6",
    },
    Colour {
        light: "#931379",
        dark: "#a16484",
    },
    Colour {
        light: "#5d5000",
        dark: "#fadd05",
    },
    Colour {
        light: "#b073fd",
        dark: "#746ef9",
    },
];

pub(crate) const BACKGROUND: Colour = Colour {
    light: "#ffffff",
    dark: "#0d1117",
};
const INK: Colour = Colour {
    light: "#1f2328",
    dark: "#e6edf3",
};
const MUTED: Colour = Colour {
    light: "#59636e",
    dark: "#9ba4ae",
};
const GRID: Colour = Colour {
    light: "#d1d9e0",
    dark: "#343b44",
};
const FAINT: Colour = Colour {
    light: "#eef1f4",
    dark: "#1d232b",
};

/// Dashes of lines: one for each round through the colours.
const DASHES: [&str; 3] = ["none", "7 3", "2 3"];

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
    pub(crate) light: &'static str,
    pub(crate) dark: &'static str,
}

/// Which colours a picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Those the reader prefers (`prefers-color-scheme`), unless the page around an inlined picture says otherwise:
    /// by `data-theme="light"` or `data-theme="dark"` on any element around it. Style sheets of inlined pictures hold
    /// for the whole page, so all pictures of a page have one theme.
    #[default]
    Auto,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// Width, least height and colours of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Width, which charts of many categories exceed.
    pub width_px: u32,
    /// Height of a chart with a title of one line and no legend. Legends, long labels and rows of bars add to it.
    pub height_px: u32,
    /// Colours.
    pub theme: Theme,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            width_px: 760,
            height_px: 440,
            theme: Theme::Auto,
        }
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

impl Role {
    /// The class that sets the colour.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Background => "plot-bg",
            Self::Ink => "plot-ink",
            Self::Muted => "plot-muted",
            Self::Grid => "plot-grid",
            Self::Faint => "plot-faint",
            Self::Series(index) => match index % COLOURS.len() {
                0 => "plot-s0",
                1 => "plot-s1",
                2 => "plot-s2",
                3 => "plot-s3",
                4 => "plot-s4",
                // Six colours: the remainder is below six.
                _ => "plot-s5",
            },
        }
    }
}

/// The dashes of the line of a series.
pub(crate) fn dashes(index: usize) -> &'static str {
    DASHES
        .get(index / COLOURS.len() % DASHES.len())
        .copied()
        .unwrap_or("none")
}

/// The dashes of a line of a layer: what lies below shows between them.
pub(crate) fn dashes_over(index: usize, layer: Layer) -> &'static str {
    match (layer, dashes(index)) {
        (Layer::Over(1), "none") => "8 8",
        (Layer::Over(_), "none") => "4 12",
        (Layer::Free | Layer::Over(_), dashes) => dashes,
    }
}

/// How bars are filled, beside their colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Texture {
    Plain,
    Rising,
    Falling,
    Level,
}

/// The texture of the bars of a series: neighbours differ, and no two of twelve series share colour and texture.
pub(crate) fn texture(index: usize) -> Texture {
    match (index + index / COLOURS.len()) % 4 {
        0 => Texture::Plain,
        1 => Texture::Rising,
        2 => Texture::Falling,
        _ => Texture::Level,
    }
}

/// The style sheet. It sets colours alone, under names of its own, so that it does no harm in a page around it.
/// Colours are rules rather than variables, which many viewers of SVG do not know.
pub(crate) fn style_sheet(theme: Theme) -> String {
    let light = |colour: Colour| colour.light;
    let dark = |colour: Colour| colour.dark;
    let mut out = String::from(SHAPES_OF_TEXT);
    match theme {
        Theme::Light => rules(&mut out, ".plot ", light),
        Theme::Dark => rules(&mut out, ".plot ", dark),
        Theme::Auto => {
            rules(&mut out, ".plot ", light);
            out.push_str("@media (prefers-color-scheme:dark){");
            rules(&mut out, ".plot ", dark);
            out.push('}');
            rules(&mut out, "[data-theme=light] .plot ", light);
            rules(&mut out, "[data-theme=dark] .plot ", dark);
        }
    }
    out
}

fn rules(out: &mut String, scope: &str, pick: impl Fn(Colour) -> &'static str) {
    let mut rule = |class: &str, property: &str, colour: Colour| {
        // Writing to a string cannot fail.
        let written = write!(out, "{scope}.{class}{{{property}:{}}}", pick(colour));
        debug_assert!(written.is_ok());
    };
    rule(Role::Background.class(), "color", BACKGROUND);
    rule(Role::Ink.class(), "color", INK);
    rule(Role::Muted.class(), "color", MUTED);
    rule(Role::Grid.class(), "color", GRID);
    rule(Role::Faint.class(), "color", FAINT);
    for (index, &colour) in COLOURS.iter().enumerate() {
        rule(Role::Series(index).class(), "color", colour);
    }
    rule("plot-edge", "stroke", BACKGROUND);
    rule("plot-halo", "stroke", BACKGROUND);
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
        for colour in COLOURS {
            assert!(contrast(colour.light, BACKGROUND.light) >= 3.0);
            assert!(contrast(colour.dark, BACKGROUND.dark) >= 3.0);
        }
        for colour in [INK, MUTED] {
            assert!(contrast(colour.light, BACKGROUND.light) >= 4.5);
            assert!(contrast(colour.dark, BACKGROUND.dark) >= 4.5);
        }
        assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
    }

    #[test]
    fn series_differ_in_colour_or_pattern() {
        let line = |index| (Role::Series(index).class(), dashes(index));
        let bar = |index| (Role::Series(index).class(), texture(index));
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
