//! `stabil explain person`: one life, year by year, told the same every time.

use super::desk::{Answer, Desk};

/// A small world, so that it is made quickly.
const WORLD: &str = "name = \"small\"\nscale = 0.05\nseeds = 1\nuntil = 2024\n";

fn explains(words: &str) -> Answer {
    Desk::new()
        .with("small.toml", WORLD)
        .types(&format!("explain person {words} --run small.toml"))
}

#[test]
fn a_life_is_told_with_probabilities_and_draws() {
    let answer = explains("0-2019-17 --until 2022")
        .succeeds()
        .says_nothing()
        .writes_nothing()
        .prints(&["2019  in the base population", "2020  ", "years old"])
        .prints(&["Death: probability 0.", ", draw 0."]);
    let is_year = |line: &&str| line.starts_with("20");
    let years = answer.out.lines().filter(is_year);
    let mut years: Vec<&str> = years.map(|line| &line[..4]).collect();
    years.dedup();
    assert_eq!(&years[..2], ["2019", "2020"], "{}", answer.told());
    assert!(!years.contains(&"2023"), "{}", answer.told());
}

#[test]
fn a_life_is_the_same_when_told_again() {
    let once = explains("0-2019-17 --seed 2").succeeds().out;
    assert_eq!(once, explains("0-2019-17 --seed 2").succeeds().out);
    assert_ne!(once, explains("0-2019-17 --seed 3").succeeds().out);
}

#[test]
fn a_person_has_a_number_too() {
    let number = (2019_u64 << 32) + 17;
    let named = explains("0-2019-17").succeeds().out;
    assert_eq!(named, explains(&number.to_string()).succeeds().out);
}

#[test]
fn nobody_is_told_of() {
    for id in ["0-2019-999999999", "9-2019-17", "17"] {
        explains(id).refuses(&[id, "nobody", "0-2019-NUMBER"]);
    }
}

#[test]
fn what_names_nobody_is_refused() {
    for id in ["x", "0-2019", "0-2019-999999999999", "1.5"] {
        explains(id).refuses(&[id, "STREAM-YEAR-NUMBER"]);
    }
}
