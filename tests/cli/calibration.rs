//! `stabil calibrate`: a small fit and its files, taking up a fit that was stopped, what is refused,
//! and the recovery of known truths.

use super::desk::{Answer, Desk};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// A fit of some seconds on the data of the folder `data`, to the folder `out`.
const FIT: &str = "calibrate --data data --out out --scale 0.01 --members 12 --steps 1";
const FREE: &str = "data/free_parameters.toml";
const TARGETS: &str = "data/targets.toml";

/// The tables and sections of a fit's files. The files of any fit have the same.
const TARGET_COLUMNS: &str = "target,family,use,bound,value,error,prior_mean,prior_p025,prior_p975,\
                              model_mean,model_p025,model_p975,z,within";
const PARAMETER_COLUMNS: &str = "free_parameter,moves,first_parameter,unit,grade,direct_figures,\
                                 prior_mean,prior_p025,prior_p975,posterior_mean,posterior_p025,\
                                 posterior_p975,score,width_ratio";
const HEADINGS: [&str; 7] = [
    "# Fit report",
    "## Fitted targets",
    "## Kept back",
    "## In conflict with the prior, not fitted",
    "## Without a value in some runs of this scale, not fitted",
    "## Free parameters",
    "## Strongest correlations in the posterior",
];
/// Sections that a report need not have: it may have no such targets.
const OPTIONAL: [&str; 3] = [HEADINGS[2], HEADINGS[3], HEADINGS[4]];

/// A desk with the invented country in the folder `data`: a fit of it takes no time.
fn with_tiny() -> Desk {
    fn laid(desk: Desk, from: &Path, name: &str) -> Desk {
        let entries = std::fs::read_dir(from).unwrap();
        entries.fold(desk, |desk, entry| {
            let path = entry.unwrap().path();
            let own = format!("{name}/{}", path.file_name().unwrap().to_str().unwrap());
            match path.is_dir() {
                true => laid(desk, &path, &own),
                false => desk.with(&own, std::fs::read(&path).unwrap()),
            }
        })
    }
    let tiny = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tiny");
    laid(Desk::new(), &tiny, "data")
}

/// What stands in `a` for everything but the seconds that a fit took.
fn report(desk: &Desk, folder: &str) -> [String; 3] {
    ["fit_report.md", "fit_targets.csv", "fit_parameters.csv"]
        .map(|name| desk.text(&format!("{folder}/{name}")))
}

#[test]
fn a_fit_writes_its_posterior_and_what_it_says() {
    let desk = Desk::with_data();
    let answer = desk
        .types(FIT)
        .succeeds()
        .says(&["fitted in", "results in out"]);
    let files = [
        "fit_parameters.csv",
        "fit_report.md",
        "fit_targets.csv",
        "posterior.parquet",
    ];
    assert_eq!(desk.names("out"), files);
    let answer = answer.prints(&["fitted targets", "kept-back targets", "intervals cover"]);
    assert!(
        answer.out.lines().all(|line| line.starts_with("- ")),
        "{}",
        answer.told()
    );

    let [page, targets, parameters] = report(&desk, "out");
    let headings: Vec<&str> = page.lines().filter(|line| line.starts_with('#')).collect();
    let mut expected = HEADINGS.to_vec();
    expected.retain(|own| !OPTIONAL.contains(own) || headings.contains(own));
    assert_eq!(headings, expected);
    assert_eq!(targets.lines().next(), Some(TARGET_COLUMNS));
    assert_eq!(parameters.lines().next(), Some(PARAMETER_COLUMNS));
    // Every target of the file has its line, and none is hidden in the page.
    let stated = desk.text(TARGETS).matches("[[target]]").count();
    assert_eq!(targets.lines().count() - 1, stated);
    let names = targets
        .lines()
        .skip(1)
        .map(|line| line.split(',').next().unwrap());
    for name in names {
        assert!(
            page.contains(&format!("| {name} |")),
            "{name} is not on the page"
        );
    }

    // The posterior is taken into use by the folder that it is put into.
    std::fs::copy(
        desk.path("out/posterior.parquet"),
        desk.path("data/posterior.parquet"),
    )
    .unwrap();
    let words = "run quick --scale 0.01 --seeds 1 --until 2020 --data data --out again";
    desk.types(words).succeeds();
}

