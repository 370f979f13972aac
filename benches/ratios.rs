//! How do divisions and whole decisions compare with the floor, and how does their cost grow?

mod decisions;

use std::fmt;
use std::hint::black_box;
use std::path::Path;

use serde_json::{Value, json};

use crate::division::{Division, KINDS, Kind};
use crate::floor::Floor;
use crate::instructions;
use crate::measure::{Median, Run, medians};
use crate::workload::{self, KEY, SIZES};

/// The least number of clusters for which a limit to the ratio is promised.
const PROMISED_FROM: usize = 1_000;

/// Ten times as many clusters cost at most so many times as much.
const MORE_CLUSTERS: ((usize, i64), (usize, i64), f64) =
    ((10_000, 1_000_000), (100_000, 10_000_000), 20.0);

/// A thousand times as many replicas cost at most so many times as much.
const MORE_REPLICAS: ((usize, i64), (usize, i64), f64) =
    ((5_000, 1_000_000), (5_000, 1_000_000_000), 1.1);

/// The modes whose cost may not depend on the number of replicas.
const WITHOUT_ROUNDS: [&str; 2] = ["karmada", "native"];

/// What is compared, and how long it may take.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Only what has one of these in its name; all where there is none.
    pub filters: Vec<String>,
    /// How often everything is measured.
    pub rounds: usize,
}

impl Choice {
    fn takes(&self, name: &str) -> bool {
        self.filters.is_empty() || self.filters.iter().any(|filter| name.contains(filter))
    }
}

/// One comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What is compared.
    pub name: String,
    /// Its cost.
    pub cost: f64,
    /// What it is compared with.
    pub base: String,
    /// The cost of that.
    pub base_cost: f64,
    /// How many times as much.
    pub ratio: f64,
    /// The most that is promised, where something is.
    pub most: Option<f64>,
    /// What costs are counted in.
    pub unit: Unit,
}

/// What costs are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Of the processor's time.
    Nanoseconds,
    /// As valgrind counts them.
    Instructions,
}

impl Unit {
    fn name(self) -> &'static str {
        match self {
            Self::Nanoseconds => "nanoseconds",
            Self::Instructions => "instructions",
        }
    }
}

/// What was measured in one run. As text it is a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// How often everything was measured.
    pub rounds: usize,
    /// What serde_json takes to serialise the Deployment.
    pub to_vec: f64,
    /// All comparisons.
    pub rows: Vec<Row>,
}

impl Report {
    /// Measures what is chosen. The program is what instructions are counted of.
    pub fn measured(choice: &Choice, program: &Path) -> Self {
        let mut rows: Vec<Row> = SIZES
            .iter()
            .flat_map(|size| against_floor(choice, *size))
            .collect();
        rows.extend(more_clusters(choice));
        rows.extend(more_replicas(choice, program));
        rows.extend(decisions::rows(choice));
        Self {
            rounds: choice.rounds,
            to_vec: to_vec(choice.rounds),
            rows,
        }
    }

    /// For programs.
    pub fn to_json(&self) -> Value {
        json!({
            "rounds": self.rounds,
            "toVecNanoseconds": self.to_vec,
            "rows": self.rows.iter().map(Row::to_json).collect::<Vec<_>>(),
        })
    }
}

impl Row {
    fn to_json(&self) -> Value {
        json!({
            "name": self.name,
            "cost": self.cost,
            "base": self.base,
            "baseCost": self.base_cost,
            "ratio": self.ratio,
            "most": self.most,
            "unit": self.unit.name(),
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<54} {:>12} {:>12} {:>6} {:>5}  of",
            "what", "cost", "of base", "ratio", "most"
        )?;
        for row in &self.rows {
            writeln!(f, "{row}")?;
        }
        write!(f, "{:<54} {:>12.0}", "calibration/to_vec", self.to_vec)
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            cost,
            base,
            base_cost,
            ratio,
            ..
        } = self;
        let most = self.most.map(|most| most.to_string()).unwrap_or_default();
        let unit = self.unit.name();
        write!(
            f,
            "{name:<54} {cost:>12.0} {base_cost:>12.0} {ratio:>6.2} {most:>5}  {base}, {unit}"
        )
    }
}

