//! Hostile and broken input: whatever bytes are read, there is an answer or a complaint, never a
//! panic, and in bounded time.
//!
//! Each target takes bytes as a file would give them. They come from a committed corpus
//! (`tests/fixtures/corpus/TARGET`), changed in many ways: bits turned, cut off, doubled, spliced
//! with each other, and with pieces put in that have broken readers before. The session is the same
//! every time. A short one runs with the tests; a long one by
//! `STABIL_FUZZ_EXECUTIONS=1000000 cargo test --release --locked --test hostile -- --ignored`, so
//! many to a target. What fails is kept in `target/hostile`, to be put into the corpus.

mod support;

mod hostile {
    pub mod mutate;
    pub mod targets;
}

use hostile::mutate::Mutator;
use hostile::targets::{TARGETS, Target};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Executions of a target in the short session.
const SHORT: u64 = 2_000;
/// No input of the session takes longer, on a machine with other work to do.
const LONGEST: Duration = Duration::from_secs(5);

fn corpus(target: &Target) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/corpus")
        .join(target.name);
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let mut all: Vec<Vec<u8>> = files
        .iter()
        .map(|path| std::fs::read(path).unwrap())
        .collect();
    all.extend((target.more)());
    assert!(!all.is_empty(), "{} has no corpus", target.name);
    all
}

/// Carries out a target so many times and gives the inputs that failed.
fn session(target: &Target, executions: u64) -> Vec<(Vec<u8>, String)> {
    let corpus = corpus(target);
    let mut mutator = Mutator::new(target.name);
    let mut failed = Vec::new();
    let (began, mut longest) = (Instant::now(), Duration::ZERO);
    let mut accepted = 0_u64;
    for number in 0..executions {
        let input = match corpus.get(number as usize) {
            Some(input) => input.clone(),
            None => mutator.input(&corpus),
        };
        let one = Instant::now();
        let answer = catch_unwind(AssertUnwindSafe(|| (target.read)(&input)));
        let took = one.elapsed();
        longest = longest.max(took);
        match answer {
            Ok(is_accepted) => accepted += u64::from(is_accepted),
            Err(_) => failed.push((input.clone(), "panicked".to_string())),
        }
        if took > LONGEST {
            failed.push((input, format!("took {took:?}")));
        }
    }
    eprintln!(
        "{:<16} {executions:>9} executions, {accepted:>8} accepted, {:>6.1} s, longest {:>7.3} ms, {} failed",
        target.name,
        began.elapsed().as_secs_f64(),
        longest.as_secs_f64() * 1e3,
        failed.len()
    );
    failed
}

/// Keeps what failed, and fails.
fn judge(target: &Target, failed: &[(Vec<u8>, String)]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/hostile");
    for (input, told) in failed.iter().take(50) {
        std::fs::create_dir_all(&folder).unwrap();
        let hash = blake3::hash(input).to_hex();
        let path = folder.join(format!("{}-{}", target.name, &hash[..12]));
        std::fs::write(&path, input).unwrap();
        eprintln!("{}: {told}", path.display());
    }
    assert!(failed.is_empty(), "{} inputs failed", failed.len());
}

#[test]
fn a_short_session_of_every_target_finds_nothing() {
    for target in &TARGETS {
        judge(target, &session(target, SHORT));
    }
}

#[test]
#[ignore = "takes as long as it is told to"]
fn a_long_session_of_every_target_finds_nothing() {
    let told = std::env::var("STABIL_FUZZ_EXECUTIONS").ok();
    let executions = told.and_then(|told| told.parse().ok()).unwrap_or(100_000);
    let only = std::env::var("STABIL_FUZZ_TARGETS").unwrap_or_default();
    let mut all = Vec::new();
    for target in &TARGETS {
        if only.is_empty() || only.split(',').any(|name| name == target.name) {
            all.push((target, session(target, executions)));
        }
    }
    assert!(
        !all.is_empty(),
        "STABIL_FUZZ_TARGETS = {only} names no target"
    );
    for (target, failed) in all {
        judge(target, &failed);
    }
}

#[test]
fn every_corpus_is_of_a_target_and_has_something_sound() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/corpus");
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(TARGETS.iter().any(|target| target.name == name), "{name}");
    }
    for target in &TARGETS {
        let sound = corpus(target).iter().any(|input| (target.read)(input));
        assert!(sound, "{} accepts nothing of its corpus", target.name);
    }
}

#[test]
fn deep_nesting_is_refused_and_overflows_no_stack() {
    for (open, close) in [("[", "]"), ("{ a = ", "}"), ("[{ a = ", "}]")] {
        let deep = format!(
            "name = \"a\"\nneed = {}1{}\n",
            open.repeat(200_000),
            close.repeat(200_000)
        );
        for target in &TARGETS {
            (target.read)(deep.as_bytes());
        }
        assert!(stabil::runs::Plan::of_text("a.toml", &deep).is_err());
    }
    let heads = format!("[{}a]\n", "a.".repeat(200_000));
    assert!(stabil::runs::Plan::of_text("a.toml", &heads).is_err());
}

#[test]
fn what_is_not_utf_8_is_told_with_its_byte() {
    let found = stabil::evidence::folder::text_of(b"a\nb\xE5c".to_vec(), "f").unwrap_err();
    assert_eq!(found.line, 2);
    assert!(found.message.contains("byte 4"), "{found}");
}
