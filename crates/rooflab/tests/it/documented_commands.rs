//! Every command of README.md and of docs/, executed in a copy of the project, and its output compared.
//!
//! In these pages a fenced block `sh` holds commands, and the next block of its section, where that is a `text` block, what they print,
//! standard error included; without one they print nothing. `...` stands for anything within a line, and for left-out lines
//! on a line of its own. The blocks of a page share one copy of the project and are executed in order. A comment directly
//! above a block says what is special about it:
//!
//! - `<!-- not run: REASON -->` leaves commands to the reader
//! - `<!-- exits with N -->` is how the commands end, 0 without it
//! - `<!-- write: FILE -->` and `<!-- append: FILE -->` do what the page tells the reader to do with a block of text

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use crate::test_project::{TestProject, workspace};

/// What documented commands see of the checkout besides the models and tables of every test project.
const FOLDERS: [&str; 3] = ["hypotheses", "eval", "docs"];

/// A fenced block of a page.
#[derive(Debug)]
struct Block {
    /// The line of its opening fence, from 1.
    line: usize,
    section: usize,
    language: String,
    mark: Option<Mark>,
    text: String,
}

/// What a comment above a block says of it.
#[derive(Debug, PartialEq)]
enum Mark {
    NotRun,
    ExitsWith(i32),
    Write(String),
    Append(String),
}

/// What is wrong with a page.
#[derive(Debug)]
struct Problem(String);

/// A copy of the project with rooflab on the path, and a home folder beside it.
struct Reader {
    project: TestProject,
    home: TempDir,
    programs: TempDir,
}

#[test]
fn every_command_prints_what_its_page_says() {
    let mut problems = String::new();
    let mut executed = 0;
    for page in pages() {
        let name = page
            .strip_prefix(workspace())
            .unwrap()
            .display()
            .to_string();
        let text = fs::read_to_string(&page).unwrap();
        let reader = Reader::new();
        let blocks = blocks(&text).unwrap_or_else(|problem| panic!("{name}: {}", problem.0));
        for (index, block) in blocks.iter().enumerate() {
            match reader.follow(block, blocks.get(index + 1)) {
                Ok(commands) => executed += commands,
                Err(problem) => {
                    writeln!(problems, "{name}:{}: {}\n", block.line, problem.0).unwrap();
                }
            }
        }
    }
    assert!(problems.is_empty(), "\n{problems}");
    assert!(executed > 30, "{executed} commands in all pages");
}

#[test]
fn commands_in_passing_are_ones_that_rooflab_takes() {
    let reader = Reader::new();
    let mut problems = String::new();
    let mut seen = 0;
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for command in commands_in_passing(&text) {
            seen += 1;
            // The help is printed once everything before it is understood.
            let (code, output) = reader.execute(&format!("{command} --help"));
            if code != 0 {
                writeln!(problems, "{}: `{command}`\n{output}", page.display()).unwrap();
            }
        }
    }
    assert!(problems.is_empty(), "\n{problems}");
    assert!(seen > 50, "{seen} commands in all pages");
}

#[test]
fn the_book_has_every_page_and_no_link_leads_nowhere() {
    let docs = workspace().join("docs");
    let summary = fs::read_to_string(docs.join("SUMMARY.md")).unwrap();
    for page in pages() {
        let folder = page.parent().unwrap();
        if folder.ends_with("docs") && !page.ends_with("SUMMARY.md") {
            let name = page.file_name().unwrap().to_str().unwrap();
            assert!(summary.contains(&format!("({name})")), "{name}");
        }
        let text = fs::read_to_string(&page).unwrap();
        for link in text.split("](").skip(1) {
            let (target, _) = link.split_once(')').unwrap();
            let (file, _) = target.split_once('#').unwrap_or((target, ""));
            let leads = target.starts_with("https://") || folder.join(file).exists();
            assert!(leads, "{}: {target}", page.display());
        }
    }
}

#[test]
fn left_out_parts_are_any_lines_or_any_part_of_one() {
    for (expected, printed, same) in [
        ("a\nb", "a\nb", true),
        ("a\nb", "a\nc", false),
        ("a", "a\nb", false),
        ("a\n...", "a\nb\nc", true),
        ("a\n...", "a", false),
        ("...\nb\n...\nd", "a\nb\nb\nc\nd", true),
        ("...\nb\n...\nd", "a\nc\nd", false),
        ("on ...: x", "on 2026-11-20: x", true),
        ("on ...: x", "on 2026-11-20: y", false),
        ("ab...ba", "aba", false),
        ("", "a", false),
    ] {
        let lines = |text: &'static str| text.lines().collect::<Vec<_>>();
        assert_eq!(
            are_same(&lines(expected), &lines(printed)),
            same,
            "{expected:?} {printed:?}"
        );
    }
}

