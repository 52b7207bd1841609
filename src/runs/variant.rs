//! Structural variants (strukturelle varianter): the run with another view of how the world works.
//!
//! What a model leaves out or assumes is uncertain too. Each variant changes one or more such
//! assumptions; all else, the dice included, is as in the run.

use super::Plan;
use super::run_text::RunText;
use super::scenario::BASE;
use crate::engine::Conditions;
use crate::engine::closure::{Closure, Surplus};
use crate::need;
use crate::parameters::Parameters;
use crate::words::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A structural variant, as written in a run file. What is left out is as in the run.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// Short name: small letters, digits, - and _; not "base".
    #[schemars(regex(pattern = r"^[a-z0-9][a-z0-9_-]{0,59}$"))]
    pub name: String,
    /// How the labour market is closed.
    pub closure: Option<Closure>,
    /// What becomes of applicants when the posts are taken; only with closure = "vacancy".
    pub surplus: Option<Surplus>,
    /// The scenario of need; what the run says of need besides it still holds.
    pub need: Option<need::Scenario>,
    /// Attachment to job and place: "types" of people, movers and stayers, or "none".
    #[serde(default)]
    pub attachment: Attachment,
    /// Are the draw's alignment factors in use?
    #[serde(default = "in_use")]
    pub alignment: bool,
}

/// How people differ in what keeps them where they are, beyond what is known of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Attachment {
    /// Latent types: movers and stayers.
    #[default]
    Types,
    /// No such types: all odds ratios of attachment are 1.
    None,
}

fn in_use() -> bool {
    true
}

/// The term of latent types in the names of odds ratios.
const TERM: &str = "attachment";

impl Attachment {
    /// Gives parameters, as they are in a draw, the values of this view.
    pub fn settle(self, parameters: &mut Parameters) {
        if self == Attachment::Types {
            return;
        }
        let is_term = |name: &&str| {
            let term = name.split_once('.').map(|(_, rest)| rest);
            term.and_then(|rest| rest.split_once('['))
                .map(|(term, _)| term)
                == Some(TERM)
        };
        let names = parameters.all().map(|own| own.name.as_str());
        let names: Vec<String> = names.filter(is_term).map(str::to_string).collect();
        for name in names {
            parameters.replace(&name, 1.0);
        }
    }
}

impl Variant {
    /// The run as it is.
    pub fn as_it_is() -> Variant {
        Variant {
            alignment: true,
            ..Variant::default()
        }
    }

    /// The conditions of the run under this variant.
    pub fn conditions(&self, base: &Conditions) -> Conditions {
        let mut own = base.clone();
        own.closure = self.closure.unwrap_or(own.closure);
        own.surplus = match own.closure {
            Closure::Supply => Surplus::default(),
            Closure::Vacancy => self.surplus.unwrap_or(own.surplus),
        };
        own.need.scenario = self.need.unwrap_or(own.need.scenario);
        own
    }
}

impl Plan {
    /// The variants of the run: those of its file, or the run as it is.
    pub fn all_variants(&self) -> Vec<Variant> {
        match self.variants.is_empty() {
            true => vec![Variant::as_it_is()],
            false => self.variants.clone(),
        }
    }

    /// The plan under a variant.
    pub fn under(&self, variant: &Variant) -> Plan {
        Plan {
            conditions: variant.conditions(&self.conditions),
            ..self.clone()
        }
    }
}

