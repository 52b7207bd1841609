//! The report of a run: one page that holds the files' own numbers in both languages, asks nothing
//! of the network, and says what it does not show.

use assert_cmd::cargo::cargo_bin_cmd;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use tempfile::TempDir;

/// A folder with results.
struct Results(TempDir);

impl Results {
    /// Those of a run.
    fn of(words: &str) -> Results {
        let folder = tempfile::tempdir().unwrap();
        let mut command = cargo_bin_cmd!("stabil");
        command.arg("run").args(words.split_whitespace());
        command
            .args(["--quiet", "--out", "out"])
            .current_dir(folder.path());
        command.assert().success();
        Results(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join("out").join(name)
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// The rows of a file by the names of the columns.
    fn rows(&self, name: &str) -> Vec<BTreeMap<String, String>> {
        let mut reader = csv::Reader::from_path(self.path(name)).unwrap();
        reader.deserialize().map(Result::unwrap).collect()
    }
}

/// Scenarios and draws, as small as they can be.
static POLICIES: LazyLock<Results> =
    LazyLock::new(|| Results::of("decentralised --scale 0.02 --draws 3 --seeds 2 --until 2028"));
/// Neither.
static BASE: LazyLock<Results> =
    LazyLock::new(|| Results::of("quick --scale 0.02 --seeds 2 --until 2022"));

/// A number without decimals as the page writes it.
fn whole(number: &str, gap: char) -> String {
    let number: f64 = number.parse().unwrap();
    let digits = format!("{:.0}", number.abs());
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(gap);
        }
        text.push(digit);
    }
    if number < 0.0 {
        format!("\u{2212}{text}")
    } else {
        text
    }
}

fn find(rows: &[BTreeMap<String, String>], is: &[(&str, &str)]) -> BTreeMap<String, String> {
    let mut own = rows.iter();
    let found = own.find(|row| is.iter().all(|(key, value)| row[*key] == *value));
    found
        .unwrap_or_else(|| panic!("no row with {is:?}"))
        .clone()
}

#[test]
fn its_numbers_are_those_of_the_files() {
    for results in [&*POLICIES, &*BASE] {
        let page = results.text("report.html");
        let bands = results.rows("bands.csv");
        let last = bands.iter().map(|row| row["year"].clone()).max().unwrap();
        for (zone, profession) in [
            ("all", "all"),
            ("rural", "all"),
            ("all", "nurse"),
            ("rural", "nurse"),
        ] {
            let row = find(
                &bands,
                &[
                    ("year", &last),
                    ("measure", "gap_fte"),
                    ("zone", zone),
                    ("profession", profession),
                    ("sector", "all"),
                    ("grade", "all"),
                ],
            );
            for column in ["mean", "p025", "p975"] {
                if row[column].parse::<f64>().unwrap().abs() < 100.0 {
                    continue;
                }
                let shown = (whole(&row[column], '\u{202f}'), whole(&row[column], ','));
                let cell = format!(
                    "<span class=nb lang=nb>{}</span><span class=en lang=en>{}</span>",
                    shown.0, shown.1
                );
                let cell = if shown.0 == shown.1 {
                    shown.0.clone()
                } else {
                    cell
                };
                assert!(page.contains(&cell), "{column} of {row:?}: {cell}");
            }
        }
    }
}

#[test]
fn the_answer_to_a_scenario_is_that_of_its_effects() {
    let page = POLICIES.text("report.html");
    let effects = POLICIES.rows("effects.csv");
    let of = |measure, zone| {
        let is = [
            ("scenario", "new"),
            ("measure", measure),
            ("zone", zone),
            ("sector", "all"),
        ];
        find(&effects, &is)
    };
    let likely: f64 = of("fte_years", "target")["p_positive"].parse().unwrap();
    let told = format!("the probability that it is above zero is {likely:.2}.");
    assert!(page.contains(&told), "{told}");
    let cost: f64 = of("cost", "all")["mean"].parse().unwrap();
    let told = format!("It costs NOK {:.1}", cost / 1e6);
    assert!((1e6..1e8).contains(&cost) && page.contains(&told), "{told}");
}

#[test]
fn everything_is_said_in_both_languages() {
    for results in [&*POLICIES, &*BASE] {
        let page = results.text("report.html");
        let [nb, en] = ["<span class=nb lang=nb>", "<span class=en lang=en>"]
            .map(|open| page.matches(open).count());
        assert!(nb == en && nb > 100, "{nb} Norwegian texts, {en} English");
        let empty = ["lang=nb></span>", "lang=en></span>"];
        assert!(
            !empty.iter().any(|text| page.contains(text)),
            "a text is missing"
        );
        for word in ["NaN", "inf</", "none)"] {
            assert!(!page.contains(word), "{word}");
        }
    }
}

