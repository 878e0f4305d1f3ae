//! `rooflab man`: manual pages.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Command};
use clap_mangen::Man;
use outputs::{Ends, OutputRules};

use crate::exit_status::ExitStatus;
use crate::output_folder::make_folder;
use crate::replace_args::ReplaceArgs;
use crate::session::Session;

/// Write the manual pages, one for each command
///
/// Pages of commands below others have all their names, as in rooflab-ground-truth-show.1.
#[derive(Args, Debug)]
#[command(after_help = "Example:
  rooflab man ~/.local/share/man/man1 && man rooflab-run")]
pub(crate) struct ManArgs {
    /// Folder to write to; it is made where it is not there
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    #[command(flatten)]
    replace: ReplaceArgs,
}

pub(super) fn run(args: &ManArgs, session: &mut Session) -> anyhow::Result<ExitStatus> {
    let rules = args.replace.rules(session);
    rules.refuse_inputs(&args.dir)?;
    make_folder(&args.dir)?;
    let mut command = (session.program)().disable_help_subcommand(true);
    command.build();
    let pages = write_pages(&command, "rooflab", &args.dir, &rules)?;
    writeln!(
        session.out,
        "{pages} manual pages in {}",
        args.dir.display()
    )?;
    Ok(ExitStatus::Fine)
}

/// Writes the page of a command and those of all below it; how many there are.
fn write_pages(
    command: &Command,
    name: &str,
    dir: &Path,
    rules: &OutputRules,
) -> anyhow::Result<usize> {
    let mut page = Vec::new();
    let man = Man::new(command.clone()).title(name.to_owned());
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.get_subcommands().next().is_some() {
        man.render_subcommands_section(&mut page)?;
    }
    if let Some(end) = command.get_after_help() {
        page.extend_from_slice(end_of_page(&end.to_string()).as_bytes());
    }
    let head = format!("\n.TH {name} 1 ");
    let is_own = |ends: &Ends| String::from_utf8_lossy(&ends.head).contains(&head);
    let mut file = rules.file(&dir.join(format!("{name}.1")), is_own)?;
    file.write_all(&page)?;
    file.finish()?;
    let mut pages = 1;
    for below in command.get_subcommands() {
        pages += write_pages(below, &format!("{name}-{}", below.get_name()), dir, rules)?;
    }
    Ok(pages)
}

/// Examples and the like with the lines that the help has: pages fill lines unless they are told not to.
fn end_of_page(help: &str) -> String {
    let mut text = String::new();
    for line in help.lines() {
        match line.strip_suffix(':').filter(|head| !head.starts_with(' ')) {
            Some(head) => {
                text.push_str(".fi\n.SH ");
                text.push_str(&escaped(&head.to_uppercase()));
                text.push_str("\n.nf");
            }
            None => text.push_str(&escaped(line)),
        }
        text.push('\n');
    }
    text.push_str(".fi\n");
    text
}

/// A line of text as the formatter of pages takes it.
fn escaped(line: &str) -> String {
    let escaped = line.replace('\\', "\\e").replace('-', "\\-");
    if escaped.starts_with(['.', '\'']) {
        format!("\\&{escaped}")
    } else {
        escaped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_examples_stay_lines() {
        assert_eq!(
            end_of_page("Examples:\n  rooflab run --watch \\\n.x"),
            ".fi\n.SH EXAMPLES\n.nf\n  rooflab run \\-\\-watch \\e\n\\&.x\n.fi\n"
        );
    }
}
