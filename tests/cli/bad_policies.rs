//! Bad policy files and scenarios: each is told with file, line, key and remedy; nothing is
//! simulated, nothing written.

use super::desk::{Answer, Desk};

/// A policy with one of everything, and nothing wrong with it.
const POLICY: &str = r#"
[[policy]]
id = "mine"
name_nb = "Mitt tiltak"
name_en = "My policy"
family = "support"
grade = "C"
facts = ["nou_worktime_0231"]
reasoning = "Made up, so that a test can read it; nothing is meant by it."
clock = "qualified"
coverage = 0.5
capacity = 200
from = 2026
until = 2035

[policy.eligible]
professions = ["nurse"]
zones = ["rural"]
ages = [20, 67]

[[policy.change]]
what = "leave_job"
hazard_ratio = 0.8
base_risk = 0.2
low = 0.6
high = 1.05
years = [0, 1]

[[policy.study_places]]
programme = "nursing"
track = "decentralised"
zone = "finnmark"
change = 40

[[policy.study_places]]
programme = "nursing"
track = "campus"
zone = "oslo"
change = -40

[policy.cost]
per_year = 1000.0
low = 0.5
high = 2.0
reasoning = "Made up as well, for the same tests."
"#;

/// The policy file with the first `old` changed into `new`.
#[track_caller]
fn changed(old: &str, new: &str) -> String {
    let text = POLICY.replacen(old, new, 1);
    assert_ne!(text, POLICY, "{old} was to be changed");
    text
}

/// Lists the policies with a file of one's own.
fn lists(text: &str) -> (Desk, Answer) {
    let desk = Desk::new().with("x.toml", text);
    let answer = desk.types("policies --file x.toml");
    (desk, answer)
}

/// Expects a complaint about a policy file changed in one place, at the line that holds `at`.
#[track_caller]
fn refuses(old: &str, new: &str, at: &str, pieces: &[&str]) {
    let (desk, answer) = lists(&changed(old, new));
    let line = desk.line_of("x.toml", at);
    answer
        .says(&["\nhint: "])
        .refuses_at("x.toml", line, pieces);
}

#[test]
fn a_sound_policy_is_listed() {
    let (_, answer) = lists(POLICY);
    answer.succeeds().says_nothing().prints(&[
        "mine  ",
        "My policy",
        "leave_job x 0.7",
        "nursing decentralised",
    ]);
}

#[test]
fn unknown_names() {
    for (old, new, key, hint) in [
        (
            "\"leave_job\"",
            "\"leave_jobb\"",
            "mine.change.what",
            "did you mean \"leave_job\"?",
        ),
        (
            "[\"nurse\"]",
            "[\"nurze\"]",
            "mine.eligible.professions",
            "did you mean \"nurse\"?",
        ),
        (
            "[\"rural\"]",
            "[\"rurall\"]",
            "mine.eligible.zones",
            "did you mean \"rural\"?",
        ),
        (
            "\"support\"",
            "\"suport\"",
            "mine.family",
            "did you mean \"support\"?",
        ),
        ("_0231", "_9999", "mine.facts", "name a fact that is there"),
        (
            "\"decentralised\"",
            "\"evening\"",
            "study_places.track",
            "campus",
        ),
        (
            "\"finnmark\"",
            "\"finmark\"",
            "study_places.zone",
            "did you mean \"finnmark\"?",
        ),
    ] {
        refuses(old, new, new, &[key, hint]);
    }
}

#[test]
fn unknown_keys() {
    refuses(
        "coverage = 0.5",
        "coverge = 0.5",
        "coverge",
        &["unknown field", "did you mean \"coverage\"?"],
    );
    refuses(
        "ages = ",
        "aged = ",
        "aged",
        &["unknown field", "did you mean \"ages\"?"],
    );
    refuses(
        "per_year",
        "per_yaer",
        "per_yaer",
        &["unknown field", "did you mean \"per_year\"?"],
    );
}

#[test]
fn years_the_wrong_way_round() {
    refuses(
        "2035",
        "2025",
        "until = 2025",
        &["mine.until = 2025", "before the first, 2026"],
    );
    refuses(
        "[0, 1]",
        "[3, 1]",
        "years = [3, 1]",
        &["mine.change.years = [3, 1]", "give [1, 3]"],
    );
    refuses(
        "[20, 67]",
        "[67, 20]",
        "ages = ",
        &["mine.eligible.ages = [67, 20]", "give [20, 67]"],
    );
    refuses(
        "clock = \"qualified\"",
        "",
        "years = [0, 1]",
        &["years need a clock", "give clock"],
    );
}

