//! The scorecard (resultatkortet) of the validation ladder: a page to read, and the same lines as
//! CSV, JSON and Markdown.

use super::number::{plain, short};
use crate::validation::ladder::{Demand, Line};
use crate::validation::points::Source;
use crate::validation::{Ladder, Rung};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::{self, Write};

/// Columns of the CSV file.
const COLUMNS: [&str; 12] = [
    "rung",
    "what",
    "model",
    "p025",
    "p975",
    "reference",
    "demand",
    "tolerance",
    "weight",
    "passes",
    "crps",
    "note",
];
/// Rungs whose lines the page tells only where they are off; the files have all.
const SHORT: [&str; 1] = ["targets"];
/// How names of the rungs of hindcasts begin.
const HINDCAST: &str = "hindcast";
/// What the lines of a hindcast begin with, by the draws that they are of.
const SOURCES: [&str; 2] = ["posterior", "prior"];
/// Characters of a line's remark on the page before it goes on below.
const WIDE: usize = 40;

/// The name and the number of a demand.
fn demand(line: &Line) -> (&'static str, f64) {
    match line.demand {
        Demand::Within(tolerance) => ("within", tolerance),
        Demand::AtLeast(bound) => ("at_least", bound),
        Demand::AtMost(bound) => ("at_most", bound),
        Demand::Inside => ("inside_band", f64::NAN),
        Demand::Nothing => ("", f64::NAN),
    }
}

fn weight(line: &Line) -> &'static str {
    if line.judged { "judged" } else { "told" }
}

/// What came of a line, in a word.
fn result(line: &Line) -> &'static str {
    match (line.judged, line.passes(), line.demand) {
        (true, true, _) => "ok",
        (true, false, _) => "FAIL",
        (false, _, Demand::Nothing) => "told",
        (false, true, _) => "in",
        (false, false, _) => "off",
    }
}

/// All lines, one a row. The same ladder gives the same bytes.
///
/// # Errors
/// When `to` does not take the bytes.
pub fn write_csv(ladder: &Ladder, to: impl Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(to);
    csv.write_record(COLUMNS)?;
    for (rung, line) in ladder.lines() {
        let (asked, number) = demand(line);
        csv.write_record([
            rung.id.clone(),
            line.what.clone(),
            plain(line.model.mean),
            plain(line.model.p025),
            plain(line.model.p975),
            plain(line.reference),
            asked.to_string(),
            plain(number),
            weight(line).to_string(),
            line.passes().to_string(),
            line.crps.map(plain).unwrap_or_default(),
            line.note.clone(),
        ])?;
    }
    csv.flush()
}

/// The whole ladder as JSON; what is no number is null.
///
/// # Errors
/// When `to` does not take the bytes.
pub fn write_json(ladder: &Ladder, mut to: impl Write) -> io::Result<()> {
    let line = |line: &Line| {
        let (asked, number) = demand(line);
        json!({
            "what": line.what,
            "model": { "mean": line.model.mean, "p025": line.model.p025, "p975": line.model.p975 },
            "reference": line.reference,
            "demand": asked,
            "tolerance": number,
            "weight": weight(line),
            "passes": line.passes(),
            "crps": line.crps,
            "note": line.note,
        })
    };
    let rung = |rung: &Rung| {
        let lines: Vec<Value> = rung.lines.iter().map(line).collect();
        json!({ "rung": rung.id, "title": rung.title, "notes": rung.notes, "lines": lines })
    };
    let rungs: Vec<Value> = ladder.rungs.iter().map(rung).collect();
    let all = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "source": ladder.source.id(),
        "inputs_of_fit": ladder.inputs,
        "draws": ladder.draws,
        "scale": ladder.settings.scale,
        "free_parameters": ladder.free.0,
        "free_parameters_fitted": ladder.free.1,
        "failed": ladder.failed(),
        "rungs": rungs,
    });
    writeln!(to, "{all:#}")
}

