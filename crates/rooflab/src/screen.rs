//! What the reader of a stream can see: how wide, and whether in colour.

use std::io::{self, IsTerminal};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

/// The screen behind a stream. Without a terminal lines are as long as they are, and plain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Screen {
    columns: Option<usize>,
    is_colored: bool,
}

/// What colour says. It never says it alone: the words beside it do as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// As it should be.
    Good,
    /// Not as it should be.
    Bad,
    /// To be looked at.
    Doubtful,
    /// A heading.
    Head,
}

impl Screen {
    /// A screen of so many columns.
    #[cfg(test)]
    pub(crate) const fn new(columns: Option<usize>, is_colored: bool) -> Self {
        Self {
            columns,
            is_colored,
        }
    }

    /// The one behind standard output.
    pub(crate) fn of_standard_output() -> Self {
        let stream = io::stdout();
        let size = terminal_size::terminal_size_of(&stream).filter(|_| stream.is_terminal());
        Self {
            columns: size
                .map(|(width, _)| usize::from(width.0))
                .filter(|columns| *columns > 0),
            is_colored: is_colored(AutoStream::choice(&stream)),
        }
    }

    /// The one behind standard error, whose lines are not fitted.
    pub(crate) fn of_standard_error() -> Self {
        Self {
            columns: None,
            is_colored: is_colored(AutoStream::choice(&io::stderr())),
        }
    }

    /// How many characters fit on a line, where there is a limit.
    pub(crate) fn columns(self) -> Option<usize> {
        self.columns
    }

    /// Whether text may be coloured.
    pub(crate) fn is_colored(self) -> bool {
        self.is_colored
    }

    /// The text in the colour of a tone, where it has one and there are colours.
    pub(crate) fn paint(self, tone: impl Into<Option<Tone>>, text: &str) -> String {
        match tone.into() {
            Some(tone) if self.is_colored && !text.is_empty() => {
                let style = tone.style();
                format!("{style}{text}{style:#}")
            }
            Some(_) | None => text.to_owned(),
        }
    }

    /// A word for a state in its colour.
    pub(crate) fn paint_state(self, word: &str) -> String {
        self.paint(Tone::of_cell(word), word)
    }
}

/// The conventions `NO_COLOR`, `CLICOLOR`, `CLICOLOR_FORCE` and `TERM=dumb`, and `--color` above them, are in the choice.
fn is_colored(choice: ColorChoice) -> bool {
    match choice {
        ColorChoice::Always | ColorChoice::AlwaysAnsi => true,
        ColorChoice::Auto | ColorChoice::Never => false,
    }
}

impl Tone {
    /// The tone of a cell that holds one of the words for a state, and nothing else.
    pub(crate) fn of_cell(text: &str) -> Option<Self> {
        match text {
            "CONFIRMED" | "in order" => Some(Self::Good),
            "REFUTED" => Some(Self::Bad),
            "PARTIALLY CONFIRMED" | "INCONCLUSIVE" | "changed" | "lost" => Some(Self::Doubtful),
            _ => None,
        }
    }

    fn style(self) -> Style {
        match self {
            Self::Good => AnsiColor::Green.on_default().bold(),
            Self::Bad => AnsiColor::Red.on_default().bold(),
            Self::Doubtful => AnsiColor::Yellow.on_default().bold(),
            Self::Head => Style::new().bold(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_coloured_screens_are_painted() {
        let plain = Screen::new(Some(80), false);
        assert_eq!(plain.paint(Tone::Bad, "REFUTED"), "REFUTED");
        let colored = Screen::new(None, true);
        let painted = colored.paint(Tone::Bad, "REFUTED");
        assert_eq!(painted, "\u{1b}[1m\u{1b}[31mREFUTED\u{1b}[0m");
        assert_eq!(
            anstream::adapter::strip_str(&painted).to_string(),
            "REFUTED"
        );
    }

    #[test]
    fn only_whole_cells_have_a_tone() {
        assert_eq!(Tone::of_cell("CONFIRMED"), Some(Tone::Good));
        assert_eq!(Tone::of_cell("Is it CONFIRMED?"), None);
    }
}
