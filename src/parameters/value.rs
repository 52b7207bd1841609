//! One parameter: value, uncertainty, unit, evidence, reasoning.

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal};

/// How good the evidence behind a parameter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum EvidenceGrade {
    /// Register or official statistics.
    A,
    /// A study of the same population.
    B,
    /// A study elsewhere, or a proxy.
    C,
    /// An assumption, necessarily wide.
    D,
}

/// The family of an uncertainty distribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Known without error (a definition, a count).
    Fixed,
    /// Normal; `low` and `high` are the 2.5 and 97.5 % points.
    Normal,
    /// Normal on the log scale; same reading of the ends. For positive quantities.
    Lognormal,
    /// Normal on the log-odds scale; same reading of the ends. For shares and probabilities.
    Logitnormal,
    /// Flat between the ends, half of the probability on either side of the value.
    Uniform,
}

/// Normal scores of the points that `low` and `high` stand for: 2.5 and 97.5 %.
const ENDS: f64 = 1.959_963_984_540_054;
/// Shares and probabilities nearer to 0 or 1 than this count as this near on the log-odds scale.
const NEAREST: f64 = 1e-6;

/// The uncertainty of a parameter around its value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Distribution {
    /// The family.
    pub shape: Shape,
    /// Lower end; absent only when fixed.
    pub low: Option<f64>,
    /// Upper end; absent only when fixed.
    pub high: Option<f64>,
}

/// A number of the model with everything a reader needs to judge it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Parameter {
    /// Full name: file, name and keys, e.g. `leave_job.narrow_turnover[nurse]`.
    pub name: String,
    /// The central value, in `unit`.
    pub value: f64,
    /// Its uncertainty.
    pub distribution: Distribution,
    /// The unit.
    pub unit: String,
    /// Ids of the facts (or names of the open tables) that it rests on.
    pub facts: Vec<String>,
    /// How good that evidence is.
    pub grade: EvidenceGrade,
    /// Why this value and this width, in a sentence.
    pub reasoning: String,
    /// Where it is written, for complaints: file as the user knows it, and line.
    #[serde(skip)]
    pub origin: (String, usize),
}

impl Parameter {
    /// The value at a normal score: 0 gives the central value, +-1.96 the ends. A standard normal
    /// score therefore draws from the distribution; where the value is not midway between the
    /// ends, either side has its own spread. Never outside what the unit allows.
    pub fn at(&self, score: f64) -> f64 {
        let Distribution { shape, low, high } = self.distribution;
        let (Some(low), Some(high)) = (low, high) else {
            return self.value;
        };
        if score == 0.0 {
            return self.value;
        }
        let end = if score < 0.0 { low } else { high };
        let along = |to: fn(f64) -> f64, back: fn(f64) -> f64| {
            let centre = to(self.value);
            back(centre + (to(end) - centre) * score.abs() / ENDS)
        };
        let value = match shape {
            Shape::Fixed => self.value,
            Shape::Normal => along(|x| x, |x| x),
            Shape::Lognormal => along(|x| x.max(NEAREST).ln(), f64::exp),
            Shape::Logitnormal => along(
                |x| {
                    let x = x.clamp(NEAREST, 1.0 - NEAREST);
                    (x / (1.0 - x)).ln()
                },
                |x| 1.0 / (1.0 + (-x).exp()),
            ),
            Shape::Uniform => {
                let beyond_value = 2.0 * Normal::standard().cdf(score.abs()) - 1.0;
                self.value + (end - self.value) * beyond_value
            }
        };
        match range_of_unit(&self.unit) {
            Some((least, most, _)) => value.clamp(least, most),
            None => value,
        }
    }
}

impl Parameter {
    /// The normal score at which [`Parameter::at`] gives a value; 0 for a fixed parameter.
    pub fn score_of(&self, value: f64) -> f64 {
        let (mut low, mut high) = (-8.0, 8.0);
        if self.distribution.shape == Shape::Fixed {
            return 0.0;
        }
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if self.at(middle) < value {
                low = middle;
            } else {
                high = middle;
            }
        }
        f64::midpoint(low, high)
    }
}

