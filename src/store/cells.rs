//! Values read back cell by cell: of each cell all runs over all its years, base and scenarios
//! side by side.

use super::Trouble;
use super::piece::{Piece, Shape};
use rayon::prelude::*;

/// Values that are held at once while cells are read: 64 MB of them.
const AT_ONCE: usize = 8 << 20;

/// Runs that can be read: the same draws under every variant, the same number of seeds in each.
#[derive(Debug)]
pub struct Runs {
    /// What every run holds.
    pub shape: Shape,
    /// Structural variants.
    pub variants: usize,
    /// Draws, in the order of draws: their positions in it.
    pub draws: Vec<u32>,
    /// The seeds of each draw.
    pub seeds: Vec<u64>,
    /// The pieces by variant, then by draw, then by seed, with the positions of seeds in each.
    pieces: Vec<(Piece, Vec<usize>)>,
}

/// The values of one output cell over all runs and years.
#[derive(Debug)]
pub struct CellRuns {
    /// Position of the cell in the layout.
    pub cell: usize,
    years: usize,
    variants: usize,
    draws: usize,
    seeds: usize,
    /// By arm, then by year, then by variant, draw and seed.
    values: Vec<f64>,
}

/// The values of a cell in a year, nested (nøstet): seeds in draws in variants. NaN where a run
/// gave none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nested<'a> {
    /// Structural variants.
    pub variants: usize,
    /// Draws of each variant.
    pub draws: usize,
    /// Seeds of each draw.
    pub seeds: usize,
    /// All values, by variant, then by draw, then by seed.
    pub values: &'a [f64],
}

impl<'a> Nested<'a> {
    /// The values of one variant.
    pub fn of_variant(self, variant: usize) -> Nested<'a> {
        let size = self.draws * self.seeds;
        Nested {
            variants: 1,
            values: &self.values[variant * size..(variant + 1) * size],
            ..self
        }
    }

    /// The seeds' values of a draw under a variant.
    pub fn of_draw(self, variant: usize, draw: usize) -> &'a [f64] {
        let from = (variant * self.draws + draw) * self.seeds;
        &self.values[from..from + self.seeds]
    }
}

impl CellRuns {
    /// The values of an arm (0 the base, then the scenarios) in a year, by its position.
    pub fn in_year(&self, arm: usize, year: usize) -> Nested<'_> {
        let size = self.variants * self.draws * self.seeds;
        let from = (arm * self.years + year) * size;
        Nested {
            variants: self.variants,
            draws: self.draws,
            seeds: self.seeds,
            values: &self.values[from..from + size],
        }
    }

    /// The values of an arm over the years, first to last.
    pub fn years(&self, arm: usize) -> impl Iterator<Item = Nested<'_>> {
        (0..self.years).map(move |year| self.in_year(arm, year))
    }
}

impl Runs {
    pub(super) fn of(shape: Shape, mut pieces: Vec<(Piece, Vec<usize>)>) -> Result<Runs, Trouble> {
        pieces.sort_by(|one, other| one.0.label.cmp(&other.0.label));
        let mut parts: Vec<(u32, u32, Vec<u64>)> = Vec::new();
        for (piece, chosen) in &pieces {
            let own = &piece.label;
            let seeds = chosen.iter().map(|at| own.seeds[*at]);
            match parts.last_mut() {
                Some(last) if (last.0, last.1) == (own.variant, own.draw) => last.2.extend(seeds),
                _ => parts.push((own.variant, own.draw, seeds.collect())),
            }
        }
        let mut variants: Vec<u32> = parts.iter().map(|part| part.0).collect();
        variants.dedup();
        let first = variants.first().copied();
        let draws = parts.iter().filter(|part| Some(part.0) == first);
        let draws: Vec<u32> = draws.map(|part| part.1).collect();
        let seeds = parts.first().map(|part| part.2.clone()).unwrap_or_default();
        let whole = variants
            .iter()
            .flat_map(|variant| draws.iter().map(move |draw| (*variant, *draw)));
        let even = whole.eq(parts.iter().map(|part| (part.0, part.1)))
            && parts.iter().all(|part| part.2 == seeds);
        if !even {
            let message = "the runs that are kept are no rectangle of variants, draws and seeds";
            let error = std::io::Error::other(message);
            return Err(Trouble::at(std::path::Path::new("runs"), error));
        }
        Ok(Runs {
            shape,
            variants: variants.len(),
            draws,
            seeds,
            pieces,
        })
    }

