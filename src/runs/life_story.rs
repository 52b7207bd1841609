//! One simulated life, told year by year: what was decided, with what probability and draw.

use super::model::Model;
use crate::dice::sample::probability;
use crate::dice::{Decision, Key};
use crate::engine::{Change, Entry, Observer, Walk, Witness};
use crate::population::columns::{NO_PROGRAMME, NO_ZONE};
use crate::population::{Person, Population};
use crate::words::{Status, Year};
use std::cell::RefCell;
use std::fmt::Write as _;

/// Notes decisions of the person watched.
struct Notes<'a>(&'a RefCell<Vec<String>>);

impl Witness for Notes<'_> {
    fn decided(&mut self, decision: Decision, threshold: u32, word: u32, yes: bool) {
        if threshold == 0 {
            return;
        }
        self.0.borrow_mut().push(format!(
            "{decision:?}: probability {:.5}, draw {:.5}{}",
            probability(threshold),
            probability(word),
            if yes { "  -> YES" } else { "" }
        ));
    }

    fn chose(&mut self, decision: Decision, row: &[u32], word: u32, choice: usize) {
        let below = if choice == 0 {
            0.0
        } else {
            probability(row[choice - 1])
        };
        self.0.borrow_mut().push(format!(
            "{decision:?}: choice {choice} of {}, probability {:.5}, draw {:.5}",
            row.len(),
            probability(row[choice]) - below,
            probability(word)
        ));
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
    let notes = RefCell::new(Vec::new());
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
        for note in notes.borrow_mut().drain(..) {
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
    let slot = population.id.iter().position(|own| *own == id)?;
    let person = population.get(slot);
    (person.status != Status::Gone).then_some(person)
}

fn zone_id(model: &Model, zone: u8) -> String {
    match model.data.zones.zones.get(usize::from(zone)) {
        Some(about) if zone != NO_ZONE => about.id.clone(),
        _ => "abroad".to_string(),
    }
}

fn describe(model: &Model, person: &Person, year: Year) -> String {
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
