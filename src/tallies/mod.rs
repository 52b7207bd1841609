//! Tallies: counting what the engine does, as it happens.
//!
//! Stocks are kept by differences: only people to whom something happens are touched, so that a
//! quiet year costs nothing. Everything is whole numbers (people; thousandths of FTE), so sums do
//! not depend on order, and tallies of parts add up to those of the whole.

pub mod durations;
pub mod layout;
pub mod ledger;
pub mod measures;
pub mod retention;
pub mod series;

pub use durations::{Durations, Kind};
pub use layout::{Breakdown, Plan};
pub use ledger::{Flow, Ledger, Place};
pub use series::{ALL, Layout, OutputCell, RunValues};
