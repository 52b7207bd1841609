//! Linear predictors on the log-odds scale, in whole numbers, and their way to thresholds.
//!
//! Every transition has one: a base by grade and sector, and additive terms. The terms of a
//! process `x` are the parameters `x.age[..]`, `x.sex[..]`, `x.job_years[..]` and so on, odds
//! ratios all of them; a term that is not given has no effect.

use crate::dice::sample::threshold;
use crate::parameters::{Classification, ModelData};
use crate::population::Person;
use crate::population::rates::AGES;
use crate::words::age::{age_class, class_label};
use crate::words::{
    Band, Disability, OLDEST_AGE, Sector, Sex, Status, Track, YOUNGEST_AGE, Year, year_byte,
};

/// Whole-number steps of one unit of log-odds.
pub const STEPS: i32 = 512;
/// A predictor so low that the probability is zero.
pub const IMPOSSIBLE: i32 = -30_000;
/// Predictors beyond this many steps on either side of even odds are as good as certain or
/// impossible.
pub(super) const SPAN: i32 = 16 * STEPS;

/// Classes of whole years in the present job, and of years since qualifying.
pub const YEAR_CLASSES: usize = 6;
/// Identifiers of the classes of years in the present job.
pub const JOB_YEARS: [&str; YEAR_CLASSES] = ["0", "1", "2_3", "4_6", "7_10", "11_plus"];
/// Identifiers of the classes of years since qualifying (or arriving from abroad).
pub const SINCE_QUALIFIED: [&str; YEAR_CLASSES] = ["0", "1", "2_4", "5_9", "10_19", "20_plus"];

/// First years of the classes of years in the present job, but for the first class.
pub const JOB_CLASSES: [u8; YEAR_CLASSES - 1] = [1, 2, 4, 7, 11];

/// The class of whole years in the present job.
#[inline(always)]
pub fn job_class(years: u8) -> usize {
    const CLASS: [u8; 12] = [0, 1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 5];
    usize::from(CLASS[usize::from(years.min(11))])
}

/// The class of years since qualifying.
#[inline(always)]
pub fn since_class(years: u8) -> usize {
    const CLASS: [u8; 21] = [
        0, 1, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 5,
    ];
    usize::from(CLASS[usize::from(years.min(20))])
}

/// What a predictor needs to know of a person in a year, worked out once.
#[derive(Clone, Copy, Debug)]
pub struct Scene {
    /// Age in whole years, at most [`OLDEST_AGE`].
    pub age: usize,
    /// Class of years in the job.
    pub job: usize,
    /// Class of years since qualifying.
    pub since: usize,
    /// Group of the zone.
    pub group: usize,
    /// Does the person live in the zone of upbringing?
    pub at_home: usize,
    /// Profession, one past the last for none.
    pub profession: usize,
}

impl Scene {
    /// The scene of a person in a year: the age reached in it, and the years in the job and since
    /// qualifying as they stood on the last 1 December.
    #[inline(always)]
    pub fn of(person: &Person, year: Year, lists: &Lookup) -> Scene {
        let last = year_byte(year - 1);
        Scene {
            age: usize::from(person.age(year).min(OLDEST_AGE)),
            job: job_class(last.saturating_sub(person.job_since)),
            since: since_class(last.saturating_sub(person.qualified)),
            group: usize::from(lists.group[usize::from(person.zone)]),
            at_home: usize::from(person.zone == person.origin),
            profession: usize::from(lists.profession[usize::from(person.grade)]),
        }
    }
}

/// Look-ups from a person's bytes to what the terms speak of.
#[derive(Clone, Debug)]
pub struct Lookup {
    /// Group of each zone (any byte has an answer).
    pub group: [u8; 256],
    /// Profession of each grade (any byte has an answer).
    pub profession: [u8; 256],
    /// Number of professions.
    pub professions: usize,
    /// Number of grades.
    pub grades: usize,
}

impl Lookup {
    /// Compiles the look-ups.
    pub fn compile(data: &ModelData) -> Lookup {
        let lists = &data.classification;
        let mut group = [0; 256];
        for (zone, about) in data.zones.zones.iter().enumerate() {
            group[zone] = about.group as u8;
        }
        let mut profession = [lists.professions.len() as u8; 256];
        for (grade, about) in lists.grades.iter().enumerate() {
            profession[grade] = about.profession as u8;
        }
        Lookup {
            group,
            profession,
            professions: lists.professions.len(),
            grades: lists.grades.len(),
        }
    }
}

