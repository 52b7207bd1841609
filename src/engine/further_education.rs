//! Further education and the next grade (videreutdanning, spesialisering).
//!
//! A programme that admits people of a grade (care assistants to nursing associates, nurses to
//! specialist nurses, midwives, public health nurses) is begun with the yearly probability that
//! gives `further_education.starts[programme]` in the base population; graduates are observed
//! (nou_education_0280, nou_education_0364, nou_education_0376), starts follow from completion.
//! Steps of a ladder without a programme need time in the grade and then a yearly probability
//! (specialisation of physicians), or follow the sector (general practice).
//!
//! State touched: programme and its clock; grade and its clock; status, sector.

use super::life::{Turn, Witness};
use super::predictor::{IMPOSSIBLE, Predictor, Scene, logit};
use super::reference::Reference;
use super::rules::Rules;
use crate::dice::sample::{cumulative, threshold};
use crate::dice::{Decision, Key, pick};
use crate::parameters::policy::Transition;
use crate::parameters::{ModelData, StepKind};
use crate::population::Population;
use crate::population::columns::identity;
use crate::population::newcomers::FURTHER_STREAM;
use crate::words::{Problem, Sector, Status, Year, year_byte};

/// Compiled further education.
#[derive(Clone, Debug)]
pub struct FurtherEducation {
    /// Beginning a programme, or taking a timed step.
    pub advancing: Predictor,
    /// What a grade can advance to.
    ways: Vec<Way>,
}

/// What a grade can advance to.
#[derive(Clone, Debug, Default)]
struct Way {
    /// Programmes: number, years beside the job (or full-time), cumulative choice.
    programmes: Vec<(u8, bool)>,
    choice: Vec<u32>,
    /// Timed step: years needed, threshold of the step in a year, grades, cumulative choice.
    timed: Option<(u8, u32, Vec<u8>, Vec<u32>)>,
    /// Steps that follow the sector: into a grade held only in a sector, on working there
    /// (`Some`), or out of a grade held only in one, on working elsewhere (`None`).
    by_sector: Vec<(Option<Sector>, u8)>,
    /// The only sector the grade itself is held in.
    own_sector: Option<Sector>,
}

/// Compiles the step.
///
/// # Errors
/// A [`Problem`] if a parameter is missing.
pub fn compile(
    data: &ModelData,
    reference: &Reference,
    scale: f64,
) -> Result<FurtherEducation, Problem> {
    let p = &data.parameters;
    let lists = &data.classification;
    let mut advancing = Predictor::read(data, "further_education");
    let mut ways = vec![Way::default(); lists.grades.len()];
    for (grade, way) in ways.iter_mut().enumerate() {
        way.own_sector = lists.grades[grade].sector;
        let id = lists.grades[grade].id.as_str();
        let mut starts = Vec::new();
        for (number, programme) in lists.programmes.iter().enumerate() {
            if programme.admits.contains(&grade) {
                let all = p.value("further_education.starts", &[&programme.id])?;
                let share = p.value("further_education.admission_share", &[&programme.id, id])?;
                way.programmes.push((number as u8, programme.beside_job));
                starts.push(all * share * scale);
            }
        }
        way.choice = cumulative(&starts);
        for sector in Sector::ALL {
            meet_starts(
                &mut advancing,
                reference,
                lists.grades[grade].profession,
                grade,
                *sector,
                &starts,
            );
        }
    }
    for step in &lists.steps {
        let way = &mut ways[step.from];
        let id = lists.grades[step.from].id.as_str();
        match step.kind {
            StepKind::Queue => {}
            StepKind::Time => {
                let shares = step
                    .to
                    .iter()
                    .map(|to| p.value("further_education.step_share", &[id, &lists.grades[*to].id]))
                    .collect::<Result<Vec<f64>, Problem>>()?;
                let years = p.value("further_education.step_years", &[id])? as u8;
                let chance = threshold(p.value("further_education.step_probability", &[id])?);
                let to = step.to.iter().map(|g| *g as u8).collect();
                way.timed = Some((years, chance, to, cumulative(&shares)));
            }
            StepKind::Sector => {
                for to in &step.to {
                    way.by_sector.push((lists.grades[*to].sector, *to as u8));
                }
            }
        }
    }
    Ok(FurtherEducation { advancing, ways })
}

impl Way {
    /// The grade that working in a sector leads to, if another one.
    fn following(&self, here: Sector) -> Option<u8> {
        let applies = |sector: Option<Sector>| match (sector, self.own_sector) {
            (Some(sector), own) => sector == here && own != Some(here),
            (None, Some(own)) => own != here,
            (None, None) => false,
        };
        self.by_sector
            .iter()
            .find(|(sector, _)| applies(*sector))
            .map(|(_, grade)| *grade)
    }
}

impl FurtherEducation {
    /// The upper bound for a grade in top bytes: its timed step's, or that of beginning a
    /// programme (given); everything if the grade may have to follow the sector.
    pub fn bound(&self, grade: usize, sector: Sector, begin: u8) -> u8 {
        let way = &self.ways[grade];
        if way.following(sector).is_some() {
            return u8::MAX;
        }
        match &way.timed {
            Some((_, chance, ..)) => ((*chance >> 24) as u8).saturating_add(1),
            None if way.programmes.is_empty() => 0,
            None => begin,
        }
    }
}

