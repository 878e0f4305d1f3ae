use crate::error::LoadError;
use crate::measured_run::SourceFileRecord;
use crate::source_file::SourceFile;
use crate::tree::Tree;
use crate::wire::yaml_problem;

/// Ten times what the longest such file takes.
const LIMIT_BYTES: u64 = 1 << 20;

/// Nodes of the largest file that is parsed; a profile has about twenty.
const LIMIT_NODES: usize = 20_000;

/// Deepest nesting; a profile has about five levels.
const LIMIT_DEPTH: usize = 32;

/// Reads a small YAML file.
pub(crate) fn read_tree(file: &SourceFile) -> Result<(Tree, SourceFileRecord), LoadError> {
    let (text, record) = file.read_text(LIMIT_BYTES)?;
    let options = serde_yaml::options! {
        strict_booleans: true,
        with_snippet: false,
        budget: serde_yaml::budget! {
            max_nodes: LIMIT_NODES,
            max_depth: LIMIT_DEPTH,
            flow_nesting_limit: LIMIT_DEPTH,
        },
    };
    serde_yaml::from_str_with_options(&text, options)
        .map(|tree| (tree, record))
        .map_err(|error| file.syntax_error(yaml_problem(&error)))
}
