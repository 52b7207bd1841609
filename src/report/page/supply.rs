//! Supply against need by profession, in the whole country and in rural municipalities.

use super::markup::{Cell, Figure, Section, Table, both, choose, heading, identifier, told};
use super::names::small;
use super::subject::Subject;
use crate::picture::{Both, Fan, FanLine, FanSeries, Lang, fan};
use crate::report::projection;
use crate::tallies::ALL;
use crate::words::Year;
use serde_json::Value;
use std::collections::BTreeSet;

/// Professions with pictures of their own.
const LARGEST: usize = 6;
/// The year of the national projection that is marked.
const PROJECTED: Year = 2040;

/// The section; `None` if the run does not measure supply.
pub fn section(subject: &Subject) -> Option<Section> {
    let mut section = Section::new("supply", "Tilbud og etterspørsel", "Supply and need");
    let mut note = Both::new(
        "Avtalte årsverk i helse og omsorg. Fargene viser de midterste 50, 80 og 95 prosent av kjøringene, linjen medianen; stiplet er etterspørselen i snitt.",
        "Agreed full-time equivalents in health and care. Shades show the middle 50, 80 and 95 per cent of runs, the line the median; dashed is mean need.",
    );
    if subject.last() >= Some(PROJECTED) && subject.facts.is_some() {
        note.nb.push_str(" Merket i 2040 er tilbudet i HELSEMOD (NOU 2023: 4, tabell 2.2), som ingenting i kjøringen er tilpasset til.");
        note.en.push_str(" The mark in 2040 is supply in HELSEMOD, the national projection (NOU 2023: 4, table 2.2); nothing in this run was fitted to it.");
    }
    section.say(&note);
    let shown = shown(subject);
    for zone in [ALL, "rural"] {
        section.body.push_str(&heading(&subject.names.zone(zone)));
        section.body.push_str("<div class=grid>\n");
        for profession in [ALL].into_iter().chain(shown.iter().copied()) {
            if let Some(figure) = picture(subject, profession, zone) {
                section.show(figure);
            }
        }
        section.body.push_str("</div>\n");
    }
    for zone in [ALL, "rural"] {
        section.body.push_str(&format!(
            "<details><summary>{}</summary>\n{}</details>\n",
            both(&told(|lang| {
                let place = subject.names.zone(zone);
                let place = small(place.in_lang(lang));
                format!(
                    "{}: {place}",
                    choose(lang, "Alle yrkesgrupper", "Every profession")
                )
            })),
            table(subject, zone).html()
        ));
    }
    (!section.figures.is_empty()).then_some(section)
}

/// The largest professions, and those that the run's settings name.
fn shown(subject: &Subject) -> Vec<&str> {
    let mut named = BTreeSet::new();
    for part in ["scenarios", "conditions", "risks"] {
        words(&subject.manifest["settings"][part], &mut named);
    }
    let by_size = subject.by_size();
    let chosen = by_size.iter().enumerate();
    chosen
        .filter(|(place, id)| *place < LARGEST || named.contains(**id))
        .map(|(_, id)| *id)
        .collect()
}

/// All texts in a value.
fn words<'a>(value: &'a Value, into: &mut BTreeSet<&'a str>) {
    match value {
        Value::String(text) => {
            into.insert(text);
        }
        Value::Array(items) => items.iter().for_each(|item| words(item, into)),
        Value::Object(entries) => entries.values().for_each(|item| words(item, into)),
        _ => {}
    }
}

