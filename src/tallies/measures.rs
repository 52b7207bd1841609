//! The measures that outputs are made of: name, unit, what they say, and how they are counted.
//!
//! One list feeds the files, `stabil list measures`, and the column descriptions.

use super::balance_measures::{AtRisk, BALANCE, Balance, Movement};
use super::flow::Flow;
use super::footing::PLACE_IDS;
use super::retention;

/// Where a measure is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// In every breakdown.
    Core,
    /// Only in breakdowns without zones, where single zones would be noise.
    National,
}

/// How a measure is worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Formula {
    /// People present.
    Persons,
    /// Agreed FTE of jobs held in any sector.
    Fte,
    /// Agreed FTE of jobs held in health and care.
    SupplyFte,
    /// The same without those on long sick leave.
    AtWorkFte,
    /// People on long sick leave.
    Sick,
    /// A sum of flows.
    Flows(&'static [Flow]),
    /// A flow over last year's people in a place, up to an age cut.
    Rate(Flow, usize, usize),
    /// A count of the class that graduated `years` before, or of the first class (`None`), over
    /// its size.
    Retention(usize, Option<u16>),
    /// Mean agreed FTE per job held in health and care.
    MeanPosition,
    /// Full-time students who have no health profession yet.
    Students,
    /// Supply, need and posts held against each other.
    Balance(Balance),
    /// Moves into, out of and between health jobs by zone.
    Moves(Movement),
    /// Persons who came from one place to another, in breakdowns by both.
    FromTo,
    /// Risk at small size, for the places asked about.
    Risk(AtRisk),
    /// Those educated abroad among the people in health jobs.
    ShareAbroad,
    /// Those educated in the country among the new in the profession.
    SelfSufficiency,
    /// Mean service of those who arrived from abroad in the first simulated year.
    ServiceYears,
}

/// A measure.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    /// Name in the `measure` column.
    pub id: &'static str,
    /// Unit in the `unit` column.
    pub unit: &'static str,
    /// What it says, in Norwegian.
    pub label_nb: &'static str,
    /// What it says, in English.
    pub label_en: &'static str,
    /// Where it is written.
    pub depth: Depth,
    /// How it is worked out.
    pub formula: Formula,
}

pub(super) const fn m(
    id: &'static str,
    unit: &'static str,
    depth: Depth,
    formula: Formula,
    label_nb: &'static str,
    label_en: &'static str,
) -> Measure {
    Measure {
        id,
        unit,
        label_nb,
        label_en,
        depth,
        formula,
    }
}

const MUNICIPAL: usize = 0;
const HOSPITAL: usize = 1;
const _: () = assert!(PLACE_IDS.len() == 8);
const IN_HEALTH: usize = 1;
const IN_SECTOR: usize = 2;
const IN_ZONE: usize = 3;
const IN_STUDY_ZONE: usize = 4;
const _: () = assert!(retention::COUNTS == 5);

/// All measures, in the order of outputs.
pub const MEASURES: &[Measure] = &joined();

const fn joined() -> [Measure; SUPPLY.len() + BALANCE.len()] {
    let mut all = [SUPPLY[0]; SUPPLY.len() + BALANCE.len()];
    let mut position = 0;
    while position < all.len() {
        all[position] = if position < SUPPLY.len() {
            SUPPLY[position]
        } else {
            BALANCE[position - SUPPLY.len()]
        };
        position += 1;
    }
    all
}

