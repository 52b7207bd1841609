//! Where people come from and go to, and whom a policy takes its gain from.

use super::cells::GROUPS;
use super::markup::{Cell, Figure, Section, Table, choose, fit, heading, identifier, told};
use super::rows::{Effect, or_nan};
use super::subject::Subject;
use crate::picture::{Both, Flows, IntervalRow, Intervals, Lang, flows, intervals};
use crate::tallies::ALL;

/// Where a policy acts, and everywhere else.
const PARTS: [&str; 4] = ["target", "other_central", "other_middle", "other_rural"];

/// The section; `None` if the run says nothing of moves.
pub fn section(subject: &Subject) -> Option<Section> {
    let mut section = Section::new(
        "moves",
        "Flytting og fortrengning",
        "Moves and displacement",
    );
    if let Some(figure) = flow(subject) {
        section.show(figure);
    }
    if let Some(table) = gains(subject) {
        section.body.push_str(&table.html());
    }
    let displaced: Vec<Figure> = subject
        .scenarios()
        .into_iter()
        .filter_map(|scenario| displaced(subject, scenario))
        .collect();
    if !displaced.is_empty() {
        section.body.push_str(&heading(&Both::new(
            "Hvor gevinsten tas fra",
            "Where the gain is taken from",
        )));
        section.say(&Both::new(
            "Årsverk lagt sammen over årene der tiltaket virker, og overalt ellers. Er summen nær null, er folk flyttet og ikke vunnet.",
            "FTE-years summed over the years where the policy acts, and everywhere else. Where the sum is near zero people were moved, not won.",
        ));
        for figure in displaced {
            section.show(figure);
        }
    }
    (!section.body.is_empty()).then_some(section)
}

/// Moves into and out of health jobs by centrality, in the last year, in the base.
fn flow(subject: &Subject) -> Option<Figure> {
    let last = subject.last()?;
    let found = subject.bands.flows(subject.base(), last);
    let mut table = Table::new(
        told(|lang| match lang {
            Lang::Nb => format!("Personer som kom til eller forlot helsejobber i {last} (snitt)"),
            Lang::En => format!("Persons who came to or left health jobs in {last} (mean)"),
        }),
        [
            ("Fra", "From"),
            ("Til", "To"),
            ("Personer, snitt", "Persons, mean"),
            ("2,5 %", "2.5%"),
            ("97,5 %", "97.5%"),
        ]
        .map(|(nb, en)| Both::new(nb, en))
        .to_vec(),
    );
    const FROM: [&str; 6] = [
        "education",
        "abroad",
        "outside_health",
        "central",
        "middle",
        "rural",
    ];
    const TO: [&str; 7] = [
        "central",
        "middle",
        "rural",
        "outside_health",
        "pension",
        "abroad",
        "death",
    ];
    let mut links = Vec::new();
    for (from, to, summary) in found {
        let ends = FROM
            .iter()
            .position(|id| *id == from)
            .zip(TO.iter().position(|id| *id == to));
        // A move inside a group joins the group to itself and would hide the others.
        let Some((left, right)) = ends.filter(|_| from != to) else {
            continue;
        };
        if summary.mean > 0.0 {
            links.push((left, right, summary.mean));
        }
        let mut row = vec![
            Cell::Text(subject.names.zone(from)),
            Cell::Text(subject.names.zone(to)),
        ];
        row.extend([summary.mean, summary.bands[0], summary.bands[6]].map(Cell::Number));
        table.rows.push(row);
    }
    if links.is_empty() {
        return None;
    }
    let total: f64 = links.iter().map(|(_, _, persons)| persons).sum();
    let drawing = flows(&Flows {
        id: "moves".to_owned(),
        title: table.caption.clone(),
        description: told(|lang| {
            let total = fit(total, lang);
            match lang {
                Lang::Nb => format!(
                    "{total} flyttinger mellom grupper av kommuner og inn i og ut av helsejobber."
                ),
                Lang::En => format!(
                    "{total} moves between groups of municipalities and into and out of health jobs."
                ),
            }
        }),
        unit: Both::new("personer", "persons"),
        left: FROM.map(|id| subject.names.zone(id)).to_vec(),
        right: TO.map(|id| subject.names.zone(id)).to_vec(),
        links,
    });
    Some(Figure { drawing, table })
}

/// Net gain by centrality in the last year.
fn gains(subject: &Subject) -> Option<Table> {
    let last = subject.last()?;
    let mut table = Table::new(
        told(|lang| match lang {
            Lang::Nb => {
                format!("Netto tilvekst av personer i helsejobber i {last}, i referansebanen")
            }
            Lang::En => format!("Net gain of persons in health jobs in {last}, in the base"),
        }),
        [
            ("Område", "Area"),
            ("Snitt", "Mean"),
            ("2,5 %", "2.5%"),
            ("97,5 %", "97.5%"),
        ]
        .map(|(nb, en)| Both::new(nb, en))
        .to_vec(),
    );
    for zone in GROUPS.into_iter().chain([ALL]) {
        if let Some(found) = subject
            .bands
            .at(subject.base(), last, "net_gain", ALL, zone)
        {
            let mut row = vec![Cell::Text(subject.names.zone(zone))];
            row.extend([found.mean, found.bands[0], found.bands[6]].map(Cell::Number));
            table.rows.push(row);
        }
    }
    (!table.rows.is_empty()).then_some(table)
}

fn displaced(subject: &Subject, scenario: &str) -> Option<Figure> {
    let effects = subject.effects.as_ref()?;
    let find = |zone: &str| -> Option<&Effect> {
        let mut all = effects.iter();
        all.find(|row| row.scenario == scenario && row.measure == "fte_years" && row.zone == zone)
    };
    let title = subject.scenario(scenario);
    let mut table = Table::of_bands(
        told(|lang| {
            let title = title.in_lang(lang);
            format!(
                "{title}: {}",
                choose(lang, "årsverk, sum over årene", "FTE-years")
            )
        }),
        &[("Område", "Area")],
        &[("P(>0)", "P(>0)")],
    );
    let mut rows = Vec::new();
    for zone in PARTS.into_iter().chain([ALL]) {
        let Some(own) = find(zone) else { continue };
        let (name, bands) = (subject.names.zone(zone), own.bands());
        rows.push(IntervalRow {
            name: name.clone(),
            bands,
            note: told(|lang| {
                let mean = fit(or_nan(own.mean), lang);
                format!("{} {mean}", choose(lang, "snitt", "mean"))
            }),
        });
        let mut row = vec![Cell::Text(name)];
        row.extend([or_nan(own.mean), bands[0], bands[3], bands[6]].map(Cell::Number));
        row.push(Cell::Share(or_nan(own.p_positive)));
        table.rows.push(row);
    }
    if rows.is_empty() {
        return None;
    }
    let drawing = intervals(&Intervals {
        id: identifier(&["displacement", scenario]),
        title,
        description: table.caption.clone(),
        unit: Both::new("Årsverk, sum over årene", "FTE-years"),
        zero: true,
        rows,
    });
    Some(Figure { drawing, table })
}
