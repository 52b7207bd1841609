//! Validation (validering): the model held against facts and models that it was not fitted to.
//!
//! [`points`] are the draws that the model is
//! tried at and what it says there; [`rivals`] are projections that a child could make, which a
//! model has to beat; [`ladder`] puts it all together in rungs of lines, some of them judged by a
//! tolerance declared here before the model's figures were known, all of them told.

pub mod against;
pub mod differences;
pub mod hindcast;
pub mod ladder;
pub mod points;
pub mod rivals;

pub use ladder::{Ladder, Rung, Settings, climb};
