//! Pieces: the runs of one draw under one variant, in memory or in a work file.
//!
//! A work file holds a magic word, the length of its header and the header (bincode, legacy
//! configuration), then the blocks of every run, the index of the blocks (bincode), and at the end
//! where the index begins and the BLAKE3 hash of header and index. Each block is some cells over
//! all their years, and has its own check in the index. The file takes its name when all of it is
//! on the disk.

use super::block::{check, packed, unpacked};
use super::{ENDING, Trouble, WORK};
use bincode::config;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// What a work file begins with.
const MAGIC: [u8; 8] = *b"stabilwf";
/// Version of the layout of work files.
const VERSION: u32 = 1;
/// Values of a run in a block, at most, unless one cell has more years.
const VALUES_PER_BLOCK: usize = 4096;
/// Bytes of the end: where the index begins, and the hash.
const END: usize = 8 + 32;

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

/// What a work file says of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Header {
    version: u32,
    shape: Shape,
    label: Label,
}

/// Where a block is in a work file.
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
    shape: Shape,
    body: Body,
}

#[derive(Debug)]
enum Body {
    /// Values of each run: seed by seed, in each base and scenarios.
    Memory(Vec<Vec<f64>>),
    /// A work file and its index: run by run, in each the blocks.
    File(PathBuf, Vec<Entry>),
}

/// A piece being filled.
#[derive(Debug)]
pub struct Filling {
    label: Label,
    shape: Shape,
    filled: usize,
    target: Target,
}

#[derive(Debug)]
enum Target {
    Memory(Vec<Vec<f64>>),
    File {
        to: BufWriter<NamedTempFile>,
        path: PathBuf,
        head: Vec<u8>,
        at: u64,
        index: Vec<Entry>,
    },
}

fn encoded<T: Serialize>(path: &Path, own: &T) -> Result<Vec<u8>, Trouble> {
    bincode::serde::encode_to_vec(own, config::legacy())
        .map_err(|error| Trouble::at(path, std::io::Error::other(error)))
}

impl Filling {
    pub(super) fn begin(
        shape: Shape,
        label: Label,
        folder: Option<&Path>,
    ) -> Result<Filling, Trouble> {
        let target = match folder {
            None => Target::Memory(Vec::new()),
            Some(folder) => Target::open(shape, &label, folder)?,
        };
        Ok(Filling {
            label,
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
                path,
                at,
                index,
                ..
            } => {
                for block in 0..self.shape.blocks() {
                    let bytes = packed(&self.shape.block_of(&values, block))
                        .map_err(|error| Trouble::at(path, std::io::Error::other(error)))?;
                    to.write_all(&bytes)
                        .map_err(|error| Trouble::at(path, error))?;
                    index.push(Entry {
                        offset: *at,
                        length: bytes.len() as u32,
                        check: check(&bytes),
                    });
                    *at += bytes.len() as u64;
                }
            }
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Result<Piece, Trouble> {
        let whole = self.label.seeds.len() * self.shape.arms == self.filled;
        if !whole {
            let message = "a piece lacks runs of some of its seeds";
            return Err(Trouble::at(Path::new(""), std::io::Error::other(message)));
        }
        let body = match self.target {
            Target::Memory(runs) => Body::Memory(runs),
            Target::File {
                mut to,
                path,
                head,
                at,
                index,
            } => {
                let tail = encoded(&path, &index)?;
                let hash = blake3::hash(&[head, tail.clone()].concat());
                let write = |to: &mut BufWriter<NamedTempFile>| {
                    to.write_all(&tail)?;
                    to.write_all(&at.to_le_bytes())?;
                    to.write_all(hash.as_bytes())
                };
                write(&mut to).map_err(|error| Trouble::at(&path, error))?;
                let file = to.into_inner();
                let file = file.map_err(|error| Trouble::at(&path, error.into_error()))?;
                file.persist(&path)
                    .map_err(|error| Trouble::at(&path, error.error))?;
                Body::File(path, index)
            }
        };
        Ok(Piece {
            label: self.label,
            shape: self.shape,
            body,
        })
    }
}

impl Target {
    fn open(shape: Shape, label: &Label, folder: &Path) -> Result<Target, Trouble> {
        let first = label.seeds.first().copied().unwrap_or(0);
        let name = format!("{WORK}{}-{}-{first}{ENDING}", label.draw, label.variant);
        let path = folder.join(name);
        let file = tempfile::Builder::new()
            .prefix(WORK)
            .suffix(ENDING)
            .tempfile_in(folder)
            .map_err(|error| Trouble::at(folder, error))?;
        let header = Header {
            version: VERSION,
            shape,
            label: label.clone(),
        };
        let head = encoded(&path, &header)?;
        let mut to = BufWriter::new(file);
        let write = |to: &mut BufWriter<NamedTempFile>| {
            to.write_all(&MAGIC)?;
            to.write_all(&(head.len() as u64).to_le_bytes())?;
            to.write_all(&head)
        };
        write(&mut to).map_err(|error| Trouble::at(&path, error))?;
        Ok(Target::File {
            to,
            at: (MAGIC.len() + 8 + head.len()) as u64,
            path,
            head,
            index: Vec::new(),
        })
    }
}

impl Piece {
    /// Opens a work file and checks its header and index; blocks are checked when they are read.
    ///
    /// # Errors
    /// [`Trouble`] if the file cannot be read or is not as it was written.
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
            bytes
                .iter()
                .rev()
                .fold(0, |sum, b| sum << 8 | u64::from(*b))
        };
        let start = part(0, MAGIC.len() as u64 + 8)?;
        if !start.starts_with(&MAGIC) {
            return Err(Trouble::corrupt(path, "it is no work file"));
        }
        let head = part(start.len() as u64, number(&start[MAGIC.len()..]))?;
        let begin = whole.len().checked_sub(END as u64).ok_or_else(damaged)?;
        let end = part(begin, END as u64)?;
        let from = number(&end[..8]);
        let tail = part(from, begin.checked_sub(from).ok_or_else(damaged)?)?;
        if blake3::hash(&[&head[..], &tail[..]].concat()).as_bytes()[..] != end[8..] {
            return Err(Trouble::corrupt(path, "its hash is another"));
        }
        let header: Header = decoded(path, &head)?;
        if header.version != VERSION {
            return Err(Trouble::corrupt(
                path,
                "its layout is that of another version",
            ));
        }
        let index: Vec<Entry> = decoded(path, &tail)?;
        let runs = header.label.seeds.len() * header.shape.arms;
        if index.len() != runs * header.shape.blocks() {
            return Err(Trouble::corrupt(path, "its index is not that of its runs"));
        }
        Ok(Piece {
            label: header.label,
            shape: header.shape,
            body: Body::File(path.to_path_buf(), index),
        })
    }

