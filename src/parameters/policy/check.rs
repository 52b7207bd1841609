//! From a policy as it is written to one that is valid, with complaints at their lines.

use super::change::{Change, Ratio, What, odds_of_hazard_ratio, odds_of_risk_ratio};
use super::names::{Known, Names, hold_eligible};
use super::place::Place;
use super::raw::{RawChange, RawPolicy};
use super::{Clock, Cost, FAMILIES, Policy};
use crate::parameters::levers::StudyPlaces;
use crate::parameters::{EvidenceGrade, Levers, ModelData};
use crate::words::{Problem, Year};
use toml::{Table, Value};

/// The first year of policies that give none: the first after this edition of the data.
const FIRST: Year = 2026;
/// Ratios that are taken for a slip of the pen outside.
const RATIOS: (f64, f64) = (0.01, 100.0);

/// The valid policy that a raw one describes.
///
/// # Errors
/// The first [`Problem`], at its line.
pub fn policy(raw: &RawPolicy, place: Place, data: &ModelData) -> Result<Policy, Problem> {
    let known = Known::of(data);
    let top = ("", 0);
    let missing = |key: &str| {
        place
            .complaint(top, key, "", format!("{key} is missing"))
            .mend(format!("give {key}, or say which policy this is like"))
    };
    for (key, name) in [("name_nb", &raw.name_nb), ("name_en", &raw.name_en)] {
        if name.trim().is_empty() {
            return Err(missing(key));
        }
    }
    let family = raw.family.clone().ok_or_else(|| missing("family"))?;
    let families = Names {
        what: "family",
        valid: FAMILIES.map(str::to_string).to_vec(),
    };
    families.hold(place, top, "family", std::slice::from_ref(&family))?;
    let grade = raw.grade.ok_or_else(|| missing("grade"))?;
    let reasoning = raw.reasoning.clone().ok_or_else(|| missing("reasoning"))?;
    if reasoning.chars().count() < 40 {
        return Err(place
            .complaint(top, "reasoning", &reasoning, "too short to be a reason")
            .mend("say in a sentence why the effect has this size and width"));
    }
    let facts = raw.facts.clone().unwrap_or_default();
    if facts.is_empty() && grade != EvidenceGrade::D {
        return Err(place
            .complaint(top, "facts", "[]", "only grade D can do without facts")
            .mend("name the facts that the effect rests on, or give grade D"));
    }
    let coverage = within(
        place,
        top,
        "coverage",
        raw.coverage.unwrap_or(1.0),
        (0.0, 1.0),
    )?;
    let capacity = match raw.capacity {
        None => None,
        Some(capacity) => Some(within(place, top, "capacity", capacity, (0.0, 1e6))?),
    };
    let from = raw.from.unwrap_or(FIRST);
    if let Some(until) = raw.until.filter(|until| *until < from) {
        let message = format!("the last year comes before the first, {from}");
        return Err(place
            .complaint(top, "until", until, message)
            .mend("give a later year, or leave it out for all years"));
    }
    let ramp = raw.ramp.unwrap_or(1);
    within(place, top, "ramp", f64::from(ramp), (1.0, 40.0))?;
    let eligible = raw.eligible.clone().unwrap_or_default();
    hold_eligible(&eligible, place, &known)?;
    let mut changes = Vec::new();
    for (number, change) in raw.change.iter().flatten().enumerate() {
        changes.push(self::change(change, (place, number), &known, raw.clock)?);
    }
    let scales = match raw.scales {
        None => None,
        Some(value) => Some(ratio(
            place,
            top,
            ("scales", value),
            (
                raw.scales_low.unwrap_or(value),
                raw.scales_high.unwrap_or(value),
            ),
            ["scales_low", "scales_high"],
        )?),
    };
    let displaces = match raw.displaces {
        None => None,
        Some(value) => Some(ratio(
            place,
            top,
            (
                "displaces",
                within(place, top, "displaces", value, (0.0, 1.0))?,
            ),
            (
                raw.displaces_low.unwrap_or(value),
                raw.displaces_high.unwrap_or(value),
            ),
            ["displaces_low", "displaces_high"],
        )?),
    };
    let levers = levers(raw, place, (from, raw.until))?;
    different_places(&levers, place)?;
    if let Err(fault) = levers.check(data) {
        let problem = fault.problem(place.file);
        return Err(Problem {
            line: place.line_of(fault.list, fault.position, fault.field),
            key: format!("{}.{}", place.id, fault.key()),
            ..problem
        });
    }
    all_fact_ids(&facts, &changes, raw.cost.as_ref())
        .find(|id| data.facts.get(id).is_none() && !data.folder.has(&format!("external/{id}")))
        .map_or(Ok(()), |id| {
            Err(place
                .complaint(top, "facts", id, "no such fact in evidence/facts.csv")
                .mend("name a fact that is there, or add its row with its source"))
        })?;
    Ok(Policy {
        id: raw.id.clone(),
        names: [raw.name_nb.clone(), raw.name_en.clone()],
        family,
        implements: raw.implements.clone().unwrap_or_default(),
        grade,
        facts,
        reasoning,
        clock: raw.clock.unwrap_or_default(),
        coverage,
        capacity,
        scales,
        displaces,
        from,
        ramp,
        until: raw.until,
        guided: raw.guided.unwrap_or(false),
        eligible,
        changes,
        levers,
        cost: cost(raw.cost.clone(), place)?,
        strength: 1.0,
        origin: (place.file.to_string(), place.line()),
    })
}

