//! Which tables an export has.

use experiment::{ExperimentError, Hypothesis, HypothesisFolder, Project};

/// A table as it is given: a hypothesis and a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TableName {
    hypothesis: String,
    table: String,
}

/// `ID.TABLE`.
pub(super) fn parse_table(text: &str) -> Result<TableName, &'static str> {
    // Names of tables have no point; those of folders may.
    match text.trim().rsplit_once('.') {
        Some((hypothesis, table)) if !hypothesis.is_empty() && !table.is_empty() => Ok(TableName {
            hypothesis: hypothesis.to_owned(),
            table: table.to_owned(),
        }),
        Some(_) | None => Err("expected ID.TABLE, as in H29.decomposition"),
    }
}

/// The tables that are wanted: some of each hypothesis, in the order in which the hypotheses were named. Without any, all.
#[derive(Debug)]
pub(super) struct TableChoice(Vec<(HypothesisFolder, Vec<String>)>);

impl TableChoice {
    /// The tables of these names; all where there are none.
    ///
    /// # Errors
    ///
    /// A hypothesis is not there, or not among those that were asked for.
    pub(super) fn of(
        names: &[TableName],
        ids: &[String],
        project: &Project,
    ) -> anyhow::Result<Self> {
        let mut choice: Vec<(HypothesisFolder, Vec<String>)> = Vec::new();
        if names.is_empty() {
            return Ok(Self(choice));
        }
        let selected = ids.iter().map(|id| project.hypothesis(id));
        let selected = selected.collect::<Result<Vec<HypothesisFolder>, ExperimentError>>()?;
        for TableName { hypothesis, table } in names {
            let folder = project.hypothesis(hypothesis)?;
            anyhow::ensure!(
                selected.is_empty() || selected.contains(&folder),
                "--tables: {}.{table} is of none of the hypotheses {}",
                folder.id(),
                ids.join(", ")
            );
            match choice.iter_mut().find(|(known, _)| *known == folder) {
                Some((_, tables)) => tables.push(table.clone()),
                None => choice.push((folder, vec![table.clone()])),
            }
        }
        Ok(Self(choice))
    }

    /// The hypotheses to compute: those asked for, else those of the tables.
    pub(super) fn ids(&self, asked: &[String]) -> Vec<String> {
        if !asked.is_empty() {
            return asked.to_vec();
        }
        self.0
            .iter()
            .map(|(folder, _)| folder.name().to_owned())
            .collect()
    }

    /// Makes sure that every table is there.
    ///
    /// # Errors
    ///
    /// One is not; the error lists what there is.
    pub(super) fn refuse_unknown(&self, hypotheses: &[Hypothesis]) -> Result<(), ExperimentError> {
        for (folder, tables) in &self.0 {
            if let Some(chosen) = hypotheses.iter().find(|one| one.folder() == folder) {
                tables
                    .iter()
                    .try_for_each(|table| chosen.require_table(table))?;
            }
        }
        Ok(())
    }

    /// Whether a table is wanted.
    pub(super) fn has(&self, hypothesis: &HypothesisFolder, table: &str) -> bool {
        let mut of_hypothesis = self.0.iter().filter(|(folder, _)| folder == hypothesis);
        self.0.is_empty()
            || of_hypothesis.any(|(_, tables)| tables.iter().any(|name| name == table))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_named_by_the_id_and_its_own_name() {
        let name = |hypothesis: &str, table: &str| TableName {
            hypothesis: hypothesis.to_owned(),
            table: table.to_owned(),
        };
        assert_eq!(parse_table("H29.times"), Ok(name("H29", "times")));
        assert_eq!(parse_table(" H1-v1.5.times"), Ok(name("H1-v1.5", "times")));
        for text in ["H29", "H29.", ".times", ".", ""] {
            assert!(parse_table(text).is_err(), "{text}");
        }
    }
}
