//! Alignment: what has been observed is met, and what a policy does is still seen.

mod support;

use stabil::dice::Key;
use stabil::engine::{Conditions, Factors, Walk};
use stabil::evidence::DataFolder;
use stabil::parameters::levers::Agreement;
use stabil::parameters::{Levers, ModelData};
use stabil::runs::align::{Found, find_factors};
use stabil::runs::observed::{GROWING, Series};
use stabil::runs::work::{Progress, ensemble};
use stabil::runs::{Model, laws};
use stabil::tallies::Flow;
use stabil::tallies::flow::FLOWS;
use stabil::tallies::ledger::{AGE_CUTS, Ledger, Stock};
use stabil::words::{Sector, Year};
use std::ops::Range;
use std::sync::OnceLock;
use support::{BASE_YEAR, NORMAL, SMALL, small};

/// One person in twenty: enough nurses for a series to be met or missed.
const SCALE: f64 = 0.05;
/// The last year observed.
const LAST: Year = 2022;
/// Seeds that factors are found on, and others that they are tried on.
const FOUND_ON: u64 = 12;
const TRIED_ON: Range<u64> = 101..125;

fn model(change: impl FnOnce(&mut ModelData), levers: Levers) -> Model {
    let conditions = Conditions {
        levers,
        ..Conditions::default()
    };
    let built = ModelData::read(DataFolder::Embedded, None).and_then(|mut data| {
        change(&mut data);
        Model::build_under(data, BASE_YEAR, SCALE, &conditions)
    });
    match built {
        Ok(model) => model,
        Err(problem) => panic!("the model cannot be built: {problem}"),
    }
}

fn base() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(|| model(|_| (), Levers::default()))
}

fn series(model: &Model) -> Series {
    Series::read(&model.data).expect("the embedded series")
}

fn found(model: &Model) -> Found {
    find_factors(model, &series(model), FOUND_ON).expect("factors")
}

/// The base run's factors.
fn factors() -> &'static Factors {
    static FACTORS: OnceLock<Factors> = OnceLock::new();
    FACTORS.get_or_init(|| {
        let found = found(base());
        assert_eq!(found.gaps, Vec::new());
        found.factors
    })
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Mean and its variance.
fn estimate(values: &[f64]) -> (f64, f64) {
    let (middle, n) = (mean(values), values.len() as f64);
    let squares: f64 = values.iter().map(|v| (v - middle).powi(2)).sum();
    (middle, squares / (n - 1.0) / n)
}

/// What one seed shows of what is aligned, and of what policies are for.
#[derive(Default)]
struct Seen {
    /// Narrow municipal turnover by year and profession.
    turnover: std::collections::BTreeMap<(Year, usize), f64>,
    /// Growth of hospitals minus that of municipalities, by year.
    growth: std::collections::BTreeMap<Year, f64>,
    /// Nurses' FTE in municipalities and hospitals in the last year observed.
    nurses: f64,
}

fn stock(
    ledger: &Ledger,
    stock: &[Stock],
    sector: Sector,
    passes: impl Fn(usize) -> bool,
) -> Stock {
    let mut sum = Stock::default();
    for grade in (0..ledger.grades).filter(|grade| passes(*grade)) {
        for zone in 0..ledger.zones {
            let cell = ledger.cell(grade, sector.index(), zone);
            for part in &stock[cell * AGE_CUTS..(cell + 1) * AGE_CUTS] {
                sum.persons += part.persons;
                sum.milli_fte += part.milli_fte;
            }
        }
    }
    sum
}

