//! The keys of a run file, as complaints tell of them: what the value must be, and an example.
//!
//! A key within a table is told by its path, `risk.fewer_than`; names that users make up are `*`.

pub(super) use super::key_kind::Kind;
use Kind::{Name, Names, Number, Table, Tables, Told, Unions, Whole, Word};

/// A key of a run file.
pub(super) struct Key {
    /// The key, after the keys of the tables that it stands in.
    pub path: &'static str,
    /// What its value must be.
    pub kind: Kind,
    /// Must it be there, if the table that it belongs to is?
    pub required: bool,
    /// A value that is allowed.
    pub example: &'static str,
}

/// The key that stands for all unions.
pub(super) const EVERY_UNION: &str = "unions.*";

const fn may(path: &'static str, kind: Kind, example: &'static str) -> Key {
    Key {
        path,
        kind,
        required: false,
        example,
    }
}

const fn must(path: &'static str, kind: Kind, example: &'static str) -> Key {
    Key {
        path,
        kind,
        required: true,
        example,
    }
}

/// First years of levers that are told as allowed; the run's own years are narrower.
const YEAR: Kind = Whole(2000, 2060);
const TEXT: Kind = Told("text in quotation marks");
const PROFESSION: Kind = Name("a profession");
const PROFESSIONS: Kind = Names("professions");
const GROUPS: Kind = Names("country groups");
const ZONES: Kind = Names("zones or unions of zones");

