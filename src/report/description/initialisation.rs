//! ODD 5: initialisation.

use super::Subject;
use super::page::Page;
use super::source::{first_paragraph, item_doc, module_doc};
use super::submodels::module_name;
use crate::engine::schedule::BASE;
use crate::population::Person;
use crate::report::number::thousands;
use crate::words::{Sector, Status};

/// ODD 5.
pub fn initialisation(subject: &Subject, page: &mut Page) {
    page.heading(3, "1.5 Initialisation", "1.5 Utgangspunkt");
    let base = &subject.model.base;
    page.prose(&format!(
        "The years begin with the base population of 1 December {}, the same people in every run: \
         only what happens to them differs between seeds. It is synthesised from the margins that \
         the evidence gives:",
        base.year
    ));
    page.list(BASE.sources.iter().map(|(path, text)| {
        let told = first_paragraph(&module_doc(text));
        format!("`{}`: {told}", module_name(path))
    }));
    let under_way = include_str!("../../engine/further_education.rs");
    page.prose(&item_doc(under_way, "pub fn begin_under_way"));
    let people: Vec<Person> = base.population.people().collect();
    let lookup = &subject.model.rules.lookup.profession;
    let count = |passes: &dyn Fn(&Person) -> bool| {
        let some = people.iter().filter(|person| passes(person));
        thousands(some.count() as f64)
    };
    page.prose(&format!(
        "Everybody at the start, {} persons, those who live abroad and may come home included:",
        count(&|_| true)
    ));
    let lists = &subject.model.data.classification;
    let own = |person: &Person| usize::from(lookup[usize::from(person.grade)]);
    let named = lists
        .professions
        .iter()
        .enumerate()
        .map(|(number, profession)| {
            let name = subject.label(&profession.label_en, &profession.label_nb);
            (name.to_string(), Some(number))
        });
    let students = ("no profession yet (students)".to_string(), None);
    let rows = named.chain([students]).map(|(name, profession)| {
        let of = |person: &Person| match profession {
            Some(number) => own(person) == number,
            None => own(person) >= lists.professions.len(),
        };
        let works = |person: &Person, sector| {
            of(person) && person.status.is_employed() && person.sector == sector
        };
        [
            name,
            count(&|person| of(person)),
            count(&|person| works(person, Sector::Municipal)),
            count(&|person| works(person, Sector::Hospital)),
            count(&|person| works(person, Sector::OtherHealth)),
            count(&|person| works(person, Sector::OtherSectors)),
            count(&|person| of(person) && person.status == Status::Education),
            count(&|person| of(person) && person.status == Status::Emigrated),
        ]
    });
    let header = [
        "profession",
        "persons",
        Sector::Municipal.id(),
        Sector::Hospital.id(),
        Sector::OtherHealth.id(),
        Sector::OtherSectors.id(),
        Status::Education.id(),
        Status::Emigrated.id(),
    ];
    page.table(header, rows);
}
