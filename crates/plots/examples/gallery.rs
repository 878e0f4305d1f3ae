//! Writes pictures of each kind of chart into a folder:
//! `cargo run -p plots --example gallery -- FOLDER`.

use std::path::PathBuf;
use std::{env, fs, io};

use plots::{
    AgreementChart, Axis, BarChart, BarSeries, Caption, Categories, ColourScale, ComputeRoof,
    Heatmap, MemoryRoof, Point, ReferenceLine, RooflineChart, Series, XyChart,
};

const EXPERIMENTS: [&str; 13] = [
    "20260217-155451-llama-2-7b-tp1-codegen",
    "20260217-162547-llama-2-7b-tp1-roleplay",
    "20260217-170634-llama-2-7b-tp1-reasoning",
    "20260217-202857-llama-2-70b-tp4-general",
    "20260217-203421-llama-2-70b-hf-tp4-codegen",
    "20260218-084319-llama-2-70b-tp4-roleplay",
    "20260218-120914-mixtral-8x7b-v0-1-tp2-codegen",
    "20260218-130541-mixtral-8x7b-v0-1-tp2-roleplay",
    "20260218-141024-mixtral-8x7b-v0-1-tp2-reasoning",
    "20260218-150304-codellama-34b-tp2-general",
    "20260218-155500-codellama-34b-tp2-codegen",
    "20260218-160939-codellama-34b-tp2-roleplay",
    "20260218-164010-codellama-34b-tp2-a-name-that-nobody-should-ever-give-to-an-experiment",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let missing = || io::Error::other("the folder to write into is missing");
    let folder = PathBuf::from(env::args_os().nth(1).ok_or_else(missing)?);
    fs::create_dir_all(&folder)?;
    for (name, svg) in pictures()? {
        fs::write(folder.join(format!("{name}.svg")), svg)?;
    }
    Ok(())
}

fn pictures() -> Result<Vec<(&'static str, String)>, plots::PlotError> {
    let [marginal, share] = curves()?;
    Ok(vec![
        ("line", lines().svg()?),
        ("line-many", many_lines().svg()?),
        ("line-categories", lines_over_words().svg()?),
        ("line-dense", dense_line().svg()?),
        ("marginal", marginal.svg()?),
        ("cumulative", share.svg()?),
        ("scatter", scatter().svg()?),
        ("scatter-named", named_scatter().svg()?),
        ("bar", bars().svg()?),
        ("bar-grouped", grouped_bars().svg()?),
        ("bar-long-names", long_bars().svg()?),
        ("bar-many-series", many_bars().svg()?),
        ("heatmap", heatmap().svg()?),
        ("heatmap-diverging", diverging().svg()?),
        ("heatmap-log", log_heatmap().svg()?),
        ("agreement", agreement().svg()?),
        ("agreement-linear", linear_agreement().svg()?),
        ("roofline", roofline().svg()?),
        ("roofline-crowded", crowded_roofline().svg()?),
    ])
}

fn batch_sizes() -> impl Iterator<Item = f64> {
    (0..10).map(|power| 2_f64.powi(power))
}

fn step_ms(batch: f64, fixed: f64, each: f64) -> f64 {
    fixed + each * batch + 0.02 * batch.sqrt()
}

fn lines() -> XyChart {
    let models = [
        ("llama-2-7b, tp 1", 5.1, 0.021),
        ("llama-2-70b, tp 4", 12.9, 0.043),
        ("mixtral-8x7b, tp 2", 9.3, 0.030),
    ];
    let series = models.map(|(name, fixed, each)| {
        Series::from_pairs(
            name,
            batch_sizes().map(|batch| (batch, step_ms(batch, fixed, each))),
        )
    });
    let mut chart = XyChart::lines(
        Caption::new(
            "Decode step time by batch size",
            "Step time is flat up to a batch of about 64, then grows with it.",
        ),
        Axis::new("batch size").unit("requests").log(),
        Axis::new("step time").unit("ms").from_zero(),
        series.to_vec(),
    );
    chart.y_references = vec![
        ReferenceLine::new(30.0, "limit of the check: 30 ms"),
        ReferenceLine::new(10.0, "goal"),
    ];
    chart.x_references = vec![
        ReferenceLine::new(64.0, "end of the flat part"),
        ReferenceLine::new(96.0, "ridge of llama-2-70b"),
    ];
    chart
}

