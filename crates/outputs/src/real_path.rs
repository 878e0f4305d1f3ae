//! Where a path really leads.

use std::io;
use std::path::{Component, Path, PathBuf};

/// The absolute path without links and `..`. Of what is not there, the nearest folder above it that is decides: behind it
/// there can be no links.
///
/// # Errors
///
/// There is no current folder, or the path is empty.
pub fn real_path(path: &Path) -> io::Result<PathBuf> {
    let absolute = std::path::absolute(path)?;
    for above in absolute.ancestors() {
        let Ok(mut real) = above.canonicalize() else {
            continue;
        };
        let rest = absolute.strip_prefix(above).unwrap_or(Path::new(""));
        for part in rest.components() {
            match part {
                Component::ParentDir => {
                    real.pop();
                }
                Component::CurDir => {}
                other => real.push(other),
            }
        }
        return Ok(real);
    }
    Ok(absolute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_dots_are_followed_where_nothing_is_there_yet() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::fs::create_dir_all(root.join("a/b")).unwrap();
        for (path, real) in [
            ("a/b/../c", "a/c"),
            ("new/../a/x", "a/x"),
            ("new/deep/file", "new/deep/file"),
        ] {
            assert_eq!(real_path(&root.join(path)).unwrap(), root.join(real));
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(root.join("a"), root.join("link")).unwrap();
            assert_eq!(
                real_path(&root.join("link/b/new")).unwrap(),
                root.join("a/b/new")
            );
        }
    }
}
