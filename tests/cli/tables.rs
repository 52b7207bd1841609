//! What a run writes: the tidy table as CSV and Parquet, durations, the manifest.

use super::desk::Desk;
use super::results::{Bands, hash, manifest};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use serde_json::json;
use std::fs::File;
use std::sync::LazyLock;

const RUN: &str = "run quick --scale 0.02 --seeds 2 --until 2022 --out out";

const HEADER: &str = "scenario,year,profession,grade,sector,zone,from,measure,unit,\
                      mean,sd,mcse,p025,p10,p25,p50,p75,p90,p975,runs";

const REQUIRED_MEASURES: [&str; 12] = [
    "persons",
    "fte",
    "supply_fte",
    "entries",
    "leavers",
    "leavers_death",
    "leavers_emigration",
    "turnover_municipal_broad",
    "turnover_municipal_narrow",
    "turnover_hospital_external",
    "retention_in_health",
    "retention_in_zone",
];

const UNITS: [&str; 6] = [
    "fraction",
    "fte",
    "persons",
    "probability",
    "ratio",
    "years",
];

fn desk_after_the_run() -> Desk {
    let desk = Desk::new();
    desk.types(RUN)
        .succeeds()
        .says(&["2 of 2 runs", "results in out"])
        .prints(&["Supply", "Nurse", "2019", "2022"]);
    desk
}

/// The table of such a run, for tests that need nothing else of it.
static BANDS: LazyLock<Bands> = LazyLock::new(|| Bands::read(&desk_after_the_run(), "out"));

#[test]
fn a_run_of_two_seeds_writes_seven_files_and_no_more() {
    let desk = desk_after_the_run();
    assert_eq!(desk.names(""), ["out"]);
    assert_eq!(
        desk.names("out"),
        [
            "bands.csv",
            "bands.parquet",
            "durations.csv",
            "manifest.json",
            "report.html",
            "uncertainty.csv",
            "uncertainty.parquet",
        ]
    );
}

#[test]
fn without_a_folder_named_results_go_below_the_current_one() {
    let desk = Desk::new();
    desk.types("run quick --scale 0.02 --seeds 1 --until 2020")
        .succeeds();
    assert!(desk.has("runs/out/quick/manifest.json"));
}

#[test]
fn the_tidy_table_has_its_columns_and_measures() {
    let bands = &*BANDS;
    assert_eq!(bands.header.join(","), HEADER);
    assert_eq!(bands.values("scenario"), ["quick"]);
    assert_eq!(bands.years(), [2019, 2020, 2021, 2022]);
    for measure in REQUIRED_MEASURES {
        for profession in ["all", "nurse"] {
            assert!(bands.of_profession(2022, profession, measure) >= 0.0);
        }
    }
    let mut known = bands.values("unit");
    known.retain(|unit| !UNITS.contains(unit));
    assert_eq!(known, Vec::<&str>::new(), "units");
}

#[test]
fn totals_say_all_and_parts_have_names() {
    let bands = &*BANDS;
    assert!(bands.of_profession(2022, "all", "persons") > 100_000.0);
    for (column, part) in [
        ("profession", "nurse"),
        ("sector", "municipal"),
        ("sector", "hospital"),
        ("zone", "finnmark_rural"),
        ("zone", "rural"),
        ("zone", "pension"),
        ("from", "finnmark_rural"),
        ("from", "education"),
    ] {
        let values = bands.values(column);
        assert!(values.contains(&"all"), "{column}: {values:?}");
        assert!(values.contains(&part), "{column}: {values:?}");
    }
    assert!(bands.rows.iter().flatten().all(|cell| cell != "NaN"));
}

#[test]
fn the_numbers_of_a_row_are_in_order() {
    let bands = &*BANDS;
    for row in &bands.rows {
        let columns = ["p025", "p10", "p25", "p50", "p75", "p90", "p975"];
        let numbers = columns.map(|column| bands.number(row, column));
        assert!(numbers.is_sorted(), "{row:?}");
        let (least, most) = (numbers[0], numbers[6]);
        let mean = bands.number(row, "mean");
        let room = 1e-5 * mean.abs();
        assert!(least - room <= mean && mean <= most + room, "{row:?}");
        assert!((1.0..=2.0).contains(&bands.number(row, "runs")), "{row:?}");
        if ["fraction", "probability"].contains(&bands.text(row, "unit")) {
            assert!((0.0..=1.0).contains(&mean), "{row:?}");
        }
    }
}

