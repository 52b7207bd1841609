//! The description of the model: what the program writes, the committed copy, and that both follow
//! the code and the data.
//!
//! Whoever changes the code's own words, lists or data writes the copy anew with
//! `STABIL_UPDATE_GOLDEN=1 cargo test --locked --test describe` and reads the difference before
//! keeping it; without the variable nothing is written.

mod support;

use assert_cmd::Command;
use stabil::cli::describe::program;
use stabil::evidence::DataFolder;
use stabil::report::description::{FIRST_LINE, Language, calibration_chapter, describe};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

const SWITCH: &str = "STABIL_UPDATE_GOLDEN";

/// More lines than this are no appendix any more.
const MOST_LINES: usize = 1800;

fn copy() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("calibration/description.md")
}

/// What the program prints, asked once.
fn printed() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        let mut command = Command::cargo_bin("stabil").expect("the program is built");
        let output = command
            .arg("describe")
            .assert()
            .success()
            .get_output()
            .clone();
        assert!(output.stderr.is_empty(), "data go to standard output only");
        String::from_utf8(output.stdout).expect("UTF-8")
    })
}

/// The description of a data folder.
fn of(folder: DataFolder, language: Language) -> String {
    let model = support::built(folder, 1.0);
    describe(&model, &program(), language).expect("it can be described")
}

fn headings(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.starts_with('#')).collect()
}

#[test]
fn the_committed_copy_is_what_the_program_writes() {
    let now = printed();
    let path = copy();
    if std::env::var_os(SWITCH).is_some_and(|value| value == "1") {
        std::fs::write(&path, now).expect("the copy can be written");
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let mut lines = kept.lines().zip(now.lines()).enumerate();
    let first = lines.find(|(_, (kept, now))| kept != now);
    assert!(
        kept == now,
        "{} is not what the program writes; run with {SWITCH}=1. First difference: {first:?}",
        path.display()
    );
}

#[test]
fn it_says_that_nobody_wrote_it_by_hand_and_is_no_book() {
    assert_eq!(printed().lines().next(), Some(FIRST_LINE));
    assert!(FIRST_LINE.contains("stabil describe") && FIRST_LINE.contains("not by hand"));
    let lines = printed().lines().count();
    assert!((800..MOST_LINES).contains(&lines), "{lines} lines");
}

#[test]
fn all_headings_of_the_forms_are_there() {
    let told = headings(printed()).join("\n");
    for heading in [
        "Purpose and patterns",
        "Entities, state variables and scales",
        "Process overview and scheduling",
        "Design concepts",
        "Basic principles",
        "Emergence",
        "Adaptation",
        "Objectives",
        "Learning",
        "Prediction",
        "Sensing",
        "Interaction",
        "Stochasticity",
        "Collectives",
        "Observation",
        "Initialisation",
        "Input data",
        "Submodels",
        "Problem formulation",
        "Model description",
        "Data evaluation",
        "Conceptual model evaluation",
        "Implementation verification",
        "Model output verification",
        "Model analysis",
        "Model output corroboration",
        "Reporting guideline",
        "Calibration and validation",
    ] {
        assert!(told.contains(heading), "{heading}");
    }
    let items = (1..=14).filter(|item| printed().contains(&format!("\n| {item} ")));
    assert!(items.count() == 14, "the guideline's items");
}

#[test]
fn every_heading_has_words_below_it() {
    let mut lines = printed().lines().filter(|line| !line.is_empty()).peekable();
    while let Some(line) = lines.next() {
        let level = |line: &str| line.chars().take_while(|c| *c == '#').count();
        let Some(next) = lines.peek().filter(|_| level(line) > 0) else {
            continue;
        };
        assert!(level(next) == 0 || level(next) > level(line), "{line}");
    }
}

#[test]
fn no_line_waits_to_be_filled() {
    for line in printed().lines() {
        for mark in [
            "TODO",
            "TBD",
            "XXX",
            "NaN",
            "placeholder",
            "{}",
            "[`",
            "()",
            "``",
        ] {
            assert!(!line.contains(mark), "{mark}: {line}");
        }
        let cells = line.split('|').map(str::trim);
        assert!(
            !line.starts_with("| ") || cells.clone().filter(|cell| !cell.is_empty()).count() >= 2,
            "{line}"
        );
    }
}

#[test]
fn lists_are_those_of_code_and_data() {
    let text = printed();
    let model = support::small();
    let lists = &model.data.classification;
    for id in lists.professions.iter().map(|p| &p.id) {
        assert!(text.contains(&format!("| `{id}` |")), "{id}");
    }
    for measure in stabil::tallies::measures::MEASURES {
        assert!(text.contains(&format!("| `{}` | {} |", measure.id, measure.unit)));
    }
    for zone in &model.data.zones.zones {
        assert!(text.contains(&format!("| `{}` |", zone.id)), "{}", zone.id);
    }
    for parameter in model.data.parameters.all() {
        let name = parameter.name.split('[').next().expect("a name");
        let told = text.contains(&format!("`{name}`")) || text.contains(&format!("`{name}["));
        assert!(told, "{name}");
    }
    for step in &stabil::engine::schedule::STEPS {
        assert!(text.contains(&format!("| `{}` |", step.id)), "{}", step.id);
    }
    let chapter = calibration_chapter(&model.data).expect("sound data");
    assert!(text.contains(&chapter));
}

#[test]
fn another_parameter_is_another_description() {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let target = temporary.path().join("data");
    stabil::evidence::folder::export(&target).expect("the data can be written out");
    assert!(!target.join("description.md").exists(), "it is no data");
    let file = target.join("parameters/death.toml");
    let text = std::fs::read_to_string(&file).expect("the file is there");
    assert!(text.contains("value = 0.75"));
    std::fs::write(&file, text.replace("value = 0.75", "value = 0.76")).expect("writable");
    let changed = of(DataFolder::Disk(target), Language::English);
    assert!(!changed.contains(temporary.path().to_str().expect("a plain path")));
    let row = |text: &str| {
        let start = "| `death.ratio` | ";
        let line = text.lines().find(|line| line.starts_with(start));
        line.map(|line| line[start.len()..].to_string())
    };
    assert!(row(printed()).is_some_and(|rest| rest.starts_with("0.75 ")));
    assert!(row(&changed).is_some_and(|rest| rest.starts_with("0.76 ")));
}

#[test]
fn another_country_can_be_described_and_in_norwegian() {
    let english = of(support::tiny_folder(), Language::English);
    let norwegian = of(support::tiny_folder(), Language::Norwegian);
    assert_eq!(headings(&english).len(), headings(&norwegian).len());
    assert!(norwegian.contains("### 1.1 Formål og mønstre"));
    assert!(!english.contains("finnmark_rural"));
    assert!(english.contains("there is no need"));
}

#[test]
fn bad_words_are_refused() {
    let mut command = Command::cargo_bin("stabil").expect("the program is built");
    let words = ["describe", "--language", "norsk"];
    command.args(words).assert().code(2);
    let mut command = Command::cargo_bin("stabil").expect("the program is built");
    let words = ["describe", "--data", "nowhere"];
    command.args(words).assert().code(2);
}
