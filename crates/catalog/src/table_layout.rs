//! What is known of each table before it is read.

use roofline::Factors;

use crate::flops_convention::FlopsConvention;
use crate::table_kind::{Axis, TableKind};

/// The columns of a table, and what a check has to know beyond them.
#[derive(Debug)]
pub(crate) struct TableLayout<const N: usize> {
    pub(crate) kind: TableKind,
    /// The columns of sizes.
    pub(crate) axes: [Axis; N],
    /// Ways to count FLOPs, the likeliest first.
    pub(crate) countings: &'static [Counting<N>],
    /// The way the roofline model counts them.
    pub(crate) charged: FlopsConvention,
    /// Rows that share their first so many sizes form a grid. Its last axis is the last size; the
    /// sizes between are the other.
    pub(crate) grid_sizes: usize,
    /// Columns along which the work of a row grows.
    pub(crate) growing: &'static [usize],
}

/// A way to count the FLOPs of a row, from its sizes.
#[derive(Debug)]
pub(crate) struct Counting<const N: usize> {
    pub(crate) convention: FlopsConvention,
    pub(crate) flops: fn([u32; N]) -> f64,
}

pub(crate) static GEMM: TableLayout<3> = TableLayout {
    kind: TableKind::Gemm,
    axes: [Axis::K, Axis::N, Axis::M],
    countings: &[Counting {
        convention: FlopsConvention::MultiplyAdd,
        flops: |[k, n, m]| 2.0 * f64::from(m) * f64::from(k) * f64::from(n),
    }],
    charged: FlopsConvention::MultiplyAdd,
    grid_sizes: 0,
    growing: &[0, 1, 2],
};

pub(crate) static PREFILL: TableLayout<4> = TableLayout {
    kind: TableKind::AttentionPrefill,
    axes: [Axis::Heads, Axis::KvHeads, Axis::HeadDim, Axis::SeqLen],
    countings: &[
        Counting {
            convention: FlopsConvention::CausalHalf,
            flops: |sizes| full_square(sizes) / 2.0,
        },
        Counting {
            convention: FlopsConvention::CausalCharged,
            flops: |sizes| full_square(sizes) / Factors::default().causal_divisor,
        },
        Counting {
            convention: FlopsConvention::FullSquare,
            flops: full_square,
        },
    ],
    charged: FlopsConvention::CausalCharged,
    grid_sizes: 0,
    growing: &[3],
};

pub(crate) static DECODE: TableLayout<6> = TableLayout {
    kind: TableKind::AttentionDecode,
    axes: [
        Axis::Heads,
        Axis::KvHeads,
        Axis::HeadDim,
        Axis::TensorParallel,
        Axis::BatchSize,
        Axis::KvLen,
    ],
    countings: &[
        Counting {
            convention: FlopsConvention::HeadsOfOneGpu,
            flops: |sizes| whole_model(sizes) / f64::from(sizes[3]),
        },
        Counting {
            convention: FlopsConvention::HeadsOfWholeModel,
            flops: whole_model,
        },
    ],
    charged: FlopsConvention::HeadsOfOneGpu,
    grid_sizes: 4,
    growing: &[4, 5],
};

fn full_square([heads, _, head_dim, seq_len]: [u32; 4]) -> f64 {
    4.0 * f64::from(heads) * f64::from(head_dim) * f64::from(seq_len) * f64::from(seq_len)
}

fn whole_model([heads, _, head_dim, _, batch_size, kv_len]: [u32; 6]) -> f64 {
    4.0 * f64::from(heads) * f64::from(head_dim) * f64::from(batch_size) * f64::from(kv_len)
}
