//! Who stays: graduates in health jobs and where they studied, by years since they qualified.

use super::cells::Summary;
use super::markup::{Cell, Figure, Section, Table, both, percent, told};
use super::rows::{Retention, or_nan};
use super::subject::Subject;
use crate::picture::{Both, Curve, Curves, Lang, curves};
use crate::runs::scenario::BASE;
use crate::tallies::ALL;
use crate::words::Year;

/// The measures of staying, as `retention.csv` names them; in `bands.csv` they have a prefix.
const MEASURES: [(&str, &str, &str); 4] = [
    ("in_health", "I helse og omsorg", "In health and care"),
    ("in_sector", "I samme sektor", "In the same sector"),
    ("in_zone", "I samme sone", "In the same zone"),
    (
        "in_study_zone",
        "I sonen der de studerte",
        "In the zone where they studied",
    ),
];

/// The section; `None` if the run says nothing of who stays.
pub fn section(subject: &Subject) -> Option<Section> {
    let mut section = Section::new("stay", "Hvem blir", "Who stays");
    section.body.push_str("<div class=grid>\n");
    for figure in [first_class(subject), scenarios(subject)]
        .into_iter()
        .flatten()
    {
        section.show(figure);
    }
    section.body.push_str("</div>\n");
    if let Some(table) = diffusion(subject) {
        let summary = Both::new(
            "Hvor kandidatene er, etter studiested",
            "Where graduates are, by place of study",
        );
        section.body.push_str(&format!(
            "<details><summary>{}</summary>\n{}</details>\n",
            both(&summary),
            table.html()
        ));
    }
    if let Some(table) = durations(subject) {
        let summary = Both::new(
            "Hvor lenge en jobb varer, og alder ved pensjon",
            "How long a job lasts, and age at pension",
        );
        section.body.push_str(&format!(
            "<details><summary>{}</summary>\n{}</details>\n",
            both(&summary),
            table.html()
        ));
    }
    (section.figures.len() + section.body.matches("<table>").count() > 0).then_some(section)
}

/// The first class that graduates in the run, year by year, in the base.
fn first_class(subject: &Subject) -> Option<Figure> {
    let start: Year = subject.bands.years.first().copied()?;
    let title = Both::new(
        format!("De som ble ferdige i {}, i referansebanen", start + 1),
        format!("Those who qualified in {}, in the base", start + 1),
    );
    let mut table = columns(&title);
    let mut all = Vec::new();
    for (id, nb, en) in MEASURES {
        let series = subject
            .bands
            .series(subject.base(), &format!("retention_{id}"), ALL, ALL);
        let points = series
            .into_iter()
            .map(|(year, Summary { mean, bands, .. })| {
                let since = i64::from(year) - i64::from(start) - 1;
                (since, [mean, bands[0], bands[3], bands[6]])
            });
        add(&mut all, &mut table, &Both::new(nb, en), points);
    }
    figure("retention", title, all, table)
}

/// The classes since the policies began, all together, in the base and each scenario.
fn scenarios(subject: &Subject) -> Option<Figure> {
    let rows = subject.retention.as_ref()?;
    let title = Both::new(
        "Klassene etter at tiltakene begynte: i sonen der de studerte",
        "Classes since the policies began: in the zone where they studied",
    );
    let mut table = columns(&title);
    let mut all = Vec::new();
    for scenario in [BASE].into_iter().chain(subject.scenarios()) {
        let own = rows.iter().filter(|row| {
            row.scenario == scenario
                && row.measure == "in_study_zone"
                && [&row.study_place, &row.track, &row.profession]
                    .iter()
                    .all(|name| *name == ALL)
        });
        let points = own.map(|own| {
            let told = [own.mean, own.p025, own.p50, own.p975].map(or_nan);
            (i64::from(own.years_on), told)
        });
        add(&mut all, &mut table, &subject.scenario(scenario), points);
    }
    figure("retention-scenarios", title, all, table)
}

/// Adds a curve with its rows: years on, and mean, low, middle and high.
fn add(
    all: &mut Vec<Curve>,
    table: &mut Table,
    name: &Both,
    points: impl Iterator<Item = (i64, [f64; 4])>,
) {
    let mut curve = Curve {
        name: name.clone(),
        points: Vec::new(),
        steps: false,
    };
    for (years, shares) in points {
        let [_, low, middle, high] = shares;
        curve.points.push([years as f64, low, middle, high]);
        let mut row = vec![Cell::Text(name.clone()), Cell::Plain(years)];
        row.extend(shares.map(Cell::Share));
        table.rows.push(row);
    }
    if !curve.points.is_empty() {
        all.push(curve);
    }
}

