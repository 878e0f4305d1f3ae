use crate::assumptions::PrefillContext;
use crate::batch::PrefillRequest;
use crate::integer_sum::to_f64;

/// The prefill requests of a batch by bucket: powers of two from 512 to 65536.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PrefillBuckets {
    buckets: [Bucket; BUCKETS],
    one_token: CacheUse,
    many_tokens: CacheUse,
}

/// Sums over the requests of one bucket, with c cached and n new tokens of a request.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bucket {
    /// Sum of n.
    pub(crate) new_tokens: u64,
    /// Sum of n (c + n).
    new_times_context: u128,
    /// Sum of n c + n (n + 1) / 2: pairs of a new token with itself and those before it.
    causal_pairs: u128,
}

/// Sums over requests that read the cache alike.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CacheUse {
    /// Sum of n.
    pub(crate) new_tokens: u64,
    /// Sum of c.
    pub(crate) cached_tokens: u64,
}

const BUCKETS: usize = 8;
const SMALLEST_LOG2: u32 = 9;

impl PrefillBuckets {
    pub(crate) fn new(requests: &[PrefillRequest]) -> Self {
        let mut this = Self::default();
        for request in requests {
            let cached = u64::from(request.cached);
            let new = u64::from(request.new);
            let context = cached + new;
            let bucket = &mut this.buckets[bucket_index(context)];
            bucket.new_tokens += new;
            bucket.new_times_context += u128::from(new * context);
            bucket.causal_pairs += u128::from(new * cached + new * (new + 1) / 2);
            let cache_use = if new == 1 {
                &mut this.one_token
            } else {
                &mut this.many_tokens
            };
            cache_use.new_tokens += new;
            cache_use.cached_tokens += cached;
        }
        this
    }

    /// Buckets that hold requests with their length in tokens, in ascending order.
    pub(crate) fn occupied(&self) -> impl Iterator<Item = (u32, &Bucket)> {
        (SMALLEST_LOG2..)
            .zip(&self.buckets)
            .filter(|(_, bucket)| bucket.new_tokens > 0)
            .map(|(log2, bucket)| (1 << log2, bucket))
    }

    /// Requests that process one new token.
    pub(crate) fn one_token(&self) -> CacheUse {
        self.one_token
    }

    /// Requests that process several.
    pub(crate) fn many_tokens(&self) -> CacheUse {
        self.many_tokens
    }
}

impl Bucket {
    /// Sum of new tokens times the context they are charged for.
    pub(crate) fn charged_pairs(&self, bucket_len: u32, context: PrefillContext) -> f64 {
        to_f64(match context {
            PrefillContext::Actual => self.new_times_context,
            PrefillContext::Bucketed => u128::from(self.new_tokens) * u128::from(bucket_len),
        })
    }

    pub(crate) fn causal_pairs(&self) -> f64 {
        to_f64(self.causal_pairs)
    }
}

/// The index of the smallest bucket that is at least `context`, else of the largest.
fn bucket_index(context: u64) -> usize {
    let log2 = context.next_power_of_two().trailing_zeros();
    let index = log2.saturating_sub(SMALLEST_LOG2) as usize;
    index.min(BUCKETS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contexts_fall_into_the_smallest_bucket_that_holds_them() {
        for (context, bucket_len) in [
            (1, 512),
            (512, 512),
            (513, 1024),
            (1024, 1024),
            (32_769, 65_536),
            (65_536, 65_536),
            (1 << 24, 65_536),
        ] {
            let request = PrefillRequest {
                cached: context - 1,
                new: 1,
            };
            let buckets = PrefillBuckets::new(&[request]);
            let lengths: Vec<u32> = buckets.occupied().map(|(length, _)| length).collect();
            assert_eq!(lengths, [bucket_len], "{context}");
        }
    }
}
