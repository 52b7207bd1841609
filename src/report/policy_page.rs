//! A policy for readers: its main effect in a few words, and everything about it on a page.

use super::number::thousands;
use crate::evidence::Fact;
use crate::parameters::policy::{Change, Clock, Cost, Ratio};
use crate::parameters::{EvidenceGrade, Levers, ModelData, Policy};
use crate::runs::eligible;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// A number with up to three decimals, none of them idle.
fn short(value: f64) -> String {
    let text = format!("{value:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    text.to_string()
}

fn ratio_text(ratio: &Ratio) -> String {
    let [value, low, high] = [ratio.value, ratio.low, ratio.high].map(short);
    format!("x {value} ({low}-{high})")
}

fn change_text(change: &Change) -> String {
    let toward = match change.toward.as_slice() {
        [] => String::new(),
        names => format!(" toward {}", names.join(", ")),
    };
    format!("{}{toward} {}", change.what.id(), ratio_text(&change.ratio))
}

/// The main effect in a few words: the first lever on who comes in, the first change with its ratio
/// and ends, or the uptake of other policies; and how many more of them there are.
pub fn effect(policy: &Policy) -> String {
    let changes = policy.changes.iter().map(change_text);
    let (levers, changes) = (levers(&policy.levers), changes.collect::<Vec<_>>());
    let scales = policy.scales.as_ref();
    let scales = scales.map(|ratio| format!("uptake of the others {}", ratio_text(ratio)));
    let first = [levers.first(), changes.first(), scales.as_ref()];
    let mut told: Vec<String> = first.into_iter().flatten().cloned().collect();
    let more = levers.len() + changes.len() + usize::from(scales.is_some()) - told.len();
    if more > 0 {
        told.push(format!("{more} more"));
    }
    if told.is_empty() {
        told.push("none".to_string());
    }
    told.join("; ")
}

/// The levers, each in a few words: which, and what is said of it besides years.
fn levers(levers: &Levers) -> Vec<String> {
    let lists = serde_json::to_value(levers).unwrap_or_default();
    let mut told = Vec::new();
    for (list, entries) in lists.as_object().into_iter().flatten() {
        for entry in entries.as_array().into_iter().flatten() {
            let said = entry.as_object().into_iter().flatten();
            let said = said.filter(|(key, value)| {
                !value.is_null() && !["from", "until"].contains(&key.as_str())
            });
            let said: Vec<String> = said.map(|(_, value)| plain(value)).collect();
            told.push(format!("{} {}", list.replace('_', " "), said.join(" ")));
        }
    }
    told
}

fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Array(items) => {
            let items: Vec<String> = items.iter().map(plain).collect();
            items.join(" or ")
        }
        other => other.as_f64().map_or(other.to_string(), short),
    }
}

/// The facts that a policy cites, each once, in the order of citing: those of the policy, of its
/// changes, of its costs.
pub fn cited(policy: &Policy) -> Vec<&str> {
    let of_changes = policy.changes.iter().flat_map(|change| &change.facts);
    let all = policy.facts.iter().chain(of_changes);
    let mut seen = BTreeSet::new();
    all.chain(&policy.cost.facts)
        .map(String::as_str)
        .filter(|id| seen.insert(*id))
        .collect()
}

/// The different sources of the facts that a policy cites.
pub fn sources<'a>(policy: &'a Policy, data: &'a ModelData) -> BTreeSet<&'a str> {
    let source = |id: &'a str| match data.facts.get(id) {
        Some(fact) => fact.source.as_str(),
        None => id,
    };
    cited(policy).into_iter().map(source).collect()
}

/// What a grade of evidence means.
fn grade_text(grade: EvidenceGrade) -> &'static str {
    match grade {
        EvidenceGrade::A => "A: register or official statistics",
        EvidenceGrade::B => "B: a study of the same population",
        EvidenceGrade::C => "C: a study elsewhere, or a proxy",
        EvidenceGrade::D => "D: an assumption",
    }
}

fn clock_text(clock: Clock) -> &'static str {
    match clock {
        Clock::Policy => "the policy's first year",
        Clock::Qualified => "qualifying, while the policy is in force",
        Clock::Grade => "the beginning of the present grade, while the policy is in force",
        Clock::Arrival => "arrival from abroad, while the policy is in force",
        Clock::Job => "the beginning of the job, while the policy is in force",
    }
}

