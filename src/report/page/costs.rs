//! What scenarios cost beside what they give, who takes part and who is reached.

use super::markup::{Cell, Figure, Table, fit, told};
use super::rows::or_nan;
use super::subject::Subject;
use crate::picture::{Both, Curve, Curves, Lang, Plane, PlaneGroup, curves, plane};
use crate::tallies::ALL;

/// The means of cost and gain, a mark for each scenario. The files hold both spreads, not which
/// cost went with which gain, so no cloud of runs is drawn.
pub fn worth(subject: &Subject) -> Option<Figure> {
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
        for (text, lang) in [(&mut said.nb, Lang::Nb), (&mut said.en, Lang::En)] {
            let (gain, cost) = (fit(mean.0, lang), fit(mean.1 / 1e6, lang));
            let name = name.in_lang(lang);
            text.push_str(&match lang {
                Lang::Nb => format!("{name}: {gain} årsverk for {cost} millioner kroner. "),
                Lang::En => format!("{name}: {gain} FTE-years for NOK {cost} million. "),
            });
        }
        let per = find(scenario, "cost_per_fte_year", "target").and_then(|row| row.mean);
        let numbers = [
            mean.0,
            or_nan(gain.p025),
            or_nan(gain.p975),
            mean.1,
            or_nan(cost.p025),
            or_nan(cost.p975),
            or_nan(per),
        ];
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
        id: "cost-plane".to_owned(),
        title,
        description: said,
        x: Both::new("Tilførte årsverk i området", "Added FTE-years in the area"),
        y: Both::new("Kostnad, millioner kroner", "Cost, NOK million"),
        groups,
    });
    Some(Figure { drawing, table })
}

/// How likely it is that the gain is worth its cost, by what one would pay.
pub fn accepted(subject: &Subject) -> Option<Figure> {
    let rows = subject.acceptable.as_ref()?;
    let title = Both::new(
        "Sannsynlighet for at tiltaket er verdt kostnaden",
        "Probability that the policy is worth its cost",
    );
    let mut table = Table::new(
        title.clone(),
        [
            ("Scenario", "Scenario"),
            (
                "Betalingsvilje, kroner per årsverk",
                "Willingness to pay, NOK per FTE-year",
            ),
            ("Sannsynlighet", "Probability"),
        ]
        .map(|(nb, en)| Both::new(nb, en))
        .to_vec(),
    );
    let mut lines = Vec::new();
    for scenario in subject.scenarios() {
        let own = rows
            .iter()
            .filter(|row| row.scenario == scenario && row.zone == "target");
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
            lines.push(Curve {
                name,
                points,
                steps,
            });
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
        x: Both::new(
            "Betalingsvilje, millioner kroner per årsverk",
            "Willingness to pay, NOK million per FTE-year",
        ),
        y: Both::new("Sannsynlighet", "Probability"),
        percent: true,
        curves: lines,
    });
    Some(Figure { drawing, table })
}

/// Participants and cost by year.
pub fn by_year(subject: &Subject) -> Option<Table> {
    let costs = subject.costs.as_deref().filter(|costs| !costs.is_empty())?;
    let price = costs.iter().find_map(|row| row.price_year);
    let price = price.map_or(String::new(), |year| format!(" ({year})"));
    let mut table = Table::new(
        Both::new(
            "Deltakere og kostnad per år",
            "Participants and cost by year",
        ),
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
    Some(table)
}

/// Who was reached, and what they would have done anyway, in the last year.
pub fn reached(subject: &Subject) -> Option<Table> {
    let rows = subject.reached.as_ref()?;
    let last = rows.iter().map(|row| row.year).max()?;
    let mut table = Table::new(
        told(|lang| match lang {
            Lang::Nb => format!(
                "De som er nådd til og med {last}: holder = er i helsejobb i området; uansett = ville ha vært der uten tiltaket; flyttet = er et annet sted i referansebanen; hentet inn = er ikke der i referansebanen i det hele tatt"
            ),
            Lang::En => format!(
                "Those reached until {last}: holding = in a health job in the area; anyway = would be there without the policy; moved = elsewhere in the base; brought in = not in the base at all"
            ),
        }),
        [
            ("Scenario", "Scenario"),
            ("Tiltak", "Policy"),
            ("Hva", "What"),
            ("Snitt", "Mean"),
            ("2,5 %", "2.5%"),
            ("97,5 %", "97.5%"),
        ]
        .map(|(nb, en)| Both::new(nb, en))
        .to_vec(),
    );
    for row in rows.iter().filter(|row| row.year == last) {
        let (nb, en) = match row.measure.as_str() {
            "reached" => ("nådd", "reached"),
            "holding" => ("holder", "holding"),
            "anyway" => ("uansett", "anyway"),
            "moved" => ("flyttet", "moved"),
            "brought_in" => ("hentet inn", "brought in"),
            "deadweight" => ("andel uansett", "share anyway"),
            other => (other, other),
        };
        let numbers = [row.mean, row.p025, row.p975].map(or_nan);
        let share = row.measure == "deadweight";
        let mut cells = vec![
            Cell::Text(subject.scenario(&row.scenario)),
            Cell::Text(subject.names.policy(&row.policy)),
            Cell::Text(Both::new(nb, en)),
        ];
        cells.extend(numbers.map(|value| {
            if share {
                Cell::Share(value)
            } else {
                Cell::Number(value)
            }
        }));
        table.rows.push(cells);
    }
    Some(table)
}
