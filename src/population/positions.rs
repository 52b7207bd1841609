//! Position bands (stillingsprosent): how a group's mean and part-time share spread over bands.
//!
//! The share with a full post depends on sex and age; the part-timers are spread over the four
//! lower bands so that the group's mean position is met (an exponential tilt of equal shares,
//! the distribution of largest entropy with that mean). Both the base population and the
//! yearly engine draw from these rows, so that the base year is in balance.

use crate::parameters::ModelData;
use crate::words::{Band, Problem, Sector, Sex};

/// Age groups with their own full-time share: under 30, 30-54, 55-61, 62 and over.
pub const AGE_GROUPS: usize = 4;

/// The age group of an age, for position bands.
pub fn age_group(age: u8) -> usize {
    match age {
        0..30 => 0,
        30..55 => 1,
        55..62 => 2,
        _ => 3,
    }
}

/// Names of the age groups in the parameter files.
pub const AGE_GROUP_IDS: [&str; AGE_GROUPS] = ["under_30", "30_54", "55_61", "62_plus"];

/// Number of bands.
pub const BANDS: usize = Band::ALL.len();

/// Shares of the bands by sex and age group.
pub type BandRows = [[[f64; BANDS]; AGE_GROUPS]; 2];

/// Mean position of each band, as a fraction of a full post.
///
/// # Errors
/// A [`Problem`] if a band has none.
pub fn band_means(data: &ModelData) -> Result<[f64; BANDS], Problem> {
    let mut means = [0.0; BANDS];
    for band in Band::ALL {
        means[band.index()] = data.parameters.value("position.band_mean", &[band.id()])?;
    }
    Ok(means)
}

/// The rows of a profession in a sector, given how many people stand in each sex and age group.
///
/// # Errors
/// A [`Problem`] if a parameter is missing, or if the mean position and the part-time share
/// cannot both hold with these band means.
pub fn rows(
    data: &ModelData,
    profession: &str,
    sector: Sector,
    people: &[[f64; AGE_GROUPS]; 2],
) -> Result<BandRows, Problem> {
    let keys = [profession, sector.id()];
    let mean = data.parameters.find("position.mean", &keys)?;
    let part_time = data.parameters.value("position.part_time_share", &keys)?;
    let means = band_means(data)?;
    let full = Band::Full.index();
    let wanted = (mean.value - (1.0 - part_time) * means[full]) / part_time.max(1e-9);
    let (least, most) = (means[0], means[full - 1]);
    if part_time > 0.0 && !(least..=most).contains(&wanted) {
        return Err(Problem::in_file(
            &mean.origin.0,
            format!(
                "with a part-time share of {part_time} the part-timers would average {wanted:.3}; \
             their bands allow {least} to {most}"
            ),
        )
        .at(mean.origin.1)
        .about(mean.name.clone(), mean.value.to_string())
        .mend("change position.mean or position.part_time_share"));
    }
    let lower = tilted(&means[..full], wanted);
    let mut effects = [[0.0; AGE_GROUPS]; 2];
    for sex in Sex::ALL {
        for (group, id) in AGE_GROUP_IDS.iter().enumerate() {
            effects[sex.index()][group] = data
                .parameters
                .log_ratio("position.full_time_sex", &[sex.id()])
                + data.parameters.log_ratio("position.full_time_age", &[id]);
        }
    }
    let intercept = share_intercept(&effects, people, 1.0 - part_time);
    let mut rows = [[[0.0; BANDS]; AGE_GROUPS]; 2];
    for sex in 0..2 {
        for group in 0..AGE_GROUPS {
            let share_full = if part_time <= 0.0 {
                1.0
            } else {
                logistic(intercept + effects[sex][group])
            };
            for band in 0..full {
                rows[sex][group][band] = (1.0 - share_full) * lower[band];
            }
            rows[sex][group][full] = share_full;
        }
    }
    Ok(rows)
}

/// Shares over points with a given mean: equal shares tilted exponentially.
fn tilted(points: &[f64], mean: f64) -> Vec<f64> {
    let shares = |tilt: f64| {
        let weights: Vec<f64> = points.iter().map(|x| (tilt * (x - mean)).exp()).collect();
        let total: f64 = weights.iter().sum();
        weights.into_iter().map(|w| w / total).collect::<Vec<f64>>()
    };
    let mean_at = |tilt: f64| {
        shares(tilt)
            .iter()
            .zip(points)
            .map(|(s, x)| s * x)
            .sum::<f64>()
    };
    let (mut low, mut high) = (-400.0, 400.0);
    for _ in 0..80 {
        let middle = f64::midpoint(low, high);
        if mean_at(middle) < mean {
            low = middle
        } else {
            high = middle
        }
    }
    shares(f64::midpoint(low, high))
}

/// The intercept with which the mean share over all people is `share`.
fn share_intercept(
    effects: &[[f64; AGE_GROUPS]; 2],
    people: &[[f64; AGE_GROUPS]; 2],
    share: f64,
) -> f64 {
    let total: f64 = people.iter().flatten().sum::<f64>().max(1e-9);
    let mean_at = |intercept: f64| {
        let mut sum = 0.0;
        for sex in 0..2 {
            for group in 0..AGE_GROUPS {
                sum += people[sex][group] * logistic(intercept + effects[sex][group]);
            }
        }
        sum / total
    };
    let (mut low, mut high) = (-30.0, 30.0);
    for _ in 0..80 {
        let middle = f64::midpoint(low, high);
        if mean_at(middle) < share {
            low = middle
        } else {
            high = middle
        }
    }
    f64::midpoint(low, high)
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_tilt_meets_the_mean(mean in 0.31f64..0.93) {
            let points = [0.3, 0.58, 0.79, 0.94];
            let shares = tilted(&points, mean);
            let found: f64 = shares.iter().zip(points).map(|(s, x)| s * x).sum();
            prop_assert!((found - mean).abs() < 1e-6);
            prop_assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        }
    }
}
