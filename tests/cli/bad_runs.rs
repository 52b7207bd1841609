//! Bad run files and flags: each is told with its place, nothing is simulated, nothing written.

use super::desk::Desk;

/// Carries out a run file with this text and expects a complaint at a line of it.
#[track_caller]
fn refuses(text: &str, line: usize, pieces: &[&str]) {
    Desk::new()
        .with("mine.toml", text)
        .types("run mine.toml --scale 0.02 --seeds 1 --out out")
        .refuses_at("mine.toml", line, pieces);
}

/// Types `stabil run` with these words and expects a complaint.
#[track_caller]
fn refuses_words(words: &str, pieces: &[&str]) {
    Desk::new()
        .types(&format!("run {words} --out out"))
        .refuses(pieces);
}

#[test]
fn an_unknown_key() {
    refuses(
        "name = \"mine\"\nscael = 0.5\n",
        2,
        &["scael = 0.5", "unknown key", "did you mean \"scale\"?"],
    );
}

#[test]
fn a_value_of_the_wrong_type() {
    refuses(
        "name = \"mine\"\n\nseeds = \"four\"\n",
        3,
        &["seeds = \"four\"", "a whole number from 1 to 100000"],
    );
}

#[test]
fn a_value_out_of_range() {
    refuses(
        "name = \"mine\"\nscale = 400\n",
        2,
        &["scale = 400", "a number from 0.01 to 40"],
    );
}

#[test]
fn a_last_year_before_the_first() {
    refuses(
        "name = \"mine\"\nstart = 2019\nuntil = 2018\n",
        3,
        &["until = 2018", "after start, which is 2019", "2020 to 2060"],
    );
}

#[test]
fn a_first_year_that_the_data_do_not_describe() {
    Desk::new()
        .with("mine.toml", "name = \"mine\"\nstart = 2025\n")
        .types("run mine.toml --scale 0.02 --seeds 1 --out out")
        .refuses(&["mine.toml, line 2", "start = 2025", "2019"]);
}

#[test]
fn an_unknown_zone_scheme() {
    refuses(
        "name = \"mine\"\nzones = \"county_clas\"\n",
        2,
        &["zones = \"county_clas\"", "did you mean \"county_class\"?"],
    );
}

#[test]
fn an_unknown_measure() {
    refuses(
        "name = \"mine\"\nmeasures = [\n  \"persons\",\n  \"suply_fte\",\n]\n",
        4,
        &[
            "measures",
            "suply_fte",
            "unknown measure",
            "did you mean \"supply_fte\"?",
        ],
    );
}

#[test]
fn an_unknown_breakdown() {
    refuses(
        "name = \"mine\"\nbreakdowns = [[], [\"profesion\"]]\n",
        2,
        &[
            "breakdowns",
            "\"profesion\"",
            "\"sector\"",
            "did you mean \"profession\"?",
        ],
    );
}

#[test]
fn a_name_that_is_no_folder() {
    refuses(
        "name = \"../mine\"\n",
        1,
        &["name = \"../mine\"", "small letters"],
    );
}

#[test]
fn no_name() {
    Desk::new()
        .with("mine.toml", "seeds = 1\n")
        .types("run mine.toml --out out")
        .refuses(&["mine.toml, name", "missing", "name = \"my_run\""]);
}

#[test]
fn a_comma_for_a_point() {
    refuses(
        "name = \"mine\"\nscale = 0,5\n",
        2,
        &["write decimals with a point"],
    );
}

#[test]
fn malformed_toml() {
    refuses("name = \"mine\"\nuntil 2030\n", 2, &[]);
}

#[test]
fn bytes_that_are_no_text() {
    let desk = Desk::new().with("mine.toml", b"name = \"mine\"\ntitle_nb = \"B\xe5t\"\n");
    desk.types("run mine.toml --out out")
        .refuses_at("mine.toml", 2, &["UTF-8"]);
}

#[test]
fn an_unknown_run() {
    refuses_words("quik", &["RUN = quik", "did you mean \"quick\"?"]);
    refuses_words("zzz", &["RUN = zzz", "baseline, bonding"]);
}

#[test]
fn a_run_file_that_is_not_there() {
    refuses_words("quik.toml", &["quik.toml", "did you mean", "\"quick\""]);
}

#[test]
fn a_data_folder_that_is_not_there() {
    refuses_words(
        "quick --data nowhere",
        &["nowhere", "no such folder", "stabil data export"],
    );
}

#[test]
fn flags_out_of_range() {
    for (flag, value, allowed) in [
        ("--seeds", "0", "1..=100000"),
        ("--seeds", "many", "invalid digit"),
        ("--scale", "abc", "a number from 0.01 to 40"),
        ("--scale", "0.001", "a number from 0.01 to 40"),
        ("--scale", "0,5", "write decimals with a point"),
        ("--until", "2019", "2020..=2060"),
        ("--until", "soon", "invalid digit"),
        ("--threads", "0", "a whole number from 1 to 1024"),
    ] {
        refuses_words(&format!("quick {flag} {value}"), &[flag, value, allowed]);
    }
}

#[test]
fn a_misspelled_flag_or_command() {
    refuses_words("quick --sedes 4", &["--sedes", "--seeds"]);
    Desk::new().types("chekc").refuses(&["'chekc'", "check"]);
    Desk::new()
        .types("list profesions")
        .refuses(&["profesions", "professions"]);
}
