//! How a ledger fills the output cells of a year, and what a run carries from census to census
//! for it.

use super::balance_measures::AtRisk;
use super::footing::PLACES;
use super::key_moves::KeyMoves;
use super::layout::{Breakdown, ByProfession, Plan, Source};
use super::ledger::Ledger;
use super::measures::{Formula, MEASURES};
use super::retention::COUNTS;
use super::risk::Spell;
use super::sums::{Balanced, Sums, moved, share, value};
use super::vacancies::{Staff, Vacancies};
use crate::need::SECTORS;
use crate::words::{Sector, Year};

/// What the outputs of one run carry from census to census.
#[derive(Clone, Debug, Default)]
pub struct History {
    vacancies: Vacancies,
    /// How each place asked about stands.
    spells: Vec<Spell>,
}

/// The numbers of a year that output cells are looked up in.
struct Tables {
    /// By breakdown and key.
    sums: Vec<Vec<Sums>>,
    /// By breakdown and key; empty without need and posts.
    balances: Vec<Vec<Balanced>>,
    /// By class looked at, breakdown, and key.
    classes: Vec<Vec<Vec<[u64; COUNTS]>>>,
    /// Of all professions together, and of each; empty where nobody asks.
    moves: [Vec<KeyMoves>; 2],
}

impl Plan {
    /// The history of a run before its first census.
    pub fn history(&self) -> History {
        History {
            vacancies: Vacancies::default(),
            spells: vec![Spell::default(); self.spots.len()],
        }
    }

    /// Takes a census into the history. To be called once a year, the base year included, before
    /// the year is filled.
    pub fn end_year(&self, ledger: &Ledger, year: Year, history: &mut History) {
        if self.posts.is_none() && self.spots.is_empty() {
            return;
        }
        let staff = Staff::count(ledger, &self.profession_of, self.professions);
        if let Some(posts) = &self.posts {
            history
                .vacancies
                .end_year((&staff, &ledger.vacated), self.scale, posts, year);
        }
        for (spell, spot) in history.spells.iter_mut().zip(&self.spots) {
            spell.end_year(spot, &staff, self.scale, self.need.as_deref(), year);
        }
    }

    /// Appends the values of a year, in the order of the cells, as the ledger stands at its end.
    pub fn fill(&self, ledger: &Ledger, history: &History, year: Year, values: &mut Vec<f64>) {
        let tables = self.tables(ledger, history, year);
        for source in &self.sources {
            let value = match *source {
                Source::Key(breakdown, key, which) => {
                    self.key_value(ledger, &tables, breakdown, key, which)
                }
                Source::FromTo(profession, from, to) => {
                    let moves = match profession {
                        None => &tables.moves[0][0],
                        Some(profession) => &tables.moves[1][profession],
                    };
                    moves.moved(from, to) as f64 / self.scale
                }
                Source::Spot(spot, which) => spot_value(&history.spells[spot], which),
            };
            values.push(value);
        }
    }

    fn tables(&self, ledger: &Ledger, history: &History, year: Year) -> Tables {
        let each = |of: &dyn Fn(Breakdown) -> Vec<Balanced>| -> Vec<Vec<Balanced>> {
            self.breakdowns.iter().map(|b| of(*b)).collect()
        };
        let balances = if self.posts.is_some() {
            let staff = Staff::count(ledger, &self.profession_of, self.professions);
            let base = self.balance(&staff, &history.vacancies, year);
            each(&|breakdown| self.sum_balance(&base, breakdown))
        } else {
            Vec::new()
        };
        let classes = classes(ledger.retention.first(), year).map(|class| {
            let table = class.map_or(Vec::new(), |class| ledger.retention.by_zone(class, year));
            let sums = self.breakdowns.iter().map(|b| self.sum_class(&table, *b));
            sums.collect()
        });
        Tables {
            sums: self.sum(ledger),
            balances,
            classes: classes.into(),
            moves: self.sum_moves(ledger),
        }
    }

    fn key_value(
        &self,
        ledger: &Ledger,
        tables: &Tables,
        breakdown: usize,
        key: usize,
        which: usize,
    ) -> f64 {
        let about = self.breakdowns[breakdown];
        let measure = &MEASURES[which];
        let (_, second, third) = self.axes(about);
        let value = match measure.formula {
            Formula::Retention(count, age) => {
                let which = CLASS_AGES.iter().position(|a| *a == age).unwrap_or(0);
                let class_key = key / (second * third) * third + key % third;
                let counts = tables.classes[which][breakdown][class_key];
                share(counts[count] as f64, counts[0] as f64)
            }
            // Real FTE already, whatever the scale.
            Formula::Balance(balance) => return tables.balances[breakdown][key].value(balance),
            Formula::Moves(movement) => {
                let by_profession = about.profession != ByProfession::All;
                let moves = &tables.moves[usize::from(by_profession)][key / third];
                let zone = if about.zone {
                    key % third
                } else {
                    self.zone_key_count
                };
                moved(movement, &moves.totals[zone])
            }
            Formula::ServiceYears => {
                let arrivals = &ledger.retention.arrivals;
                let own = match about.profession {
                    ByProfession::All => 0..self.professions,
                    _ => key..key + 1,
                };
                let served: u64 = arrivals.served[own.clone()].iter().sum();
                let persons: u32 = arrivals.persons[own].iter().sum();
                share(served as f64, f64::from(persons))
            }
            formula => value(formula, &tables.sums[breakdown][key]),
        };
        if matches!(measure.unit, "persons" | "fte") {
            value / self.scale
        } else {
            value
        }
    }

