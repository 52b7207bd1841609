//! The balance of supply and need by county, as a tile map, and by zone.

use super::markup::{Cell, Figure, Section, Table, both, fit, percent, told};
use super::subject::Subject;
use crate::picture::{Both, Lang, Level, Tile, Tiles, tiles};
use crate::tallies::ALL;
use crate::words::Year;

/// From which share of need a balance is told apart from none, and from which it is far from it.
const STEPS: [f64; 2] = [0.05, 0.15];

/// The section; `None` if the run says nothing of the balance by zone.
pub fn section(subject: &Subject) -> Option<Section> {
    let last = subject.last()?;
    let mut section = Section::new("zones", "Fylker og soner", "Counties and zones");
    section.say(&told(|lang| match lang {
        Lang::Nb => format!("Tilbud minus etterspørsel i {last}, alle yrkesgrupper, i årsverk og som andel av etterspørselen. Kartet legger fylkene omtrent der de ligger, like store."),
        Lang::En => format!("Supply less need in {last}, all professions, in FTE and as a share of need. The map puts counties roughly where they lie, all of one size."),
    }));
    let whole = picture(
        subject,
        last,
        "zones-whole",
        "",
        Both::new("Hele fylket", "The whole county"),
    );
    let rural = picture(
        subject,
        last,
        "zones-rural",
        "_rural",
        Both::new("Bare distriktskommunene", "Rural municipalities only"),
    );
    section.body.push_str("<div class=grid>\n");
    for figure in [whole, rural].into_iter().flatten() {
        section.show(figure);
    }
    section.body.push_str("</div>\n");
    let all = table(
        subject,
        last,
        Both::new(
            "Alle soner og sammenslåinger av soner",
            "Every zone and union of zones",
        ),
        subject
            .bands
            .zones
            .iter()
            .map(|zone| (zone.as_str(), subject.names.zone(zone))),
    );
    if all.rows.is_empty() {
        return None;
    }
    let summary = both(&Both::new("Alle soner", "Every zone"));
    let all = all.html();
    section.body.push_str(&format!(
        "<details><summary>{summary}</summary>\n{all}</details>\n"
    ));
    Some(section)
}

/// Supply less need: mean, ends of the 95 per cent band, and the mean's share of need.
fn balance(subject: &Subject, year: Year, zone: &str) -> Option<[f64; 4]> {
    let gap = subject
        .bands
        .at(subject.base(), year, "gap_fte", ALL, zone)?;
    let need = subject.need(subject.base(), year, ALL, zone)?;
    Some([gap.mean, gap.bands[0], gap.bands[6], gap.mean / need])
}

fn level(share: f64) -> Level {
    let [near, far] = STEPS;
    match share {
        share if share.is_nan() => Level::Unknown,
        share if share < -far => Level::MuchLess,
        share if share < -near => Level::Less,
        share if share <= near => Level::Even,
        share if share <= far => Level::More,
        _ => Level::MuchMore,
    }
}

fn legend() -> Vec<(Level, Both)> {
    [
        (Level::MuchLess, "mer enn 15 % under", "more than 15% below"),
        (Level::Less, "5 til 15 % under", "5 to 15% below"),
        (Level::Even, "innenfor 5 %", "within 5%"),
        (Level::More, "5 til 15 % over", "5 to 15% above"),
        (Level::MuchMore, "mer enn 15 % over", "more than 15% above"),
        (Level::Unknown, "ikke i kjøringen", "not in the run"),
    ]
    .map(|(level, nb, en)| (level, Both::new(nb, en)))
    .to_vec()
}

fn picture(subject: &Subject, year: Year, id: &str, kind: &str, title: Both) -> Option<Figure> {
    let mut map = Vec::new();
    let mut rows = Vec::new();
    for (area, tile) in subject.names.places.tiles() {
        let [row, column] = tile.map(|at| at as usize);
        let zone = format!("{area}{kind}");
        let found = balance(subject, year, &zone);
        let value = found.map_or(Both::same("–"), |[mean, _, _, share]| {
            told(|lang| format!("{} ({})", fit(mean, lang), percent(share, 0, lang)))
        });
        let name = subject.names.zone(area);
        if found.is_some() {
            rows.push((zone, name.clone()));
        }
        map.push(Tile {
            row,
            column,
            name,
            value,
            level: level(found.map_or(f64::NAN, |[.., share]| share)),
        });
    }
    if rows.is_empty() {
        return None;
    }
    let description = told(|lang| {
        let worst = rows
            .iter()
            .filter_map(|(zone, name)| Some((balance(subject, year, zone)?[3], name)));
        let worst = worst.min_by(|a, b| a.0.total_cmp(&b.0));
        let Some((share, name)) = worst else {
            return String::new();
        };
        match lang {
            Lang::Nb => format!(
                "{}: lavest i {}, {} av etterspørselen.",
                title.nb,
                name.nb,
                percent(share, 1, lang)
            ),
            Lang::En => format!(
                "{}: lowest in {}, {} of need.",
                title.en,
                name.en,
                percent(share, 1, lang)
            ),
        }
    });
    let caption = told(|lang| match lang {
        Lang::Nb => format!("{}: tilbud minus etterspørsel i {year}", title.nb),
        Lang::En => format!("{}: supply less need in {year}", title.en),
    });
    let named = rows
        .iter()
        .map(|(zone, name)| (zone.as_str(), name.clone()));
    let table = table(subject, year, caption, named);
    let drawing = tiles(&Tiles {
        id: id.to_owned(),
        title,
        description,
        legend: legend(),
        tiles: map,
    });
    Some(Figure { drawing, table })
}

fn table<'a>(
    subject: &Subject,
    year: Year,
    caption: Both,
    zones: impl Iterator<Item = (&'a str, Both)>,
) -> Table {
    let mut table = Table::new(
        caption,
        [
            ("Sone", "Zone"),
            (
                "Tilbud minus etterspørsel, årsverk",
                "Supply less need, FTE",
            ),
            ("2,5 %", "2.5%"),
            ("97,5 %", "97.5%"),
            ("Andel av etterspørsel", "Share of need"),
        ]
        .map(|(nb, en)| Both::new(nb, en))
        .to_vec(),
    );
    for (zone, name) in zones {
        if let Some([mean, low, high, share]) = balance(subject, year, zone) {
            let mut row = vec![Cell::Text(name)];
            row.extend([mean, low, high].map(Cell::Number));
            row.push(Cell::Share(share));
            table.rows.push(row);
        }
    }
    table
}
