use std::fmt;
use std::sync::LazyLock;

use crate::mfu_rows::LEAST_MFU;

/// The answer of an MFU lookup.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MfuAnswer {
    /// Model FLOPs utilisation: the share of peak FLOP/s, at least 1e-4.
    pub mfu: f64,
    /// How it was found.
    pub found: Found,
}

impl MfuAnswer {
    /// The answer from a fallback row, or [`LEAST_MFU`] where there is none.
    pub(crate) fn fallback(mfu: Option<f64>) -> Self {
        Self {
            mfu: mfu.unwrap_or(LEAST_MFU),
            found: Found::FALLBACK_ROW,
        }
    }

    #[inline]
    pub(crate) fn with_inexact(self, inexact: Found) -> Self {
        Self {
            mfu: self.mfu,
            found: self.found.with_inexact(inexact),
        }
    }
}

/// How MFU lookups were answered: a set, because one lookup can need several devices and one phase
/// makes several lookups.
///
/// The set of one lookup holds [`Found::EXACT`] alone where the very size was measured. Every
/// other member says that something was assumed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Found(u8);

impl Found {
    /// No lookup was made.
    pub const NONE: Self = Self(0);
    /// The requested size was measured.
    pub const EXACT: Self = Self(1);
    /// Between measured sizes, by interpolation.
    pub const INTERPOLATED: Self = Self(1 << 1);
    /// Between measured sizes, by taking the next lower one (nearest lookup only).
    pub const LOWER_NEIGHBOUR: Self = Self(1 << 2);
    /// Outside the measured range of an axis: the value at its edge was taken.
    pub const CLAMPED: Self = Self(1 << 3);
    /// The value was missing or below 1e-4: the nearest row that has one was taken.
    pub const FALLBACK_ROW: Self = Self(1 << 4);
    /// Another attention shape, or another (k, n) of a GEMM, than the requested one was taken.
    pub const OTHER_SHAPE: Self = Self(1 << 5);
    /// A table of another tensor parallel degree was taken.
    pub const OTHER_TENSOR_PARALLEL: Self = Self(1 << 6);

    const NAMED: [(Self, &'static str); 7] = [
        (Self::EXACT, "exact"),
        (Self::INTERPOLATED, "interpolated"),
        (Self::LOWER_NEIGHBOUR, "lower neighbour"),
        (Self::CLAMPED, "clamped"),
        (Self::FALLBACK_ROW, "fallback row"),
        (Self::OTHER_SHAPE, "other shape"),
        (Self::OTHER_TENSOR_PARALLEL, "other tensor parallel"),
    ];

    /// A lookup answered so from a table that is itself not the requested one, for the reasons in
    /// `inexact`: then it is not exact, even on a measured size of that table.
    #[inline]
    pub(crate) const fn with_inexact(self, inexact: Self) -> Self {
        if inexact.is_empty() {
            self
        } else {
            Self(self.0 & !Self::EXACT.0 | inexact.0)
        }
    }

    /// Members of either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all members of `other` are in this set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether no lookup was made.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether every lookup hit a measured size.
    #[must_use]
    pub const fn is_measured(self) -> bool {
        self.0 == Self::EXACT.0
    }

    /// Whether some lookup hit a measured size.
    #[must_use]
    pub const fn is_exact(self) -> bool {
        self.contains(Self::EXACT)
    }

    /// Whether some lookup was interpolated.
    #[must_use]
    pub const fn is_interpolated(self) -> bool {
        self.contains(Self::INTERPOLATED)
    }

    /// Whether some lookup lay outside the measured range.
    #[must_use]
    pub const fn is_clamped(self) -> bool {
        self.contains(Self::CLAMPED)
    }

    /// Whether some lookup fell back to another row.
    #[must_use]
    pub const fn is_fallback_row(self) -> bool {
        self.contains(Self::FALLBACK_ROW)
    }

    /// Whether some lookup used another tensor parallel degree.
    #[must_use]
    pub const fn is_other_tensor_parallel(self) -> bool {
        self.contains(Self::OTHER_TENSOR_PARALLEL)
    }

    /// The names of the members, in a fixed order.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMED
            .into_iter()
            .filter(move |(member, _)| self.contains(*member))
            .map(|(_, name)| name)
    }

    /// The names joined with commas, `none` where there are none.
    #[must_use]
    pub fn words(self) -> &'static str {
        // Rows of a sweep ask for them again and again.
        static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
            let sets = (0..=u8::MAX).map(|members| Found(members).names().collect());
            sets.map(|names: Vec<_>| names.join(", ")).collect()
        });
        match WORDS[usize::from(self.0)].as_str() {
            "" => "none",
            words => words,
        }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Found {
    /// As [`Found::words`].
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.words())
    }
}
