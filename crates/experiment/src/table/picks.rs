//! Queries that pick rows by the best of something, and queries that correlate, from their syntax trees.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use sqlparser::ast::{
    BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList,
    FunctionArguments, Ident, ObjectName, OrderBy, OrderByExpr, OrderByKind, Query as SqlQuery,
    Select, SelectItem, SetExpr, Visit, Visitor, WindowType,
};

use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;

use super::query::query_tree;

/// Window functions that number rows or take one of them.
const RANKING: &[&str] = &[
    "ROW_NUMBER",
    "RANK",
    "DENSE_RANK",
    "FIRST_VALUE",
    "LAST_VALUE",
    "FIRST",
    "LAST",
];

/// Whether a query keeps the rows in which something is least or largest, as does a grid search: by QUALIFY over a rank,
/// by ORDER BY with LIMIT, or by comparing with the MIN or MAX of a subquery or of a table of WITH. `axes` are the columns that are swept: who
/// orders by one of them, or takes its MIN, picks no optimum.
pub(crate) fn picks_a_best(sql: &str, axes: &BTreeSet<&str>) -> bool {
    let Some(query) = query_tree(sql) else {
        return false;
    };
    let mut search = Search {
        axes,
        found: false,
        bests: BTreeSet::new(),
    };
    let visited = query.visit(&mut search);
    visited.is_continue() && search.found
}

struct Search<'a> {
    axes: &'a BTreeSet<&'a str>,
    found: bool,
    /// Columns of tables of WITH that are the MIN or MAX of something.
    bests: BTreeSet<String>,
}

impl Search<'_> {
    fn is_axis(&self, expression: &Expr) -> bool {
        column_of(expression).is_some_and(|name| self.axes.contains(name))
    }

    fn is_by_other(&self, order: &[OrderByExpr]) -> bool {
        let first = order.first();
        first.is_some_and(|first| !self.is_axis(&first.expr))
    }

    /// The MIN and MAX that a query selects, by alias; empty text for those without one.
    fn bests_of(&self, query: &SqlQuery) -> Vec<String> {
        let SetExpr::Select(select) = query.body.as_ref() else {
            return Vec::new();
        };
        let bests = select.projection.iter().filter_map(|item| {
            let (expression, alias) = match item {
                SelectItem::UnnamedExpr(expression) => (expression, ""),
                SelectItem::ExprWithAlias { expr, alias } => (expr, alias.value.as_str()),
                _ => return None,
            };
            let Expr::Function(function) = expression else {
                return None;
            };
            let is_extreme = ["MIN", "MAX"].contains(&name_of(function).as_str());
            let argument = first_argument(function);
            let is_best = is_extreme && argument.is_some_and(|argument| !self.is_axis(argument));
            is_best.then(|| alias.to_owned())
        });
        bests.collect()
    }

    fn is_best(&self, expression: &Expr) -> bool {
        column_of(expression).is_some_and(|name| self.bests.contains(name))
    }
}

