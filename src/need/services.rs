//! Services (tjenester): how much more of each would be needed, year by year.
//!
//! Source: the national projection HELSEMOD as printed in table 2.4 of NOU 2023: 4. A service grows
//! with the population's use of it by age ([`super::profile`]), times the years' growth of the
//! standard over that of productivity, (1 + standard) / (1 + productivity). (The ratio, and not the
//! difference of the two rates, is what the printed figures have: 1.10984 in 21 years, where the
//! difference would give 1.11042.) Unpaid care by families (uformell omsorg) counts beside formal
//! care: if its amount I stays, formal care F must meet all growth g, (F + I) g - I.
//!
//! Assumed: what follows 2040 goes on at the same rates.

use super::people::Nation;
use super::profile::Profile;
use super::settings::{InformalCare, Request, Scenario};
use crate::evidence::DataFolder;
use crate::parameters::ModelData;
use crate::parameters::table::toml_problem;
use crate::words::problem::line_of;
use crate::words::{Problem, Sector, Year};
use serde::Deserialize;
use toml::Spanned;

/// The file of services; a data folder without it has no need.
pub const FILE: &str = "classification/services.toml";

/// The year that the printed growth reaches to.
pub const TARGET: Year = 2040;

/// A service as its file gives it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Identifier in files and outputs.
    pub id: String,
    /// Norwegian name.
    pub label_nb: String,
    /// English name.
    pub label_en: String,
    /// Identifiers of the sectors that its staff work in.
    pub sectors: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ServiceFile {
    service: Vec<Spanned<Entry>>,
}

/// A service with what drives the need for it.
#[derive(Clone, Debug)]
pub struct Service {
    /// Its names.
    pub entry: Entry,
    /// Staff in the base year, all personnel, FTE.
    pub staff: f64,
    /// Unpaid care beside it in the base year, FTE.
    pub informal: f64,
    /// Shares of its staff by sector; they sum to one.
    pub sector_share: [f64; super::SECTORS],
    /// Use by age.
    pub profile: Profile,
    /// Years by which use above 55 is put off for each year that life expectancy grows, when
    /// health improves fully; 0 for services that do not react.
    pub reaction: f64,
}

/// The assumptions of a run: a scenario's, with those that the run gives put in their place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Assumptions {
    /// Growth a year of personnel time per user.
    pub standard: f64,
    /// Growth a year of services per unit of personnel.
    pub productivity: f64,
    /// What becomes of unpaid care.
    pub informal: InformalCare,
    /// How far health above 55 improves with life expectancy, as a share of full.
    pub health: f64,
}

impl Assumptions {
    /// The assumptions that a run asks for.
    ///
    /// # Errors
    /// A [`Problem`] if a parameter of the scenario is missing.
    pub fn of(data: &ModelData, request: &Request) -> Result<Assumptions, Problem> {
        let of = |name: &str| data.parameters.value(name, &[request.scenario.id()]);
        let level = of("need.informal_care_constant_level")? >= 0.5;
        Ok(Assumptions {
            standard: request
                .service_standard
                .unwrap_or(of("need.service_standard")?),
            productivity: request.productivity.unwrap_or(of("need.productivity")?),
            informal: request.informal_care.unwrap_or(if level {
                InformalCare::ConstantLevel
            } else {
                InformalCare::ConstantShare
            }),
            health: request
                .health_improvement
                .unwrap_or(of("need.health_improvement")?),
        })
    }

    /// The assumptions of a scenario as it is.
    ///
    /// # Errors
    /// A [`Problem`] if a parameter is missing.
    pub fn of_scenario(data: &ModelData, scenario: Scenario) -> Result<Assumptions, Problem> {
        let request = Request {
            scenario,
            ..Request::default()
        };
        Assumptions::of(data, &request)
    }

    /// Growth of personnel per user over some years, as a factor.
    pub fn net(&self, years: f64) -> f64 {
        ((1.0 + self.standard) / (1.0 + self.productivity)).powf(years)
    }
}

/// Life expectancy at birth by year, in years: straight between the published years, before and
/// after them.
#[derive(Clone, Copy, Debug)]
pub struct LifeExpectancy([(f64, f64); 3]);

