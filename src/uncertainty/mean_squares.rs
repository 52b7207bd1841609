//! The mean squares (middelkvadrater) behind the variance components of [`super::anova`].
//!
//! With V variants, D draws and S seeds, variants fixed and their interaction with draws adding up
//! to nothing over variants, the expected mean squares are: between draws, the error e plus V S
//! times the parameter part; of draws by variants, its error f plus S V / (V - 1) times the
//! interaction part; between variants, that of draws by variants plus D S V / (V - 1) times the
//! structural part. With chance of its own in every variant e and f are both the mean square of
//! seeds. With the same dice in all variants e is that of the seeds' means over variants, and f
//! that of seeds by variants. Source: Searle, Casella and McCulloch (1992), as cited there.

use super::nested::{Nested, mean, variance};

pub(super) const STRUCTURAL: usize = 0;
pub(super) const ALIGNMENT: usize = 1;
pub(super) const PARAMETER: usize = 2;
pub(super) const INTERACTION: usize = 3;
pub(super) const STOCHASTIC: usize = 4;
pub(super) const WITHIN: usize = 5;
pub(super) const PARTS: usize = 6;

/// All parts together.
pub(super) fn total(parts: &[f64; PARTS]) -> f64 {
    parts[STRUCTURAL] + parts[ALIGNMENT] + parts[WITHIN]
}

/// What the sums of squares are made of; each adds up over draws, so that a draw can be taken out.
pub(super) struct Sums {
    draws: f64,
    /// Sum of the draw's means, by variant.
    by_variant: Vec<f64>,
    /// Sum of the squared means of variants in the draw.
    cells: f64,
    /// Squared mean of the draw.
    draw: f64,
    /// Squares of seeds about the mean of their variant and draw.
    within: f64,
    /// Squares of the seeds' means over variants about the draw's, times the variants.
    seeds: f64,
    /// Variants with alignment less those without.
    pub(super) contrast: f64,
    /// Its square.
    contrast_square: f64,
}

impl Sums {
    /// Adds the sums of a draw, or takes them out with a sign of -1.
    pub(super) fn add(&mut self, other: &Sums, sign: f64) {
        self.draws += sign * other.draws;
        for (sum, one) in self.by_variant.iter_mut().zip(&other.by_variant) {
            *sum += sign * one;
        }
        self.cells += sign * other.cells;
        self.draw += sign * other.draw;
        self.within += sign * other.within;
        self.seeds += sign * other.seeds;
        self.contrast += sign * other.contrast;
        self.contrast_square += sign * other.contrast_square;
    }
}

pub(super) struct Design {
    variants: usize,
    seeds: usize,
    paired: bool,
    /// Which variants are aligned, if that differs.
    pub(super) aligned: Option<Vec<bool>>,
}

impl Design {
    /// `paired` says whether a seed of a draw throws the same dice in every variant.
    pub(super) fn of(nested: &Nested, paired: bool, aligned: &[bool]) -> Design {
        let differs = aligned.iter().any(|one| *one) && aligned.iter().any(|one| !one);
        Design {
            variants: nested.variants(),
            seeds: nested.seeds(),
            paired: paired && nested.variants() > 1,
            aligned: (differs && aligned.len() == nested.variants()).then(|| aligned.to_vec()),
        }
    }

    /// The sums of no draw.
    pub(super) fn nothing(&self) -> Sums {
        Sums {
            draws: 0.0,
            by_variant: vec![0.0; self.variants],
            cells: 0.0,
            draw: 0.0,
            within: 0.0,
            seeds: 0.0,
            contrast: 0.0,
            contrast_square: 0.0,
        }
    }

    /// The sums of one draw, of values less a centre so that large levels cost no digits.
    pub(super) fn sums(&self, values: &[f64], centre: f64) -> Sums {
        let (variants, seeds) = (self.variants as f64, self.seeds as f64);
        let about_centre = |numbers: &[f64]| {
            numbers.iter().map(|number| number - centre).sum::<f64>() / numbers.len() as f64
        };
        let by_variant: Vec<f64> = values.chunks(self.seeds).map(about_centre).collect();
        let squares = |(variant, runs): (&f64, &[f64])| -> f64 {
            let about = |run: &f64| (run - centre - variant).powi(2);
            runs.iter().map(about).sum()
        };
        let draw = by_variant.iter().sum::<f64>() / variants;
        let of_seed = |seed: usize| {
            let column = values.iter().skip(seed).step_by(self.seeds);
            column.map(|value| value - centre).sum::<f64>() / variants
        };
        let about_draw = |seed: usize| variants * (of_seed(seed) - draw).powi(2);
        let contrast = self.contrast(&by_variant);
        debug_assert_eq!(values.len() as f64, variants * seeds);
        Sums {
            draws: 1.0,
            cells: by_variant.iter().map(|mean| mean * mean).sum(),
            draw: draw * draw,
            within: by_variant
                .iter()
                .zip(values.chunks(self.seeds))
                .map(squares)
                .sum(),
            seeds: (0..self.seeds).map(about_draw).sum(),
            contrast,
            contrast_square: contrast * contrast,
            by_variant,
        }
    }

