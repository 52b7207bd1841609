//! `stabil check`: the base population against its margins, the laws of accounting, graduates
//! against the observed series, need against the national projection, people educated abroad.

use super::check_arguments::{CheckArguments, Checked};
use super::{CHECK_FAILED, CliError, DONE, print, tell};
use crate::engine::Conditions;
use crate::evidence::DataFolder;
use crate::need::Scenario;
use crate::parameters::ModelData;
use crate::parameters::policy::{Catalogue, Setting};
use crate::report::number::plain;
use crate::runs::balance::{self, Balance};
use crate::runs::calibrated::{Values, prepare};
use crate::runs::checks::Line;
use crate::runs::{Model, abroad_check, checks, diffusion, inflows, laws, need_check};
use crate::words::Problem;
use std::fmt::Write as _;

/// The base year and the last year that checks simulate to.
const YEARS: (u16, u16) = (2019, 2040);

/// Carries out `stabil check`.
///
/// # Errors
/// A [`CliError`] for bad input.
pub fn check(arguments: &CheckArguments) -> Result<u8, CliError> {
    let data = ModelData::read(arguments.data.folder()?, None)?;
    tell_unscreened(&data.folder);
    let conditions = Conditions::default();
    let values = Values::default();
    let (model, _) = prepare(data, YEARS.0, arguments.scale, values, &conditions)?;
    let all = arguments.what == Checked::All;
    let mut failed = 0;
    if all || arguments.what == Checked::Base {
        failed += judge("base", &checks::base(&model)?)?;
    }
    if all || arguments.what == Checked::Inflows {
        failed += judge("inflows", &inflows::graduates(&model)?)?;
    }
    if all || arguments.what == Checked::Need {
        failed += judge("need", &need_check::need(&model)?)?;
        // Validation: nothing was fitted to these lines, so what is off is told and fails nothing.
        show("people behind need", &need_check::people(&model)?)?;
    }
    if all || arguments.what == Checked::Abroad {
        failed += judge("abroad", &abroad_check::abroad(&model)?)?;
    }
    if all || arguments.what == Checked::Diffusion {
        let (judged, told) = added_places(&model, arguments)?;
        failed += judge("diffusion", &judged)?;
        // The campus share is kept back from the fit: told, as all validation is.
        show("diffusion", &told)?;
    }
    if all || arguments.what == Checked::Run {
        failed += judge("run", &laws::conservation(&model, 1, YEARS.1, |_| ()))?;
    }
    if all || arguments.what == Checked::Balance {
        tell_balance(&balance::balance(&model, balance::SEEDS, YEARS.1)?)?;
    }
    Ok(if failed == 0 { DONE } else { CHECK_FAILED })
}

/// Says of figures that rest on microdata and go past disclosure control that they do.
pub(super) fn tell_unscreened(folder: &DataFolder) {
    if folder.microdata().is_some() {
        tell(
            "these figures rest on microdata and are not screened: they are not to leave the zone",
        );
    }
}

/// What a line of a check that is off leads to.
#[derive(Clone, Copy, PartialEq)]
enum Weight {
    /// The check has failed, and the exit code says so.
    Fails,
    /// Nothing: it is validation.
    Told,
}

/// The check of diffusion: the base, and a scenario with added places.
fn added_places(
    base: &Model,
    arguments: &CheckArguments,
) -> Result<(Vec<Line>, Vec<Line>), CliError> {
    // Read anew: the base's parameters have been moved to the calibrated point.
    let data = ModelData::read(arguments.data.folder()?, None)?;
    let none: &[&str] = &[];
    let catalogue = Catalogue::read(&data, none)?;
    let Some(policy) = catalogue.find(diffusion::POLICY) else {
        return Err(Problem::in_file(
            &data.folder.name("policies"),
            "the policy that this check needs is missing",
        )
        .about("id", diffusion::POLICY)
        .mend("start from a full folder: stabil data export DIR")
        .into());
    };
    let (from, until) = diffusion::ADMITTED;
    let setting = Setting {
        policy: policy.id.clone(),
        zones: Some(vec![diffusion::COUNTY.to_string()]),
        from: Some(from),
        until: Some(until),
        ramp: Some(1),
        places: Some(diffusion::PLACES),
        ..Setting::default()
    };
    let own = setting.apply(policy);
    let conditions = Conditions {
        levers: own.levers.clone(),
        policies: vec![own],
        ..Conditions::default()
    };
    let values = Values::default();
    let (scenario, _) = prepare(data, YEARS.0, arguments.scale, values, &conditions)?;
    Ok(diffusion::diffusion(base, &scenario)?)
}

/// A number, or a stroke where nothing is known.
fn known(number: f64) -> String {
    match number.is_nan() {
        true => "-".to_string(),
        false => plain(number),
    }
}

