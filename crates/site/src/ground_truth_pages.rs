//! The pages of measured experiments.

use plots::{Axis, BarChart, BarSeries, Caption, Categories};

use crate::data_table::{push, table_start};
use crate::escape::{Escaped, escaped};
use crate::ground_truth::{Experiment, GroundTruth, MetricErrors};
use crate::layout::Page;
use crate::number::{figure_cell, percent_cell, signed_percent_cell};
use crate::site::{SiteFile, folders};

const INDEX: &str = "ground-truth/index.html";

/// The page of all experiments and one for each.
pub(crate) fn files(all: &GroundTruth, footer: &str) -> Vec<SiteFile> {
    let folders = folders(
        "ground-truth",
        all.experiments.iter().map(|one| one.name.as_str()),
    );
    let page = Page {
        path: INDEX,
        title: "Ground truth",
        sections: &[],
        scripts: &[],
        footer,
    };
    let mut files = vec![SiteFile::new(INDEX, page.html(&overview(all, &folders)))];
    for (experiment, folder) in all.experiments.iter().zip(&folders) {
        let path = format!("{folder}/index.html");
        let page = Page {
            path: &path,
            title: &experiment.name,
            sections: &[],
            scripts: &[],
            footer,
        };
        let html = page.html(&one(experiment, &all.command));
        files.push(SiteFile::new(path.clone(), html));
    }
    files
}

