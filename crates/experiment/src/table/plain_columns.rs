//! Columns that a query takes over as they are, and what it compares with fixed values.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use sqlparser::ast::{
    BinaryOperator, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, ObjectNamePart,
    Query as SqlQuery, Select, SelectItem, SetExpr, Statement, TableFactor, UnaryOperator,
    Value as SqlValue, Visit, Visitor,
};

use super::query::parse;
use crate::format::Scalar;

/// What is known of the columns of a relation: the value `T` of each that is known to hold nothing else.
pub(crate) type Known<T> = BTreeMap<String, Option<T>>;

/// A column that a query compares with a fixed value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Compared<T> {
    /// As the query calls it.
    pub(crate) column: String,
    /// What is known of it.
    pub(crate) known: T,
    pub(crate) literal: Scalar,
    /// As the query writes it.
    pub(crate) word: String,
}

/// The columns of a query's result, and its comparisons, as far as they are of columns that are known. `relations` has
/// all columns of what the query may read.
pub(crate) fn plain_columns<T: Clone>(
    sql: &str,
    relations: &BTreeMap<String, Known<T>>,
) -> (Option<Known<T>>, Vec<Compared<T>>) {
    let mut reader = Reader {
        compared: Vec::new(),
    };
    let result = match parse(sql).as_deref() {
        Ok([Statement::Query(query)]) => reader.query(query, relations),
        // What does not parse has been refused.
        Ok(_) | Err(_) => None,
    };
    (result, reader.compared)
}

/// A relation of a FROM, under the name that the query has for it. `None` where its columns are not known.
struct Source<T> {
    name: Option<String>,
    columns: Option<Known<T>>,
}

struct Reader<T> {
    compared: Vec<Compared<T>>,
}

impl<T: Clone> Reader<T> {
    fn query(
        &mut self,
        query: &SqlQuery,
        relations: &BTreeMap<String, Known<T>>,
    ) -> Option<Known<T>> {
        let mut relations = relations.clone();
        for table in query.with.iter().flat_map(|with| &with.cte_tables) {
            let columns = self.query(&table.query, &relations);
            let name = table.alias.name.value.clone();
            // Columns that are renamed behind the name of the table are not followed.
            match columns.filter(|_| table.alias.columns.is_empty()) {
                Some(columns) => relations.insert(name, columns),
                None => relations.remove(&name),
            };
        }
        self.body(&query.body, &relations)
    }

    fn body(&mut self, body: &SetExpr, relations: &BTreeMap<String, Known<T>>) -> Option<Known<T>> {
        match body {
            SetExpr::Select(select) => self.select(select, relations),
            SetExpr::Query(query) => self.query(query, relations),
            SetExpr::SetOperation { left, right, .. } => {
                self.body(left, relations);
                self.body(right, relations);
                None
            }
            _ => None,
        }
    }

    fn select(
        &mut self,
        select: &Select,
        relations: &BTreeMap<String, Known<T>>,
    ) -> Option<Known<T>> {
        let mut sources = Vec::new();
        for from in &select.from {
            let joined = from.joins.iter().map(|join| &join.relation);
            for factor in std::iter::once(&from.relation).chain(joined) {
                sources.push(self.source(factor, relations));
            }
        }
        let mut comparisons = Comparisons::default();
        let _never: ControlFlow<()> = select.visit(&mut comparisons);
        for query in comparisons.nested {
            self.query(&query, relations);
        }
        // HAVING and ORDER BY may mean what the SELECT gives a name of a column.
        let is_given = |column: &str| {
            select.projection.iter().any(|item| {
                matches!(item, SelectItem::ExprWithAlias { expr, alias }
                    if alias.value == column && parts(expr).is_none_or(|parts| parts.last() != Some(&column)))
            })
        };
        for (column, literal, word) in comparisons.found {
            let Some(known) = find(&column, &sources) else {
                continue;
            };
            let name = parts(&column).and_then(|parts| parts.last().map(|name| (*name).to_owned()));
            if let Some(name) = name.filter(|name| !is_given(name)) {
                self.compared.push(Compared {
                    column: name,
                    known,
                    literal,
                    word,
                });
            }
        }
        result(&select.projection, &sources)
    }