fn columns(title: &Both) -> Table {
    let first = [("Hvem", "Who"), ("År etter", "Years on")];
    Table::of_bands(title.clone(), &first, &[])
}

fn figure(id: &str, title: Both, all: Vec<Curve>, table: Table) -> Option<Figure> {
    let ends = told(|lang| {
        let last = |curve: &Curve| {
            let [years, _, middle, _] = curve.points.last()?;
            let name = curve.name.in_lang(lang);
            let share = percent(*middle, 0, lang);
            Some(match lang {
                Lang::Nb => format!("{name}: {share} etter {years} år"),
                Lang::En => format!("{name}: {share} after {years} years"),
            })
        };
        all.iter().filter_map(last).collect::<Vec<_>>().join("; ")
    });
    if all.is_empty() {
        return None;
    }
    let drawing = curves(&Curves {
        id: id.to_owned(),
        title,
        description: ends,
        x: Both::new("År etter at de ble ferdige", "Years since they qualified"),
        y: Both::new("Andel", "Share"),
        percent: true,
        curves: all,
    });
    Some(Figure { drawing, table })
}

/// Graduates of each place of study: the share still in its zone after the first and the last year
/// told of, in the base and in each scenario.
fn diffusion(subject: &Subject) -> Option<Table> {
    let rows = subject.retention.as_ref()?;
    let mut table = Table::new(
        Both::new(
            "Andel av kandidatene som er i sonen der de studerte, første og siste år det er tall for",
            "Share of graduates in the zone where they studied, in the first and last year told of",
        ),
        [
            ("Studiested", "Place of study"),
            ("Scenario", "Scenario"),
            ("Studieløp", "Track"),
            ("År etter", "Years on"),
            ("Snitt", "Mean"),
            ("2,5 %", "2.5%"),
            ("97,5 %", "97.5%"),
        ]
        .map(|(nb, en)| Both::new(nb, en))
        .to_vec(),
    );
    let wanted = |row: &&Retention| row.measure == "in_study_zone" && row.profession == ALL;
    let mut own: Vec<&Retention> = rows.iter().filter(wanted).collect();
    let (first, last) = (
        own.iter().map(|row| row.years_on).min()?,
        own.iter().map(|row| row.years_on).max()?,
    );
    own.retain(|row| [first, last].contains(&row.years_on) && row.track != "other");
    own.sort_by(|a, b| a.study_place.cmp(&b.study_place));
    for row in own {
        let track = match row.track.as_str() {
            "decentralised" => Both::new("desentralisert", "decentralised"),
            _ => Both::new("alle", "all"),
        };
        let mut cells = vec![
            Cell::Text(subject.names.zone(&row.study_place)),
            Cell::Text(subject.scenario(&row.scenario)),
            Cell::Text(track),
            Cell::Plain(row.years_on.into()),
        ];
        cells.extend([row.mean, row.p025, row.p975].map(or_nan).map(Cell::Share));
        table.rows.push(cells);
    }
    (!table.rows.is_empty()).then_some(table)
}

fn durations(subject: &Subject) -> Option<Table> {
    let rows = subject.durations.as_ref()?;
    let mut table = Table::new(
        Both::new(
            "Enkeltliv i referansebanen, år",
            "Single lives in the base, years",
        ),
        [
            ("Yrkesgruppe", "Profession"),
            ("Hva", "What"),
            ("Liv", "Lives"),
            ("Snitt", "Mean"),
            ("25 %", "25%"),
            ("Median", "Median"),
            ("75 %", "75%"),
        ]
        .map(|(nb, en)| Both::new(nb, en))
        .to_vec(),
    );
    for own in rows {
        let what = match own.measure.as_str() {
            "years_in_job_at_its_end" => Both::new(
                "År i en jobb når den tar slutt",
                "Years in a job at its end",
            ),
            "age_at_old_age_pension" => {
                Both::new("Alder ved alderspensjon", "Age at old-age pension")
            }
            "age_at_disability_pension" => {
                Both::new("Alder ved uførepensjon", "Age at disability pension")
            }
            other => Both::same(other.replace('_', " ")),
        };
        let mut cells = vec![
            Cell::Text(subject.names.profession(&own.profession)),
            Cell::Text(what),
            Cell::Number(own.lives as f64),
        ];
        cells.extend(
            [own.mean, own.p25, own.p50, own.p75]
                .map(or_nan)
                .map(Cell::Number),
        );
        table.rows.push(cells);
    }
    (!table.rows.is_empty()).then_some(table)
}
