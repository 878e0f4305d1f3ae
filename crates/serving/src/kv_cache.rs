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
    /// The names of the groups in ascending order: their places number the groups.
    groups: Vec<u32>,
    /// By group, the blocks that hold its prefix, as far as they still do.
    shared: Vec<Vec<Option<BlockId>>>,
    tables: Vec<Vec<BlockId>>,
    spare_tables: Vec<TableId>,
    found: Vec<BlockId>,
}

/// The blocks of one request, in the order of its tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TableId(usize);

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
            spare_tables: Vec::new(),
            found: Vec::new(),
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
        if !self.prefix_caching {
            return 0;
        }
        let group = self.group_of(owner.request);
        for index in 0..target.saturating_sub(1) / self.block_size_tokens {
            let content = self.content_at(owner, group, index);
            let place = match content {
                Content::Shared { group, index } => self
                    .shared
                    .get(group as usize)
                    .and_then(|blocks| *blocks.get(index as usize)?),
                Content::Own { index, .. } => {
                    before.and_then(|table| self.tables.get(table.0)?.get(index as usize).copied())
                }
                Content::Unknown => None,
            };
            match place {
                Some(id) if self.pool.content(id) == content => self.found.push(id),
                Some(_) | None => break,
            }
        }
        self.found_tokens()
    }

    /// Admits a request with the blocks that [`Self::find`] found last and room for `new_tokens` after them. Without
    /// enough free blocks nothing changes.
    pub(crate) fn admit(
        &mut self,
        before: Option<TableId>,
        new_tokens: u32,
    ) -> Result<TableId, OutOfBlocks> {
        let needed = (self.found_tokens() + new_tokens).div_ceil(self.block_size_tokens);
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
        let blocks = &mut self.tables[table.0];
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
        let table = &mut self.tables[table.0];
        for _ in 0..blocks {
            table.push(self.pool.take().ok_or(OutOfBlocks)?);
        }
        Ok(())
    }

    /// Lets the blocks be found that became full when a request's computed tokens went from `before` to `after`.
    pub(crate) fn publish(&mut self, owner: Owner<'_>, table: TableId, before: u32, after: u32) {
        if !self.prefix_caching {
            return;
        }
        let full = before / self.block_size_tokens..after / self.block_size_tokens;
        if full.is_empty() {
            return;
        }
        let group = self.group_of(owner.request);
        for index in full {
            let id = self.tables[table.0][index as usize];
            let content = self.content_at(owner, group, index);
            self.pool.set_content(id, content);
            if let Content::Shared { group, index } = content {
                let blocks = &mut self.shared[group as usize];
                if blocks.len() <= index as usize {
                    blocks.resize(index as usize + 1, None);
                }
                let place = &mut blocks[index as usize];
                if place.is_none_or(|first| self.pool.content(first) != content) {
                    *place = Some(id);
                }
            }
        }
    }

    /// Takes the blocks of a request away, and remembers which they were.
    pub(crate) fn preempt(&mut self, table: TableId) {
        // The end of a prompt is of less use to others than its beginning, so that it is given away first.
        for id in self.tables[table.0].iter().rev() {
            self.pool.give_back(*id);
        }
    }

    /// Takes the blocks of a request away for good.
    pub(crate) fn release(&mut self, table: TableId) {
        self.preempt(table);
        self.spare_tables.push(table);
    }

    fn new_table(&mut self) -> TableId {
        self.spare_tables.pop().unwrap_or_else(|| {
            self.tables.push(Vec::new());
            TableId(self.tables.len() - 1)
        })
    }

    /// Tokens in the blocks that were found; a table has fewer than 2^24.
    fn found_tokens(&self) -> u32 {
        u32::try_from(self.found.len()).unwrap_or(u32::MAX) * self.block_size_tokens
    }

    fn group_of(&self, request: &Request) -> Option<u32> {
        let group = request.shared_prefix?.group;
        u32::try_from(self.groups.binary_search(&group).ok()?).ok()
    }

    fn content_at(&self, owner: Owner<'_>, group: Option<u32>, index: u32) -> Content {
        let shared_blocks = owner
            .request
            .shared_prefix
            .map_or(0, |prefix| prefix.tokens / self.block_size_tokens);
        match group {
            Some(group) if index < shared_blocks => Content::Shared { group, index },
            Some(_) | None => Content::Own {
                request: owner.index,
                index,
            },
        }
    }
}
