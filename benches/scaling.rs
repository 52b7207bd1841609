//! How time and memory grow with people, years, runs and zones.
//!
//! Each series changes one thing and holds the rest. Its cases are measured in turn, several rounds
//! through, and each keeps its least time, so that a change of the machine's pace meets all and
//! disturbances meet none. Time is the processor time of the thread, without preparing; on two
//! threads that of the busier one. Where the system does not tell processor time (only Linux does
//! it here), it is time on the wall. The exponent is the slope of a least-squares line through the
//! logarithms: 1 for cost in proportion, 0 for none.
//!
//! Memory is the greatest resident set of `stabil run baseline` in a process of its own, results
//! written and all.
//!
//! Run with `cargo bench --bench scaling`; it takes a minute or two. What was measured stands in
//! `benches/README.md`.

mod clock;

use anyhow::{Context, Result, ensure};
use rayon::{ThreadPool, ThreadPoolBuilder};
use stabil::dice::Key;
use stabil::engine::Walk;
use stabil::evidence::DataFolder;
use stabil::evidence::folder::export;
use stabil::population::columns::BYTES_PER_PERSON;
use stabil::runs::work::Progress;
use stabil::runs::{Pairing, Plan};
use stabil::tallies::Ledger;
use stabil::words::Year;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Simulated people per real person; the last one is held against the line through the others.
const SCALES: [f64; 5] = [0.05, 0.1, 0.2, 0.4, 1.0];
/// Simulated years, the last as many as a run can have.
const YEARS: [Year; 4] = [5, 10, 20, 41];
/// Runs of an ensemble.
const RUNS: [u32; 4] = [1, 2, 4, 8];
/// Years where they are held.
const HELD_YEARS: Year = 21;
/// Rounds through the cases of a series.
const ROUNDS: usize = 3;
/// How often the memory of another process is looked at.
const LOOK: Duration = Duration::from_millis(3);
/// A coarser scheme than the data folder has, so that zones have a range to grow over.
const COARSE: &str = "\n[[scheme]]\nid = \"region_group\"\nby = [\"region\", \"group\"]\n";

/// What a case took.
#[derive(Clone, Copy)]
struct Cost {
    seconds: f64,
    person_years: u64,
}

/// A case of a series: how much of the thing changed, whether the line goes through it or it is held
/// against the line, how it is named, and its work.
struct Case<'a> {
    factor: f64,
    fitted: bool,
    name: String,
    work: Box<dyn Fn() -> Cost + 'a>,
}

/// A least-squares line.
struct Line {
    intercept: f64,
    slope: f64,
    r2: f64,
}

/// The baseline, prepared as `stabil run` does it.
fn prepare(folder: DataFolder, scale: f64, years: Year, zones: Option<&str>) -> Result<Pairing> {
    let mut plan = Plan::find("baseline")?;
    plan.scale = scale;
    plan.until = plan.start + years;
    // The baseline's questions about places name zones of one scheme.
    plan.risks.clear();
    plan.zones = zones.map_or(plan.zones, str::to_string);
    let data = plan.read_data(folder)?;
    Ok(Pairing::prepare(&plan, data)?.0)
}

/// The engine with its tallies, without output tables.
fn engine(pairing: &Pairing) -> Cost {
    let (model, until) = (&pairing.base, pairing.design.until);
    let base_year = model.base.year;
    let mut walk = Walk::new(&model.base.population, base_year, Key::new(1, 0));
    let (zones, years) = (model.data.zones.len(), usize::from(until - base_year));
    let mut ledger = Ledger::open(&model.rules, zones, &walk.population, base_year, years);
    let mut person_years = 0;
    let began = clock::seconds();
    for year in base_year + 1..=until {
        person_years += walk.population.present() as u64;
        ledger.begin_year();
        walk.next(model.rules_in(year), &mut ledger);
        ledger.end_year();
    }
    let seconds = clock::seconds() - began;
    black_box(&ledger);
    Cost {
        seconds,
        person_years,
    }
}

/// An ensemble with the default tables, by the busiest thread.
fn ensemble(pairing: &Pairing, runs: u32, pool: &ThreadPool) -> Cost {
    let before = pool.broadcast(|_| clock::seconds());
    let pairs = pool.install(|| pairing.simulate(1..1 + u64::from(runs), &Progress::default()));
    let after = pool.broadcast(|_| clock::seconds());
    let busy = before.iter().zip(after).map(|(from, to)| to - from);
    Cost {
        seconds: busy.fold(0.0, f64::max),
        person_years: pairs.iter().map(|pair| pair.base.run.person_years).sum(),
    }
}

