/// The first of the items with the smallest distance.
pub(crate) fn nearest<T>(
    items: impl IntoIterator<Item = T>,
    distance: impl Fn(&T) -> u128,
) -> Option<T> {
    // `min_by_key` takes the first of equals.
    items.into_iter().min_by_key(distance)
}

/// Squared Euclidean distance, exact: ties are ties.
pub(crate) fn squared_distance<const N: usize>(a: [u32; N], b: [u32; N]) -> u128 {
    a.into_iter()
        .zip(b)
        .map(|(a, b)| {
            let difference = u64::from(a.abs_diff(b));
            u128::from(difference * difference)
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_equally_near_wins() {
        let items = [(1, 'a'), (5, 'b'), (3, 'c')];
        let found = nearest(items, |(at, _)| squared_distance([*at], [4]));
        assert_eq!(found, Some((5, 'b')));
    }

    #[test]
    fn extreme_distances_do_not_overflow() {
        let side = u128::from(u32::MAX);
        assert_eq!(squared_distance([0; 3], [u32::MAX; 3]), 3 * side * side);
    }
}
