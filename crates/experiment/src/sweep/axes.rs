//! The checked variables of a run and the cells of their cartesian product.

use std::collections::BTreeSet;

use serde_yaml::Spanned;

use super::axis_problem::AxisProblem;
use super::decimal::Decimal;
use crate::format::{CaseValue, OrderedMap, Scalar};
use crate::table::{ColumnKind, Value};

/// The axes of a run, slowest first: the last axis changes from cell to cell.
#[derive(Debug, Clone)]
pub(crate) struct Axes {
    axes: Vec<Axis>,
    cells: usize,
}

/// One axis: its fields have a value each for every position.
#[derive(Debug, Clone)]
pub(crate) struct Axis {
    name: String,
    /// The first field is named after the axis.
    fields: Vec<Field>,
    len: usize,
    /// Its values come from a query over tables that are not computed yet; there are none until then.
    pending: bool,
}

/// A name that a setting or a batch may refer to.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    name: String,
    values: Vec<CaseValue>,
    kind: ColumnKind,
}

impl Field {
    /// A field of values that are all of one kind, or whole numbers beside fractions.
    fn new(name: &str, values: Vec<CaseValue>) -> Result<Self, AxisProblem> {
        let kinds: BTreeSet<Option<ColumnKind>> = values.iter().map(kind_of).collect();
        if kinds.len() > 1
            && !kinds
                .iter()
                .all(|kind| kind.is_some_and(ColumnKind::is_number))
        {
            return Err(AxisProblem::MixedKinds {
                field: name.to_owned(),
            });
        }
        let kind = match kinds.last() {
            Some(Some(kind)) => *kind,
            // A list is shown as the text of its numbers.
            Some(None) => ColumnKind::Text,
            None => ColumnKind::Float,
        };
        Ok(Self {
            name: name.to_owned(),
            kind,
            values,
        })
    }

    /// What its column holds.
    pub(crate) fn kind(&self) -> ColumnKind {
        self.kind
    }

    /// Whether its values are lists of token counts.
    pub(crate) fn is_of_lengths(&self) -> bool {
        matches!(self.values.first(), Some(CaseValue::Lengths(_)))
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn values(&self) -> &[CaseValue] {
        &self.values
    }
}

impl Axis {
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn fields(&self) -> &[Field] {
        &self.fields
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// An axis of one field.
    pub(crate) fn of_values(name: &str, values: Vec<CaseValue>) -> Result<Self, AxisProblem> {
        Self::of_fields(name, vec![(name.to_owned(), values)])
    }

    /// An axis of several fields with a value each for every position. The first is named after the axis.
    pub(crate) fn of_fields(
        name: &str,
        fields: Vec<(String, Vec<CaseValue>)>,
    ) -> Result<Self, AxisProblem> {
        let len = fields.first().map_or(0, |(_, values)| values.len());
        if len == 0 {
            return Err(AxisProblem::Empty);
        }
        let fields = fields
            .into_iter()
            .map(|(field, values)| Field::new(&field, values))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            name: name.to_owned(),
            fields,
            len,
            pending: false,
        })
    }

    /// The values of `[from, to, step]`; `limit` bounds them before they are spelled out.
    pub(crate) fn of_range(
        name: &str,
        ends: &[Spanned<Scalar>],
        limit: u64,
    ) -> Result<Self, AxisProblem> {
        let ends: Vec<&Scalar> = ends.iter().map(|end| &end.value).collect();
        Self::of_values(name, range_values(&ends, limit)?)
    }

