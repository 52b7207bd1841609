//! Pieces: a unit of work, which is some seeds of one draw under one variant, in memory or in a
//! unit file.
//!
//! A unit file holds a magic word and the version of the layout, then the blocks of every run and
//! the note, then the tail (bincode: origin, shape, label, index of the blocks), and at the end
//! where the tail begins and the BLAKE3 hash of beginning and tail. Each block is some cells over
//! all their years, and has its own check in the index. The file takes its name when all of it is
//! on the disk. Magic word, version and end stay where they are in every version.

use super::block::{check, packed, unpacked};
use super::coded::{decoded, encoded};
use super::{ENDING, PART, Trouble};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// What a unit file begins with.
const MAGIC: [u8; 8] = *b"stabilun";
/// Version of the layout of unit files.
pub const VERSION: u32 = 1;
/// Bytes of the beginning: magic word and version.
const START: usize = 8 + 4;
/// Values of a run in a block, at most, unless one cell has more years.
const VALUES_PER_BLOCK: usize = 4096;
/// Bytes of the end: where the tail begins, and the hash.
const END: usize = 8 + 32;

/// Who made a unit: the hash of everything that its values depend on, except which draws and seeds
/// there are.
pub type Origin = [u8; 32];

/// What every run of a store holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// Years of a run, base year included.
    pub years: usize,
    /// Output cells.
    pub cells: usize,
    /// The base and the scenarios: how many runs a seed has.
    pub arms: usize,
}

impl Shape {
    /// Values of one run.
    pub fn values(self) -> usize {
        self.years * self.cells
    }

    /// Cells of a block.
    pub fn cells_per_block(self) -> usize {
        (VALUES_PER_BLOCK / self.years.max(1)).max(1)
    }

    /// Blocks of a run.
    pub fn blocks(self) -> usize {
        self.cells.div_ceil(self.cells_per_block())
    }

    /// The cells of a block.
    pub fn cells_of(self, block: usize) -> std::ops::Range<usize> {
        let first = block * self.cells_per_block();
        first..(first + self.cells_per_block()).min(self.cells)
    }

    /// The values of a block, cell by cell and year by year, out of those of a run, which are by
    /// year, then by cell.
    fn block_of(self, values: &[f64], block: usize) -> Vec<f64> {
        let cells = self.cells_of(block);
        let paths = cells.flat_map(|cell| (0..self.years).map(move |year| (year, cell)));
        paths
            .map(|(year, cell)| values[year * self.cells + cell])
            .collect()
    }
}

/// Which runs a piece holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Label {
    /// Position of the structural variant in the run file.
    pub variant: u32,
    /// Position in the order of draws; 0 where there is only the centre.
    pub draw: u32,
    /// The seeds, in order; each has a run of the base and one of each scenario.
    pub seeds: Vec<u64>,
}

/// What a unit file says of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Tail {
    origin: Origin,
    shape: Shape,
    label: Label,
    note: Entry,
    index: Vec<Entry>,
}

/// Where a block is in a unit file.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Entry {
    offset: u64,
    length: u32,
    check: u64,
}

/// Runs that can be read.
#[derive(Debug)]
pub struct Piece {
    /// Which runs it holds.
    pub label: Label,
    pub(super) shape: Shape,
    pub(super) body: Body,
}

#[derive(Debug)]
pub(super) enum Body {
    /// Values of each run: seed by seed, in each base and scenarios; and the note.
    Memory(Vec<Vec<f64>>, Vec<u8>),
    /// A unit file.
    File(UnitFile),
}

/// A unit file and its index: run by run, in each the blocks.
#[derive(Debug)]
pub(super) struct UnitFile {
    path: PathBuf,
    origin: Origin,
    note: Entry,
    index: Vec<Entry>,
}

/// A piece being filled.
#[derive(Debug)]
pub struct Filling {
    shape: Shape,
    filled: usize,
    target: Target,
}

