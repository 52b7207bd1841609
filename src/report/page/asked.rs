//! What was asked, and the answer in a few sentences.

use super::cells::Summary;
use super::markup::{
    Cell, Section, Table, band, both, choose, fit, heading, percent, three_digits, told,
};
use super::names::small;
use super::rows::{Effect, or_nan};
use super::subject::Subject;
use crate::picture::{Both, Lang, number};
use crate::tallies::ALL;
use crate::words::Year;

/// The section.
pub fn section(subject: &Subject) -> Section {
    let mut section = Section::new("asked", "Spørsmål og svar", "Question and answer");
    if subject.manifest["complete"].as_bool() == Some(false) {
        section.say(&Both::new(
            "Kjøringen ble avbrutt: tallene gjelder bare det som var ferdig.",
            "The run was interrupted: the figures are of what was complete alone.",
        ));
    }
    let base = subject.scenario(subject.base());
    let scenarios = subject.scenarios();
    let (first, last) = (subject.bands.years.first(), subject.last());
    if let (Some(first), Some(last)) = (first, last) {
        let names: Vec<Both> = scenarios
            .iter()
            .map(|name| subject.scenario(name))
            .collect();
        section.say(&asked(subject, *first, last, &base, &names));
        if scenarios.is_empty() {
            let outlook = outlook(subject, *first, last);
            if !outlook.nb.is_empty() {
                section.say(&outlook);
            }
        }
    }
    if let (Some(effects), false) = (&subject.effects, scenarios.is_empty()) {
        for name in scenarios {
            let own: Vec<&Effect> = effects.iter().filter(|row| row.scenario == name).collect();
            section.body.push_str(&heading(&subject.scenario(name)));
            section.say(&told(|lang| answer(&own, lang)));
        }
        let summary = Both::new("Alle virkninger og kostnader", "Every effect and cost");
        section.body.push_str(&format!(
            "<details><summary>{}</summary>\n{}</details>\n",
            both(&summary),
            table(subject, effects).html()
        ));
    }
    section.say(&holds(subject));
    section
}

fn asked(subject: &Subject, first: Year, last: Year, base: &Both, scenarios: &[Both]) -> Both {
    if scenarios.is_empty() {
        let closure = subject.text("/settings/conditions/closure");
        return told(|lang| {
            let market = match (closure, lang) {
                ("vacancy", Lang::Nb) => "når stillingene følger etterspørselen",
                ("vacancy", Lang::En) => "when posts follow need",
                (_, Lang::Nb) => "når alle som vil ha arbeid, får det",
                (_, Lang::En) => "when whoever wants a job has one",
            };
            match lang {
                Lang::Nb => format!(
                    "Spurt om: tilbud av og etterspørsel etter helsepersonell fra {first} til {last}, {market}."
                ),
                Lang::En => format!(
                    "Asked: supply of and need for health workers from {first} to {last}, {market}."
                ),
            }
        });
    }
    told(|lang| {
        let pick = |text: &Both| text.in_lang(lang).to_owned();
        let names: Vec<String> = scenarios
            .iter()
            .map(|own| format!("«{}»", pick(own)))
            .collect();
        let (names, base) = (names.join(", "), small(&pick(base)));
        match lang {
            Lang::Nb => format!("Spurt om: hva {names} endrer til og med {last}, sammenliknet med {base}, for de samme menneskene i de samme kjøringene."),
            Lang::En => format!("Asked: what {names} would change until {last}, compared with {base}, for the same people in the same runs.").replace('«', "“").replace('»', "”"),
        }
    })
}

/// A number with its 95 per cent band in parentheses.
fn with_band(mean: f64, bands: [f64; 7], lang: Lang) -> String {
    let of = choose(lang, "95 % av kjøringene", "95% of runs");
    format!(
        "{} ({of}: {})",
        fit(mean, lang),
        band(bands[0], bands[6], lang)
    )
}

/// How sure it is that a balance is below zero, as far as quantiles tell.
fn below_zero(bands: [f64; 7], lang: Lang) -> String {
    const LEVELS: [f64; 7] = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975];
    let below = LEVELS.iter().zip(bands).filter(|(_, value)| *value < 0.0);
    match below.map(|(level, _)| *level).next_back() {
        Some(level) => {
            let share = percent(level, usize::from(level == 0.025 || level == 0.975), lang);
            match lang {
                Lang::Nb => format!("underskudd i minst {share} av kjøringene"),
                Lang::En => format!("a shortage in at least {share} of runs"),
            }
        }
        None => choose(
            lang,
            "underskudd i færre enn 2,5 % av kjøringene",
            "a shortage in fewer than 2.5% of runs",
        )
        .to_owned(),
    }
}

