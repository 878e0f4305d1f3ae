use random_stream::RandomStream;

/// What random numbers of a simulation are for. Each has a stream of its own: drawing more for one changes no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StreamPurpose {
    PromptLengths,
    OutputLengths,
    RequestOrder,
    Arrivals,
}

impl StreamPurpose {
    /// The random numbers for this purpose.
    pub(crate) fn stream(self, seed: u64) -> RandomStream {
        let number = match self {
            Self::PromptLengths => 0,
            Self::OutputLengths => 1,
            Self::RequestOrder => 2,
            Self::Arrivals => 3,
        };
        RandomStream::new(seed, number)
    }
}
