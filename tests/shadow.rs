//! A scenario that follows its base (only those live again whom it can have changed) gives what the
//! scenario simulated in full gives, bit for bit: values, durations, accounts.

use stabil::evidence::DataFolder;
use stabil::evidence::folder::embedded_runs;
use stabil::parameters::ModelData;
use stabil::parameters::policy::Catalogue;
use stabil::runs::work::Progress;
use stabil::runs::{Pairing, Plan};
use std::path::Path;

/// Simulated people per real one.
const SCALE: &str = "scale = 0.02";

/// An embedded run, smaller and shorter, with everything that can be told.
fn pairing(text: &str, until: u16) -> (Plan, Pairing) {
    let skipped = ["scale", "seeds", "until", "measures", "breakdowns", "start"];
    let mut inside = false;
    let mut kept = vec![
        SCALE.to_string(),
        "seeds = 1".into(),
        format!("until = {until}"),
    ];
    for line in text.lines() {
        let key = line.split('=').next().unwrap_or_default().trim();
        if skipped.contains(&key) && line.contains('=') {
            inside = line.contains('[') && !line.trim_end().ends_with(']');
            continue;
        }
        if inside {
            inside = !line.starts_with(']');
            continue;
        }
        kept.push(line.to_string());
    }
    let plan = Plan::of_text("small.toml", &kept.join("\n"));
    let plan = plan.unwrap_or_else(|problem| panic!("{problem}"));
    let data = plan.read_data(DataFolder::Embedded);
    let pairing = data.and_then(|data| Pairing::prepare(&plan, data));
    let (pairing, _) = pairing.unwrap_or_else(|problem| panic!("{problem}"));
    (plan, pairing)
}

/// Simulates both ways and compares everything.
fn both_ways(name: &str, text: &str, until: u16) {
    let (plan, mut pairing) = pairing(text, until);
    assert!(pairing.together, "{name} does not follow its base");
    let progress = Progress::default();
    let followed = pairing.simulate(plan.seed_range(), &progress);
    pairing.together = false;
    let full = pairing.simulate(plan.seed_range(), &progress);
    assert_eq!(followed.len(), full.len());
    for (followed, full) in followed.iter().zip(&full) {
        let all = |pair: &stabil::runs::paired::Pair| pair.scenarios.len();
        assert_eq!(all(followed), all(full));
        let own = [&followed.base].into_iter().chain(&followed.scenarios);
        let other = [&full.base].into_iter().chain(&full.scenarios);
        for (number, (own, other)) in own.zip(other).enumerate() {
            let cells = &pairing.outputs.layout.cells;
            let values = own.run.values.values.iter().zip(&other.run.values.values);
            for (place, (own, other)) in values.enumerate() {
                let cell = &cells[place % cells.len()];
                let year = usize::from(pairing.design.start) + place / cells.len();
                assert_eq!(
                    own.to_bits(),
                    other.to_bits(),
                    "{name}, arm {number}, {year}, {cell:?}: {own} and {other}"
                );
            }
            assert_eq!(
                own.run.durations, other.run.durations,
                "{name}, arm {number}"
            );
            assert_eq!(
                own.run.person_years, other.run.person_years,
                "{name}, arm {number}"
            );
            assert_eq!(own.account, other.account, "{name}, arm {number}");
        }
    }
}

#[test]
fn every_ready_run_with_scenarios_can_follow_its_base() {
    let mut tried = 0;
    for (name, text) in embedded_runs() {
        let plan = Plan::of_text(&name, text).unwrap_or_else(|problem| panic!("{problem}"));
        let supply = plan.conditions.closure == stabil::engine::Closure::Supply;
        if plan.scenarios.is_empty() || !supply {
            continue;
        }
        both_ways(&name, text, 2030);
        tried += 1;
    }
    assert!(tried >= 8, "{tried}");
}

/// Scenarios of one base: the tables of all of them are kept in memory, both ways.
const BESIDE_A_BASE: usize = 22;

/// Every policy of the data folder, three far apart in each scenario: levers, capacities, all
/// clocks, what changes students, what reaches people as they come.
#[test]
fn every_policy_can_follow_a_base() {
    let data = ModelData::read(DataFolder::Embedded, None).unwrap_or_else(|p| panic!("{p}"));
    let catalogue = Catalogue::read(&data, &[] as &[&Path]).unwrap_or_else(|p| panic!("{p}"));
    let ids: Vec<&str> = catalogue.ids().collect();
    assert!(ids.len() > 150, "{}", ids.len());
    let together = ids.len().div_ceil(3);
    let policy = |id: &&str| {
        // Some begin at once, some when the scenario has slept for years.
        let from = 2021 + id.len() % 4;
        format!("[[scenario.policy]]\nuse = \"{id}\"\nfrom = {from}\n")
    };
    let scenarios: Vec<String> = (0..together)
        .map(|first| {
            let own: String = ids
                .iter()
                .skip(first)
                .step_by(together)
                .map(policy)
                .collect();
            format!("[[scenario]]\nname = \"s{first}\"\n{own}")
        })
        .collect();
    for (number, group) in scenarios.chunks(BESIDE_A_BASE).enumerate() {
        let text = format!("name = \"all\"\n{}", group.concat());
        both_ways(&format!("group {number}"), &text, 2028);
    }
}