fn seen(model: &Model, seeds: Range<u64>) -> Vec<Seen> {
    let lists = &model.data.classification;
    let of = |profession: usize| move |grade: usize| lists.profession_of(grade) == profession;
    let zones = model.data.zones.len();
    let nurse = lists.profession("nurse").expect("nurses");
    seeds
        .map(|seed| {
            let mut walk = Walk::new(&model.base.population, BASE_YEAR, Key::new(seed, 0));
            let mut ledger = Ledger::open(&model.rules, zones, &walk.population, BASE_YEAR, 4);
            let mut seen = Seen::default();
            for year in BASE_YEAR + 1..=LAST {
                ledger.begin_year();
                walk.next(model.rules_in(year), &mut ledger);
                ledger.end_year();
                for profession in 0..lists.professions.len() {
                    let staff = stock(
                        &ledger,
                        &ledger.last_stock,
                        Sector::Municipal,
                        of(profession),
                    );
                    let gone: u32 = (0..ledger.grades)
                        .filter(|grade| lists.profession_of(*grade) == profession)
                        .flat_map(|grade| (0..zones).map(move |zone| (grade, zone)))
                        .map(|(grade, zone)| ledger.cell(grade, Sector::Municipal.index(), zone))
                        .map(|cell| ledger.flows[cell * FLOWS + Flow::MunicipalNarrow as usize])
                        .sum();
                    let turnover = f64::from(gone) / f64::from(staff.persons);
                    seen.turnover.insert((year, profession), turnover);
                }
                let [municipal, hospital] = GROWING.map(|sector| {
                    let fte = |of: &[Stock]| stock(&ledger, of, sector, |_| true).milli_fte as f64;
                    fte(&ledger.stock) / fte(&ledger.last_stock) - 1.0
                });
                seen.growth.insert(year, hospital - municipal);
                seen.nurses = GROWING
                    .map(|sector| stock(&ledger, &ledger.stock, sector, of(nurse)).milli_fte as f64)
                    .iter()
                    .sum::<f64>()
                    / 1000.0;
            }
            seen
        })
        .collect()
}

/// Deviations from the series in standard errors: of turnover, and of the growth of sectors. Factors
/// found on some seeds have an error themselves: growth that of those seeds' means, turnover that of
/// the other ways out alone, which are at most half of all.
fn deviations(model: &Model) -> [Vec<f64>; 2] {
    let series = series(model);
    let seen = seen(model, TRIED_ON);
    let ratio = seen.len() as f64 / FOUND_ON as f64;
    let deviation = |what: String, values: Vec<f64>, observed: f64, found: f64| {
        let (middle, variance) = estimate(&values);
        let error = (variance * (1.0 + found * ratio)).sqrt();
        println!("{what}: {middle:.4} for {observed:.4}, error {error:.4}");
        (middle - observed) / error
    };
    let turnover = series.municipal_narrow.iter().map(|(key, observed)| {
        let values = seen.iter().map(|seen| seen.turnover[key]).collect();
        deviation(format!("turnover {key:?}"), values, *observed, 0.5)
    });
    let growth = series
        .sector_growth
        .iter()
        .map(|(year, [municipal, hospital])| {
            let values = seen.iter().map(|seen| seen.growth[year]).collect();
            deviation(format!("growth {year}"), values, hospital - municipal, 1.0)
        });
    [turnover.collect(), growth.collect()]
}

#[test]
fn an_aligned_run_meets_the_series_on_other_seeds_where_the_unaligned_does_not() {
    let before = deviations(base());
    let mut aligned = model(|_| (), Levers::default());
    aligned.align(factors());
    let after = deviations(&aligned);
    for (name, value) in factors().pairs() {
        println!("{name} = {value:.4}");
    }
    // Errors are estimated from 24 seeds: a squared deviation is an F(1, 23), of mean 1.1 and
    // variance 2.8.
    for (before, after) in before.iter().zip(&after) {
        let n = after.len() as f64;
        let room = 1.1 * n + 4.0 * (2.8 * n).sqrt();
        let sum = |list: &[f64]| list.iter().map(|z| z * z).sum::<f64>();
        let (before, off) = (sum(before), sum(after));
        println!("squared deviations {before:.1}, aligned {off:.1}, room {room:.1}");
        assert!(off < room, "off by {off:.1}, room is {room:.1}");
        assert!(before > 1.5 * room, "already met: {before:.1}, {room:.1}");
        // Nor all a little to one side.
        let side = after.iter().sum::<f64>() / n.sqrt();
        assert!(side.abs() < 4.0, "to one side: {side:.1}");
    }
}