    /// The same runs with these cells alone, by their positions, in memory.
    pub(super) fn excerpt(&self, cells: &[usize]) -> Result<Piece, Trouble> {
        let Shape { years, .. } = self.shape;
        let mut runs = vec![vec![0.0; years * cells.len()]; self.runs()];
        for (place, cell) in cells.iter().enumerate() {
            let block = cell / self.shape.cells_per_block();
            let at = cell - self.shape.cells_of(block).start;
            let found: Vec<Vec<f64>> = match &self.body {
                Body::Memory(own) => own
                    .iter()
                    .map(|run| {
                        let years = (0..years).map(|year| run[year * self.shape.cells + cell]);
                        years.collect()
                    })
                    .collect(),
                Body::File(..) => self
                    .block(block)?
                    .into_iter()
                    .map(|run| run[at * years..(at + 1) * years].to_vec())
                    .collect(),
            };
            for (run, path) in runs.iter_mut().zip(found) {
                for (year, value) in path.into_iter().enumerate() {
                    run[year * cells.len() + place] = value;
                }
            }
        }
        Ok(Piece {
            label: self.label.clone(),
            shape: Shape {
                cells: cells.len(),
                ..self.shape
            },
            body: Body::Memory(runs),
        })
    }

    /// How many runs it holds.
    fn runs(&self) -> usize {
        self.label.seeds.len() * self.shape.arms
    }

    /// What its runs hold.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The values of a block: for each run in turn, cell by cell and year by year.
    ///
    /// # Errors
    /// [`Trouble`] if they cannot be read, or are not as they were written.
    pub fn block(&self, block: usize) -> Result<Vec<Vec<f64>>, Trouble> {
        let (path, index) = match &self.body {
            Body::Memory(runs) => {
                let one = |values: &Vec<f64>| self.shape.block_of(values, block);
                return Ok(runs.iter().map(one).collect());
            }
            Body::File(path, index) => (path, index),
        };
        let mut file = File::open(path).map_err(|error| Trouble::at(path, error))?;
        let expected = self.shape.cells_of(block).len() * self.shape.years;
        let entries = index.iter().skip(block).step_by(self.shape.blocks());
        entries
            .map(|entry| {
                let bytes = stretch(&mut file, entry.offset, entry.length as usize)
                    .map_err(|error| Trouble::at(path, error))?;
                let sound = (check(&bytes) == entry.check).then_some(bytes);
                sound
                    .and_then(|bytes| unpacked(&bytes))
                    .filter(|values| values.len() == expected)
                    .ok_or_else(|| Trouble::corrupt(path, "a block is not as it was written"))
            })
            .collect()
    }
}

impl Drop for Piece {
    /// Work files are gone when nobody needs them; one that cannot be removed now is cleared when
    /// the folder is written to again.
    fn drop(&mut self) {
        if let Body::File(path, _) = &self.body {
            let _ = std::fs::remove_file(path);
        }
    }
}

fn stretch(file: &mut File, from: u64, length: usize) -> std::io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    file.seek(SeekFrom::Start(from))?;
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn decoded<T: serde::de::DeserializeOwned>(path: &Path, bytes: &[u8]) -> Result<T, Trouble> {
    let read = bincode::serde::decode_from_slice(bytes, config::legacy());
    read.map(|(own, _)| own)
        .map_err(|_| Trouble::corrupt(path, "it cannot be read"))
}