#[test]
fn blocks_have_their_marks() {
    let page =
        "# One\n<!-- exits with 1 -->\n```sh\nfalse\n```\nprose\n## Two\n```text\nx\ny\n```\n";
    let found = blocks(page).unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].mark, Some(Mark::ExitsWith(1)));
    assert_eq!((found[0].line, found[0].text.as_str()), (3, "false\n"));
    assert_eq!(found[1].mark, None);
    assert_eq!(found[1].text, "x\ny\n");
    assert_ne!(found[0].section, found[1].section);
    for wrong in [
        "```sh\nfalse\n",
        "<!-- notrun: x -->\n```sh\nfalse\n```\n",
        "<!-- not run: -->\n```sh\nfalse\n```\n",
        "<!-- exits with x -->\n```sh\nfalse\n```\n",
    ] {
        assert!(blocks(wrong).is_err(), "{wrong}");
    }
}

impl Problem {
    fn new(what: &str) -> Self {
        Self(what.to_owned())
    }
}

impl Reader {
    fn new() -> Self {
        let project = TestProject::new();
        fs::remove_dir(project.path().join("hypotheses")).unwrap();
        for folder in FOLDERS {
            project.add_folder(&workspace().join(folder), folder);
        }
        // Hypotheses that the README does not name are of those who try one of their own in their clone.
        let readme = fs::read_to_string(workspace().join("README.md")).unwrap();
        for entry in fs::read_dir(project.path().join("hypotheses")).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() && !readme.contains(&format!("(hypotheses/{name}/FINDINGS.md)")) {
                fs::remove_dir_all(&path).unwrap();
            }
        }
        fs::copy(
            workspace().join("run_all.sh"),
            project.path().join("run_all.sh"),
        )
        .unwrap();
        // What a build comes to is there already: the program that the tests are built with.
        let programs = tempfile::tempdir().unwrap();
        let cargo = programs.path().join("cargo");
        fs::write(&cargo, "#!/bin/sh\n[ \"$1\" = build ]\n").unwrap();
        fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();
        symlink(
            env!("CARGO_BIN_EXE_rooflab"),
            programs.path().join("rooflab"),
        )
        .unwrap();
        let built = project.path().join("target/release");
        fs::create_dir_all(&built).unwrap();
        symlink(env!("CARGO_BIN_EXE_rooflab"), built.join("rooflab")).unwrap();
        Self {
            project,
            home: tempfile::tempdir().unwrap(),
            programs,
        }
    }

    /// Does what a block says. Answers how many commands that were.
    fn follow(&self, block: &Block, next: Option<&Block>) -> Result<usize, Problem> {
        match (block.language.as_str(), &block.mark) {
            ("sh", Some(Mark::NotRun)) => Ok(0),
            ("sh", None) => self.compare(block, next, 0),
            ("sh", Some(Mark::ExitsWith(code))) => self.compare(block, next, *code),
            ("sh", Some(Mark::Write(_) | Mark::Append(_))) => {
                Err(Problem::new("commands are executed, not written"))
            }
            (_, Some(Mark::Write(file))) => {
                fs::write(self.place(file), &block.text).unwrap();
                Ok(0)
            }
            (_, Some(Mark::Append(file))) => {
                let before = fs::read_to_string(self.place(file)).unwrap();
                fs::write(self.place(file), before + &block.text).unwrap();
                Ok(0)
            }
            (_, Some(Mark::NotRun | Mark::ExitsWith(_))) => {
                Err(Problem::new("a mark for commands, and no block `sh`"))
            }
            ("bash" | "shell" | "console", None) => Err(Problem::new("commands belong into `sh`")),
            (_, None) if block.text.starts_with("$ ") => Err(Problem::new(
                "commands belong into `sh`, their output into `text`",
            )),
            (_, None) => Ok(0),
        }
    }

    /// A file as a page names it: in the project, or below the home folder.
    fn place(&self, file: &str) -> PathBuf {
        match file.strip_prefix("~/") {
            Some(file) => self.home.path().join(file),
            None => self.project.path().join(file),
        }
    }

    fn compare(
        &self,
        block: &Block,
        next: Option<&Block>,
        expected_code: i32,
    ) -> Result<usize, Problem> {
        let expected = next
            .filter(|next| next.language == "text" && next.section == block.section)
            .filter(|next| next.mark.is_none())
            .map_or("", |next| next.text.as_str());
        let (code, printed) = self.execute(&block.text);
        let is_expected = are_same(
            &expected.trim_end().lines().collect::<Vec<_>>(),
            &printed.trim_end().lines().collect::<Vec<_>>(),
        );
        if code == expected_code && is_expected {
            return Ok(block
                .text
                .lines()
                .filter(|line| !line.starts_with(' '))
                .count());
        }
        Err(Problem(format!(
            "these commands end with {code} (expected {expected_code}) and print:\n{printed}\nThe page says:\n{expected}"
        )))
    }

    /// The exit code of a script, and everything that it prints.
    fn execute(&self, script: &str) -> (i32, String) {
        let path = std::env::var("PATH").unwrap();
        let mut command = Command::new("bash");
        command
            .args(["-euo", "pipefail", "-c", &format!("exec 2>&1\n{script}")])
            .current_dir(self.project.path())
            .env("HOME", self.home.path())
            .env("PATH", format!("{}:{path}", self.programs.path().display()))
            .env("LC_ALL", "C");
        for name in [
            "RAYON_NUM_THREADS",
            "POLARS_MAX_THREADS",
            "COLUMNS",
            "RUST_BACKTRACE",
        ] {
            command.env_remove(name);
        }
        let output = command.output().unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        let home = self.home.path().display().to_string();
        (output.status.code().unwrap(), printed.replace(&home, "~"))
    }
}

