//! What a SELECT reads and whether it may be run at all, from its syntax tree.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

use sqlparser::ast::{
    Distinct, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, ObjectName,
    ObjectNamePart, Query as SqlQuery, Select, SelectItem, SetExpr, Statement, TableFactor, Visit,
    Visitor, visit_expressions,
};
use sqlparser::dialect::GenericDialect;
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError, ParserOptions};
use sqlparser::tokenizer::{Token, Tokenizer};

use super::query_bounds::{MAX_DEPTH, MAX_NAMED};
use super::query_functions::{expand, wrong_call};
use super::query_problem::QueryProblem;
use super::query_size::check_size;
use super::row_order::{RowOrder, is_grouped, mixes_rows, row_order};

/// What is known of a query before it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct QueryFacts {
    /// Tables and runs that it reads, without its own common table expressions.
    pub(crate) relations: BTreeSet<String>,
    /// Its own common table expressions.
    pub(crate) defined: BTreeSet<String>,
    /// Names that it gives to tables, and the columns that its SELECTs name.
    pub(crate) given: GivenNames,
    /// Every word in it: a superset of the columns it reads, unless it reads all.
    pub(crate) words: BTreeSet<String>,
    /// Whether it reads columns that it does not name: by `*`, a pattern or a NATURAL JOIN.
    pub(crate) selects_all: bool,
    /// How its rows are ordered.
    pub(crate) order: RowOrder,
}

/// Names that a query gives itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct GivenNames {
    /// Aliases of tables.
    pub(crate) tables: BTreeSet<String>,
    /// Aliases of columns.
    pub(crate) columns: BTreeSet<String>,
}

/// Reads the facts of a query, with the parser and the options that the engine itself uses.
pub(crate) fn analyse(sql: &str) -> Result<QueryFacts, QueryProblem> {
    let dialect = GenericDialect;
    let tokens = Tokenizer::new(&dialect, sql)
        .tokenize()
        .map_err(|error| QueryProblem::of_parser(sql, &error.to_string()))?;
    check_size(&tokens)?;
    let words: Vec<_> = tokens
        .into_iter()
        .filter_map(|token| match token {
            Token::Word(word) => Some(word),
            _ => None,
        })
        .collect();
    // A NATURAL JOIN is by the columns that both sides happen to have.
    let is_natural = words.iter().any(|word| word.keyword == Keyword::NATURAL);
    let statements =
        parse(sql).map_err(|error| QueryProblem::of_parser(sql, &error.to_string()))?;
    let [statement] = statements.as_slice() else {
        return Err(QueryProblem::NotOne(statements.len()));
    };
    let Statement::Query(query) = statement else {
        return Err(QueryProblem::NotASelect);
    };
    let mut reader = Reader::default();
    if let ControlFlow::Break(problem) = query.visit(&mut reader) {
        return Err(*problem);
    }
    let relations = reader
        .relations
        .difference(&reader.defined)
        .cloned()
        .collect();
    Ok(QueryFacts {
        relations,
        defined: reader.defined,
        given: reader.given,
        words: words.into_iter().map(|word| word.value).collect(),
        selects_all: reader.selects_all || is_natural,
        order: row_order(query, reader.shuffles),
    })
}

/// Parses SQL with the options of the engine.
pub(super) fn parse(sql: &str) -> Result<Vec<Statement>, ParserError> {
    Parser::new(&GenericDialect)
        .with_options(ParserOptions {
            trailing_commas: true,
            ..ParserOptions::default()
        })
        .try_with_sql(sql)?
        .parse_statements()
}

/// The tree of a query, where it is one.
pub(super) fn query_tree(sql: &str) -> Option<Box<SqlQuery>> {
    match parse(sql).ok()?.pop()? {
        Statement::Query(query) => Some(query),
        _no_query => None,
    }
}

/// A query as the engine takes it, with what the functions of the format stand for. What does not parse is left to the engine.
pub(super) fn expanded(sql: &str) -> Cow<'_, str> {
    let mut query = query_tree(sql);
    let has_any = query.as_mut().is_some_and(|query| expand(query));
    match query.filter(|_| has_any) {
        Some(query) => Cow::Owned(query.to_string()),
        None => Cow::Borrowed(sql),
    }
}

#[derive(Default)]
struct Reader {
    relations: BTreeSet<String>,
    defined: BTreeSet<String>,
    given: GivenNames,
    selects_all: bool,
    shuffles: bool,
    depth: usize,
    /// Common table expressions met so far.
    named: usize,
    /// Queries that the visit is inside of.
    nesting: usize,
}

