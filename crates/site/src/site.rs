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
use crate::site_file::SiteFile;
use crate::slug::{Unique, folders, path_slug};

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

impl Site {
    /// All files of the site, sorted by path.
    ///
    /// # Errors
    ///
    /// A result table or a picture cannot be read, or the grid of the model has gaps.
    pub fn files(&self) -> Result<Vec<SiteFile>, SiteError> {
        let names = self.hypotheses.iter().map(|one| one.folder.as_str());
        let folders = folders("hypotheses", names);
        let hypotheses: Vec<(&Hypothesis, &String, Vec<String>)> = self
            .hypotheses
            .iter()
            .zip(&folders)
            .map(|(hypothesis, folder)| (hypothesis, folder, file_paths(hypothesis, folder)))
            .collect();
        let mut links = LinkMap::default();
        links.insert("hypotheses/README.md".to_owned(), "index.html".to_owned());
        for (hypothesis, folder, paths) in &hypotheses {
            let below = |path: &str| format!("hypotheses/{}/{path}", hypothesis.folder);
            for (file, path) in hypothesis.files.iter().zip(paths) {
                links.insert(below(&file.path), path.clone());
            }
            // The page is the findings.
            links.insert(below(FINDINGS), format!("{folder}/index.html"));
        }
        let assets = assets::ALL.iter();
        let mut files: Vec<SiteFile> = assets
            .map(|(path, text)| SiteFile::new(*path, *text))
            .collect();
        let footer = &self.footer;
        files.push(index_page::file(&self.audit, &links, footer));
        for (hypothesis, folder, paths) in &hypotheses {
            files.push(hypothesis_page::file(
                hypothesis, folder, paths, &links, footer,
            )?);
            for (file, path) in hypothesis.files.iter().zip(paths) {
                files.push(SiteFile::new(path.clone(), file.bytes.clone()));
            }
        }
        files.extend(ground_truth_pages::files(&self.ground_truth, footer));
        files.extend(model_page::files(&self.model, footer)?);
        files.sort_by(|a, b| a.path.cmp(&b.path));
        debug_assert!(
            files.windows(2).all(|pair| pair[0].path != pair[1].path),
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