fn outlook(subject: &Subject, first: Year, last: Year) -> Both {
    let base = subject.base();
    let at = |year, measure, zone| subject.bands.at(base, year, measure, ALL, zone);
    told(|lang| {
        let mut said = Vec::new();
        if let (Some(then), Some(now)) = (at(last, "supply_fte", ALL), at(first, "supply_fte", ALL))
        {
            let (then, now) = (with_band(then.mean, then.bands, lang), fit(now.mean, lang));
            said.push(match lang {
                Lang::Nb => format!("Svar: I {last} har tjenestene {then} avtalte årsverk, mot {now} i {first}."),
                Lang::En => format!("Answer: in {last} the services have {then} agreed full-time equivalents (FTE), against {now} in {first}."),
            });
        }
        for (zone, nb, en) in [
            (ALL, "I hele landet", "In the whole country"),
            ("rural", "I distriktskommunene", "In rural municipalities"),
        ] {
            let need = subject.need(base, last, ALL, zone);
            if let (Some(Summary { mean, bands, .. }), Some(need)) =
                (at(last, "gap_fte", zone), need)
            {
                let place = choose(lang, nb, en);
                let (gap, sure) = (with_band(mean, bands, lang), below_zero(bands, lang));
                let (share, need) = (percent(mean / need, 1, lang), fit(need, lang));
                said.push(match lang {
                    Lang::Nb => format!("{place} er tilbud minus etterspørsel {gap} årsverk, {share} av en etterspørsel på {need}: {sure}."),
                    Lang::En => format!("{place} supply less need is {gap} FTE, {share} of a need of {need}: {sure}."),
                });
            }
        }
        said.join(" ")
    })
}

fn find<'a>(own: &[&'a Effect], measure: &str, zone: &str) -> Option<&'a Effect> {
    let mut own = own.iter();
    own.find(|row| row.measure == measure && row.zone == zone)
        .copied()
}

fn answer(own: &[&Effect], lang: Lang) -> String {
    let mut said = Vec::new();
    for (zone, nb, en) in [
        (
            "target",
            "I området som tiltaket gjelder",
            "In the area the policy is for",
        ),
        (ALL, "I hele landet", "In the whole country"),
    ] {
        let Some(row) = find(own, "fte_years", zone) else {
            continue;
        };
        let place = choose(lang, nb, en);
        let change = with_band(or_nan(row.mean), row.bands(), lang);
        let likely = number(or_nan(row.p_positive), 2, lang);
        let from = row.from.map_or(String::new(), |year| year.to_string());
        let until = row.until;
        said.push(match lang {
            Lang::Nb => format!("{place} er endringen {change} årsverk lagt sammen over {from}–{until}; sannsynligheten for at den er over null, er {likely}."),
            Lang::En => format!("{place} the change is {change} FTE-years, summed over {from}–{until}; the probability that it is above zero is {likely}."),
        });
    }
    let Some(cost) = find(own, "cost", ALL).filter(|row| row.mean.is_some()) else {
        said.push(choose(lang, "Kostnaden er ikke kjent.", "The cost is not known.").to_owned());
        return said.join(" ");
    };
    let millions = |value: f64| value / 1e6;
    let spread = with_band(
        millions(or_nan(cost.mean)),
        cost.bands().map(millions),
        lang,
    );
    let unit = find(own, "cost_per_fte_year", "target").and_then(|row| Some((row.mean?, row)));
    // Over a loss the ratio says nothing.
    let unit = unit.filter(|(mean, _)| *mean > 0.0);
    let per = match unit {
        Some((mean, row)) => {
            // Most costs are assumptions within a factor of three: more digits would say too much.
            let mean = number(three_digits(mean), 0, lang);
            let spread = match row.p025.zip(row.p975) {
                Some((low, high)) => {
                    format!(" ({})", band(three_digits(low), three_digits(high), lang))
                }
                None => choose(
                    lang,
                    " (uten bånd, siden gevinsten ikke er over null i alle kjøringer)",
                    " (without a band, since the gain is not above zero in all runs)",
                )
                .to_owned(),
            };
            match lang {
                Lang::Nb => format!(", eller {mean} kroner per tilført årsverk i området{spread}"),
                Lang::En => format!(", or NOK {mean} per added FTE-year in the area{spread}"),
            }
        }
        None => choose(
            lang,
            "; kostnad per tilført årsverk er ikke definert, siden gevinsten i snitt ikke er over null",
            "; cost per added FTE-year is not defined, since the mean gain is not above zero",
        )
        .to_owned(),
    };
    said.push(match lang {
        Lang::Nb => format!("Det koster {spread} millioner kroner{per}."),
        Lang::En => format!("It costs NOK {spread} million{per}."),
    });
    // As the file notes it, after other notes.
    if let Some((_, unknown)) = cost.note.split_once("no cost is known of ") {
        said.push(match lang {
            Lang::Nb => format!("Kostnaden av disse er ikke kjent og ikke med: {unknown}."),
            Lang::En => format!("The cost of these is not known and not counted: {unknown}."),
        });
    }
    said.join(" ")
}

