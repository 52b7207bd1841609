//! Risk at small size: too few people, too small a share of the need, and for how many years.

use super::questions::Risk;
use super::vacancies::Staff;
use crate::need::{Need, SECTORS};
use crate::words::{Sector, Year};

/// A question about one profession in one sector and zone key.
#[derive(Clone, Debug)]
pub struct Spot {
    /// Profession.
    pub profession: usize,
    /// Sector; none for all of health care.
    pub sector: Option<Sector>,
    /// Name of the zone or union.
    pub zone: String,
    zones: Vec<usize>,
    fewer_than: f64,
    understaffed_below: f64,
}

impl Spot {
    /// The spots of a question; `zones_of` tells the zones of a name, and names it does not know
    /// are passed over (they are refused earlier).
    pub fn of(risk: &Risk, zones_of: impl Fn(&str) -> Option<Vec<usize>>) -> Vec<Spot> {
        let mut spots = Vec::new();
        for profession in &risk.professions {
            for zone in &risk.zones {
                let Some(zones) = zones_of(zone) else {
                    continue;
                };
                spots.push(Spot {
                    profession: *profession,
                    sector: risk.sector,
                    zone: zone.clone(),
                    zones,
                    fewer_than: f64::from(risk.fewer_than),
                    understaffed_below: risk.understaffed_below,
                });
            }
        }
        spots
    }

    fn sum(&self, cell: impl Fn(usize, usize) -> f64) -> f64 {
        let sectors = 0..SECTORS;
        let chosen = sectors.filter(|s| self.sector.is_none_or(|only| only.index() == *s));
        chosen
            .flat_map(|sector| self.zones.iter().map(move |zone| (sector, *zone)))
            .map(|(sector, zone)| cell(sector, zone))
            .sum()
    }
}

/// How a spot stands in one run, carried from census to census.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spell {
    /// Are fewer people than asked about in the job at the census?
    pub below: bool,
    /// Is the place understaffed; unknown without need.
    pub understaffed: Option<bool>,
    /// Understaffed years without a break up to now.
    running: u16,
    /// The longest such run so far, in years.
    pub longest: u16,
}

impl Spell {
    /// Ends a year. `scale` is simulated people per real person.
    pub fn end_year(
        &mut self,
        spot: &Spot,
        staff: &Staff,
        scale: f64,
        need: Option<&Need>,
        year: Year,
    ) {
        let at = |sector, zone| staff.cell(spot.profession, sector, zone);
        let persons = spot.sum(|sector, zone| staff.persons[at(sector, zone)] as f64) / scale;
        let fte =
            spot.sum(|sector, zone| staff.milli_fte[at(sector, zone)] as f64 / 1000.0) / scale;
        let needed = need.map(|need| {
            spot.sum(|sector, zone| need.fte(year, spot.profession, Sector::ALL[sector], zone))
        });
        self.take(spot, persons, fte, needed);
    }

    /// Where nobody is needed nobody is missing.
    fn take(&mut self, spot: &Spot, persons: f64, fte: f64, needed: Option<f64>) {
        self.below = persons < spot.fewer_than;
        self.understaffed = needed.map(|needed| fte < spot.understaffed_below * needed);
        self.running = match self.understaffed {
            Some(true) => self.running + 1,
            _ => 0,
        };
        self.longest = self.longest.max(self.running);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(sector: Option<Sector>) -> Spot {
        let risk = Risk {
            professions: vec![0],
            sector,
            zones: vec!["here".to_string(), "nowhere".to_string()],
            fewer_than: 3,
            understaffed_below: Risk::UNDERSTAFFED_BELOW,
        };
        let mut spots = Spot::of(&risk, |name| (name == "here").then(|| vec![0, 1]));
        assert_eq!(spots.len(), 1, "unknown names are passed over");
        spots.remove(0)
    }

    #[test]
    fn the_longest_run_is_kept_when_it_breaks() {
        let spot = spot(None);
        let mut spell = Spell::default();
        let mut told = Vec::new();
        for fte in [8.0, 8.9, 9.0, 8.0, 8.0, 8.0, 10.0, 0.0] {
            spell.take(&spot, 5.0, fte, Some(10.0));
            told.push((spell.understaffed == Some(true), spell.longest));
        }
        let expected = [
            (true, 1),
            (true, 2),
            (false, 2),
            (true, 2),
            (true, 2),
            (true, 3),
            (false, 3),
            (true, 3),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn people_are_real_ones_in_the_sector_and_zones_asked_about() {
        let staff = |persons: [i64; 6]| {
            let one = Need::from_fn(2020..=2020, 1, 2, |_, _, _, _| 1.0);
            assert_eq!(one.national(2020, 0), 6.0);
            let mut staff = Staff::of_counts(2, persons.to_vec());
            staff.milli_fte = persons.iter().map(|p| p * 1000).collect();
            staff
        };
        let mut spell = Spell::default();
        let counts = staff([1, 1, 9, 9, 0, 0]);
        for (sector, scale, below) in [
            (Some(Sector::Municipal), 1.0, true),
            // Two simulated people stand for four.
            (Some(Sector::Municipal), 0.5, false),
            (Some(Sector::Hospital), 1.0, false),
            (Some(Sector::OtherHealth), 1.0, true),
            (None, 1.0, false),
        ] {
            spell.end_year(&spot(sector), &counts, scale, None, 2020);
            assert_eq!(spell.below, below, "{sector:?} {scale}");
            assert_eq!((spell.understaffed, spell.longest), (None, 0));
        }
        let need = Need::from_fn(2020..=2020, 1, 2, |_, _, _, zone| [1.0, 1.3][zone]);
        spell.end_year(
            &spot(Some(Sector::Municipal)),
            &counts,
            1.0,
            Some(&need),
            2020,
        );
        assert_eq!(spell.understaffed, Some(true), "2 of 2.3 FTE");
        spell.end_year(&spot(None), &counts, 1.0, Some(&need), 2020);
        assert_eq!(spell.understaffed, Some(false));
    }
}
