//! The values in the tables of a run file against what each must be, see [`Kind`].

use super::keys::{self, Kind, children};
use super::run_text::{Found, RunText, inside, with_nearest};
use crate::words::Problem;
use crate::words::problem::line_of;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

impl RunText<'_> {
    /// Judges the value of a key, and all that is in it.
    pub(super) fn judge(&self, path: &str, value: &Spanned<DeValue>, found: &mut Found) {
        let Some(key) = keys::find(path) else {
            return;
        };
        let complaint = || self.complaint_at(path, value.span());
        let problem = match (&key.kind, value.get_ref()) {
            (Kind::Told(_), _) => return,
            (Kind::Word(words), DeValue::String(word)) => {
                if words.contains(&word.as_ref()) {
                    return;
                }
                with_nearest(complaint(), word, words)
            }
            (Kind::Number(least, most), DeValue::Integer(_) | DeValue::Float(_)) => {
                if number(value.get_ref()).is_some_and(|n| (*least..=*most).contains(&n)) {
                    return;
                }
                complaint()
            }
            (Kind::Whole(least, most), DeValue::Integer(_)) => {
                let range = *least as f64..=*most as f64;
                if number(value.get_ref()).is_some_and(|n| range.contains(&n)) {
                    return;
                }
                complaint()
            }
            (Kind::Name(_), DeValue::String(name)) if !name.trim().is_empty() => return,
            (Kind::Names(_), DeValue::Array(items)) if !items.is_empty() => {
                return self.judge_names(path, items, found);
            }
            (Kind::Table, DeValue::Table(table)) => {
                return self.judge_table(path, value.span(), table, found);
            }
            (Kind::Table, DeValue::String(word)) if path == "need" => complaint().mend(format!(
                "write [need] on a line of its own and scenario = \"{word}\" below it"
            )),
            (Kind::Unions, DeValue::Table(table)) => {
                for (name, members) in table {
                    found.extend(self.bad_union_name(name));
                    self.judge(&inside(path, name.get_ref()), members, found);
                }
                return;
            }
            (Kind::Tables, DeValue::Array(items)) => {
                for item in items.iter() {
                    match item.get_ref() {
                        DeValue::Table(table) => self.judge_table(path, item.span(), table, found),
                        _ => found.push((item.span().start, self.complaint_at(path, item.span()))),
                    }
                }
                return;
            }
            _ => complaint(),
        };
        found.push((value.span().start, problem));
    }

    fn judge_table(&self, path: &str, place: Range<usize>, table: &DeTable, found: &mut Found) {
        let unknown = self.unknown_key(path, table);
        let is_complete = unknown.is_none();
        found.extend(unknown);
        for (name, key) in children(path) {
            match table.get(name) {
                Some(value) => self.judge(key.path, value, found),
                // A key that is misspelt is not missing as well.
                None if key.required && is_complete => {
                    let line = line_of(self.text, place.start);
                    found.push((place.start, self.missing(key.path).at(line)));
                }
                None => {}
            }
        }
    }

    fn judge_names(&self, path: &str, items: &[Spanned<DeValue>], found: &mut Found) {
        for (number, item) in items.iter().enumerate() {
            let name = item.get_ref().as_str();
            let complaint = || self.complaint_at(path, item.span());
            if name.is_none_or(|name| name.trim().is_empty()) {
                found.push((item.span().start, complaint()));
            } else if items[..number].iter().any(|i| i.get_ref().as_str() == name) {
                let problem = Problem {
                    message: "the name is given twice".to_string(),
                    hint: "delete one of the two".to_string(),
                    ..complaint()
                };
                found.push((item.span().start, problem));
            }
        }
    }

    /// A union's name stands in outputs and in other lists, so it must be a plain one.
    fn bad_union_name(&self, name: &Spanned<std::borrow::Cow<str>>) -> Option<(usize, Problem)> {
        let (text, place) = (name.get_ref(), name.span().start);
        let plain = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '_');
        let first = text.starts_with(|c: char| c.is_ascii_lowercase());
        if first && text.chars().all(plain) && text.len() <= 60 {
            return None;
        }
        let message = "the name of a union must be 1 to 60 small letters, digits and _, a letter \
                       first";
        let problem = Problem::in_file(self.file, message)
            .at(line_of(self.text, place))
            .about("unions", self.shown(name.span()))
            .mend("for example: rural_north = [\"troms_rural\", \"finnmark_rural\"]");
        Some((place, problem))
    }
}

