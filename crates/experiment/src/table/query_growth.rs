//! How many rows and letters a query can come to, from its syntax tree and the frames that it reads, before it runs: the
//! engine has no bounds of its own and cannot be stopped.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use sqlparser::ast::{
    BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Join,
    JoinConstraint, JoinOperator, Query, Select, SetExpr, TableFactor, TableWithJoins, Value,
    Visit, Visitor,
};

use super::query_bounds::{MOST_JOINED_ROWS, MOST_TEXT_BYTES};
use super::row_order::is_single_row;

/// Rows of a relation at most, and bytes of its longest text. Products of both soon leave whole numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Size {
    pub(super) rows: f64,
    pub(super) longest: f64,
}

const MILLION: f64 = 1e6;

/// A number of rows or letters, to the nearest that a bound can tell apart.
#[expect(clippy::cast_precision_loss, reason = "an estimate")]
pub(super) fn count(number: usize) -> f64 {
    number as f64
}

/// Why a query is not run.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(crate) enum TooMuch {
    #[error(
        "the query may join to {:.0} million rows, over the limit of {:.0} million: join by columns that tell rows apart",
        .0 / MILLION,
        MOST_JOINED_ROWS / MILLION
    )]
    Rows(f64),
    #[error(
        "the query may make {:.0} MB of text, over the limit of {:.0} MB",
        .0 / MILLION,
        MOST_TEXT_BYTES / MILLION
    )]
    Text(f64),
}

/// What is known while a query is walked.
pub(super) struct Growth<'g> {
    /// The sizes of frames.
    pub(super) frames: BTreeMap<String, Size>,
    /// The largest `n` that a query answers. Asked only where a product of rows is over the limit.
    pub(super) most: &'g dyn Fn(&str) -> Option<f64>,
}

/// The tables named by WITH around a query: their sizes, and their text.
#[derive(Clone, Default)]
struct Scope {
    sizes: BTreeMap<String, Size>,
    texts: Vec<String>,
}

