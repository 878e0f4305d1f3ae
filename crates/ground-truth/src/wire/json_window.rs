use std::io::{self, Read};

use serde::Deserialize;

/// Why a report was not read in the fast way.
#[derive(Debug)]
pub(crate) enum StreamProblem {
    /// Its file cannot be read.
    Io(io::Error),
    /// Its text is no report, or one that is written in a way that this reader does not follow. Parsing it as a whole
    /// tells which.
    Unusual,
}

/// The part of a JSON text that is looked at: at least one value of a list, and what was read behind it.
#[derive(Debug)]
pub(crate) struct JsonWindow<R> {
    source: R,
    buffer: Vec<u8>,
    at: usize,
    filled: usize,
    ended: bool,
}

impl<R: Read> JsonWindow<R> {
    /// Holds many requests, whose long texts were left out.
    const FIRST_BYTES: usize = 64 << 10;

    /// A value of a list beyond this is no request.
    const MOST_BYTES: usize = 64 << 20;

    pub(crate) fn new(source: R) -> Self {
        Self {
            source,
            buffer: vec![0; Self::FIRST_BYTES],
            at: 0,
            filled: 0,
            ended: false,
        }
    }

    /// What was read and not passed.
    pub(crate) fn rest(&self) -> &[u8] {
        &self.buffer[self.at..self.filled]
    }

    /// Passes bytes of [`Self::rest`].
    pub(crate) fn pass(&mut self, count: usize) {
        self.at += count;
    }

    /// Reads as much more behind the rest as there is room for, and makes room where there is none. False where there
    /// is nothing more.
    pub(crate) fn extend(&mut self) -> Result<bool, StreamProblem> {
        if self.at > 0 {
            self.buffer.copy_within(self.at..self.filled, 0);
            self.filled -= self.at;
            self.at = 0;
        }
        if self.filled == self.buffer.len() {
            if self.filled >= Self::MOST_BYTES {
                return Err(StreamProblem::Unusual);
            }
            self.buffer.resize(self.filled * 2, 0);
        }
        let held = self.filled;
        while !self.ended && self.filled < self.buffer.len() {
            match self.source.read(&mut self.buffer[self.filled..]) {
                Ok(0) => self.ended = true,
                Ok(count) => self.filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(StreamProblem::Io(error)),
            }
        }
        Ok(self.filled > held)
    }

    /// The next byte, white space included; none at the end.
    pub(crate) fn peek(&mut self) -> Result<Option<u8>, StreamProblem> {
        if self.at == self.filled && !self.extend()? {
            return Ok(None);
        }
        Ok(self.rest().first().copied())
    }

    /// Passes white space and says which byte is next.
    pub(crate) fn peek_token(&mut self) -> Result<Option<u8>, StreamProblem> {
        loop {
            match self.peek()? {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.pass(1),
                other => return Ok(other),
            }
        }
    }

    /// Parses and passes the value that is next.
    fn value<T: for<'de> Deserialize<'de>>(&mut self) -> Result<T, StreamProblem> {
        let mut failed_at = None;
        loop {
            let mut values = serde_json::Deserializer::from_slice(self.rest()).into_iter::<T>();
            match values.next() {
                Some(Ok(value)) => {
                    let length = values.byte_offset();
                    self.pass(length);
                    return Ok(value);
                }
                // A number that is cut by the end of what was read looks wrong; what is wrong stays so with more text.
                Some(Err(error)) if !error.is_eof() => {
                    let at = Some((error.line(), error.column()));
                    if failed_at == at {
                        return Err(StreamProblem::Unusual);
                    }
                    failed_at = at;
                }
                Some(Err(_)) | None => {}
            }
            if !self.extend()? {
                return Err(StreamProblem::Unusual);
            }
        }
    }

    /// Passes a list, whose opening bracket is next, and hands over its elements.
    pub(crate) fn list<T: for<'de> Deserialize<'de>>(
        &mut self,
        mut take: impl FnMut(T) -> Result<(), StreamProblem>,
    ) -> Result<(), StreamProblem> {
        self.pass(1);
        if self.peek_token()? == Some(b']') {
            self.pass(1);
            return Ok(());
        }
        loop {
            take(self.value()?)?;
            match self.peek_token()? {
                Some(b',') => self.pass(1),
                Some(b']') => {
                    self.pass(1);
                    return Ok(());
                }
                _ => return Err(StreamProblem::Unusual),
            }
        }
    }
}