/// Sets a grade's base so that the expected number beginning is the sum of `starts`, all sectors
/// together.
fn meet_starts(
    advancing: &mut Predictor,
    reference: &Reference,
    profession: usize,
    grade: usize,
    sector: Sector,
    starts: &[f64],
) {
    let wanted: f64 = starts.iter().sum();
    let mut holders = Vec::new();
    let mut number = 0.0;
    for s in Sector::ALL {
        let people = reference.of(profession, *s);
        let each = reference.count(profession, *s) / people.len().max(1) as f64;
        for (person, scene) in people {
            if usize::from(person.grade) == grade && person.status == Status::Working {
                number += each;
                if *s == sector {
                    holders.push((*person, *scene));
                }
            }
        }
    }
    let target = if number > 0.0 {
        (wanted / number).min(0.5)
    } else {
        0.0
    };
    if wanted <= 0.0 {
        advancing.add_base(grade, sector, IMPOSSIBLE);
    } else if holders.is_empty() {
        advancing.add_base(grade, sector, logit(target));
    } else {
        advancing.meet(&holders, &[grade], sector, target);
    }
}

/// Step 11: people at work may begin a programme or take the next grade.
#[inline(always)]
pub fn apply<W: Witness>(turn: &mut Turn<'_, W>) {
    let rules = turn.rules;
    let Some(way) = rules
        .further_education
        .ways
        .get(usize::from(turn.person.grade))
    else {
        return;
    };
    if turn.person.status != Status::Working || turn.person.programme != 0 {
        return;
    }
    if let Some(grade) = way.following(turn.person.sector) {
        set_grade(turn, grade);
        return;
    }
    if let Some((years, chance, to, choice)) = &way.timed {
        let held = turn.now().saturating_sub(turn.person.grade_since);
        if held >= *years && turn.decide(Decision::Advance, *chance) {
            let grade = to[turn.choose(Decision::Programme, choice)];
            set_grade(turn, grade);
            if let Some(sector) = rules.only_sector[usize::from(grade)]
                && sector != turn.person.sector
            {
                turn.person.sector = sector;
                turn.person.job_since = turn.now();
            }
        }
        return;
    }
    if way.programmes.is_empty()
        || !turn.decide_under(
            Decision::Advance,
            &rules.further_education.advancing,
            turn.policy(Transition::FurtherEducation),
        )
    {
        return;
    }
    let (programme, beside_job) = way.programmes[turn.choose(Decision::Programme, &way.choice)];
    turn.person.programme = programme + 1;
    turn.person.study_since = turn.now();
    if !beside_job {
        turn.become_status(Status::Education);
    }
}

/// Puts those into a programme who, by the same probabilities, began one in the years before the
/// base year and are still in it, so that the first years have graduates. `stay` gives each
/// programme's length, the yearly probability of staying in it, and the share of completers who
/// take a year longer.
pub fn begin_under_way(
    rules: &Rules,
    population: &mut Population,
    key: Key,
    base_year: Year,
    stay: impl Fn(usize) -> (u8, f64, f64),
) {
    let mut full_time = 0;
    for slot in 0..population.len() {
        let mut person = population.get(slot);
        let Some(way) = rules.further_education.ways.get(usize::from(person.grade)) else {
            continue;
        };
        if way.programmes.is_empty() || person.status != Status::Working || person.programme != 0 {
            continue;
        }
        let scene = Scene::of(&person, base_year + 1, &rules.lookup);
        let chance = rules
            .expit
            .threshold(rules.further_education.advancing.eta(&person, &scene));
        for ago in 0..=LONGEST_PROGRAMME {
            let began = base_year - u16::from(ago);
            let word =
                |decision: Decision| decision.anchor().turn(key.word(decision, person.id, began));
            let choice = pick(&way.choice, word(Decision::Programme));
            let (programme, beside_job) = way.programmes[choice];
            let (years, yearly, late) = stay(usize::from(programme));
            // Those of the cohort due this year who take a year longer are still in it.
            let delayed = if ago == years { late } else { 1.0 };
            let stayed = threshold(yearly.powi(i32::from(ago)) * delayed);
            if ago > years || word(Decision::Advance) >= chance || word(Decision::Delay) >= stayed {
                continue;
            }
            person.programme = programme + 1;
            person.study_since = year_byte(began);
            if beside_job {
                population.set(slot, &person);
            } else {
                // The base year's jobs are those held: who studies full-time comes on top.
                person.id = identity(FURTHER_STREAM, base_year, full_time);
                full_time += 1;
                person.status = Status::Education;
                person.status_since = person.study_since;
                population.add(&person);
            }
            break;
        }
    }
}

/// Longest programme for people at work, in years.
const LONGEST_PROGRAMME: u8 = 6;

fn set_grade<W: Witness>(turn: &mut Turn<'_, W>, grade: u8) {
    turn.touched = true;
    turn.person.grade = grade;
    turn.person.grade_since = turn.now();
}
