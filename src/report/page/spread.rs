//! Where the spread comes from: chance and parameters, which parameters, and what it would be
//! worth to know them.

use super::markup::{Cell, Figure, Section, Table, both, choose, heading, told};
use super::rows::{Driver, Split, or_nan};
use super::subject::Subject;
use crate::picture::{Bars, Both, bars};
use crate::tallies::ALL;

/// The numbers that are told of: measure and zone, for all professions.
const ASKED: [(&str, &str); 4] = [
    ("supply_fte", ALL),
    ("supply_fte", "rural"),
    ("gap_fte", ALL),
    ("gap_fte", "rural"),
];
/// Parameters and sources told of in each.
const MOST: usize = 10;

/// The section; `None` if the run has no draws of the parameters.
pub fn section(subject: &Subject) -> Option<Section> {
    if !subject.has_draws() && subject.list("/variants").len() < 2 {
        return None;
    }
    let mut section = Section::new(
        "spread",
        "Hvor usikkerheten kommer fra",
        "Where the uncertainty comes from",
    );
    section.body.push_str("<div class=grid>\n");
    for figure in [split(subject), drivers(subject)].into_iter().flatten() {
        section.show(figure);
    }
    section.body.push_str("</div>\n");
    if let Some(table) = sources(subject) {
        section.body.push_str(&heading(&Both::new(
            "Parameterne som betyr mest",
            "The parameters that matter most",
        )));
        section.say(&Both::new(
            "Grad A er register eller offentlig statistikk, B en studie av samme befolkning, C en studie fra et annet sted eller et nærliggende mål, D en antakelse. «Skilt fra støy» sier om andelen er større enn det så mange trekninger kan gi ved en tilfeldighet.",
            "Grade A is a register or official statistics, B a study of the same population, C a study elsewhere or a proxy, D an assumption. “Told from noise” says whether the share is larger than that many draws give by accident.",
        ));
        section.body.push_str(&table.html());
    }
    if let Some(table) = worth(subject) {
        let summary = Both::new(
            "Hva mer kunnskap kan gi",
            "What better knowledge could give",
        );
        section.body.push_str(&format!(
            "<details><summary>{}</summary>\n{}</details>\n",
            both(&summary),
            table.html()
        ));
    }
    Some(section)
}

/// The name of a number: measure and zone.
fn name(subject: &Subject, measure: &str, zone: &str) -> Both {
    let place = subject.names.zone(zone);
    told(|lang| {
        let measure = match measure {
            "gap_fte" => choose(lang, "Tilbud minus etterspørsel", "Supply less need"),
            _ => choose(lang, "Tilbud", "Supply"),
        };
        let place = super::names::small(place.in_lang(lang));
        format!("{measure}, {place}")
    })
}

fn split(subject: &Subject) -> Option<Figure> {
    let rows = subject.splits.as_ref()?;
    let last = subject.last()?;
    let parts = [
        ("Parametere", "Parameters"),
        ("Modellvarianter", "Structural variants"),
        ("Justering", "Alignment"),
        ("Samspill", "Interaction"),
        ("Tilfeldighet", "Chance"),
    ]
    .map(|(nb, en)| Both::new(nb, en));
    let title = told(|lang| {
        format!(
            "{} {last}",
            choose(lang, "Andeler av variansen i", "Shares of the variance in")
        )
    });
    let mut head = vec![Both::new("Tall", "Number")];
    head.extend(parts.iter().cloned());
    let mut table = Table::new(title.clone(), head);
    let mut all = Vec::new();
    for (measure, zone) in ASKED {
        let found = rows.iter().find(|row| {
            row.scenario == subject.base()
                && row.year == last
                && row.measure == measure
                && row.profession == ALL
                && row.zone == zone
        });
        let Some(row) = found else { continue };
        let name = name(subject, measure, zone);
        let shares = shares(row);
        let mut cells = vec![Cell::Text(name.clone())];
        cells.extend(shares.map(Cell::Share));
        table.rows.push(cells);
        all.push((name, shares.map(|share| 100.0 * share.max(0.0)).to_vec()));
    }
    if all.is_empty() {
        return None;
    }
    // Parts that no bar has would only lengthen the key.
    let held: Vec<usize> = (0..parts.len())
        .filter(|part| {
            all.iter()
                .any(|(_, shares): &(Both, Vec<f64>)| shares[*part] > 0.0)
        })
        .collect();
    let drawing = bars(&Bars {
        id: "variance".to_owned(),
        description: Both::new(
            "Hvor mye av spredningen som er uvisshet om parameterne, og hvor mye som er tilfeldighet mellom liv.",
            "How much of the spread is not knowing the parameters, and how much is chance between lives.",
        ),
        title,
        unit: Both::new("prosent av variansen", "per cent of the variance"),
        parts: held.iter().map(|part| parts[*part].clone()).collect(),
        bars: all
            .into_iter()
            .map(|(name, shares)| (name, held.iter().map(|part| shares[*part]).collect()))
            .collect(),
    });
    Some(Figure { drawing, table })
}

fn shares(row: &Split) -> [f64; 5] {
    [
        row.parameter_share,
        row.structural_share,
        row.alignment_share,
        row.interaction_share,
        row.stochastic_share,
    ]
    .map(|share| share.unwrap_or(0.0))
}

