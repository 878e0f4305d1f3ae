//! Templates: tera with functions that read tables and checks, and errors that show their place.

use std::sync::{Arc, OnceLock};

use diagnostic::{Diagnostic, SourceText};
use tera::{Context, Kwargs, State, Tera, TeraResult, Value as TeraValue};

use super::template_functions::{Choices, FUNCTIONS, Facts, Refusal};
use super::template_problem::diagnose;
use crate::table::number;

/// Renders one template.
///
/// # Errors
///
/// The template does not parse, asks for something that is not there, or calls a function wrongly; the error shows
/// the place.
pub(super) fn render(
    template: &SourceText,
    context: &Context,
    facts: &Arc<Facts>,
) -> Result<String, Diagnostic> {
    let mut tera = parse(template)?;
    let missed = register(&mut tera, facts);
    let name = template.path().display().to_string();
    tera.render(&name, context)
        .map_err(|error| diagnose(template, &error, missed.get()))
}

/// Checks that a template parses.
pub(crate) fn check_syntax(template: &SourceText) -> Result<(), Diagnostic> {
    parse(template).map(|_| ())
}

fn parse(template: &SourceText) -> Result<Tera, Diagnostic> {
    let mut tera = Tera::new();
    // Findings are Markdown: nothing is to be turned into HTML entities.
    tera.autoescape_on(Vec::<&str>::new());
    // Functions and filters must be known when a template is added.
    register(&mut tera, &Arc::new(Facts::default()));
    let name = template.path().display().to_string();
    tera.add_raw_template(&name, template.text())
        .map_err(|error| diagnose(template, &error, None))?;
    Ok(tera)
}

/// Makes functions and filters known. The engine carries nothing but the words of a function's error, which ends the
/// rendering: what could have been asked for is found in what is returned.
fn register(tera: &mut Tera, facts: &Arc<Facts>) -> Arc<OnceLock<Choices>> {
    let missed = Arc::new(OnceLock::new());
    for (name, _, function) in FUNCTIONS {
        let (facts, missed) = (Arc::clone(facts), Arc::clone(&missed));
        tera.register_function(
            name,
            move |arguments: Kwargs, _: &State| -> TeraResult<TeraValue> {
                function(&facts, &arguments).map_err(|refusal| match refusal {
                    Refusal::Call(error) => error,
                    Refusal::Unknown { message, choices } => {
                        missed.get_or_init(|| choices);
                        tera::Error::message(message)
                    }
                })
            },
        );
    }
    tera.register_filter(
        "fixed",
        |number: f64, arguments: Kwargs, _: &State| -> TeraResult<TeraValue> {
            let digits = arguments.must_get::<u8>("digits")?;
            Ok(TeraValue::from(number::fixed(number, digits)))
        },
    );
    missed
}
