//! People educated abroad: how many come in a year, by profession and country group.
//!
//! Citizens who studied abroad (norske utenlandsstudenter): students abroad over the years that
//! their studies take, times the share who finish and come to work here, where the students are
//! counted (nou_education_0096, nou_education_0098 to nou_education_0100, nou_education_0102).
//! All others: `abroad.arrivals`, from new authorisations with foreign education and the part of
//! them that settles. A gate (`abroad.licence_gate`: the share that a licence rule lets through,
//! by year) has a history where there was one: nursing associates from outside the EEA
//! (nou_education_0123, nou_education_0124, policy_effects_0114). Levers come on top.

use super::quota::Ruler;
use crate::parameters::{Levers, ModelData};
use crate::words::{Problem, Year};

/// Years after the base year that are worked out; the last one holds for all later ones.
pub const HORIZON: Year = 60;
/// Years before the base year for which a gate can have a history.
const HISTORY: Year = 12;

/// All arrivals by year.
#[derive(Clone, Debug)]
pub struct Arrivals {
    /// The first year worked out; in earlier ones as many come as in it.
    pub first: Year,
    /// By profession and country group.
    pub sources: Vec<Source>,
}

/// Where the arrivals of a profession come from. Persons a year at full scale, by year from
/// [`Arrivals::first`] on.
#[derive(Clone, Debug)]
pub struct Source {
    /// Profession.
    pub profession: usize,
    /// Country group of education.
    pub country: usize,
    /// Are they citizens with a zone of upbringing here?
    pub grown_up_here: bool,
    /// The share of those authorised who settle and work here.
    pub settles: f64,
    /// Has a licence gate a history here?
    pub gated: bool,
    /// Without levers.
    base: Vec<f64>,
    /// What levers leave of them.
    factor: Vec<f64>,
    /// Who comes besides, by levers.
    extra: Vec<f64>,
}

impl Source {
    /// Whole people by year at a scale. Without levers each year's number is rounded by itself;
    /// what levers change comes on top, rounded so that it adds up over the years.
    pub fn persons(&self, scale: f64) -> Vec<u32> {
        let mut change = Ruler::default();
        let years = self.base.iter().zip(&self.factor).zip(&self.extra);
        years
            .map(|((base, factor), extra)| {
                let whole = (base * scale).round();
                let changed = change.lay(whole * (factor - 1.0) + extra * scale);
                (whole as i32 + changed).max(0) as u32
            })
            .collect()
    }
}

impl Arrivals {
    /// The schedule under levers, self-sufficiency apart: that needs to know the graduates.
    ///
    /// # Errors
    /// A [`Problem`] if a parameter is missing, or a gate is shut in the year after the base year,
    /// which its other years are measured against.
    pub fn compile(
        data: &ModelData,
        base_year: Year,
        levers: &Levers,
    ) -> Result<Arrivals, Problem> {
        let p = &data.parameters;
        let lists = &data.classification;
        let first = base_year - HISTORY;
        let years = first..=base_year + HORIZON;
        let mut sources = Vec::new();
        for (profession, about) in lists.professions.iter().enumerate() {
            let id = about.id.as_str();
            for (country, group) in lists.country_groups.iter().enumerate().skip(1) {
                let grown_up_here = p.value("abroad.grown_up_here", &[&group.id])? > 0.5;
                let settles = p.value("abroad.settle_share", &[id, &group.id])?;
                let active = p.value("abroad.active_share", &[&group.id])?;
                let students = p.find_optional("abroad.students", &[id]);
                let studying = match students.filter(|_| grown_up_here) {
                    Some(students) => {
                        let length = p.value("abroad.study_years", &[id])?.max(1.0);
                        let back = p.value("abroad.return_share", &[id])?;
                        Some((students.value / length * back, length.round() as Year))
                    }
                    None => None,
                };
                let usual = match studying {
                    Some((arrivals, _)) => arrivals,
                    None => p.value("abroad.arrivals", &[id, &group.id])?,
                };
                let gate = gate(data, [id, &group.id], base_year)?;
                let mut source = Source {
                    profession,
                    country,
                    grown_up_here,
                    settles,
                    gated: gate.is_some(),
                    base: Vec::new(),
                    factor: Vec::new(),
                    extra: Vec::new(),
                };
                for year in years.clone() {
                    let open = gate.as_ref().map_or(1.0, |gate| gate.at(year));
                    source.base.push(usual * open);
                    let mut factor = 1.0;
                    let of_rule = |rule: &&crate::parameters::levers::LicenceRule| {
                        rule.applies(id, &group.id, year)
                    };
                    for rule in levers.licence_rule.iter().filter(of_rule) {
                        factor *= rule.passes;
                    }
                    let stops = &levers.recruitment_stop;
                    if stops.iter().any(|stop| stop.applies(&group.id, year)) {
                        factor *= 1.0 - active;
                    }
                    if let Some((_, length)) = studying {
                        let began = year - length;
                        for study in levers.study_abroad.iter().filter(|s| s.applies(id, began)) {
                            factor *= study.factor;
                        }
                    }
                    let brought = levers
                        .agreement
                        .iter()
                        .filter(|agreement| agreement.applies(id, &group.id, year))
                        .map(|agreement| agreement.persons)
                        .sum();
                    // What was has been: levers change the years that are simulated.
                    let past = year <= base_year;
                    source.factor.push(if past { 1.0 } else { factor });
                    source.extra.push(if past { 0.0 } else { brought });
                }
                sources.push(source);
            }
        }
        Ok(Arrivals { first, sources })
    }

