//! Microdata from the bytes of a CSV or Parquet file, within limits.

use super::row::{Header, record};
use super::{LONGEST_LINE, Lists, MOST_PROBLEMS, MOST_ROWS, Microdata, Record};
use crate::evidence::parquet_guard;
use crate::words::Problem;
use bytes::Bytes;
use parquet::file::reader::FileReader;
use parquet::record::Field;
use std::io::BufRead;

/// The rows read so far and the complaints about the others.
struct Reading<'a> {
    file: &'a str,
    lists: &'a Lists,
    header: Header,
    rows: Vec<(Record, usize)>,
    found: Vec<Problem>,
}

impl Reading<'_> {
    /// Takes a row; tells whether to go on.
    fn take(&mut self, cells: &[String], line: usize) -> bool {
        if self.rows.len() >= MOST_ROWS {
            let message = format!("more than {MOST_ROWS} rows");
            self.found
                .push(Problem::in_file(self.file, message).at(line));
            return false;
        }
        match record(&self.header, cells, self.lists, (self.file, line)) {
            Ok(record) => self.rows.push((record, line)),
            Err(found) => self.found.extend(found),
        }
        self.goes_on()
    }

    fn goes_on(&mut self) -> bool {
        self.found.truncate(MOST_PROBLEMS);
        self.found.len() < MOST_PROBLEMS
    }

    fn end(self) -> Result<Microdata, Vec<Problem>> {
        if !self.found.is_empty() {
            return Err(self.found);
        }
        if self.rows.is_empty() {
            let problem = Problem::in_file(self.file, "the file has no people")
                .mend("put a row for each person into it, or delete the file");
            return Err(vec![problem]);
        }
        let persons = self.header.has("person");
        Microdata::of_rows(self.file, self.rows, persons, self.header.has("programme"))
    }
}

/// Reads the bytes of a CSV file: UTF-8, with or without a byte-order mark, lines ended by line
/// feeds with or without carriage returns, values separated by commas, semicolons or tabs. A value
/// in quotation marks does not go over several lines.
///
/// # Errors
/// All complaints, at most [`MOST_PROBLEMS`].
pub fn of_csv(
    file: &str,
    mut from: impl BufRead,
    lists: &Lists,
) -> Result<Microdata, Vec<Problem>> {
    let one = |problem: Problem| vec![problem];
    let mut line = Line::default();
    if !line.next(file, &mut from).map_err(one)? {
        let problem = Problem::in_file(file, "the file is empty");
        return Err(one(
            problem.mend("see all columns with: stabil data template")
        ));
    }
    let head = line.text(file).map_err(one)?.trim_start_matches('\u{feff}');
    let counted = |mark: char| head.matches(mark).count();
    let separator = [',', ';', '\t']
        .into_iter()
        .max_by_key(|mark| counted(*mark))
        .filter(|mark| counted(*mark) > counted(','))
        .unwrap_or(',') as u8;
    let names = cells(file, head, 1, separator).map_err(one)?;
    let width = names.len();
    let mut reading = Reading {
        file,
        lists,
        header: Header::of(file, &names)?,
        rows: Vec::new(),
        found: Vec::new(),
    };
    loop {
        match line.next(file, &mut from) {
            Ok(true) => {}
            Ok(false) => break,
            Err(problem) => {
                reading.found.push(problem);
                break;
            }
        }
        let number = line.number;
        let text = match line.text(file) {
            Ok(text) => text,
            Err(problem) => {
                reading.found.push(problem);
                if reading.goes_on() {
                    continue;
                }
                break;
            }
        };
        if text.trim().is_empty() {
            continue;
        }
        let goes_on = match cells(file, text, number, separator) {
            Ok(cells) if cells.len() == width => reading.take(&cells, number),
            Ok(cells) => {
                let message = format!("{} values; the first line has {width}", cells.len());
                let problem = Problem::in_file(file, message).at(number);
                let comma = separator == b',' && cells.len() > width;
                reading.found.push(match comma {
                    true => problem.mend("write decimals with a point, or quote the value"),
                    false => problem,
                });
                reading.goes_on()
            }
            Err(problem) => {
                reading.found.push(problem);
                reading.goes_on()
            }
        };
        if !goes_on {
            break;
        }
    }
    reading.end()
}

/// A line, its number, and how many bytes lie before it.
#[derive(Default)]
struct Line {
    bytes: Vec<u8>,
    number: usize,
    before: u64,
}

