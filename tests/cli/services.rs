//! Services and need in a data folder: what is told of mistakes, and a folder without them.

use super::desk::{Answer, Desk};
use super::results::Bands;

const SERVICES: &str = "data/classification/services.toml";
const NEED: &str = "data/parameters/need.toml";

/// Carries out a small run with the data on the desk.
fn run(desk: &Desk, flags: &str) -> Answer {
    desk.types(&format!(
        "run quick --scale 0.02 --seeds 1 --until 2020 --data data --out out {flags}"
    ))
}

/// A desk with data that lack services.
fn without_services() -> Desk {
    Desk::with_data().without(SERVICES)
}

#[test]
fn an_unknown_sector_of_a_service() {
    let desk = Desk::with_data().changing(SERVICES, |text| {
        text.replacen("sectors = [\"municipal\"]", "sectors = [\"municipl\"]", 1)
    });
    let line = desk.line_of(SERVICES, "municipl\"");
    run(&desk, "").refuses_at(
        SERVICES,
        line,
        &[
            "municipal: unknown sector",
            "sectors = municipl",
            "did you mean \"municipal\"?",
        ],
    );
}

#[test]
fn a_sector_outside_health_care() {
    let desk = Desk::with_data().changing(SERVICES, |text| {
        text.replacen("[\"other_health\"]", "[\"education\"]", 1)
    });
    let line = desk.line_of(SERVICES, "education");
    run(&desk, "").refuses_at(SERVICES, line, &["education", "of health care"]);
}

#[test]
fn too_many_sectors_or_none() {
    for (sectors, value) in [
        ("[]", "sectors"),
        (
            "[\"hospital\", \"municipal\", \"other_health\"]",
            "hospital, municipal, other_health",
        ),
    ] {
        let wrong = format!("sectors = {sectors}");
        let desk = Desk::with_data().changing(SERVICES, |text| {
            text.replacen("sectors = [\"municipal\"]", &wrong, 1)
        });
        let line = desk.line_of(SERVICES, &wrong);
        run(&desk, "").refuses_at(SERVICES, line, &["one sector or two", value]);
    }
}

#[test]
fn a_service_given_twice() {
    let service = "\n[[service]]\nid = \"dental\"\nlabel_nb = \"Tannhelse\"\n\
                   label_en = \"Teeth\"\nsectors = [\"other_health\"]\n";
    let desk = Desk::with_data();
    let lines = desk.text(SERVICES).lines().count();
    let desk = desk.changing(SERVICES, |text| format!("{text}{service}"));
    run(&desk, "").refuses_at(
        SERVICES,
        lines + 3,
        &["id = dental", "given twice", "delete one of the two"],
    );
}

#[test]
fn a_misspelled_key_of_a_service() {
    let desk =
        Desk::with_data().changing(SERVICES, |text| text.replacen("sectors =", "sector =", 1));
    let line = desk.line_of(SERVICES, "sector =");
    run(&desk, "").refuses_at(SERVICES, line, &["did you mean \"sectors\"?"]);
}

#[test]
fn a_service_of_a_name_that_no_parameter_has() {
    let desk = Desk::with_data().changing(SERVICES, |text| {
        text.replacen("id = \"dental\"", "id = \"dentle\"", 1)
    });
    run(&desk, "").refuses(&[NEED, "need.staff[dentle]", "missing", "need.staff[dental]"]);
}

#[test]
fn a_parameter_of_need_that_is_missing() {
    let of_dental = "name = \"staff\"\nof = [\"dental\"]";
    let desk = Desk::with_data().changing(NEED, |text| {
        text.replacen(of_dental, &of_dental.replace("staff", "stafff"), 1)
    });
    let line = desk.line_of(NEED, "stafff");
    run(&desk, "").refuses_at(
        NEED,
        line,
        &["need.staff[dental]", "the parameter is missing"],
    );
}

#[test]
fn without_services_posts_have_nothing_to_follow() {
    let pieces = [
        SERVICES,
        "closure = vacancy",
        "posts follow need",
        "stabil data export",
        "closure = \"supply\"",
    ];
    run(&without_services(), "--closure vacancy").refuses(&pieces);
    // The same with its parameters gone too.
    let desk = without_services()
        .without(NEED)
        .without("data/parameters/vacancy.toml");
    run(&desk, "--closure vacancy").refuses(&pieces);
}

#[test]
fn without_services_need_cannot_be_assumed() {
    run(&without_services(), "--need high").refuses(&[SERVICES, "need", "--need", "export"]);
}

#[test]
fn without_services_a_run_tells_supply_and_no_need() {
    let desk = without_services();
    run(&desk, "").succeeds();
    let bands = Bands::read(&desk, "out");
    assert!(bands.of_profession(2020, "nurse", "supply_fte") > 0.0);
    let measures = bands.values("measure");
    for measure in ["need_fte", "gap_fte", "vacant_posts"] {
        assert!(!measures.contains(&measure), "{measure}");
    }
    // Supply does not hang on need: the same to the last digit.
    desk.types("run quick --scale 0.02 --seeds 1 --until 2020 --out whole")
        .succeeds();
    let whole = Bands::read(&desk, "whole");
    for profession in ["all", "nurse", "physician"] {
        assert_eq!(
            bands.of_profession(2020, profession, "supply_fte"),
            whole.of_profession(2020, profession, "supply_fte"),
        );
    }
}

#[test]
fn productivity_that_falls_raises_need() {
    let need = |lines: &str| {
        let text = format!(
            "name = \"mine\"\nscale = 0.02\nseeds = 1\nuntil = 2024\n\
             measures = [\"need_fte\"]\nbreakdowns = [[]]\n{lines}"
        );
        let desk = Desk::new().with("mine.toml", text);
        desk.types("run mine.toml --out out").succeeds();
        let bands = Bands::read(&desk, "out");
        [2019, 2024].map(|year| bands.of_profession(year, "all", "need_fte"))
    };
    let [now, then] = need("[need]\nproductivity = 0\n");
    let [same, more] = need("[need]\nproductivity = -0.01\n");
    assert_eq!(now, same, "in the base year need is what it is");
    // Five years of one per cent a year, and more where families' care stays at its amount.
    let factor = more / then;
    let least = 0.99_f64.powi(-5);
    assert!((least..1.5 * least).contains(&factor), "{factor}");
}
