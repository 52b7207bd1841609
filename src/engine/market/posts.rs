//! Posts (stillinger): how many there are for each profession in each sector and zone, and how
//! much of what stands vacant is covered by hired-in staff.
//!
//! In the base year there are as many posts as people hold, and the vacant ones of the profession
//! on top (need over supply), spread like the staff. From then on posts follow need: each year
//! they move towards it by one part in `vacancy.post_lag`, since budgets, buildings and plans take
//! time. A profession that has more people than need has no fewer posts than people to begin with.

use crate::need::{Need, SECTORS};
use crate::parameters::ModelData;
use crate::population::Synthesis;
use crate::population::positions::band_means;
use crate::words::{Problem, Sector, Year};

/// FTE (real people's) held in the base population, by profession, sector of health care and zone.
///
/// # Errors
/// A [`Problem`] if a band of positions has no mean.
pub fn staffed(data: &ModelData, base: &Synthesis) -> Result<Vec<f64>, Problem> {
    let zones = data.zones.len();
    let lists = &data.classification;
    let means = band_means(data)?;
    let mut fte = vec![0.0; lists.professions.len() * SECTORS * zones];
    for person in base.population.people() {
        let profession = lists.profession_of(usize::from(person.grade));
        if person.in_health() && profession < lists.professions.len() {
            let zone = usize::from(person.zone).min(zones - 1);
            let cell = (profession * SECTORS + person.sector.index()) * zones + zone;
            fte[cell] += means[person.band.index()] / base.scale;
        }
    }
    Ok(fte)
}

/// Posts in FTE by year, profession, sector and zone, from the base year on.
///
/// # Errors
/// A [`Problem`] if `vacancy.post_lag` is missing or below one year.
pub fn posts(data: &ModelData, need: &Need, staffed: &[f64], until: Year) -> Result<Need, Problem> {
    let lag = data.parameters.find("vacancy.post_lag", &[])?;
    if lag.value < 1.0 {
        return Err(
            Problem::in_file(&lag.origin.0, "posts cannot be ahead of need")
                .at(lag.origin.1)
                .about("vacancy.post_lag", lag.value.to_string())
                .mend("give at least 1, the year itself"),
        );
    }
    let professions = data.classification.professions.len();
    let zones = data.zones.len();
    let base = need.first_year();
    let cells = professions * SECTORS * zones;
    let mut path = Vec::with_capacity(cells * usize::from(until - base + 1));
    for profession in 0..professions {
        let own = &staffed[profession * SECTORS * zones..(profession + 1) * SECTORS * zones];
        let supply: f64 = own.iter().sum();
        let vacant = (need.national(base, profession) / supply.max(1e-9)).max(1.0);
        path.extend(own.iter().map(|held| held * vacant));
    }
    for year in base + 1..=until {
        for cell in 0..cells {
            let (row, zone) = (cell / zones, cell % zones);
            let sector = Sector::ALL[row % SECTORS];
            let before = path[path.len() - cells];
            let wanted = need.fte(year, row / SECTORS, sector, zone);
            path.push(before + (wanted - before) / lag.value);
        }
    }
    Ok(Need::from_fn(
        base..=until,
        professions,
        zones,
        |year, profession, sector, zone| {
            let row = profession * SECTORS + sector.index();
            path[usize::from(year - base) * cells + row * zones + zone]
        },
    ))
}

/// Hired-in staff (vikarer fra byrå): a stop-gap that costs.
#[derive(Clone, Debug, PartialEq)]
pub struct Agency {
    /// Share of vacant FTE that they cover, by sector and zone, 0 to 1.
    pub cover: [Vec<f64>; SECTORS],
    /// Price of a full-time year, in million NOK.
    pub cost: f64,
}

impl Agency {
    /// Reads both.
    ///
    /// # Errors
    /// A [`Problem`] if a parameter is missing.
    pub fn read(data: &ModelData) -> Result<Agency, Problem> {
        Ok(Agency {
            cover: cover(data)?,
            cost: data.parameters.value("vacancy.agency_cost", &[])?,
        })
    }
}

/// Share of vacant FTE covered, by sector and zone.
///
/// Hospitals: by health region, from the regions' shares of all agency hours over their shares of
/// hospital staff (nou_workforce_0373 to nou_workforce_0376).
fn cover(data: &ModelData) -> Result<[Vec<f64>; SECTORS], Problem> {
    let p = &data.parameters;
    let mut cover = [const { Vec::new() }; SECTORS];
    for (sector, row) in Sector::ALL.iter().zip(&mut cover) {
        let share = p.value("vacancy.agency_cover", &[sector.id()])?;
        for zone in &data.zones.zones {
            let mut own = share;
            if *sector == Sector::Hospital {
                let regions = zone.members.iter().map(|m| &data.zones.municipalities[*m]);
                let weighted = regions.map(|town| {
                    let people: f64 = town.population.iter().sum();
                    let factor = match p.find_optional("vacancy.agency_region", &[&town.region]) {
                        Some(factor) => factor.value,
                        None => 1.0,
                    };
                    (people, people * factor)
                });
                let (people, sum) = weighted.fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
                own *= sum / people.max(1e-9);
            }
            row.push(own.clamp(0.0, 1.0));
        }
    }
    Ok(cover)
}
