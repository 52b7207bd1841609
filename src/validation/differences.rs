//! Stated differences (forskjeller i forutsetninger) between the model and the national
//! projection, by profession: what a reader is told where the two part.

use crate::parameters::ModelData;
use crate::parameters::table::toml_problem;
use crate::words::Problem;
use crate::words::problem::line_of;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// The file, at the top of the data folder.
pub const FILE: &str = "differences.toml";
/// Fewest characters of a difference: a sentence.
const SENTENCE: usize = 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[allow(dead_code)]
    about: Option<String>,
    #[serde(default)]
    difference: Vec<RawDifference>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDifference {
    profession: Spanned<String>,
    text: String,
}

/// The differences by profession; none if the data folder has no such file.
///
/// # Errors
/// A [`Problem`] for an unknown or repeated profession, or a text that is no sentence.
pub fn read(data: &ModelData) -> Result<BTreeMap<String, String>, Problem> {
    if !data.folder.has(FILE) {
        return Ok(BTreeMap::new());
    }
    of_text(&data.folder.read(FILE)?, data)
}

fn of_text(text: &str, data: &ModelData) -> Result<BTreeMap<String, String>, Problem> {
    let file = data.folder.name(FILE);
    let raw: RawFile = toml::from_str(text).map_err(|error| toml_problem(&file, text, &error))?;
    let mut found = BTreeMap::new();
    for entry in raw.difference {
        let line = line_of(text, entry.profession.span().start);
        let profession = entry.profession.into_inner();
        let known = data.classification.professions.iter();
        let known: Vec<&str> = known.map(|own| own.id.as_str()).collect();
        let wrong = |key: &str, value: &str, message: &str| {
            Problem::in_file(&file, message).at(line).about(key, value)
        };
        if !known.contains(&profession.as_str()) {
            return Err(
                wrong("profession", &profession, "unknown profession").nearest(&profession, known)
            );
        }
        if entry.text.trim().len() < SENTENCE {
            return Err(wrong(
                "text",
                &entry.text,
                "say what differs, in a sentence",
            ));
        }
        if found.insert(profession.clone(), entry.text).is_some() {
            return Err(wrong(
                "profession",
                &profession,
                "the profession is named twice",
            ));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::DataFolder;

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let data = ModelData::read(DataFolder::Embedded, None).unwrap();
        let entry = |profession: &str, text: &str| {
            format!("[[difference]]\nprofession = \"{profession}\"\ntext = \"{text}\"\n")
        };
        let sentence = "the model counts another thing";
        let good = of_text(&entry("nurse", sentence), &data).unwrap();
        assert_eq!(good["nurse"], sentence);
        let twice = entry("nurse", sentence).repeat(2);
        for (text, key, line) in [
            (entry("nurze", sentence), "profession", 2),
            (entry("nurse", "other"), "text", 2),
            (twice, "profession", 5),
        ] {
            let problem = of_text(&text, &data).unwrap_err();
            assert_eq!(
                (problem.key.as_str(), problem.line),
                (key, line),
                "{problem}"
            );
        }
    }

    #[test]
    fn the_embedded_differences_are_read() {
        let data = ModelData::read(DataFolder::Embedded, None).unwrap();
        assert!(read(&data).unwrap().len() >= 14);
    }
}
