//! Runs: from a run file to simulated years.
//!
//! A run file is read as [`raw::RawRun`] and becomes a [`Plan`] in one place; after that there is
//! nothing left to check but names that depend on the data.

pub mod abroad_check;
pub mod account;
pub mod against_data;
pub mod align;
pub mod balance;
pub mod batches;
pub mod beside;
pub mod calibrated;
pub mod checks;
mod conditions;
pub mod costs;
pub mod design;
pub mod diffusion;
pub mod draws;
pub mod effects;
pub mod eligible;
pub mod ensemble;
pub mod inflows;
pub mod kept;
mod key_kind;
mod keys;
mod kinds;
pub mod laws;
mod levers_check;
pub mod life_story;
pub mod made;
pub mod manual;
pub mod model;
pub mod need_check;
pub mod note;
pub mod observed;
pub mod outputs;
pub mod overrides;
pub mod paired;
mod parting;
pub mod plan;
pub mod precision;
pub mod questions;
pub mod raw;
pub mod run_text;
pub mod scenario;
pub mod spread;
pub mod two_lives;
pub mod union;
pub mod units;
pub mod variant;
pub mod work;

pub use model::Model;
pub use overrides::Overrides;
pub use paired::Pairing;
pub use plan::Plan;
