//! Closure, need, unions, questions about risk and levers: how run files and flags give them, and
//! what is told of those that are wrong.

use super::desk::Desk;
use super::results::manifest;
use serde_json::{Value, json};

const SMALL: &str = "--scale 0.02 --seeds 1 --until 2020 --out out -q";
const PEOPLE: &str = "data/external/pop_municipality_age5_sex_2020.csv";
const MUNICIPALITIES: &str = "data/external/municipalities_2024.csv";
const NAME: &str = "name = \"mine\"\n";
const RISK: &str =
    "[[risk]]\nprofessions = [\"midwife\"]\nzones = [\"finnmark\"]\nfewer_than = 5\n";

/// Carries out a run file with these lines below its name and gives the settings it had.
#[track_caller]
fn settings(lines: &str, flags: &str) -> Value {
    let desk = Desk::new().with("mine.toml", format!("{NAME}{lines}"));
    desk.types(&format!("run mine.toml {SMALL} {flags}"))
        .succeeds();
    manifest(&desk, "out")["settings"].clone()
}

/// Carries out a run file with these lines below its name and expects a complaint.
#[track_caller]
fn refuses(lines: &str, line: usize, pieces: &[&str]) {
    Desk::new()
        .with("mine.toml", format!("{NAME}{lines}"))
        .types(&format!("run mine.toml {SMALL}"))
        .refuses_at("mine.toml", line, pieces);
}

#[test]
fn every_setting_is_taken_and_written_down() {
    let lines = format!(
        "closure = \"vacancy\"\nsurplus = \"absorbed\"\n[need]\nscenario = \"low\"\n\
         service_standard = 0.01\nproductivity = -0.005\ninformal_care = \"constant_share\"\n\
         health_improvement = 0\n[unions]\nrural_north = [\"troms_rural\", \"finnmark_rural\"]\n\
         {RISK}sector = \"municipal\"\n{}understaffed_below = 1\n\
         [[levers.recruitment_stop]]\ncountry_groups = [\"who_list\"]\nfrom = 2026\n",
        RISK.replace("finnmark", "rural_north")
    );
    let settings = settings(&lines, "");
    let conditions = &settings["conditions"];
    assert_eq!(conditions["closure"], "vacancy");
    assert_eq!(conditions["surplus"], "absorbed");
    let need = json!({
        "scenario": "low",
        "service_standard": 0.01,
        "productivity": -0.005,
        "informal_care": "constant_share",
        "health_improvement": 0.0,
    });
    assert_eq!(conditions["need"], need);
    let stop = json!([{ "country_groups": ["who_list"], "from": 2026, "until": null }]);
    assert_eq!(conditions["levers"]["recruitment_stop"], stop);
    let unions = json!({ "rural_north": ["troms_rural", "finnmark_rural"] });
    assert_eq!(settings["unions"], unions);
    let risk = |sector: Value, zone: &str, below: f64| {
        json!({
            "professions": ["midwife"],
            "sector": sector,
            "zones": [zone],
            "fewer_than": 5,
            "understaffed_below": below,
        })
    };
    let asked = json!([
        risk(json!("municipal"), "finnmark", 0.9),
        risk(Value::Null, "rural_north", 1.0),
    ]);
    assert_eq!(settings["risks"], asked);
}

#[test]
fn flags_go_before_the_file_and_leave_the_rest_of_need() {
    let lines = "closure = \"supply\"\n[need]\nscenario = \"low\"\nproductivity = 0.01\n";
    let conditions = &settings(lines, "--closure vacancy --need high")["conditions"];
    assert_eq!(conditions["closure"], "vacancy");
    assert_eq!(conditions["need"]["scenario"], "high");
    assert_eq!(conditions["need"]["productivity"], 0.01);
    let conditions = &settings("", "")["conditions"];
    assert_eq!(conditions["closure"], "supply");
    assert_eq!(conditions["need"]["scenario"], "middle");
}

#[test]
fn flags_that_are_unknown() {
    for (flag, value, likely) in [
        ("--closure", "vacncy", "'vacancy'"),
        ("--closure", "open", "supply, vacancy"),
        ("--need", "hihg", "'high'"),
        ("--need", "most", "low, middle, high"),
    ] {
        Desk::new()
            .types(&format!("run quick {flag} {value} --out out"))
            .refuses(&[flag, value, likely]);
    }
}

#[test]
fn closures_and_scenarios_that_are_unknown() {
    refuses(
        "closure = \"vacncy\"\n",
        2,
        &["closure = \"vacncy\"", "\"supply\"", "mean \"vacancy\"?"],
    );
    refuses(
        "surplus = \"absorbed\"\n",
        2,
        &[
            "surplus = \"absorbed\"",
            "no effect",
            "closure = \"vacancy\"",
        ],
    );
    refuses(
        "[need]\nscenario = \"midle\"\n",
        3,
        &["need.scenario = \"midle\"", "\"high\"", "mean \"middle\"?"],
    );
    refuses(
        "need = \"high\"\n",
        2,
        &[
            "need = \"high\"",
            "a table",
            "[need]",
            "scenario = \"high\"",
        ],
    );
    refuses(
        "[need]\nproductivity = 1\n",
        3,
        &["need.productivity = 1", "from -0.05 to 0.05", "= 0.005"],
    );
    refuses(
        "[need]\nproductivity = 0,01\n",
        3,
        &["decimals with a point"],
    );
}