impl LifeExpectancy {
    /// Reads the published years.
    ///
    /// # Errors
    /// A [`Problem`] if one is missing.
    pub fn read(data: &ModelData) -> Result<LifeExpectancy, Problem> {
        let of = |year: u16| {
            let found = data
                .parameters
                .value("need.life_expectancy", &[&year.to_string()])?;
            Ok((f64::from(year), found))
        };
        Ok(LifeExpectancy([of(2022)?, of(2040)?, of(2060)?]))
    }

    /// Years by which it is above that of the base year.
    pub fn gain(&self, base: Year, year: Year) -> f64 {
        self.at(f64::from(year)) - self.at(f64::from(base))
    }

    fn at(&self, year: f64) -> f64 {
        let [a, b, c] = self.0;
        let (from, to) = if year <= b.0 { (a, b) } else { (b, c) };
        from.1 + (to.1 - from.1) * (year - from.0) / (to.0 - from.0)
    }
}

/// All services of a country, ready to be projected.
#[derive(Clone, Debug)]
pub struct Services {
    /// In the order of the file.
    pub list: Vec<Service>,
    life: LifeExpectancy,
    base: Year,
}

/// The file's services, or `None` if the folder has no such file.
///
/// # Errors
/// A [`Problem`] for a malformed file, an unknown sector or a repeated service.
pub fn entries(folder: &DataFolder) -> Result<Option<Vec<Entry>>, Problem> {
    if !folder.has(FILE) {
        return Ok(None);
    }
    let text = folder.read(FILE)?;
    let file = folder.name(FILE);
    let raw: ServiceFile =
        toml::from_str(&text).map_err(|error| toml_problem(&file, &text, &error))?;
    for (number, spanned) in raw.service.iter().enumerate() {
        let entry = spanned.get_ref();
        let problem = |message: &str, key: &str, value: &str| {
            // The key is looked for from the head of its service on.
            let start = spanned.span().start;
            let rest = text.get(start..).unwrap_or_default();
            let is_key = |line: &str| line.split('=').next().is_some_and(|k| k.trim() == key);
            let below = rest.lines().position(is_key).unwrap_or(0);
            Problem::in_file(&file, format!("{}: {message}", entry.id))
                .at(line_of(&text, start) + below)
                .about(key, value)
        };
        let earlier = &raw.service[..number];
        if earlier.iter().any(|e| e.get_ref().id == entry.id) {
            let problem = problem("the service is given twice", "id", &entry.id);
            return Err(problem.mend("delete one of the two"));
        }
        let health = || Sector::ALL.iter().filter(|s| s.is_health()).map(|s| s.id());
        if let Some(wrong) = entry.sectors.iter().find(|s| !health().any(|h| h == *s)) {
            return Err(
                problem("unknown sector of health care", "sectors", wrong).nearest(wrong, health())
            );
        }
        if !(1..=2).contains(&entry.sectors.len()) {
            let found = entry.sectors.join(", ");
            return Err(problem("one sector or two", "sectors", &found));
        }
    }
    let entries = raw.service.into_iter().map(Spanned::into_inner);
    Ok(Some(entries.collect()))
}

impl Services {
    /// Solves every service's profile so that its growth to [`TARGET`] is the printed one.
    ///
    /// # Errors
    /// A [`Problem`] if a parameter is missing, or no profile of the family gives that growth.
    pub fn solve(
        data: &ModelData,
        entries: Vec<Entry>,
        nation: &Nation,
        base: Year,
    ) -> Result<Services, Problem> {
        let life = LifeExpectancy::read(data)?;
        let low = Assumptions::of_scenario(data, Scenario::Low)?;
        let high = Assumptions::of_scenario(data, Scenario::High)?;
        let years = f64::from(TARGET.saturating_sub(base));
        let now = nation.at(base);
        let then = nation.at(TARGET);
        let gain = life.gain(base, TARGET);
        let p = &data.parameters;
        let mut list = Vec::new();
        for entry in entries {
            let id = entry.id.as_str();
            let staff = p.value("need.staff", &[id])?;
            let informal = p
                .find_optional("need.informal_care_fte", &[id])
                .map_or(0.0, |found| found.value);
            let growth = p.find("need.growth", &[id, "low"])?;
            let with = demographic(growth.value, &low, staff, informal, years);
            let printed_high = p.find_optional("need.growth", &[id, "high"]);
            let without = printed_high.map(|q| demographic(q.value, &high, staff, informal, years));
            let ages = |name: &str| p.value(name, &[id]);
            let shape = Profile {
                from: ages("need.use_from_age")?,
                to: ages("need.use_to_age")?,
                rises_from: ages("need.use_rises_from_age")?,
                steepness: 0.0,
            };
            let unreachable = |key: &str| {
                Problem::in_file(&growth.origin.0, "no use by age gives this growth")
                    .at(growth.origin.1)
                    .about(format!("need.growth[{id},{key}]"), growth.value.to_string())
                    .mend("change need.use_rises_from_age of the service, or the growth")
            };
            // A service that does not react has the same demography in all scenarios.
            let profile = shape
                .solved(&now, &then, without.unwrap_or(with))
                .ok_or_else(|| unreachable(if without.is_some() { "high" } else { "low" }))?;
            let reaction = match without {
                None => 0.0,
                Some(_) => {
                    let full = gain * low.health;
                    profile
                        .solved_shift(&now, &then, with)
                        .filter(|_| full > 0.0)
                        .ok_or_else(|| unreachable("low"))?
                        / full
                }
            };
            let sector_share = sector_share(data, &entry)?;
            list.push(Service {
                staff,
                informal,
                sector_share,
                profile,
                reaction,
                entry,
            });
        }
        Ok(Services { list, life, base })
    }