/// Most groups of zones that terms can tell apart.
const GROUPS: usize = 8;

/// A linear predictor. All entries are log-odds in [`STEPS`].
#[derive(Clone, Debug)]
pub struct Predictor {
    /// By grade x sector.
    base: Vec<i32>,
    /// By profession x sex x age. Half the width of the others: this is the one large table.
    age: Vec<i16>,
    status: [i32; 8],
    job: [i32; YEAR_CLASSES],
    /// By country group of education x years since qualifying or arriving: a sum of both, and for
    /// those educated abroad the years since arrival by themselves.
    stay: [[i32; YEAR_CLASSES]; 8],
    group: [i32; GROUPS],
    at_home: [i32; 2],
    track: [i32; 4],
    band: [i32; 5],
    mover: [i32; 2],
    disability: [i32; 3],
}

/// Log-odds in [`STEPS`], no lower than [`IMPOSSIBLE`] and no higher than certain.
pub(super) fn steps(log_odds: f64) -> i32 {
    (log_odds * f64::from(STEPS))
        .round()
        .clamp(f64::from(IMPOSSIBLE), f64::from(SPAN)) as i32
}

/// A sum of log-odds in the width of the table by age; beyond its ends nothing differs.
fn narrow(log_odds: i32) -> i16 {
    log_odds.clamp(IMPOSSIBLE, -IMPOSSIBLE) as i16
}

/// Log-odds of a probability, in [`STEPS`]; zero gives [`IMPOSSIBLE`].
pub fn logit(probability: f64) -> i32 {
    if probability <= 0.0 {
        return IMPOSSIBLE;
    }
    let p = probability.min(1.0 - 1e-9);
    steps((p / (1.0 - p)).ln())
}

/// The table from predictor to threshold.
#[derive(Clone, Debug)]
pub struct Expit {
    table: Vec<u32>,
}

impl Default for Expit {
    fn default() -> Expit {
        let table = (-SPAN..=SPAN)
            .map(|x| threshold(1.0 / (1.0 + (-f64::from(x) / f64::from(STEPS)).exp())))
            .collect();
        Expit { table }
    }
}

impl Expit {
    /// The threshold of a predictor.
    #[inline(always)]
    pub fn threshold(&self, eta: i32) -> u32 {
        if eta < -SPAN {
            return 0;
        }
        self.table[(eta.min(SPAN) + SPAN) as usize]
    }
}

impl Predictor {
    /// A predictor of a process with its terms, and a base of even odds everywhere.
    pub fn read(data: &ModelData, process: &str) -> Predictor {
        let lists = &data.classification;
        let p = &data.parameters;
        let term = |name: &str, key: &str| steps(p.log_ratio(&format!("{process}.{name}"), &[key]));
        let mut base = Vec::new();
        for grade in &lists.grades {
            base.extend([term("grade", &grade.id); 4]);
        }
        base.extend([0; 4]);
        let mut age = Vec::new();
        for _ in 0..=lists.professions.len() {
            for sex in Sex::ALL {
                let of_sex = term("sex", sex.id());
                age.extend(
                    (0..AGES).map(|age| {
                        narrow(of_sex + term("age", &class_label(age_class(age as u8))))
                    }),
                );
            }
        }
        let mut predictor = Predictor {
            base,
            age,
            status: [0; 8],
            job: JOB_YEARS.map(|id| term("job_years", id)),
            stay: [SINCE_QUALIFIED.map(|id| term("since_qualified", id)); 8],
            group: [0; GROUPS],
            at_home: ["away", "at_home"].map(|id| term("home", id)),
            track: [0; 4],
            band: [0; 5],
            mover: ["stayer", "mover"].map(|id| term("attachment", id)),
            disability: [0; 3],
        };
        for status in Status::ALL {
            predictor.status[status.index()] = term("status", status.id());
        }
        for (entry, group) in predictor.group.iter_mut().zip(&data.zones.groups) {
            *entry = term("zone_group", &group.id);
        }
        for track in Track::ALL {
            predictor.track[track.index()] = term("track", track.id());
        }
        for band in Band::ALL {
            predictor.band[band.index()] = term("band", band.id());
        }
        let since_arrival = SINCE_QUALIFIED.map(|id| term("since_arrival", id));
        for (country, row) in predictor.stay.iter_mut().enumerate() {
            let group = lists.country_groups.get(country);
            let of_group = group.map_or(0, |group| term("country", &group.id));
            for (entry, arrival) in row.iter_mut().zip(since_arrival) {
                *entry += of_group + if country > 0 { arrival } else { 0 };
            }
        }
        for disability in Disability::ALL {
            predictor.disability[disability.index()] = term("disability", disability.id());
        }
        predictor
    }

