use std::io::{self, Read};

use memchr::memchr;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::json_window::JsonWindow;
use super::report::{Benchmark, Counted, InnerBenchmark, Report, Requests};
use super::request::{Request, RequestV01};
use super::request_list::{ListedRequest, MOST_REQUESTS, RequestList};
use crate::elided_reader::ElidedReader;

/// Why a report was not read in the fast way.
#[derive(Debug)]
pub(crate) enum StreamProblem {
    /// Its file cannot be read.
    Io(io::Error),
    /// Its text is no report, or one that is written in a way that this reader does not follow. Parsing it as a whole
    /// tells which.
    Unusual,
}

/// A report and the first characters of what follows it in its file, if anything but white space does.
#[derive(Debug)]
pub(crate) struct ReportText {
    pub(crate) report: Report,
    pub(crate) trailing: Option<Vec<u8>>,
}

/// Deepest nesting outside the lists of requests; reports have about ten levels.
const MAX_DEPTH: usize = 100;

/// Largest text of a report without its lists of requests; a benchmark has some 50 kB. A report with a larger one is
/// parsed as a whole, which builds none.
const MAX_FRAME_BYTES: usize = 64 << 20;

/// Most lists of requests; a benchmark has three.
const MAX_LISTS: usize = 100_000;

/// How much of a text behind the report is kept.
const TRAILING_BYTES: usize = 200;

/// Reads a report in memory that does not grow with it, apart from the numbers: long texts are left out by
/// [`ElidedReader`], requests are parsed one by one, and what is left, the frame, as a whole.
///
/// Reads the source to its end.
pub(crate) fn read_json(source: impl Read) -> Result<ReportText, StreamProblem> {
    let mut reader = FrameReader {
        window: JsonWindow::new(ElidedReader::new(source)),
        frame: Vec::new(),
        path: Vec::new(),
        lists: Vec::new(),
        listed: 0,
    };
    reader.read_frame()?;
    let trailing = reader.read_trailing()?;
    let mut report: Report =
        serde_json::from_slice(&reader.frame).map_err(|_| StreamProblem::Unusual)?;
    for (place, list) in reader.lists {
        put(&mut report, place, list).ok_or(StreamProblem::Unusual)?;
    }
    Ok(ReportText { report, trailing })
}

struct FrameReader<R> {
    window: JsonWindow<R>,
    /// The text without the lists of requests, which are empty in it.
    frame: Vec<u8>,
    /// The objects and lists that are open.
    path: Vec<Open>,
    /// What the lists held.
    lists: Vec<(Place, List)>,
    /// How many requests they held that are kept.
    listed: usize,
}

/// An object or a list that is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Object {
        /// The key whose value comes; none where a key comes.
        key: Option<Key>,
    },
    List {
        index: usize,
    },
}

/// The keys on the way to lists of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Benchmarks,
    Requests,
    Successful,
    Errored,
    Incomplete,
    Results,
    Errors,
    Other,
}

/// Where a list of requests is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// `benchmarks[benchmark].requests.successful`
    Successful { benchmark: usize },
    /// `benchmarks[benchmark].requests.errored`
    Errored { benchmark: usize },
    /// `benchmarks[benchmark].requests.incomplete`
    Incomplete { benchmark: usize },
    /// `benchmarks[benchmark].benchmarks[inner].results`
    Results { benchmark: usize, inner: usize },
    /// `benchmarks[benchmark].benchmarks[inner].errors`
    Errors { benchmark: usize, inner: usize },
}

/// What a list held: its requests where they are kept, else how many there were.
enum List {
    Requests(RequestList),
    Counted(Counted),
}

impl Key {
    fn of(text: &[u8]) -> Self {
        match text {
            b"benchmarks" => Self::Benchmarks,
            b"requests" => Self::Requests,
            b"successful" => Self::Successful,
            b"errored" => Self::Errored,
            b"incomplete" => Self::Incomplete,
            b"results" => Self::Results,
            b"errors" => Self::Errors,
            _ => Self::Other,
        }
    }
}

impl<R: Read> FrameReader<R> {
    /// Reads one value, from its first to its last byte.
    fn read_frame(&mut self) -> Result<(), StreamProblem> {
        if self.window.peek_token()? != Some(b'{') {
            return Err(StreamProblem::Unusual);
        }
        loop {
            let byte = self.window.peek()?.ok_or(StreamProblem::Unusual)?;
            match byte {
                b'"' => {
                    self.copy_string()?;
                    continue;
                }
                b'[' => {
                    if let Some(place) = self.place() {
                        if self.lists.len() == MAX_LISTS {
                            return Err(StreamProblem::Unusual);
                        }
                        let list = self.read_list(place)?;
                        self.lists.push((place, list));
                        self.frame.extend_from_slice(b"[]");
                        continue;
                    }
                    self.path.push(Open::List { index: 0 });
                }
                b'{' => self.path.push(Open::Object { key: None }),
                // Whether brackets match is found out when the frame is parsed.
                b'}' | b']' => {
                    self.path.pop();
                }
                b',' => match self.path.last_mut() {
                    Some(Open::Object { key }) => *key = None,
                    Some(Open::List { index }) => *index += 1,
                    None => return Err(StreamProblem::Unusual),
                },
                _ => {}
            }
            if self.path.len() > MAX_DEPTH || self.frame.len() > MAX_FRAME_BYTES {
                return Err(StreamProblem::Unusual);
            }
            self.frame.push(byte);
            self.window.pass(1);
            if self.path.is_empty() {
                return Ok(());
            }
        }
    }

