//! Hindcasts: the model begins in 2011 or 2015 with what was known, and runs to 2021.

mod support;

use stabil::bands::Bands;
use stabil::engine::{Closure, Conditions};
use stabil::evidence::DataFolder;
use stabil::evidence::folder::export;
use stabil::parameters::ModelData;
use stabil::population::newcomers::Intake;
use stabil::runs::Model;
use stabil::runs::laws::conservation;
use stabil::runs::work::{Progress, ensemble};
use stabil::tallies::layout::ByProfession;
use stabil::tallies::{Breakdown, Plan, Questions};
use stabil::words::{Problem, Sector, Year};
use std::path::Path;
use std::sync::OnceLock;

/// The scale: one person in twenty.
const SCALE: f64 = 0.05;
/// Runs that means are taken of.
const RUNS: u32 = 2;
/// The last year that the series tell of.
const UNTIL: Year = 2021;
/// The years in which hindcasts begin.
const STARTS: [Year; 2] = [2011, 2015];

/// Programmes with graduates observed every year: programme, and the first row of its series in
/// table 2.2 or 2.3 of annex 2, which is that of 2011.
const OBSERVED: [(&str, u32); 10] = [
    ("nursing", 462),
    ("social_education", 486),
    ("biomedical_science", 294),
    ("occupational_therapy", 306),
    ("physiotherapy", 342),
    ("radiography", 450),
    ("medicine", 390),
    ("psychology", 438),
    ("dentistry", 498),
    ("dental_hygiene", 510),
];

fn overlay(start: Year) -> String {
    format!("hindcast/from_{start}.toml")
}

fn read(folder: DataFolder, start: Year) -> Result<ModelData, Problem> {
    ModelData::overlaid(folder, None, &overlay(start))
}

fn build(start: Year) -> Model {
    let model = read(DataFolder::Embedded, start).and_then(|d| Model::build(d, start, SCALE));
    match model {
        Ok(model) => model,
        Err(problem) => panic!("the hindcast from {start} cannot be built: {problem}"),
    }
}

/// The models, built once for all tests.
fn hindcasts() -> &'static [Model; 2] {
    static MODELS: OnceLock<[Model; 2]> = OnceLock::new();
    MODELS.get_or_init(|| STARTS.map(build))
}

/// Means of a few runs by profession and sector.
fn means(model: &Model) -> Bands {
    let breakdown = |sector| Breakdown {
        profession: ByProfession::Profession,
        sector,
        zone: false,
        from: false,
    };
    let years = (model.base.year..=UNTIL).collect();
    let breakdowns = [breakdown(false), breakdown(true)];
    let scale = model.base.scale;
    let plan = Plan::new(
        &model.data,
        scale,
        &breakdowns,
        &[],
        years,
        Questions::default(),
    );
    let runs = ensemble(
        model,
        &plan,
        0..u64::from(RUNS),
        UNTIL,
        &Progress::default(),
    );
    let values: Vec<_> = runs.into_iter().map(|run| run.values).collect();
    Bands::of("hindcast", plan.layout, &values)
}

/// The mean of a measure; `all` for all sectors.
fn mean(bands: &Bands, measure: &str, profession: &str, sector: &str, year: Year) -> f64 {
    let cell = bands.layout.cells.iter().position(|cell| {
        cell.measure == measure && cell.profession == profession && cell.sector == sector
    });
    let cell = cell.unwrap_or_else(|| panic!("{measure} of {profession}, {sector} is not told"));
    let of_year = bands.series(cell).find(|(y, _)| *y == year);
    of_year.expect("the year is told").1.mean
}

#[test]
fn nobody_appears_or_vanishes_from_earlier_years_either() {
    for model in hindcasts() {
        let lines = conservation(model, 1, UNTIL, |_| ());
        let failing: Vec<_> = lines.iter().filter(|line| !line.passes()).collect();
        assert!(failing.is_empty(), "from {}: {failing:#?}", model.base.year);
        let professions = model.data.classification.professions.len();
        let years = usize::from(UNTIL - model.base.year);
        assert_eq!(lines.len(), years * (professions + 1));
    }
}

#[test]
fn they_begin_with_the_fte_of_their_year() {
    for model in hindcasts() {
        let start = model.base.year;
        let bands = means(model);
        let p = &model.data.parameters;
        for about in &model.data.classification.professions {
            let id = about.id.as_str();
            let total = p.value("base_population.supply_fte", &[id]).unwrap();
            let own = p.find("base_population.supply_fte", &[id]).unwrap();
            assert!(own.origin.0.contains(&overlay(start)), "{id}: {own:?}");
            let found = mean(&bands, "supply_fte", id, "all", start);
            // Whole people in bands of positions: a person's rounding a sector and a bit.
            let room = 0.01 * total + 3.0 / SCALE;
            assert!(
                (found - total).abs() < room,
                "{start} {id}: {found} {total}"
            );
            for sector in Sector::ALL.iter().filter(|s| s.is_health()) {
                let keys = [id, sector.id()];
                let share = p.value("base_population.sector_share", &keys).unwrap();
                let found = mean(&bands, "supply_fte", id, sector.id(), start);
                let expected = share * total;
                let room = 0.015 * expected + 2.0 / SCALE;
                assert!(
                    (found - expected).abs() < room,
                    "{start} {keys:?}: {found} {expected}"
                );
            }
        }
    }
}

