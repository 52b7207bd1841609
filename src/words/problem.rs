//! One shape for every complaint about input: file, line, key, value, what is allowed, the remedy.

use std::fmt;

/// What is wrong with a piece of input, where, and how to mend it. Leads to exit code 2.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem {
    /// The file, as the user knows it (a path, or `embedded:...`).
    pub file: String,
    /// Line number from 1; 0 when the whole file is meant.
    pub line: usize,
    /// The key, column or name concerned; empty when none.
    pub key: String,
    /// The value found; empty when none.
    pub value: String,
    /// One sentence: what is wrong and what is allowed.
    pub message: String,
    /// How to mend it, with the nearest valid name where there is one; may be empty.
    pub hint: String,
}

impl Problem {
    /// A complaint about a file as a whole.
    pub fn in_file(file: &str, message: impl Into<String>) -> Problem {
        Problem {
            file: file.to_string(),
            message: message.into(),
            ..Problem::default()
        }
    }

    /// The same complaint, at this line.
    pub fn at(mut self, line: usize) -> Problem {
        self.line = line;
        self
    }

    /// The same complaint, about this key and value.
    pub fn about(mut self, key: impl Into<String>, value: impl Into<String>) -> Problem {
        self.key = key.into();
        self.value = value.into();
        self
    }

    /// The same complaint, with a remedy.
    pub fn mend(mut self, hint: impl Into<String>) -> Problem {
        self.hint = hint.into();
        self
    }

    /// The same complaint with the nearest of the valid names as its remedy.
    pub fn nearest<'a>(
        self,
        wrong: &str,
        valid: impl IntoIterator<Item = &'a str> + Clone,
    ) -> Problem {
        let hint = match nearest(wrong, valid.clone()) {
            Some(name) => format!("did you mean \"{name}\"?"),
            None => {
                let names: Vec<&str> = valid.into_iter().take(40).collect();
                format!("valid: {}", names.join(", "))
            }
        };
        self.mend(hint)
    }
}

/// The valid name closest in spelling, if one is close enough to be meant.
pub fn nearest<'a>(wrong: &str, valid: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    valid
        .into_iter()
        .map(|name| (strsim::jaro_winkler(wrong, name), name))
        .filter(|(likeness, _)| *likeness > 0.78)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// The line numbers of places in a text that are asked for from its beginning to its end.
#[derive(Clone, Copy, Debug)]
pub struct Lines<'t> {
    text: &'t str,
    offset: usize,
    line: usize,
}

impl<'t> Lines<'t> {
    /// At the beginning of a text.
    pub fn new(text: &'t str) -> Lines<'t> {
        Lines {
            text,
            offset: 0,
            line: 1,
        }
    }

    /// The line number (from 1) of a byte offset, counted on from the last one where that comes
    /// before it.
    pub fn line_of(&mut self, offset: usize) -> usize {
        let passed = self.text.as_bytes().get(self.offset..offset);
        self.line = match passed {
            Some(passed) => self.line + passed.iter().filter(|b| **b == b'\n').count(),
            None => line_of(self.text, offset),
        };
        self.offset = offset.min(self.text.len());
        self.line
    }
}

/// The line number (from 1) of a byte offset in a text.
pub fn line_of(text: &str, offset: usize) -> usize {
    text.as_bytes()[..offset.min(text.len())]
        .iter()
        .filter(|b| **b == b'\n')
        .count()
        + 1
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if self.line > 0 {
            write!(f, ", line {}", self.line)?;
        }
        if !self.key.is_empty() {
            write!(f, ", {}", self.key)?;
        }
        if !self.value.is_empty() {
            write!(f, " = {}", self.value)?;
        }
        write!(f, ": {}", self.message)?;
        if !self.hint.is_empty() {
            write!(f, "\nhint: {}", self.hint)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn lines_counted_on_are_those_counted_anew(
            text in "[a\n]{0,40}", places in prop::collection::vec(0..50_usize, 1..9),
        ) {
            let mut lines = Lines::new(&text);
            for place in places {
                prop_assert_eq!(lines.line_of(place), line_of(&text, place));
            }
        }
    }

    #[test]
    fn says_where_what_and_how_to_mend() {
        let told = Problem::in_file("a.toml", "unknown profession")
            .at(3)
            .about("profession", "nurze")
            .nearest("nurze", ["nurse", "midwife"])
            .to_string();
        assert_eq!(
            told,
            "a.toml, line 3, profession = nurze: unknown profession\nhint: did you mean \"nurse\"?"
        );
    }

    #[test]
    fn lines_are_counted_from_one() {
        assert_eq!(line_of("a\nb\nc", 0), 1);
        assert_eq!(line_of("a\nb\nc", 4), 3);
        assert_eq!(line_of("a", 99), 1);
    }
}
