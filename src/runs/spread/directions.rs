//! The free parameters of the draws, with what a reader needs to judge them: evidence grade, facts,
//! sources, reasoning.

use crate::parameters::free::FreeParameter;
use crate::parameters::{EvidenceGrade, ModelData, Parameter};
use crate::runs::calibrated::Fit;
use crate::runs::manual::Manual;
use nalgebra::DMatrix;
use std::collections::{BTreeMap, BTreeSet};

/// What stands for the source of parameters that rest on no fact.
pub const ASSUMED: &str = "assumed";

/// A free parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Direction {
    /// Its name.
    pub name: String,
    /// The weakest grade of the parameters that it moves.
    pub grade: EvidenceGrade,
    /// The facts and open tables that these rest on.
    pub facts: BTreeSet<String>,
    /// Where these come from: short names of sources, names of open tables, or [`ASSUMED`].
    pub sources: BTreeSet<String>,
    /// The files of parameters that it moves something of: the processes.
    pub processes: BTreeSet<String>,
    /// The reasoning of the first of the weakest parameters that it moves.
    pub reasoning: String,
}

/// The free parameters of the draws, and their scores.
#[derive(Clone, Debug, PartialEq)]
pub struct Directions {
    /// The free parameters, in the posterior's order.
    pub all: Vec<Direction>,
    /// Scores: draws in rows, free parameters in columns.
    pub scores: DMatrix<f64>,
}

impl Directions {
    /// The free parameters that the draws with these numbers (1 and the position in the posterior)
    /// move, or nothing without a posterior. Parameters set by hand are moved by none. The data are
    /// as they were read.
    pub fn of(data: &ModelData, fit: &Fit, numbers: &[u64]) -> Option<Directions> {
        let posterior = fit.posterior.as_ref()?;
        let moved = posterior.names.iter().enumerate().filter_map(|(at, name)| {
            let free = fit.free.all.iter().find(|free| free.name == *name)?;
            // Those that have changed since the fit are used as written, in all draws.
            let holds =
                posterior.fingerprints.get(name) == Some(&free.fingerprint(&data.parameters));
            Some((at, holds.then(|| Direction::of(free, data, &fit.manual))??))
        });
        let (places, all): (Vec<usize>, Vec<Direction>) = moved.unzip();
        let row = |number: &u64| {
            let position = usize::try_from(*number).ok()?.checked_sub(1)?;
            posterior.draws.get(position)
        };
        let rows: Option<Vec<&Vec<f32>>> = numbers.iter().map(row).collect();
        let rows = rows?;
        let scores = DMatrix::from_fn(rows.len(), places.len(), |draw, column| {
            f64::from(rows[draw][places[column]])
        });
        Some(Directions { all, scores })
    }

    /// The columns of groups of free parameters, by the group's name.
    pub fn groups<'a>(
        &'a self,
        of: impl Fn(&'a Direction) -> &'a BTreeSet<String>,
    ) -> BTreeMap<&'a str, Vec<usize>> {
        let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (column, direction) in self.all.iter().enumerate() {
            for group in of(direction) {
                groups.entry(group).or_default().push(column);
            }
        }
        groups
    }

    /// The scores of some columns.
    pub fn columns(&self, columns: &[usize]) -> DMatrix<f64> {
        self.scores.select_columns(columns)
    }
}

impl Direction {
    fn of(free: &FreeParameter, data: &ModelData, manual: &[Manual]) -> Option<Direction> {
        let is_fixed = |name: &String| manual.iter().any(|own| own.parameter == *name);
        let moved = free.moves.iter().filter(|(name, _)| !is_fixed(name));
        let moved: Vec<&Parameter> = moved
            .filter_map(|(name, _)| data.parameters.named(name))
            .collect();
        let grade = moved.iter().map(|own| own.grade).max()?;
        let weakest = moved.iter().find(|own| own.grade == grade)?;
        let facts: BTreeSet<String> = moved.iter().flat_map(|own| own.facts.clone()).collect();
        let source = |fact: &String| match data.facts.get(fact) {
            Some(fact) => fact.source.clone(),
            None => fact.clone(),
        };
        let mut sources: BTreeSet<String> = facts.iter().map(source).collect();
        if sources.is_empty() {
            sources.insert(ASSUMED.to_string());
        }
        let process = |own: &&Parameter| own.name.split('.').next().map(str::to_string);
        Some(Direction {
            name: free.name.clone(),
            grade,
            processes: moved.iter().filter_map(process).collect(),
            reasoning: weakest.reasoning.clone(),
            facts,
            sources,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::DataFolder;
    use crate::runs::calibrated::Values;

    #[test]
    fn the_embedded_posterior_has_graded_parameters_with_sources() {
        let data = ModelData::read(DataFolder::Embedded, None).unwrap();
        let fit = Fit::read(&data, Values::Calibrated).unwrap();
        let found = Directions::of(&data, &fit, &[3, 1]).unwrap();
        let posterior = fit.posterior.as_ref().unwrap();
        assert_eq!(found.scores.shape(), (2, found.all.len()));
        let first = posterior
            .names
            .iter()
            .position(|name| *name == found.all[0].name);
        let expected = f64::from(posterior.draws[2][first.unwrap()]);
        assert_eq!(found.scores[(0, 0)], expected);
        for own in &found.all {
            assert!(
                !own.processes.is_empty() && !own.reasoning.is_empty(),
                "{own:?}"
            );
            assert_eq!(own.facts.is_empty(), own.sources.contains(ASSUMED));
        }
        let groups = found.groups(|own| &own.processes);
        assert!(groups["leave_job"].len() > 10, "{groups:?}");
        // A parameter set by hand spreads no more, nor does what moves nothing else.
        let free = &fit.free.all;
        let alone = free.iter().find(|own| {
            own.moves.len() == 1 && found.all.iter().any(|other| other.name == own.name)
        });
        let alone = alone.unwrap();
        let own = Manual {
            parameter: alone.moves[0].0.clone(),
            value: 1.0,
            name: "Kari Nordmann".into(),
            date: "2026-05-17".into(),
            reason: "Local survey".into(),
        };
        let name = alone.name.clone();
        let fit = fit.with(&[own]);
        let fewer = Directions::of(&data, &fit, &[3, 1]).unwrap();
        assert_eq!(fewer.all.len() + 1, found.all.len());
        assert!(fewer.all.iter().all(|other| other.name != name));
        // No draw has the number 0, which is the centre's.
        assert!(Directions::of(&data, &fit, &[0]).is_none());
    }
}