#[test]
fn growth_is_met_on_the_seeds_that_factors_are_found_on() {
    let mut aligned = model(|_| (), Levers::default());
    aligned.align(factors());
    let seen = seen(&aligned, 1..FOUND_ON + 1);
    for (year, [municipal, hospital]) in &series(&aligned).sector_growth {
        let values: Vec<f64> = seen.iter().map(|seen| seen.growth[year]).collect();
        let off = mean(&values) - (hospital - municipal);
        println!("growth {year}: off by {off:.5}");
        assert!(off.abs() < 0.002, "{year}: off by {off}");
    }
}

#[test]
fn factors_are_the_same_bytes_on_any_number_of_threads() {
    let with = |threads: usize| -> Vec<(String, u64)> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let found = pool
            .expect("threads")
            .install(|| find_factors(small(), &series(small()), 3))
            .expect("factors");
        let pairs = found.factors.pairs();
        pairs
            .map(|(name, v)| (name.to_string(), v.to_bits()))
            .collect()
    };
    let one = with(1);
    assert!(one.len() >= 12 + 8, "{one:?}");
    assert_eq!(one, with(3));
}

/// The effect of a policy seed by seed: what `shows` tells with it minus what it tells without.
fn effect(with: &[Seen], without: &[Seen], shows: impl Fn(&Seen) -> f64) -> Vec<f64> {
    let pairs = with.iter().zip(without);
    pairs
        .map(|(with, without)| shows(with) - shows(without))
        .collect()
}

/// Checks that a policy does the same with the base run's factors as without any: within chance, as
/// the paired seeds spread, and a tenth (odds are not probabilities). Gives the effect.
fn survives(policy: &mut Model, shows: impl Fn(&Seen) -> f64 + Copy) -> (f64, Vec<Seen>) {
    let plain = effect(&seen(policy, TRIED_ON), &seen(base(), TRIED_ON), shows);
    let mut aligned = model(|_| (), Levers::default());
    aligned.align(factors());
    policy.align(factors());
    let without = seen(&aligned, TRIED_ON);
    let kept = effect(&seen(policy, TRIED_ON), &without, shows);
    let change: Vec<f64> = kept.iter().zip(&plain).map(|(a, b)| a - b).collect();
    let ((was, noise), (differs, variance)) = (estimate(&plain), estimate(&change));
    println!(
        "effect {was:.5} ({:.5}), aligned {:.5}",
        noise.sqrt(),
        mean(&kept)
    );
    assert!(
        was.abs() > NORMAL * noise.sqrt(),
        "the policy does nothing: {was}"
    );
    let room = NORMAL * variance.sqrt() + 0.1 * was.abs();
    assert!(
        room < 0.5 * was.abs(),
        "the seeds say too little: {room} of {was}"
    );
    assert!(
        differs.abs() < room,
        "effect {was}, changed by {differs}, room {room}"
    );
    (was, without)
}

#[test]
fn a_policy_on_turnover_survives_stored_factors_but_not_an_alignment_of_its_own() {
    let fewer = |data: &mut ModelData| {
        assert!(
            data.parameters
                .replace("leave_job.municipal_narrow[nurse]", 0.085)
        );
    };
    let mut policy = model(fewer, Levers::default());
    let nurse = policy
        .data
        .classification
        .profession("nurse")
        .expect("nurses");
    let shows = move |seen: &Seen| {
        let years: Vec<f64> = (BASE_YEAR + 1..=LAST)
            .map(|y| seen.turnover[&(y, nurse)])
            .collect();
        mean(&years)
    };
    let (was, without) = survives(&mut policy, shows);
    assert!(was < -0.02, "fewer leave: {was}");
    // Aligned to the same series, fewer no longer leave.
    let anew = found(&policy).factors;
    policy.align(&anew);
    let (left, noise) = estimate(&effect(&seen(&policy, TRIED_ON), &without, shows));
    println!("aligned anew {left:.5} ({:.5})", noise.sqrt());
    assert!(left.abs() < 0.2 * was.abs(), "{left} is left of {was}");
}

