//! Where the spread (spredning) of a run comes from, for a choice of output cells: the split of
//! the variance, bands that hold whole paths, errors of quantiles; and, with draws of the
//! parameters, which of them drive an output and what it would be worth to know them.

pub mod causes;
pub mod cells;
pub mod directions;
pub mod draw_means;
pub mod information;
pub mod years;

use super::ensemble::Ensemble;
use crate::disclosure::Rule;
use crate::store::{CellRuns, Runs};
use crate::tallies::Layout;
use crate::words::Year;
use directions::Directions;
use draw_means::DrawMeans;
use years::YearSpread;

/// The year that draws are told of besides the last, where the run reaches it.
pub const MIDDLE: Year = 2030;

/// What is looked for in the runs of each cell.
#[derive(Clone, Debug)]
pub struct Look {
    /// Is the cell in this position among the choice?
    chosen: Vec<bool>,
    /// Positions of the years that draws are told of.
    told: Vec<usize>,
    /// Which variants have alignment factors.
    aligned: Vec<bool>,
    /// Base and scenarios.
    arms: usize,
    draws: usize,
    runs: usize,
}

/// What the runs say of their spread.
#[derive(Clone, Debug, Default)]
pub struct Spread {
    /// By cell, then by base and scenarios, then by year.
    pub years: Vec<YearSpread>,
    /// The means of draws, by cell, then by base and scenarios, then by year; none with one draw.
    pub draws: Vec<DrawMeans>,
    /// The numbers of the draws.
    pub numbers: Vec<u64>,
    /// The parameters of the draws; none with one draw.
    pub directions: Option<Directions>,
}

impl Look {
    /// What to look for in the runs of an ensemble.
    pub fn of(ensemble: &Ensemble, runs: &Runs) -> Look {
        let layout = ensemble.layout();
        let groups = &ensemble.first().design.groups;
        let last = layout.years.len().saturating_sub(1);
        let middle = layout.years.iter().position(|year| *year == MIDDLE);
        let mut told: Vec<usize> = middle.into_iter().chain([last]).collect();
        told.dedup();
        Look {
            chosen: layout
                .cells
                .iter()
                .map(|cell| cells::is_chosen(cell, groups))
                .collect(),
            told,
            aligned: ensemble.variants.iter().map(|own| own.alignment).collect(),
            arms: runs.shape.arms,
            draws: runs.draws.len(),
            runs: runs.draws.len() * runs.seeds.len(),
        }
    }

    /// What the runs of a cell say; nothing of cells that are not among the choice, or where no
    /// two runs differ by chance or by draw.
    pub fn seen(&self, cell: &CellRuns) -> Spread {
        let mut spread = Spread::default();
        if self.runs < 2 || !self.chosen.get(cell.cell).is_some_and(|chosen| *chosen) {
            return spread;
        }
        for arm in 0..self.arms {
            spread
                .years
                .extend(years::of_cell(cell, arm, &self.aligned));
            if self.draws > 1 {
                let means = self.told.iter();
                let means =
                    means.filter_map(|year| draw_means::of_cell(cell, arm, *year, &self.aligned));
                spread.draws.extend(means);
            }
        }
        spread
    }
}

impl Spread {
    /// Takes what was seen in one more cell.
    pub fn take(&mut self, seen: Spread) {
        self.years.extend(seen.years);
        self.draws.extend(seen.draws);
    }

    /// Rounds the levels of persons and FTE by year, as the tables of bands are: means and ends of
    /// bands. Variances and standard errors tell of no level and stay.
    pub fn round(&mut self, rule: Rule, layout: &Layout) {
        let levels = ["sim_low", "sim_high"];
        let levels = levels.map(|name| years::NAMES.iter().position(|own| *own == name));
        let counts = |cell: usize| matches!(layout.cells[cell].unit, "persons" | "fte");
        for own in self.years.iter_mut().filter(|own| counts(own.cell)) {
            own.summary.mean = rule.rounded(own.summary.mean);
            for quantile in &mut own.summary.quantiles {
                *quantile = rule.rounded(*quantile);
            }
            for at in levels.into_iter().flatten() {
                own.numbers[at] = rule.rounded(own.numbers[at]);
            }
        }
    }

    /// Adds which draws they were, by their positions, and what parameters they have.
    pub fn with_draws(mut self, ensemble: &Ensemble, positions: &[u32]) -> Spread {
        let draws = positions
            .iter()
            .filter_map(|at| ensemble.draws.get(*at as usize));
        self.numbers = draws.map(|draw| draw.number).collect();
        if !self.draws.is_empty() {
            let (data, fit) = ensemble.evidence();
            self.directions = Directions::of(data, fit, &self.numbers);
        }
        self
    }
}
