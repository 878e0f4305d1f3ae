//! What a prediction is made with, and one table of all that can be set: a row for each setting says where it stands in
//! files, what it takes, what its flag is for and where its value is kept.
//!
//! Files are read ([`Nested`]) and written ([`InFile`]) by the table; schemas, flags and the design section of findings
//! follow from it elsewhere. [`Inputs`] turns a [`Setup`] into a step model and into what a server runs on.
//!
//! The crate knows neither axes nor YAML, and it never prints.

mod given;
mod inputs;
mod nested;
mod section;
mod setting;
mod setup;
mod slot;

pub use given::{Given, WrongValue};
pub use inputs::{Inputs, SetupProblem};
pub use nested::{InFile, Nested};
pub use section::{
    ASSUMPTIONS, FACTORS, HARDWARE, OVERHEAD, OVERRIDES, SECTIONS, SERVE, SERVER, SETUP, Section,
};
pub use setting::{GivenSettings, Setting};
pub use setup::{Setup, TERA};
pub use slot::Slot;
