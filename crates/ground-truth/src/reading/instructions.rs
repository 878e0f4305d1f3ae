use diagnostic::{Quoted, nearest};
use request_metrics::PlainNumber;

use super::data_description::DataDescription;
use super::findings::Findings;
use super::literal;
use crate::profile::{Profile, RateType};
use crate::tree::Tree;

/// What the client was told, as a profile, a command line or a report has it.
#[derive(Debug, Default)]
pub(super) struct Instructions {
    pub(super) rate_type: Option<Stated<RateType>>,
    pub(super) rates: Option<Stated<Vec<f64>>>,
    pub(super) max_requests: Option<Stated<u64>>,
    pub(super) max_seconds: Option<Stated<f64>>,
    pub(super) random_seed: Option<Stated<u64>>,
    pub(super) data: Option<Stated<DataDescription>>,
}

/// A value and the field that states it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stated<T> {
    pub(super) place: String,
    pub(super) value: T,
}

impl Instructions {
    /// Reads the keys of a mapping, which is at `base`, wherever a release puts them; hyphens in keys are underscores.
    /// What cannot be used is reported and left out.
    pub(super) fn read(map: &Tree, base: &str, findings: &mut Findings) -> Self {
        let mut reader = Reader {
            map: &with_parsed_texts(map),
            base,
            findings,
        };
        Self {
            rate_type: reader.rate_type(),
            rates: reader.rates(),
            max_requests: reader.limit(
                &["max_requests", "max_number"],
                ("max_requests", "count"),
                "a whole number above 0",
                |value| value.as_u64().filter(|count| *count > 0),
            ),
            max_seconds: reader.limit(
                &["max_seconds", "max_duration"],
                ("max_duration", "seconds"),
                "a number above 0",
                Tree::as_positive,
            ),
            random_seed: reader.random_seed(),
            data: reader.data(),
        }
    }

    /// The values without their places. Data of another kind than token lengths is none.
    pub(super) fn profile(&self) -> Profile {
        fn value<T: Clone>(stated: Option<&Stated<T>>) -> Option<T> {
            stated.map(|stated| stated.value.clone())
        }
        Profile {
            rate_type: value(self.rate_type.as_ref()),
            rates: value(self.rates.as_ref()).into_iter().flatten().collect(),
            max_requests: value(self.max_requests.as_ref()),
            max_seconds: value(self.max_seconds.as_ref()),
            random_seed: value(self.random_seed.as_ref()),
            data: match self.data.as_ref().map(|stated| &stated.value) {
                Some(DataDescription::Lengths(lengths)) => Some(*lengths),
                _other => None,
            },
        }
    }
}

/// 0.7 and later take mappings as texts too: `kind=sweep,sweep_size=4`.
fn with_parsed_texts(map: &Tree) -> Tree {
    let parsed = |value: &Tree| {
        let text = value.as_text().filter(|text| text.contains('='))?;
        literal::parse(text)
    };
    let Tree::Map(entries) = map else {
        return map.clone();
    };
    let entries = entries.iter().map(|(key, value)| {
        let key = key.replace('-', "_");
        let value = match (key.as_str(), value) {
            ("profile" | "seed", value) => parsed(value).unwrap_or_else(|| value.clone()),
            ("constraints", Tree::List(items)) => Tree::List(
                items
                    .iter()
                    .map(|item| parsed(item).unwrap_or_else(|| item.clone()))
                    .collect(),
            ),
            (_, value) => value.clone(),
        };
        (key, value)
    });
    Tree::Map(entries.collect())
}

struct Reader<'a> {
    map: &'a Tree,
    base: &'a str,
    findings: &'a mut Findings,
}

