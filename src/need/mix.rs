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

use super::as_shares;

/// Most rounds of raking, and most Newton steps.
const ROUNDS: usize = 300;
/// Most times that a Newton step is halved.
const HALVINGS: i32 = 40;
/// Largest multiplier: a service's share moves by a factor of at most e to the power of it.
const LARGEST: f64 = 40.0;
/// What counts as zero.
const NOTHING: f64 = 1e-13;

/// The growth of the services in the three scenarios, low, middle, high.
pub type Growths = [Vec<f64>; 3];

/// Rakes the shares of services to shares of sectors. `sector[s][k]` is the part of service `s`
/// that lies in sector `k`; sectors that no service with a share reaches keep nothing.
pub fn rake(seed: &[f64], sector: &[[f64; super::SECTORS]], wanted: &[f64]) -> Vec<f64> {
    let mut mix = as_shares(seed.to_vec());
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
        mix = as_shares(mix.iter().zip(sector).map(|(s, p)| s * factor(p)).collect());
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
    project(&as_shares(mix.to_vec()), &constraints)
}

/// The mix nearest to a given one (in relative entropy) whose means of two constraints are zero:
/// shares tilted by the exponential of a combination of the constraints, which minimises the log
/// of the tilted sum; damped Newton steps find it. Where no mix is at zero, the nearest to it that
/// tilts within [`LARGEST`] reach.
fn project(mix: &[f64], constraints: &[Vec<f64>]) -> Vec<f64> {
    let scaled: Vec<Vec<f64>> = constraints
        .iter()
        .map(|c| {
            let largest = c.iter().fold(0.0, |m: f64, x| m.max(x.abs()));
            let by = if largest < NOTHING {
                0.0
            } else {
                1.0 / largest
            };
            c.iter().map(|x| x * by).collect()
        })
        .collect();
    let tilted = |at: [f64; 2]| -> Vec<f64> {
        (0..mix.len())
            .map(|s| mix[s] * (at[0] * scaled[0][s] + at[1] * scaled[1][s]).exp())
            .collect()
    };
    let mut at = [0.0, 0.0];
    for _ in 0..ROUNDS {
        let now = tilted(at);
        let sum: f64 = now.iter().sum();
        let mean = |of: &dyn Fn(usize) -> f64| -> f64 {
            (0..now.len()).map(|s| now[s] * of(s)).sum::<f64>() / sum
        };
        let (a, b) = (&scaled[0], &scaled[1]);
        let slope = [mean(&|s| a[s]), mean(&|s| b[s])];
        if slope[0].abs().max(slope[1].abs()) < NOTHING {
            break;
        }
        let aa = mean(&|s| a[s] * a[s]) - slope[0] * slope[0] + NOTHING;
        let bb = mean(&|s| b[s] * b[s]) - slope[1] * slope[1] + NOTHING;
        let ab = mean(&|s| a[s] * b[s]) - slope[0] * slope[1];
        let whole = aa * bb - ab * ab;
        let step = [
            (ab * slope[1] - bb * slope[0]) / whole,
            (ab * slope[0] - aa * slope[1]) / whole,
        ];
        let better = (0..HALVINGS)
            .map(|halved| {
                let part = 0.5_f64.powi(halved);
                [0, 1].map(|i| (at[i] + part * step[i]).clamp(-LARGEST, LARGEST))
            })
            .find(|next| tilted(*next).iter().sum::<f64>() < sum);
        match better {
            Some(next) => at = next,
            None => break,
        }
    }
    as_shares(tilted(at))
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
