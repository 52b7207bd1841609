//! stabil: every health worker's career, one by one, year by year, with uncertainty.
//!
//! The rooms in reading order; each uses only rooms before it:
//! - [`words`]: the vocabulary
//! - [`dice`]: random numbers with addresses
//! - [`evidence`]: facts and open tables with their sources
//! - [`parameters`]: classifications, zones, parameters
//! - [`population`]: everybody's state in columns; the base year's synthesis
//! - [`need`]: how many the services would need
//! - [`engine`]: the year, one process a file
//! - [`tallies`], [`store`], [`bands`], [`runs`]: what is counted, kept, over many lives, in a run
//! - [`uncertainty`]: where the spread of many lives comes from, and how well it is known
//! - [`calibration`]: the free parameters fitted to targets
//! - [`validation`]: the model held against what it was not fitted to
//! - [`picture`]: SVG of values, in two languages

pub mod bands;
pub mod calibration;
pub mod cli;
pub mod dice;
pub mod engine;
pub mod evidence;
pub mod need;
pub mod parameters;
pub mod picture;
pub mod population;
pub mod report;
pub mod runs;
pub mod store;
pub mod tallies;
pub mod uncertainty;
pub mod validation;
pub mod words;