fn overview(all: &GroundTruth, folders: &[String]) -> String {
    if all.experiments.is_empty() {
        return "<p>The project has no measured experiments.</p>\n".to_owned();
    }
    let mut html = format!(
        "<p class=\"lead\">Measured benchmarks, each simulated with the assumptions of today.</p>\n<p><code>{}</code> prints the same.</p>\n",
        Escaped(&all.command)
    );
    html.push_str("<h2>Errors over all benchmarks</h2>\n");
    html.push_str(&errors_table(&all.errors));
    html.push_str("<h2>Signed bias by experiment</h2>\n");
    html.push_str(&bias_chart(
        "Signed error of the predicted mean",
        Categories::new(
            "experiment",
            all.experiments.iter().map(|one| one.name.clone()),
        ),
        metrics(&all.experiments)
            .into_iter()
            .map(|metric| {
                let values = all
                    .experiments
                    .iter()
                    .map(|one| bias(one, &metric).map(tenths));
                BarSeries::new(metric.clone(), values.collect::<Vec<_>>())
            })
            .collect(),
    ));
    html.push_str("<h2>Experiments</h2>\n");
    html.push_str(&table_start(
        "Mean signed error of each experiment: above zero the prediction is too long",
    ));
    html.push_str(
        "<thead><tr><th scope=\"col\">Experiment</th><th scope=\"col\">Workload</th><th scope=\"col\">Model</th>\
         <th scope=\"col\">GPU</th><th scope=\"col\" class=\"n\">TP</th><th scope=\"col\" class=\"n\">Benchmarks</th>",
    );
    let metrics = metrics(&all.experiments);
    for metric in &metrics {
        push(
            &mut html,
            format_args!(
                "<th scope=\"col\" class=\"n\">{} bias</th>",
                Escaped(metric)
            ),
        );
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    for (experiment, folder) in all.experiments.iter().zip(folders) {
        let below = folder.strip_prefix("ground-truth/").unwrap_or(folder);
        push(
            &mut html,
            format_args!(
                "<tr><th scope=\"row\"><a href=\"{below}/index.html\">{}</a></th><td>{}</td><td>{}</td><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>",
                Escaped(&experiment.name),
                Escaped(experiment.workload.as_deref().unwrap_or("-")),
                Escaped(&experiment.model),
                Escaped(&experiment.gpu),
                experiment.tensor_parallel,
                experiment.loads.len(),
            ),
        );
        for metric in &metrics {
            html.push_str(&signed_percent_cell(bias(experiment, metric)));
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody></table></div>\n");
    html
}

fn one(experiment: &Experiment, command: &str) -> String {
    let mut html = format!(
        "<dl class=\"facts\">\n<div><dt>Model</dt><dd>{}</dd></div>\n<div><dt>GPUs</dt><dd>{} x {}</dd></div>\n\
         <div><dt>Workload</dt><dd>{}</dd></div>\n<div><dt>Benchmarks</dt><dd>{}</dd></div>\n</dl>\n",
        Escaped(&experiment.model),
        experiment.tensor_parallel,
        Escaped(&experiment.gpu),
        Escaped(experiment.workload.as_deref().unwrap_or("not stated")),
        experiment.loads.len(),
    );
    html.push_str("<h2>Error by metric</h2>\n<p>The errors are those of mean latencies. Bias is the signed error: above zero the prediction is too long, below zero too short.</p>\n");
    html.push_str(&bias_chart(
        "Signed error of the predicted mean",
        Categories::new(
            "metric",
            experiment.errors.iter().map(|errors| errors.metric.clone()),
        ),
        vec![BarSeries::new(
            "bias",
            experiment
                .errors
                .iter()
                .map(|errors| Some(tenths(errors.bias_pct)))
                .collect::<Vec<_>>(),
        )],
    ));
    html.push_str(&errors_table(&experiment.errors));
    html.push_str("<h2>Measured and predicted</h2>\n");
    html.push_str(&table_start("Mean latencies of each benchmark"));
    html.push_str(
        "<thead><tr><th scope=\"col\" class=\"n\">#</th><th scope=\"col\">Load</th><th scope=\"col\">Metric</th>\
         <th scope=\"col\" class=\"n\">Measured (ms)</th><th scope=\"col\" class=\"n\">Predicted (ms)</th>\
         <th scope=\"col\" class=\"n\">Signed error</th><th scope=\"col\">Measured from</th></tr></thead>\n<tbody>\n",
    );
    for load in &experiment.loads {
        for metric in &load.metrics {
            push(
                &mut html,
                format_args!(
                    "<tr><td class=\"n\">{}</td><td>{}</td><td>{}</td>{}{}{}<td>{}</td></tr>\n",
                    load.number,
                    Escaped(&load.load),
                    Escaped(&metric.metric),
                    figure_cell(metric.measured_ms, 2),
                    figure_cell(metric.predicted_ms, 2),
                    signed_percent_cell(metric.error_pct),
                    Escaped(metric.origin.as_deref().unwrap_or("-")),
                ),
            );
        }
    }
    html.push_str("</tbody></table></div>\n");
    if !experiment.warnings.is_empty() {
        html.push_str("<h2>Warnings</h2>\n<ul>\n");
        for warning in &experiment.warnings {
            push(&mut html, format_args!("<li>{}</li>\n", Escaped(warning)));
        }
        html.push_str("</ul>\n");
    }
    push(
        &mut html,
        format_args!(
            "<h2>Simulated with</h2>\n<pre>{}</pre>\n<p><code>{}</code> simulates all experiments so, and takes other assumptions.</p>\n",
            Escaped(experiment.settings.trim_end()),
            Escaped(command),
        ),
    );
    html
}

fn errors_table(errors: &[MetricErrors]) -> String {
    let mut html = table_start("Errors of the predicted means by metric");
    html.push_str(
        "<thead><tr><th scope=\"col\">Metric</th><th scope=\"col\" class=\"n\">MAPE</th><th scope=\"col\" class=\"n\">Bias</th>\
         <th scope=\"col\" class=\"n\">Worst</th><th scope=\"col\" class=\"n\">Benchmarks</th></tr></thead>\n<tbody>\n",
    );
    for one in errors {
        push(
            &mut html,
            format_args!(
                "<tr><th scope=\"row\">{}</th>{}{}{}<td class=\"n\">{}</td></tr>\n",
                Escaped(&one.metric),
                percent_cell(one.mape_pct),
                signed_percent_cell(Some(one.bias_pct)),
                percent_cell(one.worst_pct),
                one.benchmarks,
            ),
        );
    }
    html.push_str("</tbody></table></div>\n");
    html
}

/// Every metric that some experiment has, in the order of the first that has it.
fn metrics(experiments: &[Experiment]) -> Vec<String> {
    let mut metrics: Vec<String> = Vec::new();
    for errors in experiments.iter().flat_map(|one| &one.errors) {
        if !metrics.contains(&errors.metric) {
            metrics.push(errors.metric.clone());
        }
    }
    metrics
}

fn bias(experiment: &Experiment, metric: &str) -> Option<f64> {
    let errors = experiment
        .errors
        .iter()
        .find(|errors| errors.metric == metric);
    errors.map(|errors| errors.bias_pct)
}

/// As the tables show it: a bar is labelled with the digits of its value, of which most say nothing.
fn tenths(pct: f64) -> f64 {
    (pct * 10.0).round() / 10.0
}

/// The chart as a part of the page. The table beside it has the same numbers, so that one that cannot be drawn is no loss.
fn bias_chart(title: &str, categories: Categories, series: Vec<BarSeries>) -> String {
    let chart = BarChart::new(
        Caption::new(
            title,
            "Above zero the prediction is too long, below zero too short.",
        ),
        categories,
        Axis::new("signed error").unit("%"),
        series,
    );
    match chart.svg() {
        Ok(svg) => format!("<p><span class=\"picture\">{svg}</span></p>\n"),
        Err(problem) => format!(
            "<p>There is no picture: {}.</p>\n",
            escaped(&problem.to_string())
        ),
    }
}
