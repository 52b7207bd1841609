//! Bands that hold whole paths: simultaneous bands over years (samtidige bånd).
//!
//! A band of each year's middle 95 % holds 95 % of the values of each year, but fewer whole paths:
//! a path has many years in which to leave it. A simultaneous band is wide enough that 95 % of the
//! paths lie in it in all years.
//!
//! Source: Montiel Olea and Plagborg-Møller (2019), Simultaneous confidence bands: Theory,
//! implementation, and an application to SVARs, Journal of Applied Econometrics 34(1), 1-17,
//! doi 10.1002/jae.2656: the sup-t band with plugged-in covariance (their algorithm 1) and the band
//! of calibrated quantiles (their algorithm 2). The calibration here counts each path against the
//! band of the other paths, because a path helps to draw the band that it is in.
//!
//! Years in which no path has a value have a band of NaN and no part in anything. A path that has
//! a gap in one of the other years is left out.

use super::nested::{mean, variance};
use crate::bands::quantile;
use crate::dice::philox::Stream;
use nalgebra::{DMatrix, DMatrixView, SymmetricEigen};
use rand_distr::{Distribution, StandardNormal};
use statrs::distribution::{ContinuousCDF, Normal};
use std::sync::{Arc, Mutex, PoisonError};

/// Paths drawn to find how far a normal path strays; the error of the coverage is 0.2 points.
const NORMAL_PATHS: usize = 10_000;

/// Halvings of the interval in which the calibrated level is sought.
const HALVINGS: usize = 20;

/// Lower and upper limit of each year, in the unit of the paths.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// Lower limits by year.
    pub lower: Vec<f64>,
    /// Upper limits by year.
    pub upper: Vec<f64>,
    /// The level of each year's own interval, 0 to 1.
    pub pointwise: f64,
    /// The share of the paths that lie in the band in all years.
    pub inside: f64,
    /// The share of the paths that lie in the band of the other paths in all years: what a further
    /// path can be expected to do.
    pub left_out: f64,
    /// Number of paths used.
    pub paths: usize,
}

/// Each year's own middle interval at this level; it holds fewer whole paths than its level says.
/// `None` without two paths that have all years, or if they differ in length.
pub fn pointwise_band(paths: &[&[f64]], level: f64) -> Option<Band> {
    let table = Table::of(paths)?;
    Some(table.quantile_band((1.0 - level.clamp(0.0, 1.0)) / 2.0))
}

/// The band between the same two quantiles in every year that holds the wanted share of whole
/// paths; as asymmetric as the paths are.
///
/// If even the band from the least to the greatest value holds too few, that is what is given, and
/// `left_out` says how few. Many years that vary by themselves take many paths: for 22 independent
/// years about 1000, for years that follow each other closely about 100.
/// `None` as for [`pointwise_band`].
pub fn quantile_band(paths: &[&[f64]], level: f64) -> Option<Band> {
    let table = Table::of(paths)?;
    let level = level.clamp(0.0, 1.0);
    let (mut holds, mut fails) = (0.0, (1.0 - level) / 2.0);
    if table.left_out(fails) >= level {
        return Some(table.quantile_band(fails));
    }
    for _ in 0..HALVINGS {
        let tail = (holds + fails) / 2.0;
        if table.left_out(tail) >= level {
            holds = tail;
        } else {
            fails = tail;
        }
    }
    Some(table.quantile_band(holds))
}

/// The sup-t band: the mean of each year plus and minus the same number of standard deviations,
/// such that it holds the wanted share of normal paths with the covariance of the paths.
///
/// For few paths, and where paths are about normal; it is symmetric whatever the paths are. The
/// same seed gives the same band. `None` as for [`pointwise_band`].
pub fn sup_t_band(paths: &[&[f64]], level: f64, seed: u32) -> Option<Band> {
    let table = Table::of(paths)?;
    let critical = table.critical(level.clamp(0.0, 1.0), seed);
    let limits = |values: &Vec<f64>, side: f64| {
        let sd = variance(values).sqrt();
        mean(values) + side * critical * sd
    };
    let lower: Vec<f64> = table.values.iter().map(|year| limits(year, -1.0)).collect();
    let upper: Vec<f64> = table.values.iter().map(|year| limits(year, 1.0)).collect();
    let left_out = table.left_out_of_sup_t(critical);
    let pointwise = 2.0 * Normal::standard().cdf(critical) - 1.0;
    Some(table.band(lower, upper, pointwise, left_out))
}

