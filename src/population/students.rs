//! Study places (studieplasser): how many are admitted where, and who is under way in the base
//! year.

use super::columns::{Person, Population};
use super::newcomers::Newcomers;
use super::quota::whole;
use crate::dice::Key;
use crate::parameters::ModelData;
use crate::parameters::table::full_name;
use crate::words::{Problem, Track, Year};

/// Places and completion by programme.
#[derive(Clone, Debug)]
pub struct Intake {
    programmes: Vec<Places>,
    scale: f64,
}

/// A place of study: track and zone.
type Site = (Track, usize);

/// The places of a programme for newcomers to health care.
#[derive(Clone, Debug)]
struct Places {
    /// Persons admitted a year: first year given, and the numbers from then on; the last one
    /// holds for all later years.
    first: Year,
    by_year: Vec<f64>,
    /// Shares by track and zone, in the order of `sites`.
    shares: Vec<f64>,
    sites: Vec<Site>,
    /// Years on time, share finishing on time, share finishing at all.
    years: u8,
    on_time: f64,
    completion: f64,
    /// Observed graduates by year of graduation, where known.
    graduates: Vec<(Year, f64)>,
}

impl Intake {
    /// Compiles the places of all programmes that admit newcomers.
    ///
    /// # Errors
    /// A [`Problem`] if a parameter is missing or track shares do not sum to one.
    pub fn compile(data: &ModelData, base_year: Year, scale: f64) -> Result<Intake, Problem> {
        let p = &data.parameters;
        let mut programmes = Vec::new();
        for programme in &data.classification.programmes {
            let id = programme.id.as_str();
            if !programme.admits.is_empty() {
                let nobody = Places {
                    first: base_year,
                    by_year: vec![0.0],
                    shares: vec![],
                    sites: vec![],
                    years: programme.years,
                    on_time: 1.0,
                    completion: 1.0,
                    graduates: vec![],
                };
                programmes.push(nobody);
                continue;
            }
            let mut by_year = Vec::new();
            let mut graduates = Vec::new();
            for year in base_year - 12..=base_year + 60 {
                let text = year.to_string();
                match p.find_optional("study.places", &[id, &text]) {
                    Some(places) => by_year.push((year, places.value)),
                    None if by_year.is_empty() => {}
                    None => break,
                }
            }
            for year in base_year..base_year + 12 {
                if let Some(found) = p.find_optional("study.graduates", &[id, &year.to_string()]) {
                    graduates.push((year, found.value));
                }
            }
            let Some(&(first, _)) = by_year.first() else {
                return Err(Problem::in_file(
                    "parameters/study.toml",
                    "no study places are given for any year",
                )
                .about("name", full_name("study.places", &[id, "YEAR"])));
            };
            let (sites, shares) = sites(data, programme)?;
            programmes.push(Places {
                first,
                by_year: by_year.into_iter().map(|(_, n)| n).collect(),
                shares,
                sites,
                years: programme.years,
                on_time: p.value("study.on_time_share", &[id])?,
                completion: p.value("study.completion", &[id])?,
                graduates,
            });
        }
        Ok(Intake { programmes, scale })
    }

    /// Number of programmes.
    pub fn programmes(&self) -> usize {
        self.programmes.len()
    }

    /// Persons admitted to a programme in a year, by track and study zone.
    pub fn admitted(&self, programme: usize, year: Year) -> Vec<(Track, usize, u32)> {
        let places = &self.programmes[programme];
        let since = usize::from(year.saturating_sub(places.first));
        let total = places.by_year[since.min(places.by_year.len() - 1)];
        self.at_sites(places, total)
    }

    fn at_sites(&self, places: &Places, total: f64) -> Vec<(Track, usize, u32)> {
        let amounts: Vec<f64> = places
            .shares
            .iter()
            .map(|s| s * total * self.scale)
            .collect();
        places
            .sites
            .iter()
            .zip(whole(&amounts))
            .map(|(&(track, zone), number)| (track, zone, number))
            .collect()
    }

    /// Adds everybody who is studying in the base year: cohorts that would end on time in the
    /// years to come, and those of the base year who take a year longer.
    ///
    /// Where the graduates of a year have been observed the cohort is sized to yield them.
    pub fn add_students_under_way(
        &self,
        population: &mut Population,
        newcomers: &Newcomers,
        key: Key,
        base_year: Year,
    ) {
        for (number, places) in self.programmes.iter().enumerate() {
            if places.sites.is_empty() {
                continue;
            }
            let yearly_stay = places.completion.powf(1.0 / f64::from(places.years));
            for ahead in 0..=u16::from(places.years) {
                let due = base_year + ahead;
                let admitted = due - u16::from(places.years);
                let studied = i32::from(base_year - admitted.min(base_year));
                let surviving = yearly_stay.powi(studied);
                let observed = places.graduates.iter().find(|(year, _)| *year == due);
                let mut left = match observed {
                    // Those due before the base year and delayed into this one make up for
                    // those of this cohort who will be delayed: the sizes balance.
                    Some((_, graduates)) => graduates / places.completion * surviving,
                    None => {
                        let since = usize::from(admitted.saturating_sub(places.first));
                        places.by_year[since.min(places.by_year.len() - 1)] * surviving
                    }
                };
                if ahead == 0 {
                    left *= 1.0 - places.on_time;
                }
                for (track, zone, people) in self.at_sites(places, left) {
                    for index in 0..people {
                        let site = (number, track, zone);
                        let student: Person = newcomers.student(key, site, admitted, index);
                        population.add(&student);
                    }
                }
            }
        }
    }
}

/// Where a programme is offered: (track, zone) with shares that sum to one.
fn sites(
    data: &ModelData,
    programme: &crate::parameters::Programme,
) -> Result<(Vec<Site>, Vec<f64>), Problem> {
    let p = &data.parameters;
    let zones = &data.zones;
    let mut sites = Vec::new();
    let mut shares = Vec::new();
    let mut total = 0.0;
    for track in &programme.track_list {
        let keys = [programme.id.as_str(), track.id()];
        let share = p.value("study.track_share", &keys)?;
        total += share;
        let weights = zones
            .zones
            .iter()
            .map(|zone| {
                let group = zones.groups[zone.group].id.as_str();
                let weight = p.value(
                    "study.site_weight",
                    &[programme.id.as_str(), track.id(), group],
                )?;
                // Students aged 20-24 live where places are.
                Ok(weight * zone.population[4])
            })
            .collect::<Result<Vec<f64>, Problem>>()?;
        let sum: f64 = weights.iter().sum();
        for (zone, weight) in weights.iter().enumerate().filter(|(_, w)| **w > 0.0) {
            sites.push((*track, zone));
            shares.push(share * weight / sum);
        }
    }
    if (total - 1.0).abs() > 1e-6 {
        return Err(
            Problem::in_file("parameters/study.toml", "track shares must sum to 1").about(
                format!("study.track_share[{},*]", programme.id),
                format!("{total:.4}"),
            ),
        );
    }
    Ok((sites, shares))
}
