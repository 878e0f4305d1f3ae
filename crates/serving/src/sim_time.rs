/// A point of simulated time since the start, or a span of it, in whole nanoseconds.
///
/// Whole numbers add without rounding: two events that are due at the same time are due at exactly the same time, on
/// every machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SimTime {
    ns: u64,
}

/// What fits is below 2^63 ns, 292 years: the sum of two times never wraps.
const BEYOND_NS: f64 = 9_223_372_036_854_775_808.0;

impl SimTime {
    pub(crate) const ZERO: Self = Self { ns: 0 };
    /// The shortest span.
    pub(crate) const TICK: Self = Self { ns: 1 };

    /// The nearest nanosecond. None for what is negative, not a number, or too far away.
    pub(crate) fn from_us(us: f64) -> Option<Self> {
        Self::from_ns(us * 1e3)
    }

    /// As [`Self::from_us`].
    pub(crate) fn from_seconds(seconds: f64) -> Option<Self> {
        Self::from_ns(seconds * 1e9)
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range is checked"
    )]
    fn from_ns(ns: f64) -> Option<Self> {
        let rounded = ns.round();
        (0.0..BEYOND_NS)
            .contains(&rounded)
            .then_some(Self { ns: rounded as u64 })
    }

    pub(crate) fn checked_add(self, span: Self) -> Option<Self> {
        let ns = self.ns.checked_add(span.ns)?;
        i64::try_from(ns).is_ok().then_some(Self { ns })
    }

    /// The span from `earlier` to this; nothing where `earlier` is later.
    pub(crate) fn since(self, earlier: Self) -> Self {
        Self {
            ns: self.ns.saturating_sub(earlier.ns),
        }
    }

    pub(crate) fn ns(self) -> u64 {
        self.ns
    }

    pub(crate) fn us(self) -> f64 {
        self.to_f64() / 1e3
    }

    pub(crate) fn ms(self) -> f64 {
        self.to_f64() / 1e6
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "exact for the first 104 days, then to the nearest nanoseconds"
    )]
    fn to_f64(self) -> f64 {
        self.ns as f64
    }
}
