//! Which output cells there are.

use super::displacement::{DESTINATIONS, ORIGINS};
use super::flow::Flow;
use super::footing::{PLACE_IDS, PLACES};
use super::key_moves::{End, Ends};
use super::measures::{Depth, Formula, MEASURES, Measure};
use super::questions::Questions;
use super::risk::Spot;
use super::series::{ALL, Layout, OutputCell};
use crate::engine::market::Agency;
use crate::need::Need;
use crate::parameters::ModelData;
use crate::words::Year;
use std::sync::Arc;

/// What the profession column is broken down by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ByProfession {
    /// Nothing.
    All,
    /// Profession.
    Profession,
    /// Grade within profession.
    Grade,
}

/// A breakdown of outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Breakdown {
    /// Profession, grade, or neither.
    pub profession: ByProfession,
    /// By sector or place?
    pub sector: bool,
    /// By zone and union of zones?
    pub zone: bool,
    /// By where people came from? Only with zone, and without grade and sector.
    pub from: bool,
}

/// The keys that a breakdown can be made of.
pub const KEYS: [&str; 5] = ["profession", "grade", "sector", "zone", "from"];

impl Breakdown {
    /// The breakdown with these keys; unknown keys are passed over (they are refused earlier).
    pub fn of_keys(keys: &[String]) -> Breakdown {
        let has = |key: &str| keys.iter().any(|k| k == key);
        let profession = match (has("profession"), has("grade")) {
            (_, true) => ByProfession::Grade,
            (true, false) => ByProfession::Profession,
            (false, false) => ByProfession::All,
        };
        Breakdown {
            profession,
            sector: has("sector"),
            zone: has("zone"),
            from: has("from"),
        }
    }
}

/// What fills an output cell.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source {
    /// Breakdown, key within it, and measure.
    Key(usize, usize, usize),
    /// Profession (none: all) and the two ends of a move.
    FromTo(Option<usize>, End, End),
    /// A place asked about, and measure.
    Spot(usize, usize),
}

/// The output cells of a run, and how to fill them.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The cells, in order.
    pub layout: Layout,
    pub(super) breakdowns: Vec<Breakdown>,
    /// What fills each cell.
    pub(super) sources: Vec<Source>,
    pub(super) profession_of: Vec<usize>,
    pub(super) professions: usize,
    pub(super) grades: usize,
    pub(super) zones: usize,
    /// Zone keys each zone counts in: itself and its unions.
    pub(super) zone_keys: Vec<Vec<usize>>,
    pub(super) zone_key_count: usize,
    /// The zones of each zone key; the last key is the whole country.
    pub(super) ends: Ends,
    /// Simulated people per real person; counts are divided by it.
    pub(super) scale: f64,
    pub(super) need: Option<Arc<Need>>,
    pub(super) posts: Option<Arc<Need>>,
    pub(super) agency: Option<Agency>,
    pub(super) spots: Vec<Spot>,
    /// Is any measure of moves written: for all professions together, for each?
    pub(super) moves: [bool; 2],
}