    fn source(
        &mut self,
        factor: &TableFactor,
        relations: &BTreeMap<String, Known<T>>,
    ) -> Source<T> {
        let (name, columns) = match factor {
            TableFactor::Table { name, alias, .. } => {
                let relation = match name.0.as_slice() {
                    [ObjectNamePart::Identifier(name)] => Some(name.value.clone()),
                    _ => None,
                };
                let columns = relation.as_ref().and_then(|name| relations.get(name));
                (
                    alias
                        .as_ref()
                        .map(|alias| alias.name.value.clone())
                        .or(relation),
                    columns.cloned(),
                )
            }
            TableFactor::Derived {
                subquery, alias, ..
            } => {
                let columns = self.query(subquery, relations);
                (
                    alias.as_ref().map(|alias| alias.name.value.clone()),
                    columns,
                )
            }
            _ => (None, None),
        };
        Source { name, columns }
    }
}

/// The columns of a SELECT, where all of their names are known.
fn result<T: Clone>(projection: &[SelectItem], sources: &[Source<T>]) -> Option<Known<T>> {
    let mut columns: Known<T> = BTreeMap::new();
    let mut give = |name: String, known: Option<T>| {
        let known = if columns.contains_key(&name) {
            None
        } else {
            known
        };
        columns.insert(name, known);
    };
    for item in projection {
        match item {
            SelectItem::ExprWithAlias { expr, alias } => {
                give(alias.value.clone(), find(expr, sources));
            }
            SelectItem::UnnamedExpr(expr) => {
                let name = parts(expr)?.last().map(|name| (*name).to_owned())?;
                give(name, find(expr, sources));
            }
            SelectItem::Wildcard(options) if options.to_string().is_empty() => {
                for source in sources {
                    for (name, known) in source.columns.as_ref()? {
                        give(name.clone(), known.clone());
                    }
                }
            }
            _ => return None,
        }
    }
    Some(columns)
}