/// The smallest and largest value a unit allows, and how to say so.
pub fn range_of_unit(unit: &str) -> Option<(f64, f64, &'static str)> {
    Some(match unit {
        "probability" | "probability per year" | "fraction" => (0.0, 1.0, "0 to 1"),
        "odds ratio" | "hazard ratio" | "ratio" => (1e-6, 1e6, "above 0"),
        "log-odds" => (-20.0, 20.0, "-20 to 20"),
        "years" | "age" => (0.0, 120.0, "0 to 120"),
        "persons" | "persons per year" | "posts per year" | "fte" => (0.0, 1e8, "0 or more"),
        "fte per 1000" | "fte per 10000" => (0.0, 1e4, "0 or more"),
        "year" => (1900.0, 2100.0, "1900 to 2100"),
        "fraction per year" => (-1.0, 1.0, "-1 to 1"),
        "million NOK" | "weight" => (0.0, 1e6, "0 or more"),
        _ => return None,
    })
}

/// The units that parameters may have.
pub const UNITS: [&str; 19] = [
    "probability",
    "probability per year",
    "fraction",
    "odds ratio",
    "hazard ratio",
    "ratio",
    "log-odds",
    "years",
    "age",
    "persons",
    "persons per year",
    "posts per year",
    "fte",
    "fte per 1000",
    "fte per 10000",
    "year",
    "fraction per year",
    "million NOK",
    "weight",
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parameter(shape: Shape, value: f64, low: f64, high: f64, unit: &str) -> Parameter {
        let (low, high) = (Some(low), Some(high));
        Parameter {
            name: "leave_job.x".into(),
            value,
            distribution: Distribution { shape, low, high },
            unit: unit.into(),
            facts: vec![],
            grade: EvidenceGrade::D,
            reasoning: String::new(),
            origin: (String::new(), 0),
        }
    }

    #[test]
    fn scores_reach_the_value_and_the_ends() {
        for (shape, unit) in [
            (Shape::Normal, "persons"),
            (Shape::Lognormal, "odds ratio"),
            (Shape::Logitnormal, "fraction"),
        ] {
            let p = parameter(shape, 0.3, 0.1, 0.4, unit);
            assert_eq!(p.at(0.0), 0.3);
            assert!((p.at(-ENDS) - 0.1).abs() < 1e-12, "{shape:?}");
            assert!((p.at(ENDS) - 0.4).abs() < 1e-12, "{shape:?}");
        }
        let flat = parameter(Shape::Uniform, 0.3, 0.1, 0.4, "fraction");
        assert!((flat.at(-9.0) - 0.1).abs() < 1e-9 && (flat.at(9.0) - 0.4).abs() < 1e-9);
        // The upper quartile lies midway between value and upper end.
        assert!((flat.at(0.674_489_75) - 0.35).abs() < 1e-6);
    }

    #[test]
    fn a_fixed_value_does_not_move_and_units_hold() {
        let mut fixed = parameter(Shape::Fixed, 0.3, 0.0, 1.0, "fraction");
        fixed.distribution = Distribution {
            shape: Shape::Fixed,
            low: None,
            high: None,
        };
        assert_eq!(fixed.at(2.0), 0.3);
        let wide = parameter(Shape::Normal, 0.5, 0.1, 0.9, "fraction");
        assert_eq!((wide.at(-9.0), wide.at(9.0)), (0.0, 1.0));
    }

    proptest! {
        #[test]
        fn the_score_of_a_value_is_found(score in -3.0f64..3.0, which in 0usize..4) {
            let shapes = [Shape::Normal, Shape::Lognormal, Shape::Logitnormal, Shape::Uniform];
            let p = parameter(shapes[which], 0.3, 0.2, 0.45, "fraction");
            prop_assert!((p.score_of(p.at(score)) - score).abs() < 1e-6);
        }

        #[test]
        fn more_score_is_more_value(a in -4.0f64..4.0, b in -4.0f64..4.0, which in 0usize..4) {
            let shapes = [Shape::Normal, Shape::Lognormal, Shape::Logitnormal, Shape::Uniform];
            let p = parameter(shapes[which], 0.3, 0.05, 0.8, "fraction");
            let (less, more) = (a.min(b), a.max(b));
            prop_assert!(p.at(less) <= p.at(more));
        }
    }
}
