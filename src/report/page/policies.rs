//! What the scenarios change: paired differences, cost beside gain, and how likely it is that the
//! gain is worth its cost.

use super::cells::GROUPS;
use super::costs;
use super::markup::{
    Cell, Figure, Section, Table, both, choose, heading, identifier, percent, told,
};
use super::subject::Subject;
use crate::picture::{Both, IntervalRow, Intervals, intervals};
use crate::tallies::ALL;
use crate::words::Year;
use std::collections::BTreeSet;

/// Years between those that are told of.
const STEP: Year = 5;

/// The section; `None` if the run has no scenarios.
pub fn section(subject: &Subject) -> Option<Section> {
    let differences = subject.differences.as_ref()?;
    let mut section = Section::new("policies", "Tiltakene", "The policies");
    section.say(&Both::new(
        "Endring i tilbud mot referansebanen i de samme kjøringene (parvise forskjeller): punktet er medianen, strekene de midterste 50, 80 og 95 prosent.",
        "Change in supply against the base in the same runs (paired differences): the dot is the median, the lines the middle 50, 80 and 95 per cent.",
    ));
    let years = years(subject, &differences.years);
    for scenario in subject.scenarios() {
        if let Some(figure) = changes(subject, scenario, &years) {
            section.show(figure);
        }
    }
    section
        .body
        .push_str(&heading(&Both::new("Kostnad og nytte", "Cost and gain")));
    section.body.push_str("<div class=grid>\n");
    for figure in [costs::worth(subject), costs::accepted(subject)]
        .into_iter()
        .flatten()
    {
        section.show(figure);
    }
    section.body.push_str("</div>\n");
    for (nb, en, table) in [
        (
            "Deltakere og kostnad per år",
            "Participants and cost by year",
            costs::by_year(subject),
        ),
        (
            "Hvem tiltaket når",
            "Who is reached",
            costs::reached(subject),
        ),
    ] {
        if let Some(table) = table {
            let (summary, table) = (both(&Both::new(nb, en)), table.html());
            section.body.push_str(&format!(
                "<details><summary>{summary}</summary>\n{table}</details>\n"
            ));
        }
    }
    Some(section)
}

/// Every fifth year after the first policy begins, and the last.
fn years(subject: &Subject, all: &BTreeSet<Year>) -> Vec<Year> {
    let effects = subject.effects.iter().flatten();
    let begins = effects.filter_map(|row| row.from).min();
    let Some((begins, last)) = begins.zip(all.last().copied()) else {
        return all.last().copied().into_iter().collect();
    };
    let steps = all
        .iter()
        .copied()
        .filter(|year| *year > begins && (*year - begins) % STEP == STEP - 1);
    let chosen: BTreeSet<Year> = steps.chain([last]).collect();
    chosen.into_iter().collect()
}

fn changes(subject: &Subject, scenario: &str, years: &[Year]) -> Option<Figure> {
    let differences = subject.differences.as_ref()?;
    let title = subject.scenario(scenario);
    let mut table = Table::of_bands(
        told(|lang| {
            let title = title.in_lang(lang);
            format!(
                "{title}: {}",
                choose(lang, "endring i avtalte årsverk", "change in agreed FTE")
            )
        }),
        &[("Område", "Area"), ("År", "Year")],
        &[("P(>0)", "P(>0)")],
    );
    let mut rows = Vec::new();
    for zone in [ALL].into_iter().chain(GROUPS) {
        for year in years {
            let Some(found) = differences.at(scenario, *year, "supply_fte", ALL, zone) else {
                continue;
            };
            let name = subject.names.zone(zone);
            rows.push(IntervalRow {
                name: told(|lang| format!("{}, {year}", name.in_lang(lang))),
                bands: found.bands,
                note: told(|lang| format!("P(>0) = {}", percent(found.positive, 0, lang))),
            });
            table.rows.push(vec![
                Cell::Text(name),
                Cell::Plain((*year).into()),
                Cell::Number(found.mean),
                Cell::Number(found.bands[0]),
                Cell::Number(found.bands[3]),
                Cell::Number(found.bands[6]),
                Cell::Share(found.positive),
            ]);
        }
    }
    if rows.is_empty() {
        return None;
    }
    let drawing = intervals(&Intervals {
        id: identifier(&["difference", scenario]),
        description: table.caption.clone(),
        title,
        unit: Both::new("Årsverk", "FTE"),
        zero: true,
        rows,
    });
    Some(Figure { drawing, table })
}
