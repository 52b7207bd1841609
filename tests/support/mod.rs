//! What the tests share: models, lives year by year, observers that remember, and how far chance
//! may go.
#![allow(
    dead_code,
    reason = "each test file is compiled with this one and uses a part of it"
)]

use stabil::dice::sample::probability;
use stabil::dice::{Decision, Key};
use stabil::engine::{Change, Entry, Exit, Observer, Rules, Walk, Witness};
use stabil::evidence::DataFolder;
use stabil::parameters::ModelData;
use stabil::population::{Person, Population};
use stabil::runs::Model;
use stabil::tallies::layout::ByProfession;
use stabil::tallies::{Breakdown, Plan, Questions};
use stabil::words::Year;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

/// The base year of the embedded data and of the invented country.
pub const BASE_YEAR: Year = 2019;
/// The scale that most tests use: one person in fifty.
pub const SMALL: f64 = 0.02;

/// The embedded model at a scale.
pub fn embedded(scale: f64) -> Model {
    built(DataFolder::Embedded, scale)
}

/// The embedded model at the small scale, built once for all tests of a file.
pub fn small() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(|| embedded(SMALL))
}

/// The invented country of a few thousand people, everybody of them, built once as well.
pub fn tiny() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(|| built(tiny_folder(), 1.0))
}

/// The data folder of the invented country.
pub fn tiny_folder() -> DataFolder {
    DataFolder::Disk(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tiny"))
}

/// The model of a data folder at a scale; a complaint about the folder fails the test.
pub fn built(folder: DataFolder, scale: f64) -> Model {
    let model = ModelData::read(folder, None).and_then(|d| Model::build(d, BASE_YEAR, scale));
    match model {
        Ok(model) => model,
        Err(problem) => panic!("the model cannot be built: {problem}"),
    }
}

/// Raises a number of a data folder (and its upper end) in all entries that pass.
fn raise(folder: &Path, file: &str, factor: f64, passes: impl Fn(&str, &[&str]) -> bool) -> usize {
    let path = folder.join(file);
    let text = std::fs::read_to_string(&path).expect("exported files can be read");
    let mut table: toml::Table = text.parse().expect("exported files are TOML");
    let list = table["parameter"].as_array_mut().expect("a list");
    let mut raised = 0;
    for entry in list.iter_mut() {
        let keys = entry.get("of").and_then(toml::Value::as_array).cloned();
        let keys = keys.unwrap_or_default();
        let keys: Vec<&str> = keys.iter().filter_map(toml::Value::as_str).collect();
        if !passes(entry["name"].as_str().expect("a name"), &keys) {
            continue;
        }
        raised += 1;
        let lifted = |value: &toml::Value| {
            toml::Value::Float(value.as_float().expect("a number with decimals") * factor)
        };
        entry["value"] = lifted(&entry["value"]);
        if let Some(high) = entry["distribution"].get_mut("high") {
            *high = lifted(high);
        }
    }
    std::fs::write(&path, table.to_string()).expect("exported files can be written");
    raised
}

/// Norway with a fifth more people hired and a third more nursing and dental hygiene students, the
/// latter from the first simulated year on.
pub fn with_larger_inflows() -> Model {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let target = temporary.path().join("data");
    stabil::evidence::folder::export(&target).expect("the embedded data can be written out");
    let hired = raise(&target, "parameters/hire.toml", 1.2, |name, _| {
        name == "per_year"
    });
    // Places of the base year are kept: its students would be others. A programme whose last
    // number is the base year's gets one for the year after.
    let study = target.join("parameters/study.toml");
    let mut table: toml::Table = std::fs::read_to_string(&study)
        .expect("exported files can be read")
        .parse()
        .expect("exported files are TOML");
    let list = table["parameter"].as_array_mut().expect("a list");
    let of = |id: &str, year: &str| toml::Value::from(vec![id.to_string(), year.to_string()]);
    for id in ["nursing", "dental_hygiene"] {
        let next = of(id, "2020");
        if !list.iter().any(|p| p.get("of") == Some(&next)) {
            let last = |p: &&toml::Value| {
                p["name"].as_str() == Some("places") && p.get("of") == Some(&of(id, "2019"))
            };
            let mut entry = list.iter().find(last).expect("places in 2019").clone();
            entry["of"] = next;
            list.push(entry);
        }
    }
    std::fs::write(&study, table.to_string()).expect("exported files can be written");
    let places = raise(&target, "parameters/study.toml", 4.0 / 3.0, |name, keys| {
        name == "places" && matches!(keys, ["nursing" | "dental_hygiene", year] if *year > "2019")
    });
    assert!(
        hired == 1 && places >= 2,
        "{hired} and {places} were raised"
    );
    built(DataFolder::Disk(target), SMALL)
}

/// All outputs by profession, by grade, by zone, and of the whole country.
pub fn outputs(model: &Model, until: Year) -> Plan {
    let breakdown = |profession, zone| Breakdown {
        profession,
        sector: false,
        zone,
        from: false,
    };
    let breakdowns = [
        breakdown(ByProfession::All, false),
        breakdown(ByProfession::Profession, false),
        breakdown(ByProfession::Grade, false),
        breakdown(ByProfession::Profession, true),
    ];
    let years = (model.base.year..=until).collect();
    Plan::new(
        &model.data,
        model.base.scale,
        &breakdowns,
        &[],
        years,
        Questions::default(),
    )
}

/// Everybody who is not gone, in the order of identities.
pub fn people(population: &Population) -> Vec<Person> {
    let mut people: Vec<Person> = population.people().collect();
    people.sort_by_key(|person| person.id);
    people
}

/// A population that lives on year by year in the ordinary engine.
pub struct Lives<'a> {
    pub rules: &'a Rules,
    pub walk: Walk,
}

