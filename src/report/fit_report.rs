//! The fit report (tilpasningsrapporten): two tables as CSV, and a page to read.

use super::number::{plain, short};
use crate::calibration::Experiment;
use crate::calibration::fit::Fitted;
use crate::calibration::fit_report::{
    ParameterLine, TargetLine, correlations, coverage, is_tried, parameters, targets,
};
use crate::calibration::targets::{Bound, Use};
use crate::parameters::EvidenceGrade;
use std::fmt::Write as _;
use std::io::{self, Write};

/// A free parameter counts as moved by the data when they take away this share of its standard
/// deviation, or move its mean by this many of them.
const MOVED: f64 = 0.1;
/// Pairs of correlated free parameters that the page names.
const PAIRS: usize = 12;

fn used(line: &TargetLine) -> &'static str {
    match (line.used, line.conflict) {
        _ if line.unseen => "unseen",
        (Use::Fit, false) => "fit",
        (Use::Fit, true) => "conflict",
        (Use::Validate, _) => "validate",
    }
}

fn bound(line: &TargetLine) -> &'static str {
    match line.bound {
        Some(Bound::AtLeast) => "at_least",
        Some(Bound::AtMost) => "at_most",
        None => "",
    }
}

/// The table of targets: value and error, the model's mean and 95 % interval before and after the
/// fit, z.
///
/// # Errors
/// When `to` does not take the bytes.
pub fn write_targets(lines: &[TargetLine], to: impl Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(to);
    csv.write_record([
        "target",
        "family",
        "use",
        "bound",
        "value",
        "error",
        "prior_mean",
        "prior_p025",
        "prior_p975",
        "model_mean",
        "model_p025",
        "model_p975",
        "z",
        "within",
    ])?;
    for line in lines {
        csv.write_record([
            line.name.clone(),
            line.family.clone(),
            used(line).to_string(),
            bound(line).to_string(),
            plain(line.value),
            plain(line.error),
            plain(line.prior.mean),
            plain(line.prior.p025),
            plain(line.prior.p975),
            plain(line.model.mean),
            plain(line.model.p025),
            plain(line.model.p975),
            format!("{:.2}", line.z),
            line.within().to_string(),
        ])?;
    }
    csv.flush()
}

/// The table of free parameters: prior and posterior of the first parameter that each moves, and
/// how much narrower the posterior is.
///
/// # Errors
/// When `to` does not take the bytes.
pub fn write_parameters(lines: &[ParameterLine], to: impl Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(to);
    csv.write_record([
        "free_parameter",
        "moves",
        "first_parameter",
        "unit",
        "grade",
        "direct_figures",
        "prior_mean",
        "prior_p025",
        "prior_p975",
        "posterior_mean",
        "posterior_p025",
        "posterior_p975",
        "score",
        "width_ratio",
    ])?;
    for line in lines {
        csv.write_record([
            line.name.clone(),
            line.moves.to_string(),
            line.first.clone(),
            line.unit.clone(),
            format!("{:?}", line.grade),
            line.direct
                .map_or(String::new(), |figures| figures.to_string()),
            plain(line.prior.mean),
            plain(line.prior.p025),
            plain(line.prior.p975),
            plain(line.posterior.mean),
            plain(line.posterior.p025),
            plain(line.posterior.p975),
            format!("{:.3}", line.score),
            format!("{:.3}", line.width),
        ])?;
    }
    csv.flush()
}

/// Did the data say something of this free parameter?
fn moved(line: &ParameterLine) -> bool {
    line.width < 1.0 - MOVED || line.score.abs() > 2.0 * MOVED
}

/// The page, in Markdown.
pub fn page(experiment: &Experiment, fitted: &Fitted) -> String {
    let lines = targets(experiment, fitted);
    let free = parameters(experiment, fitted);
    let settings = fitted.settings;
    let mut text = String::from("# Fit report\n\nWritten by `stabil calibrate`.\n\n");
    let _ = writeln!(
        text,
        "{} members, {} steps of the ensemble smoother, scale {}, {} seeds a point, seed {}; inputs {}. \
         {} free parameters, {} targets. {} members were left out.\n",
        settings.members,
        settings.steps,
        settings.scale,
        settings.seeds,
        settings.seed,
        fitted.inputs,
        free.len(),
        lines.len(),
        fitted.left_out,
    );
    summary(&mut text, &lines, fitted);
    for (title, which) in [
        ("Fitted targets", "fit"),
        ("Kept back", "validate"),
        ("In conflict with the prior, not fitted", "conflict"),
        (
            "Without a value in some runs of this scale, not fitted",
            "unseen",
        ),
    ] {
        let own: Vec<&TargetLine> = lines.iter().filter(|line| used(line) == which).collect();
        if !own.is_empty() {
            target_table(&mut text, title, &own);
        }
    }
    parameter_tables(&mut text, &free);
    text += "\n## Strongest correlations in the posterior\n\n| one | other | r |\n|---|---|---:|\n";
    for (one, other, r) in correlations(experiment, fitted, PAIRS) {
        let _ = writeln!(text, "| {one} | {other} | {r:.2} |");
    }
    text
}