    /// Named cases, each with the same fields.
    pub(crate) fn of_cases(
        name: &str,
        cases: &OrderedMap<OrderedMap<Spanned<CaseValue>>>,
    ) -> Result<Self, AxisProblem> {
        let names = cases
            .names()
            .map(|case| CaseValue::One(Scalar::Text(case.to_owned())))
            .collect();
        let mut fields = vec![(name.to_owned(), names)];
        let known: Vec<&str> = cases
            .iter()
            .next()
            .map_or(Vec::new(), |(_, first)| first.names().collect());
        for field in &known {
            let mut values = Vec::with_capacity(cases.len());
            for (case, bound) in cases.iter() {
                let value = bound
                    .get(field)
                    .ok_or_else(|| AxisProblem::CaseLacksField {
                        case: case.value.clone(),
                        field: (*field).to_owned(),
                    })?;
                values.push(value.value.clone());
            }
            fields.push(((*field).to_owned(), values));
        }
        for (case, bound) in cases.iter() {
            if let Some(extra) = bound.names().find(|field| !known.contains(field)) {
                return Err(AxisProblem::CaseAddsField {
                    case: case.value.clone(),
                    field: extra.to_owned(),
                });
            }
        }
        Self::of_fields(name, fields)
    }

    /// An axis without values, of fields whose kinds are known all the same: there is no data for it.
    pub(crate) fn empty(name: &str, fields: &[(&str, ColumnKind)]) -> Self {
        Self {
            name: name.to_owned(),
            fields: fields
                .iter()
                .map(|(field, kind)| Field {
                    name: (*field).to_owned(),
                    values: Vec::new(),
                    kind: *kind,
                })
                .collect(),
            len: 0,
            pending: false,
        }
    }

    /// An axis whose values a query will give, numbers until it is known better.
    pub(crate) fn pending(name: &str) -> Self {
        Self {
            pending: true,
            ..Self::empty(name, &[(name, ColumnKind::Float)])
        }
    }

    /// Gives a pending axis its values.
    fn resolve(&mut self, values: Vec<CaseValue>) -> Result<(), AxisProblem> {
        let resolved = Self::of_values(&self.name, values)?;
        let known = std::mem::replace(self, resolved);
        // The column keeps the kind that queries were checked with, whatever the values are.
        for (field, known) in self.fields.iter_mut().zip(known.fields) {
            field.kind = known.kind;
        }
        Ok(())
    }
}

/// What a value is; none for a list.
fn kind_of(value: &CaseValue) -> Option<ColumnKind> {
    match value {
        CaseValue::One(scalar) => scalar.as_value().kind(),
        CaseValue::Lengths(_) => None,
    }
}

/// How many cells axes have together, where these can be counted.
fn product(axes: &[Axis]) -> Option<usize> {
    axes.iter()
        .try_fold(1_usize, |cells, axis| cells.checked_mul(axis.len))
}

/// The lengths of axes as a product: `3 x 16`.
pub(crate) fn product_words(axes: &[Axis]) -> String {
    let lens: Vec<String> = axes.iter().map(|axis| axis.len.to_string()).collect();
    lens.join(" x ")
}

/// The values of `[from, to, step]`, both ends included, as from + i * step in decimal: a range of hundredths holds
/// the numbers that 0.81 and 0.82 read as.
fn range_values(ends: &[&Scalar], limit: u64) -> Result<Vec<CaseValue>, AxisProblem> {
    let ends: Vec<Value<'_>> = ends.iter().map(|end| end.as_value()).collect();
    let (from, to, step) = match ends.as_slice() {
        [from, to] => (*from, *to, Value::Int(1)),
        [from, to, step] => (*from, *to, *step),
        _ => return Err(AxisProblem::BadRange),
    };
    let is_whole = [from, to, step]
        .iter()
        .all(|number| number.as_i64().is_some());
    let decimals = [from, to, step].map(Decimal::of);
    let [Some(first), Some(last), Some(each)] = decimals else {
        return Err(AxisProblem::BadRange);
    };
    let Some(([from, to, step], exponent)) = Decimal::align([first, last, each]) else {
        let far = match (from.as_f64(), to.as_f64(), step.as_f64()) {
            (Some(from), Some(to), Some(step)) => to / step - from / step,
            _ => 0.0,
        };
        // Numbers that share no unit are mostly as many steps apart.
        return Err(if far.abs() > MAX_FEW_STEPS {
            AxisProblem::TooLong { limit }
        } else {
            AxisProblem::BadRange
        });
    };
    if step == 0 || (to - from).signum() * step.signum() < 0 {
        return Err(AxisProblem::BadRange);
    }
    let steps = (to - from) / step;
    if steps >= i128::from(limit) {
        return Err(AxisProblem::TooLong { limit });
    }
    (0..=steps)
        .map(|index| {
            let units = from + index * step;
            let value = if is_whole {
                i64::try_from(units).ok().map(Scalar::Int)
            } else {
                Decimal::read(units, exponent).map(Scalar::Float)
            };
            value.map(CaseValue::One).ok_or(AxisProblem::BadRange)
        })
        .collect()
}