/// Measures of stocks, flows and retention.
const SUPPLY: &[Measure] = &[
    m(
        "persons",
        "persons",
        Depth::Core,
        Formula::Persons,
        "Personer under 75 år med utdanningen, i arbeid eller ikke",
        "People under 75 with the education, working or not",
    ),
    m(
        "fte",
        "fte",
        Depth::Core,
        Formula::Fte,
        "Avtalte årsverk i alle næringer, lange fravær medregnet",
        "Agreed FTE in all sectors, long absences included",
    ),
    m(
        "supply_fte",
        "fte",
        Depth::Core,
        Formula::SupplyFte,
        "Tilbud: avtalte årsverk i helse og omsorg (HELSEMODs definisjon)",
        "Supply: agreed FTE in health and care (HELSEMOD's definition)",
    ),
    m(
        "fte_at_work",
        "fte",
        Depth::National,
        Formula::AtWorkFte,
        "Årsverk i helse og omsorg uten langtidssykmeldte",
        "FTE in health and care without those on long sick leave",
    ),
    m(
        "on_sick_leave",
        "persons",
        Depth::National,
        Formula::Sick,
        "Langtidssykmeldte",
        "People on long sick leave",
    ),
    m(
        "mean_position",
        "fraction",
        Depth::National,
        Formula::MeanPosition,
        "Gjennomsnittlig stillingsandel i helse og omsorg",
        "Mean position in health and care",
    ),
    m(
        "students",
        "persons",
        Depth::Core,
        Formula::Students,
        "Studenter og elever som ennå ikke har et helseyrke",
        "Students who have no health profession yet",
    ),
    m(
        "entries",
        "persons",
        Depth::Core,
        Formula::Flows(&[Flow::Qualified, Flow::Arrived, Flow::Returned, Flow::Hired]),
        "Nye i yrket i året",
        "New in the profession in the year",
    ),
    m(
        "entries_qualified",
        "persons",
        Depth::National,
        Formula::Flows(&[Flow::Qualified]),
        "Nyutdannede",
        "Newly qualified",
    ),
    m(
        "entries_abroad",
        "persons",
        Depth::National,
        Formula::Flows(&[Flow::Arrived]),
        "Kommet med utdanning fra utlandet",
        "Arrived with the education from abroad",
    ),
    m(
        "entries_returned",
        "persons",
        Depth::National,
        Formula::Flows(&[Flow::Returned]),
        "Kommet hjem fra utlandet",
        "Came home from abroad",
    ),
    m(
        "entries_hired",
        "persons",
        Depth::National,
        Formula::Flows(&[Flow::Hired]),
        "Ansatt uten helseutdanning",
        "Hired without health education",
    ),
    m(
        "leavers",
        "persons",
        Depth::Core,
        Formula::Flows(&[
            Flow::Died,
            Flow::Emigrated,
            Flow::AgeLimit,
            Flow::Changed,
            Flow::Scope,
        ]),
        "Ute av yrket i året, alle grunner",
        "Gone from the profession in the year, all reasons",
    ),
    m(
        "leavers_death",
        "persons",
        Depth::National,
        Formula::Flows(&[Flow::Died]),
        "Døde",
        "Died",
    ),
    m(
        "leavers_emigration",
        "persons",
        Depth::National,
        Formula::Flows(&[Flow::Emigrated]),
        "Utvandret",
        "Moved abroad",
    ),
    m(
        "leavers_age_75",
        "persons",
        Depth::National,
        Formula::Flows(&[Flow::AgeLimit]),
        "Fylte 75 år",
        "Turned 75",
    ),
    m(
        "leavers_profession",
        "persons",
        Depth::National,
        Formula::Flows(&[Flow::Changed]),
        "Utdannet seg til et annet yrke",
        "Qualified for another profession",
    ),
    m(
        "leavers_scope",
        "persons",
        Depth::National,
        Formula::Flows(&[Flow::Scope]),
        "Uten helseutdanning, sluttet i helse og omsorg",
        "Without health education, left health and care",
    ),
    m(
        "left_health",
        "persons",
        Depth::Core,
        Formula::Flows(&[
            Flow::ToPension,
            Flow::ToDisability,
            Flow::ToOtherSectors,
            Flow::ToOutside,
            Flow::ToEducation,
            Flow::ToElsewhere,
        ]),
        "Sluttet i helse og omsorg, alle grunner",
        "Left health and care, all reasons",
    ),
    m(
        "left_health_old_age_pension",
        "persons",
        Depth::National,
        Formula::Flows(&[Flow::ToPension]),
        "Til alderspensjon eller AFP",
        "To old-age pension",
    ),
    m(
        "left_health_disability_pension",
        "persons",
        Depth::National,
        Formula::Flows(&[Flow::ToDisability]),
        "Til uføretrygd",
        "To disability pension",
    ),
    m(
        "left_health_other_sectors",
        "persons",
        Depth::National,
        Formula::Flows(&[Flow::ToOtherSectors]),
        "Til andre næringer",
        "To other sectors",
    ),
    m(
        "left_health_outside_work",
        "persons",
        Depth::National,
        Formula::Flows(&[Flow::ToOutside]),
        "Ut av arbeid",
        "To outside work",
    ),
    m(
        "left_health_education",
        "persons",
        Depth::National,
        Formula::Flows(&[Flow::ToEducation]),
        "Til utdanning på heltid",
        "To full-time education",
    ),
    m(
        "left_health_death_emigration",
        "persons",
        Depth::National,
        Formula::Flows(&[Flow::ToElsewhere]),
        "Døde eller utvandret",
        "Died or moved abroad",
    ),
    m(
        "joined_health",
        "persons",
        Depth::National,
        Formula::Flows(&[Flow::IntoHealth]),
        "Begynte i helse og omsorg",
        "Began work in health and care",
    ),
    m(
        "began_sick_leave",
        "persons",
        Depth::National,
        Formula::Flows(&[Flow::FellIll]),
        "Ble langtidssykmeldt",
        "Began a long sick leave",
    ),
    m(
        "moves_municipal_to_hospital",
        "persons",
        Depth::National,
        Formula::Flows(&[Flow::MunicipalToHospital]),
        "Fra kommune til sykehus",
        "From municipal to hospital jobs",
    ),
    m(
        "moves_hospital_to_municipal",
        "persons",
        Depth::National,
        Formula::Flows(&[Flow::HospitalToMunicipal]),
        "Fra sykehus til kommune",
        "From hospital to municipal jobs",
    ),
    m(
        "moves_into_zone",
        "persons",
        Depth::Core,
        Formula::Flows(&[Flow::MovedIn]),
        "Flyttet til sonen",
        "Moved into the zone",
    ),
    m(
        "moves_out_of_zone",
        "persons",
        Depth::Core,
        Formula::Flows(&[Flow::MovedOut]),
        "Flyttet fra sonen",
        "Moved out of the zone",
    ),
    m(
        "turnover_municipal_broad",
        "fraction",
        Depth::Core,
        Formula::Rate(Flow::MunicipalBroad, MUNICIPAL, 3),
        "Turnover i kommunene, bred: sluttet i sektoren eller skiftet arbeidsgiver, alle aldre",
        "Municipal turnover, broad: left the sector or changed employer, all ages",
    ),
    m(
        "turnover_municipal_narrow",
        "fraction",
        Depth::Core,
        Formula::Rate(Flow::MunicipalNarrow, MUNICIPAL, 3),
        "Turnover i kommunene, smal: sluttet i sektoren, alle aldre",
        "Municipal turnover, narrow: left the sector, all ages",
    ),
    m(
        "turnover_hospital_external",
        "fraction",
        Depth::Core,
        Formula::Rate(Flow::HospitalExternal62, HOSPITAL, 2),
        "Ekstern turnover i sykehus: sluttet i foretaket, under 62 år",
        "Hospital external turnover: left the trust, under 62",
    ),
    m(
        "turnover_hospital_external_under_60",
        "fraction",
        Depth::National,
        Formula::Rate(Flow::HospitalExternal60, HOSPITAL, 1),
        "Ekstern turnover i sykehus, under 60 år",
        "Hospital external turnover, under 60",
    ),
    m(
        "turnover_hospital_external_all_ages",
        "fraction",
        Depth::National,
        Formula::Rate(Flow::HospitalExternal, HOSPITAL, 3),
        "Ekstern turnover i sykehus, alle aldre",
        "Hospital external turnover, all ages",
    ),
    m(
        "retention_in_health",
        "fraction",
        Depth::Core,
        Formula::Retention(IN_HEALTH, None),
        "Andel av det første simulerte kullet som er i helse og omsorg",
        "Share of the first simulated class in health and care",
    ),
    m(
        "retention_in_sector",
        "fraction",
        Depth::National,
        Formula::Retention(IN_SECTOR, None),
        "Andel av det første kullet i sektoren de begynte i",
        "Share of the first class in the sector of the first job",
    ),
    m(
        "retention_in_zone",
        "fraction",
        Depth::Core,
        Formula::Retention(IN_ZONE, None),
        "Andel av det første kullet i sonen de begynte i",
        "Share of the first class in the zone of the first job",
    ),
    m(
        "retention_in_study_zone",
        "fraction",
        Depth::Core,
        Formula::Retention(IN_STUDY_ZONE, None),
        "Andel av det første kullet i sonen de studerte i",
        "Share of the first class in the zone of study",
    ),
    m(
        "retention_in_health_2y",
        "fraction",
        Depth::National,
        Formula::Retention(IN_HEALTH, Some(2)),
        "Andel i helse og omsorg to år etter",
        "Share in health and care two years on",
    ),
    m(
        "retention_in_health_5y",
        "fraction",
        Depth::National,
        Formula::Retention(IN_HEALTH, Some(5)),
        "Andel i helse og omsorg fem år etter",
        "Share in health and care five years on",
    ),
    m(
        "retention_in_zone_2y",
        "fraction",
        Depth::National,
        Formula::Retention(IN_ZONE, Some(2)),
        "Andel i sonen de begynte i, to år etter",
        "Share in the first job's zone two years on",
    ),
    m(
        "retention_in_zone_5y",
        "fraction",
        Depth::National,
        Formula::Retention(IN_ZONE, Some(5)),
        "Andel i sonen de begynte i, fem år etter",
        "Share in the first job's zone five years on",
    ),
    m(
        "retention_in_study_zone_5y",
        "fraction",
        Depth::National,
        Formula::Retention(IN_STUDY_ZONE, Some(5)),
        "Andel i sonen de studerte i, fem år etter",
        "Share in the zone of study five years on",
    ),
];

/// The names of all measures.
pub fn ids() -> Vec<&'static str> {
    MEASURES.iter().map(|measure| measure.id).collect()
}
