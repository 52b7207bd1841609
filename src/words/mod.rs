//! The vocabulary: the words every room speaks, with their units, and nothing that depends on data.
//!
//! Professions, grades, zones and programmes are data (see [`crate::parameters`]); what is fixed
//! here are the things the year's schedule is written in: statuses, sectors, position bands,
//! age classes and the shape of an error message.

pub mod age;
pub mod place;
pub mod problem;

pub use age::{AGE_CLASSES, AgeClass, OLDEST_AGE, YOUNGEST_AGE};
pub use place::{Band, Disability, Sector, Sex, Status, Track};
pub use problem::Problem;

/// A calendar year (census on 1 December of that year).
pub type Year = u16;

/// The first year a clock can hold; clocks are stored as years since then in one byte.
pub const EPOCH: Year = 1900;

/// A calendar year as one byte: years since [`EPOCH`]. Valid for 1900 to 2155.
pub fn year_byte(year: Year) -> u8 {
    (year - EPOCH) as u8
}

/// The calendar year that a clock byte stands for.
pub fn byte_year(byte: u8) -> Year {
    EPOCH + Year::from(byte)
}
