//! Run files as they are written: keys, where each stands in the text, and their schema.

use crate::parameters::table::toml_problem;
use crate::words::problem::line_of;
use crate::words::{Problem, Year};
use schemars::JsonSchema;
use serde::Deserialize;
use std::ops::{Range, RangeInclusive};
use toml::de::{DeTable, DeValue};

/// First years that a run can have.
pub const STARTS: RangeInclusive<Year> = 2000..=2059;
/// Last years that a run can have.
pub const UNTILS: RangeInclusive<Year> = 2020..=2060;
/// Scales that a run can have: simulated people per real person.
pub const SCALES: RangeInclusive<f64> = 0.01..=40.0;
/// Numbers of seeds that a run can have.
pub const SEEDS: RangeInclusive<u32> = 1..=100_000;
/// Seeds that a run can begin with. The end is what every reader of JSON still holds exactly.
pub const FIRST_SEEDS: RangeInclusive<u64> = 0..=1_000_000_000_000_000;

/// A run of the model: what is simulated and what is reported.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "stabil run file")]
pub struct RawRun {
    /// Short name of the run: small letters, digits, - and _. Results are filed under it.
    #[schemars(regex(pattern = r"^[a-z0-9][a-z0-9_-]{0,59}$"))]
    pub name: String,
    /// Title in Norwegian (bokmål), for reports.
    pub title_nb: Option<String>,
    /// Title in English, for reports.
    pub title_en: Option<String>,
    /// The base year: everybody's career is taken up on 1 December of it.
    #[serde(default = "default_start")]
    #[schemars(range(min = *STARTS.start(), max = *STARTS.end()))]
    pub start: Year,
    /// The last year.
    #[serde(default = "default_until")]
    #[schemars(range(min = *UNTILS.start(), max = *UNTILS.end()))]
    pub until: Year,
    /// Simulated people per real person: 1 simulates everybody, 0.1 one in ten.
    #[serde(default = "default_scale")]
    #[schemars(range(min = *SCALES.start(), max = *SCALES.end()))]
    pub scale: f64,
    /// How many times the years are simulated, each time with another seed.
    #[serde(default = "default_seeds")]
    #[schemars(range(min = *SEEDS.start(), max = *SEEDS.end()))]
    pub seeds: u32,
    /// The first seed; the others follow it.
    #[serde(default = "default_first_seed")]
    #[schemars(range(min = *FIRST_SEEDS.start(), max = *FIRST_SEEDS.end()))]
    pub first_seed: u64,
    /// The zone scheme of the data folder by which places are grouped.
    #[serde(default = "default_zones")]
    pub zones: String,
    /// What the results are broken down by, each time a list of keys; the empty list is the total.
    #[serde(default = "default_breakdowns")]
    #[schemars(length(min = 1))]
    pub breakdowns: Vec<Vec<BreakdownKey>>,
    /// What is measured: "all", or a list of measures.
    #[serde(default = "default_measures")]
    pub measures: RawMeasures,
}

/// Something that results can be broken down by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BreakdownKey {
    /// The profession.
    Profession,
    /// The grade on the profession's ladder.
    Grade,
    /// The sector of the job.
    Sector,
    /// The zone of work and residence.
    Zone,
    /// Where people in health jobs of the zone came from; only with zone.
    From,
}

/// What is measured, as written.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, serde::Serialize, JsonSchema)]
#[serde(untagged)]
pub enum RawMeasures {
    /// Everything there is.
    All(AllMeasures),
    /// These measures only.
    These(Vec<String>),
}

/// The word for every measure there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AllMeasures {
    /// Everything there is.
    All,
}

/// The words for [`BreakdownKey`], in the order of outputs.
pub const BREAKDOWN_KEYS: [&str; 5] = ["profession", "grade", "sector", "zone", "from"];

fn default_start() -> Year {
    2019
}

fn default_until() -> Year {
    2040
}

fn default_scale() -> f64 {
    1.0
}

fn default_seeds() -> u32 {
    20
}

fn default_first_seed() -> u64 {
    1
}

