//! Need (etterspørsel): how many FTE of each profession the services would need, by sector, zone
//! and year, whatever the supply.

pub mod settings;

pub use settings::{InformalCare, Request, Scenario};

use crate::words::{Sector, Year};

/// Sectors that need is told for: municipal, hospital, other health, in the order of
/// [`Sector::ALL`].
pub const SECTORS: usize = 3;

/// Needed FTE (real people's, whatever the scale of a simulation) by year, profession, sector and
/// zone.
#[derive(Clone, Debug, PartialEq)]
pub struct Need {
    first: Year,
    professions: usize,
    zones: usize,
    /// By year, then profession, sector and zone.
    fte: Vec<f64>,
}

impl Need {
    /// Need worked out by a function of year, profession, sector and zone.
    pub fn from_fn(
        years: std::ops::RangeInclusive<Year>,
        professions: usize,
        zones: usize,
        fte: impl Fn(Year, usize, Sector, usize) -> f64,
    ) -> Need {
        let first = *years.start();
        let mut need = Vec::new();
        for year in years {
            for profession in 0..professions {
                for sector in &Sector::ALL[..SECTORS] {
                    need.extend((0..zones).map(|zone| fte(year, profession, *sector, zone)));
                }
            }
        }
        Need {
            first,
            professions,
            zones,
            fte: need,
        }
    }

    /// Needed FTE of a profession in a sector of health care in a zone; zero outside health care,
    /// and the last year's for later ones.
    pub fn fte(&self, year: Year, profession: usize, sector: Sector, zone: usize) -> f64 {
        if sector.index() >= SECTORS {
            return 0.0;
        }
        let cells = self.professions * SECTORS * self.zones;
        let since = usize::from(year.saturating_sub(self.first)).min(self.fte.len() / cells - 1);
        self.fte[since * cells + (profession * SECTORS + sector.index()) * self.zones + zone]
    }

    /// Needed FTE of a profession in the whole country and all of health care.
    pub fn national(&self, year: Year, profession: usize) -> f64 {
        let sectors = &Sector::ALL[..SECTORS];
        let of = |sector: &Sector| -> f64 {
            (0..self.zones)
                .map(|zone| self.fte(year, profession, *sector, zone))
                .sum()
        };
        sectors.iter().map(of).sum()
    }

    /// The first year.
    pub fn first_year(&self) -> Year {
        self.first
    }
}
