//! What `stabil run` finds out about the spread of its results, and the files that tell it.

use super::CliError;
use super::results::{remove, write};
use crate::report::spread_tables::{
    DRAW_COLUMNS, Keys, UNCERTAINTY_COLUMNS, draw_numbers, draw_rows, drivers, less_base,
    uncertainty_rows, values,
};
use crate::report::{csv_file, parquet_file};
use crate::runs::design::Design;
use crate::runs::effects::discounted;
use crate::runs::paired::Pair;
use crate::runs::spread::Spread;
use crate::runs::spread::causes::{Causes, causes};
use crate::runs::spread::cells::is_driven;
use crate::runs::spread::information::{
    Amounts, Gain, Group, Reduction, gains, groups, reductions,
};
use crate::tallies::{ALL, Layout};
use rayon::prelude::*;
use std::path::Path;

/// The spread of the chosen cells.
pub const UNCERTAINTY: &str = "uncertainty.csv";
/// The means of draws.
pub const DRAWS: &str = "draws.csv";
/// What drives outputs.
pub const DRIVERS: &str = "drivers.csv";

/// The files of runs with something to tell of their spread.
const OF_RUNS: [&str; 2] = [UNCERTAINTY, "uncertainty.parquet"];
/// The files of runs with draws besides.
const OF_DRAWS: [&str; 4] = [DRAWS, "draws.parquet", DRIVERS, "value_of_information.csv"];

/// What was found out.
#[derive(Debug)]
pub struct Found {
    /// What the runs say of their spread.
    pub spread: Spread,
    /// What drives outputs: position among the means of draws, and the causes.
    pub causes: Vec<(usize, Causes)>,
    groups: Vec<Group>,
    reductions: Vec<Reduction>,
    gains: Vec<Gain>,
    /// Are levels of single draws withheld? See [`Found::without_levels`].
    is_withheld: bool,
}

impl Found {
    /// Finds out what the spread says. `shape` is the number of variants, draws and seeds.
    pub fn of(
        spread: Spread,
        layout: &Layout,
        design: &Design,
        pairs: &[Pair],
        shape: (usize, usize, usize),
    ) -> Found {
        let mut found = Found {
            spread,
            causes: Vec::new(),
            groups: Vec::new(),
            reductions: Vec::new(),
            gains: Vec::new(),
            is_withheld: false,
        };
        let Some(directions) = &found.spread.directions else {
            return found;
        };
        let last = layout.years.len().saturating_sub(1);
        let means = &found.spread.draws;
        let driven: Vec<usize> = (0..means.len())
            .filter(|at| means[*at].year == last && is_driven(&layout.cells[means[*at].cell]))
            .collect();
        found.causes = driven
            .par_iter()
            .filter_map(|at| Some((*at, causes(directions, &means[*at])?)))
            .collect();
        found.groups = groups(directions);
        let rural = design.groups.last();
        let told = |at: &usize| {
            let own = &means[*at];
            let cell = &layout.cells[own.cell];
            own.arm == 0 && (cell.zone == ALL || Some(&cell.zone) == rural)
        };
        let outputs: Vec<usize> = driven.iter().copied().filter(told).collect();
        found.reductions = reductions(directions, &found.groups, &found.spread, &outputs);
        let priced = |position: &usize| {
            let mut policies = design.scenarios[*position].policies.iter();
            policies.all(|policy| policy.cost.is_known())
        };
        let scenarios: Vec<Amounts> = (0..design.scenarios.len())
            .filter(priced)
            .map(|position| {
                let [fte_years, costs] = discounted(design, position, pairs);
                Amounts { fte_years, costs }
            })
            .collect();
        found.gains = gains(directions, &found.groups, &scenarios, shape);
        found
    }

    /// The same without what gives a rounded level away: no means of draws are written, nor outputs
    /// at the ends of a parameter.
    pub fn without_levels(mut self) -> Found {
        for (_, causes) in &mut self.causes {
            for cause in &mut causes.listed {
                cause.ends = [f64::NAN; 2];
            }
        }
        self.is_withheld = true;
        self
    }

    /// Writes the files and gives their names; those that this run does not have are removed.
    ///
    /// # Errors
    /// A [`CliError`] for what cannot be written.
    pub fn write(
        &self,
        folder: &Path,
        layout: &Layout,
        arms: &[String],
    ) -> Result<Vec<&'static str>, CliError> {
        for name in OF_RUNS.into_iter().chain(OF_DRAWS) {
            remove(folder, name)?;
        }
        let mut names = Vec::new();
        let less = less_base(arms);
        let keys = Keys {
            layout,
            arms,
            less: &less,
        };
        let spread = &self.spread;
        if !spread.years.is_empty() {
            let [csv, parquet] = OF_RUNS;
            let rows = || uncertainty_rows(spread, keys);
            write(folder, csv, |to| {
                csv_file::write_rows(&UNCERTAINTY_COLUMNS, rows(), to).map(drop)
            })?;
            write(folder, parquet, |to| {
                let columns = &UNCERTAINTY_COLUMNS;
                Ok(parquet_file::write_rows("uncertainty", columns, rows(), to).map(drop)?)
            })?;
            names.extend(OF_RUNS);
        }
        let Some(directions) = &spread.directions else {
            return Ok(names);
        };
        let [csv, parquet, driving, worth] = OF_DRAWS;
        if !self.is_withheld {
            let numbers = draw_numbers(spread);
            let rows = || draw_rows(spread, &numbers, keys);
            write(folder, csv, |to| {
                csv_file::write_rows(&DRAW_COLUMNS, rows(), to).map(drop)
            })?;
            write(folder, parquet, |to| {
                Ok(parquet_file::write_rows("draws", &DRAW_COLUMNS, rows(), to).map(drop)?)
            })?;
            names.extend([csv, parquet]);
        }
        write(folder, driving, |to| {
            let all = self.causes.iter();
            let all = all.map(|(at, causes)| (&spread.draws[*at], causes));
            drivers(all, directions, keys, to)
        })?;
        write(folder, worth, |to| {
            let told = (&self.reductions[..], &self.gains[..]);
            values(spread, &self.groups, told, keys, to)
        })?;
        names.extend([driving, worth]);
        Ok(names)
    }
}
