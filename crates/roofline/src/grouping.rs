use std::collections::BTreeMap;

/// Rows of equal key, groups in the order of their first rows, rows in input order.
pub(crate) fn group_by_key<R, K: Ord + Copy>(
    rows: &[R],
    key: impl Fn(&R) -> K,
) -> Vec<(K, Vec<&R>)> {
    let mut groups: Vec<(K, Vec<&R>)> = Vec::new();
    let mut index_of = BTreeMap::new();
    for row in rows {
        let key = key(row);
        let index = *index_of.entry(key).or_insert(groups.len());
        match groups.get_mut(index) {
            Some((_, group)) => group.push(row),
            None => groups.push((key, vec![row])),
        }
    }
    groups
}