fn table(subject: &Subject, effects: &[Effect]) -> Table {
    let mut table = Table::new(
        Both::new(
            "Endring mot referansebanen, lagt sammen over årene (alle rader i effects.csv for alle sektorer samlet)",
            "Change against the base, summed over the years (all rows of effects.csv for all sectors together)",
        ),
        [
            ("Scenario", "Scenario"),
            ("Mål", "Measure"),
            ("Område", "Area"),
            ("Snitt", "Mean"),
            ("2,5 %", "2.5%"),
            ("97,5 %", "97.5%"),
            ("P(>0)", "P(>0)"),
        ]
        .map(|(nb, en)| Both::new(nb, en))
        .to_vec(),
    );
    for row in effects {
        table.rows.push(vec![
            Cell::Text(subject.scenario(&row.scenario)),
            Cell::Text(effect_name(&row.measure)),
            Cell::Text(subject.names.zone(&row.zone)),
            Cell::Number(or_nan(row.mean)),
            Cell::Number(or_nan(row.p025)),
            Cell::Number(or_nan(row.p975)),
            Cell::Share(or_nan(row.p_positive)),
        ]);
    }
    table
}

fn effect_name(id: &str) -> Both {
    match id {
        "fte_years" => Both::new("Årsverk, sum over årene", "FTE-years"),
        "fte_last_year" => Both::new("Årsverk i siste år", "FTE in the last year"),
        "persons_last_year" => Both::new("Personer i siste år", "Persons in the last year"),
        "cost" => Both::new("Kostnad, kroner", "Cost, NOK"),
        "cost_discounted" => Both::new("Kostnad, diskontert, kroner", "Cost, discounted, NOK"),
        "cost_per_fte_year" => Both::new("Kroner per tilført årsverk", "NOK per added FTE-year"),
        "cost_per_fte_year_discounted" => Both::new(
            "Kroner per tilført årsverk, diskontert",
            "NOK per added FTE-year, discounted",
        ),
        other => Both::same(other.replace('_', " ")),
    }
}

/// What the bands hold.
fn holds(subject: &Subject) -> Both {
    let (draws, seeds) = (subject.draws(), subject.list("/seeds").len());
    let variants = subject.list("/variants").len();
    let more = |lang| match variants {
        0 | 1 => String::new(),
        many => format!(
            " {} {many} {}",
            choose(lang, "og", "and"),
            choose(lang, "modellvarianter", "structural variants")
        ),
    };
    match subject.has_draws() {
        true => told(|lang| match lang {
            Lang::Nb => format!(
                "Båndene rommer usikre parametere ({draws} trekninger){} og tilfeldighet ({seeds} frø).",
                more(lang)
            ),
            Lang::En => format!(
                "The bands hold uncertain parameters ({draws} draws){} and chance ({seeds} seeds).",
                more(lang)
            ),
        }),
        false => told(|lang| match lang {
            Lang::Nb => format!(
                "Båndene rommer bare tilfeldighet mellom liv ({seeds} frø){}; usikkerheten i parameterne kommer i tillegg.",
                more(lang)
            ),
            Lang::En => format!(
                "The bands hold chance between lives only ({seeds} seeds){}; the uncertainty of the parameters comes on top.",
                more(lang)
            ),
        }),
    }
}
