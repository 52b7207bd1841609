//! Evidence: reading the data folder (embedded or given), facts with their sources, open tables.
//!
//! This is the only room that knows where data lie. Everything it hands out carries file and
//! line, so that later rooms can point at the origin of a bad value.

pub mod fact;
pub mod folder;
pub mod parquet_guard;
pub mod table;

pub use fact::{Fact, Facts};
pub use folder::DataFolder;
pub use table::Table;
