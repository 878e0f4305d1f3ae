use std::path::Path;

use super::benchmarks::{benchmarks, client};
use super::contradictions::{Comparison, told};
use super::exp_config::ExpConfig;
use super::findings::Findings;
use super::folder::{EXP_CONFIG, Folder, PROFILE};
use super::instructions::Instructions;
use super::profile_file::read_profile;
use super::yaml_file::read_tree;
use crate::benchmark::Benchmark;
use crate::error::LoadError;
use crate::measured_run::{Client, MeasuredRun, Schema};
use crate::profile::Profile;
use crate::source_file_record::SourceFileRecord;
use crate::tree::Tree;
use crate::warning::Warning;
use crate::wire;
use diagnostic::{Quoted, shown};

/// Everything that the files of an experiment say, and all that is wrong with them.
#[derive(Debug)]
pub(crate) struct Examined {
    /// None where there are errors.
    pub(crate) run: Option<MeasuredRun>,
    /// In the order report, profile, configuration.
    pub(crate) errors: Vec<LoadError>,
    /// In the same order. Those of the run are the same.
    pub(crate) warnings: Vec<Warning>,
}

/// Reads the experiment in a folder, which messages call `shown_dir`.
pub(crate) fn examine(dir: &Path, shown_dir: &Path) -> Examined {
    let mut examination = Examination::default();
    match Folder::list(dir, shown_dir) {
        Ok(folder) => examination.read(&folder),
        Err(error) => examination.errors.push(error),
    }
    examination.finish(experiment_name(dir))
}

/// The name of the folder, links and `..` resolved; as it is written where that fails.
fn experiment_name(dir: &Path) -> String {
    let resolved = dir.canonicalize().ok();
    let name = resolved.as_deref().unwrap_or(dir).file_name();
    name.map_or_else(
        || dir.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}

/// A report that was read.
struct ReadReport {
    client: Client,
    model: Option<String>,
    benchmarks: Vec<Benchmark>,
    told: Instructions,
    record: SourceFileRecord,
}

#[derive(Default)]
struct Examination {
    report: Option<ReadReport>,
    profile: Option<Instructions>,
    config: ExpConfig,
    files: Vec<SourceFileRecord>,
    errors: Vec<LoadError>,
    warnings: Vec<Warning>,
}

impl Examination {
    fn read(&mut self, folder: &Folder) {
        match self.read_report(folder) {
            Ok(report) => self.report = report,
            Err(error) => self.errors.push(error),
        }
        if let Err(error) = self.read_profile(folder) {
            self.errors.push(error);
        }
        if let Err(error) = self.read_config(folder) {
            self.errors.push(error);
        }
    }

    /// None after a report of what is wrong.
    fn read_report(&mut self, folder: &Folder) -> Result<Option<ReadReport>, LoadError> {
        let (file, format) = folder.report()?;
        let (text, record) = file.read_report(format)?;
        self.files.push(record.clone());
        let mut report = text.report;
        let mut findings = Findings::new(&file.shown);
        if let Some(trailing) = text.trailing {
            let start = shown(String::from_utf8_lossy(&trailing).trim_end(), 60);
            let start = Quoted(&start);
            findings.warn_of_file(format!("text after the report was left out: {start}"));
        }
        let read = client(&report, &mut findings).map(|client| ReadReport {
            model: model(&report, client.schema),
            told: told(&report, client.schema, &mut findings),
            benchmarks: benchmarks(&mut report, client.schema, &mut findings),
            client,
            record,
        });
        self.keep(findings);
        Ok(read)
    }

    fn read_profile(&mut self, folder: &Folder) -> Result<(), LoadError> {
        let Some((tree, mut findings)) = self.read_yaml(folder, PROFILE)? else {
            return Ok(());
        };
        self.profile = read_profile(&tree, &mut findings);
        if let Some((profile, report)) = self.profile.as_ref().zip(self.report.as_ref()) {
            let comparison = Comparison {
                profile,
                told: &report.told,
                benchmarks: &report.benchmarks,
                report_file: &report.record.path,
            };
            comparison.warn(&mut findings);
        }
        self.keep(findings);
        Ok(())
    }

    fn read_config(&mut self, folder: &Folder) -> Result<(), LoadError> {
        if let Some((tree, mut findings)) = self.read_yaml(folder, EXP_CONFIG)? {
            self.config = ExpConfig::read(&tree, &mut findings);
            self.keep(findings);
        }
        Ok(())
    }

    fn read_yaml(
        &mut self,
        folder: &Folder,
        stem: &str,
    ) -> Result<Option<(Tree, Findings)>, LoadError> {
        let Some(file) = folder.yaml(stem)? else {
            return Ok(None);
        };
        let (tree, record, findings) = read_tree(&file)?;
        self.files.push(record);
        Ok(Some((tree, findings)))
    }

    fn keep(&mut self, findings: Findings) {
        let (error, warnings) = findings.into_parts();
        self.errors.extend(error);
        self.warnings.extend(warnings);
    }

    fn finish(self, experiment: String) -> Examined {
        let report = self.report.filter(|_| self.errors.is_empty());
        let profile = self.profile.as_ref().map(Instructions::profile);
        let run = report.map(|report| MeasuredRun {
            experiment,
            model: self.config.model.or(report.model),
            gpu: self.config.gpu,
            tensor_parallel: self.config.tensor_parallel,
            server: self.config.server,
            workload: self.config.workload,
            profile: with_report(profile, report.told.profile()),
            client: report.client,
            benchmarks: report.benchmarks,
            files: self.files,
            warnings: self.warnings.clone(),
        });
        Examined {
            run,
            errors: self.errors,
            warnings: self.warnings,
        }
    }
}

/// The profile, with what the report says that its client was told in place of what the profile leaves open. None where
/// neither says anything.
fn with_report(profile: Option<Profile>, told: Profile) -> Option<Profile> {
    let profile = profile.unwrap_or_default();
    let merged = Profile {
        rate_type: profile.rate_type.or(told.rate_type),
        rates: if profile.rates.is_empty() {
            told.rates
        } else {
            profile.rates
        },
        max_requests: profile.max_requests.or(told.max_requests),
        max_seconds: profile.max_seconds.or(told.max_seconds),
        random_seed: profile.random_seed.or(told.random_seed),
        data: profile.data.or(told.data),
    };
    (merged != Profile::default()).then_some(merged)
}

/// The model that a report names; clients that take any model write none or an empty name.
fn model(report: &wire::Report, schema: Schema) -> Option<String> {
    let first = report.benchmarks.as_deref()?.first()?;
    match schema {
        Schema::V0_1 => first.args.as_ref()?.get("model"),
        Schema::V0_2 => first.worker.as_ref()?.get("backend_model"),
        Schema::V0_4 | Schema::V0_5 | Schema::V0_7 => {
            first.config.as_ref()?.get("backend")?.get("model")
        }
    }?
    .as_name()
}