/// How the ladder was climbed, in a sentence or two.
fn about(ladder: &Ladder) -> String {
    let (free, fitted) = ladder.free;
    let draws = match ladder.source {
        Source::Posterior => format!(
            "{} draws of the posterior ({fitted} of {free} free parameters fitted; inputs {})",
            ladder.draws,
            ladder.inputs.get(..12).unwrap_or(&ladder.inputs)
        ),
        Source::Prior => format!(
            "{} draws of the prior: the data folder has no posterior.parquet, nothing is fitted",
            ladder.draws
        ),
    };
    format!(
        "{draws}; hindcasts {} each; scale {}; a seed a draw.",
        ladder.settings.of_hindcast(),
        ladder.settings.scale
    )
}

/// The page, in plain text: what is judged, then every rung.
pub fn page(ladder: &Ladder) -> String {
    let mut text = String::from("Scorecard of stabil\n");
    let _ = writeln!(text, "{}\n", about(ladder));
    let judged: Vec<(&Rung, &Line)> = ladder.lines().filter(|(_, line)| line.judged).collect();
    let _ = writeln!(
        text,
        "{:<68} {:>10} {:>10}  result",
        "Judged", "model", "demand"
    );
    for (rung, line) in &judged {
        let what = format!("{}: {}", rung.id, line.what);
        let (asked, number) = demand(line);
        let sign = match asked {
            "at_least" => ">= ",
            "at_most" => "<= ",
            _ => "+- ",
        };
        let _ = writeln!(
            text,
            "{what:<68} {:>10} {:>10}  {}",
            short(line.model.mean),
            format!("{sign}{}", short(number)),
            result(line)
        );
    }
    let _ = writeln!(
        text,
        "{} judged, {} outside their declared tolerance",
        judged.len(),
        ladder.failed()
    );
    for rung in &ladder.rungs {
        rung_text(&mut text, rung);
    }
    text
}

fn rung_text(text: &mut String, rung: &Rung) {
    if rung.id.starts_with(HINDCAST) {
        return hindcast_text(text, rung);
    }
    let _ = writeln!(
        text,
        "\n{:<68} {:>10} {:>10} {:>10} {:>10}  result",
        rung.title, "model", "p025", "p975", "reference"
    );
    let is_short = SHORT.contains(&rung.id.as_str());
    let told = |line: &&Line| !is_short || line.judged || !line.passes();
    for line in rung.lines.iter().filter(told) {
        let is_wide = line.note.chars().count() > WIDE;
        let sign = match (line.judged, line.demand) {
            (false, Demand::AtLeast(_)) => ">= ",
            (false, Demand::AtMost(_)) => "<= ",
            _ => "",
        };
        let row = format!(
            "{:<68} {:>10} {:>10} {:>10} {:>10}  {:<4}  {}",
            line.what,
            short(line.model.mean),
            short(line.model.p025),
            short(line.model.p975),
            format!("{sign}{}", short(line.reference)),
            result(line),
            if is_wide { "" } else { line.note.as_str() }
        );
        let _ = writeln!(text, "{}", row.trim_end());
        if is_wide {
            let _ = writeln!(text, "    {}", line.note);
        }
    }
    notes_text(text, rung);
}

/// A hindcast: what the fit says beside what was said before it. The series one by one are in the
/// files.
fn hindcast_text(text: &mut String, rung: &Rung) {
    let _ = writeln!(
        text,
        "\n{:<68} {:>10} {:>10} {:>10}  result",
        rung.title, "posterior", "prior", "reference"
    );
    let find = |what: String| rung.lines.iter().find(|line| line.what == what);
    for line in rung.lines.iter().filter(|line| line.crps.is_none()) {
        let (posterior, prior) = match (
            line.what.strip_prefix("posterior: "),
            line.what.strip_prefix("prior: "),
        ) {
            (Some(what), _) => (Some(line), find(format!("prior: {what}"))),
            (_, Some(what)) if find(format!("posterior: {what}")).is_some() => continue,
            (_, Some(_)) => (None, Some(line)),
            _ => (Some(line), None),
        };
        let number = |line: Option<&Line>| line.map_or(String::new(), |l| short(l.model.mean));
        let what = line
            .what
            .split_once(": ")
            .filter(|(source, _)| SOURCES.contains(source));
        let row = format!(
            "{:<68} {:>10} {:>10} {:>10}  {:<4}  {}",
            what.map_or(line.what.as_str(), |(_, what)| what),
            number(posterior),
            number(prior),
            short(line.reference),
            result(line),
            line.note
        );
        let _ = writeln!(text, "{}", row.trim_end());
    }
    let series = rung.lines.iter().filter(|line| line.crps.is_some()).count();
    let _ = writeln!(
        text,
        "  The {series} series one by one are in the files of results."
    );
    notes_text(text, rung);
}

