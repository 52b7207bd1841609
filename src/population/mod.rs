//! The population: everybody's state in columns, and the synthesis of the base year.
//!
//! Parameters and open statistics go in; a [`Population`] of the base year comes out, with the
//! fit of its margins told ([`base::Synthesis`]). The yearly engine takes it from there.

pub mod arrivals;
pub mod base;
pub mod columns;
pub mod ipf;
pub mod margins;
pub mod newcomers;
mod own;
pub mod places;
pub mod positions;
pub mod quota;
pub mod rates;
pub mod state;
pub mod stock;
pub mod students;

pub use base::{Synthesis, synthesise};
pub use columns::{Person, Population};
pub use newcomers::Newcomers;