/// More steps than any limit on cells allows.
const MAX_FEW_STEPS: f64 = 1e12;

/// Names one field of one axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FieldRef {
    pub(crate) axis: usize,
    pub(crate) field: usize,
}

impl Axes {
    /// Combines axes; `None` where their product is beyond what can be counted.
    pub(crate) fn new(axes: Vec<Axis>) -> Option<Self> {
        let cells = product(&axes)?;
        Some(Self { axes, cells })
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Axis> {
        self.axes.iter()
    }

    /// Notes the kind of values of a pending axis.
    pub(crate) fn expect(&mut self, axis: &str, kind: ColumnKind) {
        let pending = |known: &&mut Axis| known.pending && known.name == axis;
        for known in self.axes.iter_mut().filter(pending) {
            known.fields.iter_mut().for_each(|field| field.kind = kind);
        }
    }

    /// Gives a pending axis its values; `limit` bounds the product.
    pub(crate) fn resolve(
        &mut self,
        axis: &str,
        values: &[CaseValue],
        limit: u64,
    ) -> Result<(), AxisProblem> {
        for known in self.axes.iter_mut().filter(|known| known.name == axis) {
            known.resolve(values.to_vec())?;
        }
        let cells = product(&self.axes)
            .filter(|cells| u64::try_from(*cells).is_ok_and(|cells| cells <= limit));
        self.cells = cells.ok_or_else(|| AxisProblem::TooManyCells {
            product: product_words(&self.axes),
            limit,
        })?;
        Ok(())
    }

    /// How many cells the product has; without axes there is one.
    pub(crate) fn cells(&self) -> usize {
        self.cells
    }

    /// The field of a name.
    pub(crate) fn find(&self, name: &str) -> Option<FieldRef> {
        let (at, _) = self.fields().find(|(_, field)| field.name == name)?;
        Some(at)
    }

    pub(crate) fn field(&self, at: FieldRef) -> &Field {
        &self.axes[at.axis].fields[at.field]
    }

    /// The names of all fields.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.fields().map(|(_, field)| field.name.as_str())
    }

    /// Every field with its place.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (FieldRef, &Field)> {
        self.axes.iter().enumerate().flat_map(|(axis, known)| {
            known
                .fields
                .iter()
                .enumerate()
                .map(move |(field, value)| (FieldRef { axis, field }, value))
        })
    }

    /// Writes the position of each axis for a cell.
    pub(crate) fn positions(&self, cell: usize, positions: &mut [usize]) {
        let mut rest = cell;
        for (axis, position) in self.axes.iter().zip(positions.iter_mut()).rev() {
            *position = rest % axis.len;
            rest /= axis.len;
        }
    }

    pub(crate) fn axis_count(&self) -> usize {
        self.axes.len()
    }

    pub(crate) fn value(&self, at: FieldRef, positions: &[usize]) -> &CaseValue {
        &self.field(at).values[positions[at.axis]]
    }

    /// A cell in words: `kv = 128, requests = 4`.
    pub(crate) fn describe(&self, cell: usize) -> String {
        let mut positions = vec![0; self.axes.len()];
        self.positions(cell, &mut positions);
        let all: Vec<usize> = (0..self.axes.len()).collect();
        self.describe_positions(&positions, &all)
    }

    /// The positions of some axes in words.
    pub(crate) fn describe_positions(&self, positions: &[usize], axes: &[usize]) -> String {
        let words: Vec<String> = axes
            .iter()
            .filter_map(|index| {
                let known = &self.axes[*index];
                let value = known.fields.first()?.values.get(positions[*index])?;
                Some(format!("{} = {}", known.name, value_text(value)))
            })
            .collect();
        if words.is_empty() {
            "in every cell".to_owned()
        } else {
            words.join(", ")
        }
    }
}

