//! Bad data folders: each mistake is told with its place, nothing is simulated, nothing written.
//!
//! Every test exports the embedded data, makes one mistake in it, and expects one complaint.

use super::desk::{Answer, Desk};

const FACTS: &str = "data/evidence/facts.csv";
const MUNICIPALITIES: &str = "data/external/municipalities_2024.csv";
const PEOPLE: &str = "data/external/pop_municipality_age5_sex_2020.csv";
const DEATH: &str = "data/parameters/death.toml";

/// Carries out a small run with the data on the desk.
fn run(desk: &Desk) -> Answer {
    desk.types("run quick --scale 0.02 --seeds 1 --until 2020 --data data --out out")
}

/// A line of a text, counted from 1.
fn line(text: &str, number: usize) -> &str {
    text.lines().nth(number - 1).unwrap()
}

/// The text with line 2, the first row of a table, changed.
fn with_first_row(text: &str, change: impl FnOnce(&str) -> String) -> String {
    let row = line(text, 2);
    text.replacen(row, &change(row), 1)
}

/// The text without the lines that begin like this.
fn without_lines(text: &str, start: &str) -> String {
    let kept = text.lines().filter(|line| !line.starts_with(start));
    kept.map(|line| format!("{line}\n")).collect()
}

/// The number of the municipality on line 3 of its table.
fn municipality(desk: &Desk) -> String {
    let text = desk.text(MUNICIPALITIES);
    let (number, _) = line(&text, 3).split_once(',').unwrap();
    number.to_string()
}

/// A parameter in the form of a data file, sound but for the line that is given instead of the
/// line of the same key.
fn parameter(instead: &str) -> String {
    let key = instead.split(' ').next().unwrap();
    let mut text = "\n[[parameter]]\n".to_string();
    for line in [
        "name = \"of_this_test\"",
        "value = 0.5",
        "distribution = { shape = \"uniform\", low = 0.25, high = 0.75 }",
        "unit = \"probability\"",
        "facts = []",
        "grade = \"D\"",
        "reasoning = \"Nothing but an example for this test\"",
    ] {
        let is_replaced = line.split(' ').next() == Some(key);
        text.push_str(if is_replaced { instead } else { line });
        text.push('\n');
    }
    text
}

/// Adds a parameter with this line to the file on death and expects a complaint at the line.
#[track_caller]
fn refuses_parameter(instead: &str, pieces: &[&str]) {
    let desk = Desk::with_data().changing(DEATH, |text| text.to_string() + &parameter(instead));
    let line = desk.line_of(DEATH, instead);
    run(&desk).refuses_at(DEATH, line, pieces);
}

#[test]
fn a_probability_above_one() {
    refuses_parameter(
        "value = 1.25",
        &["value = 1.25", "of_this_test", "probability", "0 to 1"],
    );
}

#[test]
fn a_range_that_does_not_hold_the_value() {
    let desk = Desk::with_data().changing(DEATH, |text| {
        let narrow = "distribution = { shape = \"uniform\", low = 0.55, high = 0.75 }";
        text.to_string() + &parameter(narrow)
    });
    run(&desk).refuses(&[DEATH, "of_this_test", "0.55 to 0.75", "value 0.5"]);
}

#[test]
fn an_unknown_fact() {
    let desk = Desk::with_data();
    let facts = desk.text(FACTS);
    let id = line(&facts, 2).split(',').next().unwrap().to_string();
    let wrong = format!("facts = [\"{id}x\"]");
    let desk = desk.changing(DEATH, |text| text.to_string() + &parameter(&wrong));
    let line = desk.line_of(DEATH, &wrong);
    run(&desk).refuses_at(
        DEATH,
        line,
        &[&format!("facts = {id}x"), "unknown fact", "did you mean"],
    );
}

#[test]
fn an_unknown_unit() {
    refuses_parameter(
        "unit = \"probabilty\"",
        &["unit = probabilty", "did you mean \"probability\"?"],
    );
}

#[test]
fn an_unknown_grade_of_evidence() {
    refuses_parameter("grade = \"E\"", &["grade", "E", "A", "B", "C", "D"]);
}

