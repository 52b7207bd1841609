//! A survey (måling) of simulated runs: what the model says where the targets say something.

use super::targets::{Change, Quantity, Target, Targets};
use super::traits::{Question, Watch};
use crate::dice::Key;
use crate::engine::Walk;
use crate::parameters::ModelData;
use crate::runs::Model;
use crate::tallies::{ALL, Breakdown, Plan, Questions};
use crate::words::{Problem, Year};

/// How to take the targets' values from a run.
#[derive(Clone, Debug)]
pub struct Survey {
    outputs: Plan,
    wants: Vec<Want>,
    base_year: Year,
    last_year: Year,
}

/// One target's way to its value.
#[derive(Clone, Debug)]
struct Want {
    top: Source,
    bottom: Option<Source>,
    years: Vec<Year>,
    change: Option<Change>,
}

#[derive(Clone, Debug)]
enum Source {
    /// Output cells, summed.
    Cells(Vec<usize>),
    /// A trait of people.
    Trait(Question),
}

impl Survey {
    /// The survey of these targets, for models of a scale that start in a base year.
    ///
    /// # Errors
    /// A [`Problem`] for a measure that is not given by the keys that a target names.
    pub fn new(
        data: &ModelData,
        targets: &Targets,
        base_year: Year,
        scale: f64,
    ) -> Result<Survey, Problem> {
        let quantities = targets
            .all
            .iter()
            .flat_map(|t| std::iter::once(&t.of).chain(&t.over));
        let mut breakdowns: Vec<Breakdown> = Vec::new();
        let mut measures: Vec<String> = Vec::new();
        for quantity in quantities {
            let breakdown = Breakdown::of_keys(&keys(quantity));
            if !breakdowns.contains(&breakdown) {
                breakdowns.push(breakdown);
            }
            measures.push(quantity.measure.clone());
        }
        measures.sort();
        measures.dedup();
        let last_year = targets.last_year().unwrap_or(base_year);
        let years = (base_year..=last_year).collect();
        let outputs = Plan::new(
            data,
            scale,
            &breakdowns,
            &measures,
            years,
            Questions::default(),
        );
        let wants = targets.all.iter().map(|target| {
            Ok(Want {
                top: match Question::of(target, data) {
                    Some(question) => Source::Trait(question),
                    None => cells(&outputs, &target.of, target, data)?,
                },
                bottom: target
                    .over
                    .as_ref()
                    .map(|over| cells(&outputs, over, target, data))
                    .transpose()?,
                years: target.years.clone(),
                change: target.change,
            })
        });
        Ok(Survey {
            wants: wants.collect::<Result<Vec<Want>, Problem>>()?,
            outputs,
            base_year,
            last_year,
        })
    }

    /// The last year that has to be simulated.
    pub fn last_year(&self) -> Year {
        self.last_year
    }

    /// Simulates a model from the base year under a key, and gives each target's value. Not a
    /// number where a target's denominator is zero.
    pub fn take(&self, model: &Model, key: Key, walk: &mut Walk) -> Vec<f64> {
        let years = usize::from(self.last_year - self.base_year);
        let zones = model.data.zones.len();
        walk.begin(&model.base.population, self.base_year, key);
        let mut watch = Watch::open(&model.rules, zones, &walk.population, self.base_year, years);
        let mut history = self.outputs.history();
        // By target: what its years have given so far.
        let mut found: Vec<Vec<f64>> = vec![Vec::new(); self.wants.len()];
        for year in self.base_year..=self.last_year {
            if year > self.base_year {
                watch.begin_year();
                walk.next(&model.rules, &mut watch);
                watch.ledger.end_year();
            }
            self.outputs.end_year(&watch.ledger, year, &mut history);
            let mut values = Vec::new();
            if self.wants.iter().any(|want| want.years.contains(&year)) {
                self.outputs
                    .fill(&watch.ledger, &history, year, &mut values);
            }
            let of = |source: &Source| match source {
                Source::Cells(cells) => cells.iter().map(|cell| values[*cell]).sum(),
                Source::Trait(question) => {
                    question.value(&walk.population, &watch, year, self.base_year)
                }
            };
            for (want, found) in self.wants.iter().zip(&mut found) {
                if want.years.contains(&year) {
                    let bottom: f64 = want.bottom.as_ref().map_or(1.0, &of);
                    found.push(of(&want.top) / bottom);
                }
            }
        }
        let value = |(want, found): (&Want, &Vec<f64>)| match want.change {
            None => found.iter().sum::<f64>() / found.len() as f64,
            Some(Change::Growth) => {
                let (first, last) = (found[0], found[found.len() - 1]);
                let span = want.years[want.years.len() - 1] - want.years[0];
                (last / first).powf(1.0 / f64::from(span)) - 1.0
            }
        };
        self.wants.iter().zip(&found).map(value).collect()
    }
}

