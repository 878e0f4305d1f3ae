//! What a check compares, read off its SQL.

use serde::Serialize;
use sqlparser::ast::{BinaryOperator, Expr, SelectItem, SetExpr, Statement, UnaryOperator, Value};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;

/// A comparison with a fixed value, as the SQL has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Threshold {
    /// What is compared.
    pub measure: String,
    /// How.
    pub relation: &'static str,
    /// With what.
    pub limit: String,
}

/// When a check holds: its whole condition, and the comparisons of it that all must be true.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Condition {
    /// The expression of `holds`, where the outermost SELECT names one.
    pub(crate) text: Option<String>,
    pub(crate) thresholds: Vec<Threshold>,
}

impl Condition {
    /// Reads it off a query that was checked. What it cannot read is left out.
    pub(crate) fn of(sql: &str) -> Self {
        let Ok(statements) = Parser::parse_sql(&GenericDialect, sql) else {
            return Self::default();
        };
        let [Statement::Query(query)] = statements.as_slice() else {
            return Self::default();
        };
        let SetExpr::Select(select) = query.body.as_ref() else {
            return Self::default();
        };
        let holds = select.projection.iter().find_map(|item| match item {
            SelectItem::ExprWithAlias { expr, alias } if alias.value == "holds" => Some(expr),
            _ => None,
        });
        let mut thresholds = Vec::new();
        if let Some(expression) = holds {
            collect(expression, &mut thresholds);
        }
        Self {
            text: holds.map(ToString::to_string),
            thresholds,
        }
    }
}

impl Threshold {
    /// The limit, where it is a number.
    pub(crate) fn number(&self) -> Option<f64> {
        self.limit.trim_matches(['(', ')']).parse().ok()
    }
}

fn collect(expression: &Expr, thresholds: &mut Vec<Threshold>) {
    match expression {
        Expr::Nested(inner) => collect(inner, thresholds),
        Expr::BinaryOp {
            left,
            op: BinaryOperator::And,
            right,
        } => {
            collect(left, thresholds);
            collect(right, thresholds);
        }
        Expr::BinaryOp { left, op, right } => {
            let Some((relation, mirrored)) = relation(op) else {
                return;
            };
            let (measure, relation, limit) = if is_fixed(right) {
                (left, relation, right)
            } else if is_fixed(left) {
                (right, mirrored, left)
            } else {
                return;
            };
            thresholds.push(Threshold {
                measure: measure.to_string(),
                relation,
                limit: limit.to_string(),
            });
        }
        // Anything else has no one limit.
        _ => {}
    }
}

/// A comparison, and the same with its sides exchanged.
fn relation(operator: &BinaryOperator) -> Option<(&'static str, &'static str)> {
    match operator {
        BinaryOperator::Lt => Some(("<", ">")),
        BinaryOperator::LtEq => Some(("<=", ">=")),
        BinaryOperator::Gt => Some((">", "<")),
        BinaryOperator::GtEq => Some((">=", "<=")),
        BinaryOperator::Eq => Some(("=", "=")),
        BinaryOperator::NotEq => Some(("<>", "<>")),
        _ => None,
    }
}

fn is_fixed(expression: &Expr) -> bool {
    match expression {
        Expr::Value(value) => matches!(
            value.value,
            Value::Number(..) | Value::SingleQuotedString(_) | Value::Boolean(_)
        ),
        Expr::UnaryOp {
            op: UnaryOperator::Minus,
            expr,
        } => is_fixed(expr),
        Expr::Nested(inner) => is_fixed(inner),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(sql: &str) -> (Option<String>, Vec<String>) {
        let Condition { text, thresholds } = Condition::of(sql);
        let thresholds = thresholds
            .into_iter()
            .map(|one| format!("{} {} {}", one.measure, one.relation, one.limit))
            .collect();
        (text, thresholds)
    }

    #[test]
    fn limits_stand_on_the_right() {
        let (text, limits) = read("SELECT MAX(x) < 0.5 AS holds, MAX(x) AS observed FROM t");
        assert_eq!(text.as_deref(), Some("MAX(x) < 0.5"));
        assert_eq!(limits, ["MAX(x) < 0.5"]);
        let (_, limits) = read("SELECT -3 >= MIN(x) AS holds, 1 AS observed FROM t");
        assert_eq!(limits, ["MIN(x) <= -3"]);
    }

    #[test]
    fn every_part_of_a_conjunction_is_a_limit() {
        let (_, limits) = read(
            "WITH s AS (SELECT a FROM t) SELECT (MAX(a) < 2 AND MIN(a) > 1) AND COUNT(*) = 4 AS holds FROM s",
        );
        assert_eq!(limits, ["MAX(a) < 2", "MIN(a) > 1", "COUNT(*) = 4"]);
    }

    #[test]
    fn what_has_no_fixed_limit_has_its_condition() {
        let (text, limits) = read("SELECT MAX(a) < MIN(b) OR MAX(a) < 1 AS holds FROM t");
        assert_eq!(text.as_deref(), Some("MAX(a) < MIN(b) OR MAX(a) < 1"));
        assert_eq!(limits, [""; 0]);
        assert_eq!(read("SELECT holds FROM t"), (None, Vec::new()));
        assert_eq!(read("SELECT ("), (None, Vec::new()));
    }
}
