//! Targets (kalibreringsmål): facts that the model's outputs can be held against, each with the
//! error of the comparison, and whether it is fitted or kept back to validate.

use super::traits::Trait;
use crate::evidence::{DataFolder, Facts};
use crate::parameters::ModelData;
use crate::parameters::table::toml_problem;
use crate::tallies::footing::PLACE_IDS;
use crate::tallies::measures::MEASURES;
use crate::words::problem::line_of;
use crate::words::{Problem, Track, Year};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use toml::Spanned;

/// The file of the targets, at the top of the data folder.
pub const FILE: &str = "targets.toml";
/// Most years after the base year that a target can speak of.
const LONGEST: Year = 21;

/// What a target is for; settled before anything is fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Use {
    /// The parameters are fitted to it.
    Fit,
    /// Kept back, to try the fitted model on.
    Validate,
}

/// What a source gives if it does not give the value itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// "Over": the value is this or more.
    AtLeast,
    /// "Under": the value is this or less.
    AtMost,
}

/// How a target's value changes over its years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Mean yearly growth from the first year to the last: `(last / first)^(1 / years) - 1`.
    Growth,
}

/// Standard errors of a comparison, in the unit of the value.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Errors {
    /// Of the source's own sampling or rounding.
    pub sampling: f64,
    /// Of the difference between what the source and the model count.
    pub definition: f64,
    /// Of the time between the figure and the model's year.
    pub age: f64,
}

impl Errors {
    /// All three together.
    pub fn total(&self) -> f64 {
        self.sampling.hypot(self.definition).hypot(self.age)
    }
}

/// What is looked at: output cells, summed over sectors, or a trait of people.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// An output measure, or a trait (see [`Trait`]).
    pub measure: String,
    /// Profession; all together where not given.
    #[serde(default)]
    pub profession: Option<String>,
    /// Grade within the profession.
    #[serde(default)]
    pub grade: Option<String>,
    /// One sector or place.
    #[serde(default)]
    pub sector: Option<String>,
    /// Several, whose counts are summed.
    #[serde(default)]
    pub sectors: Vec<String>,
    /// A zone or union of zones.
    #[serde(default)]
    pub zone: Option<String>,
}

/// One target.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Name.
    pub name: String,
    /// What is looked at.
    pub of: Quantity,
    /// What it is divided by, if anything.
    pub over: Option<Quantity>,
    /// The years: one, several (their mean), or the ends of a change.
    pub years: Vec<Year>,
    /// Whether the change between the years is meant.
    pub change: Option<Change>,
    /// First and last age, for traits by age.
    pub ages: Option<(u8, u8)>,
    /// Track of education, for traits by track.
    pub track: Option<Track>,
    /// What the source says.
    pub value: f64,
    /// Whether that is a bound.
    pub bound: Option<Bound>,
    /// Standard errors of the comparison.
    pub error: Errors,
    /// Kind of fact, for summaries.
    pub family: String,
    /// What it is for.
    pub used: Use,
    /// Facts that it rests on.
    pub facts: Vec<String>,
    /// What is compared and why the errors are as they are.
    pub reasoning: String,
}

impl Target {
    /// The value to hold a model's against: the source's, or the model's own where the source
    /// gives a bound and the model keeps it.
    pub fn value_for(&self, model: f64) -> f64 {
        match self.bound {
            Some(Bound::AtLeast) => self.value.max(model),
            Some(Bound::AtMost) => self.value.min(model),
            None => self.value,
        }
    }
}

/// All targets of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Targets {
    /// In the order of the file.
    pub all: Vec<Target>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[allow(dead_code)]
    about: Option<String>,
    #[serde(default)]
    target: Vec<RawTarget>,
    /// Read by `direct`.
    #[allow(dead_code)]
    #[serde(default)]
    rate: Vec<toml::Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTarget {
    name: Spanned<String>,
    measure: String,
    profession: Option<String>,
    grade: Option<String>,
    sector: Option<String>,
    #[serde(default)]
    sectors: Vec<String>,
    zone: Option<String>,
    over: Option<Quantity>,
    years: Vec<Year>,
    change: Option<Change>,
    ages: Option<(u8, u8)>,
    track: Option<String>,
    value: f64,
    bound: Option<Bound>,
    error: Errors,
    family: String,
    #[serde(rename = "use")]
    used: Use,
    facts: Vec<String>,
    reasoning: String,
}

