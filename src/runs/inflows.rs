//! Graduates against the observed series.

use super::checks::Line;
use super::model::Model;
use crate::dice::Key;
use crate::engine::Walk;
use crate::tallies::Flow;
use crate::tallies::flow::FLOWS;
use crate::tallies::ledger::Ledger;
use crate::words::{Problem, Year};

/// Years after the base year with observed graduates.
const YEARS: [Year; 2] = [1, 2];
/// Runs that the model's mean is taken over.
const SEEDS: u64 = 4;
/// Relative tolerance: the observed series itself varies this much from year to year.
const TOLERANCE: f64 = 0.05;
/// Standard errors of chance accepted on top (a false alarm in some 16,000 lines).
const STANDARD_ERRORS: f64 = 4.0;

/// Newly qualified people by profession in the first years after the base year, mean over seeds,
/// against the graduates observed in those two years together.
///
/// # Errors
/// A [`Problem`] if a parameter is missing.
pub fn graduates(model: &Model) -> Result<Vec<Line>, Problem> {
    let lists = &model.data.classification;
    let start = model.base.year;
    let professions = lists.professions.len();
    let mut found = vec![0.0; professions];
    for seed in 1..=SEEDS {
        let mut walk = Walk::new(&model.base.population, start, Key::new(seed, 0));
        let mut ledger = Ledger::open(
            &model.rules,
            model.data.zones.len(),
            &walk.population,
            start,
            YEARS.len(),
        );
        for after in YEARS {
            ledger.begin_year();
            walk.next(model.rules_in(start + after), &mut ledger);
            for cell in 0..ledger.flows.len() / FLOWS {
                let grade = cell / (ledger.flows.len() / FLOWS / ledger.grades);
                let profession = lists.profession_of(grade);
                if profession < professions {
                    found[profession] +=
                        f64::from(ledger.flows[cell * FLOWS + Flow::Qualified as usize]);
                }
            }
        }
    }
    let mut observed = vec![0.0; professions];
    for programme in &lists.programmes {
        let profession = lists.profession_of(programme.grade);
        for after in YEARS {
            let year = (start + after).to_string();
            let series = model
                .data
                .parameters
                .find_optional("study.graduates", &[&programme.id, &year]);
            observed[profession] += match series {
                Some(series) => series.value,
                // Programmes beside a job: those who start and complete.
                None if !programme.admits.is_empty()
                    && changes_profession(model, programme.grade, &programme.admits) =>
                {
                    let p = &model.data.parameters;
                    p.value("further_education.starts", &[&programme.id])?
                        * p.value("study.completion", &[&programme.id])?
                }
                None => 0.0,
            };
        }
    }
    Ok(lists
        .professions
        .iter()
        .enumerate()
        .filter(|(number, _)| observed[*number] > 0.0)
        .map(|(number, profession)| {
            let mean = found[number] / SEEDS as f64 / model.base.scale;
            let chance = (observed[number] / SEEDS as f64 / model.base.scale).sqrt();
            Line {
                margin: format!("newly qualified {}-{}", start + YEARS[0], start + YEARS[1]),
                cell: profession.id.clone(),
                model: mean,
                evidence: observed[number],
                tolerance: TOLERANCE * observed[number] + STANDARD_ERRORS * chance,
            }
        })
        .collect())
}

fn changes_profession(model: &Model, to: usize, from: &[usize]) -> bool {
    let lists = &model.data.classification;
    from.iter()
        .any(|grade| lists.profession_of(*grade) != lists.profession_of(to))
}
