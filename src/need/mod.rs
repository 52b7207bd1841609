//! Need (etterspørsel): how many FTE of each profession the services would need, by sector, zone
//! and year, whatever the supply.
//!
//! The mechanics are those of the national projection HELSEMOD (NOU 2023: 4, chapter 2.2.3):
//! [`people`] are projected, use them by age ([`profile`]), which makes [`services`] grow;
//! professions work in a [`mix`] of services; need by sector spreads over [`zones`] by use and by
//! where staff are. What is solved (steepness of use, mix, drift) is solved from the projection's
//! printed tables 2.4 and 2.5, and `stabil check need` prints them beside the model.

pub mod mix;
pub mod people;
pub mod policy;
pub mod profession;
pub mod profile;
pub mod services;
pub mod settings;
pub mod zones;

pub use settings::{InformalCare, Request, Scenario};

use crate::parameters::ModelData;
use crate::population::Synthesis;
use crate::words::{Problem, Sector, Year};
use people::{Nation, Towns};
use profession::Demand;
use services::{Assumptions, Services, TARGET};
use zones::{Catchments, Use};

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
    /// Identifiers of the services.
    services: Vec<String>,
    /// All personnel needed, FTE, by year, then service.
    staff: Vec<f64>,
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
            services: Vec::new(),
            staff: Vec::new(),
        }
    }

    /// Can need be told for a year? Not for one before the people of [`people::STEPS`] are known.
    pub fn reaches(year: Year) -> bool {
        year + 1 >= people::STEPS[0]
    }

    /// Projects need from the base year to `until`, and to 2040 at least; `None` if the data folder
    /// names no services, or the base year lies before the people whose need could be told.
    ///
    /// # Errors
    /// A [`Problem`] if a file or parameter is missing or contradictory.
    pub fn project(
        data: &ModelData,
        base: &Synthesis,
        request: &Request,
        until: Year,
    ) -> Result<Option<Need>, Problem> {
        let Some(entries) = services::entries(&data.folder)? else {
            return Ok(None);
        };
        if !Need::reaches(base.year) {
            return Ok(None);
        }
        let nation = Nation::read(data)?;
        let towns = Towns::project(data, &nation)?;
        let services = Services::solve(data, entries, &nation, base.year)?;
        let under = Assumptions::of(data, request)?;
        let growths = |year: Year, under: &Assumptions| -> Vec<f64> {
            (0..services.list.len())
                .map(|service| services.growth(&nation, service, year, under))
                .collect()
        };
        let mut printed = [const { Vec::new() }; 3];
        for (row, scenario) in printed.iter_mut().zip(Scenario::ALL) {
            *row = growths(TARGET, &Assumptions::of_scenario(data, scenario)?);
        }
        let demands = base
            .margins
            .iter()
            .map(|margins| Demand::compile(data, margins, &services, &printed, base.year))
            .collect::<Result<Vec<Demand>, Problem>>()?;
        let by_use = data.parameters.value("need.by_use_weight", &[])?;
        let catchments = Catchments::of(&data.zones, by_use);
        let use_in = |year: Year| {
            let health = under.health;
            let shift = |s| services.shift(s, year, health);
            let profiles = services.list.iter().enumerate();
            Use::of(
                profiles.map(|(s, about)| (&about.profile, shift(s))),
                &towns.by_zone(&data.zones, year),
            )
        };
        let now = use_in(base.year);
        let mut fte = Vec::new();
        let mut staff = Vec::new();
        for year in base.year..=until.max(TARGET) {
            let growth = growths(year, &under);
            let then = use_in(year);
            for demand in &demands {
                demand.by_zone(&growth, year, &catchments, (&now, &then), &mut fte);
            }
            staff.extend(growth.iter().zip(&services.list).map(|(g, s)| g * s.staff));
        }
        Ok(Some(Need {
            first: base.year,
            professions: demands.len(),
            zones: data.zones.len(),
            fte,
            services: services.list.into_iter().map(|s| s.entry.id).collect(),
            staff,
        }))
    }

    /// Identifiers of the services that need was worked out from, none if it was given.
    pub fn services(&self) -> &[String] {
        &self.services
    }

    /// Needed FTE of all personnel, those without health education included, in a service in the
    /// whole country; the last year's for later ones.
    pub fn by_service(&self, year: Year, service: usize) -> f64 {
        let services = self.services.len();
        if service >= services {
            return 0.0;
        }
        let last = self.staff.len() / services - 1;
        let since = usize::from(year.saturating_sub(self.first)).min(last);
        self.staff[since * services + service]
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

    /// The same need with every figure multiplied by a factor.
    pub fn scaled(&self, factor: impl Fn(Year, usize, Sector, usize) -> f64) -> Need {
        let mut scaled = self.clone();
        let cells = self.professions * SECTORS * self.zones;
        for (index, fte) in scaled.fte.iter_mut().enumerate() {
            let (year, cell) = (self.first + (index / cells) as Year, index % cells);
            let (row, zone) = (cell / self.zones, cell % self.zones);
            *fte *= factor(year, row / SECTORS, Sector::ALL[row % SECTORS], zone);
        }
        scaled
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

    /// Needed FTE of all professions in all of health care in a zone.
    pub fn in_zone(&self, year: Year, zone: usize) -> f64 {
        let of = |profession| -> f64 {
            let sectors = Sector::ALL[..SECTORS].iter();
            sectors.map(|s| self.fte(year, profession, *s, zone)).sum()
        };
        (0..self.professions).map(of).sum()
    }

    /// The first year.
    pub fn first_year(&self) -> Year {
        self.first
    }
}

/// Weights as shares of their sum; all zero as they are.
fn as_shares(mut shares: Vec<f64>) -> Vec<f64> {
    let sum: f64 = shares.iter().sum();
    if sum > 0.0 {
        shares.iter_mut().for_each(|s| *s /= sum);
    }
    shares
}