impl Targets {
    /// Reads a file of targets for a model that starts in a base year; none if the data folder has
    /// no such file.
    ///
    /// # Errors
    /// A [`Problem`] for a name that the data or the program do not know, years out of reach, an
    /// error that is not positive, an unknown fact, a repeated name.
    pub fn read(data: &ModelData, file: &str, base_year: Year) -> Result<Targets, Problem> {
        if !data.folder.has(file) {
            return Ok(Targets::default());
        }
        let text = data.folder.read(file)?;
        Targets::of_text(&text, &data.folder, file, data, base_year)
    }

    fn of_text(
        text: &str,
        folder: &DataFolder,
        file: &str,
        data: &ModelData,
        base_year: Year,
    ) -> Result<Targets, Problem> {
        let named = folder.name(file);
        let raw: RawFile =
            toml::from_str(text).map_err(|error| toml_problem(&named, text, &error))?;
        let mut names = BTreeSet::new();
        let mut targets = Targets::default();
        for entry in raw.target {
            let line = line_of(text, entry.name.span().start);
            let name = entry.name.get_ref().clone();
            let fresh = names.insert(name.clone());
            let target = match fresh {
                true => checked(entry, data, base_year),
                false => Err(Problem::in_file("", "the name is taken").about("name", name.clone())),
            };
            targets.all.push(target.map_err(|problem| Problem {
                message: format!("target {name}: {}", problem.message),
                ..problem_in(problem, &named, line)
            })?);
        }
        Ok(targets)
    }

    /// Those with this use.
    pub fn used(&self, used: Use) -> Targets {
        let all = self.all.iter().filter(|t| t.used == used).cloned();
        Targets { all: all.collect() }
    }

    /// The last year that any target speaks of.
    pub fn last_year(&self) -> Option<Year> {
        self.all.iter().flat_map(|t| t.years.iter().copied()).max()
    }
}

fn problem_in(problem: Problem, file: &str, line: usize) -> Problem {
    Problem {
        file: file.to_string(),
        line,
        ..problem
    }
}

fn checked(raw: RawTarget, data: &ModelData, base_year: Year) -> Result<Target, Problem> {
    let wrong =
        |key: &str, value: String, message: &str| Problem::in_file("", message).about(key, value);
    let of = Quantity {
        measure: raw.measure,
        profession: raw.profession,
        grade: raw.grade,
        sector: raw.sector,
        sectors: raw.sectors,
        zone: raw.zone,
    };
    known(&of, data)?;
    if let Some(over) = &raw.over {
        known(over, data)?;
    }
    let reach = base_year..=base_year + LONGEST;
    let ascending = raw.years.windows(2).all(|pair| pair[0] < pair[1]);
    if raw.years.is_empty() || !ascending || !raw.years.iter().all(|year| reach.contains(year)) {
        let message = format!(
            "must be years in order, {} to {}",
            reach.start(),
            reach.end()
        );
        return Err(wrong("years", format!("{:?}", raw.years), &message));
    }
    if raw.change.is_some() && raw.years.len() < 2 {
        return Err(wrong("change", "growth".into(), "needs two years or more"));
    }
    let total = raw.error.total();
    let parts = [raw.error.sampling, raw.error.definition, raw.error.age];
    if !raw.value.is_finite()
        || parts.iter().any(|part| *part < 0.0)
        || total.is_nan()
        || total <= 0.0
    {
        let message = "the value must be a number, and its errors 0 or more and not all 0";
        return Err(wrong("error", format!("{:?}", raw.error), message));
    }
    if raw.ages.is_some_and(|(from, to)| from > to) {
        return Err(wrong(
            "ages",
            format!("{:?}", raw.ages),
            "the first age is above the last",
        ));
    }
    let track = raw.track.map(|id| {
        let found = Track::ALL.iter().find(|track| track.id() == id).copied();
        let ids = Track::ALL.iter().map(|track| track.id());
        found.ok_or_else(|| wrong("track", id.clone(), "unknown track").nearest(&id, ids))
    });
    unknown_fact(&raw.facts, &data.facts)?;
    if raw.reasoning.trim().len() < 20 {
        return Err(wrong("reasoning", raw.reasoning, "say why, in a sentence"));
    }
    Ok(Target {
        name: raw.name.into_inner(),
        of,
        over: raw.over,
        years: raw.years,
        change: raw.change,
        ages: raw.ages,
        track: track.transpose()?,
        value: raw.value,
        bound: raw.bound,
        error: raw.error,
        family: raw.family,
        used: raw.used,
        facts: raw.facts,
        reasoning: raw.reasoning,
    })
}