#[test]
fn it_needs_no_script_and_no_network() {
    for results in [&*POLICIES, &*BASE] {
        // Patterns of pictures are named by their place in the page itself.
        let page = results.text("report.html").replace("url(#", "");
        assert!(page.len() < 3 << 20, "{} bytes", page.len());
        for word in [
            "<script", "http://", "https://", "url(", "@import", " src=", "<link", " onclick",
        ] {
            assert!(!page.contains(word), "{word}");
        }
        assert!(page.contains("default-src 'none'; style-src 'unsafe-inline'"));
    }
}

#[test]
fn every_identifier_stands_once_and_every_link_leads_somewhere() {
    for results in [&*POLICIES, &*BASE] {
        let page = results.text("report.html");
        let value = |text: &str| {
            let text = text.trim_start_matches('"');
            text[..text.find(['"', ' ', '>']).unwrap()].to_owned()
        };
        let mut ids = BTreeSet::new();
        for id in page.split(" id=").skip(1).map(value) {
            assert!(ids.insert(id.clone()), "{id} stands twice");
        }
        let links = page.split("href=\"#").skip(1).map(value);
        let links: Vec<String> = links.filter(|link| !link.is_empty()).collect();
        assert!(links.len() > 10, "{links:?}");
        for link in links {
            assert!(ids.contains(&link), "#{link}");
        }
    }
}

#[test]
fn what_a_run_has_no_files_for_is_said_with_the_run_that_has() {
    let (full, base) = (POLICIES.text("report.html"), BASE.text("report.html"));
    for (section, run) in [
        ("policies", "stabil run decentralised"),
        ("spread", "stabil run uncertainty"),
    ] {
        let heading = format!("<section id={section} ");
        assert!(full.contains(&heading), "{section} is missing");
        assert!(!base.contains(&heading) && base.contains(run), "{section}");
    }
    assert!(base.contains("chance between lives only"));
    assert!(full.contains("uncertain parameters (3 draws) and chance (2 seeds)"));
}

#[test]
fn the_command_that_it_gives_makes_the_same_numbers() {
    let page = BASE.text("report.html");
    let start = page.find("<code>stabil run ").unwrap() + "<code>stabil run ".len();
    let words = &page[start..start + page[start..].find(" --out ").unwrap()];
    let again = Results::of(words);
    assert!(again.text("bands.csv") == BASE.text("bands.csv"), "{words}");
    assert!(
        again.text("report.html") == page,
        "the page is not the same"
    );
}

fn report(folder: &Path, words: &[&str]) -> assert_cmd::assert::Assert {
    let mut command = cargo_bin_cmd!("stabil");
    command.arg("report").arg(folder).args(words).assert()
}

#[test]
fn the_language_is_that_asked_for_and_pictures_are_written() {
    let results = Results::of("decentralised --scale 0.02 --seeds 1 --draws 0 --until 2027");
    let norwegian = results.text("report.html");
    assert!(norwegian.contains("<html lang=nb>") && norwegian.contains("id=lang-nb checked"));
    report(&results.path(""), &["--lang", "en", "--pictures"]).success();
    let english = results.text("report.html");
    assert!(english.contains("<html lang=en>") && english.contains("id=lang-en checked"));
    let names: BTreeSet<String> = std::fs::read_dir(results.path("pictures"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let number = english.matches("<figure ").count();
    assert!(
        number > 10 && names.len() == 5 * number,
        "{number}: {names:?}"
    );
    for (name, begins) in [
        ("supply-nurse-all.nb.svg", &b"<?xml"[..]),
        ("supply-nurse-all.en.svg", &b"<?xml"[..]),
        ("supply-nurse-all.nb.png", b"\x89PNG\r\n\x1a\n"),
        ("supply-nurse-all.en.png", b"\x89PNG\r\n\x1a\n"),
        ("supply-nurse-all.csv", b"Year,"),
    ] {
        assert!(names.contains(name), "{names:?}");
        let bytes = std::fs::read(results.path("pictures").join(name)).unwrap();
        assert!(bytes.starts_with(begins), "{name}");
    }
    let mut csv = csv::Reader::from_path(results.path("pictures/supply-nurse-all.csv")).unwrap();
    let last = csv.records().last().unwrap().unwrap();
    let is = [
        ("scenario", "base"),
        ("year", "2027"),
        ("measure", "supply_fte"),
        ("profession", "nurse"),
        ("zone", "all"),
    ];
    let row = find(&results.rows("bands.csv"), &is);
    assert_eq!((&last[0], &last[1]), ("2027", row["mean"].as_str()));
}

#[test]
fn a_folder_that_holds_no_results_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let told = report(folder.path(), &[]).code(2);
    let told = String::from_utf8_lossy(&told.get_output().stderr).into_owned();
    assert!(
        told.contains("manifest.json") && told.contains("stabil run --out"),
        "{told}"
    );
    std::fs::write(folder.path().join("manifest.json"), "{\n\"run\": }").unwrap();
    let told = report(folder.path(), &[]).code(2);
    let told = String::from_utf8_lossy(&told.get_output().stderr).into_owned();
    assert!(told.contains("line 2"), "{told}");
}
