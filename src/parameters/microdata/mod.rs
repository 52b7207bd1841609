//! Microdata (mikrodata): one's own people of the base year in place of the synthesised ones.
//!
//! A data folder may hold `microdata/people.csv` or `microdata/people.parquet`, one row a person
//! with the columns of [`columns::COLUMNS`]. Results do not depend on the order of rows or
//! columns. The file is read within limits, and every complaint names its line; nothing of it is
//! written anywhere but its hash and its number of rows, rounded.

pub mod columns;
pub mod lists;
mod row;
mod table;

pub use lists::Lists;
pub use table::{of_csv, of_parquet};

use crate::evidence::DataFolder;
use crate::evidence::folder::MICRODATA;
use crate::words::{Band, Disability, Problem, Sector, Sex, Status, Track};
use row::first_half;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

/// The two forms of the file, by their paths in a data folder.
pub const FILES: [&str; 2] = MICRODATA;
/// Most rows that are read.
pub const MOST_ROWS: usize = 5_000_000;
/// Largest CSV file that is read, in bytes; it is read line by line.
pub const LARGEST_CSV: u64 = 2 << 30;
/// Largest Parquet file that is read, in bytes; it is held in memory.
pub const LARGEST_PARQUET: u64 = 256 << 20;
/// Longest value, in bytes.
pub const LONGEST: usize = 64;
/// Longest line of a CSV file, in bytes.
pub const LONGEST_LINE: usize = 4096;
/// Reading ends after this many complaints.
pub const MOST_PROBLEMS: usize = 1000;
/// The zone number of "none".
pub const NOWHERE: u8 = u8::MAX;

/// A person as the file tells of it; what it does not tell is drawn in the synthesis. Years are
/// clock bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// Of the pseudonym, or of the whole row.
    pub hash: u128,
    /// An identity that stabil gave itself.
    pub given: Option<u64>,
    /// Year of birth.
    pub born: u8,
    /// Registered sex.
    pub sex: Sex,
    /// Position of the profession; none for students new to health care.
    pub profession: Option<u8>,
    /// Position of the grade.
    pub grade: Option<u8>,
    /// Status.
    pub status: Status,
    /// Sector.
    pub sector: Option<Sector>,
    /// Position of the zone.
    pub zone: u8,
    /// Position band.
    pub band: Option<Band>,
    /// Year the job began.
    pub job_since: Option<u8>,
    /// Year of qualifying.
    pub qualified: Option<u8>,
    /// Year the grade began.
    pub grade_since: Option<u8>,
    /// Year the status began.
    pub status_since: Option<u8>,
    /// Year the programme began.
    pub study_since: Option<u8>,
    /// Zone of upbringing, or [`NOWHERE`].
    pub origin: Option<u8>,
    /// Country group.
    pub country: Option<u8>,
    /// Track.
    pub track: Option<Track>,
    /// Zone of study, or [`NOWHERE`].
    pub study_zone: Option<u8>,
    /// Zone of the first job, or [`NOWHERE`].
    pub first_zone: Option<u8>,
    /// Programme plus one; 0 for none.
    pub programme: u8,
    /// Disability pension.
    pub disability: Option<Disability>,
    /// Sector of the first job.
    pub first_sector: Option<Sector>,
    /// Rural placement.
    pub placement: bool,
    /// Rural-relevant curriculum.
    pub curriculum: bool,
    /// Mover or stayer.
    pub mover: Option<bool>,
}

/// All people of a file, in an order that does not depend on the file's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Microdata {
    /// The file, as the user knows it.
    pub file: String,
    /// The people, by hash; no two have the same.
    pub people: Vec<Record>,
    /// Does the file tell who is studying?
    pub tells_students: bool,
}

impl Microdata {
    /// Is anybody of this status in the file?
    pub fn has(&self, status: Status) -> bool {
        self.people.iter().any(|one| one.status == status)
    }

