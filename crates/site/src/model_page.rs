//! The page that explains the model.

use crate::assets::SLIDERS;
use crate::error::SiteError;
use crate::escape::Escaped;
use crate::html::Column::Numbers;
use crate::html::{fixed_table, push};
use crate::layout::Page;
use crate::model_grid::{GridSetting, ModelGrid};
use crate::number::{figure_cell, percent};
use crate::site_file::SiteFile;

const PATH: &str = "model/index.html";

const GRID: &str = "model/grid.js";

const EXPLANATION: &str = include_str!("../assets/model.html");

const CONTROLS: &str = include_str!("../assets/sliders.html");

/// The page and its grid.
///
/// # Errors
///
/// The grid has gaps.
pub(crate) fn files(grid: &ModelGrid, footer: &str) -> Result<Vec<SiteFile>, SiteError> {
    let script = SiteFile::new(GRID, grid.script()?);
    let mut content = EXPLANATION.to_owned();
    match grid.settings.first() {
        Some(first) => {
            content.push_str(CONTROLS);
            content.push_str(&steps(first));
        }
        None => content.push_str("<p>No model of the project has a GPU with MFU tables: there are no steps to show.</p>\n"),
    }
    if !grid.mixtures_of_experts.is_empty() {
        push!(
            &mut content,
            "<p>Mixtures of experts have no steps here, since the model does not cover them: {}.</p>\n",
            Escaped(&grid.mixtures_of_experts.join(", "))
        );
    }
    let page = Page {
        path: PATH,
        title: "How the model predicts a step",
        scripts: &[GRID, SLIDERS.0],
        footer,
    };
    Ok(vec![page.file(content), script])
}

/// Steps of the first setting as a table, for those without scripts and for paper.
fn steps(setting: &GridSetting) -> String {
    let efficiency = setting.bandwidth_efficiency.len().saturating_sub(1);
    let (Some(tp), Some(share)) = (
        setting.tensor_parallel.first(),
        setting.bandwidth_efficiency.get(efficiency),
    ) else {
        return String::new();
    };
    let mut html = format!(
        "<h2>Step times</h2>\n<p>{} on {tp} x {}, preset <code>{}</code>, {} of the peak bandwidth.</p>\n",
        Escaped(&setting.model),
        Escaped(&setting.gpu),
        Escaped(&setting.preset),
        percent(*share),
    );
    let heads: Vec<String> = setting.kv.iter().map(u32::to_string).collect();
    let heads = ["Batch"]
        .into_iter()
        .chain(heads.iter().map(String::as_str));
    let rows = setting.batch.iter().enumerate().map(|(row, batch)| {
        let steps = (0..setting.kv.len()).map(|column| {
            let step_us = setting.step_us(0, efficiency, row, column);
            figure_cell(step_us, 0)
        });
        format!("<th scope=\"row\" class=\"n\">{batch}</th>") + &steps.collect::<String>()
    });
    html.push_str(&fixed_table(
        "Decode step in microseconds, by batch size (down) and KV length (across)",
        heads.map(|head| (head, Numbers)),
        rows,
    ));
    html
}
