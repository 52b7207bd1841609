//! The spread of a cell, year by year: the split of its variance, the band that holds whole paths,
//! and how well the quantiles are known.

use crate::bands::Summary;
use crate::bands::clustered::summarise_nested;
use crate::store::{self, CellRuns};
use crate::uncertainty::anova::{Part, Seeds, Split, split};
use crate::uncertainty::nested::Nested;
use crate::uncertainty::quantile_error::clustered_quantile_error;
use crate::uncertainty::simultaneous::{Band, quantile_band, sup_t_band};

/// The share of whole paths that a band is to hold.
pub const LEVEL: f64 = 0.95;
/// With fewer paths than these the band is symmetric (sup-t): quantiles of so few paths cannot hold
/// 95 % of them over many years.
pub const PATHS_FOR_QUANTILES: usize = 100;
/// The quantiles whose errors are told.
const QUANTILES: [f64; 3] = [0.025, 0.5, 0.975];
/// The seed of the normal paths that a symmetric band is made with.
const SEED: u32 = 1;

/// The spread of a cell in a year.
#[derive(Clone, Debug, PartialEq)]
pub struct YearSpread {
    /// Position of the output cell.
    pub cell: usize,
    /// 0 the base, then the scenarios.
    pub arm: usize,
    /// Position of the year.
    pub year: usize,
    /// The runs' summary.
    pub summary: Summary,
    /// The numbers of [`NAMES`].
    pub numbers: [f64; NAMES.len()],
}

/// What is told of a cell in a year: the variance and its parts, each with its standard error and
/// its share held between 0 and 1; the band that holds 95 % of whole paths and the level of each
/// year's own interval in it; standard errors of quantiles. Variances are in the squared unit of
/// the cell; what the design cannot tell is NaN.
pub const NAMES: [&str; 22] = [
    "variance",
    "structural",
    "structural_se",
    "structural_share",
    "alignment",
    "alignment_se",
    "alignment_share",
    "parameter",
    "parameter_se",
    "parameter_share",
    "interaction",
    "interaction_se",
    "interaction_share",
    "stochastic",
    "stochastic_se",
    "stochastic_share",
    "sim_low",
    "sim_high",
    "pointwise",
    "p025_se",
    "p50_se",
    "p975_se",
];

/// The split of the runs' variance; nothing if no draw is whole.
pub(super) fn split_of(runs: store::Nested<'_>, aligned: &[bool]) -> Option<Split> {
    let nested = Nested::new(runs.values, runs.variants, runs.draws, runs.seeds)?;
    // A seed throws the same dice under every variant.
    Some(split(&nested, Seeds::Paired, aligned))
}

/// The spread of an arm's runs of a cell, by year; years in which no run gave a value are left out.
pub fn of_cell(cell: &CellRuns, arm: usize, aligned: &[bool]) -> Vec<YearSpread> {
    let band = band(cell, arm);
    let years = cell.years(arm).enumerate().filter_map(|(year, runs)| {
        let summary = summarise_nested(runs);
        if summary.runs == 0 {
            return None;
        }
        let split = split_of(runs, aligned)?;
        let limits = band.as_ref().map_or([f64::NAN; 3], |band| {
            [band.lower[year], band.upper[year], band.pointwise]
        });
        let parts = [
            split.structural,
            split.alignment,
            split.parameter,
            split.interaction,
            split.stochastic,
        ];
        let mut numbers = [f64::NAN; NAMES.len()];
        let told = [split.total]
            .into_iter()
            .chain(parts.iter().flat_map(numbers_of))
            .chain(limits)
            .chain(errors(runs, summary.sd));
        for (place, number) in numbers.iter_mut().zip(told) {
            *place = number;
        }
        Some(YearSpread {
            cell: cell.cell,
            arm,
            year,
            summary,
            numbers,
        })
    });
    years.collect()
}

fn numbers_of(part: &Part) -> [f64; 3] {
    [part.variance, part.se, part.displayed()]
}

/// The band over the years; nothing without two whole paths.
fn band(cell: &CellRuns, arm: usize) -> Option<Band> {
    let years: Vec<&[f64]> = cell.years(arm).map(|runs| runs.values).collect();
    let count = years.first()?.len();
    let paths: Vec<Vec<f64>> = (0..count)
        .map(|run| years.iter().map(|values| values[run]).collect())
        .collect();
    let paths: Vec<&[f64]> = paths.iter().map(Vec::as_slice).collect();
    match count < PATHS_FOR_QUANTILES {
        true => sup_t_band(&paths, LEVEL, SEED),
        false => quantile_band(&paths, LEVEL),
    }
}

/// Standard errors of the quantiles. Runs of a draw belong together, and of a single draw those of
/// a seed under all variants.
fn errors(runs: store::Nested<'_>, sd: f64) -> [f64; 3] {
    if sd == 0.0 {
        return [0.0; 3];
    }
    let clusters: Vec<Vec<f64>> = match runs.draws {
        1 => (0..runs.seeds)
            .map(|seed| {
                let variants = 0..runs.variants;
                variants.map(|own| runs.of_draw(own, 0)[seed]).collect()
            })
            .collect(),
        draws => (0..draws)
            .map(|draw| {
                let variants = (0..runs.variants).map(|own| runs.of_draw(own, draw));
                variants.flatten().copied().collect()
            })
            .collect(),
    };
    let clusters: Vec<&[f64]> = clusters.iter().map(Vec::as_slice).collect();
    QUANTILES.map(|p| clustered_quantile_error(&clusters, p).se)
}
