//! What scenarios cost that follow their base, beside the base itself and beside the same scenarios
//! simulated in full, all in one run.
//!
//! The scenarios are policies that reach a small part of all people. Each is lived through in turn,
//! several rounds, so that a change of the machine's pace meets all; processor time of one thread,
//! without preparing, tables included. That both ways give the same numbers, bit for bit, is looked
//! at here too.
//!
//! Run with `cargo bench --bench follower`; it takes two minutes. What was measured stands in
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
/// The scenarios laid over it, one at a time: what they are, and their policy.
const SCENARIOS: [(&str, &str); 4] = [
    (
        "mentors for new graduates in rural zones",
        "use = \"mentor_scheme\"\nzones = [\"rural\"]\ncoverage = 0.8\n",
    ),
    (
        "student loans written down in the action zone",
        "use = \"student_loan_write_down\"\n",
    ),
    (
        "lower income tax in the action zone",
        "use = \"lower_income_tax_action_zone\"\n",
    ),
    (
        "40 nursing places moved to Finnmark",
        "use = \"decentralised_nursing_education\"\nplaces = 40\nzones = [\"finnmark\"]\n\
         taken_from = [\"oslo\"]\n",
    ),
];
/// Rounds through all.
const ROUNDS: u64 = 7;

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

/// The least of several times: what comes on top is the machine's.
fn least(times: &[f64]) -> f64 {
    times.iter().copied().fold(f64::INFINITY, f64::min)
}

/// What something took on top of the base, by the least times, and by the medians of the rounds.
fn spread(times: &[f64], base: &[f64]) -> String {
    let mut shares: Vec<f64> = times.iter().zip(base).map(|(a, b)| a / b - 1.0).collect();
    shares.sort_by(f64::total_cmp);
    format!(
        "{:.0} % of the base by the least times (rounds: median {:.0}, range {:.0} to {:.0})",
        100.0 * (least(times) / least(base) - 1.0),
        100.0 * shares[shares.len() / 2],
        100.0 * shares[0],
        100.0 * shares[shares.len() - 1]
    )
}

/// A scenario in both ways, with what each round took: the base, and the base with it.
struct Timed {
    name: &'static str,
    follows: Pairing,
    full: Pairing,
    base: Vec<f64>,
    beside: Vec<f64>,
    whole: Vec<f64>,
    /// Share of all people whom the policy reaches in the years in which it reaches anybody.
    reached: f64,
    years: f64,
}

impl Timed {
    fn of((name, policy): (&'static str, &str)) -> Result<Timed> {
        let text = format!("{BASE}[[scenario]]\nname = \"with\"\n[[scenario.policy]]\n{policy}");
        let follows = pairing(&text)?;
        ensure!(
            follows.together,
            "{name}: the scenario does not follow its base"
        );
        let mut full = pairing(&text)?;
        full.together = false;
        Ok(Timed {
            name,
            follows,
            full,
            base: Vec::new(),
            beside: Vec::new(),
            whole: Vec::new(),
            reached: 0.0,
            years: 0.0,
        })
    }

    fn round(&mut self, base: &Pairing, seed: u64, walk: &mut Walk) -> Result<()> {
        let (_, of_base) = timed(base, seed, walk)?;
        let (pair, of_both) = timed(&self.follows, seed, walk)?;
        let (again, of_full) = timed(&self.full, seed, walk)?;
        let (one, other) = (&pair.scenarios[0].run, &again.scenarios[0].run);
        let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<u64>>();
        ensure!(
            bits(&one.values.values) == bits(&other.values.values),
            "{}, seed {seed}: the follower's numbers are not those of the full computation",
            self.name
        );
        let account = &pair.scenarios[0].account;
        let taking_part =
            |year: &Vec<[u32; 2]>| year.iter().map(|own| f64::from(own[0])).sum::<f64>();
        let years: Vec<f64> = account.participants.iter().map(taking_part).collect();
        self.years = years.iter().filter(|persons| **persons > 0.0).count() as f64;
        let people = pair.base.run.person_years as f64 / (years.len() - 1) as f64;
        self.reached += years.iter().sum::<f64>() / self.years / people / ROUNDS as f64;
        self.base.push(of_base);
        self.beside.push(of_both);
        self.whole.push(of_full);
        Ok(())
    }
}

fn main() -> Result<()> {
    let base = pairing(BASE)?;
    let scenarios: Result<Vec<Timed>> = SCENARIOS.into_iter().map(Timed::of).collect();
    let mut scenarios = scenarios?;
    let mut walk = Walk::default();
    // The first pass pays for fresh memory and is not counted.
    timed(&scenarios[0].follows, 99, &mut walk)?;
    for seed in 1..=ROUNDS {
        for scenario in &mut scenarios {
            scenario.round(&base, seed, &mut walk)?;
        }
    }
    println!(
        "base {:.2} s a run ({})",
        least(&scenarios[0].base),
        clock::kind()
    );
    for scenario in scenarios {
        println!(
            "{}: reaches {:.1} % of all people in each of {} years",
            scenario.name,
            100.0 * scenario.reached,
            scenario.years
        );
        let of = |times: &[f64]| spread(times, &scenario.base);
        println!("  following its base it costs {}", of(&scenario.beside));
        println!("  simulated in full it costs {}", of(&scenario.whole));
    }
    Ok(())
}
