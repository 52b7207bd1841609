//! The words that microdata may use: from the program, and from the lists of the data folder.

use super::columns::List;
use super::row::fixed;
use crate::parameters::{Classification, Zones};
use crate::words::Year;
use std::collections::BTreeMap;

/// All lists, and the base year.
#[derive(Clone, Debug)]
pub struct Lists {
    /// The base year: nothing in the file is later.
    pub year: Year,
    /// The zone scheme.
    pub scheme: String,
    words: Vec<(List, Vec<String>)>,
    zones: BTreeMap<String, u8>,
    professions: Vec<u8>,
}

impl Lists {
    /// The lists of a data folder.
    pub fn of(classification: &Classification, zones: &Zones, year: Year) -> Lists {
        let mut words: Vec<(List, Vec<String>)> = fixed().into_values().collect();
        let named = |ids: Vec<&String>| ids.into_iter().cloned().collect::<Vec<String>>();
        let own = classification;
        let professions = own.professions.iter().map(|one| &one.id).collect();
        let grades = own.grades.iter().map(|one| &one.id).collect();
        let programmes = own.programmes.iter().map(|one| &one.id).collect();
        let countries = own.country_groups.iter().map(|one| &one.id).collect();
        words.push((List::Profession, named(professions)));
        words.push((List::Grade, named(grades)));
        words.push((List::Programme, named(programmes)));
        words.push((List::Country, named(countries)));
        let mut places = BTreeMap::new();
        for (number, zone) in zones.zones.iter().enumerate() {
            places.insert(zone.id.clone(), number as u8);
            for &town in &zone.members {
                let name = &zones.municipalities[town].name;
                let digits = name.split(' ').next().unwrap_or_default();
                places.insert(digits.to_string(), number as u8);
            }
        }
        Lists {
            year,
            scheme: zones.scheme.clone(),
            words,
            zones: places,
            professions: own.grades.iter().map(|one| one.profession as u8).collect(),
        }
    }

    /// The words of a list.
    pub fn words(&self, list: List) -> &[String] {
        let own = self.words.iter().find(|(own, _)| *own == list);
        own.map_or(&[], |(_, words)| words)
    }

    /// The position of a word in a list.
    pub fn find(&self, list: List, word: &str) -> Option<u8> {
        let at = self.words(list).iter().position(|own| own == word)?;
        u8::try_from(at).ok()
    }

    /// The zone with this name, or of this municipality.
    pub fn zone(&self, text: &str) -> Option<u8> {
        self.zones.get(text).copied()
    }

    /// The profession of a grade.
    pub fn profession_of(&self, grade: u8) -> u8 {
        let own = self.professions.get(usize::from(grade));
        own.copied().unwrap_or_default()
    }
}
