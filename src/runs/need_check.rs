//! Need against the national projection's printed tables, and the people behind it against
//! projections that it was not made from.
//!
//! Tables 2.4 and 2.5 of NOU 2023: 4 are what need is solved from, so they show that the mechanics
//! hold together: a steepness of use, a mix and a drift are solved, three scenarios must come out.
//! Total rows: nou_projections_0201, nou_projections_0202, nou_projections_0203,
//! nou_projections_0204, nou_projections_0205, nou_projections_0206, nou_projections_0207 (services)
//! and nou_projections_0306, nou_projections_0307, nou_projections_0308, nou_projections_0309
//! (professions). Told beside them, not judged: where base supply and shortage (table 2.1) are not
//! the base need of table 2.5. The people by place are validated: nothing is fitted to those lines.

use super::checks::Line;
use super::model::Model;
use crate::evidence::Table;
use crate::need::people::{CLASSES, Nation, Persons, Towns};
use crate::need::{InformalCare, Need, Request, Scenario};
use crate::words::{Problem, Year};

/// What a printed figure must be met within, as a share of it, besides its rounding.
const TOLERANCE: f64 = 0.01;
/// Half of the last printed digit: FTE are printed to the nearest 100.
const FTE_ROUNDING: f64 = 50.0;
/// Half of the last printed digit: growth is printed to a tenth of a per cent.
const PERCENT_ROUNDING: f64 = 0.05;
/// Accepted difference of projected people, as a share: two vintages of the national projection
/// differ by some 2 % in total by 2040, and by age and place by more.
const PEOPLE: f64 = 0.05;
/// Accepted difference of a share of old people: printed in whole per cent, and classes of 2024
/// beside classes of 2020.
const OLD_SHARE: f64 = 0.01;
/// A line with this tolerance is told, not judged.
pub const TOLD: f64 = f64::INFINITY;

/// The printed year.
const PRINTED: Year = 2040;
/// First and last year of the regional projections of need told beside the model's.
const REGIONAL: (Year, Year) = (2017, 2035);
/// The age class that begins at 65; two on begin 75, and so on.
const FROM_65: usize = 13;

const PUBLISHED: &str = "external/ssb_projection_2022_published_totals.csv";
const NORTH: &str = "external/ssb_projection_2026_helse_nord_municipalities.csv";

/// How a scenario is named in the notes of the facts.
pub fn noted(scenario: Scenario) -> &'static str {
    ["scenario=low", "scenario=mid", "scenario=high"][scenario as usize]
}

/// Need against tables 2.4 and 2.5; none if the data folder has no need.
///
/// # Errors
/// A [`Problem`] if a parameter or table is missing.
pub fn need(model: &Model) -> Result<Vec<Line>, Problem> {
    let mut lines = Vec::new();
    for scenario in Scenario::ALL {
        let request = Request {
            scenario,
            ..Request::default()
        };
        let Some(need) = Need::project(&model.data, &model.base, &request, PRINTED)? else {
            return Ok(lines);
        };
        if scenario == Scenario::Low {
            base_lines(model, &need, &mut lines);
        }
        service_lines(model, &need, scenario, &mut lines);
        profession_lines(model, &need, scenario, &mut lines);
    }
    place_lines(model, &mut lines)?;
    Ok(lines)
}

/// A printed figure: table, quantity, group, service, year, and scenario ("" for the base year).
pub fn printed(
    model: &Model,
    table: &str,
    quantity: &str,
    profession: &str,
    sector: &str,
    scenario: &str,
) -> Option<f64> {
    let facts = &model.data.facts;
    facts
        .ids()
        .filter_map(|id| facts.get(id))
        .find(|fact| {
            fact.quantity == quantity
                && fact.about[0] == profession
                && fact.about[1] == sector
                && fact.locator.contains(table)
                && (fact.about[5] == model.base.year.to_string()) == scenario.is_empty()
                && fact.note.starts_with(scenario)
        })
        .and_then(|fact| fact.value)
}

fn level_line(margin: String, cell: &str, model: f64, evidence: f64) -> Line {
    Line {
        margin,
        cell: cell.to_string(),
        model,
        evidence,
        tolerance: TOLERANCE * evidence + FTE_ROUNDING,
    }
}

/// Growth in per cent; the tolerance is that of the level it leads to.
fn growth_line(margin: String, cell: &str, factor: f64, evidence: f64) -> Line {
    Line {
        margin,
        cell: cell.to_string(),
        model: 100.0 * (factor - 1.0),
        evidence,
        tolerance: TOLERANCE * (100.0 + evidence) + PERCENT_ROUNDING,
    }
}

