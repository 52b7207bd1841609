//! Whom a policy's filter holds for.

use crate::engine::predictor::Lookup;
use crate::parameters::ModelData;
use crate::parameters::policy::Eligible;
use crate::population::Person;
use crate::population::columns::{NO_PROGRAMME, NO_ZONE};
use crate::words::{Sector, Sex, Track, Year, year_byte};

/// A set of numbers below 256.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Set([u64; 4]);

impl Set {
    /// Everything.
    pub const ALL: Set = Set([u64::MAX; 4]);
    /// Nothing.
    pub const NONE: Set = Set([0; 4]);

    /// These numbers.
    pub fn of(numbers: impl IntoIterator<Item = usize>) -> Set {
        let mut set = Set::NONE;
        for number in numbers {
            set.0[number / 64 % 4] |= 1 << (number % 64);
        }
        set
    }

    /// Is the number in the set?
    #[inline(always)]
    pub fn has(&self, number: usize) -> bool {
        self.0[number / 64 % 4] >> (number % 64) & 1 == 1
    }
}

/// The numbers of zones that names (zones, groups, counties, unions) stand for.
pub fn zones_named(data: &ModelData, names: &[String]) -> Set {
    let unions = data.zones.unions();
    Set::of(names.iter().flat_map(|name| match data.zones.of_id(name) {
        Some(zone) => vec![zone],
        None => {
            let union = unions.iter().find(|(own, _)| own == name);
            union.map_or(Vec::new(), |(_, members)| members.clone())
        }
    }))
}

/// A compiled filter.
#[derive(Clone, Debug)]
pub struct Eligibility {
    grades: Set,
    sectors: Set,
    /// Is the sector asked about at all? Then the person must have a job.
    needs_job: bool,
    zones: Set,
    origins: Set,
    tracks: Set,
    countries: Set,
    programmes: Set,
    ages: (u8, u8),
    job: (u8, u8),
    qualified: (u8, u8),
    arrival: Option<(u8, u8)>,
    at_home: Option<bool>,
    in_first_zone: Option<bool>,
    sex: Option<Sex>,
}

impl Eligibility {
    /// Compiles a filter whose names the data know.
    pub fn compile(data: &ModelData, eligible: &Eligible) -> Eligibility {
        let lists = &data.classification;
        let any = |names: &[String], set: Set| if names.is_empty() { Set::ALL } else { set };
        let has = |names: &[String], id: &str| names.iter().any(|name| name == id);
        let grades = lists.grades.iter().enumerate().filter(|(_, grade)| {
            let profession = &lists.professions[grade.profession].id;
            let own = eligible.professions.is_empty() || has(&eligible.professions, profession);
            own && (eligible.grades.is_empty() || has(&eligible.grades, &grade.id))
        });
        let grades = Set::of(grades.map(|(number, _)| number));
        let unfiltered = eligible.professions.is_empty() && eligible.grades.is_empty();
        // People in a programme are known by it, whatever they held before.
        let in_programme = !eligible.programmes.is_empty();
        let groups = data.zones.groups.iter();
        let group_of = |name: &str| groups.clone().position(|group| group.id == *name);
        let origins = (0..data.zones.len()).filter(|zone| {
            let own = data.zones.zones[*zone].group;
            eligible
                .upbringing
                .iter()
                .any(|name| group_of(name) == Some(own))
        });
        let abroad = has(&eligible.upbringing, "abroad").then_some(usize::from(NO_ZONE));
        let numbered = |names: &[String], ids: &[String]| {
            Set::of((0..ids.len()).filter(|number| has(names, &ids[*number])))
        };
        let sectors: Vec<String> = Sector::ALL.iter().map(|s| s.id().into()).collect();
        let tracks: Vec<String> = Track::ALL.iter().map(|t| t.id().into()).collect();
        let countries: Vec<String> = lists.country_groups.iter().map(|c| c.id.clone()).collect();
        let programmes: Vec<String> = lists.programmes.iter().map(|p| p.id.clone()).collect();
        let sex = eligible.sex.as_ref();
        let of = numbered(&eligible.programmes, &programmes);
        Eligibility {
            grades: if unfiltered || in_programme {
                Set::ALL
            } else {
                grades
            },
            sectors: any(&eligible.sectors, numbered(&eligible.sectors, &sectors)),
            needs_job: !eligible.sectors.is_empty(),
            zones: any(&eligible.zones, zones_named(data, &eligible.zones)),
            origins: any(&eligible.upbringing, Set::of(origins.chain(abroad))),
            tracks: any(&eligible.tracks, numbered(&eligible.tracks, &tracks)),
            countries: any(
                &eligible.countries,
                numbered(&eligible.countries, &countries),
            ),
            programmes: match in_programme {
                true => Set::of((0..programmes.len()).filter(|n| of.has(*n)).map(|n| n + 1)),
                false => Set::ALL,
            },
            ages: eligible.ages.unwrap_or((0, u8::MAX)),
            job: eligible.years_in_job.unwrap_or((0, u8::MAX)),
            qualified: eligible.since_qualified.unwrap_or((0, u8::MAX)),
            arrival: eligible.since_arrival,
            at_home: eligible.at_home,
            in_first_zone: eligible.in_first_zone,
            sex: Sex::ALL
                .iter()
                .copied()
                .find(|s| sex.is_some_and(|id| s.id() == id)),
        }
    }

