//! Arithmetic of queries that cannot wrap around, divide by nothing or go on with what is no number.

use std::sync::Arc;

use polars::prelude::{
    BaseColumnUdf, BooleanChunked, ChunkedArray, Column, DataType, Expr, Field, Float64Chunked,
    Int64Chunked, IntoColumn, NewChunkedArray, PlSmallStr, PolarsError, PolarsNumericType,
    PolarsResult, Schema, UserDefinedFunction,
};
use polars::sql::FunctionOptions;

/// An operator of arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Plus,
    Minus,
    Times,
    Divide,
    DivideWhole,
    Remainder,
}

impl Operator {
    fn sign(self) -> &'static str {
        match self {
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Times => "*",
            Self::Divide => "/",
            Self::DivideWhole => "//",
            Self::Remainder => "%",
        }
    }
}

/// What is done to the values of a calculation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    /// The operator between two values.
    Of(Operator),
    /// A whole number of any size is one of 64 bits, and a fraction is finite.
    Settle,
    /// A number becomes a whole one, which it must be already.
    ToWhole,
    /// A sum, and the same of fractions.
    Sum,
}

/// A calculation in place of one of the engine.
#[derive(Debug, Clone)]
pub(super) struct Calculation {
    pub(super) operation: Operation,
    /// The column of the result that it is part of, where that has a name.
    pub(super) column: Option<String>,
    /// Whether what has no right result is missing instead of an error.
    pub(super) is_lenient: bool,
    /// Whether it is part of a filter, which must not be moved before another that leaves rows out.
    pub(super) is_filter: bool,
}

impl Calculation {
    /// The calculation of values, with the condition under which a row counts behind them where there is one.
    pub(super) fn of(self, values: Vec<Expr>) -> Expr {
        let options = if self.is_filter {
            FunctionOptions::length_preserving()
        } else {
            FunctionOptions::elementwise()
        };
        let of_values = Arc::new(self);
        let of_kinds = Arc::clone(&of_values);
        let function = BaseColumnUdf::new(
            move |columns: &mut [Column]| of_values.result(columns),
            move |_: &Schema, fields: &[Field]| of_kinds.field(fields),
        );
        let mut function = UserDefinedFunction::new(PlSmallStr::EMPTY, function);
        function.options = options;
        function.call(values)
    }

    fn values(&self) -> usize {
        match self.operation {
            Operation::Of(_) | Operation::Sum => 2,
            Operation::Settle | Operation::ToWhole => 1,
        }
    }

    fn result(&self, arguments: &[Column]) -> PolarsResult<Column> {
        let (values, condition) = arguments.split_at(self.values().min(arguments.len()));
        let counts = condition.first().map(|column| column.bool()).transpose()?;
        let counts = Rows {
            condition: counts,
            calculation: self,
        };
        let result = match (self.operation, values) {
            (Operation::Of(operator), [left, right]) => counts.operate(operator, left, right)?,
            (Operation::Settle, [value]) => counts.settled(value)?,
            (Operation::ToWhole, [value]) => counts.to_whole(value)?,
            (Operation::Sum, [sum, of_fractions]) => counts.sum(sum, of_fractions)?,
            _ => {
                return Err(PolarsError::ComputeError(
                    "a calculation without values".into(),
                ));
            }
        };
        let Some(first) = values.first() else {
            return Ok(result);
        };
        Ok(result.with_name(first.name().clone()))
    }

    fn field(&self, fields: &[Field]) -> PolarsResult<Field> {
        let Some(first) = fields.first() else {
            return Err(PolarsError::ComputeError(
                "a calculation without values".into(),
            ));
        };
        let kind = match (self.operation, first.dtype()) {
            (Operation::Of(operator), kind) => {
                let other = fields.get(1).map_or(kind, Field::dtype);
                kind_of(operator, kind, other)?
            }
            (Operation::ToWhole, _) => DataType::Int64,
            (Operation::Settle | Operation::Sum, kind) => settled_kind(kind),
        };
        Ok(Field::new(first.name().clone(), kind))
    }
}

/// Numbers of any size as those of 64 bits.
fn settled_kind(kind: &DataType) -> DataType {
    if kind.is_integer() {
        DataType::Int64
    } else if kind.is_float() {
        DataType::Float64
    } else {
        kind.clone()
    }
}