/// The parameters behind a number, the most important first.
fn behind<'a>(subject: &'a Subject, measure: &str, zone: &str) -> Vec<&'a Driver> {
    let rows = subject.drivers.iter().flatten();
    let mut own: Vec<&Driver> = rows
        .filter(|row| {
            row.scenario == subject.base()
                && row.measure == measure
                && row.profession == ALL
                && row.zone == zone
        })
        .collect();
    own.sort_by_key(|row| (std::cmp::Reverse(row.year), row.rank));
    own.truncate(MOST);
    own
}

fn drivers(subject: &Subject) -> Option<Figure> {
    let own = behind(subject, "gap_fte", ALL);
    let first = own.first()?;
    let title = told(|lang| {
        let year = first.year;
        match lang {
            crate::picture::Lang::Nb => {
                format!("Parameterne bak tilbud minus etterspørsel i {year}")
            }
            crate::picture::Lang::En => format!("The parameters behind supply less need in {year}"),
        }
    });
    let mut table = Table::new(
        title.clone(),
        vec![
            Both::new("Parameter (grad)", "Parameter (grade)"),
            Both::new("Andel av variansen", "Share of the variance"),
            Both::new("Standardfeil", "Standard error"),
        ],
    );
    let mut all = Vec::new();
    for row in &own {
        let name = Both::same(format!("{} ({})", row.parameter, row.grade));
        all.push((name.clone(), vec![100.0 * or_nan(row.share)]));
        table.rows.push(vec![
            Cell::Text(name),
            Cell::Share(or_nan(row.share)),
            Cell::Share(or_nan(row.share_se)),
        ]);
    }
    let drawing = bars(&Bars {
        id: "drivers".to_owned(),
        description: title.clone(),
        title,
        unit: Both::new("prosent av variansen", "per cent of the variance"),
        parts: vec![Both::new("Andel", "Share")],
        bars: all,
    });
    Some(Figure { drawing, table })
}

fn sources(subject: &Subject) -> Option<Table> {
    let mut table = Table::new(
        Both::new(
            "Parametere med grad og kilder; begrunnelsene er på engelsk, som i datafilene",
            "Parameters with grade and sources",
        ),
        [
            ("Parameter", "Parameter"),
            ("Tall", "Number"),
            ("År", "Year"),
            ("Grad", "Grade"),
            ("Andel", "Share"),
            ("Standardfeil", "Standard error"),
            ("Virkning, årsverk", "Effect, FTE"),
            ("Skilt fra støy", "Told from noise"),
            ("Kilder", "Sources"),
            ("Begrunnelse", "Reasoning"),
        ]
        .map(|(nb, en)| Both::new(nb, en))
        .to_vec(),
    );
    for (measure, zone) in ASKED {
        for row in behind(subject, measure, zone) {
            let facts = row.facts.trim();
            let sources = if facts.is_empty() {
                row.sources.clone()
            } else {
                format!("{} ({facts})", row.sources)
            };
            table.rows.push(vec![
                Cell::Text(Both::same(&row.parameter)),
                Cell::Text(name(subject, measure, zone)),
                Cell::Plain(row.year.into()),
                Cell::Text(Both::same(&row.grade)),
                Cell::Share(or_nan(row.share)),
                Cell::Share(or_nan(row.share_se)),
                Cell::Number(or_nan(row.effect)),
                Cell::Text(if row.told {
                    Both::new("ja", "yes")
                } else {
                    Both::new("nei", "no")
                }),
                Cell::Text(Both::same(sources)),
                Cell::English(row.reasoning.clone()),
            ]);
        }
    }
    (!table.rows.is_empty()).then_some(table)
}

/// Groups of parameters whose knowledge would narrow the balance most.
fn worth(subject: &Subject) -> Option<Table> {
    let rows = subject.worth.as_ref()?;
    let mut table = Table::new(
        Both::new(
            "Hvor mye standardavviket i tilbud minus etterspørsel i hele landet ville synke om en kilde eller en prosess var kjent fullt ut; nær eller under null er ikke skilt fra støy",
            "How much the standard deviation of supply less need in the whole country would fall if a source or process were fully known; near or below zero is not told from noise",
        ),
        [
            ("Kilde eller prosess", "Source or process"),
            ("Parametere", "Parameters"),
            ("Nedgang, årsverk", "Fall, FTE"),
            ("Standardfeil", "Standard error"),
            ("Standardavvik nå", "Standard deviation now"),
        ]
        .map(|(nb, en)| Both::new(nb, en))
        .to_vec(),
    );
    for kind in ["process", "source"] {
        let mut own: Vec<_> = rows
            .iter()
            .filter(|row| {
                let cell = row.measure == "gap_fte" && row.profession == ALL && row.zone == ALL;
                row.kind == kind && row.quantity == "sd_reduction" && cell
            })
            .collect();
        own.sort_by(|a, b| or_nan(b.value).total_cmp(&or_nan(a.value)));
        for row in own.into_iter().take(MOST) {
            table.rows.push(vec![
                Cell::Text(Both::same(row.group.replace('_', " "))),
                Cell::Number(f64::from(row.parameters)),
                Cell::Number(or_nan(row.value)),
                Cell::Number(or_nan(row.se)),
                Cell::Number(or_nan(row.sd_now)),
            ]);
        }
    }
    (!table.rows.is_empty()).then_some(table)
}