    /// Adds to the age entries of every profession and sex.
    pub fn add_age(&mut self, professions: usize, log_odds: impl Fn(usize, Sex, usize) -> i32) {
        for profession in 0..=professions {
            for sex in Sex::ALL {
                for age in 0..AGES {
                    let cell = (profession * 2 + sex.index()) * AGES + age;
                    self.age[cell] =
                        narrow(i32::from(self.age[cell]) + log_odds(profession, *sex, age));
                }
            }
        }
    }

    /// Adds to the base of a grade in a sector.
    pub fn add_base(&mut self, grade: usize, sector: Sector, log_odds: i32) {
        self.base[grade * 4 + sector.index()] += log_odds;
    }

    /// The predictor of a person in a scene.
    #[inline]
    pub fn eta(&self, person: &Person, scene: &Scene) -> i32 {
        self.base[usize::from(person.grade) * 4 + person.sector.index()]
            + i32::from(self.age[(scene.profession * 2 + person.sex.index()) * AGES + scene.age])
            + self.status[person.status.index()]
            + self.job[scene.job]
            + self.stay[usize::from(person.country)][scene.since]
            + self.group[scene.group]
            + self.at_home[scene.at_home]
            + self.track[person.track.index()]
            + self.band[person.band.index()]
            + self.mover[usize::from(person.mover)]
            + self.disability[person.disability.index()]
    }

    /// The largest predictor over everybody with this grade, place and age span, but for what
    /// [`Predictor::of_job`] adds.
    pub fn most(&self, cell: &Cell, lookup: &Lookup) -> i32 {
        let top = |list: &[i32]| list.iter().copied().max().unwrap_or(0);
        let profession = usize::from(lookup.profession[cell.grade]);
        let base = match cell.sector {
            Some(sector) => self.base[cell.grade * 4 + sector.index()],
            None => top(&self.base[cell.grade * 4..cell.grade * 4 + 4]),
        };
        let row = |sex: usize| {
            let start = (profession * 2 + sex) * AGES;
            let ages = &self.age[start + cell.ages.0..=start + cell.ages.1];
            ages.iter().copied().max().map_or(0, i32::from)
        };
        let stay = if cell.from_abroad {
            &self.stay[1..]
        } else {
            &self.stay[..1]
        };
        base + row(0).max(row(1))
            + self.status[cell.status.index()]
            + top(stay.as_flattened())
            + top(&self.group)
            + top(&self.at_home)
            + top(&self.track)
            + top(&self.band)
            + top(&self.disability)
    }

    /// What a class of years in the job and a type (1: mover) add.
    pub fn of_job(&self, job: usize, mover: usize) -> i32 {
        self.job[job] + self.mover[mover]
    }

    /// Moves the base of the listed grades in a sector so that the mean probability over people
    /// is `target`. Without people the base becomes the target itself.
    pub fn meet(
        &mut self,
        people: &[(Person, Scene)],
        grades: &[usize],
        sector: Sector,
        target: f64,
    ) {
        let mut etas: Vec<i32> = people
            .iter()
            .map(|(person, scene)| self.eta(person, scene))
            .collect();
        etas.sort_unstable();
        let shift = if target <= 0.0 {
            IMPOSSIBLE
        } else if etas.is_empty() {
            logit(target)
        } else {
            intercept(&etas, target)
        };
        for grade in grades {
            self.add_base(*grade, sector, shift);
        }
    }

