//! One's own people: checked, run, and only screened tables left behind.

use super::desk::Desk;
use std::collections::{BTreeMap, BTreeSet};

const PEOPLE: &str = "data/microdata/people.csv";

/// The files that a run under disclosure control may leave. A file that is not named here must be
/// shown to be screened before it is.
const SCREENED: [&str; 14] = [
    "bands.csv",
    "bands.parquet",
    "datapackage.json",
    "differences.csv",
    "differences.parquet",
    "draws.csv",
    "draws.parquet",
    "drivers.csv",
    "labels.csv",
    "manifest.json",
    "report.html",
    "uncertainty.csv",
    "uncertainty.parquet",
    "value_of_information.csv",
];

const RUN: &str = "name = \"own\"\nuntil = 2021\nseeds = 2\ndraws = 2\n\
    [[scenario]]\nname = \"more\"\n[[scenario.policy]]\nuse = \"decentralised_nursing_education\"\n";

/// A desk with embedded data and invented people under pseudonyms.
fn desk() -> Desk {
    let desk = Desk::with_data();
    desk.types("data template form").succeeds();
    let text = desk.text("form/people_invented.csv");
    let renamed = text.lines().enumerate().map(|(number, line)| match number {
        0 => format!("{line}\n"),
        _ => {
            let (_, rest) = line.split_once(',').unwrap();
            format!("pseudonym{number:07},{rest}\n")
        }
    });
    let renamed: String = renamed.collect();
    desk.with(PEOPLE, renamed).with("own.toml", RUN)
}

#[test]
fn the_template_has_a_schema_and_never_writes_over_anything() {
    let desk = Desk::new();
    let schema = desk.types("data template").succeeds().out;
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    desk.types("data template form").succeeds();
    assert_eq!(
        desk.names("form"),
        [
            "people_empty.csv",
            "people_invented.csv",
            "people_schema.json"
        ]
    );
    let header = desk.text("form/people_empty.csv");
    let fields = schema["fields"].as_array().unwrap();
    let names: Vec<&str> = fields
        .iter()
        .map(|own| own["name"].as_str().unwrap())
        .collect();
    assert_eq!(header.trim(), names.join(","));
    let again = desk.types("data template form").exits(2);
    assert!(again.err.contains("not empty"), "{}", again.err);
}

#[test]
fn a_sound_folder_is_told_to_be_so_and_a_bad_one_with_all_that_is_wrong() {
    let desk = desk();
    let sound = desk.types("data check data").succeeds();
    assert_eq!(sound.out, "");
    let desk = desk
        .changing(PEOPLE, |text| {
            let mut lines: Vec<String> = text.lines().map(String::from).collect();
            lines[3] = lines[3]
                .replacen("female", "femal", 1)
                .replacen(",male", ",mal", 1);
            lines[9] = lines[9].replacen(",municipal,", ",municipl,", 1) + ",";
            lines.join("\n")
        })
        .changing("data/parameters/death.toml", |text| {
            text.replacen("unit = \"", "unit = \"x", 2)
        })
        .with("data/external/broken.csv", "a,b\n1\n");
    let told = desk.types("data check data").exits(1);
    for words in [
        "people.csv, line 4, sex",
        "people.csv, line 10: 26 values",
        "death.toml, line",
        "broken.csv, line 2",
    ] {
        assert!(told.out.contains(words), "{words}: {}", told.out);
    }
    assert!(told.err.contains("complaints"), "{}", told.err);
    let missing = desk.types("data check nowhere").exits(2);
    assert!(missing.err.contains("no such folder"), "{}", missing.err);
}

#[test]
fn a_run_on_own_people_leaves_screened_tables_alone() {
    let desk = desk();
    let answer = desk.types("run own.toml --data data --out out").succeeds();
    assert!(answer.err.contains("disclosure control"), "{}", answer.err);
    let names: BTreeSet<String> = desk.names("out").into_iter().collect();
    let expected: BTreeSet<String> = SCREENED.map(String::from).into();
    assert_eq!(names, expected);
    for name in &names {
        let bytes = desk.bytes(&format!("out/{name}"));
        let found = bytes.windows(9).any(|own| own == b"pseudonym");
        assert!(!found, "{name} tells a pseudonym");
    }
    let manifest: serde_json::Value =
        serde_json::from_str(&desk.text("out/manifest.json")).unwrap();
    assert_eq!(manifest["microdata_rows"].as_u64().unwrap() % 5, 0);
    assert_eq!(manifest["disclosure"]["rule"]["minimum"], 5);
    assert!(manifest["disclosure"]["hidden"].as_u64().unwrap() > 0);
    let hash = blake3::hash(&desk.bytes(PEOPLE)).to_hex().to_string();
    assert_eq!(manifest["data"]["microdata/people.csv"], hash);
    // No count under the minimum is left, and no hidden count follows from a printed total.
    let bands = desk.text("out/bands.csv");
    let mut by_profession: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut printed = 0;
    let mut rows = csv::Reader::from_reader(bands.as_bytes());
    for row in rows.records() {
        let row = row.unwrap();
        let mean: f64 = row[9].parse().unwrap();
        if &row[8] == "persons" {
            // A balance of flows can be below zero.
            assert!(mean == 0.0 || mean.abs() >= 5.0, "{row:?}");
        }
        if &row[0] == "base" && &row[1] == "2019" && &row[7] == "persons" {
            printed += 1;
            if &row[3] == "all" && &row[4] == "all" {
                let own = by_profession.entry(row[2].to_string()).or_default();
                own.insert(row[5].to_string());
            }
        }
    }
    assert!(printed > 100, "{printed} rows are left");
    let listed = desk.types("list zones --data data").succeeds().out;
    let zones: BTreeSet<&str> = listed
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|id| {
            ["_central", "_middle", "_rural"]
                .iter()
                .any(|end| id.ends_with(end))
        })
        .collect();
    assert!(zones.len() > 30, "{listed}");
    for (profession, own) in &by_profession {
        let hidden = zones.iter().filter(|zone| !own.contains(**zone)).count();
        assert!(hidden != 1 || !own.contains("all"), "{profession}");
    }
    // Nor is a single life told.
    let refused = desk
        .types("explain person 0-2019-1 --run own.toml --data data")
        .exits(2);
    assert!(refused.err.contains("disclosure"), "{}", refused.err);
}

