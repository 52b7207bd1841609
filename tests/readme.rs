//! The README's commands, tried: each `cargo run --release -- ...` line runs, `run` lines with a
//! smaller scale so that the test is quick; and the two commands it promises stand in it.

use assert_cmd::Command;
use std::path::Path;

fn readme() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    std::fs::read_to_string(path).expect("the README is there")
}

/// Lines of the README's shell blocks.
fn shell_lines(text: &str) -> Vec<&str> {
    text.split("```sh\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .flat_map(str::lines)
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect()
}

#[test]
fn the_two_commands_stand_alone() {
    let text = readme();
    let lines = shell_lines(&text);
    assert!(lines.contains(&"cargo run --release"), "{lines:?}");
    assert!(lines.contains(&"cargo test --locked"), "{lines:?}");
}

#[test]
fn the_run_file_shown_runs() {
    let text = readme();
    let (_, rest) = text.split_once("```toml\n").expect("a run file is shown");
    let (file, _) = rest.split_once("```").expect("it ends");
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("north.toml"), file).expect("a place to write");
    let words = "run north.toml --scale 0.02 --seeds 1 --until 2020 --out out -q";
    let mut command = Command::cargo_bin("stabil").expect("the program is built");
    command
        .current_dir(folder.path())
        .args(words.split(' '))
        .assert()
        .success();
    assert!(folder.path().join("out/bands.csv").is_file());
}

#[test]
fn every_command_runs() {
    let text = readme();
    let mut tried = 0;
    // One folder for all, since one command reads what another wrote.
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run_file = Path::new(env!("CARGO_MANIFEST_DIR")).join("runs/baseline.toml");
    std::fs::copy(run_file, folder.path().join("my_run.toml")).expect("a run file to change");
    for line in shell_lines(&text) {
        let Some(words) = line.strip_prefix("cargo run --release -- ") else {
            continue;
        };
        let mut words: Vec<&str> = words.split_whitespace().collect();
        if words[0] == "serve" {
            // It does not end by itself; `tests/serve.rs` opens it and closes it again.
            continue;
        }
        let simulates = words[0] == "run";
        if simulates {
            for flag in ["--seeds", "--until", "--draws"] {
                if let Some(at) = words.iter().position(|word| *word == flag) {
                    words.drain(at..at + 2);
                }
            }
            words.extend(["--scale", "0.02", "--seeds", "1", "--until", "2028"]);
        }
        match words[0] {
            "explain" if words.contains(&"--changed") => words.extend(["--scale", "0.1"]),
            "check" if words.contains(&"diffusion") => words.extend(["--scale", "0.1"]),
            "calibrate" => words.extend("--members 12 --steps 1 --scale 0.01".split(' ')),
            "validate" => words.extend("--draws 3 --scale 0.01".split(' ')),
            _ => {}
        }
        let mut command = Command::cargo_bin("stabil").expect("the program is built");
        let tried_out = command.current_dir(folder.path()).args(&words).assert();
        match words[0] {
            // So small a trial may well leave the tolerances.
            "validate" | "check" => tried_out.code([0, 1].as_slice()),
            _ => tried_out.success(),
        };
        if simulates {
            let out = words.iter().position(|word| *word == "--out");
            let results = out.map_or_else(
                || format!("runs/out/{}", named(words[1])),
                |at| words[at + 1].into(),
            );
            assert!(
                folder.path().join(results).join("bands.csv").is_file(),
                "{line}"
            );
        }
        tried += 1;
    }
    assert!(tried >= 4, "only {tried} commands were found in the README");
}

/// The name of the run that a command line gives, under which its results are filed.
fn named(run: &str) -> &str {
    if run == "my_run.toml" {
        "baseline"
    } else {
        run
    }
}

/// Pictures in the README: the text for those who cannot see them, and the file.
fn pictures(text: &str) -> Vec<(&str, &str)> {
    let marks = text.split("![").skip(1);
    let parts = marks.filter_map(|rest| rest.split_once("]("));
    parts
        .filter_map(|(alt, rest)| Some((alt, rest.split_once(')')?.0)))
        .collect()
}

/// The rows of a file, its head among them.
fn rows(path: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_path(path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let rows = reader.deserialize().map(Result::unwrap);
    rows.collect()
}

/// The pictures shown are of the run that the README names: the same command, with fewer lives,
/// gives files with the same heads, years and areas, and nearly the same supply and need.
#[test]
fn the_pictures_shown_are_of_the_run_that_is_named() {
    let text = readme();
    let lines = shell_lines(&text);
    let runs: Vec<&str> = lines
        .iter()
        .filter_map(|line| line.strip_prefix("cargo run --release -- "))
        .filter(|line| line.starts_with("run north ") || line.contains("report runs/out/north"))
        .collect();
    assert_eq!(runs.len(), 2, "{lines:?}");
    let folder = tempfile::tempdir().expect("a temporary folder");
    for words in runs {
        let mut words: Vec<&str> = words.split_whitespace().collect();
        if words[0] == "run" {
            for (flag, fewer) in [("--draws", "2"), ("--seeds", "1")] {
                let at = words.iter().position(|word| *word == flag);
                words[at.expect("the README says how many") + 1] = fewer;
            }
            words.extend(["--scale", "0.02", "--quiet"]);
        }
        let mut command = Command::cargo_bin("stabil").expect("the program is built");
        command.current_dir(folder.path()).args(&words);
        command.assert().success();
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shown = pictures(&text);
    assert!(shown.len() >= 2, "{shown:?}");
    for (alt, file) in shown {
        assert!(alt.split_whitespace().count() > 10, "{file}: {alt}");
        let name = file.strip_prefix("runs/pictures/").expect("made by a run");
        let image = std::fs::read(root.join(file)).expect("the picture is there");
        assert!(image.starts_with(b"\x89PNG"), "{file}");
        let name = name.replace(".en.png", ".csv");
        let kept = rows(&root.join("runs/pictures").join(&name));
        let made = rows(&folder.path().join("runs/out/north/pictures").join(&name));
        assert_eq!(kept[0], made[0], "{name}");
        // Years, or names of areas.
        let keys = |rows: &[Vec<String>]| -> Vec<String> {
            rows.iter().map(|row| row[0].clone()).collect()
        };
        assert_eq!(keys(&kept), keys(&made), "{name}");
        if kept[0].get(1).is_none_or(|head| head != "Supply, mean") {
            continue;
        }
        for (kept, made) in kept[1..].iter().zip(&made[1..]) {
            // Draws move both, but not by a tenth.
            for column in [1, 9] {
                let [old, new] = [kept, made].map(|row| row[column].parse::<f64>().expect("FTE"));
                assert!(
                    (old / new - 1.0).abs() < 0.1,
                    "{name}, {}: {old}, {new}",
                    kept[0]
                );
            }
        }
    }
}