impl Growth<'_> {
    /// Checks a query.
    ///
    /// # Errors
    ///
    /// It may come to more than the bounds.
    pub(super) fn check(&self, query: &Query) -> Result<(), TooMuch> {
        self.query(query, &Scope::default()).map(|_| ())
    }

    fn query(&self, query: &Query, outer: &Scope) -> Result<Size, TooMuch> {
        let mut scope = outer.clone();
        for table in query.with.iter().flat_map(|with| &with.cte_tables) {
            let size = self.query(&table.query, &scope)?;
            scope.sizes.insert(table.alias.name.value.clone(), size);
            scope.texts.push(table.to_string());
        }
        self.body(&query.body, &scope)
    }

    fn body(&self, body: &SetExpr, scope: &Scope) -> Result<Size, TooMuch> {
        match body {
            SetExpr::Select(select) => self.select(select, scope),
            SetExpr::Query(query) => self.query(query, scope),
            SetExpr::SetOperation { left, right, .. } => {
                let (left, right) = (self.body(left, scope)?, self.body(right, scope)?);
                Ok(Size {
                    rows: left.rows + right.rows,
                    longest: left.longest.max(right.longest),
                })
            }
            _other => Ok(Size {
                rows: 1.0,
                longest: 0.0,
            }),
        }
    }

    fn select(&self, select: &Select, scope: &Scope) -> Result<Size, TooMuch> {
        let mut read = Size {
            rows: 1.0,
            longest: 0.0,
        };
        for from in &select.from {
            let joined = self.joined(from, scope)?;
            read.rows = self.bounded(read.rows * joined.rows)?;
            read.longest = read.longest.max(joined.longest);
        }
        let mut texts = Texts { read, largest: 0.0 };
        let filters = [&select.selection, &select.having, &select.qualify];
        let mut visited = filters.into_iter().map(|filter| filter.visit(&mut texts));
        let broken = visited.find_map(ControlFlow::break_value);
        let broken = broken.or_else(|| select.projection.visit(&mut texts).break_value());
        if let Some(problem) = broken {
            return Err(problem);
        }
        let rows = if is_single_row(select) {
            1.0
        } else {
            read.rows
        };
        Ok(Size {
            rows,
            longest: texts.largest.max(read.longest),
        })
    }

    fn joined(&self, from: &TableWithJoins, scope: &Scope) -> Result<Size, TooMuch> {
        let mut all = self.factor(&from.relation, scope)?;
        let first = all.rows;
        let mut joins = Vec::new();
        for join in &from.joins {
            let right = self.factor(&join.relation, scope)?;
            all.longest = all.longest.max(right.longest);
            if !is_filter(&join.join_operator) {
                all.rows *= right.rows;
                joins.push((join, right.rows));
            }
        }
        if joins.is_empty() || all.rows <= MOST_JOINED_ROWS {
            return Ok(all);
        }
        // Filters, aggregates and keys are not looked at so far.
        all.rows = self.counted(&from.relation, &[], scope).unwrap_or(first);
        for (join, rows) in joins {
            let right = self.counted(&join.relation, &[], scope).unwrap_or(rows);
            let joined = match keys(join) {
                Some(keys) => {
                    let of_key = self.counted(&join.relation, &keys, scope);
                    // Rows without a partner are kept by outer joins.
                    all.rows * of_key.unwrap_or(right) + right
                }
                None => all.rows * right,
            };
            all.rows = self.bounded(joined)?;
        }
        Ok(all)
    }

    /// The rows, where there is room for them: as many as a large table has are fine, and a few times that.
    fn bounded(&self, rows: f64) -> Result<f64, TooMuch> {
        let sizes = self.frames.values().map(|size| size.rows);
        let largest = sizes.fold(0.0, f64::max);
        if rows > MOST_JOINED_ROWS.max(4.0 * largest) {
            return Err(TooMuch::Rows(rows));
        }
        Ok(rows)
    }

    fn factor(&self, factor: &TableFactor, scope: &Scope) -> Result<Size, TooMuch> {
        match factor {
            TableFactor::Derived { subquery, .. } => self.query(subquery, scope),
            TableFactor::NestedJoin {
                table_with_joins, ..
            } => self.joined(table_with_joins, scope),
            TableFactor::Table { name, .. } => {
                let name = name.to_string();
                let name = name.trim_matches(['"', '`']);
                let size = scope.sizes.get(name).or_else(|| self.frames.get(name));
                // The engine says what is not there.
                Ok(size.copied().unwrap_or(Size {
                    rows: 1.0,
                    longest: 0.0,
                }))
            }
            _refused_elsewhere => Ok(Size {
                rows: 1.0,
                longest: 0.0,
            }),
        }
    }

    /// Rows of a relation, most of one value of all keys where there are some.
    fn counted(&self, relation: &TableFactor, keys: &[String], scope: &Scope) -> Option<f64> {
        let with = if scope.texts.is_empty() {
            String::new()
        } else {
            format!("WITH {} ", scope.texts.join(", "))
        };
        let keys = if keys.is_empty() {
            String::new()
        } else {
            format!(" GROUP BY {}", keys.join(", "))
        };
        (self.most)(&format!("{with}SELECT COUNT(*) AS n FROM {relation}{keys}"))
    }
}

/// Whether a join only takes rows of its left side away.
fn is_filter(join: &JoinOperator) -> bool {
    matches!(
        join,
        JoinOperator::Semi(_)
            | JoinOperator::LeftSemi(_)
            | JoinOperator::Anti(_)
            | JoinOperator::LeftAnti(_)
    )
}

/// The columns of the right side that a join compares with the left one; none where every row meets every row.
fn keys(join: &Join) -> Option<Vec<String>> {
    let (JoinOperator::Join(constraint)
    | JoinOperator::Inner(constraint)
    | JoinOperator::Left(constraint)
    | JoinOperator::LeftOuter(constraint)
    | JoinOperator::Right(constraint)
    | JoinOperator::RightOuter(constraint)
    | JoinOperator::FullOuter(constraint)) = &join.join_operator
    else {
        return None;
    };
    let keys = match constraint {
        JoinConstraint::Using(columns) => columns.iter().map(ToString::to_string).collect(),
        JoinConstraint::On(condition) => {
            let mut keys = Vec::new();
            equal_columns(condition, &name_of(&join.relation), &mut keys);
            keys
        }
        JoinConstraint::Natural | JoinConstraint::None => Vec::new(),
    };
    (!keys.is_empty()).then_some(keys)
}

