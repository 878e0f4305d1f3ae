//! The pages of measured experiments.

use plots::{Axis, BarChart, BarSeries, Caption, Categories};

use crate::escape::{Escaped, escaped};
use crate::ground_truth::{Experiment, GroundTruth, MeasuredLoad, MetricComparison, MetricErrors};
use crate::html::Column::{Numbers, Words};
use crate::html::{facts, push, table};
use crate::layout::Page;
use crate::number::{figure_cell, percent_cell, signed_percent_cell};
use crate::site_file::SiteFile;
use crate::slug::folders;

/// The page of all experiments and one for each.
pub(crate) fn files(all: &GroundTruth, footer: &str) -> Vec<SiteFile> {
    let names = all.experiments.iter().map(|one| one.name.as_str());
    let folders = folders("ground-truth", names);
    let page = |path: &str, title: &str, html: String| {
        let page = Page {
            path,
            title,
            footer,
            ..Page::default()
        };
        page.file(html)
    };
    let overview = overview(all, &folders);
    let mut files = vec![page("ground-truth/index.html", "Ground truth", overview)];
    for (experiment, folder) in all.experiments.iter().zip(&folders) {
        let path = format!("{folder}/index.html");
        files.push(page(&path, &experiment.name, one(experiment, &all.command)));
    }
    files
}

fn overview(all: &GroundTruth, folders: &[String]) -> String {
    if all.experiments.is_empty() {
        return "<p>The project has no measured experiments.</p>\n".to_owned();
    }
    let metrics = metrics(&all.experiments);
    let series = metrics.iter().map(|metric| {
        let values = all
            .experiments
            .iter()
            .map(|one| bias(one, metric).map(tenths));
        BarSeries::new(metric.clone(), values.collect::<Vec<_>>())
    });
    let names = all.experiments.iter().map(|one| one.name.clone());
    let chart = bias_chart(Categories::new("experiment", names), series.collect());
    let mut html = format!(
        "<p class=\"lead\">Measured benchmarks, each simulated with the assumptions of today.</p>\n<p><code>{}</code> prints the same.</p>\n\
         <h2>Errors over all benchmarks</h2>\n{}<h2>Signed bias by experiment</h2>\n{chart}<h2>Experiments</h2>\n",
        Escaped(&all.command),
        errors_table(&all.errors),
    );
    let biases: Vec<String> = metrics
        .iter()
        .map(|metric| format!("{metric} bias"))
        .collect();
    let heads = [
        ("Experiment", Words),
        ("Workload", Words),
        ("Model", Words),
        ("GPU", Words),
        ("TP", Numbers),
        ("Benchmarks", Numbers),
    ];
    html.push_str(&table(
        "Mean signed error of each experiment: above zero the prediction is too long",
        heads
            .into_iter()
            .chain(biases.iter().map(|head| (head.as_str(), Numbers))),
        all.experiments
            .iter()
            .zip(folders)
            .map(|(one, folder)| overview_row(one, folder, &metrics)),
    ));
    html
}

fn overview_row(experiment: &Experiment, folder: &str, metrics: &[String]) -> String {
    let below = folder.strip_prefix("ground-truth/").unwrap_or(folder);
    let mut row = format!(
        "<th scope=\"row\"><a href=\"{below}/index.html\">{}</a></th><td>{}</td><td>{}</td><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>",
        Escaped(&experiment.name),
        Escaped(experiment.workload.as_deref().unwrap_or("-")),
        Escaped(&experiment.model),
        Escaped(&experiment.gpu),
        experiment.tensor_parallel,
        experiment.loads.len(),
    );
    for metric in metrics {
        row.push_str(&signed_percent_cell(bias(experiment, metric)));
    }
    row
}

