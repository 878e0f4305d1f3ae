//! The fields of a step, and the page that explains them.

use std::fs;
use std::path::Path;

use step_trace::Field;

/// The page cannot go stale: a field that is new or means something else fails here.
#[test]
fn every_field_of_a_step_is_documented() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/hypothesis-format.md");
    let page = fs::read_to_string(path).unwrap();
    let (_, section) = page.split_once("### Measured steps").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let documented: Vec<&str> = section
        .lines()
        .filter(|line| line.starts_with("| `"))
        .collect();
    let expected: Vec<String> = Field::ALL
        .into_iter()
        .map(|field| {
            let (name, kind, meaning) = (field.name(), field.kind().words(), field.meaning());
            format!("| `{name}` | {kind} | {meaning} |")
        })
        .collect();
    assert_eq!(documented, expected);
    for field in Field::REQUIRED
        .iter()
        .chain(Field::SUMS.into_iter().flatten())
    {
        assert!(section.contains(&format!("`{field}`")), "{field}");
    }
    // A name is the field that it names.
    for field in Field::ALL {
        assert_eq!(Field::of_name(field.name()), Some(field));
    }
    assert_eq!(Field::of_name("step"), None);
}
