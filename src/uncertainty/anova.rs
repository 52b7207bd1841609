//! Where the spread of an ensemble comes from: variance components (varianskomponenter) by
//! analysis of variance.
//!
//! A value of the ensemble is a mean, plus the effect of its structural variant, plus the effect
//! of its draw of the parameters, plus what the two do only together, plus chance. The variants
//! are all there are and weigh the same; the draws and the seeds are samples. Each part is
//! estimated without bias from the mean squares, so a part that is nothing comes out below zero
//! about as often as above; it is told as it came out. The parts add up to the variance of a value
//! from a variant, a draw and a seed picked at random.
//!
//! Source: Searle, Casella and McCulloch (1992), Variance Components, Wiley,
//! doi 10.1002/9780470316856, chapter 4, for the mean squares of crossed and nested designs with
//! fixed and random effects. Standard errors are those of the jackknife over draws, which takes
//! nothing about the distributions for granted.

use super::allocation::Terms;
use super::mean_squares::{
    ALIGNMENT, Design, INTERACTION, PARAMETER, PARTS, STOCHASTIC, STRUCTURAL, Sums, WITHIN, total,
};
use super::nested::{Nested, jackknife, mean, variance};

/// How the seeds of one draw lie across the variants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seeds {
    /// Every variant has chance of its own.
    Nested,
    /// A seed of a draw throws the same dice in every variant, so its runs are alike.
    Paired,
}

/// One part of the variance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// Unbiased estimate, in the squared unit of the output; may be negative.
    pub variance: f64,
    /// Standard error of the variance; NaN below three draws.
    pub se: f64,
    /// The variance as a share of the total; may be negative.
    pub share: f64,
    /// Standard error of the share; NaN below three draws.
    pub share_se: f64,
}

impl Part {
    /// The share for display, held between 0 and 1.
    pub fn displayed(&self) -> f64 {
        self.share.clamp(0.0, 1.0)
    }
}

/// The variance of an ensemble by where it comes from. A part that the design cannot tell is NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Split {
    /// Mean over everything.
    pub mean: f64,
    /// Monte Carlo standard error of the mean: draws are what was sampled, so it is taken between
    /// the means of draws. With one draw it is that of chance alone.
    pub mcse: f64,
    /// Between variants, alignment left out where that is a part of its own; 0 with one variant.
    /// With one draw it holds the interaction as well.
    pub structural: Part,
    /// Between variants with and without alignment; 0 where that is not among the variants.
    pub alignment: Part,
    /// Between draws, on average over variants; NaN with one draw or one seed.
    pub parameter: Part,
    /// What draws do differently from variant to variant; NaN with one draw or one seed, 0 with
    /// one variant.
    pub interaction: Part,
    /// Between seeds; NaN with one seed.
    pub stochastic: Part,
    /// Parameter, interaction and stochastic together, which one seed is enough to tell.
    pub within: Part,
    /// All parts together.
    pub total: f64,
    /// Variance of chance in the mean of one seed of a draw over all variants; NaN with one seed.
    pub chance: f64,
    /// Number of seeds in each draw and variant.
    pub seeds: usize,
    /// Number of draws used.
    pub draws: usize,
    /// Number of draws left out because a value was missing.
    pub dropped: usize,
}

impl Split {
    /// Variance of chance in a draw's mean over variants and seeds, which no parameter explains.
    pub fn noise(&self) -> f64 {
        self.chance / self.seeds as f64
    }

    /// What the precision of the mean over variants depends on, for these costs of preparing a
    /// draw and of running one seed in all variants.
    pub fn terms(&self, draw_cost: f64, run_cost: f64) -> Terms {
        Terms {
            between: self.parameter.variance,
            within: self.chance,
            draw_cost,
            run_cost,
        }
    }
}

