//! A latency model that keeps what it was asked for.

use std::cell::RefCell;

use roofline::Batch;
use serving::{
    Arrivals, LatencyModel, Limits, Request, ServerConfig, ServerSpec, Simulation, simulate,
};

use crate::workload::LINEAR;

/// Prefills as (cached, new) and decodes as KV lengths, in order.
pub(crate) type Step = (Vec<(u32, u32)>, Vec<u32>);

#[derive(Default)]
struct Recorder(RefCell<Vec<Step>>);

impl LatencyModel for Recorder {
    fn step_us(&self, batch: &Batch) -> Option<f64> {
        assert!(!batch.is_empty());
        let prefill = batch
            .prefill()
            .iter()
            .map(|prefill| (prefill.cached, prefill.new));
        let decode = batch
            .decode()
            .iter()
            .flat_map(|group| std::iter::repeat_n(group.kv, group.requests as usize));
        self.0
            .borrow_mut()
            .push((prefill.collect(), decode.collect()));
        LINEAR.step_us(batch)
    }
}

pub(crate) fn batches(
    server: ServerSpec,
    requests: &[Request],
    arrivals: &Arrivals,
) -> (Simulation, Vec<Step>) {
    let recorder = Recorder::default();
    let simulation = simulate(
        &ServerConfig::new(server).unwrap(),
        requests,
        arrivals,
        &recorder,
        0,
        &Limits::default(),
        &mut (),
    )
    .unwrap();
    (simulation, recorder.0.into_inner())
}
