//! Tallies: counting what the engine does, as it happens.
//!
//! Stocks are kept by differences: only people to whom something happens are touched, so that a
//! quiet year costs nothing. Everything is whole numbers (people; thousandths of FTE), so sums do
//! not depend on order, and tallies of parts add up to those of the whole.

pub mod balance_measures;
pub mod displacement;
pub mod durations;
pub mod fill;
pub mod flow;
pub mod footing;
pub mod key_moves;
pub mod layout;
pub mod ledger;
pub mod measures;
pub mod questions;
pub mod retention;
pub mod risk;
pub mod series;
pub mod sums;
pub mod vacancies;

pub use durations::{Durations, Kind};
pub use fill::History;
pub use flow::Flow;
pub use footing::Footing;
pub use layout::{Breakdown, Plan};
pub use ledger::Ledger;
pub use questions::{Questions, Risk};
pub use series::{ALL, Layout, OutputCell, RunValues};
