//! Which output cells there are, and how a ledger fills them for a year.

use super::ledger::{AGE_CUTS, FLOWS, Flow, Ledger, PLACE_IDS, PLACES};
use super::measures::{Depth, Formula, MEASURES, Measure};
use super::retention::COUNTS;
use super::series::{ALL, Layout, OutputCell};
use crate::parameters::ModelData;
use crate::words::Year;

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
}

/// The keys that a breakdown can be made of.
pub const KEYS: [&str; 4] = ["profession", "grade", "sector", "zone"];

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
        }
    }
}

/// The output cells of a run, and how to fill them.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The cells, in order.
    pub layout: Layout,
    breakdowns: Vec<Breakdown>,
    /// Breakdown, key within it, and measure of each cell.
    sources: Vec<(usize, usize, usize)>,
    profession_of: Vec<usize>,
    professions: usize,
    grades: usize,
    zones: usize,
    /// Zone keys each zone counts in: itself and its unions.
    zone_keys: Vec<Vec<usize>>,
    zone_key_count: usize,
    /// Simulated people per real person; counts are divided by it.
    scale: f64,
}

/// Sums over the cells that a key stands for.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    persons: i64,
    milli_fte: i64,
    sick: i64,
    health_jobs: i64,
    health_milli_fte: i64,
    health_sick_milli_fte: i64,
    students: i64,
    /// Last year's people in municipal and hospital jobs by age cut.
    last: [[i64; AGE_CUTS]; 2],
    flows: [u64; FLOWS],
}

impl Plan {
    /// The plan for a data folder, breakdowns, measures (none named: all) and years; counts are
    /// given in real people, whatever the `scale` of the simulation.
    pub fn new(
        data: &ModelData,
        scale: f64,
        breakdowns: &[Breakdown],
        measures: &[String],
        years: Vec<Year>,
    ) -> Plan {
        let lists = &data.classification;
        let zones = data.zones.len();
        let unions = data.zones.unions();
        let mut zone_ids: Vec<String> = data.zones.zones.iter().map(|z| z.id.clone()).collect();
        let mut zone_keys: Vec<Vec<usize>> = (0..zones).map(|z| vec![z]).collect();
        for (name, members) in unions {
            if zone_ids.contains(&name) {
                continue;
            }
            for member in members {
                zone_keys[member].push(zone_ids.len());
            }
            zone_ids.push(name);
        }
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
            scale,
        };
        for (number, breakdown) in breakdowns.iter().enumerate() {
            let (first, second, third) = plan.axes(*breakdown);
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
                    let named = measures.is_empty() || measures.iter().any(|m| m == measure.id);
                    if !named || !applies(measure, *breakdown, b) {
                        continue;
                    }
                    plan.sources.push((number, key, which));
                    plan.layout.cells.push(OutputCell {
                        profession: profession.to_string(),
                        grade: grade.to_string(),
                        sector: if breakdown.sector { PLACE_IDS[b] } else { ALL }.to_string(),
                        zone: if breakdown.zone {
                            zone_ids[c].as_str()
                        } else {
                            ALL
                        }
                        .to_string(),
                        measure: measure.id.to_string(),
                        unit: measure.unit,
                    });
                }
            }
        }
        plan
    }

    fn axes(&self, breakdown: Breakdown) -> (usize, usize, usize) {
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

    /// Appends the values of a year, in the order of the cells, as the ledger stands at its end.
    pub fn fill(&self, ledger: &Ledger, year: Year, values: &mut Vec<f64>) {
        let sums: Vec<Vec<Sums>> = self
            .breakdowns
            .iter()
            .map(|breakdown| self.sum(ledger, *breakdown))
            .collect();
        let tables = classes(ledger.retention.first(), year)
            .map(|class| class.map_or(Vec::new(), |class| ledger.retention.by_zone(class, year)));
        let class_sums: Vec<Vec<Vec<[u64; COUNTS]>>> = tables
            .iter()
            .map(|table| {
                self.breakdowns
                    .iter()
                    .map(|b| self.sum_class(table, *b))
                    .collect()
            })
            .collect();
        for (breakdown, key, which) in &self.sources {
            let about = self.breakdowns[*breakdown];
            let value = match MEASURES[*which].formula {
                Formula::Retention(count, age) => {
                    let which = CLASS_AGES.iter().position(|a| *a == age).unwrap_or(0);
                    let (_, second, third) = self.axes(about);
                    let class_key = key / (second * third) * third + key % third;
                    let counts = class_sums[which][*breakdown][class_key];
                    share(counts[count] as f64, counts[0] as f64)
                }
                formula => value(formula, &sums[*breakdown][*key]),
            };
            let counted = matches!(MEASURES[*which].unit, "persons" | "fte");
            let value = if counted { value / self.scale } else { value };
            values.push(value);
        }
    }

    fn sum(&self, ledger: &Ledger, breakdown: Breakdown) -> Vec<Sums> {
        let (first, second, third) = self.axes(breakdown);
        let mut sums = vec![Sums::default(); first * second * third];
        for grade in 0..ledger.grades {
            let student = grade == self.grades;
            let a = match breakdown.profession {
                ByProfession::All => 0,
                _ if student => continue,
                ByProfession::Profession => self.profession_of[grade],
                ByProfession::Grade => grade,
            };
            for place in 0..PLACES {
                for zone in 0..self.zones {
                    let cell = ledger.cell(grade, place, zone);
                    let b = if breakdown.sector { place } else { 0 };
                    let mut add = |c: usize| {
                        let sum = &mut sums[(a * second + b) * third + c];
                        add_cell(sum, ledger, cell, place, student);
                    };
                    if breakdown.zone {
                        self.zone_keys[zone].iter().for_each(|c| add(*c));
                    } else {
                        add(0);
                    }
                }
            }
        }
        sums
    }

    /// Sums of a class's counts by key of a breakdown (profession and zone axes only).
    fn sum_class(&self, classes: &[[u32; COUNTS]], breakdown: Breakdown) -> Vec<[u64; COUNTS]> {
        let (first, _, third) = self.axes(breakdown);
        let mut sums = vec![[0; COUNTS]; first * third];
        if breakdown.profession == ByProfession::Grade {
            return sums;
        }
        for (cell, counts) in classes.iter().enumerate() {
            let (profession, zone) = (cell / self.zones, cell % self.zones);
            let a = if breakdown.profession == ByProfession::All {
                0
            } else {
                profession
            };
            let mut add = |c: usize| {
                for (sum, count) in sums[a * third + c].iter_mut().zip(counts) {
                    *sum += u64::from(*count);
                }
            };
            if breakdown.zone {
                self.zone_keys[zone].iter().for_each(|c| add(*c));
            } else {
                add(0);
            }
        }
        sums
    }
}