fn default_zones() -> String {
    "county_group".to_string()
}

fn default_breakdowns() -> Vec<Vec<BreakdownKey>> {
    use BreakdownKey::{From, Grade, Profession, Sector, Zone};
    vec![
        vec![],
        vec![Profession],
        vec![Profession, Grade],
        vec![Profession, Sector],
        vec![Sector],
        vec![Zone],
        vec![Profession, Zone],
        vec![Sector, Zone],
        vec![Zone, From],
    ]
}

fn default_measures() -> RawMeasures {
    RawMeasures::All(AllMeasures::All)
}

/// The keys of a run file: name, what the value must be, an example.
const KEYS: [(&str, &str, &str); 11] = [
    (
        "name",
        "1 to 60 small letters, digits, - and _ in quotation marks",
        "\"my_run\"",
    ),
    (
        "title_nb",
        "text in quotation marks",
        "\"Flere studieplasser i nord\"",
    ),
    (
        "title_en",
        "text in quotation marks",
        "\"More study places in the north\"",
    ),
    ("start", "a year from 2000 to 2059", "2019"),
    ("until", "a year from 2020 to 2060", "2040"),
    ("scale", "a number from 0.01 to 40", "0.1"),
    ("seeds", "a whole number from 1 to 100000", "20"),
    (
        "first_seed",
        "a whole number from 0 to 1000000000000000",
        "1",
    ),
    (
        "zones",
        "the name of a zone scheme in quotation marks",
        "\"county_group\"",
    ),
    (
        "breakdowns",
        "a list of one or more lists of \"profession\", \"grade\", \"sector\", \"zone\", \"from\"",
        "[[], [\"profession\", \"zone\"]]",
    ),
    (
        "measures",
        "\"all\" or a list of names of measures",
        "[\"supply_fte\"]",
    ),
];

/// What the value of a key must be, and an example of it.
pub(super) fn allowed(key: &str) -> (&'static str, &'static str) {
    KEYS.iter()
        .find(|(name, ..)| *name == key)
        .map_or(("another key", ""), |(_, allowed, example)| {
            (*allowed, *example)
        })
}

/// The text of a run file, with the place of every key and value in it.
#[derive(Debug)]
pub struct RunText<'a> {
    file: &'a str,
    text: &'a str,
    table: DeTable<'a>,
}

