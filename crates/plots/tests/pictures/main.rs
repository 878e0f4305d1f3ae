//! Pictures read back: what stands where, and what is refused.

mod errors;
mod layout;
mod picture;
mod random;
mod values;
