//! The commands beside `run`: lists, schema, completions, checks, help.

use super::desk::{Answer, Desk};
use serde_json::Value;

/// Types words that only print.
#[track_caller]
fn printed(words: &str) -> Answer {
    Desk::new()
        .types(words)
        .succeeds()
        .says_nothing()
        .writes_nothing()
}

/// The cells of a column in a printed table, below its header, to the next column or the end.
fn column<'a>(table: &'a str, name: &str) -> Vec<&'a str> {
    let header = table.lines().next().unwrap();
    let start = header.find(name).unwrap();
    let is_in_row = |line: &&str| !line.is_empty();
    let rows = table.lines().skip(1).take_while(is_in_row);
    rows.map(|row| {
        let rest = row
            .char_indices()
            .nth(start)
            .map_or("", |(at, _)| &row[at..]);
        rest.split("  ").next().unwrap()
    })
    .collect()
}

#[test]
fn professions_are_listed_with_their_grades() {
    let answer = printed("list professions").prints(&["Nurse", "Sykepleier", "midwife"]);
    let names = column(&answer.out, "profession");
    assert!(names.len() >= 15, "{names:?}");
    assert!(names.contains(&"nurse"));
}

#[test]
fn programmes_are_listed_with_what_they_lead_to() {
    let answer = printed("list programmes").prints(&["Sykepleie", "grants", "tracks"]);
    assert!(column(&answer.out, "programme").contains(&"nursing"));
    let grants = column(&answer.out, "grants");
    assert!(grants.contains(&"nurse"), "{grants:?}");
}

#[test]
fn measures_are_listed_with_their_units() {
    let answer = printed("list measures");
    let names = column(&answer.out, "measure");
    for name in ["supply_fte", "turnover_municipal_broad", "leavers_death"] {
        assert!(names.contains(&name), "{names:?}");
    }
    let units = column(&answer.out, "unit");
    let known = |unit: &&str| {
        let counted = ["persons", "fte", "years", "nok_million"];
        let relative = ["fraction", "ratio", "probability"];
        counted.contains(unit) || relative.contains(unit)
    };
    assert!(units.iter().all(known), "{units:?}");
}

#[test]
fn parameters_are_listed_with_grade_and_facts() {
    let answer = printed("list parameters");
    let names = column(&answer.out, "parameter");
    assert!(names.len() > 100 && names.contains(&"death.ratio"));
    let grades = column(&answer.out, "grade");
    let facts = column(&answer.out, "facts");
    assert_eq!(grades.len(), names.len());
    for ((name, grade), facts) in names.iter().zip(grades).zip(facts) {
        assert!(["A", "B", "C", "D"].contains(&grade), "{name}: {grade}");
        assert!(grade == "D" || !facts.is_empty(), "{name} rests on nothing");
    }
}

#[test]
fn runs_are_listed_and_are_the_default_list() {
    let answer = printed("list runs").prints(&["2019-2040", "county_group"]);
    let names = column(&answer.out, "run");
    assert!(names.is_sorted(), "{names:?}");
    for name in ["baseline", "quick", "vacancy", "decentralised", "mentoring"] {
        assert!(names.contains(&name), "{names:?}");
    }
    assert!(names.len() >= 13, "{names:?}");
    assert_eq!(printed("list").out, answer.out);
}

#[test]
fn the_schema_describes_every_key_of_a_run_file() {
    let schema: Value = serde_json::from_str(&printed("schema").out).unwrap();
    let baseline: toml::Table = include_str!("../../runs/baseline.toml").parse().unwrap();
    assert!(baseline.len() >= 10);
    for key in baseline.keys() {
        let described = &schema["properties"][key]["description"];
        assert!(described.is_string(), "{key}: {described}");
    }
    let text = schema.to_string();
    for key in [
        "closure",
        "surplus",
        "health_improvement",
        "unions",
        "understaffed_below",
        "study_places",
        "self_sufficiency",
    ] {
        assert!(text.contains(&format!("\"{key}\":{{")), "{key}");
    }
}

#[test]
fn every_shell_gets_its_completions() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        printed(&format!("completions {shell}")).prints(&["stabil", "explain"]);
    }
    Desk::new()
        .types("completions bsh")
        .refuses(&["bsh", "bash"]);
}

#[test]
fn the_base_population_meets_its_margins() {
    let answer = printed("check base").prints(&["supply FTE", " 0 failed"]);
    assert!(!answer.out.contains("FAIL"), "{}", answer.told());
}

#[test]
fn margins_that_are_missed_are_told_and_counted() {
    // One person in a hundred is too few to meet every margin.
    let answer = Desk::new().types("check base --scale 0.01").exits(1);
    let missed = answer.out.lines().filter(|line| line.ends_with("FAIL"));
    let count = format!(" {} failed", missed.count());
    answer.prints(&[&count, "FAIL"]).says_nothing();
}

#[test]
fn a_simulated_run_keeps_its_books() {
    let answer = printed("check run --scale 0.05").prints(&["people + entries", " 0 failed"]);
    assert!(!answer.out.contains("FAIL"), "{}", answer.told());
}

#[test]
fn help_tells_commands_and_exit_codes() {
    for words in ["--help", "-h", "help"] {
        printed(words).prints(&[
            "run",
            "check",
            "list",
            "explain",
            "Exit codes",
            "0    done",
            "1    a check failed",
            "2    bad input or usage",
            "3    could not write",
            "130  interrupted",
        ]);
    }
}

#[test]
fn every_command_has_help() {
    for (command, told) in [
        ("run", "--seeds"),
        ("check", "--scale"),
        ("list", "--zones"),
        ("explain", "person"),
        ("explain person", "STREAM-YEAR-NUMBER"),
        ("schema", "Usage"),
        ("data", "export"),
        ("data export", "DIR"),
        ("completions", "SHELL"),
    ] {
        printed(&format!("{command} --help")).prints(&[told]);
    }
}

#[test]
fn the_version_is_told() {
    let version = format!("stabil {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(printed("--version").out, version);
}

#[test]
fn data_and_messages_go_separate_ways() {
    let desk = Desk::new();
    let run = "run quick --scale 0.02 --seeds 1 --until 2020";
    let loud = desk.types(&format!("{run} --out loud")).succeeds();
    assert!(!loud.out.contains("results in"), "{}", loud.told());
    let loud = loud.says(&["results in loud"]).prints(&["Supply"]);
    assert!(!loud.err.contains("Supply"), "{}", loud.told());
    for quiet in ["--quiet", "-q"] {
        desk.types(&format!("{run} {quiet} --out out{quiet}"))
            .succeeds()
            .says_nothing();
    }
    assert_eq!(
        desk.bytes("loud/bands.csv"),
        desk.bytes("out--quiet/bands.csv")
    );
}

#[test]
fn quiet_does_not_silence_errors() {
    Desk::new()
        .types("run quik --quiet")
        .refuses(&["did you mean \"quick\"?"]);
}
