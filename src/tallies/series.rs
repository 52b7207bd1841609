//! What comes out of one run: a number for each output cell and year.

use crate::words::Year;

/// The word for "everything together" in a key of an output cell.
pub const ALL: &str = "all";

/// One output cell: a measure for a profession, grade, sector, zone and zone left (or [`ALL`] of them).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OutputCell {
    /// Profession id, or [`ALL`].
    pub profession: String,
    /// Grade id, or [`ALL`].
    pub grade: String,
    /// Sector or place id, or [`ALL`].
    pub sector: String,
    /// Zone id, the id of a union of zones, or [`ALL`].
    pub zone: String,
    /// Where people came from, for measures of people moving into [`OutputCell::zone`]; else [`ALL`].
    pub from: String,
    /// What is measured, e.g. `supply_fte`.
    pub measure: String,
    /// Its unit, e.g. `fte`.
    pub unit: &'static str,
}

/// The values of one run (one scenario, parameter draw and seed).
#[derive(Clone, Debug, PartialEq)]
pub struct RunValues {
    /// The seed.
    pub seed: u64,
    /// Values by year, then by output cell; NaN where a rate has nobody to be a share of.
    pub values: Vec<f64>,
}

/// The layout that the values of all runs share.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// The years, first to last.
    pub years: Vec<Year>,
    /// The output cells.
    pub cells: Vec<OutputCell>,
}

impl Layout {
    /// Position of a year and cell in [`RunValues::values`].
    pub fn index(&self, year: usize, cell: usize) -> usize {
        year * self.cells.len() + cell
    }

    /// The cell with these keys, wherever people came from, if it is in the layout.
    pub fn find(
        &self,
        measure: &str,
        profession: &str,
        grade: &str,
        sector: &str,
        zone: &str,
    ) -> Option<usize> {
        self.cells.iter().position(|c| {
            c.measure == measure
                && c.profession == profession
                && c.grade == grade
                && c.sector == sector
                && c.zone == zone
                && c.from == ALL
        })
    }
}
