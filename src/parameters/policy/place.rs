//! Where things stand in a policy file, so that complaints can name the line.

use crate::words::Problem;

/// The text of a policy in its file, to find lines in.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The file, as the user knows it.
    pub file: &'a str,
    text: &'a str,
    /// The identifier of the policy.
    pub id: &'a str,
}

impl<'a> Place<'a> {
    /// The policy with this identifier in a file.
    pub fn new(file: &'a str, text: &'a str, id: &'a str) -> Place<'a> {
        Place { file, text, id }
    }

    /// The lines of the policy, each with its number.
    fn lines(self) -> impl Iterator<Item = (usize, &'a str)> {
        let own = format!("\"{}\"", self.id);
        let is_id = move |line: &str| {
            let line = line.trim();
            line.strip_prefix("id")
                .and_then(|rest| rest.trim_start().strip_prefix('='))
                .is_some_and(|rest| rest.trim_start().starts_with(&own))
        };
        let begins = |line: &&str| line.trim() == "[[policy]]";
        let lines = self.text.lines().enumerate().map(|(n, line)| (n + 1, line));
        let mut start = 0;
        for (number, line) in lines.clone() {
            if begins(&line) {
                start = number;
            }
            if is_id(line) {
                break;
            }
        }
        lines.skip(start).take_while(move |(_, line)| !begins(line))
    }

    /// The last line of the file that gives this identifier, where it is given twice.
    pub fn last_line(self) -> usize {
        let gives = |line: &str| {
            let mut words = line.splitn(2, '=').map(str::trim);
            let value = |value: &str| value.starts_with(&format!("\"{}\"", self.id));
            words.next() == Some("id") && words.next().is_some_and(value)
        };
        let lines = self.text.lines().enumerate();
        let given = lines.filter(|(_, line)| gives(line));
        given.last().map_or(0, |(number, _)| number + 1)
    }

    /// The line of the policy's identifier.
    pub fn line(self) -> usize {
        self.line_of("", 0, "id")
    }

    /// The line of a key in a part of the policy: none (""), `eligible`, `cost`, or the number of
    /// a list such as `change`. Where the key is not there, the line that the part begins with, or
    /// the policy's own.
    pub fn line_of(self, part: &str, number: usize, key: &str) -> usize {
        let (mut now, mut seen) = (String::new(), 0);
        let (mut first, mut header) = (0, 0);
        for (line, text) in self.lines() {
            let text = text.trim();
            if let Some(name) = text.strip_prefix("[[policy.") {
                let name = name.trim_end_matches(']');
                seen = if now == name { seen + 1 } else { 0 };
                now = name.to_string();
            } else if let Some(name) = text.strip_prefix("[policy.") {
                (now, seen) = (name.trim_end_matches(']').to_string(), 0);
            }
            if header == 0 && !part.is_empty() && now == part && seen == number {
                header = line;
            }
            let is_key = text
                .strip_prefix(key)
                .is_some_and(|rest| rest.trim_start().starts_with('='));
            if is_key && now == part && seen == number {
                return line;
            }
            if first == 0 && text.starts_with("id") {
                first = line;
            }
        }
        if header > 0 { header } else { first }
    }

    /// A complaint about a key in a part of the policy.
    pub fn complaint(
        self,
        (part, number): (&str, usize),
        key: &str,
        value: impl ToString,
        message: impl Into<String>,
    ) -> Problem {
        let path = match part {
            "" => format!("{}.{key}", self.id),
            part => format!("{}.{part}.{key}", self.id),
        };
        Problem::in_file(self.file, message)
            .at(self.line_of(part, number, key))
            .about(path, value.to_string())
    }
}