/// Splits the variance of an ensemble.
///
/// `aligned` says of each variant whether it has alignment factors; alignment becomes a part of
/// its own if some have and some have not, and is nothing if the slice is empty or all are alike.
/// If the two kinds differ in other respects too, these are counted as alignment.
pub fn split(nested: &Nested, seeds: Seeds, aligned: &[bool]) -> Split {
    let design = Design::of(nested, seeds == Seeds::Paired, aligned);
    let centre = nested.mean();
    let each: Vec<Sums> = (0..nested.draws())
        .map(|draw| design.sums(nested.of_draw(draw), centre))
        .collect();
    let mut all = design.nothing();
    for one in &each {
        all.add(one, 1.0);
    }
    let estimate = design.parts(&all);
    let replicates: Vec<[f64; PARTS]> = match each.len() {
        0..3 => Vec::new(),
        _ => each.iter().map(|one| design.without(&all, one)).collect(),
    };
    let share_of = |parts: &[f64; PARTS], part: usize| parts[part] / total(parts);
    let part = |part: usize| {
        let variances: Vec<f64> = replicates.iter().map(|parts| parts[part]).collect();
        let shares: Vec<f64> = replicates
            .iter()
            .map(|parts| share_of(parts, part))
            .collect();
        Part {
            variance: estimate[part],
            se: jackknife(&variances),
            share: share_of(&estimate, part),
            share_se: jackknife(&shares),
        }
    };
    Split {
        mean: centre,
        mcse: design.mcse(nested, &all),
        structural: part(STRUCTURAL),
        alignment: part(ALIGNMENT),
        parameter: part(PARAMETER),
        interaction: part(INTERACTION),
        stochastic: part(STOCHASTIC),
        within: part(WITHIN),
        total: total(&estimate),
        chance: design.chance_of_mean(&all),
        seeds: nested.seeds(),
        draws: nested.draws(),
        dropped: nested.dropped(),
    }
}

/// The mean of variants with alignment less that of variants without.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contrast {
    /// In the unit of the output.
    pub difference: f64,
    /// Monte Carlo standard error, between draws; NaN below two draws.
    pub se: f64,
}

