//! Nested ensembles: draws, variants, seeds and scenarios are paired throughout, and neither
//! threads, nor where values are kept, nor the rest of the run make a difference to them; nor do
//! shards, the order in which they are merged, interruptions, damage, or a unit that panics.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRng, TestRunner};
use stabil::bands::{Names, Tables};
use stabil::evidence::DataFolder;
use stabil::runs::Plan;
use stabil::runs::batches::{Outcome, Todo, carry_out};
use stabil::runs::ensemble::{Desk, Ensemble};
use stabil::runs::kept::{FOLDER, Gathered};
use stabil::runs::note::lives;
use stabil::runs::units::{Shard, Unit};
use stabil::runs::work::Progress;
use stabil::store::{CellRuns, Runs, Store};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const HEAD: &str = "name = \"nested\"\nscale = 0.02\nuntil = 2021\n";
const TABLES: &str = "measures = [\"persons\", \"supply_fte\", \"left_health\"]\n\
                      breakdowns = [[], [\"profession\"]]\n";
const VARIANTS: &str = "[[variant]]\nname = \"same\"\n[[variant]]\nname = \"again\"\n\
                        [[variant]]\nname = \"one_type\"\nattachment = \"none\"\n";
const NOTHING: &str = "[[scenario]]\nname = \"nothing\"\n";

/// An ensemble with all that it gave. The folder keeps the work files.
struct Done {
    ensemble: Ensemble,
    outcome: Outcome,
    runs: Runs,
    _folder: tempfile::TempDir,
}

/// How the work is done; none of it may make a difference.
struct Way {
    threads: usize,
    /// Are values kept in memory?
    memory: bool,
    /// Simulated years after which the user stops it.
    stop_after: u64,
}

const PLAIN: Way = Way {
    threads: 2,
    memory: true,
    stop_after: u64::MAX,
};

fn prepared(lines: &str) -> Ensemble {
    let plan = Plan::of_text("nested.toml", &format!("{HEAD}{lines}"));
    let plan = plan.unwrap_or_else(|problem| panic!("{problem}"));
    plan.read_data(DataFolder::Embedded)
        .and_then(|data| Ensemble::prepare(&plan, data))
        .unwrap_or_else(|problem| panic!("{problem}"))
}

fn carried_out(lines: &str, way: &Way) -> Done {
    let ensemble = prepared(lines);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let place = (folder.path().to_path_buf(), [0; 32]);
    let store = match way.memory {
        true => Store::in_memory(ensemble.shape()),
        false => Store::in_folder(ensemble.shape(), place, Vec::new()),
    };
    let (progress, is_over) = (Progress::default(), AtomicBool::new(false));
    let desk = Desk {
        store: &store,
        progress: &progress,
        watch: None,
        before: |_| {},
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(way.threads);
    let pool = pool.build().expect("threads");
    let outcome = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                if progress.years.load(Ordering::Relaxed) >= way.stop_after {
                    progress.stop.store(true, Ordering::Relaxed);
                }
                std::thread::sleep(Duration::from_millis(1));
            }
        });
        let outcome = pool.install(|| carry_out(&ensemble, None, Todo::all(&ensemble), desk));
        is_over.store(true, Ordering::Relaxed);
        outcome
    });
    let outcome = outcome.unwrap_or_else(|halt| panic!("{halt}"));
    let runs = store.close(|draw, seed| {
        outcome.draws.contains(&(draw as usize)) && outcome.seeds.contains(&seed)
    });
    Done {
        ensemble,
        outcome,
        runs: runs.unwrap_or_else(|trouble| panic!("{trouble}")),
        _folder: folder,
    }
}

/// What `look` makes of each cell, in their order.
fn each<T: Send>(done: &Done, look: impl Fn(&CellRuns) -> T + Sync) -> Vec<T> {
    let mut all = Vec::new();
    let read = done.runs.each_cell(look, |_, own| all.push(own));
    read.expect("values can be read");
    all
}

/// The values of an arm over years: bit for bit, of a variant and its first draws.
fn bits(cell: &CellRuns, arm: usize, variant: usize, draws: usize) -> Vec<u64> {
    let years = cell.years(arm).flat_map(|own| {
        (0..draws).flat_map(move |draw| own.of_draw(variant, draw).iter().map(|x| x.to_bits()))
    });
    years.collect()
}

/// All values of all cells.
fn everything(done: &Done) -> Vec<Vec<u64>> {
    each(done, |cell| {
        let arms = (0..done.runs.shape.arms).flat_map(|arm| cell.years(arm));
        arms.flat_map(|own| own.values.iter().map(|x| x.to_bits()))
            .collect()
    })
}