#[derive(Debug)]
enum Target {
    Memory(Vec<Vec<f64>>),
    File {
        to: BufWriter<NamedTempFile>,
        folder: PathBuf,
        origin: Origin,
        at: u64,
        index: Vec<Entry>,
    },
}

/// Writes a block of bytes and tells where it stands.
fn written(
    to: &mut BufWriter<NamedTempFile>,
    bytes: &[u8],
    at: &mut u64,
) -> std::io::Result<Entry> {
    to.write_all(bytes)?;
    let entry = Entry {
        offset: *at,
        length: u32::try_from(bytes.len()).map_err(std::io::Error::other)?,
        check: check(bytes),
    };
    *at += bytes.len() as u64;
    Ok(entry)
}

/// The first bytes of a unit file.
fn beginning() -> [u8; START] {
    let mut bytes = [0; START];
    bytes[..8].copy_from_slice(&MAGIC);
    bytes[8..].copy_from_slice(&VERSION.to_le_bytes());
    bytes
}

impl Filling {
    pub(super) fn begin(
        shape: Shape,
        place: Option<&(PathBuf, Origin)>,
    ) -> Result<Filling, Trouble> {
        let target = match place {
            None => Target::Memory(Vec::new()),
            Some((folder, origin)) => {
                let file = tempfile::Builder::new()
                    .prefix(PART)
                    .suffix(ENDING)
                    .tempfile_in(folder)
                    .map_err(|error| Trouble::at(folder, error))?;
                let mut to = BufWriter::new(file);
                to.write_all(&beginning())
                    .map_err(|error| Trouble::at(folder, error))?;
                Target::File {
                    to,
                    folder: folder.clone(),
                    origin: *origin,
                    at: START as u64,
                    index: Vec::new(),
                }
            }
        };
        Ok(Filling {
            shape,
            filled: 0,
            target,
        })
    }

    /// Adds the values of the next run, by year, then by cell: seed by seed, in each the base and
    /// then the scenarios.
    ///
    /// # Errors
    /// [`Trouble`] if there is no room on the disk, or the run has another shape.
    pub fn add(&mut self, values: Vec<f64>) -> Result<(), Trouble> {
        if values.len() != self.shape.values() {
            let message = "a run has another layout than the others";
            return Err(Trouble::at(Path::new(""), std::io::Error::other(message)));
        }
        self.filled += 1;
        match &mut self.target {
            Target::Memory(runs) => runs.push(values),
            Target::File {
                to,
                folder,
                at,
                index,
                ..
            } => {
                for block in 0..self.shape.blocks() {
                    let bytes =
                        packed(&self.shape.block_of(&values, block)).map_err(std::io::Error::other);
                    let entry = bytes.and_then(|bytes| written(to, &bytes, at));
                    index.push(entry.map_err(|error| Trouble::at(folder, error))?);
                }
            }
        }
        Ok(())
    }

    pub(super) fn finish(self, label: Label, note: Vec<u8>) -> Result<Piece, Trouble> {
        if label.seeds.len() * self.shape.arms != self.filled {
            let message = "a unit lacks runs of some of its seeds";
            return Err(Trouble::at(Path::new(""), std::io::Error::other(message)));
        }
        let shape = self.shape;
        let body = match self.target {
            Target::Memory(runs) => Body::Memory(runs, note),
            Target::File {
                mut to,
                folder,
                origin,
                mut at,
                index,
            } => {
                let path = folder.join(name_of(&label));
                let tail = |to: &mut BufWriter<NamedTempFile>| -> std::io::Result<Tail> {
                    let tail = Tail {
                        origin,
                        shape,
                        label: label.clone(),
                        note: written(to, &note, &mut at)?,
                        index,
                    };
                    let bytes = encoded(&tail)?;
                    to.write_all(&bytes)?;
                    to.write_all(&at.to_le_bytes())?;
                    to.write_all(&hash_of(&beginning(), &bytes))?;
                    Ok(tail)
                };
                let tail = tail(&mut to).map_err(|error| Trouble::at(&path, error))?;
                let file = to.into_inner();
                let file = file.map_err(|error| Trouble::at(&path, error.into_error()))?;
                settle(file, &path).map_err(|error| Trouble::at(&path, error))?;
                Body::File(UnitFile {
                    path,
                    origin,
                    note: tail.note,
                    index: tail.index,
                })
            }
        };
        Ok(Piece { label, shape, body })
    }
}

