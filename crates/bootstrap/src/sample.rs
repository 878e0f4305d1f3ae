/// Rows, and the statistic of them that an interval is wanted of. All numbers are finite.
#[derive(Clone, Debug, PartialEq)]
pub enum Sample {
    /// The mean of a column.
    Mean(Vec<f64>),
    /// The mean of the first less the second of each pair. A pair is drawn whole.
    Difference(Vec<[f64; 2]>),
    /// Pearson's correlation of the pairs.
    Correlation(Vec<[f64; 2]>),
    /// The mean of one group of rows less that of another. Each group is drawn from on its own.
    DifferenceOfGroups([Vec<f64>; 2]),
}
