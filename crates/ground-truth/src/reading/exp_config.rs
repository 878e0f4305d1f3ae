use super::findings::Findings;
use super::profile_file::check_keys;
use crate::measured_run::ServerLimits;
use crate::tree::Tree;

/// The content of `exp-config.yaml`. Everything in it is optional.
#[derive(Debug, Default)]
pub(super) struct ExpConfig {
    pub(super) model: Option<String>,
    pub(super) gpu: Option<String>,
    pub(super) tensor_parallel: Option<u32>,
    pub(super) workload: Option<String>,
    pub(super) server: ServerLimits,
}

impl ExpConfig {
    /// Reads the file. What cannot be used is reported and left out.
    pub(super) fn read(tree: &Tree, findings: &mut Findings) -> Self {
        let Tree::Map(entries) = tree else {
            findings.problem("exp-config", format!("is {tree}, expected a mapping"));
            return Self::default();
        };
        let mut reader = Reader {
            entries,
            known: Vec::new(),
            findings,
        };
        let read = Self {
            model: reader.text(&["model"]),
            gpu: reader.text(&["gpu"]),
            tensor_parallel: reader.count(&[
                "tensor_parallelism",
                "tensor_parallel",
                "tensor_parallel_size",
                "tp",
            ]),
            workload: reader.text(&["app", "workload"]),
            server: ServerLimits {
                max_model_len: reader.count(&["max_model_len"]),
                max_num_batched_tokens: reader.count(&["max_num_batched_tokens"]),
                max_num_seqs: reader.count(&["max_num_seqs"]),
                gpu_memory_utilization: reader.value(
                    &["gpu_memory_utilization"],
                    "a number above 0, at most 1",
                    |value| value.as_f64().filter(|share| *share > 0.0 && *share <= 1.0),
                ),
                block_size: reader.count(&["block_size"]),
                enable_prefix_caching: reader.switch("enable_prefix_caching"),
                enable_chunked_prefill: reader.switch("enable_chunked_prefill"),
                num_gpu_blocks: reader.value(
                    &["num_gpu_blocks", "num_gpu_blocks_override"],
                    "a whole number above 0",
                    |value| value.as_u64().filter(|blocks| *blocks > 0),
                ),
            },
        };
        let Reader { mut known, .. } = reader;
        known.sort_unstable();
        check_keys("", entries, &known, findings);
        read
    }
}

struct Reader<'a> {
    entries: &'a [(String, Tree)],
    /// The keys that were asked for, with underscores.
    known: Vec<&'static str>,
    findings: &'a mut Findings,
}

impl Reader<'_> {
    /// The value of the only one of the keys that is there and not null; where two mean the same the first is the usual one.
    fn value<T>(
        &mut self,
        keys: &[&'static str],
        expected: &str,
        read: impl Fn(&Tree) -> Option<T>,
    ) -> Option<T> {
        self.known.extend(keys);
        let mut found = self.entries.iter().filter(|(key, value)| {
            keys.contains(&key.replace('-', "_").as_str()) && *value != Tree::Null
        });
        let (key, value) = found.next()?;
        if let Some((other, _)) = found.next() {
            self.findings.problem(
                other,
                format!("means the same as `{key}`; keep one of them"),
            );
        }
        self.findings.expect(key, value, expected, read)
    }

    fn text(&mut self, keys: &[&'static str]) -> Option<String> {
        self.value(keys, "a name", Tree::as_name)
    }

    fn count(&mut self, keys: &[&'static str]) -> Option<u32> {
        self.value(keys, "a whole number above 0", |value| {
            value.as_u32().filter(|count| *count > 0)
        })
    }

    fn switch(&mut self, key: &'static str) -> Option<bool> {
        self.value(&[key], "true or false", |value| match value {
            Tree::Bool(on) => Some(*on),
            _other => None,
        })
    }
}