/// Measures the cases of a series in turn and prints a line for each. `thing` is what grows, and
/// `under` what it is measured under.
fn series((thing, under): (&str, &str), title: &str, cases: &[Case<'_>]) {
    println!("\n{thing}{under}: {title}");
    let mut costs: Vec<Cost> = cases.iter().map(|case| (case.work)()).collect();
    for _ in 1..ROUNDS {
        for (case, cost) in cases.iter().zip(&mut costs) {
            cost.seconds = cost.seconds.min((case.work)().seconds);
        }
    }
    for (case, cost) in cases.iter().zip(&costs) {
        println!(
            "  {:<40} {:>8.3} s {:>7.2} million person-years a second",
            case.name,
            cost.seconds,
            cost.person_years as f64 / cost.seconds / 1e6
        );
    }
    let measured = || cases.iter().zip(&costs);
    let fitted = measured().filter(|(case, _)| case.fitted);
    let points: Vec<(f64, f64)> = fitted
        .map(|(case, cost)| (case.factor, cost.seconds))
        .collect();
    let line = tell_growth((thing, under), "time", &points);
    for (case, cost) in measured().filter(|(case, _)| !case.fitted) {
        let expected = (line.intercept + line.slope * case.factor.ln()).exp();
        println!(
            "{thing}{under}: {}, by this line {expected:.3} s, measured {:.3} s",
            case.name, cost.seconds
        );
    }
}

/// Prints the exponent, and gives the line through the logarithms.
fn tell_growth((thing, under): (&str, &str), what: &str, points: &[(f64, f64)]) -> Line {
    let logarithms = points.iter().map(|(x, y)| (x.ln(), y.ln()));
    let line = Line::through(&logarithms.collect::<Vec<_>>());
    println!(
        "{thing}{under}: {what} grows as {thing}^{:.2}, R2 {:.3}",
        line.slope, line.r2
    );
    line
}

impl Line {
    fn through(points: &[(f64, f64)]) -> Line {
        let number = points.len() as f64;
        let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / number;
        let (mean_x, mean_y) = (mean(|point| point.0), mean(|point| point.1));
        let apart = points.iter().map(|(x, y)| (x - mean_x, y - mean_y));
        let (xx, xy, yy) = apart.fold((0.0, 0.0, 0.0), |(xx, xy, yy), (x, y)| {
            (xx + x * x, xy + x * y, yy + y * y)
        });
        Line {
            intercept: mean_y - xy / xx * mean_x,
            slope: xy / xx,
            r2: xy * xy / (xx * yy),
        }
    }
}

/// Time by people and by years.
fn people_and_years() -> Result<Vec<usize>> {
    let prepared = |scale| prepare(DataFolder::Embedded, scale, HELD_YEARS, None);
    let pairings: Vec<Pairing> = SCALES.into_iter().map(prepared).collect::<Result<_>>()?;
    let people: Vec<usize> = pairings
        .iter()
        .map(|pairing| pairing.base.base.population.len())
        .collect();
    let cases = SCALES.iter().zip(&people).zip(&pairings);
    let cases: Vec<Case> = cases
        .map(|((scale, people), pairing)| Case {
            factor: *people as f64,
            fitted: *scale < 1.0,
            name: format!("scale {scale}, {people} people"),
            work: Box::new(|| engine(pairing)),
        })
        .collect();
    series(("people", ""), "engine, 2019 to 2040, one run", &cases);

    let held = 0.2;
    let prepared = |years| prepare(DataFolder::Embedded, held, years, None);
    let pairings: Vec<Pairing> = YEARS.into_iter().map(prepared).collect::<Result<_>>()?;
    let cases = YEARS.iter().zip(&pairings).map(|(years, pairing)| Case {
        factor: f64::from(*years),
        fitted: true,
        name: format!("{years} years, to {}", pairing.design.until),
        work: Box::new(|| engine(pairing)),
    });
    let cases: Vec<Case> = cases.collect();
    let title = format!("engine, one run at scale {held}; the population grows as well");
    series(("years", ""), &title, &cases);
    Ok(people)
}

fn runs_in_words(runs: u32) -> String {
    let plural = if runs == 1 { "" } else { "s" };
    format!("{runs} run{plural}")
}

/// Time by runs, on one thread and on two.
fn runs() -> Result<()> {
    let held = 0.1;
    let pairing = prepare(DataFolder::Embedded, held, HELD_YEARS, None)?;
    for (threads, under) in [(1, " on one thread"), (2, " on two threads")] {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build()?;
        let cases = RUNS.map(|runs| {
            let (pairing, pool) = (&pairing, &pool);
            Case {
                factor: f64::from(runs),
                // A run is the work of one thread; the others would be idle.
                fitted: runs as usize >= threads,
                name: runs_in_words(runs),
                work: Box::new(move || ensemble(pairing, runs, pool)),
            }
        });
        let title = format!("2019 to 2040 with default tables, scale {held}");
        series(("runs", under), &title, &cases);
    }
    Ok(())
}

/// Time by zones, of the engine alone and with tables.
fn zones() -> Result<()> {
    let held = 0.2;
    let temporary = tempfile::tempdir()?;
    let folder = temporary.path().join("data");
    export(&folder)?;
    let file = folder.join("classification/zones.toml");
    fs::write(&file, fs::read_to_string(&file)? + COARSE)?;
    let data = || DataFolder::Disk(folder.clone());
    let schemes = prepare(data(), held, 1, None)?.base.data.zones.schemes;
    let prepared = |scheme: &str| prepare(data(), held, HELD_YEARS, Some(scheme));
    let pairings = schemes.iter().map(|scheme| prepared(&scheme.id));
    let mut pairings = pairings.collect::<Result<Vec<Pairing>>>()?;
    pairings.sort_by_key(|pairing| pairing.base.data.zones.len());
    let pool = ThreadPoolBuilder::new().num_threads(1).build()?;
    for with_tables in [false, true] {
        let cases = pairings.iter().map(|pairing| {
            let (zones, cells) = (&pairing.base.data.zones, &pairing.outputs.layout.cells);
            let number = zones.len();
            let size = match with_tables {
                true => format!(", {} cells", cells.len()),
                false => String::new(),
            };
            let pool = &pool;
            let work: Box<dyn Fn() -> Cost> = match with_tables {
                true => Box::new(move || ensemble(pairing, 1, pool)),
                false => Box::new(move || engine(pairing)),
            };
            Case {
                factor: number as f64,
                fitted: true,
                name: format!("{number} zones, {}{size}", zones.scheme),
                work,
            }
        });
        let cases: Vec<Case> = cases.collect();
        let (under, what) = match with_tables {
            true => (" with tables", "engine and default tables"),
            false => (" for the engine alone", "engine"),
        };
        let title = format!("{what}, 2019 to 2040, one run at scale {held}");
        series(("zones", under), &title, &cases);
    }
    Ok(())
}

/// The greatest resident set of `stabil run baseline` in bytes; nothing where the system does not
/// tell it.
fn peak(scale: f64, runs: u32) -> Result<Option<f64>> {
    let folder = tempfile::tempdir()?;
    let mut child = Command::new(env!("CARGO_BIN_EXE_stabil"))
        .args(["run", "baseline", "--threads", "1", "--quiet"])
        .args(["--scale", &scale.to_string(), "--seeds", &runs.to_string()])
        .arg("--out")
        .arg(folder.path().join("out"))
        .stdout(Stdio::null())
        .spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut most = None;
    let end = loop {
        // It never falls, so the last look before the end has the greatest of all.
        most = resident(Path::new(&status)).or(most);
        if let Some(end) = child.try_wait()? {
            break end;
        }
        std::thread::sleep(LOOK);
    };
    ensure!(end.success(), "stabil run ended with {end}");
    Ok(most)
}

fn resident(status: &Path) -> Option<f64> {
    let text = fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024.0)
}

