use std::io::Read;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::json_window::{JsonWindow, StreamProblem};
use super::report::{Report, ReportText, TRAILING_BYTES};
use super::request::{ListedRequest, Request, RequestV01};
use super::request_list::RequestList;
use crate::bounds::MOST_REQUESTS;
use crate::elided_reader::{ElidedReader, closing_quote};

/// Deepest nesting outside the lists of requests; reports have about ten levels.
const MAX_DEPTH: usize = 100;

/// Largest text of a report without its lists of requests; a benchmark has some 50 kB. A report with a larger one is
/// parsed as a whole, which builds none.
const MAX_FRAME_BYTES: usize = 64 << 20;

/// Most lists of requests; a benchmark has three.
const MAX_LISTS: usize = 100_000;

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

/// Where a list of requests is: `benchmarks[benchmark].requests.KEY`, or in a report of 0.1
/// `benchmarks[benchmark].benchmarks[inner].KEY`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    benchmark: usize,
    inner: Option<usize>,
    key: Key,
}

/// What a list held: its requests where they are kept, else how many there were.
enum List {
    Requests(RequestList),
    Counted(u64),
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
        let length = loop {
            if let Some(inside) = closing_quote(&self.window.rest()[1..]) {
                break inside + 2;
            }
            if !self.window.extend()? {
                return Err(StreamProblem::Unusual);
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
                Open::Object {
                    key: Some(key @ (Key::Successful | Key::Errored | Key::Incomplete)),
                },
            ] => Some(Place {
                benchmark,
                inner: None,
                key,
            }),
            [
                BENCHMARKS,
                Open::List { index: benchmark },
                BENCHMARKS,
                Open::List { index: inner },
                Open::Object {
                    key: Some(key @ (Key::Results | Key::Errors)),
                },
            ] => Some(Place {
                benchmark,
                inner: Some(inner),
                key,
            }),
            // Paths of any other shape, of which there is no end.
            [..] => None,
        }
    }

    fn read_list(&mut self, place: Place) -> Result<List, StreamProblem> {
        match place.key {
            Key::Successful => self.read_requests::<Request>(),
            Key::Results => self.read_requests::<RequestV01>(),
            _counted => {
                let mut count = 0;
                self.window.list(|_: IgnoredAny| {
                    count += 1;
                    Ok(())
                })?;
                Ok(List::Counted(count))
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
    let benchmark = report.benchmarks.as_mut()?.get_mut(place.benchmark)?;
    if let Some(inner) = place.inner {
        let inner = benchmark.benchmarks.as_mut()?.get_mut(inner)?;
        match list {
            List::Requests(list) => *inner.results.as_mut()? = list,
            List::Counted(count) => *inner.errors.as_mut()? = count,
        }
        return Some(());
    }
    let lists = benchmark.requests.as_mut()?;
    match (list, place.key) {
        (List::Requests(list), _) => *lists.successful.as_mut()? = list,
        (List::Counted(count), Key::Errored) => *lists.errored.as_mut()? = count,
        (List::Counted(count), _) => *lists.incomplete.as_mut()? = count,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::wire::plain_reader::read_json_plainly;

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