fn picture(subject: &Subject, profession: &str, zone: &str) -> Option<Figure> {
    let base = subject.base();
    let supply = subject.bands.series(base, "supply_fte", profession, zone);
    if supply.is_empty() {
        return None;
    }
    let name = subject.names.profession(profession);
    let place = subject.names.zone(zone);
    let need = |year: Year| subject.need(base, year, profession, zone);
    let points: Vec<(f64, f64)> = supply
        .iter()
        .filter_map(|(year, _)| Some((f64::from(*year), need(*year)?)))
        .collect();
    let mut lines = Vec::new();
    if !points.is_empty() {
        let name = Both::new("Etterspørsel", "Need");
        lines.push(FanLine { name, points });
    }
    let projected = subject
        .facts
        .as_ref()
        .filter(|_| zone == ALL && subject.last() >= Some(PROJECTED));
    let projected = projected.and_then(|facts| projection::supply(facts, profession, PROJECTED));
    if let Some(value) = projected {
        lines.push(FanLine {
            name: Both::same("HELSEMOD"),
            points: vec![(f64::from(PROJECTED), value)],
        });
    }
    let mut table = Table::new(
        told(|lang| {
            let (name, place) = (name.in_lang(lang), place.in_lang(lang));
            format!(
                "{name}, {}: {}",
                small(place),
                choose(lang, "avtalte årsverk", "agreed FTE")
            )
        }),
        [
            ("År", "Year"),
            ("Tilbud, snitt", "Supply, mean"),
            ("2,5 %", "2.5%"),
            ("10 %", "10%"),
            ("25 %", "25%"),
            ("Median", "Median"),
            ("75 %", "75%"),
            ("90 %", "90%"),
            ("97,5 %", "97.5%"),
            ("Etterspørsel", "Need"),
            ("HELSEMOD", "HELSEMOD"),
        ]
        .map(|(nb, en)| Both::new(nb, en))
        .to_vec(),
    );
    for (year, summary) in &supply {
        let mut row = vec![Cell::Plain((*year).into()), Cell::Number(summary.mean)];
        row.extend(summary.bands.map(Cell::Number));
        row.push(Cell::Number(need(*year).unwrap_or(f64::NAN)));
        let mark = projected.filter(|_| *year == PROJECTED);
        row.push(Cell::Number(mark.unwrap_or(f64::NAN)));
        table.rows.push(row);
    }
    let drawing = fan(&Fan {
        id: identifier(&["supply", profession, zone]),
        title: name.clone(),
        description: described(&supply, &name, &place),
        unit: Both::new("Årsverk", "FTE"),
        years: supply.iter().map(|(year, _)| *year).collect(),
        series: vec![FanSeries {
            name: Both::new("Tilbud", "Supply"),
            bands: supply.iter().map(|(_, summary)| summary.bands).collect(),
        }],
        lines,
    });
    Some(Figure { drawing, table })
}

/// The picture in words, for those who do not see it.
fn described(supply: &[(Year, super::cells::Summary)], name: &Both, place: &Both) -> Both {
    let (Some((first, from)), Some((last, to))) = (supply.first(), supply.last()) else {
        return Both::default();
    };
    told(|lang| {
        let fit = |value| super::markup::fit(value, lang);
        let (low, high) = (fit(to.bands[0]), fit(to.bands[6]));
        match lang {
            Lang::Nb => format!(
                "{}, {}: {} årsverk i {first}, {} i {last} ({low} til {high}).",
                name.nb,
                small(&place.nb),
                fit(from.mean),
                fit(to.mean)
            ),
            Lang::En => format!(
                "{}, {}: {} FTE in {first}, {} in {last} ({low} to {high}).",
                name.en,
                small(&place.en),
                fit(from.mean),
                fit(to.mean)
            ),
        }
    })
}

fn table(subject: &Subject, zone: &str) -> Table {
    let (Some(first), Some(last)) = (subject.bands.years.first().copied(), subject.last()) else {
        return Table::default();
    };
    let place = subject.names.zone(zone);
    let mut table = Table::new(
        told(|lang| match lang {
            Lang::Nb => format!(
                "{}: avtalte årsverk (snitt, og 95 % av kjøringene i {last})",
                place.nb
            ),
            Lang::En => format!("{}: agreed FTE (mean, and 95% of runs in {last})", place.en),
        }),
        vec![
            Both::new("Yrkesgruppe", "Profession"),
            Both::new(format!("Tilbud {first}"), format!("Supply {first}")),
            Both::new(format!("Tilbud {last}"), format!("Supply {last}")),
            Both::new("2,5 %", "2.5%"),
            Both::new("97,5 %", "97.5%"),
            Both::new(format!("Etterspørsel {last}"), format!("Need {last}")),
            Both::new("Tilbud minus etterspørsel", "Supply less need"),
            Both::new("2,5 %", "2.5%"),
            Both::new("97,5 %", "97.5%"),
            Both::new("Andel av etterspørsel", "Share of need"),
        ],
    );
    let all = subject.by_size().into_iter().chain([ALL]);
    for profession in all {
        let at = |year, measure| {
            subject
                .bands
                .at(subject.base(), year, measure, profession, zone)
        };
        let (Some(then), Some(now)) = (at(last, "supply_fte"), at(first, "supply_fte")) else {
            continue;
        };
        let need = subject
            .need(subject.base(), last, profession, zone)
            .unwrap_or(f64::NAN);
        let gap =
            at(last, "gap_fte").map_or([f64::NAN; 3], |gap| [gap.mean, gap.bands[0], gap.bands[6]]);
        let mut row = vec![Cell::Text(subject.names.profession(profession))];
        let supply = [now.mean, then.mean, then.bands[0], then.bands[6]];
        row.extend(
            supply
                .into_iter()
                .chain([need])
                .chain(gap)
                .map(Cell::Number),
        );
        row.push(Cell::Share(gap[0] / need));
        table.rows.push(row);
    }
    table
}