#[test]
fn a_lever_on_arrivals_survives_stored_factors() {
    let mut policy = model(
        |_| (),
        Levers {
            agreement: vec![Agreement {
                profession: "nurse".into(),
                country_group: "nordic".into(),
                persons: 3000.0,
                from: BASE_YEAR + 1,
                until: None,
            }],
            ..Levers::default()
        },
    );
    let (was, _) = survives(&mut policy, |seen| seen.nurses);
    assert!(was > 100.0, "more nurses: {was}");
}

/// Factors strong enough to be seen in anything.
fn strong() -> Factors {
    let pairs = [
        ("leave_job.municipal[nurse,2020]", 2.0),
        ("leave_job.municipal[care_assistant,2021]", -1.5),
        ("first_job.sector[hospital,2020]", 1.0),
        ("first_job.sector[municipal,2020]", -0.5),
    ];
    let lists = &small().data.classification;
    Factors::from_pairs(lists, pairs.map(|(name, v)| (name.to_string(), v))).expect("factors")
}

#[test]
fn without_factors_and_with_factors_of_nought_every_life_is_the_same() {
    let plan = support::outputs(small(), 2021);
    let bits = |model: &Model| -> Vec<Vec<u64>> {
        let runs = ensemble(model, &plan, 1..3, 2021, &Progress::default());
        let values = runs.iter().map(|run| &run.values.values);
        values
            .map(|v| v.iter().map(|v| v.to_bits()).collect())
            .collect()
    };
    let plain = bits(small());
    let mut model = support::embedded(SMALL);
    model.align(&Factors::default());
    assert!(model.aligned.is_empty());
    assert_eq!(plain, bits(&model));
    let noughts = strong()
        .pairs()
        .map(|(name, _)| (name.to_string(), 0.0))
        .collect::<Vec<_>>();
    model.align(&Factors::from_pairs(&model.data.classification, noughts).expect("factors"));
    assert_eq!(model.aligned.len(), 2);
    assert_eq!(plain, bits(&model));
    model.align(&strong());
    assert_ne!(plain, bits(&model));
}

#[test]
fn aligned_years_keep_the_books_and_the_quick_test_exact() {
    let mut model = support::embedded(SMALL);
    model.align(&strong());
    let lines = laws::conservation(&model, 1, 2022, |_| ());
    let failed: Vec<_> = lines.iter().filter(|line| !line.passes()).collect();
    assert!(lines.len() > 30 && failed.is_empty(), "{failed:?}");
    let begin = || Walk::new(&model.base.population, BASE_YEAR, Key::new(1, 0));
    let (mut fast, mut slow) = (begin(), begin());
    for year in BASE_YEAR + 1..=2022 {
        let rules = model.rules_in(year);
        fast.next(rules, &mut support::Diary::default());
        slow.next_slowly(rules, &mut support::Diary::default(), |_| {
            None::<stabil::engine::life::Nobody>
        });
        let (one, two) = (
            support::people(&fast.population),
            support::people(&slow.population),
        );
        assert!(one == two, "{year}: the quick test changes lives");
    }
}

#[test]
fn factors_on_first_jobs_move_sectors_and_nothing_else() {
    let model = small();
    let aligned = model.rules.aligned(&model.data, &strong(), 2020);
    let mut zeros = 0;
    for grade in 0..model.rules.lookup.grades {
        for zone in 0..model.data.zones.len() {
            let before = model.rules.first_job.of_newcomers(grade, zone);
            let after = aligned.first_job.of_newcomers(grade, zone);
            assert!(
                (before.iter().sum::<f64>() - 1.0).abs() < 1e-8,
                "{before:?}"
            );
            assert!(
                (before[4] - after[4]).abs() < 1e-8,
                "outside work {before:?} {after:?}"
            );
            for (old, new) in before.iter().zip(&after) {
                assert_eq!(*old == 0.0, *new == 0.0, "{before:?} {after:?}");
                zeros += usize::from(*old == 0.0);
            }
            if before[0] > 1e-4 && before[1] > 1e-4 {
                let odds = |row: [f64; 5]| (row[1] / row[0]).ln();
                let moved = odds(after) - odds(before);
                assert!((moved - 1.5).abs() < 1e-3, "{before:?} {after:?}");
            }
        }
    }
    assert!(zeros > 0, "some grades are held in one sector only");
}
