//! Randomness with addresses: every number is a pure function of (seed, person, year, decision).
//!
//! No generator has a state to save, so results are the same on any number of threads, after
//! resuming, in shards, and whatever is output; and a scenario meets the same dice as its baseline.

pub mod address;
pub mod philox;
pub mod sample;

pub use address::{Anchor, Decision, Key};
pub use philox::{Counter, Stream};
pub use sample::{ALWAYS, NEVER, pick, threshold};