impl Plan {
    /// The plan for a data folder, breakdowns, measures (none named: all), years, and questions;
    /// counts are given in real people, whatever the `scale` of the simulation.
    pub fn new(
        data: &ModelData,
        scale: f64,
        breakdowns: &[Breakdown],
        measures: &[String],
        years: Vec<Year>,
        questions: Questions,
    ) -> Plan {
        let lists = &data.classification;
        let zones = data.zones.len();
        let unions = data.zones.unions().into_iter().chain(questions.unions);
        let mut zone_ids: Vec<String> = data.zones.zones.iter().map(|z| z.id.clone()).collect();
        let mut members: Vec<Vec<usize>> = (0..zones).map(|z| vec![z]).collect();
        for (name, own) in unions {
            if name == ALL || zone_ids.contains(&name) {
                continue;
            }
            zone_ids.push(name);
            members.push(own);
        }
        let counting = |zone: usize| {
            let keys = members.iter().enumerate();
            keys.filter(|(_, own)| own.contains(&zone))
                .map(|(key, _)| key)
                .collect()
        };
        let zone_keys = (0..zones).map(counting).collect();
        members.push((0..zones).collect());
        let rural = data.zones.zones.iter().map(|z| is_rural(data, z.group));
        let ends = Ends::new(members, &rural.collect::<Vec<bool>>());
        let zones_of = |name: &str| {
            let key = match name {
                ALL => Some(zone_ids.len()),
                name => zone_ids.iter().position(|id| id == name),
            };
            key.map(|key| ends.members[key].clone())
        };
        let spots = questions
            .risks
            .iter()
            .flat_map(|risk| Spot::of(risk, zones_of))
            .collect();
        let mut plan = Plan {
            layout: Layout {
                years,
                cells: Vec::new(),
            },
            breakdowns: breakdowns.to_vec(),
            sources: Vec::new(),
            profession_of: (0..lists.grades.len())
                .map(|g| lists.grades[g].profession)
                .collect(),
            professions: lists.professions.len(),
            grades: lists.grades.len(),
            zones,
            zone_keys,
            zone_key_count: zone_ids.len(),
            ends,
            scale,
            posts: questions.posts.or_else(|| questions.need.clone()),
            need: questions.need,
            agency: questions.agency,
            spots,
            moves: [false; 2],
        };
        let named = |measure: &Measure| {
            measures.is_empty() || measures.iter().any(|name| name == measure.id)
        };
        for (number, breakdown) in breakdowns.iter().enumerate() {
            if breakdown.from {
                plan.add_moves(data, *breakdown, &zone_ids, named);
            } else {
                plan.add_keys(data, number, *breakdown, &zone_ids, named);
            }
        }
        plan.add_spots(data, named);
        let moves = plan.sources.iter().filter_map(|source| match source {
            Source::FromTo(profession, ..) => Some(profession.is_some()),
            Source::Key(number, _, which) => matches!(MEASURES[*which].formula, Formula::Moves(_))
                .then(|| breakdowns[*number].profession != ByProfession::All),
            Source::Spot(..) => None,
        });
        for by_profession in moves.collect::<Vec<bool>>() {
            plan.moves[usize::from(by_profession)] = true;
        }
        plan
    }

    /// Adds the cells of a breakdown by profession, grade, sector and zone.
    fn add_keys(
        &mut self,
        data: &ModelData,
        number: usize,
        breakdown: Breakdown,
        zone_ids: &[String],
        named: impl Fn(&Measure) -> bool,
    ) {
        let lists = &data.classification;
        let (first, second, third) = self.axes(breakdown);
        for key in 0..first * second * third {
            let (a, b, c) = (key / (second * third), key / third % second, key % third);
            let (profession, grade) = match breakdown.profession {
                ByProfession::All => (ALL, ALL),
                ByProfession::Profession => (lists.professions[a].id.as_str(), ALL),
                ByProfession::Grade => {
                    let grade = &lists.grades[a];
                    (
                        lists.professions[grade.profession].id.as_str(),
                        grade.id.as_str(),
                    )
                }
            };
            for (which, measure) in MEASURES.iter().enumerate() {
                if !named(measure) || !self.answers(measure) || !applies(measure, breakdown, b) {
                    continue;
                }
                self.sources.push(Source::Key(number, key, which));
                self.layout.cells.push(OutputCell {
                    profession: profession.to_string(),
                    grade: grade.to_string(),
                    sector: if breakdown.sector { PLACE_IDS[b] } else { ALL }.to_string(),
                    zone: if breakdown.zone {
                        zone_ids[c].as_str()
                    } else {
                        ALL
                    }
                    .to_string(),
                    from: ALL.to_string(),
                    measure: measure.id.to_string(),
                    unit: measure.unit,
                });
            }
        }
    }