#[test]
fn a_fit_that_was_stopped_is_taken_up_and_ends_the_same() {
    let desk = with_tiny();
    let long = "calibrate --data data --scale 1 --members 150 --steps 2";
    let command = desk.command(&format!("{long} --out out"));
    let answer = stopped(&desk, command).exits(130);
    answer.says(&["--resume"]).prints_nothing();
    assert_eq!(desk.names("out"), ["fit_state.bin"]);

    // Nothing else is taken up from it: neither other settings nor other data.
    let state = desk.bytes("out/fit_state.bin");
    let other = "calibrate --data data --scale 1 --members 151 --steps 2 --out out --resume";
    desk.types(other)
        .refuses(&["fit_state.bin", "other data, targets or settings"]);
    let value = desk.text(TARGETS);
    let desk = desk.changing(TARGETS, |text| {
        text.replacen("value = 0.13", "value = 0.14", 1)
    });
    let resumed = format!("{long} --out out --resume");
    desk.types(&resumed)
        .refuses(&["fit_state.bin", "begin anew, without --resume"]);
    let desk = desk.with(TARGETS, value);
    let desk = desk.with("out/fit_state.bin", &state[..state.len() / 2]);
    desk.types(&resumed)
        .refuses(&["fit_state.bin", "not the state of a fit, or not whole"]);

    let desk = desk.with("out/fit_state.bin", &state);
    desk.types(&resumed).succeeds();
    assert!(!desk.has("out/fit_state.bin"));
    desk.types(&format!("{long} --out whole")).succeeds();
    assert_eq!(report(&desk, "out"), report(&desk, "whole"));
    desk.types(&resumed)
        .refuses(&["there is no fit to take up again here"]);
}

/// Starts a fit, interrupts it when it has kept a state, and waits for its answer.
fn stopped(desk: &Desk, mut command: std::process::Command) -> Answer {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut program = command.spawn().unwrap();
    until(&mut program, |_| desk.has("out/fit_state.bin"));
    let id = program.id().to_string();
    let sent = std::process::Command::new("kill")
        .args(["-INT", &id])
        .status();
    assert!(sent.unwrap().success(), "the program ended by itself");
    until(&mut program, |program| {
        program.try_wait().unwrap().is_some()
    });
    let output = program.wait_with_output().unwrap();
    Answer::of("calibrate", output, Default::default(), Default::default())
}