/// Memory by people and by runs.
fn memory(people: &[usize]) -> Result<()> {
    println!("\nmemory: stabil run baseline, the state alone {BYTES_PER_PERSON} bytes a person");
    let by_people = SCALES.iter().zip(people).map(|(scale, people)| {
        let name = format!("scale {scale}, {people} people");
        (*people as f64, name, *scale, 1)
    });
    tell_memory("people", "a person", &by_people.collect::<Vec<_>>())?;
    let by_runs = RUNS.map(|runs| (f64::from(runs), runs_in_words(runs), 0.1, runs));
    tell_memory("runs", "a run", &by_runs)
}

/// Measures and prints one series of memory: factor, name, scale and runs of each case.
fn tell_memory(thing: &str, each: &str, cases: &[(f64, String, f64, u32)]) -> Result<()> {
    let mut points = Vec::new();
    for (factor, name, scale, runs) in cases {
        let Some(bytes) = peak(*scale, *runs)? else {
            println!("  {name:<40} not told by this system");
            continue;
        };
        println!("  {name:<40} {:>8.1} MB at most", bytes / 1e6);
        points.push((*factor, bytes));
    }
    if points.len() == cases.len() {
        tell_growth((thing, ""), "memory", &points);
        let line = Line::through(&points);
        println!(
            "{thing}: memory {:.0} MB and {:.3} kB {each}, R2 {:.3}",
            line.intercept / 1e6,
            line.slope / 1e3,
            line.r2
        );
    }
    Ok(())
}

fn main() -> Result<()> {
    // Tests of all targets start benches too, without this flag; minutes would be too long there.
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    println!("{}, the least of {ROUNDS} rounds", clock::kind());
    let people = people_and_years().context("people and years")?;
    runs().context("runs")?;
    zones().context("zones")?;
    memory(&people).context("memory")
}
