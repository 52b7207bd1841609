//! Use by age (bruk etter alder): a family of profiles with one free number.
//!
//! No source gives use of a service by age. Each service therefore has the simplest profile that
//! can meet what is printed of its growth: none before an age and after another, level from there,
//! and rising (or falling) by the same factor a year from a third age on. That factor, the
//! steepness, is solved from the growth. Better health (as life expectancy grows) puts use above 55
//! off by some years: who is 80 uses what one of 78 used before.
//!
//! Assumed: the form, and that men and women of an age use the same.

use super::people::Persons;

/// Age from which better health puts use off, as the national projection has it
/// (nou_projections_0116).
pub const HEALTH_FROM: f64 = 55.0;

/// Single ages taken for the open class of 90 and over.
const OPEN_CLASS: usize = 7;

/// Steepest rise tried, in log units for ten years of age.
const STEEPEST: f64 = 4.0;
/// Longest putting off tried, in years.
const LONGEST: f64 = 40.0;

/// Use by age; the level has no unit, since only growth and shares are taken from it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Profile {
    /// No use before this age.
    pub from: f64,
    /// No use from this age.
    pub to: f64,
    /// Age from which use rises or falls.
    pub rises_from: f64,
    /// Change of log use for ten years of age, from there.
    pub steepness: f64,
}

impl Profile {
    /// Mean use by five-year age class when use above 55 is put off by some years.
    pub fn by_class(&self, shift: f64) -> Persons {
        let mut means = Persons::default();
        for (class, mean) in means.iter_mut().enumerate() {
            let ages = if class + 1 == Persons::default().len() {
                OPEN_CLASS
            } else {
                5
            };
            let sum: f64 = (0..ages)
                .map(|year| self.at((5 * class + year) as f64 + 0.5, shift))
                .sum();
            *mean = sum / ages as f64;
        }
        means
    }

    fn at(&self, age: f64, shift: f64) -> f64 {
        if age < self.from || age >= self.to {
            return 0.0;
        }
        let as_if = if age > HEALTH_FROM {
            (age - shift).max(HEALTH_FROM)
        } else {
            age
        };
        (self.steepness * (as_if - self.rises_from).max(0.0) / 10.0).exp()
    }

    /// Use by the people of one time, with use above 55 put off, over that of another without.
    pub fn growth(&self, now: &Persons, then: &Persons, shift: f64) -> f64 {
        used(&self.by_class(shift), then) / used(&self.by_class(0.0), now)
    }

    /// The profile with the steepness that gives this growth; `None` if there is none.
    pub fn solved(self, now: &Persons, then: &Persons, growth: f64) -> Option<Profile> {
        let with = |steepness| Profile { steepness, ..self };
        let found = bisect(-STEEPEST, STEEPEST, |steepness| {
            with(steepness).growth(now, then, 0.0) - growth
        })?;
        Some(with(found))
    }

    /// The years of putting off that give this growth; `None` if there are none.
    pub fn solved_shift(&self, now: &Persons, then: &Persons, growth: f64) -> Option<f64> {
        bisect(-LONGEST, LONGEST, |shift| {
            self.growth(now, then, shift) - growth
        })
    }
}

/// Use by these people in all.
pub fn used(by_class: &Persons, people: &Persons) -> f64 {
    by_class.iter().zip(people).map(|(u, n)| u * n).sum()
}

/// Where a function that goes one way crosses zero; `None` if the ends have the same sign.
fn bisect(mut low: f64, mut high: f64, of: impl Fn(f64) -> f64) -> Option<f64> {
    let sign = of(low).signum();
    if sign == of(high).signum() {
        return None;
    }
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if of(middle).signum() == sign {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(0.5 * (low + high))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ageing() -> (Persons, Persons) {
        let now = [100.0; 19];
        let mut then = now;
        (0..19).for_each(|class| then[class] += 5.0 * class as f64);
        (now, then)
    }

    const LEVEL: Profile = Profile {
        from: 0.0,
        to: 120.0,
        rises_from: 50.0,
        steepness: 0.0,
    };

    #[test]
    fn a_level_profile_grows_as_the_people_do() {
        let (now, then) = ageing();
        let all = then.iter().sum::<f64>() / now.iter().sum::<f64>();
        assert!((LEVEL.growth(&now, &then, 0.0) - all).abs() < 1e-12);
    }

    #[test]
    fn the_steepness_solved_gives_the_growth_asked_for() {
        let (now, then) = ageing();
        let solved = LEVEL.solved(&now, &then, 1.65).unwrap();
        assert!(solved.steepness > 0.0);
        assert!((solved.growth(&now, &then, 0.0) - 1.65).abs() < 1e-9);
        let shift = solved.solved_shift(&now, &then, 1.5).unwrap();
        assert!(shift > 0.0, "better health lowers use");
        assert!((solved.growth(&now, &then, shift) - 1.5).abs() < 1e-9);
    }

    #[test]
    fn growth_beyond_that_of_any_age_has_no_profile() {
        let (now, then) = ageing();
        assert_eq!(LEVEL.solved(&now, &then, 5.0), None);
    }

    #[test]
    fn nobody_uses_a_service_outside_its_ages() {
        let school = Profile {
            from: 5.0,
            to: 15.0,
            ..LEVEL
        };
        let by_class = school.by_class(0.0);
        assert_eq!(by_class[..4], [0.0, 1.0, 1.0, 0.0]);
    }
}
