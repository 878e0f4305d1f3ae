use std::io;

/// Why the bytes of a file are not handed on: what a reader of ours says through the readers around it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Refused(String);

impl Refused {
    pub(crate) fn error(reason: String) -> io::Error {
        io::Error::other(Self(reason))
    }

    /// Whether an error is one of ours, whose words say everything.
    pub(crate) fn is(error: &io::Error) -> bool {
        let inner = error.get_ref();
        inner.is_some_and(<dyn std::error::Error + Send + Sync>::is::<Self>)
    }
}