#[test]
fn a_reason_left_out() {
    refuses_parameter("reasoning = \"\"", &["reasoning", "say why"]);
}

#[test]
fn a_value_of_the_wrong_type() {
    refuses_parameter("value = \"half\"", &["value", "half", "a number"]);
}

#[test]
fn a_comma_for_a_point_in_a_parameter() {
    refuses_parameter(
        "value = 0,5",
        &["value", "0,5", "write decimals with a point"],
    );
}

#[test]
fn a_misspelled_key_of_a_parameter() {
    let desk = Desk::with_data().changing(DEATH, |text| {
        text.to_string() + &parameter("value = 0.5").replace("value = 0.5", "valeu = 0.5")
    });
    let line = desk.line_of(DEATH, "valeu");
    run(&desk).refuses_at(DEATH, line, &["valeu", "0.5", "did you mean \"value\"?"]);
}

#[test]
fn a_parameter_of_a_name_that_nobody_uses() {
    refuses_parameter(
        "name = \"raito\"",
        &["name = death.raito", "did you mean \"death.ratio\"?"],
    );
}

#[test]
fn a_parameter_with_its_name_misspelled_is_missing() {
    let desk = Desk::with_data().changing(DEATH, |text| {
        text.replace("name = \"ratio\"", "name = \"raito\"")
    });
    run(&desk).refuses(&[DEATH, "death.ratio", "death.raito"]);
}

#[test]
fn a_parameter_given_twice() {
    let desk = Desk::with_data().changing(DEATH, |text| {
        format!("{text}{0}{0}", parameter("value = 0.5"))
    });
    let first = desk.line_of(DEATH, "of_this_test");
    let again = first + parameter("value = 0.5").lines().count();
    run(&desk).refuses_at(
        DEATH,
        again,
        &[
            "death.of_this_test",
            "already given",
            &format!("line {first}"),
        ],
    );
}

#[test]
fn a_municipality_given_twice() {
    let desk =
        Desk::with_data().changing(MUNICIPALITIES, |text| format!("{text}{}\n", line(text, 3)));
    let last = desk.text(MUNICIPALITIES).lines().count();
    run(&desk).refuses_at(
        MUNICIPALITIES,
        last,
        &["kom2024 = ", "repeats line 3", "delete one of the two"],
    );
}

#[test]
fn a_fact_given_twice() {
    let desk = Desk::with_data().changing(FACTS, |text| format!("{text}{}\n", line(text, 3)));
    let last = desk.text(FACTS).lines().count();
    run(&desk).refuses_at(FACTS, last, &["id = ", "repeats line 3"]);
}

#[test]
fn a_municipality_without_people() {
    let desk = Desk::with_data();
    let number = municipality(&desk);
    let desk = desk.changing(PEOPLE, |text| without_lines(text, &format!("{number},")));
    run(&desk).refuses(&[
        PEOPLE,
        &format!("kom2024 = {number}:"),
        "no population",
        &format!("line 3 of {MUNICIPALITIES}"),
    ]);
}

#[test]
fn a_municipality_without_its_women() {
    let desk = Desk::with_data();
    let number = municipality(&desk);
    let women = format!("{number},2020,female,");
    let desk = desk.changing(PEOPLE, |text| without_lines(text, &women));
    run(&desk).refuses(&[PEOPLE, "kom2024", &number, "female"]);
}

#[test]
fn people_without_their_municipality() {
    let desk = Desk::with_data();
    let number = municipality(&desk);
    let row = format!("{number},");
    let desk = desk.changing(MUNICIPALITIES, |text| without_lines(text, &row));
    run(&desk).refuses(&[PEOPLE, MUNICIPALITIES, "kom2024", &number]);
}

#[test]
fn fewer_people_than_none() {
    let desk = Desk::with_data().changing(PEOPLE, |text| with_cell(text, "0-4", "-7"));
    run(&desk).refuses_at(PEOPLE, 2, &["0-4 = -7"]);
}

