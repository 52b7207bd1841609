//! The store (lager): the values of all runs, kept in memory or, one file to a unit of work, in a
//! folder, and read back cell by cell.
//!
//! A unit is some seeds of one draw under one variant, base and scenarios of every seed side by
//! side, with a note of what else is known of them. What is read back does not depend on where it
//! was kept, nor on the order in which units were put in, nor on how seeds were parted into them.

pub mod block;
pub mod cells;
pub mod coded;
mod excerpt;
pub mod piece;
mod trouble;

pub use cells::{CellRuns, Nested, Runs};
pub use piece::{Label, Origin, Piece, Shape};
pub use trouble::Trouble;

use piece::Filling;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// How the names of unit files end.
pub const ENDING: &str = ".unit";
/// How the names of files begin that are not whole yet.
const PART: &str = ".part-";

/// Values of runs under way.
#[derive(Debug)]
pub struct Store {
    /// What every run holds.
    pub shape: Shape,
    /// The folder of the unit files and who makes them; none when values are kept in memory.
    place: Option<(PathBuf, Origin)>,
    pieces: Mutex<Vec<Piece>>,
}

impl Store {
    /// A store in memory.
    pub fn in_memory(shape: Shape) -> Store {
        Store {
            shape,
            place: None,
            pieces: Mutex::default(),
        }
    }

    /// A store in a folder, which must be there, with the units that are there already.
    pub fn in_folder(shape: Shape, place: (PathBuf, Origin), there: Vec<Piece>) -> Store {
        Store {
            shape,
            place: Some(place),
            pieces: Mutex::new(there),
        }
    }

    /// Begins a unit. What is not put in afterwards leaves nothing behind.
    ///
    /// # Errors
    /// [`Trouble`] if a file cannot be made.
    pub fn begin(&self) -> Result<Filling, Trouble> {
        Filling::begin(self.shape, self.place.as_ref())
    }

    /// Puts a unit in, with a note. When this returns, it is on the disk whole.
    ///
    /// # Errors
    /// [`Trouble`] if its file cannot be written.
    pub fn put(&self, filling: Filling, label: Label, note: Vec<u8>) -> Result<(), Trouble> {
        let piece = filling.finish(label, note)?;
        let mut pieces = self.pieces.lock().unwrap_or_else(PoisonError::into_inner);
        pieces.push(piece);
        Ok(())
    }

    /// A store in memory with these cells alone, by their positions, of what has been put in so
    /// far: for a look at some results while the work goes on.
    ///
    /// # Errors
    /// [`Trouble`] if a unit file cannot be read.
    pub fn excerpt(&self, cells: &[usize]) -> Result<Store, Trouble> {
        let pieces = self.pieces.lock().unwrap_or_else(PoisonError::into_inner);
        let own: Result<Vec<Piece>, Trouble> =
            pieces.iter().map(|piece| piece.excerpt(cells)).collect();
        Ok(Store {
            shape: Shape {
                cells: cells.len(),
                ..self.shape
            },
            place: None,
            pieces: Mutex::new(own?),
        })
    }

    /// Ends the filling: what is whole can now be read. Runs that `keep`, given draw and seed,
    /// refuses are passed over.
    ///
    /// # Errors
    /// [`Trouble`] if what is kept is no rectangle: each variant with the same draws, each draw
    /// with equally many seeds.
    pub fn close(self, keep: impl Fn(u32, u64) -> bool) -> Result<Runs, Trouble> {
        let pieces = self.pieces.into_inner();
        let pieces = pieces.unwrap_or_else(PoisonError::into_inner);
        let chosen = pieces.into_iter().filter_map(|piece| {
            let seeds = piece.label.seeds.iter().enumerate();
            let seeds = seeds.filter(|(_, seed)| keep(piece.label.draw, **seed));
            let seeds: Vec<usize> = seeds.map(|(at, _)| at).collect();
            (!seeds.is_empty()).then_some((piece, seeds))
        });
        Runs::of(self.shape, chosen.collect())
    }
}

/// Writes a small file whole or not at all.
///
/// # Errors
/// [`Trouble`] if it cannot be written; an older file is then untouched.
pub fn put_whole(path: &Path, bytes: &[u8]) -> Result<(), Trouble> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let put = || -> std::io::Result<()> {
        let mut file = tempfile::Builder::new()
            .prefix(PART)
            .suffix(ENDING)
            .tempfile_in(folder)?;
        std::io::Write::write_all(&mut file, bytes)?;
        piece::settle(file, path)
    };
    put().map_err(|error| Trouble::at(path, error))
}

