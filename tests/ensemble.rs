//! Nested ensembles: draws, variants, seeds and scenarios are paired throughout, and neither
//! threads, nor where values are kept, nor the rest of the run make a difference to them.

use stabil::bands::{Names, Tables};
use stabil::evidence::DataFolder;
use stabil::runs::Plan;
use stabil::runs::batches::{Outcome, Todo, carry_out};
use stabil::runs::ensemble::{Desk, Ensemble};
use stabil::runs::note::lives;
use stabil::runs::work::Progress;
use stabil::store::{CellRuns, Runs, Store};
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

fn carried_out(lines: &str, way: &Way) -> Done {
    let plan = Plan::of_text("nested.toml", &format!("{HEAD}{lines}"));
    let plan = plan.unwrap_or_else(|problem| panic!("{problem}"));
    let ensemble = plan
        .read_data(DataFolder::Embedded)
        .and_then(|data| Ensemble::prepare(&plan, data))
        .unwrap_or_else(|problem| panic!("{problem}"));
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