#[test]
fn a_misspelled_sex() {
    let desk = Desk::with_data().changing(PEOPLE, |text| with_cell(text, "sex", "femal"));
    run(&desk).refuses_at(PEOPLE, 2, &["sex = femal", "female"]);
}

#[test]
fn a_comma_for_a_point_in_a_table() {
    let desk = Desk::with_data().changing(PEOPLE, |text| with_cell(text, "0-4", "\"7,5\""));
    run(&desk).refuses_at(PEOPLE, 2, &["0-4 = 7,5", "write decimals with a point"]);
}

#[test]
fn a_comma_too_many_in_a_row() {
    let desk = Desk::with_data().changing(PEOPLE, |text| with_cell(text, "0-4", "7,5"));
    run(&desk).refuses_at(PEOPLE, 2, &["fields"]);
}

/// A table of plain cells with the cell of this column in its first row changed.
fn with_cell(text: &str, column: &str, new: &str) -> String {
    let position = line(text, 1).split(',').position(|name| name == column);
    let position = position.unwrap_or_else(|| panic!("no column {column}"));
    with_first_row(text, |row| {
        let mut cells: Vec<&str> = row.split(',').collect();
        cells[position] = new;
        cells.join(",")
    })
}

#[test]
fn a_column_that_is_missing() {
    let desk = Desk::with_data().changing(MUNICIPALITIES, |text| text.replacen("rhf", "rfh", 1));
    run(&desk).refuses_at(MUNICIPALITIES, 1, &["\"rhf\" is missing"]);
}

#[test]
fn bytes_that_are_no_text() {
    let desk = Desk::with_data();
    let mut bytes = desk.bytes(MUNICIPALITIES);
    let rows = bytes.iter().position(|byte| *byte == b'\n').unwrap();
    bytes.insert(rows + 1, 0xd8);
    let desk = desk.with(MUNICIPALITIES, bytes);
    run(&desk).refuses_at(MUNICIPALITIES, 2, &["UTF-8"]);
}

#[test]
fn malformed_toml() {
    let zones = "data/classification/zones.toml";
    let desk = Desk::with_data().changing(zones, |text| text.replacen("[[group]]", "[[group]", 1));
    let line = desk.line_of(zones, "[[group]");
    run(&desk).refuses_at(zones, line, &[]);
}

#[test]
fn an_unknown_grade_of_a_profession() {
    let programmes = "data/classification/programmes.toml";
    let desk = Desk::with_data().changing(programmes, |text| {
        text.replacen("grants = \"nurse\"", "grants = \"nurze\"", 1)
    });
    let line = desk.line_of(programmes, "nurze");
    run(&desk).refuses_at(
        programmes,
        line,
        &["grants = nurze", "did you mean \"nurse\"?"],
    );
}

#[test]
fn a_missing_table_or_list() {
    for file in [
        FACTS,
        MUNICIPALITIES,
        PEOPLE,
        "data/classification/professions.toml",
        "data/classification/zones.toml",
    ] {
        run(&Desk::with_data().without(file)).refuses(&[file]);
    }
}

#[test]
fn a_missing_table_that_a_parameter_rests_on() {
    let desk = Desk::with_data().without("data/external/life_table_2019_2021.csv");
    run(&desk).refuses(&["life_table_2019_2021.csv"]);
}

#[test]
fn a_missing_file_of_parameters() {
    run(&Desk::with_data().without(DEATH)).refuses(&[DEATH]);
}

#[test]
fn a_missing_folder() {
    let desk = Desk::with_data();
    std::fs::remove_dir_all(desk.path("data/parameters")).unwrap();
    run(&desk).refuses(&["data/parameters", "stabil data export"]);
}

#[test]
fn other_commands_refuse_bad_data_too() {
    let desk =
        Desk::with_data().changing(DEATH, |text| text.to_string() + &parameter("value = 1.25"));
    for words in [
        "list parameters --data data",
        "check base --data data --scale 0.05",
        "explain person 0-2019-17 --data data",
    ] {
        desk.types(words)
            .refuses(&[DEATH, "value = 1.25", "0 to 1"]);
    }
}
