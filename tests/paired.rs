//! Base and scenarios run in pairs: what is the same stays the same, what a policy changes is found
//! with little noise, and it costs what the policy's file says.

use stabil::bands::{Bands, Differences};
use stabil::evidence::DataFolder;
use stabil::runs::effects::told;
use stabil::runs::paired::Pair;
use stabil::runs::work::{Progress, ensemble};
use stabil::runs::{Pairing, Plan};
use stabil::tallies::RunValues;

const POLICY: &str = r#"
[[policy]]
id = "northern_places"
name_nb = "Sykepleieplasser i Finnmark"
name_en = "Nursing places in Finnmark"
family = "education"
grade = "D"
reasoning = "A number of places is what it says; there is no size of an effect to judge here."
from = 2020

[[policy.study_places]]
programme = "nursing"
track = "campus"
zone = "finnmark"
change = 40

[policy.cost]
start = 1_000_000.0
per_year = 10_000.0
per_place_year = 100.0
reasoning = "Invented."
"#;

const MOVED: &str = r#"
[[scenario]]
name = "moved"
[[scenario.policy]]
use = "northern_places"
taken_from = ["oslo"]
"#;

const NEW: &str = r#"
[[scenario]]
name = "new"
[[scenario.policy]]
use = "northern_places"
"#;

const NOTHING: &str = r#"
[[scenario]]
name = "nothing"
"#;

/// A plan with these scenarios, its models, and what its seeds give on a number of threads.
fn carried_out(settings: &str, scenarios: &[&str], threads: usize) -> (Plan, Pairing, Vec<Pair>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("policy.toml"), POLICY).expect("it can be written");
    let head = "name = \"paired\"\nmeasures = [\"supply_fte\", \"persons\"]\n\
                breakdowns = [[], [\"profession\"], [\"profession\", \"zone\"]]\n\
                policy_files = [\"policy.toml\"]\n";
    let text = format!("{head}{settings}\n{}", scenarios.concat());
    let file = folder.path().join("run.toml");
    let plan = Plan::of_text(&file.display().to_string(), &text);
    let plan = plan.unwrap_or_else(|problem| panic!("{problem}"));
    let prepared = plan
        .read_data(DataFolder::Embedded)
        .and_then(|data| Pairing::prepare(&plan, data));
    let (pairing, _) = prepared.unwrap_or_else(|problem| panic!("{problem}"));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pairs = pool
        .expect("threads")
        .install(|| pairing.simulate(plan.seed_range(), &Progress::default()));
    (plan, pairing, pairs)
}

fn base(pairs: &[Pair]) -> Vec<RunValues> {
    pairs
        .iter()
        .map(|pair| pair.base.run.values.clone())
        .collect()
}

fn scenario(pairs: &[Pair], position: usize) -> Vec<RunValues> {
    let runs = pairs
        .iter()
        .map(|pair| &pair.scenarios[position].run.values);
    runs.cloned().collect()
}

/// All values bit for bit.
fn bits(runs: &[RunValues]) -> Vec<(u64, Vec<u64>)> {
    let all = runs.iter();
    all.map(|run| (run.seed, run.values.iter().map(|v| v.to_bits()).collect()))
        .collect()
}

#[test]
fn a_scenario_without_policies_is_the_base_bit_for_bit() {
    let settings = "scale = 0.02\nseeds = 3\nuntil = 2024";
    let (plan, pairing, pairs) = carried_out(settings, &[MOVED, NOTHING], 2);
    assert_eq!(bits(&base(&pairs)), bits(&scenario(&pairs, 1)));
    assert_ne!(bits(&base(&pairs)), bits(&scenario(&pairs, 0)));
    for pair in &pairs {
        let (base, nothing) = (&pair.base.account, &pair.scenarios[1].account);
        assert_eq!(
            (&base.staff, &base.classes),
            (&nothing.staff, &nothing.classes)
        );
    }
    let layout = pairing.outputs.layout.clone();
    let differences = Differences::of(
        "nothing",
        layout.clone(),
        &base(&pairs),
        &scenario(&pairs, 1),
    );
    for row in differences.rows.iter().filter(|row| row.summary.runs > 0) {
        assert_eq!(
            (row.summary.mean, row.summary.sd, row.p_positive),
            (0.0, 0.0, 0.5)
        );
    }
    // The base is what a run without scenarios is.
    let runs = ensemble(
        &pairing.base,
        &pairing.outputs,
        plan.seed_range(),
        plan.until,
        &Progress::default(),
    );
    let alone: Vec<RunValues> = runs.into_iter().map(|run| run.values).collect();
    assert_eq!(bits(&alone), bits(&base(&pairs)));
    let (_, without, own) = carried_out(settings, &[], 2);
    assert_eq!(bits(&alone), bits(&base(&own)));
    assert_eq!(without.outputs.layout, layout);
    assert_eq!(
        Bands::of("base", layout.clone(), &base(&own)).rows.len(),
        layout.years.len() * layout.cells.len()
    );
}

