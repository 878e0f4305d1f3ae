//! Plans of the engine with calculations that are checked in place of its own, which wrap around or go on with what is
//! no number.

use std::sync::Arc;

use polars::prelude::{
    AggExpr, DataType, DataTypeExpr, DslPlan, Expr, FunctionExpr, Operator as EngineOperator,
    PowFunction, RoundMode, SpecialEq, lit,
};

use super::calculation::{Calculation, Operation, Operator};

/// Checks the calculations of plans.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlanChecker {
    /// Whether rows without a value stand behind all others in a descending order too.
    pub(super) nulls_last: bool,
}

impl PlanChecker {
    /// The plan with all its calculations checked.
    pub(super) fn checked(self, plan: &DslPlan) -> DslPlan {
        let one = |input: &Arc<DslPlan>| Arc::new(self.checked(input));
        let many = |inputs: &[DslPlan]| {
            inputs
                .iter()
                .map(|input| self.checked(input))
                .collect::<Vec<_>>()
        };
        let mut plan = plan.clone();
        match &mut plan {
            // What the engine made of a plan to see its columns.
            DslPlan::IR { dsl, .. } => return self.checked(dsl),
            DslPlan::Filter { input, predicate } => {
                *input = one(input);
                let rewriter = Rewriter {
                    is_filter: true,
                    ..Rewriter::new(self)
                };
                *predicate = rewriter.expression(predicate);
            }
            DslPlan::Select { input, expr, .. }
            | DslPlan::HStack {
                input, exprs: expr, ..
            } => {
                *input = one(input);
                self.expressions(expr);
            }
            DslPlan::GroupBy {
                input,
                keys,
                predicates,
                aggs,
                ..
            } => {
                *input = one(input);
                self.expressions(keys);
                self.expressions(predicates);
                self.expressions(aggs);
            }
            DslPlan::Join {
                input_left,
                input_right,
                left_on,
                right_on,
                predicates,
                ..
            } => {
                *input_left = one(input_left);
                *input_right = one(input_right);
                self.expressions(left_on);
                self.expressions(right_on);
                self.expressions(predicates);
            }
            DslPlan::Sort {
                input,
                by_column,
                sort_options,
                ..
            } => {
                *input = one(input);
                if self.nulls_last {
                    sort_options.nulls_last.fill(true);
                }
                self.expressions(by_column);
            }
            DslPlan::Cache { input, .. }
            | DslPlan::Distinct { input, .. }
            | DslPlan::Slice { input, .. }
            | DslPlan::MapFunction { input, .. }
            | DslPlan::MatchToSchema { input, .. } => *input = one(input),
            DslPlan::Gather { input, idxs, .. } => {
                *input = one(input);
                *idxs = one(idxs);
            }
            DslPlan::Union { inputs, .. } | DslPlan::HConcat { inputs, .. } => {
                *inputs = many(inputs);
            }
            DslPlan::ExtContext { input, contexts } => {
                *input = one(input);
                *contexts = many(contexts);
            }
            DslPlan::PipeWithSchema { input, .. } => *input = many(input).into(),
            _without_calculations => {}
        }
        plan
    }

    fn expressions(self, all: &mut [Expr]) {
        for expression in all {
            *expression = self.rewritten(expression);
        }
    }

    fn rewritten(self, expression: &Expr) -> Expr {
        Rewriter::new(self).expression(expression)
    }
}

/// Rewrites the calculations of one expression.
#[derive(Debug, Clone)]
struct Rewriter {
    checker: PlanChecker,
    /// The column that the expression is named as.
    column: Option<String>,
    /// The condition under which its rows count, where CASE, AND or OR leave some out.
    condition: Option<Expr>,
    /// Whether what has no right result is missing instead of an error: in conditions of others, which have their own
    /// error where they stand.
    is_lenient: bool,
    /// Whether it decides which rows are left.
    is_filter: bool,
}

impl Rewriter {
    fn new(checker: PlanChecker) -> Self {
        Self {
            checker,
            column: None,
            condition: None,
            is_lenient: false,
            is_filter: false,
        }
    }

