//! Imports run downwards: from `hypothesis` to `format`, and between no two files in a circle, in any crate.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The wings of the crate, from low to high: each may import from those before it.
const WINGS: [&str; 12] = [
    "format",
    "table",
    "project",
    "lock",
    "sweep",
    "check",
    "decide",
    "report",
    "results",
    "hypothesis",
    "explanation",
    "reference",
];

/// A module by its path below the crate: `["table", "engine"]`.
type Module = Vec<String>;

/// The files of a crate, and what their `use` lines and `crate::` paths name.
struct Crate {
    /// What each module names, as absolute paths.
    names: BTreeMap<Module, Vec<Module>>,
}

impl Crate {
    fn read(source: &Path) -> Self {
        let mut names = BTreeMap::new();
        for file in rust_files(source) {
            let module = module_of(file.strip_prefix(source).unwrap());
            let is_folder = file.ends_with("mod.rs") || file.ends_with("lib.rs");
            let text = fs::read_to_string(&file).unwrap();
            names.insert(module.clone(), names_in(&text, &module, is_folder));
        }
        Self { names }
    }

    /// The module that defines what a path names, through re-exports.
    fn definition(&self, path: &[String]) -> Option<Module> {
        let module = (0..=path.len()).rev().map(|length| &path[..length]);
        let module = module
            .into_iter()
            .find(|path| self.names.contains_key(*path))?;
        let rest = path.get(module.len());
        let passed_on = rest.and_then(|name| {
            let named = self.names[module].iter();
            let is_child = |path: &&Module| path.len() > module.len() && path.starts_with(module);
            named
                .filter(is_child)
                .find(|path| path.last() == Some(name))
        });
        match passed_on {
            Some(further) if further.as_slice() != path => self.definition(further),
            _ => Some(module.to_vec()),
        }
    }

    /// Which modules each imports from. Folders only pass on what their files define.
    fn imports(&self) -> BTreeMap<&Module, BTreeSet<Module>> {
        let is_folder = |module: &Module| {
            self.names
                .keys()
                .any(|other| other != module && other.starts_with(module))
        };
        let files = self.names.iter().filter(|(module, _)| !is_folder(module));
        files
            .map(|(module, named)| {
                let imported = named.iter().filter_map(|path| self.definition(path));
                (module, imported.filter(|other| other != module).collect())
            })
            .collect()
    }
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

fn module_of(file: &Path) -> Module {
    let parts = file.with_extension("");
    let parts = parts.iter().map(|part| part.to_str().unwrap().to_owned());
    parts
        .filter(|part| !["mod", "lib", "main"].contains(&part.as_str()))
        .collect()
}

/// The absolute paths that the code of a file names, without its tests.
fn names_in(text: &str, module: &Module, is_folder: bool) -> Vec<Module> {
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap();
    let lines = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let code = lines.collect::<Vec<_>>().join("\n");
    let is_use =
        |line: &str| line.starts_with("use ") || line.starts_with("pub") && line.contains(" use ");
    let mut paths = Vec::new();
    for statement in code.split(';') {
        let line = statement.lines().map(str::trim).position(is_use);
        if let Some(line) = line {
            let tree: String = statement.lines().skip(line).collect();
            expand("", tree.split_once("use ").unwrap().1, &mut paths);
        }
    }
    for (at, _) in code.match_indices("crate::") {
        let path = code[at..].split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
        paths.extend(
            path.take(1)
                .map(|path| path.trim_end_matches(':').to_owned()),
        );
    }
    paths
        .iter()
        .filter_map(|path| absolute(path, module, is_folder))
        .collect()
}

/// The leaves of a tree of imports: `a::{b, c::{d, e as f}}` has three.
fn expand(prefix: &str, tree: &str, leaves: &mut Vec<String>) {
    let tree = tree.trim();
    let Some((head, inner)) = tree.split_once('{') else {
        // What is imported under another name is passed on under it.
        let (path, alias) = tree.split_once(" as ").unwrap_or((tree, ""));
        let folder = path.rsplit_once("::").map_or("", |(folder, _)| folder);
        leaves.push(format!("{prefix}{path}"));
        if !alias.is_empty() {
            leaves.push(format!("{prefix}{folder}::{alias}"));
        }
        return;
    };
    let inner = inner.trim().strip_suffix('}').unwrap_or(inner);
    let (mut depth, mut start) = (0, 0);
    for (at, letter) in inner.char_indices().chain([(inner.len(), ',')]) {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                if !inner[start..at].trim().is_empty() {
                    expand(&format!("{prefix}{head}"), &inner[start..at], leaves);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
}

/// A path from the root of the crate; none for those of other crates.
fn absolute(path: &str, module: &Module, is_folder: bool) -> Option<Module> {
    let mut parts = path.split("::").filter(|part| !part.is_empty()).peekable();
    let mut base = module.clone();
    match *parts.peek()? {
        "crate" => {
            parts.next();
            base.clear();
        }
        "super" | "self" => {}
        // A folder names its files without `self`.
        _ if is_folder => {}
        _ => return None,
    }
    for part in parts {
        match part {
            "self" => {}
            "super" => {
                base.pop();
            }
            name => base.push(name.to_owned()),
        }
    }
    Some(base)
}

fn shown(module: &[String]) -> String {
    module.join("/")
}

#[test]
fn no_import_runs_upwards() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let rank = |module: &Module| {
        let wing = module.first()?;
        let rank = WINGS.iter().position(|name| name == wing);
        Some(rank.unwrap_or_else(|| panic!("`{wing}` is no wing: add it to WINGS at its place")))
    };
    let of_crate = Crate::read(&source);
    let mut upwards = Vec::new();
    for (module, imported) in of_crate.imports() {
        for other in imported {
            if rank(module) < rank(&other) {
                upwards.push(format!("{} imports {}", shown(module), shown(&other)));
            }
        }
    }
    assert!(
        upwards.is_empty(),
        "imports run from {} down to {}, and these run upwards:\n{}",
        WINGS[WINGS.len() - 1],
        WINGS[0],
        upwards.join("\n")
    );
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut circles = Vec::new();
    for entry in fs::read_dir(crates).unwrap() {
        let folder = entry.unwrap().path();
        if !folder.join("src").is_dir() {
            continue;
        }
        let of_crate = Crate::read(&folder.join("src"));
        let mut imports = of_crate.imports();
        // What imports nothing that is left is in no circle.
        loop {
            let left: BTreeSet<Module> = imports.keys().map(|module| (*module).clone()).collect();
            let before = imports.len();
            imports.retain(|_, imported| imported.iter().any(|other| left.contains(other)));
            if imports.len() == before {
                break;
            }
        }
        let left: Vec<Module> = imports.keys().map(|module| (*module).clone()).collect();
        for (module, imported) in imports {
            let on: Vec<String> = imported
                .iter()
                .filter(|other| left.contains(other))
                .map(|other| shown(other))
                .collect();
            let name = folder.file_name().unwrap().to_string_lossy().into_owned();
            circles.push(format!(
                "{name}: {} imports {}",
                shown(module),
                on.join(", ")
            ));
        }
    }
    assert!(
        circles.is_empty(),
        "in circles, or on the way to one:\n{}",
        circles.join("\n")
    );
}