fn many_lines() -> XyChart {
    let series = (0..12_u32).map(|index| {
        let share = f64::from(index);
        Series::from_pairs(
            format!("model {index} of the sweep"),
            batch_sizes().map(|batch| (batch, step_ms(batch, 2.0 + 3.0 * share, 0.02))),
        )
    });
    XyChart::lines(
        Caption::new(
            "Twelve series",
            "Twelve lines that differ in colour, dash and mark.",
        ),
        Axis::new("batch size").unit("requests").log(),
        Axis::new("step time").unit("ms").log(),
        series.collect(),
    )
}

fn lines_over_words() -> XyChart {
    let simulated = (0..13_u32).map(|n| (f64::from(n), 20.0 + f64::from(n * 7 % 11)));
    let measured = (0..13_u32).filter(|&n| n != 5);
    let measured = measured.map(|n| (f64::from(n), 22.0 + f64::from(n * 5 % 9)));
    XyChart::lines(
        Caption::new(
            "ITL by experiment",
            "Simulated and measured ITL of 13 experiments.",
        ),
        Categories::new("experiment", EXPERIMENTS),
        Axis::new("ITL").unit("ms"),
        vec![
            Series::from_pairs("simulated", simulated),
            Series::from_pairs("measured", measured),
        ],
    )
}

fn dense_line() -> XyChart {
    let points = (0..20_000_u32).map(|n| {
        let second = f64::from(n) / 100.0;
        let wave = (second / 9.0).sin() * 30.0 + (second * 7.3).sin() * 12.0;
        (second, 60.0 + wave)
    });
    XyChart::lines(
        Caption::new("Requests in flight", "Twenty thousand points, thinned."),
        Axis::new("time").unit("s"),
        Axis::new("requests in flight").unit("requests").from_zero(),
        vec![Series::from_pairs("running", points)],
    )
}

fn curves() -> Result<[XyChart; 2], plots::PlotError> {
    let step = Series::from_pairs(
        "llama-2-70b",
        batch_sizes().map(|batch| (batch, 1000.0 * step_ms(batch, 12.9, 0.043))),
    );
    let x = Axis::new("batch size").unit("requests").log();
    let marginal = XyChart::lines(
        Caption::new(
            "What a larger batch costs",
            "What each doubling of the batch adds.",
        ),
        x.clone(),
        Axis::new("step time added").unit("µs").from_zero(),
        vec![step.marginal()],
    );
    let share = XyChart::lines(
        Caption::new(
            "Share of the sweep's time",
            "Running sum in percent of the total.",
        ),
        x,
        Axis::new("share of all step time").unit("%").from_zero(),
        vec![step.cumulative_share()?],
    );
    Ok([marginal, share])
}

fn scatter() -> XyChart {
    let cloud = |name: &str, seed: u32, slope: f64| {
        let points = (1..60_u32).map(|n| {
            let noise = f64::from(n.wrapping_mul(seed) % 37) / 37.0;
            let length = 40.0 * 1.12_f64.powf(f64::from(n));
            (length, slope * length * (0.6 + noise) + 9.0)
        });
        Series::from_pairs(name, points)
    };
    XyChart::points(
        Caption::new(
            "TTFT by prompt length",
            "TTFT grows with the length of the prompt.",
        ),
        Axis::new("prompt length").unit("tokens").log(),
        Axis::new("TTFT").unit("ms").log(),
        vec![
            cloud("codegen", 7919, 0.021),
            cloud("roleplay", 104_729, 0.034),
            cloud("reasoning", 1299, 0.013),
        ],
    )
}

fn named_scatter() -> XyChart {
    let points = |names: &[&str], offset: f64| {
        let named = names.iter().zip(0_u32..).map(|(name, n)| {
            let n = f64::from(n);
            let length = (40.0 + 3.0 * n * n) * offset;
            Point::labelled(length, 1.0 + 0.02 * n.powi(3) * offset, *name)
        });
        named.collect()
    };
    let mut chart = XyChart::points(
        Caption::new(
            "Growth of the step by experiment",
            "Points that lie together have one number.",
        ),
        Axis::new("prompt length").unit("tokens").log(),
        Axis::new("growth").from_zero(),
        vec![
            Series::new("measured", points(&EXPERIMENTS[..9], 1.0)),
            Series::new("simulated", points(&EXPERIMENTS[..6], 1.1)),
        ],
    );
    chart.y_references = vec![ReferenceLine::new(3.0, "threshold")];
    chart
}

