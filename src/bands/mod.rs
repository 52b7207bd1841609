//! Bands: what all runs of a scenario say together about each output cell and year.
//!
//! Every number that comes out of the model differs from run to run, because chance falls
//! differently and because parameters are uncertain. A [`Summary`] holds what is shown of those
//! numbers; [`Bands`] holds one summary for each cell and year of a layout.

pub mod clustered;
pub mod difference;
pub mod quantile;
pub mod scores;
pub mod summary;
pub mod tables;

pub use difference::{Difference, Differences, difference};
pub use quantile::quantile;
pub use summary::{QUANTILES, Summary, summarise};
pub use tables::{Names, Tables};

use crate::tallies::{Layout, RunValues};
use crate::words::Year;
use rayon::prelude::*;

/// Cells summarised by one thread before it looks for more work; has no effect on the result.
const CELLS_AT_A_TIME: usize = 256;

/// The summaries of one scenario over all its runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Bands {
    /// The scenario's identifier.
    pub scenario: String,
    /// The years and output cells.
    pub layout: Layout,
    /// One summary by year, then by cell, addressed by [`Layout::index`].
    pub rows: Vec<Summary>,
}

impl Bands {
    /// Summarises the runs of a scenario.
    ///
    /// The order of the runs and the number of threads make no difference, bit for bit: the values
    /// of a cell are sorted before anything is added up. Without runs all summaries are empty.
    ///
    /// # Panics
    ///
    /// When a run does not hold exactly one value for each year and cell of the layout.
    pub fn of(scenario: &str, layout: Layout, runs: &[RunValues]) -> Bands {
        let length = layout.years.len() * layout.cells.len();
        for run in runs {
            assert_eq!(
                run.values.len(),
                length,
                "run of seed {} has another layout",
                run.seed
            );
        }
        let rows = (0..length)
            .into_par_iter()
            .with_min_len(CELLS_AT_A_TIME)
            .map_init(
                || Vec::with_capacity(runs.len()),
                |values, index| {
                    values.clear();
                    values.extend(runs.iter().map(|run| run.values[index]));
                    summarise(values)
                },
            )
            .collect();
        Bands {
            scenario: scenario.to_string(),
            layout,
            rows,
        }
    }

    /// The summary at these positions in the layout's years and cells; none outside the layout.
    pub fn get(&self, year: usize, cell: usize) -> Option<&Summary> {
        let inside = year < self.layout.years.len() && cell < self.layout.cells.len();
        if inside {
            self.rows.get(self.layout.index(year, cell))
        } else {
            None
        }
    }

    /// The summary of a calendar year and the cell at this position; none outside the layout.
    pub fn in_year(&self, year: Year, cell: usize) -> Option<&Summary> {
        let position = self.layout.years.iter().position(|known| *known == year)?;
        self.get(position, cell)
    }

