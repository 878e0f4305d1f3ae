//! Sums over rows from which a statistic follows, so that a resample needs no copy of its rows.

/// Sums over rows.
pub(crate) trait Sums: Copy + Default + Send + Sync {
    /// One row.
    type Row: Copy + Send + Sync;

    /// Adds a row.
    fn add(&mut self, row: Self::Row);

    /// The sums over both.
    fn plus(self, other: Self) -> Self;

    /// The sums over these rows without `other`, which are among them.
    fn minus(self, other: Self) -> Self;

    /// The statistic of `rows` rows with these sums; none where it is not defined.
    fn statistic(self, rows: usize) -> Option<f64>;
}

/// The sum of one number a row; its statistic is the mean.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ValueSum(f64);

/// Sums of pairs, of their squares and of their products: x, y, xx, yy, xy. Their statistic is Pearson's correlation.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PairSums([f64; 5]);

/// The share of a sum of squares below which what is left about the mean is rounding: with numbers of equal size, `n` of
/// them leave up to `n 2^-53` of it, 1e-10 for a million.
const ROUNDING: f64 = 1e-10;

#[expect(clippy::cast_precision_loss, reason = "counts of rows, far below 2^53")]
pub(crate) fn count(rows: usize) -> f64 {
    rows as f64
}

impl Sums for ValueSum {
    type Row = f64;

    #[inline]
    fn add(&mut self, row: f64) {
        self.0 += row;
    }

    fn plus(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }

    fn minus(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }

    fn statistic(self, rows: usize) -> Option<f64> {
        (rows > 0).then(|| self.0 / count(rows))
    }
}

impl Sums for PairSums {
    type Row = [f64; 2];

    #[inline]
    fn add(&mut self, [x, y]: [f64; 2]) {
        *self = self.plus(Self([x, y, x * x, y * y, x * y]));
    }

    #[inline]
    fn plus(self, other: Self) -> Self {
        Self(std::array::from_fn(|index| self.0[index] + other.0[index]))
    }

    fn minus(self, other: Self) -> Self {
        Self(std::array::from_fn(|index| self.0[index] - other.0[index]))
    }

    /// `(Σxy - Σx Σy / n) / sqrt((Σx² - (Σx)² / n) (Σy² - (Σy)² / n))`; none where x or y is the same in all rows.
    fn statistic(self, rows: usize) -> Option<f64> {
        let n = count(rows);
        let [x, y, xx, yy, xy] = self.0;
        let spread_x = xx - x * x / n;
        let spread_y = yy - y * y / n;
        let has_spread = spread_x > ROUNDING * xx && spread_y > ROUNDING * yy;
        let together = xy - x * y / n;
        has_spread.then(|| (together / spread_x.sqrt() / spread_y.sqrt()).clamp(-1.0, 1.0))
    }
}
