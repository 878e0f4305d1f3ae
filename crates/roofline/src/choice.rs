use std::error::Error;
use std::fmt;

/// A name that is not one of the names of an enum of this crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownChoice {
    /// What was to be chosen, such as `"preset"`.
    pub kind: &'static str,
    /// The name that was given.
    pub given: String,
    /// The names that exist.
    pub choices: &'static [&'static str],
}

impl fmt::Display for UnknownChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "unknown {} `{}` (valid choices: {})",
            self.kind,
            self.given,
            self.choices.join(", ")
        )
    }
}

impl Error for UnknownChoice {}

/// A choice that is made by its name, whatever is chosen.
pub trait Choice {
    /// The names of all choices.
    fn names(&self) -> &'static [&'static str];

    /// The name of what is chosen.
    fn word(&self) -> &'static str;

    /// Chooses by name, unless nothing is called so.
    fn choose(&mut self, word: &str) -> bool;
}

/// Declares an enum whose variants have kebab-case names: in text, in files and in messages.
#[macro_export]
macro_rules! choice {
    (
        $(#[$meta:meta])*
        $kind:literal $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident = $text:literal, )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $( $(#[$variant_meta])* $variant, )+
        }

        impl $name {
            /// Every choice, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The names of all choices, in the order of [`Self::ALL`].
            pub const NAMES: &'static [&'static str] = &[$($text),+];

            /// The name in files, flags and reports.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::UnknownChoice;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err($crate::UnknownChoice {
                        kind: $kind,
                        given: text.to_owned(),
                        choices: Self::NAMES,
                    }),
                }
            }
        }

        impl $crate::Choice for $name {
            fn names(&self) -> &'static [&'static str] {
                Self::NAMES
            }

            fn word(&self) -> &'static str {
                self.name()
            }

            fn choose(&mut self, word: &str) -> bool {
                word.parse().map(|choice| *self = choice).is_ok()
            }
        }
    };
}

/// A choice that has its name in JSON too.
macro_rules! written_choice {
    ($($declaration:tt)*) => {
        $crate::choice! {
            #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
            #[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
            $($declaration)*
        }
    };
}

pub(crate) use written_choice;