    fn expression(&self, expression: &Expr) -> Expr {
        let mut result = expression.clone();
        match &mut result {
            Expr::Alias(inner, name) => {
                let named = Self {
                    column: Some(name.to_string()),
                    ..self.clone()
                };
                *inner = named.shared(inner);
            }
            Expr::BinaryExpr { left, op, right } => {
                if let Some(operator) = arithmetic(*op) {
                    let values = vec![self.expression(left), self.expression(right)];
                    return self.call(Operation::Of(operator), values);
                }
                *right = self.right(left, *op, right);
                *left = self.shared(left);
            }
            Expr::Ternary {
                predicate,
                truthy,
                falsy,
            } => {
                let holds = self.lenient(predicate).eq_missing(lit(true));
                if has_calculation(truthy) {
                    *truthy = self.under(holds.clone()).shared(truthy);
                }
                if has_calculation(falsy) {
                    *falsy = self.under(holds.not()).shared(falsy);
                }
                *predicate = self.shared(predicate);
            }
            Expr::Cast { expr, dtype, .. } => {
                *expr = self.shared(expr);
                match dtype {
                    DataTypeExpr::Literal(kind) if kind.is_signed_integer() => {
                        let values = vec![expr.as_ref().clone()];
                        return self.call(Operation::ToWhole, values);
                    }
                    DataTypeExpr::Literal(kind) if kind.is_float() => {
                        return self.call(Operation::Settle, vec![result]);
                    }
                    _as_it_is => {}
                }
            }
            Expr::Agg(AggExpr::Sum(of)) => {
                let inside = self.of_other_rows();
                // A sum has the kind of its terms.
                let terms = inside.call(Operation::Settle, vec![inside.expression(of)]);
                let of_fractions = terms.clone().cast(DataType::Float64).sum();
                return self.call(Operation::Sum, vec![terms.sum(), of_fractions]);
            }
            Expr::Agg(aggregate) => {
                let is_count = matches!(aggregate, AggExpr::Count { .. } | AggExpr::NUnique(_));
                self.of_other_rows().aggregate(aggregate);
                if is_count {
                    return self.call(Operation::Settle, vec![result]);
                }
            }
            Expr::Len => return self.call(Operation::Settle, vec![result]),
            Expr::Function { input, function } => {
                let input = input.iter().map(|one| self.expression(one)).collect();
                return self.function(input, function.clone());
            }
            _of_parts => self.parts(&mut result),
        }
        result
    }

    /// The right side of a comparison, or of AND and OR, which count where the left decides nothing.
    fn right(&self, left: &Arc<Expr>, operator: EngineOperator, right: &Arc<Expr>) -> Arc<Expr> {
        let decided = match operator {
            EngineOperator::And | EngineOperator::LogicalAnd => Some(false),
            EngineOperator::Or | EngineOperator::LogicalOr => Some(true),
            _ => None,
        };
        match decided.filter(|_| has_calculation(right)) {
            Some(decided) => {
                let open = self.lenient(left).neq_missing(lit(decided));
                self.under(open).shared(right)
            }
            None => self.shared(right),
        }
    }

    fn function(&self, mut input: Vec<Expr>, mut function: FunctionExpr) -> Expr {
        let to_fractions = |input: &[Expr]| -> Vec<Expr> {
            let all = input.iter().cloned();
            all.map(|one| one.cast(DataType::Float64)).collect()
        };
        match &mut function {
            FunctionExpr::Pow(PowFunction::Generic) => input = to_fractions(&input),
            FunctionExpr::Round { mode, .. } => *mode = RoundMode::HalfAwayFromZero,
            FunctionExpr::CumSum { .. } => {
                let settle = |one| self.call(Operation::Settle, vec![one]);
                input = input.into_iter().map(settle).collect();
                let of_fractions = Expr::Function {
                    input: to_fractions(&input),
                    function: function.clone(),
                };
                let sum = Expr::Function { input, function };
                return self.call(Operation::Sum, vec![sum, of_fractions]);
            }
            _as_it_is => {}
        }
        let is_unsettled = is_unsettled(&function);
        let result = Expr::Function { input, function };
        if is_unsettled {
            self.call(Operation::Settle, vec![result])
        } else {
            result
        }
    }

