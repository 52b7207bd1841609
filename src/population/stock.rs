//! The fitted table of a profession in the base year: employed people by sector, zone, age class
//! and sex, found by iterative proportional fitting; and those not employed, in proportion.

use super::ipf::{self, Fit, Margin};
use super::margins::{Margins, class_seed};
use crate::words::age::{AGE_CLASSES, class_start};

/// Where a cell of the stock stands: the four sectors, then outside work, full disability
/// pension, old-age pension.
pub const PLACES: usize = 7;

/// The fitted stock of a profession, fractional.
#[derive(Clone, Debug)]
pub struct Stock {
    /// People by place, zone, age class, sex (last index fastest).
    pub cells: Vec<f64>,
    /// How well the margins were met.
    pub fit: Fit,
    zones: usize,
}

/// Relative tolerance of the fit.
pub const TOLERANCE: f64 = 1e-6;

impl Stock {
    /// Fits the table of a profession to its margins.
    pub fn fit(margins: &Margins, zones: usize) -> Stock {
        let seed = class_seed(&margins.age_seed);
        let size = 4 * zones * AGE_CLASSES * 2;
        let split = |cell: usize| {
            let sex = cell % 2;
            let age = cell / 2 % AGE_CLASSES;
            let zone = cell / 2 / AGE_CLASSES % zones;
            (cell / 2 / AGE_CLASSES / zones, zone, age, sex)
        };
        let mut cells: Vec<f64> = (0..size)
            .map(|cell| {
                let (sector, zone, age, sex) = split(cell);
                let female = margins.share_female;
                margins.employed[sector]
                    * margins.zone_share[sector][zone]
                    * seed[age]
                    * if sex == 0 { female } else { 1.0 - female }
            })
            .collect();
        let everybody: f64 = margins.employed.iter().sum();
        let sector_zone = Margin {
            name: "sector x zone".into(),
            bin: (0..size)
                .map(|c| (split(c).0 * zones + split(c).1) as u32)
                .collect(),
            target: (0..4 * zones)
                .map(|b| margins.employed[b / zones] * margins.zone_share[b / zones][b % zones])
                .collect(),
        };
        let old = |age: usize| usize::from(class_start(age) >= 55);
        let sector_age = Margin {
            name: "sector x 55 and over".into(),
            bin: (0..size)
                .map(|c| (split(c).0 * 2 + old(split(c).2)) as u32)
                .collect(),
            target: (0..8)
                .map(|b| {
                    let share = margins.share_55[b / 2];
                    margins.employed[b / 2] * if b % 2 == 1 { share } else { 1.0 - share }
                })
                .collect(),
        };
        let sex = Margin {
            name: "sex".into(),
            bin: (0..size).map(|c| split(c).3 as u32).collect(),
            target: vec![
                everybody * margins.share_female,
                everybody * (1.0 - margins.share_female),
            ],
        };
        let fit = ipf::fit(&mut cells, &[sex, sector_age, sector_zone], TOLERANCE, 200);
        let mut stock = Stock { cells, fit, zones };
        stock.add_not_employed(margins);
        stock
    }

    /// Position of a cell.
    pub fn index(&self, place: usize, zone: usize, age: usize, sex: usize) -> usize {
        ((place * self.zones + zone) * AGE_CLASSES + age) * 2 + sex
    }

    fn add_not_employed(&mut self, margins: &Margins) {
        self.cells
            .resize(PLACES * self.zones * AGE_CLASSES * 2, 0.0);
        for zone in 0..self.zones {
            for age in 0..AGE_CLASSES {
                for sex in 0..2 {
                    let employed: f64 = (0..4)
                        .map(|sector| self.cells[self.index(sector, zone, age, sex)])
                        .sum();
                    // The class's shares are those of its middle age.
                    let middle = usize::from(class_start(age)) + 2;
                    let shares = margins.not_employed[sex][middle];
                    let left = 1.0 - shares.iter().sum::<f64>();
                    for (kind, share) in shares.iter().enumerate() {
                        let cell = self.index(4 + kind, zone, age, sex);
                        self.cells[cell] = employed * share / left;
                    }
                }
            }
        }
    }
}
