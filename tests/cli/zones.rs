//! Zone schemes: a run with each of them, and what the lists say of them.

use super::desk::Desk;
use super::results::{Bands, manifest};

/// Carries out a small run with these zones and gives its results.
fn run_with(scheme: &str) -> Bands {
    let text = format!(
        "name = \"mine\"\nzones = \"{scheme}\"\nscale = 0.02\nseeds = 1\nuntil = 2021\n\
         breakdowns = [[], [\"zone\"], [\"profession\", \"zone\"]]\n"
    );
    let desk = Desk::new().with("mine.toml", text);
    desk.types("run mine.toml --out out").succeeds();
    assert_eq!(manifest(&desk, "out")["settings"]["zones"], scheme);
    Bands::read(&desk, "out")
}

/// Expects the rows to be of these zones, of all of them together, and to hold everybody.
#[track_caller]
fn assert_zones(bands: &Bands, zones: &[&str], is_single: impl Fn(&str) -> bool) {
    let values = bands.values("zone");
    for zone in zones {
        assert!(values.contains(zone), "no {zone} in {values:?}");
    }
    let persons = |zone: &str| bands.mean(2021, ["all", "all", "all", zone, "persons"]);
    let single = values.iter().filter(|zone| is_single(zone));
    let sum: f64 = single.map(|zone| persons(zone)).sum();
    assert!((sum - persons("all")).abs() < 1e-6 * sum, "{sum}");
}

fn ends_in_a_class(zone: &str) -> bool {
    matches!(zone.as_bytes(), [.., b'_', b'1'..=b'6'])
}

#[test]
fn counties_by_group() {
    assert_zones(
        &run_with("county_group"),
        &["finnmark_rural", "finnmark", "helse_nord", "rural", "all"],
        |zone| {
            ["_central", "_middle", "_rural"]
                .iter()
                .any(|e| zone.ends_with(e))
        },
    );
}

#[test]
fn counties_by_class() {
    assert_zones(
        &run_with("county_class"),
        &["finnmark_6", "oslo_1", "finnmark", "helse_nord", "all"],
        ends_in_a_class,
    );
}

#[test]
fn regions_by_class() {
    assert_zones(
        &run_with("region_class"),
        &["helse_nord_6", "helse_sor_ost_1", "helse_nord", "all"],
        ends_in_a_class,
    );
}

#[test]
fn the_zones_of_each_scheme_are_listed() {
    for (words, zones) in [
        ("list zones", ["county_group", "finnmark_rural"]),
        (
            "list zones --zones county_class",
            ["county_class", "oslo_1"],
        ),
        (
            "list zones --zones region_class",
            ["region_class", "helse_nord_6"],
        ),
    ] {
        Desk::new()
            .types(words)
            .succeeds()
            .says_nothing()
            .prints(&zones)
            .prints(&["municipalities", "union", "helse_nord"]);
    }
}

#[test]
fn an_unknown_scheme_is_told() {
    Desk::new()
        .types("list zones --zones county_groop")
        .refuses(&["county_groop", "did you mean \"county_group\"?"]);
    Desk::new()
        .types("list measures --zones county_group")
        .refuses(&["--zones = county_group", "stabil list zones"]);
}
