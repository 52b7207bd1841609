//! Hiring (ansettelse): which of the year's applicants get a post.
//!
//! Residents first, then people from abroad and others who come from outside. Each applicant has a
//! draw of the own address; places are filled in the order of draws, and a post that somebody
//! leaves for another is open to those still waiting in the next round. Who is turned away keeps
//! the job held before; who has none looks for a post elsewhere with probability
//! `vacancy.looks_elsewhere`, in proportion to the posts open and the nearness of the zone, and is
//! otherwise without work for now. People from abroad without a home here do not come. A post
//! smaller than the applicant's position is filled with the largest position that fits.

use super::super::life::{Change, Entry, Observer};
use super::super::rules::Rules;
use super::{Market, State};
use crate::dice::{Decision, Key};
use crate::engine::closure::Surplus;
use crate::need::SECTORS;
use crate::population::columns::NO_ZONE;
use crate::population::{Person, Population};
use crate::words::{Band, Sector, Status, Year, year_byte};

/// Rounds in which posts left for others are filled again within the year.
const ROUNDS: usize = 3;

/// Somebody who would take a post of health care this year.
#[derive(Clone, Copy, Debug)]
pub struct Application {
    /// Draw and identity: the order of hiring.
    order: (u32, u64),
    /// Where the person is kept; `None` for newcomers.
    slot: Option<u32>,
    /// State before the year (newcomers: as they would be without a post).
    before: Person,
    /// State with the post.
    after: Person,
    /// Did the person qualify this year?
    qualified: bool,
    /// How a newcomer enters.
    entry: Entry,
    settled: bool,
}

/// Is a change one into a post of health care in another sector or zone than before?
#[inline]
pub fn is_hiring(before: &Person, after: &Person) -> bool {
    let stays = before.in_health() && before.sector == after.sector && before.zone == after.zone;
    after.in_health() && !stays
}

impl State {
    /// Takes the application of somebody in the population.
    pub fn apply(
        &mut self,
        (key, year): (Key, Year),
        slot: usize,
        before: Person,
        after: Person,
        qualified: bool,
    ) {
        self.applications.push(Application {
            order: (key.word(Decision::Hiring, before.id, year), before.id),
            slot: Some(slot as u32),
            before,
            after,
            qualified,
            entry: Entry::Hired,
            settled: false,
        });
    }

    /// Takes the application of a newcomer; `before` is the person as without a post.
    pub fn apply_from_outside(
        &mut self,
        (key, year): (Key, Year),
        before: Person,
        after: Person,
        entry: Entry,
    ) {
        self.applications.push(Application {
            order: (key.word(Decision::Hiring, before.id, year), before.id),
            slot: None,
            before,
            after,
            qualified: false,
            entry,
            settled: false,
        });
    }

    /// Fills the posts with those who have applied until now, and clears the list. Without a market
    /// nobody has applied.
    pub fn settle<O: Observer>(
        &mut self,
        rules: &Rules,
        population: &mut Population,
        (key, year): (Key, Year),
        observer: &mut O,
    ) {
        let Some(market) = &rules.market else {
            return;
        };
        let mut applications = std::mem::take(&mut self.applications);
        applications.sort_unstable_by_key(|a| a.order);
        let profession = |p: &Person| usize::from(rules.lookup.profession[usize::from(p.grade)]);
        for round in 0..ROUNDS {
            for application in applications.iter_mut().filter(|a| !a.settled) {
                let mut after = application.after;
                let Some(cell) = market.cell(profession(&after), &after) else {
                    continue;
                };
                // Small positions are for those who are left when all others have been placed.
                let fits = market.surplus == Surplus::Absorbed
                    || fit(market, &mut after, self.open[cell], round + 1 == ROUNDS);
                if fits {
                    let before = &application.before;
                    self.moved(
                        market,
                        (profession(before), before),
                        (profession(&after), &after),
                    );
                    application.after = after;
                    application.settled = true;
                }
            }
        }
        for application in &applications {
            let (before, mut after) = (application.before, application.after);
            if !application.settled {
                observer.turned_away(&application.after, year);
                let found = !before.in_health()
                    && key.word(Decision::LookElsewhere, before.id, year) < market.elsewhere
                    && self.look_elsewhere(rules, market, &mut after, key, year);
                if !found {
                    after = without_post(application, year);
                }
                self.moved(
                    market,
                    (profession(&before), &before),
                    (profession(&after), &after),
                );
            }
            match application.slot {
                Some(slot) => {
                    population.set(slot as usize, &after);
                    observer.changed(&Change {
                        before: &before,
                        counted: year - 1,
                        after: &after,
                        exit: None,
                        qualified: application.qualified,
                        year,
                    });
                }
                // Who was recruited from abroad or from outside the services, and has no post to
                // come to, does not come; citizens come home all the same.
                None if after.in_health()
                    || (application.entry == Entry::Abroad && after.origin != NO_ZONE) =>
                {
                    population.add(&after);
                    observer.entered(&after, application.entry, year);
                }
                None => {}
            }
        }
        applications.clear();
        self.applications = applications;
    }

