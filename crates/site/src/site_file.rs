/// A file of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteFile {
    /// Its path below the folder of the site, with `/`: parts of ASCII letters, digits, `-`, `_` and `.`, none of which
    /// begins with a point.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl SiteFile {
    pub(crate) fn new(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        let (path, bytes) = (path.into(), bytes.into());
        Self { path, bytes }
    }
}
