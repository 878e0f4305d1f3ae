//! Templates: tera with functions that read tables and checks, and errors that show their place.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use diagnostic::{Diagnostic, SourceText};
use tera::{Context, Kwargs, State, Tera, TeraResult, Value as TeraValue};

use super::template_budget::{self, BoundedText, Counted};
use super::template_functions::{Choices, FUNCTIONS, Facts, Refusal};
use super::template_problem::diagnose;
use crate::table::number;

/// Text with the numbers of a run in it.
#[derive(Debug)]
pub(super) struct Rendered {
    pub(super) text: String,
    /// The rows and values that the template names and the data do not have. The text says so in their places, or as a
    /// whole where it counts on them.
    pub(super) absent: Vec<String>,
}

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
) -> Result<Rendered, Diagnostic> {
    let (mut tera, counted) = parse(template)?;
    let missed = register(&mut tera, facts);
    let name = template.path().display().to_string();
    let mut written = BoundedText::default();
    let rendered = tera.render_to(&name, context, &mut written);
    let text = written.of(template)?;
    let absent = std::mem::take(&mut *missed.absent.lock().unwrap_or_else(PoisonError::into_inner));
    let absent: Vec<String> = absent.into_iter().collect();
    match rendered {
        Ok(()) => Ok(Rendered { text, absent }),
        Err(error) if absent.is_empty() => {
            let place = |place| counted.place(place);
            Err(diagnose(template, &error, missed.choices.get(), place))
        }
        // It computes with what is not there, or asks about it.
        Err(_) => Ok(Rendered {
            text: format!("*These words are left out: {}.*", absent.join("; ")),
            absent,
        }),
    }
}

/// Checks that a template parses.
pub(crate) fn check_syntax(template: &SourceText) -> Result<(), Diagnostic> {
    parse(template).map(|_| ())
}

fn parse(template: &SourceText) -> Result<(Tera, Counted), Diagnostic> {
    let mut tera = Tera::new();
    // Findings are Markdown: nothing is to be turned into HTML entities.
    tera.autoescape_on(Vec::<&str>::new());
    // Functions and filters must be known when a template is added.
    register(&mut tera, &Arc::new(Facts::default()));
    template_budget::register(&mut tera);
    let name = template.path().display().to_string();
    tera.add_raw_template(&name, template.text())
        .map_err(|error| diagnose(template, &error, None, |place| place))?;
    let counted = Counted::of(template)?;
    tera.add_raw_template(&name, &counted.text)
        .map_err(|error| diagnose(template, &error, None, |place| counted.place(place)))?;
    Ok((tera, counted))
}

/// What the functions of a template were asked for in vain.
#[derive(Default)]
struct Missed {
    /// What there is in place of a name that stands for nothing.
    choices: OnceLock<Choices>,
    /// Rows and values that the data do not have.
    absent: Mutex<BTreeSet<String>>,
}

/// Makes functions and filters known. The engine carries nothing but the words of a function's error, which ends the
/// rendering: what could have been asked for is found in what is returned.
fn register(tera: &mut Tera, facts: &Arc<Facts>) -> Arc<Missed> {
    let missed = Arc::new(Missed::default());
    for (name, _, function) in FUNCTIONS {
        let (facts, missed) = (Arc::clone(facts), Arc::clone(&missed));
        tera.register_function(
            name,
            move |arguments: Kwargs, _: &State| -> TeraResult<TeraValue> {
                function(&facts, &arguments).or_else(|refusal| match refusal {
                    Refusal::Call(error) => Err(error),
                    Refusal::Unknown { message, choices } => {
                        missed.choices.get_or_init(|| choices);
                        Err(tera::Error::message(message))
                    }
                    Refusal::Absent { shown, message } => {
                        let mut absent =
                            missed.absent.lock().unwrap_or_else(PoisonError::into_inner);
                        absent.insert(message);
                        Ok(TeraValue::from(shown))
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
