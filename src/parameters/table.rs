//! The table of all parameters: reading, checking, looking up.

use super::value::{Distribution, EvidenceGrade, Parameter, Shape, UNITS, range_of_unit};
use crate::evidence::{DataFolder, Facts};
use crate::words::Problem;
use crate::words::problem::{Lines, line_of, nearest};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use toml::Spanned;

/// All parameters of a data folder, by full name.
#[derive(Debug, Default)]
pub struct Parameters {
    entries: BTreeMap<String, Parameter>,
    folder: Option<DataFolder>,
    /// What each file says it is about, by its name without the ending.
    about: BTreeMap<String, String>,
    /// Names that some process has asked for; what answers no request is a misspelling.
    asked: Mutex<BTreeSet<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    about: Option<String>,
    parameter: Vec<RawParameter>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawParameter {
    name: Spanned<String>,
    #[serde(default)]
    of: Vec<String>,
    value: Spanned<f64>,
    distribution: Distribution,
    unit: Spanned<String>,
    facts: Spanned<Vec<String>>,
    grade: EvidenceGrade,
    reasoning: Spanned<String>,
}

impl Clone for Parameters {
    /// A copy that has been asked for nothing yet.
    fn clone(&self) -> Parameters {
        Parameters {
            entries: self.entries.clone(),
            folder: self.folder.clone(),
            about: self.about.clone(),
            asked: Mutex::default(),
        }
    }
}

/// Most keys a parameter can have.
const MOST_KEYS: usize = 3;

/// The full name of a parameter with keys: `file.name[key,key]`.
pub fn full_name(name: &str, of: &[&str]) -> String {
    if of.is_empty() {
        name.to_string()
    } else {
        format!("{name}[{}]", of.join(","))
    }
}

impl Parameters {
    /// Reads every file in `parameters/` and checks each entry on its own.
    ///
    /// # Errors
    /// The first [`Problem`]: syntax, unknown key or unit, a value outside its unit's range,
    /// ends that do not enclose the value, an unknown fact, a missing reason, a repeated name.
    pub fn read(folder: &DataFolder, facts: &Facts) -> Result<Parameters, Problem> {
        let (parameters, found) = Parameters::read_whole(folder, facts);
        found.into_iter().next().map_or(Ok(parameters), Err)
    }

    /// The same with every complaint; of a file with broken syntax, the first.
    pub fn read_whole(folder: &DataFolder, facts: &Facts) -> (Parameters, Vec<Problem>) {
        let mut parameters = Parameters {
            folder: Some(folder.clone()),
            ..Parameters::default()
        };
        let paths = match folder.list("parameters", ".toml") {
            Ok(paths) => paths,
            Err(problem) => return (parameters, vec![problem]),
        };
        let mut found = Vec::new();
        for path in paths {
            let file = folder.name(&path);
            let name = path.trim_start_matches("parameters/");
            let stem = name.trim_end_matches(".toml");
            let read = folder
                .read(&path)
                .and_then(|text| match toml::from_str::<RawFile>(&text) {
                    Ok(raw) => Ok((text, raw)),
                    Err(error) => Err(toml_problem(&file, &text, &error)),
                });
            let (text, raw) = match read {
                Ok(read) => read,
                Err(problem) => {
                    found.push(problem);
                    continue;
                }
            };
            let about = raw.about.unwrap_or_default();
            parameters.about.insert(stem.to_string(), about);
            let mut lines = Lines::new(&text);
            for entry in raw.parameter {
                let own = check(entry, Some(stem), (&file, &mut lines), facts, folder);
                let added = own.and_then(|own| add_once(&mut parameters.entries, own));
                found.extend(added.err());
            }
        }
        (parameters, found)
    }

    /// Lays the entries of another file over these: each replaces the one of its name and keys, or
    /// is added to them. Names are written in full, with the file's: `position.mean`.
    ///
    /// Where an entry of several keys is laid over, those with fewer `*` still come first.
    ///
    /// # Errors
    /// A [`Problem`] as for [`Parameters::read`], or if a name does not say its file.
    pub fn overlay(
        &mut self,
        text: &str,
        file: &str,
        facts: &Facts,
        folder: &DataFolder,
    ) -> Result<(), Problem> {
        let raw: RawFile =
            toml::from_str(text).map_err(|error| toml_problem(file, text, &error))?;
        let (mut over, mut lines) = (BTreeMap::new(), Lines::new(text));
        for entry in raw.parameter {
            let own = check(entry, None, (file, &mut lines), facts, folder)?;
            add_once(&mut over, own)?;
        }
        self.entries.extend(over);
        Ok(())
    }

