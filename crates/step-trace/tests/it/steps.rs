//! What becomes of the rows of a file.

use std::collections::BTreeMap;

use step_trace::{Field, Mapping, MeasuredStep, Source, Times};

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
    assert_eq!(trace.rows(), 1);
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
            .map(|step| (step.step_id.unwrap(), step.interval.map(|one| one.sum_us)))
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
        .map(|step| step.interval.map(|one| one.sum_us))
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
    assert_eq!(trace.rows(), 3);
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
    assert_eq!(step.duration, None);
    assert_eq!(step.interval, None);
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

/// 10 and 30 us: a sum of 40 and of squares 1000. One of the two is followed by a recorded step, after 50 us.
const SUMS: &str = "run,prefill,decode,n,took,took2,m,gap,gap2\n\
    b,0,2,2,40,1000,1,50,2500\n\
    a,8,0,1,5,25,0,0,0\n\
    b,0,1,3,,,0,,\n";

fn sums() -> Mapping {
    mapping(&[
        (Field::Experiment, "run"),
        (Field::PrefillTokens, "prefill"),
        (Field::DecodeTokens, "decode"),
        (Field::Steps, "n"),
        (Field::DurationUsSum, "took"),
        (Field::DurationUsSquaredSum, "took2"),
        (Field::Intervals, "m"),
        (Field::IntervalUsSum, "gap"),
        (Field::IntervalUsSquaredSum, "gap2"),
    ])
}

#[test]
fn a_row_may_sum_steps_up() {
    let trace = TraceFile::new(SUMS).trace(&sums());
    assert_eq!(trace.rows(), 3);
    let times = |count: u32, sum_us: f64, squared_sum: f64| {
        Some(Times {
            count,
            sum_us,
            squared_sum,
        })
    };
    let [a, b] = trace.experiments.as_slice() else {
        panic!("{} experiments", trace.experiments.len());
    };
    let row = |step: &MeasuredStep| (step.row, step.step_id, step.steps);
    assert_eq!(a.steps.iter().map(row).collect::<Vec<_>>(), [(2, None, 1)]);
    assert_eq!(
        b.steps.iter().map(row).collect::<Vec<_>>(),
        [(1, None, 2), (3, None, 3)]
    );
    let first = b.steps[0];
    assert_eq!(first.duration, times(2, 40.0, 1000.0));
    assert_eq!(
        first.duration.unwrap().mean_us().to_bits(),
        20_f64.to_bits()
    );
    assert_eq!(first.interval, times(1, 50.0, 2500.0));
    // Nothing was recorded, and no step was followed by a recorded one.
    assert_eq!((b.steps[1].duration, b.steps[1].interval), (None, None));
    assert_eq!(
        (a.steps[0].duration, a.steps[0].interval),
        (times(1, 5.0, 25.0), None)
    );
}

/// A step by itself is a sum of one.
#[test]
fn a_single_step_has_the_sums_of_one() {
    let mapping = with(least_mapping(), Field::DurationUs, Source::column("took"));
    let step = only_step("id,prefill,decode,took\n1,0,1,3\n", &mapping);
    assert_eq!((step.steps, step.step_id), (1, Some(1)));
    assert_eq!(
        step.duration,
        Some(Times {
            count: 1,
            sum_us: 3.0,
            squared_sum: 9.0
        })
    );
}

#[test]
fn sums_that_cannot_be_are_refused() {
    for (row, better, problem) in [
        (
            "b,0,2,2,40",
            "b,0,2,0,40",
            "column `n`, row 1: `0`, and `steps` is at least 1",
        ),
        (
            "b,0,2,2,40",
            "b,0,2,,40",
            "column `n`, row 1: nothing, and `steps` is a whole number from 0 to 4294967295",
        ),
        (
            "1000,1,50",
            "1000,3,50",
            "column `m`, row 1: `3`, and `intervals` is at most the steps of the row",
        ),
        // Twice 20 has the least sum of squares that 40 can have, 800, and 0 and 40 the largest, 1600.
        (
            "40,1000",
            "40,799",
            "column `took2`, row 1: `799.0`, and `duration_us_squared_sum` is between the square of the sum, divided by the number of times, and the square of the sum",
        ),
        (
            "40,1000",
            "40,1601",
            "column `took2`, row 1: `1601.0`, and `duration_us_squared_sum` is between the square of the sum, divided by the number of times, and the square of the sum",
        ),
        (
            "40,1000",
            "40,",
            "column `took2`, row 1: nothing, and `duration_us_squared_sum` is needed where the other sum of the same times is there",
        ),
        (
            "40,1000",
            ",1000",
            "column `took`, row 1: nothing, and `duration_us_sum` is needed where the other sum of the same times is there",
        ),
        (
            "25,0,0,0",
            "25,0,7,49",
            "column `gap`, row 2: `7.0`, and `interval_us_sum` is 0 where there is no interval",
        ),
    ] {
        let text = SUMS.replace(row, better);
        assert_ne!(text, SUMS);
        assert_eq!(
            TraceFile::new(text).error(&sums()),
            format!("steps: {problem}")
        );
    }
    for fine in ["40,800", "40,1600"] {
        TraceFile::new(SUMS.replace("40,1000", fine)).trace(&sums());
    }
}

#[test]
fn sums_are_mapped_together_and_without_what_a_single_step_has() {
    let missing = |fields: &[(Field, &str)]| mapping(fields).missing().collect::<Vec<_>>();
    let tokens = [
        (Field::PrefillTokens, "prefill"),
        (Field::DecodeTokens, "decode"),
    ];
    assert_eq!(missing(&tokens), [Field::StepId]);
    let with_field = |field: Field| [tokens.as_slice(), &[(field, "took")]].concat();
    assert_eq!(missing(&with_field(Field::Steps)), []);
    assert_eq!(
        missing(&with_field(Field::DurationUsSum)),
        [Field::Steps, Field::DurationUsSquaredSum]
    );
    assert_eq!(
        missing(&with_field(Field::Intervals)),
        [
            Field::Steps,
            Field::IntervalUsSum,
            Field::IntervalUsSquaredSum
        ]
    );
    for field in Field::OF_ONE_STEP {
        let both = with(sums(), field, Source::column("took"));
        assert_eq!(both.contradicting().collect::<Vec<_>>(), [field]);
        assert_eq!(
            TraceFile::new(SUMS).error(&both),
            format!("steps: the mapping has `{field}`, and rows that sum steps up have none")
        );
    }
    assert_eq!(
        sums().contradicting().count() + timed().contradicting().count(),
        0
    );
}
