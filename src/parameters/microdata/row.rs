//! A row of microdata: from the texts of its cells to a [`Record`], with every complaint about it.

use super::columns::{COLUMNS, Kind, List, position};
use super::lists::Lists;
use super::{LONGEST, NOWHERE, Record};
use crate::words::{
    Band, Disability, OLDEST_AGE, Problem, Sector, Sex, Status, Track, YOUNGEST_AGE, Year,
    year_byte,
};
use std::collections::BTreeMap;

/// Which column of the file each column of [`COLUMNS`] is.
#[derive(Clone, Debug)]
pub(super) struct Header {
    places: [Option<usize>; COLUMNS.len()],
}

impl Header {
    /// Finds the columns by their names.
    ///
    /// # Errors
    /// All complaints: names that are unknown, repeated or missing.
    pub(super) fn of(file: &str, names: &[String]) -> Result<Header, Vec<Problem>> {
        let mut places = [None; COLUMNS.len()];
        let mut found = Vec::new();
        let complain =
            |message: &str, name: &str| Problem::in_file(file, message).at(1).about("column", name);
        for (at, name) in names.iter().enumerate() {
            match position(name) {
                None => found.push(
                    complain("unknown column", name)
                        .nearest(name, COLUMNS.iter().map(|column| column.name)),
                ),
                Some(own) if places[own].is_some() => {
                    found.push(complain("the column is there twice", name));
                }
                Some(own) => places[own] = Some(at),
            }
        }
        let has = |name: &str| position(name).is_some_and(|own| places[own].is_some());
        let required = COLUMNS.iter().filter(|column| column.required);
        for column in required.filter(|column| !has(column.name)) {
            found.push(complain("the column is missing", column.name).mend(MEND));
        }
        for [one, other] in [["zone", "municipality"], ["profession", "grade"]] {
            if !has(one) && !has(other) {
                let names = format!("{one} or {other}");
                found.push(complain("one of the two columns must be there", &names).mend(MEND));
            }
        }
        match found.is_empty() {
            true => Ok(Header { places }),
            false => Err(found),
        }
    }

    /// Is the column there?
    pub(super) fn has(&self, name: &str) -> bool {
        position(name).is_some_and(|own| self.places[own].is_some())
    }
}

const MEND: &str = "see all columns with: stabil data template";

/// The cells of a row, and what is wrong with them.
struct Cells<'a> {
    header: &'a Header,
    cells: &'a [String],
    lists: &'a Lists,
    place: (&'a str, usize),
    found: Vec<Problem>,
}

