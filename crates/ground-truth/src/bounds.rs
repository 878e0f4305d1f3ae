use diagnostic::YamlBounds;

/// Most nodes of a tree, and of all trees of the benchmarks of a report together; a report has some hundred for each
/// benchmark.
pub(crate) const MOST_NODES: usize = 500_000;

/// Most successful requests that are read from a report, over all of its lists: days of load that no server takes.
pub(crate) const MOST_REQUESTS: usize = 10_000_000;

/// Bounds of a small YAML file; a profile has about twenty nodes on about five levels.
pub(crate) const YAML_BOUNDS: YamlBounds = YamlBounds {
    nodes: 20_000,
    depth: 32,
};

/// A file holds more than any that is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OverBound {
    #[error(
        "more than {MOST_NODES} values outside the lists of requests, which is more than any such file has"
    )]
    Nodes,
    #[error("more than {MOST_REQUESTS} requests, which is more than any report has")]
    Requests,
}
