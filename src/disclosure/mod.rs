//! Disclosure control (avsløringskontroll): which figures of a run may leave a secure zone.
//!
//! A cell of fewer persons than the minimum is small. It is hidden, and with it so many other cells
//! (complementary suppression) that what is published leaves open whether the cell holds as many
//! more as the minimum: nothing hidden follows by subtraction, nor narrowly from bounds.
//! Source: Hundepool et al. (2012), Statistical Disclosure Control, Wiley, chapter 4 (cell
//! suppression; the hypercube method GHMITER of Repsilber), doi 10.1002/9781118348239.
//!
//! The base year's figures are observations of real people where the base population is microdata.
//! Those of later years are of simulated lives; but a year on, nearly all are the same persons in
//! the same places, so a small cell is hidden in all years, by one pattern.
//!
//! Rounding holds for every figure of persons and FTE that is published: means, quantiles, ends of
//! bands. The means of single draws (`draws.csv`) and expected outputs at the ends of a parameter
//! are withheld where it is asked for, rather than rounded: they are many figures for one cell, and
//! the average of a hundred rounded ones gives the unrounded mean away again to a tenth of the base.

pub mod frame;
pub mod protect;
pub mod screen;

pub use frame::{Cell, Dimension, Frame};
pub use protect::protect;
pub use screen::{Screen, Screened, Subject};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The rule of a run. `minimum = 0` switches it off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Rule {
    /// Cells of fewer persons are hidden; 0 hides none.
    #[schemars(range(min = 0, max = 1000))]
    pub minimum: u32,
    /// Persons and FTE are rounded to multiples of it; 0 does not round.
    #[schemars(range(min = 0, max = 100))]
    pub round_to: u32,
}

impl Default for Rule {
    fn default() -> Rule {
        Rule {
            minimum: 5,
            round_to: 0,
        }
    }
}

impl Rule {
    /// Is anything hidden?
    pub fn is_on(&self) -> bool {
        self.minimum > 0
    }

    /// Is anything rounded?
    pub fn rounds(&self) -> bool {
        self.is_on() && self.round_to > 0
    }

    /// A number of persons or FTE as it is published.
    pub fn rounded(&self, number: f64) -> f64 {
        match self.round_to {
            0 => number,
            base => (number / f64::from(base)).round() * f64::from(base),
        }
    }

    /// A number of rows as it may be told: to the nearest multiple of the larger of the two.
    pub fn rounded_rows(&self, rows: usize) -> usize {
        let base = self.minimum.max(self.round_to).max(1) as usize;
        (rows + base / 2) / base * base
    }
}