impl Cells<'_> {
    fn text(&self, name: &str) -> &str {
        let at = position(name).and_then(|own| self.header.places[own]);
        at.and_then(|at| self.cells.get(at))
            .map_or("", String::as_str)
    }

    fn problem(&self, name: &str, message: impl Into<String>) -> Problem {
        let (file, line) = self.place;
        let shown: String = self.text(name).chars().take(LONGEST).collect();
        Problem::in_file(file, message).at(line).about(name, shown)
    }

    fn complain(&mut self, name: &str, message: impl Into<String>) {
        let problem = self.problem(name, message);
        self.found.push(problem);
    }

    /// The year in a column, as a clock byte; from the year of birth to the base year.
    fn year(&mut self, name: &str, (first, last): (Year, Year)) -> Option<u8> {
        let text = self.text(name);
        if text.is_empty() {
            return None;
        }
        match text.parse::<Year>() {
            Ok(year) if (first..=last).contains(&year) => Some(year_byte(year)),
            _ => {
                self.complain(name, format!("must be a year from {first} to {last}"));
                None
            }
        }
    }

    /// The position of a word in its list.
    fn word(&mut self, name: &str) -> Option<u8> {
        let text = self.text(name);
        if text.is_empty() {
            return None;
        }
        let Some(Kind::Words(list)) = position(name).map(|own| COLUMNS[own].kind) else {
            return None;
        };
        let found = self.lists.find(list, text);
        if found.is_none() {
            let words = self.lists.words(list);
            let text = text.to_string();
            let problem = self.problem(name, format!("must be one of: {}", words.join(", ")));
            let near = crate::words::problem::nearest(&text, words.iter().map(String::as_str));
            self.found.push(match near {
                Some(near) => problem.mend(format!("did you mean \"{near}\"?")),
                None => problem,
            });
        }
        found
    }

    /// The zone in a column.
    fn zone(&mut self, name: &str) -> Option<u8> {
        let text = self.text(name);
        if text.is_empty() {
            return None;
        }
        if text == "none" && name != "zone" {
            return Some(NOWHERE);
        }
        let found = self.lists.zone(text);
        if found.is_none() {
            let message = format!(
                "must be a zone of the scheme {}, or a municipality number of 2024 (four digits)",
                self.lists.scheme
            );
            let problem = self.problem(name, message).mend("see: stabil list zones");
            self.found.push(problem);
        }
        found
    }

    fn band(&mut self) -> Option<Band> {
        let text = self.text("position");
        if text.is_empty() {
            return None;
        }
        let percent = text.parse::<f64>().ok();
        match percent.filter(|percent| *percent > 0.0 && *percent <= 100.0) {
            Some(percent) => Some(match percent {
                ..50.0 => Band::Under50,
                ..70.0 => Band::From50,
                ..90.0 => Band::From70,
                ..100.0 => Band::From90,
                _ => Band::Full,
            }),
            None => {
                let comma = text.contains(',');
                let problem = self.problem("position", "must be a number above 0, at most 100");
                self.found.push(match comma {
                    true => problem.mend("write decimals with a point"),
                    false => problem,
                });
                None
            }
        }
    }
}

/// Reads a row; the cells are in the order of the file's columns.
///
/// # Errors
/// All complaints about the row.
pub(super) fn record(
    header: &Header,
    cells: &[String],
    lists: &Lists,
    place: (&str, usize),
) -> Result<Record, Vec<Problem>> {
    let mut own = Cells {
        header,
        cells,
        lists,
        place,
        found: Vec::new(),
    };
    for column in &COLUMNS {
        if own.text(column.name).len() > LONGEST {
            own.complain(column.name, format!("longer than {LONGEST} bytes"));
        }
        if column.required && column.name != "sector" && own.text(column.name).is_empty() {
            own.complain(column.name, "the value is missing");
        }
    }
    let base = lists.year;
    let oldest = base - Year::from(OLDEST_AGE);
    let youngest = base - Year::from(YOUNGEST_AGE);
    let born = own.year("born", (oldest, youngest));
    let since = (born.map_or(oldest, crate::words::byte_year), base);
    let status = own.word("status").map(Status::of_number);
    let (profession, grade) = trade(&mut own, status);
    let sector = own.word("sector").map(Sector::of_number);
    if sector.is_none() && own.text("sector").is_empty() && status.is_some_and(Status::is_employed)
    {
        own.complain("sector", "a job is in a sector; the value is missing");
    }
    let zone = match own.text("zone").is_empty() {
        true => own.zone("municipality"),
        false => own.zone("zone"),
    };
    if own.text("zone").is_empty() && own.text("municipality").is_empty() {
        own.complain("zone", "neither a zone nor a municipality is given");
    }
    let programme = own.word("programme").map_or(0, |number| number + 1);
    if status == Some(Status::Education) && programme == 0 && own.text("programme").is_empty() {
        own.complain("programme", "people in education need a programme");
    }
    let [placement, curriculum] = match own.text("exposure") {
        "" | "none" => [false, false],
        "placement" => [true, false],
        "curriculum" => [false, true],
        "both" => [true, true],
        _ => {
            own.complain("exposure", "must be none, placement, curriculum or both");
            [false, false]
        }
    };
    let given = given(own.text("person"), base);
    let record = Record {
        hash: hash(&own),
        given,
        born: born.unwrap_or_default(),
        sex: own.word("sex").map_or(Sex::Female, Sex::of_number),
        profession,
        grade,
        status: status.unwrap_or(Status::Working),
        sector,
        zone: zone.unwrap_or_default(),
        band: own.band(),
        job_since: own.year("job_since", since),
        qualified: own.year("qualified", since),
        grade_since: own.year("grade_since", since),
        status_since: own.year("status_since", since),
        study_since: own.year("study_since", since),
        origin: own.zone("origin"),
        country: own.word("country"),
        track: own.word("track").map(Track::of_number),
        study_zone: own.zone("study_zone"),
        first_zone: own.zone("first_zone"),
        programme,
        disability: own.word("disability").map(Disability::of_number),
        first_sector: own.word("first_sector").map(Sector::of_number),
        placement,
        curriculum,
        mover: own.word("attachment").map(|number| number == 0),
    };
    match own.found.is_empty() {
        true => Ok(record),
        false => Err(own.found),
    }
}