/// The paths by year, of the years that have values.
struct Table {
    /// Number of years given.
    length: usize,
    /// Positions of the years used.
    years: Vec<usize>,
    /// Values by year used, then by path.
    values: Vec<Vec<f64>>,
    /// The same, sorted within the year.
    sorted: Vec<Vec<f64>>,
    /// Where each value stands among the sorted.
    places: Vec<Vec<usize>>,
}

impl Table {
    fn of(paths: &[&[f64]]) -> Option<Table> {
        let length = paths.first()?.len();
        if paths.iter().any(|path| path.len() != length) {
            return None;
        }
        let known = |year: &usize| paths.iter().any(|path| path[*year].is_finite());
        let years: Vec<usize> = (0..length).filter(known).collect();
        let whole = |path: &&&[f64]| years.iter().all(|year| path[*year].is_finite());
        let paths: Vec<&[f64]> = paths.iter().filter(whole).copied().collect();
        if paths.len() < 2 || years.is_empty() {
            return None;
        }
        let of_year = |year: &usize| paths.iter().map(|path| path[*year]).collect();
        let values: Vec<Vec<f64>> = years.iter().map(of_year).collect();
        let mut sorted = values.clone();
        for year in &mut sorted {
            year.sort_unstable_by(f64::total_cmp);
        }
        let place = |(year, sorted): (&Vec<f64>, &Vec<f64>)| {
            let one = |value: &f64| sorted.partition_point(|other| other < value);
            year.iter().map(one).collect()
        };
        let places = values.iter().zip(&sorted).map(place).collect();
        Some(Table {
            length,
            years,
            values,
            sorted,
            places,
        })
    }

    fn paths(&self) -> usize {
        self.values[0].len()
    }

    /// The share of paths for which something holds in every year.
    fn share(&self, holds: impl Fn(usize, usize) -> bool) -> f64 {
        let whole = |path: &usize| (0..self.years.len()).all(|year| holds(year, *path));
        (0..self.paths()).filter(whole).count() as f64 / self.paths() as f64
    }

    fn band(&self, lower: Vec<f64>, upper: Vec<f64>, pointwise: f64, left_out: f64) -> Band {
        let inside = self.share(|year, path| {
            let value = self.values[year][path];
            lower[year] <= value && value <= upper[year]
        });
        let spread = |limits: Vec<f64>| {
            let mut all = vec![f64::NAN; self.length];
            for (year, limit) in self.years.iter().zip(limits) {
                all[*year] = limit;
            }
            all
        };
        Band {
            lower: spread(lower),
            upper: spread(upper),
            pointwise,
            inside,
            left_out,
            paths: self.paths(),
        }
    }

    fn quantile_band(&self, tail: f64) -> Band {
        let at = |p: f64| self.sorted.iter().map(|year| quantile(year, p)).collect();
        self.band(
            at(tail),
            at(1.0 - tail),
            1.0 - 2.0 * tail,
            self.left_out(tail),
        )
    }

    /// The share of paths inside the quantile band of the others.
    fn left_out(&self, tail: f64) -> f64 {
        self.share(|year, path| {
            let (sorted, place) = (&self.sorted[year], self.places[year][path]);
            let value = sorted[place];
            quantile_without(sorted, place, tail) <= value
                && value <= quantile_without(sorted, place, 1.0 - tail)
        })
    }

