//! How the terminal is used.

use std::ffi::OsString;

use clap::{Args, ColorChoice, ValueEnum};

/// The options for it.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct ScreenArgs {
    /// Colours: where the terminal has them and `NO_COLOR` is not set, always, or never
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t)]
    color: ColorChoice,
    /// Show no progress
    #[arg(long, short, global = true)]
    quiet: bool,
}

impl ScreenArgs {
    /// Whether progress is not to be shown.
    pub(crate) fn is_quiet(self) -> bool {
        self.quiet
    }

    /// Makes the choice that of all streams.
    pub(crate) fn choose_color(self) {
        match self.color {
            ColorChoice::Auto => anstream::ColorChoice::Auto,
            ColorChoice::Always => anstream::ColorChoice::Always,
            ColorChoice::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

/// The choice for answers of the parser itself, which come before the arguments are read: help and errors.
pub(crate) fn color_of_answers(arguments: impl Iterator<Item = OsString>) -> ColorChoice {
    let arguments: Vec<OsString> = arguments.take_while(|one| one != "--").collect();
    let joined = arguments
        .iter()
        .filter_map(|one| one.to_str()?.strip_prefix("--color="));
    let apart = arguments
        .windows(2)
        .filter(|pair| pair[0] == "--color")
        .filter_map(|pair| pair[1].to_str());
    let last = joined.chain(apart).next_back().unwrap_or_default();
    ColorChoice::from_str(last, false).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_the_parser_have_the_colour_that_was_asked_for() {
        let color =
            |arguments: &[&str]| color_of_answers(arguments.iter().map(|one| OsString::from(*one)));
        assert_eq!(color(&["rooflab"]), ColorChoice::Auto);
        assert_eq!(color(&["rooflab", "--color=never"]), ColorChoice::Never);
        assert_eq!(
            color(&["rooflab", "run", "--color", "always"]),
            ColorChoice::Always
        );
        assert_eq!(
            color(&["rooflab", "--", "--color=never"]),
            ColorChoice::Auto
        );
    }
}