    /// Years by which use of a service above 55 is put off in a year.
    pub fn shift(&self, service: usize, year: Year, health: f64) -> f64 {
        health * self.list[service].reaction * self.life.gain(self.base, year)
    }

    /// Need for a service in a year over that of the base year, all personnel.
    pub fn growth(&self, nation: &Nation, service: usize, year: Year, under: &Assumptions) -> f64 {
        let about = &self.list[service];
        let shift = self.shift(service, year, under.health);
        let demography = about
            .profile
            .growth(&nation.at(self.base), &nation.at(year), shift);
        let all = demography * under.net(f64::from(year.saturating_sub(self.base)));
        match under.informal {
            InformalCare::ConstantShare => all,
            InformalCare::ConstantLevel => {
                let whole = about.staff + about.informal;
                ((whole * all - about.informal) / about.staff).max(0.0)
            }
        }
    }
}

/// What demography alone makes of a printed growth.
fn demographic(growth: f64, under: &Assumptions, staff: f64, informal: f64, years: f64) -> f64 {
    let all = match under.informal {
        InformalCare::ConstantShare => growth,
        InformalCare::ConstantLevel => (growth * staff + informal) / (staff + informal),
    };
    all / under.net(years)
}

fn sector_share(data: &ModelData, entry: &Entry) -> Result<[f64; super::SECTORS], Problem> {
    let mut shares = [0.0; super::SECTORS];
    let place = |id: &String| Sector::of_id(id).map_or(0, Sector::index);
    let first = match entry.sectors.as_slice() {
        [_, other] => {
            let first = data
                .parameters
                .value("need.sector_share", &[&entry.id, &entry.sectors[0]])?;
            shares[place(other)] = 1.0 - first;
            first
        }
        _ => 1.0,
    };
    shares[place(&entry.sectors[0])] += first;
    Ok(shares)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIDDLE: Assumptions = Assumptions {
        standard: 0.01,
        productivity: 0.005,
        informal: InformalCare::ConstantLevel,
        health: 1.0,
    };

    #[test]
    fn demography_is_what_is_left_when_the_other_drivers_are_taken_off() {
        // Table 2.4, municipal care: 143.8 and 90 thousand FTE, 26.1 % from demography alone.
        let formal = (143.8 + 90.0) * 1.261 * MIDDLE.net(21.0) - 90.0;
        assert!((formal - 237.2).abs() < 0.05, "{formal}");
        let back = demographic(formal / 143.8, &MIDDLE, 143.8, 90.0, 21.0);
        assert!((back - 1.261).abs() < 1e-12);
    }

    #[test]
    fn life_expectancy_is_straight_between_the_published_years() {
        let life = LifeExpectancy([(2022.0, 83.0), (2040.0, 86.6), (2060.0, 90.0)]);
        assert!((life.gain(2022, 2031) - 1.8).abs() < 1e-9);
        assert!((life.gain(2019, 2022) - 0.6).abs() < 1e-9);
        assert!((life.gain(2040, 2050) - 1.7).abs() < 1e-9);
    }
}
