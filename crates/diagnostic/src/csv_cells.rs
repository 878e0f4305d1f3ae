use std::ops::Range;

/// The bytes of each cell of a CSV record, without the blanks around it; with the quotes, where it has them. As everywhere
/// a cell is quoted where a quote is its very first character.
pub fn csv_cells(record: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let start = next?;
        let end = start + length(&record.as_bytes()[start..]);
        next = (end < record.len()).then_some(end + 1);
        let text = &record[start..end];
        let blanks = text.len() - text.trim_start().len();
        Some(start + blanks..start + blanks + text.trim().len())
    })
}

/// Bytes up to the comma behind the cell that begins here, or to the end.
fn length(bytes: &[u8]) -> usize {
    let mut is_open = bytes.first() == Some(&b'"');
    let rest = bytes.iter().enumerate().skip(usize::from(is_open));
    let is_quoted = is_open;
    for (at, byte) in rest {
        match byte {
            b'"' if is_quoted => is_open = !is_open,
            b',' if !is_open => return at,
            _ => {}
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(record: &str) -> Vec<&str> {
        csv_cells(record).map(|span| &record[span]).collect()
    }

    #[test]
    fn cells_are_found_behind_quotes_and_blanks() {
        assert_eq!(
            cells("1,\"a, \"\"b\"\"\" , é,,x\r\n"),
            ["1", "\"a, \"\"b\"\"\"", "é", "", "x"]
        );
        assert_eq!(cells("a\"b,c\"d,"), ["a\"b", "c\"d", ""]);
        assert_eq!(cells("\"a\nb\",c"), ["\"a\nb\"", "c"]);
        assert_eq!(cells(""), [""]);
    }

    #[test]
    fn an_open_quote_takes_the_rest() {
        assert_eq!(cells("1,\"2,3"), ["1", "\"2,3"]);
    }
}