/// The number that a value is, if it is one.
fn number(value: &DeValue) -> Option<f64> {
    match value {
        DeValue::Integer(whole) => i64::from_str_radix(whole.as_str(), whole.radix())
            .ok()
            .map(|whole| whole as f64),
        DeValue::Float(float) => float.as_str().parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::Plan;

    const RISK: &str = "[[risk]]\nprofessions = [\"a\"]\nzones = [\"b\"]\nfewer_than = 5\n";

    fn problem(lines: &str) -> Problem {
        Plan::of_text("a.toml", &format!("name = \"a\"\n{lines}\n")).unwrap_err()
    }

    /// One complaint: lines, line, key, value, a piece of the message, a piece of the hint.
    #[track_caller]
    fn refuses(lines: &str, line: usize, key: &str, value: &str, told: &str, hint: &str) {
        let found = problem(lines);
        assert_eq!(
            (found.line, found.key.as_str(), found.value.as_str()),
            (line, key, value),
            "{found}"
        );
        assert!(found.message.contains(told), "{found}");
        assert!(found.hint.contains(hint), "{found}");
    }

    #[test]
    fn words_that_are_none_of_those_allowed() {
        let both = "must be \"supply\" or \"vacancy\"";
        refuses(
            "closure = \"vacncy\"",
            2,
            "closure",
            "\"vacncy\"",
            both,
            "did you mean \"vacancy\"?",
        );
        refuses(
            "closure = 3",
            2,
            "closure",
            "3",
            both,
            "closure = \"supply\"",
        );
        refuses(
            "closure = \"vacancy\"\nsurplus = \"turned_of\"",
            3,
            "surplus",
            "\"turned_of\"",
            "\"absorbed\"",
            "did you mean \"turned_away\"?",
        );
        refuses(
            "[need]\nscenario = \"hihg\"",
            3,
            "need.scenario",
            "\"hihg\"",
            "must be \"low\" or \"middle\" or \"high\"",
            "did you mean \"high\"?",
        );
        refuses(
            "[need]\ninformal_care = \"constant\"",
            3,
            "need.informal_care",
            "\"constant\"",
            "\"constant_share\"",
            "did you mean",
        );
        refuses(
            &format!("{RISK}sector = \"municpal\""),
            6,
            "risk.sector",
            "\"municpal\"",
            "must be \"municipal\"",
            "did you mean \"municipal\"?",
        );
        let lever = "[[levers.self_sufficiency]]\nprofession = \"a\"\nshare = 1\nfrom = 2030\n";
        refuses(
            &format!("{lever}by = \"places\""),
            6,
            "levers.self_sufficiency.by",
            "\"places\"",
            "\"fewer_from_abroad\"",
            "",
        );
    }

    #[test]
    fn numbers_out_of_range_or_no_numbers() {
        for (lines, key, value, told) in [
            (
                "[need]\nproductivity = 0.06",
                "need.productivity",
                "0.06",
                "from -0.05 to 0.05",
            ),
            (
                "[need]\nproductivity = 1_0",
                "need.productivity",
                "1_0",
                "from -0.05 to 0.05",
            ),
            (
                "[need]\nproductivity = nan",
                "need.productivity",
                "nan",
                "from -0.05 to 0.05",
            ),
            (
                "[need]\nproductivity = -inf",
                "need.productivity",
                "-inf",
                "from -0.05 to 0.05",
            ),
            (
                "[need]\nproductivity = \"1\"",
                "need.productivity",
                "\"1\"",
                "a number from",
            ),
            (
                "[need]\nservice_standard = 1",
                "need.service_standard",
                "1",
                "from -0.05 to 0.05",
            ),
            (
                "[need]\nhealth_improvement = -2",
                "need.health_improvement",
                "-2",
                "from -1 to 2",
            ),
        ] {
            refuses(lines, 3, key, value, told, "for example: ");
        }
        for value in [
            "-1",
            "100001",
            "99999999999999999999",
            "5.0",
            "\"five\"",
            "true",
            "[5]",
        ] {
            let lines = RISK.replace("= 5", &format!("= {value}"));
            let told = "must be a whole number from 0 to 100000";
            if value.len() == 20 {
                // No whole number of TOML is as large: a matter of syntax.
                assert_eq!(problem(&lines).line, 5);
                continue;
            }
            refuses(&lines, 5, "risk.fewer_than", value, told, "fewer_than = 5");
        }
        refuses(
            &format!("{RISK}understaffed_below = 2.5"),
            6,
            "risk.understaffed_below",
            "2.5",
            "from 0 to 2",
            "= 0.9",
        );
        refuses(
            "[[levers.study_places]]\nprogramme = \"a\"\nfrom = 2026\nchange = 10001",
            5,
            "levers.study_places.change",
            "10001",
            "from -10000 to 10000",
            "change = 40",
        );
    }

    #[test]
    fn tables_that_are_none() {
        let below = "write [need] on a line of its own and scenario = \"high\" below it";
        refuses(
            "need = \"high\"",
            2,
            "need",
            "\"high\"",
            "must be a table",
            below,
        );
        refuses(
            "need = 3",
            2,
            "need",
            "3",
            "must be a table",
            "write [need]",
        );
        refuses(
            "unions = []",
            2,
            "unions",
            "[]",
            "a table of lists",
            "write [unions]",
        );
        refuses(
            "[risk]\nzones = []",
            2,
            "risk",
            "[risk]",
            "list of tables",
            "write [[risk]]",
        );
        refuses(
            "risk = [3]",
            2,
            "risk",
            "3",
            "list of tables",
            "write [[risk]]",
        );
        refuses(
            "[levers.posts]\nfrom = 2026",
            2,
            "levers.posts",
            "[levers.posts]",
            "list of tables",
            "write [[levers.posts]]",
        );
    }

    #[test]
    fn lists_of_names() {
        for (written, value) in [
            ("[]", "[]"),
            ("\"a\"", "\"a\""),
            ("[\"a\", 3]", "3"),
            ("[\" \"]", "\" \""),
        ] {
            let lines = RISK.replace("[\"b\"]", written);
            refuses(
                &lines,
                4,
                "risk.zones",
                value,
                "one or more names of zones",
                "zones = [",
            );
            let lines = format!("[unions]\na = {written}");
            refuses(
                &lines,
                3,
                "unions.a",
                value,
                "one or more names of zones",
                "a = [",
            );
        }
        let twice = "[unions]\na = [\"b\",\n\"c\",\n\"b\"]";
        refuses(twice, 5, "unions.a", "\"b\"", "given twice", "delete one");
        for name in ["Nord", "9a", "\"a b\"", "\"\"", "\"å\"", "a-b"] {
            let lines = format!("[unions]\n{name} = [\"b\"]");
            refuses(&lines, 3, "unions", name, "small letters", "rural_north = ");
        }
    }

    #[test]
    fn keys_that_are_unknown_missing_or_in_the_wrong_place() {
        refuses(
            "[need]\nproductivty = 0.01",
            3,
            "need.productivty",
            "0.01",
            "unknown key",
            "did you mean \"productivity\"?",
        );
        refuses(
            "[[levers.study_place]]\nfrom = 2026",
            2,
            "levers.study_place",
            "[[levers.study_place]]",
            "unknown key",
            "did you mean \"study_places\"?",
        );
        refuses(
            "[need]\nseeds = 4",
            3,
            "need.seeds",
            "4",
            "unknown key",
            "above the first line in square brackets",
        );
        refuses(
            &format!("{RISK}[[risk]]\nprofessions = [\"a\"]\nzones = [\"c\"]"),
            6,
            "risk.fewer_than",
            "",
            "the key is missing; it must be a whole number",
            "for example: fewer_than = 5",
        );
        refuses(
            "levers.posts = [{ grade = \"a\", persons = 3 }]",
            2,
            "levers.posts.from",
            "",
            "the key is missing",
            "from = 2026",
        );
    }

    #[test]
    fn the_first_of_several_complaints_is_told() {
        let found = problem("[[risk]]\nfewer_than = 5\nsector = 3\n[need]\nscenario = 4");
        assert_eq!(found.line, 2);
        let found = problem("surplus = 3\nclosure = 4\n[need]\nscenario = 4");
        assert_eq!((found.line, found.key.as_str()), (2, "surplus"));
    }
}
