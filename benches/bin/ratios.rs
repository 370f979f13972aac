//! How much more than the floor does a division take? Medians over rounds in which the floor and
//! all divisions are measured in turn, so that a slow moment of the machine slows all of them.
//!
//! `cargo run --release -p fed-benches --bin ratios [-- --json]`

use std::hint::black_box;
use std::time::Instant;

use fed_benches::deployment;
use fed_benches::division::{Division, KEY, SIZES, divisions};
use serde_json::{Value, json};

const ROUNDS: usize = 61;

/// About how long one measurement takes, in nanoseconds.
const SAMPLE: f64 = 1_000_000.0;

/// What is measured of one division: nanoseconds, and how many times the floor.
struct Row {
    name: String,
    median: f64,
    floor: f64,
    ratio: f64,
}

fn main() {
    let as_json = std::env::args().any(|argument| argument == "--json");
    let mut rows = Vec::new();
    for size in SIZES {
        rows.extend(measured(&divisions(&[size])));
    }
    let object = deployment();
    let mut to_vec: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            timed(100, || {
                black_box(serde_json::to_vec(black_box(&object)).is_ok());
            })
        })
        .collect();
    let to_vec = median(&mut to_vec);
    if as_json {
        println!("{:#}", answer(&rows, to_vec));
        return;
    }
    println!(
        "{:<52} {:>12} {:>12} {:>7}",
        "division", "ns", "floor ns", "ratio"
    );
    for row in rows {
        println!(
            "{:<52} {:>12.0} {:>12.0} {:>7.2}",
            row.name, row.median, row.floor, row.ratio
        );
    }
    println!("{:<52} {to_vec:>12.0}", "calibration/to_vec");
}

fn answer(rows: &[Row], to_vec: f64) -> Value {
    let row = |row: &Row| {
        json!({
            "name": row.name,
            "nanoseconds": row.median,
            "floorNanoseconds": row.floor,
            "ratio": row.ratio,
        })
    };
    json!({
        "rounds": ROUNDS,
        "toVecNanoseconds": to_vec,
        "divisions": rows.iter().map(row).collect::<Vec<_>>(),
    })
}

/// Measures divisions of one size, each against the floor of its round.
fn measured(divisions: &[Division]) -> Vec<Row> {
    let Some(floor) = divisions.first().map(Division::floor) else {
        return Vec::new();
    };
    let total = divisions.first().map_or(0, |division| division.total);
    let mut run_floor = || {
        black_box(black_box(&floor).divide(total, KEY));
    };
    let times = repetitions(timed(10, &mut run_floor));
    let mut floors = Vec::new();
    let mut samples = vec![(Vec::new(), Vec::new()); divisions.len()];
    for division in divisions {
        division.check();
    }
    for _ in 0..ROUNDS {
        let of_floor = timed(times, &mut run_floor);
        floors.push(of_floor);
        for (division, (all, ratios)) in divisions.iter().zip(&mut samples) {
            let taken = timed(times, || {
                black_box(black_box(division).run());
            });
            all.push(taken);
            ratios.push(taken / of_floor);
        }
    }
    let floor = median(&mut floors);
    let named = divisions.iter().zip(&mut samples);
    named
        .map(|(division, (all, ratios))| Row {
            name: division.name(),
            median: median(all),
            floor,
            ratio: median(ratios),
        })
        .collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a small positive number"
)]
fn repetitions(nanoseconds: f64) -> u32 {
    (SAMPLE / nanoseconds.max(1.0)).clamp(1.0, 100_000.0) as u32
}

/// Nanoseconds for each of so many times.
#[expect(clippy::cast_precision_loss, reason = "far less than 2^52 nanoseconds")]
fn timed(times: u32, mut run: impl FnMut()) -> f64 {
    let start = Instant::now();
    for _ in 0..times {
        run();
    }
    start.elapsed().as_nanos() as f64 / f64::from(times)
}

fn median(numbers: &mut [f64]) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(0.0)
}