fn until(program: &mut Child, mut is_so: impl FnMut(&mut Child) -> bool) {
    let started = Instant::now();
    while !is_so(program) {
        if started.elapsed() > Duration::from_secs(60) {
            program.kill().unwrap();
            program.wait().unwrap();
            panic!("not within a minute");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn mistakes_in_targets_are_told_with_their_place() {
    for (from, to, pieces) in [
        (
            "measure = \"on_sick_leave\"",
            "measure = \"on_sick_leaf\"",
            ["measure", "did you mean"],
        ),
        (
            "zone = \"meadowland_town\"",
            "zone = \"meadowland_twon\"",
            ["zone", "meadowland_town"],
        ),
        ("name = \"hired\"", "name = \"arrived\"", ["name", "taken"]),
        (
            "name = \"hired\"\nmeasure = \"entries_hired\"",
            "name = \"hired\"\nmeasure = \"entries_hired\"\nprofession = \"healer\"",
            ["profession", "healer"],
        ),
    ] {
        let desk = with_tiny();
        // The line of the target's name is told.
        let text = desk.text(TARGETS);
        let at = text.find(from).unwrap();
        let start = text[..at + 7].rfind("name = ").unwrap();
        let line = text[..start].lines().count() + 1;
        let desk = desk.changing(TARGETS, |text| text.replacen(from, to, 1));
        desk.types(FIT).refuses_at(TARGETS, line, &pieces);
    }
    // What the form does not know is told at its own line.
    let desk = with_tiny();
    let desk = desk.changing(TARGETS, |text| {
        text.replacen("use = \"fit\"", "use = \"fitt\"", 1)
    });
    let line = desk.line_of(TARGETS, "fitt\"");
    desk.types(FIT)
        .refuses_at(TARGETS, line, &["fitt", "validate"]);
}

#[test]
fn a_measure_that_is_not_given_by_these_keys_is_refused() {
    let desk = with_tiny().changing(TARGETS, |text| {
        text.replacen(
            "measure = \"on_sick_leave\"",
            "measure = \"entries_hired\"\nzone = \"meadowland_town\"",
            1,
        )
    });
    desk.types(FIT).refuses(&[
        TARGETS,
        "on_sick_leave",
        "entries_hired",
        "stabil list measures",
    ]);
}

#[test]
fn mistakes_in_free_parameters_are_told_with_their_place() {
    let change = |from: &str, to: &str| {
        let (from, to) = (from.to_string(), to.to_string());
        with_tiny().changing(FREE, move |text| text.replacen(&from, &to, 1))
    };
    let desk = change("\"reentry.probability[*]\"", "\"reentry.probabilty[*]\"");
    let line = desk.line_of(FREE, "probabilty");
    let pieces = [
        "moves = reentry.probabilty[*]",
        "no uncertain parameter",
        "did you mean",
    ];
    desk.types(FIT).refuses_at(FREE, line, &pieces);

    // A name of the file that holds no uncertainty is none either.
    let desk = change("\"reentry.probability[*]\"", "\"base_population.year\"");
    let line = desk.line_of(FREE, "base_population.year");
    desk.types(FIT)
        .refuses_at(FREE, line, &["no uncertain parameter"]);

    let desk = change(
        "\"move_zone.ratio\"",
        "\"move_zone.ratio\", \"move_zone.rate[*]\"",
    );
    let line = desk.line_of(FREE, "parameters = [");
    desk.types(FIT).refuses_at(
        FREE,
        line,
        &["move_zone.rate[*] is named twice", "one entry"],
    );

    let desk = change("    \"move_zone.ratio\",\n", "");
    let pieces = [
        FREE,
        "move_zone.ratio",
        "is not named",
        "[[held]] with the reason",
    ];
    desk.types(FIT).refuses(&pieces);
}

#[test]
fn without_free_parameters_or_targets_there_is_nothing_to_fit() {
    for name in [FREE, TARGETS] {
        let desk = with_tiny().without(name);
        desk.types(FIT)
            .refuses(&["there is nothing to fit", "stabil data export"]);
    }
    let desk = with_tiny();
    desk.types(&format!("{FIT} --resume"))
        .exits(2)
        .says(&["no fit to take up"]);
    desk.types("calibrate --data nowhere --out out")
        .refuses(&["nowhere"]);
}

#[test]
fn known_truths_are_recovered_without_a_file() {
    let desk = with_tiny();
    let words = "calibrate --data data --scale 0.3 --members 40 --steps 1 --recover 4";
    let answer = desk.types(words).writes_nothing();
    // So few truths may be missed; that is what the exit code tells.
    assert!(matches!(answer.code, Some(0 | 1)), "{}", answer.told());
    let answer = answer.prints(&[
        "4 truths; 40 members, 1 steps, scale 0.3",
        "| informed by the targets |",
        "| 90 to 100 % |",
        "p = ",
    ]);
    let covered = |row: &str| -> f64 {
        let line = answer
            .out
            .lines()
            .find(|line| line.starts_with(row))
            .unwrap();
        let share = line
            .split('|')
            .nth(3)
            .unwrap()
            .trim()
            .trim_end_matches(" %");
        share.parse().unwrap()
    };
    let shares = ["| all |", "| informed by the targets |"].map(covered);
    let right = shares.iter().all(|share| (80.0..=97.0).contains(share));
    assert_eq!(answer.code, Some(i32::from(!right)), "{}", answer.told());
    desk.types(&format!("{words} --resume"))
        .refuses(&["--resume"]);
}
