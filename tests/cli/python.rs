//! The README's Python example runs on results of the program.
//!
//! Passed over, with a note, where README or Python with pyarrow and pandas are not at hand.

use super::desk::Desk;
use std::process::Command;

/// The first example in Python in a text.
fn example(readme: &str) -> Option<&str> {
    let (_, rest) = readme.split_once("```python\n")?;
    rest.split_once("\n```").map(|(code, _)| code)
}

/// The results folder that an example reads, as it is written there.
fn folder(code: &str) -> Option<&str> {
    let mut quoted = code.split(['"', '\'']).skip(1).step_by(2);
    let file = quoted.find(|text| text.contains("/bands."))?;
    file.rsplit_once('/').map(|(folder, _)| folder)
}

fn python(desk: &Desk, code: &str) -> std::io::Result<std::process::Output> {
    Command::new("python3")
        .current_dir(desk.path(""))
        .args(["-c", code])
        .output()
}

#[test]
fn the_example_of_the_readme_runs() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = std::fs::read_to_string(path).unwrap_or_default();
    let Some(code) = example(&readme) else {
        eprintln!("passed over: README.md has no example in Python");
        return;
    };
    let desk = Desk::new();
    if !python(&desk, "import pyarrow, pandas").is_ok_and(|output| output.status.success()) {
        eprintln!("passed over: no Python with pyarrow and pandas");
        return;
    }
    let folder = folder(code).expect("the example reads bands.csv or bands.parquet");
    let run = match folder.rsplit('/').next() {
        Some("quick") => "quick",
        _ => "baseline",
    };
    desk.types(&format!(
        "run {run} --scale 0.02 --seeds 2 --until 2040 --out {folder}"
    ))
    .succeeds();
    let output = python(&desk, code).unwrap();
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{code}\n\n{message}");
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(
        printed.lines().count() > 1 && !printed.contains("Empty"),
        "{code}\n\n{printed}"
    );
}

#[test]
fn the_example_is_found_with_its_folder() {
    let readme = "# A\n```sh\nls\n```\n```python\nread(\"runs/out/quick/bands.parquet\")\n```\n";
    let code = example(readme).unwrap();
    assert_eq!(folder(code), Some("runs/out/quick"));
    assert_eq!(example("# A\n"), None);
}