/// Ends a visit.
fn refuse(problem: QueryProblem) -> ControlFlow<Box<QueryProblem>> {
    ControlFlow::Break(Box::new(problem))
}

impl Visitor for Reader {
    type Break = Box<QueryProblem>;

    fn pre_visit_expr(&mut self, expression: &Expr) -> ControlFlow<Self::Break> {
        self.selects_all |= match expression {
            Expr::Wildcard(_) | Expr::QualifiedWildcard(..) => true,
            Expr::Function(function) => reads_unnamed_columns(function),
            _ => false,
        };
        if let Expr::Function(function) = expression {
            let name = function.name.to_string();
            if UNBOUNDED_FUNCTIONS.contains(&name.to_uppercase().as_str()) {
                return refuse(QueryProblem::Function(name));
            }
            if name.eq_ignore_ascii_case("LOG") {
                return refuse(QueryProblem::Logarithm(name));
            }
            if is_of_no_column(function) {
                return refuse(QueryProblem::OfNoColumn(name));
            }
            if let Some(problem) = wrong_call(function) {
                return refuse(problem);
            }
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return refuse(QueryProblem::TooDeep);
        }
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, _: &Expr) -> ControlFlow<Self::Break> {
        self.depth = self.depth.saturating_sub(1);
        ControlFlow::Continue(())
    }

    fn pre_visit_query(&mut self, query: &SqlQuery) -> ControlFlow<Self::Break> {
        self.nesting += 1;
        if self.nesting > 1 && mixes_rows(&query.body) {
            return refuse(QueryProblem::NestedGroups);
        }
        if query.limit_clause.is_some() && query.order_by.is_none() {
            return refuse(QueryProblem::LimitWithoutOrder);
        }
        if names_a_table(&query.body) {
            return refuse(QueryProblem::NotASelect);
        }
        if let Some(with) = &query.with {
            self.named += with.cte_tables.len();
            if self.named > MAX_NAMED {
                return refuse(QueryProblem::TooManyNamed);
            }
            let names = with.cte_tables.iter().map(|table| &table.alias.name.value);
            self.defined.extend(names.cloned());
        }
        self.shuffles |= matches!(query.body.as_ref(), SetExpr::SetOperation { .. });
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &SqlQuery) -> ControlFlow<Self::Break> {
        self.nesting = self.nesting.saturating_sub(1);
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<Self::Break> {
        // `FROM x` alone is the short form of `SELECT * FROM x`.
        self.selects_all |= select.projection.is_empty();
        for item in &select.projection {
            match item {
                SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..) => {
                    self.selects_all = true;
                }
                SelectItem::ExprWithAlias { alias, .. } => {
                    self.given.columns.insert(alias.value.clone());
                }
                _without_a_name => {}
            }
        }
        let groups = is_grouped(select);
        let joins = select.from.len() > 1 || select.from.iter().any(|from| !from.joins.is_empty());
        let distinct = matches!(select.distinct, Some(Distinct::Distinct | Distinct::On(_)));
        self.shuffles |= groups || joins || distinct;
        ControlFlow::Continue(())
    }

