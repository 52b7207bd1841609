//! The store (lager): the values of all runs, kept in memory while they are few and in work files
//! of the results folder when they are many, and read back cell by cell.
//!
//! Runs are filed in pieces: the runs of one draw under one variant, base and scenarios of every
//! seed side by side. What is read back does not depend on where it was kept, nor on the order in
//! which pieces were put in.

pub mod block;
pub mod cells;
pub mod piece;
mod trouble;

pub use cells::{CellRuns, Nested, Runs};
pub use piece::{Label, Piece, Shape};
pub use trouble::Trouble;

use piece::Filling;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Bytes of values that are kept in memory; of more, all go to the disk.
pub const IN_MEMORY: u64 = 256 << 20;
/// How the names of work files begin.
const WORK: &str = ".runs-";
/// How they end.
const ENDING: &str = ".work";

/// Values of runs under way.
#[derive(Debug)]
pub struct Store {
    /// What every run holds.
    pub shape: Shape,
    /// The folder of the work files; none when values are kept in memory.
    folder: Option<PathBuf>,
    pieces: Mutex<Vec<Piece>>,
}

impl Store {
    /// A store for so many runs in all, base and scenarios counted: in memory if all of them take
    /// no more than `limit` bytes, else in this folder, which must be there.
    pub fn open(shape: Shape, runs: u64, limit: u64, folder: &Path) -> Store {
        let bytes = runs.saturating_mul(shape.values() as u64 * 8);
        Store {
            shape,
            folder: (bytes > limit).then(|| folder.to_path_buf()),
            pieces: Mutex::default(),
        }
    }

    /// Are values kept in work files?
    pub fn is_on_disk(&self) -> bool {
        self.folder.is_some()
    }

    /// Begins a piece. What is not put in afterwards leaves nothing behind.
    ///
    /// # Errors
    /// [`Trouble`] if a work file cannot be made.
    pub fn begin(&self, label: Label) -> Result<Filling, Trouble> {
        Filling::begin(self.shape, label, self.folder.as_deref())
    }

    /// Puts a piece in.
    ///
    /// # Errors
    /// [`Trouble`] if its work file cannot be written.
    pub fn put(&self, filling: Filling) -> Result<(), Trouble> {
        let piece = filling.finish()?;
        let mut pieces = self.pieces.lock().unwrap_or_else(PoisonError::into_inner);
        pieces.push(piece);
        Ok(())
    }

    /// A store in memory with these cells alone, by their positions, of what has been put in so
    /// far: for a look at some results while the work goes on.
    ///
    /// # Errors
    /// [`Trouble`] if a work file cannot be read.
    pub fn excerpt(&self, cells: &[usize]) -> Result<Store, Trouble> {
        let pieces = self.pieces.lock().unwrap_or_else(PoisonError::into_inner);
        let own: Result<Vec<Piece>, Trouble> =
            pieces.iter().map(|piece| piece.excerpt(cells)).collect();
        Ok(Store {
            shape: Shape {
                cells: cells.len(),
                ..self.shape
            },
            folder: None,
            pieces: Mutex::new(own?),
        })
    }

    /// Ends the filling: what is whole can now be read. Pieces that `keep` refuses are dropped.
    ///
    /// # Errors
    /// [`Trouble`] if what is kept is no rectangle: each variant with the same draws, each draw
    /// with equally many seeds.
    pub fn close(self, keep: impl Fn(&Label) -> bool) -> Result<Runs, Trouble> {
        let pieces = self.pieces.into_inner();
        let pieces = pieces.unwrap_or_else(PoisonError::into_inner);
        let kept = pieces.into_iter().filter(|piece| keep(&piece.label));
        Runs::of(self.shape, kept.collect())
    }
}