fn bars() -> BarChart {
    let mut chart = BarChart::new(
        Caption::new(
            "Error of the simulated TTFT",
            "Below zero the simulation is too fast.",
        ),
        Categories::new("workload", ["codegen", "general", "reasoning", "roleplay"]),
        Axis::new("error of the mean TTFT").unit("%"),
        vec![BarSeries::new(
            "error",
            [Some(-12.4), Some(3.1), Some(8.25), Some(-31.0)],
        )],
    );
    chart.references = vec![
        ReferenceLine::new(15.0, "threshold: +15 %"),
        ReferenceLine::new(-15.0, "threshold: -15 %"),
    ];
    chart
}

fn grouped(count: usize) -> Vec<BarSeries> {
    ["TTFT", "ITL", "E2E"]
        .iter()
        .zip([5_u32, 11, 7])
        .map(|(name, seed)| {
            let values = (0..count).zip(0_u32..).map(|(_, n)| {
                let error = f64::from(n * seed * 13 % 83) * 0.7 - 21.0;
                (n != 4 || seed != 11).then_some(error)
            });
            BarSeries::new(*name, values)
        })
        .collect()
}

fn grouped_bars() -> BarChart {
    let mut chart = BarChart::new(
        Caption::new(
            "Errors by workload",
            "Errors of three metrics for four workloads.",
        ),
        Categories::new("workload", ["codegen", "general", "reasoning", "roleplay"]),
        Axis::new("error").unit("%"),
        grouped(4),
    );
    chart.references = vec![ReferenceLine::new(25.0, "threshold")];
    chart
}

fn long_bars() -> BarChart {
    let mut chart = BarChart::new(
        Caption::new(
            "Errors by experiment: TTFT, ITL and E2E of thirteen replayed benchmarks against what GuideLLM measured, split by model",
            "Errors of three metrics for 13 experiments.",
        ),
        Categories::new("experiment", EXPERIMENTS),
        Axis::new("error").unit("%"),
        grouped(13),
    );
    chart.references = vec![
        ReferenceLine::new(-15.0, "threshold: -15 %"),
        ReferenceLine::new(15.0, "threshold: +15 %"),
    ];
    chart
}

fn many_bars() -> BarChart {
    let series = (0..9_u32).map(|index| {
        BarSeries::new(
            format!("batch {}", 1 << index),
            [7_u32, 13, 5].map(|seed| Some(f64::from(10 + (index + 1) * seed % 41) * 1000.0)),
        )
    });
    BarChart::new(
        Caption::new("Throughput", "Nine groups."),
        Categories::new("GPU", ["A100", "H100", "L40S"]),
        Axis::new("throughput").unit("tokens/s"),
        series.collect(),
    )
}

fn powers(from: u32, count: u32) -> Vec<String> {
    let all = (0..count).map(|power| (from << power).to_string());
    all.collect()
}

fn cells(columns: u32, rows: u32, of: impl Fn(f64, f64) -> Option<f64>) -> Vec<Option<f64>> {
    let places = (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row)));
    places
        .map(|(column, row)| of(f64::from(column), f64::from(row)))
        .collect()
}

fn heatmap() -> Heatmap {
    Heatmap {
        caption: Caption::new("MFU of GEMMs", "MFU rises with both sizes."),
        columns: Categories::new("tokens", powers(1, 12)),
        rows: Categories::new("hidden size", powers(512, 7)),
        value: Axis::new("MFU").unit("%"),
        colours: ColourScale::Sequential,
        cells: cells(12, 7, |column, row| {
            let share = (column + row) / 17.0;
            (column < 10.0 || row < 5.0).then_some((share * share * 720.0).round() / 10.0)
        }),
    }
}

fn diverging() -> Heatmap {
    Heatmap {
        caption: Caption::new("Error by experiment and metric", "Orange: too slow."),
        columns: Categories::new("metric", ["TTFT", "ITL", "E2E", "TTFT p99", "ITL p99"]),
        rows: Categories::new("experiment", EXPERIMENTS),
        value: Axis::new("error").unit("%"),
        colours: ColourScale::Diverging { centre: 0.0 },
        cells: cells(5, 13, |column, row| {
            Some(((column * 37.0 + row * 23.0) % 71.0) - 28.0)
        }),
    }
}

