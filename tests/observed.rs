//! What alignment reads: observed series and stored factors, and what it refuses.

mod support;

use stabil::engine::{Closure, Conditions, Factors};
use stabil::evidence::DataFolder;
use stabil::parameters::ModelData;
use stabil::runs::Model;
use stabil::runs::align::find_factors;
use stabil::runs::observed::Series;
use stabil::words::Year;
use support::{BASE_YEAR, SMALL, small};

fn series() -> Series {
    Series::read(&small().data).expect("the embedded series")
}

#[test]
fn factors_come_back_from_their_names_and_wrong_names_are_refused() {
    let lists = &small().data.classification;
    let some = [
        ("first_job.sector[hospital,2021]", 1.0),
        ("leave_job.municipal[nurse,2020]", -0.5),
    ];
    let some = some.map(|(name, v)| (name.to_string(), v));
    let some_factors = Factors::from_pairs(lists, some).expect("factors");
    assert_eq!(some_factors.leaving("nurse", 2020), Some(-0.5));
    assert_eq!(some_factors.first_sector(2021), Some([0.0, 1.0, 0.0, 0.0]));
    let pairs = some_factors.pairs().map(|(name, v)| (name.to_string(), v));
    assert_eq!(
        Factors::from_pairs(lists, pairs).as_ref(),
        Ok(&some_factors)
    );
    assert_eq!(Vec::from_iter(some_factors.years()), [2020, 2021]);
    assert!(Factors::default().is_empty() && !some_factors.is_empty());
    for (name, value, says) in [
        ("leave_job.municipal[nurze,2020]", 0.1, "nurse"),
        (
            "leave_job.hospital[nurse,2020]",
            0.1,
            "leave_job.municipal[nurse,2020]",
        ),
        ("first_job.sector[hospitals,2020]", 0.1, "hospital"),
        (
            "first_job.sector[hospital]",
            0.1,
            "first_job.sector[hospital,2020]",
        ),
        ("leave_job.municipal[nurse,2020]", f64::NAN, "-32 to 32"),
    ] {
        let problem = Factors::from_pairs(lists, [(name.to_string(), value)]).expect_err(name);
        assert_eq!(problem.key, name);
        assert!(problem.to_string().contains(says), "{problem}");
    }
    let twice = ["leave_job.municipal[nurse,2020]"; 2].map(|name| (name.to_string(), 0.1));
    assert!(Factors::from_pairs(lists, twice).is_err());
}

#[test]
fn the_series_are_those_published() {
    let series = series();
    assert_eq!(series.last(), Some(2022));
    let nurse = small()
        .data
        .classification
        .profession("nurse")
        .expect("nurses");
    assert_eq!(series.municipal_narrow[&(2022, nurse)], 0.139);
    assert_eq!(series.sector_growth[&2021], [0.027, 0.019]);
    assert_eq!(series.municipal_narrow.len(), 12);
    // Every value is what its fact says, so that a slip of the pen is seen.
    let text = DataFolder::Embedded
        .read("alignment.toml")
        .expect("the file");
    let table: toml::Table = text.parse().expect("TOML");
    for entry in table["series"].as_array().expect("a list") {
        let id = entry["facts"][0].as_str().expect("a fact");
        let fact = small().data.facts.get(id).expect("a fact that is known");
        let percent = if fact.unit == "percent_growth" {
            100.0
        } else {
            1.0
        };
        let printed = fact.value.expect("a value") / percent;
        let value = entry["value"].as_float().expect("a number");
        assert!((value - printed).abs() < 1e-12, "{id}");
        let last: Year = fact.about[5][5..].parse().expect("a year");
        assert_eq!(entry["year"].as_integer(), Some(i64::from(last)), "{id}");
    }
    // A folder without the file has none, and then there is nothing to find.
    let tiny = support::tiny();
    let none = Series::read(&tiny.data).expect("no series");
    assert!(none.is_empty());
    assert!(
        find_factors(tiny, &none, 1)
            .expect("nothing")
            .factors
            .is_empty()
    );
}

#[test]
fn bad_series_are_refused_where_they_stand() {
    let point = "[[series]]\nkind = \"municipal_narrow\"\nprofession = \"nurse\"\nyear = 2020\n\
                 value = 0.12\nfacts = [\"nou_turnover_0223\"]\n\
                 reasoning = \"As published, from one December to the next\"\n";
    let read = |text: &str| Series::of_text(&small().data, "alignment.toml", text);
    assert!(read(point).is_ok());
    let growth = point
        .replace("municipal_narrow", "sector_growth")
        .replace("profession = \"nurse\"", "sector = \"hospital\"");
    let cases = [
        (point.replace("\"nurse\"", "\"nurze\""), 3, "profession"),
        (point.replace("0.12", "1.2"), 5, "value"),
        (point.replace("0.12", "0,12"), 5, "value"),
        (point.replace("2020", "2"), 4, "year"),
        (point.replace("0223\"", "9999\""), 6, "facts"),
        (point.replace("\"nou_turnover_0223\"", ""), 6, "facts"),
        (
            point.replace("As published, from one December to the next", "Why"),
            7,
            "reasoning",
        ),
        (point.replace("narrow", "brood"), 2, "kind"),
        (
            point.replace("profession = \"nurse\"\n", ""),
            2,
            "profession",
        ),
        (point.replace("year", "yaer"), 4, "yaer"),
        (
            point.replace("profession", "sector = \"hospital\"\nprofession"),
            3,
            "sector",
        ),
        (format!("{point}\n{point}"), 10, "year"),
        (growth.clone(), 2, "year"),
        (growth.replace("hospital", "other_health"), 3, "sector"),
    ];
    for (text, line, key) in cases {
        let problem = read(&text).expect_err(&text);
        assert_eq!(
            (problem.line, problem.key.as_str()),
            (line, key),
            "{problem}\n{text}"
        );
        assert_eq!(problem.file, "alignment.toml");
    }
}

#[test]
fn factors_are_not_found_where_posts_decide() {
    let conditions = Conditions {
        closure: Closure::Vacancy,
        ..Conditions::default()
    };
    let model = ModelData::read(DataFolder::Embedded, None)
        .and_then(|data| Model::build_under(data, BASE_YEAR, SMALL, &conditions))
        .expect("a model");
    let problem = find_factors(&model, &series(), 1).expect_err("a refusal");
    assert_eq!(problem.key, "closure");
}