#[test]
fn a_run_file_chooses_measures_and_breakdowns() {
    let text = "name = \"mine\"\nscale = 0.02\nseeds = 1\nuntil = 2020\n\
                measures = [\"supply_fte\"]\nbreakdowns = [[], [\"profession\"]]\n";
    let desk = Desk::new().with("mine.toml", text);
    desk.types("run mine.toml --out out").succeeds();
    let bands = Bands::read(&desk, "out");
    assert_eq!(bands.values("measure"), ["supply_fte"]);
    assert_eq!(bands.values("zone"), ["all"]);
    assert_eq!(bands.values("scenario"), ["mine"]);
    assert_eq!(bands.values("sd"), [""], "one run has no spread");
}

#[test]
fn parquet_holds_the_same_rows_and_columns() {
    let desk = desk_after_the_run();
    let bands = Bands::read(&desk, "out");
    let file = File::open(desk.path("out/bands.parquet")).unwrap();
    let reader = SerializedFileReader::new(file).unwrap();
    let mut lines = bands.rows.iter();
    for record in reader.get_row_iter(None).unwrap() {
        let record = record.unwrap();
        let line = lines.next().expect("no more rows than the CSV file has");
        let names: Vec<&str> = record
            .get_column_iter()
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(names, bands.header);
        for ((name, field), text) in record.get_column_iter().zip(line) {
            assert!(is_same(field, text), "{name}: {field:?} and {text}");
        }
    }
    assert_eq!(lines.next(), None, "no fewer rows than the CSV file has");
}

/// Is a field of the Parquet file what the CSV file says, rounded to six digits?
fn is_same(field: &Field, text: &str) -> bool {
    match field {
        Field::Null => text.is_empty(),
        Field::Str(name) => name == text,
        Field::Int(whole) => whole.to_string() == text,
        Field::Double(number) => text
            .parse::<f64>()
            .is_ok_and(|told| (told - number).abs() <= 5.1e-6 * number.abs() + 1e-12),
        _ => false,
    }
}

#[test]
fn durations_of_lives_are_told_by_profession() {
    let desk = desk_after_the_run();
    let text = desk.text("out/durations.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let start: Vec<&str> = header.iter().take(5).collect();
    assert_eq!(
        start,
        ["scenario", "profession", "measure", "unit", "lives"]
    );
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert!(rows.iter().any(|row| &row[1] == "nurse"), "{text}");
    for row in rows {
        assert!(row[4].parse::<u64>().unwrap() > 0, "{row:?}");
        let quantiles: Vec<f64> = row
            .iter()
            .skip(6)
            .map(|years| years.parse().unwrap())
            .collect();
        assert!(quantiles.is_sorted(), "{row:?}");
    }
}

#[test]
fn the_manifest_says_what_the_results_were_made_from() {
    let desk = desk_after_the_run();
    let manifest = manifest(&desk, "out");
    assert_eq!(manifest["program"], "stabil");
    assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(manifest["run"], "quick");
    assert_eq!(manifest["complete"], true);
    assert_eq!(manifest["seeds"], json!([1, 2]));
    for (key, value) in [
        ("scale", json!(0.02)),
        ("seeds", json!(2)),
        ("until", json!(2022)),
        ("start", json!(2019)),
        ("zones", json!("county_group")),
    ] {
        assert_eq!(manifest["settings"][key], value, "{key}");
    }
    let commit = manifest["commit"].as_str().unwrap();
    let is_commit = commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit());
    assert!(is_commit || commit == "unknown", "{commit}");
    assert!(!manifest["machine"].as_str().unwrap().is_empty());
    for key in [
        "threads",
        "seconds_preparing",
        "seconds_simulating",
        "person_years",
        "person_years_per_second",
    ] {
        assert!(manifest[key].as_f64().unwrap() > 0.0, "{key}");
    }
}

#[test]
fn the_manifest_has_the_hashes_of_results_and_data() {
    let desk = desk_after_the_run();
    let manifest = manifest(&desk, "out");
    for name in ["bands.csv", "bands.parquet", "durations.csv"] {
        let file = format!("out/{name}");
        assert_eq!(manifest["results"][name], hash(&desk, &file), "{name}");
    }
    desk.types("data export data").succeeds();
    let data = manifest["data"].as_object().unwrap();
    assert!(data.contains_key("evidence/facts.csv"));
    let mut paths = Vec::new();
    for name in desk.names("data") {
        // A subfolder, or a single file at the top.
        if desk.path(&format!("data/{name}")).is_dir() {
            let inside = desk.names(&format!("data/{name}"));
            paths.extend(inside.iter().map(|file| format!("{name}/{file}")));
        } else {
            paths.push(name);
        }
    }
    assert_eq!(data.len(), paths.len());
    for path in paths {
        assert_eq!(data[&path], hash(&desk, &format!("data/{path}")), "{path}");
    }
}