/// The keys of a run file.
pub(super) const KEYS: [Key; 102] = [
    must(
        "name",
        Told("1 to 60 small letters, digits, - and _ in quotation marks"),
        "\"my_run\"",
    ),
    may("title_nb", TEXT, "\"Flere studieplasser i nord\""),
    may("title_en", TEXT, "\"More study places in the north\""),
    may("start", Told("a year from 2000 to 2059"), "2019"),
    may("until", Told("a year from 2020 to 2060"), "2040"),
    may("scale", Told("a number from 0.01 to 40"), "0.1"),
    may(
        "draws",
        Told("a whole number from 0 to 10000, 0 for the centre of the fit"),
        "100",
    ),
    may("seeds", Told("a whole number from 1 to 100000"), "20"),
    may(
        "first_seed",
        Told("a whole number from 0 to 1000000000000000"),
        "1",
    ),
    may(
        "zones",
        Told("the name of a zone scheme in quotation marks"),
        "\"county_group\"",
    ),
    may(
        "breakdowns",
        Told(
            "a list of one or more lists of \"profession\", \"grade\", \"sector\", \"zone\", \"from\"",
        ),
        "[[], [\"profession\", \"zone\"]]",
    ),
    may(
        "measures",
        Told("\"all\" or a list of names of measures"),
        "[\"supply_fte\"]",
    ),
    may(
        "parameters",
        Word(&["calibrated", "evidence"]),
        "\"evidence\"",
    ),
    may("closure", Word(&["supply", "vacancy"]), "\"supply\""),
    may(
        "surplus",
        Word(&["turned_away", "absorbed"]),
        "\"absorbed\"",
    ),
    may("need", Table, "{ scenario = \"high\" }"),
    may(
        "need.scenario",
        Word(&["low", "middle", "high"]),
        "\"high\"",
    ),
    may("need.service_standard", Number(-0.05, 0.05), "0.01"),
    may("need.productivity", Number(-0.05, 0.05), "0.005"),
    may(
        "need.informal_care",
        Word(&["constant_level", "constant_share"]),
        "\"constant_level\"",
    ),
    may("need.health_improvement", Number(-1.0, 2.0), "1.0"),
    may(
        "unions",
        Unions,
        "{ far_north = [\"troms\", \"finnmark\"] }",
    ),
    may(EVERY_UNION, ZONES, "[\"troms\", \"finnmark\"]"),
    may("risk", Tables, "[]"),
    must("risk.professions", PROFESSIONS, "[\"midwife\"]"),
    may(
        "risk.sector",
        Word(&["municipal", "hospital", "other_health"]),
        "\"municipal\"",
    ),
    must("risk.zones", ZONES, "[\"finnmark\"]"),
    must("risk.fewer_than", Whole(0, 100_000), "5"),
    may("risk.understaffed_below", Number(0.0, 2.0), "0.9"),
    may("disclosure", Table, "{ minimum = 5 }"),
    may("disclosure.minimum", Whole(0, 1000), "5"),
    may("disclosure.round_to", Whole(0, 100), "3"),
    may(
        "policy_files",
        Told("a list of paths of policy files in quotation marks"),
        "[\"my_policies.toml\"]",
    ),
    may("effects", Word(&["drawn", "central"]), "\"central\""),
    may("scenario", Tables, "[]"),
    must(
        "scenario.name",
        Told("1 to 60 small letters, digits, - and _ in quotation marks"),
        "\"mentors\"",
    ),
    may("scenario.title_nb", TEXT, "\"Mentorordning i nord\""),
    may("scenario.title_en", TEXT, "\"Mentors in the north\""),
    may("scenario.policy", Tables, "[]"),
    must("scenario.policy.use", Name("a policy"), "\"mentor_scheme\""),
    may("scenario.policy.zones", ZONES, "[\"finnmark\"]"),
    may("scenario.policy.professions", PROFESSIONS, "[\"nurse\"]"),
    may("scenario.policy.from", YEAR, "2026"),
    may("scenario.policy.until", YEAR, "2035"),
    may("scenario.policy.ramp", Whole(1, 40), "3"),
    may("scenario.policy.coverage", Number(0.0, 1.0), "0.5"),
    may("scenario.policy.capacity", Number(0.0, 1_000_000.0), "200"),
    may("scenario.policy.places", Number(-10_000.0, 10_000.0), "40"),
    may("scenario.policy.taken_from", ZONES, "[\"oslo\"]"),
    may("scenario.policy.strength", Number(0.0, 3.0), "0.5"),
    may("scenario.policy.cost_factor", Number(0.0, 100.0), "1.5"),
    may("variant", Tables, "[]"),
    must(
        "variant.name",
        Told("1 to 60 small letters, digits, - and _ in quotation marks"),
        "\"posts\"",
    ),
    may(
        "variant.closure",
        Word(&["supply", "vacancy"]),
        "\"vacancy\"",
    ),
    may(
        "variant.surplus",
        Word(&["turned_away", "absorbed"]),
        "\"absorbed\"",
    ),
    may("variant.need", Word(&["low", "middle", "high"]), "\"high\""),
    may("variant.attachment", Word(&["types", "none"]), "\"none\""),
    may("variant.alignment", Told("true or false"), "false"),
    may("override", Tables, "[]"),
    must(
        "override.parameter",
        Name("a parameter"),
        "\"leave_job.attachment[mover]\"",
    ),
    must("override.value", Number(-1e8, 1e8), "1.5"),
    must("override.name", TEXT, "\"Kari Nordmann\""),
    must(
        "override.date",
        Told("a day as \"YYYY-MM-DD\""),
        "\"2026-05-17\"",
    ),
    must("override.reason", TEXT, "\"Local survey\""),
    may("levers", Table, "{}"),
    may("levers.licence_rule", Tables, "[]"),
    must(
        "levers.licence_rule.professions",
        PROFESSIONS,
        "[\"nurse\"]",
    ),
    must("levers.licence_rule.country_groups", GROUPS, "[\"nordic\"]"),
    must("levers.licence_rule.from", YEAR, "2026"),
    may("levers.licence_rule.until", YEAR, "2030"),
    must("levers.licence_rule.passes", Number(0.0, 1.0), "0.5"),
    may("levers.recruitment_stop", Tables, "[]"),
    must(
        "levers.recruitment_stop.country_groups",
        GROUPS,
        "[\"nordic\"]",
    ),
    must("levers.recruitment_stop.from", YEAR, "2026"),
    may("levers.recruitment_stop.until", YEAR, "2030"),
    may("levers.agreement", Tables, "[]"),
    must("levers.agreement.profession", PROFESSION, "\"nurse\""),
    must(
        "levers.agreement.country_group",
        Name("a country group"),
        "\"nordic\"",
    ),
    must("levers.agreement.persons", Number(0.0, 10_000.0), "50"),
    must("levers.agreement.from", YEAR, "2026"),
    may("levers.agreement.until", YEAR, "2030"),
    may("levers.study_abroad", Tables, "[]"),
    must(
        "levers.study_abroad.profession",
        PROFESSION,
        "\"physician\"",
    ),
    must("levers.study_abroad.from", YEAR, "2026"),
    may("levers.study_abroad.until", YEAR, "2030"),
    must("levers.study_abroad.factor", Number(0.0, 10.0), "0.5"),
    may("levers.study_places", Tables, "[]"),
    must(
        "levers.study_places.programme",
        Name("a programme"),
        "\"nursing\"",
    ),
    may(
        "levers.study_places.track",
        Name("a track of the programme"),
        "\"distance\"",
    ),
    may(
        "levers.study_places.zone",
        Name("a zone or union of zones"),
        "\"finnmark\"",
    ),
    must("levers.study_places.from", YEAR, "2026"),
    may("levers.study_places.until", YEAR, "2030"),
    must(
        "levers.study_places.change",
        Number(-10_000.0, 10_000.0),
        "40",
    ),
    may("levers.posts", Tables, "[]"),
    must("levers.posts.grade", Name("a grade"), "\"lis1\""),
    must("levers.posts.from", YEAR, "2026"),
    must("levers.posts.persons", Number(0.0, 100_000.0), "1000"),
    may("levers.self_sufficiency", Tables, "[]"),
    must(
        "levers.self_sufficiency.profession",
        PROFESSION,
        "\"physician\"",
    ),
    must("levers.self_sufficiency.share", Number(0.0, 1.0), "0.9"),
    must("levers.self_sufficiency.from", YEAR, "2030"),
    must(
        "levers.self_sufficiency.by",
        Word(&["study_places", "fewer_from_abroad"]),
        "\"study_places\"",
    ),
];