/// Prints the lines of a check and how many failed, which is given back.
fn judge(name: &str, lines: &[Line]) -> Result<usize, CliError> {
    print(&table(name, lines, Weight::Fails))?;
    Ok(lines.iter().filter(|line| line.is_off()).count())
}

/// Prints lines of validation and how many are off; none of them fails anything.
fn show(name: &str, lines: &[Line]) -> Result<(), CliError> {
    print(&table(name, lines, Weight::Told)).map(|_| ())
}

fn table(name: &str, lines: &[Line], weight: Weight) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{:<38} {:<44} {:>12} {:>12} {:>10} {:>10}  result",
        "margin", "cell", "model", "evidence", "difference", "tolerance"
    );
    for line in lines {
        let _ = writeln!(
            text,
            "{:<38} {:<44} {:>12} {:>12} {:>10} {:>10}  {}",
            line.margin,
            line.cell,
            plain(line.model),
            known(line.evidence),
            known(line.difference()),
            match line.tolerance.is_finite() {
                true => plain(line.tolerance),
                false => "-".to_string(),
            },
            match (line.tolerance.is_finite(), line.passes(), weight) {
                (false, ..) => "told",
                (true, true, _) => "ok",
                (true, false, Weight::Fails) => "FAIL",
                (true, false, Weight::Told) => "off",
            }
        );
    }
    let off = lines.iter().filter(|line| line.is_off()).count();
    let count = lines.len();
    let _ = match weight {
        Weight::Fails => writeln!(text, "check {name}: {count} lines, {off} failed\n"),
        Weight::Told => writeln!(text, "validation {name}: {count} lines, {off} off\n"),
    };
    text
}

/// Prints the balance of supply and need, and how many professions agree with the source.
fn tell_balance(lines: &[Balance]) -> Result<(), CliError> {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{:<10} {:<24} {:>10} {:>10} {:>10} {:>12} {:>12}  sign  size",
        "scenario", "supply less need, FTE", "mean", "p025", "p975", "table 2.1", "2.2 - 2.5"
    );
    let say = |yes: bool| if yes { "same" } else { "off" };
    for line in lines {
        let (low, high) = line.model.middle_95();
        let _ = writeln!(
            text,
            "{:<10} {:<24} {:>10.0} {:>10.0} {:>10.0} {:>12.0} {:>12}  {:<4}  {}",
            line.scenario.id(),
            line.profession,
            line.model.mean,
            low,
            high,
            line.printed,
            line.derived.map_or("-".into(), |fte| format!("{fte:.0}")),
            say(line.same_sign()),
            say(line.same_size())
        );
    }
    for scenario in Scenario::ALL {
        let own = || {
            lines
                .iter()
                .filter(|l| l.scenario == scenario && l.profession != "all_health")
        };
        let _ = writeln!(
            text,
            "{}: {} of {} professions agree in sign, {} in size, {} in both",
            scenario.id(),
            own().filter(|l| l.same_sign()).count(),
            own().count(),
            own().filter(|l| l.same_size()).count(),
            own().filter(|l| l.same_sign() && l.same_size()).count()
        );
    }
    let _ = writeln!(
        text,
        "sign: same side of zero, or both within {:.0} FTE of it; size: within {:.0} FTE or {:.0} %.\n\
         The source contradicts itself, tables 2.2 less 2.5 differ from 2.1 by more than rounding:",
        balance::ROUNDING,
        balance::NEAR,
        100.0 * balance::PART
    );
    for line in lines.iter().filter(|line| line.is_contradicted()) {
        let _ = writeln!(
            text,
            "  {}, {}: {:+.0} FTE",
            line.profession,
            line.scenario.id(),
            line.derived.unwrap_or_default() - line.printed
        );
    }
    print(&text).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_fails_a_check_says_so() {
        let line = |model, tolerance| Line {
            margin: "staff".into(),
            cell: "nurse".into(),
            model,
            evidence: 1.0,
            tolerance,
        };
        let lines = [line(1.0, 0.1), line(2.0, 0.1), line(9.0, f64::INFINITY)];
        let results = |text: &str| -> Vec<String> {
            let rows = text.lines().skip(1).take(lines.len());
            rows.filter_map(|row| row.split_whitespace().last().map(String::from))
                .collect()
        };
        let judged = table("base", &lines, Weight::Fails);
        assert_eq!(results(&judged), ["ok", "FAIL", "told"]);
        assert!(judged.contains("check base: 3 lines, 1 failed"), "{judged}");
        let told = table("base", &lines, Weight::Told);
        assert_eq!(results(&told), ["ok", "off", "told"]);
        assert!(told.contains("validation base: 3 lines, 1 off"), "{told}");
        assert!(!told.to_lowercase().contains("fail"), "{told}");
    }
}