#[test]
fn neither_threads_nor_work_files_change_a_bit() {
    let lines = format!("draws = 3\nseeds = 2\n{TABLES}{VARIANTS}");
    let one = carried_out(
        &lines,
        &Way {
            threads: 1,
            ..PLAIN
        },
    );
    let expected = everything(&one);
    for (threads, memory) in [(2, false), (5, true), (16, false)] {
        let way = Way {
            threads,
            memory,
            ..PLAIN
        };
        assert!(
            everything(&carried_out(&lines, &way)) == expected,
            "{threads}"
        );
    }
    // The tables too, and the mean of every draw counts once.
    let names = Names {
        arms: vec!["nested".into()],
        variants: vec!["same".into(), "again".into(), "one_type".into()],
    };
    let tables = Tables::of(&one.runs, one.ensemble.layout(), &names).expect("tables");
    assert_eq!(tables.bands.len(), 4);
    assert_eq!(tables.bands[0].rows[0].runs, 18);
    assert_eq!(tables.bands[1].rows, tables.bands[2].rows);
    let last = tables.bands[1].rows.len() - tables.bands[1].layout.cells.len();
    let row = &tables.bands[1].rows[last];
    assert!(row.mcse > row.sd / 6_f64.sqrt() * 0.5, "{row:?}");
}

#[test]
fn the_first_draws_of_many_are_those_of_a_run_with_few() {
    let few = carried_out(&format!("draws = 2\nseeds = 2\n{TABLES}"), &PLAIN);
    let many = carried_out(&format!("draws = 4\nseeds = 2\n{TABLES}"), &PLAIN);
    assert_eq!(few.ensemble.draws[..], many.ensemble.draws[..2]);
    let of = |done: &Done| each(done, |cell| bits(cell, 0, 0, 2));
    assert_eq!(of(&few), of(&many));
    // Draws differ from each other and from the centre, though the seeds are the same.
    let centre = carried_out(&format!("seeds = 2\n{TABLES}"), &PLAIN);
    let first = |done: &Done, draw: usize| -> Vec<u64> {
        each(done, |cell| {
            let last = cell.years(0).last().expect("a year");
            last.of_draw(0, draw)[0].to_bits()
        })
    };
    assert_ne!(first(&many, 0), first(&many, 1));
    assert_ne!(first(&many, 0), first(&centre, 0));
    assert_eq!(centre.ensemble.draws[0].number, 0);
    assert!(many.ensemble.draws.iter().all(|draw| draw.number > 0));
}

#[test]
fn variants_and_scenarios_throw_the_same_dice() {
    for draws in [0, 2] {
        let lines = format!("draws = {draws}\nseeds = 2\n{TABLES}{NOTHING}{VARIANTS}");
        let done = carried_out(&lines, &PLAIN);
        let draws = done.runs.draws.len();
        let told = each(&done, |cell| {
            let of = |arm, variant| bits(cell, arm, variant, draws);
            for variant in 0..3 {
                assert_eq!(
                    of(0, variant),
                    of(1, variant),
                    "a scenario without policies"
                );
            }
            assert_eq!(of(0, 0), of(0, 1), "a variant that changes nothing");
            of(0, 0) != of(0, 2)
        });
        assert!(told.contains(&true), "a variant without types of people");
    }
}

#[test]
fn what_else_is_measured_makes_no_difference() {
    let few = carried_out(&format!("draws = 2\nseeds = 1\n{TABLES}"), &PLAIN);
    let more = TABLES.replace(
        "[\"profession\"]]",
        "[\"profession\"], [\"sector\"], [\"zone\"]]",
    );
    let more = more.replace("\"left_health\"]", "\"left_health\", \"entries\"]");
    let more = carried_out(&format!("draws = 2\nseeds = 1\n{more}"), &PLAIN);
    let (own, all) = (everything(&few), everything(&more));
    assert!(all.len() > own.len());
    for (cell, values) in few.ensemble.layout().cells.iter().zip(own) {
        let mut cells = more.ensemble.layout().cells.iter();
        let at = cells.position(|other| other == cell).expect("the cell");
        assert_eq!(all[at], values, "{cell:?}");
    }
}

