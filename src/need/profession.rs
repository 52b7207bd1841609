//! Need for one profession: its base, its mix of services, its drift; and by sector and zone.
//!
//! Base: table 2.5 of NOU 2023: 4, which counts the shortage of the base year as need; it is
//! divided between sectors as the base year's supply is, since the employer survey that the shortage
//! comes from is not told by sector. (Assumed: shortage is the same share of need in all sectors.)
//! Professions that table 2.5 does not have (care assistants) are needed as they are supplied.

use super::SECTORS;
use super::mix::{self, Growths};
use super::services::{Services, TARGET};
use super::zones::{Catchments, Use};
use crate::parameters::ModelData;
use crate::population::margins::Margins;
use crate::words::{Problem, Sector, Year};

/// What makes need for a profession.
#[derive(Clone, Debug)]
pub struct Demand {
    /// FTE needed in the base year, by sector.
    pub base: [f64; SECTORS],
    /// Share of each service; they sum to one.
    pub mix: Vec<f64>,
    /// Factor from change of composition over the whole period to 2040.
    pub drift: f64,
    /// The base year.
    start: Year,
    /// Parts of each service by sector.
    sectors: Vec<[f64; SECTORS]>,
    /// Share of the base year's people in each zone, by sector.
    staff: [Vec<f64>; SECTORS],
}

impl Demand {
    /// Solves mix and drift of a profession from the growths of the services in the three
    /// scenarios to 2040.
    ///
    /// # Errors
    /// A [`Problem`] if a parameter is missing.
    pub fn compile(
        data: &ModelData,
        margins: &Margins,
        services: &Services,
        growths: &Growths,
        start: Year,
    ) -> Result<Demand, Problem> {
        let p = &data.parameters;
        let id = data.classification.professions[margins.profession]
            .id
            .as_str();
        let supply: f64 = margins.fte[..SECTORS].iter().sum();
        let sectors: Vec<[f64; SECTORS]> = services.list.iter().map(|s| s.sector_share).collect();
        let mut seed = Vec::new();
        for service in &services.list {
            let weight = p.value("need.works_in", &[id, &service.entry.id])?;
            seed.push(weight * service.staff);
        }
        let wanted: Vec<f64> = margins.fte[..SECTORS].iter().map(|f| f / supply).collect();
        let mut shares = mix::rake(&seed, &sectors, &wanted);
        let mut needed = supply;
        let mut drift = 1.0;
        if let Some(base) = p.find_optional("need.base_fte", &[id]) {
            needed = base.value;
            let mut printed = [0.0; 3];
            for (growth, scenario) in printed.iter_mut().zip(super::Scenario::ALL) {
                *growth = p.value("need.profession_growth", &[id, scenario.id()])?;
            }
            shares = mix::to_ratios(&shares, growths, printed);
            drift = mix::drift(&shares, growths, printed);
        }
        Ok(Demand {
            base: std::array::from_fn(|k| needed * wanted[k]),
            mix: shares,
            drift,
            start,
            sectors,
            staff: std::array::from_fn(|k| margins.zone_share[k].clone()),
        })
    }

    /// FTE needed by sector in a year, from the growth of each service since the base year.
    pub fn by_sector(&self, growth: &[f64], year: Year) -> [f64; SECTORS] {
        let part = |numbers: &dyn Fn(usize) -> f64, k: usize| -> f64 {
            (0..self.mix.len())
                .map(|s| self.mix[s] * self.sectors[s][k] * numbers(s))
                .sum()
        };
        let all = mix::growth(&self.mix, growth);
        let mut grown: [f64; SECTORS] = std::array::from_fn(|k| {
            let share = part(&|_| 1.0, k);
            let own = if share > 0.0 {
                part(&|s| growth[s], k) / share
            } else {
                all
            };
            self.base[k] * own
        });
        // The mix and the base population may divide the profession between sectors differently;
        // the national need is that of the mix.
        let since = f64::from(year.min(TARGET).saturating_sub(self.start));
        let period = f64::from(TARGET.saturating_sub(self.start).max(1));
        let national = self.base.iter().sum::<f64>() * all * self.drift.powf(since / period);
        let sum: f64 = grown.iter().sum();
        if sum > 0.0 {
            grown.iter_mut().for_each(|fte| *fte *= national / sum);
        }
        grown
    }

    /// Adds the FTE needed in a year by sector and zone to a list, zones innermost.
    pub fn by_zone(
        &self,
        growth: &[f64],
        year: Year,
        catchments: &Catchments,
        (now, then): (&Use, &Use),
        to: &mut Vec<f64>,
    ) {
        let needed = self.by_sector(growth, year);
        for (k, sector) in Sector::ALL[..SECTORS].iter().enumerate() {
            let staff = &self.staff[k];
            let mut zones = vec![0.0; staff.len()];
            let mut sum = 0.0;
            for (s, share) in self.mix.iter().enumerate() {
                let weight = share * self.sectors[s][k] * growth[s];
                if weight > 0.0 {
                    let spread = catchments.shares(*sector, s, staff, now, then);
                    zones
                        .iter_mut()
                        .zip(spread)
                        .for_each(|(z, x)| *z += weight * x);
                    sum += weight;
                }
            }
            if sum > 0.0 {
                to.extend(zones.iter().map(|z| needed[k] * z / sum));
            } else {
                to.extend(staff.iter().map(|z| needed[k] * z));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demand(drift: f64) -> Demand {
        Demand {
            base: [50.0, 40.0, 10.0],
            mix: vec![0.6, 0.4],
            drift,
            start: 2019,
            sectors: vec![[1.0, 0.0, 0.0], [0.0, 0.75, 0.25]],
            staff: std::array::from_fn(|_| vec![0.5, 0.5]),
        }
    }

    #[test]
    fn the_base_year_is_the_base() {
        let found = demand(1.2).by_sector(&[1.0, 1.0], 2019);
        for (found, base) in found.iter().zip([50.0, 40.0, 10.0]) {
            assert!((found - base).abs() < 1e-12);
        }
    }

    #[test]
    fn sectors_sum_to_the_growth_of_the_mix_and_the_drift() {
        let sum = |year| {
            demand(1.2)
                .by_sector(&[1.5, 1.25], year)
                .iter()
                .sum::<f64>()
        };
        assert!((sum(2040) - 100.0 * 1.4 * 1.2).abs() < 1e-9);
        assert!((sum(2050) - sum(2040)).abs() < 1e-9, "drift ends in 2040");
        let [municipal, hospital, other] = demand(1.0).by_sector(&[1.5, 1.25], 2040);
        assert!(municipal / 50.0 > hospital / 40.0);
        assert!((hospital / other - 4.0).abs() < 1e-9);
    }
}