    /// A parameter by name and keys; a key may be answered by an entry with `*` in its place,
    /// the most specific entry first.
    ///
    /// # Errors
    /// A [`Problem`] if there is none.
    pub fn find(&self, name: &str, of: &[&str]) -> Result<&Parameter, Problem> {
        self.find_optional(name, of)
            .ok_or_else(|| self.missing(name, of))
    }

    /// The complaint about a parameter that is not there: at its likely misspelling if there is
    /// one, else about its file, which may be missing as a whole.
    fn missing(&self, name: &str, of: &[&str]) -> Problem {
        let full = full_name(name, of);
        let stem = name.split('.').next().unwrap_or_default();
        let path = format!("parameters/{stem}.toml");
        let file = self
            .folder
            .as_ref()
            .map_or(path.clone(), |folder| folder.name(&path));
        let prefix = format!("{stem}.");
        let inside: Vec<&Parameter> = self
            .entries
            .values()
            .filter(|p| p.name.starts_with(&prefix))
            .collect();
        if inside.is_empty() {
            return Problem::in_file(&file, "the file is missing, or has no parameters")
                .about("name", full)
                .mend("start from a full folder: stabil data export DIR");
        }
        let problem =
            Problem::in_file(&file, "the parameter is missing").about("name", full.clone());
        match nearest(&full, inside.iter().map(|p| p.name.as_str())) {
            Some(likely) => {
                let line = inside
                    .iter()
                    .find(|p| p.name == likely)
                    .map_or(0, |p| p.origin.1);
                problem
                    .at(line)
                    .mend(format!("the nearest one there is \"{likely}\""))
            }
            None => problem.mend("add it, with value, distribution, unit, facts, grade, reasoning"),
        }
    }

    /// Like [`Parameters::find`], for parameters that need not be there.
    pub fn find_optional(&self, name: &str, of: &[&str]) -> Option<&Parameter> {
        debug_assert!(of.len() <= MOST_KEYS);
        let keys = of.len().min(MOST_KEYS);
        let request = full_name(name, of);
        // Most requests are for effects that nobody gives: no names are put together for those.
        let mut near = self.entries.range(name.to_string()..);
        let is_given = near
            .next()
            .is_some_and(|(entry, _)| entry.starts_with(name));
        if let Ok(mut asked) = self.asked.lock() {
            asked.insert(request);
        }
        if !is_given {
            return None;
        }
        let mut patterns: Vec<u32> = (0..1u32 << keys).collect();
        patterns.sort_by_key(|stars| stars.count_ones());
        patterns.into_iter().find_map(|stars| {
            let keys: Vec<&str> = of
                .iter()
                .enumerate()
                .map(|(i, key)| if stars >> i & 1 == 1 { "*" } else { key })
                .collect();
            self.entries.get(&full_name(name, &keys))
        })
    }

    /// The value of a parameter, as [`Parameters::find`].
    ///
    /// # Errors
    /// A [`Problem`] if it is missing.
    pub fn value(&self, name: &str, of: &[&str]) -> Result<f64, Problem> {
        self.find(name, of).map(|parameter| parameter.value)
    }

    /// The value, or 0 (no effect) where none is given for these keys.
    pub fn effect(&self, name: &str, of: &[&str]) -> f64 {
        self.find_optional(name, of)
            .map_or(0.0, |parameter| parameter.value)
    }

    /// The natural logarithm of a ratio, or 0 (no effect) where none is given for these keys.
    pub fn log_ratio(&self, name: &str, of: &[&str]) -> f64 {
        self.find_optional(name, of)
            .map_or(0.0, |parameter| parameter.value.ln())
    }

    /// Gives a parameter another value, by its full name as [`full_name`] writes it; tells whether
    /// there is such a parameter.
    pub fn replace(&mut self, name: &str, value: f64) -> bool {
        let entry = self.entries.get_mut(name);
        entry.map(|parameter| parameter.value = value).is_some()
    }

    /// The entry of this full name, as [`full_name`] writes it.
    pub fn named(&self, name: &str) -> Option<&Parameter> {
        self.entries.get(name)
    }

    /// All parameters in the order of their names.
    pub fn all(&self) -> impl Iterator<Item = &Parameter> {
        self.entries.values()
    }