fn service_lines(model: &Model, need: &Need, scenario: Scenario, lines: &mut Vec<Line>) {
    let number = need.services().len();
    let sum = |year| (0..number).map(|s| need.by_service(year, s)).sum::<f64>();
    let base = model.base.year;
    let mut line = |id: &str, now: f64, then: f64| {
        let of = |quantity, note| printed(model, "table 2.4", quantity, "all_staff", id, note);
        let named = |what: &str| format!("table 2.4, {}, {what}", scenario.id());
        if scenario == Scenario::Low
            && let Some(found) = of("fte", "")
        {
            lines.push(level_line("table 2.4, base year".into(), id, now, found));
        }
        if let Some(found) = of("demand_fte", noted(scenario)) {
            lines.push(level_line(named("FTE"), id, then, found));
        }
        if let Some(found) = of("demand_growth_pct", noted(scenario)) {
            lines.push(growth_line(named("growth %"), id, then / now, found));
        }
    };
    for (s, id) in need.services().iter().enumerate() {
        line(id, need.by_service(base, s), need.by_service(PRINTED, s));
    }
    line("all", sum(base), sum(PRINTED));
}

fn profession_lines(model: &Model, need: &Need, scenario: Scenario, lines: &mut Vec<Line>) {
    let base = model.base.year;
    let mut sums = (0.0, 0.0);
    let of = |id: &str, quantity| printed(model, "table 2.5", quantity, id, "all", noted(scenario));
    let named = |what: &str| format!("table 2.5, {}, {what}", scenario.id());
    for (number, profession) in model.data.classification.professions.iter().enumerate() {
        let id = profession.id.as_str();
        let (now, then) = (need.national(base, number), need.national(PRINTED, number));
        let Some(found) = of(id, "demand_fte") else {
            continue;
        };
        sums.0 += now;
        sums.1 += then;
        lines.push(level_line(named("FTE"), id, then, found));
        if let Some(found) = of(id, "demand_growth_pct") {
            lines.push(growth_line(named("growth %"), id, then / now, found));
        }
    }
    if let Some(found) = of("all_health", "demand_fte") {
        lines.push(level_line(
            named("FTE"),
            "sum of the professions",
            sums.1,
            found,
        ));
    }
}

/// The base year: table 2.5 as printed, and told beside it, supply (table 2.2) and shortage (table
/// 2.1), which do not always sum to it.
fn base_lines(model: &Model, need: &Need, lines: &mut Vec<Line>) {
    let base = model.base.year;
    let mut sum = 0.0;
    for (number, profession) in model.data.classification.professions.iter().enumerate() {
        let id = profession.id.as_str();
        let of = |table, quantity| printed(model, table, quantity, id, "all", "");
        let Some(found) = of("table 2.5", "demand_fte") else {
            continue;
        };
        let now = need.national(base, number);
        sum += now;
        lines.push(level_line("table 2.5, base year".into(), id, now, found));
        let supply = model.base.margins[number].fte.iter().sum::<f64>();
        let shortage = -of("table 2.1", "balance_fte").unwrap_or(0.0);
        // Two figures rounded to 100 each, and a third.
        if (supply + shortage - found).abs() > 3.0 * FTE_ROUNDING - 1.0 {
            lines.push(Line {
                margin: "tables 2.1 + 2.2 differ from 2.5".into(),
                cell: id.into(),
                model: found,
                evidence: supply + shortage,
                tolerance: TOLD,
            });
        }
    }
    if let Some(found) = printed(model, "table 2.5", "demand_fte", "all_health", "all", "") {
        let cell = "sum of the professions";
        lines.push(level_line("table 2.5, base year".into(), cell, sum, found));
    }
}