#[test]
fn an_interruption_keeps_whole_draws() {
    let lines = format!("draws = 60\nseeds = 2\n{TABLES}{VARIANTS}");
    for memory in [false, true] {
        let way = Way {
            stop_after: 12 * 9,
            memory,
            ..PLAIN
        };
        let cut = carried_out(&lines, &way);
        let draws = cut.runs.draws.len();
        assert!((1..60).contains(&draws), "{draws} draws");
        assert!(!cut.outcome.is_complete);
        assert_eq!((cut.runs.variants, cut.runs.seeds.clone()), (3, vec![1, 2]));
        assert_eq!(cut.runs.count(), 6 * draws);
        let (_, pairs) = lives(&cut.runs, 15).expect("notes can be read");
        assert_eq!(pairs.len(), cut.runs.count());
    }
}

/// Units in a folder, as a session finds them: what is whole is there, what is damaged is removed.
fn there(ensemble: &Ensemble, folder: &Path) -> Gathered {
    let mut own = Gathered::default();
    let made_by = ([0; 32], ensemble.shape());
    own.add(folder, made_by, None).expect("units of this run");
    own.remove_damaged().expect("they can be removed");
    own
}

/// A session: takes up what is in the folder of these units, and does what is missing until the
/// user stops it. Gives what came of it, and which units it had to do.
fn session(
    ensemble: &Ensemble,
    folder: &Path,
    units: &[Unit],
    stop_after: u64,
    before: fn(&Unit),
) -> (Outcome, Vec<Unit>) {
    fs::create_dir_all(folder.join(FOLDER)).expect("a folder");
    let own = there(ensemble, folder);
    let missing = own.missing(units, folder).expect("units of this run");
    let place = (folder.join(FOLDER), [0; 32]);
    let store = Store::in_folder(ensemble.shape(), place, own.pieces);
    let (progress, is_over) = (Progress::default(), AtomicBool::new(false));
    let desk = Desk {
        store: &store,
        progress: &progress,
        watch: None,
        before,
    };
    let todo = Todo {
        there: own.parts,
        units: missing.clone(),
    };
    let outcome = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                if progress.years.load(Ordering::Relaxed) >= stop_after {
                    progress.stop.store(true, Ordering::Relaxed);
                }
                std::thread::yield_now();
            }
        });
        let outcome = carry_out(ensemble, None, todo, desk);
        is_over.store(true, Ordering::Relaxed);
        outcome
    });
    (outcome.unwrap_or_else(|halt| panic!("{halt}")), missing)
}

/// What the units of these folders hold, put together in this order: every value bit for bit, and
/// the lives told beside them.
fn merged(ensemble: &Ensemble, folders: &[PathBuf], units: &[Unit]) -> (Vec<Vec<u64>>, String) {
    let mut all = Gathered::default();
    for folder in folders {
        let made_by = ([0; 32], ensemble.shape());
        all.add(folder, made_by, None).expect("units of this run");
    }
    assert!(all.damaged.is_empty());
    let missing = all.missing(units, &folders[0]);
    assert!(missing.expect("units of this run").is_empty());
    let place = (folders[0].join(FOLDER), [0; 32]);
    let store = Store::in_folder(ensemble.shape(), place, all.pieces);
    let runs = store.close(|_, _| true).expect("all is there");
    let look = |cell: &CellRuns| -> Vec<u64> {
        let arms = (0..runs.shape.arms).flat_map(|arm| cell.years(arm));
        arms.flat_map(|own| own.values.iter().map(|x| x.to_bits()))
            .collect()
    };
    let mut bits = Vec::new();
    let read = runs.each_cell(look, |_, own| bits.push(own));
    read.expect("values can be read");
    let notes = lives(&runs, 15).expect("notes can be read");
    (bits, format!("{notes:?}"))
}

/// The one unit that is made to fail.
fn fails(unit: &Unit) {
    assert!(
        (unit.variant, unit.seeds.start) != (1, 2),
        "made to fail at {unit}"
    );
}

#[test]
fn a_unit_that_panics_takes_no_other_with_it_and_is_the_only_one_done_again() {
    let ensemble = prepared(&format!("seeds = 4\n{TABLES}{VARIANTS}"));
    let units = ensemble.extent().units(1);
    assert_eq!(units.len(), 12);
    let whole = tempfile::tempdir().expect("a temporary folder");
    let folder = tempfile::tempdir().expect("a temporary folder");
    session(&ensemble, whole.path(), &units, u64::MAX, |_| {});
    let (outcome, done) = session(&ensemble, folder.path(), &units, u64::MAX, fails);
    assert_eq!(done, units);
    let [failure] = &outcome.failures[..] else {
        panic!("{:?}", outcome.failures);
    };
    assert_eq!(
        (failure.unit.variant, failure.unit.seeds.clone()),
        (1, 2..3)
    );
    for piece in [
        "a fault in the program",
        "made to fail",
        "seed 2",
        "variant 2",
    ] {
        assert!(failure.told.contains(piece), "{}", failure.told);
    }
    assert!(!outcome.is_complete && !failure.is_no_room);
    // Seeds that are whole under every variant are results all the same.
    assert_eq!(
        outcome.seeds.iter().copied().collect::<Vec<u64>>(),
        [1, 3, 4]
    );
    assert_eq!(there(&ensemble, folder.path()).pieces.len(), 11);
    let (outcome, done) = session(&ensemble, folder.path(), &units, u64::MAX, |_| {});
    assert_eq!(done, std::slice::from_ref(&failure.unit));
    assert!(outcome.is_complete && outcome.failures.is_empty());
    let of = |own: &Path| merged(&ensemble, &[own.to_path_buf()], &units);
    assert!(of(folder.path()) == of(whole.path()));
}