#[test]
fn numbers_that_cannot_be() {
    refuses(
        "1000.0",
        "-1000.0",
        "per_year",
        &["mine.cost.per_year = -1000", "saved_per_fte"],
    );
    refuses(
        "200",
        "-1",
        "capacity",
        &["mine.capacity = -1", "from 0 to"],
    );
    refuses(
        "coverage = 0.5",
        "coverage = 1.5",
        "coverage",
        &["mine.coverage = 1.5", "from 0 to 1"],
    );
    refuses(
        "_ratio = 0.8",
        "_ratio = 0.0",
        "hazard_ratio",
        &["hazard_ratio = 0", "from 0.01 to 100"],
    );
    refuses(
        "low = 0.6",
        "low = 0.9",
        "low = 0.9",
        &["mine.change.low = 0.9", "to 0.8"],
    );
    refuses(
        "hazard_ratio = 0.8",
        "odds_ratio = 0,8",
        "0,8",
        &["write decimals with a point"],
    );
    let odds = "hazard_ratio = 0.8\nbase_risk = 0.2";
    refuses(
        odds,
        "odds_ratio = 0.0",
        "odds_ratio",
        &["mine.change.odds_ratio = 0", "from 0.01 to 100"],
    );
}

#[test]
fn ratios_that_do_not_say_enough_or_too_much() {
    refuses(
        "hazard_ratio = 0.8",
        "hazard_ratio = 0.8\nodds_ratio = 0.7",
        "what = ",
        &[
            "give exactly one ratio",
            "odds_ratio, hazard_ratio, risk_ratio",
        ],
    );
    refuses(
        "hazard_ratio = 0.8",
        "",
        "what = ",
        &["give exactly one ratio"],
    );
    refuses(
        "base_risk = 0.2",
        "",
        "hazard_ratio",
        &["base_risk is missing", "yearly probability"],
    );
    refuses(
        "hazard_ratio",
        "ratio",
        "ratio = 0.8",
        &["the wrong kind of ratio", "need takes ratio"],
    );
}

#[test]
fn overlapping_study_places() {
    let again = "track = \"decentralised\"\nzone = \"finnmark\"";
    let (desk, answer) = lists(&changed("track = \"campus\"\nzone = \"oslo\"", again));
    // The second of the two is told.
    let second = desk.text("x.toml").lines().count()
        - desk
            .text("x.toml")
            .lines()
            .rev()
            .position(|line| line.starts_with("programme"))
            .unwrap();
    answer.refuses_at(
        "x.toml",
        second,
        &["study_places.programme = nursing", "given twice", "the sum"],
    );
}

#[test]
fn years_of_a_lever_of_its_own() {
    refuses(
        "change = 40",
        "change = 40\nuntil = 2030",
        "until = 2030",
        &["the years of a lever are those of its policy", "delete it"],
    );
}

#[test]
fn a_name_twice_or_of_nobody() {
    let twice = format!("{POLICY}{POLICY}");
    let (_, answer) = lists(&twice);
    // The second is told.
    let line = POLICY.lines().count() + 3;
    answer.refuses_at(
        "x.toml",
        line,
        &[
            "mine.id = mine",
            "another policy has this identifier",
            "give each its own",
        ],
    );
    let embedded = changed("\"mine\"", "\"mentor_scheme\"");
    let (_, answer) = lists(&embedded);
    answer.refuses(&["x.toml, line 3", "another policy has this identifier"]);
    refuses(
        "id = \"mine\"",
        "id = \"mine\"\nlike = \"mentor_schema\"",
        "like = ",
        &[
            "mine.like = mentor_schema",
            "did you mean \"mentor_scheme\"?",
        ],
    );
    refuses(
        "\"mine\"",
        "\"Mine!\"",
        "Mine!",
        &["not an identifier", "small letters"],
    );
}

