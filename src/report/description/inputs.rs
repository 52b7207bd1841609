//! ODD 6: input data.

use super::Subject;
use super::evidence::{GRADES, by_grade, citations, cited, share_of_d};
use super::page::Page;
use crate::engine::schedule;
use crate::evidence::Table;
use crate::words::Problem;
use std::collections::BTreeMap;

/// The checks that read tables of their own, to compare with and not to build from.
const CHECKS: &str = include_str!("../../runs/need_check.rs");

/// Columns of a table that are named; the others are counted.
const MOST_COLUMNS: usize = 6;

/// ODD 6.
///
/// # Errors
/// A [`Problem`] if a table of the data folder can no longer be read.
pub fn inputs(subject: &Subject, page: &mut Page) -> Result<(), Problem> {
    page.heading(3, "1.6 Input data", "1.6 Inndata");
    page.prose(
        "What drives the years from outside, by calendar year: study places, people educated \
         abroad and the licence gates before them, posts in limited number, and the people whose \
         use of services makes need. After the last year given the last value holds. Everything \
         else is fixed at the base year. Levers of a run file change these inflows and nothing \
         else.",
    );
    page.heading(4, "Parameters by file", "Parametre etter fil");
    parameters(subject, page);
    page.heading(4, "Facts by source", "Fakta etter kilde");
    facts(subject, page);
    page.heading(4, "Open tables", "Åpne tabeller");
    tables(subject, page)
}

fn parameters(subject: &Subject, page: &mut Page) {
    let parameters = &subject.model.data.parameters;
    let row = |name: String, about: String, counts: [usize; 4]| {
        let [a, b, c, d] = counts.map(|count| count.to_string());
        let all = counts.iter().sum::<usize>().to_string();
        [name, about, all, a, b, c, d, share_of_d(counts)]
    };
    let rows = parameters.files().map(|(file, about)| {
        let counts = by_grade(parameters.of_file(file));
        row(format!("`{file}.toml`"), about.to_string(), counts)
    });
    let all = row("all".to_string(), String::new(), by_grade(parameters.all()));
    let [a, b, c, d] = GRADES.map(|grade| format!("{grade:?}"));
    page.table(
        ["file", "about", "entries", &a, &b, &c, &d, "share of D"],
        rows.chain([all]),
    );
}

fn facts(subject: &Subject, page: &mut Page) {
    let data = &subject.model.data;
    let used = cited(data.parameters.all());
    let mut sources: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    for fact in data.facts.all() {
        let [all, by_parameters] = sources.entry(&fact.source).or_default();
        *all += 1;
        *by_parameters += usize::from(used.contains(fact.id.as_str()));
    }
    page.prose(
        "A fact is one published figure with its source and its place there. Those that no \
         parameter cites are targets of checks, or are cited by the code that uses them.",
    );
    let mut rows: Vec<_> = sources.into_iter().collect();
    rows.sort_by_key(|(source, [all, _])| (std::cmp::Reverse(*all), *source));
    let rows = rows.into_iter().map(|(source, [all, by_parameters])| {
        [
            format!("`{source}`"),
            all.to_string(),
            by_parameters.to_string(),
        ]
    });
    let total = ["all".to_string(), data.facts.len().to_string(), {
        let known = used.iter().filter(|id| data.facts.get(id).is_some());
        known.count().to_string()
    }];
    page.table(
        ["source", "facts", "cited by parameters"],
        rows.chain([total]),
    );
}

fn tables(subject: &Subject, page: &mut Page) -> Result<(), Problem> {
    let data = &subject.model.data;
    let mut rows = Vec::new();
    for path in data.folder.list("external", ".csv")? {
        let table = Table::read(&data.folder, &path, &[])?;
        let columns = table.columns();
        let mut told = columns
            .iter()
            .take(MOST_COLUMNS)
            .cloned()
            .collect::<Vec<_>>();
        if columns.len() > told.len() {
            told.push(format!("{} more", columns.len() - told.len()));
        }
        let reads = |text: &str| text.contains(path.as_str());
        let zones = include_str!("../../parameters/zones.rs");
        let parts = schedule::parts().filter(|part| part.sources.iter().any(|(_, t)| reads(t)));
        let mut readers: Vec<&str> = parts.map(|part| part.id).collect();
        readers.extend(reads(zones).then_some("zones"));
        readers.extend(reads(CHECKS).then_some("checks"));
        let name = path.trim_start_matches("external/").to_string();
        let citing = data.parameters.all().filter(|p| {
            let (_, tables) = citations(&p.facts.iter().map(String::as_str).collect());
            tables.contains(&name)
        });
        rows.push([
            format!("`{name}`"),
            table.rows().len().to_string(),
            told.join(", "),
            readers.join(", "),
            citing.count().to_string(),
        ]);
    }
    page.prose(
        "Read by: the modules that read the table itself; parameters citing: those whose value was \
         taken from it. A table with neither stands in the folder for the reader's own checks.",
    );
    page.table(
        ["table", "rows", "columns", "read by", "parameters citing"],
        rows,
    );
    Ok(())
}