/// Checks names and settings of variants.
///
/// # Errors
/// A [`Problem`] at the line of a name used twice or not allowed, or of a surplus without posts.
pub(super) fn check(
    variants: &[Variant],
    conditions: &Conditions,
    run: &RunText,
) -> Result<(), Problem> {
    for (position, variant) in variants.iter().enumerate() {
        let place = |key: &'static str| ["variant".into(), position.into(), key.into()];
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
        let before = &variants[..position];
        let message = if variant.name == BASE {
            "this is the name of the run without policies"
        } else if before.iter().any(|other| other.name == variant.name) {
            "another variant has this name"
        } else if variant.name.is_empty() || !variant.name.chars().all(plain) {
            "must be small letters, digits, - and _"
        } else {
            ""
        };
        if !message.is_empty() {
            return Err(Problem {
                message: message.to_string(),
                hint: "give the variant another name".to_string(),
                ..run.complaint_about(&place("name"))
            });
        }
        let closure = variant.closure.unwrap_or(conditions.closure);
        if variant.surplus.is_some() && closure == Closure::Supply {
            let message =
                "it has no effect: with closure = \"supply\" there are no posts to run out of";
            return Err(Problem {
                message: message.to_string(),
                hint: "give closure = \"vacancy\" as well, or delete it".to_string(),
                ..run.complaint_about(&place("surplus"))
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::DataFolder;
    use crate::parameters::ModelData;

    fn plan(lines: &str) -> Result<Plan, Problem> {
        Plan::of_text("a.toml", &format!("name = \"a\"\n{lines}\n"))
    }

    #[test]
    fn without_variants_there_is_the_run_as_it_is() {
        let alone = plan("").unwrap();
        assert_eq!(alone.all_variants(), [Variant::as_it_is()]);
        assert_eq!(alone.under(&Variant::as_it_is()), alone);
        let text = "closure = \"vacancy\"\nsurplus = \"absorbed\"\n[[variant]]\nname = \"supply\"\n\
                    closure = \"supply\"\n[[variant]]\nname = \"more\"\nneed = \"high\"\n\
                    attachment = \"none\"\nalignment = false";
        let plan = plan(text).unwrap();
        let [supply, more] = &plan.variants[..] else {
            panic!("{plan:?}")
        };
        let own = plan.under(supply).conditions;
        assert_eq!(
            (own.closure, own.surplus),
            (Closure::Supply, Surplus::TurnedAway)
        );
        let own = plan.under(more).conditions;
        assert_eq!(
            (own.surplus, own.need.scenario),
            (Surplus::Absorbed, need::Scenario::High)
        );
        assert_eq!((more.attachment, more.alignment), (Attachment::None, false));
        assert!(supply.alignment);
    }

    #[test]
    fn names_and_idle_settings_are_refused_at_their_lines() {
        for (lines, line, told) in [
            ("[[variant]]\nname = \"A b\"", 3, "small letters"),
            ("[[variant]]\nname = \"base\"", 3, "without policies"),
            (
                "[[variant]]\nname = \"a\"\n[[variant]]\nname = \"a\"",
                5,
                "another variant",
            ),
            (
                "[[variant]]\nname = \"a\"\nsurplus = \"absorbed\"",
                4,
                "no effect",
            ),
            (
                "[[variant]]\nname = \"a\"\nclosur = \"supply\"",
                4,
                "unknown key",
            ),
            ("[[variant]]\nneed = \"high\"", 0, "missing"),
        ] {
            let found = plan(lines).unwrap_err();
            assert!(found.message.contains(told), "{found}");
            assert!(line == 0 || found.line == line, "{found}");
            assert!(!found.hint.is_empty(), "{found}");
        }
    }

    #[test]
    fn without_types_every_odds_ratio_of_attachment_is_one() {
        let data = ModelData::read(DataFolder::Embedded, None).unwrap();
        let mut parameters = data.parameters.clone();
        let ratio = |own: &Parameters, name: &str| own.named(name).unwrap().value;
        Attachment::Types.settle(&mut parameters);
        assert!(ratio(&parameters, "leave_job.attachment[mover]") > 1.0);
        Attachment::None.settle(&mut parameters);
        for process in ["leave_job", "move_zone"] {
            for kind in ["mover", "stayer"] {
                assert_eq!(
                    ratio(&parameters, &format!("{process}.attachment[{kind}]")),
                    1.0
                );
            }
        }
        let changed = data.parameters.all().zip(parameters.all());
        let changed = changed.filter(|(one, other)| one.value != other.value);
        assert!(changed.count() <= 4, "shares of movers and all else stay");
    }
}
