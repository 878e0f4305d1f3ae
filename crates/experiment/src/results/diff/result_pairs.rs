//! Which results of one set are compared with which of another.

use super::result_set::{Extent, HypothesisResults, ResultSet};
use super::side::Side;
use crate::project::{ExperimentError, natural_key};

/// A hypothesis of both sets, or of one.
pub(super) enum Pair<'r> {
    Both(&'r HypothesisResults, &'r HypothesisResults),
    One(Side, &'r HypothesisResults),
}

/// Pairs the hypotheses of two sets. Where one is the folder of a single hypothesis, only that one is looked for.
///
/// # Errors
///
/// The other set has no such hypothesis, or both are folders of one hypothesis each and these are two.
pub(super) fn pairs<'r>(
    before: &'r ResultSet,
    after: &'r ResultSet,
) -> Result<Vec<Pair<'r>>, ExperimentError> {
    match (before.extent, after.extent) {
        (Extent::One, Extent::One) => before
            .hypotheses
            .iter()
            .zip(&after.hypotheses)
            .map(|(old, new)| same_hypothesis(old, new))
            .collect(),
        (Extent::One, Extent::Many) => before
            .hypotheses
            .iter()
            .map(|old| Ok(Pair::Both(old, counterpart(old, after)?)))
            .collect(),
        (Extent::Many, Extent::One) => after
            .hypotheses
            .iter()
            .map(|new| Ok(Pair::Both(counterpart(new, before)?, new)))
            .collect(),
        (Extent::Many, Extent::Many) => Ok(union(before, after)),
    }
}

/// Two folders of one hypothesis, which may be called differently.
fn same_hypothesis<'r>(
    old: &'r HypothesisResults,
    new: &'r HypothesisResults,
) -> Result<Pair<'r>, ExperimentError> {
    match (old.id(), new.id()) {
        (Some(before), Some(after)) if before != after => Err(ExperimentError::OtherHypothesis {
            before: before.to_owned(),
            after: after.to_owned(),
        }),
        (Some(_) | None, _) => Ok(Pair::Both(old, new)),
    }
}

/// The hypotheses of either set, in natural order.
fn union<'r>(before: &'r ResultSet, after: &'r ResultSet) -> Vec<Pair<'r>> {
    let find = |set: &'r ResultSet, name: &str| set.hypotheses.iter().find(|one| one.name == name);
    let old = before
        .hypotheses
        .iter()
        .map(|old| match find(after, &old.name) {
            Some(new) => (&old.name, Pair::Both(old, new)),
            None => (&old.name, Pair::One(Side::Before, old)),
        });
    let new = after.hypotheses.iter().filter_map(|new| {
        let is_new = find(before, &new.name).is_none();
        is_new.then_some((&new.name, Pair::One(Side::After, new)))
    });
    let mut pairs: Vec<_> = old.chain(new).collect();
    pairs.sort_by_cached_key(|(name, _)| natural_key(name));
    pairs.into_iter().map(|(_, pair)| pair).collect()
}

/// The results of the same hypothesis, by the name of the folder or else by its id.
fn counterpart<'r>(
    wanted: &HypothesisResults,
    set: &'r ResultSet,
) -> Result<&'r HypothesisResults, ExperimentError> {
    let same_name = set.hypotheses.iter().find(|one| one.name == wanted.name);
    let same_id = || {
        let id = wanted.id()?;
        set.hypotheses.iter().find(|one| one.id() == Some(id))
    };
    same_name.or_else(same_id).ok_or_else(|| {
        let known: Vec<&str> = set.hypotheses.iter().map(|one| one.name.as_str()).collect();
        ExperimentError::UnknownHypothesis {
            id: wanted.name.clone(),
            hint: String::new(),
            known: known.join(", "),
        }
    })
}