#[test]
fn too_little_said() {
    refuses(
        "facts = [\"nou_worktime_0231\"]",
        "facts = []",
        "facts = []",
        &["only grade D can do without facts"],
    );
    refuses(
        POLICY.lines().nth(8).unwrap(),
        "reasoning = \"So.\"",
        "\"So.\"",
        &["too short to be a reason"],
    );
    refuses(
        "name_en = \"My policy\"\n",
        "",
        "id = ",
        &["name_en is missing"],
    );
    refuses(
        "reasoning = \"Made up as",
        "# \"",
        "[policy.cost]",
        &["the amounts have no reason"],
    );
}

#[test]
fn a_policy_file_that_is_not_there() {
    Desk::new()
        .types("policies --file nowhere.toml")
        .refuses(&["nowhere.toml"]);
    Desk::new()
        .with(
            "run.toml",
            "name = \"r\"\npolicy_files = [\"nowhere.toml\"]\n[[scenario]]\nname = \"s\"\n",
        )
        .types("explain --changed s run.toml --scale 0.02")
        .refuses(&["nowhere.toml"]);
}

/// Asks for a scenario of a run file with these lines below its name, and expects a complaint at
/// the line of it that holds `at`.
#[track_caller]
fn refuses_scenario(lines: &str, at: &str, pieces: &[&str]) {
    let run = format!("name = \"r\"\nuntil = 2035\npolicy_files = [\"x.toml\"]\n{lines}\n");
    let desk = Desk::new().with("x.toml", POLICY).with("run.toml", run);
    let line = desk.line_of("run.toml", at);
    desk.types("explain --changed s run.toml --scale 0.02")
        .says(&["\nhint: "])
        .refuses_at("run.toml", line, pieces);
}

const USE: &str = "[[scenario]]\nname = \"s\"\n[[scenario.policy]]\nuse = \"mine\"\n";

#[test]
fn scenarios_that_cannot_be() {
    refuses_scenario(
        "[[scenario]]\nname = \"base\"",
        "\"base\"",
        &["scenario.name", "without policies", "another name"],
    );
    refuses_scenario(
        "[[scenario]]\nname = \"s\"\n[[scenario]]\nname = \"s\" # again",
        "again",
        &["another scenario has this name"],
    );
    let outside = format!("{USE}from = 2050");
    refuses_scenario(
        &outside,
        "from = 2050",
        &[
            "2050",
            "must be a year of the run, which is from 2019 to 2035",
        ],
    );
    refuses_scenario(&format!("{USE}from = 2018"), "2018", &["from 2019 to 2035"]);
    refuses_scenario(
        &format!("{USE}coverage = 2"),
        "coverage",
        &["scenario.policy.coverage = 2", "from 0 to 1"],
    );
    refuses_scenario(
        &format!("{USE}covrage = 1"),
        "covrage",
        &["unknown key", "did you mean \"coverage\"?"],
    );
    refuses_scenario(
        "[[scenario]]\nname = \"s\"\n[[scenario.policy]]\nzones = [\"rural\"]",
        "[[scenario.policy]]",
        &["use"],
    );
}

#[test]
fn settings_that_the_data_do_not_know() {
    refuses_scenario(
        &USE.replace("mine", "mines"),
        "mines",
        &["scenario.policy.use", "did you mean \"mine\"?"],
    );
    refuses_scenario(
        &format!("{USE}zones = [\"rurall\"]"),
        "rurall",
        &["rurall", "did you mean \"rural\"?"],
    );
    refuses_scenario(
        &format!("{USE}professions = [\"nurze\"]"),
        "nurze",
        &["nurze", "did you mean \"nurse\"?"],
    );
    refuses_scenario(
        &format!("{USE}taken_from = [\"olso\"]"),
        "olso",
        &["olso", "did you mean \"oslo\"?"],
    );
    refuses_scenario(
        &format!("{USE}from = 2030\nuntil = 2028"),
        "until = 2028",
        &["the wrong way round", "from 2030 until 2028"],
    );
    let idle = USE.replace("mine", "mentor_scheme");
    refuses_scenario(
        &format!("{idle}places = 40"),
        "places = 40",
        &["no effect", "no study places"],
    );
}

#[test]
fn a_filter_that_selects_nobody_is_a_warning() {
    let text = changed("ages = [20, 67]", "ages = [14, 15]");
    Desk::new()
        .with("x.toml", text)
        .types("policies mine --file x.toml")
        .succeeds()
        .says(&["warning: policy mine reaches 0 of the ", "age 14 to 15"])
        .prints(&["selects 0 of the "]);
}
