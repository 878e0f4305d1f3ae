//! What becomes of the rows of a file.

use std::collections::BTreeMap;

use step_trace::{Field, Mapping, MeasuredStep, Source};

use crate::files::{TraceFile, least_mapping, mapping, with};

fn timed() -> Mapping {
    mapping(&[
        (Field::Experiment, "run"),
        (Field::StepId, "id"),
        (Field::StartNs, "start"),
        (Field::PrefillTokens, "prefill"),
        (Field::DecodeTokens, "decode"),
    ])
}

fn only_step(text: &str, mapping: &Mapping) -> MeasuredStep {
    let trace = TraceFile::new(text).trace(mapping);
    assert_eq!(trace.steps(), 1);
    trace.experiments[0].steps[0]
}

#[test]
fn intervals_are_between_consecutive_steps_of_one_experiment() {
    // Rows are out of order, step 13 of `a` is missing, step 16 has no start, and `b` counts on its own.
    let text = "run,id,start,prefill,decode\n\
        a,12,3000,0,1\n\
        b,11,2500,0,1\n\
        a,10,1000,0,1\n\
        a,14,9000,0,1\n\
        a,11,1500,0,1\n\
        b,10,2000,0,1\n\
        a,15,9250,0,1\n\
        a,16,,0,1\n\
        a,17,9900,0,1\n\
        a,18,9900,0,1\n";
    let trace = TraceFile::new(text).trace(&timed());
    let names: Vec<&str> = trace
        .experiments
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(names, ["a", "b"]);
    let intervals = |index: usize| -> Vec<(i64, Option<f64>)> {
        trace.experiments[index]
            .steps
            .iter()
            .map(|step| (step.step_id, step.interval_us))
            .collect()
    };
    assert_eq!(
        intervals(0),
        [
            (10, Some(0.5)),
            (11, Some(1.5)),
            (12, None),
            (14, Some(0.25)),
            (15, None),
            (16, None),
            (17, Some(0.0)),
            (18, None),
        ]
    );
    assert_eq!(intervals(1), [(10, Some(0.5)), (11, None)]);
}

#[test]
fn intervals_hold_at_the_ends_of_what_can_be_counted() {
    let text = format!(
        "run,id,start,prefill,decode\na,{},{},0,1\na,{},{},0,1\na,{},0,0,1\n",
        i64::MIN,
        i64::MIN,
        i64::MAX,
        i64::MAX,
        i64::MAX - 1
    );
    let trace = TraceFile::new(text).trace(&timed());
    let intervals: Vec<Option<f64>> = trace.experiments[0]
        .steps
        .iter()
        .map(|step| step.interval_us)
        .collect();
    // 2^63 - 1 ns, rounded to the nearest that there is.
    assert_eq!(intervals, [None, Some(9_223_372_036_854_775.807), None]);
}

#[test]
fn words_stand_for_others_and_null_leaves_rows_out() {
    let values = [("l2", Some("llama")), ("cl", Some("code")), ("moe", None)];
    let values: BTreeMap<String, Option<String>> = values
        .into_iter()
        .map(|(word, meaning)| (word.to_owned(), meaning.map(str::to_owned)))
        .collect();
    let mapping = with(
        with(least_mapping(), Field::Experiment, Source::column("run")),
        Field::Model,
        Source::Words {
            name: "model".to_owned(),
            values,
        },
    );
    let text = "run,model,id,prefill,decode\n\
        a,l2,1,0,1\nm,moe,1,0,1\nb,cl,1,0,1\nm,moe,nonsense,0,1\na,l2,2,0,1\n";
    let file = TraceFile::new(text);
    let trace = file.trace(&mapping);
    assert_eq!(trace.left_out, 2);
    assert_eq!(trace.steps(), 3);
    let models: Vec<_> = trace
        .experiments
        .iter()
        .map(|one| (one.name.as_str(), one.model.as_deref(), one.steps.len()))
        .collect();
    assert_eq!(models, [("a", Some("llama"), 2), ("b", Some("code"), 1)]);
    file.replace(b"run,model,id,prefill,decode\nm,moe,1,0,1\nm,moe,2,0,1\n");
    assert_eq!(
        file.error(&mapping),
        "steps: no step is in it: the mapping leaves out all 2 rows"
    );
    file.replace(b"run,model,id,prefill,decode\nm,moe,1,0,1\na,gpt,2,0,1\n");
    assert_eq!(
        file.error(&mapping),
        "steps: column `model`, row 2: the text `gpt`, and `model` is one of the words that the mapping knows: cl, l2, moe"
    );
}

#[test]
fn what_is_not_recorded_is_not_made_up() {
    let step = only_step("id,prefill,decode\n1,0,0\n", &least_mapping());
    assert_eq!(step.start_ns, None);
    assert_eq!(step.duration_us, None);
    assert_eq!(step.interval_us, None);
    assert_eq!(step.prefill_context_tokens, None);
    assert_eq!(step.decode_kv_tokens, None);
    assert_eq!(step.kv_tokens, None);
    assert_eq!((step.prefill_requests, step.decode_requests), (0, 0));
    // One request has all prompt tokens, and each decode token is of a request of its own.
    let step = only_step("id,prefill,decode\n1,300,4\n", &least_mapping());
    assert_eq!((step.prefill_requests, step.decode_requests), (1, 4));
}

#[test]
fn kv_tokens_are_those_stated_or_those_of_the_blocks_in_use() {
    let blocks = with(
        with(least_mapping(), Field::KvUsage, Source::column("usage")),
        Field::KvBlocks,
        Source::Constant(100.0),
    );
    let text = "id,prefill,decode,usage,size,kv\n1,0,1,0.25,32,77.5\n";
    // 0.25 x 100 blocks of 16 tokens, as in vLLM.
    assert_eq!(only_step(text, &blocks).kv_tokens, Some(400.0));
    let sized = with(blocks, Field::BlockSize, Source::column("size"));
    assert_eq!(only_step(text, &sized).kv_tokens, Some(800.0));
    let stated = with(sized, Field::KvTokens, Source::column("kv"));
    assert_eq!(only_step(text, &stated).kv_tokens, Some(77.5));
    // Where a row does not say it, its blocks do.
    let open = "id,prefill,decode,usage,size,kv\n1,0,1,0.25,32,\n";
    assert_eq!(only_step(open, &stated).kv_tokens, Some(800.0));
    let usage_alone = with(least_mapping(), Field::KvUsage, Source::column("usage"));
    assert_eq!(only_step(text, &usage_alone).kv_tokens, None);
}