#[test]
fn the_rule_is_the_run_files_to_set() {
    let desk = desk().with(
        "open.toml",
        "name = \"open\"\nuntil = 2020\nseeds = 1\n[disclosure]\nminimum = 0\n",
    );
    desk.types("run open.toml --data data --out open")
        .succeeds();
    assert!(desk.has("open/durations.csv"));
    let desk = desk.with(
        "strict.toml",
        "name = \"strict\"\nuntil = 2020\nseeds = 1\n[disclosure]\nminimum = 20\nround_to = 10\n",
    );
    desk.types("run strict.toml --data data --out strict")
        .succeeds();
    let rows = |name: &str| desk.text(name).lines().count();
    assert!(rows("strict/bands.csv") < rows("open/bands.csv"));
    let text = desk.text("strict/bands.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    for row in reader.records() {
        let row = row.unwrap();
        if matches!(&row[8], "persons" | "fte") {
            let mean: f64 = row[9].parse().unwrap();
            assert_eq!(mean % 10.0, 0.0, "{row:?}");
        }
    }
    let bad = desk
        .with(
            "bad.toml",
            "name = \"bad\"\n\n[disclosure]\nminimum = 5000\n",
        )
        .types("run bad.toml")
        .exits(2);
    assert!(bad.err.contains("line 4"), "{}", bad.err);
}

/// A run on the embedded data under a rule, as small as it can be.
fn ruled(rule: &str) -> Desk {
    let text = format!(
        "name = \"ruled\"\nscale = 0.05\nuntil = 2021\nseeds = 2\ndraws = 9\n\
         measures = [\"persons\", \"supply_fte\"]\nbreakdowns = [[], [\"profession\"]]\n\
         [disclosure]\n{rule}"
    );
    Desk::new().with("ruled.toml", text)
}

#[test]
fn rounding_reaches_every_level_and_what_would_undo_it_is_withheld() {
    let desk = ruled("minimum = 5\nround_to = 7\n");
    desk.types("run ruled.toml --out out").succeeds();
    let names = desk.names("out");
    for withheld in ["draws.csv", "draws.parquet"] {
        assert!(!names.iter().any(|own| own == withheld), "{names:?}");
    }
    let rows = |name: &str| -> Vec<BTreeMap<String, String>> {
        let text = desk.text(&format!("out/{name}"));
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        reader.deserialize().map(Result::unwrap).collect()
    };
    let (mut compared, mut told) = (0, 0);
    for (name, columns) in [
        ("bands.csv", &["mean", "p025", "p50", "p975"][..]),
        ("uncertainty.csv", &["mean", "sim_low", "sim_high"][..]),
    ] {
        for row in rows(name) {
            for column in columns.iter().filter(|column| !row[**column].is_empty()) {
                let level: f64 = row[*column].parse().unwrap();
                assert_eq!(level % 7.0, 0.0, "{name} {column} {row:?}");
                compared += 1;
            }
        }
    }
    assert!(compared > 300, "{compared} figures");
    for row in rows("drivers.csv") {
        assert_eq!((&row["low_end"][..], &row["high_end"][..]), ("", ""));
        told += 1;
    }
    // The same without rounding tells both.
    let desk = ruled("minimum = 5\n");
    desk.types("run ruled.toml --out out").succeeds();
    assert!(desk.has("out/draws.csv"));
    let drivers = desk.text("out/drivers.csv");
    assert_eq!(drivers.lines().count(), told + 1);
}

#[test]
fn units_of_a_run_that_is_not_whole_are_marked_as_unscreened() {
    let desk = ruled("minimum = 5\n");
    for shard in ["1", "2"] {
        desk.types(&format!("run ruled.toml --shard {shard}/2 --out {shard}"))
            .succeeds()
            .says(&["kept unscreened", "UNSCREENED.txt"]);
        let notice = desk.text(&format!("{shard}/units/UNSCREENED.txt"));
        for piece in ["must not leave the", "secure zone", "sikker sone"] {
            assert!(notice.contains(piece), "{notice}");
        }
        assert_eq!(desk.text(&format!("{shard}/units/.gitignore")), "*\n");
    }
    // Taken up and merged as ever; nothing unscreened is left beside the results.
    desk.types("run ruled.toml --shard 1/2 --out 1 --resume")
        .succeeds();
    for flag in ["", " --keep-units"] {
        desk.types(&format!("merge 1 2 --out all --force{flag}"))
            .succeeds();
        assert!(!desk.has("all/units"), "{:?}", desk.names("all/units"));
        assert!(desk.has("all/bands.csv"));
    }
    let desk = ruled("minimum = 0\n");
    desk.types("run ruled.toml --out out").succeeds();
    assert!(desk.has("out/units/plan.json") && !desk.has("out/units/UNSCREENED.txt"));
}
