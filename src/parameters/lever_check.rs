//! Are the names and numbers of levers ones that the data know?

use super::classification::StepKind;
use super::data::ModelData;
use super::levers::{Levers, MetBy};
use crate::words::{Problem, Year};

/// What is wrong with a lever, and which: enough for a caller to find its line in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeverFault {
    /// The list it stands in, e.g. `study_places`.
    pub list: &'static str,
    /// Its position in the list, from 0.
    pub position: usize,
    /// The field concerned, e.g. `zone`.
    pub field: &'static str,
    /// The value found.
    pub value: String,
    /// One sentence: what is wrong and what is allowed.
    pub message: String,
    /// Valid names, if the value is a name.
    pub valid: Vec<String>,
}

impl LeverFault {
    /// The key of the complaint, e.g. `study_places.zone`.
    pub fn key(&self) -> String {
        format!("{}.{}", self.list, self.field)
    }

    /// The complaint about a file; the line is the caller's to add.
    pub fn problem(&self, file: &str) -> Problem {
        let message = format!(
            "{} number {}: {}",
            self.list,
            self.position + 1,
            self.message
        );
        let problem = Problem::in_file(file, message).about(self.key(), self.value.clone());
        if self.valid.is_empty() {
            return problem;
        }
        problem.nearest(&self.value, self.valid.iter().map(String::as_str))
    }
}

/// A lever under examination.
#[derive(Clone, Copy)]
struct Lever {
    list: &'static str,
    position: usize,
}

impl Lever {
    fn fault(
        self,
        field: &'static str,
        value: impl ToString,
        message: impl Into<String>,
    ) -> LeverFault {
        LeverFault {
            list: self.list,
            position: self.position,
            field,
            value: value.to_string(),
            message: message.into(),
            valid: Vec::new(),
        }
    }

    fn named(
        self,
        field: &'static str,
        value: &str,
        what: &str,
        valid: &[String],
    ) -> Result<(), LeverFault> {
        if valid.iter().any(|name| name == value) {
            return Ok(());
        }
        Err(LeverFault {
            valid: valid.to_vec(),
            ..self.fault(field, value, format!("unknown {what}"))
        })
    }

    fn all_named(
        self,
        field: &'static str,
        values: &[String],
        what: &str,
        valid: &[String],
    ) -> Result<(), LeverFault> {
        if values.is_empty() {
            return Err(self.fault(field, "[]", "the list is empty: name at least one"));
        }
        values
            .iter()
            .try_for_each(|value| self.named(field, value, what, valid))
    }

    fn years(self, from: Year, until: Option<Year>) -> Result<(), LeverFault> {
        match until {
            Some(until) if until < from => Err(self.fault(
                "until",
                until,
                format!("the last year comes before the first, {from}"),
            )),
            _ => Ok(()),
        }
    }

    fn within(
        self,
        field: &'static str,
        value: f64,
        (least, most): (f64, f64),
    ) -> Result<(), LeverFault> {
        if (least..=most).contains(&value) {
            return Ok(());
        }
        Err(self.fault(field, value, format!("must be {least} to {most}")))
    }
}

fn each<'a, T>(list: &'static str, levers: &'a [T]) -> impl Iterator<Item = (Lever, &'a T)> {
    levers
        .iter()
        .enumerate()
        .map(move |(position, lever)| (Lever { list, position }, lever))
}

