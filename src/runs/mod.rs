//! Runs: from a run file to simulated years.

pub mod model;
pub mod work;

pub use model::Model;