/// The unit files in a folder, by name; files that never became whole are removed.
///
/// # Errors
/// [`Trouble`] if the folder cannot be read or a file not be removed.
pub fn unit_files(folder: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let entries = folder
        .read_dir()
        .map_err(|error| Trouble::at(folder, error))?;
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| Trouble::at(folder, error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        if !name.ends_with(ENDING) {
            continue;
        }
        if name.starts_with(PART) {
            std::fs::remove_file(&path).map_err(|error| Trouble::at(&path, error))?;
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
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
    fn filled(folder: Option<&Path>, backwards: bool) -> Store {
        let store = match folder {
            None => Store::in_memory(SHAPE),
            Some(folder) => Store::in_folder(SHAPE, (folder.to_path_buf(), [7; 32]), Vec::new()),
        };
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
            let mut filling = store.begin().unwrap();
            for seed in [1, 2] {
                for arm in 0..SHAPE.arms {
                    let values = (0..SHAPE.values()).map(|at| value(&label, seed, arm, at));
                    filling.add(values.collect()).unwrap();
                }
            }
            let note = format!("{}-{}", label.draw, label.variant);
            store.put(filling, label, note.into_bytes()).unwrap();
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
        let held = all(&filled(None, false).close(|_, _| true).unwrap());
        let runs = filled(Some(folder.path()), true).close(|_, _| true);
        let runs = runs.unwrap();
        assert_eq!(folder.path().read_dir().unwrap().count(), 6);
        assert_eq!((runs.variants, runs.draws.len(), runs.count()), (2, 3, 12));
        assert_eq!(all(&runs), held);
        let notes = runs.notes().map(|(piece, _)| piece.note().unwrap());
        let notes: Vec<String> = notes.map(|own| String::from_utf8(own).unwrap()).collect();
        assert_eq!(notes, ["0-0", "1-0", "2-0", "0-1", "1-1", "2-1"]);
        // And read back by another session, in any order.
        let files = unit_files(folder.path()).unwrap();
        let there = files.iter().rev().map(|path| Piece::open(path).unwrap());
        let place = (folder.path().to_path_buf(), [7; 32]);
        let again = Store::in_folder(SHAPE, place, there.collect());
        assert_eq!(all(&again.close(|_, _| true).unwrap()), held);
    }

    #[test]
    fn seeds_may_be_chosen_and_come_in_several_units() {
        let whole = filled(None, false).close(|_, seed| seed == 2).unwrap();
        assert_eq!((whole.count(), whole.seeds.clone()), (6, vec![2]));
        let store = Store::in_memory(SHAPE);
        for seeds in [vec![2], vec![1, 3]] {
            let mut filling = store.begin().unwrap();
            let label = Label {
                variant: 0,
                draw: 0,
                seeds: seeds.clone(),
            };
            for seed in seeds {
                for arm in 0..SHAPE.arms {
                    let values = (0..SHAPE.values()).map(|at| value(&label, seed, arm, at));
                    filling.add(values.collect()).unwrap();
                }
            }
            store.put(filling, label, Vec::new()).unwrap();
        }
        let few = store.close(|_, seed| seed != 3).unwrap();
        assert_eq!(few.seeds, [1, 2]);
    }

    #[test]
    fn values_stand_where_they_belong() {
        let folder = tempfile::tempdir().unwrap();
        let runs = filled(Some(folder.path()), false)
            .close(|_, _| true)
            .unwrap();
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
        let cells = [4321, 7, 0];
        let values = |cell: &CellRuns| -> Vec<u64> {
            let arms = (0..SHAPE.arms).flat_map(|arm| cell.years(arm));
            arms.flat_map(|own| own.values.iter().map(|value| value.to_bits()))
                .collect()
        };
        let folder = tempfile::tempdir().unwrap();
        for place in [None, Some(folder.path())] {
            let store = filled(place, false);
            let some = store.excerpt(&cells).unwrap().close(|_, _| true).unwrap();
            let mut told = Vec::new();
            some.each_cell(values, |cell, own| told.push((cells[cell], own)))
                .unwrap();
            let whole = store.close(|_, _| true).unwrap();
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
    fn holes_are_refused() {
        let two = filled(None, false).close(|draw, _| draw < 2).unwrap();
        assert_eq!((two.draws.clone(), two.count()), (vec![0, 1], 8));
        let hole = filled(None, false)
            .close(|draw, seed| (draw, seed) != (1, 1))
            .unwrap_err();
        assert!(hole.to_string().contains("rectangle"), "{hole}");
    }

    #[test]
    fn a_unit_that_is_not_whole_is_refused_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let place = (folder.path().to_path_buf(), [0; 32]);
        let store = Store::in_folder(SHAPE, place, Vec::new());
        let label = Label {
            variant: 0,
            draw: 0,
            seeds: vec![1],
        };
        let mut filling = store.begin().unwrap();
        filling.add(vec![0.0; SHAPE.values()]).unwrap();
        assert!(filling.add(vec![0.0; 3]).is_err());
        assert!(store.put(filling, label, Vec::new()).is_err());
        assert_eq!(folder.path().read_dir().unwrap().count(), 0);
        std::fs::write(folder.path().join(".part-abc.unit"), "left").unwrap();
        std::fs::write(folder.path().join("mine.part"), "mine").unwrap();
        assert_eq!(unit_files(folder.path()).unwrap(), Vec::<PathBuf>::new());
        assert!(folder.path().join("mine.part").is_file());
        assert_eq!(folder.path().read_dir().unwrap().count(), 1);
    }

    /// A unit file and its path.
    fn work_file(folder: &Path) -> PathBuf {
        let shape = Shape {
            years: 2,
            cells: 3000,
            arms: 1,
        };
        let place = (folder.to_path_buf(), [3; 32]);
        let store = Store::in_folder(shape, place, Vec::new());
        let label = Label {
            variant: 0,
            draw: 4,
            seeds: vec![9],
        };
        let mut filling = store.begin().unwrap();
        let values = (0..shape.values()).map(|at| (at as f64).sqrt());
        filling.add(values.collect()).unwrap();
        store.put(filling, label, b"note".to_vec()).unwrap();
        folder.join("draw00004-variant0-seed9x1.unit")
    }

    #[test]
    fn a_unit_file_reads_back_from_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let path = work_file(folder.path());
        let piece = Piece::open(&path).unwrap();
        assert_eq!((piece.label.draw, piece.label.seeds.clone()), (4, vec![9]));
        assert_eq!(piece.origin(), Some(([3; 32], path.as_path())));
        assert_eq!(piece.note().unwrap(), b"note");
        piece.check().unwrap();
        let blocks = (0..piece.shape().blocks()).map(|block| piece.block(block, &[0]).unwrap());
        let values: Vec<f64> = blocks.flatten().flatten().collect();
        // Cell by cell, in each the two years.
        assert_eq!(values.len(), 6000);
        assert_eq!((values[2], values[3]), (1.0, 3001_f64.sqrt()));
        assert_eq!(piece.in_base(1).unwrap(), [1.0]);
        assert_eq!(piece.in_base(3001).unwrap(), [3001_f64.sqrt()]);
    }

    #[test]
    fn another_version_is_told_from_damage() {
        let folder = tempfile::tempdir().unwrap();
        let path = work_file(folder.path());
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[8] = 9;
        let end = bytes.len() - 40;
        let from = u64::from_le_bytes(bytes[end..end + 8].try_into().unwrap()) as usize;
        let hash = blake3::hash(&[&bytes[..12], &bytes[from..end]].concat());
        bytes[end + 8..].copy_from_slice(hash.as_bytes());
        std::fs::write(&path, &bytes).unwrap();
        let told = Piece::open(&path).unwrap_err();
        assert!(!told.is_damage(), "{told}");
        assert!(told.to_string().contains("version 9"), "{told}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn damage_is_noticed_wherever_it_is(place in 0.0..1.0_f64, flip in 1..=255_u8) {
            let folder = tempfile::tempdir().unwrap();
            let path = work_file(folder.path());
            let mut bytes = std::fs::read(&path).unwrap();
            let at = (place * bytes.len() as f64) as usize;
            bytes[at] ^= flip;
            std::fs::write(&path, &bytes).unwrap();
            let read = Piece::open(&path).and_then(|piece| piece.check());
            let told = read.map_err(|trouble| trouble.is_damage());
            prop_assert_eq!(told, Err(true), "byte {} of {}", at, bytes.len());
            std::fs::write(&path, &bytes[..at]).unwrap();
            prop_assert!(Piece::open(&path).is_err_and(|trouble| trouble.is_damage()));
        }
    }
}
