use std::collections::VecDeque;

use roofline::{Batch, InvalidRequest};

use crate::kv_cache::{KvCache, Owner, TableId};
use crate::request::Request;
use crate::server_config::ServerConfig;

/// The scheduler of vLLM V1: which requests run, and what each step computes of them.
#[derive(Clone, Debug)]
pub(crate) struct Scheduler<'r> {
    server: ServerConfig,
    requests: &'r [Request],
    cache: KvCache,
    waiting: VecDeque<Waiting>,
    /// In the order of admission.
    running: Vec<Running>,
    admitted: Vec<Admission>,
    /// Requests that the planned step gives a token after a prefill.
    prefilled: Vec<u32>,
}

/// A request in the queue.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    request: u32,
    /// Output tokens from before a preemption: computed again together with the prompt.
    generated: u32,
    /// The blocks it held before a preemption; others may hold them now.
    table: Option<TableId>,
}

/// A request that was admitted and is not finished.
#[derive(Clone, Copy, Debug)]
struct Running {
    request: u32,
    table: TableId,
    /// Tokens with keys and values in the cache once the planned steps are done.
    computed: u32,
    /// Tokens that its blocks have room for.
    room: u32,
    /// Output tokens that no planned step generates.
    left: u32,
    phase: Phase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Computes its first `target` tokens, to generate the next one with the last of them.
    Prefill { target: u32 },
    /// Computes the token that it generated last, to generate the next one.
    Decode,
}

/// What a step computes, besides its batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) preempted: u32,
    pub(crate) cached_tokens: u64,
    pub(crate) looked_up_tokens: u64,
    pub(crate) finishing: u32,
}

/// A request that got its place in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Admission {
    pub(crate) request: u32,
    pub(crate) cached_tokens: u32,
}

impl<'r> Scheduler<'r> {
    pub(crate) fn new(server: &ServerConfig, requests: &'r [Request]) -> Self {
        Self {
            server: *server,
            requests,
            cache: KvCache::new(server, requests),
            waiting: VecDeque::new(),
            running: Vec::new(),
            admitted: Vec::new(),
            prefilled: Vec::new(),
        }
    }

    /// Puts a request that the server can serve at the end of the queue.
    pub(crate) fn enqueue(&mut self, request: u32) {
        self.waiting.push_back(Waiting {
            request,
            generated: 0,
            table: None,
        });
    }

    /// Requests in the queue.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Requests that were admitted and are not finished.
    pub(crate) fn running(&self) -> usize {
        self.running.len()
    }

    pub(crate) fn kv_blocks_held(&self) -> u32 {
        self.cache.held()
    }

    pub(crate) fn kv_blocks_free(&self) -> u32 {
        self.cache.free()
    }

    /// Requests that were admitted to the planned step.
    pub(crate) fn admitted(&self) -> &[Admission] {
        &self.admitted
    }

    /// Requests to which the planned step gives a token after a prefill.
    pub(crate) fn prefilled(&self) -> &[u32] {
        &self.prefilled
    }

    /// Plans the next step: running requests first, then the queue, as far as tokens, places and blocks go. There is
    /// something to compute wherever a request waits or runs.
    pub(crate) fn plan(&mut self, batch: &mut Batch) -> Result<Plan, InvalidRequest> {
        batch.clear();
        self.admitted.clear();
        self.prefilled.clear();
        let mut plan = Plan::default();
        let budget = self.plan_running(batch, &mut plan)?;
        // Blocks that were taken from one request are not for a later one.
        if plan.preempted == 0 {
            self.plan_waiting(batch, budget, &mut plan)?;
        }
        Ok(plan)
    }

    /// Forgets the requests whose last token the planned step has generated.
    pub(crate) fn remove_finished(&mut self, mut finished: impl FnMut(u32)) {
        self.running.retain(|running| {
            if running.left > 0 {
                return true;
            }
            self.cache.release(running.table);
            finished(running.request);
            false
        });
    }

