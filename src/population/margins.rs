//! The margins of the base population: how many, where, how old, as the evidence says.

use super::rates::{AGES, DisabilityRates, retired_share};
use crate::parameters::{ModelData, Scope};
use crate::words::age::{AGE_CLASSES, age_class, class_label};
use crate::words::{OLDEST_AGE, Problem, Sector, YOUNGEST_AGE};

/// What the evidence says of one profession in the base year.
#[derive(Clone, Debug)]
pub struct Margins {
    /// Position of the profession.
    pub profession: usize,
    /// FTE available to health and care services by sector (the last is zero).
    pub fte: [f64; 4],
    /// Employed people by sector, people working outside health included.
    pub employed: [f64; 4],
    /// Share of each sector's people in each zone.
    pub zone_share: [Vec<f64>; 4],
    /// Share of each sector's people who are 55 or older.
    pub share_55: [f64; 4],
    /// Share of women among the employed.
    pub share_female: f64,
    /// Relative number of employed people by single age (the seed of the fit).
    pub age_seed: [f64; AGES],
    /// By sex and age: shares of all people who are outside work, on full disability pension,
    /// and on old-age pension. What is left is employed.
    pub not_employed: [[[f64; 3]; AGES]; 2],
}

/// Least share of an age group taken to be employed; keeps the division in the fit sane.
const LEAST_EMPLOYED: f64 = 0.03;

impl Margins {
    /// Collects the margins of a profession.
    ///
    /// # Errors
    /// A [`Problem`] if a parameter is missing or sector shares do not sum to one.
    pub fn of(
        data: &ModelData,
        profession: usize,
        disability: &DisabilityRates,
    ) -> Result<Margins, Problem> {
        let about = &data.classification.professions[profession];
        let id = about.id.as_str();
        let p = &data.parameters;
        let total = p.value("base_population.supply_fte", &[id])?;
        let mut fte = [0.0; 4];
        let mut employed = [0.0; 4];
        let mut sum = 0.0;
        for sector in Sector::ALL.iter().filter(|s| s.is_health()) {
            let share = p.value("base_population.sector_share", &[id, sector.id()])?;
            sum += share;
            let mean = p.value("position.mean", &[id, sector.id()])?;
            fte[sector.index()] = total * share;
            employed[sector.index()] = total * share / mean;
        }
        if (sum - 1.0).abs() > 1e-6 {
            let first = p.find(
                "base_population.sector_share",
                &[id, Sector::Municipal.id()],
            )?;
            return Err(
                Problem::in_file(&first.origin.0, "sector shares must sum to 1")
                    .at(first.origin.1)
                    .about(
                        format!("base_population.sector_share[{id},*]"),
                        format!("{sum:.4}"),
                    ),
            );
        }
        if about.scope == Scope::Educated {
            let outside = p.value("base_population.share_outside_health", &[id])?;
            let health: f64 = employed.iter().sum();
            employed[Sector::OtherSectors.index()] = health * outside / (1.0 - outside);
        }
        let mut zone_share = [const { Vec::new() }; 4];
        let mut share_55 = [0.0; 4];
        for sector in Sector::ALL {
            zone_share[sector.index()] = zone_shares(data, id, *sector)?;
            share_55[sector.index()] =
                p.value("base_population.share_55_plus", &[id, sector.id()])?;
        }
        let not_employed = not_employed(data, id, about.scope, disability)?;
        Ok(Margins {
            profession,
            fte,
            employed,
            zone_share,
            share_55,
            share_female: p.value("base_population.share_female", &[id])?,
            age_seed: age_seed(data, id, &not_employed)?,
            not_employed,
        })
    }
}

/// Shares of people outside work, disabled and retired by sex and age. People whose scope is
/// being employed have none of them.
fn not_employed(
    data: &ModelData,
    id: &str,
    scope: Scope,
    disability: &DisabilityRates,
) -> Result<[[[f64; 3]; AGES]; 2], Problem> {
    let mut shares = [[[0.0; 3]; AGES]; 2];
    if scope == Scope::Employed {
        return Ok(shares);
    }
    let p = &data.parameters;
    let ratio = p.value("disability.prevalence_ratio", &[id])?;
    let full = 1.0 - p.value("disability.graded_share", &[])?;
    let retired = retired_share(data, id)?;
    for (sex, ages) in shares.iter_mut().enumerate() {
        for (age, share) in ages.iter_mut().enumerate().skip(usize::from(YOUNGEST_AGE)) {
            let outside = p.value(
                "base_population.share_outside_work",
                &[&class_label(age_class(age as u8))],
            )?;
            let disabled = if age < 67 {
                disability.prevalence[sex][age] * ratio * full
            } else {
                0.0
            };
            let left = 1.0 - retired[age];
            *share = [outside * left, disabled * left, retired[age]];
            let sum: f64 = share.iter().sum();
            if sum > 1.0 - LEAST_EMPLOYED {
                let squeeze = (1.0 - LEAST_EMPLOYED) / sum;
                share.iter_mut().for_each(|s| *s *= squeeze);
            }
        }
    }
    Ok(shares)
}