impl<'a> Lives<'a> {
    /// The base population under a seed.
    pub fn begin(model: &'a Model, seed: u64) -> Lives<'a> {
        Lives {
            rules: &model.rules,
            walk: Walk::new(&model.base.population, model.base.year, Key::new(seed, 0)),
        }
    }

    /// One more year.
    pub fn next<O: Observer>(&mut self, observer: &mut O) {
        self.walk.next(self.rules, observer);
    }

    /// Everybody who is not gone, in the order of identities.
    pub fn people(&self) -> Vec<Person> {
        people(&self.walk.population)
    }
}

/// One change in a life, as the engine told it.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    pub before: Person,
    pub after: Person,
    pub exit: Option<Exit>,
    pub qualified: bool,
    pub year: Year,
}

/// Remembers everything that the engine tells.
#[derive(Default)]
pub struct Diary {
    pub entered: Vec<(Entry, Person)>,
    pub events: Vec<Event>,
}

impl Observer for Diary {
    fn entered(&mut self, person: &Person, entry: Entry, _year: Year) {
        self.entered.push((entry, *person));
    }

    fn changed(&mut self, change: &Change<'_>) {
        self.events.push(Event {
            before: *change.before,
            after: *change.after,
            exit: change.exit,
            qualified: change.qualified,
            year: change.year,
        });
    }
}

/// How far a sum of independent yes/no draws with this variance may lie from its expectation.
///
/// Bernstein's inequality (also for draws whose probabilities depend on earlier ones, Freedman
/// 1975, doi 10.1214/aop/1176996452): a sum lies farther away with probability at most
/// 2 exp(-t^2 / (2 (v + t / 3))). Solved for a false alarm in a million, whatever the counts; for
/// large counts it is 5.4 standard deviations.
pub fn chance(variance: f64) -> f64 {
    let depth = (2.0 / 1e-6_f64).ln();
    depth / 3.0 + (depth * depth / 9.0 + 2.0 * depth * variance).sqrt()
}

/// Expected and observed number of events, collected draw by draw.
#[derive(Clone, Copy, Debug, Default)]
pub struct Balance {
    pub expected: f64,
    pub variance: f64,
    pub observed: f64,
}

impl Balance {
    /// Takes account of a draw with a probability.
    pub fn draw(&mut self, probability: f64, yes: bool) {
        self.expected += probability;
        self.variance += probability * (1.0 - probability);
        self.observed += f64::from(u8::from(yes));
    }

    /// Takes account of the draws of another balance.
    pub fn add(&mut self, other: Balance) {
        self.expected += other.expected;
        self.variance += other.variance;
        self.observed += other.observed;
    }

    /// Why the observed number is not one that chance would give, if so. `least` events must have
    /// been expected, so that the comparison says something.
    pub fn fault(&self, what: &str, least: f64) -> Option<String> {
        let room = chance(self.variance);
        let told = format!(
            "{what}: {} observed, {:.1} expected, chance allows {room:.1} either way",
            self.observed, self.expected
        );
        if self.expected < least {
            return Some(format!("{told}; at least {least} expected are needed"));
        }
        ((self.observed - self.expected).abs() > room).then_some(told)
    }
}

