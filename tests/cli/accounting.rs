//! The books of the published table close, worked out from the file alone.
//!
//! One seed, so that means are counts: whole people over the scale.

use super::desk::Desk;
use super::results::Bands;
use std::sync::LazyLock;

const SCALE: f64 = 0.05;
const ZONE_ENDS: [&str; 3] = ["_central", "_middle", "_rural"];

/// The table of one run, which all tests here read.
static BANDS: LazyLock<Bands> = LazyLock::new(|| {
    let desk = Desk::new();
    desk.types(&format!(
        "run quick --scale {SCALE} --seeds 1 --until 2024 --out out"
    ))
    .succeeds();
    Bands::read(&desk, "out")
});

/// Expects two sums to be equal but for the rounding of what they are sums of.
#[track_caller]
fn assert_equal(one: f64, other: f64, about: &str) {
    let room = 1e-6 * one.abs().max(1.0);
    assert!((one - other).abs() <= room, "{about}: {one} and {other}");
}

/// Years but the first, which has stocks only.
fn years_with_flows(bands: &Bands) -> Vec<u16> {
    bands.years()[1..].to_vec()
}

#[test]
fn counts_are_whole_people() {
    let bands = &*BANDS;
    for row in &bands.rows {
        if bands.text(row, "unit") == "persons" {
            let people = bands.number(row, "mean") * SCALE;
            assert_equal(people, people.round(), &row.join(","));
        }
    }
}

#[test]
fn stocks_and_flows_balance_for_every_profession() {
    let bands = &*BANDS;
    let professions = bands.values("profession");
    assert!(professions.len() >= 15, "{professions:?}");
    for year in years_with_flows(bands) {
        for profession in &professions {
            let of = |year, measure| bands.of_profession(year, profession, measure);
            assert_equal(
                of(year - 1, "persons") + of(year, "entries"),
                of(year, "persons") + of(year, "leavers"),
                &format!("{year} {profession}"),
            );
        }
    }
}

#[test]
fn flows_are_the_sums_of_their_kinds() {
    let bands = &*BANDS;
    let kinds = |start: &str| -> Vec<String> {
        let measures = bands.values("measure");
        let own = measures.iter().filter(|name| name.starts_with(start));
        own.map(|name| name.to_string()).collect()
    };
    for (whole, start) in [
        ("entries", "entries_"),
        ("leavers", "leavers_"),
        ("left_health", "left_health_"),
    ] {
        let parts = kinds(start);
        assert!(parts.len() >= 4, "{parts:?}");
        for year in years_with_flows(bands) {
            for profession in bands.values("profession") {
                let of = |measure: &str| bands.of_profession(year, profession, measure);
                let sum = parts.iter().map(|part| of(part)).sum();
                assert_equal(of(whole), sum, &format!("{year} {profession} {whole}"));
            }
        }
    }
}

#[test]
fn parts_add_up_to_the_totals() {
    let bands = &*BANDS;
    let parts = |column: &str| -> Vec<&str> {
        let mut values = bands.values(column);
        values.retain(|value| *value != "all");
        if column == "zone" {
            // What is left are unions of zones: groups, counties, health regions.
            values.retain(|value| ZONE_ENDS.iter().any(|end| value.ends_with(end)));
        }
        values
    };
    for (position, column) in [(0, "profession"), (2, "sector"), (3, "zone")] {
        let parts = parts(column);
        for year in bands.years() {
            for measure in ["persons", "entries", "leavers"] {
                let mut key = ["all", "all", "all", "all", measure];
                let whole = bands.mean(year, key);
                let mut sum = 0.0;
                for part in &parts {
                    key[position] = part;
                    sum += bands.find(year, key).unwrap_or_default();
                }
                assert_equal(whole, sum, &format!("{year} {measure} by {column}"));
            }
        }
    }
}

#[test]
fn grades_add_up_to_their_profession() {
    let bands = &*BANDS;
    for year in bands.years() {
        for profession in bands.values("profession") {
            if profession == "all" {
                continue;
            }
            let grades = bands.values("grade").into_iter().filter(|g| *g != "all");
            let sum = grades
                .filter_map(|grade| bands.find(year, [profession, grade, "all", "all", "persons"]))
                .sum();
            let whole = bands.of_profession(year, profession, "persons");
            assert_equal(whole, sum, &format!("{year} {profession}"));
        }
    }
}

#[test]
fn who_moves_out_of_a_zone_moves_into_another() {
    let bands = &*BANDS;
    for year in years_with_flows(bands) {
        let of = |measure| bands.of_profession(year, "all", measure);
        assert!(of("moves_into_zone") > 0.0);
        assert_equal(
            of("moves_into_zone"),
            of("moves_out_of_zone"),
            &format!("{year}"),
        );
    }
}