/// Relative numbers employed by age: those qualified by then (a normal spread of ages at
/// qualifying), smaller older cohorts where the profession has grown, and who is still in work.
fn age_seed(
    data: &ModelData,
    id: &str,
    not_employed: &[[[f64; 3]; AGES]; 2],
) -> Result<[f64; AGES], Problem> {
    let p = &data.parameters;
    let mean = p.value("base_population.qualification_age", &[id])?;
    let spread = p.value("base_population.qualification_age_spread", &[id])?;
    let growth = p.value("base_population.past_growth", &[id])?;
    let retired = retired_share(data, id)?;
    let mut seed = [0.0; AGES];
    for age in YOUNGEST_AGE..=OLDEST_AGE {
        let years = f64::from(age) - mean;
        // The logistic curve with the normal's slope stands for the share qualified by then.
        let qualified = 1.0 / (1.0 + (-1.702 * years / spread).exp());
        let gone: f64 = not_employed[0][usize::from(age)].iter().sum();
        let gone = gone
            .max(retired[usize::from(age)])
            .min(1.0 - LEAST_EMPLOYED);
        seed[usize::from(age)] = qualified * (-growth * years).exp() * (1.0 - gone);
    }
    Ok(seed)
}

/// The age seed summed to five-year classes.
pub fn class_seed(seed: &[f64; AGES]) -> [f64; AGE_CLASSES] {
    let mut classes = [0.0; AGE_CLASSES];
    for age in YOUNGEST_AGE..=OLDEST_AGE {
        classes[age_class(age)] += seed[usize::from(age)];
    }
    classes
}

/// How a profession's people in a sector spread over the zones (sums to one).
///
/// Municipal care: county FTE per 1,000 inhabitants, within the county by inhabitants and by
/// inhabitants of 70 and over. Hospitals: the health regions' shares, within the region by
/// inhabitants and centrality. Dental care: the county's rates. Others: inhabitants and
/// centrality.
///
/// # Errors
/// A [`Problem`] if a county, region or group has no parameter.
pub fn zone_shares(data: &ModelData, id: &str, sector: Sector) -> Result<Vec<f64>, Problem> {
    let p = &data.parameters;
    let towns = &data.zones.municipalities;
    let group_of = |zone: usize| data.zones.groups[data.zones.zones[zone].group].id.as_str();
    let mut local = vec![0.0; towns.len()];
    let mut area = vec![String::new(); towns.len()];
    let elderly = p.value("base_population.elderly_weight", &[])?;
    let everybody: f64 = towns.iter().map(|t| t.population.iter().sum::<f64>()).sum();
    let over_70 = |t: usize| towns[t].population[14..].iter().sum::<f64>();
    let all_over_70: f64 = (0..towns.len()).map(over_70).sum();
    for (zone, about) in data.zones.zones.iter().enumerate() {
        for &town in &about.members {
            let people: f64 = towns[town].population.iter().sum();
            let weight = match sector {
                Sector::Municipal => {
                    (1.0 - elderly) * people
                        + elderly * over_70(town) * everybody / all_over_70.max(1.0)
                }
                _ => {
                    people
                        * p.value(
                            "base_population.centrality_weight",
                            &[sector.id(), group_of(zone)],
                        )?
                }
            };
            local[town] = weight;
            area[town] = match sector {
                Sector::Hospital => towns[town].region.clone(),
                _ => towns[town].county_2020.clone(),
            };
        }
    }
    let mut areas: Vec<&String> = area.iter().collect();
    areas.sort();
    areas.dedup();
    let mut shares = vec![0.0; data.zones.len()];
    for name in areas {
        let inside: Vec<usize> = (0..towns.len()).filter(|t| &area[*t] == name).collect();
        let people: f64 = inside
            .iter()
            .map(|t| towns[*t].population.iter().sum::<f64>())
            .sum();
        let weights: f64 = inside.iter().map(|t| local[*t]).sum();
        let amount = match sector {
            Sector::Municipal => people * p.value("base_population.municipal_fte_rate", &[name])?,
            Sector::Hospital => p.value("base_population.hospital_region_share", &[name])?,
            _ => match p.find_optional("base_population.dental_fte_rate", &[id, name]) {
                Some(rate) => people * rate.value,
                None => weights,
            },
        };
        for town in inside {
            let zone = data
                .zones
                .zones
                .iter()
                .position(|z| z.members.contains(&town))
                .unwrap_or(0);
            shares[zone] += amount * local[town] / weights.max(1e-12);
        }
    }
    let total: f64 = shares.iter().sum();
    Ok(shares
        .into_iter()
        .map(|share| share / total.max(1e-12))
        .collect())
}