impl<'a> RunText<'a> {
    /// Reads the syntax.
    ///
    /// # Errors
    /// A [`Problem`] with the line where the text is no TOML.
    pub fn parse(file: &'a str, text: &'a str) -> Result<RunText<'a>, Problem> {
        let table = DeTable::parse(text).map_err(|error| syntax_problem(file, text, &error))?;
        Ok(RunText {
            file,
            text,
            table: table.into_inner(),
        })
    }

    /// Reads the keys and the kinds of their values; the values themselves are not yet checked.
    ///
    /// # Errors
    /// A [`Problem`] for the first key in the file that is unknown, a missing name, or a value of
    /// the wrong kind.
    pub fn read(&self) -> Result<RawRun, Problem> {
        let unknown = self
            .table
            .keys()
            .filter(|key| {
                !KEYS
                    .iter()
                    .any(|(name, ..)| *name == key.get_ref().as_ref())
            })
            .min_by_key(|key| key.span().start);
        if let Some(key) = unknown {
            let name = key.get_ref().as_ref();
            return Err(Problem::in_file(self.file, "unknown key")
                .at(line_of(self.text, key.span().start))
                .about(name, self.shown(self.span(name)))
                .nearest(name, KEYS.iter().map(|(name, ..)| *name)));
        }
        if !self.has("name") {
            let (allowed, example) = allowed("name");
            let message = format!("the key is missing; it must be {allowed}");
            return Err(Problem::in_file(self.file, message)
                .about("name", "")
                .mend(format!("for example: name = {example}")));
        }
        toml::from_str(self.text).map_err(|error| self.kind_problem(&error))
    }

    /// Is the key in the file?
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// The complaint that the value of a key is not what it must be.
    pub fn complaint(&self, key: &str) -> Problem {
        self.complaint_at(key, self.span(key))
    }

    /// The same about a part of the value: item number `path[0]` of a list, item `path[1]` of that.
    pub fn complaint_about_item(&self, key: &str, path: &[usize]) -> Problem {
        let mut value = self.table.get(key);
        for index in path {
            value = value
                .and_then(|list| list.get_ref().as_array())
                .and_then(|items| items.get(*index));
        }
        self.complaint_at(key, value.map_or(self.span(key), |value| value.span()))
    }

    fn complaint_at(&self, key: &str, span: Range<usize>) -> Problem {
        let (allowed, example) = allowed(key);
        Problem::in_file(self.file, format!("must be {allowed}"))
            .at(line_of(self.text, span.start))
            .about(key, self.shown(span))
            .mend(format!("for example: {key} = {example}"))
    }

    /// Where the value of a key stands; the beginning of the text if the key is not there.
    fn span(&self, key: &str) -> Range<usize> {
        self.table.get(key).map_or(0..0, |value| value.span())
    }

    /// A stretch of the text in one line, cut where it is long.
    fn shown(&self, span: Range<usize>) -> String {
        let text = self.text.get(span).unwrap_or_default();
        let words: Vec<&str> = text.split_whitespace().collect();
        let line = words.join(" ");
        match line.char_indices().nth(60) {
            Some((end, _)) => format!("{}...", &line[..end]),
            None => line,
        }
    }

    fn kind_problem(&self, error: &toml::de::Error) -> Problem {
        let place = error.span().and_then(|span| {
            let (key, value) = self
                .table
                .iter()
                .find(|(_, v)| v.span().contains(&span.start))?;
            Some((key.get_ref().as_ref(), value.get_ref(), span))
        });
        match place {
            Some((key, DeValue::Array(_), span)) => {
                let problem = self.complaint_at(key, span);
                let word = problem.value.trim_matches(['"', '\'']).to_string();
                let likely = crate::words::problem::nearest(&word, BREAKDOWN_KEYS);
                match likely {
                    Some(likely) if key == "breakdowns" => {
                        problem.mend(format!("did you mean \"{likely}\"?"))
                    }
                    _ => problem,
                }
            }
            Some((key, ..)) => self.complaint(key),
            None => toml_problem(self.file, self.text, error),
        }
    }
}

/// A syntax error, with the remedy for the commonest one in Norwegian hands.
fn syntax_problem(file: &str, text: &str, error: &toml::de::Error) -> Problem {
    let problem = toml_problem(file, text, error);
    let line = text
        .lines()
        .nth(problem.line.saturating_sub(1))
        .unwrap_or_default();
    let value = line.split_once('=').map_or("", |(_, value)| value.trim());
    let (whole, rest) = value.split_once(',').unwrap_or_default();
    if whole.parse::<i64>().is_ok() && rest.starts_with(|c: char| c.is_ascii_digit()) {
        problem.mend("write decimals with a point")
    } else {
        problem
    }
}

