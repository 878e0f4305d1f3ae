//! What fixes the order of a query's rows, from its syntax tree.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Distinct, Expr, Function, GroupByExpr, OrderByKind, Query as SqlQuery, Select, SelectItem,
    SetExpr, SetOperator, SetQuantifier,
};

/// What fixes the order of a query's rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RowOrder {
    /// The rows it reads, or there is only one.
    Inherited,
    /// ORDER BY these columns of the result; rows that tie in all of them have no fixed order: the engine's sort is
    /// not stable.
    By(Vec<String>),
    /// Nothing: it joins, groups or unites without ORDER BY, or orders by what is no column of the result.
    Nothing,
}

/// The order of a whole query; `shuffles` says whether any part of it joins, groups, unites or takes distinct rows.
pub(super) fn row_order(query: &SqlQuery, shuffles: bool) -> RowOrder {
    if matches!(query.body.as_ref(), SetExpr::Select(select) if is_single_row(select)) {
        return RowOrder::Inherited;
    }
    let order_by = match &query.order_by {
        Some(order_by) => order_by,
        None if shuffles => return RowOrder::Nothing,
        None => return RowOrder::Inherited,
    };
    let OrderByKind::Expressions(expressions) = &order_by.kind else {
        return RowOrder::Nothing;
    };
    let columns: Option<Vec<String>> = expressions
        .iter()
        .map(|ordered| match &ordered.expr {
            Expr::Identifier(name) => Some(name.value.clone()),
            Expr::CompoundIdentifier(path) => path.last().map(|name| name.value.clone()),
            _ => None,
        })
        .collect();
    columns.map_or(RowOrder::Nothing, RowOrder::By)
}

/// Whether the rows of a query come in an order that changes from run to run: grouped, distinct or united, unless there
/// is only one. Joins keep the order of their left side.
pub(super) fn mixes_rows(body: &SetExpr) -> bool {
    match body {
        SetExpr::Select(select) => {
            is_grouped(select)
                || matches!(select.distinct, Some(Distinct::Distinct | Distinct::On(_)))
        }
        SetExpr::SetOperation {
            op,
            set_quantifier,
            left,
            right,
        } => {
            let keeps_all =
                matches!(op, SetOperator::Union) && matches!(set_quantifier, SetQuantifier::All);
            !keeps_all || mixes_rows(left) || mixes_rows(right)
        }
        _ => false,
    }
}

pub(super) fn is_grouped(select: &Select) -> bool {
    match &select.group_by {
        GroupByExpr::All(_) => true,
        GroupByExpr::Expressions(expressions, _) => !expressions.is_empty(),
    }
}

/// Whether a SELECT without GROUP BY returns one row because it selects aggregates only, or reads no table.
pub(super) fn is_single_row(select: &Select) -> bool {
    if is_grouped(select) {
        return false;
    }
    select.from.is_empty()
        || select.projection.iter().all(|item| match item {
            SelectItem::UnnamedExpr(expression)
            | SelectItem::ExprWithAlias {
                expr: expression, ..
            } => is_one_value(expression),
            _ => false,
        })
}

/// Functions that make one row of many.
const AGGREGATES: &[&str] = &[
    "AVG",
    "CORR",
    "COUNT",
    "MAPE",
    "MAX",
    "MEDIAN",
    "MIN",
    "QUANTILE",
    "QUANTILE_CONT",
    "QUANTILE_DISC",
    "STDDEV",
    "STDDEV_SAMP",
    "STDEV",
    "STDEV_SAMP",
    "SUM",
    "TOTAL",
    "VAR",
    "VARIANCE",
    "VAR_SAMP",
];

/// Whether a function makes one row of many, unless it has OVER.
pub(super) fn is_aggregate(function: &Function) -> bool {
    let name = function.name.to_string().to_uppercase();
    AGGREGATES.contains(&name.as_str())
}

/// Whether an expression has one value for all rows: it has an aggregate, or no column at all.
fn is_one_value(expression: &Expr) -> bool {
    let mut has_aggregate = false;
    let mut has_column = false;
    let mut has_subquery = false;
    let outcome: ControlFlow<()> = sqlparser::ast::visit_expressions(expression, |part| {
        match part {
            Expr::Function(function) => {
                has_aggregate |= function.over.is_none() && is_aggregate(function);
            }
            Expr::Identifier(_) | Expr::CompoundIdentifier(_) => has_column = true,
            Expr::Subquery(_) | Expr::InSubquery { .. } | Expr::Exists { .. } => {
                has_subquery = true;
            }
            _ => {}
        }
        ControlFlow::Continue(())
    });
    outcome.is_continue() && !has_subquery && (has_aggregate || !has_column)
}