/// Everything about a policy: effects with their ends, who is reached, when, how many, what it
/// costs, the facts with their sources, and the reasoning.
pub fn in_full(policy: &Policy, data: &ModelData) -> String {
    let mut page = format!("{}\n", policy.id);
    let mut line = |key: &str, value: String| {
        if !value.is_empty() {
            let _ = writeln!(page, "  {key:<14}{value}");
        }
    };
    line("English", policy.names[1].clone());
    line("norsk", policy.names[0].clone());
    line("family", policy.family.clone());
    line("carries out", policy.implements.join(", "));
    line("evidence", grade_text(policy.grade).to_string());
    let (file, number) = &policy.origin;
    line("written in", format!("{file}, line {number}"));
    let until = match policy.until {
        Some(until) => format!("until {until}"),
        None => "on".to_string(),
    };
    let ramp = match policy.ramp {
        1 => "in full at once".to_string(),
        years => format!("{years} years up to full size"),
    };
    line("years", format!("from {} {until}, {ramp}", policy.from));
    line("reaches", eligible::told(&policy.eligible));
    line(
        "takes part",
        format!("{} % of the eligible", short(100.0 * policy.coverage)),
    );
    let most = policy.capacity.map(|capacity| {
        let who = match policy.clock {
            Clock::Policy => "participants",
            _ => "new participants a year",
        };
        format!("at most {} {who}", short(capacity))
    });
    line("capacity", most.unwrap_or_default());
    line(
        "years counted",
        format!("from {}", clock_text(policy.clock)),
    );
    if policy.guided {
        line(
            "guidance",
            "takes the time of experienced colleagues".into(),
        );
    }
    let scales = policy.scales.as_ref().map(ratio_text);
    line(
        "uptake",
        scales.map_or(String::new(), |ratio| format!("of the others {ratio}")),
    );
    let displaced = policy.displaces.as_ref().map(ratio_text);
    line(
        "displaces",
        displaced.map_or(String::new(), |share| {
            format!("of those on the added places, {share} would have studied on a campus")
        }),
    );
    changes(policy, &mut page);
    costs(&policy.cost, &mut page);
    facts(policy, data, &mut page);
    let _ = writeln!(page, "\nreasoning\n  {}", policy.reasoning);
    page
}

fn changes(policy: &Policy, page: &mut String) {
    if !policy.changes.is_empty() {
        page.push_str("\nchanges for those reached (odds ratio; of need the ratio of FTE)\n");
    }
    for change in &policy.changes {
        let mut text = change_text(change);
        if let Some((first, last)) = change.years {
            let _ = write!(text, ", years {first} to {last}");
        }
        if let Some(years) = change.half_life {
            let _ = write!(text, ", half-life {} years", short(years));
        }
        if !change.facts.is_empty() {
            let _ = write!(text, ", facts {}", change.facts.join(", "));
        }
        let _ = writeln!(page, "  {text}");
    }
    let levers = levers(&policy.levers);
    if !levers.is_empty() {
        page.push_str("\nchanges in who comes in\n");
    }
    for lever in levers {
        let _ = writeln!(page, "  {lever}");
    }
}

fn costs(cost: &Cost, page: &mut String) {
    if !cost.is_known() {
        page.push_str("\ncosts: not known\n");
        return;
    }
    let _ = writeln!(
        page,
        "\ncosts, NOK of {} (all x {}-{})",
        cost.price_year,
        short(cost.low),
        short(cost.high)
    );
    for (what, amount) in [
        ("once, in the first year", cost.start),
        ("each year in force", cost.per_year),
        ("for each new participant", cost.per_new_participant),
        ("for each participant and year", cost.per_participant_year),
        ("for each added study place and year", cost.per_place_year),
        ("saved for each additional FTE-year", cost.saved_per_fte),
    ] {
        if amount != 0.0 {
            let _ = writeln!(page, "  {:>15}  {what}", thousands(amount));
        }
    }
    let _ = writeln!(page, "  {}", cost.reasoning);
}

fn facts(policy: &Policy, data: &ModelData, page: &mut String) {
    let ids = cited(policy);
    if !ids.is_empty() {
        page.push_str("\nfacts\n");
    }
    for id in ids {
        let text = match data.facts.get(id) {
            Some(fact) => fact_text(fact),
            None => format!("external/{id}"),
        };
        let _ = writeln!(page, "  {id}  {text}");
    }
}

fn fact_text(fact: &Fact) -> String {
    let mut text = fact.quantity.clone();
    let about: Vec<&str> = fact.about.iter().map(String::as_str).collect();
    let about: Vec<&str> = about.into_iter().filter(|word| !word.is_empty()).collect();
    if !about.is_empty() {
        let _ = write!(text, " ({})", about.join(", "));
    }
    text.push(':');
    if let Some(value) = fact.value {
        let _ = write!(text, " {value}");
    }
    if let (Some(low), Some(high)) = fact.range {
        let _ = write!(text, " ({low} to {high})");
    }
    let _ = write!(text, " {}; {}, {}", fact.unit, fact.source, fact.locator);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_short_as_they_are_exact() {
        let numbers = [0.8, 1.0, 40.0, 0.123_456, -40.0, 1250.5];
        assert_eq!(
            numbers.map(short),
            ["0.8", "1", "40", "0.123", "-40", "1250.5"]
        );
    }
}
