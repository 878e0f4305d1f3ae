/// One request, as far as a server without words can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// Tokens of the prompt, those of the shared prefix included.
    pub prompt_tokens: u32,
    /// How the prompt begins, where other requests begin alike.
    pub shared_prefix: Option<SharedPrefix>,
    /// Tokens that are generated; the request ends with the last.
    pub output_tokens: u32,
}

/// The beginning of a prompt that requests of one group have in common.
///
/// A group is one text, of which a request has the first `tokens`: requests of a group may share prefixes of different
/// lengths. What follows the prefix is shared with no other request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SharedPrefix {
    /// Which text.
    pub group: u32,
    /// How much of it; at most the tokens of the prompt.
    pub tokens: u32,
}
