//! What shows that the program does what it says: its tests, in their own words, and the lines of
//! its checks that need no simulation.

use super::Subject;
use super::page::Page;
use super::source::{first_paragraph, module_doc};
use crate::runs::checks::{self, Line};
use crate::runs::need_check;
use crate::words::Problem;

macro_rules! tests {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../../tests/", $name, ".rs")))),+]
    };
}

/// The files of tests, with their texts. A file that is not named here is not described; a test
/// sees to it that all are.
const TESTS: &[(&str, &str)] = tests![
    "abroad",
    "alignment",
    "balance",
    "browser",
    "calibrated",
    "cli",
    "describe",
    "disclosure",
    "distributions",
    "ensemble",
    "every_policy",
    "golden",
    "hindcast",
    "hostile",
    "house",
    "laws",
    "levers",
    "market",
    "microdata",
    "need",
    "observed",
    "paired",
    "policies",
    "policies_act",
    "readme",
    "recovery",
    "reference",
    "report",
    "serve",
    "shadow",
    "slurm",
    "tiny_country",
    "torture",
];

/// The files of tests, each with the first paragraph of what it says of itself.
pub fn test_files(page: &mut Page) {
    page.list(
        TESTS.iter().map(|(name, text)| {
            format!("`tests/{name}.rs`: {}", first_paragraph(&module_doc(text)))
        }),
    );
}

/// The lines of the base population's and need's checks, summed up by margin.
///
/// # Errors
/// A [`Problem`] if a parameter or table is missing.
pub fn margins(subject: &Subject, page: &mut Page) -> Result<(), Problem> {
    let mut lines = checks::base(subject.model)?;
    lines.extend(need_check::need(subject.model)?);
    by_margin(&lines, page);
    Ok(())
}

/// Validation that nothing was fitted to: the people behind need, by place.
///
/// # Errors
/// A [`Problem`] if a table is malformed.
pub fn people(subject: &Subject, page: &mut Page) -> Result<(), Problem> {
    by_margin(&need_check::people(subject.model)?, page);
    Ok(())
}

fn by_margin(lines: &[Line], page: &mut Page) {
    let mut margins: Vec<&str> = Vec::new();
    for line in lines {
        if !margins.contains(&line.margin.as_str()) {
            margins.push(&line.margin);
        }
    }
    let rows = margins.into_iter().map(|margin| {
        let own: Vec<&Line> = lines.iter().filter(|line| line.margin == margin).collect();
        let judged = own.iter().filter(|line| line.tolerance.is_finite());
        let worst = judged.clone().fold(0.0_f64, |worst, line| {
            worst.max(line.difference().abs() / line.tolerance)
        });
        [
            margin.to_string(),
            own.len().to_string(),
            judged.clone().count().to_string(),
            judged
                .clone()
                .filter(|line| !line.passes())
                .count()
                .to_string(),
            match judged.count() {
                0 => String::new(),
                _ => format!("{:.0} %", 100.0 * worst),
            },
        ]
    });
    let header = [
        "margin",
        "lines",
        "judged",
        "off",
        "largest difference, of the tolerance",
    ];
    page.table(header, rows);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn every_file_of_tests_is_named() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
        let there: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .filter_map(|entry| entry.unwrap().file_name().into_string().ok())
            .filter_map(|name| name.strip_suffix(".rs").map(str::to_string))
            .collect();
        let named: BTreeSet<String> = TESTS.iter().map(|(name, _)| name.to_string()).collect();
        assert_eq!(named, there, "name the file in TESTS");
        assert!(TESTS.iter().all(|(_, text)| !module_doc(text).is_empty()));
    }
}
