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

/// The tables that are wanted.
#[derive(Debug)]
pub(super) enum TableChoice {
    /// All tables.
    All,
    /// Some of each hypothesis, in the order in which the hypotheses were named.
    Some(Vec<(HypothesisFolder, Vec<String>)>),
}

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
        if names.is_empty() {
            return Ok(Self::All);
        }
        let selected = ids
            .iter()
            .map(|id| project.hypothesis(id))
            .collect::<Result<Vec<HypothesisFolder>, ExperimentError>>()?;
        let mut choice: Vec<(HypothesisFolder, Vec<String>)> = Vec::new();
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
        Ok(Self::Some(choice))
    }

    /// The hypotheses to compute: those asked for, else those of the tables.
    pub(super) fn ids(&self, asked: &[String]) -> Vec<String> {
        match self {
            Self::Some(tables) if asked.is_empty() => tables
                .iter()
                .map(|(folder, _)| folder.name().to_owned())
                .collect(),
            Self::All | Self::Some(_) => asked.to_vec(),
        }
    }

    /// Makes sure that every table is there.
    ///
    /// # Errors
    ///
    /// One is not; the error lists what there is.
    pub(super) fn refuse_unknown(&self, hypotheses: &[Hypothesis]) -> Result<(), ExperimentError> {
        let Self::Some(choice) = self else {
            return Ok(());
        };
        for (folder, tables) in choice {
            let Some(chosen) = hypotheses.iter().find(|one| one.folder() == folder) else {
                continue;
            };
            for table in tables {
                chosen.require_table(table)?;
            }
        }
        Ok(())
    }

    /// Whether a table is wanted.
    pub(super) fn has(&self, hypothesis: &HypothesisFolder, table: &str) -> bool {
        match self {
            Self::All => true,
            Self::Some(choice) => choice
                .iter()
                .filter(|(folder, _)| folder == hypothesis)
                .any(|(_, tables)| tables.iter().any(|name| name == table)),
        }
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
