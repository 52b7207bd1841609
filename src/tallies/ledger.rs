//! The ledger of one run: stocks and the year's flows by grade, place or sector, and zone.

use super::displacement::Moves;
use super::durations::Durations;
use super::retention::Retention;
use super::sums::follow;
use crate::engine::rules::HOSPITAL_AGE_CUT;
use crate::engine::{Change, Entry, Exit, Observer, Rules};
use crate::need::SECTORS;
use crate::population::{Person, Population};
use crate::words::{Sector, Status, Year, year_byte};

/// Where the stock is counted: the four sectors (jobs held, sick leave included), and the places
/// without a job. The identifiers are the `sector` column of outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place(pub usize);

/// Identifiers of places, in order.
pub const PLACE_IDS: [&str; PLACES] = [
    "municipal",
    "hospital",
    "other_health",
    "other_sectors",
    "education",
    "outside_work",
    "disability_pension",
    "old_age_pension",
];
/// Number of places.
pub const PLACES: usize = 8;

impl Place {
    /// The place of a person who is present.
    pub fn of(person: &Person) -> Place {
        Place(match person.status {
            Status::Working | Status::SickLeave => person.sector.index(),
            Status::Education => 4,
            Status::OutsideWork => 5,
            Status::DisabilityPension => 6,
            _ => 7,
        })
    }
}

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
pub fn age_cut(age: u8) -> usize {
    match age {
        0..60 => 0,
        60..62 => 1,
        _ => 2,
    }
}

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

    fn count(&mut self, person: &Person, year: Year, sign: i32) {
        if !person.status.is_present() {
            return;
        }
        let grade = usize::from(person.grade).min(self.grades - 1);
        let zone = usize::from(person.zone).min(self.zones - 1);
        let cell =
            self.cell(grade, Place::of(person).0, zone) * AGE_CUTS + age_cut(person.age(year));
        let stock = &mut self.stock[cell];
        stock.persons += sign;
        stock.abroad += i32::from(person.country != 0) * sign;
        if person.status.is_employed() {
            let fte = self.fte[person.band.index()] as i32 * sign;
            stock.milli_fte += i64::from(fte);
            if person.status == Status::SickLeave {
                stock.sick += sign;
                stock.sick_milli_fte += fte;
            }
        }
    }

    fn flow(&mut self, person: &Person, flow: Flow) {
        let grade = usize::from(person.grade).min(self.grades - 1);
        let zone = usize::from(person.zone).min(self.zones - 1);
        let cell = self.cell(grade, Place::of(person).0, zone);
        self.flows[cell * FLOWS + flow as usize] += 1;
    }

    fn count_vacated(&mut self, change: &Change<'_>) {
        let (before, after) = (change.before, change.after);
        let profession = usize::from(self.profession[usize::from(before.grade)]);
        let row = profession * SECTORS + before.sector.index();
        let cell = row * self.zones + usize::from(before.zone);
        let stays = after.in_health()
            && after.sector == before.sector
            && after.zone == before.zone
            && after.job_since == before.job_since;
        if before.in_health() && !stays && cell < self.vacated.len() {
            self.vacated[cell] += i64::from(self.fte[before.band.index()]);
        }
    }

    fn has_profession(&self, person: &Person) -> bool {
        usize::from(person.grade) + 1 < self.grades
    }

    fn count_membership(&mut self, change: &Change<'_>) {
        let (before, after) = (change.before, change.after);
        let was = before.status.is_present();
        let is = after.status.is_present();
        if let Some(exit) = change.exit {
            if was && self.has_profession(before) {
                match exit {
                    Exit::Death => self.flow(before, Flow::Died),
                    Exit::Abroad => self.flow(before, Flow::Emigrated),
                    Exit::AgeLimit => self.flow(before, Flow::AgeLimit),
                    Exit::Scope(_) => self.flow(before, Flow::Scope),
                    Exit::Dropout | Exit::Forgotten => {}
                }
            }
            return;
        }
        match (was, is) {
            (true, false) if self.has_profession(before) => self.flow(before, Flow::Emigrated),
            (false, true) => self.flow(after, Flow::Returned),
            (true, true) if change.qualified => {
                self.flow(after, Flow::Qualified);
                if self.has_profession(before) {
                    self.flow(before, Flow::Changed);
                }
            }
            _ => {}
        }
    }

    fn count_health(&mut self, change: &Change<'_>) {
        let (before, after) = (change.before, change.after);
        if !self.has_profession(before) {
            if after.in_health() {
                self.flow(after, Flow::IntoHealth);
            }
            return;
        }
        match (before.in_health(), after.in_health()) {
            (true, false) => {
                let status = match change.exit {
                    Some(Exit::Scope(status)) => status,
                    _ => after.status,
                };
                let flow = match status {
                    Status::OldAgePension => Flow::ToPension,
                    Status::DisabilityPension => Flow::ToDisability,
                    Status::Education => Flow::ToEducation,
                    Status::OutsideWork => Flow::ToOutside,
                    Status::Working | Status::SickLeave => Flow::ToOtherSectors,
                    Status::Emigrated | Status::Gone => Flow::ToElsewhere,
                };
                self.flow(before, flow);
            }
            (false, true) => self.flow(after, Flow::IntoHealth),
            _ => {}
        }
    }

    fn count_turnover(&mut self, change: &Change<'_>) {
        let (before, after) = (change.before, change.after);
        // Somebody who changed job earlier in the year has been counted for it.
        if !before.status.is_employed() || before.job_since == year_byte(change.year) {
            return;
        }
        let stays = after.status.is_employed() && after.sector == before.sector;
        let new_employer = stays && after.job_since != before.job_since;
        let age = usize::from(before.age(change.year - 1));
        match before.sector {
            Sector::Municipal => {
                if !stays {
                    self.flow(before, Flow::MunicipalNarrow);
                }
                if !stays || new_employer {
                    self.flow(before, Flow::MunicipalBroad);
                }
            }
            Sector::Hospital if !stays || new_employer => {
                self.flow(before, Flow::HospitalExternal);
                if age < HOSPITAL_AGE_CUT {
                    self.flow(before, Flow::HospitalExternal62);
                }
                if age < 60 {
                    self.flow(before, Flow::HospitalExternal60);
                }
            }
            _ => {}
        }
        if after.status.is_employed() {
            match (before.sector, after.sector) {
                (Sector::Municipal, Sector::Hospital) => {
                    self.flow(before, Flow::MunicipalToHospital)
                }
                (Sector::Hospital, Sector::Municipal) => {
                    self.flow(before, Flow::HospitalToMunicipal)
                }
                _ => {}
            }
        }
    }
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
        self.count(before, change.counted, -1);
        self.count(after, change.year, 1);
        self.count_membership(change);
        if !before.status.is_present() {
            if after.in_health() {
                self.flow(after, Flow::IntoHealth);
            }
        } else {
            self.count_health(change);
            self.count_turnover(change);
            // Who qualifies for another profession leaves one and enters the other, moved or not.
            let moved = after.status.is_present() && after.zone != before.zone;
            if moved && !change.qualified && self.has_profession(before) {
                self.flow(before, Flow::MovedOut);
                self.flow(after, Flow::MovedIn);
            }
            if after.status == Status::SickLeave && before.status != Status::SickLeave {
                self.flow(before, Flow::FellIll);
            }
        }
        self.count_vacated(change);
        self.moves.changed(change, &self.profession);
        self.retention.changed(change, &self.profession);
        self.durations.changed(change, &self.profession);
    }
}