    fn contrast(&self, by_variant: &[f64]) -> f64 {
        let Some(aligned) = &self.aligned else {
            return 0.0;
        };
        let side = |wanted: bool| {
            let pairs = by_variant.iter().zip(aligned);
            let those: Vec<f64> = pairs
                .filter(|(_, one)| **one == wanted)
                .map(|(mean, _)| *mean)
                .collect();
            mean(&those)
        };
        side(true) - side(false)
    }

    /// The parts with one draw left out.
    pub(super) fn without(&self, all: &Sums, one: &Sums) -> [f64; PARTS] {
        let mut rest = self.nothing();
        rest.add(all, 1.0);
        rest.add(one, -1.0);
        self.parts(&rest)
    }

    /// Mean squares of chance: against which draws, against which their interaction with variants,
    /// and over everything.
    fn chance(&self, sums: &Sums) -> (f64, f64, f64) {
        let (variants, seeds) = (self.variants as f64, self.seeds as f64);
        // With one seed this is 0 / 0: not told.
        let freedom = sums.draws * (seeds - 1.0);
        let overall = sums.within / (variants * freedom);
        if self.paired {
            let differing = (sums.within - sums.seeds) / ((variants - 1.0) * freedom);
            (sums.seeds / freedom, differing, overall)
        } else {
            (overall, overall, overall)
        }
    }

    /// Variance of chance in the mean of one seed over variants.
    pub(super) fn chance_of_mean(&self, sums: &Sums) -> f64 {
        self.chance(sums).0 / self.variants as f64
    }

    /// The parts, from sums over draws.
    pub(super) fn parts(&self, sums: &Sums) -> [f64; PARTS] {
        let (variants, seeds, draws) = (self.variants as f64, self.seeds as f64, sums.draws);
        let means: Vec<f64> = sums.by_variant.iter().map(|sum| sum / draws).collect();
        let mean = means.iter().sum::<f64>() / variants;
        let about = means.iter().map(|one| (one - mean).powi(2)).sum::<f64>();
        let squares: f64 = means.iter().map(|one| one * one).sum();
        // One draw has no spread between draws; a division by zero would make infinity of rounding.
        let spare = if draws > 1.0 { draws - 1.0 } else { f64::NAN };
        let between_draws = variants * seeds * (sums.draw - draws * mean * mean) / spare;
        let (of_draws, of_both, overall) = self.chance(sums);
        let parameter = (between_draws - of_draws) / (variants * seeds);
        // One seed cannot tell draws from chance, but their sum it can.
        let together = (sums.cells - draws * squares) / (variants * spare);
        if self.variants == 1 {
            let within = if self.seeds == 1 {
                together
            } else {
                parameter + overall
            };
            let within = if draws > 1.0 { within } else { overall };
            return [0.0, 0.0, parameter, 0.0, overall, within];
        }
        let both = sums.cells - variants * sums.draw - draws * (squares - variants * mean * mean);
        let both = seeds * both / ((variants - 1.0) * spare);
        let interaction = (1.0 - 1.0 / variants) * (both - of_both) / seeds;
        let between = draws * seeds * about / (variants - 1.0);
        let error = if draws > 1.0 { both } else { of_both };
        let structural = (1.0 - 1.0 / variants) * (between - error) / (draws * seeds);
        let alignment = self.alignment(sums);
        let within = match (draws > 1.0, self.seeds) {
            (false, _) => overall,
            (true, 1) => together,
            (true, _) => parameter + interaction + overall,
        };
        [
            structural - alignment,
            alignment,
            parameter,
            interaction,
            overall,
            within,
        ]
    }

    /// The variance between two groups of variants: the square of their contrast, less what it is
    /// expected to be from the sampling of draws alone, times the groups' shares.
    fn alignment(&self, sums: &Sums) -> f64 {
        let Some(aligned) = &self.aligned else {
            return 0.0;
        };
        let draws = sums.draws;
        let share = aligned.iter().filter(|one| **one).count() as f64 / aligned.len() as f64;
        let mean = sums.contrast / draws;
        let spread = match draws > 1.0 {
            true => (sums.contrast_square - draws * mean * mean) / (draws - 1.0),
            false => {
                let variants = self.variants as f64 * share * (1.0 - share);
                self.chance(sums).1 / (variants * self.seeds as f64)
            }
        };
        share * (1.0 - share) * (mean * mean - spread / draws)
    }

    /// Monte Carlo standard error of the mean over everything.
    pub(super) fn mcse(&self, nested: &Nested, sums: &Sums) -> f64 {
        match nested.draws() {
            1 => (self.chance_of_mean(sums) / self.seeds as f64).sqrt(),
            draws => (variance(&nested.draw_means()) / draws as f64).sqrt(),
        }
    }
}
