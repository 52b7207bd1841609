//! Parameters set by hand (manuell overstyring): a value of the user's own in place of the fitted
//! one, in every draw, with who set it, when and why. Every manifest, table and report names them.
//!
//! The value is fixed: it replaces that of the centre and that of every draw, under every variant
//! and scenario, and so spreads no more. Factors of alignment stay those of the draw; they were
//! found without it.

use super::Plan;
use super::run_text::RunText;
use crate::parameters::value::range_of_unit;
use crate::parameters::{ModelData, Parameters};
use crate::words::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A parameter set by hand, as written in a run file.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manual {
    /// Full name of the parameter; see: stabil list parameters.
    pub parameter: String,
    /// Its value, in its own unit.
    #[schemars(range(min = -1e8, max = 1e8))]
    pub value: f64,
    /// Name of the person who answers for it.
    pub name: String,
    /// The day it was set, as YYYY-MM-DD.
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    pub date: String,
    /// Why.
    pub reason: String,
}

/// A parameter set by hand, with what it would have been.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Overridden {
    /// As written.
    #[serde(flatten)]
    pub manual: Manual,
    /// The value that the evidence gives.
    pub evidence: f64,
    /// The unit of both.
    pub unit: String,
}

/// Sets parameters by hand, over whatever they are in a draw.
pub fn set(all: &[Manual], parameters: &mut Parameters) {
    for own in all {
        parameters.replace(&own.parameter, own.value);
    }
}

/// What is set by hand, beside what the evidence gives.
pub fn overridden(all: &[Manual], data: &ModelData) -> Vec<Overridden> {
    all.iter()
        .filter_map(|own| {
            let parameter = data.parameters.named(&own.parameter)?;
            Some(Overridden {
                manual: own.clone(),
                evidence: parameter.value,
                unit: parameter.unit.clone(),
            })
        })
        .collect()
}

/// What is set by hand in words, a line each; empty without any.
pub fn told(all: &[Overridden]) -> String {
    let line = |own: &Overridden| {
        let Manual {
            parameter,
            value,
            name,
            date,
            reason,
        } = &own.manual;
        let (evidence, unit) = (own.evidence, &own.unit);
        format!(
            "\nSet by hand: {parameter} = {value} {unit} (evidence: {evidence}), by {name}, {date}: {reason}"
        )
    };
    let lines: String = all.iter().map(line).collect();
    match lines.is_empty() {
        true => lines,
        false => lines + "\n",
    }
}

