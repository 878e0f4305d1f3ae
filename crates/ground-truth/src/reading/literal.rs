use crate::tree::Tree;

/// Deepest nesting; descriptions of data have two or three levels.
const MAX_DEPTH: usize = 16;

/// Longest text that is read; descriptions of data have some hundred bytes.
const MOST_BYTES: usize = 64 << 10;

/// Reads a value as Python or JSON writes it, or as options are: `a=1,b=2`. None where it is none of these.
pub(super) fn parse(text: &str) -> Option<Tree> {
    let text = text.trim();
    if text.len() > MOST_BYTES {
        return None;
    }
    if text.starts_with(['{', '[', '(']) {
        let mut parser = Parser { rest: text };
        let value = parser.value(0)?;
        return parser.rest.trim_start().is_empty().then_some(value);
    }
    let mut entries = Vec::new();
    for option in text.split(',') {
        let (key, value) = option.split_once('=')?;
        entries.push((key.trim().replace('-', "_"), word(value.trim())));
    }
    Some(Tree::Map(entries))
}

/// A word without quotes: a number, one of the constants of either language, or text.
fn word(text: &str) -> Tree {
    match text {
        "None" | "null" => Tree::Null,
        "True" | "true" => Tree::Bool(true),
        "False" | "false" => Tree::Bool(false),
        _ => match (text.parse::<i128>(), text.parse::<f64>()) {
            (Ok(number), _) => Tree::Whole(number),
            (Err(_), Ok(number)) if number.is_finite() => Tree::Number(number),
            _ => Tree::Text(text.to_owned()),
        },
    }
}

struct Parser<'a> {
    rest: &'a str,
}

impl Parser<'_> {
    fn value(&mut self, depth: usize) -> Option<Tree> {
        if depth > MAX_DEPTH {
            return None;
        }
        self.rest = self.rest.trim_start();
        match self.rest.chars().next()? {
            '{' => {
                let mut entries = Vec::new();
                self.items('}', |parser| {
                    let Tree::Text(key) = parser.value(depth + 1)? else {
                        return None;
                    };
                    parser.pass(':')?;
                    entries.push((key, parser.value(depth + 1)?));
                    Some(())
                })?;
                Some(Tree::Map(entries))
            }
            open @ ('[' | '(') => {
                let close = if open == '[' { ']' } else { ')' };
                let mut items = Vec::new();
                self.items(close, |parser| {
                    items.push(parser.value(depth + 1)?);
                    Some(())
                })?;
                Some(Tree::List(items))
            }
            quote @ ('\'' | '"') => self.string(quote).map(Tree::Text),
            _ => {
                let end = self
                    .rest
                    .find([',', ':', '}', ']', ')'])
                    .unwrap_or(self.rest.len());
                let (text, rest) = self.rest.split_at(end);
                self.rest = rest;
                let text = text.trim_end();
                // A call, a class name or nothing at all is no literal.
                Some(word(text)).filter(|value| value.as_text().is_none())
            }
        }
    }

    /// What stands between an opening bracket and `close`, separated by commas; the last may be followed by one.
    fn items(&mut self, close: char, mut item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.rest = &self.rest[1..];
        loop {
            if self.pass(close).is_some() {
                return Some(());
            }
            item(self)?;
            if self.pass(',').is_none() {
                return self.pass(close);
            }
        }
    }

    fn pass(&mut self, expected: char) -> Option<()> {
        self.rest = self.rest.trim_start().strip_prefix(expected)?;
        Some(())
    }

    /// A string, whose backslashes take the meaning of the next character.
    fn string(&mut self, quote: char) -> Option<String> {
        let mut text = String::new();
        let mut escaped = false;
        for (at, character) in self.rest.char_indices().skip(1) {
            if escaped {
                text.push(character);
                escaped = false;
            } else if character == '\\' {
                escaped = true;
            } else if character == quote {
                self.rest = &self.rest[at + quote.len_utf8()..];
                return Some(text);
            } else {
                text.push(character);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Tree {
        Tree::Text(text.to_owned())
    }

    #[test]
    fn reads_python_json_and_options() {
        let python = parse("[{'prompt_tokens': 24, 'a': None, 'b': (1, 2.5,), \"c\": 'it\\'s'}]");
        let json = parse(r#"[{"prompt_tokens": 24, "a": null, "b": [1, 2.5], "c": "it's"}]"#);
        assert_eq!(python, json);
        let Some(Tree::List(items)) = python else {
            panic!("no list");
        };
        assert_eq!(items[0].get("prompt_tokens"), Some(&Tree::Whole(24)));
        assert_eq!(items[0].get("c"), Some(&text("it's")));
        assert_eq!(
            parse("prompt-tokens=24,kind=x"),
            Some(Tree::Map(vec![
                ("prompt_tokens".to_owned(), Tree::Whole(24)),
                ("kind".to_owned(), text("x"))
            ]))
        );
    }

    #[test]
    fn refuses_what_is_no_literal() {
        for wrong in [
            "",
            "data.jsonl",
            "{'a': f(1)}",
            "{'a': 1",
            "{'a': 'b}",
            "{1: 2}",
            "[1] x",
            "{'a' 1}",
        ] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
        assert_eq!(parse(&"[".repeat(100_000)), None);
        assert_eq!(parse(&"{'a':".repeat(100_000)), None);
    }
}
