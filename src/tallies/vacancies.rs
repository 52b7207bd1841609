//! Staff, vacant posts (ledige stillinger) and for how long they have stood vacant.

use super::ledger::{AGE_CUTS, Ledger};
use crate::need::{Need, SECTORS};
use crate::words::{Sector, Year};

/// People and agreed FTE in health jobs by profession, sector of health care and zone.
#[derive(Clone, Debug)]
pub struct Staff {
    zones: usize,
    /// People, in the simulation's scale.
    pub persons: Vec<i64>,
    /// Agreed FTE in thousandths, in the simulation's scale.
    pub milli_fte: Vec<i64>,
}

impl Staff {
    /// Counts the staff in a ledger; `profession_of` tells the profession of each grade.
    pub fn count(ledger: &Ledger, profession_of: &[usize], professions: usize) -> Staff {
        let cells = professions * SECTORS * ledger.zones;
        let mut staff = Staff {
            zones: ledger.zones,
            persons: vec![0; cells],
            milli_fte: vec![0; cells],
        };
        for (grade, profession) in profession_of.iter().enumerate() {
            for sector in 0..SECTORS {
                for zone in 0..ledger.zones {
                    let from = ledger.cell(grade, sector, zone) * AGE_CUTS;
                    let to = staff.cell(*profession, sector, zone);
                    for stock in &ledger.stock[from..from + AGE_CUTS] {
                        staff.persons[to] += i64::from(stock.persons);
                        staff.milli_fte[to] += stock.milli_fte;
                    }
                }
            }
        }
        staff
    }

    /// Staff of these counts of people, for tests.
    #[cfg(test)]
    pub fn of_counts(zones: usize, persons: Vec<i64>) -> Staff {
        Staff {
            zones,
            milli_fte: vec![0; persons.len()],
            persons,
        }
    }

    /// Position of a cell.
    pub fn cell(&self, profession: usize, sector: usize, zone: usize) -> usize {
        (profession * SECTORS + sector) * self.zones + zone
    }

    /// All cells in order, as profession, sector and zone.
    pub fn cells(&self) -> impl Iterator<Item = (usize, usize, usize)> {
        let zones = self.zones.max(1);
        (0..self.persons.len()).map(move |cell| {
            let row = cell / zones;
            (row / SECTORS, row % SECTORS, cell % zones)
        })
    }
}

/// The vacant posts of one run and their age, carried from census to census.
///
/// Open in a year are the posts vacant before, those that people left, and new ones. All of them
/// are as likely to be filled, however long they have stood vacant, so the mean age of a cell's
/// vacancies is all that has to be remembered. Posts vacant at a first census, the run's included,
/// have stood so for one year.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vacancies {
    /// Vacant FTE by profession, sector and zone (real people's, whatever the scale).
    pub fte: Vec<f64>,
    /// Years they have stood vacant, summed over the FTE of each cell.
    pub fte_years: Vec<f64>,
}

impl Vacancies {
    /// Ends a year: everything vacant is held against the posts anew. `vacated` are the thousandths
    /// of FTE that people left in the year by cell; `scale` is simulated people per real person.
    pub fn end_year(
        &mut self,
        (staff, vacated): (&Staff, &[i64]),
        scale: f64,
        posts: &Need,
        year: Year,
    ) {
        self.fte.resize(staff.persons.len(), 0.0);
        self.fte_years.resize(staff.persons.len(), 0.0);
        for (cell, (profession, sector, zone)) in staff.cells().enumerate() {
            let wanted = posts.fte(year, profession, Sector::ALL[sector], zone);
            let fte = |milli: i64| milli as f64 / 1000.0 / scale;
            let held = fte(staff.milli_fte[cell]);
            let before = posts.fte(year - 1, profession, Sector::ALL[sector], zone);
            let opened = fte(vacated[cell]) + (wanted - before).max(0.0);
            self.end_year_of(cell, (wanted - held).max(0.0), opened);
        }
    }