fn to_vec(rounds: usize) -> f64 {
    let object = crate::deployment();
    let run: Run<'_> = Box::new(|| {
        black_box(serde_json::to_vec(black_box(&object)).is_ok());
    });
    let medians = medians(rounds, &mut [run]);
    medians.first().map_or(0.0, |median| median.nanoseconds)
}

fn running(division: &Division) -> Run<'_> {
    Box::new(move || {
        black_box(black_box(division).run());
    })
}

fn running_floor(floor: &Floor, total: i64) -> Run<'_> {
    Box::new(move || {
        black_box(black_box(floor).divide(total, KEY));
    })
}

/// The divisions of one size, each against the floor of its round.
fn against_floor(choice: &Choice, (clusters, total): (usize, i64)) -> Vec<Row> {
    let divisions = chosen(choice, |_| true, (clusters, total));
    if divisions.is_empty() {
        return Vec::new();
    }
    let runs = divisions.iter().map(|division| {
        let is_promised = division.clusters >= PROMISED_FROM;
        let most = division.kind.most.filter(|_| is_promised);
        (division.name(), most, running(division))
    });
    rows_of(choice, (clusters, total), runs)
}

/// What is measured, each against the floor of its round.
fn rows_of<'r>(
    choice: &Choice,
    (clusters, total): (usize, i64),
    measured: impl Iterator<Item = (String, Option<f64>, Run<'r>)>,
) -> Vec<Row> {
    let floor = Floor::new(&workload::weights(clusters, total));
    let mut runs = vec![running_floor(&floor, total)];
    let mut named = Vec::new();
    for (name, most, run) in measured {
        named.push((name, most));
        runs.push(run);
    }
    let medians = medians(choice.rounds, &mut runs);
    let of_floor = medians.first().map_or(0.0, |floor| floor.nanoseconds);
    let row = |((name, most), median): ((String, Option<f64>), &Median)| Row {
        name,
        cost: median.nanoseconds,
        base: "floor".to_owned(),
        base_cost: of_floor,
        ratio: median.ratio,
        most,
        unit: Unit::Nanoseconds,
    };
    named
        .into_iter()
        .zip(medians.iter().skip(1))
        .map(row)
        .collect()
}

/// The chosen divisions of one size, which are known to be right.
fn chosen(
    choice: &Choice,
    kinds: impl Fn(&Kind) -> bool,
    (clusters, total): (usize, i64),
) -> Vec<Division> {
    let divisions = KINDS
        .into_iter()
        .filter(kinds)
        .map(|kind| Division::new(kind, clusters, total));
    let divisions: Vec<Division> = divisions
        .filter(|division| choice.takes(&division.name()))
        .collect();
    divisions.iter().for_each(Division::check);
    divisions
}

fn more_clusters(choice: &Choice) -> Vec<Row> {
    let (few, many, most) = MORE_CLUSTERS;
    let mut rows: Vec<Row> = floor_growth(choice, few, many).into_iter().collect();
    for large in chosen(choice, |_| true, many) {
        let small = Division::new(large.kind, few.0, few.1);
        rows.push(timed_growth(choice, &small, &large, most));
    }
    rows
}

/// What nothing is promised of, and the others can be held against.
fn floor_growth(choice: &Choice, few: (usize, i64), many: (usize, i64)) -> Option<Row> {
    let size = |(clusters, total)| format!("C{clusters}_N{total}");
    let name = format!("divide/floor/{}", size(many));
    let floor = |(clusters, total)| Floor::new(&workload::weights(clusters, total));
    choice.takes(&name).then(|| {
        let (small, large) = (floor(few), floor(many));
        let growth = [running_floor(&small, few.1), running_floor(&large, many.1)];
        growth_row(choice, name, size(few), growth, None)
    })
}

fn more_replicas(choice: &Choice, program: &Path) -> Vec<Row> {
    let (few, many, most) = MORE_REPLICAS;
    let promised = |kind: &Kind| WITHOUT_ROUNDS.contains(&kind.mode);
    let divisions = chosen(choice, promised, many);
    let rows = divisions.iter().map(|large| {
        let small = Division::new(large.kind, few.0, few.1);
        let counted = |division| instructions::counted(program, division);
        match (counted(&small), counted(large)) {
            (Some(of_small), Some(of_large)) => Row {
                name: large.name(),
                cost: of_large,
                base: small.size(),
                base_cost: of_small,
                ratio: of_large / of_small,
                most: Some(most),
                unit: Unit::Instructions,
            },
            // Nobody counts instructions here.
            _ => timed_growth(choice, &small, large, most),
        }
    });
    rows.collect()
}

