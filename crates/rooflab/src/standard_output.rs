//! Standard output whose reader may leave.

use std::io::{self, BufWriter, ErrorKind, Stdout, Write};

use crate::screen::Screen;
use crate::text_table::TextTable;
use crate::wrapped_text::on_screen;

/// Buffered standard output. When its reader leaves, as `head` does, the rest is dropped: the work goes on and the
/// exit code says what it came to.
#[derive(Debug)]
pub(crate) struct StandardOutput<W: Write = Stdout> {
    stream: BufWriter<W>,
    has_reader: bool,
    screen: Screen,
}

impl StandardOutput {
    /// The one of the process.
    pub(crate) fn new() -> Self {
        Self {
            screen: Screen::of_standard_output(),
            ..Self::of(io::stdout())
        }
    }
}

impl<W: Write> StandardOutput<W> {
    fn of(stream: W) -> Self {
        Self {
            stream: BufWriter::new(stream),
            has_reader: true,
            screen: Screen::default(),
        }
    }

    /// What its reader can see.
    pub(crate) fn screen(&self) -> Screen {
        self.screen
    }

    /// Writes lines of text as the screen has room for them.
    pub(crate) fn text(&mut self, text: &str) -> io::Result<()> {
        let shown = on_screen(text, self.screen);
        self.write_all(shown.as_bytes())
    }

    /// Writes a table as the screen has room for it.
    pub(crate) fn table(&mut self, table: &TextTable) -> io::Result<()> {
        let shown = table.on(self.screen);
        self.write_all(shown.as_bytes())
    }

    /// Whether anybody can still read what is written.
    pub(crate) fn has_reader(&self) -> bool {
        self.has_reader
    }

    fn unless_left<T>(&mut self, result: io::Result<T>, otherwise: T) -> io::Result<T> {
        match result {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.has_reader = false;
                Ok(otherwise)
            }
            Err(error) => Err(io::Error::new(
                error.kind(),
                format!("cannot write to standard output: {error}"),
            )),
            Ok(value) => Ok(value),
        }
    }
}

impl<W: Write> Write for StandardOutput<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.has_reader {
            return Ok(bytes.len());
        }
        let result = self.stream.write(bytes);
        self.unless_left(result, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.has_reader {
            return Ok(());
        }
        let result = self.stream.flush();
        self.unless_left(result, ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Failing(ErrorKind);

    impl Write for Failing {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_left_is_no_error() {
        let mut out = StandardOutput::of(Failing(ErrorKind::BrokenPipe));
        writeln!(out, "lost").unwrap();
        assert!(out.has_reader());
        out.flush().unwrap();
        assert!(!out.has_reader());
        writeln!(out, "lost as well").unwrap();
        out.flush().unwrap();
    }

    #[test]
    fn a_full_disk_is() {
        let mut out = StandardOutput::of(Failing(ErrorKind::StorageFull));
        writeln!(out, "text").unwrap();
        let error = out.flush().unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("cannot write to standard output: "),
            "{error}"
        );
    }
}