    /// Ends a year of a cell with so many FTE vacant now, and so many that were vacated or new.
    fn end_year_of(&mut self, cell: usize, vacant: f64, opened: f64) {
        let before = self.fte[cell];
        let unfilled = (vacant / (before + opened).max(1e-12)).min(1.0);
        let kept = before * unfilled;
        let age = if before > 0.0 {
            self.fte_years[cell] / before
        } else {
            0.0
        };
        self.fte_years[cell] = kept * (age + 1.0) + (vacant - kept);
        self.fte[cell] = vacant;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Years vacant per FTE after a series of FTE vacant, each with those opened in the year.
    fn mean_years(series: &[(f64, f64)]) -> f64 {
        let mut vacancies = Vacancies {
            fte: vec![0.0],
            fte_years: vec![0.0],
        };
        for (vacant, opened) in series {
            vacancies.end_year_of(0, *vacant, *opened);
        }
        vacancies.fte_years[0] / vacancies.fte[0]
    }

    #[test]
    fn what_stays_vacant_ages_and_what_falls_vacant_is_new() {
        assert_eq!(mean_years(&[(4.0, 0.0)]), 1.0);
        // Nobody leaves and nobody comes.
        assert_eq!(mean_years(&[(4.0, 0.0), (4.0, 0.0), (4.0, 0.0)]), 3.0);
        // Two of two years, two new.
        assert_eq!(mean_years(&[(2.0, 0.0), (4.0, 2.0)]), 1.5);
        // Of two at two years and two at one, one each is filled; the others age to 3 and 2.
        assert_eq!(mean_years(&[(2.0, 0.0), (4.0, 2.0), (2.0, 0.0)]), 2.5);
        // Four vacant and four vacated, of which four are filled: two old ones are left, two new.
        assert_eq!(mean_years(&[(4.0, 0.0), (4.0, 4.0)]), 1.5);
        // Filled altogether, then vacant again: nothing is remembered.
        assert_eq!(mean_years(&[(5.0, 0.0), (0.0, 0.0), (3.0, 3.0)]), 1.0);
    }

    #[test]
    fn filling_evenly_is_the_same_as_keeping_every_age_apart() {
        let series = [
            (3.0, 0.0),
            (5.5, 4.0),
            (4.0, 1.0),
            (4.0, 9.0),
            (7.25, 3.5),
            (1.5, 0.25),
            (2.0, 6.0),
            (6.0, 4.5),
        ];
        let mut ages: Vec<f64> = Vec::new();
        for (vacant, opened) in series {
            let open: f64 = ages.iter().sum::<f64>() + opened;
            // With nothing open before, what is vacant is new.
            let unfilled: f64 = if open > 0.0 { vacant / open } else { 1.0 };
            let new = if open > 0.0 { opened } else { vacant };
            ages = std::iter::once(new)
                .chain(ages)
                .map(|fte| fte * unfilled)
                .collect();
        }
        let years = ages
            .iter()
            .enumerate()
            .map(|(age, fte)| (age + 1) as f64 * fte);
        let expected = years.sum::<f64>() / ages.iter().sum::<f64>();
        assert!((mean_years(&series) - expected).abs() < 1e-12);
    }

    #[test]
    fn posts_are_held_against_staff_cell_by_cell() {
        let staff = Staff {
            zones: 2,
            persons: vec![1; 6],
            milli_fte: vec![500, 1500, 0, 0, 0, 0],
        };
        let posts = Need::from_fn(2020..=2021, 1, 2, |year, _, sector, zone| {
            let most = if year == 2020 { 2.0 } else { 1.0 };
            if sector == Sector::Municipal && zone == 0 {
                most
            } else {
                1.0
            }
        });
        let mut vacancies = Vacancies::default();
        // At scale one half, 500 thousandths are one FTE and 1500 are three: nothing is vacant
        // there, and the two posts too many elsewhere do not count.
        vacancies.end_year((&staff, &[0; 6]), 0.5, &posts, 2020);
        assert_eq!(vacancies.fte, [1.0, 0.0, 1.0, 1.0, 1.0, 1.0]);
        vacancies.end_year((&staff, &[0; 6]), 0.5, &posts, 2021);
        assert_eq!(vacancies.fte, [0.0, 0.0, 1.0, 1.0, 1.0, 1.0]);
        assert_eq!(vacancies.fte_years, [0.0, 0.0, 2.0, 2.0, 2.0, 2.0]);
    }
}