    /// Like [`Predictor::meet`] for all sectors of a profession together.
    pub fn meet_profession(
        &mut self,
        people: &[(Person, Scene)],
        lists: &Classification,
        profession: usize,
        target: f64,
    ) {
        let mut etas: Vec<i32> = people
            .iter()
            .map(|(person, scene)| self.eta(person, scene))
            .collect();
        etas.sort_unstable();
        let shift = intercept(&etas, target);
        for grade in grades_of(lists, profession) {
            for sector in Sector::ALL {
                self.add_base(grade, *sector, shift);
            }
        }
    }

    /// Like [`Predictor::meet`] for one intercept common to all grades and sectors.
    pub fn meet_overall(&mut self, people: &[(Person, Scene)], target: f64) {
        let mut etas: Vec<i32> = people
            .iter()
            .map(|(person, scene)| self.eta(person, scene))
            .collect();
        etas.sort_unstable();
        let shift = if etas.is_empty() {
            logit(target)
        } else {
            intercept(&etas, target)
        };
        for entry in &mut self.base {
            *entry += shift;
        }
    }
}

/// The shift with which the mean probability of sorted predictors is `target`.
fn intercept(sorted: &[i32], target: f64) -> i32 {
    let mut counted: Vec<(i32, f64)> = Vec::new();
    for eta in sorted {
        match counted.last_mut() {
            Some((last, count)) if *last == *eta => *count += 1.0,
            _ => counted.push((*eta, 1.0)),
        }
    }
    let total = sorted.len() as f64;
    let mean = |shift: f64| {
        counted
            .iter()
            .map(|(eta, count)| {
                let x = f64::from(*eta) / f64::from(STEPS) + shift;
                count / (1.0 + (-x).exp())
            })
            .sum::<f64>()
            / total
    };
    let (mut low, mut high) = (-30.0, 30.0);
    for _ in 0..60 {
        // Whatever is left between them rounds to the same step.
        if steps(low) == steps(high) {
            break;
        }
        let middle = f64::midpoint(low, high);
        if mean(middle) < target {
            low = middle
        } else {
            high = middle
        }
    }
    steps(f64::midpoint(low, high))
}

/// A cell of people for whom bounds are worked out together.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    /// Grade.
    pub grade: usize,
    /// Status.
    pub status: Status,
    /// Sector, if the cell is of one sector only.
    pub sector: Option<Sector>,
    /// First and last age.
    pub ages: (usize, usize),
    /// Educated abroad?
    pub from_abroad: bool,
}

/// The grades of a profession.
pub fn grades_of(lists: &Classification, profession: usize) -> Vec<usize> {
    (0..lists.grades.len())
        .filter(|g| lists.grades[*g].profession == profession)
        .collect()
}

/// Ages that anybody can have.
pub fn all_ages() -> std::ops::RangeInclusive<u8> {
    YOUNGEST_AGE..=OLDEST_AGE
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn classes_are_those_of_their_names() {
        for (classes, class) in [
            (JOB_YEARS, job_class as fn(u8) -> usize),
            (SINCE_QUALIFIED, since_class),
        ] {
            for years in 0..=u8::MAX {
                let (first, last) = match classes[class(years)].split_once('_') {
                    Some((first, "plus")) => (first, "255"),
                    Some(both) => both,
                    None => (classes[class(years)], classes[class(years)]),
                };
                let [first, last] = [first, last].map(|year| year.parse::<u8>().unwrap());
                assert!((first..=last).contains(&years), "{years}");
            }
        }
    }

    #[test]
    fn thresholds_follow_the_logistic_curve() {
        let expit = Expit::default();
        assert_eq!(expit.threshold(0), 1 << 31);
        assert_eq!(expit.threshold(IMPOSSIBLE), 0);
        for p in [0.0005, 0.013, 0.2, 0.77] {
            let back = crate::dice::sample::probability(expit.threshold(logit(p)));
            assert!((back / p - 1.0).abs() < 1e-3, "{p} became {back}");
        }
    }

    proptest! {
        #[test]
        fn the_intercept_meets_the_target(
            mut etas in prop::collection::vec(-6000i32..3000, 1..200), target in 0.002f64..0.9
        ) {
            etas.sort_unstable();
            let shift = intercept(&etas, target);
            let mean: f64 = etas
                .iter()
                .map(|e| 1.0 / (1.0 + (-f64::from(e + shift) / f64::from(STEPS)).exp()))
                .sum::<f64>()
                / etas.len() as f64;
            prop_assert!((mean - target).abs() < 0.001);
        }
    }
}
