//! Levers on study places: who is admitted besides, or no longer, by place of study and year.
//!
//! The change comes on top of the whole numbers without it, so that a place of study that it does
//! not touch admits exactly whom it would have admitted.

use super::arrivals::{Arrivals, HORIZON};
use super::quota::Ruler;
use super::students::{Intake, Site};
use crate::parameters::levers::{MetBy, StudyPlaces};
use crate::parameters::{Levers, ModelData};
use crate::words::{Problem, Track, Year};

/// What levers change in a programme's places.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// The first year in which anything can be changed: the one after the base year.
    first: Year,
    /// Persons more or fewer by year, at full scale.
    total: Vec<f64>,
    /// The same by place of study, in whole people at the run's scale.
    sites: Vec<(Site, Vec<i32>)>,
}

impl Changes {
    /// Nothing is changed after this base year.
    pub fn none(base_year: Year) -> Changes {
        Changes {
            first: base_year + 1,
            ..Changes::default()
        }
    }

    fn at<T: Copy + Default>(&self, by_year: &[T], year: Year) -> T {
        let last = by_year.len().saturating_sub(1);
        match year.checked_sub(self.first) {
            Some(since) => by_year
                .get(usize::from(since).min(last))
                .copied()
                .unwrap_or_default(),
            None => T::default(),
        }
    }

    /// Persons more or fewer admitted in a year, at full scale.
    pub fn total(&self, year: Year) -> f64 {
        self.at(&self.total, year)
    }

    /// Adds the change to those admitted in a year; nowhere are fewer than none admitted.
    pub fn apply(&self, year: Year, admitted: &mut Vec<(Track, usize, u32)>) {
        for ((track, zone), by_year) in &self.sites {
            let change = self.at(by_year, year);
            let here = admitted
                .iter_mut()
                .find(|(t, z, _)| (t, z) == (track, zone));
            match here {
                Some((_, _, persons)) => *persons = persons.saturating_add_signed(change),
                None if change > 0 => admitted.push((*track, *zone, change as u32)),
                None => {}
            }
        }
    }

    /// Adds a change: `total` persons a year at full scale, at each of the places of study the
    /// amounts that `by_site` gives for a year, in people of the run's scale.
    fn add(
        &mut self,
        over: &[(Site, f64)],
        total: impl Fn(Year) -> f64,
        by_site: impl Fn(Year) -> Vec<f64>,
    ) {
        let first = self.first;
        self.total.resize(usize::from(HORIZON), 0.0);
        let mut ruler = Ruler::default();
        for (at, year) in (first..first + HORIZON).enumerate() {
            let change = total(year);
            if change == 0.0 {
                continue;
            }
            self.total[at] += change;
            for ((site, _), amount) in over.iter().zip(by_site(year)) {
                let people = ruler.lay(amount);
                if people == 0 {
                    continue;
                }
                let position = self.sites.iter().position(|(s, _)| s == site);
                let position = position.unwrap_or_else(|| {
                    self.sites.push((*site, vec![0; usize::from(HORIZON)]));
                    self.sites.len() - 1
                });
                self.sites[position].1[at] += people;
            }
        }
    }

    /// Spreads more persons a year over places of study by their weights.
    fn spread(&mut self, over: &[(Site, f64)], scale: f64, change: impl Fn(Year) -> f64) {
        let sum: f64 = over.iter().map(|(_, weight)| weight).sum();
        if sum > 0.0 {
            self.add(over, &change, |year| {
                let each = change(year) * scale / sum;
                over.iter().map(|(_, weight)| weight * each).collect()
            });
        }
    }
}