impl Levers {
    /// Are all names known and all numbers within their ranges?
    ///
    /// # Errors
    /// The first [`LeverFault`].
    pub fn check(&self, data: &ModelData) -> Result<(), LeverFault> {
        let lists = &data.classification;
        let professions: Vec<String> = lists.profession_ids().map(str::to_string).collect();
        let groups: Vec<String> = lists
            .country_groups
            .iter()
            .skip(1)
            .map(|g| g.id.clone())
            .collect();
        for (lever, rule) in each("licence_rule", &self.licence_rule) {
            lever.all_named("professions", &rule.professions, "profession", &professions)?;
            lever.all_named(
                "country_groups",
                &rule.country_groups,
                "country group",
                &groups,
            )?;
            lever.years(rule.from, rule.until)?;
            lever.within("passes", rule.passes, (0.0, 1.0))?;
        }
        for (lever, stop) in each("recruitment_stop", &self.recruitment_stop) {
            lever.all_named(
                "country_groups",
                &stop.country_groups,
                "country group",
                &groups,
            )?;
            lever.years(stop.from, stop.until)?;
        }
        for (lever, agreement) in each("agreement", &self.agreement) {
            lever.named(
                "profession",
                &agreement.profession,
                "profession",
                &professions,
            )?;
            lever.named(
                "country_group",
                &agreement.country_group,
                "country group",
                &groups,
            )?;
            lever.years(agreement.from, agreement.until)?;
            lever.within("persons", agreement.persons, (0.0, 10_000.0))?;
        }
        let known = |id: &&String| {
            let students = data
                .parameters
                .find_optional("abroad.students", &[id.as_str()]);
            students.is_some()
        };
        let studied: Vec<String> = professions.iter().filter(known).cloned().collect();
        for (lever, study) in each("study_abroad", &self.study_abroad) {
            let what = "profession, or one whose students abroad are not known";
            lever.named("profession", &study.profession, what, &studied)?;
            lever.years(study.from, study.until)?;
            lever.within("factor", study.factor, (0.0, 10.0))?;
        }
        self.check_places(data)?;
        let queued: Vec<String> = lists
            .steps
            .iter()
            .filter(|step| step.kind == StepKind::Queue)
            .map(|step| lists.grades[step.to[0]].id.clone())
            .collect();
        for (lever, posts) in each("posts", &self.posts) {
            let what = "grade, or one without posts in limited number";
            lever.named("grade", &posts.grade, what, &queued)?;
            lever.within("persons", posts.persons, (0.0, 100_000.0))?;
        }
        for (lever, target) in each("self_sufficiency", &self.self_sufficiency) {
            lever.named("profession", &target.profession, "profession", &professions)?;
            lever.within("share", target.share, (0.0, 1.0))?;
            if target.share <= 0.0 {
                return Err(lever.fault("share", target.share, "must be over 0"));
            }
            if target.by == MetBy::FewerFromAbroad {
                continue;
            }
            if target.share >= 1.0 {
                let message = "no number of study places is enough as long as anybody comes from \
                               abroad: under 1, or by = \"fewer_from_abroad\"";
                return Err(lever.fault("share", target.share, message));
            }
            let leads = |p: &super::Programme| {
                p.admits.is_empty()
                    && lists.professions[lists.profession_of(p.grade)].id == target.profession
            };
            if !lists.programmes.iter().any(leads) {
                let message = "no programme for people new to health care leads to this profession";
                return Err(lever.fault("profession", &target.profession, message));
            }
        }
        Ok(())
    }

    fn check_places(&self, data: &ModelData) -> Result<(), LeverFault> {
        let lists = &data.classification;
        let open: Vec<String> = lists
            .programmes
            .iter()
            .filter(|programme| programme.admits.is_empty())
            .map(|programme| programme.id.clone())
            .collect();
        let mut places: Vec<String> = data.zones.zones.iter().map(|z| z.id.clone()).collect();
        places.extend(data.zones.unions().into_iter().map(|(name, _)| name));
        for (lever, change) in each("study_places", &self.study_places) {
            let what = "programme, or one that admits people who are in health care already";
            lever.named("programme", &change.programme, what, &open)?;
            let programme = lists.programmes.iter().find(|p| p.id == change.programme);
            if let (Some(track), Some(programme)) = (&change.track, programme) {
                lever.named("track", track, "track of this programme", &programme.tracks)?;
            }
            if let Some(zone) = &change.zone {
                let what = "zone: zones and unions of the scheme are known here, and unions of the \
                            run file are not; see: stabil list zones";
                lever.named("zone", zone, what, &places)?;
            }
            lever.years(change.from, change.until)?;
            lever.within("change", change.change, (-10_000.0, 10_000.0))?;
        }
        Ok(())
    }
}