impl Visitor for Search<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, query: &SqlQuery) -> ControlFlow<()> {
        for table in query.with.iter().flat_map(|with| &with.cte_tables) {
            self.bests.extend(self.bests_of(&table.query));
        }
        if let (Some(order), Some(_)) = (&query.order_by, &query.limit_clause) {
            self.found |= expressions(order).is_some_and(|order| self.is_by_other(order));
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expression: &Expr) -> ControlFlow<()> {
        match expression {
            Expr::Function(function) if RANKING.contains(&name_of(function).as_str()) => {
                if let Some(WindowType::WindowSpec(window)) = &function.over {
                    self.found |= self.is_by_other(&window.order_by);
                }
            }
            Expr::Subquery(query)
            | Expr::InSubquery {
                subquery: query, ..
            } => self.found |= !self.bests_of(query).is_empty(),
            Expr::BinaryOp {
                left,
                op: BinaryOperator::Eq,
                right,
            } => self.found |= self.is_best(left) || self.is_best(right),
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

/// The column of the result `name` where a query takes it as it is, or an aggregate of it alone.
pub(crate) fn column_behind(sql: &str, name: &str) -> Option<String> {
    let query = query_tree(sql)?;
    let SetExpr::Select(select) = query.body.as_ref() else {
        return None;
    };
    select.projection.iter().find_map(|item| {
        let (expression, alias) = match item {
            SelectItem::ExprWithAlias { expr, alias } => (expr, alias.value.as_str()),
            SelectItem::UnnamedExpr(expression) => (expression, column_of(expression)?),
            _ => return None,
        };
        let inner = match expression {
            Expr::Function(function) => first_argument(function)?,
            _ => expression,
        };
        (alias == name).then(|| column_of(inner).map(str::to_owned))?
    })
}

/// For each SELECT with CORR a query of its own, and in it the columns of each correlation: its value and how many pairs
/// of numbers it is of.
pub(crate) fn correlations(sql: &str) -> Vec<(String, Vec<[String; 2]>)> {
    let Some(query) = query_tree(sql) else {
        return Vec::new();
    };
    let mut search = Correlations {
        outer: &query,
        found: Vec::new(),
    };
    let visited = query.visit(&mut search);
    debug_assert!(visited.is_continue(), "nothing ends this visit");
    search.found
}

struct Correlations<'q> {
    outer: &'q SqlQuery,
    found: Vec<(String, Vec<[String; 2]>)>,
}

impl Visitor for Correlations<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, query: &SqlQuery) -> ControlFlow<()> {
        self.note(query, &query.body);
        ControlFlow::Continue(())
    }
}

impl Correlations<'_> {
    fn note(&mut self, query: &SqlQuery, body: &SetExpr) {
        match body {
            SetExpr::SetOperation { left, right, .. } => {
                self.note(query, left);
                self.note(query, right);
            }
            SetExpr::Select(select) => self.note_select(query, select),
            _ => {}
        }
    }

    fn note_select(&mut self, query: &SqlQuery, select: &Select) {
        let mut counted = select.clone();
        let mut columns = Vec::new();
        for (index, item) in select.projection.iter().enumerate() {
            let (expression, alias) = match item {
                SelectItem::ExprWithAlias { expr, alias } => (expr, alias.clone()),
                SelectItem::UnnamedExpr(expression) => {
                    (expression, Ident::new(format!("correlation_{index}")))
                }
                _ => continue,
            };
            let Some(correlation) = correlation_in(expression) else {
                continue;
            };
            let Some(pairs) = pairs_of(&correlation) else {
                continue;
            };
            let counts = Ident::new(format!("pairs_{index}"));
            columns.push([alias.value.clone(), counts.value.clone()]);
            counted.projection[index] = SelectItem::ExprWithAlias {
                expr: expression.clone(),
                alias,
            };
            counted.projection.push(SelectItem::ExprWithAlias {
                expr: Expr::Function(pairs),
                alias: counts,
            });
        }
        if columns.is_empty() {
            return;
        }
        counted.qualify = None;
        let mut of_its_own = query.clone();
        of_its_own.with = query.with.clone().or_else(|| self.outer.with.clone());
        of_its_own.order_by = None;
        of_its_own.limit_clause = None;
        *of_its_own.body = SetExpr::Select(Box::new(counted));
        self.found.push((of_its_own.to_string(), columns));
    }
}

/// The first CORR in an expression, but for those of its subqueries.
fn correlation_in(expression: &Expr) -> Option<Function> {
    let found = sqlparser::ast::visit_expressions(expression, |part| match part {
        Expr::Function(function) if name_of(function) == "CORR" => {
            ControlFlow::Break(function.clone())
        }
        _ => ControlFlow::Continue(()),
    });
    found.break_value()
}