    /// Sums by breakdown and key.
    fn sum(&self, ledger: &Ledger) -> Vec<Vec<Sums>> {
        let empty = |breakdown: &Breakdown| {
            let (first, second, third) = self.axes(*breakdown);
            let keys = if breakdown.from {
                0
            } else {
                first * second * third
            };
            vec![Sums::default(); keys]
        };
        let mut sums: Vec<Vec<Sums>> = self.breakdowns.iter().map(empty).collect();
        for grade in 0..ledger.grades {
            for place in 0..PLACES {
                for zone in 0..self.zones {
                    let cell = ledger.cell(grade, place, zone);
                    let student = grade == self.grades;
                    if let Some(own) = Sums::of_cell(ledger, cell, place, student) {
                        self.add_cell(&mut sums, (grade, place, zone), &own);
                    }
                }
            }
        }
        sums
    }

    /// Adds a cell to the keys that stand for it.
    fn add_cell(
        &self,
        sums: &mut [Vec<Sums>],
        (grade, place, zone): (usize, usize, usize),
        own: &Sums,
    ) {
        let student = grade == self.grades;
        for (breakdown, sums) in self.breakdowns.iter().zip(sums) {
            let (_, second, third) = self.axes(*breakdown);
            let a = match breakdown.profession {
                ByProfession::All => 0,
                _ if student => continue,
                ByProfession::Profession => self.profession_of[grade],
                ByProfession::Grade => grade,
            };
            let b = if breakdown.sector { place } else { 0 };
            let row = (a * second + b) * third;
            if breakdown.from {
                continue;
            }
            if breakdown.zone {
                self.zone_keys[zone]
                    .iter()
                    .for_each(|c| sums[row + c].add(own));
            } else {
                sums[row].add(own);
            }
        }
    }

    /// Supply, need and vacancies by profession, sector and zone.
    fn balance(&self, staff: &Staff, vacancies: &Vacancies, year: Year) -> Vec<Balanced> {
        // A profession without need has neither gap nor ratio, alone or in a total.
        let needed: Vec<bool> = (0..self.professions)
            .map(|profession| {
                let need = self.need.as_ref();
                need.is_some_and(|need| need.national(year, profession) > 0.0)
            })
            .collect();
        let one = |(cell, (profession, sector, zone)): (usize, (usize, usize, usize))| {
            let need = self.need.as_ref().filter(|_| needed[profession]);
            let need = need.map(|need| need.fte(year, profession, Sector::ALL[sector], zone));
            let vacant = vacancies.fte[cell];
            let hired_in = self.agency.as_ref();
            let agency = hired_in.map_or(0.0, |a| vacant * a.cover[sector][zone]);
            let cost = hired_in.map_or(0.0, |a| a.cost);
            Balanced {
                supply: if needed[profession] {
                    staff.milli_fte[cell] as f64 / 1000.0 / self.scale
                } else {
                    0.0
                },
                need,
                vacant,
                vacant_years: vacancies.fte_years[cell],
                agency,
                agency_cost: agency * cost,
            }
        };
        staff.cells().enumerate().map(one).collect()
    }

    fn sum_balance(&self, base: &[Balanced], breakdown: Breakdown) -> Vec<Balanced> {
        let (first, second, third) = self.axes(breakdown);
        let mut sums = vec![Balanced::default(); first * second * third];
        if breakdown.profession == ByProfession::Grade || breakdown.from {
            return sums;
        }
        for (cell, one) in base.iter().enumerate() {
            let (row, zone) = (cell / self.zones, cell % self.zones);
            let (profession, sector) = (row / SECTORS, row % SECTORS);
            let a = if breakdown.profession == ByProfession::All {
                0
            } else {
                profession
            };
            let b = if breakdown.sector { sector } else { 0 };
            let mut add = |c: usize| sums[(a * second + b) * third + c].add(one);
            if breakdown.zone {
                self.zone_keys[zone].iter().for_each(|c| add(*c));
            } else {
                add(0);
            }
        }
        sums
    }

    /// The year's moves by zone key: of all professions together, and of each.
    fn sum_moves(&self, ledger: &Ledger) -> [Vec<KeyMoves>; 2] {
        let of = |profession: usize| ledger.moves.of(profession).iter().map(|n| u64::from(*n));
        let mut sums = [Vec::new(), Vec::new()];
        if self.moves[0] {
            let mut all = vec![0; ledger.moves.states() * ledger.moves.states()];
            for profession in 0..self.professions {
                for (sum, count) in all.iter_mut().zip(of(profession)) {
                    *sum += count;
                }
            }
            sums[0].push(self.ends.sum(&all));
        }
        if self.moves[1] {
            let each = (0..self.professions).map(|p| self.ends.sum(&of(p).collect::<Vec<u64>>()));
            sums[1].extend(each);
        }
        sums
    }

    /// Sums of a class's counts by key of a breakdown (profession and zone axes only).
    fn sum_class(&self, classes: &[[u32; COUNTS]], breakdown: Breakdown) -> Vec<[u64; COUNTS]> {
        let (first, _, third) = self.axes(breakdown);
        let mut sums = vec![[0; COUNTS]; first * third];
        if breakdown.profession == ByProfession::Grade || breakdown.from {
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

/// The number of a measure of a place asked about.
fn spot_value(spell: &Spell, which: usize) -> f64 {
    let yes = |yes: bool| f64::from(u8::from(yes));
    match MEASURES[which].formula {
        Formula::Risk(AtRisk::Below) => yes(spell.below),
        Formula::Risk(AtRisk::Understaffed) => spell.understaffed.map_or(f64::NAN, yes),
        _ => f64::from(spell.longest),
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
