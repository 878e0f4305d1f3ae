use diagnostic::{SourceText, YamlBounds};

use crate::error::{LoadError, NEXT_STEP};
use crate::measured_run::SourceFileRecord;
use crate::source_file::SourceFile;
use crate::tree::Tree;
use crate::wire::yaml_problem;

/// Ten times what the longest such file takes.
const LIMIT_BYTES: u64 = 1 << 20;

/// Bounds of what is parsed; a profile has about twenty nodes on about five levels.
pub(crate) const YAML_BOUNDS: YamlBounds = YamlBounds {
    nodes: 20_000,
    depth: 32,
};

/// The content of a small YAML file.
#[derive(Debug)]
pub(crate) struct ReadYaml {
    pub(crate) tree: Tree,
    pub(crate) record: SourceFileRecord,
    /// For errors that show its lines.
    pub(crate) source: SourceText,
}

/// Reads a small YAML file.
pub(crate) fn read_tree(file: &SourceFile) -> Result<ReadYaml, LoadError> {
    let (text, record) = file.read_text(LIMIT_BYTES)?;
    let options = serde_yaml::options! {
        strict_booleans: true,
        with_snippet: false,
        budget: serde_yaml::budget! {
            max_nodes: YAML_BOUNDS.nodes,
            max_depth: YAML_BOUNDS.depth,
            flow_nesting_limit: YAML_BOUNDS.depth,
        },
    };
    let read = serde_yaml::from_str_with_options(&text, options);
    let source = SourceText::new(file.shown.clone(), text);
    match read {
        Ok(tree) => Ok(ReadYaml {
            tree,
            record,
            source,
        }),
        Err(error) => Err(yaml_error(&source, &error, YAML_BOUNDS)),
    }
}

/// A text that is no YAML.
pub(crate) fn yaml_error(
    source: &SourceText,
    error: &serde_yaml::Error,
    bounds: YamlBounds,
) -> LoadError {
    let shown = diagnostic::yaml_problem(source, error, "description of a run", bounds);
    yaml_problem(error).into_error(source.path(), shown.with_help(NEXT_STEP))
}
