//! Paths as they are printed.

use std::env;
use std::path::Path;

/// The path as text. Below the current folder it is shortened, so that it can be pasted into the next command; without a
/// current folder it is printed as it is.
pub(crate) fn shown(path: &Path) -> String {
    let current = env::current_dir();
    shown_from(current.as_deref().ok(), path)
}

fn shown_from(current: Option<&Path>, path: &Path) -> String {
    current
        .and_then(|current| path.strip_prefix(current).ok())
        .filter(|below| !below.as_os_str().is_empty())
        .unwrap_or(path)
        .display()
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_below_is_shortened() {
        for (path, shown) in [
            ("/project/hypotheses/H1", "hypotheses/H1"),
            ("/project", "/project"),
            ("/projects/x", "/projects/x"),
            ("../x", "../x"),
        ] {
            assert_eq!(
                shown_from(Some(Path::new("/project")), Path::new(path)),
                shown
            );
        }
    }
}
