//! Which draws of the posterior a run takes (trekninger): so many, in a fixed order, so that a run
//! with more draws begins with those of a run with fewer.

use super::Plan;
use super::calibrated::{Point, Values};
use super::run_text::RunText;
use crate::parameters::Posterior;
use crate::words::Problem;

/// A draw of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draw {
    /// The point of the posterior.
    pub point: Point,
    /// Its number, which is part of the key of a run: 0 for the centre, else 1 and the position in
    /// the posterior.
    pub number: u64,
}

impl Draw {
    /// The centre of the posterior.
    pub const CENTRE: Draw = Draw {
        point: Point::Centre,
        number: 0,
    };

    /// The draw in this position of the posterior.
    pub fn at(position: usize) -> Draw {
        Draw {
            point: Point::Draw(position),
            number: position as u64 + 1,
        }
    }
}

/// The positions `0..count` in an order whose beginnings are spread over all of them: that of the
/// reversed binary digits. Source: van der Corput (1935), Verteilungsfunktionen, Proceedings of the
/// Koninklijke Akademie van Wetenschappen te Amsterdam 38, 813-821.
pub fn spread(count: usize) -> impl Iterator<Item = usize> {
    let size = count.next_power_of_two();
    let digits = size.trailing_zeros();
    let reversed = move |number: usize| match digits {
        0 => number,
        digits => number.reverse_bits() >> (usize::BITS - digits),
    };
    (0..size).map(reversed).filter(move |own| *own < count)
}

/// Refuses draws where there is nothing to draw from: parameters as the evidence gives them.
/// `place` is where the complaint is about.
///
/// # Errors
/// The [`Problem`].
pub(super) fn check(plan: &Plan, place: Problem) -> Result<(), Problem> {
    if plan.draws == 0 || plan.parameters == Values::Calibrated {
        return Ok(());
    }
    let message = "with parameters = \"evidence\" there is no fit to draw from";
    Err(Problem {
        message: message.to_string(),
        hint: "let draws be 0, or take the calibrated parameters".to_string(),
        ..place
    })
}

impl Plan {
    /// The draws of the run, in their order.
    ///
    /// # Errors
    /// A [`Problem`] where the key or flag stands, if the posterior has not so many or there is
    /// none.
    pub fn chosen_draws(&self, posterior: Option<&Posterior>) -> Result<Vec<Draw>, Problem> {
        if self.draws == 0 {
            return Ok(vec![Draw::CENTRE]);
        }
        let there = posterior.map_or(0, |posterior| posterior.draws.len());
        let wanted = self.draws as usize;
        if wanted <= there {
            return Ok(spread(there).take(wanted).map(Draw::at).collect());
        }
        let message = match there {
            0 => "the data folder has no posterior to draw from".to_string(),
            there => format!("the posterior has {there} draws"),
        };
        let hint = match there {
            0 => "make one with stabil calibrate, or let draws be 0".to_string(),
            there => format!("give draws a number from 0 to {there}, and more seeds if need be"),
        };
        Err(Problem {
            message,
            hint,
            ..self.about_draws()?
        })
    }

    /// Where the number of draws was given.
    pub(super) fn about_draws(&self) -> Result<Problem, Problem> {
        let run = RunText::parse(&self.file, &self.text)?;
        let in_file = run.read().is_ok_and(|raw| raw.draws == self.draws);
        Ok(match in_file && run.has("draws") {
            true => run.complaint("draws"),
            false => Problem::in_file(super::plan::COMMAND_LINE, "")
                .about("--draws", self.draws.to_string()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plan(lines: &str) -> Result<Plan, Problem> {
        Plan::of_text("a.toml", &format!("name = \"a\"\n{lines}\n"))
    }

    fn posterior(draws: usize) -> Posterior {
        Posterior {
            draws: vec![vec![0.0]; draws],
            factors: vec![vec![]; draws],
            names: vec!["a".to_string()],
            ..Posterior::default()
        }
    }

    #[test]
    fn numbers_begin_at_one_and_the_centre_is_zero() {
        let centre = plan("").unwrap().chosen_draws(None);
        assert_eq!(centre, Ok(vec![Draw::CENTRE]));
        let four = plan("draws = 4").unwrap();
        let found = four.chosen_draws(Some(&posterior(8))).unwrap();
        let numbers: Vec<u64> = found.iter().map(|draw| draw.number).collect();
        assert_eq!(numbers, [1, 5, 3, 7]);
        assert_eq!(found[1].point, Point::Draw(4));
    }

    #[test]
    fn more_than_there_are_is_refused_with_how_many() {
        let five = plan("\ndraws = 5").unwrap();
        let found = five.chosen_draws(Some(&posterior(4))).unwrap_err();
        assert_eq!((found.line, found.key.as_str()), (3, "draws"));
        assert_eq!(found.message, "the posterior has 4 draws");
        assert!(
            five.chosen_draws(None)
                .unwrap_err()
                .hint
                .contains("calibrate")
        );
        let typed = crate::runs::Overrides {
            draws: Some(6),
            ..Default::default()
        };
        let typed = five.with(&typed).unwrap();
        let found = typed.chosen_draws(Some(&posterior(4))).unwrap_err();
        assert_eq!((found.key.as_str(), found.value.as_str()), ("--draws", "6"));
    }

    #[test]
    fn the_evidence_has_no_draws() {
        let found = plan("draws = 5\nparameters = \"evidence\"").unwrap_err();
        assert_eq!((found.line, found.key.as_str()), (2, "draws"));
        assert!(found.message.contains("no fit"), "{found}");
        let typed = crate::runs::Overrides {
            parameters: Some(Values::Evidence),
            ..Default::default()
        };
        let found = plan("draws = 5").unwrap().with(&typed).unwrap_err();
        assert_eq!(found.key, "--parameters");
    }

    proptest! {
        #[test]
        fn every_position_comes_once_and_beginnings_are_spread(
            count in 1..500_usize, first in 1..500_usize,
        ) {
            let all: Vec<usize> = spread(count).collect();
            let mut sorted = all.clone();
            sorted.sort_unstable();
            prop_assert!(sorted.into_iter().eq(0..count));
            // No gap between neighbours is wider than four times the even one.
            let first = first.min(count);
            let mut some: Vec<usize> = all[..first].to_vec();
            some.sort_unstable();
            let ends = some.iter().skip(1).copied().chain([count]);
            let widest = some.iter().zip(ends).map(|(a, b)| b - a).max().unwrap();
            prop_assert!(widest <= 4 * count.div_ceil(first), "{widest} of {count}, {first}");
        }
    }
}
