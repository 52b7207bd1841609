//! Who a policy can reach, judged by what the base population is: how many, and in words.

use crate::parameters::policy::Eligible;
use crate::parameters::{ModelData, Policy};
use crate::population::columns::{NO_PROGRAMME, NO_ZONE};
use crate::population::{Person, Synthesis};

/// The part of a policy's filter that does not hang on clocks, ready to be held against people.
/// An empty list lets everybody through.
struct Filter {
    grades: Option<Vec<bool>>,
    sectors: Vec<String>,
    zones: Option<Vec<bool>>,
    /// By zone of upbringing; the last is for those who grew up abroad.
    upbringing: Option<Vec<bool>>,
    countries: Option<Vec<bool>>,
    programmes: Option<Vec<bool>>,
}

impl Filter {
    fn of(eligible: &Eligible, data: &ModelData) -> Filter {
        let lists = &data.classification;
        let zones = &data.zones.zones;
        let held = |names: &[String], all: &mut dyn Iterator<Item = &str>| -> Option<Vec<bool>> {
            let names = (!names.is_empty()).then_some(names)?;
            Some(all.map(|id| names.iter().any(|name| name == id)).collect())
        };
        let of_profession = held(&eligible.professions, &mut lists.profession_ids());
        let of_grade = held(
            &eligible.grades,
            &mut lists.grades.iter().map(|grade| grade.id.as_str()),
        );
        let grades = (of_profession.is_some() || of_grade.is_some()).then(|| {
            let holds = |grade: usize| {
                let profession = lists.profession_of(grade);
                of_profession.as_ref().is_none_or(|held| held[profession])
                    && of_grade.as_ref().is_none_or(|held| held[grade])
            };
            (0..lists.grades.len()).map(holds).collect()
        });
        let unions = data.zones.unions();
        let in_zones = (!eligible.zones.is_empty()).then(|| {
            let named = |id: &str| eligible.zones.iter().any(|name| name == id);
            let of_union = |zone: usize| {
                let mut unions = unions.iter();
                unions.any(|(name, members)| named(name) && members.contains(&zone))
            };
            let zones = zones.iter().enumerate();
            zones
                .map(|(number, zone)| named(&zone.id) || of_union(number))
                .collect()
        });
        let groups = zones
            .iter()
            .map(|zone| data.zones.groups[zone.group].id.as_str());
        Filter {
            grades,
            sectors: eligible.sectors.clone(),
            zones: in_zones,
            upbringing: held(&eligible.upbringing, &mut groups.chain(["abroad"])),
            countries: held(
                &eligible.countries,
                &mut lists.country_groups.iter().map(|group| group.id.as_str()),
            ),
            programmes: held(
                &eligible.programmes,
                &mut lists.programmes.iter().map(|own| own.id.as_str()),
            ),
        }
    }

    fn holds(&self, person: &Person) -> bool {
        let at = |held: &Option<Vec<bool>>, number: usize| {
            held.as_ref()
                .is_none_or(|held| held.get(number).copied().unwrap_or(false))
        };
        let zone = |zone: u8| match zone {
            NO_ZONE => usize::MAX,
            zone => usize::from(zone),
        };
        let grew_up = match (&self.upbringing, person.origin) {
            (None, _) => true,
            (Some(held), NO_ZONE) => held.last().copied().unwrap_or(false),
            (Some(held), origin) => held.get(usize::from(origin)).copied().unwrap_or(false),
        };
        let in_sector = self.sectors.is_empty()
            || person.status.is_employed()
                && self.sectors.iter().any(|id| id == person.sector.id());
        let studies = match person.programme {
            NO_PROGRAMME => self.programmes.is_none(),
            programme => at(&self.programmes, usize::from(programme - 1)),
        };
        at(&self.grades, usize::from(person.grade))
            && in_sector
            && at(&self.zones, zone(person.zone))
            && grew_up
            && at(&self.countries, usize::from(person.country))
            && studies
    }
}

/// How many simulated people of the base population a policy's filter selects, clocks and tracks
/// left aside: those of people who enter later are not known from it.
pub fn count(policy: &Policy, data: &ModelData, base: &Synthesis) -> usize {
    let eligible = &policy.eligible;
    let filter = Filter::of(eligible, data);
    let fits = |person: &Person| {
        let age = person.age(base.year);
        let sex = |id: &String| id == person.sex.id();
        eligible
            .ages
            .is_none_or(|(first, last)| (first..=last).contains(&age))
            && eligible.sex.as_ref().is_none_or(sex)
            && filter.holds(person)
    };
    base.population.people().filter(fits).count()
}

/// Who can be reached, in words: every key that is given, with what it says.
pub fn told(eligible: &Eligible) -> String {
    let lists = [
        ("profession", &eligible.professions),
        ("grade", &eligible.grades),
        ("sector", &eligible.sectors),
        ("zone", &eligible.zones),
        ("grown up in", &eligible.upbringing),
        ("track", &eligible.tracks),
        ("educated in", &eligible.countries),
        ("in programme", &eligible.programmes),
    ];
    let lists = lists
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(what, names)| format!("{what} {}", names.join(" or ")));
    let spans = [
        ("age", eligible.ages),
        ("years in the job", eligible.years_in_job),
        ("years since qualifying", eligible.since_qualified),
        ("years since arrival", eligible.since_arrival),
    ];
    let spans = spans.into_iter().filter_map(|(what, span)| {
        let (first, last) = span?;
        Some(format!("{what} {first} to {last}"))
    });
    let said = [
        (eligible.at_home, "in the zone of upbringing"),
        (eligible.in_first_zone, "in the zone of the first job"),
    ];
    let said = said.into_iter().filter_map(|(is, what)| {
        let not = if is? { "" } else { "not " };
        Some(format!("{not}{what}"))
    });
    let all: Vec<String> = lists
        .chain(spans)
        .chain(said)
        .chain(eligible.sex.clone())
        .collect();
    if all.is_empty() {
        "everybody".to_string()
    } else {
        all.join(", ")
    }
}