/// A way to the end: how the seeds are cut into units, into how many shards, the order in which
/// these are merged, and the sessions that ended early: after how many simulated years, and whether
/// a bit of a unit was turned over then.
type Detours = (Vec<u64>, u32, Vec<u32>, Vec<(u64, Option<(usize, usize)>)>);

fn detours(seeds: u64) -> impl Strategy<Value = Detours> {
    let cuts = prop::collection::btree_set(2..=seeds, 0..seeds as usize);
    let damage = prop::option::of((any::<usize>(), any::<usize>()));
    let sessions = prop::collection::vec((0..seeds * 2, damage), 0..3);
    (cuts, 1..7_u32, sessions).prop_flat_map(|(cuts, shards, sessions)| {
        let order = Just((1..=shards).collect::<Vec<u32>>()).prop_shuffle();
        let cuts: Vec<u64> = cuts.into_iter().collect();
        (Just(cuts), Just(shards), order, Just(sessions))
    })
}

#[test]
fn no_way_of_parting_interrupting_and_merging_changes_a_bit() {
    const SEEDS: u64 = 6;
    let variants = "[[variant]]\nname = \"same\"\n[[variant]]\nname = \"one_type\"\n\
                    attachment = \"none\"\n";
    let measures = "measures = [\"persons\", \"left_health\"]\nbreakdowns = [[]]\n";
    let ensemble = prepared(&format!("seeds = {SEEDS}\n{measures}{variants}"));
    let whole = tempfile::tempdir().expect("a temporary folder");
    let all = ensemble.extent().units(1);
    session(&ensemble, whole.path(), &all, u64::MAX, |_| {});
    let expected = merged(&ensemble, &[whole.path().to_path_buf()], &all);
    let mut taken_up = 0;
    let rng = TestRng::deterministic_rng(Default::default());
    let mut runner = TestRunner::new_with_rng(Config::with_cases(16), rng);
    for _ in 0..16 {
        let tree = detours(SEEDS).new_tree(&mut runner).expect("a case");
        let (cuts, shards, order, sessions) = tree.current();
        let mut ends = [vec![1], cuts.clone(), vec![SEEDS + 1]].concat();
        ends.dedup();
        let units: Vec<Unit> = (0..2)
            .flat_map(|variant| {
                ends.windows(2).map(move |own| Unit {
                    draw: 0,
                    variant,
                    seeds: own[0]..own[1],
                })
            })
            .collect();
        let shards = shards.min(units.len() as u32);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let place = |number: u32| folder.path().join(number.to_string());
        for number in 1..=shards {
            let own = Shard { number, of: shards };
            let own = own.own(units.clone()).expect("enough units");
            for (stop_after, damage) in &sessions {
                session(&ensemble, &place(number), &own, *stop_after, |_| {});
                let kept = there(&ensemble, &place(number)).pieces;
                taken_up += kept.len();
                if let (Some((which, at)), false) = (damage, kept.is_empty()) {
                    let (_, path) = kept[which % kept.len()].origin().expect("a file");
                    let mut bytes = fs::read(path).expect("a unit");
                    let at = at % bytes.len();
                    bytes[at] ^= 1;
                    fs::write(path, bytes).expect("a unit");
                }
            }
            let (outcome, _) = session(&ensemble, &place(number), &own, u64::MAX, |_| {});
            assert!(outcome.failures.is_empty(), "{:?}", outcome.failures);
        }
        let order = order.into_iter().filter(|number| *number <= shards);
        let folders: Vec<PathBuf> = order.map(place).collect();
        let found = merged(&ensemble, &folders, &units);
        assert!(
            found == expected,
            "{cuts:?} {shards} {folders:?} {sessions:?}"
        );
    }
    assert!(taken_up > 20, "{taken_up} units were taken up");
}
