use std::fmt::Write as _;
use std::io::{self, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use sha2::{Digest, Sha256};

/// Counts and hashes what is read through it.
///
/// A hash takes longer than to read a report, so that a large file is hashed on a thread beside.
#[derive(Debug)]
pub(crate) struct HashingReader<R> {
    source: R,
    bytes: u64,
    hasher: Hasher,
}

#[derive(Debug)]
enum Hasher {
    Here(Sha256),
    Beside(Beside),
}

/// A thread that hashes the buffers it is sent, and sends them back to be filled again.
#[derive(Debug)]
struct Beside {
    filled: SyncSender<Vec<u8>>,
    emptied: Receiver<Vec<u8>>,
    thread: JoinHandle<Sha256>,
}

/// What went through a [`HashingReader`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Digested {
    pub(crate) bytes: u64,
    /// In lower-case hexadecimal.
    pub(crate) sha256: String,
}

impl<R: Read> HashingReader<R> {
    /// Files from here on are worth a thread.
    const BESIDE_BYTES: u64 = 4 << 20;

    /// Buffers on their way to the thread and back.
    const BUFFERS: usize = 8;

    /// `expected_bytes` decides where the hash is computed, and nothing else.
    pub(crate) fn new(source: R, expected_bytes: u64) -> Self {
        let beside = (expected_bytes >= Self::BESIDE_BYTES).then(Beside::start);
        Self {
            source,
            bytes: 0,
            hasher: match beside {
                // Without a thread to spare the hash is computed here.
                Some(Ok(beside)) => Hasher::Beside(beside),
                Some(Err(_)) | None => Hasher::Here(Sha256::new()),
            },
        }
    }

    /// Reads what is left and gives the hash of everything.
    pub(crate) fn finish(mut self) -> io::Result<Digested> {
        io::copy(&mut self, &mut io::sink())?;
        let hasher = match self.hasher {
            Hasher::Here(hasher) => hasher,
            Hasher::Beside(beside) => beside.finish()?,
        };
        let mut sha256 = String::new();
        for byte in hasher.finalize() {
            write!(sha256, "{byte:02x}").map_err(io::Error::other)?;
        }
        Ok(Digested {
            bytes: self.bytes,
            sha256,
        })
    }
}

impl<R: Read> Read for HashingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.bytes += count as u64;
        match &mut self.hasher {
            Hasher::Here(hasher) => hasher.update(&buffer[..count]),
            Hasher::Beside(beside) => beside.update(&buffer[..count])?,
        }
        Ok(count)
    }
}

impl Beside {
    fn start() -> io::Result<Self> {
        let (filled, to_hash) = sync_channel::<Vec<u8>>(HashingReader::<io::Empty>::BUFFERS);
        let (used, emptied) = sync_channel(HashingReader::<io::Empty>::BUFFERS);
        let thread = thread::Builder::new()
            .name("hash".to_owned())
            .spawn(move || {
                let mut hasher = Sha256::new();
                for buffer in to_hash {
                    hasher.update(&buffer);
                    // Nobody waits for the last buffers.
                    drop(used.try_send(buffer));
                }
                hasher
            })?;
        Ok(Self {
            filled,
            emptied,
            thread,
        })
    }

    fn update(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut buffer = self.emptied.try_recv().unwrap_or_default();
        buffer.clear();
        buffer.extend_from_slice(bytes);
        self.filled.send(buffer).map_err(|_| thread_ended())
    }

    fn finish(self) -> io::Result<Sha256> {
        drop(self.filled);
        self.thread.join().map_err(|_| thread_ended())
    }
}

fn thread_ended() -> io::Error {
    io::Error::other("the thread that hashes the file has ended")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(bytes: &[u8], expected_bytes: u64) -> Digested {
        let mut reader = HashingReader::new(bytes, expected_bytes);
        let mut start = [0; 7];
        let _some = reader.read(&mut start).unwrap();
        reader.finish().unwrap()
    }

    #[test]
    fn hashes_as_published() {
        // FIPS 180-2, appendix B: the SHA-256 of "abc" and of a million times "a".
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hash(b"abc", 3).sha256, abc);
        let million = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
        let text = vec![b'a'; 1_000_000];
        for expected_bytes in [0, u64::MAX] {
            let digested = hash(&text, expected_bytes);
            assert_eq!(
                (digested.bytes, digested.sha256.as_str()),
                (1_000_000, million)
            );
        }
    }
}