/// How many pairs of numbers a correlation is of: the same call with COUNT in place of CORR. A sum is NULL where either
/// number is.
fn pairs_of(correlation: &Function) -> Option<Function> {
    let FunctionArguments::List(list) = &correlation.args else {
        return None;
    };
    let [first, second] = list.args.as_slice() else {
        return None;
    };
    let sum = format!("({first}) + ({second})");
    let sum = Parser::new(&GenericDialect)
        .try_with_sql(&sum)
        .ok()?
        .parse_expr()
        .ok()?;
    Some(Function {
        name: ObjectName::from(vec![Ident::new("COUNT")]),
        args: FunctionArguments::List(FunctionArgumentList {
            args: vec![FunctionArg::Unnamed(FunctionArgExpr::Expr(sum))],
            ..list.clone()
        }),
        ..correlation.clone()
    })
}

fn name_of(function: &Function) -> String {
    function.name.to_string().to_uppercase()
}

fn first_argument(function: &Function) -> Option<&Expr> {
    let FunctionArguments::List(list) = &function.args else {
        return None;
    };
    match list.args.first()? {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expression)) => Some(expression),
        _ => None,
    }
}

/// The column that an expression is, without the name of its table.
fn column_of(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Identifier(name) => Some(&name.value),
        Expr::CompoundIdentifier(path) => path.last().map(|name| name.value.as_str()),
        _ => None,
    }
}

fn expressions(order: &OrderBy) -> Option<&[OrderByExpr]> {
    match &order.kind {
        OrderByKind::Expressions(expressions) => Some(expressions),
        OrderByKind::All(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_best_is_picked_by_rank_by_limit_or_by_the_least_of_a_subquery() {
        let axes = BTreeSet::from(["layer_us"]);
        for (sql, picks) in [
            (
                "SELECT layer_us FROM g QUALIFY ROW_NUMBER() OVER (ORDER BY mape, layer_us) = 1",
                true,
            ),
            ("SELECT layer_us FROM g ORDER BY mape LIMIT 1", true),
            (
                "SELECT layer_us FROM g WHERE mape = (SELECT MIN(mape) FROM g)",
                true,
            ),
            (
                "SELECT FIRST_VALUE(layer_us) OVER (ORDER BY mape) AS best FROM g",
                true,
            ),
            ("SELECT layer_us FROM g WHERE layer_us = 80", false),
            ("SELECT layer_us FROM g ORDER BY layer_us LIMIT 1", false),
            (
                "SELECT layer_us FROM g WHERE layer_us = (SELECT MIN(layer_us) FROM g)",
                false,
            ),
            (
                "SELECT layer_us, LAG(mape) OVER (ORDER BY mape) AS before FROM g",
                false,
            ),
            ("SELECT MIN(mape) AS least FROM g", false),
        ] {
            assert_eq!(picks_a_best(sql, &axes), picks, "{sql}");
        }
    }

    #[test]
    fn the_column_behind_an_answer_is_found_through_an_aggregate() {
        let sql = "SELECT MAX(g.eff) < 0.9 AS holds, MAX(g.eff) AS observed FROM g";
        assert_eq!(column_behind(sql, "observed").as_deref(), Some("eff"));
        assert_eq!(column_behind(sql, "holds"), None);
    }

    #[test]
    fn every_correlation_has_a_query_for_its_pairs() {
        let sql =
            "WITH w AS (SELECT * FROM t) SELECT e, CORR(x, y) AS r FROM w GROUP BY e ORDER BY e";
        let expected = "WITH w AS (SELECT * FROM t) SELECT e, CORR(x, y) AS r, COUNT((x) + (y)) AS pairs_1 FROM w GROUP BY e";
        let columns = vec![["r".to_owned(), "pairs_1".to_owned()]];
        assert_eq!(correlations(sql), [(expected.to_owned(), columns)]);
        assert_eq!(correlations("SELECT AVG(x) AS m FROM t"), []);
    }
}
