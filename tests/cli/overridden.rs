//! Parameters set by hand: they act, every output says by whom, when and why, they are part of what
//! a unit is made by, and what cannot be is refused at its line.

use super::desk::Desk;
use super::results::{Bands, manifest};
use std::fs;

/// How much more readily those on long sick leave die than others.
const NAME: &str = "death.status[sick_leave]";

fn entry(lines: &[(&str, &str)]) -> String {
    let mut keys = vec![
        ("parameter", "\"death.status[sick_leave]\""),
        ("value", "60.5"),
        ("name", "\"Kari Nordmann\""),
        ("date", "\"2026-05-17\""),
        ("reason", "\"Survey of <leavers> & stayers\""),
    ];
    for (key, value) in lines {
        keys.retain(|own| own.0 != *key);
        if !value.is_empty() {
            keys.push((key, value));
        }
    }
    let keys: String = keys
        .iter()
        .map(|(key, value)| format!("{key} = {value}\n"))
        .collect();
    format!("[[override]]\n{keys}")
}

fn run(entries: &str) -> String {
    format!(
        "name = \"mine\"\nscale = 0.02\nuntil = 2022\nseeds = 4\ndraws = 2\n\
         breakdowns = [[], [\"profession\"]]\n{entries}"
    )
}

#[test]
fn every_output_says_who_set_it_when_and_why() {
    let desk = Desk::new()
        .with("mine.toml", run(&entry(&[])))
        .with("as_it_is.toml", run(""));
    desk.types("run as_it_is.toml --out as_it_is").succeeds();
    desk.types("run mine.toml --out out")
        .succeeds()
        .says(&["set by hand", NAME, "manifest.json"])
        .prints(&[
            "Set by hand",
            NAME,
            "60.5 odds ratio",
            "Kari Nordmann",
            "2026-05-17",
            "Survey of <leavers> & stayers",
        ]);
    let told = &manifest(&desk, "out")["overrides"];
    assert_eq!(told.as_array().map(Vec::len), Some(1));
    for (key, value) in [
        ("parameter", NAME),
        ("name", "Kari Nordmann"),
        ("date", "2026-05-17"),
        ("reason", "Survey of <leavers> & stayers"),
        ("unit", "odds ratio"),
    ] {
        assert_eq!(told[0][key], value, "{key}");
    }
    assert_eq!(told[0]["value"], 60.5);
    assert!(told[0]["evidence"].as_f64().unwrap() < 60.5);
    let page = desk.text("out/report.html");
    for piece in [
        "Satt for hånd",
        "Kari Nordmann",
        "2026-05-17",
        "Survey of &lt;leavers&gt; &amp; stayers",
    ] {
        assert!(page.contains(piece), "not on the page: {piece}");
    }
    let none = manifest(&desk, "as_it_is");
    assert_eq!(none["overrides"], serde_json::json!([]));
    assert!(!desk.text("as_it_is/report.html").contains("Satt for hånd"));
    // Far more of those on sick leave die, in every draw.
    let left = |folder: &str| {
        let bands = Bands::read(&desk, folder);
        bands.mean(2022, ["all", "all", "all", "all", "leavers_death"])
    };
    let (with, without) = (left("out"), left("as_it_is"));
    assert!(with > 1.2 * without, "{with} against {without}");
}

#[test]
fn units_of_a_run_with_others_are_refused() {
    let desk = Desk::new().with("mine.toml", run(&entry(&[])));
    desk.types("run mine.toml --shard 1/2 --out one").succeeds();
    fs::write(
        desk.path("mine.toml"),
        run(&entry(&[("value", "2.0"), ("reason", "\"Another\"")])),
    )
    .unwrap();
    let piece = "override[1].value: 60.5, now 2.0";
    desk.types("run mine.toml --shard 1/2 --out one --resume")
        .refuses(&[piece, "override[1].reason"]);
    desk.types("run mine.toml --shard 2/2 --out two").succeeds();
    desk.types("merge one two --out all")
        .refuses(&["override[1].value", "60.5", "2.0"]);
    fs::write(desk.path("mine.toml"), run("")).unwrap();
    desk.types("run mine.toml --shard 1/2 --out one --resume")
        .refuses(&["override[1].parameter", NAME, "now not there"]);
}

#[test]
fn what_cannot_be_is_refused_at_its_line() {
    for (lines, line, pieces) in [
        (
            vec![("parameter", "\"death.statsu[sick_leave]\"")],
            12,
            vec!["no parameter has this name", "did you mean", NAME],
        ),
        (
            vec![("value", "-1.0")],
            12,
            vec!["odds ratio", "above 0", "the evidence gives"],
        ),
        (vec![("value", "\"high\"")], 12, vec!["a number"]),
        (
            vec![("date", "\"2026-02-30\"")],
            12,
            vec!["a day as YYYY-MM-DD"],
        ),
        (vec![("reason", "\" \"")], 12, vec!["a reason"]),
        (vec![("reason", "")], 7, vec!["reason", "missing"]),
        (vec![("name", "")], 7, vec!["name", "missing"]),
        (vec![("why", "\"b\"")], 13, vec!["unknown key"]),
    ] {
        let desk = Desk::new().with("mine.toml", run(&entry(&lines)));
        let found = desk.types("run mine.toml --out out");
        found.refuses_at("mine.toml", line, &pieces);
    }
    let twice = entry(&[]) + &entry(&[]);
    Desk::new()
        .with("mine.toml", run(&twice))
        .types("run mine.toml --out out")
        .refuses_at("mine.toml", 14, &["set by hand twice"]);
}