    /// The share of paths inside the sup-t band of the others, by what the mean and the variance
    /// of a sample become when a value is taken out.
    fn left_out_of_sup_t(&self, critical: f64) -> f64 {
        let count = self.paths() as f64;
        let moments: Vec<(f64, f64)> = self
            .values
            .iter()
            .map(|year| (mean(year), variance(year)))
            .collect();
        self.share(|year, path| {
            let (mean, variance) = moments[year];
            let off = self.values[year][path] - mean;
            let squares = variance * (count - 1.0) - off * off * count / (count - 1.0);
            let sd = (squares.max(0.0) / (count - 2.0)).sqrt();
            // A value like all others is inside, though rounding may put the mean beside it.
            let least = self.sorted[year][0];
            least == self.sorted[year][self.paths() - 1]
                || (off * count / (count - 1.0)).abs() <= critical * sd
        })
    }

    /// The quantile of the greatest standardised deviation over years of normal paths.
    fn critical(&self, level: f64, seed: u32) -> f64 {
        let varying: Vec<&Vec<f64>> = (0..self.years.len())
            .filter(|year| self.sorted[*year][0] < self.sorted[*year][self.paths() - 1])
            .map(|year| &self.values[year])
            .collect();
        if varying.is_empty() {
            return Normal::standard().inverse_cdf((1.0 + level) / 2.0);
        }
        let standard = |year: usize, path: usize| varying[year][path];
        let mut scores = DMatrix::from_fn(varying.len(), self.paths(), standard);
        for mut row in scores.row_iter_mut() {
            let mean = row.mean();
            row.add_scalar_mut(-mean);
            let norm = row.norm();
            row /= norm;
        }
        // The root of the correlations, of which some may be singular.
        let eigen = SymmetricEigen::new(&scores * scores.transpose());
        let mut root = eigen.eigenvectors;
        for (mut column, value) in root.column_iter_mut().zip(eigen.eigenvalues.iter()) {
            column *= value.max(0.0).sqrt();
        }
        let noise = noise(seed, varying.len() * NORMAL_PATHS);
        let own = &noise[..varying.len() * NORMAL_PATHS];
        let paths = root * DMatrixView::from_slice(own, varying.len(), NORMAL_PATHS);
        let mut greatest: Vec<f64> = paths.column_iter().map(|path| path.amax()).collect();
        greatest.sort_unstable_by(f64::total_cmp);
        quantile(&greatest, level)
    }
}

/// Standard normal numbers of a seed, at least so many. Every band asks for the same ones, so those
/// drawn last are kept.
fn noise(seed: u32, count: usize) -> Arc<Vec<f64>> {
    static LAST: Mutex<(u32, Option<Arc<Vec<f64>>>)> = Mutex::new((0, None));
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if let (of, Some(drawn)) = &*last
        && *of == seed
        && drawn.len() >= count
    {
        return Arc::clone(drawn);
    }
    let dice = Stream::new([seed, 2019], Default::default());
    let drawn: Vec<f64> = StandardNormal.sample_iter(dice).take(count).collect();
    let drawn = Arc::new(drawn);
    *last = (seed, Some(Arc::clone(&drawn)));
    drawn
}

