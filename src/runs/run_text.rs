//! The text of a run file: its syntax, where each key and value stands, and complaints about them.

use super::keys::{self, Kind, allowed, children};
use super::raw::{BREAKDOWN_KEYS, RawRun};
use crate::parameters::table::toml_problem;
use crate::words::Problem;
use crate::words::problem::{line_of, nearest};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A step on the way to a value: into a table, or into a list.
#[derive(Clone, Copy, Debug)]
pub enum Step<'a> {
    /// The value of this key.
    Key(&'a str),
    /// The item in this position.
    Item(usize),
}

impl<'a> From<&'a str> for Step<'a> {
    fn from(key: &'a str) -> Step<'a> {
        Step::Key(key)
    }
}

impl From<usize> for Step<'_> {
    fn from(position: usize) -> Self {
        Step::Item(position)
    }
}

/// The complaints found in a text, each with its place.
pub(super) type Found = Vec<(usize, Problem)>;

/// The text of a run file, with the place of every key and value in it.
#[derive(Debug)]
pub struct RunText<'a> {
    pub(super) file: &'a str,
    pub(super) text: &'a str,
    pub(super) table: DeTable<'a>,
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

    /// Reads the keys and the kinds of their values; of the values themselves, only those that
    /// stand alone are checked.
    ///
    /// # Errors
    /// A [`Problem`] for the first key in the file that is unknown, a missing name, a value of the
    /// wrong kind, or one in a table that is out of range.
    pub fn read(&self) -> Result<RawRun, Problem> {
        if let Some(problem) = self.unknown_key("", &self.table) {
            return Err(problem.1);
        }
        if !self.has("name") {
            return Err(self.missing("name"));
        }
        let mut found = Found::new();
        for (key, value) in &self.table {
            self.judge(key.get_ref(), value, &mut found);
        }
        if let Some((_, first)) = found.into_iter().min_by_key(|(place, _)| *place) {
            return Err(first);
        }
        toml::from_str(self.text).map_err(|error| self.kind_problem(&error))
    }

    /// Is the key in the file?
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// The complaint that the value of a key is not what it must be.
    pub fn complaint(&self, key: &str) -> Problem {
        self.complaint_about(&[key.into()])
    }

    /// The same about a value further in: a key of a table, an item of a list.
    pub fn complaint_about(&self, steps: &[Step]) -> Problem {
        let path: Vec<&str> = steps
            .iter()
            .filter_map(|step| match step {
                Step::Key(key) => Some(*key),
                Step::Item(_) => None,
            })
            .collect();
        self.complaint_at(&path.join("."), self.span(steps))
    }

    /// The line, from 1, of the value at the end of these steps.
    pub fn line(&self, steps: &[Step]) -> usize {
        line_of(self.text, self.span(steps).start)
    }

    /// The strings of a list, as far as the steps lead to one.
    pub fn strings(&self, steps: &[Step]) -> Vec<&str> {
        let list = self.value(steps).0.and_then(|value| value.as_array());
        let items = list.into_iter().flat_map(|items| items.iter());
        items.filter_map(|item| item.get_ref().as_str()).collect()
    }

    /// The value at the end of the steps, and its place, or that of the last one that is there.
    fn value(&self, steps: &[Step]) -> (Option<&DeValue<'a>>, Range<usize>) {
        let mut place = 0..0;
        let mut value: Option<&Spanned<DeValue>> = None;
        for (number, step) in steps.iter().enumerate() {
            let next = match step {
                Step::Key(key) if number == 0 => self.table.get(*key),
                Step::Key(key) => value
                    .and_then(|value| value.get_ref().as_table())
                    .and_then(|table| table.get(*key)),
                Step::Item(item) => value
                    .and_then(|value| value.get_ref().as_array())
                    .and_then(|items| items.get(*item)),
            };
            let Some(next) = next else {
                return (None, place);
            };
            place = next.span();
            value = Some(next);
        }
        (value.map(Spanned::get_ref), place)
    }

    fn span(&self, steps: &[Step]) -> Range<usize> {
        self.value(steps).1
    }

    pub(super) fn complaint_at(&self, path: &str, span: Range<usize>) -> Problem {
        let (allowed, example) = allowed(path);
        let name = path.rsplit('.').next().unwrap_or(path);
        let hint = match keys::find(path).map(|key| &key.kind) {
            Some(Kind::Table | Kind::Unions) => {
                format!("write [{path}] on a line of its own, and its keys below it")
            }
            Some(Kind::Tables) => {
                format!("write [[{path}]] on a line of its own, and its keys below it")
            }
            _ => format!("for example: {name} = {example}"),
        };
        Problem::in_file(self.file, format!("must be {allowed}"))
            .at(line_of(self.text, span.start))
            .about(path, self.shown(span))
            .mend(hint)
    }

    pub(super) fn missing(&self, path: &str) -> Problem {
        let (allowed, example) = allowed(path);
        let name = path.rsplit('.').next().unwrap_or(path);
        Problem::in_file(
            self.file,
            format!("the key is missing; it must be {allowed}"),
        )
        .about(path, "")
        .mend(format!("for example: {name} = {example}"))
    }

    /// The first key of a table that is unknown.
    pub(super) fn unknown_key(&self, path: &str, table: &DeTable) -> Option<(usize, Problem)> {
        let known = children(path).map(|(name, _)| name);
        let unknown = |name: &str| known.clone().all(|known| known != name);
        let (key, value) = table
            .iter()
            .filter(|(key, _)| unknown(key.get_ref()))
            .min_by_key(|(key, _)| key.span().start)?;
        let name = key.get_ref().as_ref();
        let problem = Problem::in_file(self.file, "unknown key")
            .at(line_of(self.text, key.span().start))
            .about(inside(path, name), self.shown(value.span()))
            .nearest(name, known.clone());
        // What stands below a table's head belongs to the table: easily forgotten.
        let misplaced = !path.is_empty() && children("").any(|(known, _)| known == name);
        let problem = match misplaced {
            true => problem.mend(format!(
                "{name} is no key of this table; write it above the first line in square brackets"
            )),
            false => problem,
        };
        Some((key.span().start, problem))
    }

    /// A stretch of the text in one line, cut where it is long.
    pub(super) fn shown(&self, span: Range<usize>) -> String {
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
                match key {
                    "breakdowns" => with_nearest(problem, &word, &BREAKDOWN_KEYS),
                    _ => problem,
                }
            }
            Some((key, ..)) => self.complaint(key),
            None => toml_problem(self.file, self.text, error),
        }
    }
}