#[test]
fn places_moved_north_bring_nurses_there_and_pairs_find_it() {
    let settings = "scale = 0.1\nseeds = 24\nuntil = 2029";
    let (_, pairing, pairs) = carried_out(settings, &[MOVED], 2);
    let layout = pairing.outputs.layout.clone();
    let found = Differences::of("moved", layout.clone(), &base(&pairs), &scenario(&pairs, 0));
    let row = |zone: &str, year: u16| {
        let cell = layout.find("persons", "nurse", "all", "all", zone);
        let year = layout.years.iter().position(|own| *own == year);
        &found.rows[layout.index(year.expect("a year"), cell.expect("a cell"))]
    };
    for (year, least) in [(2025, 20.0), (2029, 50.0)] {
        let north = row("finnmark", year);
        assert!(north.summary.mean > least, "{year}: {north:?}");
        assert!(
            north.summary.mean > 5.0 * north.summary.mcse,
            "{year}: {north:?}"
        );
        assert!(row("oslo", year).summary.mean < -least / 2.0, "{year}");
        // Three times the standard deviation is nine times the variance.
        for zone in ["finnmark", "finnmark_middle", "finnmark_rural"] {
            let own = row(zone, year);
            assert!(own.variance_ratio > 9.0, "{zone} {year}: {own:?}");
        }
    }
    // Nobody has qualified on the places yet.
    assert_eq!(row("finnmark", 2022).summary.mean, 0.0);
    // Who gains and who loses is the whole.
    let told = told(&pairing.design, 0, &pairs);
    let effect = |zone: &str| {
        let mut all = told.effects.iter();
        let found =
            all.find(|own| own.measure == "fte_years" && own.zone == zone && own.sector == "all");
        found.expect("an effect").summary.mean
    };
    assert!(effect("target") > 100.0 && effect("other_central") < -100.0);
    let parts = ["target", "other_central", "other_middle", "other_rural"];
    let sum: f64 = parts.iter().map(|part| effect(part)).sum();
    assert!(
        (sum - effect("all")).abs() < 1e-6 * effect("target"),
        "{sum}"
    );
}

#[test]
fn a_scenario_costs_what_its_policy_says() {
    let (_, pairing, pairs) =
        carried_out("scale = 0.02\nseeds = 2\nuntil = 2024", &[MOVED, NEW], 2);
    let costs = |position: usize| -> Vec<f64> {
        let told = told(&pairing.design, position, &pairs);
        told.policies.iter().map(|year| year.cost.mean).collect()
    };
    // Places are paid for in each of the three years of study; taken away, they free nothing.
    for position in [0, 1] {
        assert_eq!(
            costs(position),
            [1_014_000.0, 18_000.0, 22_000.0, 22_000.0, 22_000.0]
        );
    }
    let told = told(&pairing.design, 1, &pairs);
    let effect = |measure: &str| {
        let found = told.effects.iter().find(|own| own.measure == measure);
        found.expect("an effect").summary.mean
    };
    assert_eq!(effect("cost"), 1_098_000.0);
    let discounted = 1_014_000.0
        + 18_000.0 / 1.04
        + 22_000.0 / 1.04_f64.powi(2)
        + 22_000.0 / 1.04_f64.powi(3)
        + 22_000.0 / 1.04_f64.powi(4);
    assert!((effect("cost_discounted") - discounted).abs() < 1e-6);
    // At nothing for an FTE-year a cost is never worth it.
    let (_, worth, probability) = &told.acceptability[0];
    assert_eq!((*worth, *probability), (0.0, 0.0));
}

#[test]
fn threads_make_no_difference() {
    let settings = "scale = 0.02\nseeds = 4\nuntil = 2024";
    let (_, _, one) = carried_out(settings, &[MOVED, NEW], 1);
    let (_, _, many) = carried_out(settings, &[MOVED, NEW], 4);
    for position in 0..2 {
        assert_eq!(
            bits(&scenario(&one, position)),
            bits(&scenario(&many, position))
        );
        for (a, b) in one.iter().zip(&many) {
            let [a, b] = [a, b].map(|pair| &pair.scenarios[position].account);
            assert_eq!(a, b);
        }
    }
}