#[test]
fn graduates_are_those_observed() {
    for model in hindcasts() {
        let start = model.base.year;
        let bands = means(model);
        let data = &model.data;
        let intake = Intake::compile(data, start, SCALE, &Default::default()).unwrap();
        for (id, first) in OBSERVED {
            let programmes = &data.classification.programmes;
            let number = programmes.iter().position(|p| p.id == id).unwrap();
            let place = data.classification.profession_of(programmes[number].grade);
            let profession = data.classification.professions[place].id.as_str();
            let (mut counted, mut simulated) = (0.0, 0.0);
            for year in start + 1..=UNTIL {
                let fact = format!("nou_education_{:04}", first + u32::from(year - 2011));
                let fact = data.facts.get(&fact).unwrap();
                assert_eq!(fact.about[5], year.to_string(), "{}", fact.id);
                let observed = fact.value.unwrap();
                let expected = intake.graduates_of(number, year);
                assert!(
                    (expected / observed - 1.0).abs() < 0.002,
                    "{start} {id} {year}: {expected} {observed}"
                );
                // Nurses qualify beside a job as well.
                counted += observed + intake.graduates(place, year) - expected;
                simulated += mean(&bands, "entries_qualified", profession, "all", year);
            }
            // Some students die or move abroad on the way; few people make for chance.
            let room = 0.04 * counted + 3.0 * (counted / (SCALE * f64::from(RUNS))).sqrt();
            assert!(
                (simulated - counted).abs() < room,
                "{start} {id}: {simulated} {counted}"
            );
        }
    }
}

#[test]
fn another_year_than_the_overlay_s_is_refused() {
    let data = read(DataFolder::Embedded, 2015).unwrap();
    let problem = Model::build(data, 2019, SCALE).unwrap_err();
    assert!(
        problem.file.contains("hindcast/from_2015.toml"),
        "{problem}"
    );
    assert!(
        problem.line > 0 && problem.hint.contains("2015"),
        "{problem}"
    );
}

#[test]
fn no_need_is_told_of_years_before_the_people_are_known() {
    let model = &hindcasts()[1];
    assert!(model.need.is_none() && model.posts.is_none());
    let vacancy = Conditions {
        closure: Closure::Vacancy,
        ..Conditions::default()
    };
    let data = read(DataFolder::Embedded, 2015).unwrap();
    let problem = Model::build_under(data, 2015, SCALE, &vacancy).unwrap_err();
    assert_eq!(problem.key, "closure", "{problem}");
    assert!(problem.message.contains("2015"), "{problem}");
}

#[test]
fn a_folder_without_hindcasts_is_read_and_says_so_when_asked_for_one() {
    assert!(ModelData::read(support::tiny_folder(), None).is_ok());
    let problem = read(support::tiny_folder(), 2015).unwrap_err();
    assert!(problem.file.ends_with("from_2015.toml"), "{problem}");
}

/// The complaint about an exported folder in whose overlay a text stands for another, and the line
/// of the change.
fn complaint(from: &str, to: &str) -> (Problem, usize) {
    let temporary = tempfile::tempdir().unwrap();
    let target = temporary.path().join("data");
    export(&target).unwrap();
    let path = target.join(overlay(2015));
    let text = std::fs::read_to_string(&path).unwrap();
    let at = text.find(from).expect("the overlay has this text");
    let line = text[..at].matches('\n').count() + 1;
    std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
    let folder = DataFolder::Disk(target);
    let built = read(folder, 2015).and_then(|data| Model::build(data, 2015, 0.01));
    let problem = built.expect_err("the overlay is broken");
    assert!(
        Path::new(&problem.file).ends_with(overlay(2015)),
        "{problem}"
    );
    (problem, line)
}

#[test]
fn a_broken_overlay_is_told_with_file_line_and_key() {
    let (problem, line) = complaint("value = 4670.0", "value = \"many\"");
    assert_eq!((problem.line, problem.key.as_str()), (line, "value"));

    let (problem, line) = complaint("value = 4670.0", "value = -4670.0");
    assert_eq!((problem.line, problem.key.as_str()), (line, "value"));

    let (problem, line) = complaint("\"base_population.supply_fte\"", "\"supply_fte\"");
    assert_eq!((problem.line, problem.key.as_str()), (line, "name"));
    assert!(
        problem.hint.contains("base_population.supply_fte"),
        "{problem}"
    );

    let name = "base_population.supply_fte\"\nof = [\"nurse\"";
    let misspelt = "base_population.suply_fte\"\nof = [\"nurse\"";
    let (problem, line) = complaint(name, misspelt);
    assert_eq!((problem.line, problem.key.as_str()), (line, "name"));
    assert!(problem.hint.contains("supply_fte"), "{problem}");

    let twice = "of = [\"biomedical_scientist\", \"hospital\"]";
    let (problem, _) = complaint(twice, &twice.replace("hospital", "municipal"));
    assert_eq!(problem.key, "name", "{problem}");
    assert!(problem.message.contains("already"), "{problem}");
}