    fn pre_visit_relation(&mut self, relation: &ObjectName) -> ControlFlow<Self::Break> {
        match relation.0.as_slice() {
            [ObjectNamePart::Identifier(Ident { value, .. })] => {
                self.relations.insert(value.clone());
                ControlFlow::Continue(())
            }
            _ => refuse(QueryProblem::Qualified(relation.to_string())),
        }
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<Self::Break> {
        if let TableFactor::Table { alias, .. } | TableFactor::Derived { alias, .. } = factor {
            let names = alias.iter().map(|alias| alias.name.value.clone());
            self.given.tables.extend(names);
        }
        match factor {
            TableFactor::Table { args: None, .. }
            | TableFactor::Derived { .. }
            | TableFactor::NestedJoin { .. } => ControlFlow::Continue(()),
            TableFactor::Table { name, .. } => {
                refuse(QueryProblem::TableFunction(name.to_string()))
            }
            other => refuse(QueryProblem::TableFunction(other.to_string())),
        }
    }
}

/// Whether a call reads columns by a pattern, as COLUMNS does, or by a `*`, which is no column in COUNT alone.
fn reads_unnamed_columns(function: &Function) -> bool {
    let name = function.name.to_string().to_uppercase();
    let FunctionArguments::List(list) = &function.args else {
        return false;
    };
    let has_wildcard = list.args.iter().any(|argument| {
        let (FunctionArg::Named { arg, .. }
        | FunctionArg::ExprNamed { arg, .. }
        | FunctionArg::Unnamed(arg)) = argument;
        !matches!(arg, FunctionArgExpr::Expr(_))
    });
    name == "COLUMNS" || (has_wildcard && name != "COUNT")
}

/// Whether a call counts or sums what has no column: the engine takes that for a single row.
fn is_of_no_column(function: &Function) -> bool {
    let name = function.name.to_string().to_uppercase();
    let FunctionArguments::List(list) = &function.args else {
        return false;
    };
    let has_column = visit_expressions(list, |part| match part {
        Expr::Identifier(_)
        | Expr::CompoundIdentifier(_)
        | Expr::Wildcard(_)
        | Expr::QualifiedWildcard(..) => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    });
    let is_of_all = list
        .args
        .iter()
        .any(|one| !matches!(one, FunctionArg::Unnamed(FunctionArgExpr::Expr(_))));
    matches!(name.as_str(), "SUM" | "COUNT")
        && !list.args.is_empty()
        && !is_of_all
        && has_column.is_continue()
}

/// Whether part of a query is `TABLE name`, which the analysis of relations does not see.
fn names_a_table(body: &SetExpr) -> bool {
    match body {
        SetExpr::Table(_) => true,
        SetExpr::SetOperation { left, right, .. } => names_a_table(left) || names_a_table(right),
        _ => false,
    }
}

/// Functions whose result can be of any size, whatever they are given.
const UNBOUNDED_FUNCTIONS: &[&str] = &[
    "EXPLODE",
    "GENERATE_SERIES",
    "LPAD",
    "RANGE",
    "REPEAT",
    "REPLICATE",
    "RPAD",
    "SPACE",
    "UNNEST",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn relations(sql: &str) -> Vec<String> {
        analyse(sql).unwrap().relations.into_iter().collect()
    }

    #[test]
    fn relations_leave_out_common_table_expressions() {
        assert_eq!(
            relations("SELECT a FROM x JOIN y USING (k) ORDER BY a"),
            ["x", "y"]
        );
        assert_eq!(
            relations("WITH t AS (SELECT a FROM x) SELECT a FROM t"),
            ["x"]
        );
        assert_eq!(relations("SELECT a FROM (SELECT a FROM deep) s"), ["deep"]);
    }

    #[test]
    fn words_are_a_superset_of_columns() {
        let facts = analyse("SELECT MAX(step_us) AS m FROM x WHERE kv > 3").unwrap();
        assert!(facts.words.contains("step_us") && facts.words.contains("kv"));
        assert!(!facts.selects_all);
        assert!(
            !analyse("SELECT COUNT(*) AS n, a * b AS p FROM x")
                .unwrap()
                .selects_all
        );
        for all in [
            "SELECT x.* FROM x",
            "SELECT COLUMNS('.*_us') FROM x",
            "SELECT MAX(COLUMNS('a|b')) FROM x",
            "SELECT SUM(*) FROM x",
            "SELECT a FROM x NATURAL JOIN y",
            "SELECT a FROM x NATURAL LEFT JOIN y",
            "SELECT a FROM (SELECT * FROM x) s",
        ] {
            assert!(analyse(all).unwrap().selects_all, "{all}");
        }
    }

    #[test]
    fn rows_without_a_fixed_order_are_noticed() {
        for sql in [
            "SELECT a, MAX(b) AS m FROM x GROUP BY a",
            "SELECT a FROM x JOIN y USING (k)",
            "SELECT DISTINCT a FROM x",
            "SELECT a FROM x UNION ALL SELECT a FROM y",
        ] {
            assert_eq!(analyse(sql).unwrap().order, RowOrder::Nothing, "{sql}");
            let ordered = analyse(&format!("{sql} ORDER BY a, x.b DESC"))
                .unwrap()
                .order;
            assert_eq!(
                ordered,
                RowOrder::By(vec!["a".to_owned(), "b".to_owned()]),
                "{sql}"
            );
            let computed = analyse(&format!("{sql} ORDER BY a + 1")).unwrap().order;
            assert_eq!(computed, RowOrder::Nothing, "{sql}");
        }
        let ties = analyse("SELECT a FROM x ORDER BY a").unwrap().order;
        assert_eq!(ties, RowOrder::By(vec!["a".to_owned()]));
        for sql in [
            "SELECT a FROM x",
            "SELECT MAX(a) - MIN(b) AS d FROM x JOIN y USING (k)",
            "SELECT 1 AS a",
        ] {
            assert_eq!(analyse(sql).unwrap().order, RowOrder::Inherited, "{sql}");
        }
    }

    #[test]
    fn queries_are_bounded() {
        let chain = |terms: usize| format!("SELECT {} AS a FROM x", vec!["1"; terms].join(" + "));
        assert!(analyse(&chain(90)).is_ok());
        assert_eq!(analyse(&chain(200)), Err(QueryProblem::TooDeep));
        assert_eq!(analyse(&chain(2_000)), Err(QueryProblem::TooDeep));
        assert!(matches!(
            analyse(&chain(100_000)),
            Err(QueryProblem::TooLong(_))
        ));
        let parts = |parts: usize| vec!["SELECT a FROM x"; parts].join(" UNION ALL ");
        assert!(analyse(&parts(50)).is_ok());
        assert_eq!(analyse(&parts(500)), Err(QueryProblem::TooManyParts));
        let parentheses = |depth: usize| {
            format!(
                "SELECT {}1{} AS a FROM x",
                "(".repeat(depth),
                ")".repeat(depth)
            )
        };
        assert!(matches!(
            analyse(&parentheses(2_000)),
            Err(QueryProblem::Syntax { .. })
        ));
    }

    #[test]
    fn nested_rows_without_a_fixed_order_are_refused() {
        for nested in [
            "SELECT kv, SUM(a) AS s FROM x GROUP BY kv",
            "SELECT DISTINCT s FROM x",
            "SELECT s FROM x UNION SELECT s FROM y",
            "SELECT s FROM x EXCEPT SELECT s FROM y",
        ] {
            let derived = format!("SELECT SUM(s) AS total FROM ({nested} ORDER BY s) AS q");
            assert_eq!(
                analyse(&derived),
                Err(QueryProblem::NestedGroups),
                "{derived}"
            );
            let named = format!("WITH q AS ({nested}) SELECT SUM(s) AS total FROM q");
            assert_eq!(analyse(&named), Err(QueryProblem::NestedGroups), "{named}");
        }
        for fine in [
            "WITH q AS (SELECT MAX(a) AS m FROM x) SELECT b, m FROM y CROSS JOIN q ORDER BY b",
            "SELECT SUM(s) AS t FROM (SELECT s FROM x UNION ALL SELECT s FROM y) AS q",
        ] {
            assert!(analyse(fine).is_ok(), "{fine}");
        }
        assert_eq!(
            analyse("SELECT SUM(a) AS s FROM (SELECT a FROM x LIMIT 3) AS q"),
            Err(QueryProblem::LimitWithoutOrder)
        );
        assert_eq!(
            analyse("SELECT a FROM x UNION ALL TABLE y"),
            Err(QueryProblem::NotASelect)
        );
    }

    #[test]
    fn a_column_beside_an_aggregate_is_no_single_row() {
        let order = |sql: &str| analyse(sql).unwrap().order;
        assert_eq!(
            order("SELECT a.k, MAX(b.v) AS m FROM a JOIN b USING (k)"),
            RowOrder::Nothing
        );
        assert_eq!(
            order("SELECT 1 AS one, MAX(b.v) - MIN(a.v) AS m FROM a JOIN b USING (k)"),
            RowOrder::Inherited
        );
    }

    #[test]
    fn anything_but_a_select_over_tables_is_refused() {
        let refused = |sql: &str| analyse(sql).unwrap_err().to_string();
        assert!(refused("SELEC a FROM x").starts_with("SQL does not parse"));
        assert_eq!(
            refused("SELECT 1; SELECT 2"),
            "SQL must be one SELECT, not 2 statements"
        );
        assert_eq!(refused(""), "SQL must be one SELECT, not 0 statements");
        assert_eq!(
            refused("DROP TABLE x"),
            "SQL must be a SELECT: nothing else is run"
        );
        assert_eq!(
            refused("SELECT * FROM read_csv('a.csv')"),
            "SQL reads only runs and tables of this file, not the function `read_csv`"
        );
        assert_eq!(
            refused("SELECT kv + 9223372036854775807 AS a FROM x"),
            "`9223372036854775807` is beyond 9007199254740992, where whole numbers lose digits or overflow"
        );
        assert_eq!(
            refused("SELECT LPAD('a', 1000000000, 'b') AS a FROM x"),
            "the SQL function `LPAD` is not available: it makes text or rows of any length"
        );
        assert_eq!(
            refused("SELECT * FROM a.b"),
            "SQL reads only runs and tables of this file, and `a.b` is a qualified name"
        );
    }
}