    /// Returns what is left of the token budget.
    fn plan_running(&mut self, batch: &mut Batch, plan: &mut Plan) -> Result<u32, InvalidRequest> {
        let mut budget = self.server.spec().max_num_batched_tokens;
        let mut position = 0;
        while position < self.running.len() && budget > 0 {
            let running = &self.running[position];
            let phase = running.phase;
            let new = match phase {
                Phase::Decode => 1,
                Phase::Prefill { target } => (target - running.computed).min(budget),
            };
            if running.computed + new > running.room && !self.make_room(position, new, plan) {
                break;
            }
            let running = &mut self.running[position];
            running.compute(new, batch, plan, &mut self.prefilled)?;
            if phase != Phase::Decode {
                let request = &self.requests[running.request as usize];
                let before = running.computed - new;
                self.cache
                    .publish_prefix(request, running.table, before..running.computed);
            }
            budget -= new;
            position += 1;
        }
        Ok(budget)
    }

    /// Finds blocks for `new` more tokens, if need be those of the requests that were admitted last. Whether it could:
    /// if not, the request itself was the last.
    fn make_room(&mut self, position: usize, new: u32, plan: &mut Plan) -> bool {
        loop {
            let running = self.running[position];
            let blocks = self.server.blocks_of(running.computed + new - running.room);
            if self.cache.grow(running.table, blocks).is_ok() {
                self.running[position].room += blocks * self.server.spec().block_size_tokens;
                return true;
            }
            let Some(last) = self.running.pop() else {
                return false;
            };
            self.preempt(last);
            plan.preempted += 1;
            if self.running.len() == position {
                return false;
            }
        }
    }

    fn preempt(&mut self, running: Running) {
        let owner = Owner {
            index: running.request,
            request: &self.requests[running.request as usize],
        };
        self.cache.preempt(owner, running.table, running.computed);
        self.waiting.push_front(Waiting {
            request: running.request,
            generated: self.requests[running.request as usize].output_tokens - running.left,
            table: Some(running.table),
        });
    }

    fn plan_waiting(
        &mut self,
        batch: &mut Batch,
        mut budget: u32,
        plan: &mut Plan,
    ) -> Result<(), InvalidRequest> {
        let spec = self.server.spec();
        while budget > 0 && self.running.len() < spec.max_num_seqs as usize {
            let Some(waiting) = self.waiting.front().copied() else {
                break;
            };
            let request = &self.requests[waiting.request as usize];
            let owner = Owner {
                index: waiting.request,
                request,
            };
            let target = request.prompt_tokens + waiting.generated;
            let cached = self.cache.find(owner, waiting.table, target);
            let mut new = target - cached;
            if new > budget {
                // What is longer than a whole budget can only be a prompt with its output from before a preemption,
                // and would wait for ever.
                if !spec.chunked_prefill && new <= spec.max_num_batched_tokens {
                    break;
                }
                new = budget;
            }
            let Ok(table) = self.cache.admit(waiting.table, new) else {
                break;
            };
            self.waiting.pop_front();
            let mut running = Running {
                request: waiting.request,
                table,
                computed: cached,
                room: self.server.blocks_of(cached + new) * spec.block_size_tokens,
                left: request.output_tokens - waiting.generated,
                phase: Phase::Prefill { target },
            };
            running.compute(new, batch, plan, &mut self.prefilled)?;
            self.cache
                .publish_prefix(request, table, cached..running.computed);
            self.running.push(running);
            self.admitted.push(Admission {
                request: waiting.request,
                cached_tokens: cached,
            });
            plan.cached_tokens += u64::from(cached);
            plan.looked_up_tokens += u64::from(target);
            budget -= new;
        }
        Ok(())
    }
}

impl Running {
    /// Adds `new` tokens of the request to the step.
    #[inline]
    fn compute(
        &mut self,
        new: u32,
        batch: &mut Batch,
        plan: &mut Plan,
        prefilled: &mut Vec<u32>,
    ) -> Result<(), InvalidRequest> {
        let before = self.computed;
        self.computed += new;
        match self.phase {
            Phase::Decode => batch.push_decode(before, 1)?,
            Phase::Prefill { target } => {
                batch.push_prefill(before, new)?;
                if self.computed < target {
                    return Ok(());
                }
                self.phase = Phase::Decode;
                prefilled.push(self.request);
            }
        }
        self.left -= 1;
        plan.finishing += u32::from(self.left == 0);
        Ok(())
    }
}
