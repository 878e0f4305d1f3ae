use std::num::NonZeroU32;

/// One block of the KV cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BlockId(NonZeroU32);

/// Which tokens a full block holds keys and values of. What a token attends to is all before it, so that a block is
/// known by whose it is and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Nothing that anybody could find.
    Unknown,
    /// Tokens of one request.
    Own { request: u32, index: u32 },
    /// Tokens of a shared prefix.
    Shared { group: u32, index: u32 },
}

/// All blocks of the KV cache: who holds them, what they hold, and which is given away next.
///
/// A block nobody holds keeps its content until it is given away; the one that was given back first goes first (LRU).
/// Blocks that were never used go before all of those, and take no memory here until then.
#[derive(Clone, Debug)]
pub(crate) struct BlockPool {
    /// The blocks that were ever used.
    blocks: Vec<Block>,
    total: u32,
    held: u32,
    /// The ends of the list of blocks that were used and nobody holds.
    oldest: Option<BlockId>,
    newest: Option<BlockId>,
}

#[derive(Clone, Copy, Debug)]
struct Block {
    content: Content,
    holders: u32,
    /// Neighbours in the list of blocks that nobody holds.
    older: Option<BlockId>,
    newer: Option<BlockId>,
}

impl BlockId {
    fn nth(index: usize) -> Option<Self> {
        let number = u32::try_from(index).ok()?.checked_add(1)?;
        NonZeroU32::new(number).map(Self)
    }

    fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

impl BlockPool {
    pub(crate) fn new(total: u32) -> Self {
        Self {
            blocks: Vec::new(),
            total,
            held: 0,
            oldest: None,
            newest: None,
        }
    }

    /// Blocks that somebody holds.
    pub(crate) fn held(&self) -> u32 {
        self.held
    }

    /// Blocks that nobody holds.
    pub(crate) fn free(&self) -> u32 {
        self.total - self.held
    }

    pub(crate) fn content(&self, id: BlockId) -> Content {
        self.blocks[id.index()].content
    }

    pub(crate) fn set_content(&mut self, id: BlockId, content: Content) {
        self.blocks[id.index()].content = content;
    }

    pub(crate) fn is_held(&self, id: BlockId) -> bool {
        self.blocks[id.index()].holders > 0
    }

    /// Gives a block to a first holder, without content. None where all are held.
    pub(crate) fn take(&mut self) -> Option<BlockId> {
        let block = Block {
            content: Content::Unknown,
            holders: 1,
            older: None,
            newer: None,
        };
        let id = if self.blocks.len() < self.total as usize {
            let id = BlockId::nth(self.blocks.len())?;
            self.blocks.push(block);
            id
        } else {
            let id = self.oldest?;
            self.unlink(id);
            self.blocks[id.index()] = block;
            id
        };
        self.held += 1;
        Some(id)
    }

    /// Adds a holder of a block that keeps its content.
    pub(crate) fn share(&mut self, id: BlockId) {
        if !self.is_held(id) {
            self.unlink(id);
            self.held += 1;
        }
        self.blocks[id.index()].holders += 1;
    }

    /// Removes a holder.
    pub(crate) fn give_back(&mut self, id: BlockId) {
        let newest = self.newest;
        let block = &mut self.blocks[id.index()];
        block.holders -= 1;
        if block.holders > 0 {
            return;
        }
        block.older = newest;
        block.newer = None;
        match newest {
            Some(newest) => self.blocks[newest.index()].newer = Some(id),
            None => self.oldest = Some(id),
        }
        self.newest = Some(id);
        self.held -= 1;
    }

    fn unlink(&mut self, id: BlockId) {
        let Block { older, newer, .. } = self.blocks[id.index()];
        match older {
            Some(older) => self.blocks[older.index()].newer = newer,
            None => self.oldest = newer,
        }
        match newer {
            Some(newer) => self.blocks[newer.index()].older = older,
            None => self.newest = older,
        }
    }
}
