//! The alignment factors that belong to each draw of the posterior: found on the base run at the
//! draw's own parameters, stored with them, and used unchanged in every scenario.

use super::experiment::Experiment;
use crate::runs::align::find_factors;
use crate::runs::observed::Series;
use crate::words::Problem;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use super::fit::{Progress, Unfinished};

/// Factors of all draws.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Aligned {
    /// Names, in order.
    pub names: Vec<String>,
    /// Log-odds: one row a draw.
    pub factors: Vec<Vec<f64>>,
    /// How many series points could not be met, over all draws.
    pub gaps: usize,
}

/// Finds the factors of every draw on its own base run, with so many seeds; nothing where the data
/// folder has no series to align to. Counts the draws in `progress`.
///
/// # Errors
/// [`Unfinished`] if it was stopped, or for a series that cannot be read.
pub fn align(
    experiment: &Experiment,
    draws: &[Vec<f64>],
    seeds: u64,
    progress: &Progress,
) -> Result<Aligned, Unfinished> {
    let series = Series::read(&experiment.data)?;
    if series.is_empty() {
        return Ok(Aligned {
            factors: vec![Vec::new(); draws.len()],
            ..Aligned::default()
        });
    }
    let of_draw = |scores: &Vec<f64>| -> Result<Option<_>, Problem> {
        if progress.stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let found = find_factors(&experiment.model(scores)?, &series, seeds)?;
        progress.points.fetch_add(1, Ordering::Relaxed);
        Ok(Some(found))
    };
    let found: Result<Option<Vec<_>>, Problem> = draws.par_iter().map(of_draw).collect();
    let Some(found) = found? else {
        return Err(Unfinished::Stopped);
    };
    let names: BTreeSet<&str> = found
        .iter()
        .flat_map(|one| one.factors.pairs().map(|(name, _)| name))
        .collect();
    let names: Vec<String> = names.into_iter().map(str::to_string).collect();
    let row = |one: &crate::runs::align::Found| {
        let value = |name: &String| {
            let mut pairs = one.factors.pairs();
            pairs
                .find(|(own, _)| own == name)
                .map_or(0.0, |(_, value)| value)
        };
        names.iter().map(value).collect()
    };
    Ok(Aligned {
        factors: found.iter().map(row).collect(),
        gaps: found.iter().map(|one| one.gaps.len()).sum(),
        names,
    })
}
