//! The mappings in which settings stand in files.

/// A mapping of settings.
#[derive(Debug)]
pub struct Section {
    /// What it holds.
    pub meaning: &'static str,
    /// Its key in the mapping above.
    pub key: &'static str,
    /// What schemas call it.
    pub name: &'static str,
    /// Over which of the flags of a command its flags stand.
    pub heading: &'static str,
    /// The mappings below it.
    pub below: &'static [usize],
}

/// Declares the sections: the number of each with what it holds, its key, its name in schemas, the heading of its flags
/// and what is below it.
macro_rules! sections {
    (
        $(
            #[doc = $meaning:literal]
            $section:ident = $number:literal, $key:literal, $name:literal, $heading:literal,
            below [$($below:ident),*];
        )+
    ) => {
        $(
            #[doc = $meaning]
            pub const $section: usize = $number;
        )+

        /// Every section, each at the place of its number.
        pub static SECTIONS: &[Section] = &[
            $(
                Section {
                    meaning: $meaning.trim_ascii(),
                    key: $key,
                    name: $name,
                    heading: $heading,
                    below: &[$($below),*],
                },
            )+
        ];
    };
}

sections! {
    /// Every leaf is a value; inside a run it may also be the name of an axis.
    SETUP = 0, "setup", "Setup", "Setup", below [ASSUMPTIONS, HARDWARE];
    /// A preset and what differs from it.
    ASSUMPTIONS = 1, "assumptions", "Assumptions", "Assumptions", below [FACTORS];
    /// The empirical factors of memory traffic and of causal attention.
    FACTORS = 2, "factors", "Factors", "Assumptions", below [];
    /// What differs from the GPU's own figures.
    HARDWARE = 3, "hardware", "Hardware", "Hardware", below [];
    /// Microseconds that a step takes beyond what the model says.
    OVERHEAD = 4, "overhead", "Overhead", "Overheads", below [];
    /// Limits of a server. Each is a number, true or false, or the name of an axis.
    SERVER = 5, "server", "Server", "Server", below [];
    /// What else a simulation can be told.
    SERVE = 6, "serve", "Serve", "Drawing", below [];
    /// The assumptions where the preset that they differ from is said elsewhere.
    OVERRIDES = 7, "assumptions", "Assumptions", "Assumptions", below [FACTORS];
}
