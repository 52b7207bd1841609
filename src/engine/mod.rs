//! The yearly engine: what happens to everybody between one 1 December and the next.
//!
//! The year, in this order (each step is one file, and the file says everything about it):
//!  1. [`death`]; who is past the age limit of the statistics leaves here as well
//!  2. [`emigration`]: moving abroad, and home again
//!  3. [`study`]: progress, dropout, graduation
//!  4. [`first_job`]: where those who qualify, return or re-enter begin to work
//!  5. [`sick_leave`]: long sick leave and return
//!  6. [`disability`]: graded or full pension
//!  7. [`retirement`]: old-age pension
//!  8. [`leave_job`]: leaving the job, with its destination; re-entry from outside work
//!  9. [`move_zone`]: moving to another zone
//! 10. [`position`]: a new position band
//! 11. [`further_education`]: further education and the next grade
//! 12. [`life`]: who is followed only while employed in health care and no longer is, leaves;
//!     clocks need no step, they are calendar years
//! 13. [`queue`]: posts in limited number (LIS1), given by lottery among those who wait
//! 14. [`inflow`]: students admitted, people educated abroad, people hired; nothing else happens
//!     to them before the census of the year they enter
//! 15. [`market`], under the vacancy closure only: a census of posts and staff before step 1,
//!     hiring before step 13 and once more after step 14
//!
//! Whether anything at all happens to a person in a year is decided first, from one random block
//! and one row of upper bounds ([`search`], [`bounds`]); only those to whom something can happen go
//! through the steps ([`life`]). Both ways give the same lives, bit for bit.
//!
//! What has been observed can be met by factors on some of the steps, year by year: [`alignment`].
//!
//! The engine does no input or output, cannot fail, allocates nothing per person, and compares
//! integers only.

pub mod alignment;
mod bound_rows;
pub mod bounds;
pub mod closure;
pub mod crowd;
pub mod death;
pub mod disability;
pub mod emigration;
pub mod first_job;
pub mod further_education;
pub mod inflow;
pub mod leave_job;
pub mod life;
pub mod market;
pub mod move_zone;
pub mod policy;
pub mod position;
pub mod predictor;
pub mod queue;
pub mod reference;
pub mod retirement;
pub mod rules;
pub mod schedule;
pub mod search;
pub mod shadow;
pub mod sick_leave;
pub mod study;
pub mod terms;
pub mod walk;
pub mod year;

pub use alignment::Factors;
pub use closure::{Closure, Conditions};
pub use life::{Change, Entry, Exit, Observer, Turn, Witness};
pub use rules::Rules;
pub use walk::Walk;
