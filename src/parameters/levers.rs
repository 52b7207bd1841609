//! Levers (virkemidler) on who comes in: recruitment abroad, licences, study places, posts in
//! limited number. A run file sets them, and so will policies; without any the calibration holds.

use crate::words::Year;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// All levers of a run, each list empty by default.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Levers {
    /// Licence rules (autorisasjonskrav) that let only part of an inflow through.
    pub licence_rule: Vec<LicenceRule>,
    /// Stops of active recruitment from country groups.
    pub recruitment_stop: Vec<RecruitmentStop>,
    /// Bilateral agreements on recruitment.
    pub agreement: Vec<Agreement>,
    /// Changes in the number of citizens who study abroad.
    pub study_abroad: Vec<StudyAbroad>,
    /// Changes in study places at home.
    pub study_places: Vec<StudyPlaces>,
    /// Posts in limited number (LIS1).
    pub posts: Vec<Posts>,
    /// Targets of self-sufficiency.
    pub self_sufficiency: Vec<SelfSufficiency>,
}

/// A rule that lets through only part of those who would come from some country groups.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LicenceRule {
    /// Professions it applies to.
    pub professions: Vec<String>,
    /// Country groups of education it applies to.
    pub country_groups: Vec<String>,
    /// First year.
    pub from: Year,
    /// Last year; none for all years to come.
    pub until: Option<Year>,
    /// Share that passes, 0 to 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub passes: f64,
}

/// A stop of active recruitment: those who come by themselves still do.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecruitmentStop {
    /// Country groups.
    pub country_groups: Vec<String>,
    /// First year.
    pub from: Year,
    /// Last year; none for all years to come.
    pub until: Option<Year>,
}

/// An agreement with other countries that brings people a year on top of the others.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// Profession.
    pub profession: String,
    /// Country group.
    pub country_group: String,
    /// People a year, 0 to 10,000.
    #[schemars(range(min = 0.0, max = 10000.0))]
    pub persons: f64,
    /// First year.
    pub from: Year,
    /// Last year; none for all years to come.
    pub until: Option<Year>,
}

/// More or fewer citizens who study abroad; those who come home change when they have finished.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StudyAbroad {
    /// Profession studied for.
    pub profession: String,
    /// First year in which the number who begin is changed.
    pub from: Year,
    /// Last such year; none for all years to come.
    pub until: Option<Year>,
    /// Those who begin, as a multiple of today's, 0 to 10.
    #[schemars(range(min = 0.0, max = 10.0))]
    pub factor: f64,
}

/// More or fewer study places at home.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StudyPlaces {
    /// Programme.
    pub programme: String,
    /// Track; none for all tracks of the programme, as they are.
    pub track: Option<String>,
    /// Zone or union of zones; none for all places of study, as they are.
    pub zone: Option<String>,
    /// First year of admission.
    pub from: Year,
    /// Last year of admission; none for all years to come.
    pub until: Option<Year>,
    /// Places a year more (or fewer, below zero; never fewer than none), -10,000 to 10,000.
    #[schemars(range(min = -10000.0, max = 10000.0))]
    pub change: f64,
}

/// A number of posts in limited number, from a year on.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Posts {
    /// The grade that the posts are in.
    pub grade: String,
    /// First year.
    pub from: Year,
    /// Posts a year, 0 to 100,000.
    #[schemars(range(min = 0.0, max = 100000.0))]
    pub persons: f64,
}

/// A target: of those who are new in a profession in a year, this share is to be educated at home.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SelfSufficiency {
    /// Profession.
    pub profession: String,
    /// The share, over 0 and at most 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub share: f64,
    /// First year in which it is to be met.
    pub from: Year,
    /// How it is met.
    pub by: MetBy,
    /// No study place is added before this year, however long the education: the first year of the
    /// policy that brought the target, if one did.
    #[serde(skip)]
    pub admits_from: Option<Year>,
}

/// How a target of self-sufficiency is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MetBy {
    /// By as many study places more as it takes, in time for the first year if there is time.
    StudyPlaces,
    /// By letting fewer come from abroad.
    FewerFromAbroad,
}

/// Does something that holds from a year, until a last one if there is one, hold in this year?
impl Levers {
    /// Adds the levers of another.
    pub fn extend(&mut self, other: Levers) {
        self.licence_rule.extend(other.licence_rule);
        self.recruitment_stop.extend(other.recruitment_stop);
        self.agreement.extend(other.agreement);
        self.study_abroad.extend(other.study_abroad);
        self.study_places.extend(other.study_places);
        self.posts.extend(other.posts);
        self.self_sufficiency.extend(other.self_sufficiency);
    }

    /// Gives all levers these years; posts and self-sufficiency have no last one.
    pub fn date(&mut self, from: Year, until: Option<Year>) {
        macro_rules! date {
            ($($list:ident),*) => {
                $(for lever in &mut self.$list {
                    (lever.from, lever.until) = (from, until);
                })*
            };
        }
        date!(
            licence_rule,
            recruitment_stop,
            agreement,
            study_abroad,
            study_places
        );
        self.posts.iter_mut().for_each(|lever| lever.from = from);
        let targets = self.self_sufficiency.iter_mut();
        targets.for_each(|target| (target.from, target.admits_from) = (from, Some(from)));
    }
}

fn holds(from: Year, until: Option<Year>, year: Year) -> bool {
    from <= year && until.is_none_or(|until| year <= until)
}

impl LicenceRule {
    /// Does it apply to a profession and country group in a year?
    pub fn applies(&self, profession: &str, country_group: &str, year: Year) -> bool {
        holds(self.from, self.until, year)
            && self.professions.iter().any(|p| p == profession)
            && self.country_groups.iter().any(|g| g == country_group)
    }
}

impl RecruitmentStop {
    /// Does it apply to a country group in a year?
    pub fn applies(&self, country_group: &str, year: Year) -> bool {
        holds(self.from, self.until, year) && self.country_groups.iter().any(|g| g == country_group)
    }
}

impl Agreement {
    /// Does it bring people of a profession from a country group in a year?
    pub fn applies(&self, profession: &str, country_group: &str, year: Year) -> bool {
        holds(self.from, self.until, year)
            && self.profession == profession
            && self.country_group == country_group
    }
}

impl StudyAbroad {
    /// Does it change the number who begin to study for a profession in a year?
    pub fn applies(&self, profession: &str, year: Year) -> bool {
        holds(self.from, self.until, year) && self.profession == profession
    }
}

impl StudyPlaces {
    /// Does it change admission in a year?
    pub fn applies(&self, year: Year) -> bool {
        holds(self.from, self.until, year)
    }
}