/// The path of a key in the table with this path.
pub(super) fn inside(path: &str, name: &str) -> String {
    match path {
        "" => name.to_string(),
        _ => format!("{path}.{name}"),
    }
}

/// The complaint with the nearest of the words, if one is near enough, as its remedy.
pub(super) fn with_nearest(problem: Problem, wrong: &str, words: &[&str]) -> Problem {
    match nearest(wrong, words.iter().copied()) {
        Some(likely) => problem.mend(format!("did you mean \"{likely}\"?")),
        None => problem,
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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

    proptest! {
        #[test]
        fn no_text_makes_reading_fail_without_a_complaint(
            pieces in prop::collection::vec(piece(), 0..12),
        ) {
            let text = pieces.concat();
            for text in [text.clone(), format!("name = \"a\"\n{text}")] {
                if let Err(found) = crate::runs::Plan::of_text("a.toml", &text) {
                    prop_assert!(!found.message.is_empty());
                    prop_assert!(found.line <= text.lines().count() + 1, "{}", found);
                }
            }
        }
    }

    /// A piece of a run file: keys, heads of tables and values as they may be, or any text.
    fn piece() -> impl Strategy<Value = String> {
        let keys: Vec<String> = crate::runs::keys::KEYS
            .iter()
            .flat_map(|key| {
                let name = key.path.rsplit('.').next().unwrap_or_default();
                [
                    format!("[{}]\n", key.path),
                    format!("[[{}]]\n", key.path),
                    format!("{name} = {}\n", key.example),
                    format!("{} = ", key.path),
                ]
            })
            .collect();
        prop_oneof![
            prop::sample::select(keys),
            prop::sample::select(vec![
                "[\"å\", 1]\n",
                "{ from = 1 }\n",
                "-1\n",
                "nan\n",
                "\"x\"\n"
            ])
            .prop_map(String::from),
            any::<String>(),
        ]
    }
}
