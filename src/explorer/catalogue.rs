//! The catalogue of policies (tiltak), as the page is told it: a list, and one policy in full with
//! the evidence that it rests on.

use crate::evidence::Fact;
use crate::parameters::policy::{Catalogue, Change, Cost, FAMILIES, Ratio};
use crate::parameters::{ModelData, Policy};
use crate::report::policy_page::cited;
use crate::runs::eligible;
use crate::words::Problem;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// The catalogue.
#[derive(Debug)]
pub struct Told {
    /// All policies in brief.
    pub list: String,
    /// Each in full, by identifier.
    pub full: BTreeMap<String, String>,
}

/// The catalogue of a data folder.
///
/// # Errors
/// A [`Problem`] in a policy file.
pub fn told(data: &ModelData) -> Result<Told, Problem> {
    let catalogue = Catalogue::read(data, &[] as &[&Path])?;
    let policies = &catalogue.policies;
    let list: Vec<Value> = policies.iter().map(brief).collect();
    let full = policies.iter();
    let full = full.map(|policy| (policy.id.clone(), in_full(policy, data).to_string()));
    Ok(Told {
        list: json!({ "policies": list, "families": FAMILIES }).to_string(),
        full: full.collect(),
    })
}

fn ratio(ratio: &Ratio) -> Value {
    json!([ratio.value, ratio.low, ratio.high])
}

fn change(change: &Change) -> Value {
    json!({
        "what": change.what.id(),
        "toward": change.toward,
        "ratio": ratio(&change.ratio),
        "years": change.years,
        "half_life": change.half_life,
    })
}

fn cost(cost: &Cost) -> Value {
    json!({
        "start": cost.start,
        "per_year": cost.per_year,
        "per_new_participant": cost.per_new_participant,
        "per_participant_year": cost.per_participant_year,
        "per_place_year": cost.per_place_year,
        "saved_per_fte": cost.saved_per_fte,
        "low": cost.low,
        "high": cost.high,
        "price_year": cost.price_year,
        "known": cost.is_known(),
    })
}

/// What a list of policies tells of one.
fn brief(policy: &Policy) -> Value {
    let places = policy.levers.study_places.first();
    let [nb, en] = &policy.names;
    json!({
        "id": policy.id,
        "nb": nb,
        "en": en,
        "family": policy.family,
        "grade": format!("{:?}", policy.grade),
        "from": policy.from,
        "until": policy.until,
        "ramp": policy.ramp,
        "coverage": policy.coverage,
        "capacity": policy.capacity,
        "zones": policy.eligible.zones,
        "professions": policy.eligible.professions,
        "places": places.map(|lever| lever.change),
        "places_zone": places.and_then(|lever| lever.zone.clone()),
        "reaches_people": !policy.changes.is_empty(),
        "changes": policy.changes.iter().map(change).collect::<Vec<Value>>(),
        "scales": policy.scales.as_ref().map(ratio),
        "displaces": policy.displaces.as_ref().map(ratio),
        "levers": levers(policy),
        "cost": cost(&policy.cost),
    })
}

/// How many levers of each kind it has.
fn levers(policy: &Policy) -> Value {
    let lists = serde_json::to_value(&policy.levers).unwrap_or_default();
    let lists = lists.as_object().into_iter().flatten();
    lists
        .filter_map(|(name, list)| Some((name.clone(), list.as_array()?.len())))
        .filter(|(_, number)| *number > 0)
        .map(|(name, number)| (name, json!(number)))
        .collect::<serde_json::Map<String, Value>>()
        .into()
}

fn in_full(policy: &Policy, data: &ModelData) -> Value {
    let mut full = brief(policy);
    let facts = cited(policy)
        .into_iter()
        .map(|id| match data.facts.get(id) {
            Some(found) => fact(id, found),
            None => json!({ "id": id, "source": format!("external/{id}") }),
        });
    full["facts"] = facts.collect();
    full["reasoning"] = json!(policy.reasoning);
    full["cost"]["reasoning"] = json!(policy.cost.reasoning);
    full["reaches"] = json!(eligible::told(&policy.eligible));
    full["implements"] = json!(policy.implements);
    full["guided"] = json!(policy.guided);
    full
}

fn fact(id: &str, fact: &Fact) -> Value {
    let about = fact.about.iter().filter(|word| !word.is_empty());
    json!({
        "id": id,
        "quantity": fact.quantity,
        "about": about.collect::<Vec<&String>>(),
        "value": fact.value,
        "range": [fact.range.0, fact.range.1],
        "unit": fact.unit,
        "source": fact.source,
        "locator": fact.locator,
    })
}
