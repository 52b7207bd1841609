//! Free parameters (frie parametre): the directions in which the parameters are uncertain.
//!
//! One free parameter moves one parameter, or several together, along their distributions by a
//! normal score: 0 is the central value of each, +-1.96 are its ends. Before anything is fitted
//! all scores are independent and standard normal, so that a point in the space of scores stands
//! for a value of every uncertain parameter at once.

use super::table::{Parameters, toml_problem};
use super::value::{Parameter, Shape};
use crate::evidence::DataFolder;
use crate::words::Problem;
use crate::words::problem::line_of;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// The file, at the top of the data folder.
pub const FILE: &str = "free_parameters.toml";

/// One direction.
#[derive(Clone, Debug, PartialEq)]
pub struct FreeParameter {
    /// Name: that of the parameter it moves, or of the group.
    pub name: String,
    /// Full names of the parameters that it moves, and whether against the score.
    pub moves: Vec<(String, bool)>,
    /// Why these move together (or alone).
    pub reasoning: String,
}

/// All directions, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FreeParameters {
    /// The directions.
    pub all: Vec<FreeParameter>,
    /// Uncertain parameters that are held at their values, with the reason.
    pub held: Vec<(String, String)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[allow(dead_code)]
    about: Option<String>,
    #[serde(default)]
    free: Vec<RawFree>,
    #[serde(default)]
    held: Vec<RawHeld>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFree {
    name: Spanned<String>,
    moves: Spanned<Vec<String>>,
    by: By,
    reasoning: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawHeld {
    parameters: Spanned<Vec<String>>,
    reasoning: String,
}

/// How the parameters that the patterns name are divided into directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum By {
    /// All together.
    Together,
    /// Each by itself.
    Entry,
    /// Together where the first key is the same.
    FirstKey,
    /// Together where the second key is the same.
    SecondKey,
}

impl FreeParameters {
    /// Reads the file; none if the data folder has no such file.
    ///
    /// # Errors
    /// A [`Problem`] for a pattern that no uncertain parameter answers, a parameter named twice,
    /// or an uncertain parameter that no entry names.
    pub fn read(folder: &DataFolder, parameters: &Parameters) -> Result<FreeParameters, Problem> {
        FreeParameters::read_for(folder, parameters, true)
    }

    /// The same for a run on values fitted before: parameters may have come or gone since, and a
    /// run has its own complaints about those it misses.
    ///
    /// # Errors
    /// A [`Problem`] for a file that cannot be read, or a parameter named twice.
    pub fn read_for_run(
        folder: &DataFolder,
        parameters: &Parameters,
    ) -> Result<FreeParameters, Problem> {
        FreeParameters::read_for(folder, parameters, false)
    }

    fn read_for(
        folder: &DataFolder,
        parameters: &Parameters,
        whole: bool,
    ) -> Result<FreeParameters, Problem> {
        if !folder.has(FILE) {
            return Ok(FreeParameters::default());
        }
        let (text, file) = (folder.read(FILE)?, folder.name(FILE));
        let raw: RawFile =
            toml::from_str(&text).map_err(|error| toml_problem(&file, &text, &error))?;
        let uncertain: Vec<&Parameter> = parameters
            .all()
            .filter(|p| p.distribution.shape != Shape::Fixed)
            .collect();
        // Who speaks for a parameter: entry number, for complaints about two of them.
        let mut spoken: BTreeMap<&str, usize> = BTreeMap::new();
        let mut found = FreeParameters::default();
        let mut claim = |pattern: &str, at: usize, entry: usize| {
            let own: Vec<&Parameter> = uncertain
                .iter()
                .filter(|p| matches(pattern, &p.name))
                .copied()
                .collect();
            let complaint = |message: String| {
                Problem::in_file(&file, message)
                    .at(line_of(&text, at))
                    .about("moves", pattern.to_string())
            };
            if own.is_empty() && whole {
                let names: Vec<&str> = parameters.all().map(|p| p.name.as_str()).collect();
                return Err(complaint("no uncertain parameter has such a name".into())
                    .nearest(pattern, names));
            }
            for parameter in &own {
                if spoken.insert(&parameter.name, entry).is_some() {
                    return Err(complaint(format!("{} is named twice", parameter.name))
                        .mend("let one entry name it"));
                }
            }
            Ok(own)
        };
        for (number, entry) in raw.free.iter().enumerate() {
            let mut groups: Vec<(String, Vec<(String, bool)>)> = Vec::new();
            for pattern in entry.moves.get_ref() {
                let against = pattern.starts_with('-');
                let plain = pattern.trim_start_matches('-');
                for parameter in claim(plain, entry.moves.span().start, number)? {
                    let name = match entry.by {
                        By::Together => entry.name.get_ref().clone(),
                        By::Entry => parameter.name.clone(),
                        By::FirstKey => keyed(entry.name.get_ref(), &parameter.name, 0),
                        By::SecondKey => keyed(entry.name.get_ref(), &parameter.name, 1),
                    };
                    let member = (parameter.name.clone(), against);
                    match groups.iter_mut().find(|(known, _)| *known == name) {
                        Some((_, members)) => members.push(member),
                        None => groups.push((name, vec![member])),
                    }
                }
            }
            for (name, moves) in groups {
                if found.all.iter().any(|other| other.name == name) {
                    return Err(Problem::in_file(&file, "the name is taken")
                        .at(line_of(&text, entry.name.span().start))
                        .about("name", name));
                }
                let reasoning = entry.reasoning.clone();
                found.all.push(FreeParameter {
                    name,
                    moves,
                    reasoning,
                });
            }
        }
        for entry in &raw.held {
            for pattern in entry.parameters.get_ref() {
                for parameter in claim(pattern, entry.parameters.span().start, usize::MAX)? {
                    let held = (parameter.name.clone(), entry.reasoning.clone());
                    found.held.push(held);
                }
            }
        }
        match uncertain
            .iter()
            .find(|p| !spoken.contains_key(p.name.as_str()))
        {
            None => Ok(found),
            Some(_) if !whole => Ok(found),
            Some(left) => Err(
                Problem::in_file(&file, "an uncertain parameter is not named")
                    .about("name", left.name.clone())
                    .mend("name it in an entry [[free]], or in [[held]] with the reason"),
            ),
        }
    }

