use std::collections::BTreeSet;

use crate::assets;
use crate::audit::Audit;
use crate::error::SiteError;
use crate::ground_truth::GroundTruth;
use crate::ground_truth_pages;
use crate::hypothesis::Hypothesis;
use crate::hypothesis_page;
use crate::index_page;
use crate::link_map::{FINDINGS, LinkMap};
use crate::model_grid::ModelGrid;
use crate::model_page;
use crate::slug::{Unique, file_slug, path_slug};

/// Everything that a site shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// What stands at the end of every page.
    pub footer: String,
    /// All hypotheses side by side.
    pub audit: Audit,
    /// The hypotheses, in order.
    pub hypotheses: Vec<Hypothesis>,
    /// The measured experiments.
    pub ground_truth: GroundTruth,
    /// Steps of the model.
    pub model: ModelGrid,
}

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
        Self {
            path: path.into(),
            bytes: bytes.into(),
        }
    }
}

/// A folder of the site for each item, in order.
pub(crate) fn folders<'n>(below: &str, names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut unique = Unique::default();
    // The page of all is beside the folders.
    unique.take("index.html");
    names
        .map(|name| format!("{below}/{}", unique.take(&file_slug(name))))
        .collect()
}

impl Site {
    /// All files of the site, sorted by path.
    ///
    /// # Errors
    ///
    /// A result table or a picture cannot be read, or the grid of the model has gaps.
    pub fn files(&self) -> Result<Vec<SiteFile>, SiteError> {
        let folders = folders(
            "hypotheses",
            self.hypotheses.iter().map(|one| one.folder.as_str()),
        );
        let paths: Vec<Vec<String>> = self
            .hypotheses
            .iter()
            .zip(&folders)
            .map(|(hypothesis, folder)| file_paths(hypothesis, folder))
            .collect();
        let mut links = LinkMap::default();
        links.insert("hypotheses/README.md".to_owned(), "index.html".to_owned());
        for ((hypothesis, folder), paths) in self.hypotheses.iter().zip(&folders).zip(&paths) {
            let below = |path: &str| format!("hypotheses/{}/{path}", hypothesis.folder);
            for (file, path) in hypothesis.files.iter().zip(paths) {
                links.insert(below(&file.path), path.clone());
            }
            // The page is the findings.
            links.insert(below(FINDINGS), format!("{folder}/index.html"));
        }
        let mut files: Vec<SiteFile> = assets::ALL
            .iter()
            .map(|(path, text)| SiteFile::new(*path, *text))
            .collect();
        files.push(index_page::file(self, &links));
        for ((hypothesis, folder), paths) in self.hypotheses.iter().zip(&folders).zip(&paths) {
            files.push(hypothesis_page::file(
                hypothesis,
                folder,
                paths,
                &links,
                &self.footer,
            )?);
            for (file, path) in hypothesis.files.iter().zip(paths) {
                files.push(SiteFile::new(path.clone(), file.bytes.clone()));
            }
        }
        files.extend(ground_truth_pages::files(&self.ground_truth, &self.footer));
        files.extend(model_page::files(&self.model, &self.footer)?);
        files.sort_by(|a, b| a.path.cmp(&b.path));
        debug_assert_eq!(
            files
                .iter()
                .map(|file| &file.path)
                .collect::<BTreeSet<_>>()
                .len(),
            files.len(),
            "no file twice"
        );
        Ok(files)
    }
}

/// Where the files of a hypothesis lie in the site, each in a place of its own.
fn file_paths(hypothesis: &Hypothesis, folder: &str) -> Vec<String> {
    let mut unique = Unique::default();
    unique.take("index.html");
    hypothesis
        .files
        .iter()
        .map(|file| {
            let path = path_slug(&file.path);
            // A second file of a name keeps its ending, which says what it is.
            let place = match path.rsplit_once('.') {
                Some((stem, ending)) if !ending.contains('/') => {
                    let mut stems = std::iter::once(path.clone())
                        .chain((1_u32..).map(|number| format!("{stem}-{number}.{ending}")));
                    stems
                        .find(|candidate| unique.is_free(candidate))
                        .unwrap_or(path)
                }
                Some(_) | None => path,
            };
            format!("{folder}/{}", unique.take(&place))
        })
        .collect()
}
