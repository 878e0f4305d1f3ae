use diagnostic::SourceText;

use super::findings::Findings;
use crate::bounds::YAML_BOUNDS;
use crate::error::LoadError;
use crate::source_file::SourceFile;
use crate::source_file_record::SourceFileRecord;
use crate::tree::Tree;
use crate::wire::yaml_error;

/// Ten times what the longest such file takes.
const LIMIT_BYTES: u64 = 1 << 20;

/// Reads a small YAML file; nothing is found wrong with what it says yet.
pub(crate) fn read_tree(
    file: &SourceFile,
) -> Result<(Tree, SourceFileRecord, Findings), LoadError> {
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
        Ok(tree) => Ok((tree, record, Findings::of_text(source))),
        Err(error) => Err(yaml_error(&source, &error, YAML_BOUNDS)),
    }
}
