//! Calibration (kalibrering): the free parameters fitted, jointly and with their uncertainty, to
//! what is known of stocks and flows.
//!
//! [`targets`] are the facts with their errors, some of them kept back; a [`survey`] takes their
//! values from a simulated run; [`direct`] estimates what a fact gives as a rate; the
//! [`smoother`] moves an ensemble of points in the space of the free parameters towards the
//! targets; [`fit`] carries it all out and can be taken up again where it was stopped.

pub mod aligned;
pub mod cloud;
pub mod direct;
pub mod experiment;
pub mod fit;
pub mod fit_report;
pub mod recovery;
pub mod smoother;
pub mod survey;
pub mod targets;
pub mod traits;

pub use experiment::Experiment;
pub use survey::Survey;
pub use targets::{Target, Targets};