    /// The position of a year in the schedule.
    fn at(&self, year: Year) -> usize {
        let last = self.sources.first().map_or(1, |s| s.base.len().max(1)) - 1;
        usize::from(year.saturating_sub(self.first)).min(last)
    }

    /// Expected arrivals of a source in a year, at full scale.
    pub fn of_source(&self, source: &Source, year: Year) -> f64 {
        let at = self.at(year);
        source.base[at] * source.factor[at] + source.extra[at]
    }

    /// Expected arrivals of a profession in a year, at full scale.
    pub fn expected(&self, profession: usize, year: Year) -> f64 {
        self.sources
            .iter()
            .filter(|source| source.profession == profession)
            .map(|source| self.of_source(source, year))
            .sum()
    }

    /// Lets no more of a profession come from a year on than keep this share of those who are new
    /// educated at home, when `graduates` are expected in a year.
    pub fn limit(
        &mut self,
        profession: usize,
        share: f64,
        from: Year,
        graduates: impl Fn(Year) -> f64,
    ) {
        let years = self.sources.first().map_or(0, |s| s.base.len());
        for at in 0..years {
            let year = self.first + at as Year;
            let coming = self.expected(profession, year);
            let allowed = graduates(year) * (1.0 - share) / share;
            if year < from || coming <= allowed {
                continue;
            }
            let own = |source: &&mut Source| source.profession == profession;
            for source in self.sources.iter_mut().filter(own) {
                source.factor[at] *= allowed / coming;
                source.extra[at] *= allowed / coming;
            }
        }
    }
}

/// The history of a gate, relative to the year that arrivals describe.
struct Gate {
    first: Year,
    open: Vec<f64>,
}

impl Gate {
    fn at(&self, year: Year) -> f64 {
        let since = usize::from(year.saturating_sub(self.first));
        self.open[since.min(self.open.len() - 1)]
    }
}

/// Reads `abroad.licence_gate[profession, group, year]`: unbroken around the year after the base
/// year, which arrivals describe; the first and last year given hold beyond the ends.
fn gate(data: &ModelData, of: [&str; 2], base_year: Year) -> Result<Option<Gate>, Problem> {
    let p = &data.parameters;
    let described = base_year + 1;
    let given = |year: Year| {
        let text = year.to_string();
        p.find_optional("abroad.licence_gate", &[of[0], of[1], &text])
    };
    let Some(present) = given(described) else {
        return Ok(None);
    };
    if present.value <= 0.0 {
        return Err(Problem::in_file(
            &present.origin.0,
            "the gate of the year that arrivals describe must let somebody through",
        )
        .at(present.origin.1)
        .about("value", present.value.to_string()));
    }
    let mut first = described;
    while first > base_year - HISTORY && given(first - 1).is_some() {
        first -= 1;
    }
    let open = (first..=base_year + HORIZON)
        .map_while(|year| given(year).map(|gate| gate.value / present.value))
        .collect();
    Ok(Some(Gate { first, open }))
}