/// What an operator makes of two kinds.
fn kind_of(operator: Operator, left: &DataType, right: &DataType) -> PolarsResult<DataType> {
    // What `||` is to the engine.
    if operator == Operator::Plus && left.is_string() && (right.is_string() || right.is_null()) {
        return Ok(DataType::String);
    }
    let is_whole = |kind: &DataType| kind.is_integer() || kind.is_bool();
    let is_number = |kind: &DataType| is_whole(kind) || kind.is_float() || kind.is_null();
    if !is_number(left) || !is_number(right) {
        return Err(PolarsError::InvalidOperation(
            format!("arithmetic on dtypes {left} and {right} is not allowed").into(),
        ));
    }
    let has_fraction = left.is_float() || right.is_float() || (left.is_null() && right.is_null());
    match operator {
        Operator::Divide => Ok(DataType::Float64),
        Operator::DivideWhole if has_fraction && !left.is_null() => {
            Err(PolarsError::InvalidOperation(
                "// is for whole numbers: FLOOR(a / b) divides others".into(),
            ))
        }
        Operator::Plus | Operator::Minus | Operator::Times | Operator::Remainder
            if has_fraction =>
        {
            Ok(DataType::Float64)
        }
        _whole => Ok(DataType::Int64),
    }
}

/// Whole numbers of any size as those of 64 bits. Anything else stays as it is.
fn whole(column: &Column) -> PolarsResult<Column> {
    if column.dtype().is_integer() {
        column.strict_cast(&DataType::Int64)
    } else {
        Ok(column.clone())
    }
}

/// The rows of a calculation, and which of them count.
struct Rows<'c> {
    condition: Option<&'c BooleanChunked>,
    calculation: &'c Calculation,
}

