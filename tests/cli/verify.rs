//! `stabil verify`: a published table made again from its manifest.
//!
//! `tests/fixtures/verified_run` is a small run as it was published. When the model or its data
//! change, so does what is made again; then `STABIL_UPDATE_GOLDEN=1 cargo test --locked --test cli
//! verify` publishes it anew.

use super::desk::Desk;
use std::fs;
use std::path::{Path, PathBuf};

const RUN: &str = "name = \"verified\"\nscale = 0.02\nuntil = 2021\nseeds = 2\n\
                   breakdowns = [[], [\"profession\"]]\nmeasures = [\"supply_fte\", \"persons\"]\n";

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/verified_run")
}

/// A desk with the published run in the folder `out`.
fn desk() -> Desk {
    if std::env::var_os("STABIL_UPDATE_GOLDEN").is_some() {
        publish();
    }
    let mut desk = Desk::new();
    for entry in fs::read_dir(fixture()).unwrap() {
        let entry = entry.unwrap();
        let name = format!("out/{}", entry.file_name().to_str().unwrap());
        desk = desk.with(&name, fs::read(entry.path()).unwrap());
    }
    desk
}

fn publish() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let made = Desk::new().with("verified.toml", RUN);
        made.types("run verified.toml --out out --drop-units")
            .succeeds();
        let _ = fs::remove_dir_all(fixture());
        fs::create_dir_all(fixture()).unwrap();
        for name in made.names("out") {
            fs::write(fixture().join(&name), made.bytes(&format!("out/{name}"))).unwrap();
        }
    });
}

#[test]
fn a_published_run_is_made_again() {
    let desk = desk();
    desk.types("verify out")
        .succeeds()
        .prints(&["same: bands.csv", "same: bands.parquet", "verified: "])
        .writes_nothing();
}

#[test]
fn one_changed_digit_is_told_with_its_place() {
    let desk = desk().changing("out/bands.csv", |text| {
        let line = text
            .lines()
            .find(|line| line.contains(",2021,nurse,"))
            .unwrap();
        let mut cells: Vec<String> = line.split(',').map(str::to_string).collect();
        let last = cells[9].pop().unwrap();
        cells[9].push(if last == '1' { '2' } else { '1' });
        text.replacen(line, &cells.join(","), 1)
    });
    desk.types("verify out").exits(1).prints(&[
        "DIFFERS: bands.csv: the file was changed after its manifest was written",
        "2021 nurse",
        "mean: published",
        "made again",
        "not verified: 1 of",
    ]);
    let desk = desk.without("out/durations.csv");
    desk.types("verify out")
        .exits(1)
        .prints(&["durations.csv: not in the folder", "not verified: 2 of"]);
}

#[test]
fn a_changed_manifest_shows() {
    let desk = desk().changing("out/manifest.json", |text| {
        text.replacen("scale = 0.02", "scale = 0.03", 1)
    });
    desk.types("verify out")
        .exits(1)
        .prints(&["note: scale: 0.02, now 0.03", "bands.csv, row "]);
    desk.with("out/manifest.json", "{}")
        .types("verify out")
        .refuses(&["manifest.json", "cannot be read"]);
    Desk::new()
        .types("verify nowhere")
        .refuses(&["nowhere/manifest.json"]);
}

#[test]
fn a_run_that_was_not_whole_is_verified_as_it_is() {
    let desk = Desk::new().with("mine.toml", RUN);
    let mut command = desk.command("run mine.toml --draws 30 --seeds 1 --out out --precision");
    command.arg("supply_fte:nurse:2021 < 100000");
    desk.starts(command).succeeds();
    desk.types("verify out").succeeds().prints(&["verified"]);
}
