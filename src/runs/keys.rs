//! The keys of a run file, as complaints tell of them: what the value must be, and an example.

/// The keys of a run file: name, what the value must be, an example.
pub(super) const KEYS: [(&str, &str, &str); 11] = [
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
        "a list of one or more lists of \"profession\", \"grade\", \"sector\", \"zone\"",
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::raw::{FIRST_SEEDS, SCALES, SEEDS, STARTS, UNTILS, schema};
    use crate::runs::run_text::RunText;

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