impl Rows<'_> {
    /// Whether a row of `rows` counts: no CASE, AND or OR leaves it out. A single one counts for all rows.
    fn counts(&self, row: usize, rows: usize) -> bool {
        self.condition
            .is_none_or(|condition| match condition.len() {
                1 => condition.get(0) == Some(true),
                _ if rows == 1 => condition.any(),
                _ => condition.get(row) == Some(true),
            })
    }

    /// What becomes of a row without a right result.
    fn problem(&self, row: usize, what: impl std::fmt::Display) -> PolarsResult<()> {
        let Calculation {
            column, is_lenient, ..
        } = self.calculation;
        if *is_lenient {
            return Ok(());
        }
        let column = column.as_ref();
        let column = column.map_or(String::new(), |column| format!("column `{column}`, "));
        Err(PolarsError::ComputeError(
            format!("{IN_ROW}{column}row {}: {what}", row + 1).into(),
        ))
    }

    fn operate(&self, operator: Operator, left: &Column, right: &Column) -> PolarsResult<Column> {
        let kind = kind_of(operator, left.dtype(), right.dtype())?;
        let rows = match (left.len(), right.len()) {
            (1, rows) | (rows, _) => rows,
        };
        let (left, right) = (left.cast(&kind)?, right.cast(&kind)?);
        if kind == DataType::Int64 {
            let (left, right) = (left.i64()?, right.i64()?);
            let mut results = Vec::with_capacity(rows);
            for row in 0..rows {
                results.push(self.of_whole(operator, row, at(left, row), at(right, row), rows)?);
            }
            let results = results.into_iter();
            return Ok(Int64Chunked::from_iter_options(PlSmallStr::EMPTY, results).into_column());
        }
        if kind.is_string() {
            return &left + &right;
        }
        let result = match operator {
            Operator::Plus => (&left + &right)?,
            Operator::Minus => (&left - &right)?,
            Operator::Times => (&left * &right)?,
            Operator::Divide => (&left / &right)?,
            Operator::DivideWhole | Operator::Remainder => {
                let (left, right) = (left.f64()?, right.f64()?);
                let results = (0..rows).map(|row| Some(at(left, row)? % at(right, row)?));
                Float64Chunked::from_iter_options(PlSmallStr::EMPTY, results).into_column()
            }
        };
        let (left, right) = (left.f64()?, right.f64()?);
        self.finite(&result, |row, _| {
            match (at(left, row), operator, at(right, row)) {
                (Some(left), Operator::Divide | Operator::Remainder, Some(0.0)) => {
                    format!("{left} is divided by 0: {GUARD}")
                }
                (Some(left), _, Some(right)) => {
                    format!("{left} {} {right} is not finite: {GUARD}", operator.sign())
                }
                _ => format!("the result is not finite: {GUARD}"),
            }
        })
    }

    fn of_whole(
        &self,
        operator: Operator,
        row: usize,
        left: Option<i64>,
        right: Option<i64>,
        rows: usize,
    ) -> PolarsResult<Option<i64>> {
        let (Some(left), Some(right)) = (left, right) else {
            return Ok(None);
        };
        let result = match operator {
            Operator::Plus => left.checked_add(right),
            Operator::Minus => left.checked_sub(right),
            Operator::Times => left.checked_mul(right),
            Operator::Divide | Operator::DivideWhole => left.checked_div(right),
            // With the sign of what is divided.
            Operator::Remainder => left.checked_rem(right),
        };
        if result.is_none() && self.counts(row, rows) {
            let sign = operator.sign();
            match operator {
                Operator::Divide | Operator::DivideWhole | Operator::Remainder if right == 0 => {
                    self.problem(row, format_args!("{left} is divided by 0: {GUARD}"))?;
                }
                _overflow => self.problem(
                    row,
                    format_args!("{left} {sign} {right} is {BEYOND_64_BITS}"),
                )?,
            }
        }
        Ok(result)
    }

    fn settled(&self, column: &Column) -> PolarsResult<Column> {
        if column.dtype().is_float() {
            self.finite(column, |_, number| {
                format!("the result is {number}: {GUARD}")
            })
        } else {
            whole(column)
        }
    }

    /// A column whose fractions are finite wherever they count, and missing where they do not.
    fn finite(&self, column: &Column, what: impl Fn(usize, f64) -> String) -> PolarsResult<Column> {
        let column = column.cast(&DataType::Float64)?;
        let numbers = column.f64()?;
        let is_finite = |number: &f64| number.is_finite();
        if numbers.iter().flatten().all(|number| is_finite(&number)) {
            return Ok(column);
        }
        let mut results = Vec::with_capacity(numbers.len());
        for (row, number) in numbers.iter().enumerate() {
            if let Some(wrong) = number.filter(|number| !is_finite(number))
                && self.counts(row, numbers.len())
            {
                self.problem(row, what(row, wrong))?;
            }
            results.push(number.filter(is_finite));
        }
        let results = results.into_iter();
        Ok(Float64Chunked::from_iter_options(PlSmallStr::EMPTY, results).into_column())
    }

    fn to_whole(&self, column: &Column) -> PolarsResult<Column> {
        if !column.dtype().is_float() {
            // A word that does not count may be anything.
            return if self.condition.is_some() || self.calculation.is_lenient {
                column.cast(&DataType::Int64)
            } else {
                column.strict_cast(&DataType::Int64)
            };
        }
        let numbers = column.cast(&DataType::Float64)?;
        let numbers = numbers.f64()?;
        let is_whole = |number: f64| number.fract() == 0.0 && number.abs() < TWO_TO_THE_63;
        for (row, number) in numbers.iter().enumerate() {
            if let Some(number) = number.filter(|number| !is_whole(*number))
                && self.counts(row, numbers.len())
            {
                let what = "is no whole number of 64 bits: ROUND, FLOOR or CEIL it first";
                self.problem(row, format_args!("{number} {what}"))?;
            }
        }
        column.cast(&DataType::Int64)
    }

    fn sum(&self, sum: &Column, of_fractions: &Column) -> PolarsResult<Column> {
        if !sum.dtype().is_integer() {
            return self.settled(sum);
        }
        let of_fractions = of_fractions.cast(&DataType::Float64)?;
        let of_fractions = of_fractions.f64()?;
        for (row, sum) in of_fractions.iter().enumerate() {
            if sum.is_some_and(|sum| sum.abs() >= TWO_TO_THE_63)
                && self.counts(row, of_fractions.len())
            {
                self.problem(row, format_args!("the sum is {BEYOND_64_BITS}"))?;
            }
        }
        whole(sum)
    }
}

/// The value of a row. A single one is that of all rows.
fn at<T: PolarsNumericType>(values: &ChunkedArray<T>, row: usize) -> Option<T::Native> {
    values.get(if values.len() == 1 { 0 } else { row })
}

/// How the engine passes on a message that names a row of a query.
pub(super) const IN_ROW: &str = "calculation: ";

/// Where whole numbers of 64 bits end.
const TWO_TO_THE_63: f64 = 9_223_372_036_854_775_808.0;

/// What to do about a row that has no result.
const GUARD: &str = "leave such rows out with WHERE or CASE";

const BEYOND_64_BITS: &str = "beyond whole numbers of 64 bits: multiply by 1.0 before it grows";