    /// Rewrites the parts of what calculates nothing itself.
    fn parts(&self, expression: &mut Expr) {
        match expression {
            Expr::Over {
                function,
                partition_by,
                order_by,
                ..
            } => {
                let inside = self.of_other_rows();
                *function = inside.shared(function);
                for one in partition_by {
                    *one = inside.expression(one);
                }
                if let Some((order, options)) = order_by {
                    options.nulls_last |= self.checker.nulls_last;
                    *order = inside.shared(order);
                }
            }
            Expr::Filter { input, by } => {
                let inside = self.of_other_rows();
                if has_calculation(input) {
                    let counts = inside.lenient(by).eq_missing(lit(true));
                    *input = inside.under(counts).shared(input);
                }
                *by = inside.shared(by);
            }
            Expr::Sort { expr, .. }
            | Expr::KeepName(expr)
            | Expr::RenameAlias { expr, .. }
            | Expr::Explode { input: expr, .. } => *expr = self.shared(expr),
            Expr::SortBy { expr, by, .. } => {
                *expr = self.shared(expr);
                for one in by {
                    *one = self.expression(one);
                }
            }
            Expr::Gather { expr, idx, .. } => {
                *expr = self.shared(expr);
                *idx = self.shared(idx);
            }
            Expr::Slice {
                input,
                offset,
                length,
            } => {
                for one in [input, offset, length] {
                    *one = self.shared(one);
                }
            }
            Expr::SubPlan(plan, _) => {
                *plan = SpecialEq::new(Arc::new(self.checker.checked(plan)));
            }
            _without_calculations => {}
        }
    }

    fn shared(&self, expression: &Arc<Expr>) -> Arc<Expr> {
        Arc::new(self.expression(expression))
    }

    fn aggregate(&self, aggregate: &mut AggExpr) {
        match aggregate {
            AggExpr::Min { input, .. }
            | AggExpr::Max { input, .. }
            | AggExpr::Item { input, .. }
            | AggExpr::Implode { input, .. }
            | AggExpr::Count { input, .. }
            | AggExpr::Median(input)
            | AggExpr::NUnique(input)
            | AggExpr::First(input)
            | AggExpr::FirstNonNull(input)
            | AggExpr::Last(input)
            | AggExpr::LastNonNull(input)
            | AggExpr::Mean(input)
            | AggExpr::Sum(input)
            | AggExpr::AggGroups(input)
            | AggExpr::Std(input, _)
            | AggExpr::Var(input, _) => *input = self.shared(input),
        }
    }

    /// The same inside of an aggregate, whose rows no condition outside of it leaves out.
    fn of_other_rows(&self) -> Self {
        Self {
            condition: None,
            ..self.clone()
        }
    }

    /// The same where another condition must hold too.
    fn under(&self, condition: Expr) -> Self {
        Self {
            condition: Some(match &self.condition {
                Some(known) => known.clone().and(condition),
                None => condition,
            }),
            ..self.clone()
        }
    }

    fn lenient(&self, expression: &Expr) -> Expr {
        let lenient = Self {
            column: None,
            condition: None,
            is_lenient: true,
            ..self.clone()
        };
        lenient.expression(expression)
    }

    fn call(&self, operation: Operation, mut values: Vec<Expr>) -> Expr {
        let condition = self.condition.iter().filter(|_| !self.is_lenient);
        values.extend(condition.cloned());
        let calculation = Calculation {
            operation,
            column: self.column.clone(),
            is_lenient: self.is_lenient,
            is_filter: self.is_filter,
        };
        calculation.of(values)
    }
}

fn arithmetic(operator: EngineOperator) -> Option<Operator> {
    match operator {
        EngineOperator::Plus => Some(Operator::Plus),
        EngineOperator::Minus => Some(Operator::Minus),
        EngineOperator::Multiply => Some(Operator::Times),
        EngineOperator::RustDivide | EngineOperator::TrueDivide => Some(Operator::Divide),
        EngineOperator::FloorDivide => Some(Operator::DivideWhole),
        EngineOperator::Modulus => Some(Operator::Remainder),
        _comparison => None,
    }
}

/// Whether an expression has what a condition can leave out.
fn has_calculation(expression: &Expr) -> bool {
    expression.into_iter().any(|part| match part {
        Expr::BinaryExpr { op, .. } => arithmetic(*op).is_some(),
        Expr::Cast { .. } | Expr::Agg(AggExpr::Sum(_)) => true,
        Expr::Function { function, .. } => is_unsettled(function),
        _ => false,
    })
}

/// Whether a function may give less than 64 bits, what is infinite or no number.
fn is_unsettled(function: &FunctionExpr) -> bool {
    !matches!(
        function,
        FunctionExpr::Boolean(_)
            | FunctionExpr::Abs
            | FunctionExpr::Ceil
            | FunctionExpr::Coalesce
            | FunctionExpr::FillNull
            | FunctionExpr::Floor
            | FunctionExpr::MaxHorizontal
            | FunctionExpr::MinHorizontal
            | FunctionExpr::Quantile { .. }
            | FunctionExpr::Round { .. }
            | FunctionExpr::Shift
            | FunctionExpr::ShiftAndFill
    )
}
