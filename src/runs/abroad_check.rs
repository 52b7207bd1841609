//! People educated abroad against what is published: their share of those at work in the base
//! year, their share of new authorisations (autorisasjoner), and what a licence rule did to the
//! inflow of nursing associates.
//!
//! Evidence is every fact of the data folder with these quantities: `share_foreign_educated`, in
//! all sectors (policy_effects_0032, nou_workforce_0348) and among the newly authorised
//! (nou_education_0105 to nou_education_0108, nou_education_0111 to nou_education_0113),
//! `new_authorisations_foreign_educated` (nou_education_0104) and
//! `new_authorisations_non_eea_educated` (nou_education_0123, nou_education_0124).

use super::checks::Line;
use super::model::Model;
use crate::dice::Key;
use crate::engine::walk::Memory;
use crate::engine::{Change, Entry, Observer, Rules, inflow};
use crate::evidence::Fact;
use crate::parameters::Levers;
use crate::population::arrivals::{Arrivals, Source};
use crate::population::newcomers::{Intake, abroad_stream};
use crate::population::{Person, Population};
use crate::words::{Problem, Year};

/// How far the two published shares for physicians lie apart (nou_workforce_0347: just over 0.40,
/// policy_effects_0032: 0.437): definitions differ by that much.
const STOCK_TOLERANCE: f64 = 0.037;
/// Most shares are printed in whole per cent.
const ROUNDING: f64 = 0.005;
/// "Somewhat above" and yearly chance: what is accepted on a printed number by itself.
const SOMEWHAT: f64 = 0.1;

/// All lines: stock, authorisations, and the gate's history with the inflow's own engine.
///
/// # Errors
/// A [`Problem`] if a parameter is missing.
pub fn abroad(model: &Model) -> Result<Vec<Line>, Problem> {
    let mut lines = Vec::new();
    for (fact, evidence) in facts(model, "share_foreign_educated", "all") {
        if let Some(profession) = model.data.classification.profession(&fact.about[0]) {
            lines.push(stock(model, fact, profession, evidence));
        }
    }
    let schedule = Arrivals::compile(&model.data, model.base.year, &Levers::default())?;
    let intake = Intake::compile(&model.data, model.base.year, 1.0, &Levers::default())?;
    let authorised = |profession: Option<usize>, year: Year| -> Result<Spread, Problem> {
        let mut sum = Spread::default();
        let own = |source: &&Source| profession.is_none_or(|p| p == source.profession);
        for source in schedule.sources.iter().filter(own) {
            sum.add(&authorisations(model, &schedule, source, year)?);
        }
        Ok(sum)
    };
    for (fact, evidence) in facts(model, "share_foreign_educated", "education") {
        let Some((year, _)) = years(fact) else {
            continue;
        };
        let lists = &model.data.classification;
        let profession = match fact.about[0].as_str() {
            "all_health" => None,
            id => match lists.profession(id) {
                Some(profession) => Some(profession),
                None => continue,
            },
        };
        let foreign = authorised(profession, year)?;
        let at_home: f64 = (0..lists.professions.len())
            .filter(|number| profession.is_none_or(|p| p == *number))
            .map(|number| intake.graduates(number, year))
            .sum();
        let share = |persons: f64| persons / (persons + at_home).max(1e-9);
        let model_share = share(foreign.middle);
        let (low, high) = foreign.ends();
        lines.push(Line {
            margin: format!("foreign share of new authorisations, {year}"),
            cell: fact.about[0].clone(),
            model: model_share,
            evidence,
            tolerance: ROUNDING + (share(high) - model_share).max(model_share - share(low)),
        });
    }
    for (fact, evidence) in facts(model, "new_authorisations_foreign_educated", "education") {
        if let Some((year, _)) = years(fact) {
            let foreign = authorised(None, year)?;
            let (low, high) = foreign.ends();
            lines.push(Line {
                margin: format!("new authorisations on foreign education, {year}"),
                cell: fact.about[0].clone(),
                model: foreign.middle,
                evidence,
                tolerance: SOMEWHAT * evidence + (high - foreign.middle).max(foreign.middle - low),
            });
        }
    }
    gate_lines(model, &schedule, &mut lines)?;
    Ok(lines)
}

/// The facts on a quantity in a sector, with their values.
fn facts<'a>(
    model: &'a Model,
    quantity: &'a str,
    sector: &'a str,
) -> impl Iterator<Item = (&'a Fact, f64)> {
    let all = &model.data.facts;
    all.ids()
        .filter_map(|id| all.get(id))
        .filter(move |fact| fact.quantity == quantity && fact.about[1] == sector)
        .filter_map(|fact| fact.value.map(|value| (fact, value)))
}

/// First and last year of a fact, written `2021` or `2014-2017`.
fn years(fact: &Fact) -> Option<(Year, Year)> {
    let text = fact.about[5].as_str();
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    Some((first.parse().ok()?, last.parse().ok()?))
}

fn stock(model: &Model, fact: &Fact, profession: usize, evidence: f64) -> Line {
    let lookup = &model.rules.lookup.profession;
    let mut at_work = [0.0, 0.0];
    for person in model.base.population.people() {
        if person.status.is_employed()
            && usize::from(lookup[usize::from(person.grade)]) == profession
        {
            at_work[usize::from(person.country != 0)] += 1.0;
        }
    }
    Line {
        margin: format!("educated abroad, of those at work in {}", model.base.year),
        cell: fact.about[0].clone(),
        model: at_work[1] / (at_work[0] + at_work[1]),
        evidence,
        tolerance: STOCK_TOLERANCE + ROUNDING,
    }
}