    /// Adds the cells of a breakdown by zone and from. At least one end is a zone or union; two
    /// with a zone in common have no row, since moves within the common part are no moves between
    /// them.
    fn add_moves(
        &mut self,
        data: &ModelData,
        breakdown: Breakdown,
        zone_ids: &[String],
        named: impl Fn(&Measure) -> bool,
    ) {
        let Some(measure) = MEASURES.iter().find(|m| m.formula == Formula::FromTo) else {
            return;
        };
        if !named(measure) {
            return;
        }
        let keys = || zone_ids.iter().enumerate();
        let keys = || keys().map(|(key, id)| (id.as_str(), End::Key(key)));
        let with = |outside: &'static [(&'static str, &'static [u8])]| {
            keys().chain(outside.iter().map(|(id, s)| (*id, End::Outside(s))))
        };
        let professions: Vec<Option<usize>> = match breakdown.profession {
            ByProfession::All => vec![None],
            _ => (0..self.professions).map(Some).collect(),
        };
        for profession in professions {
            for (zone, to) in with(&DESTINATIONS) {
                for (from, origin) in with(&ORIGINS) {
                    let told = match (origin, to) {
                        (End::Key(one), End::Key(other)) => self.ends.disjoint(one, other),
                        (End::Outside(_), End::Outside(_)) => false,
                        _ => true,
                    };
                    if !told {
                        continue;
                    }
                    self.sources.push(Source::FromTo(profession, origin, to));
                    self.layout.cells.push(OutputCell {
                        profession: profession
                            .map_or(ALL, |p| data.classification.professions[p].id.as_str())
                            .to_string(),
                        grade: ALL.to_string(),
                        sector: ALL.to_string(),
                        zone: zone.to_string(),
                        from: from.to_string(),
                        measure: measure.id.to_string(),
                        unit: measure.unit,
                    });
                }
            }
        }
    }

    /// Adds the cells of the places asked about, whatever the breakdowns.
    fn add_spots(&mut self, data: &ModelData, named: impl Fn(&Measure) -> bool) {
        for number in 0..self.spots.len() {
            for (which, measure) in MEASURES.iter().enumerate() {
                let about = matches!(measure.formula, Formula::Risk(_));
                if !about || !named(measure) || !self.answers(measure) {
                    continue;
                }
                let spot = &self.spots[number];
                self.sources.push(Source::Spot(number, which));
                self.layout.cells.push(OutputCell {
                    profession: data.classification.professions[spot.profession].id.clone(),
                    grade: ALL.to_string(),
                    sector: spot.sector.map_or(ALL, |sector| sector.id()).to_string(),
                    zone: spot.zone.clone(),
                    from: ALL.to_string(),
                    measure: measure.id.to_string(),
                    unit: measure.unit,
                });
            }
        }
    }

    /// Is there what a measure is made of?
    fn answers(&self, measure: &Measure) -> bool {
        use super::balance_measures::{AtRisk, Balance};
        match measure.formula {
            Formula::Balance(Balance::Need | Balance::Gap | Balance::StaffingRatio)
            | Formula::Risk(AtRisk::Understaffed | AtRisk::LongestRun) => self.need.is_some(),
            Formula::Balance(Balance::VacantPosts | Balance::VacancyYears) => self.posts.is_some(),
            Formula::Balance(Balance::AgencyFte | Balance::AgencyCost) => {
                self.posts.is_some() && self.agency.is_some()
            }
            // The market answers only where there is one, and then staff are hired in as well.
            Formula::Flows(flows) if of_the_market(flows) => self.agency.is_some(),
            _ => true,
        }
    }

    pub(super) fn axes(&self, breakdown: Breakdown) -> (usize, usize, usize) {
        let first = match breakdown.profession {
            ByProfession::All => 1,
            ByProfession::Profession => self.professions,
            ByProfession::Grade => self.grades,
        };
        let second = if breakdown.sector { PLACES } else { 1 };
        (
            first,
            second,
            if breakdown.zone {
                self.zone_key_count
            } else {
                1
            },
        )
    }
}

/// Is a group of zones the rural one: the last, least central?
fn is_rural(data: &ModelData, group: usize) -> bool {
    group + 1 == data.zones.groups.len()
}

/// Is it the labour market's answer that these flows count?
fn of_the_market(flows: &[Flow]) -> bool {
    flows
        .iter()
        .any(|flow| matches!(flow, Flow::TurnedAway | Flow::Unguided))
}

/// Is a measure written in a breakdown, for a place?
fn applies(measure: &Measure, breakdown: Breakdown, place: usize) -> bool {
    if breakdown.zone && measure.depth == Depth::National {
        return false;
    }
    let by_grade = breakdown.profession == ByProfession::Grade;
    match measure.formula {
        Formula::Students => breakdown.profession == ByProfession::All && !breakdown.sector,
        Formula::Retention(..) | Formula::SelfSufficiency | Formula::ServiceYears => {
            !breakdown.sector && !by_grade
        }
        Formula::Moves(movement) => {
            // Files would grow by half: what the others are made of is written by zone and by
            // profession, and together in a breakdown by profession, zone and from.
            let both = breakdown.zone && breakdown.profession != ByProfession::All;
            !breakdown.sector && !by_grade && (movement.is_outcome() || !both)
        }
        Formula::Rate(_, sector, _) => !breakdown.sector || sector == place,
        Formula::MeanPosition | Formula::SupplyFte | Formula::AtWorkFte | Formula::ShareAbroad => {
            !breakdown.sector || place < 3
        }
        Formula::Balance(_) => !by_grade && (!breakdown.sector || place < 3),
        Formula::Fte | Formula::Sick => !breakdown.sector || place < 4,
        Formula::Flows(flows) if of_the_market(flows) => {
            !by_grade && (!breakdown.sector || place < 3)
        }
        Formula::Persons | Formula::Flows(_) => true,
        Formula::FromTo | Formula::Risk(_) => false,
    }
}
