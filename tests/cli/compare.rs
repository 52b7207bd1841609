//! `stabil compare`: the table of a run with scenarios, its files, and what it refuses.

use super::desk::{Answer, Desk};
use super::results::{hash, manifest};
use std::collections::BTreeMap;

const POLICY: &str = r#"
[[policy]]
id = "northern_places"
name_nb = "Sykepleieplasser i Finnmark"
name_en = "Nursing places in Finnmark"
family = "education"
grade = "D"
reasoning = "A number of places is what it says; there is no size of an effect to judge here."
from = 2020

[[policy.study_places]]
programme = "nursing"
track = "campus"
zone = "finnmark"
change = 400

[policy.cost]
per_place_year = 1000.0
reasoning = "Invented."
"#;

const RUN: &str = r#"
name = "mine"
scale = 0.02
seeds = 2
until = 2025
breakdowns = [[], ["profession"], ["zone"], ["profession", "zone"]]
measures = ["supply_fte", "persons"]
policy_files = ["policy.toml"]

[[scenario]]
name = "north"
[[scenario.policy]]
use = "northern_places"

[[scenario]]
name = "nothing"
"#;

const FILES: [&str; 12] = [
    "acceptability.csv",
    "bands.csv",
    "bands.parquet",
    "differences.csv",
    "differences.parquet",
    "durations.csv",
    "effects.csv",
    "policies.csv",
    "reached.csv",
    "retention.csv",
    "uncertainty.csv",
    "uncertainty.parquet",
];

fn desk() -> (Desk, Answer) {
    let desk = Desk::new()
        .with("policy.toml", POLICY)
        .with("mine.toml", RUN);
    let answer = desk.types("run mine.toml --out out").succeeds();
    (desk, answer)
}

/// The rows of a results file, by the names of the columns.
fn rows(desk: &Desk, file: &str) -> Vec<BTreeMap<String, String>> {
    let bytes = desk.bytes(file);
    let mut reader = csv::Reader::from_reader(&bytes[..]);
    reader.deserialize().map(Result::unwrap).collect()
}

#[test]
fn a_run_with_scenarios_is_told_by_its_folder() {
    let (desk, answer) = desk();
    let mut names = FILES.to_vec();
    names.insert(7, "manifest.json");
    names.insert(10, "report.html");
    assert_eq!(desk.names("out"), names);
    let told = manifest(&desk, "out");
    assert_eq!(told["results"].as_object().unwrap().len(), FILES.len());
    for file in FILES {
        assert_eq!(
            told["results"][file],
            hash(&desk, &format!("out/{file}")),
            "{file}"
        );
    }
    let page = desk
        .types("compare out")
        .succeeds()
        .says_nothing()
        .writes_nothing();
    assert!(
        answer.out.ends_with(&page.out),
        "the run ends with it{}",
        answer.told()
    );
    assert!(
        page.out.contains("nothing is changed in any run"),
        "{}",
        page.out
    );
    let bands = rows(&desk, "out/bands.csv");
    let scenarios: Vec<&str> = bands
        .chunk_by(|a, b| a["scenario"] == b["scenario"])
        .map(|rows| rows[0]["scenario"].as_str())
        .collect();
    assert_eq!(scenarios, ["base", "north", "nothing"]);
    // Three years of study at 1000 NOK each; nobody else is paid for.
    let policies = rows(&desk, "out/policies.csv");
    let costs: Vec<&str> = policies
        .iter()
        .map(|row| row["cost_mean"].as_str())
        .collect();
    assert_eq!(
        costs,
        [
            "400000", "800000", "1200000", "1200000", "1200000", "1200000"
        ]
    );
    let effects = rows(&desk, "out/effects.csv");
    let effect = |scenario: &str, measure: &str, zone: &str| -> f64 {
        let found = effects.iter().find(|row| {
            row["scenario"] == scenario
                && row["measure"] == measure
                && row["zone"] == zone
                && row["sector"] == "all"
        });
        found.unwrap()["mean"].parse().unwrap()
    };
    assert_eq!(effect("north", "cost", "all"), 6_000_000.0);
    assert!(effect("north", "fte_years", "target") > 0.0);
    assert_eq!(effect("nothing", "fte_years", "all"), 0.0);
    // The parts make up the whole, and the ledger agrees with the output cells.
    for measure in ["fte_years", "fte_last_year", "persons_last_year"] {
        let of = |zone: &str| effect("north", measure, zone);
        let parts = ["target", "other_central", "other_middle", "other_rural"];
        let sum: f64 = parts.map(of).iter().sum();
        assert!(
            (sum - of("all")).abs() < 0.01 * of("all").abs(),
            "{measure}: {sum}"
        );
    }
    let differences = rows(&desk, "out/differences.csv");
    let last: f64 = differences
        .iter()
        .find(|row| {
            row["scenario"] == "north"
                && row["year"] == "2025"
                && row["profession"] == "all"
                && row["measure"] == "supply_fte"
                && row["zone"] == "rural"
        })
        .unwrap()["mean"]
        .parse()
        .unwrap();
    assert!((last - effect("north", "fte_last_year", "rural")).abs() < 1e-3 * last.abs());
}