impl<'a> Reader<'a> {
    /// The first of the paths that has a value.
    fn first(&self, paths: &[&[&str]]) -> Option<Stated<&'a Tree>> {
        paths.iter().find_map(|path| {
            let value = path.iter().try_fold(self.map, |tree, key| tree.get(key))?;
            Some(self.stated(&path.join("."), value))
        })
    }

    fn stated<T>(&self, path: &str, value: T) -> Stated<T> {
        let place = if self.base.is_empty() {
            path.to_owned()
        } else {
            format!("{}.{path}", self.base)
        };
        Stated { place, value }
    }

    fn rate_type(&mut self) -> Option<Stated<RateType>> {
        let found = self.first(&[
            &["rate_type"],
            &["profile", "kind"],
            &["profile", "type_"],
            &["profile"],
            &["mode"],
        ])?;
        let named = |value: &Tree| {
            let name = value.as_text()?;
            RateType::ALL.into_iter().find(|kind| kind.name() == name)
        };
        // 0.2 and 0.3 keep which of the two it is beside it.
        let exact = |rate_type: RateType| {
            let beside = self.first(&[&["profile", "strategy_type"]]);
            let exact = beside.and_then(|kind| named(kind.value));
            exact.filter(|_| rate_type == RateType::Async)
        };
        let read = named(found.value).map(|rate_type| exact(rate_type).unwrap_or(rate_type));
        let choices = RateType::ALL.map(RateType::name);
        let text = found.value.as_text();
        let near = text.and_then(|text| nearest(text, choices));
        let hint = near.map_or_else(String::new, |name| format!(" (did you mean `{name}`?)"));
        let expected = format!("one of {}{hint}", choices.join(", "));
        self.expect(found, &expected, |_| read)
    }

    fn rates(&mut self) -> Option<Stated<Vec<f64>>> {
        let found = self.first(&[
            &["rate"],
            &["profile", "rate"],
            &["profile", "streams"],
            &["profile", "sweep_size"],
            &["profile", "max_concurrency"],
        ])?;
        let expected = "a number above 0 or a list of them";
        // The command line takes several rates as one text.
        let rates = self.expect(found, expected, |value| match value {
            Tree::Text(text) => text
                .split(',')
                .map(|rate| rate.trim().parse().ok())
                .map(|rate: Option<f64>| rate.filter(|rate| *rate > 0.0 && rate.is_finite()))
                .collect(),
            value => value.items().iter().map(Tree::as_positive).collect(),
        });
        rates.filter(|rates: &Stated<Vec<f64>>| !rates.value.is_empty())
    }

    /// A limit: under one of the keys, else in the constraint of a kind under its own key.
    fn limit<T>(
        &mut self,
        keys: &[&str],
        (kind, kind_key): (&str, &str),
        expected: &str,
        read: impl Fn(&Tree) -> Option<T>,
    ) -> Option<Stated<T>> {
        let by_key = keys.iter().find_map(|key| self.first(&[&[*key]]));
        let Stated { place, value } = by_key.or_else(|| self.constraint(kind, kind_key))?;
        // A list has a limit for each benchmark, and no limit of all of them.
        let [value] = value.items() else {
            return None;
        };
        self.expect(Stated { place, value }, expected, read)
    }

    /// What a value means; where it means nothing, a report that says what was expected.
    fn expect<T>(
        &mut self,
        found: Stated<&Tree>,
        expected: &str,
        read: impl FnOnce(&Tree) -> Option<T>,
    ) -> Option<Stated<T>> {
        let Stated { place, value } = found;
        let value = self.findings.expect(&place, value, expected, read)?;
        Some(Stated { place, value })
    }

    fn constraint(&self, kind: &str, key: &str) -> Option<Stated<&'a Tree>> {
        let constraints = self.map.get("constraints")?.items();
        constraints
            .iter()
            .enumerate()
            .find_map(|(index, constraint)| {
                let is_kind = constraint.get("kind")?.as_text()? == kind;
                let value = constraint.get(key).filter(|_| is_kind)?;
                Some(self.stated(&format!("constraints[{index}].{key}"), value))
            })
    }

    fn random_seed(&mut self) -> Option<Stated<u64>> {
        let found = self.first(&[
            &["random_seed"],
            &["seed", "value"],
            &["profile", "random_seed"],
        ])?;
        self.expect(found, "a whole number", Tree::as_u64)
    }

    fn data(&mut self) -> Option<Stated<DataDescription>> {
        let Stated { place, value } = self.first(&[&["data"]])?;
        let value = DataDescription::read(value, &place, self.findings)?;
        Some(Stated { place, value })
    }
}

/// A value between backticks, for messages.
pub(super) fn quoted_rates(rates: &[f64]) -> String {
    let shown: Vec<String> = rates
        .iter()
        .map(|rate| PlainNumber(*rate).to_string())
        .collect();
    Quoted(&shown.join(", ")).to_string()
}