/// The JSON Schema of run files, for editors and other programs.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(RawRun).to_value()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> Problem {
        RunText::parse("a.toml", text)
            .and_then(|run| run.read())
            .unwrap_err()
    }

    #[test]
    fn an_unknown_key_is_told_with_the_nearest() {
        let found = problem("name = \"a\"\n\nsede = 3\nzzz = 1\n");
        assert_eq!(
            (found.line, found.key.as_str(), found.value.as_str()),
            (3, "sede", "3")
        );
        assert_eq!(found.hint, "did you mean \"seeds\"?");
        let found = problem("zzz = 1\nsede = 3\n");
        assert_eq!((found.line, found.key.as_str()), (1, "zzz"));
        assert!(found.hint.starts_with("valid: name, "), "{}", found.hint);
    }

    #[test]
    fn a_missing_name_is_told() {
        let found = problem("seeds = 3\n");
        assert_eq!((found.line, found.key.as_str()), (0, "name"));
        assert_eq!(found.hint, "for example: name = \"my_run\"");
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_told_with_its_place() {
        for (line, key, value) in [
            ("seeds = \"many\"", "seeds", "\"many\""),
            ("seeds = 2.5", "seeds", "2.5"),
            ("seeds = -1", "seeds", "-1"),
            ("until = 70000", "until", "70000"),
            ("scale = true", "scale", "true"),
            ("zones = 3", "zones", "3"),
            ("title_nb = [\"a\"]", "title_nb", "[\"a\"]"),
            ("breakdowns = \"zone\"", "breakdowns", "\"zone\""),
            ("breakdowns = [\"zone\"]", "breakdowns", "\"zone\""),
            ("breakdowns = [[], [3]]", "breakdowns", "3"),
            ("measures = \"some\"", "measures", "\"some\""),
            ("measures = 3", "measures", "3"),
        ] {
            let found = problem(&format!("name = \"a\"\n{line}\n"));
            assert_eq!(found.line, 2, "{line}: {found}");
            assert_eq!(
                (found.key.as_str(), found.value.as_str()),
                (key, value),
                "{line}"
            );
            assert_eq!(
                found.message,
                format!("must be {}", allowed(key).0),
                "{line}"
            );
            assert!(!found.hint.is_empty(), "{line}");
        }
    }

    #[test]
    fn an_unknown_breakdown_key_is_told_with_its_own_line() {
        let found =
            problem("name = \"a\"\nbreakdowns = [\n  [],\n  [\"zone\", \"proffesion\"],\n]\n");
        assert_eq!((found.line, found.value.as_str()), (4, "\"proffesion\""));
        assert_eq!(found.hint, "did you mean \"profession\"?");
    }

    #[test]
    fn broken_syntax_is_told() {
        let found = problem("name = \"a\"\nscale = 0,5\n");
        assert_eq!(
            (found.line, found.hint.as_str()),
            (2, "write decimals with a point")
        );
        let found = problem("name = \"a\"\nseeds 3\n");
        assert_eq!((found.line, found.hint.as_str()), (2, ""));
        assert_eq!(problem("name = \"a\"\nname = \"b\"\n").line, 2);
    }

    #[test]
    fn the_keys_told_are_those_read_and_described() {
        let schema = schema();
        let described = schema["properties"].as_object().unwrap();
        let mut told: Vec<&str> = KEYS.iter().map(|(name, ..)| *name).collect();
        told.sort_unstable();
        assert_eq!(
            described.keys().map(String::as_str).collect::<Vec<_>>(),
            told
        );
        assert!(described.values().all(|key| key["description"].is_string()));
        assert_eq!(schema["required"], serde_json::json!(["name"]));
        assert_eq!(schema["additionalProperties"], serde_json::json!(false));
        assert_eq!(described["seeds"]["default"], serde_json::json!(20));
        assert_eq!(described["until"]["maximum"], serde_json::json!(2060));
    }

    #[test]
    fn examples_are_allowed_and_ranges_are_told_in_full() {
        for (key, _, example) in KEYS {
            let name = if key == "name" { "" } else { "name = \"a\"\n" };
            let text = format!("{name}{key} = {example}\n");
            RunText::parse("a.toml", &text)
                .and_then(|run| run.read())
                .expect(key);
        }
        let told = |key: &str, least: String, most: String| {
            let message = allowed(key).0;
            assert!(
                message.ends_with(&format!("from {least} to {most}")),
                "{message}"
            );
        };
        told(
            "start",
            STARTS.start().to_string(),
            STARTS.end().to_string(),
        );
        told(
            "until",
            UNTILS.start().to_string(),
            UNTILS.end().to_string(),
        );
        told(
            "scale",
            SCALES.start().to_string(),
            SCALES.end().to_string(),
        );
        told("seeds", SEEDS.start().to_string(), SEEDS.end().to_string());
        told(
            "first_seed",
            FIRST_SEEDS.start().to_string(),
            FIRST_SEEDS.end().to_string(),
        );
    }
}