fn unknown_fact(ids: &[String], facts: &Facts) -> Result<(), Problem> {
    let external = |id: &str| id.starts_with("external:");
    match ids
        .iter()
        .find(|id| !external(id) && facts.get(id).is_none())
    {
        _ if ids.is_empty() => Err(Problem::in_file("", "a target rests on a fact")
            .about("facts", "[]")
            .mend("name at least one")),
        None => Ok(()),
        Some(id) => Err(Problem::in_file("", "unknown fact")
            .about("facts", id.clone())
            .nearest(id, facts.ids())),
    }
}

/// Complains about names in a quantity that nobody knows.
fn known(of: &Quantity, data: &ModelData) -> Result<(), Problem> {
    let lists = &data.classification;
    let check = |key: &str, name: &str, valid: Vec<&str>| match valid.contains(&name) {
        true => Ok(()),
        false => Err(Problem::in_file("", format!("unknown {key}"))
            .about(key, name)
            .nearest(name, valid)),
    };
    let measures = MEASURES.iter().map(|m| m.id);
    let traits = Trait::ALL.iter().map(|own| own.id());
    check("measure", &of.measure, measures.chain(traits).collect())?;
    if let Some(name) = &of.profession {
        let valid = lists.professions.iter().map(|p| p.id.as_str());
        check("profession", name, valid.collect())?;
    }
    if let Some(name) = &of.grade {
        check(
            "grade",
            name,
            lists.grades.iter().map(|g| g.id.as_str()).collect(),
        )?;
    }
    for name in of.sector.iter().chain(&of.sectors) {
        check("sector", name, PLACE_IDS.to_vec())?;
    }
    if let Some(name) = &of.zone {
        let unions = data.zones.unions();
        let zones = data.zones.zones.iter().map(|z| z.id.as_str());
        let valid = zones.chain(unions.iter().map(|(id, _)| id.as_str()));
        check("zone", name, valid.collect())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "[[target]]\nname = \"a\"\nmeasure = \"turnover_municipal_narrow\"\n\
        profession = \"nurse\"\nyears = [2020]\nvalue = 0.12\n\
        error = { sampling = 0.003, definition = 0.004, age = 0.0 }\nfamily = \"turnover\"\n\
        use = \"fit\"\nfacts = [\"nou_turnover_0222\"]\n\
        reasoning = \"a figure by the same definition\"\n";

    fn read(text: &str) -> Result<Targets, Problem> {
        let data = ModelData::read(DataFolder::Embedded, None).unwrap();
        Targets::of_text(text, &DataFolder::Embedded, FILE, &data, 2019)
    }

    #[test]
    fn a_target_is_read_with_its_error() {
        let targets = read(GOOD).unwrap();
        assert!((targets.all[0].error.total() - 0.005).abs() < 1e-12);
        assert_eq!(targets.last_year(), Some(2020));
        assert_eq!(targets.used(Use::Validate).all.len(), 0);
    }

    #[test]
    fn a_bound_is_kept_or_missed() {
        let mut target = read(GOOD).unwrap().all.remove(0);
        target.bound = Some(Bound::AtLeast);
        assert_eq!((target.value_for(0.2), target.value_for(0.1)), (0.2, 0.12));
        target.bound = Some(Bound::AtMost);
        assert_eq!((target.value_for(0.2), target.value_for(0.1)), (0.12, 0.1));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        for (from, to, key) in [
            (
                "\"turnover_municipal_narrow\"",
                "\"turnover_narrow\"",
                "measure",
            ),
            ("\"nurse\"", "\"nurze\"", "profession"),
            ("[2020]", "[1990]", "years"),
            ("[2020]", "[]", "years"),
            ("definition = 0.004", "definition = -1.0", "error"),
            ("nou_turnover_0222", "nou_turnover_9999", "facts"),
            ("a figure by the same definition", "short", "reasoning"),
            (
                "value = 0.12",
                "value = 0.12\nchange = \"growth\"",
                "change",
            ),
            ("value = 0.12", "value = 0.12\ntrack = \"by_post\"", "track"),
        ] {
            let text = format!("# head\n{}", GOOD.replacen(from, to, 1));
            let found = read(&text).unwrap_err();
            assert_eq!((found.key.as_str(), found.line), (key, 3), "{found}");
        }
        let twice = format!("{GOOD}{GOOD}");
        assert!(read(&twice).unwrap_err().message.contains("taken"));
        assert!(read(&GOOD.replace("use =", "used =")).is_err());
    }
}