fn all_fact_ids<'a>(
    facts: &'a [String],
    changes: &'a [Change],
    cost: Option<&'a Cost>,
) -> impl Iterator<Item = &'a str> {
    let of_changes = changes.iter().flat_map(|change| &change.facts);
    let of_cost = cost.into_iter().flat_map(|cost| &cost.facts);
    facts
        .iter()
        .chain(of_changes)
        .chain(of_cost)
        .map(String::as_str)
}

fn within(
    place: Place,
    part: (&str, usize),
    key: &str,
    value: f64,
    (least, most): (f64, f64),
) -> Result<f64, Problem> {
    if (least..=most).contains(&value) {
        return Ok(value);
    }
    let message = format!("must be {least} to {most}");
    Err(place
        .complaint(part, key, value, message)
        .mend(format!("give a number from {least} to {most}")))
}

fn change(
    raw: &RawChange,
    (place, number): (Place, usize),
    known: &Known<'_>,
    clock: Option<Clock>,
) -> Result<Change, Problem> {
    let part = ("change", number);
    let all = What::all();
    let Some(what) = all.iter().copied().find(|what| what.id() == raw.what) else {
        return Err(place
            .complaint(part, "what", &raw.what, "unknown transition or choice")
            .nearest(&raw.what, all.iter().map(|what| what.id())));
    };
    let given = [
        ("odds_ratio", raw.odds_ratio),
        ("hazard_ratio", raw.hazard_ratio),
        ("risk_ratio", raw.risk_ratio),
        ("ratio", raw.ratio),
    ];
    let mut given = given
        .into_iter()
        .filter_map(|(key, value)| value.map(|value| (key, value)));
    let (Some((key, value)), None) = (given.next(), given.next()) else {
        return Err(place
            .complaint(part, "what", what.id(), "give exactly one ratio")
            .mend("give odds_ratio, hazard_ratio, risk_ratio, or (for need) ratio"));
    };
    if (what == What::Need) != (key == "ratio") {
        return Err(place
            .complaint(part, key, value, "the wrong kind of ratio for this")
            .mend("need takes ratio; everything else odds_ratio, hazard_ratio or risk_ratio"));
    }
    let ends = (raw.low.unwrap_or(value), raw.high.unwrap_or(value));
    let stated = ratio(place, part, (key, value), ends, ["low", "high"])?;
    let ratio = match (key, raw.base_risk) {
        ("hazard_ratio" | "risk_ratio", None) => {
            return Err(place
                .complaint(part, key, value, "base_risk is missing")
                .mend("give the yearly probability at which the ratio was stated"));
        }
        ("hazard_ratio" | "risk_ratio", Some(risk)) => {
            within(place, part, "base_risk", risk, (1e-6, 0.9))?;
            let odds = |ratio| match key {
                "hazard_ratio" => odds_of_hazard_ratio(ratio, risk),
                _ => odds_of_risk_ratio(ratio, risk),
            };
            Ratio {
                value: odds(stated.value),
                low: odds(stated.low),
                high: odds(stated.high),
            }
        }
        _ => stated,
    };
    let sides = matches!(what, What::Choice(super::Choice::FirstSector));
    let named = match what {
        What::Choice(choice) => !matches!(
            choice,
            super::Choice::LargerPosition | super::Choice::Placement | super::Choice::Curriculum
        ),
        _ => false,
    };
    if named == raw.toward.is_empty() {
        let message = if named {
            "toward is missing: which outcomes become likelier?"
        } else {
            "toward has no meaning here"
        };
        return Err(place
            .complaint(part, "toward", raw.toward.join(", "), message)
            .mend("toward = [\"rural\"] goes with choices of zones or sectors alone"));
    }
    let names = if sides { &known.sectors } else { &known.zones };
    names.hold(place, part, "toward", &raw.toward)?;
    if let What::Choice(choice) = what
        && choice.is_attribute()
        && ratio.value < 1.0
    {
        return Err(place
            .complaint(part, key, value, "such odds can only be raised")
            .mend("give a ratio of 1 or more"));
    }
    if let Some((first, last)) = raw.years {
        let value = format!("[{first}, {last}]");
        if first > last {
            return Err(place
                .complaint(part, "years", value, "the first comes after the last")
                .mend(format!("give [{last}, {first}]")));
        }
        if clock.is_none() {
            return Err(place
                .complaint(part, "years", value, "years need a clock")
                .mend("give clock: policy, qualified, grade, arrival or job"));
        }
    }
    if let Some(years) = raw.half_life {
        within(place, part, "half_life", years, (0.1, 50.0))?;
    }
    Ok(Change {
        what,
        toward: raw.toward.clone(),
        ratio,
        years: raw.years,
        half_life: raw.half_life,
        facts: raw.facts.clone(),
    })
}

