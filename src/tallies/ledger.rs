//! The ledger of one run: stocks and the year's flows by grade, place or sector, and zone.

use super::displacement::Moves;
use super::durations::Durations;
use super::flow::{self, FLOWS, Flow};
use super::footing::{Footing, PLACES};
use super::retention::Retention;
use super::sums::follow;
use crate::engine::{Change, Entry, Observer, Rules};
use crate::need::SECTORS;
use crate::population::{Person, Population};
use crate::words::{Sector, Year};

/// What is counted of a stock cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stock {
    /// People.
    pub persons: i32,
    /// People on long sick leave.
    pub sick: i32,
    /// People educated abroad.
    pub abroad: i32,
    /// Agreed FTE of people on long sick leave, in thousandths.
    pub sick_milli_fte: i32,
    /// Agreed FTE of jobs held, in thousandths.
    pub milli_fte: i64,
}

impl std::ops::Add for Stock {
    type Output = Stock;

    fn add(self, other: Stock) -> Stock {
        Stock {
            persons: self.persons + other.persons,
            sick: self.sick + other.sick,
            abroad: self.abroad + other.abroad,
            sick_milli_fte: self.sick_milli_fte + other.sick_milli_fte,
            milli_fte: self.milli_fte + other.milli_fte,
        }
    }
}

impl std::ops::Sub for Stock {
    type Output = Stock;

    fn sub(self, other: Stock) -> Stock {
        Stock {
            persons: self.persons - other.persons,
            sick: self.sick - other.sick,
            abroad: self.abroad - other.abroad,
            sick_milli_fte: self.sick_milli_fte - other.sick_milli_fte,
            milli_fte: self.milli_fte - other.milli_fte,
        }
    }
}

/// Age cuts of turnover statistics: under 60, 60-61, 62 and over.
pub const AGE_CUTS: usize = 3;

/// The age cut of an age.
#[inline(always)]
pub fn age_cut(age: u8) -> usize {
    usize::from(age >= 60) + usize::from(age >= 62)
}

/// Stocks, flows, cohorts and durations of one run.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// Number of grades, and one for people without a profession.
    pub grades: usize,
    /// Number of zones.
    pub zones: usize,
    /// By grade, place, zone, age cut.
    pub stock: Vec<Stock>,
    /// The stock of the year before, for denominators.
    pub last_stock: Vec<Stock>,
    /// By grade, place, zone, flow.
    pub flows: Vec<u32>,
    /// Moves into, out of and between health jobs by zone.
    pub moves: Moves,
    /// FTE in thousandths of the health jobs that people left in the year, for another employer or
    /// for good, by profession, sector and zone.
    pub vacated: Vec<i64>,
    /// Cohorts of graduates.
    pub retention: Retention,
    /// Durations.
    pub durations: Durations,
    fte: [u32; 5],
    profession: [u8; 256],
}

impl Ledger {
    /// A ledger with the base population's stock.
    pub fn open(
        rules: &Rules,
        zones: usize,
        base: &Population,
        base_year: Year,
        years: usize,
    ) -> Ledger {
        let grades = rules.lookup.grades + 1;
        let cells = grades * PLACES * zones;
        let mut ledger = Ledger {
            grades,
            zones,
            stock: vec![Stock::default(); cells * AGE_CUTS],
            last_stock: Vec::new(),
            flows: vec![0; cells * FLOWS],
            vacated: vec![0; rules.lookup.professions * SECTORS * zones],
            moves: Moves::new(rules.lookup.professions, zones),
            retention: Retention::new(rules.lookup.professions, zones, base_year, years),
            durations: Durations::new(rules.lookup.professions),
            fte: rules.position.fte,
            profession: rules.lookup.profession,
        };
        for person in base.people() {
            ledger.count(&person, base_year, 1);
        }
        ledger.last_stock.clone_from(&ledger.stock);
        ledger
    }

    /// Takes over the year of a base run, less the events of `less`, and with those of `more`,
    /// which have been opened without people and have seen the same years. Ends the year.
    pub fn follow(&mut self, base: &Ledger, less: &mut Ledger, more: &mut Ledger) {
        base.moves.lend(&mut less.moves, &mut more.moves);
        less.moves.end_year();
        more.moves.end_year();
        follow(&mut self.stock, &base.stock, &less.stock, &more.stock);
        follow(&mut self.flows, &base.flows, &less.flows, &more.flows);
        follow(
            &mut self.vacated,
            &base.vacated,
            &less.vacated,
            &more.vacated,
        );
        self.moves.follow(&base.moves, &less.moves, &more.moves);
        let [base, less, more] = [base, &*less, &*more];
        self.retention
            .follow(&base.retention, &less.retention, &more.retention);
        self.durations
            .follow(&base.durations, &less.durations, &more.durations);
        self.retention.end_year();
    }

    /// Begins a new year: last year's stock becomes the denominator, flows start at zero.
    pub fn begin_year(&mut self) {
        self.last_stock.clone_from(&self.stock);
        self.flows.fill(0);
        self.vacated.fill(0);
        self.moves.begin_year();
    }

    /// Ends a year: closes what is only known when everything of the year has happened.
    pub fn end_year(&mut self) {
        self.moves.end_year();
        self.retention.end_year();
    }

    /// Position of a stock cell.
    pub fn cell(&self, grade: usize, place: usize, zone: usize) -> usize {
        (grade * PLACES + place) * self.zones + zone
    }

