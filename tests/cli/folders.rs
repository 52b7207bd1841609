//! Where results go: occupied folders, folders that cannot be made, disks that are full.
//!
//! A full disk is played by two things that fail in the same place, in writing: a limit on the
//! size of files, and a name that is taken by a folder. Standard output has a device for it.

use super::desk::Desk;
use super::results::{Bands, hash, manifest};

const RUN: &str = "run quick --scale 0.02 --seeds 1 --until 2020";

#[test]
fn an_occupied_folder_is_left_alone() {
    Desk::new()
        .with("out/mine.txt", "mine")
        .types(&format!("{RUN} --out out"))
        .refuses(&["out", "not empty", "--force", "--out"]);
}

#[test]
fn an_empty_folder_will_do() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("out")).unwrap();
    desk.types(&format!("{RUN} --out out")).succeeds();
    assert!(desk.has("out/bands.csv"));
}

#[test]
fn force_writes_over_older_results() {
    let desk = Desk::new();
    desk.types(&format!("{RUN} --out out")).succeeds();
    let desk = desk.with("out/mine.txt", "mine");
    desk.types("run quick --scale 0.02 --seeds 2 --until 2021 --out out --force")
        .succeeds();
    assert_eq!(Bands::read(&desk, "out").years(), [2019, 2020, 2021]);
    let written = hash(&desk, "out/bands.csv");
    assert_eq!(manifest(&desk, "out")["results"]["bands.csv"], written);
    assert_eq!(desk.text("out/mine.txt"), "mine");
}

#[test]
fn a_folder_that_cannot_be_made() {
    let desk = Desk::new().with("file", "mine");
    desk.types(&format!("{RUN} --out file/out"))
        .exits(3)
        .says(&["error", "file/out"])
        .prints_nothing()
        .writes_nothing();
}

#[test]
fn a_file_where_the_folder_should_be() {
    let desk = Desk::new().with("file", "mine");
    let answer = desk.types(&format!("{RUN} --out file")).says(&["file"]);
    assert!(matches!(answer.code, Some(2 | 3)), "{}", answer.told());
    answer.prints_nothing().writes_nothing();
}

#[test]
fn data_are_not_exported_over_something() {
    let desk = Desk::new().with("mine/note.txt", "mine");
    desk.types("data export mine")
        .refuses(&["mine", "not empty"]);
    desk.types("data export mine/note.txt/data")
        .exits(3)
        .says(&["mine/note.txt/data"])
        .writes_nothing();
}

#[cfg(unix)]
#[test]
fn a_file_that_grows_too_large_leaves_nothing_behind() {
    let desk = Desk::new();
    let mut shell = std::process::Command::new("sh");
    // Without the trap the limit would end the program by a signal instead of an error.
    shell
        .current_dir(desk.path(""))
        .args(["-c", "trap '' XFSZ; ulimit -f 100; exec \"$0\" \"$@\""])
        .arg(super::desk::program())
        .args(RUN.split(' '))
        .args(["--out", "out"]);
    desk.starts(shell)
        .exits(3)
        .says(&["out/units", "--resume"])
        .prints_nothing();
    assert_eq!(desk.names("out"), Vec::<String>::new());
}

#[test]
fn results_replaced_in_part_have_no_manifest() {
    let desk = Desk::new();
    desk.types(&format!("{RUN} --out out")).succeeds();
    let desk = desk
        .without("out/bands.parquet")
        .with("out/bands.parquet/taken.txt", "");
    desk.types("run quick --scale 0.02 --seeds 2 --until 2021 --out out --force")
        .exits(3)
        .says(&["out/bands.parquet"])
        .prints_nothing();
    if desk.has("out/manifest.json") {
        let told = manifest(&desk, "out")["results"]["bands.csv"].clone();
        let found = hash(&desk, "out/bands.csv");
        assert_eq!(told, found, "the manifest is of other results");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn standard_output_that_is_full_is_told() {
    let desk = Desk::new();
    let full = std::fs::File::options().write(true).open("/dev/full");
    let mut command = desk.command("list measures");
    command.stdout(full.unwrap());
    // Not by `output`, which would put a pipe in place of the device.
    let told = command.stderr(std::process::Stdio::piped()).spawn();
    let output = told.unwrap().wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("standard output"), "{message}");
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_error() {
    let desk = Desk::new();
    let mut shell = std::process::Command::new("sh");
    shell
        .args(["-c", "{ \"$0\" list parameters; echo $? >&2; } | head -n 1"])
        .arg(super::desk::program());
    let answer = desk.starts(shell).succeeds();
    assert_eq!(answer.err.trim(), "0", "{}", answer.told());
    assert_eq!(answer.out.lines().count(), 1);
}
