//! Which services employ a profession, and how need for it has drifted.
//!
//! Table 2.5 of NOU 2023: 4 gives need by profession, table 2.4 by service; no table gives both.
//! The mix of services that a profession works in starts from a seed (`need.works_in`, an
//! assumption), is raked to the profession's shares of sectors in the base population, and then
//! moved as little as can be (in relative entropy: an I-projection) to where the profession's
//! growth in the middle scenario over that in the low one, and in the high over the middle, are
//! those of table 2.5. The two ratios tell how much of the profession is in municipal care and in
//! the services that react to health. Where they and the sector shares conflict the ratios win for
//! the mix; how need divides between sectors starts from the sector shares all the same.
//!
//! What is then missing in the growth itself is the same in all three scenarios, a change of
//! composition (one profession taking over from another): the drift.
//!
//! Assumed: the drift is spread evenly over the years to 2040 and stays at its level from then on;
//! professions that table 2.5 does not have keep their sector shares and have no drift.

/// Rounds of projecting on one constraint after the other.
const ROUNDS: usize = 300;
/// Largest multiplier: a service's share moves by a factor of at most e to the power of it.
const LARGEST: f64 = 40.0;
/// A projection that moves no share by more than this has settled.
const SETTLED: f64 = 1e-13;

/// The growth of the services in the three scenarios, low, middle, high.
pub type Growths = [Vec<f64>; 3];

/// Rakes the shares of services to shares of sectors. `sector[s][k]` is the part of service `s`
/// that lies in sector `k`; sectors that no service with a share reaches keep nothing.
pub fn rake(seed: &[f64], sector: &[[f64; super::SECTORS]], wanted: &[f64]) -> Vec<f64> {
    let mut mix = normal(seed.to_vec());
    for _ in 0..ROUNDS {
        let mut found = [0.0; super::SECTORS];
        for (share, parts) in mix.iter().zip(sector) {
            (0..super::SECTORS).for_each(|k| found[k] += share * parts[k]);
        }
        let factor = |parts: &[f64; super::SECTORS]| -> f64 {
            (0..super::SECTORS)
                .filter(|k| found[*k] > 0.0)
                .map(|k| parts[k] * wanted[k] / found[k])
                .sum()
        };
        mix = normal(mix.iter().zip(sector).map(|(s, p)| s * factor(p)).collect());
    }
    mix
}

/// The mix nearest to a given one whose growths have the wanted ratios, middle over low and high
/// over middle. A ratio that no mix has is moved to the nearest that one has.
pub fn to_ratios(mix: &[f64], growths: &Growths, printed: [f64; 3]) -> Vec<f64> {
    let constraints: Vec<Vec<f64>> = (0..2)
        .map(|pair| {
            let (under, over) = (&growths[pair], &growths[pair + 1]);
            let ratios = || under.iter().zip(over).map(|(u, o)| o / u);
            let least = ratios().fold(f64::INFINITY, f64::min);
            let most = ratios().fold(0.0, f64::max);
            let wanted = (printed[pair + 1] / printed[pair]).clamp(least, most);
            under
                .iter()
                .zip(over)
                .map(|(u, o)| o - wanted * u)
                .collect()
        })
        .collect();
    let mut mix = normal(mix.to_vec());
    for _ in 0..ROUNDS {
        let before = mix.clone();
        for constraint in &constraints {
            mix = project(&mix, constraint);
        }
        let moved = mix.iter().zip(&before).map(|(a, b)| (a - b).abs());
        if moved.fold(0.0, f64::max) < SETTLED {
            break;
        }
    }
    mix
}

/// The mix nearest to a given one (in relative entropy) whose mean of a constraint is zero.
fn project(mix: &[f64], constraint: &[f64]) -> Vec<f64> {
    let largest = constraint.iter().fold(0.0, |m: f64, c| m.max(c.abs()));
    if largest < 1e-12 {
        return mix.to_vec();
    }
    let tilted = |multiplier: f64| {
        let tilt = mix
            .iter()
            .zip(constraint)
            .map(|(share, c)| share * (multiplier * c / largest).exp());
        normal(tilt.collect())
    };
    let mean = |mix: &[f64]| -> f64 { mix.iter().zip(constraint).map(|(s, c)| s * c).sum() };
    let (mut low, mut high) = (-LARGEST, LARGEST);
    for _ in 0..52 {
        let middle = 0.5 * (low + high);
        if mean(&tilted(middle)) < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    tilted(0.5 * (low + high))
}

/// The mean growth of a mix of services.
pub fn growth(mix: &[f64], growths: &[f64]) -> f64 {
    mix.iter().zip(growths).map(|(share, g)| share * g).sum()
}

/// The drift that the printed growths leave, as a factor over the whole period: the geometric mean
/// of the three scenarios, which is least squares on the log scale.
pub fn drift(mix: &[f64], growths: &Growths, printed: [f64; 3]) -> f64 {
    let logs: f64 = printed
        .iter()
        .zip(growths)
        .map(|(printed, growths)| (printed / growth(mix, growths)).ln())
        .sum();
    (logs / 3.0).exp()
}

fn normal(mut shares: Vec<f64>) -> Vec<f64> {
    let sum: f64 = shares.iter().sum();
    if sum > 0.0 {
        shares.iter_mut().for_each(|s| *s /= sum);
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hospital, municipal, other; municipal care grows fastest without families' share.
    fn growths() -> Growths {
        [
            vec![1.25, 1.26, 1.1],
            vec![1.39, 1.65, 1.22],
            vec![1.47, 2.15, 1.22],
        ]
    }

    #[test]
    fn raking_meets_the_sectors() {
        let sector = [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.3, 0.2, 0.5]];
        let mix = rake(&[1.0, 1.0, 1.0], &sector, &[0.5, 0.3, 0.2]);
        let of = |k: usize| -> f64 { (0..3).map(|s| mix[s] * sector[s][k]).sum() };
        assert!((of(0) - 0.5).abs() < 1e-6 && (of(1) - 0.3).abs() < 1e-6);
    }

    #[test]
    fn the_projection_meets_both_ratios() {
        let truth = [0.3, 0.5, 0.2];
        let all = growths();
        let printed = std::array::from_fn(|s| 0.9 * growth(&truth, &all[s]));
        let mix = to_ratios(&[0.5, 0.2, 0.3], &all, printed);
        for pair in 0..2 {
            let found = growth(&mix, &all[pair + 1]) / growth(&mix, &all[pair]);
            assert!((found - printed[pair + 1] / printed[pair]).abs() < 1e-9);
        }
        assert!((drift(&mix, &all, printed) - 0.9).abs() < 0.02);
    }

    #[test]
    fn a_mix_that_has_the_ratios_is_left_alone() {
        let truth = [0.3, 0.5, 0.2];
        let all = growths();
        let printed = std::array::from_fn(|s| growth(&truth, &all[s]));
        for (found, share) in to_ratios(&truth, &all, printed).iter().zip(truth) {
            assert!((found - share).abs() < 1e-9);
        }
        assert!((drift(&truth, &all, printed) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_ratio_out_of_reach_is_met_as_nearly_as_can_be() {
        let mix = to_ratios(&[0.4, 0.3, 0.3], &growths(), [1.0, 1.0, 1.0]);
        assert!(mix[1] < 0.01, "what grows most is left: {mix:?}");
        assert!((mix.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
}