    /// Puts rows into their order; equal rows of a file without pseudonyms are told apart by count.
    ///
    /// # Errors
    /// A [`Problem`] for each pseudonym that is there twice.
    fn of_rows(
        file: &str,
        mut rows: Vec<(Record, usize)>,
        has_persons: bool,
        tells_students: bool,
    ) -> Result<Microdata, Vec<Problem>> {
        let key = |record: &Record| (record.given, record.hash);
        rows.sort_by_key(|(record, line)| (key(record), *line));
        let mut found = Vec::new();
        let mut people: Vec<Record> = Vec::with_capacity(rows.len());
        let (mut equal, mut last) = (0_u32, None);
        for (record, line) in rows {
            equal = if last == Some(key(&record)) {
                equal + 1
            } else {
                0
            };
            last = Some(key(&record));
            if equal == 0 {
                people.push(record);
            } else if has_persons {
                if found.len() < MOST_PROBLEMS {
                    let message = "the person has more than one row";
                    let problem = Problem::in_file(file, message).at(line);
                    found.push(problem.about("person", "").mend("keep one row a person"));
                }
            } else {
                let mut hasher = blake3::Hasher::new();
                hasher.update(&record.hash.to_be_bytes());
                hasher.update(&equal.to_be_bytes());
                let hash = first_half(&hasher.finalize());
                people.push(Record { hash, ..record });
            }
        }
        people.sort_by_key(key);
        match found.is_empty() {
            true => Ok(Microdata {
                file: file.to_string(),
                people,
                tells_students,
            }),
            false => Err(found),
        }
    }
}

/// Reads the microdata of a data folder; none if there is no such file.
///
/// # Errors
/// All complaints, at most [`MOST_PROBLEMS`].
pub fn read(folder: &DataFolder, lists: &Lists) -> Result<Option<Microdata>, Vec<Problem>> {
    let DataFolder::Disk(root) = folder else {
        return Ok(None);
    };
    let [csv, parquet] = FILES.map(|path| (root.join(path), folder.name(path)));
    match (csv.0.is_file(), parquet.0.is_file()) {
        (false, false) => Ok(None),
        (true, true) => Err(vec![
            Problem::in_file(&csv.1, "there are microdata in two files")
                .mend(format!("delete this one or {}", parquet.1)),
        ]),
        (true, false) => {
            let file = open(&csv.0, &csv.1, LARGEST_CSV).map_err(|one| vec![one])?;
            of_csv(&csv.1, BufReader::new(file), lists).map(Some)
        }
        (false, true) => {
            let (path, name) = parquet;
            let file = open(&path, &name, LARGEST_PARQUET).map_err(|one| vec![one])?;
            let mut bytes = Vec::new();
            file.take(LARGEST_PARQUET)
                .read_to_end(&mut bytes)
                .map_err(|error| vec![Problem::in_file(&name, error.to_string())])?;
            of_parquet(&name, bytes, lists).map(Some)
        }
    }
}

/// The first complaint, as the one that ends a command; it says how many there are.
pub fn first(problems: Vec<Problem>) -> Problem {
    let more = problems.len().saturating_sub(1);
    let Some(problem) = problems.into_iter().next() else {
        return Problem::default();
    };
    if more == 0 {
        return problem;
    }
    let all = format!("{more} more complaints; all of them: stabil data check DIR");
    let hint = match problem.hint.is_empty() {
        true => all,
        false => format!("{}; {all}", problem.hint),
    };
    problem.mend(hint)
}

fn open(path: &Path, name: &str, most: u64) -> Result<File, Problem> {
    let wrong = |error: std::io::Error| Problem::in_file(name, error.to_string());
    let file = File::open(path).map_err(wrong)?;
    let size = file.metadata().map_err(wrong)?.len();
    match size > most {
        true => Err(Problem::in_file(
            name,
            format!("{size} bytes; at most {most}"),
        )),
        false => Ok(file),
    }
}