/// Is this a day of the calendar as YYYY-MM-DD?
fn is_day(text: &str) -> bool {
    let shape = |(at, byte): (usize, u8)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    if text.len() != 10 || !text.bytes().enumerate().all(shape) {
        return false;
    }
    let parts: Vec<u32> = text.split('-').flat_map(str::parse).collect();
    let [year, month, day] = parts[..] else {
        return false;
    };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// Is this a line of text that says something?
fn says_something(text: &str) -> bool {
    !text.trim().is_empty() && !text.chars().any(char::is_control)
}

/// The complaint about a model that could not be built, with what was set by hand as a likely cause.
pub(super) fn blamed(problem: Problem, all: &[Manual]) -> Problem {
    if all.is_empty() {
        return problem;
    }
    let names: Vec<&str> = all.iter().map(|own| own.parameter.as_str()).collect();
    let cause = format!("the run sets by hand: {}", names.join(", "));
    let hint = match problem.hint.as_str() {
        "" => cause,
        hint => format!("{hint}; {cause}"),
    };
    problem.mend(hint)
}

/// Checks what can be checked without the data.
///
/// # Errors
/// A [`Problem`] at the line of a parameter set twice, a date that is none, or a name or reason
/// left empty.
pub(super) fn check(all: &[Manual], run: &RunText) -> Result<(), Problem> {
    for (position, own) in all.iter().enumerate() {
        let twice = all[..position]
            .iter()
            .any(|other| other.parameter == own.parameter);
        let (key, message, hint) = if twice {
            (
                "parameter",
                "it is set by hand twice",
                "leave one of the two out",
            )
        } else if !is_day(&own.date) {
            (
                "date",
                "must be a day as YYYY-MM-DD",
                "for example: date = \"2026-05-17\"",
            )
        } else if !says_something(&own.name) {
            (
                "name",
                "somebody must answer for it",
                "give the name of a person, on one line",
            )
        } else if !says_something(&own.reason) {
            (
                "reason",
                "there must be a reason",
                "say in a sentence why, on one line",
            )
        } else {
            continue;
        };
        return Err(Problem {
            message: message.to_string(),
            hint: hint.to_string(),
            ..run.complaint_about(&["override".into(), position.into(), key.into()])
        });
    }
    Ok(())
}

impl Plan {
    /// Checks parameters set by hand against the data.
    ///
    /// # Errors
    /// A [`Problem`] at the line of a name that no parameter has, or a value that its unit does
    /// not allow.
    pub(super) fn check_manual(&self, data: &ModelData, run: &RunText) -> Result<(), Problem> {
        for (position, own) in self.manual.iter().enumerate() {
            let place = |key: &'static str| ["override".into(), position.into(), key.into()];
            let Some(parameter) = data.parameters.named(&own.parameter) else {
                let names: Vec<&str> = data.parameters.all().map(|p| p.name.as_str()).collect();
                let message = "no parameter has this name; see: stabil list parameters";
                return Err(Problem {
                    message: message.to_string(),
                    ..run.complaint_about(&place("parameter"))
                }
                .nearest(&own.parameter, names));
            };
            let range = range_of_unit(&parameter.unit);
            let fits = range.is_none_or(|(least, most, _)| (least..=most).contains(&own.value));
            if !fits || !own.value.is_finite() {
                let allowed = range.map_or("finite", |(_, _, told)| told);
                return Err(Problem {
                    message: format!("the unit is {}, which is {allowed}", parameter.unit),
                    hint: format!("the evidence gives {}", parameter.value),
                    ..run.complaint_about(&place("value"))
                });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::DataFolder;
    use crate::tallies::measures;

    fn entry(parameter: &str, value: &str, date: &str, reason: &str) -> String {
        format!(
            "name = \"a\"\n[[override]]\nparameter = \"{parameter}\"\nvalue = {value}\nname = \"Kari \
             Nordmann\"\ndate = \"{date}\"\nreason = \"{reason}\"\n"
        )
    }

    const NAME: &str = "leave_job.attachment[mover]";

    #[test]
    fn a_value_is_set_and_told_with_who_when_and_why() {
        let plan = Plan::of_text("a.toml", &entry(NAME, "1.5", "2026-05-17", "Local survey"));
        let plan = plan.unwrap();
        let mut data = plan.read_data(DataFolder::Embedded).unwrap();
        plan.check_against(&data, &measures::ids()).unwrap();
        let told = told(&overridden(&plan.manual, &data));
        for piece in [
            NAME,
            "1.5 odds ratio",
            "Kari Nordmann",
            "2026-05-17",
            "Local survey",
        ] {
            assert!(told.contains(piece), "{told}");
        }
        set(&plan.manual, &mut data.parameters);
        assert_eq!(data.parameters.named(NAME).unwrap().value, 1.5);
    }

    #[test]
    fn what_cannot_be_is_refused_at_its_line() {
        for (text, line, told) in [
            (entry(NAME, "1.5", "17.5.2026", "b"), 6, "YYYY-MM-DD"),
            (entry(NAME, "1.5", "2026-13-01", "b"), 6, "YYYY-MM-DD"),
            (entry(NAME, "1.5", "2027-02-29", "b"), 6, "YYYY-MM-DD"),
            (entry(NAME, "1.5", "2026-05-17", " "), 7, "reason"),
            (
                entry("leave_job.attachmnt[mover]", "1.5", "2026-05-17", "b"),
                3,
                "no parameter",
            ),
            (entry(NAME, "nan", "2026-05-17", "b"), 4, "number"),
            (entry(NAME, "-2", "2026-05-17", "b"), 4, "odds ratio"),
        ] {
            let found = Plan::of_text("a.toml", &text).and_then(|plan| {
                let data = plan.read_data(DataFolder::Embedded)?;
                plan.check_against(&data, &measures::ids())
            });
            let found = found.unwrap_err();
            assert_eq!(found.line, line, "{found}");
            assert!(found.message.contains(told), "{found}");
        }
        for day in ["2024-02-29", "2000-02-29", "2026-12-31"] {
            assert!(is_day(day), "{day}");
        }
        for not in [
            "1900-02-29",
            "2026-04-31",
            "2026-00-10",
            "2026-1-010",
            "+026-01-01",
        ] {
            assert!(!is_day(not), "{not}");
        }
        let twice = entry(NAME, "1.5", "2026-05-17", "b");
        let twice = format!("{twice}{}", twice.trim_start_matches("name = \"a\"\n"));
        let found = Plan::of_text("a.toml", &twice).unwrap_err();
        assert!(found.message.contains("twice"), "{found}");
    }
}