fn ratio(
    place: Place,
    part: (&str, usize),
    (key, value): (&str, f64),
    (low, high): (f64, f64),
    ends: [&str; 2],
) -> Result<Ratio, Problem> {
    within(place, part, key, value, RATIOS)?;
    within(place, part, ends[0], low, (RATIOS.0, value))?;
    within(place, part, ends[1], high, (value, RATIOS.1))?;
    Ok(Ratio { value, low, high })
}

fn cost(raw: Option<Cost>, place: Place) -> Result<Cost, Problem> {
    let Some(cost) = raw else {
        return Ok(Cost::default());
    };
    let part = ("cost", 0);
    let amounts = [
        ("start", cost.start),
        ("per_year", cost.per_year),
        ("per_new_participant", cost.per_new_participant),
        ("per_participant_year", cost.per_participant_year),
        ("per_place_year", cost.per_place_year),
        ("saved_per_fte", cost.saved_per_fte),
    ];
    for (key, amount) in amounts {
        if !(0.0..=1e12).contains(&amount) {
            return Err(place
                .complaint(part, key, amount, "an amount of money must not be below 0")
                .mend("give NOK, 0 or more; what is saved goes under saved_per_fte"));
        }
    }
    within(place, part, "low", cost.low, (0.01, 1.0))?;
    within(place, part, "high", cost.high, (1.0, 100.0))?;
    if cost.is_known() && cost.reasoning.trim().is_empty() {
        return Err(place
            .complaint(part, "reasoning", "", "the amounts have no reason")
            .mend("say where they come from"));
    }
    Ok(cost)
}

/// The levers with the policy's years.
fn levers(
    raw: &RawPolicy,
    place: Place,
    (from, until): (Year, Option<Year>),
) -> Result<Levers, Problem> {
    let lists: [(&str, &Option<Vec<Table>>, bool); 7] = [
        ("study_places", &raw.study_places, true),
        ("licence_rule", &raw.licence_rule, true),
        ("recruitment_stop", &raw.recruitment_stop, true),
        ("agreement", &raw.agreement, true),
        ("study_abroad", &raw.study_abroad, true),
        ("posts", &raw.posts, false),
        ("self_sufficiency", &raw.self_sufficiency, false),
    ];
    let mut all = Levers::default();
    for (list, entries, ends) in lists {
        for (number, entry) in entries.iter().flatten().enumerate() {
            let part = (list, number);
            if let Some(key) = ["from", "until"]
                .into_iter()
                .find(|k| entry.contains_key(*k))
            {
                let message = "the years of a lever are those of its policy";
                return Err(place
                    .complaint(part, key, &entry[key], message)
                    .mend("delete it, and give from and until of the policy"));
            }
            let mut dated = entry.clone();
            dated.insert("from".into(), Value::Integer(from.into()));
            if let Some(until) = until.filter(|_| ends) {
                dated.insert("until".into(), Value::Integer(until.into()));
            }
            let one =
                Table::from_iter([(list.to_string(), Value::Array(vec![Value::Table(dated)]))]);
            let one: Levers = one.try_into().map_err(|error: toml::de::Error| {
                place.complaint(part, "", "", error.message().to_string())
            })?;
            all.extend(one);
        }
    }
    Ok(all)
}

/// Study places of the same kind in the same place are one number, not two that overlap.
fn different_places(levers: &Levers, place: Place) -> Result<(), Problem> {
    let kind = |lever: &StudyPlaces| {
        (
            lever.programme.clone(),
            lever.track.clone(),
            lever.zone.clone(),
        )
    };
    for (number, lever) in levers.study_places.iter().enumerate() {
        let before = &levers.study_places[..number];
        if before.iter().any(|other| kind(other) == kind(lever)) {
            let message = "given twice: places of this programme, track and zone stand above";
            return Err(place
                .complaint(
                    ("study_places", number),
                    "programme",
                    &lever.programme,
                    message,
                )
                .mend("give the sum of the changes once, or another track or zone"));
        }
    }
    Ok(())
}
