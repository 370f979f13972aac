//! How do whole decisions compare with the floor, and how does their cost grow?

use std::hint::black_box;

use super::{Choice, MORE_CLUSTERS, Row, growth_row, rows_of};
use crate::decision::{self, Clusters, Decision, VARIANTS, Variant};
use crate::measure::Run;
use crate::workload;

/// A whole decision for so many clusters takes at most so many times the floor.
const WHOLE_DECISION: (usize, f64) = (5_000, 4.0);

pub(super) fn rows(choice: &Choice) -> Vec<Row> {
    let sizes = decision::SIZES.into_iter();
    let mut rows: Vec<Row> = sizes.flat_map(|size| against_floor(choice, size)).collect();
    rows.extend(more_clusters(choice));
    rows
}

/// The decisions of one size, each against the floor of its round.
fn against_floor(choice: &Choice, clusters: usize) -> Vec<Row> {
    let decisions = chosen(choice, clusters);
    if decisions.is_empty() {
        return Vec::new();
    }
    let (promised_for, most) = WHOLE_DECISION;
    let most = (clusters == promised_for).then_some(most);
    let runs = decisions
        .iter()
        .map(|decision| (decision.name(), most, deciding(decision)));
    let total = workload::SIZES.iter().find(|(size, _)| *size == clusters);
    rows_of(choice, (clusters, total.map_or(0, |size| size.1)), runs)
}

/// The chosen decisions of one size, which are known to be right.
fn chosen(choice: &Choice, clusters: usize) -> Vec<Decision> {
    let name = |variant: &Variant| decision::name(variant, clusters);
    let variants = VARIANTS.into_iter();
    let variants: Vec<_> = variants
        .filter(|variant| choice.takes(&name(variant)))
        .collect();
    if variants.is_empty() {
        return Vec::new();
    }
    let clusters = Clusters::new(clusters);
    let decisions = variants.into_iter();
    let decisions: Vec<_> = decisions
        .map(|variant| Decision::new(variant, &clusters))
        .collect();
    decisions.iter().for_each(Decision::check);
    decisions
}

fn deciding(decision: &Decision) -> Run<'_> {
    Box::new(move || {
        black_box(black_box(decision).run());
    })
}

/// Ten times as many clusters.
fn more_clusters(choice: &Choice) -> Vec<Row> {
    let ((few, _), (many, _), most) = MORE_CLUSTERS;
    let large = chosen(choice, many);
    if large.is_empty() {
        return Vec::new();
    }
    let clusters = Clusters::new(few);
    let rows = large.iter().map(|large| {
        let small = Decision::new(large.variant, &clusters);
        let growth = [deciding(&small), deciding(large)];
        growth_row(choice, large.name(), format!("C{few}"), growth, Some(most))
    });
    rows.collect()
}
