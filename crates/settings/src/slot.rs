//! Where the value of a setting is kept, and with that what the setting takes.

use std::ops::RangeInclusive;

use catalog::Gpu;
use roofline::Choice;

use crate::given::Given;

/// The place of a value in a [`Setup`](crate::Setup).
pub enum Slot<'s> {
    /// The name of a folder.
    Folder {
        /// The folder above.
        below: &'static str,
        /// The name.
        name: &'s mut Option<String>,
    },
    /// One of several words.
    Choice(&'s mut dyn Choice),
    /// A number.
    Number(&'s mut f64, Numbers),
    /// A share, or nothing where it is left to others.
    Share(&'s mut Option<f64>, Numbers),
    /// A rate in place of the GPU's own, in tera of its unit.
    OfGpu {
        /// The rate.
        tera: &'s mut Option<f64>,
        /// Its unit, with the prefix.
        unit: &'static str,
        /// The GPU's own.
        own: fn(&Gpu) -> f64,
    },
    /// A whole number.
    Count(&'s mut dyn Count, RangeInclusive<u64>),
    /// True or false, or nothing where it is left to others.
    Switch(&'s mut Option<bool>),
}

/// Which numbers a setting takes, in words and as a condition.
#[derive(Clone, Copy)]
pub struct Numbers {
    pub(crate) words: &'static str,
    pub(crate) hold: fn(f64) -> bool,
}

pub(crate) const NOT_NEGATIVE: Numbers = Numbers {
    words: "a number from 0",
    hold: |number| number >= 0.0,
};

pub(crate) const POSITIVE: Numbers = Numbers {
    words: "a number above 0",
    hold: |number| number > 0.0,
};

/// The place of a whole number.
pub trait Count {
    /// Puts a number there unless it is too large for the place.
    fn put(&mut self, count: u64) -> bool;
    /// What is there.
    fn count(&self) -> Option<u64>;
}

impl Count for u64 {
    fn put(&mut self, count: u64) -> bool {
        *self = count;
        true
    }

    fn count(&self) -> Option<u64> {
        Some(*self)
    }
}

impl Count for u32 {
    fn put(&mut self, count: u64) -> bool {
        Self::try_from(count).map(|count| *self = count).is_ok()
    }

    fn count(&self) -> Option<u64> {
        Some((*self).into())
    }
}

impl<C: Count + Default> Count for Option<C> {
    fn put(&mut self, count: u64) -> bool {
        let mut place = C::default();
        let is_put = place.put(count);
        if is_put {
            *self = Some(place);
        }
        is_put
    }

    fn count(&self) -> Option<u64> {
        self.as_ref().and_then(C::count)
    }
}

impl Slot<'_> {
    /// Puts a value there unless it is of another kind.
    pub(crate) fn put(self, value: &Given) -> bool {
        match (self, value, value.number()) {
            (Self::Folder { name, .. }, Given::Word(word), _) => *name = Some(word.clone()),
            (Self::Choice(choice), Given::Word(word), _) => return choice.choose(word),
            (Self::Count(place, _), Given::Whole(count), _) => return place.put(*count),
            (Self::Switch(place), Given::Switch(switch), _) => *place = Some(*switch),
            (Self::Number(place, _), _, Some(number)) => *place = number,
            (Self::Share(place, _) | Self::OfGpu { tera: place, .. }, _, Some(number)) => {
                *place = Some(number);
            }
            _ => return false,
        }
        true
    }

    /// Whether a number is within what the setting takes.
    pub(crate) fn takes(&self, value: &Given) -> bool {
        match (self, value, value.number()) {
            (Self::Count(_, range), Given::Whole(count), _) => range.contains(count),
            (Self::Number(_, numbers) | Self::Share(_, numbers), _, Some(number)) => {
                (numbers.hold)(number)
            }
            (Self::OfGpu { .. }, _, Some(number)) => (POSITIVE.hold)(number),
            _ => true,
        }
    }

    /// What the setting takes, in words.
    pub(crate) fn expected(&self) -> String {
        match self {
            Self::Folder { below, .. } => format!("the name of a folder below {below}"),
            Self::Choice(choice) => any_of(choice.names()),
            Self::Number(_, numbers) | Self::Share(_, numbers) => numbers.words.to_owned(),
            Self::OfGpu { .. } => POSITIVE.words.to_owned(),
            Self::Count(_, range) if *range.end() == u64::MAX => {
                format!("a whole number from {}", range.start())
            }
            Self::Count(_, range) => {
                format!("a whole number from {} to {}", range.start(), range.end())
            }
            Self::Switch(_) => "true or false".to_owned(),
        }
    }

    /// What is there, if anything is.
    #[must_use]
    pub fn value(&self) -> Option<Given> {
        match self {
            Self::Folder { name, .. } => (**name).clone().map(Given::Word),
            Self::Choice(choice) => Some(Given::Word(choice.word().to_owned())),
            Self::Number(number, _) => Some(Given::Number(**number)),
            Self::Share(number, _) | Self::OfGpu { tera: number, .. } => number.map(Given::Number),
            Self::Count(place, _) => place.count().map(Given::Whole),
            Self::Switch(switch) => switch.map(Given::Switch),
        }
    }
}

/// `a, b or c`.
pub(crate) fn any_of(words: &[&str]) -> String {
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}
