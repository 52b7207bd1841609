//! Flows: what can happen to people that is counted, and which of it a change is.

use super::footing::Footing;
use crate::engine::rules::HOSPITAL_AGE_CUT;
use crate::engine::{Change, Exit};
use crate::words::{Sector, Status, year_byte};

/// A list of flows with their identifiers.
macro_rules! flows {
    ($($(#[$doc:meta])* $name:ident = $id:literal;)+) => {
        /// What can happen that is counted. A flow is counted where the person was before
        /// (leaving) or is after (entering).
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(usize)]
        pub enum Flow { $($(#[$doc])* $name,)+ }
        impl Flow {
            /// All flows.
            pub const ALL: &[Flow] = &[$(Flow::$name,)+];
            /// Identifier.
            pub fn id(self) -> &'static str { match self { $(Flow::$name => $id,)+ } }
        }
    };
}

flows! {
    /// Qualified for the profession, new to it.
    Qualified = "entries_qualified";
    /// Arrived with the education from abroad.
    Arrived = "entries_abroad";
    /// Came home from abroad.
    Returned = "entries_returned";
    /// Hired without health education.
    Hired = "entries_hired";
    /// Died.
    Died = "leavers_death";
    /// Moved abroad.
    Emigrated = "leavers_emigration";
    /// Turned 75.
    AgeLimit = "leavers_age_75";
    /// Qualified for another profession.
    Changed = "leavers_profession";
    /// Left health care in a profession followed only there.
    Scope = "leavers_scope";
    /// Left health and care for old-age pension.
    ToPension = "left_health_old_age_pension";
    /// Left health and care for disability pension.
    ToDisability = "left_health_disability_pension";
    /// Left health and care for a job in another sector.
    ToOtherSectors = "left_health_other_sectors";
    /// Left health and care for outside work.
    ToOutside = "left_health_outside_work";
    /// Left health and care for full-time education.
    ToEducation = "left_health_education";
    /// Left health and care by death, emigration or the age limit.
    ToElsewhere = "left_health_death_emigration";
    /// Began work in health and care from outside it.
    IntoHealth = "joined_health";
    /// Municipal staff gone from the sector (narrow).
    MunicipalNarrow = "municipal_narrow";
    /// Municipal staff gone from the sector or with another employer (broad).
    MunicipalBroad = "municipal_broad";
    /// Hospital staff gone from the trust, all ages.
    HospitalExternal = "hospital_external";
    /// The same under 62.
    HospitalExternal62 = "hospital_external_62";
    /// The same under 60.
    HospitalExternal60 = "hospital_external_60";
    /// Municipal to hospital jobs.
    MunicipalToHospital = "moves_municipal_to_hospital";
    /// Hospital to municipal jobs.
    HospitalToMunicipal = "moves_hospital_to_municipal";
    /// Moved into the zone from another one.
    MovedIn = "moves_into_zone";
    /// Moved out of the zone to another one.
    MovedOut = "moves_out_of_zone";
    /// Began a long sick leave.
    FellIll = "began_sick_leave";
    /// Applied for a post and did not get it.
    TurnedAway = "turned_away";
    /// Newcomer without an experienced colleague as a guide.
    Unguided = "newcomers_unguided";
}

/// Number of flows.
pub const FLOWS: usize = Flow::ALL.len();

// A set of flows is a word.
const _: () = assert!(FLOWS <= 32);

/// The set of one flow, if it is so; empty if not.
#[inline(always)]
fn one(flow: Flow, is_so: bool) -> u32 {
    u32::from(is_so) << flow as u32
}

/// How an exit is counted among those who had the profession and were in the country.
fn of_exit(exit: Exit) -> u32 {
    match exit {
        Exit::Death => one(Flow::Died, true),
        Exit::Abroad => one(Flow::Emigrated, true),
        Exit::AgeLimit => one(Flow::AgeLimit, true),
        Exit::Scope(_) => one(Flow::Scope, true),
        Exit::Dropout | Exit::Forgotten => 0,
    }
}

/// How leaving health and care is counted, by the status after it: a set of one flow each.
static LEAVING_TO: [u32; 8] = {
    let mut all = [0; 8];
    let mut number = 0;
    while number < Status::ALL.len() {
        let status = Status::ALL[number];
        let flow = match status {
            Status::OldAgePension => Flow::ToPension,
            Status::DisabilityPension => Flow::ToDisability,
            Status::Education => Flow::ToEducation,
            Status::OutsideWork => Flow::ToOutside,
            Status::Working | Status::SickLeave => Flow::ToOtherSectors,
            Status::Emigrated | Status::Gone => Flow::ToElsewhere,
        };
        all[status as usize] = 1 << flow as u32;
        number += 1;
    }
    all
};

/// The flows of a change, a bit each: those counted where the person was, and those counted where
/// the person is now. Given how the person stood and stands; `known` says whether the person had a profession before.
///
/// Written as sums of conditions: each is hard to foresee, and branches on all of them would cost
/// more than the counting.
#[inline]
pub fn of(change: &Change<'_>, [held, holds]: [Footing; 2], known: bool) -> [u32; 2] {
    let (before, after) = (change.before, change.after);
    let (was, is) = (held.is_present(), holds.is_present());
    let (was_health, is_health) = (held.in_health(), holds.in_health());
    let (exits, qualified) = (change.exit.is_some(), change.qualified);

    let mut out = one(Flow::Emigrated, !exits & was & !is & known)
        | one(Flow::Changed, !exits & was & is & qualified & known);
    let into = one(Flow::Returned, !exits & !was & is)
        | one(Flow::Qualified, !exits & was & is & qualified)
        | one(Flow::IntoHealth, is_health & !(was & known & was_health));
    let status = match change.exit {
        Some(Exit::Scope(status)) => status,
        _ => after.status,
    };
    if let Some(exit) = change.exit
        && was
        && known
    {
        out |= of_exit(exit);
    }
    out |= LEAVING_TO[status.index()] * u32::from(known & was_health & !is_health);

    // Somebody who changed job earlier in the year has been counted for it.
    let had_job = held.is_employed() & (before.job_since != year_byte(change.year));
    let has_job = holds.is_employed();
    let leaves = had_job & !(has_job & (before.sector == after.sector));
    let changes = leaves | (had_job & (after.job_since != before.job_since));
    let age = usize::from(before.age(change.year - 1));
    let (municipal, hospital) = (
        before.sector == Sector::Municipal,
        before.sector == Sector::Hospital,
    );
    out |= one(Flow::MunicipalNarrow, municipal & leaves)
        | one(Flow::MunicipalBroad, municipal & changes)
        | one(Flow::HospitalExternal, hospital & changes)
        | one(
            Flow::HospitalExternal62,
            hospital & changes & (age < HOSPITAL_AGE_CUT),
        )
        | one(Flow::HospitalExternal60, hospital & changes & (age < 60));
    let moves_on = had_job & has_job;
    out |= one(
        Flow::MunicipalToHospital,
        moves_on & municipal & (after.sector == Sector::Hospital),
    ) | one(
        Flow::HospitalToMunicipal,
        moves_on & hospital & (after.sector == Sector::Municipal),
    );

    // Who qualifies for another profession leaves one and enters the other, moved or not.
    let moved = was & is & (after.zone != before.zone) & !qualified & known;
    let falls_ill = was & holds.is_sick() & !held.is_sick();
    out |= one(Flow::MovedOut, moved) | one(Flow::FellIll, falls_ill);
    [out, into | one(Flow::MovedIn, moved)]
}
