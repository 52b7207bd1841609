//! Every number has a source: what is cited exists, and what exists is cited.

use super::source::{code_only, line_of, test_tail, words};
use std::collections::{BTreeMap, BTreeSet};

/// The file of all facts.
pub const TABLE: &str = "calibration/evidence/facts.csv";

/// The folder of the open statistics that parameters may rest on besides the facts.
pub const EXTERNAL: &str = "calibration/external";

const COLUMNS: [&str; 15] = [
    "id",
    "quantity",
    "profession",
    "sector",
    "place",
    "age",
    "sex",
    "year",
    "value",
    "low",
    "high",
    "unit",
    "source",
    "locator",
    "note",
];

/// A fact id is one of these followed by four digits.
const PREFIXES: [&str; 10] = [
    "nou_projections_",
    "nou_demography_",
    "nou_workforce_",
    "nou_turnover_",
    "nou_worktime_",
    "nou_services_",
    "nou_education_",
    "nou_alternatives_",
    "policy_effects_",
    "literature_effects_",
];

/// A fact id found in a text, with its line.
pub type Citation = (usize, String);

/// The facts by id with their lines in the table, and what is wrong with the table itself.
pub fn table(path: &str, text: &str) -> (BTreeMap<String, u64>, Vec<String>) {
    let mut facts = BTreeMap::new();
    let mut found = Vec::new();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    match reader.headers() {
        Ok(header) if header.iter().eq(COLUMNS) => {}
        Ok(_) => found.push(format!(
            "{path}:1: the columns must be {}",
            COLUMNS.join(",")
        )),
        Err(error) => found.push(format!("{path}: {error}")),
    }
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                found.push(format!("{path}: {error}"));
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let id = record.get(0).unwrap_or_default();
        if !digits_of(id).is_some_and(is_number_of_fact) {
            found.push(format!(
                "{path}:{line}: {id:?} is no fact id, so nothing can cite it"
            ));
        }
        if let Some(first) = facts.insert(id.to_owned(), line) {
            found.push(format!("{path}:{line}: {id} is already on line {first}"));
        }
    }
    (facts, found)
}

/// All words of a text that look like a fact id, wrongly written ones among them.
pub fn citations(text: &str) -> Vec<Citation> {
    words(text)
        .into_iter()
        .filter(|(_, word)| digits_of(word).is_some())
        .map(|(offset, word)| (line_of(text, offset), word.to_owned()))
        .collect()
}

/// The citations of a Rust file. In the test module at its end only doc comments count, since tests
/// may make facts up.
pub fn citations_in_rust(text: &str) -> Vec<Citation> {
    let tail = test_tail(&code_only(text));
    let first_of_tail = if tail < text.len() {
        line_of(text, tail)
    } else {
        usize::MAX
    };
    let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
    citations(text)
        .into_iter()
        .filter(|(line, _)| {
            let words = lines[line - 1];
            *line < first_of_tail || words.starts_with("///") || words.starts_with("//!")
        })
        .collect()
}

/// Citations of facts that do not exist.
pub fn unresolved(
    path: &str,
    citations: &[Citation],
    facts: &BTreeMap<String, u64>,
) -> Vec<String> {
    citations
        .iter()
        .filter(|(_, id)| !facts.contains_key(id))
        .map(|(line, id)| {
            if digits_of(id).is_some_and(is_number_of_fact) {
                format!("{path}:{line}: {id} is not in {TABLE}")
            } else {
                format!("{path}:{line}: {id} is no fact id, which ends in four digits")
            }
        })
        .collect()
}

/// Facts that nothing cites.
pub fn dead(path: &str, facts: &BTreeMap<String, u64>, cited: &BTreeSet<String>) -> Vec<String> {
    facts
        .iter()
        .filter(|(id, _)| !cited.contains(*id))
        .map(|(id, line)| format!("{path}:{line}: {id} is cited nowhere; use it or drop it"))
        .collect()
}

/// Entries of the lists `facts = [...]` of a TOML file that are neither a fact id nor
/// `external:FILE.csv` (a note may follow behind `#`) with the file being in `files`.
pub fn entries(path: &str, text: &str, files: &BTreeSet<String>) -> Vec<String> {
    let table = match toml::from_str::<toml::Table>(text) {
        Ok(table) => toml::Value::Table(table),
        Err(error) => return vec![format!("{path}: {}", error.to_string().trim_end())],
    };
    let mut lists = Vec::new();
    collect_lists(&table, &mut lists);
    let mut found = Vec::new();
    for entry in lists.into_iter().flatten() {
        let Some(name) = entry.as_str() else {
            found.push(format!("{path}: {entry} in a list of facts is no text"));
            continue;
        };
        let line = text
            .lines()
            .position(|line| line.contains(name))
            .map_or(0, |index| index + 1);
        if let Some(external) = name.strip_prefix("external:") {
            let file = external.split('#').next().unwrap_or_default();
            if !file.ends_with(".csv") || !files.contains(file) {
                found.push(format!(
                    "{path}:{line}: {file:?} is no CSV file in {EXTERNAL}/"
                ));
            }
        } else if digits_of(name).is_none() {
            // An id with a known beginning is looked up by `unresolved`.
            found.push(format!(
                "{path}:{line}: {name:?} is neither a fact id nor external:FILE.csv"
            ));
        }
    }
    found
}