/// A value as a report or a text column shows it; a list is its numbers with blanks between.
pub(crate) fn value_text(value: &CaseValue) -> String {
    match value {
        CaseValue::One(scalar) => scalar.to_string(),
        CaseValue::Lengths(lengths) => lengths
            .iter()
            .map(u32::to_string)
            .collect::<Vec<_>>()
            .join(" "),
    }
}

/// A value with its kind, as messages show what does not fit. `64.0` is not taken for a whole number, nor is `'64'`.
pub(crate) fn value_words(value: &CaseValue) -> String {
    match value {
        CaseValue::One(Scalar::Float(number)) => format!("the value `{number:?}`"),
        CaseValue::One(Scalar::Text(word)) => format!("the text `{word}`"),
        CaseValue::Lengths(_) => format!("the list `{}`", value_text(value)),
        CaseValue::One(other) => format!("the value `{other}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(ends: &[Scalar]) -> Result<Vec<String>, AxisProblem> {
        let ends: Vec<&Scalar> = ends.iter().collect();
        range_values(&ends, 100).map(|values| values.iter().map(value_text).collect())
    }

    #[test]
    fn ranges_include_both_ends() {
        use Scalar::Float;
        use Scalar::Int;
        assert_eq!(numbers(&[Int(0), Int(3)]).unwrap(), ["0", "1", "2", "3"]);
        assert_eq!(numbers(&[Int(1), Int(6), Int(2)]).unwrap(), ["1", "3", "5"]);
        assert_eq!(
            numbers(&[Int(3), Int(1), Int(-1)]).unwrap(),
            ["3", "2", "1"]
        );
        assert_eq!(
            numbers(&[Float(0.0), Float(1.0), Float(0.1)])
                .unwrap()
                .len(),
            11
        );
        assert_eq!(
            numbers(&[Float(1.0), Float(0.7), Float(-0.1)]).unwrap(),
            ["1", "0.9", "0.8", "0.7"]
        );
    }

    #[test]
    fn steps_are_the_decimals_that_a_reader_writes() {
        let ends = [
            Scalar::Float(0.75),
            Scalar::Float(0.95),
            Scalar::Float(0.01),
        ];
        let all: Vec<String> = (75..=95).map(|percent| format!("0.{percent}")).collect();
        let all: Vec<&str> = all.iter().map(|text| text.trim_end_matches('0')).collect();
        assert_eq!(numbers(&ends).unwrap(), all);
    }

    #[test]
    fn ranges_that_lead_nowhere_are_refused() {
        use Scalar::Float;
        use Scalar::Int;
        use Scalar::Text;
        assert_eq!(numbers(&[Int(1)]), Err(AxisProblem::BadRange));
        assert_eq!(numbers(&[Int(3), Int(1)]), Err(AxisProblem::BadRange));
        assert_eq!(
            numbers(&[Int(1), Int(3), Int(0)]),
            Err(AxisProblem::BadRange)
        );
        assert_eq!(
            numbers(&[Float(0.0), Float(1.0), Float(0.0)]),
            Err(AxisProblem::BadRange)
        );
        assert_eq!(
            numbers(&[Int(0), Text("a".to_owned())]),
            Err(AxisProblem::BadRange)
        );
        assert_eq!(
            numbers(&[Int(0), Int(100)]),
            Err(AxisProblem::TooLong { limit: 100 })
        );
        assert_eq!(
            numbers(&[Int(i64::MIN), Int(i64::MAX)]),
            Err(AxisProblem::TooLong { limit: 100 })
        );
    }
}