    /// The files, by name without the ending, with what each says it is about; may be empty.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        let files = self.about.iter();
        files.map(|(file, about)| (file.as_str(), about.as_str()))
    }

    /// The parameters of a file, in the order of their names.
    pub fn of_file(&self, file: &str) -> impl Iterator<Item = &Parameter> {
        let prefix = format!("{file}.");
        let all = self.entries.values();
        all.filter(move |parameter| parameter.name.starts_with(&prefix))
    }

    /// Passes over a whole file, by its name without the ending: what it describes is left out of
    /// the data folder, so that its parameters are no misspellings though nothing uses them.
    pub fn pass_over(&self, file: &str) {
        let prefix = format!("{file}.");
        if let Ok(mut asked) = self.asked.lock() {
            let names = self.entries.keys().filter(|name| name.starts_with(&prefix));
            asked.extend(names.cloned());
        }
    }

    /// Complains about an entry that no process has asked for: a name nobody knows.
    ///
    /// Call it when everything has been compiled.
    ///
    /// # Errors
    /// A [`Problem`] at the first such entry, with the nearest known name.
    pub fn refuse_unknown(&self) -> Result<(), Problem> {
        let Ok(asked) = self.asked.lock() else {
            return Ok(());
        };
        // A fit builds thousands of models: only requests for the same thing are gone through.
        let answered = |entry: &str| {
            let Some((name, _)) = entry.split_once('[').filter(|_| entry.contains('*')) else {
                return false;
            };
            let same = |request: &&String| {
                let rest = request.strip_prefix(name);
                rest.is_some_and(|rest| rest.starts_with('['))
            };
            let from = format!("{name}[");
            let requests = asked.range(from..).take_while(same);
            requests.into_iter().any(|request| answers(entry, request))
        };
        let known = |name: &str| asked.contains(name) || answered(name);
        match self.entries.values().find(|p| !known(&p.name)) {
            None => Ok(()),
            Some(unknown) => Err(Problem::in_file(
                &unknown.origin.0,
                "no process uses a parameter of this name and keys",
            )
            .at(unknown.origin.1)
            .about("name", unknown.name.clone())
            .nearest(&unknown.name, asked.iter().map(String::as_str))),
        }
    }
}

/// Could an entry with `*` for some keys answer a request?
fn answers(entry: &str, request: &str) -> bool {
    fn parts(name: &str) -> Option<(&str, &str)> {
        name.strip_suffix(']')?.split_once('[')
    }
    match (parts(entry), parts(request)) {
        (Some((a, keys)), Some((b, asked))) if entry.contains('*') => {
            a == b
                && keys.split(',').count() == asked.split(',').count()
                && keys
                    .split(',')
                    .zip(asked.split(','))
                    .all(|(key, one)| key == "*" || key == one)
        }
        _ => false,
    }
}

/// A TOML error as a [`Problem`] with its line, and the key and value on it.
pub fn toml_problem(file: &str, text: &str, error: &toml::de::Error) -> Problem {
    let line = error.span().map_or(0, |span| line_of(text, span.start));
    let message = error
        .message()
        .trim()
        .replace("expected f64", "expected a number");
    let mut problem = Problem::in_file(file, message).at(line);
    let written = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    let Some((key, value)) = written.split_once('=').filter(|_| line > 0) else {
        return problem;
    };
    problem = problem.about(key.trim(), value.trim());
    let (whole, rest) = value.trim().split_once(',').unwrap_or_default();
    if whole.parse::<i64>().is_ok() && rest.starts_with(|c: char| c.is_ascii_digit()) {
        return problem.mend("write decimals with a point");
    }
    // "unknown field `x`, expected one of `a`, `b`": the names allowed stand between ticks.
    match problem.message.clone().split_once("expected") {
        Some((unknown, valid)) if unknown.starts_with("unknown") => {
            let wrong = unknown.split('`').nth(1).unwrap_or_default().to_string();
            let names: Vec<&str> = valid.split('`').skip(1).step_by(2).collect();
            problem.nearest(&wrong, names)
        }
        _ => problem,
    }
}

/// Adds a parameter that must not be there yet.
fn add_once(
    entries: &mut BTreeMap<String, Parameter>,
    parameter: Parameter,
) -> Result<(), Problem> {
    let name = parameter.name.clone();
    let Some(first) = entries.get(&name) else {
        entries.insert(name, parameter);
        return Ok(());
    };
    let already = format!(
        "the parameter is already given in {}, line {}",
        first.origin.0, first.origin.1
    );
    Err(Problem::in_file(&parameter.origin.0, already)
        .at(parameter.origin.1)
        .about("name", name)
        .mend("delete one of the two"))
}

