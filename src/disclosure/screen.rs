//! The output cells of a run under disclosure control: which rows are hidden, in every table.
//!
//! Each measure rests on a group of persons (those present, those with a job, with a job in health
//! care, on long sick leave, in education, educated abroad). A cell is hidden for a measure if it is
//! for its group, and for all measures if it is for those present. Flows of simulated years are no
//! observations; their small rows are hidden one by one, and nothing beside them.

use super::Rule;
use super::frame::{Cell, Dimension, Frame};
use super::protect::protect;
use crate::bands::{Tables, summarise};
use crate::parameters::ModelData;
use crate::population::{Person, Population};
use crate::tallies::footing::{Footing, PLACE_IDS, PLACES};
use crate::tallies::{ALL, Layout, OutputCell};
use crate::words::Status;
use std::collections::BTreeMap;

/// A group of persons that measures rest on, and the measures; none named: all others.
struct Group {
    /// Are they without a health profession yet? The other groups have one.
    is_new: bool,
    counts: fn(&Person) -> bool,
    measures: &'static [&'static str],
}

/// The groups after those present.
const GROUPS: [Group; 5] = [
    Group {
        is_new: false,
        counts: |person| person.status.is_employed(),
        measures: &["fte"],
    },
    Group {
        is_new: false,
        counts: |person| person.in_health(),
        measures: &[],
    },
    Group {
        is_new: false,
        counts: |person| person.status == Status::SickLeave,
        // Supply less those at work is what the sick would have worked.
        measures: &["on_sick_leave", "fte_at_work"],
    },
    Group {
        is_new: true,
        counts: |person| person.status == Status::Education,
        measures: &["students"],
    },
    Group {
        is_new: false,
        counts: |person| person.in_health() && person.country != 0,
        measures: &["share_abroad"],
    },
];

/// Measures that the group of health jobs says nothing of.
const NOT_OF_HEALTH: [&str; 4] = ["persons", "fte", "students", "on_sick_leave"];

/// Which rows of a run are hidden.
#[derive(Clone, Debug, Default)]
pub struct Screen {
    rule: Rule,
    /// By year, then by cell, as in [`Layout::index`].
    rows: Vec<bool>,
    cells: usize,
}

/// What was done, for the manifest: nothing that tells of single cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Screened {
    /// The rule.
    pub rule: Rule,
    /// Rows of the tables of bands, over base and scenarios, that are hidden.
    pub hidden: usize,
    /// Rows that are written.
    pub shown: usize,
}

/// What a run's outputs are made of, as far as control needs it.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The data.
    pub data: &'a ModelData,
    /// Everybody in the base year.
    pub population: &'a Population,
    /// Simulated people per real person.
    pub scale: f64,
    /// The user's unions of zones, by name.
    pub unions: &'a [(String, Vec<usize>)],
    /// The output cells.
    pub layout: &'a Layout,
}

impl Screen {
    /// Decides what to hide of a run's tables.
    pub fn of(rule: Rule, subject: Subject<'_>, tables: &Tables) -> Screen {
        let layout = subject.layout;
        let cells = layout.cells.len();
        let mut screen = Screen {
            rule,
            rows: vec![false; layout.years.len() * cells],
            cells,
        };
        if !rule.is_on() {
            return screen;
        }
        let keys = Keys::of(subject);
        let scale = subject.scale.min(1.0);
        let least = f64::from(rule.minimum);
        let present = |person: &Person| person.status.is_present();
        let mut frame = keys.frame(subject, false, &present);
        for (cell, least_told) in least_persons(layout, tables, &keys, scale) {
            let own = &mut frame.cells[cell];
            own.value = own.value.min(least_told);
            own.is_small |= least_told > 0.0 && least_told < least;
        }
        mark(&mut frame, least);
        let pattern = protect(&frame, least, Vec::new());
        let by_group: Vec<Vec<bool>> = GROUPS
            .iter()
            .map(|group| {
                let mut frame = keys.frame(subject, group.is_new, &group.counts);
                mark(&mut frame, least);
                protect(&frame, least, pattern.clone())
            })
            .collect();
        for (at, cell) in layout.cells.iter().enumerate() {
            let measure = cell.measure.as_str();
            let hides = |own: &Vec<bool>| keys.of_cell[at].is_some_and(|key| own[key]);
            let groups = GROUPS.iter().zip(&by_group);
            let rests = |group: &Group| match group.measures {
                [] => !NOT_OF_HEALTH.contains(&measure),
                own => own.contains(&measure),
            };
            let is_hidden = hides(&pattern)
                || groups
                    .filter(|(group, _)| rests(group))
                    .any(|(_, own)| hides(own));
            for year in 0..layout.years.len() {
                let index = layout.index(year, at);
                let few = cell.unit == "persons"
                    && tables.bands.iter().any(|bands| {
                        // A balance of flows can be below zero.
                        let mean = bands.rows[index].mean.abs() * scale;
                        mean > 1e-9 && mean < least
                    });
                screen.rows[index] = is_hidden || few;
            }
        }
        screen
    }

    /// Is a row hidden, by the positions of its year and cell?
    pub fn hides(&self, year: usize, cell: usize) -> bool {
        self.rows.get(year * self.cells + cell) == Some(&true)
    }