impl Line {
    /// Reads the next line; false at the end of the file.
    fn next(&mut self, file: &str, from: &mut impl BufRead) -> Result<bool, Problem> {
        use std::io::Read as _;
        self.before += self.bytes.len() as u64;
        self.bytes.clear();
        self.number += 1;
        let most = LONGEST_LINE as u64 + 1;
        from.by_ref()
            .take(most)
            .read_until(b'\n', &mut self.bytes)
            .map_err(|error| Problem::in_file(file, error.to_string()).at(self.number))?;
        if self.bytes.len() as u64 == most {
            let message = format!("the line is longer than {LONGEST_LINE} bytes");
            return Err(Problem::in_file(file, message)
                .at(self.number)
                .mend("is this a CSV file with a row a person?"));
        }
        Ok(!self.bytes.is_empty())
    }

    fn text(&self, file: &str) -> Result<&str, Problem> {
        let text = std::str::from_utf8(&self.bytes).map_err(|error| {
            let byte = self.before + error.valid_up_to() as u64 + 1;
            Problem::in_file(
                file,
                format!("not UTF-8 text, from byte {byte} of the file"),
            )
            .at(self.number)
            .mend("save the file as UTF-8")
        })?;
        Ok(text.trim_end_matches(['\n', '\r']))
    }
}

/// The values of a line.
fn cells(file: &str, text: &str, number: usize, separator: u8) -> Result<Vec<String>, Problem> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    reader
        .read_record(&mut record)
        .map_err(|error| Problem::in_file(file, error.to_string()).at(number))?;
    if text.matches('"').count() % 2 == 1 {
        let message = "a quotation mark is open at the end of the line";
        return Err(Problem::in_file(file, message).at(number));
    }
    Ok(record.iter().map(|cell| cell.trim().to_string()).collect())
}

/// Reads the bytes of a Parquet file: columns of texts, whole numbers or numbers, null where a
/// value is missing. Lines in complaints count rows from 1, and one more for the header of the CSV
/// file that would say the same.
///
/// # Errors
/// All complaints, at most [`MOST_PROBLEMS`].
pub fn of_parquet(file: &str, bytes: Vec<u8>, lists: &Lists) -> Result<Microdata, Vec<Problem>> {
    let read = parquet_guard::decoded(|| decode(file, bytes, lists));
    read.unwrap_or_else(|error| Err(unreadable(file, &error)))
}

fn unreadable(file: &str, error: &dyn std::fmt::Display) -> Vec<Problem> {
    vec![
        Problem::in_file(file, format!("not readable as Parquet: {error}"))
            .mend("write it again, or use people.csv"),
    ]
}

fn decode(file: &str, bytes: Vec<u8>, lists: &Lists) -> Result<Microdata, Vec<Problem>> {
    let wrong = |error: &dyn std::fmt::Display| unreadable(file, error);
    let reader =
        parquet_guard::open(Bytes::from(bytes), MOST_ROWS as u64).map_err(|error| wrong(&error))?;
    let schema = reader.metadata().file_metadata().schema_descr();
    let fields = schema.root_schema().get_fields();
    let flat = fields
        .iter()
        .all(|field| field.is_primitive() && !is_repeated(field));
    if !flat {
        return Err(wrong(&"its columns must hold one value a row"));
    }
    let names: Vec<String> = fields
        .iter()
        .map(|field| field.name().to_string())
        .collect();
    let mut reading = Reading {
        file,
        lists,
        header: Header::of(file, &names)?,
        rows: Vec::new(),
        found: Vec::new(),
    };
    let rows = reader.get_row_iter(None).map_err(|error| wrong(&error))?;
    for (at, row) in rows.enumerate() {
        let row = match row {
            Ok(row) => row,
            Err(error) => {
                reading.found.extend(wrong(&error));
                break;
            }
        };
        let cells: Vec<String> = row
            .get_column_iter()
            .map(|(_, field)| text(field))
            .collect();
        if !reading.take(&cells, at + 2) {
            break;
        }
    }
    reading.end()
}

fn is_repeated(field: &parquet::schema::types::Type) -> bool {
    let about = field.get_basic_info();
    about.has_repetition() && about.repetition() == parquet::basic::Repetition::REPEATED
}

/// A value as the CSV file would write it.
fn text(field: &Field) -> String {
    match field {
        Field::Null => String::new(),
        Field::Bool(true) => "yes".to_string(),
        Field::Bool(false) => "no".to_string(),
        Field::Byte(n) => n.to_string(),
        Field::Short(n) => n.to_string(),
        Field::Int(n) => n.to_string(),
        Field::Long(n) => n.to_string(),
        Field::UByte(n) => n.to_string(),
        Field::UShort(n) => n.to_string(),
        Field::UInt(n) => n.to_string(),
        Field::ULong(n) => n.to_string(),
        Field::Float(n) => n.to_string(),
        Field::Double(n) => n.to_string(),
        Field::Str(text) => text.trim().to_string(),
        Field::Bytes(bytes) => bytes
            .as_utf8()
            .map_or("?".to_string(), |text| text.trim().to_string()),
        _ => "?".to_string(),
    }
}
