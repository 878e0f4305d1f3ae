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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn unused_blocks_go_first_and_then_the_oldest() {
        let mut pool = BlockPool::new(3);
        let (a, b) = (pool.take().unwrap(), pool.take().unwrap());
        pool.give_back(b);
        pool.give_back(a);
        let c = pool.take().unwrap();
        assert!(c != a && c != b);
        assert_eq!(pool.take(), Some(b));
        assert_eq!(pool.take(), Some(a));
        assert_eq!(pool.take(), None);
    }

    #[test]
    fn content_stays_until_the_block_is_given_away() {
        let content = Content::Shared { group: 1, index: 2 };
        let mut pool = BlockPool::new(1);
        let block = pool.take().unwrap();
        pool.set_content(block, content);
        pool.give_back(block);
        assert_eq!(pool.content(block), content);
        pool.share(block);
        assert_eq!((pool.content(block), pool.free()), (content, 0));
        pool.give_back(block);
        assert_eq!(pool.take(), Some(block));
        assert_eq!(pool.content(block), Content::Unknown);
    }

    #[test]
    fn as_many_blocks_as_there_can_be_take_no_memory() {
        let mut pool = BlockPool::new(u32::MAX - 1);
        assert!(pool.take().is_some());
        assert_eq!(pool.free(), u32::MAX - 2);
    }

    proptest! {
        /// Against a plain queue of what is free, and a list with an entry for each holder.
        #[test]
        fn gives_away_what_a_queue_would(
            total in 1..12_u32,
            actions in prop::collection::vec((0..3_u8, any::<prop::sample::Index>()), 0..200),
        ) {
            let mut pool = BlockPool::new(total);
            let mut seen: Vec<BlockId> = Vec::new();
            let mut queue: Vec<BlockId> = Vec::new();
            let mut holders: Vec<BlockId> = Vec::new();
            for (action, index) in actions {
                match action {
                    0 => {
                        let taken = pool.take();
                        if seen.len() < total as usize {
                            prop_assert!(!seen.contains(&taken.unwrap()));
                            seen.extend(taken);
                        } else if queue.is_empty() {
                            prop_assert_eq!(taken, None);
                        } else {
                            prop_assert_eq!(taken, Some(queue.remove(0)));
                        }
                        holders.extend(taken);
                    }
                    1 if !seen.is_empty() => {
                        let block = *index.get(&seen);
                        pool.share(block);
                        queue.retain(|free| *free != block);
                        holders.push(block);
                    }
                    _ if !holders.is_empty() => {
                        let block = holders.remove(index.index(holders.len()));
                        pool.give_back(block);
                        if !holders.contains(&block) {
                            queue.push(block);
                        }
                    }
                    _ => {}
                }
                let unused = total - u32::try_from(seen.len()).unwrap();
                prop_assert_eq!(pool.free(), unused + u32::try_from(queue.len()).unwrap());
                prop_assert_eq!(pool.free() + pool.held(), total);
            }
        }
    }
}