    /// Takes the hidden rows out of the tables, rounds the others, and tells how many there are.
    pub fn apply(&self, tables: &mut Tables) -> Screened {
        let mut screened = Screened {
            rule: self.rule,
            hidden: 0,
            shown: 0,
        };
        let rule = self.rule;
        let round = |cells: &[OutputCell], index: usize, summary: &mut crate::bands::Summary| {
            let unit = cells[index % cells.len()].unit;
            if matches!(unit, "persons" | "fte") && rule.is_on() {
                summary.mean = rule.rounded(summary.mean);
                for own in &mut summary.quantiles {
                    *own = rule.rounded(*own);
                }
            }
        };
        for bands in &mut tables.bands {
            for (index, row) in bands.rows.iter_mut().enumerate() {
                if self.rows[index] {
                    screened.hidden += usize::from(row.runs > 0);
                    *row = summarise(&mut []);
                } else {
                    screened.shown += usize::from(row.runs > 0);
                    round(&bands.layout.cells, index, row);
                }
            }
        }
        for table in &mut tables.differences {
            for (index, row) in table.rows.iter_mut().enumerate() {
                if self.rows[index] {
                    *row = crate::bands::difference(&[]);
                } else {
                    round(&table.layout.cells, index, &mut row.summary);
                }
            }
        }
        screened
    }
}

fn mark(frame: &mut Frame, least: f64) {
    for cell in &mut frame.cells {
        cell.is_small |= cell.value > 0.0 && cell.value < least;
    }
}

/// The keys that output cells are printed by.
struct Keys {
    dimensions: Vec<Dimension>,
    /// Each combination of categories once.
    keys: Vec<Vec<usize>>,
    /// By output cell: its position among the keys; none for moves between places.
    of_cell: Vec<Option<usize>>,
}

impl Keys {
    fn of(subject: Subject<'_>) -> Keys {
        let lists = &subject.data.classification;
        let zones = &subject.data.zones;
        let grades = lists.grades.len();
        // One more for people without a profession yet.
        let (mut names, mut trade) = (vec![ALL.to_string()], whole(grades + 1));
        for (number, profession) in lists.professions.iter().enumerate() {
            names.push(profession.id.clone());
            let own = (0..grades).filter(|grade| lists.grades[*grade].profession == number);
            trade.categories.push(own.collect());
        }
        for (number, grade) in lists.grades.iter().enumerate() {
            names.push(format!("/{}", grade.id));
            trade.categories.push(vec![number]);
        }
        let mut place = whole(PLACES);
        place.categories.extend((0..PLACES).map(|own| vec![own]));
        let (mut places, mut zone) = (vec![ALL.to_string()], whole(zones.len()));
        let single = zones.zones.iter().enumerate();
        let single = single.map(|(number, own)| (own.id.clone(), vec![number]));
        for (name, members) in single.chain(zones.unions()).chain(subject.unions.to_vec()) {
            if !places.contains(&name) {
                places.push(name);
                zone.categories.push(members);
            }
        }
        let find = |cell: &OutputCell| {
            if cell.from != ALL {
                return None;
            }
            let trade = match cell.grade.as_str() {
                ALL => names.iter().position(|own| *own == cell.profession)?,
                grade => names
                    .iter()
                    .position(|own| own.strip_prefix('/') == Some(grade))?,
            };
            let place = match cell.sector.as_str() {
                ALL => 0,
                sector => 1 + PLACE_IDS.iter().position(|own| *own == sector)?,
            };
            let zone = places.iter().position(|own| *own == cell.zone)?;
            Some(vec![trade, place, zone])
        };
        let mut known: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
        let mut keys = Vec::new();
        let mut of_cell = Vec::new();
        for cell in &subject.layout.cells {
            of_cell.push(find(cell).map(|own| {
                *known.entry(own.clone()).or_insert_with(|| {
                    keys.push(own);
                    keys.len() - 1
                })
            }));
        }
        Keys {
            dimensions: vec![trade, place, zone],
            keys,
            of_cell,
        }
    }

    /// The frame of the persons that count, with their number in each cell.
    fn frame(&self, subject: Subject<'_>, is_new: bool, counts: &dyn Fn(&Person) -> bool) -> Frame {
        let size = self.dimensions.iter().map(|own| own.atoms).product();
        let mut frame = Frame {
            dimensions: self.dimensions.clone(),
            cells: Vec::new(),
            atoms: vec![0.0; size],
        };
        let zones = subject.data.zones.len();
        let grades = subject.data.classification.grades.len();
        for person in subject.population.people().filter(|person| counts(person)) {
            let has_none = usize::from(person.grade) >= grades;
            if usize::from(person.zone) < zones && has_none == is_new {
                let place = Footing::of(&person).place();
                let atoms = [usize::from(person.grade), place, usize::from(person.zone)];
                let at = frame.index(&atoms);
                frame.atoms[at] += 1.0;
            }
        }
        frame.cells = self
            .keys
            .iter()
            .map(|keys| Cell {
                keys: keys.clone(),
                value: frame.sum(keys),
                is_small: false,
            })
            .collect();
        frame
    }
}

/// A dimension whose first category is everything.
fn whole(atoms: usize) -> Dimension {
    Dimension {
        atoms,
        categories: vec![(0..atoms).collect()],
    }
}

/// The least number of simulated persons in each key over all years and tables, where it is
/// measured.
fn least_persons(layout: &Layout, tables: &Tables, keys: &Keys, scale: f64) -> Vec<(usize, f64)> {
    let mut least = Vec::new();
    for (at, cell) in layout.cells.iter().enumerate() {
        let Some(key) = keys.of_cell[at].filter(|_| cell.measure == "persons") else {
            continue;
        };
        for bands in &tables.bands {
            for year in 0..layout.years.len() {
                let mean = bands.rows[layout.index(year, at)].mean * scale;
                // A cell that is empty in a year is no small one.
                if mean > 1e-9 {
                    least.push((key, mean));
                }
            }
        }
    }
    least
}