fn summary(text: &mut String, lines: &[TargetLine], fitted: &Fitted) {
    let within = |which: &str| {
        let own: Vec<&TargetLine> = lines.iter().filter(|line| used(line) == which).collect();
        let inside = own.iter().filter(|line| line.within()).count();
        (inside, own.len())
    };
    for (which, says) in [("fit", "fitted targets"), ("validate", "kept-back targets")] {
        let (inside, all) = within(which);
        let share = 100.0 * inside as f64 / all.max(1) as f64;
        let _ = writeln!(
            text,
            "- {inside} of {all} {says} ({share:.0} %) have the model's mean in their 95 % band."
        );
    }
    let conflicts = within("conflict").1;
    let _ = writeln!(
        text,
        "- {conflicts} targets lie out of reach of everything the prior allows; they were not fitted."
    );
    let unseen = within("unseen").1;
    if unseen > 0 {
        let _ = writeln!(
            text,
            "- {unseen} targets have no value in some runs of this scale; they were not fitted."
        );
    }
    let levels: Vec<String> = coverage(lines, fitted, &[0.5, 0.8, 0.95])
        .iter()
        .map(|(level, share, _)| {
            format!(
                "{:.0} % intervals cover {:.0} %",
                100.0 * level,
                100.0 * share
            )
        })
        .collect();
    let plain_values = lines.iter().filter(|line| is_tried(line)).count();
    let _ = writeln!(
        text,
        "- Of the {plain_values} kept-back targets that are values and no bounds, the model's {}.\n",
        levels.join(", ")
    );
}

fn target_table(text: &mut String, title: &str, lines: &[&TargetLine]) {
    let _ = writeln!(
        text,
        "## {title}\n\n| target | value | error | before the fit | model | 95 % | z |\n|---|---:|---:|---:|---:|---|---:|"
    );
    for line in lines {
        let sign = match line.bound {
            Some(Bound::AtLeast) => "≥ ",
            Some(Bound::AtMost) => "≤ ",
            None => "",
        };
        let _ = writeln!(
            text,
            "| {} | {sign}{} | {} | {} | {} | {} to {} | {:.1}{} |",
            line.name,
            short(line.value),
            short(line.error),
            short(line.prior.mean),
            short(line.model.mean),
            short(line.model.p025),
            short(line.model.p975),
            line.z,
            if line.within() { "" } else { " **off**" },
        );
    }
    text.push('\n');
}

fn parameter_tables(text: &mut String, lines: &[ParameterLine]) {
    let told: Vec<&ParameterLine> = lines.iter().filter(|line| moved(line)).collect();
    let opinion = lines.len() - told.len();
    let grades = [
        EvidenceGrade::A,
        EvidenceGrade::B,
        EvidenceGrade::C,
        EvidenceGrade::D,
    ]
    .map(|grade| {
        let own = lines.iter().filter(|line| line.grade == grade);
        let (all, seen) = (own.clone().count(), own.filter(|line| moved(line)).count());
        format!("{grade:?} {seen} of {all}")
    });
    let _ = writeln!(
        text,
        "## Free parameters\n\nThe data moved {} (by grade: {}); {opinion} are still what they were before: evidence of their own, \
         or opinion. `fit_parameters.csv` has all of them. Width is the posterior's standard deviation over the prior's.\n",
        told.len(),
        grades.join(", "),
    );
    text.push_str("| free parameter | grade | before | after | 95 % after | score | width |\n|---|---|---:|---:|---|---:|---:|\n");
    let mut sorted = told;
    sorted.sort_by(|a, b| a.width.total_cmp(&b.width));
    for line in sorted {
        let _ = writeln!(
            text,
            "| {}{} | {:?} | {} | {} | {} to {} | {:.2} | {:.2} |",
            line.name,
            match line.direct {
                Some(figures) => format!(" (direct, {figures} figures)"),
                None => String::new(),
            },
            line.grade,
            short(line.prior.mean),
            short(line.posterior.mean),
            short(line.posterior.p025),
            short(line.posterior.p975),
            line.score,
            line.width,
        );
    }
}
