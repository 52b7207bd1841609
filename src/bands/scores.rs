//! Scores (treffmål) of forecasts that come as a sample: the continuous ranked probability score,
//! coverage of central intervals, bias.
//!
//! What is observed is the truth with an error of the comparison. A forecast of it is therefore a
//! mixture of normal distributions: one around each draw, as wide as that error. With an error of
//! 0 the formulas are those of the bare sample.

use statrs::distribution::{Continuous, ContinuousCDF, Normal};

/// Levels of the central intervals whose coverage is told.
pub const LEVELS: [f64; 3] = [0.5, 0.8, 0.95];

/// Mean of `|x|` for a normal `x`.
fn mean_size(mean: f64, deviation: f64) -> f64 {
    if deviation <= 0.0 {
        return mean.abs();
    }
    let normal = Normal::standard();
    let z = mean / deviation;
    2.0 * deviation * normal.pdf(z) + mean * (2.0 * normal.cdf(z) - 1.0)
}

/// The continuous ranked probability score, in the unit of the forecast; 0 is best, and for a
/// single draw without error it is the absolute error.
///
/// Mean distance of the draws from what was observed, less half their mean distance from each
/// other (Gneiting and Raftery 2007, equation 21; distances of a mixture of normals: Grimit et al.
/// 2006). The second mean is over different draws, which makes the score of a small sample fair,
/// that is, unbiased for the distribution that it is drawn from (Ferro 2014).
pub fn crps(draws: &[f64], error: f64, observed: f64) -> f64 {
    let number = draws.len() as f64;
    let far = draws.iter().map(|draw| mean_size(observed - draw, error));
    let far = far.sum::<f64>() / number;
    let both = error * std::f64::consts::SQRT_2;
    let mut between = 0.0;
    for (i, one) in draws.iter().enumerate() {
        for other in &draws[..i] {
            between += mean_size(one - other, both);
        }
    }
    let pairs = number * (number - 1.0) / 2.0;
    let apart = match draws.len() {
        0 => f64::NAN,
        1 => mean_size(0.0, both),
        _ => between / pairs,
    };
    far - apart / 2.0
}

/// Probability that the forecast gives to values below what was observed, 0 to 1; a draw equal to
/// it counts half.
pub fn below(draws: &[f64], error: f64, observed: f64) -> f64 {
    let normal = Normal::standard();
    let one = |draw: &f64| match error > 0.0 {
        true => normal.cdf((observed - draw) / error),
        false if *draw == observed => 0.5,
        false => f64::from(u8::from(*draw < observed)),
    };
    draws.iter().map(one).sum::<f64>() / draws.len() as f64
}

/// Does the central interval of this level hold what has so much of the forecast below it?
pub fn covers(below: f64, level: f64) -> bool {
    (below - 0.5).abs() <= level / 2.0
}

/// The share of observations that the central intervals of a level hold.
pub fn coverage(below: &[f64], level: f64) -> f64 {
    let inside = below.iter().filter(|own| covers(**own, level)).count();
    inside as f64 / below.len() as f64
}

/// Mean of numbers; not a number if there are none.
pub fn mean(numbers: impl IntoIterator<Item = f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for number in numbers {
        sum += number;
        count += 1.0;
    }
    sum / count
}

/// Skill: the share of a rival's error that the model is rid of; 0 as good, below 0 worse.
pub fn skill(model: f64, rival: f64) -> f64 {
    1.0 - model / rival
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Evenly spread quantiles of a normal distribution: as good a sample as there is.
    fn sample(size: usize, mean: f64, deviation: f64) -> Vec<f64> {
        let normal = Normal::new(mean, deviation).unwrap();
        let at = |i: usize| normal.inverse_cdf((i as f64 + 0.5) / size as f64);
        (0..size).map(at).collect()
    }

    /// Closed form for a normal forecast (Gneiting and Raftery 2007, equation 5).
    fn of_normal(mean: f64, deviation: f64, observed: f64) -> f64 {
        let normal = Normal::standard();
        let z = (observed - mean) / deviation;
        let root = std::f64::consts::PI.sqrt();
        deviation * (z * (2.0 * normal.cdf(z) - 1.0) + 2.0 * normal.pdf(z) - 1.0 / root)
    }

    #[test]
    fn of_a_point_it_is_the_absolute_error() {
        assert_eq!(crps(&[3.0], 0.0, 5.5), 2.5);
        assert_eq!(crps(&[3.0, 3.0, 3.0], 0.0, 1.0), 2.0);
    }

    #[test]
    fn of_two_draws_it_is_known_by_hand() {
        // Mean distance (1 + 3) / 2, less half of the 4 between the two.
        assert_eq!(crps(&[0.0, 4.0], 0.0, 1.0), 0.0);
        // Mean distance (6 + 2) / 2, less 2.
        assert_eq!(crps(&[0.0, 4.0], 0.0, 6.0), 2.0);
    }

    #[test]
    fn of_a_normal_sample_it_is_near_the_closed_form() {
        for observed in [-1.0, 2.0, 3.5, 9.0] {
            let exact = of_normal(2.0, 1.5, observed);
            let found = crps(&sample(2000, 2.0, 1.5), 0.0, observed);
            assert!((found - exact).abs() < 2e-3, "{observed}: {found} {exact}");
        }
    }

    #[test]
    fn the_error_makes_a_point_a_normal_and_widens_a_sample() {
        for observed in [0.0, 2.0, 4.0] {
            let exact = of_normal(2.0, 0.5, observed);
            assert!((crps(&[2.0], 0.5, observed) - exact).abs() < 1e-12);
            assert!((crps(&[2.0, 2.0], 0.5, observed) - exact).abs() < 1e-12);
            // Deviations 1.2 and 0.5 together are 1.3.
            let exact = of_normal(2.0, 1.3, observed);
            let found = crps(&sample(1000, 2.0, 1.2), 0.5, observed);
            assert!((found - exact).abs() < 3e-3, "{observed}: {found} {exact}");
        }
    }

    #[test]
    fn a_small_sample_is_scored_fairly() {
        // Averaged over samples of two, the score is that of the distribution itself; with the
        // pairs of a draw with itself counted in, it would be larger by 0.28.
        let all = sample(400, 0.0, 1.0);
        let mut scores = Vec::new();
        for i in 0..400 {
            for j in [7, 101, 203, 307] {
                scores.push(crps(&[all[i], all[(i * 37 + j) % 400]], 0.0, 0.3));
            }
        }
        let exact = of_normal(0.0, 1.0, 0.3);
        let found = mean(scores);
        assert!((found - exact).abs() < 0.03, "{found} {exact}");
    }

    #[test]
    fn an_honest_forecast_covers_what_it_says() {
        let draws = sample(500, 10.0, 2.0);
        let observed = sample(1000, 10.0, (2.0_f64).hypot(1.5));
        let levels: Vec<f64> = observed.iter().map(|x| below(&draws, 1.5, *x)).collect();
        for level in LEVELS {
            let found = coverage(&levels, level);
            assert!((found - level).abs() < 0.01, "{level}: {found}");
        }
    }

    #[test]
    fn shares_below_count_ties_half() {
        assert_eq!(below(&[1.0, 2.0, 3.0, 4.0], 0.0, 3.0), 0.625);
        assert!(covers(0.025, 0.95) && !covers(0.02, 0.95) && covers(0.5, 0.5));
    }

    #[test]
    fn skill_is_the_error_taken_away() {
        assert_eq!(skill(1.0, 4.0), 0.75);
        assert_eq!(skill(2.0, 2.0), 0.0);
        assert!(skill(3.0, 2.0) < 0.0);
    }
}
