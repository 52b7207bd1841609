//! Runs with posts that follow need, and what every run tells beside supply.

use super::desk::Desk;
use super::results::Bands;

#[test]
fn threads_do_not_change_a_byte() {
    let desk = Desk::new();
    for threads in [1, 2] {
        let run = "run quick --closure vacancy --scale 0.02 --seeds 4 --until 2023";
        desk.types(&format!("{run} --threads {threads} --out with_{threads}"))
            .succeeds();
    }
    for file in ["bands.csv", "bands.parquet", "durations.csv"] {
        let [one, two] = [1, 2].map(|n| desk.bytes(&format!("with_{n}/{file}")));
        assert!(one == two, "{file} hangs on the number of threads");
    }
    // It was another closure: hiring by posts is not what happens without them.
    desk.types("run quick --scale 0.02 --seeds 4 --until 2023 --out supply")
        .succeeds();
    let supply = |folder: &str| Bands::read(&desk, folder).of_profession(2023, "all", "supply_fte");
    assert_ne!(supply("with_1"), supply("supply"));
}

#[test]
fn the_vacancy_run_tells_vacant_posts_and_who_is_hired_in() {
    let desk = Desk::new();
    desk.types("run vacancy --scale 0.02 --seeds 2 --until 2024 --out out")
        .succeeds()
        .says(&["2 of 2 runs"]);
    let bands = Bands::read(&desk, "out");
    let [vacant, hired, cost] = ["vacant_posts", "agency_fte", "agency_cost"]
        .map(|measure| bands.of_profession(2024, "all", measure));
    assert!(vacant > 0.0 && hired > 0.0 && cost > 0.0);
    assert!(bands.values("unit").contains(&"nok_million"));
    assert!(hired <= vacant, "{hired} FTE hired in for {vacant} vacant");
    let asked = |row: &&Vec<String>| bands.text(row, "measure") == "risk_below_n";
    let mut zones: Vec<&str> = bands
        .rows
        .iter()
        .filter(asked)
        .map(|r| bands.text(r, "zone"))
        .collect();
    zones.dedup();
    assert!(zones.contains(&"finnmark_rural"), "{zones:?}");
}

#[test]
fn the_baseline_tells_who_was_educated_abroad_and_risk_but_hires_nobody_in() {
    let desk = Desk::new();
    desk.types("run baseline --scale 0.02 --seeds 2 --until 2024 --out out")
        .succeeds();
    let bands = Bands::read(&desk, "out");
    for measure in ["share_educated_abroad", "self_sufficiency"] {
        for profession in ["all", "physician", "nurse"] {
            let share = bands.of_profession(2024, profession, measure);
            assert!(
                share > 0.0 && share < 1.0,
                "{profession} {measure}: {share}"
            );
        }
    }
    let measures = bands.values("measure");
    for measure in ["risk_below_n", "need_fte", "gap_fte"] {
        assert!(measures.contains(&measure), "{measure} in {measures:?}");
    }
    for measure in ["agency_fte", "agency_cost"] {
        assert!(!measures.contains(&measure), "{measure} without posts");
    }
}

#[test]
fn measures_of_what_a_run_has_not_are_refused_where_they_are_all() {
    let text = "name = \"mine\"\nscale = 0.02\nseeds = 1\nuntil = 2020\n\
                measures = [\"agency_fte\", \"risk_below_n\"]\n";
    let desk = Desk::new().with("mine.toml", text);
    desk.types("run mine.toml --out out").refuses(&[
        "mine.toml",
        "measures = agency_fte, risk_below_n",
        "closure = \"vacancy\"",
    ]);
    desk.types("run mine.toml --closure vacancy --out out")
        .succeeds();
    assert_eq!(Bands::read(&desk, "out").values("measure"), ["agency_fte"]);
}