fn timed_growth(choice: &Choice, small: &Division, large: &Division, most: f64) -> Row {
    let growth = [running(small), running(large)];
    growth_row(choice, large.name(), small.size(), growth, Some(most))
}

fn growth_row(
    choice: &Choice,
    name: String,
    base: String,
    mut growth: [Run<'_>; 2],
    most: Option<f64>,
) -> Row {
    // Large ones take long.
    let medians = medians(choice.rounds.div_ceil(3), &mut growth);
    let of = |at: usize| medians.get(at).copied().unwrap_or_default();
    Row {
        name,
        cost: of(1).nanoseconds,
        base,
        base_cost: of(0).nanoseconds,
        ratio: of(1).ratio,
        most,
        unit: Unit::Nanoseconds,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        Report {
            rounds: 3,
            to_vec: 7_000.4,
            rows: vec![
                Row {
                    name: "divide/native/weights/C1000_N100000".to_owned(),
                    cost: 36_000.0,
                    base: "floor".to_owned(),
                    base_cost: 24_000.0,
                    ratio: 1.5,
                    most: Some(1.5),
                    unit: Unit::Nanoseconds,
                },
                Row {
                    name: "divide/native/weights/C5000_N1000000000".to_owned(),
                    cost: 1_100_000.0,
                    base: "C5000_N1000000".to_owned(),
                    base_cost: 1_000_000.0,
                    ratio: 1.1,
                    most: None,
                    unit: Unit::Instructions,
                },
            ],
        }
    }

    #[test]
    fn programs_read_every_number() {
        let expected = json!({
            "rounds": 3,
            "toVecNanoseconds": 7000.4,
            "rows": [
                {
                    "name": "divide/native/weights/C1000_N100000",
                    "cost": 36_000.0,
                    "base": "floor",
                    "baseCost": 24_000.0,
                    "ratio": 1.5,
                    "most": 1.5,
                    "unit": "nanoseconds",
                },
                {
                    "name": "divide/native/weights/C5000_N1000000000",
                    "cost": 1_100_000.0,
                    "base": "C5000_N1000000",
                    "baseCost": 1_000_000.0,
                    "ratio": 1.1,
                    "most": null,
                    "unit": "instructions",
                },
            ],
        });
        assert_eq!(report().to_json(), expected);
    }

    #[test]
    fn people_read_a_table() {
        let table = report().to_string();
        let words = |line: usize| -> Vec<&str> {
            table
                .lines()
                .nth(line)
                .unwrap_or_default()
                .split_whitespace()
                .collect()
        };
        let first = "divide/native/weights/C1000_N100000 36000 24000 1.50 1.5 floor, nanoseconds";
        assert_eq!(words(1).join(" "), first);
        let second = "divide/native/weights/C5000_N1000000000 1100000 1000000 1.10 \
                      C5000_N1000000, instructions";
        assert_eq!(words(2).join(" "), second);
        assert_eq!(words(3).join(" "), "calibration/to_vec 7000");
    }

    #[test]
    fn a_whole_decision_has_its_limit() {
        let choice = Choice {
            filters: vec!["decide/fair_spread/C5000".to_owned()],
            rounds: 1,
        };
        let rows = Report::measured(&choice, Path::new("none")).rows;
        let limits: Vec<_> = rows.iter().map(|row| (&*row.name, row.most)).collect();
        assert_eq!(limits, [("decide/fair_spread/C5000", Some(4.0))]);
    }

    #[test]
    fn only_what_is_chosen_is_measured() {
        let choice = Choice {
            filters: vec![
                "native/ties/C3_".to_owned(),
                "kubefed/weights/C3_".to_owned(),
            ],
            rounds: 1,
        };
        let report = Report::measured(&choice, Path::new("none"));
        let names: Vec<&str> = report.rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(
            names,
            ["divide/kubefed/weights/C3_N9", "divide/native/ties/C3_N10"]
        );
        assert!(
            report
                .rows
                .iter()
                .all(|row| row.cost > 0.0 && row.ratio > 0.0)
        );
    }
}
