//! Draws, variants and precision, as their users meet them.

use super::desk::Desk;
use super::results::{Bands, manifest};

const RUN: &str = "name = \"mine\"\nscale = 0.02\nuntil = 2021\nseeds = 2\n\
                   breakdowns = [[], [\"profession\"]]\nmeasures = [\"supply_fte\", \"persons\"]\n";

fn desk(lines: &str) -> Desk {
    Desk::new().with("mine.toml", format!("{RUN}{lines}"))
}

#[test]
fn variants_stand_beside_the_pooled_rows() {
    let lines = "draws = 3\n[[variant]]\nname = \"one\"\n[[variant]]\nname = \"two\"\n\
                 closure = \"vacancy\"\n[[scenario]]\nname = \"nothing\"\n";
    let desk = desk(lines);
    desk.types("run mine.toml --out out")
        .succeeds()
        .prints(&["uncertain parameters (3 draws), 2 structural"]);
    let bytes = desk.bytes("out/bands.csv");
    let mut reader = csv::Reader::from_reader(&bytes[..]);
    let mut runs = std::collections::BTreeMap::new();
    for row in reader.records() {
        let row = row.unwrap();
        runs.insert(row[0].to_string(), row[19].to_string());
    }
    let expected = [
        ("base", "12"),
        ("base@one", "6"),
        ("base@two", "6"),
        ("nothing", "12"),
        ("nothing@one", "6"),
        ("nothing@two", "6"),
    ];
    let found = runs
        .iter()
        .map(|(name, runs)| (name.as_str(), runs.as_str()));
    assert_eq!(found.collect::<Vec<_>>(), expected);
    let manifest = manifest(&desk, "out");
    assert_eq!(manifest["variants"], serde_json::json!(["one", "two"]));
    assert_eq!(manifest["draws"].as_array().unwrap().len(), 3);
    assert_eq!(manifest["runs"], 24);
    let hidden = desk
        .names("out")
        .into_iter()
        .filter(|name| name.starts_with('.'));
    assert_eq!(hidden.count(), 0);
}

#[test]
fn precision_stops_after_whole_batches_and_says_so() {
    let desk = desk("draws = 30\n").with("mine.txt", "");
    let mut command = desk.command("run mine.toml --seeds 1 --out out --precision");
    command.arg("supply_fte:nurse:2021 < 100000");
    desk.starts(command)
        .succeeds()
        .says(&["precision reached", "after 10 draws of 30"]);
    assert_eq!(Bands::read(&desk, "out").values("runs"), ["10"]);
    let told = manifest(&desk, "out");
    assert_eq!(told["precision"]["reached"], true);
    assert_eq!(told["draws"].as_array().unwrap().len(), 10);
    assert_eq!(told["complete"], true);

    let mut command = desk.command("run mine.toml --seeds 1 --draws 4 --out far --precision");
    command.arg("supply_fte:nurse:2021 < 0.5");
    desk.starts(command)
        .succeeds()
        .says(&["precision not reached", "it would take about"]);
    let told = manifest(&desk, "far");
    assert!(told["precision"]["draws_needed"].as_u64().unwrap() > 4);
}

#[test]
fn what_cannot_be_is_refused() {
    desk("draws = 5000\n")
        .types("run mine.toml --out out")
        .refuses_at(
            "mine.toml",
            7,
            &["draws = 5000", "the posterior has", "hint:"],
        );
    desk("")
        .types("run mine.toml --draws 5000 --out out")
        .refuses(&["--draws = 5000", "the posterior has"]);
    desk("draws = 5\nparameters = \"evidence\"\n")
        .types("run mine.toml --out out")
        .refuses_at("mine.toml", 7, &["no fit to draw from"]);
    desk("[[variant]]\nname = \"a\"\nclosur = \"supply\"\n")
        .types("run mine.toml --out out")
        .refuses_at(
            "mine.toml",
            9,
            &["unknown key", "did you mean \"closure\"?"],
        );
    for (wish, told) in [
        ("supply_fta:2021 < 5", "did you mean \"supply_fte\"?"),
        ("supply_fte:nurze:2021 < 5", "did you mean \"nurse\"?"),
        ("supply_fte:2050 < 5", "from 2019 to 2021"),
    ] {
        let desk = desk("draws = 5\n");
        let mut command = desk.command("run mine.toml --out out --precision");
        command.arg(wish);
        desk.starts(command).refuses(&["--precision", told]);
    }
    let desk = desk("");
    let mut command = desk.command("run mine.toml --out out --precision");
    command.arg("supply_fte:2021 < 5");
    desk.starts(command)
        .refuses(&["fewer than two", "--draws 300"]);
}