/// Checks an entry on its own. `stem` is what its name begins with, if the file says it.
fn check(
    raw: RawParameter,
    stem: Option<&str>,
    (file, lines): (&str, &mut Lines<'_>),
    facts: &Facts,
    folder: &DataFolder,
) -> Result<Parameter, Problem> {
    let line = lines.line_of(raw.name.span().start);
    let lines = *lines;
    let keys: Vec<&str> = raw.of.iter().map(String::as_str).collect();
    let written = raw.name.get_ref();
    let whole = match (stem, written.split_once('.')) {
        (Some(stem), _) => format!("{stem}.{written}"),
        (None, Some((stem, name))) if !stem.is_empty() && !name.is_empty() => written.clone(),
        (None, _) => {
            let message = "the name does not say whose file the parameter belongs to";
            return Err(Problem::in_file(file, message)
                .at(line)
                .about("name", written.clone())
                .mend("write it in full, e.g. base_population.supply_fte"));
        }
    };
    let name = full_name(&whole, &keys);
    let value = *raw.value.get_ref();
    let unit = raw.unit.get_ref().as_str();
    let problem = |message: String, at: usize| {
        let mut lines = lines;
        Problem::in_file(file, format!("{name}: {message}")).at(lines.line_of(at))
    };
    let Some((least, most, allowed)) = range_of_unit(unit) else {
        return Err(problem("unknown unit".into(), raw.unit.span().start)
            .about("unit", unit)
            .nearest(unit, UNITS));
    };
    if !(least..=most).contains(&value) {
        return Err(problem(
            format!("a {unit} must be {allowed}"),
            raw.value.span().start,
        )
        .about("value", value.to_string()));
    }
    let Distribution { shape, low, high } = raw.distribution;
    match (shape, low, high) {
        (Shape::Fixed, None, None) => {}
        (Shape::Fixed, ..) => {
            return Err(problem(
                "a fixed value has no low and high".into(),
                raw.name.span().start,
            )
            .about("distribution", "fixed"));
        }
        (_, Some(low), Some(high)) if low <= value && value <= high && low < high => {
            if low < least || high > most {
                return Err(
                    problem(format!("a {unit} must be {allowed}"), raw.name.span().start)
                        .about("distribution", format!("{low} to {high}")),
                );
            }
        }
        (_, Some(low), Some(high)) => {
            return Err(problem(
                "low < high must enclose the value".into(),
                raw.name.span().start,
            )
            .about("distribution", format!("{low} to {high}, value {value}")));
        }
        _ => {
            return Err(
                problem("low and high are missing".into(), raw.name.span().start)
                    .about("distribution", format!("{shape:?}")),
            );
        }
    }
    for fact in raw.facts.get_ref() {
        let known = match fact.strip_prefix("external:") {
            Some(rest) => folder.has(&format!(
                "external/{}",
                rest.split('#').next().unwrap_or(rest)
            )),
            None => facts.get(fact).is_some(),
        };
        if !known && fact.starts_with("external:") {
            let message = "the table is not in the data folder".to_string();
            return Err(problem(message, raw.facts.span().start)
                .about("facts", fact.clone())
                .mend("put it into external/, or cite another"));
        }
        if !known {
            return Err(problem("unknown fact".into(), raw.facts.span().start)
                .about("facts", fact.clone())
                .nearest(fact, facts.ids()));
        }
    }
    if raw.facts.get_ref().is_empty() && raw.grade != EvidenceGrade::D {
        return Err(problem(
            "without facts the grade is D".into(),
            raw.facts.span().start,
        )
        .about("grade", format!("{:?}", raw.grade)));
    }
    if raw.reasoning.get_ref().trim().len() < 20 {
        return Err(
            problem("say why, in a sentence".into(), raw.reasoning.span().start)
                .about("reasoning", raw.reasoning.get_ref().clone()),
        );
    }
    Ok(Parameter {
        name,
        value,
        distribution: raw.distribution,
        unit: unit.to_string(),
        facts: raw.facts.into_inner(),
        grade: raw.grade,
        reasoning: raw.reasoning.into_inner(),
        origin: (file.to_string(), line),
    })
}