/// All arrays with the key `facts`, at any depth.
fn collect_lists<'a>(value: &'a toml::Value, lists: &mut Vec<&'a Vec<toml::Value>>) {
    match value {
        toml::Value::Table(table) => {
            for (key, inner) in table {
                match inner {
                    toml::Value::Array(list) if key == "facts" => lists.push(list),
                    _ => collect_lists(inner, lists),
                }
            }
        }
        toml::Value::Array(list) => list.iter().for_each(|inner| collect_lists(inner, lists)),
        _ => {}
    }
}

/// What follows the known beginning of a fact id, if it begins with a digit.
fn digits_of(word: &str) -> Option<&str> {
    PREFIXES
        .iter()
        .find_map(|prefix| word.strip_prefix(prefix))
        .filter(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
}

fn is_number_of_fact(digits: &str) -> bool {
    digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> BTreeMap<String, u64> {
        BTreeMap::from([
            ("nou_workforce_0001".to_owned(), 2),
            ("nou_turnover_0002".to_owned(), 3),
        ])
    }

    #[test]
    fn an_unknown_fact_is_found() {
        let text = "/// Source: nou_workforce_0001.\n/// Source: `nou_workforce_0999`, p. 3.\n";
        let found = unresolved("src/a.rs", &citations_in_rust(text), &facts());
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].starts_with("src/a.rs:2: nou_workforce_0999"),
            "{found:?}"
        );
    }

    #[test]
    fn a_wrongly_written_fact_is_found() {
        for broken in [
            "nou_workforce_001",
            "nou_workforce_00011",
            "nou_workforce_0001b",
        ] {
            assert_eq!(
                unresolved("a", &citations(broken), &facts()).len(),
                1,
                "{broken}"
            );
        }
        for other in [
            "nou_workforce_",
            "nou_workforce_*",
            "my_nou_workforce_0999",
            "nou_0001",
        ] {
            assert!(citations(other).is_empty(), "{other}");
        }
    }

    #[test]
    fn tests_may_make_facts_up() {
        let text = "#[cfg(test)]\nmod tests {\n    /// nou_workforce_0777\n    fn f() { \
                    g(\"nou_workforce_0888\") }\n}\n";
        assert_eq!(
            citations_in_rust(text),
            [(3, "nou_workforce_0777".to_owned())]
        );
    }

    #[test]
    fn a_dead_fact_is_found() {
        let cited = BTreeSet::from(["nou_workforce_0001".to_owned()]);
        let found = dead(TABLE, &facts(), &cited);
        assert_eq!(found.len(), 1);
        assert!(found[0].contains(":3: nou_turnover_0002"), "{found:?}");
    }

    #[test]
    fn a_broken_table_is_found() {
        let header = COLUMNS.join(",");
        let row = "nou_workforce_0001,q,,,,,,2019,1,,,persons,nou2023-4,ch 2,\n";
        let sound = format!("{header}\n{row}");
        let (facts, found) = table(TABLE, &sound);
        assert_eq!(facts.len(), 1);
        assert!(found.is_empty(), "{found:?}");
        for broken in [
            format!("{header}\n{row}{row}"),
            format!("{}\n{row}", header.replace("quantity", "thing")),
            format!("{header}\n{}", row.replace("0001", "1")),
            format!("{header}\n{}", row.replace("ch 2,", "ch 2")),
        ] {
            assert_eq!(table(TABLE, &broken).1.len(), 1, "{broken}");
        }
    }

    #[test]
    fn a_broken_entry_is_found() {
        let files = BTreeSet::from(["deaths.csv".to_owned(), "README.md".to_owned()]);
        for sound in [
            "nou_workforce_0001",
            "external:deaths.csv",
            "external:deaths.csv#men, 2019",
        ] {
            let text = format!("[[parameter]]\nfacts = [\"{sound}\"]\n");
            assert!(entries("a.toml", &text, &files).is_empty(), "{sound}");
        }
        for broken in [
            "external:births.csv",
            "external:README.md",
            "external:",
            "external:../deaths.csv",
            "nou_wrokforce_0001",
        ] {
            let text = format!("[a]\n[[a.list]]\nfacts = [\n\"{broken}\"]\n");
            let found = entries("a.toml", &text, &files);
            assert_eq!(found.len(), 1, "{broken}");
            assert!(found[0].starts_with("a.toml:4: "), "{found:?}");
        }
        assert_eq!(entries("a.toml", "facts = [1]", &files).len(), 1);
        assert_eq!(entries("a.toml", "facts = [", &files).len(), 1);
    }
}
