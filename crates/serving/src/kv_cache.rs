use std::ops::Range;

use crate::block_pool::{BlockId, BlockPool, Content};
use crate::request::Request;
use crate::server_config::ServerConfig;

/// The paged KV cache with its prefix cache: which request holds which blocks, and which full blocks can be found
/// again.
///
/// A request finds the blocks of its prompt one after the other until one is missing. Two kinds can be there: those of a
/// shared prefix that another request computed, and, after a preemption, its own. Of two copies of a shared block, which
/// come about where two requests compute the same prefix at once, the first is found.
#[derive(Clone, Debug)]
pub(crate) struct KvCache {
    pool: BlockPool,
    block_size_tokens: u32,
    prefix_caching: bool,
    /// The groups in ascending order.
    groups: Vec<u32>,
    /// By the place of a group, the blocks that hold its prefix, as far as they still do.
    shared: Vec<Vec<Option<BlockId>>>,
    tables: Vec<Vec<BlockId>>,
    /// The next table. There are no more tables than requests, which `u32` counts.
    next_table: TableId,
    spare_tables: Vec<TableId>,
    found: Vec<BlockId>,
    /// Tokens in the blocks that were found: no more than a request has.
    found_tokens: u32,
}

/// The blocks of one request, in the order of its tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TableId(u32);

/// The text that a request begins with, and its place among all groups.
#[derive(Clone, Copy, Debug)]
struct SharedText {
    group: u32,
    place: usize,
}

/// A request with its place among all.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Owner<'r> {
    pub(crate) index: u32,
    pub(crate) request: &'r Request,
}

/// There are fewer free blocks than are needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OutOfBlocks;

impl KvCache {
    pub(crate) fn new(server: &ServerConfig, requests: &[Request]) -> Self {
        let prefix_caching = server.spec().prefix_caching;
        let mut groups: Vec<u32> = Vec::new();
        if prefix_caching {
            groups.extend(
                requests
                    .iter()
                    .filter_map(|request| Some(request.shared_prefix?.group)),
            );
            groups.sort_unstable();
            groups.dedup();
        }
        Self {
            pool: BlockPool::new(server.kv_blocks()),
            block_size_tokens: server.spec().block_size_tokens,
            prefix_caching,
            shared: vec![Vec::new(); groups.len()],
            groups,
            tables: Vec::new(),
            next_table: TableId(0),
            spare_tables: Vec::new(),
            found: Vec::new(),
            found_tokens: 0,
        }
    }

    /// Blocks that requests hold.
    pub(crate) fn held(&self) -> u32 {
        self.pool.held()
    }

    /// Blocks that no request holds.
    pub(crate) fn free(&self) -> u32 {
        self.pool.free()
    }

    /// Looks for the first tokens of a request in full blocks, and tells how many it found. `before` is the table from
    /// before its preemption. Of its `target` tokens at least one is not looked for, since computing it is what gives
    /// the next.
    pub(crate) fn find(&mut self, owner: Owner<'_>, before: Option<TableId>, target: u32) -> u32 {
        self.found.clear();
        self.found_tokens = 0;
        if !self.prefix_caching {
            return 0;
        }
        let text = self.shared_text(owner.request);
        let shared_blocks = self.shared_blocks(owner.request);
        for index in 0..target.saturating_sub(1) / self.block_size_tokens {
            let (content, block) = match text {
                Some(SharedText { group, place }) if index < shared_blocks => (
                    Content::Shared { group, index },
                    self.first_shared(place, index),
                ),
                Some(_) | None => (
                    Content::Own {
                        request: owner.index,
                        index,
                    },
                    before.and_then(|table| self.block_of(table, index)),
                ),
            };
            match block {
                Some(id) if self.pool.content(id) == content => self.found.push(id),
                Some(_) | None => break,
            }
            self.found_tokens += self.block_size_tokens;
        }
        self.found_tokens
    }

