//! Traits (kjennetegn) of the simulated people that outputs do not hold but targets speak of:
//! ages at leaving work, employment by age, age structure, where graduates of a track work.

use super::targets::Target;
use crate::engine::{Change, Entry, Observer, Rules};
use crate::parameters::ModelData;
use crate::population::positions::BANDS;
use crate::population::{Person, Population};
use crate::tallies::Ledger;
use crate::words::{Sector, Status, Track, Year, year_byte};

/// A trait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trait {
    /// Mean age at leaving work for old-age pension, in years.
    ExitAgeOldAge,
    /// Mean age at leaving work for full disability pension, in years.
    ExitAgeDisability,
    /// Mean age at leaving work for either, in years.
    ExitAgePension,
    /// Share of the people of an age range who hold a job in any sector.
    EmploymentShare,
    /// Share of job holders who are 55 or older.
    Share55Plus,
    /// Mean age of job holders, in years.
    MeanAge,
    /// Mean position fraction of job holders in health and care under 62.
    MeanPositionUnder62,
    /// Share of a track's graduates of the first two simulated years, from a place of study, who
    /// hold a job there.
    ShareInStudyCounty,
}

impl Trait {
    /// All traits.
    pub const ALL: [Trait; 8] = [
        Trait::ExitAgeOldAge,
        Trait::ExitAgeDisability,
        Trait::ExitAgePension,
        Trait::EmploymentShare,
        Trait::Share55Plus,
        Trait::MeanAge,
        Trait::MeanPositionUnder62,
        Trait::ShareInStudyCounty,
    ];

    /// Its name in files of targets.
    pub fn id(self) -> &'static str {
        match self {
            Trait::ExitAgeOldAge => "exit_age_old_age_pension",
            Trait::ExitAgeDisability => "exit_age_disability_pension",
            Trait::ExitAgePension => "exit_age_pension",
            Trait::EmploymentShare => "employment_share",
            Trait::Share55Plus => "share_55_plus",
            Trait::MeanAge => "mean_age",
            Trait::MeanPositionUnder62 => "mean_position_under_62",
            Trait::ShareInStudyCounty => "share_in_study_county",
        }
    }

    /// The trait of this name.
    pub fn of_id(id: &str) -> Option<Trait> {
        Trait::ALL.into_iter().find(|own| own.id() == id)
    }
}

/// A target's question about a trait, with names found.
#[derive(Clone, Debug)]
pub struct Question {
    what: Trait,
    /// Which grades count.
    grades: Vec<bool>,
    sector: Option<Sector>,
    ages: (u8, u8),
    track: Option<Track>,
    zones: Vec<bool>,
}

impl Question {
    /// The question that a target asks, if it asks about a trait.
    pub fn of(target: &Target, data: &ModelData) -> Option<Question> {
        let what = Trait::of_id(&target.of.measure)?;
        let lists = &data.classification;
        let wanted = |grade: usize| {
            let own = &lists.grades[grade];
            let profession = &lists.professions[own.profession].id;
            let one = |named: &Option<String>, id: &str| named.as_deref().is_none_or(|n| n == id);
            one(&target.of.profession, profession) && one(&target.of.grade, &own.id)
        };
        let unions = data.zones.unions();
        let inside = |zone: usize| match target.of.zone.as_deref() {
            None => true,
            Some(name) => {
                data.zones.zones[zone].id == name
                    || unions
                        .iter()
                        .any(|(id, own)| id == name && own.contains(&zone))
            }
        };
        let sector = target.of.sector.as_deref();
        Some(Question {
            what,
            grades: (0..lists.grades.len()).map(wanted).collect(),
            sector: sector.and_then(|id| Sector::ALL.iter().find(|s| s.id() == id).copied()),
            ages: target.ages.unwrap_or((0, u8::MAX)),
            track: target.track,
            zones: (0..data.zones.len()).map(inside).collect(),
        })
    }

    fn counts(&self, person: &Person) -> bool {
        self.grades
            .get(usize::from(person.grade))
            .copied()
            .unwrap_or(false)
    }

