//! Study places (studieplasser): how many are admitted where, and who is under way in the base
//! year.

use super::columns::{Person, Population};
use super::newcomers::Newcomers;
use super::places::{self, Changes};
use super::quota::whole;
use crate::dice::Key;
use crate::parameters::table::full_name;
use crate::parameters::{Levers, ModelData};
use crate::words::{Problem, Track, Year};

/// Places and completion by programme.
#[derive(Clone, Debug, PartialEq)]
pub struct Intake {
    programmes: Vec<Places>,
    base_year: Year,
    scale: f64,
}

/// A place of study: track and zone.
pub type Site = (Track, usize);

/// The places of a programme for newcomers to health care.
#[derive(Clone, Debug, PartialEq)]
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
    /// Those who begin a year beside or after a job in health care, where that leads to another
    /// profession.
    from_health: f64,
    /// The profession it leads to.
    profession: usize,
    /// What levers change.
    changes: Changes,
}

impl Places {
    /// Persons admitted in a year when no lever changes anything, at full scale.
    fn without_levers(&self, year: Year) -> f64 {
        let since = usize::from(year.saturating_sub(self.first));
        self.by_year[since.min(self.by_year.len() - 1)]
    }
}

impl Intake {
    /// Compiles the places of all programmes that admit newcomers.
    ///
    /// # Errors
    /// A [`Problem`] if a parameter is missing or track shares do not sum to one.
    pub fn compile(
        data: &ModelData,
        base_year: Year,
        scale: f64,
        levers: &Levers,
    ) -> Result<Intake, Problem> {
        let p = &data.parameters;
        let lists = &data.classification;
        let mut programmes = Vec::new();
        for programme in &data.classification.programmes {
            let id = programme.id.as_str();
            let profession = lists.profession_of(programme.grade);
            if !programme.admits.is_empty() {
                let mut from = programme.admits.iter();
                let from_health = match from.any(|g| lists.profession_of(*g) != profession) {
                    true => p.value("further_education.starts", &[id])?,
                    false => 0.0,
                };
                let nobody = Places {
                    first: base_year,
                    by_year: vec![0.0],
                    shares: vec![],
                    sites: vec![],
                    years: programme.years,
                    on_time: 1.0,
                    completion: p.value("study.completion", &[id])?,
                    graduates: vec![],
                    from_health,
                    profession,
                    changes: Changes::none(base_year),
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
                from_health: 0.0,
                profession,
                changes: Changes::none(base_year),
            });
        }
        let mut intake = Intake {
            programmes,
            base_year,
            scale,
        };
        places::apply_levers(&mut intake, data, levers)?;
        Ok(intake)
    }

    /// Simulated people per real one.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// The base year.
    pub fn base_year(&self) -> Year {
        self.base_year
    }

    /// The places of study of a programme, with their shares; none for programmes that admit
    /// people who are in health care already.
    pub fn sites(&self, programme: usize) -> Vec<(Site, f64)> {
        let places = &self.programmes[programme];
        let shares = places.shares.iter().copied();
        places.sites.iter().copied().zip(shares).collect()
    }

    /// What levers change in a programme.
    pub fn changes(&mut self, programme: usize) -> &mut Changes {
        &mut self.programmes[programme].changes
    }

    /// The share of those admitted to a programme who complete it.
    pub fn completion(&self, programme: usize) -> f64 {
        self.programmes[programme].completion
    }

    /// Persons admitted to a programme in a year over all places of study, at full scale.
    pub fn places(&self, programme: usize, year: Year) -> f64 {
        let places = &self.programmes[programme];
        (places.without_levers(year) + places.changes.total(year)).max(0.0)
    }

    /// Expected graduates of a programme in a year, at full scale: observed ones, else those
    /// admitted who complete on time and a year late.
    pub fn graduates_of(&self, programme: usize, year: Year) -> f64 {
        let places = &self.programmes[programme];
        if let Some((_, observed)) = places.graduates.iter().find(|(known, _)| *known == year) {
            return *observed;
        }
        if places.sites.is_empty() {
            return places.from_health * places.completion;
        }
        let admitted = year - Year::from(places.years);
        let on_time = places.on_time * self.places(programme, admitted);
        let late = (1.0 - places.on_time) * self.places(programme, admitted - 1);
        (on_time + late) * places.completion
    }

    /// Expected graduates of a profession in a year, at full scale, from all programmes that lead
    /// to it.
    pub fn graduates(&self, profession: usize, year: Year) -> f64 {
        self.sum_of(profession, year, |_| true)
    }

    /// The same from programmes for people new to health care.
    pub fn graduates_of_newcomers(&self, profession: usize, year: Year) -> f64 {
        self.sum_of(profession, year, |places| !places.sites.is_empty())
    }

    fn sum_of(&self, profession: usize, year: Year, counts: impl Fn(&Places) -> bool) -> f64 {
        let own = |places: &Places| places.profession == profession && counts(places);
        (0..self.programmes.len())
            .filter(|number| own(&self.programmes[*number]))
            .map(|number| self.graduates_of(number, year))
            .sum()
    }

    /// Number of programmes.
    pub fn programmes(&self) -> usize {
        self.programmes.len()
    }

    /// Persons admitted to a programme in a year, by track and study zone.
    pub fn admitted(&self, programme: usize, year: Year) -> Vec<(Track, usize, u32)> {
        let places = &self.programmes[programme];
        let mut admitted = self.at_sites(programme, year);
        places.changes.apply(year, &mut admitted);
        admitted
    }

    /// Persons admitted to a programme in a year when no lever changes anything, at full scale.
    pub fn without_levers(&self, programme: usize, year: Year) -> f64 {
        self.programmes[programme].without_levers(year)
    }

    /// The same in whole people at the run's scale, by track and study zone.
    pub fn at_sites(&self, programme: usize, year: Year) -> Vec<(Track, usize, u32)> {
        let places = &self.programmes[programme];
        self.spread(places, places.without_levers(year))
    }

    fn spread(&self, places: &Places, total: f64) -> Vec<(Track, usize, u32)> {
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
                    None => places.without_levers(admitted) * surviving,
                };
                if ahead == 0 {
                    left *= 1.0 - places.on_time;
                }
                for (track, zone, people) in self.spread(places, left) {
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
