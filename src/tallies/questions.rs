//! What outputs are asked beyond the stocks and flows: need and posts to hold supply against,
//! cover of vacant posts, risk at small size, and unions of zones that the user names.

use crate::engine::market::Agency;
use crate::need::Need;
use crate::words::Sector;
use std::sync::Arc;

/// What a run's outputs are asked. By default nothing: the measures concerned are not written.
#[derive(Clone, Debug, Default)]
pub struct Questions {
    /// Needed FTE, for gaps and staffing ratios.
    pub need: Option<Arc<Need>>,
    /// Posts (stillinger) in FTE, for vacancies; the need itself where not given.
    pub posts: Option<Arc<Need>>,
    /// Cover of vacant posts by hired-in staff.
    pub agency: Option<Agency>,
    /// Risks at small size. The same profession, sector and zone must not be asked about twice.
    pub risks: Vec<Risk>,
    /// Unions of zones by name, as positions of zones; a name that is taken is passed over.
    pub unions: Vec<(String, Vec<usize>)>,
}

/// A question about services so small that one who leaves is felt.
#[derive(Clone, Debug, PartialEq)]
pub struct Risk {
    /// Professions, as positions in the list.
    pub professions: Vec<usize>,
    /// The sector; none for all of health care.
    pub sector: Option<Sector>,
    /// Zones and unions by name; `all` is the country.
    pub zones: Vec<String>,
    /// Fewer people than this holding the job are too few.
    pub fewer_than: u32,
    /// Below this staffing ratio (supply over need) the place is understaffed.
    pub understaffed_below: f64,
}

impl Risk {
    /// The staffing ratio below which a place counts as understaffed unless asked otherwise: a
    /// convention, one post in ten empty.
    pub const UNDERSTAFFED_BELOW: f64 = 0.9;
}
