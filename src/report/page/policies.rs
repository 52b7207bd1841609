//! What the scenarios change: paired differences, cost beside gain, and how likely it is that the
//! gain is worth its cost.

use super::cells::GROUPS;
use super::markup::{Cell, Figure, Section, Table, both, choose, fit, heading, percent, told};
use super::rows::{Cost, or_nan};
use super::subject::Subject;
use crate::picture::{
    Both, Curve, Curves, IntervalRow, Intervals, Plane, PlaneGroup, curves, intervals, plane,
};
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
    section.body.push_str(&heading(&Both::new("Kostnad og nytte", "Cost and gain")));
    section.body.push_str("<div class=grid>\n");
    for figure in [worth(subject), accepted(subject)].into_iter().flatten() {
        section.show(figure);
    }
    section.body.push_str("</div>\n");
    if let Some(costs) = subject.costs.as_deref().filter(|costs| !costs.is_empty()) {
        let summary = Both::new("Deltakere og kostnad per år", "Participants and cost by year");
        let table = by_year(subject, costs).html();
        section.body.push_str(&format!("<details><summary>{}</summary>\n{table}</details>\n", both(&summary)));
    }
    if let Some(table) = reached(subject) {
        let summary = Both::new("Hvem tiltaket når", "Who is reached");
        section.body.push_str(&format!("<details><summary>{}</summary>\n{}</details>\n", both(&summary), table.html()));
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
    let steps = all.iter().copied().filter(|year| *year > begins && (*year - begins) % STEP == STEP - 1);
    let chosen: BTreeSet<Year> = steps.chain([last]).collect();
    chosen.into_iter().collect()
}

