//! Uncertainty (usikkerhet): what an ensemble of runs says about where its spread comes from, and
//! how well it says it.
//!
//! An ensemble runs the same draws of the parameters through structural variants, each draw with
//! several seeds. Everything here is a function of the numbers that came out; nothing is read or
//! written. Sampled numbers come from fixed seeds, so the same input gives the same answer.

pub mod allocation;
pub mod anova;
pub mod benefits;
pub mod drivers;
pub mod evppi;
pub mod given_data;
mod mean_squares;
pub mod nested;
mod polynomial;
pub mod prcc;
pub mod quantile_error;
mod ranks;
mod ridge;
pub mod selection;
pub mod simultaneous;
pub mod sobol;
#[cfg(test)]
mod testing;
pub mod tornado;
pub mod variance_reduction;
