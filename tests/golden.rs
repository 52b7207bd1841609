//! A small run whose results are kept: two seeds, one person in fifty, to 2024.
//!
//! The fixture holds the readable part (supply by profession and year, and some turnover and
//! retention, rounded as in `bands.csv`) and, in its first line, a BLAKE3 hash of all values bit
//! for bit. Whoever changes results on purpose writes the fixture anew with
//! `STABIL_UPDATE_GOLDEN=1 cargo test --locked --test golden` and reads the difference before
//! keeping it; without the variable nothing is written.

mod support;

use stabil::bands::Bands;
use stabil::report::number::plain;
use stabil::runs::work::{Progress, Run, ensemble};
use stabil::tallies::Plan;
use stabil::words::Year;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const UNTIL: Year = 2024;
const SWITCH: &str = "STABIL_UPDATE_GOLDEN";

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/golden_small.csv")
}

/// A rounded number moves only by a change in lives; the hash sees the last bit of every value.
fn hash(runs: &[Run]) -> String {
    let mut hasher = blake3::Hasher::new();
    for run in runs {
        hasher.update(&run.values.seed.to_le_bytes());
        for value in &run.values.values {
            // Nobody to be a share of has many patterns of bits; one stands for all.
            let value = if value.is_nan() { f64::NAN } else { *value };
            hasher.update(&value.to_bits().to_le_bytes());
        }
    }
    hasher.finalize().to_hex().to_string()
}

/// The text of the fixture as the program gives it now.
fn summary() -> String {
    let model = support::small();
    let plan: Plan = support::outputs(model, UNTIL);
    let runs = ensemble(model, &plan, 1..3, UNTIL, &Progress::default());
    assert_eq!(runs.len(), 2);
    let mut text = format!("# blake3 of all values: {}\n", hash(&runs));
    text.push_str("measure,profession,year,mean\n");
    let values: Vec<_> = runs.into_iter().map(|run| run.values).collect();
    let bands = Bands::of("golden", plan.layout, &values);
    for measure in [
        "supply_fte",
        "turnover_municipal_narrow",
        "turnover_hospital_external",
        "retention_in_health",
    ] {
        let by_profession = measure == "supply_fte";
        let mut cells: Vec<usize> = (0..bands.layout.cells.len())
            .filter(|cell| {
                let cell = &bands.layout.cells[*cell];
                let shown = match cell.profession.as_str() {
                    "all" => true,
                    "nurse" | "nursing_associate" => cell.grade == "all",
                    _ => by_profession && cell.grade == "all",
                };
                cell.measure == measure && shown && cell.zone == "all"
            })
            .collect();
        cells.sort_by_key(|cell| bands.layout.cells[*cell].profession.clone());
        for cell in cells {
            let profession = &bands.layout.cells[cell].profession;
            for (year, band) in bands.series(cell).filter(|(_, band)| band.runs > 0) {
                let mean = plain(band.mean);
                let _ = writeln!(text, "{measure},{profession},{year},{mean}");
            }
        }
    }
    text
}

/// The lines that are in one text only, with `-` for the kept and `+` for the present one.
fn difference(kept: &str, now: &str) -> Vec<String> {
    let old: BTreeSet<&str> = kept.lines().collect();
    let new: BTreeSet<&str> = now.lines().collect();
    let gone = kept.lines().filter(|line| !new.contains(line));
    let come = now.lines().filter(|line| !old.contains(line));
    gone.map(|line| format!("- {line}"))
        .chain(come.map(|line| format!("+ {line}")))
        .collect()
}

#[test]
fn the_small_run_gives_what_it_gave() {
    let now = summary();
    assert!(now.lines().count() > 100, "too little is compared:\n{now}");
    let path = fixture();
    if std::env::var_os(SWITCH).is_some_and(|value| value == "1") {
        std::fs::write(&path, &now).expect("the fixture can be written");
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == now,
        "results differ from {}; if that is intended, run with {SWITCH}=1:\n{}",
        path.display(),
        difference(&kept, &now).join("\n")
    );
}

#[test]
fn a_difference_is_shown_line_by_line() {
    let kept = "# hash 1\na,b\nx,1\ny,2\n";
    let now = "# hash 2\na,b\nx,1\ny,3\nz,4\n";
    assert_eq!(
        difference(kept, now),
        ["- # hash 1", "- y,2", "+ # hash 2", "+ y,3", "+ z,4"]
    );
    assert!(difference(kept, kept).is_empty());
}

/// The hash of the tables of bands of a small run with scenarios and draws, whose mathematical
/// library has been told to use or to leave out what newer processors have.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn hash_with(tunables: &str) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("stabil");
    let words = "run decentralised --scale 0.05 --draws 2 --seeds 2 --until 2024 --quiet --out out";
    command
        .env("GLIBC_TUNABLES", tunables)
        .args(words.split(' '))
        .current_dir(folder.path());
    command.assert().success();
    let mut hasher = blake3::Hasher::new();
    for name in ["bands.csv", "differences.csv", "uncertainty.csv"] {
        let bytes = std::fs::read(folder.path().join("out").join(name));
        hasher.update(&bytes.expect("a table"));
    }
    hasher.finalize().to_hex().to_string()
}

/// The system's library (glibc) has `exp`, `ln` and `powf` for processors with fused
/// multiplication and without, and chooses as the program starts. The two round differently in rare
/// last bits, and these must not reach results.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
#[test]
fn an_older_processors_mathematical_library_gives_the_same_tables() {
    let newest = hash_with("");
    let older = hash_with("glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX2_Usable,-FMA_Usable");
    assert_eq!(newest, older);
}
