//! Interruption (Ctrl-C): complete runs are kept and counted, and the program ends soon.

use super::desk::{Answer, Desk};
use super::results::{Bands, manifest};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long the program may take to end. A simulated year is over in much less.
const SOON: Duration = Duration::from_secs(6);

/// How long the program may take to prepare.
const PREPARATION: Duration = Duration::from_secs(60);

/// Types these words with `--out out`, interrupts the program when it has simulated for so long,
/// and waits for its answer.
fn interrupts(desk: &Desk, words: &str, simulated: Duration) -> Answer {
    let mut command = desk.command(words);
    command.args(["--out", "out"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut program = command.spawn().unwrap();
    // The folder is made when everything is prepared.
    wait_until(&mut program, PREPARATION, |_| desk.has("out"));
    std::thread::sleep(simulated);
    let id = program.id().to_string();
    let sent = Command::new("kill").args(["-INT", &id]).status().unwrap();
    assert!(sent.success(), "the program ended by itself");
    wait_until(&mut program, SOON, |program| {
        program.try_wait().unwrap().is_some()
    });
    let output = program.wait_with_output().unwrap();
    Answer::of(words, output, Default::default(), Default::default())
}

/// Waits until something is so; a program that takes longer than this is ended.
fn wait_until(program: &mut Child, at_most: Duration, mut is_so: impl FnMut(&mut Child) -> bool) {
    let started = Instant::now();
    while !is_so(program) {
        if started.elapsed() > at_most {
            program.kill().unwrap();
            program.wait().unwrap();
            panic!("not within {} seconds", at_most.as_secs());
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn complete_runs_are_kept_and_counted() {
    // With few rows, so that it is stopping that takes time, and not writing.
    let text = "name = \"mine\"\nscale = 0.02\nuntil = 2030\n\
                breakdowns = [[], [\"profession\"], [\"zone\"]]\n";
    let desk = Desk::new().with("mine.toml", text);
    let words = "run mine.toml --seeds 50000";
    let answer = interrupts(&desk, words, Duration::from_secs(3)).exits(130);
    let (before, _) = answer
        .err
        .split_once(" of 50000 runs were complete")
        .unwrap_or_else(|| panic!("no count of runs{}", answer.told()));
    let complete = before.rsplit([' ', '\n']).next().unwrap();
    let count: usize = complete.parse().unwrap();
    assert!((1..50000).contains(&count), "{}", answer.told());

    let bands = Bands::read(&desk, "out");
    let persons = |row: &&Vec<String>| bands.text(row, "measure") == "persons";
    for row in bands.rows.iter().filter(persons) {
        assert_eq!(bands.text(row, "runs"), complete, "{row:?}");
    }
    let manifest = manifest(&desk, "out");
    assert_eq!(manifest["complete"], false);
    assert_eq!(manifest["seeds"].as_array().unwrap().len(), count);
}

#[test]
fn without_a_complete_run_nothing_is_written() {
    let desk = Desk::new();
    let words = "run quick --scale 1 --seeds 1 --until 2060";
    let answer = interrupts(&desk, words, Duration::from_millis(300))
        .exits(130)
        .says(&["interrupted"])
        .prints_nothing();
    let says_so = ["no run was complete", "0 of 1 runs"]
        .iter()
        .any(|words| answer.err.contains(words));
    assert!(says_so, "not that no run was complete{}", answer.told());
    assert_eq!(desk.names("out"), Vec::<String>::new());
}
