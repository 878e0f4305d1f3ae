use crate::length_sampling::LengthSampling;
use crate::request::{Request, SharedPrefix};
use crate::stream_purpose::StreamPurpose;
use crate::token_lengths::TokenLengths;

/// The requests of a workload, as lengths.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LengthProfile {
    /// Tokens that all prompts begin with, before those of [`Self::prompt`]; 0 for none.
    pub prefix_tokens: u32,
    /// The rest of the prompt.
    pub prompt: TokenLengths,
    /// The output.
    pub output: TokenLengths,
}

/// The golden ratio less 1. Its multiples, modulo 1, are spread as evenly as can be: among short prompts and among long
/// ones there are outputs of every length.
const GOLDEN_RATIO: f64 = 0.618_033_988_749_894_9;

impl LengthProfile {
    /// Requests of these lengths. The prefix, if there is one, is shared by all and part of `prompt_tokens`.
    ///
    /// Takes 20 bytes a request, and for stratified lengths twice as much on the way: who calls this bounds `count`, since
    /// the process ends where memory does.
    #[must_use]
    pub fn requests(&self, count: u32, sampling: LengthSampling, seed: u64) -> Vec<Request> {
        match sampling {
            LengthSampling::Seeded => {
                let mut prompts = StreamPurpose::PromptLengths.stream(seed);
                let mut outputs = StreamPurpose::OutputLengths.stream(seed);
                (0..count)
                    .map(|_| self.request(prompts.unit(), outputs.unit()))
                    .collect()
            }
            LengthSampling::Stratified => {
                let centre = |stratum: u32| (f64::from(stratum) + 0.5) / f64::from(count);
                let mut requests: Vec<_> = (0..count)
                    .zip(uncorrelated_strata(count))
                    .map(|(prompt, output)| self.request(centre(prompt), centre(output)))
                    .collect();
                shuffle(&mut requests, seed);
                requests
            }
        }
    }

    fn request(&self, prompt_share: f64, output_share: f64) -> Request {
        Request {
            prompt_tokens: self
                .prefix_tokens
                .saturating_add(self.prompt.quantile(prompt_share)),
            shared_prefix: (self.prefix_tokens > 0).then_some(SharedPrefix {
                group: 0,
                tokens: self.prefix_tokens,
            }),
            output_tokens: self.output.quantile(output_share),
        }
    }
}

/// For each stratum of the prompts that of its output: a permutation without correlation.
///
/// Two prompts as far below and above the median have neighbouring outputs, the longer of which goes to either in turn.
/// Which neighbours those are follows the multiples of the golden ratio.
fn uncorrelated_strata(count: u32) -> Vec<u32> {
    let multiple = |index: u32| ((f64::from(index) + 0.5) * GOLDEN_RATIO).fract();
    let mut by_multiple: Vec<u32> = (0..count / 2).collect();
    by_multiple.sort_by(|a, b| multiple(*a).total_cmp(&multiple(*b)));
    // The median of an odd number is left with the longest output.
    let mut outputs = vec![count.saturating_sub(1); count as usize];
    for (rank, prompt) in (0..).zip(by_multiple) {
        let longer = prompt % 2;
        outputs[prompt as usize] = 2 * rank + 1 - longer;
        outputs[(count - 1 - prompt) as usize] = 2 * rank + longer;
    }
    outputs
}

/// Any order is as likely: Fisher and Yates, from the front.
fn shuffle(requests: &mut [Request], seed: u64) {
    let mut stream = StreamPurpose::RequestOrder.stream(seed);
    for (placed, choices) in (1..).enumerate().take(requests.len()) {
        requests.swap(placed, stream.below(choices) as usize);
    }
}