    /// Can somebody of a grade be eligible?
    pub fn grade(&self, grade: usize) -> bool {
        self.grades.has(grade)
    }

    /// Can somebody whose job or last job was in a sector be eligible?
    pub fn sector(&self, sector: Sector) -> bool {
        self.sectors.has(sector.index())
    }

    /// The zones in which somebody can be eligible.
    pub fn zones(&self) -> Set {
        self.zones
    }

    /// The clock bytes between which somebody eligible in a year was born, has qualified (or arrived),
    /// and began in the job; first and last of each.
    pub fn clocks(&self, year: Year) -> [(u8, u8); 3] {
        let (now, last) = (year_byte(year), year_byte(year - 1));
        // Whoever's clock stands later than the last census counts as just begun.
        let since = |(least, most): (u8, u8)| {
            let end = if least == 0 {
                u8::MAX
            } else {
                last.saturating_sub(least)
            };
            (last.saturating_sub(most), end)
        };
        let (youngest, oldest) = self.ages;
        let end = if youngest == 0 {
            u8::MAX
        } else {
            now.saturating_sub(youngest)
        };
        let born = (now.saturating_sub(oldest), end);
        [born, since(self.qualified), since(self.job)]
    }

    /// Are those alone eligible who are in a programme?
    pub fn must_study(&self) -> bool {
        !self.programmes.has(usize::from(NO_PROGRAMME))
    }

    /// Does the filter hold for a person as on the last 1 December, with the age of this year?
    #[inline]
    pub fn holds(&self, person: &Person, year: Year, lookup: &Lookup) -> bool {
        debug_assert!(lookup.grades < 256);
        let last = year_byte(year - 1);
        let within = |(first, end): (u8, u8), value: u8| first <= value && value <= end;
        let since = |clock: u8| last.saturating_sub(clock);
        self.grades.has(usize::from(person.grade))
            && self.sectors.has(person.sector.index())
            && (!self.needs_job || person.status.is_employed())
            && self.zones.has(usize::from(person.zone))
            && self.origins.has(usize::from(person.origin))
            && self.tracks.has(person.track.index())
            && self.countries.has(usize::from(person.country))
            && self.programmes.has(usize::from(person.programme))
            && within(self.ages, person.age(year))
            && within(self.job, since(person.job_since))
            && within(self.qualified, since(person.qualified))
            && self
                .arrival
                .is_none_or(|span| person.country != 0 && within(span, since(person.qualified)))
            && self
                .at_home
                .is_none_or(|at_home| (person.zone == person.origin) == at_home)
            && self
                .in_first_zone
                .is_none_or(|there| (person.zone == person.first_zone) == there)
            && self.sex.is_none_or(|sex| person.sex == sex)
    }
}