    /// The calendar years with the summaries of the cell at this position, first to last; nothing
    /// outside the layout.
    pub fn series(&self, cell: usize) -> impl Iterator<Item = (Year, &Summary)> {
        let years = self.layout.years.iter().enumerate();
        years.filter_map(move |(position, year)| Some((*year, self.get(position, cell)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tallies::{ALL, OutputCell};
    use proptest::prelude::*;

    fn cell(measure: &str) -> OutputCell {
        OutputCell {
            profession: "nurse".to_string(),
            grade: ALL.to_string(),
            sector: ALL.to_string(),
            zone: "north".to_string(),
            from: ALL.to_string(),
            measure: measure.to_string(),
            unit: "persons",
        }
    }

    fn layout() -> Layout {
        Layout {
            years: vec![2025, 2026],
            cells: vec![cell("supply"), cell("demand"), cell("gap")],
        }
    }

    fn run(seed: u64, values: [f64; 6]) -> RunValues {
        RunValues {
            seed,
            values: values.to_vec(),
        }
    }

    /// All bits of all summaries, so that NaN equals itself and 0 differs from -0.
    fn bits(bands: &Bands) -> Vec<u64> {
        let numbers = |row: &Summary| {
            let [a, b, c, d, e, f, g] = row.quantiles;
            [
                row.mean,
                row.sd,
                row.mcse,
                a,
                b,
                c,
                d,
                e,
                f,
                g,
                row.runs as f64,
            ]
        };
        bands
            .rows
            .iter()
            .flat_map(numbers)
            .map(f64::to_bits)
            .collect()
    }

    #[test]
    fn each_cell_is_summarised_on_its_own() {
        let runs = [
            run(1, [1.0, 10.0, f64::NAN, 4.0, 40.0, 0.5]),
            run(2, [3.0, 10.0, f64::NAN, 8.0, 44.0, f64::NAN]),
        ];
        let bands = Bands::of("reference", layout(), &runs);
        assert_eq!(bands.scenario, "reference");
        assert_eq!(bands.rows.len(), 6);
        let means: Vec<f64> = bands.series(0).map(|(_, summary)| summary.mean).collect();
        assert_eq!(means, [2.0, 6.0]);
        assert_eq!(
            bands.get(0, 1).map(|row| (row.mean, row.sd)),
            Some((10.0, 0.0))
        );
        assert_eq!(bands.in_year(2026, 1).map(Summary::median), Some(42.0));
        assert_eq!(bands.in_year(2025, 2).map(|row| row.runs), Some(0));
        assert_eq!(
            bands.in_year(2026, 2).map(|row| (row.runs, row.mean)),
            Some((1, 0.5))
        );
    }

    #[test]
    fn outside_the_layout_there_is_nothing() {
        let bands = Bands::of("reference", layout(), &[run(1, [0.0; 6])]);
        assert_eq!(bands.get(2, 0), None);
        assert_eq!(bands.get(0, 3), None);
        assert_eq!(bands.in_year(2024, 0), None);
        assert_eq!(bands.series(3).count(), 0);
        let years: Vec<Year> = bands.series(2).map(|(year, _)| year).collect();
        assert_eq!(years, [2025, 2026]);
    }

    #[test]
    fn without_runs_every_summary_is_empty() {
        let bands = Bands::of("reference", layout(), &[]);
        assert_eq!(bands.rows.len(), 6);
        assert!(
            bands
                .rows
                .iter()
                .all(|row| row.runs == 0 && row.mean.is_nan())
        );
    }

    #[test]
    #[should_panic(expected = "run of seed 7 has another layout")]
    fn a_run_of_another_layout_is_refused() {
        Bands::of(
            "reference",
            layout(),
            &[RunValues {
                seed: 7,
                values: vec![1.0],
            }],
        );
    }

    /// Values on which the order of addition shows in the last bits, with NaN and both zeros.
    fn value() -> impl Strategy<Value = f64> {
        prop_oneof![
            8 => -1e9..1e9_f64,
            1 => Just(f64::NAN),
            1 => Just(-f64::NAN),
            1 => Just(0.0),
            1 => Just(-0.0),
        ]
    }

    /// Runs, some with the same seed, and the same runs in another order.
    fn runs_twice() -> impl Strategy<Value = (Vec<RunValues>, Vec<RunValues>)> {
        let run = (0..20_u64, prop::collection::vec(value(), 6))
            .prop_map(|(seed, values)| RunValues { seed, values });
        prop::collection::vec(run, 0..40)
            .prop_flat_map(|runs| (Just(runs.clone()), Just(runs).prop_shuffle()))
    }

    proptest! {
        #[test]
        fn the_order_of_the_runs_makes_no_difference((runs, shuffled) in runs_twice()) {
            let one = Bands::of("reference", layout(), &runs);
            let other = Bands::of("reference", layout(), &shuffled);
            prop_assert_eq!(bits(&one), bits(&other));
        }
    }
}