/// Profession and grade, which must belong together; neither for students new to health care.
fn trade(own: &mut Cells, status: Option<Status>) -> (Option<u8>, Option<u8>) {
    let grade = own.word("grade");
    let told = own.word("profession");
    let of_grade = grade.map(|grade| own.lists.profession_of(grade));
    match (told, of_grade) {
        (Some(told), Some(of_grade)) if told != of_grade => {
            own.complain("grade", "the grade belongs to another profession");
        }
        (None, None) => {
            let empty = own.text("grade").is_empty() && own.text("profession").is_empty();
            if empty && status.is_some_and(|status| status != Status::Education) {
                own.complain("profession", "neither a profession nor a grade is given");
            }
        }
        _ => {}
    }
    (told.or(of_grade), grade)
}

/// The identity that stabil wrote itself, STREAM-YEAR-NUMBER, of the base year or before: used as
/// it is, so that a population written out and read in again throws the same dice.
fn given(text: &str, base: Year) -> Option<u64> {
    let mut parts = text.splitn(3, '-');
    let stream: u16 = parts.next()?.parse().ok()?;
    let year: Year = parts.next()?.parse().ok()?;
    let number: u32 = parts.next()?.parse().ok()?;
    let id = u64::from(stream) << 48 | u64::from(year) << 32 | u64::from(number);
    ((1900..=base).contains(&year) && text == format!("{stream}-{year}-{number}")).then_some(id)
}

/// What a person's dice are addressed by: the pseudonym, or without one the whole row.
fn hash(own: &Cells) -> u128 {
    let mut hasher = blake3::Hasher::new();
    match own.text("person") {
        "" => {
            for column in &COLUMNS {
                hasher.update(own.text(column.name).as_bytes());
                hasher.update(&[0]);
            }
        }
        person => {
            hasher.update(b"person\0");
            hasher.update(person.as_bytes());
        }
    }
    first_half(&hasher.finalize())
}

/// Half of a hash, as a number.
pub(super) fn first_half(hash: &blake3::Hash) -> u128 {
    let bytes = hash.as_bytes().iter().take(16);
    bytes.fold(0, |sum, byte| sum << 8 | u128::from(*byte))
}

/// The lists of words, by name, for the lists that the data folder does not hold.
pub(super) fn fixed() -> BTreeMap<&'static str, (List, Vec<String>)> {
    fn ids<T: Copy>(all: &[T], id: fn(T) -> &'static str) -> Vec<String> {
        all.iter().map(|own| id(*own).to_string()).collect()
    }
    let statuses = &Status::ALL[..Status::Gone.index()];
    BTreeMap::from([
        ("sex", (List::Sex, ids(Sex::ALL, Sex::id))),
        ("status", (List::Status, ids(statuses, Status::id))),
        ("sector", (List::Sector, ids(Sector::ALL, Sector::id))),
        ("track", (List::Track, ids(Track::ALL, Track::id))),
        (
            "disability",
            (List::Disability, ids(Disability::ALL, Disability::id)),
        ),
        (
            "attachment",
            (List::Attachment, vec!["mover".into(), "stayer".into()]),
        ),
    ])
}