/// Contrasts two groups of variants, draw by draw; `None` if the variants are not of two kinds.
pub fn contrast(nested: &Nested, aligned: &[bool]) -> Option<Contrast> {
    let design = Design::of(nested, false, aligned);
    design.aligned.as_ref()?;
    let centre = nested.mean();
    let by_draw: Vec<f64> = (0..nested.draws())
        .map(|draw| design.sums(nested.of_draw(draw), centre).contrast)
        .collect();
    Some(Contrast {
        difference: mean(&by_draw),
        se: (variance(&by_draw) / by_draw.len() as f64).sqrt(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{normal, stream};
    use super::*;
    use proptest::prelude::*;

    /// What an ensemble is simulated with: deviations of variants, then standard deviations of
    /// draws, interaction, chance common to the variants and chance of each.
    struct Truth {
        variants: &'static [f64],
        sd: [f64; 4],
    }

    fn ensemble(truth: &Truth, draws: usize, seeds: usize, seed: u32) -> Nested {
        let mut dice = stream(seed);
        let variants = truth.variants.len();
        let [of_draw, of_both, common, own] = truth.sd;
        let mut values = vec![0.0; variants * draws * seeds];
        for draw in 0..draws {
            let effect = of_draw * normal(&mut dice);
            let both: Vec<f64> = truth.variants.iter().map(|_| normal(&mut dice)).collect();
            // Interactions add up to nothing over variants, and their mean square is as stated.
            let centre = mean(&both);
            let scale = of_both * (variants as f64 / (variants as f64 - 1.0).max(1.0)).sqrt();
            for seed in 0..seeds {
                let shared = common * normal(&mut dice);
                for (variant, level) in truth.variants.iter().enumerate() {
                    let inner = scale * (both[variant] - centre) + own * normal(&mut dice);
                    values[(variant * draws + draw) * seeds + seed] =
                        1000.0 + level + effect + inner + shared;
                }
            }
        }
        Nested::new(&values, variants, draws, seeds).unwrap()
    }

    const FOUR: Truth = Truth {
        variants: &[-3.0, 1.0, -1.0, 3.0],
        sd: [2.0, 1.0, 0.0, 3.0],
    };
    const ALIGNED: [bool; 4] = [false, true, false, true];

    fn of(split: &Split) -> [Part; 6] {
        [
            split.structural,
            split.alignment,
            split.parameter,
            split.interaction,
            split.stochastic,
            split.within,
        ]
    }

    /// Means over 400 ensembles against the truth, and the standard errors told against the spread
    /// seen. A mean is held to 4.5 of its standard errors (false alarms: 6 parts in two designs,
    /// below 1 in 10 000); the spread of 400 is known to 4 %, so 20 % is five of its errors.
    #[test]
    fn a_known_split_is_recovered() {
        let paired = Truth {
            sd: [2.0, 1.0, 2.0, 5.0_f64.sqrt()],
            ..FOUR
        };
        for (truth, seeds) in [(&FOUR, Seeds::Nested), (&paired, Seeds::Paired)] {
            let exact = [1.0, 4.0, 4.0, 1.0, 9.0, 14.0];
            let found: Vec<Split> = (0..400)
                .map(|seed| split(&ensemble(truth, 40, 3, 100 + seed), seeds, &ALIGNED))
                .collect();
            for (part, exact) in exact.into_iter().enumerate() {
                let estimates: Vec<f64> = found.iter().map(|one| of(one)[part].variance).collect();
                let told: Vec<f64> = found.iter().map(|one| of(one)[part].se).collect();
                let seen = variance(&estimates).sqrt();
                let average = mean(&estimates);
                assert!(
                    (average - exact).abs() < 4.5 * seen / 20.0,
                    "{part}: {average} {exact}"
                );
                let told = mean(&told);
                assert!((told / seen - 1.0).abs() < 0.2, "{part}: {told} {seen}");
            }
            let means: Vec<f64> = found.iter().map(|one| one.mean).collect();
            let told = found.iter().map(|one| one.mcse).sum::<f64>() / 400.0;
            let seen = variance(&means).sqrt();
            assert!((told / seen - 1.0).abs() < 0.2, "{told} {seen}");
            // The terms say what the precision is: that of the draws there are.
            let as_told = |one: &Split| {
                let terms = one.terms(1.0, 1.0);
                ((terms.between + terms.within / 3.0) / 40.0).sqrt()
            };
            assert!(
                found
                    .iter()
                    .all(|one| (as_told(one) / one.mcse - 1.0).abs() < 1e-9)
            );
            let shares: f64 = of(&found[0])[..5].iter().map(|part| part.share).sum();
            assert!((shares - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn nothing_comes_out_below_zero_about_half_the_time() {
        let truth = Truth {
            variants: &[0.0],
            sd: [0.0, 0.0, 0.0, 1.0],
        };
        // Of 200 a binomial with one half is between 70 and 135 but in 1 of 20 000 cases.
        let below = (0..200)
            .map(|seed| split(&ensemble(&truth, 30, 2, 900 + seed), Seeds::Nested, &[]))
            .filter(|one| one.parameter.variance < 0.0 && one.parameter.displayed() == 0.0)
            .count();
        assert!((70..=135).contains(&below), "{below}");
    }

    #[test]
    fn small_designs_tell_what_they_can() {
        let one_seed = split(&ensemble(&FOUR, 200, 1, 1), Seeds::Nested, &[]);
        assert!(one_seed.parameter.variance.is_nan() && one_seed.stochastic.variance.is_nan());
        assert!((one_seed.within.variance - 14.0).abs() < 4.0);
        assert!((one_seed.structural.variance - 5.0).abs() < 2.0);
        assert_eq!(one_seed.alignment.variance, 0.0);
        let one_draw = split(&ensemble(&FOUR, 1, 200, 2), Seeds::Nested, &ALIGNED);
        assert!(one_draw.parameter.variance.is_nan() && one_draw.parameter.se.is_nan());
        assert!((one_draw.stochastic.variance - 9.0).abs() < 2.0);
        assert!((one_draw.mcse - (9.0_f64 / 800.0).sqrt()).abs() < 0.02);
        let one_run = split(&Nested::new(&[5.0], 1, 1, 1).unwrap(), Seeds::Nested, &[]);
        assert!(one_run.mean == 5.0 && one_run.mcse.is_nan() && one_run.total.is_nan());
        let none = Nested::new(&[f64::NAN; 2], 1, 1, 2).unwrap();
        assert!(split(&none, Seeds::Nested, &[]).mean.is_nan());
    }

    proptest! {
        #[test]
        fn parts_follow_the_unit_and_not_the_level(
            values in prop::collection::vec(-1e3..1e3_f64, 24), scale in 0.1..10.0_f64,
            level in -1e6..1e6_f64,
        ) {
            let moved: Vec<f64> = values.iter().map(|value| level + scale * value).collect();
            let one = |values: &[f64]| {
                let nested = Nested::new(values, 2, 4, 3).unwrap();
                split(&nested, Seeds::Paired, &[true, false])
            };
            let (plain, moved) = (one(&values), one(&moved));
            for (part, other) in of(&plain).into_iter().zip(of(&moved)) {
                let expected = scale * scale * part.variance;
                prop_assert!((other.variance - expected).abs() < 1e-6 * moved.total.abs().max(1.0));
            }
        }
    }

    #[test]
    fn the_contrast_is_taken_draw_by_draw() {
        let found = contrast(&ensemble(&FOUR, 100, 3, 5), &ALIGNED).unwrap();
        assert!((found.difference - 4.0).abs() < 5.0 * found.se && found.se < 0.4);
        assert!(contrast(&ensemble(&FOUR, 3, 1, 5), &[]).is_none());
        assert!(contrast(&ensemble(&FOUR, 3, 1, 5), &[true; 4]).is_none());
    }
}
