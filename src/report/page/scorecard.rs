//! How the model has been held against what is known: the committed fit, target by target.

use super::markup::{Cell, Section, Table, both, percent, told};
use super::rows::or_nan;
use super::subject::Subject;
use crate::evidence::DataFolder;
use crate::picture::{Both, Lang};
use crate::words::Problem;
use serde::Deserialize;

const TARGETS: &str = "fit/fit_targets.csv";
const REPORT: &str = "fit/fit_report.md";

/// A target of the fit and what the fitted model gives.
#[derive(Debug, Deserialize)]
struct Target {
    target: String,
    family: String,
    r#use: String,
    bound: String,
    value: Option<f64>,
    model_mean: Option<f64>,
    model_p025: Option<f64>,
    model_p975: Option<f64>,
    within: bool,
}

/// The section.
///
/// # Errors
/// A [`Problem`] in the embedded record of the fit.
pub fn section(subject: &Subject) -> Result<Section, Problem> {
    let mut section = Section::new(
        "scorecard",
        "Er modellen til å stole på?",
        "Can the model be trusted?",
    );
    let folder = DataFolder::Embedded;
    let fit = subject.text("/calibrated/fit");
    // A run on changed data, or on the evidence before the fit, is not what the record is about.
    if fit.is_empty() || !folder.has(TARGETS) || !folder.read(REPORT)?.contains(fit) {
        section.say(&Both::new(
            "Kjøringen bruker ikke parameterne fra den tilpasningen som følger med programmet. Hvordan de holder mot det som er kjent, sier kommandoen",
            "The run does not use the parameters of the fit that the program comes with. How they hold against what is known is told by the command",
        ));
    } else {
        let targets = read(&folder)?;
        for (which, nb, en) in [
            (
                "fit",
                "tallene som modellen er tilpasset til",
                "the figures that the model was fitted to",
            ),
            (
                "validate",
                "tallene som er holdt utenfor",
                "the figures that were kept back",
            ),
        ] {
            section.say(&counted(&targets, which, nb, en));
        }
        let summary = Both::new(
            "Alle tall og modellens svar",
            "Every figure and the model's answer",
        );
        let table = table(&targets).html();
        section.body.push_str(&format!(
            "<details><summary>{}</summary>\n{table}</details>\n",
            both(&summary)
        ));
        section.say(&Both::new(
            "Det er tilpasningen som følger med programmet. Hele valideringen (regnskap, tall som er holdt utenfor, HELSEMOD i 2040, tilbakeblikk fra 2011 og 2015 ved siden av enkle framskrivinger) regnes ut på nytt med kommandoen",
            "This is the fit that the program comes with. All of the validation (accounting, figures kept back, HELSEMOD in 2040, hindcasts from 2011 and 2015 beside naive projections) is worked out afresh by the command",
        ));
    }
    section
        .body
        .push_str("<pre><code>stabil validate</code></pre>\n");
    Ok(section)
}

fn read(folder: &DataFolder) -> Result<Vec<Target>, Problem> {
    let text = folder.read(TARGETS)?;
    let rows = csv::Reader::from_reader(text.as_bytes()).into_deserialize();
    rows.map(|row| {
        row.map_err(|error: csv::Error| Problem::in_file(&folder.name(TARGETS), error.to_string()))
    })
    .collect()
}

fn counted(targets: &[Target], which: &str, nb: &str, en: &str) -> Both {
    let own: Vec<&Target> = targets
        .iter()
        .filter(|target| target.r#use == which)
        .collect();
    let (all, within) = (own.len(), own.iter().filter(|target| target.within).count());
    told(|lang| {
        let share = percent(within as f64 / all as f64, 0, lang);
        match lang {
            Lang::Nb => format!(
                "Av {nb}, ligger modellens snitt innenfor 95-prosentbåndet for {within} av {all} ({share})."
            ),
            Lang::En => format!(
                "Of {en}, {within} of {all} ({share}) have the model's mean in their 95 per cent band."
            ),
        }
    })
}

fn table(targets: &[Target]) -> Table {
    let mut table = Table::new(
        Both::new("Tilpasningens tall", "The figures of the fit"),
        [
            ("Tall", "Figure"),
            ("Område", "Family"),
            ("Brukt til", "Used for"),
            ("Verdi", "Value"),
            ("Modellen, snitt", "Model, mean"),
            ("2,5 %", "2.5%"),
            ("97,5 %", "97.5%"),
            ("Innenfor", "Within"),
        ]
        .map(|(nb, en)| Both::new(nb, en))
        .to_vec(),
    );
    for own in targets {
        let bound = match own.bound.as_str() {
            "at_least" => " ≥",
            "at_most" => " ≤",
            _ => "",
        };
        let used = match own.r#use.as_str() {
            "fit" => Both::new("tilpasning", "fitting"),
            _ => Both::new("holdt utenfor", "kept back"),
        };
        let within = if own.within {
            Both::new("ja", "yes")
        } else {
            Both::new("nei", "no")
        };
        let mut row = vec![
            Cell::Text(Both::same(format!(
                "{}{bound}",
                own.target.replace('_', " ")
            ))),
            Cell::Text(Both::same(own.family.replace('_', " "))),
            Cell::Text(used),
        ];
        let numbers = [own.value, own.model_mean, own.model_p025, own.model_p975];
        row.extend(numbers.map(or_nan).map(Cell::Number));
        row.push(Cell::Text(within));
        table.rows.push(row);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_record_of_the_fit_is_read_whole() {
        let targets = read(&DataFolder::Embedded).unwrap();
        let kept = targets
            .iter()
            .filter(|target| target.r#use == "validate")
            .count();
        assert!(
            kept > 20 && targets.len() > kept,
            "{kept} of {}",
            targets.len()
        );
        let report = DataFolder::Embedded.read(REPORT).unwrap();
        let said = counted(&targets, "validate", "dem", "those").en;
        let within = targets
            .iter()
            .filter(|own| own.r#use == "validate" && own.within)
            .count();
        assert!(said.contains(&format!("{within} of {kept}")), "{said}");
        assert!(report.contains(&format!("{within} of {kept} kept-back targets")));
    }
}