/// The key with this path.
pub(super) fn find(path: &str) -> Option<&'static Key> {
    let path = match path.strip_prefix("unions.") {
        Some(_) => EVERY_UNION,
        None => path,
    };
    KEYS.iter().find(|key| key.path == path)
}

/// The keys of a table, without its own path; the empty path is the whole file.
pub(super) fn children(path: &str) -> impl Iterator<Item = (&'static str, &'static Key)> + Clone {
    let start = if path.is_empty() {
        String::new()
    } else {
        format!("{path}.")
    };
    KEYS.iter().filter_map(move |key| {
        let name = key.path.strip_prefix(&start)?;
        (!name.contains('.')).then_some((name, key))
    })
}

/// What the value of a key must be, and an example of it.
pub(super) fn allowed(path: &str) -> (String, &'static str) {
    match find(path) {
        Some(key) => (key.kind.told(), key.example),
        None => ("another key".to_string(), ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::raw::{FIRST_SEEDS, SCALES, SEEDS, STARTS, UNTILS, schema};
    use crate::runs::run_text::RunText;
    use serde_json::Value;
    use std::collections::BTreeMap;

    fn words(key: &Key) -> &'static [&'static str] {
        match key.kind {
            Word(words) => words,
            _ => &[],
        }
    }

    /// Every key that a schema describes, by its path, with its own schema.
    fn described(schema: &Value) -> BTreeMap<String, (Value, bool)> {
        let mut found = BTreeMap::new();
        describe(schema, schema, "", &mut found);
        found
    }

    fn describe(
        whole: &Value,
        part: &Value,
        path: &str,
        found: &mut BTreeMap<String, (Value, bool)>,
    ) {
        if let Some(name) = part["$ref"].as_str() {
            let part = whole.pointer(name.trim_start_matches('#')).unwrap();
            return describe(whole, part, path, found);
        }
        describe_if(whole, &part["items"], path, found);
        // What may be left out is either itself or nothing.
        for either in part["anyOf"].as_array().into_iter().flatten() {
            describe(whole, either, path, found);
        }
        if part["additionalProperties"].is_object() {
            let every = part["additionalProperties"].clone();
            found.insert(format!("{path}.*"), (every, false));
        }
        for (name, value) in part["properties"].as_object().into_iter().flatten() {
            let path = format!("{path}.{name}").trim_start_matches('.').to_string();
            let required = part["required"].as_array();
            let required = required.is_some_and(|names| names.iter().any(|n| n == name));
            found.insert(path.clone(), (value.clone(), required));
            describe(whole, value, &path, found);
        }
    }

    fn describe_if(
        whole: &Value,
        part: &Value,
        path: &str,
        found: &mut BTreeMap<String, (Value, bool)>,
    ) {
        if part.is_object() {
            describe(whole, part, path, found);
        }
    }

    #[test]
    fn the_keys_told_are_those_read_and_described() {
        let schema = schema();
        let described = described(&schema);
        let mut told: Vec<&str> = KEYS.iter().map(|key| key.path).collect();
        told.sort_unstable();
        assert_eq!(described.keys().collect::<Vec<_>>(), told);
        for (path, (value, required)) in &described {
            let key = find(path).unwrap();
            assert!(
                value["description"].is_string() || path == EVERY_UNION,
                "{path}"
            );
            assert_eq!(*required, key.required, "{path}");
            let range = match key.kind {
                Number(least, most) => (least, most),
                Whole(least, most) if !path.ends_with(".from") && !path.ends_with(".until") => {
                    (least as f64, most as f64)
                }
                _ => continue,
            };
            let bound = |which: &str| value[which].as_f64().expect(path);
            assert_eq!(range, (bound("minimum"), bound("maximum")), "{path}");
        }
        assert_eq!(schema["required"], serde_json::json!(["name"]));
        assert_eq!(schema["additionalProperties"], serde_json::json!(false));
        let of = |key: &str| &described[key].0;
        assert_eq!(of("seeds")["default"], serde_json::json!(20));
        assert_eq!(of("until")["maximum"], serde_json::json!(2060));
        assert_eq!(of("closure")["default"], serde_json::json!("supply"));
    }

    #[test]
    fn the_words_told_are_those_read() {
        let sectors: Vec<&str> = crate::words::Sector::ALL
            .iter()
            .filter(|sector| sector.is_health())
            .map(|sector| sector.id())
            .collect();
        assert_eq!(words(find("risk.sector").unwrap()), sectors);
        for key in &KEYS {
            for word in words(key) {
                let lines = match key.path.rsplit_once('.') {
                    None => format!("{} = \"{word}\"", key.path),
                    Some((table, name)) => table_with(table, name, &format!("\"{word}\"")),
                };
                read(&lines).expect(key.path);
            }
        }
    }

    /// A table of a run file with the examples of all its keys, one of them with another value.
    fn table_with(table: &str, name: &str, value: &str) -> String {
        let mut lines = match find(table).unwrap().kind {
            Tables => format!("[[{table}]]\n"),
            _ => format!("[{table}]\n"),
        };
        if table.starts_with("scenario.") {
            lines = format!("[[scenario]]\nname = \"a\"\n{lines}");
        }
        for (key, is) in children(table) {
            let value = if key == name { value } else { is.example };
            lines += &format!("{key} = {value}\n");
        }
        lines
    }

    fn read(lines: &str) -> Result<crate::runs::raw::RawRun, crate::words::Problem> {
        let name = if lines.starts_with("name") {
            ""
        } else {
            "name = \"a\"\n"
        };
        RunText::parse("a.toml", &format!("{name}{lines}\n")).and_then(|run| run.read())
    }

    #[test]
    fn examples_are_allowed_and_ranges_are_told_in_full() {
        for key in &KEYS {
            match key.path.rsplit_once('.') {
                None => read(&format!("{} = {}", key.path, key.example)).expect(key.path),
                Some(("unions", _)) => read(&format!("unions.a = {}", key.example)).expect("union"),
                Some((table, name)) => read(&table_with(table, name, key.example)).expect(key.path),
            };
        }
        for (key, least, most) in [
            (
                "start",
                STARTS.start().to_string(),
                STARTS.end().to_string(),
            ),
            (
                "until",
                UNTILS.start().to_string(),
                UNTILS.end().to_string(),
            ),
            (
                "scale",
                SCALES.start().to_string(),
                SCALES.end().to_string(),
            ),
            ("seeds", SEEDS.start().to_string(), SEEDS.end().to_string()),
            (
                "first_seed",
                FIRST_SEEDS.start().to_string(),
                FIRST_SEEDS.end().to_string(),
            ),
        ] {
            let message = allowed(key).0;
            assert!(
                message.ends_with(&format!("from {least} to {most}")),
                "{message}"
            );
        }
    }
}