fn changes(subject: &Subject, scenario: &str, years: &[Year]) -> Option<Figure> {
    let differences = subject.differences.as_ref()?;
    let title = subject.scenario(scenario);
    let mut table = Table::new(
        told(|lang| {
            let title = choose(lang, &title.nb, &title.en);
            format!("{title}: {}", choose(lang, "endring i avtalte årsverk", "change in agreed FTE"))
        }),
        [
            ("Område", "Area"),
            ("År", "Year"),
            ("Snitt", "Mean"),
            ("2,5 %", "2.5%"),
            ("Median", "Median"),
            ("97,5 %", "97.5%"),
            ("P(>0)", "P(>0)"),
        ]
        .map(|(nb, en)| Both::new(nb, en))
        .to_vec(),
    );
    let mut rows = Vec::new();
    for zone in [ALL].into_iter().chain(GROUPS) {
        for year in years {
            let Some(found) = differences.at(scenario, *year, "supply_fte", ALL, zone) else {
                continue;
            };
            let name = subject.names.zone(zone);
            rows.push(IntervalRow {
                name: told(|lang| format!("{}, {year}", choose(lang, &name.nb, &name.en))),
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
        id: format!("difference_{scenario}"),
        description: table.caption.clone(),
        title,
        unit: Both::new("Årsverk", "FTE"),
        zero: true,
        rows,
    });
    Some(Figure { drawing, table })
}

/// The means of cost and gain, a mark for each scenario. The files hold both spreads, not which
/// cost went with which gain, so no cloud of runs is drawn.
fn worth(subject: &Subject) -> Option<Figure> {
    let effects = subject.effects.as_ref()?;
    let find = |scenario: &str, measure: &str, zone: &str| {
        let mut all = effects.iter();
        all.find(|row| row.scenario == scenario && row.measure == measure && row.zone == zone)
    };
    let title = Both::new(
        "Kostnad mot tilførte årsverk (snitt)",
        "Cost beside added FTE-years (means)",
    );
    let mut table = Table::new(
        title.clone(),
        [
            ("Scenario", "Scenario"),
            ("Årsverk i området, snitt", "FTE-years in the area, mean"),
            ("2,5 %", "2.5%"),
            ("97,5 %", "97.5%"),
            ("Kostnad, kroner, snitt", "Cost, NOK, mean"),
            ("2,5 %", "2.5%"),
            ("97,5 %", "97.5%"),
            ("Kroner per tilført årsverk", "NOK per added FTE-year"),
        ]
        .map(|(nb, en)| Both::new(nb, en))
        .to_vec(),
    );
    let mut groups = Vec::new();
    let mut said = Both::default();
    for scenario in subject.scenarios() {
        let name = subject.scenario(scenario);
        let gain = find(scenario, "fte_years", "target");
        let (Some(gain), Some(cost)) = (gain, find(scenario, "cost", ALL)) else {
            continue;
        };
        let Some(mean) = gain.mean.zip(cost.mean) else {
            continue;
        };
        for (text, lang) in [(&mut said.nb, crate::picture::Lang::Nb), (&mut said.en, crate::picture::Lang::En)] {
            let (gain, cost) = (fit(mean.0, lang), fit(mean.1 / 1e6, lang));
            let name = choose(lang, &name.nb, &name.en);
            text.push_str(&match lang {
                crate::picture::Lang::Nb => format!("{name}: {gain} årsverk for {cost} millioner kroner. "),
                crate::picture::Lang::En => format!("{name}: {gain} FTE-years for NOK {cost} million. "),
            });
        }
        let per = find(scenario, "cost_per_fte_year", "target").and_then(|row| row.mean);
        let numbers = [mean.0, or_nan(gain.p025), or_nan(gain.p975), mean.1, or_nan(cost.p025), or_nan(cost.p975), or_nan(per)];
        let mut row = vec![Cell::Text(name.clone())];
        row.extend(numbers.map(Cell::Number));
        table.rows.push(row);
        groups.push(PlaneGroup {
            name,
            points: Vec::new(),
            mean: Some((mean.0, mean.1 / 1e6)),
        });
    }
    if groups.is_empty() {
        return None;
    }
    let drawing = plane(&Plane {
        id: "cost_plane".to_owned(),
        title,
        description: said,
        x: Both::new("Tilførte årsverk i området", "Added FTE-years in the area"),
        y: Both::new("Kostnad, millioner kroner", "Cost, NOK million"),
        groups,
    });
    Some(Figure { drawing, table })
}

fn accepted(subject: &Subject) -> Option<Figure> {
    let rows = subject.acceptable.as_ref()?;
    let title = Both::new(
        "Sannsynlighet for at tiltaket er verdt kostnaden",
        "Probability that the policy is worth its cost",
    );
    let mut table = Table::new(
        title.clone(),
        [
            ("Scenario", "Scenario"),
            ("Betalingsvilje, kroner per årsverk", "Willingness to pay, NOK per FTE-year"),
            ("Sannsynlighet", "Probability"),
        ]
        .map(|(nb, en)| Both::new(nb, en))
        .to_vec(),
    );
    let mut lines = Vec::new();
    for scenario in subject.scenarios() {
        let own = rows.iter().filter(|row| row.scenario == scenario && row.zone == "target");
        let mut points = Vec::new();
        for row in own {
            let Some(share) = row.probability else {
                continue;
            };
            points.push([row.nok_per_fte_year / 1e6, share, share, share]);
            table.rows.push(vec![
                Cell::Text(subject.scenario(scenario)),
                Cell::Number(row.nok_per_fte_year),
                Cell::Share(share),
            ]);
        }
        if !points.is_empty() {
            let (name, steps) = (subject.scenario(scenario), false);
            lines.push(Curve { name, points, steps });
        }
    }
    if lines.is_empty() {
        return None;
    }
    let drawing = curves(&Curves {
        id: "acceptability".to_owned(),
        description: Both::new(
            "Stiger med det man vil betale for et årsverk i området.",
            "Rises with what one would pay for an FTE-year in the area.",
        ),
        title,
        x: Both::new("Betalingsvilje, millioner kroner per årsverk", "Willingness to pay, NOK million per FTE-year"),
        y: Both::new("Sannsynlighet", "Probability"),
        percent: true,
        curves: lines,
    });
    Some(Figure { drawing, table })
}

fn by_year(subject: &Subject, costs: &[Cost]) -> Table {
    let price = costs.iter().find_map(|row| row.price_year);
    let price = price.map_or(String::new(), |year| format!(" ({year})"));
    let mut table = Table::new(
        Both::new("Deltakere og kostnad per år", "Participants and cost by year"),
        vec![
            Both::new("Scenario", "Scenario"),
            Both::new("Tiltak", "Policy"),
            Both::new("År", "Year"),
            Both::new("Deltakere", "Participants"),
            Both::new(format!("Kroner{price}, snitt"), format!("NOK{price}, mean")),
            Both::new("2,5 %", "2.5%"),
            Both::new("97,5 %", "97.5%"),
        ],
    );
    for own in costs {
        let cost = [own.cost_mean, own.cost_p025, own.cost_p975].map(or_nan);
        let mut row = vec![
            Cell::Text(subject.scenario(&own.scenario)),
            Cell::Text(subject.names.policy(&own.policy)),
            Cell::Plain(own.year.into()),
            Cell::Number(or_nan(own.participants)),
        ];
        row.extend(cost.map(|value| Cell::Number(if own.cost_known { value } else { f64::NAN })));
        table.rows.push(row);
    }
    table
}
