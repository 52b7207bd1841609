//! What a scenario costs that follows its base, beside the base itself and beside the same scenario
//! simulated in full, all in one run.
//!
//! The scenario is a policy that reaches a small part of all people: mentoring of new graduates in
//! rural municipalities. Each is lived through in turn, several rounds, so that a change of the
//! machine's pace meets all; processor time of one thread, without preparing, tables included. That
//! both ways give the same numbers, bit for bit, is looked at here too.
//!
//! Run with `cargo bench --bench follower`; it takes a minute. What was measured stands in
//! `benches/README.md`.

mod clock;

use anyhow::{Context, Result, ensure};
use stabil::engine::Walk;
use stabil::evidence::DataFolder;
use stabil::runs::paired::Pair;
use stabil::runs::work::{Dice, Progress};
use stabil::runs::{Pairing, Plan};

/// The base.
const BASE: &str = "name = \"follower\"\nstart = 2019\nuntil = 2040\nseeds = 1\n\
                    breakdowns = [[], [\"profession\"], [\"zone\"], [\"profession\", \"zone\"]]\n";
/// The scenario laid over it.
const SCENARIO: &str = "[[scenario]]\nname = \"mentoring_rural\"\n[[scenario.policy]]\n\
                        use = \"mentor_scheme\"\nzones = [\"rural\"]\ncoverage = 0.8\n";
/// Rounds through the three.
const ROUNDS: u64 = 5;

fn pairing(text: &str) -> Result<Pairing> {
    let plan = Plan::of_text("follower.toml", text)?;
    let data = plan.read_data(DataFolder::Embedded)?;
    Ok(Pairing::prepare(&plan, data)?.0)
}

/// One seed, and the seconds that it took.
fn timed(pairing: &Pairing, seed: u64, walk: &mut Walk) -> Result<(Pair, f64)> {
    let began = clock::seconds();
    let pair = pairing
        .pair(Dice { seed, draw: 0 }, &Progress::default(), walk)
        .context("it was stopped")?;
    Ok((pair, clock::seconds() - began))
}

/// The middle one, the least and the greatest.
fn spread(mut shares: Vec<f64>) -> String {
    shares.sort_by(f64::total_cmp);
    format!(
        "{:.0} % of the base (median of {}; range {:.0} to {:.0})",
        100.0 * shares[shares.len() / 2],
        shares.len(),
        100.0 * shares[0],
        100.0 * shares[shares.len() - 1]
    )
}

fn main() -> Result<()> {
    let base = pairing(BASE)?;
    let follows = pairing(&format!("{BASE}{SCENARIO}"))?;
    ensure!(follows.together, "the scenario does not follow its base");
    let mut full = pairing(&format!("{BASE}{SCENARIO}"))?;
    full.together = false;
    let mut walk = Walk::default();
    // The first pass pays for fresh memory and is not counted.
    timed(&follows, 99, &mut walk)?;
    let (mut alone, mut beside, mut whole) = (Vec::new(), Vec::new(), Vec::new());
    let mut reached = [0.0; 2];
    for seed in 1..=ROUNDS {
        let (_, of_base) = timed(&base, seed, &mut walk)?;
        let (pair, of_both) = timed(&follows, seed, &mut walk)?;
        let (again, of_full) = timed(&full, seed, &mut walk)?;
        let (one, other) = (&pair.scenarios[0].run, &again.scenarios[0].run);
        let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<u64>>();
        ensure!(
            bits(&one.values.values) == bits(&other.values.values),
            "seed {seed}: the follower's numbers are not those of the full computation"
        );
        let account = &pair.scenarios[0].account;
        let taking_part =
            |year: &Vec<[u32; 2]>| year.iter().map(|own| f64::from(own[0])).sum::<f64>();
        let years: Vec<f64> = account.participants.iter().map(taking_part).collect();
        let active = years.iter().filter(|persons| **persons > 0.0).count() as f64;
        let people = pair.base.run.person_years as f64 / (years.len() - 1) as f64;
        reached[0] += years.iter().sum::<f64>() / active / people / ROUNDS as f64;
        reached[1] = active;
        alone.push(of_base);
        beside.push((of_both - of_base) / of_base);
        whole.push((of_full - of_base) / of_base);
    }
    alone.sort_by(f64::total_cmp);
    println!(
        "base {:.2} s a run ({}); the policy reaches {:.1} % of all people in each of {} years",
        alone[alone.len() / 2],
        clock::kind(),
        100.0 * reached[0],
        reached[1]
    );
    println!("following its base, a scenario costs {}", spread(beside));
    println!("simulated in full, it costs {}", spread(whole));
    Ok(())
}
