use crate::assumptions::{DecodeAttentionFlops, DecodeAttentionMfu, MfuLookup};
use crate::axis::Place;
use crate::batch::{Batch, DecodeGroup};
use crate::decode_grid::Piece;
use crate::decode_table::DecodeLookup;
use crate::found::Found;
use crate::integer_sum::{FixedPointSum, to_f64};
use crate::mfu_rows::LEAST_MFU;

/// The attention of the decode requests of a batch, in units of the FLOPs that one token of
/// context costs one request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DecodeAttention {
    /// What enters the time.
    pub(crate) charged_tokens: f64,
    /// What the time is proportional to: charged tokens over MFU.
    pub(crate) tokens_over_mfu: f64,
    pub(crate) found: Found,
}

/// How decode attention is charged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DecodeAttentionRule<'t> {
    pub(crate) lookup: DecodeLookup<'t>,
    pub(crate) flops: DecodeAttentionFlops,
    pub(crate) mfu: DecodeAttentionMfu,
}

/// Grids of up to that many KV lengths are summed piece by piece; others request by request.
const MAX_PIECES: usize = 64;

/// Most grids have fewer KV lengths than this, and clearing fewer sums is quicker.
const FEW_PIECES: usize = 16;

impl DecodeAttentionRule<'_> {
    /// The attention of all decode requests; the batch has at least one.
    pub(crate) fn attention(&self, batch: &Batch) -> DecodeAttention {
        let totals = batch.decode_totals();
        let size = totals.requests;
        let longest_kv = totals.longest_kv;
        let charged_tokens = match self.flops {
            DecodeAttentionFlops::MaxKv => to_f64(u128::from(size) * u128::from(longest_kv)),
            DecodeAttentionFlops::PerRequest => to_f64(u128::from(totals.kv_tokens)),
        };
        let lookup_size = match self.mfu {
            DecodeAttentionMfu::PerRequestAlone => 1,
            DecodeAttentionMfu::MaxKv
            | DecodeAttentionMfu::Weighted
            | DecodeAttentionMfu::PerRequestInBatch => size,
        };
        // One lookup serves requests that are all alike, so that the rules agree on them to the
        // last bit.
        if self.mfu == DecodeAttentionMfu::MaxKv || totals.shortest_kv == longest_kv {
            let answer = self.lookup.mfu(lookup_size, longest_kv);
            return DecodeAttention {
                charged_tokens,
                tokens_over_mfu: charged_tokens / answer.mfu,
                found: answer.found,
            };
        }
        let (tokens_over_mfu, found) = match self.mfu {
            DecodeAttentionMfu::MaxKv | DecodeAttentionMfu::Weighted => {
                let (mfu_tokens, found) = self.mfu_times_tokens(batch);
                (charged_tokens * charged_tokens / mfu_tokens, found)
            }
            DecodeAttentionMfu::PerRequestAlone | DecodeAttentionMfu::PerRequestInBatch => {
                let mut sum = FixedPointSum::default();
                let mut found = Found::NONE;
                for group in batch.decode() {
                    let answer = self.lookup.mfu(lookup_size, group.kv);
                    sum.add(self.charged_tokens(*group, longest_kv), 1.0 / answer.mfu);
                    found = found.union(answer.found);
                }
                (sum.to_f64(), found)
            }
        };
        DecodeAttention {
            charged_tokens,
            tokens_over_mfu,
            found,
        }
    }

    fn charged_tokens(&self, group: DecodeGroup, longest_kv: u32) -> u64 {
        let kv = match self.flops {
            DecodeAttentionFlops::MaxKv => longest_kv,
            DecodeAttentionFlops::PerRequest => group.kv,
        };
        u64::from(kv) * u64::from(group.requests)
    }

    /// Sum over requests of charged tokens times the MFU at `(n, k)`.
    fn mfu_times_tokens(&self, batch: &Batch) -> (f64, Found) {
        let grid = self.lookup.grid;
        let pieces = grid.kv_lens().points().len() + 1;
        match self.lookup.mode {
            MfuLookup::Interpolated if pieces <= FEW_PIECES => {
                self.sum_by_pieces::<FEW_PIECES>(batch)
            }
            MfuLookup::Interpolated if pieces <= MAX_PIECES => {
                self.sum_by_pieces::<MAX_PIECES>(batch)
            }
            MfuLookup::Interpolated | MfuLookup::Nearest => {
                let every_piece = |_| true;
                self.sum_by_requests(batch, every_piece)
            }
        }
    }

    /// One lookup for each group of requests.
    fn sum_by_requests(&self, batch: &Batch, of_piece: impl Fn(usize) -> bool) -> (f64, Found) {
        let totals = batch.decode_totals();
        let kv_lens = self.lookup.grid.kv_lens();
        let mut sum = FixedPointSum::default();
        let mut found = Found::NONE;
        for group in batch.decode() {
            if of_piece(kv_lens.count_not_above(group.kv)) {
                let answer = self.lookup.mfu(totals.requests, group.kv);
                sum.add(self.charged_tokens(*group, totals.longest_kv), answer.mfu);
                found = found.union(answer.found);
            }
        }
        (sum.to_f64(), found)
    }

    /// The MFU is linear in the KV length between two measured ones, so integer sums of counts,
    /// lengths and squared lengths for each piece hold all that is needed: one pass over the
    /// requests without a single lookup. Only pieces that reach below the least MFU go request by
    /// request.
    fn sum_by_pieces<const N: usize>(&self, batch: &Batch) -> (f64, Found) {
        const { assert!(N <= MAX_PIECES) };
        let totals = batch.decode_totals();
        let grid = self.lookup.grid;
        let kv_lens = grid.kv_lens();
        let points = kv_lens.points();
        let mut sums = [PieceSums::default(); N];
        // Bit sets of pieces, by whether a request of theirs has a measured KV length.
        let (mut on_point, mut off_point) = (0_u64, 0_u64);
        for group in batch.decode() {
            let piece = kv_lens.count_not_above(group.kv);
            let Some(sums) = sums.get_mut(piece) else {
                continue;
            };
            sums.add(*group);
            let is_on_point = piece > 0 && points[piece - 1] == group.kv;
            on_point |= u64::from(is_on_point) << piece;
            off_point |= u64::from(!is_on_point) << piece;
        }
        let slice = grid.at_batch(totals.requests);
        let mut total = 0.0;
        let mut found = Found::NONE;
        let mut by_request = 0_u64;
        for (index, sums) in sums.iter().enumerate().take(points.len() + 1) {
            let bit = 1_u64 << index;
            if (on_point | off_point) & bit == 0 {
                continue;
            }
            let piece = slice.piece(index);
            if piece.reaches_below_least() {
                by_request |= bit;
                continue;
            }
            total += match self.flops {
                DecodeAttentionFlops::PerRequest => sums.mfu_times_own_kv(&piece),
                DecodeAttentionFlops::MaxKv => sums.mfu(&piece) * f64::from(totals.longest_kv),
            };
            if on_point & bit != 0 {
                found = found.union(slice.found(Place::On));
            }
            if off_point & bit != 0 {
                let place = if piece.outside {
                    Place::Outside
                } else {
                    Place::Between
                };
                found = found.union(slice.found(place));
            }
        }
        found = found.with_inexact(self.lookup.inexact);
        if by_request != 0 {
            let (more, more_found) =
                self.sum_by_requests(batch, |piece| by_request & (1 << piece) != 0);
            total += more;
            found = found.union(more_found);
        }
        (total, found)
    }
}

