//! Sums over the ledger's cells that an output key stands for, and the numbers made of them.

use super::balance_measures::{Balance, Movement};
use super::flow::{FLOWS, Flow};
use super::key_moves::Totals;
use super::ledger::{AGE_CUTS, Ledger};
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

/// Adds a cell of the ledger.
pub(super) fn add_cell(sum: &mut Sums, ledger: &Ledger, cell: usize, place: usize, student: bool) {
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
            sum.health_abroad += i64::from(stock.abroad);
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
