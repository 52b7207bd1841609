//! Sums over the ledger's cells that an output key stands for, and the numbers made of them.

use super::balance_measures::{Balance, Movement};
use super::flow::{FLOWS, Flow};
use super::key_moves::Totals;
use super::ledger::{AGE_CUTS, Ledger, Stock};
use super::measures::Formula;

/// Sums over the cells that a key stands for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums {
    persons: i64,
    milli_fte: i64,
    sick: i64,
    health_jobs: i64,
    health_abroad: i64,
    health_milli_fte: i64,
    health_sick_milli_fte: i64,
    students: i64,
    /// Last year's people in municipal and hospital jobs by age cut.
    last: [[i64; AGE_CUTS]; 2],
    flows: [u64; FLOWS],
}

impl Sums {
    /// What a cell of the ledger holds; nothing if it is empty.
    pub(super) fn of_cell(
        ledger: &Ledger,
        cell: usize,
        place: usize,
        student: bool,
    ) -> Option<Sums> {
        let stocks = &ledger.stock[cell * AGE_CUTS..(cell + 1) * AGE_CUTS];
        let last = &ledger.last_stock[cell * AGE_CUTS..(cell + 1) * AGE_CUTS];
        let flows = &ledger.flows[cell * FLOWS..(cell + 1) * FLOWS];
        let persons = |stocks: &[Stock]| stocks.iter().fold(0, |any, own| any | own.persons);
        let moved = flows.iter().fold(0, |any, flow| any | flow);
        if (persons(stocks) | persons(last)) == 0 && moved == 0 {
            return None;
        }
        let mut sums = Sums::default();
        if student {
            sums.students = stocks.iter().map(|own| i64::from(own.persons)).sum();
            return Some(sums);
        }
        for (cut, stock) in stocks.iter().enumerate() {
            let persons = i64::from(stock.persons);
            sums.persons += persons;
            sums.milli_fte += stock.milli_fte;
            sums.sick += i64::from(stock.sick);
            if place < 3 {
                sums.health_jobs += persons;
                sums.health_abroad += i64::from(stock.abroad);
                sums.health_milli_fte += stock.milli_fte;
                sums.health_sick_milli_fte += i64::from(stock.sick_milli_fte);
            }
            if place < 2 {
                sums.last[place][cut] = i64::from(last[cut].persons);
            }
        }
        for (total, flow) in sums.flows.iter_mut().zip(flows) {
            *total = u64::from(*flow);
        }
        Some(sums)
    }

    /// Adds what another stands for.
    pub(super) fn add(&mut self, other: &Sums) {
        self.persons += other.persons;
        self.milli_fte += other.milli_fte;
        self.sick += other.sick;
        self.health_jobs += other.health_jobs;
        self.health_abroad += other.health_abroad;
        self.health_milli_fte += other.health_milli_fte;
        self.health_sick_milli_fte += other.health_sick_milli_fte;
        self.students += other.students;
        let last = self.last.as_flattened_mut();
        for (own, other) in last.iter_mut().zip(other.last.as_flattened()) {
            *own += other;
        }
        for (own, other) in self.flows.iter_mut().zip(&other.flows) {
            *own += other;
        }
    }
}

/// The number that a formula makes of sums, in the simulation's scale.
pub(super) fn value(formula: Formula, sums: &Sums) -> f64 {
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
        Formula::ShareAbroad => share(sums.health_abroad as f64, sums.health_jobs as f64),
        Formula::SelfSufficiency => {
            let qualified = flow(Flow::Qualified);
            share(qualified, qualified + flow(Flow::Arrived))
        }
        // These are not made of such sums.
        Formula::Retention(..)
        | Formula::Balance(_)
        | Formula::Moves(_)
        | Formula::FromTo
        | Formula::Risk(_)
        | Formula::ServiceYears => f64::NAN,
    }
}

/// A share; NaN where there is nothing to be a share of.
pub(super) fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { f64::NAN }
}

/// Supply, need and vacancies of an output key, in real FTE.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Balanced {
    /// Supply of the professions that have a need.
    pub supply: f64,
    /// Need; nothing where no profession has one.
    pub need: Option<f64>,
    /// Vacant FTE.
    pub vacant: f64,
    /// Years that they have stood vacant, summed.
    pub vacant_years: f64,
    /// Vacant FTE covered by hired-in staff.
    pub agency: f64,
    /// What that costs in million kroner.
    pub agency_cost: f64,
}

impl Balanced {
    /// Adds what another stands for.
    pub fn add(&mut self, other: &Balanced) {
        self.supply += other.supply;
        if let Some(need) = other.need {
            self.need = Some(self.need.unwrap_or(0.0) + need);
        }
        self.vacant += other.vacant;
        self.vacant_years += other.vacant_years;
        self.agency += other.agency;
        self.agency_cost += other.agency_cost;
    }

    /// The number of a measure.
    pub fn value(&self, balance: Balance) -> f64 {
        let need = self.need.unwrap_or(f64::NAN);
        match balance {
            Balance::Need => need,
            Balance::Gap => self.supply - need,
            Balance::StaffingRatio => share(self.supply, need),
            Balance::VacantPosts => self.vacant,
            Balance::VacancyYears => share(self.vacant_years, self.vacant),
            Balance::AgencyFte => self.agency,
            Balance::AgencyCost => self.agency_cost,
        }
    }
}

/// The persons of a measure of moves, in the simulation's scale.
pub(super) fn moved(movement: Movement, totals: &Totals) -> f64 {
    let [recruits, departures, from_rural, to_rural] = [
        totals.recruits,
        totals.departures,
        totals.from_rural,
        totals.to_rural,
    ]
    .map(|persons| persons as f64);
    match movement {
        Movement::Recruits => recruits,
        Movement::RecruitsFromRural => from_rural,
        Movement::Departures => departures,
        Movement::DeparturesToRural => to_rural,
        Movement::NetGain => recruits - departures,
        Movement::NetGainAfterDisplacement => recruits - departures - (from_rural - to_rural),
    }
}
/// Counts of a run that follows a base run: those of the base, less some, and more others.
pub fn follow<T>(own: &mut [T], base: &[T], less: &[T], more: &[T])
where
    T: Copy + std::ops::Add<Output = T> + std::ops::Sub<Output = T>,
{
    let others = base.iter().zip(less).zip(more);
    for (own, ((base, less), more)) in own.iter_mut().zip(others) {
        // More first: what is taken is in the base or has been added.
        *own = *base + *more - *less;
    }
}