    /// The cell of somebody, present or not.
    #[inline(always)]
    fn cell_of(&self, person: &Person, footing: Footing) -> usize {
        let grade = usize::from(person.grade).min(self.grades - 1);
        let zone = usize::from(person.zone).min(self.zones - 1);
        self.cell(grade, footing.place(), zone)
    }

    fn count(&mut self, person: &Person, year: Year, sign: i32) {
        let footing = Footing::of(person);
        self.count_in(self.cell_of(person, footing), (person, footing), year, sign);
    }

    /// Adds somebody to the stock of a cell, or takes somebody away. No branches: what a person is
    /// cannot be foreseen, so those who are not there count as nothing.
    #[inline(always)]
    fn count_in(
        &mut self,
        cell: usize,
        (person, footing): (&Person, Footing),
        year: Year,
        sign: i32,
    ) {
        let sign = i32::from(footing.is_present()) * sign;
        let jobs = i32::from(footing.is_employed()) * sign;
        let sick = i32::from(footing.is_sick());
        let fte = self.fte[person.band.index()] as i32 * jobs;
        let stock = &mut self.stock[cell * AGE_CUTS + age_cut(person.age(year))];
        stock.persons += sign;
        stock.abroad += i32::from(person.country != 0) * sign;
        stock.milli_fte += i64::from(fte);
        stock.sick += sick * sign;
        stock.sick_milli_fte += sick * fte;
    }

    fn flow(&mut self, person: &Person, flow: Flow) {
        let cell = self.cell_of(person, Footing::of(person));
        self.add_flows(cell, 1 << flow as u32);
    }

    /// Adds one to each flow of a set in a cell.
    #[inline(always)]
    fn add_flows(&mut self, cell: usize, mut set: u32) {
        let flows = &mut self.flows[cell * FLOWS..(cell + 1) * FLOWS];
        while set != 0 {
            flows[set.trailing_zeros() as usize % FLOWS] += 1;
            set &= set - 1;
        }
    }

    fn count_vacated(&mut self, change: &Change<'_>, [held, holds]: [Footing; 2]) {
        let (before, after) = (change.before, change.after);
        let profession = usize::from(self.profession[usize::from(before.grade)]);
        let row = profession * SECTORS + before.sector.index();
        let cell = row * self.zones + usize::from(before.zone);
        let stays = holds.in_health()
            & (after.sector == before.sector)
            & (after.zone == before.zone)
            & (after.job_since == before.job_since);
        if held.in_health() & !stays & (cell < self.vacated.len()) {
            self.vacated[cell] += i64::from(self.fte[before.band.index()]);
        }
    }

    fn has_profession(&self, person: &Person) -> bool {
        usize::from(person.grade) + 1 < self.grades
    }
}

/// Does a change leave a person where the person was: is nothing but the position, a study or the
/// age class of a statistic another? Such changes are many, and only the stock knows of them.
#[inline(always)]
fn stays(change: &Change<'_>) -> bool {
    let (before, after) = (change.before, change.after);
    let differs = (before.status as u8 ^ after.status as u8)
        | (before.sector as u8 ^ after.sector as u8)
        | (before.first_sector as u8 ^ after.first_sector as u8)
        | (before.track as u8 ^ after.track as u8)
        | (before.zone ^ after.zone)
        | (before.first_zone ^ after.first_zone)
        | (before.study_zone ^ after.study_zone)
        | (before.grade ^ after.grade)
        | (before.job_since ^ after.job_since)
        | (before.qualified ^ after.qualified)
        | u8::from(change.qualified);
    differs == 0
}

impl Observer for Ledger {
    fn entered(&mut self, person: &Person, entry: Entry, year: Year) {
        self.count(person, year, 1);
        match entry {
            Entry::Admitted => {}
            Entry::Abroad => self.flow(person, Flow::Arrived),
            Entry::Hired => self.flow(person, Flow::Hired),
        }
        if entry != Entry::Admitted {
            if person.in_health() {
                self.flow(person, Flow::IntoHealth);
            }
            let from_abroad = entry == Entry::Abroad;
            self.moves.entered(person, from_abroad, &self.profession);
            self.retention.arrivals.entered(person);
        }
    }

    fn turned_away(&mut self, applicant: &Person, _: Year) {
        self.flow(applicant, Flow::TurnedAway);
    }

    fn unguided(
        &mut self,
        (profession, sector, zone): (usize, Sector, usize),
        newcomers: u32,
        _: Year,
    ) {
        let grade = self
            .profession
            .iter()
            .position(|own| usize::from(*own) == profession);
        let cell = self.cell(grade.unwrap_or(0), sector.index(), zone);
        self.flows[cell * FLOWS + Flow::Unguided as usize] += newcomers;
    }

    fn changed(&mut self, change: &Change<'_>) {
        let (before, after) = (change.before, change.after);
        let footings @ [held, holds] = [before, after].map(Footing::of);
        let left = self.cell_of(before, held);
        let reached = self.cell_of(after, holds);
        self.count_in(left, (before, held), change.counted, -1);
        self.count_in(reached, (after, holds), change.year, 1);
        if stays(change) {
            return;
        }
        let [out, into] = flow::of(change, footings, self.has_profession(before));
        self.add_flows(left, out);
        self.add_flows(reached, into);
        self.count_vacated(change, footings);
        self.moves.changed(change, footings, &self.profession);
        self.retention.changed(change, footings, &self.profession);
        self.durations.changed(change, footings, &self.profession);
    }
}