    /// Gives the person a post of the profession somewhere, if there is one open.
    fn look_elsewhere(
        &self,
        rules: &Rules,
        market: &Market,
        person: &mut Person,
        key: Key,
        year: Year,
    ) -> bool {
        let grade = usize::from(person.grade);
        let profession = usize::from(rules.lookup.profession[grade]);
        let only = rules.only_sector[grade.min(rules.only_sector.len() - 1)];
        let from = usize::from(person.zone) * market.zones;
        let smallest = market.fte[Band::Under50.index()];
        let weight = |place: usize| {
            let (sector, zone) = (place / market.zones, place % market.zones);
            let open = self.open[profession * SECTORS * market.zones + place];
            let held = only.is_none_or(|only| only.index() == sector);
            if held && open >= smallest {
                open as u64 * market.nearness[from + zone]
            } else {
                0
            }
        };
        let places = SECTORS * market.zones;
        let total: u64 = (0..places).map(weight).sum();
        if total == 0 {
            return false;
        }
        let word = u128::from(key.word(Decision::SecondPost, person.id, year));
        let mut left = ((u128::from(total) * word) >> 32) as u64;
        for place in 0..places {
            let own = weight(place);
            if left < own {
                person.sector = Sector::of_number((place / market.zones) as u8);
                person.zone = (place % market.zones) as u8;
                let open = self.open[profession * SECTORS * market.zones + place];
                return fit(market, person, open, true);
            }
            left -= own;
        }
        false
    }
}

/// Fits a position into what is open: as it is, or made smaller if that is allowed.
fn fit(market: &Market, person: &mut Person, open: i64, smaller: bool) -> bool {
    let wanted = person.band.index();
    let least = if smaller { 0 } else { wanted };
    let fitting = (least..=wanted)
        .rev()
        .find(|band| market.fte[*band] <= open);
    if let Some(band) = fitting {
        person.band = Band::of_number(band as u8);
    }
    fitting.is_some()
}

/// What becomes of an applicant who gets no post: the job held before, or none.
fn without_post(application: &Application, year: Year) -> Person {
    let (before, after) = (&application.before, &application.after);
    let mut person = *after;
    person.sector = before.sector;
    person.job_since = before.job_since;
    person.first_zone = before.first_zone;
    person.first_sector = before.first_sector;
    if before.status.is_employed() {
        person.zone = before.zone;
        // A disability that came this year has made the position smaller already.
        if before.disability == after.disability {
            person.band = before.band;
        }
    } else {
        person.status = Status::OutsideWork;
        person.status_since = match before.status {
            Status::OutsideWork => before.status_since,
            _ => year_byte(year),
        };
        if before.zone != NO_ZONE && before.status != Status::Emigrated {
            person.zone = before.zone;
        }
    }
    if application.qualified {
        person.first_zone = person.zone;
        person.first_sector = person.sector;
    }
    person
}