    /// The value of the trait at the end of a year, from the people and the exits of that year.
    pub fn value(&self, people: &Population, watch: &Watch, year: Year, base: Year) -> f64 {
        let mut sum = 0.0;
        let mut count = 0.0;
        let mut add = |value: f64| {
            sum += value;
            count += 1.0;
        };
        let share = |yes: bool| f64::from(u8::from(yes));
        match self.what {
            Trait::ExitAgeOldAge | Trait::ExitAgeDisability | Trait::ExitAgePension => {
                for exit in &watch.exits {
                    let wanted = match self.what {
                        Trait::ExitAgeOldAge => !exit.disability,
                        Trait::ExitAgeDisability => exit.disability,
                        _ => true,
                    };
                    if wanted && self.grades.get(usize::from(exit.grade)) == Some(&true) {
                        add(f64::from(exit.age));
                    }
                }
            }
            _ => {
                for slot in 0..people.len() {
                    let person = people.get(slot);
                    if !self.counts(&person) || !person.status.is_present() {
                        continue;
                    }
                    let age = person.age(year);
                    let employed = person.status.is_employed();
                    let in_sector = self.sector.is_none_or(|sector| sector == person.sector);
                    match self.what {
                        Trait::EmploymentShare if (self.ages.0..=self.ages.1).contains(&age) => {
                            add(share(employed));
                        }
                        Trait::Share55Plus if employed && in_sector => add(share(age >= 55)),
                        Trait::MeanAge if employed && in_sector => add(f64::from(age)),
                        Trait::MeanPositionUnder62 if person.in_health() && age < 62 => {
                            add(f64::from(watch.fte[person.band.index()]) / 1000.0);
                        }
                        Trait::ShareInStudyCounty => {
                            let first = year_byte(base + 1);
                            let class = (first..=first + 1).contains(&person.qualified);
                            let studied = self.zones.get(usize::from(person.study_zone));
                            let track = self.track.is_none_or(|own| own == person.track);
                            if class && person.country == 0 && track && studied == Some(&true) {
                                let here = self.zones.get(usize::from(person.zone));
                                add(share(employed && here == Some(&true)));
                            }
                        }
                        _ => {}
                    }
                }
            }
        }
        sum / count
    }
}

/// Somebody who left work for a pension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PensionExit {
    grade: u8,
    age: u8,
    disability: bool,
}

/// The ledger of a run, and who left work for a pension in the year.
#[derive(Debug)]
pub struct Watch {
    /// The ledger.
    pub ledger: Ledger,
    /// This year's.
    pub exits: Vec<PensionExit>,
    /// Position fraction of each band, in thousandths.
    fte: [u32; BANDS],
}

impl Watch {
    /// Begins with a base population.
    pub fn open(
        rules: &Rules,
        zones: usize,
        people: &Population,
        base: Year,
        years: usize,
    ) -> Watch {
        Watch {
            ledger: Ledger::open(rules, zones, people, base, years),
            exits: Vec::new(),
            fte: rules.position.fte,
        }
    }

    /// Begins a year.
    pub fn begin_year(&mut self) {
        self.ledger.begin_year();
        self.exits.clear();
    }
}

impl Observer for Watch {
    fn entered(&mut self, person: &Person, entry: Entry, year: Year) {
        self.ledger.entered(person, entry, year);
    }

    fn changed(&mut self, change: &Change<'_>) {
        let (before, after) = (change.before.status, change.after.status);
        let pension =
            |status: Status| matches!(status, Status::DisabilityPension | Status::OldAgePension);
        if before.is_employed() && pension(after) && change.exit.is_none() {
            self.exits.push(PensionExit {
                grade: change.before.grade,
                age: change.before.age(change.year),
                disability: after == Status::DisabilityPension,
            });
        }
        self.ledger.changed(change);
    }

    fn turned_away(&mut self, applicant: &Person, year: Year) {
        self.ledger.turned_away(applicant, year);
    }

    fn unguided(&mut self, place: (usize, Sector, usize), newcomers: u32, year: Year) {
        self.ledger.unguided(place, newcomers, year);
    }
}
