//! The means of draws: what an output is expected to be under each draw of the parameters, chance
//! averaged out as far as the seeds go.

use super::years::split_of;
use crate::store::{self, CellRuns};

/// The means of draws of a cell in a year.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawMeans {
    /// Position of the output cell.
    pub cell: usize,
    /// 0 the base; else a scenario less the base.
    pub arm: usize,
    /// Position of the year.
    pub year: usize,
    /// By draw, over variants and seeds; NaN where a run gave no value.
    pub means: Vec<f64>,
    /// Variance of chance in these means; NaN with one seed.
    pub noise: f64,
    /// Variance of a single run that does not come from the parameters alone; NaN with one seed.
    pub others: f64,
}

/// The means of the base's runs, or of a scenario less the base, run by run; nothing if there are
/// no values.
pub fn of_cell(cell: &CellRuns, arm: usize, year: usize, aligned: &[bool]) -> Option<DrawMeans> {
    let own = cell.in_year(arm, year);
    let base = cell.in_year(0, year);
    let less: Vec<f64> = match arm {
        0 => own.values.to_vec(),
        _ => own
            .values
            .iter()
            .zip(base.values)
            .map(|(a, b)| a - b)
            .collect(),
    };
    let runs = store::Nested {
        values: &less,
        ..own
    };
    let means: Vec<f64> = (0..runs.draws).map(|draw| mean_of(runs, draw)).collect();
    if means.iter().all(|mean| mean.is_nan()) {
        return None;
    }
    let split = split_of(runs, aligned)?;
    Some(DrawMeans {
        cell: cell.cell,
        arm,
        year,
        means,
        noise: split.noise(),
        others: split.total - split.parameter.variance,
    })
}

fn mean_of(runs: store::Nested<'_>, draw: usize) -> f64 {
    let variants = (0..runs.variants).map(|variant| runs.of_draw(variant, draw));
    let sum: f64 = variants.flatten().sum();
    sum / (runs.variants * runs.seeds) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_goes_over_variants_and_seeds_of_its_draw() {
        let values = [1.0, 3.0, 10.0, 20.0, 5.0, 7.0, f64::NAN, 20.0];
        let runs = store::Nested {
            variants: 2,
            draws: 2,
            seeds: 2,
            values: &values,
        };
        assert_eq!(mean_of(runs, 0), 4.0);
        assert!(mean_of(runs, 1).is_nan());
    }
}
