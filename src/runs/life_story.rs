//! One simulated life, told year by year: what was decided, with what probability and draw.

use super::model::Model;
use crate::dice::sample::probability;
use crate::dice::{Decision, Key};
use crate::engine::{Change, Entry, Observer, Walk, Witness};
use crate::population::columns::{NO_PROGRAMME, NO_ZONE};
use crate::population::{Person, Population};
use crate::words::{Status, Year};
use std::cell::RefCell;
use std::fmt::{self, Write as _};

/// A decision in the life of the person watched.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Note {
    /// Which.
    pub decision: Decision,
    /// The draw that it was made with.
    pub word: u32,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a decision, and what it was made by.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Outcome {
    /// Yes or no, with the threshold of yes.
    Decided(u32, bool),
    /// One of several, with the cumulative row of all.
    Chose(Vec<u32>, usize),
}

/// The probability of one choice of a cumulative row; 0 if there is none such.
pub(super) fn share(row: &[u32], choice: usize) -> f64 {
    let at = |choice: usize| row.get(choice).map_or(0.0, |word| probability(*word));
    at(choice) - if choice == 0 { 0.0 } else { at(choice - 1) }
}

impl Note {
    /// Could it only have come out one way, because nothing of the kind can happen?
    pub fn is_idle(&self) -> bool {
        matches!(self.outcome, Outcome::Decided(0, _))
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let draw = probability(self.word);
        match &self.outcome {
            Outcome::Decided(threshold, yes) => write!(
                f,
                "{:?}: probability {:.5}, draw {draw:.5}{}",
                self.decision,
                probability(*threshold),
                if *yes { "  -> YES" } else { "" }
            ),
            Outcome::Chose(row, choice) => write!(
                f,
                "{:?}: choice {choice} of {}, probability {:.5}, draw {draw:.5}",
                self.decision,
                row.len(),
                share(row, *choice)
            ),
        }
    }
}

/// Notes decisions of the person watched.
pub(super) struct Notes<'a>(pub &'a RefCell<Vec<Note>>);

impl Witness for Notes<'_> {
    fn decided(&mut self, decision: Decision, threshold: u32, word: u32, yes: bool) {
        self.0.borrow_mut().push(Note {
            decision,
            word,
            outcome: Outcome::Decided(threshold, yes),
        });
    }

    fn chose(&mut self, decision: Decision, row: &[u32], word: u32, choice: usize) {
        self.0.borrow_mut().push(Note {
            decision,
            word,
            outcome: Outcome::Chose(row.to_vec(), choice),
        });
    }
}

/// Remembers when the person enters and changes.
#[derive(Default)]
struct Watch {
    id: u64,
    entered: Option<(Year, Entry)>,
    turned_away: Option<Person>,
}

impl Observer for Watch {
    fn turned_away(&mut self, applicant: &Person, _: Year) {
        if applicant.id == self.id {
            self.turned_away = Some(*applicant);
        }
    }

    fn entered(&mut self, person: &Person, entry: Entry, year: Year) {
        if person.id == self.id {
            self.entered = Some((year, entry));
        }
    }

    fn changed(&mut self, _: &Change<'_>) {}
}

/// Tells the life of a person in the run of a seed; `None` if the person never appears.
pub fn tell(model: &Model, id: u64, seed: u64, until: Year) -> Option<String> {
    let mut walk = Walk::new(&model.base.population, model.base.year, Key::new(seed, 0));
    let mut watch = Watch {
        id,
        ..Watch::default()
    };
    let notes: RefCell<Vec<Note>> = RefCell::default();
    let mut text = String::new();
    let mut before = find(&walk.population, id);
    if let Some(person) = &before {
        let _ = writeln!(
            text,
            "{}  in the base population: {}",
            model.base.year,
            describe(model, person, model.base.year)
        );
    }
    for year in model.base.year + 1..=until {
        walk.next_slowly(model.rules_in(year), &mut watch, |person| {
            (person == id).then_some(Notes(&notes))
        });
        let after = find(&walk.population, id);
        if let Some((entered, entry)) = watch.entered.filter(|(entered, _)| *entered == year) {
            let _ = writeln!(text, "{entered}  enters ({entry:?})");
        }
        for note in notes.borrow_mut().drain(..).filter(|note| !note.is_idle()) {
            let _ = writeln!(text, "        {note}");
        }
        if let Some(applicant) = watch.turned_away.take() {
            let _ = writeln!(
                text,
                "        applied for a post in {}, {}: all were taken",
                applicant.sector.id(),
                zone_id(model, applicant.zone)
            );
        }
        match (&before, &after) {
            (Some(old), Some(new)) if old == new => {
                let _ = writeln!(text, "{year}  unchanged, {} years old", new.age(year));
            }
            (_, Some(new)) => {
                let _ = writeln!(text, "{year}  {}", describe(model, new, year));
            }
            (Some(_), None) => {
                let _ = writeln!(text, "{year}  no longer in the model");
                return Some(text);
            }
            (None, None) => {}
        }
        before = after;
    }
    (!text.is_empty()).then_some(text)
}

fn find(population: &Population, id: u64) -> Option<Person> {
    let slot = population.slot_of(id)?;
    let person = population.get(slot);
    (person.status != Status::Gone).then_some(person)
}

/// The name of a zone, as files know it.
pub(super) fn zone_id(model: &Model, zone: u8) -> String {
    match model.data.zones.zones.get(usize::from(zone)) {
        Some(about) if zone != NO_ZONE => about.id.clone(),
        _ => "abroad".to_string(),
    }
}

/// The state of a person in a year, in words.
pub(super) fn describe(model: &Model, person: &Person, year: Year) -> String {
    let lists = &model.data.classification;
    let zone = |zone: u8| zone_id(model, zone);
    let grade = lists
        .grades
        .get(usize::from(person.grade))
        .map_or("no profession yet", |g| g.id.as_str());
    let mut text = format!(
        "{} years old, {}, {grade}, {}",
        person.age(year),
        person.sex.id(),
        person.status.id()
    );
    if person.status.is_employed() {
        let _ = write!(
            text,
            " in {}, position {}, {} years in the job",
            person.sector.id(),
            person.band.id(),
            person.job_years(year)
        );
    }
    let _ = write!(text, ", {}", zone(person.zone));
    if person.origin == NO_ZONE {
        let _ = write!(
            text,
            " (educated in: {})",
            lists.country_groups[usize::from(person.country)].id
        );
    } else {
        let _ = write!(text, " (grew up in {})", zone(person.origin));
    }
    if person.programme != NO_PROGRAMME {
        let _ = write!(
            text,
            ", studies {}",
            lists.programmes[usize::from(person.programme - 1)].id
        );
    }
    text
}