/// What columns of a relation are called by in front of the point.
fn name_of(relation: &TableFactor) -> String {
    match relation {
        TableFactor::Table {
            alias: Some(alias), ..
        }
        | TableFactor::Derived {
            alias: Some(alias), ..
        } => alias.name.value.clone(),
        TableFactor::Table { name, .. } => name.to_string(),
        _other => String::new(),
    }
}

/// Adds the columns of a relation that are one side of an equality which must hold.
fn equal_columns(condition: &Expr, relation: &str, keys: &mut Vec<String>) {
    match condition {
        Expr::Nested(inner) => equal_columns(inner, relation, keys),
        Expr::BinaryOp {
            left,
            op: BinaryOperator::And,
            right,
        } => {
            equal_columns(left, relation, keys);
            equal_columns(right, relation, keys);
        }
        Expr::BinaryOp {
            left,
            op: BinaryOperator::Eq,
            right,
        } => {
            let own = [left, right].into_iter().find(|side| match side.as_ref() {
                Expr::CompoundIdentifier(parts) => {
                    parts.first().is_some_and(|first| first.value == relation)
                }
                _other => false,
            });
            keys.extend(own.map(ToString::to_string));
        }
        _other => {}
    }
}

/// Looks at each expression of a SELECT.
struct Texts {
    read: Size,
    /// Bytes of the longest text of all expressions.
    largest: f64,
}

impl Visitor for Texts {
    type Break = TooMuch;

    fn pre_visit_expr(&mut self, expression: &Expr) -> ControlFlow<TooMuch> {
        let letters = letters(expression, self.read);
        let bytes = letters * self.read.rows.max(1.0);
        if letters > self.read.longest && bytes > MOST_TEXT_BYTES {
            return ControlFlow::Break(TooMuch::Text(bytes));
        }
        self.largest = self.largest.max(letters);
        ControlFlow::Continue(())
    }
}

/// Bytes of the longest text that an expression can come to.
fn letters(expression: &Expr, read: Size) -> f64 {
    let of = |inner: &Expr| letters(inner, read);
    match expression {
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) | Value::DoubleQuotedString(text) => count(text.len()),
            _number => 0.0,
        },
        Expr::Identifier(_) | Expr::CompoundIdentifier(_) => read.longest,
        Expr::BinaryOp {
            left,
            op: BinaryOperator::StringConcat,
            right,
        } => of(left) + of(right),
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => of(inner).max(NUMBER_LETTERS),
        Expr::Case {
            conditions,
            else_result,
            ..
        } => {
            let results = conditions.iter().map(|case| of(&case.result));
            let otherwise = else_result.iter().map(|result| of(result));
            results.chain(otherwise).fold(0.0, f64::max)
        }
        Expr::Function(function) => of_function(function, read),
        // Answers of yes and no, and numbers; the visit looks at what is inside.
        _no_text => 0.0,
    }
}

/// Letters of a number that becomes text.
const NUMBER_LETTERS: f64 = 32.0;

fn of_function(function: &Function, read: Size) -> f64 {
    let FunctionArguments::List(list) = &function.args else {
        return 0.0;
    };
    let arguments: Vec<&Expr> = list
        .args
        .iter()
        .filter_map(|argument| match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expression))
            | FunctionArg::Named {
                arg: FunctionArgExpr::Expr(expression),
                ..
            } => Some(expression),
            _other => None,
        })
        .collect();
    let name = function.name.to_string().to_uppercase();
    let sizes: Vec<f64> = arguments.iter().map(|one| letters(one, read)).collect();
    let all: f64 = sizes.iter().sum();
    match (name.as_str(), sizes.as_slice()) {
        ("REPLACE" | "REGEXP_REPLACE", [text, from, to, ..]) => {
            let is_known = matches!(arguments[1], Expr::Value(_)) && name == "REPLACE";
            let from = if is_known { from.max(1.0) } else { 1.0 };
            text.max((text / from + 1.0) * to)
        }
        ("CONCAT_WS", [between, rest @ ..]) => all + between * count(rest.len()),
        ("STRING_AGG" | "LISTAGG" | "GROUP_CONCAT" | "ARRAY_TO_STRING", _) => {
            all * read.rows.max(1.0)
        }
        _no_growth => all,
    }
}

