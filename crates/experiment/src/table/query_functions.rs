//! Functions of queries beside the engine's own, and calls that the engine takes otherwise than they read.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, ObjectName, Query,
    Value, visit_expressions, visit_expressions_mut,
};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;

use super::query_problem::QueryProblem;
use super::row_order::is_aggregate;

/// The mean absolute percentage error of what was predicted beside what was measured.
const MAPE: &str = "MAPE";

/// The quantile between ranks.
const QUANTILE: &str = "QUANTILE";

/// What the engine calls [`QUANTILE`].
const QUANTILE_CONT: &str = "QUANTILE_CONT";

/// The quantile that is one of the values.
const QUANTILE_DISC: &str = "QUANTILE_DISC";

/// Functions that are none of the engine's own.
pub(super) const OWN_FUNCTIONS: [&str; 2] = [MAPE, QUANTILE];

/// Aggregates whose OVER the engine passes over.
const WITHOUT_OVER: [&str; 4] = ["CORR", QUANTILE, QUANTILE_CONT, QUANTILE_DISC];

/// What is wrong with a call that the engine would take otherwise than it reads.
pub(super) fn wrong_call(function: &Function) -> Option<QueryProblem> {
    let name = function.name.to_string();
    let upper = name.to_uppercase();
    if ["COVAR", "COVAR_POP", "COVAR_SAMP"].contains(&upper.as_str()) {
        return Some(QueryProblem::Covariance(name));
    }
    if function.filter.is_some() && !is_aggregate(function) {
        return Some(QueryProblem::Filter(name));
    }
    if function.over.is_some() && WITHOUT_OVER.contains(&upper.as_str()) {
        return Some(QueryProblem::Over(name));
    }
    match (upper.as_str(), arguments(function).as_deref()) {
        (MAPE, Some([_, _])) if !has_aggregate(&function.args) => None,
        (MAPE, _) => Some(QueryProblem::Mape(name)),
        (QUANTILE | QUANTILE_CONT | QUANTILE_DISC, Some([_, share])) if is_share(share) => None,
        (QUANTILE | QUANTILE_CONT | QUANTILE_DISC, _) => Some(QueryProblem::Quantile(name)),
        _other => None,
    }
}

fn has_aggregate(arguments: &FunctionArguments) -> bool {
    let found = visit_expressions(arguments, |part| match part {
        Expr::Function(inner) if is_aggregate(inner) => ControlFlow::Break(()),
        _other => ControlFlow::Continue(()),
    });
    found.is_break()
}

fn is_share(share: &Expr) -> bool {
    let Expr::Value(value) = share else {
        return false;
    };
    let Value::Number(text, _) = &value.value else {
        return false;
    };
    text.parse()
        .is_ok_and(|share: f64| (0.0..=1.0).contains(&share))
}

/// The arguments of a call that are expressions, without anything before or behind them.
fn arguments(function: &Function) -> Option<Vec<&Expr>> {
    let FunctionArguments::List(list) = &function.args else {
        return None;
    };
    let arguments = list.args.iter().map(|argument| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expression)) => Some(expression),
        _other => None,
    });
    let is_plain = list.duplicate_treatment.is_none() && list.clauses.is_empty();
    arguments.collect::<Option<_>>().filter(|_| is_plain)
}

/// Puts what [`OWN_FUNCTIONS`] stand for in their place; whether there is any in the query.
///
/// - `MAPE(p, m)` is `AVG(ABS(p - m) / ABS(m)) * 100`: rows that lack one of both do not count;
/// - `QUANTILE(x, q)` is `QUANTILE_CONT(x, q)`: linear between the two nearest ranks;
/// - a quantile with `FILTER (WHERE c)`, which the engine does not take, is that of `CASE WHEN c THEN x END`.
pub(super) fn expand(query: &mut Query) -> bool {
    let mut has_any = false;
    let outcome: ControlFlow<()> = visit_expressions_mut(query, |part| {
        if let Some(expansion) = expansion(part) {
            *part = expansion;
            has_any = true;
        }
        ControlFlow::Continue(())
    });
    has_any && outcome.is_continue()
}

/// What a call stands for, where it is one of the functions that the engine does not have as they are.
fn expansion(part: &Expr) -> Option<Expr> {
    let Expr::Function(call) = part else {
        return None;
    };
    let name = call.name.to_string().to_uppercase();
    let arguments = arguments(call)?;
    let mut call = call.clone();
    let (args, text) = match (name.as_str(), arguments.as_slice()) {
        (MAPE, [predicted, measured]) => {
            let error = format!("ABS(({predicted}) - ({measured})) / ABS({measured})");
            call.name = named("AVG");
            (format!("AVG({error})"), "* 100")
        }
        (QUANTILE | QUANTILE_CONT | QUANTILE_DISC, [value, share]) => {
            if name == QUANTILE {
                call.name = named(QUANTILE_CONT);
            }
            let value = match call.filter.take() {
                Some(filter) => format!("CASE WHEN {filter} THEN {value} END"),
                None => value.to_string(),
            };
            (format!("F({value}, {share})"), "")
        }
        _other => return None,
    };
    let Expr::Function(like) = parsed(&args)? else {
        return None;
    };
    call.args = like.args;
    parsed(&format!("({call} {text})"))
}

fn named(name: &str) -> ObjectName {
    ObjectName::from(Ident::new(name))
}

fn parsed(text: &str) -> Option<Expr> {
    let mut parser = Parser::new(&GenericDialect).try_with_sql(text).ok()?;
    parser.parse_expr().ok()
}
