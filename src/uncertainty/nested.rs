//! The values of one output cell and year over a nested ensemble (nøstet ensemble).
//!
//! Every structural variant runs the same draws of the parameters, and every draw the same number
//! of seeds. A draw of which a value is missing, because a run was interrupted or there was nobody
//! to be a share of, is left out whole: the design stays balanced, and what is lost is counted.

/// The values of a balanced ensemble, addressed by variant, draw and seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Nested {
    variants: usize,
    seeds: usize,
    /// By draw, then by variant, then by seed.
    values: Vec<f64>,
    kept: Vec<usize>,
    dropped: usize,
}

impl Nested {
    /// Takes values that lie by variant, then by draw, then by seed; a missing value is NaN.
    ///
    /// `None` if the values are not as many as variants times draws times seeds, or one of the
    /// three is 0.
    pub fn new(values: &[f64], variants: usize, draws: usize, seeds: usize) -> Option<Nested> {
        let fits = values.len() == variants * draws * seeds;
        if !fits || values.is_empty() {
            return None;
        }
        let of_draw = |draw: usize| {
            (0..variants).flat_map(move |variant| {
                let start = (variant * draws + draw) * seeds;
                values[start..start + seeds].iter().copied()
            })
        };
        let kept: Vec<usize> = (0..draws)
            .filter(|draw| of_draw(*draw).all(f64::is_finite))
            .collect();
        Some(Nested {
            variants,
            seeds,
            values: kept.iter().flat_map(|draw| of_draw(*draw)).collect(),
            dropped: draws - kept.len(),
            kept,
        })
    }

    /// Number of structural variants.
    pub fn variants(&self) -> usize {
        self.variants
    }

    /// Number of draws of which every value is there.
    pub fn draws(&self) -> usize {
        self.kept.len()
    }

    /// Number of seeds in each draw and variant.
    pub fn seeds(&self) -> usize {
        self.seeds
    }

    /// The positions, among the draws given, of those kept.
    pub fn kept(&self) -> &[usize] {
        &self.kept
    }

    /// Number of draws left out because a value was missing.
    pub fn dropped(&self) -> usize {
        self.dropped
    }

    /// The values of a kept draw, by variant and then by seed; nothing outside the draws.
    pub fn of_draw(&self, draw: usize) -> &[f64] {
        let size = self.variants * self.seeds;
        self.values
            .get(draw * size..(draw + 1) * size)
            .unwrap_or_default()
    }

    /// The mean of each kept draw over variants and seeds.
    pub fn draw_means(&self) -> Vec<f64> {
        let draws = 0..self.draws();
        draws.map(|draw| mean(self.of_draw(draw))).collect()
    }

    /// The mean over everything; NaN without a draw.
    pub fn mean(&self) -> f64 {
        mean(&self.values)
    }
}

/// The mean; NaN without numbers.
pub(super) fn mean(numbers: &[f64]) -> f64 {
    numbers.iter().sum::<f64>() / numbers.len() as f64
}

/// The variance with n - 1 in the denominator; NaN below two numbers.
pub(super) fn variance(numbers: &[f64]) -> f64 {
    if numbers.len() < 2 {
        return f64::NAN;
    }
    let centre = mean(numbers);
    let squares: f64 = numbers.iter().map(|number| (number - centre).powi(2)).sum();
    squares / (numbers.len() - 1) as f64
}

/// The delete-one jackknife's standard error of a statistic, from its values with one unit left
/// out at a time; NaN below three units.
///
/// Source: Efron and Stein (1981), The jackknife estimate of variance, Annals of Statistics 9(3),
/// 586-596, doi 10.1214/aos/1176345462.
pub(super) fn jackknife(left_out: &[f64]) -> f64 {
    let units = left_out.len() as f64;
    if left_out.len() < 3 {
        return f64::NAN;
    }
    (variance(left_out) * (units - 1.0) * (units - 1.0) / units).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_under_their_draw() {
        // Value 100 v + 10 d + s of two variants, three draws and two seeds.
        let values: Vec<f64> = (0..2)
            .flat_map(|v| (0..3).flat_map(move |d| (0..2).map(move |s| (v, d, s))))
            .map(|(v, d, s)| f64::from(100 * v + 10 * d + s))
            .collect();
        let nested = Nested::new(&values, 2, 3, 2).unwrap();
        assert_eq!(nested.of_draw(1), [10.0, 11.0, 110.0, 111.0]);
        assert_eq!(nested.draw_means(), [50.5, 60.5, 70.5]);
        assert!(nested.of_draw(3).is_empty());
    }

    #[test]
    fn a_draw_with_a_gap_is_left_out_whole() {
        let values = [1.0, 2.0, f64::NAN, 4.0, 5.0, 6.0];
        let nested = Nested::new(&values, 1, 3, 2).unwrap();
        assert_eq!((nested.draws(), nested.dropped()), (2, 1));
        assert_eq!(nested.kept(), [0, 2]);
        assert_eq!(nested.mean(), 3.5);
        assert!(Nested::new(&values, 1, 2, 2).is_none());
        assert!(Nested::new(&[], 0, 0, 0).is_none());
    }

    #[test]
    fn the_jackknife_of_a_mean_is_its_standard_error() {
        let sample = [1.0, 4.0, 6.0, 9.0, 15.0];
        let total: f64 = sample.iter().sum();
        let left_out: Vec<f64> = sample.iter().map(|x| (total - x) / 4.0).collect();
        let exact = (variance(&sample) / 5.0).sqrt();
        assert!((jackknife(&left_out) - exact).abs() < 1e-12);
    }
}