/// The names of a column, `kv` or `t.kv`.
fn parts(expression: &Expr) -> Option<Vec<&str>> {
    match expression {
        Expr::Identifier(name) => Some(vec![name.value.as_str()]),
        Expr::CompoundIdentifier(path) => {
            Some(path.iter().map(|name| name.value.as_str()).collect())
        }
        Expr::Nested(inner) => parts(inner),
        // The least and the largest value of a column are values of it.
        Expr::Function(function) => {
            let name = function.name.to_string().to_uppercase();
            let FunctionArguments::List(list) = &function.args else {
                return None;
            };
            match list.args.as_slice() {
                [FunctionArg::Unnamed(FunctionArgExpr::Expr(of))]
                    if matches!(name.as_str(), "MAX" | "MIN") =>
                {
                    parts(of)
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// What is known of the one column that an expression is.
fn find<T: Clone>(expression: &Expr, sources: &[Source<T>]) -> Option<T> {
    let parts = parts(expression)?;
    match parts.as_slice() {
        [column] => {
            let mut found = None;
            for source in sources {
                if let Some(known) = source.columns.as_ref()?.get(*column) {
                    if found.is_some() {
                        return None;
                    }
                    found = Some(known.clone()?);
                }
            }
            found
        }
        [table, column] => {
            let mut named = sources
                .iter()
                .filter(|source| source.name.as_deref() == Some(*table));
            let source = named.next().filter(|_| named.next().is_none())?;
            source.columns.as_ref()?.get(*column)?.clone()
        }
        _ => None,
    }
}

/// The comparisons of a SELECT, and the queries in it.
#[derive(Default)]
struct Comparisons {
    found: Vec<(Expr, Scalar, String)>,
    nested: Vec<SqlQuery>,
    depth: usize,
}

impl Visitor for Comparisons {
    type Break = ();

    fn pre_visit_query(&mut self, query: &SqlQuery) -> ControlFlow<()> {
        if self.depth == 0 {
            self.nested.push(query.clone());
        }
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &SqlQuery) -> ControlFlow<()> {
        self.depth = self.depth.saturating_sub(1);
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expression: &Expr) -> ControlFlow<()> {
        if self.depth > 0 {
            return ControlFlow::Continue(());
        }
        let mut compare = |column: &Expr, fixed: &Expr| {
            if let Some(literal) = literal(fixed) {
                self.found
                    .push((column.clone(), literal, fixed.to_string()));
            }
        };
        match expression {
            Expr::BinaryOp {
                left,
                op: BinaryOperator::Eq | BinaryOperator::NotEq,
                right,
            } => {
                compare(left, right);
                compare(right, left);
            }
            Expr::InList { expr, list, .. } => {
                for one in list {
                    compare(expr, one);
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

/// The fixed value that an expression is.
fn literal(expression: &Expr) -> Option<Scalar> {
    match expression {
        Expr::Value(value) => match &value.value {
            SqlValue::Number(number, _) => {
                let whole = number.parse().map(Scalar::Int);
                whole.or_else(|_| number.parse().map(Scalar::Float)).ok()
            }
            SqlValue::SingleQuotedString(word) => Some(Scalar::Text(word.clone())),
            _ => None,
        },
        Expr::UnaryOp {
            op: UnaryOperator::Minus,
            expr,
        } => match literal(expr)? {
            Scalar::Int(number) => number.checked_neg().map(Scalar::Int),
            Scalar::Float(number) => Some(Scalar::Float(-number)),
            Scalar::Text(_) | Scalar::Bool(_) => None,
        },
        Expr::Nested(inner) => literal(inner),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The columns that are those of run `r`, and the comparisons with them.
    fn read(sql: &str) -> (Vec<String>, Vec<String>) {
        let known = |names: &[&str]| -> Known<String> {
            let mark = |name: &str| (!name.starts_with('_')).then(|| name.to_uppercase());
            names
                .iter()
                .map(|name| ((*name).to_owned(), mark(name)))
                .collect()
        };
        let relations = [
            ("r".to_owned(), known(&["kv", "eff", "_us"])),
            ("s".to_owned(), known(&["kv", "_x"])),
        ];
        let (result, compared) = plain_columns(sql, &relations.into());
        let result = result.into_iter().flatten();
        let result = result.filter_map(|(name, known)| Some(format!("{name}={}", known?)));
        let compared = compared.into_iter();
        let compared = compared.map(|one| format!("{} {}", one.known, one.word));
        (result.collect(), compared.collect())
    }

    #[test]
    fn plain_columns_are_followed() {
        let columns = |sql: &str| read(sql).0;
        assert_eq!(
            columns("SELECT kv, eff AS e, kv + 1 AS more FROM r"),
            ["e=EFF", "kv=KV"]
        );
        assert_eq!(
            columns("SELECT MAX(kv) AS m, AVG(eff) AS a FROM r"),
            ["m=KV"]
        );
        assert_eq!(columns("SELECT * FROM r"), ["eff=EFF", "kv=KV"]);
        assert_eq!(
            columns("WITH q AS (SELECT kv AS k FROM r) SELECT k FROM q"),
            ["k=KV"]
        );
        assert_eq!(
            columns("SELECT a.kv AS kv, eff FROM r a JOIN s b ON a.kv = b.kv"),
            ["eff=EFF", "kv=KV"]
        );
        assert_eq!(columns("SELECT kv FROM r JOIN s USING (kv)"), [""; 0]);
        assert_eq!(
            columns("SELECT kv FROM r UNION ALL SELECT kv FROM s"),
            [""; 0]
        );
    }

    #[test]
    fn comparisons_with_fixed_values_are_found() {
        let compared = |sql: &str| read(sql).1;
        assert_eq!(
            compared("SELECT eff <> 0.82 AS holds FROM r WHERE kv IN (1, -2) AND 'a' = _us"),
            ["EFF 0.82", "KV 1", "KV -2"]
        );
        assert_eq!(
            compared("SELECT 1 AS a FROM s WHERE kv IN (SELECT kv FROM r WHERE eff = 3)"),
            ["EFF 3"]
        );
        assert_eq!(
            compared("SELECT kv * 2 AS kv FROM r QUALIFY kv = 4"),
            [""; 0]
        );
        assert_eq!(
            compared("SELECT kv > 3 AS a, kv + 0 = 4 AS b, q.eff = 1 AS c FROM r"),
            [""; 0]
        );
    }
}
