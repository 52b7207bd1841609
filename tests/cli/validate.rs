//! `stabil validate`: the scorecard, its files, and what its exit code rests on.

use super::desk::Desk;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Few draws of few people: the words are tried here, not the model.
const QUICK: &str = "validate --draws 4 --scale 0.02 --out out";

/// Headings of the page, in order.
const HEADINGS: [&str; 8] = [
    "Scorecard of stabil",
    "Judged",
    "Internal: the books",
    "Fitted targets",
    "Facts kept back",
    "Cross-model: HELSEMOD",
    "Hindcast 2011-2021",
    "Hindcast 2015-2021",
];

fn rows(desk: &Desk) -> Vec<csv::StringRecord> {
    let bytes = desk.bytes("out/scorecard.csv");
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    reader.records().map(Result::unwrap).collect()
}

#[test]
fn the_scorecard_has_its_form_and_its_files_agree() {
    let desk = Desk::new();
    let answer = desk.types(QUICK).says(&["results in out"]);
    let mut rest = answer.out.as_str();
    for heading in HEADINGS {
        let at = rest.find(heading);
        let at = at.unwrap_or_else(|| panic!("{heading} in its place: {}", answer.out));
        rest = &rest[at + heading.len()..];
    }
    let names = ["scorecard.csv", "scorecard.json", "scorecard.md"];
    assert_eq!(desk.names("out"), names);
    let header = desk.text("out/scorecard.csv");
    let columns = "rung,what,model,p025,p975,reference,demand,tolerance,weight,passes,crps,note";
    assert_eq!(header.lines().next(), Some(columns));
    let rows = rows(&desk);
    let all: Value = serde_json::from_slice(&desk.bytes("out/scorecard.json")).unwrap();
    let rungs = all["rungs"].as_array().unwrap();
    let lines = rungs
        .iter()
        .map(|own| own["lines"].as_array().unwrap().len());
    assert_eq!(lines.sum::<usize>(), rows.len());
    let failed = rows
        .iter()
        .filter(|row| &row[8] == "judged" && &row[9] == "false");
    let failed = failed.count();
    assert_eq!(all["failed"], failed);
    assert_eq!(
        answer.code,
        Some(i32::from(failed > 0)),
        "{}",
        answer.told()
    );
    assert_eq!(
        answer.out.matches("  FAIL").count(),
        2 * failed,
        "{}",
        answer.out
    );
    // The books hold at any scale.
    let books: Vec<_> = rows.iter().filter(|row| &row[0] == "internal").collect();
    assert!(
        books.len() == 3 && books.iter().all(|row| &row[9] == "true"),
        "{books:?}"
    );
}

#[test]
fn every_fact_and_every_series_is_told_one_by_one() {
    let desk = Desk::with_data();
    let answer = desk.types(&format!("{QUICK} --data data"));
    let rows = rows(&desk);
    for (file, rungs) in [
        ("data/targets.toml", &["targets", "kept_back"][..]),
        ("data/hindcast/series_2011.toml", &["hindcast_2011"]),
        ("data/hindcast/series_2015.toml", &["hindcast_2015"]),
    ] {
        let table: toml::Table = desk.text(file).parse().unwrap();
        for target in table["target"].as_array().unwrap() {
            let name = target["name"].as_str().unwrap();
            let told = rows.iter().filter(|row| &row[1] == name);
            let places: Vec<&str> = told.map(|row| &row[0]).collect();
            assert!(
                places.len() == 1 && rungs.contains(&places[0]),
                "{name}: {places:?}"
            );
            if places == ["kept_back"] {
                assert!(answer.out.contains(name), "{name} is hidden");
            }
        }
    }
    let supply = rows
        .iter()
        .filter(|row| row[1].starts_with("supply FTE 2040, "));
    assert_eq!(supply.count(), 14);
    // Every miss of the national projection has its difference in assumptions told.
    let unexplained = rows.iter().find(|row| row[1].starts_with("misses without"));
    assert_eq!(&unexplained.unwrap()[2], "0");
}

#[test]
fn the_same_again_on_one_thread() {
    let desk = Desk::new();
    let _ = desk.types(QUICK);
    let mut command = desk.command("validate --draws 4 --scale 0.02 --out alone");
    command.env("RAYON_NUM_THREADS", "1");
    let _ = desk.starts(command);
    for name in ["scorecard.csv", "scorecard.json", "scorecard.md"] {
        let (out, alone) = (format!("out/{name}"), format!("alone/{name}"));
        assert!(desk.bytes(&out) == desk.bytes(&alone), "{name} differs");
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy(&path, &target),
            false => drop(fs::copy(&path, &target).unwrap()),
        }
    }
}

/// The invented country with a fitted target and one kept back, at these values.
fn country(fitted: f64, kept: f64) -> Desk {
    let desk = Desk::new();
    let tiny = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tiny");
    copy(&tiny, &desk.path("data"));
    let target = |name: &str, profession: &str, value: f64, used: &str| {
        format!(
            "[[target]]\nname = \"{name}\"\nmeasure = \"mean_position\"\n\
             profession = \"{profession}\"\nyears = [2020]\nvalue = {value:?}\n\
             error = {{ sampling = 0.0, definition = 0.2, age = 0.0 }}\nfamily = \"position\"\n\
             use = \"{used}\"\nfacts = [\"external:life_table_2019_2021.csv\"]\n\
             reasoning = \"invented, like the country\"\n"
        )
    };
    let text = target("fitted", "helper", fitted, "fit")
        + &target("kept", "herb_doctor", kept, "validate");
    desk.with("data/targets.toml", text)
}

#[test]
fn a_line_outside_its_tolerance_gives_exit_code_1() {
    let words = "validate --data data --draws 2 --scale 1 --out out";
    let sound = country(0.75, 0.85).types(words).succeeds();
    let sound = sound.prints(&["0 outside", "no posterior.parquet", "Nothing to compare"]);
    assert!(!sound.out.contains("FAIL"), "{}", sound.out);
    let moved = country(7.5, 0.85).types(words).exits(1);
    let _ = moved.prints(&["share of 1 targets", "1 outside", "FAIL"]);
    let moved = country(0.75, 8.5).types(words).exits(1);
    let _ = moved.prints(&["coverage of 1 facts by 95 %", "1 outside", "FAIL"]);
}

#[test]
fn bad_differences_and_too_few_draws_are_refused() {
    let desk = Desk::with_data().changing("data/differences.toml", |text| {
        text.replacen("\"dentist\"", "\"dentits\"", 1)
    });
    let line = desk.line_of("data/differences.toml", "dentits");
    desk.types(&format!("{QUICK} --data data")).refuses_at(
        "differences.toml",
        line,
        &["profession", "did you mean \"dentist\"?"],
    );
    Desk::new()
        .types("validate --draws 1")
        .refuses(&["2..=10000"]);
}