    /// Copies the string that is next, and remembers it where it is a key.
    fn copy_string(&mut self) -> Result<(), StreamProblem> {
        let mut searched = 1;
        let length = loop {
            let rest = self.window.rest();
            match memchr(b'"', &rest[searched..]) {
                Some(gap) => {
                    let quote = searched + gap;
                    let inside = &rest[1..quote];
                    let backslashes = inside.iter().rev().take_while(|byte| **byte == b'\\');
                    if backslashes.count() % 2 == 0 {
                        break quote + 1;
                    }
                    searched = quote + 1;
                }
                None => {
                    if !self.window.extend()? {
                        return Err(StreamProblem::Unusual);
                    }
                }
            }
        };
        let text = &self.window.rest()[..length];
        if let Some(Open::Object { key: key @ None }) = self.path.last_mut() {
            *key = Some(Key::of(&text[1..length - 1]));
        }
        self.frame.extend_from_slice(text);
        self.window.pass(length);
        Ok(())
    }

    /// The place of the list whose opening bracket is next, where it is one of requests.
    fn place(&self) -> Option<Place> {
        const fn under(key: Key) -> Open {
            Open::Object { key: Some(key) }
        }
        const BENCHMARKS: Open = under(Key::Benchmarks);
        const REQUESTS: Open = under(Key::Requests);
        match *self.path.as_slice() {
            [
                BENCHMARKS,
                Open::List { index: benchmark },
                REQUESTS,
                Open::Object { key: Some(key) },
            ] => match key {
                Key::Successful => Some(Place::Successful { benchmark }),
                Key::Errored => Some(Place::Errored { benchmark }),
                Key::Incomplete => Some(Place::Incomplete { benchmark }),
                Key::Benchmarks | Key::Requests | Key::Results | Key::Errors | Key::Other => None,
            },
            [
                BENCHMARKS,
                Open::List { index: benchmark },
                BENCHMARKS,
                Open::List { index: inner },
                Open::Object { key: Some(key) },
            ] => match key {
                Key::Results => Some(Place::Results { benchmark, inner }),
                Key::Errors => Some(Place::Errors { benchmark, inner }),
                Key::Benchmarks
                | Key::Requests
                | Key::Successful
                | Key::Errored
                | Key::Incomplete
                | Key::Other => None,
            },
            // Paths of any other shape, of which there is no end.
            [..] => None,
        }
    }

    fn read_list(&mut self, place: Place) -> Result<List, StreamProblem> {
        match place {
            Place::Successful { .. } => self.read_requests::<Request>(),
            Place::Results { .. } => self.read_requests::<RequestV01>(),
            Place::Errored { .. } | Place::Incomplete { .. } | Place::Errors { .. } => {
                let mut count = 0;
                self.window.list(|_: IgnoredAny| {
                    count += 1;
                    Ok(())
                })?;
                Ok(List::Counted(Counted(count)))
            }
        }
    }

    /// Reads a list of requests that are written as `W`.
    fn read_requests<W>(&mut self) -> Result<List, StreamProblem>
    where
        W: for<'de> Deserialize<'de> + Into<ListedRequest>,
    {
        let mut requests = RequestList::default();
        let before = self.listed;
        self.window.list(|request: W| {
            let added = requests.push(&request.into());
            if added.is_err() || before + requests.len() > MOST_REQUESTS {
                return Err(StreamProblem::Unusual);
            }
            Ok(())
        })?;
        self.listed += requests.len();
        Ok(List::Requests(requests))
    }

    /// Reads to the end; the start of what is there but white space.
    fn read_trailing(&mut self) -> Result<Option<Vec<u8>>, StreamProblem> {
        self.window.peek_token()?;
        while self.window.rest().len() < TRAILING_BYTES && self.window.extend()? {}
        let rest = self.window.rest();
        let trailing = (!rest.is_empty()).then(|| rest[..rest.len().min(TRAILING_BYTES)].to_vec());
        while self.window.peek()?.is_some() {
            self.window.pass(self.window.rest().len());
        }
        Ok(trailing)
    }
}