/// The class years that retention measures look at in a year: the first, and those some years
/// back, in the order of [`CLASS_AGES`].
fn classes(first: Year, year: Year) -> [Option<Year>; CLASS_AGES.len()] {
    CLASS_AGES.map(|age| match age {
        None => Some(first),
        Some(age) if year >= first + age => Some(year - age),
        Some(_) => None,
    })
}

/// Ages of classes that retention measures look at; `None` is the first class.
const CLASS_AGES: [Option<u16>; 3] = [None, Some(2), Some(5)];

/// Is a measure written in a breakdown, for a place?
fn applies(measure: &Measure, breakdown: Breakdown, place: usize) -> bool {
    if breakdown.zone && measure.depth == Depth::National {
        return false;
    }
    match measure.formula {
        Formula::Students => breakdown.profession == ByProfession::All && !breakdown.sector,
        Formula::Retention(..) => !breakdown.sector && breakdown.profession != ByProfession::Grade,
        Formula::Rate(_, sector, _) => !breakdown.sector || sector == place,
        Formula::MeanPosition | Formula::SupplyFte | Formula::AtWorkFte => {
            !breakdown.sector || place < 3
        }
        Formula::Fte | Formula::Sick => !breakdown.sector || place < 4,
        Formula::Persons | Formula::Flows(_) => true,
    }
}

fn add_cell(sum: &mut Sums, ledger: &Ledger, cell: usize, place: usize, student: bool) {
    for cut in 0..AGE_CUTS {
        let stock = &ledger.stock[cell * AGE_CUTS + cut];
        if student {
            sum.students += i64::from(stock.persons);
            continue;
        }
        let persons = i64::from(stock.persons);
        sum.persons += persons;
        sum.milli_fte += stock.milli_fte;
        sum.sick += i64::from(stock.sick);
        if place < 3 {
            sum.health_jobs += persons;
            sum.health_milli_fte += stock.milli_fte;
            sum.health_sick_milli_fte += i64::from(stock.sick_milli_fte);
        }
        if place < 2 {
            sum.last[place][cut] += i64::from(ledger.last_stock[cell * AGE_CUTS + cut].persons);
        }
    }
    if student {
        return;
    }
    let flows = &ledger.flows[cell * FLOWS..(cell + 1) * FLOWS];
    for (total, flow) in sum.flows.iter_mut().zip(flows) {
        *total += u64::from(*flow);
    }
}

fn value(formula: Formula, sums: &Sums) -> f64 {
    let fte = |milli: i64| milli as f64 / 1000.0;
    let flow = |flow: Flow| sums.flows[flow as usize] as f64;
    match formula {
        Formula::Persons => sums.persons as f64,
        Formula::Fte => fte(sums.milli_fte),
        Formula::SupplyFte => fte(sums.health_milli_fte),
        Formula::AtWorkFte => fte(sums.health_milli_fte - sums.health_sick_milli_fte),
        Formula::Sick => sums.sick as f64,
        Formula::MeanPosition => share(fte(sums.health_milli_fte), sums.health_jobs as f64),
        Formula::Students => sums.students as f64,
        Formula::Flows(flows) => flows.iter().map(|f| flow(*f)).sum(),
        Formula::Rate(gone, place, cuts) => {
            let people: i64 = sums.last[place][..cuts].iter().sum();
            share(flow(gone), people as f64)
        }
        Formula::Retention(..) => f64::NAN,
    }
}

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { f64::NAN }
}