/// Pearson's correlation times the root of the number of pairs: standard normal for independent
/// words, of which there are a great many here.
pub fn correlation(pairs: impl Iterator<Item = (u32, u32)>) -> f64 {
    let middle = |word: u32| f64::from(word) - 2_147_483_647.5;
    let (mut number, mut products, mut first, mut second) = (0.0, 0.0, 0.0, 0.0);
    for (a, b) in pairs {
        let (a, b) = (middle(a), middle(b));
        number += 1.0;
        products += a * b;
        first += a * a;
        second += b * b;
    }
    assert!(number > 50_000.0, "too few pairs");
    products / (first * second).sqrt() * f64::sqrt(number)
}

/// Two-sided point of the standard normal distribution for a false alarm in a million.
pub const NORMAL: f64 = 4.892;

/// The points of the chi-square distribution with 255 degrees of freedom for half a millionth on
/// either side, by the cube root transformation of Wilson and Hilferty (1931, doi
/// 10.1073/pnas.17.12.684).
pub fn chi_square_255() -> (f64, f64) {
    let part = 2.0 / (9.0 * 255.0_f64);
    let point = |normal: f64| 255.0 * (1.0 - part + normal * part.sqrt()).powi(3);
    (point(-NORMAL), point(NORMAL))
}

/// The chi-square statistic of the top bytes of words against equal shares.
pub fn chi_square(words: &[Vec<u32>]) -> f64 {
    let mut bins = [0.0; 256];
    for word in words.iter().flatten() {
        bins[(word >> 24) as usize] += 1.0;
    }
    let expected = bins.iter().sum::<f64>() / 256.0;
    assert!(expected > 100.0, "too few words");
    bins.iter()
        .map(|count| (count - expected).powi(2) / expected)
        .sum()
}

/// Pairs of words at the same position.
pub fn zip<'a>(a: &'a [u32], b: &'a [u32]) -> impl Iterator<Item = (u32, u32)> + 'a {
    a.iter().copied().zip(b.iter().copied())
}

/// What all decisions came to, against the probabilities they were made with.
#[derive(Default)]
pub struct Sheet {
    pub decided: BTreeMap<Decision, Balance>,
    pub chosen: BTreeMap<(Decision, usize), Balance>,
    /// Second yeses on one word in a person's year, which there must not be.
    pub overlaps: Vec<(Decision, u64)>,
}

/// Watches one person's year.
struct Notes<'a> {
    sheet: &'a RefCell<Sheet>,
    person: u64,
    /// By group and word: the share of it that earlier decisions of the year have taken.
    taken: [[f64; 4]; 5],
}

impl Witness for Notes<'_> {
    fn decided(&mut self, decision: Decision, threshold: u32, _: u32, yes: bool) {
        let mut sheet = self.sheet.borrow_mut();
        let taken = &mut self.taken[decision.group() as usize][decision.word()];
        let share = probability(threshold);
        if *taken >= 1.0 {
            // Another decision on this word has said yes, so this one must not.
            if yes {
                sheet.overlaps.push((decision, self.person));
            }
            return;
        }
        // A word that has said no to others lies in what they have left of it.
        let balance = sheet.decided.entry(decision).or_default();
        balance.draw((share / (1.0 - *taken)).min(1.0), yes);
        *taken = if yes { 1.0 } else { *taken + share };
    }

    fn chose(&mut self, decision: Decision, row: &[u32], _: u32, choice: usize) {
        let mut sheet = self.sheet.borrow_mut();
        let taken = &mut self.taken[decision.group() as usize][decision.word()];
        if *taken > 0.0 {
            // The same word again: nothing is drawn anew.
            return;
        }
        *taken = 1.0;
        let mut below = 0.0;
        for (index, entry) in row.iter().enumerate() {
            let end = match index + 1 == row.len() {
                true => 1.0,
                false => probability(*entry),
            };
            let balance = sheet.chosen.entry((decision, index)).or_default();
            balance.draw((end - below).clamp(0.0, 1.0), index == choice);
            below = end;
        }
    }
}

/// Lives years under a witness of every decision.
pub fn watched(model: &Model, seeds: std::ops::Range<u64>, years: Year) -> Sheet {
    let sheet = RefCell::new(Sheet::default());
    for seed in seeds {
        let mut lives = Lives::begin(model, seed);
        for _ in 0..years {
            let rules = lives.rules;
            lives
                .walk
                .next_slowly(rules, &mut Diary::default(), |person| {
                    Some(Notes {
                        sheet: &sheet,
                        person,
                        taken: [[0.0; 4]; 5],
                    })
                });
        }
    }
    sheet.into_inner()
}
