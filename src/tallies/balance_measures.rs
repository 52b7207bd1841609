//! The measures that hold supply against something: need, posts, other zones, smallness, and
//! education abroad.

use super::flow::Flow;
use super::measures::{Depth, Formula, Measure, m};

/// What is held against what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Balance {
    /// Needed FTE.
    Need,
    /// Supply less need.
    Gap,
    /// Supply over need.
    StaffingRatio,
    /// Posts less staff, where there are more posts than staff.
    VacantPosts,
    /// Mean years that vacant posts have stood so.
    VacancyYears,
    /// Vacant FTE covered by hired-in staff.
    AgencyFte,
    /// What that costs.
    AgencyCost,
}

/// Which moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Movement {
    /// Into health jobs of the zone.
    Recruits,
    /// Those from health jobs in other rural zones.
    RecruitsFromRural,
    /// Out of health jobs of the zone.
    Departures,
    /// Those to health jobs in other rural zones.
    DeparturesToRural,
    /// Recruits less departures.
    NetGain,
    /// Net gain less what other rural zones lost on balance.
    NetGainAfterDisplacement,
}

impl Movement {
    /// Is it what moves come to, rather than a part of that?
    pub fn is_outcome(self) -> bool {
        matches!(
            self,
            Movement::Recruits | Movement::NetGain | Movement::NetGainAfterDisplacement
        )
    }
}

/// What is asked about a small place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtRisk {
    /// Fewer people than asked about.
    Below,
    /// A staffing ratio below the one asked about.
    Understaffed,
    /// The longest unbroken run of understaffed years.
    LongestRun,
}

/// These measures, in the order of outputs.
pub(super) const BALANCE: &[Measure] = &[
    m(
        "need_fte",
        "fte",
        Depth::Core,
        Formula::Balance(Balance::Need),
        "Etterspørsel: årsverk som helse og omsorg ville trenge",
        "Need: FTE that health and care would need",
    ),
    m(
        "gap_fte",
        "fte",
        Depth::Core,
        Formula::Balance(Balance::Gap),
        "Tilbud minus etterspørsel, årsverk; negativt er underskudd (yrker med etterspørsel)",
        "Supply less need, FTE; negative is shortage (professions with a need)",
    ),
    m(
        "staffing_ratio",
        "ratio",
        Depth::Core,
        Formula::Balance(Balance::StaffingRatio),
        "Bemanningsgrad: tilbud delt på etterspørsel (yrker med etterspørsel)",
        "Staffing ratio: supply over need (professions with a need)",
    ),
    m(
        "vacant_posts",
        "fte",
        Depth::Core,
        Formula::Balance(Balance::VacantPosts),
        "Ledige stillinger: summen over yrke, sektor og sone av årsverk som mangler på stillingene",
        "Vacant posts: sum over profession, sector and zone of the FTE that posts lack",
    ),
    m(
        "vacancy_years",
        "years",
        Depth::Core,
        Formula::Balance(Balance::VacancyYears),
        "Gjennomsnittlig antall år de ledige stillingene har stått ledige",
        "Mean years that the vacant posts have stood vacant",
    ),
    m(
        "agency_fte",
        "fte",
        Depth::Core,
        Formula::Balance(Balance::AgencyFte),
        "Ledige årsverk dekket med innleie",
        "Vacant FTE covered by hired-in staff",
    ),
    m(
        "agency_cost",
        "nok_million",
        Depth::Core,
        Formula::Balance(Balance::AgencyCost),
        "Kostnad ved innleie, millioner kroner",
        "Cost of hired-in staff, million kroner",
    ),
    m(
        "turned_away",
        "persons",
        Depth::Core,
        Formula::Flows(&[Flow::TurnedAway]),
        "Søkere til stillinger i sonen som ikke fikk noen",
        "Applicants for posts in the zone who got none of them",
    ),
    m(
        "newcomers_unguided",
        "persons",
        Depth::Core,
        Formula::Flows(&[Flow::Unguided]),
        "Nye i jobb og yrke uten erfaren kollega til veiledning",
        "New in job and profession without an experienced colleague as a guide",
    ),
    m(
        "recruits",
        "persons",
        Depth::Core,
        Formula::Moves(Movement::Recruits),
        "Rekruttert til helsejobb i sonen fra steder utenfor den siden forrige telling",
        "Recruited to health jobs in the zone from outside it since the last census",
    ),
    m(
        "recruits_from_rural",
        "persons",
        Depth::Core,
        Formula::Moves(Movement::RecruitsFromRural),
        "Rekruttert fra helsejobb i andre distriktssoner",
        "Recruited from health jobs in other rural zones",
    ),
    m(
        "departures",
        "persons",
        Depth::Core,
        Formula::Moves(Movement::Departures),
        "Gått fra helsejobb i sonen til noe utenfor den siden forrige telling",
        "Gone from health jobs in the zone to anywhere outside it since the last census",
    ),
    m(
        "departures_to_rural",
        "persons",
        Depth::Core,
        Formula::Moves(Movement::DeparturesToRural),
        "Gått til helsejobb i andre distriktssoner",
        "Gone to health jobs in other rural zones",
    ),
    m(
        "net_gain",
        "persons",
        Depth::Core,
        Formula::Moves(Movement::NetGain),
        "Netto tilgang: rekrutterte minus dem som har gått",
        "Net gain: recruits less departures",
    ),
    m(
        "net_gain_after_displacement",
        "persons",
        Depth::Core,
        Formula::Moves(Movement::NetGainAfterDisplacement),
        "Netto tilgang når det andre distriktssoner har tapt til sonen, er trukket fra",
        "Net gain less what other rural zones lost to the zone on balance",
    ),
    m(
        "inflow_zone_to_zone",
        "persons",
        Depth::Core,
        Formula::FromTo,
        "Gått fra helsejobb (eller annet) i kolonnen from til det som står i kolonnen zone",
        "Moved from health jobs (or else) named in column from to what column zone names",
    ),
    m(
        "risk_below_n",
        "probability",
        Depth::Core,
        Formula::Risk(AtRisk::Below),
        "Sannsynlighet for færre personer i jobben enn det er spurt om",
        "Probability of fewer people in the job than asked about",
    ),
    m(
        "understaffed",
        "probability",
        Depth::Core,
        Formula::Risk(AtRisk::Understaffed),
        "Sannsynlighet for bemanningsgrad under grensen det er spurt om",
        "Probability of a staffing ratio below the one asked about",
    ),
    m(
        "longest_understaffed_run",
        "years",
        Depth::Core,
        Formula::Risk(AtRisk::LongestRun),
        "Lengste ubrutte rekke av år med underbemanning til nå",
        "Longest unbroken run of understaffed years up to now",
    ),
    m(
        "share_educated_abroad",
        "fraction",
        Depth::Core,
        Formula::ShareAbroad,
        "Andel utdannet i utlandet blant dem med helsejobb",
        "Share educated abroad of people in health jobs",
    ),
    m(
        "self_sufficiency",
        "fraction",
        Depth::National,
        Formula::SelfSufficiency,
        "Selvforsyning: nyutdannede i Norge av nyutdannede og ankomne fra utlandet",
        "Self-sufficiency: qualified in the country, of those and arrivals from abroad",
    ),
    m(
        "service_years_per_arrival",
        "years",
        Depth::National,
        Formula::ServiceYears,
        "Gjennomsnittlig tjenestetid i helse og omsorg til nå for dem som kom fra utlandet i første simulerte år",
        "Mean years in health and care by now of those who arrived from abroad in the first simulated year",
    ),
];