/// README.md and every page of the book.
fn pages() -> Vec<PathBuf> {
    let mut pages = vec![workspace().join("README.md")];
    for entry in fs::read_dir(workspace().join("docs")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "md") {
            pages.push(path);
        }
    }
    pages.sort();
    pages
}

/// The fenced blocks of a page, in their order.
fn blocks(page: &str) -> Result<Vec<Block>, Problem> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    let mut section = 0;
    let mut above = "";
    for (index, line) in page.lines().enumerate() {
        match open.as_mut() {
            Some(_) if line == "```" => blocks.extend(open.take()),
            Some(block) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            None => {
                if let Some(language) = line.trim_start().strip_prefix("```") {
                    open = Some(Block {
                        line: index + 1,
                        section,
                        language: language.to_owned(),
                        mark: mark(above)?,
                        text: String::new(),
                    });
                } else if line.starts_with('#') {
                    section += 1;
                }
            }
        }
        above = line;
    }
    match open {
        Some(block) => Err(Problem(format!(
            "the block of line {} has no end",
            block.line
        ))),
        None => Ok(blocks),
    }
}

/// What the line above a block says of it.
fn mark(line: &str) -> Result<Option<Mark>, Problem> {
    let Some(comment) = line.strip_prefix("<!-- ") else {
        return Ok(None);
    };
    let not_a_mark = || Problem(format!("not a mark of a block: {line}"));
    let comment = comment
        .strip_suffix("-->")
        .ok_or_else(not_a_mark)?
        .trim_end();
    if let Some(reason) = comment.strip_prefix("not run: ")
        && !reason.is_empty()
    {
        Ok(Some(Mark::NotRun))
    } else if let Some(code) = comment.strip_prefix("exits with ") {
        let code = code.parse().map_err(|_| not_a_mark())?;
        Ok(Some(Mark::ExitsWith(code)))
    } else if let Some(file) = comment.strip_prefix("write: ") {
        Ok(Some(Mark::Write(file.to_owned())))
    } else if let Some(file) = comment.strip_prefix("append: ") {
        Ok(Some(Mark::Append(file.to_owned())))
    } else {
        Err(not_a_mark())
    }
}

/// Commands in code within a line, and lines of blocks that show commands with what they are for.
fn commands_in_passing(page: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut in_block = None;
    for line in page.lines() {
        if let Some(language) = line.strip_prefix("```") {
            in_block = match in_block {
                None => Some(language),
                Some(_) => None,
            };
        } else {
            match in_block {
                Some("sh") => {}
                Some(_) => {
                    commands.extend(
                        line.trim_start()
                            .strip_prefix("rooflab ")
                            .map(first_command),
                    );
                }
                None => commands.extend(
                    line.split('`')
                        .skip(1)
                        .step_by(2)
                        .filter_map(|code| code.strip_prefix("rooflab "))
                        .map(first_command),
                ),
            }
        }
    }
    commands.retain(|command| !command.contains(['<', '[']));
    commands
}

/// The first command of a line, without what is done with its output and what is said about it.
fn first_command(arguments: &str) -> String {
    let ends = ["  ", " > ", " < ", " | ", " && ", " \\", " ..."];
    let end = ends.iter().filter_map(|end| arguments.find(end)).min();
    let arguments = end.map_or(arguments, |end| &arguments[..end]);
    format!("rooflab {arguments}")
}

/// Whether printed lines are as expected, where `...` stands for what is left out.
fn are_same(expected: &[&str], printed: &[&str]) -> bool {
    match (expected, printed) {
        ([], printed) => printed.is_empty(),
        (["...", rest @ ..], printed) => {
            (1..=printed.len()).any(|count| are_same(rest, &printed[count..]))
        }
        (_, []) => false,
        ([line, expected @ ..], [first, printed @ ..]) => {
            is_same_line(line, first) && are_same(expected, printed)
        }
    }
}

fn is_same_line(expected: &str, printed: &str) -> bool {
    let Some((begin, rest)) = expected.split_once("...") else {
        return expected == printed;
    };
    let Some(mut printed) = printed.strip_prefix(begin) else {
        return false;
    };
    let (middle, end) = rest.rsplit_once("...").unwrap_or(("", rest));
    for part in middle.split("...") {
        let Some(place) = printed.find(part) else {
            return false;
        };
        printed = &printed[place + part.len()..];
    }
    printed.ends_with(end)
}
