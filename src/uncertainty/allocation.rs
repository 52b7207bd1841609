//! How many draws and seeds an ensemble needs (utvalgsstørrelse) for a wanted precision of a mean.
//!
//! The mean over D draws of S seeds each has the variance b / D + w / (D S), with b the variance
//! between draws and w that between seeds. Preparing a draw costs something, and so does each run.
//! For a given cost the variance is least where S is the root of (w / b) times (cost of a draw /
//! cost of a run); how many draws there must be then follows from the precision.
//!
//! Source: Cochran (1977), Sampling Techniques, 3rd edition, Wiley, chapter 10 (two-stage
//! sampling).

/// What the parts of an ensemble cost and vary.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terms {
    /// Variance between draws; below zero counts as zero.
    pub between: f64,
    /// Variance between the seeds of a draw, of one run or of one mean over variants.
    pub within: f64,
    /// Cost of preparing a draw, in any unit.
    pub draw_cost: f64,
    /// Cost of running a seed once (in all variants, if they are run together), in the same unit.
    pub run_cost: f64,
}

/// A design with its cost and precision.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Allocation {
    /// Number of draws.
    pub draws: usize,
    /// Number of seeds in each draw.
    pub seeds: usize,
    /// Monte Carlo standard error of the mean, in the unit of the output.
    pub mcse: f64,
    /// Cost, in the unit of the costs.
    pub cost: f64,
}

/// More seeds than these are not considered for one draw.
const MOST_SEEDS: usize = 1000;

impl Terms {
    /// The design with so many seeds in each draw, and as many draws as the wanted standard error
    /// takes; `None` if a number is not finite or the wanted error is not above zero.
    pub fn with_seeds(&self, seeds: usize, wanted: f64) -> Option<Allocation> {
        let of_draw = self.between.max(0.0) + self.within.max(0.0) / seeds as f64;
        let draws = (of_draw / (wanted * wanted)).ceil().max(1.0);
        let cost = draws * (self.draw_cost + self.run_cost * seeds as f64);
        if seeds == 0 || wanted <= 0.0 || !draws.is_finite() || !cost.is_finite() {
            return None;
        }
        Some(Allocation {
            draws: draws as usize,
            seeds,
            mcse: (of_draw / draws).sqrt(),
            cost,
        })
    }

    /// The cheapest design that reaches the wanted standard error.
    pub fn cheapest(&self, wanted: f64) -> Option<Allocation> {
        let ratio = self.within.max(0.0) / self.between.max(0.0) * self.draw_cost / self.run_cost;
        // The best whole number is near the root, but the rounding of draws can move it.
        let around = if ratio.is_nan() { 1.0 } else { ratio.sqrt() };
        let around = (around.min(MOST_SEEDS as f64)) as usize;
        let candidates = 1..=(2 * around + 2).min(MOST_SEEDS);
        candidates
            .filter_map(|seeds| self.with_seeds(seeds, wanted))
            .min_by(|one, other| one.cost.total_cmp(&other.cost))
    }

    /// What is to be added to an ensemble of so many draws and seeds: the draws, with as many seeds
    /// as it has, and the seeds in each of its draws, either of which alone is enough. Seeds are
    /// `None` when no number of them is.
    pub fn more(&self, draws: usize, seeds: usize, wanted: f64) -> Option<(usize, Option<usize>)> {
        let needed = self.with_seeds(seeds, wanted)?;
        let spare = wanted * wanted * draws as f64 - self.between.max(0.0);
        let enough = (self.within.max(0.0) / spare).ceil();
        let total = (spare > 0.0 && enough.is_finite()).then_some(enough as usize);
        Some((
            needed.draws.saturating_sub(draws),
            total.map(|total| total.saturating_sub(seeds)),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TERMS: Terms = Terms {
        between: 4.0,
        within: 16.0,
        draw_cost: 9.0,
        run_cost: 1.0,
    };

    #[test]
    fn the_root_rule_is_found() {
        // sqrt(16 / 4 * 9 / 1) = 6 seeds, and (4 + 16 / 6) / 0.1^2 = 667 draws.
        let found = TERMS.cheapest(0.1).unwrap();
        assert_eq!((found.seeds, found.draws), (6, 667));
        assert_eq!(found.cost, 667.0 * 15.0);
        assert!(found.mcse <= 0.1);
    }

    #[test]
    fn more_is_told_as_draws_or_as_seeds() {
        // Now 4 / 100 + 16 / 400 = 0.08; wanted 0.06: draws (4 + 4) / 0.06, or seeds 16 / 2.
        let wanted = 0.06_f64.sqrt();
        assert_eq!(TERMS.more(100, 4, wanted), Some((34, Some(4))));
        // No number of seeds takes the variance below that between draws.
        assert_eq!(TERMS.more(100, 4, 0.1), Some((700, None)));
        assert_eq!(TERMS.more(100, 4, 1.0), Some((0, Some(0))));
        assert_eq!(TERMS.cheapest(0.0), None);
        assert_eq!(TERMS.with_seeds(0, 1.0), None);
    }

    proptest! {
        #[test]
        fn nothing_cheaper_reaches_the_precision(
            between in 0.0..10.0_f64, within in 0.1..50.0_f64,
            draw_cost in 0.1..20.0_f64, wanted in 0.05..1.0_f64, seeds in 1..40_usize,
        ) {
            let terms = Terms { between, within, draw_cost, run_cost: 1.0 };
            let best = terms.cheapest(wanted).unwrap();
            let other = terms.with_seeds(seeds, wanted).unwrap();
            prop_assert!(best.mcse <= wanted * (1.0 + 1e-9));
            // The number of draws is whole: beyond the range searched, rounding up may win by less
            // than a draw.
            prop_assert!(best.cost <= other.cost + draw_cost + seeds as f64);
        }
    }
}