    /// How many runs there are of each arm.
    pub fn count(&self) -> usize {
        self.variants * self.draws.len() * self.seeds.len()
    }

    /// The notes of the units, by variant, then by draw, then by seed, each with the seeds of it
    /// that are among the runs, told by their positions.
    pub fn notes(&self) -> impl Iterator<Item = (&Piece, &[usize])> {
        self.pieces.iter().map(|(piece, seeds)| (piece, &seeds[..]))
    }

    /// Goes through all cells in their order. `look` sees each on some thread and makes something
    /// of it; `take` is given that in the order of cells. Neither the number of threads nor where
    /// the values are kept makes a difference.
    ///
    /// # Errors
    /// [`Trouble`] with a work file.
    pub fn each_cell<T: Send>(
        &self,
        look: impl Fn(&CellRuns) -> T + Sync,
        mut take: impl FnMut(usize, T),
    ) -> Result<(), Trouble> {
        let runs = self.count() * self.shape.arms;
        let at_once = (AT_ONCE / (runs * self.shape.years).max(1)).max(1);
        for block in 0..self.shape.blocks() {
            let cells = self.shape.cells_of(block);
            for first in cells.clone().step_by(at_once) {
                let part = first..(first + at_once).min(cells.end);
                self.each_of(block, part, &look, &mut take)?;
            }
        }
        Ok(())
    }

    /// Goes through some cells of a block. Where there are so many runs that not all values of a
    /// block fit into memory, a block is read more than once.
    fn each_of<T: Send>(
        &self,
        block: usize,
        cells: std::ops::Range<usize>,
        look: &(impl Fn(&CellRuns) -> T + Sync),
        take: &mut impl FnMut(usize, T),
    ) -> Result<(), Trouble> {
        let years = self.shape.years;
        let before = cells.start - self.shape.cells_of(block).start;
        let values = before * years..(before + cells.len()) * years;
        let parts: Result<Vec<Vec<Vec<f64>>>, Trouble> = self
            .pieces
            .par_iter()
            .map(|(piece, seeds)| {
                let runs = piece.block(block, seeds)?;
                let cut = |run: Vec<f64>| match run.len() == values.len() {
                    true => run,
                    false => run[values.clone()].to_vec(),
                };
                Ok(runs.into_iter().map(cut).collect())
            })
            .collect();
        let runs: Vec<Vec<f64>> = parts?.into_iter().flatten().collect();
        let first = cells.start;
        let told: Vec<T> = cells
            .into_par_iter()
            .map(|cell| look(&self.cell(cell, cell - first, &runs)))
            .collect();
        for (at, own) in told.into_iter().enumerate() {
            take(first + at, own);
        }
        Ok(())
    }

    /// A cell out of the block values of all runs, which come seed by seed with their arms.
    fn cell(&self, cell: usize, at: usize, runs: &[Vec<f64>]) -> CellRuns {
        let Shape { years, arms, .. } = self.shape;
        let mut values = Vec::with_capacity(runs.len() * years);
        for arm in 0..arms {
            for year in at * years..(at + 1) * years {
                let own = runs.iter().skip(arm).step_by(arms);
                values.extend(own.map(|run| run[year]));
            }
        }
        CellRuns {
            cell,
            years,
            variants: self.variants,
            draws: self.draws.len(),
            seeds: self.seeds.len(),
            values,
        }
    }
}
