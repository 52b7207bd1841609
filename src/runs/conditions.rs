//! The conditions of a run: how its file closes the labour market, sees need, and sets levers.

use super::levers_check;
use super::raw::RawRun;
use super::run_text::RunText;
use crate::engine::Conditions;
use crate::engine::closure::Closure;
use crate::words::Problem;

/// The conditions that a run file asks for.
///
/// # Errors
/// A [`Problem`] for a surplus without the vacancy closure, or a lever that cannot be in its years.
pub(super) fn conditions(raw: &RawRun, run: &RunText) -> Result<Conditions, Problem> {
    if raw.closure == Closure::Supply && run.has("surplus") {
        let message =
            "it has no effect: with closure = \"supply\" there are no posts to run out of";
        return Err(Problem {
            message: message.to_string(),
            hint: "give closure = \"vacancy\" as well, or delete it".to_string(),
            ..run.complaint("surplus")
        });
    }
    levers_check::years(&raw.levers, raw.start..=raw.until, run)?;
    Ok(Conditions {
        closure: raw.closure,
        surplus: raw.surplus,
        need: raw.need.clone(),
        levers: raw.levers.clone(),
        policies: Vec::new(),
        effects: raw.effects,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::closure::Surplus;
    use crate::need::{InformalCare, Request, Scenario};
    use crate::runs::Plan;

    fn plan(lines: &str) -> Result<Plan, Problem> {
        Plan::of_text("a.toml", &format!("name = \"a\"\n{lines}\n"))
    }

    #[test]
    fn nothing_said_means_nothing_changed() {
        assert_eq!(plan("").unwrap().conditions, Conditions::default());
        let empty = plan("[need]\n[levers]\n[unions]").unwrap();
        assert_eq!(empty.conditions, Conditions::default());
    }

    #[test]
    fn what_is_said_is_kept() {
        let text = "closure = \"vacancy\"\nsurplus = \"absorbed\"\n[need]\nscenario = \"low\"\n\
                    service_standard = 0\nproductivity = -0.01\ninformal_care = \"constant_share\"\n\
                    health_improvement = 0.5\n[[levers.study_places]]\nprogramme = \"nursing\"\n\
                    zone = \"finnmark\"\nfrom = 2026\nchange = 40";
        let conditions = plan(text).unwrap().conditions;
        assert_eq!(
            (conditions.closure, conditions.surplus),
            (Closure::Vacancy, Surplus::Absorbed)
        );
        let need = Request {
            scenario: Scenario::Low,
            service_standard: Some(0.0),
            productivity: Some(-0.01),
            informal_care: Some(InformalCare::ConstantShare),
            health_improvement: Some(0.5),
        };
        assert_eq!(conditions.need, need);
        let places = &conditions.levers.study_places;
        assert_eq!((places.len(), places[0].change), (1, 40.0));
        assert_eq!((places[0].from, places[0].until), (2026, None));
    }

    #[test]
    fn a_surplus_without_posts_is_refused() {
        for lines in [
            "surplus = \"absorbed\"",
            "surplus = \"turned_away\"\nclosure = \"supply\"",
        ] {
            let found = plan(lines).unwrap_err();
            assert_eq!((found.line, found.key.as_str()), (2, "surplus"));
            assert!(found.message.contains("no effect"), "{found}");
            assert!(found.hint.contains("closure = \"vacancy\""), "{found}");
        }
    }
}