#[test]
fn questions_that_cannot_be_asked() {
    for (from, to, line, pieces) in [
        ("= 5", "= -1", 5, ["fewer_than = -1", "from 0 to 100000"]),
        (
            "= 5",
            "= \"few\"",
            5,
            ["fewer_than = \"few\"", "a whole number"],
        ),
        (
            "midwife",
            "midwive",
            3,
            ["unknown profession", "mean \"midwife\"?"],
        ),
        (
            "finnmark",
            "finmark",
            4,
            ["unknown zone", "mean \"finnmark\"?"],
        ),
        (
            "fewer_than",
            "fewer_then",
            5,
            ["unknown key", "mean \"fewer_than\"?"],
        ),
        ("fewer_than = 5", "", 2, ["risk.fewer_than", "missing"]),
    ] {
        refuses(&RISK.replace(from, to), line, &pieces);
    }
    refuses(
        &format!("{RISK}sector = \"hospitl\"\n"),
        6,
        &["risk.sector = \"hospitl\"", "mean \"hospital\"?"],
    );
    refuses(
        &format!("{RISK}{RISK}"),
        8,
        &["midwife in all of health care in finnmark", "on line 2"],
    );
}

#[test]
fn unions_that_cannot_be_made() {
    refuses(
        "[unions]\nfinnmark = [\"troms\"]\n",
        3,
        &["unions.finnmark", "zone or union", "another name"],
    );
    refuses(
        "[unions]\nnorth = [\"troms\",\n\"troms\"]\n",
        4,
        &["unions.north = \"troms\"", "given twice"],
    );
    refuses(
        "[unions]\nnorth = []\n",
        3,
        &["unions.north", "one or more"],
    );
    refuses(
        "[unions]\n\"the north\" = [\"troms\"]\n",
        3,
        &["small letters"],
    );
}

#[test]
fn levers_that_cannot_be_pulled() {
    let lever = "[[levers.study_places]]\nprogramme = \"nursing\"\nfrom = 2026\nchange = 40\n";
    for (from, to, line, pieces) in [
        (
            "nursing",
            "nursng",
            3,
            ["unknown programme", "mean \"nursing\"?"],
        ),
        (
            "2026",
            "2041",
            4,
            ["levers.study_places.from", "2019 to 2040"],
        ),
        (
            "40",
            "\"forty\"",
            5,
            ["change = \"forty\"", "from -10000 to 10000"],
        ),
        (
            "study_places",
            "study_place",
            2,
            ["unknown key", "mean \"study_places\"?"],
        ),
    ] {
        refuses(&lever.replace(from, to), line, &pieces);
    }
    refuses(
        &format!("{lever}until = 2025\n"),
        6,
        &[
            "levers.study_places.until = 2025",
            "wrong way round",
            "2026",
        ],
    );
}

#[test]
fn a_zone_where_nobody_lives() {
    let desk = Desk::with_data();
    // The only rural municipality of its county.
    let towns = desk.text(MUNICIPALITIES);
    let town = towns
        .lines()
        .find(|line| line.contains(",Aremark,"))
        .unwrap();
    let number = format!("{},", town.split(',').next().unwrap());
    let empty = |line: &str| match line.strip_prefix(&number) {
        Some(rest) => {
            // Year and sex stay.
            let kept: Vec<&str> = rest.split(',').take(2).collect();
            let zeros = ",0".repeat(rest.split(',').count() - kept.len());
            format!("{number}{}{zeros}\n", kept.join(","))
        }
        None => format!("{line}\n"),
    };
    let mut desk = desk.changing(PEOPLE, |text| text.lines().map(empty).collect());
    let risk = RISK.replace("finnmark", "ostfold_rural");
    let union = "[unions]\nborder = [\"ostfold_rural\"]\n".to_string();
    for (lines, line) in [(risk, 4), (union, 3)] {
        desk = desk.with("mine.toml", format!("{NAME}{lines}"));
        desk.types(&format!("run mine.toml --data data {SMALL}"))
            .refuses_at(
                "mine.toml",
                line,
                &["ostfold_rural", "a zone without population"],
            );
    }
    // With others beside it there is somebody to ask about.
    let both = "[unions]\nborder = [\"ostfold_rural\", \"ostfold_middle\"]\n";
    desk.with("mine.toml", format!("{NAME}{both}"))
        .types(&format!("run mine.toml --data data {SMALL}"))
        .succeeds();
}
