//! How many blocks fit beside a model.

use roofline::{ModelConfig, ModelFacts};
use serving::{InvalidKvMemory, KvMemory, kv_blocks_for};

fn llama_3_1_8b() -> ModelConfig {
    ModelConfig::new(ModelFacts {
        layers: 32,
        hidden: 4096,
        heads: 32,
        kv_heads: 8,
        head_dim: None,
        intermediate: Some(14_336),
        vocab: 128_256,
        bytes_per_param: 2.0,
    })
    .unwrap()
}

const H100: KvMemory = KvMemory {
    bytes_per_gpu: 80e9,
    utilization: 0.9,
    tensor_parallel: 1,
    block_size_tokens: 16,
};

/// The model card states 8.03e9 parameters of two bytes, and a token takes 128 KiB: 55.94e9 bytes are 426,800 tokens.
#[test]
fn llama_3_1_8b_on_one_h100() {
    let tokens = kv_blocks_for(&H100, &llama_3_1_8b()).unwrap() * 16;
    assert!((426_000..428_000).contains(&tokens), "{tokens}");
}

#[test]
fn four_gpus_hold_the_weights_once() {
    let one = kv_blocks_for(&H100, &llama_3_1_8b()).unwrap();
    let four = KvMemory {
        tensor_parallel: 4,
        ..H100
    };
    let four = kv_blocks_for(&four, &llama_3_1_8b()).unwrap();
    assert!(four > 4 * one);
    // Three times 72e9 bytes more, at 2 MiB a block.
    assert!((four - one).abs_diff(216_000_000_000 / 2_097_152) <= 1);
}

#[test]
fn more_gpus_than_heads_hold_copies() {
    let of = |tensor_parallel| {
        let memory = KvMemory {
            tensor_parallel,
            ..H100
        };
        kv_blocks_for(&memory, &llama_3_1_8b()).unwrap()
    };
    // Twice the memory, twice the bytes of a block, and the weights only once.
    assert!(of(16) > of(8) && of(16) < of(8) * 21 / 20);
}

#[test]
fn blocks_of_one_token_are_sixteen_times_as_many() {
    let single = KvMemory {
        block_size_tokens: 1,
        ..H100
    };
    let blocks = kv_blocks_for(&H100, &llama_3_1_8b()).unwrap();
    let tokens = kv_blocks_for(&single, &llama_3_1_8b()).unwrap();
    assert_eq!(tokens / 16, blocks);
}

#[test]
fn weights_that_do_not_fit_are_an_error() {
    let small = KvMemory {
        bytes_per_gpu: 16e9,
        ..H100
    };
    let error = kv_blocks_for(&small, &llama_3_1_8b()).unwrap_err();
    assert!(matches!(error, InvalidKvMemory::NoRoom { .. }));
    assert!(
        error.to_string().starts_with("the weights take 1.6"),
        "{error}"
    );
}

#[test]
fn numbers_outside_their_bounds_are_errors() {
    let message = |memory| {
        kv_blocks_for(&memory, &llama_3_1_8b())
            .unwrap_err()
            .to_string()
    };
    let utilization = 90.0;
    let expected = "`gpu_memory_utilization` is 90, expected 0.01 to 1";
    assert_eq!(
        message(KvMemory {
            utilization,
            ..H100
        }),
        expected
    );
    let expected = "`memory_bytes` is 80, expected 1000000 to 1e15";
    assert_eq!(
        message(KvMemory {
            bytes_per_gpu: 80.0,
            ..H100
        }),
        expected
    );
    let expected = "`tensor_parallel` is 0, expected 1 to 65536";
    assert_eq!(
        message(KvMemory {
            tensor_parallel: 0,
            ..H100
        }),
        expected
    );
    let expected = "`block_size` is 0, expected 1 to 65536";
    assert_eq!(
        message(KvMemory {
            block_size_tokens: 0,
            ..H100
        }),
        expected
    );
}
