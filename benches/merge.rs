//! What a merge of very many shards takes: ten thousand of them, simulated as unit files of the
//! size of a small run's, one folder to a shard, opened, checked and read cell by cell.
//!
//! `cargo bench --bench merge`, or with other numbers of shards: `-- 100 1000 10000`. Figures are
//! in `runs/cluster/README.md`.

use stabil::store::{CellRuns, Label, Piece, Shape, Store};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// A run of 22 years and the 560 cells of a few breakdowns.
const SHAPE: Shape = Shape {
    years: 22,
    cells: 560,
    arms: 1,
};

fn folder_of(root: &Path, shard: u64) -> PathBuf {
    root.join(shard.to_string()).join("units")
}

/// Writes a shard of one unit of one seed.
fn write(root: &Path, shard: u64) -> std::io::Result<()> {
    let folder = folder_of(root, shard);
    std::fs::create_dir_all(&folder)?;
    let store = Store::in_folder(SHAPE, (folder, [1; 32]), Vec::new());
    let mut filling = store.begin().map_err(std::io::Error::other)?;
    let value = |at: usize| (at as f64).mul_add(10.0, (shard * 7919 % 997) as f64);
    filling
        .add((0..SHAPE.values()).map(value).collect())
        .map_err(std::io::Error::other)?;
    let label = Label {
        variant: 0,
        draw: 0,
        seeds: vec![shard],
    };
    store
        .put(filling, label, vec![0; 2000])
        .map_err(std::io::Error::other)
}

/// Most memory that the program has had, in MB; nothing where the system does not tell.
fn most_memory() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find(|line| line.starts_with("VmHWM"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024.0)
}

fn measured(shards: u64) -> Result<(), Box<dyn std::error::Error>> {
    let root = tempfile::tempdir()?;
    let began = Instant::now();
    for shard in 0..shards {
        write(root.path(), shard)?;
    }
    let written = began.elapsed();
    let began = Instant::now();
    let (mut pieces, mut bytes) = (Vec::new(), 0);
    for shard in 0..shards {
        for path in stabil::store::unit_files(&folder_of(root.path(), shard))? {
            bytes += path.metadata()?.len();
            let piece = Piece::open(&path)?;
            piece.check()?;
            pieces.push(piece);
        }
    }
    let checked = began.elapsed();
    let began = Instant::now();
    let files = pieces.len();
    let place = (root.path().to_path_buf(), [1; 32]);
    let runs = Store::in_folder(SHAPE, place, pieces).close(|_, _| true)?;
    let look = |cell: &CellRuns| {
        let years = cell.years(0).map(|own| own.values.iter().sum::<f64>());
        years.sum::<f64>()
    };
    let mut sum = 0.0;
    runs.each_cell(look, |_, own| sum += own)?;
    println!(
        "{shards:>6} shards: {files} unit files in {} folders, {:.1} MB; written (with fsync) in \
         {:.1} s, opened and checked in {:.2} s, read in {:.2} s; most memory {:.0} MB (sum {sum:e})",
        2 * shards,
        bytes as f64 / 1e6,
        written.as_secs_f64(),
        checked.as_secs_f64(),
        began.elapsed().as_secs_f64(),
        most_memory().unwrap_or(f64::NAN),
    );
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let typed: Vec<u64> = std::env::args()
        .filter_map(|word| word.parse().ok())
        .collect();
    let all = match typed.is_empty() {
        true => vec![100, 1_000, 10_000],
        false => typed,
    };
    all.into_iter().try_for_each(measured)
}