fn one(experiment: &Experiment, command: &str) -> String {
    let gpus = format!(
        "{} x {}",
        experiment.tensor_parallel,
        Escaped(&experiment.gpu)
    );
    let mut html = facts([
        ("Model", escaped(&experiment.model)),
        ("GPUs", gpus),
        (
            "Workload",
            escaped(experiment.workload.as_deref().unwrap_or("not stated")),
        ),
        ("Benchmarks", experiment.loads.len().to_string()),
    ]);
    if !experiment.errors.is_empty() {
        html.push_str("<h2>Error by metric</h2>\n<p>The errors are those of mean latencies. Bias is the signed error: above zero the prediction is too long, below zero too short.</p>\n");
        let errors = experiment.errors.iter();
        let metrics = errors.clone().map(|errors| errors.metric.clone());
        let biases: Vec<_> = errors.map(|errors| Some(tenths(errors.bias_pct))).collect();
        let series = vec![BarSeries::new("bias", biases)];
        html.push_str(&bias_chart(Categories::new("metric", metrics), series));
        html.push_str(&errors_table(&experiment.errors));
    }
    html.push_str("<h2>Measured and predicted</h2>\n");
    let loads = experiment.loads.iter();
    let rows = loads.flat_map(|load| load.metrics.iter().map(|metric| load_row(load, metric)));
    html.push_str(&table(
        "Mean latencies of each benchmark",
        [
            ("#", Numbers),
            ("Load", Words),
            ("Metric", Words),
            ("Measured (ms)", Numbers),
            ("Predicted (ms)", Numbers),
            ("Signed error", Numbers),
            ("Measured from", Words),
        ],
        rows,
    ));
    if !experiment.warnings.is_empty() {
        html.push_str("<h2>Warnings</h2>\n<ul>\n");
        for warning in &experiment.warnings {
            push!(&mut html, "<li>{}</li>\n", Escaped(warning));
        }
        html.push_str("</ul>\n");
    }
    if !experiment.settings.is_empty() {
        push!(
            &mut html,
            "<h2>Simulated with</h2>\n<pre>{}</pre>\n<p><code>{}</code> simulates all experiments so, and takes other assumptions.</p>\n",
            Escaped(experiment.settings.trim_end()),
            Escaped(command),
        );
    }
    html
}

fn load_row(load: &MeasuredLoad, metric: &MetricComparison) -> String {
    format!(
        "<td class=\"n\">{}</td><td>{}</td><td>{}</td>{}{}{}<td>{}</td>",
        load.number,
        Escaped(&load.load),
        Escaped(&metric.metric),
        figure_cell(metric.measured_ms, 2),
        figure_cell(metric.predicted_ms, 2),
        signed_percent_cell(metric.error_pct),
        Escaped(metric.origin.as_deref().unwrap_or("-")),
    )
}

fn errors_table(errors: &[MetricErrors]) -> String {
    let row = |one: &MetricErrors| {
        format!(
            "<th scope=\"row\">{}</th>{}{}{}<td class=\"n\">{}</td>",
            Escaped(&one.metric),
            percent_cell(one.mape_pct),
            signed_percent_cell(Some(one.bias_pct)),
            percent_cell(one.worst_pct),
            one.benchmarks,
        )
    };
    table(
        "Errors of the predicted means by metric",
        [
            ("Metric", Words),
            ("MAPE", Numbers),
            ("Bias", Numbers),
            ("Worst", Numbers),
            ("Benchmarks", Numbers),
        ],
        errors.iter().map(row),
    )
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
    let mut errors = experiment.errors.iter();
    let of_metric = errors.find(|errors| errors.metric == metric)?;
    Some(of_metric.bias_pct)
}

/// As the tables show it: a bar is labelled with the digits of its value, of which most say nothing.
fn tenths(pct: f64) -> f64 {
    (pct * 10.0).round() / 10.0
}

/// The chart as a part of the page. The table beside it has the same numbers, so that one that cannot be drawn is no loss.
fn bias_chart(categories: Categories, series: Vec<BarSeries>) -> String {
    let chart = BarChart::new(
        Caption::new(
            "Signed error of the predicted mean",
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
