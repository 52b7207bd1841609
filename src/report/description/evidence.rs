//! Parameters and facts as tables: grades of evidence, ranges, citations.

use super::page::Page;
use crate::parameters::{EvidenceGrade, Parameter, Shape};
use crate::report::number::{percent, plain};
use std::collections::{BTreeMap, BTreeSet};

/// A name with at most so many entries is told entry by entry; others as a range.
const MOST_ENTRIES: usize = 3;

/// The evidence grades, best first.
pub const GRADES: [EvidenceGrade; 4] = [
    EvidenceGrade::A,
    EvidenceGrade::B,
    EvidenceGrade::C,
    EvidenceGrade::D,
];

/// How many parameters have each evidence grade, in the order of [`GRADES`].
pub fn by_grade<'a>(parameters: impl IntoIterator<Item = &'a Parameter>) -> [usize; 4] {
    let mut counts = [0; 4];
    for parameter in parameters {
        counts[parameter.grade as usize] += 1;
    }
    counts
}

/// The share of grade D among counts by grade, for readers.
pub fn share_of_d(counts: [usize; 4]) -> String {
    percent(counts[3] as f64 / counts.iter().sum::<usize>() as f64, 0)
}

/// The grades that there are, with their counts if there is more than one entry: `A 3, D 1`.
fn grades(parameters: &[&Parameter]) -> String {
    let counts = by_grade(parameters.iter().copied());
    let some = GRADES.iter().zip(counts).filter(|(_, count)| *count > 0);
    let told: Vec<String> = some
        .map(|(grade, count)| match parameters.len() {
            1 => format!("{grade:?}"),
            _ => format!("{grade:?} {count}"),
        })
        .collect();
    told.join(", ")
}

/// The name of a shape, as in parameter files.
pub fn shape(shape: Shape) -> &'static str {
    match shape {
        Shape::Fixed => "fixed",
        Shape::Normal => "normal",
        Shape::Lognormal => "lognormal",
        Shape::Logitnormal => "logitnormal",
        Shape::Uniform => "uniform",
    }
}

fn spread(parameter: &Parameter) -> String {
    let name = shape(parameter.distribution.shape);
    match (parameter.distribution.low, parameter.distribution.high) {
        (Some(low), Some(high)) => format!("{name}, {} to {}", plain(low), plain(high)),
        _ => name.to_string(),
    }
}

fn distinct(texts: impl Iterator<Item = String>) -> String {
    let texts: BTreeSet<String> = texts.collect();
    texts.into_iter().collect::<Vec<_>>().join(", ")
}

/// A table of parameters: those with few entries one by one, the others grouped by name with the
/// least and the greatest value.
pub fn parameter_table<'a>(page: &mut Page, parameters: impl IntoIterator<Item = &'a Parameter>) {
    let mut names: BTreeMap<&str, Vec<&Parameter>> = BTreeMap::new();
    for parameter in parameters {
        let name = parameter.name.split('[').next().unwrap_or_default();
        names.entry(name).or_default().push(parameter);
    }
    let mut rows = Vec::new();
    for (name, entries) in names {
        if entries.len() <= MOST_ENTRIES {
            rows.extend(entries.iter().map(|parameter| {
                [
                    format!("`{}`", parameter.name),
                    plain(parameter.value),
                    spread(parameter),
                    parameter.unit.clone(),
                    grades(&[parameter]),
                    parameter.facts.len().to_string(),
                ]
            }));
            continue;
        }
        let values = || entries.iter().map(|parameter| parameter.value);
        let least = values().fold(f64::INFINITY, f64::min);
        let most = values().fold(f64::NEG_INFINITY, f64::max);
        let shapes = entries
            .iter()
            .map(|p| shape(p.distribution.shape).to_string());
        rows.push([
            format!("`{name}`, {} entries", entries.len()),
            format!("{} to {}", plain(least), plain(most)),
            distinct(shapes),
            distinct(entries.iter().map(|p| p.unit.clone())),
            grades(&entries),
            cited(entries.iter().copied()).len().to_string(),
        ]);
    }
    let header = [
        "parameter",
        "value",
        "uncertainty",
        "unit",
        "grade",
        "facts",
    ];
    page.table(header, rows);
}

/// The facts and open tables that parameters rest on, each once, in order.
pub fn cited<'a>(parameters: impl IntoIterator<Item = &'a Parameter>) -> BTreeSet<&'a str> {
    let facts = parameters.into_iter().flat_map(|p| &p.facts);
    facts.map(String::as_str).collect()
}

/// The facts of a set of citations as running text, by series and neighbours drawn together:
/// `nou_turnover: 0089 to 0091, 0106`; and the open tables by their files.
pub fn citations(cited: &BTreeSet<&str>) -> (String, BTreeSet<String>) {
    let mut tables = BTreeSet::new();
    let mut series: BTreeMap<&str, Vec<(u32, u32)>> = BTreeMap::new();
    let mut others = Vec::new();
    for citation in cited {
        if let Some(table) = citation.strip_prefix("external:") {
            tables.insert(table.split('#').next().unwrap_or_default().to_string());
            continue;
        }
        let parts = citation.rsplit_once('_').and_then(|(name, digits)| {
            let number = digits.parse::<u32>().ok()?;
            (digits.len() == 4).then_some((name, number))
        });
        let Some((name, number)) = parts else {
            others.push((*citation).to_string());
            continue;
        };
        let runs = series.entry(name).or_default();
        match runs.last_mut() {
            Some(run) if run.1 + 1 == number => run.1 = number,
            _ => runs.push((number, number)),
        }
    }
    let told = series.into_iter().map(|(name, runs)| {
        let numbers = runs.into_iter().map(|(first, last)| match last - first {
            0 => format!("{first:04}"),
            _ => format!("{first:04} to {last:04}"),
        });
        format!("{name}: {}", numbers.collect::<Vec<_>>().join(", "))
    });
    (told.chain(others).collect::<Vec<_>>().join("; "), tables)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbouring_facts_are_drawn_together() {
        let cited = BTreeSet::from([
            "a_0001",
            "a_0002",
            "a_0003",
            "a_0005",
            "b_0006",
            "made_up",
            "external:t.csv#women",
            "external:t.csv",
        ]);
        let (facts, tables) = citations(&cited);
        assert_eq!(facts, "a: 0001 to 0003, 0005; b: 0006; made_up");
        assert_eq!(tables, BTreeSet::from(["t.csv".to_string()]));
    }

    #[test]
    fn grades_are_counted() {
        assert_eq!(by_grade([]), [0; 4]);
        assert_eq!(share_of_d([1, 1, 0, 2]), "50 %");
    }
}