/// Puts a list to its place, which the frame has as an empty list.
fn put(report: &mut Report, place: Place, list: List) -> Option<()> {
    let benchmarks = report.benchmarks.as_mut()?;
    match place {
        Place::Successful { benchmark } => {
            let place = requests(benchmarks, benchmark)?.successful.as_mut()?;
            *place = list.requests()?;
        }
        Place::Errored { benchmark } => {
            let place = requests(benchmarks, benchmark)?.errored.as_mut()?;
            *place = list.counted()?;
        }
        Place::Incomplete { benchmark } => {
            let place = requests(benchmarks, benchmark)?.incomplete.as_mut()?;
            *place = list.counted()?;
        }
        Place::Results { benchmark, inner } => {
            let place = inner_benchmark(benchmarks, benchmark, inner)?
                .results
                .as_mut()?;
            *place = list.requests()?;
        }
        Place::Errors { benchmark, inner } => {
            let place = inner_benchmark(benchmarks, benchmark, inner)?
                .errors
                .as_mut()?;
            *place = list.counted()?;
        }
    }
    Some(())
}

fn requests(benchmarks: &mut [Benchmark], benchmark: usize) -> Option<&mut Requests> {
    benchmarks.get_mut(benchmark)?.requests.as_mut()
}

fn inner_benchmark(
    benchmarks: &mut [Benchmark],
    benchmark: usize,
    inner: usize,
) -> Option<&mut InnerBenchmark> {
    let inner_benchmarks = benchmarks.get_mut(benchmark)?.benchmarks.as_mut()?;
    inner_benchmarks.get_mut(inner)
}

impl List {
    fn requests(self) -> Option<RequestList> {
        match self {
            Self::Requests(list) => Some(list),
            Self::Counted(_) => None,
        }
    }

    fn counted(self) -> Option<Counted> {
        match self {
            Self::Counted(count) => Some(count),
            Self::Requests(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::plain_reader::read_json_plainly;
    use super::*;

    const PIECES: [&str; 30] = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"benchmarks\":",
        "\"requests\":",
        "\"successful\":",
        "\"errored\": ",
        "\"results\":",
        "\"errors\":",
        "\"info\":",
        "\"timings\":",
        "\"prompt_tokens\":",
        "\"output_tokens\":",
        "\"start_time\":",
        "\"mode\":",
        "\"args\":",
        "\"x\\\"\"",
        "\"\"",
        "1.5",
        "12",
        "-",
        "null",
        "true",
        " ",
        "\n",
        "{\"prompt_tokens\": 3}",
        "{}",
    ];

    /// A report, whole or not, by pieces around lists of requests.
    fn text() -> impl Strategy<Value = String> {
        let pieces = prop::collection::vec(prop::sample::select(PIECES.as_slice()), 0..8);
        let frames = prop::sample::select(vec![
            (
                "{\"benchmarks\": [{\"requests\": {\"successful\": [",
                "]}}]}",
            ),
            (
                "{\"benchmarks\":[{\"requests\":{\"errored\":[",
                "], \"successful\": [{\"output_tokens\": 7}]}}]}",
            ),
            (
                "{\"benchmarks\": [{\"benchmarks\": [{\"results\": [",
                "], \"errors\": [{}, 1]}]}, {}]} tail",
            ),
            ("{\"benchmarks\": [", "]}"),
            ("{", "}"),
            ("", ""),
        ]);
        (frames, pieces)
            .prop_map(|((open, close), pieces)| format!("{open}{}{close}", pieces.concat()))
    }

    proptest! {
        /// Reading piece by piece gives what parsing the whole does, or nothing.
        #[test]
        fn agrees_with_parsing_the_whole(text in text()) {
            if let Ok(fast) = read_json(text.as_bytes()) {
                let plain = read_json_plainly(text.as_bytes()).unwrap().unwrap();
                prop_assert_eq!(format!("{:?}", fast), format!("{:?}", plain));
            }
        }
    }

    #[test]
    fn reads_requests_of_any_length() {
        let request = |length: usize| {
            format!(
                "{{\"x\": [{}1], \"prompt_tokens\": {length}, \"output_tokens\": 2, \"start_time\": 1, \"first_token_time\": 2, \
                 \"last_token_time\": 3, \"end_time\": 4}}",
                "1, ".repeat(length)
            )
        };
        let lengths = [1, 100_000, 3, 300_000, 20_000, 21_844, 21_845, 21_846];
        let list: Vec<String> = lengths.into_iter().map(request).collect();
        let text = format!(
            "{{\"benchmarks\": [{{\"requests\": {{\"successful\": [{}]}}}}]}}\n",
            list.join(", ")
        );
        let read = read_json(text.as_bytes()).unwrap();
        assert_eq!(read.trailing, None);
        let benchmarks = read.report.benchmarks.unwrap();
        let requests = benchmarks[0].requests.as_ref().unwrap();
        let list = requests.successful.clone().unwrap();
        let (requests, _) = list.measured_in(None);
        let read: Vec<_> = requests
            .iter()
            .filter_map(|request| request.prompt_tokens)
            .collect();
        assert_eq!(read, lengths.map(|length| u32::try_from(length).unwrap()));
    }
}
