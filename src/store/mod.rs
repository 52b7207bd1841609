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
mod tests;