/// The quantile of sorted values, of which that at one place is taken out.
fn quantile_without(sorted: &[f64], place: usize, p: f64) -> f64 {
    let last = (sorted.len() - 2) as f64;
    let position = last * p;
    let below = position.floor();
    let part = position - below;
    let at = |rank: usize| sorted[rank + usize::from(rank >= place)];
    let low = at(below as usize);
    let high = at((below + 1.0).min(last) as usize);
    low + part * (high - low)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{normal, stream};
    use super::*;

    fn slices(paths: &[Vec<f64>]) -> Vec<&[f64]> {
        paths.iter().map(Vec::as_slice).collect()
    }

    /// Paths of an autoregression over 20 years; 1 gives random walks.
    fn walks(number: usize, memory: f64, seed: u32) -> Vec<Vec<f64>> {
        let mut dice = stream(seed);
        let walk = |_| {
            let mut at = 0.0;
            let mut step = || {
                at = memory * at + normal(&mut dice);
                at
            };
            (0..20).map(|_| step()).collect()
        };
        (0..number).map(walk).collect()
    }

    fn coverage(band: &Band, paths: &[Vec<f64>]) -> f64 {
        let holds = |path: &&Vec<f64>| {
            let limits = band.lower.iter().zip(&band.upper);
            path.iter()
                .zip(limits)
                .all(|(value, (low, high))| low <= value && value <= high)
        };
        paths.iter().filter(holds).count() as f64 / paths.len() as f64
    }

    /// Coverage of 4000 fresh paths by bands from 600: the calibration is uncertain by 1.2 points
    /// (the deviation of a level over 600 paths) and the count by 0.4; 4 points are three of both.
    #[test]
    fn simultaneous_bands_hold_whole_paths_and_pointwise_bands_do_not() {
        for (memory, seed) in [(0.6, 21), (1.0, 22)] {
            let (paths, fresh) = (walks(600, memory, seed), walks(4000, memory, seed + 10));
            let slices = slices(&paths);
            let by_quantile = quantile_band(&slices, 0.95).unwrap();
            let by_sup_t = sup_t_band(&slices, 0.95, 1).unwrap();
            let each = pointwise_band(&slices, 0.95).unwrap();
            for band in [&by_quantile, &by_sup_t] {
                let found = coverage(band, &fresh);
                assert!((found - 0.95).abs() < 0.04, "{memory}: {found}");
                assert!((band.left_out - found).abs() < 0.04, "{memory}");
                assert!(band.pointwise > 0.97, "{}", band.pointwise);
            }
            assert!(coverage(&each, &fresh) < 0.88, "{memory}");
        }
    }

    /// Paths skewed to the right need a band that is.
    #[test]
    fn skewed_paths_have_a_skewed_band() {
        let skew = |paths: Vec<Vec<f64>>| -> Vec<Vec<f64>> {
            let one = |path: Vec<f64>| path.into_iter().map(|value| (0.5 * value).exp()).collect();
            paths.into_iter().map(one).collect()
        };
        let (paths, fresh) = (skew(walks(600, 0.9, 23)), skew(walks(4000, 0.9, 24)));
        let band = quantile_band(&slices(&paths), 0.95).unwrap();
        assert!((coverage(&band, &fresh) - 0.95).abs() < 0.04);
        assert!(band.lower.iter().all(|low| *low > 0.0));
        assert!(band.upper[10] - 1.0 > 3.0 * (1.0 - band.lower[10]));
    }

    #[test]
    fn years_without_variance_or_value_break_nothing() {
        let mut paths = walks(200, 1.0, 25);
        let plain = quantile_band(&slices(&paths), 0.95).unwrap();
        let plain_t = sup_t_band(&slices(&paths), 0.95, 1).unwrap();
        for path in &mut paths {
            path.insert(0, 7.1);
            path.push(f64::NAN);
        }
        paths.push(vec![f64::NAN; 22]);
        for (band, plain) in [
            (quantile_band(&slices(&paths), 0.95).unwrap(), plain),
            (sup_t_band(&slices(&paths), 0.95, 1).unwrap(), plain_t),
        ] {
            assert!((band.lower[0] - 7.1).abs() < 1e-9 && (band.upper[0] - 7.1).abs() < 1e-9);
            assert_eq!(band.lower[1..21], plain.lower[..]);
            assert_eq!((band.paths, band.left_out), (200, plain.left_out));
            assert!(band.upper[21].is_nan());
        }
        let still = [[5.0, 5.0].as_slice(), &[5.0, 5.0]];
        assert_eq!(quantile_band(&still, 0.95).unwrap().upper, [5.0, 5.0]);
        assert_eq!(sup_t_band(&still, 0.95, 1).unwrap().upper, [5.0, 5.0]);
        assert!(quantile_band(&[&[1.0]], 0.95).is_none());
        assert!(quantile_band(&[], 0.95).is_none());
    }

    #[test]
    fn too_few_paths_say_so() {
        let mut dice = stream(26);
        let paths: Vec<Vec<f64>> = (0..40)
            .map(|_| (0..20).map(|_| normal(&mut dice)).collect())
            .collect();
        let band = quantile_band(&slices(&paths), 0.95).unwrap();
        assert_eq!((band.pointwise, band.inside), (1.0, 1.0));
        assert!(band.left_out < 0.6, "{}", band.left_out);
    }
}
