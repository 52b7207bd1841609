//! The engine against its floor, in one run.
//!
//! Floor: one random block a person-year, and the state streamed once; nothing that simulates can
//! be faster with this generator and this state. It is compiled for the same wide vectors as the
//! engine's search for busy people, and chosen in the same way as the program runs; the state is
//! counted as if it were packed, whatever room the engine gives it. Engine: the
//! whole year, all processes and tallies, on one core. The ratio travels between machines; absolute
//! figures do not.
//!
//! Run with `cargo bench --bench engine`; with `-- --line` it ends after the line that tells the
//! ratio. Notes on what was tried stand in `benches/README.md`.

mod clock;

use criterion::{Criterion, Throughput};
use pulp::{Arch, NullaryFnOnce};
use stabil::dice::{Key, philox};
use stabil::engine::Walk;
use stabil::evidence::DataFolder;
use stabil::parameters::ModelData;
use stabil::population::state::PACKED_BYTES;
use stabil::runs::Model;
use stabil::tallies::Ledger;
use std::hint::black_box;
use std::time::Duration;

/// Simulated years of one pass.
const YEARS: u16 = 21;
/// People whose blocks are drawn together, as in the engine.
const LANES: usize = 16;

fn model() -> Model {
    let data = ModelData::read(DataFolder::Embedded, None).expect("the embedded data are valid");
    Model::build(data, 2019, 1.0).expect("the embedded data make a model")
}

/// One pass of the engine; gives the person-years and the seconds without preparation.
fn engine(model: &Model, seed: u64) -> (u64, f64) {
    let base_year = model.base.year;
    let mut walk = Walk::new(&model.base.population, base_year, Key::new(seed, 0));
    let zones = model.data.zones.len();
    let years = usize::from(YEARS);
    let mut ledger = Ledger::open(&model.rules, zones, &walk.population, base_year, years);
    let mut person_years = 0;
    let began = clock::seconds();
    for _ in 0..YEARS {
        person_years += walk.population.present() as u64;
        ledger.begin_year();
        walk.next(&model.rules, &mut ledger);
        ledger.end_year();
    }
    let seconds = clock::seconds() - began;
    black_box(&ledger);
    (person_years, seconds)
}

/// The floor's work: blocks drawn for as many person-years, bytes of state read once a year. Written
/// so that it can be compiled for several kinds of processor, as the engine's search is.
struct Floor<'a> {
    ids: &'a [u64],
    rest: &'a [u8],
    key: Key,
    person_years: usize,
}

impl NullaryFnOnce for Floor<'_> {
    type Output = u64;

    #[inline(always)]
    fn call(self) -> u64 {
        let mut left = self.person_years;
        let mut mixed = 0u64;
        for year in 0u32.. {
            let many = left.min(self.ids.len()) / LANES * LANES;
            for chunk in self.ids[..many].chunks_exact(LANES) {
                let Ok(lanes) = <&[u64; LANES]>::try_from(chunk) else {
                    continue;
                };
                let words = philox::blocks(self.key.0, &[0; LANES], lanes, year);
                mixed ^= words
                    .iter()
                    .flatten()
                    .fold(0, |sum, word| sum ^ u64::from(*word));
            }
            mixed = self.rest[..many * (PACKED_BYTES - 8)]
                .iter()
                .fold(mixed, |sum, byte| sum.wrapping_add(u64::from(*byte)));
            left -= many;
            if left < LANES {
                break;
            }
        }
        mixed
    }
}

/// The seconds of the floor for as many person-years.
fn floor(model: &Model, person_years: u64) -> f64 {
    let ids: Vec<u64> = model.base.population.people().map(|p| p.id).collect();
    let rest = vec![1u8; ids.len() * (PACKED_BYTES - 8)];
    let wide = Arch::new();
    let began = clock::seconds();
    black_box(wide.dispatch(Floor {
        ids: &ids,
        rest: &rest,
        key: Key::new(1, 0),
        person_years: person_years as usize,
    }));
    clock::seconds() - began
}

/// Prints the ratio: engine and floor in turn, so that a change of the machine's pace meets both.
fn tell_ratio(model: &Model) {
    // The first pass pays for fresh memory and is not counted.
    engine(model, 1);
    let mut ratios: Vec<(f64, f64, f64)> = (0..5)
        .map(|round| {
            let (people, seconds) = engine(model, round);
            let least = floor(model, people);
            let each = |seconds: f64| seconds * 1e9 / people as f64;
            (seconds / least, each(seconds), each(least))
        })
        .collect();
    ratios.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (ratio, engine_ns, floor_ns) = ratios[ratios.len() / 2];
    println!(
        "engine {engine_ns:.1} ns a person-year ({:.1} million a second a core), floor {floor_ns:.1} ns, \
         ratio {ratio:.1} (median of {}; range {:.1} to {:.1}; {})",
        1e3 / engine_ns,
        ratios.len(),
        ratios[0].0,
        ratios[ratios.len() - 1].0,
        clock::kind()
    );
}

fn bench(criterion: &mut Criterion, model: &Model) {
    let (person_years, _) = engine(model, 1);
    let mut group = criterion.benchmark_group("norway_2019_2040");
    group
        .sample_size(10)
        .throughput(Throughput::Elements(person_years));
    group.bench_function("engine", |b| {
        b.iter_custom(|rounds| {
            Duration::from_secs_f64((0..rounds).map(|seed| engine(model, seed).1).sum())
        });
    });
    group.bench_function("floor", |b| {
        b.iter_custom(|rounds| {
            Duration::from_secs_f64((0..rounds).map(|_| floor(model, person_years)).sum())
        });
    });
    group.finish();
}

fn main() {
    let model = model();
    tell_ratio(&model);
    if std::env::args().any(|argument| argument == "--line") {
        return;
    }
    let mut criterion = Criterion::default().configure_from_args();
    bench(&mut criterion, &model);
    criterion.final_summary();
}