#[test]
fn the_choice_is_told_and_nothing_else() {
    let (desk, _) = desk();
    let words = "compare out --scenario north --profession nurse --zone finnmark --year 2025";
    let page = desk.types(words).succeeds();
    let lines: Vec<&str> = page
        .out
        .lines()
        .filter(|line| line.contains("2025  "))
        .collect();
    assert_eq!(lines.len(), 1, "{}", page.out);
    assert!(
        lines[0].trim_start().starts_with("finnmark"),
        "{}",
        lines[0]
    );
    assert!(!page.out.contains("nothing"), "{}", page.out);
}

#[test]
fn what_is_not_there_is_refused_with_a_hint() {
    Desk::new()
        .types("compare nowhere")
        .refuses(&["nowhere", "no such folder", "hint: "]);
    let (desk, _) = desk();
    for (words, file, hint) in [
        ("--scenario nort", "effects.csv", "did you mean \"north\"?"),
        (
            "--profession nurze",
            "differences.csv",
            "did you mean \"nurse\"?",
        ),
        (
            "--zone finmark",
            "differences.csv",
            "did you mean \"finnmark\"?",
        ),
        (
            "--measure person",
            "differences.csv",
            "did you mean \"persons\"?",
        ),
        ("--sector hospital", "differences.csv", "valid: all"),
        ("--year 2031", "differences.csv", "2019 to 2025"),
    ] {
        desk.types(&format!("compare out {words}"))
            .refuses(&[file, "hint: ", hint]);
    }
    // Without scenarios there is nothing to compare, and what an earlier run left is gone.
    desk.types("run quick --scale 0.02 --seeds 1 --until 2020 --out out --force")
        .succeeds();
    assert_eq!(
        desk.names("out"),
        [
            "bands.csv",
            "bands.parquet",
            "durations.csv",
            "manifest.json",
            "report.html"
        ]
    );
    desk.types("compare out")
        .refuses(&["not the results of a run with scenarios", "[[scenario]]"]);
}

#[test]
fn without_zones_and_supply_the_run_says_what_is_missing() {
    let run = RUN
        .replace("[\"supply_fte\", \"persons\"]", "[\"persons\"]")
        .replace(
            "[\"zone\"], [\"profession\", \"zone\"]",
            "[\"profession\", \"grade\"]",
        );
    let desk = Desk::new()
        .with("policy.toml", POLICY)
        .with("mine.toml", run);
    desk.types("run mine.toml --out out")
        .succeeds()
        .prints(&["Nothing is told of supply_fte"]);
    let page = desk.types("compare out --measure persons").succeeds();
    assert!(
        page.out.contains("add the breakdown [\"zone\"]"),
        "{}",
        page.out
    );
}

#[test]
fn threads_do_not_change_a_byte_of_a_comparison() {
    let (desk, _) = desk();
    desk.types("run mine.toml --threads 1 --out one").succeeds();
    for file in FILES {
        let [one, other] = ["out", "one"].map(|folder| desk.bytes(&format!("{folder}/{file}")));
        assert!(one == other, "{file} differs");
    }
}
