//! Study progress, dropout and graduation (studieprogresjon, frafall, fullføring).
//!
//! A student gives up with a constant yearly probability that leads to the programme's completion
//! share; ends on time or a year later; and then holds the programme's grade. Newcomers who give
//! up leave the model; people who studied beside a job keep it.
//!
//! Completion by programme is not published as such; it rests on places against graduates
//! (nou_education_0080 against nou_education_0472) and is grade C or D.
//!
//! State touched: programme, grade, clocks of grade and qualifying; then the first job.

use super::first_job;
use super::life::{Exit, Turn, Witness};
use super::predictor::{Expit, logit};
use crate::dice::Decision;
use crate::dice::sample::{probability, threshold};
use crate::parameters::ModelData;
use crate::parameters::policy::Transition;
use crate::words::{Problem, Status};

/// Compiled programmes.
#[derive(Clone, Debug)]
pub struct Study {
    programmes: Vec<Course>,
}

#[derive(Clone, Debug)]
struct Course {
    years: u8,
    /// Threshold of giving up in a year.
    dropout: u32,
    /// Threshold of needing a year more at the end.
    delay: u32,
    grade: u8,
    beside_job: bool,
}

impl Study {
    /// For the quick test, by programme plus one: its years, and the largest threshold of giving
    /// up in a year when policies add at most so many steps of log-odds.
    pub fn bounds(&self, expit: &Expit, most: i32) -> Vec<(u8, u32)> {
        let bound = |course: &Course| match most {
            0 => course.dropout,
            most => expit
                .threshold(logit(probability(course.dropout)) + most)
                .max(course.dropout),
        };
        // Programme 0 is none.
        let none = std::iter::once((0, 0));
        let courses = self.programmes.iter();
        none.chain(courses.map(|course| (course.years, bound(course))))
            .collect()
    }
}

/// Years after the end on time when everybody still studying is let through.
const LONGEST_DELAY: u8 = 2;

/// Compiles the step.
///
/// # Errors
/// A [`Problem`] if a parameter is missing.
pub fn compile(data: &ModelData) -> Result<Study, Problem> {
    let p = &data.parameters;
    let programmes = data
        .classification
        .programmes
        .iter()
        .map(|programme| {
            let id = programme.id.as_str();
            let completion = p.value("study.completion", &[id])?;
            Ok(Course {
                years: programme.years,
                dropout: threshold(1.0 - completion.powf(1.0 / f64::from(programme.years.max(1)))),
                delay: threshold(1.0 - p.value("study.on_time_share", &[id])?),
                grade: programme.grade as u8,
                beside_job: programme.beside_job,
            })
        })
        .collect::<Result<_, Problem>>()?;
    Ok(Study { programmes })
}

/// Step 3: whoever studies goes on, gives up, or qualifies.
#[inline(always)]
pub fn apply<W: Witness>(turn: &mut Turn<'_, W>) {
    if turn.person.programme == 0 {
        return;
    }
    let rules = turn.rules;
    let course = &rules.study.programmes[usize::from(turn.person.programme - 1)];
    let studied = turn.now().saturating_sub(turn.person.study_since);
    // The chance to give up applies in each of the programme's years, not in a delayed one.
    let dropout = match turn.policy(Transition::Dropout) {
        0 => course.dropout,
        more => rules
            .expit
            .threshold(logit(probability(course.dropout)) + more),
    };
    if studied <= course.years && turn.decide(Decision::Dropout, dropout) {
        give_up(turn);
        return;
    }
    if studied < course.years {
        return;
    }
    if studied < course.years + LONGEST_DELAY && turn.decide(Decision::Delay, course.delay) {
        return;
    }
    qualify(turn, course);
}

fn give_up<W: Witness>(turn: &mut Turn<'_, W>) {
    turn.person.programme = 0;
    if turn.person.status != Status::Education {
        return;
    }
    if usize::from(turn.person.grade) >= turn.rules.lookup.grades {
        turn.end(Exit::Dropout);
    } else {
        turn.become_status(Status::OutsideWork);
    }
}

fn qualify<W: Witness>(turn: &mut Turn<'_, W>, course: &Course) {
    turn.touched = true;
    let lookup = &turn.rules.lookup;
    let new = lookup.profession[usize::from(course.grade)]
        != lookup.profession[usize::from(turn.person.grade)];
    turn.person.programme = 0;
    turn.person.grade = course.grade;
    turn.person.grade_since = turn.now();
    if new {
        // Newcomers have their zone of study from admission; others study where they live.
        if turn.person.qualified != turn.person.study_since {
            turn.person.study_zone = turn.person.zone;
        }
        turn.qualified = true;
        turn.person.qualified = turn.now();
    }
    // Policies for those who hold the new grade, besides those for its students.
    turn.witness.qualified(turn.person);
    let when = (turn.key, turn.year);
    let (policies, lookup) = (&turn.rules.policies, &turn.rules.lookup);
    turn.standing = turn.standing.renewed(policies, lookup, turn.person, when);
    turn.scene = super::predictor::Scene::of(turn.person, turn.year, &turn.rules.lookup);
    if turn.person.status == Status::Education {
        first_job::take(turn, first_job::From::Study);
    } else if new && course.beside_job && turn.person.status == Status::Working {
        first_job::take(turn, first_job::From::BesideJob);
    }
}
