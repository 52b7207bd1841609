//! The same input gives the same bytes, whatever the machine does beside.

use super::desk::Desk;
use super::results::Bands;

const FILES: [&str; 3] = ["bands.csv", "bands.parquet", "durations.csv"];

/// Expects the results in these two folders to be equal byte for byte.
#[track_caller]
fn assert_same(desk: &Desk, one: &str, other: &str) {
    for file in FILES {
        let [left, right] = [one, other].map(|folder| desk.bytes(&format!("{folder}/{file}")));
        assert!(
            left == right,
            "{file} is not the same in {one} and in {other}"
        );
    }
}

#[test]
fn threads_do_not_change_a_byte() {
    let desk = Desk::new();
    for threads in [1, 2, 5] {
        let run = "run quick --scale 0.02 --seeds 4 --until 2022";
        desk.types(&format!("{run} --threads {threads} --out with_{threads}"))
            .succeeds();
    }
    assert_same(&desk, "with_1", "with_2");
    assert_same(&desk, "with_1", "with_5");
}

#[test]
fn places_do_not_change_a_byte() {
    let desk = Desk::new().with("below/here/note.txt", "");
    let run = "run quick --scale 0.02 --seeds 1 --until 2021";
    desk.types(&format!("{run} --out one")).succeeds();
    desk.types(&format!("{run} --out other/place")).succeeds();
    desk.types_in("below/here", &format!("{run} --out one"))
        .succeeds();
    assert_same(&desk, "one", "other/place");
    assert_same(&desk, "one", "below/here/one");
}

#[test]
fn exported_data_are_the_embedded_data() {
    let desk = Desk::with_data();
    let run = "run quick --scale 0.02 --seeds 1 --until 2021";
    desk.types(&format!("{run} --out embedded")).succeeds();
    desk.types(&format!("{run} --data data --out exported"))
        .succeeds();
    assert_same(&desk, "embedded", "exported");
}

#[test]
fn a_changed_number_changes_the_results() {
    let desk = Desk::with_data().changing("data/parameters/death.toml", |text| {
        let sure = with_first_line(
            text,
            "distribution = ",
            "distribution = { shape = \"fixed\" }",
        );
        with_first_line(&sure, "value = ", "value = 9.0")
    });
    let run = "run quick --scale 0.02 --seeds 1 --until 2020";
    desk.types(&format!("{run} --out embedded")).succeeds();
    desk.types(&format!("{run} --data data --out changed"))
        .succeeds();
    let [few, many] = ["embedded", "changed"]
        .map(|folder| Bands::read(&desk, folder).of_profession(2020, "all", "leavers_death"));
    assert!(many > 2.0 * few, "{few} died, and then {many}");
}

/// The text with the first line that begins like this replaced.
fn with_first_line(text: &str, start: &str, new: &str) -> String {
    let old = text.lines().find(|line| line.starts_with(start));
    text.replacen(old.unwrap_or(start), new, 1)
}

#[test]
fn another_seed_gives_other_results() {
    let seeded = |seed: u32| {
        format!("name = \"s\"\nscale = 0.02\nseeds = 1\nfirst_seed = {seed}\nuntil = 2021\n")
    };
    let desk = Desk::new()
        .with("one.toml", seeded(1))
        .with("two.toml", seeded(2));
    desk.types("run one.toml --out one").succeeds();
    desk.types("run two.toml --out two").succeeds();
    assert_ne!(desk.bytes("one/bands.csv"), desk.bytes("two/bands.csv"));
}