/// A number of people with how far it may lie below and above.
#[derive(Clone, Copy, Debug, Default)]
struct Spread {
    middle: f64,
    /// Squares of what is independent from source to source.
    own: [f64; 2],
    /// By country group: the share that settles is one assumption for all professions.
    settling: [[f64; 2]; 8],
}

impl Spread {
    fn add(&mut self, other: &Spread) {
        self.middle += other.middle;
        for end in 0..2 {
            self.own[end] += other.own[end];
            for (sum, more) in self.settling.iter_mut().zip(other.settling) {
                sum[end] += more[end];
            }
        }
    }

    fn ends(&self) -> (f64, f64) {
        let reach = |end: usize| {
            let settling: f64 = self.settling.iter().map(|by| by[end] * by[end]).sum();
            (self.own[end] + settling).sqrt()
        };
        ((self.middle - reach(0)).max(0.0), self.middle + reach(1))
    }
}

/// The authorisations behind a source's arrivals in a year, with how far the parameters reach.
fn authorisations(
    model: &Model,
    schedule: &Arrivals,
    source: &Source,
    year: Year,
) -> Result<Spread, Problem> {
    let lists = &model.data.classification;
    let id = lists.professions[source.profession].id.as_str();
    let group = lists.country_groups[source.country].id.as_str();
    let p = &model.data.parameters;
    let middle = schedule.of_source(source, year) / source.settles;
    // Relative reach of each factor, independent of each other.
    let reach = |name: &str, of: &[&str], inverse: bool| -> Result<[f64; 2], Problem> {
        let parameter = p.find(name, of)?;
        let value = parameter.value.max(1e-9);
        let ends = [parameter.distribution.low, parameter.distribution.high];
        let [low, high] = ends.map(|end| end.map_or(1.0, |end| end.max(1e-9) / value));
        Ok(match inverse {
            true => [1.0 - 1.0 / high, 1.0 / low - 1.0],
            false => [1.0 - low, high - 1.0],
        })
    };
    let counted = p.find_optional("abroad.students", &[id]).is_some();
    let factors = if counted && source.grown_up_here {
        vec![
            reach("abroad.students", &[id], false)?,
            reach("abroad.study_years", &[id], true)?,
            reach("abroad.return_share", &[id], false)?,
        ]
    } else {
        vec![reach("abroad.arrivals", &[id, group], false)?]
    };
    let settles = reach("abroad.settle_share", &[id, group], true)?;
    let mut spread = Spread {
        middle,
        ..Spread::default()
    };
    for end in 0..2 {
        spread.own[end] = factors.iter().map(|f| (f[end] * middle).powi(2)).sum();
        spread.settling[source.country][end] = settles[end] * middle;
    }
    Ok(spread)
}

/// Counts those who come from abroad, by source.
struct Gatekeeper {
    streams: Vec<u64>,
    passed: f64,
}

impl Observer for Gatekeeper {
    fn entered(&mut self, person: &Person, entry: Entry, _: Year) {
        if entry == Entry::Abroad && self.streams.contains(&(person.id >> 48)) {
            self.passed += 1.0;
        }
    }

    fn changed(&mut self, _: &Change<'_>) {}
}

/// The inflow's own engine, run back over the years of a gate's history into an empty country, and
/// the same as if the gate had stayed as in the first year: what the rule kept out.
fn gate_lines(model: &Model, schedule: &Arrivals, lines: &mut Vec<Line>) -> Result<(), Problem> {
    let mut open = model.rules.clone();
    open.inflow = open.inflow.with_gates_as_first();
    let found: Vec<(&Fact, f64)> =
        facts(model, "new_authorisations_non_eea_educated", "education").collect();
    let before = found.first().map_or(0.0, |(_, evidence)| *evidence);
    for (fact, evidence) in found {
        let known = model.data.classification.profession(&fact.about[0]);
        let (Some(profession), Some((first, last))) = (known, years(fact)) else {
            continue;
        };
        let gated = |source: &&Source| source.gated && source.profession == profession;
        let sources: Vec<&Source> = schedule.sources.iter().filter(gated).collect();
        let mut reach = Spread::default();
        let mut settled = 0.0;
        for source in &sources {
            reach.add(&authorisations(model, schedule, source, first)?);
            settled += schedule.of_source(source, first);
        }
        // Those who settle, back to those authorised.
        let share = settled / reach.middle.max(1e-9);
        let a_year = |rules: &Rules| {
            let mut keeper = Gatekeeper {
                streams: sources
                    .iter()
                    .map(|s| u64::from(abroad_stream(s.profession, s.country)))
                    .collect(),
                passed: 0.0,
            };
            for year in first..=last {
                let mut nobody = Population::default();
                let mut memory = Memory::default();
                inflow::apply(
                    rules,
                    &mut nobody,
                    Key::new(1, 0),
                    year,
                    &mut memory,
                    &mut keeper,
                );
            }
            keeper.passed / f64::from(last - first + 1) / model.base.scale / share.max(1e-9)
        };
        let (low, high) = reach.ends();
        let width = (high - reach.middle).max(reach.middle - low) / reach.middle.max(1e-9);
        // Whole people: at small scales one more or less a source is much.
        let rounding = 0.5 * sources.len() as f64 / model.base.scale;
        let mut line = |margin: String, found: f64, evidence: f64| {
            lines.push(Line {
                margin,
                cell: fact.about[0].clone(),
                model: found,
                evidence,
                tolerance: (SOMEWHAT + width) * evidence + rounding,
            });
        };
        let span = format!("{first}-{last}");
        line(
            format!("authorised from outside the EEA a year, {span}"),
            a_year(&model.rules),
            evidence,
        );
        if evidence < before {
            line(
                format!("the same without the rule, {span}"),
                a_year(&open),
                before,
            );
        }
    }
    Ok(())
}
