//! Colours of numbers.

/// The control points of viridis (matplotlib, by Stéfan van der Walt and Nathaniel Smith): even steps of lightness.
const SEQUENTIAL: [&str; 10] = [
    "#440154", "#482878", "#3e4989", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6ece58",
    "#b5de2b", "#fde725",
];

/// Blue below, orange above, white at the centre.
const DIVERGING: [&str; 7] = [
    "#1d4f91", "#4a8cc0", "#a3c9e2", "#f7f7f7", "#fbc387", "#dd7f1c", "#9a4a05",
];

/// How the colours of a heatmap run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ColourScale {
    /// From dark to bright, evenly over the values.
    Sequential,
    /// From dark to bright by the ratio of values, which are above zero.
    SequentialLog,
    /// From blue by white to orange, white at the centre and equally far to both sides.
    Diverging {
        /// The value that is white.
        centre: f64,
    },
}

impl ColourScale {
    /// The colour at a share between 0 and 1 of the scale.
    pub(crate) fn colour(self, share: f64) -> Rgb {
        match self {
            Self::Sequential | Self::SequentialLog => between(&SEQUENTIAL, share),
            Self::Diverging { .. } => between(&DIVERGING, share),
        }
    }
}

fn between(stops: &[&str], share: f64) -> Rgb {
    let position = share.clamp(0.0, 1.0) * crate::check::as_f64(stops.len() - 1);
    let mut passed = 0.0;
    let mut colour = Rgb([0.0; 3]);
    for pair in stops.windows(2) {
        if let [from, to] = pair {
            let share = (position - passed).clamp(0.0, 1.0);
            colour = Rgb::from_hex(from).towards(Rgb::from_hex(to), share);
        }
        passed += 1.0;
        if position <= passed {
            break;
        }
    }
    colour
}

/// A colour in sRGB, each channel from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rgb(pub(crate) [f64; 3]);

impl Rgb {
    /// Of `#rrggbb`; what is no such text is black.
    pub(crate) fn from_hex(hex: &str) -> Self {
        let number = u32::from_str_radix(hex.trim_start_matches('#'), 16).unwrap_or(0);
        let [_, red, green, blue] = number.to_be_bytes();
        Self([red, green, blue].map(|channel| f64::from(channel) / 255.0))
    }

    fn towards(self, other: Self, share: f64) -> Self {
        let [r, g, b] = self.0;
        let [r2, g2, b2] = other.0;
        let mix = |a: f64, b: f64| a + (b - a) * share;
        Self([mix(r, r2), mix(g, g2), mix(b, b2)])
    }

    pub(crate) fn hex(self) -> String {
        let [r, g, b] = self.0.map(|channel| format!("{:02x}", byte(channel)));
        format!("#{r}{g}{b}")
    }

    /// Without the gamma of sRGB.
    pub(crate) fn linear(self) -> [f64; 3] {
        self.0.map(|channel| {
            if channel <= 0.040_45 {
                channel / 12.92
            } else {
                ((channel + 0.055) / 1.055).powf(2.4)
            }
        })
    }

    /// Relative luminance (WCAG 2.2).
    pub(crate) fn luminance(self) -> f64 {
        let [r, g, b] = self.linear();
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// Black or white, whichever reads better on this colour.
    pub(crate) fn text(self) -> &'static str {
        // Black and white contrast equally where (L + 0.05)^2 = 1.05 * 0.05.
        if self.luminance() > 0.179 {
            "#000000"
        } else {
            "#ffffff"
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0..=255"
)]
fn byte(channel: f64) -> u8 {
    (channel * 255.0).round().clamp(0.0, 255.0) as u8
}

/// Oklab (Björn Ottosson, 2020) of a linear colour: lightness and two opponent axes, in which distances look even.
#[cfg(test)]
pub(crate) fn oklab([red, green, blue]: [f64; 3]) -> [f64; 3] {
    let long = (0.412_221_470_8 * red + 0.536_332_536_3 * green + 0.051_445_992_9 * blue).cbrt();
    let medium = (0.211_903_498_2 * red + 0.680_699_545_1 * green + 0.107_396_956_6 * blue).cbrt();
    let short = (0.088_302_461_9 * red + 0.281_718_837_6 * green + 0.629_978_700_5 * blue).cbrt();
    [
        0.210_454_255_3 * long + 0.793_617_785_0 * medium - 0.004_072_046_8 * short,
        1.977_998_495_1 * long - 2.428_592_205_0 * medium + 0.450_593_709_9 * short,
        0.025_904_037_1 * long + 0.782_771_766_2 * medium - 0.808_675_766_0 * short,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lightness(scale: ColourScale, share: f64) -> f64 {
        oklab(scale.colour(share).linear())[0]
    }

    #[test]
    fn sequential_colours_brighten_evenly() {
        let steps: Vec<f64> = (0..=20)
            .map(|step| lightness(ColourScale::Sequential, f64::from(step) / 20.0))
            .collect();
        let even = (steps[20] - steps[0]) / 20.0;
        for pair in steps.windows(2) {
            let step = pair[1] - pair[0];
            assert!(
                step > 0.5 * even && step < 1.6 * even,
                "{step} against {even}"
            );
        }
    }

    #[test]
    fn diverging_colours_darken_to_both_sides_alike() {
        let scale = ColourScale::Diverging { centre: 0.0 };
        assert_eq!(scale.colour(0.5).hex(), "#f7f7f7");
        for step in 1..=10 {
            let away = f64::from(step) / 20.0;
            let (below, above) = (lightness(scale, 0.5 - away), lightness(scale, 0.5 + away));
            assert!((below - above).abs() < 0.08, "{below} against {above}");
            assert!(below < lightness(scale, 0.5 - away + 0.05));
            assert!(above < lightness(scale, 0.5 + away - 0.05));
        }
    }

    #[test]
    fn ends_are_the_ends_of_the_scale() {
        assert_eq!(ColourScale::Sequential.colour(-1.0).hex(), "#440154");
        assert_eq!(ColourScale::Sequential.colour(0.0).hex(), "#440154");
        assert_eq!(ColourScale::SequentialLog.colour(1.0).hex(), "#fde725");
        assert_eq!(ColourScale::SequentialLog.colour(7.0).hex(), "#fde725");
    }

    #[test]
    fn text_reads_on_every_colour() {
        for step in 0..=100 {
            let share = f64::from(step) / 100.0;
            for scale in [
                ColourScale::Sequential,
                ColourScale::Diverging { centre: 0.0 },
            ] {
                let colour = scale.colour(share);
                let (a, b) = (colour.luminance(), Rgb::from_hex(colour.text()).luminance());
                // 4.5 is the least contrast of text (WCAG 2.2).
                assert!((a.max(b) + 0.05) / (a.min(b) + 0.05) >= 4.5);
            }
        }
    }
}