/// Sums over the requests of one piece, with k a KV length. Batches hold at most 2^24 requests of
/// at most 2^24 tokens.
#[derive(Clone, Copy, Debug, Default)]
struct PieceSums {
    requests: u64,
    kv: u64,
    kv_squared: u128,
}

impl PieceSums {
    #[inline]
    fn add(&mut self, group: DecodeGroup) {
        let kv = u64::from(group.kv);
        let requests = u64::from(group.requests);
        self.requests += requests;
        self.kv += kv * requests;
        self.kv_squared += u128::from(kv * kv) * u128::from(requests);
    }

    /// Sum of `k mfu(k)`. The distance of k from the start of the piece is taken in integers:
    /// nothing cancels.
    fn mfu_times_own_kv(&self, piece: &Piece) -> f64 {
        let start = u128::from(piece.start_kv);
        let beyond_start = self.kv_squared.saturating_sub(start * u128::from(self.kv));
        piece.start_mfu * to_f64(u128::from(self.kv)) + piece.slope * to_f64(beyond_start)
    }

    /// Sum of `mfu(k)`.
    fn mfu(&self, piece: &Piece) -> f64 {
        let start = u64::from(piece.start_kv);
        let beyond_start = self.kv.saturating_sub(start * self.requests);
        piece.start_mfu * to_f64(u128::from(self.requests))
            + piece.slope * to_f64(u128::from(beyond_start))
    }
}

impl Piece {
    /// Whether a KV length of the piece may need a fallback row. The margin covers the rounding
    /// of interpolation.
    fn reaches_below_least(&self) -> bool {
        self.start_mfu.min(self.end_mfu) < LEAST_MFU * (1.0 + 1e-9)
    }
}
