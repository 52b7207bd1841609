//! Parameters and classifications: the model's numbers and lists, read from the data folder.
//!
//! Raw text becomes valid here, once; later rooms meet no missing values and no ranges to check.

pub mod classification;
pub mod data;
pub mod free;
pub mod lever_check;
pub mod levers;
pub mod microdata;
pub mod places;
pub mod policy;
pub mod posterior;
pub mod table;
pub mod value;
pub mod zones;

pub use classification::{Classification, Grade, Profession, Programme, Scope, Step, StepKind};
pub use data::ModelData;
pub use free::FreeParameters;
pub use lever_check::LeverFault;
pub use levers::Levers;
pub use microdata::Microdata;
pub use policy::Policy;
pub use posterior::Posterior;
pub use table::Parameters;
pub use value::{Distribution, EvidenceGrade, Parameter, Shape};
pub use zones::{Zone, Zones};