/// Removes work files that an earlier run may have left in a folder.
///
/// # Errors
/// [`Trouble`] if one cannot be removed.
pub fn clear(folder: &Path) -> Result<(), Trouble> {
    let Ok(entries) = folder.read_dir() else {
        return Ok(());
    };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(WORK) && name.ends_with(ENDING) {
            let path = entry.path();
            std::fs::remove_file(&path).map_err(|error| Trouble::at(&path, error))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SHAPE: Shape = Shape {
        years: 3,
        cells: 5000,
        arms: 2,
    };

    /// A value that tells where it belongs.
    fn value(label: &Label, seed: u64, arm: usize, at: usize) -> f64 {
        let place = (f64::from(label.variant) * 10.0 + f64::from(label.draw)) * 10.0 + seed as f64;
        if at % 17 == 3 {
            return f64::NAN;
        }
        place * 1e6 + arm as f64 * 1e5 + at as f64
    }

    /// Fills a store with two variants of three draws of two seeds, in an order of one's choice.
    fn filled(limit: u64, folder: &Path, backwards: bool) -> Store {
        let store = Store::open(SHAPE, 24, limit, folder);
        let mut labels: Vec<Label> = (0..6)
            .map(|unit| Label {
                variant: unit % 2,
                draw: unit / 2,
                seeds: vec![1, 2],
            })
            .collect();
        if backwards {
            labels.reverse();
        }
        for label in labels {
            let mut filling = store.begin(label.clone()).unwrap();
            for seed in [1, 2] {
                for arm in 0..SHAPE.arms {
                    let values = (0..SHAPE.values()).map(|at| value(&label, seed, arm, at));
                    filling.add(values.collect()).unwrap();
                }
            }
            store.put(filling).unwrap();
        }
        store
    }

    /// All values of all cells, bit for bit, in the order in which they are given.
    fn all(runs: &Runs) -> Vec<u64> {
        let mut bits = Vec::new();
        let look = |cell: &CellRuns| {
            let arms = (0..SHAPE.arms).flat_map(|arm| cell.years(arm));
            let values = arms.flat_map(|own| own.values.iter().map(|value| value.to_bits()));
            values.collect::<Vec<u64>>()
        };
        runs.each_cell(look, |_, own| bits.extend(own)).unwrap();
        bits
    }

    #[test]
    fn memory_and_disk_give_the_same_in_any_order() {
        let folder = tempfile::tempdir().unwrap();
        let held = filled(IN_MEMORY, folder.path(), false);
        assert!(!held.is_on_disk());
        let held = all(&held.close(|_| true).unwrap());
        let spilled = filled(1, folder.path(), true);
        assert!(spilled.is_on_disk());
        let names = || folder.path().read_dir().unwrap().count();
        assert_eq!(names(), 6);
        let runs = spilled.close(|_| true).unwrap();
        assert_eq!((runs.variants, runs.draws.len(), runs.count()), (2, 3, 12));
        assert_eq!(all(&runs), held);
        drop(runs);
        assert_eq!(names(), 0, "work files are gone");
    }

    #[test]
    fn values_stand_where_they_belong() {
        let folder = tempfile::tempdir().unwrap();
        let runs = filled(1, folder.path(), false).close(|_| true).unwrap();
        let look = |cell: &CellRuns| {
            for (arm, year) in [(0, 0), (1, 2)] {
                let own = cell.in_year(arm, year);
                let at = year * SHAPE.cells + cell.cell;
                for (variant, draw, seed) in [(0, 0, 1), (1, 0, 2), (0, 2, 2), (1, 2, 1)] {
                    let label = Label {
                        variant: variant as u32,
                        draw: draw as u32,
                        seeds: vec![],
                    };
                    let found = own.of_draw(variant, draw)[seed as usize - 1];
                    assert_eq!(found.to_bits(), value(&label, seed, arm, at).to_bits());
                    let alone = own.of_variant(variant);
                    assert_eq!(alone.of_draw(0, draw).len(), 2);
                    assert_eq!(alone.values.len(), 6);
                }
            }
        };
        let mut seen = 0;
        runs.each_cell(look, |cell, ()| {
            assert_eq!(cell, seen);
            seen += 1;
        })
        .unwrap();
        assert_eq!(seen, SHAPE.cells);
    }

    #[test]
    fn an_excerpt_has_the_values_of_its_cells() {
        let folder = tempfile::tempdir().unwrap();
        let cells = [4321, 7, 0];
        for limit in [IN_MEMORY, 1] {
            let store = filled(limit, folder.path(), false);
            let some = store.excerpt(&cells).unwrap();
            assert!(!some.is_on_disk());
            let some = some.close(|_| true).unwrap();
            let mut told = Vec::new();
            let values = |cell: &CellRuns| -> Vec<u64> {
                let arms = (0..SHAPE.arms).flat_map(|arm| cell.years(arm));
                arms.flat_map(|own| own.values.iter().map(|value| value.to_bits()))
                    .collect()
            };
            some.each_cell(values, |cell, own| told.push((cells[cell], own)))
                .unwrap();
            let whole = store.close(|_| true).unwrap();
            let mut compared = 0;
            whole
                .each_cell(values, |cell, own| {
                    if let Some((_, found)) = told.iter().find(|(place, _)| *place == cell) {
                        assert_eq!(*found, own);
                        compared += 1;
                    }
                })
                .unwrap();
            assert_eq!(compared, cells.len());
        }
    }

    #[test]
    fn what_is_not_kept_is_gone_and_holes_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let two = filled(1, folder.path(), false).close(|label| label.draw < 2);
        let two = two.unwrap();
        assert_eq!((two.draws.clone(), two.count()), (vec![0, 1], 8));
        drop(two);
        let hole = filled(1, folder.path(), false)
            .close(|label| (label.variant, label.draw) != (1, 1))
            .unwrap_err();
        assert!(hole.to_string().contains("rectangle"), "{hole}");
    }

    #[test]
    fn a_piece_that_is_not_whole_is_refused_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(SHAPE, 24, 1, folder.path());
        let label = Label {
            variant: 0,
            draw: 0,
            seeds: vec![1],
        };
        let mut filling = store.begin(label).unwrap();
        filling.add(vec![0.0; SHAPE.values()]).unwrap();
        assert!(filling.add(vec![0.0; 3]).is_err());
        assert!(store.put(filling).is_err());
        assert_eq!(folder.path().read_dir().unwrap().count(), 0);
        std::fs::write(folder.path().join(".runs-0-0-1.work"), "left").unwrap();
        std::fs::write(folder.path().join("mine.work"), "mine").unwrap();
        clear(folder.path()).unwrap();
        assert!(folder.path().join("mine.work").is_file());
        assert_eq!(folder.path().read_dir().unwrap().count(), 1);
    }

    /// The bytes of a work file with one piece of random size.
    fn work_file(folder: &Path) -> (Store, PathBuf) {
        let shape = Shape {
            years: 2,
            cells: 3000,
            arms: 1,
        };
        let store = Store::open(shape, 1, 1, folder);
        let label = Label {
            variant: 0,
            draw: 4,
            seeds: vec![9],
        };
        let mut filling = store.begin(label).unwrap();
        let values = (0..shape.values()).map(|at| (at as f64).sqrt());
        filling.add(values.collect()).unwrap();
        store.put(filling).unwrap();
        (store, folder.join(".runs-4-0-9.work"))
    }

    #[test]
    fn a_work_file_reads_back_from_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let (_store, path) = work_file(folder.path());
        let piece = Piece::open(&path).unwrap();
        assert_eq!((piece.label.draw, piece.label.seeds.clone()), (4, vec![9]));
        let blocks = (0..piece.shape().blocks()).map(|block| piece.block(block).unwrap());
        let values: Vec<f64> = blocks.flatten().flatten().collect();
        // Cell by cell, in each the two years.
        assert_eq!(values.len(), 6000);
        assert_eq!((values[2], values[3]), (1.0, 3001_f64.sqrt()));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn damage_is_noticed_wherever_it_is(place in 0.0..1.0_f64, flip in 1..=255_u8) {
            let folder = tempfile::tempdir().unwrap();
            let (_store, path) = work_file(folder.path());
            let mut bytes = std::fs::read(&path).unwrap();
            let at = (place * bytes.len() as f64) as usize;
            bytes[at] ^= flip;
            std::fs::write(&path, &bytes).unwrap();
            let read = Piece::open(&path).and_then(|piece| {
                (0..piece.shape().blocks()).try_for_each(|block| piece.block(block).map(drop))
            });
            let told = read.map_err(|trouble| trouble.to_string());
            prop_assert!(told.is_err(), "byte {} of {}", at, bytes.len());
            std::fs::write(&path, &bytes[..at]).unwrap();
            prop_assert!(Piece::open(&path).is_err());
        }
    }
}