/// Gives a file its name when all of it is on the disk, and sees to it that the name is there too:
/// after a power failure there is the whole file or none.
pub(super) fn settle(file: NamedTempFile, path: &Path) -> std::io::Result<()> {
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    match path.parent() {
        // Only some kinds of machines let a folder be opened; others need no such thing.
        #[cfg(unix)]
        Some(folder) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

/// The name of the file of a unit.
fn name_of(label: &Label) -> String {
    let first = label.seeds.first().copied().unwrap_or(0);
    let Label { variant, draw, .. } = label;
    let seeds = label.seeds.len();
    format!("draw{draw:05}-variant{variant}-seed{first}x{seeds}{ENDING}")
}

fn hash_of(start: &[u8], tail: &[u8]) -> [u8; 32] {
    *blake3::Hasher::new()
        .update(start)
        .update(tail)
        .finalize()
        .as_bytes()
}

impl Piece {
    /// Opens a unit file and checks its beginning and tail; see [`Piece::check`] for the blocks.
    ///
    /// # Errors
    /// [`Trouble`] if the file cannot be read, is not as it was written, or has another layout.
    pub fn open(path: &Path) -> Result<Piece, Trouble> {
        let whole = std::fs::metadata(path).map_err(|error| Trouble::at(path, error))?;
        let damaged = || Trouble::corrupt(path, "its ends do not fit");
        let mut file = File::open(path).map_err(|error| Trouble::at(path, error))?;
        let mut part = |from: u64, length: u64| -> Result<Vec<u8>, Trouble> {
            if from.checked_add(length).is_none_or(|end| end > whole.len()) {
                return Err(damaged());
            }
            stretch(&mut file, from, length as usize).map_err(|error| Trouble::at(path, error))
        };
        let number = |bytes: &[u8]| {
            let bytes = bytes.iter().rev();
            bytes.fold(0_u64, |sum, b| sum << 8 | u64::from(*b))
        };
        let start = part(0, START as u64)?;
        let begin = whole.len().checked_sub(END as u64).ok_or_else(damaged)?;
        let end = part(begin, END as u64)?;
        let from = number(&end[..8]);
        let tail = part(from, begin.checked_sub(from).ok_or_else(damaged)?)?;
        if !start.starts_with(&MAGIC) || hash_of(&start, &tail)[..] != end[8..] {
            return Err(Trouble::corrupt(path, "its hash is another"));
        }
        let version = number(&start[MAGIC.len()..]);
        if version != u64::from(VERSION) {
            return Err(Trouble::foreign(path, version, VERSION));
        }
        let unreadable = || Trouble::corrupt(path, "it cannot be read");
        let tail: Tail = decoded(&tail).ok_or_else(unreadable)?;
        let runs = tail.label.seeds.len() * tail.shape.arms;
        if tail.index.len() != runs * tail.shape.blocks() {
            return Err(Trouble::corrupt(path, "its index is not that of its runs"));
        }
        Ok(Piece {
            label: tail.label,
            shape: tail.shape,
            body: Body::File(UnitFile {
                path: path.to_path_buf(),
                origin: tail.origin,
                note: tail.note,
                index: tail.index,
            }),
        })
    }

    /// How many runs it holds.
    pub(super) fn runs(&self) -> usize {
        self.label.seeds.len() * self.shape.arms
    }

    /// What its runs hold.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Who made it, and its file; none of one in memory.
    pub fn origin(&self) -> Option<(Origin, &Path)> {
        match &self.body {
            Body::Memory(..) => None,
            Body::File(file) => Some((file.origin, &file.path)),
        }
    }

    /// Reads all blocks and tells the first that is not as it was written.
    ///
    /// # Errors
    /// [`Trouble`] if one cannot be read, or is not as it was written.
    pub fn check(&self) -> Result<(), Trouble> {
        let Body::File(file) = &self.body else {
            return Ok(());
        };
        let open = File::open(&file.path).map_err(|error| Trouble::at(&file.path, error))?;
        let mut from = std::io::BufReader::new(open);
        let mut entries = file.index.iter().chain([&file.note]);
        entries.try_for_each(|entry| sound(&file.path, &mut from, entry).map(drop))
    }

    /// The values of a block of the seeds in these positions: for each run in turn, cell by cell
    /// and year by year.
    ///
    /// # Errors
    /// [`Trouble`] if they cannot be read, or are not as they were written.
    pub fn block(&self, block: usize, seeds: &[usize]) -> Result<Vec<Vec<f64>>, Trouble> {
        let arms = self.shape.arms;
        let runs = seeds.iter().flat_map(|seed| seed * arms..(seed + 1) * arms);
        self.block_of_runs(block, runs)
    }

    pub(super) fn block_of_runs(
        &self,
        block: usize,
        runs: impl Iterator<Item = usize>,
    ) -> Result<Vec<Vec<f64>>, Trouble> {
        let file = match &self.body {
            Body::Memory(values, _) => {
                let one = |run: usize| self.shape.block_of(&values[run], block);
                return Ok(runs.map(one).collect());
            }
            Body::File(file) => file,
        };
        let path = &file.path;
        let mut from = File::open(path).map_err(|error| Trouble::at(path, error))?;
        let expected = self.shape.cells_of(block).len() * self.shape.years;
        runs.map(|run| {
            let entry = &file.index[run * self.shape.blocks() + block];
            let bytes = sound(path, &mut from, entry)?;
            unpacked(&bytes)
                .filter(|values| values.len() == expected)
                .ok_or_else(|| Trouble::corrupt(path, "a block is not as it was written"))
        })
        .collect()
    }

    /// The value in this position of the values of a run, of the base of every seed.
    ///
    /// # Errors
    /// As [`Piece::block`].
    pub fn in_base(&self, at: usize) -> Result<Vec<f64>, Trouble> {
        let Shape { years, cells, arms } = self.shape;
        let (year, cell) = (at / cells.max(1), at % cells.max(1));
        let block = cell / self.shape.cells_per_block();
        let place = (cell - self.shape.cells_of(block).start) * years + year;
        let bases = (0..self.label.seeds.len()).map(|seed| seed * arms);
        let values = self.block_of_runs(block, bases)?;
        Ok(values
            .iter()
            .filter_map(|run| run.get(place).copied())
            .collect())
    }

    /// The note that was kept with the runs.
    ///
    /// # Errors
    /// As [`Piece::block`].
    pub fn note(&self) -> Result<Vec<u8>, Trouble> {
        match &self.body {
            Body::Memory(_, note) => Ok(note.clone()),
            Body::File(file) => {
                let mut from =
                    File::open(&file.path).map_err(|error| Trouble::at(&file.path, error))?;
                sound(&file.path, &mut from, &file.note)
            }
        }
    }
}

/// A block of a unit file, if it is as it was written.
fn sound(path: &Path, from: &mut (impl Read + Seek), entry: &Entry) -> Result<Vec<u8>, Trouble> {
    let bytes = stretch(from, entry.offset, entry.length as usize)
        .map_err(|error| Trouble::at(path, error))?;
    match check(&bytes) == entry.check {
        true => Ok(bytes),
        false => Err(Trouble::corrupt(path, "a block is not as it was written")),
    }
}

fn stretch(from: &mut (impl Read + Seek), at: u64, length: usize) -> std::io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    from.seek(SeekFrom::Start(at))?;
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}