#[cfg(test)]
mod tests {
    use super::super::query::query_tree;
    use super::*;

    /// Of a table `t` of 1,000 rows in ten kinds, with words of ten letters, and a table `big` of 20 million.
    fn checked(sql: &str) -> Result<(), TooMuch> {
        let size = |rows| Size {
            rows,
            longest: 10.0,
        };
        let most = |sql: &str| {
            let counts = [
                ("kind", 100.0),
                ("FROM big", 2e7),
                ("FROM one", 1.0),
                ("FROM w", 1e6),
                (") s", 1e6),
                ("c.x", 1.0),
            ];
            let known = counts.iter().find(|(end, _)| sql.ends_with(end));
            Some(known.map_or(1e3, |(_, rows)| *rows))
        };
        let growth = Growth {
            frames: [("t", 1e3), ("big", 2e7)]
                .into_iter()
                .filter(|(name, _)| sql.contains(name))
                .map(|(name, rows)| (name.to_owned(), size(rows)))
                .collect(),
            most: &most,
        };
        growth.check(&query_tree(sql).unwrap())
    }

    #[test]
    fn products_of_rows_are_bounded() {
        for fine in [
            "SELECT COUNT(*) AS n FROM t a CROSS JOIN t b",
            "SELECT COUNT(*) AS n FROM t a JOIN t b ON a.kind = b.kind JOIN t c ON a.x = c.x",
            "SELECT MAX(x) AS m FROM big",
            "WITH one AS (SELECT MAX(x) AS m FROM t) SELECT big.x / one.m AS y FROM big CROSS JOIN one",
            "SELECT a.x AS x FROM big a SEMI JOIN big b ON a.kind = b.kind",
        ] {
            assert_eq!(checked(fine), Ok(()), "{fine}");
        }
        for (sql, rows) in [
            (
                "SELECT COUNT(*) AS n FROM t a CROSS JOIN t b CROSS JOIN t c",
                1e9,
            ),
            ("SELECT COUNT(*) AS n FROM t a, t b, t c, t d", 1e9),
            (
                "SELECT COUNT(*) AS n FROM (SELECT a.x AS x FROM t a, t b) s JOIN t c",
                1e9,
            ),
            (
                "WITH w AS (SELECT a.x AS x, 1 AS k FROM t a CROSS JOIN t b) \
                 SELECT COUNT(*) AS n FROM w CROSS JOIN big",
                2e13,
            ),
        ] {
            assert_eq!(checked(sql), Err(TooMuch::Rows(rows)), "{sql}");
        }
    }

    #[test]
    fn text_that_grows_is_bounded() {
        let nested = |times: usize| {
            let mut text = "word".to_owned();
            for _ in 0..times {
                text = format!("REPLACE({text}, 'a', 'aaaaaaaaaaaaaaaaaaaa')");
            }
            format!("SELECT {text} AS x FROM t")
        };
        assert_eq!(checked(&nested(1)), Ok(()));
        assert!(matches!(checked(&nested(6)), Err(TooMuch::Text(_))));
        let doubled = |times: usize| {
            let tables = (0..times).map(|at| {
                format!(
                    "w{at} AS (SELECT word || word || word || word AS word FROM {})",
                    if at == 0 {
                        "t".to_owned()
                    } else {
                        format!("w{}", at - 1)
                    }
                )
            });
            let tables: Vec<String> = tables.collect();
            format!(
                "WITH {} SELECT LENGTH(word) AS n FROM w{}",
                tables.join(", "),
                times - 1
            )
        };
        assert_eq!(checked(&doubled(3)), Ok(()));
        assert!(matches!(checked(&doubled(12)), Err(TooMuch::Text(_))));
    }
}
