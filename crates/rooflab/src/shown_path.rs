//! Paths as they are printed.

use std::env;
use std::path::{Path, PathBuf};

/// Shortens paths below the current folder, so that they can be pasted into the next command.
#[derive(Clone, Debug)]
pub(crate) struct ShownPaths {
    current: Option<PathBuf>,
}

impl ShownPaths {
    /// Relative to the current folder; without one, paths are printed as they are.
    pub(crate) fn from_here() -> Self {
        Self {
            current: env::current_dir().ok(),
        }
    }

    /// The path as text.
    pub(crate) fn show(&self, path: &Path) -> String {
        self.current
            .as_ref()
            .and_then(|current| path.strip_prefix(current).ok())
            .filter(|below| !below.as_os_str().is_empty())
            .unwrap_or(path)
            .display()
            .to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_below_is_shortened() {
        let paths = ShownPaths {
            current: Some("/project".into()),
        };
        for (path, shown) in [
            ("/project/hypotheses/H1", "hypotheses/H1"),
            ("/project", "/project"),
            ("/projects/x", "/projects/x"),
            ("../x", "../x"),
        ] {
            assert_eq!(paths.show(Path::new(path)), shown);
        }
    }
}