fn notes_text(text: &mut String, rung: &Rung) {
    for note in &rung.notes {
        let _ = writeln!(text, "  {note}");
    }
}

/// The page with all lines, in Markdown.
pub fn markdown(ladder: &Ladder) -> String {
    let mut text = String::from("# Scorecard\n\nWritten by `stabil validate`. ");
    let _ = writeln!(text, "{}\n", about(ladder));
    let failed = ladder.failed();
    let judged = ladder.lines().filter(|(_, line)| line.judged).count();
    let _ = writeln!(
        text,
        "{judged} lines are judged, {failed} are outside their declared tolerance."
    );
    for rung in &ladder.rungs {
        let _ = writeln!(text, "\n## {}\n", rung.title);
        for note in &rung.notes {
            let _ = writeln!(text, "{note}\n");
        }
        if rung.lines.is_empty() {
            continue;
        }
        text.push_str("| what | model | 95 % | reference | demand | result | CRPS | remark |\n");
        text.push_str("|---|---:|---|---:|---|---|---:|---|\n");
        for line in &rung.lines {
            let (asked, number) = demand(line);
            let band = match line.model.p025.is_finite() {
                true => format!("{} to {}", short(line.model.p025), short(line.model.p975)),
                false => String::new(),
            };
            let number = if number.is_finite() {
                short(number)
            } else {
                String::new()
            };
            let _ = writeln!(
                text,
                "| {} | {} | {band} | {} | {} {number} | {} | {} | {} |",
                line.what,
                short(line.model.mean),
                short(line.reference),
                asked.replace('_', " "),
                result(line),
                line.crps.map(short).unwrap_or_default(),
                line.note
            );
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validation::Settings;

    fn sample() -> Ladder {
        let mut rung = Rung::new("internal", "Internal: the books");
        let books = Line::told("identities broken", 0.0).against(0.0);
        rung.lines.push(books.judged_by(Demand::Within(0.0)));
        let mut other = Rung::new("cross_model", "Cross-model: HELSEMOD");
        let line = Line::of("nurses", vec![1.0, 2.0, 3.0], 9.0, Demand::Inside);
        other.lines.push(line.clone().noted("far, \"off\""));
        other.lines.push(line.judged_by(Demand::AtLeast(5.0)));
        Ladder {
            settings: Settings {
                draws: 3,
                scale: 0.1,
            },
            source: Source::Prior,
            draws: 3,
            free: (7, 0),
            inputs: String::new(),
            rungs: vec![rung, other],
        }
    }

    #[test]
    fn a_failure_is_told_everywhere() {
        let ladder = sample();
        assert_eq!(ladder.failed(), 1);
        let page = page(&ladder);
        assert!(page.contains("2 judged, 1 outside"), "{page}");
        assert!(
            page.contains("FAIL") && page.contains("no posterior.parquet"),
            "{page}"
        );
        assert!(markdown(&ladder).contains("| FAIL |"));
        let mut csv = Vec::new();
        write_csv(&ladder, &mut csv).unwrap();
        let csv = String::from_utf8(csv).unwrap();
        assert_eq!(csv.lines().count(), 4);
        assert!(
            csv.contains("cross_model,nurses,2,1.05,2.95,9,at_least,5,judged,false,,"),
            "{csv}"
        );
    }

    #[test]
    fn what_is_no_number_is_null() {
        let mut bytes = Vec::new();
        write_json(&sample(), &mut bytes).unwrap();
        let all: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(all["failed"], 1);
        let line = &all["rungs"][0]["lines"][0];
        assert_eq!(line["model"]["mean"], 0.0);
        assert!(line["model"]["p025"].is_null() && line["crps"].is_null());
    }
}