/// Where a lever changes places: at the places of study it names, as they are; if the programme
/// has none there, at new ones, by the zones' people of the age of students.
fn sites_of(
    data: &ModelData,
    programme: &crate::parameters::Programme,
    present: &[(Site, f64)],
    lever: &StudyPlaces,
) -> Vec<(Site, f64)> {
    let zones = &data.zones;
    let named: Vec<usize> = match &lever.zone {
        None => (0..zones.len()).collect(),
        Some(name) => match zones.of_id(name) {
            Some(zone) => vec![zone],
            None => zones
                .unions()
                .into_iter()
                .find(|(union, _)| union == name)
                .map_or(Vec::new(), |(_, members)| members),
        },
    };
    let track = lever.track.as_deref();
    let on_track = |candidate: Track| track.is_none_or(|id| candidate.id() == id);
    let there: Vec<(Site, f64)> = present
        .iter()
        .filter(|((track, zone), _)| on_track(*track) && named.contains(zone))
        .copied()
        .collect();
    if !there.is_empty() {
        return there;
    }
    let new = programme.track_list.iter().copied().find(|t| on_track(*t));
    new.map_or(Vec::new(), |track| {
        let of_age = |zone: usize| zones.zones[zone].population[4].max(1.0);
        named
            .into_iter()
            .map(|zone| ((track, zone), of_age(zone)))
            .collect()
    })
}

/// Puts the levers on study places, and the targets of self-sufficiency that are met by them, into
/// an intake.
///
/// A target needs as many graduates as keep the share against the expected arrivals; the places
/// for them are added so many years ahead as the programme takes, or from the first simulated year
/// if there is no time for that. Those who finish late come a year later.
///
/// # Errors
/// A [`Problem`] if a parameter of the arrivals is missing.
pub fn apply_levers(intake: &mut Intake, data: &ModelData, levers: &Levers) -> Result<(), Problem> {
    let lists = &data.classification;
    let scale = intake.scale();
    for lever in &levers.study_places {
        let Some(number) = lists
            .programmes
            .iter()
            .position(|p| p.id == lever.programme)
        else {
            continue;
        };
        let present = intake.sites(number);
        let over = sites_of(data, &lists.programmes[number], &present, lever);
        let present_only = |(site, _): &(Site, f64)| present.iter().any(|(s, _)| s == site);
        if lever.change < 0.0 && !over.iter().all(present_only) {
            // Nobody studies there, so there is nothing to take away.
            continue;
        }
        let change = |year: Year| {
            if lever.applies(year) {
                lever.change
            } else {
                0.0
            }
        };
        if lever.change >= 0.0 {
            intake.changes(number).spread(&over, scale, change);
            continue;
        }
        // The same part of every place of study's whole people, so that all of it is nobody.
        let before = intake.clone();
        let shares: f64 = over.iter().map(|(_, share)| share).sum();
        let there = |year: Year| before.without_levers(number, year) * shares;
        let part = |year: Year| (change(year) / there(year).max(1e-9)).max(-1.0);
        let total = |year: Year| part(year) * there(year);
        intake.changes(number).add(&over, total, |year| {
            let people = before.at_sites(number, year);
            let at = |site: &Site| people.iter().find(|(t, z, _)| (*t, *z) == *site);
            over.iter()
                .map(|(site, _)| part(year) * at(site).map_or(0.0, |(_, _, n)| f64::from(*n)))
                .collect()
        });
    }
    let by_places =
        |target: &&crate::parameters::levers::SelfSufficiency| target.by == MetBy::StudyPlaces;
    if !levers
        .self_sufficiency
        .iter()
        .any(|target| by_places(&target))
    {
        return Ok(());
    }
    let arrivals = Arrivals::compile(data, intake.base_year(), levers)?;
    for target in levers.self_sufficiency.iter().filter(by_places) {
        let Some(profession) = lists.profession(&target.profession) else {
            continue;
        };
        let before = intake.clone();
        for (number, programme) in lists.programmes.iter().enumerate() {
            let years = Year::from(programme.years);
            let present = before.sites(number);
            intake.changes(number).spread(&present, scale, |admitted| {
                let due = admitted + years;
                let early = target.admits_from.is_some_and(|first| admitted < first);
                if early || due < target.from || lists.profession_of(programme.grade) != profession
                {
                    return 0.0;
                }
                let needed =
                    arrivals.expected(profession, due) * target.share / (1.0 - target.share);
                let missing = needed - before.graduates(profession, due);
                let own = before.graduates_of(number, due);
                let all = before.graduates_of_newcomers(profession, due);
                if missing <= 0.0 || all <= 0.0 {
                    return 0.0;
                }
                missing * own / all / before.completion(number)
            });
        }
    }
    Ok(())
}