    /// Number of directions.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The value that a parameter has at a score of the direction that moves it.
    fn value(parameters: &Parameters, member: &(String, bool), score: f64) -> Option<f64> {
        let score = if member.1 { -score } else { score };
        parameters.named(&member.0).map(|p| p.at(score))
    }

    /// Moves the parameters to a point: one score for each direction, in order.
    pub fn apply(&self, parameters: &mut Parameters, scores: &[f64]) {
        for (direction, score) in self.all.iter().zip(scores) {
            direction.apply(parameters, *score);
        }
    }
}

impl FreeParameter {
    /// Moves the parameters of this direction to a score.
    pub fn apply(&self, parameters: &mut Parameters, score: f64) {
        for member in &self.moves {
            if let Some(value) = FreeParameters::value(parameters, member, score) {
                parameters.replace(&member.0, value);
            }
        }
    }

    /// What a fit of this direction rests on: a hash of the members with their values and
    /// distributions. A fit made with other members or values does not hold for these.
    pub fn fingerprint(&self, parameters: &Parameters) -> String {
        let mut text = String::new();
        for (name, against) in &self.moves {
            if let Some(p) = parameters.named(name) {
                text += &format!("{name} {against} {} {:?}\n", p.value, p.distribution);
            }
        }
        blake3::hash(text.as_bytes()).to_hex()[..16].to_string()
    }
}

/// The name of a group by one key of a parameter's full name.
fn keyed(group: &str, name: &str, which: usize) -> String {
    let keys = name.split_once('[').map_or("", |(_, keys)| keys);
    let key = keys.trim_end_matches(']').split(',').nth(which);
    format!("{group}[{}]", key.unwrap_or_default())
}

/// Does a name answer a pattern, in which `*` stands for anything (a `*` in the name included)?
/// A pattern that begins with `=` is the name itself.
fn matches(pattern: &str, name: &str) -> bool {
    if let Some(exact) = pattern.strip_prefix('=') {
        return exact == name;
    }
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, middle)) = pieces.split_last() else {
        return rest.is_empty();
    };
    for piece in middle {
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::ModelData;

    #[test]
    fn patterns_name_parameters() {
        assert!(matches("a.b[*]", "a.b[nurse]") && matches("a.b[*]", "a.b[*]"));
        assert!(matches("a.*[nurse,*]", "a.long[nurse,hospital]"));
        assert!(matches("a.b", "a.b") && !matches("a.b", "a.bc"));
        assert!(!matches("a.b[*,rural]", "a.b[x,central]") && !matches("*z", "a.b"));
        assert!(matches("=a.b[*]", "a.b[*]") && !matches("=a.b[*]", "a.b[nurse]"));
        assert_eq!(keyed("g", "a.b[x,y]", 1), "g[y]");
    }

    #[test]
    fn the_embedded_directions_cover_every_uncertain_parameter_once() {
        let data = ModelData::read(DataFolder::Embedded, None).unwrap();
        let free = FreeParameters::read(&data.folder, &data.parameters).unwrap();
        let named: usize = free.all.iter().map(|f| f.moves.len()).sum();
        let uncertain = data
            .parameters
            .all()
            .filter(|p| p.distribution.shape != Shape::Fixed)
            .count();
        assert_eq!(named + free.held.len(), uncertain);
        assert!(free.all.iter().all(|f| f.reasoning.len() >= 20));
    }

    #[test]
    fn a_point_moves_its_parameters_and_zero_moves_nothing() {
        let data = ModelData::read(DataFolder::Embedded, None).unwrap();
        let free = FreeParameters::read(&data.folder, &data.parameters).unwrap();
        let mut moved = data.parameters.clone();
        free.apply(&mut moved, &vec![0.0; free.len()]);
        let values = |p: &Parameters| p.all().map(|p| p.value).collect::<Vec<f64>>();
        assert_eq!(values(&moved), values(&data.parameters));
        let mut scores = vec![0.0; free.len()];
        scores[0] = 1.0;
        free.apply(&mut moved, &scores);
        let changed = data
            .parameters
            .all()
            .filter(|p| moved.named(&p.name).map(|q| q.value) != Some(p.value));
        let changed: Vec<&str> = changed.map(|p| p.name.as_str()).collect();
        let meant: Vec<&str> = free.all[0].moves.iter().map(|m| m.0.as_str()).collect();
        assert!(!changed.is_empty() && changed.iter().all(|name| meant.contains(name)));
        let before = free.all[0].fingerprint(&data.parameters);
        assert_ne!(before, free.all[0].fingerprint(&moved));
    }
}