    /// Admits a request with the blocks that [`Self::find`] found last and room for `new_tokens` after them. Without
    /// enough free blocks nothing changes.
    pub(crate) fn admit(
        &mut self,
        before: Option<TableId>,
        new_tokens: u32,
    ) -> Result<TableId, OutOfBlocks> {
        let needed = (self.found_tokens + new_tokens).div_ceil(self.block_size_tokens);
        let found_free = self
            .found
            .iter()
            .filter(|id| !self.pool.is_held(**id))
            .count();
        let taken = needed as usize - self.found.len() + found_free;
        if taken > self.pool.free() as usize {
            return Err(OutOfBlocks);
        }
        let table = before.unwrap_or_else(|| self.new_table());
        let blocks = &mut self.tables[table.index()];
        blocks.clear();
        for id in &self.found {
            self.pool.share(*id);
            blocks.push(*id);
        }
        self.grow(table, new_tokens.div_ceil(self.block_size_tokens))?;
        Ok(table)
    }

    /// Adds blocks to a table, all or none.
    pub(crate) fn grow(&mut self, table: TableId, blocks: u32) -> Result<(), OutOfBlocks> {
        if blocks > self.pool.free() {
            return Err(OutOfBlocks);
        }
        let table = &mut self.tables[table.index()];
        for _ in 0..blocks {
            table.push(self.pool.take().ok_or(OutOfBlocks)?);
        }
        Ok(())
    }

    /// Lets others find the blocks of a shared prefix that became full when these tokens of a request were computed.
    pub(crate) fn publish_prefix(
        &mut self,
        request: &Request,
        table: TableId,
        computed: Range<u32>,
    ) {
        let Some(SharedText { group, place }) = self.shared_text(request) else {
            return;
        };
        let full = computed.start / self.block_size_tokens..computed.end / self.block_size_tokens;
        let shared_blocks = self.shared_blocks(request);
        let first_of_group = &mut self.shared[place];
        for index in full.start..full.end.min(shared_blocks) {
            let id = self.tables[table.index()][index as usize];
            let content = Content::Shared { group, index };
            self.pool.set_content(id, content);
            if first_of_group.len() <= index as usize {
                first_of_group.resize(index as usize + 1, None);
            }
            let first = &mut first_of_group[index as usize];
            if first.is_none_or(|first| self.pool.content(first) != content) {
                *first = Some(id);
            }
        }
    }

    /// Takes the blocks of a request away that has `computed` tokens in them, and remembers which they were: until they
    /// are given to others, it can find them.
    pub(crate) fn preempt(&mut self, owner: Owner<'_>, table: TableId, computed: u32) {
        if self.prefix_caching {
            let own = self.shared_blocks(owner.request)..computed / self.block_size_tokens;
            for index in own {
                let id = self.tables[table.index()][index as usize];
                let request = owner.index;
                self.pool.set_content(id, Content::Own { request, index });
            }
        }
        self.give_back(table);
    }

    /// Takes the blocks of a request away for good.
    pub(crate) fn release(&mut self, table: TableId) {
        self.give_back(table);
        self.spare_tables.push(table);
    }

    /// The end of a prompt is of less use to others than its beginning: it goes back, and is given away, first.
    fn give_back(&mut self, table: TableId) {
        for id in self.tables[table.index()].iter().rev() {
            self.pool.give_back(*id);
        }
    }

    fn first_shared(&self, place: usize, index: u32) -> Option<BlockId> {
        *self.shared.get(place)?.get(index as usize)?
    }

    fn block_of(&self, table: TableId, index: u32) -> Option<BlockId> {
        let blocks = self.tables.get(table.index())?;
        blocks.get(index as usize).copied()
    }

    fn new_table(&mut self) -> TableId {
        self.spare_tables.pop().unwrap_or_else(|| {
            let table = self.next_table;
            self.next_table = TableId(table.0 + 1);
            self.tables.push(Vec::new());
            table
        })
    }

    /// What a request begins with that others do too; none without prefix caching.
    fn shared_text(&self, request: &Request) -> Option<SharedText> {
        let group = request.shared_prefix?.group;
        let place = self.groups.binary_search(&group).ok()?;
        Some(SharedText { group, place })
    }

    /// Blocks that hold nothing but shared prefix.
    fn shared_blocks(&self, request: &Request) -> u32 {
        request
            .shared_prefix
            .map_or(0, |prefix| prefix.tokens / self.block_size_tokens)
    }
}

impl TableId {
    fn index(self) -> usize {
        self.0 as usize
    }
}
