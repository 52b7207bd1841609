//! The text of a run file: its syntax, where each key and value stands, and complaints about them.

use super::keys::{KEYS, allowed};
use super::raw::{BREAKDOWN_KEYS, RawRun};
use crate::parameters::table::toml_problem;
use crate::words::Problem;
use crate::words::problem::line_of;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

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
}