/// Growth of need by place from demography alone, beside the regional projections
/// nou_projections_0361 and nou_projections_0362, which start two years before the model: told.
fn place_lines(model: &Model, lines: &mut Vec<Line>) -> Result<(), Problem> {
    let request = Request {
        scenario: Scenario::Low,
        service_standard: Some(0.0),
        productivity: Some(0.0),
        informal_care: Some(InformalCare::ConstantShare),
        health_improvement: Some(0.0),
    };
    let Some(need) = Need::project(&model.data, &model.base, &request, PRINTED)? else {
        return Ok(());
    };
    let base = model.base.year;
    let zones = &model.data.zones;
    let stretch = f64::from(REGIONAL.1 - REGIONAL.0) / f64::from(REGIONAL.1 - base);
    for (id, group, end) in [
        ("nou_projections_0361", zones.groups.first(), 0),
        ("nou_projections_0361", zones.groups.first(), 1),
        ("nou_projections_0362", zones.groups.last(), 2),
    ] {
        let (Some(fact), Some(group)) = (model.data.facts.get(id), group) else {
            continue;
        };
        let (what, Some(evidence)) = [
            ("least", fact.range.0),
            ("most", fact.range.1),
            ("about", fact.value),
        ][end] else {
            continue;
        };
        let sum = |year| -> f64 {
            let inside =
                (0..zones.len()).filter(|z| zones.groups[zones.zones[*z].group].id == group.id);
            inside.map(|z| need.in_zone(year, z)).sum()
        };
        lines.push(Line {
            margin: "need growth %, demography only".into(),
            cell: format!("{}, {}-{}, {what}", group.id, REGIONAL.0, REGIONAL.1),
            model: 100.0 * ((sum(REGIONAL.1) / sum(base)).powf(stretch) - 1.0),
            evidence,
            tolerance: TOLD,
        });
    }
    Ok(())
}

/// Validation of the people by place: shares of 70 and over by centrality, and the northern
/// counties in 2040 by age from a projection two years younger than any that went in. Counties'
/// totals go in, so only ages can differ by much. None without the tables.
///
/// # Errors
/// A [`Problem`] if a table is malformed.
pub fn people(model: &Model) -> Result<Vec<Line>, Problem> {
    let data = &model.data;
    let mut lines = Vec::new();
    if !data.folder.has(PUBLISHED) || !data.folder.has(NORTH) {
        return Ok(lines);
    }
    let nation = Nation::read(data)?;
    let towns = Towns::project(data, &nation)?;
    let municipalities = &data.zones.municipalities;
    let among = |year: Year, inside: &dyn Fn(usize) -> bool| -> Persons {
        let mut sum = [0.0; CLASSES];
        for town in (0..municipalities.len()).filter(|t| inside(*t)) {
            let people = towns.on_new_year(town, year);
            sum.iter_mut().zip(people).for_each(|(s, n)| *s += n);
        }
        sum
    };
    let table = Table::read(&data.folder, PUBLISHED, &["variable", "year", "value"])?;
    for class in [1u8, 6] {
        let variable = format!("share70plus_class{class}_pct");
        for row in table.rows() {
            if table.text(row, "variable") != variable {
                continue;
            }
            let year = table.number(row, "year")? as Year;
            let people = among(year, &|t| municipalities[t].class == class);
            lines.push(Line {
                margin: "share of people 70 and over".into(),
                cell: format!("centrality class {class}, {year}"),
                model: people[FROM_65 + 1..].iter().sum::<f64>() / people.iter().sum::<f64>(),
                evidence: table.number(row, "value")? / 100.0,
                tolerance: OLD_SHARE,
            });
        }
    }
    let columns = ["MMMM", "MMMM_65plus", "MMMM_80plus"];
    let mut needed = vec!["kom2024", "year"];
    needed.extend(columns);
    let table = Table::read(&data.folder, NORTH, &needed)?;
    let mut counties: Vec<(&str, [f64; 3])> = Vec::new();
    for row in table.rows() {
        let number = table.text(row, "kom2024");
        let Some(town) = municipalities.iter().find(|t| t.name.starts_with(number)) else {
            continue;
        };
        let at = match counties.iter().position(|(c, _)| *c == town.county) {
            Some(at) => at,
            None => {
                counties.push((&town.county, [0.0; 3]));
                counties.len() - 1
            }
        };
        for (sum, column) in counties[at].1.iter_mut().zip(columns) {
            *sum += table.number(row, column)?;
        }
    }
    for (county, evidence) in counties {
        let people = among(PRINTED, &|t| municipalities[t].county == county);
        let from = |class: usize| people[class..].iter().sum::<f64>();
        let found = [
            ("all", from(0)),
            ("65+", from(FROM_65)),
            ("80+", from(FROM_65 + 3)),
        ];
        for ((age, model), evidence) in found.into_iter().zip(evidence) {
            lines.push(Line {
                margin: format!("people {PRINTED}, projection of 2026"),
                cell: format!("{county}, {age}"),
                model,
                evidence,
                tolerance: PEOPLE * evidence,
            });
        }
    }
    Ok(lines)
}