fn log_heatmap() -> Heatmap {
    Heatmap {
        caption: Caption::new(
            "Step time over a large sweep",
            "From microseconds to seconds.",
        ),
        columns: Categories::new("context length (tokens)", powers(16, 24)),
        rows: Categories::new("batch size (requests)", powers(1, 10)),
        value: Axis::new("step time").unit("s").engineering(),
        colours: ColourScale::SequentialLog,
        cells: cells(24, 10, |column, row| {
            Some(2e-5 * (1.0 + 2_f64.powf(column * 0.4 + row * 0.8)))
        }),
    }
}

fn agreement() -> AgreementChart {
    let cloud = |name: &str, seed: u32, bias: f64| {
        let points = (1..14_u32).map(|n| {
            let noise = f64::from(n.wrapping_mul(seed) % 29) / 29.0 - 0.5;
            let measured = 9.0 * 1.55_f64.powf(f64::from(n));
            Point::labelled(
                measured,
                measured * bias * (1.0 + noise * 0.5),
                format!("{name} {n}"),
            )
        });
        Series::new(name, points.collect())
    };
    AgreementChart::new(
        Caption::new("TTFT, predicted against measured", "Most are within 25 %."),
        Axis::new("TTFT").unit("ms").log(),
        vec![cloud("codegen", 7919, 1.0), cloud("roleplay", 6007, 0.9)],
    )
}

fn linear_agreement() -> AgreementChart {
    let points = EXPERIMENTS.iter().zip(0_u32..).map(|(name, n)| {
        let measured = 12.0 + f64::from(n) * 2.3;
        let predicted = measured * (0.86 + f64::from(n * 5 % 7) * 0.05);
        Point::labelled(measured, predicted, name.get(16..).unwrap_or(name))
    });
    AgreementChart::new(
        Caption::new("ITL, predicted against measured", "Most are within 10 %."),
        Axis::new("ITL").unit("ms"),
        vec![Series::new("all", points.collect())],
    )
}

fn h100() -> (MemoryRoof, ComputeRoof) {
    (
        MemoryRoof {
            name: "HBM3".to_owned(),
            bytes_per_s: 3.35e12,
        },
        ComputeRoof {
            name: "BF16 tensor cores".to_owned(),
            flops_per_s: 989.5e12,
        },
    )
}

fn roofline() -> RooflineChart {
    let (memory, compute) = h100();
    let kind = |name: &str, points: &[(f64, f64, &str)]| {
        let points = points
            .iter()
            .map(|&(x, y, label)| Point::labelled(x, y * 1e12, label));
        Series::new(name, points.collect())
    };
    RooflineChart {
        caption: Caption::new(
            "Roofline of llama-2-70b on one H100, decode at batch 64",
            "GEMMs and attention are below the memory roof.",
        ),
        memory,
        compute: vec![compute],
        series: vec![
            kind(
                "GEMM",
                &[
                    (61.0, 170.0, "QKV projection"),
                    (62.5, 181.0, "output projection"),
                    (63.0, 176.0, "gate and up projection"),
                    (63.2, 188.0, "down projection"),
                    (60.0, 160.0, "LM head"),
                ],
            ),
            kind(
                "attention",
                &[
                    (7.8, 18.0, "decode attention"),
                    (8.4, 20.5, "decode attention, 4k"),
                ],
            ),
            kind("whole step", &[(52.0, 148.0, "decode step")]),
        ],
    }
}

fn crowded_roofline() -> RooflineChart {
    let (memory, compute) = h100();
    let fp8 = ComputeRoof {
        name: "FP8 tensor cores".to_owned(),
        flops_per_s: 1979e12,
    };
    let points = (0..24_u32).map(|n| {
        let intensity = 200.0 + f64::from(n) * 14.0;
        Point::labelled(
            intensity,
            4e14 + f64::from(n % 5) * 3e13,
            format!("GEMM {n}"),
        )
    });
    RooflineChart {
        caption: Caption::new("Crowded roofline", "24 points near the ridge."),
        memory,
        compute: vec![compute, fp8],
        series: vec![Series::new("GEMM", points.collect())],
    }
}