/// The keys of the breakdown that a quantity is found in.
fn keys(of: &Quantity) -> Vec<String> {
    let sector = of.sector.is_some() || !of.sectors.is_empty();
    [
        ("profession", of.profession.is_some() || of.grade.is_some()),
        ("grade", of.grade.is_some()),
        ("sector", sector),
        ("zone", of.zone.is_some()),
    ]
    .into_iter()
    .filter(|(_, named)| *named)
    .map(|(key, _)| key.to_string())
    .collect()
}

fn cells(
    outputs: &Plan,
    of: &Quantity,
    target: &Target,
    data: &ModelData,
) -> Result<Source, Problem> {
    let lists = &data.classification;
    let or_all = |name: &Option<String>| name.clone().unwrap_or_else(|| ALL.to_string());
    let grade = or_all(&of.grade);
    let of_grade = lists.grades.iter().find(|own| own.id == grade);
    let profession = match of_grade {
        Some(own) => lists.professions[own.profession].id.clone(),
        None => or_all(&of.profession),
    };
    let mut sectors: Vec<String> = of.sectors.clone();
    sectors.extend(of.sector.clone());
    if sectors.is_empty() {
        sectors.push(ALL.to_string());
    }
    let zone = or_all(&of.zone);
    let find = |sector: &String| {
        let layout = &outputs.layout;
        layout
            .find(&of.measure, &profession, &grade, sector, &zone)
            .ok_or_else(|| {
                let cell = [&profession, &grade, sector, &zone]
                    .map(String::as_str)
                    .join(", ");
                Problem::in_file(
                    &data.folder.name(super::targets::FILE),
                    format!(
                        "target {}: the measure is not given for {cell}",
                        target.name
                    ),
                )
                .about("measure", of.measure.clone())
                .mend("stabil list measures tells where each is given")
            })
    };
    sectors
        .iter()
        .map(find)
        .collect::<Result<Vec<usize>, Problem>>()
        .map(Source::Cells)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibration::targets;
    use crate::evidence::DataFolder;

    /// The survey's values are those of the outputs.
    #[test]
    fn values_are_those_of_the_outputs() {
        let data = ModelData::read(DataFolder::Embedded, None).unwrap();
        let quantity = |measure: &str, sectors: &[&str]| Quantity {
            measure: measure.into(),
            profession: Some("nurse".into()),
            grade: None,
            sector: None,
            sectors: sectors.iter().map(|s| (*s).to_string()).collect(),
            zone: None,
        };
        let target = |of: Quantity, over: Option<Quantity>, years: &[Year], change| Target {
            name: "t".into(),
            of,
            over,
            years: years.to_vec(),
            change,
            ages: None,
            track: None,
            value: 1.0,
            bound: None,
            error: targets::Errors {
                sampling: 1.0,
                definition: 0.0,
                age: 0.0,
            },
            family: "stock".into(),
            used: targets::Use::Fit,
            facts: vec![],
            reasoning: String::new(),
        };
        let health = quantity("persons", &["municipal", "hospital", "other_health"]);
        let all = vec![
            target(
                quantity("turnover_municipal_narrow", &[]),
                None,
                &[2020, 2021],
                None,
            ),
            target(
                health.clone(),
                Some(quantity("persons", &[])),
                &[2021],
                None,
            ),
            target(health.clone(), None, &[2019, 2021], Some(Change::Growth)),
            target(health.clone(), None, &[2019], None),
            target(health, None, &[2021], None),
            target(quantity("share_55_plus", &[]), None, &[2021], None),
        ];
        let survey = Survey::new(&data, &Targets { all }, 2019, 0.02).unwrap();
        let model = Model::build_supply(data, 2019, 0.02).unwrap();
        let values = survey.take(&model, Key::new(1, 0), &mut Walk::default());
        assert!((0.05..0.3).contains(&values[0]), "{values:?}");
        assert!((0.5..0.95).contains(&values[1]), "{values:?}");
        let growth = (values[4] / values[3]).sqrt() - 1.0;
        assert!((values[2] - growth).abs() < 1e-12, "{values:?}");
        assert!((0.1..0.4).contains(&values[5]), "{values:?}");
        let other = survey.take(&model, Key::new(2, 0), &mut Walk::default());
        assert_ne!(values, other);
    }
}
