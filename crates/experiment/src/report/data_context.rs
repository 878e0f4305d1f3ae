//! The data of a hypothesis as templates see it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::project::{Traces, path_text};

/// Data that the hypothesis describes.
#[derive(Serialize)]
pub(crate) struct DataContext<'a> {
    what: &'a str,
    /// The name of the file, where it is at hand.
    file: Option<String>,
}

/// Every data by its name.
pub(super) fn data_context(traces: &Traces) -> BTreeMap<&str, DataContext<'_>> {
    traces
        .iter()
        .map(|(name, data)| {
            let what = data.what.trim();
            let file = data.given.as_ref().map(|given| path_text(&given.shown));
            (name.as_str(), DataContext { what, file })
        })
        .collect()
}
