//! Reports: results as files for other programs and as text for readers.
//!
//! The tidy table has one row for each scenario, year and output cell. Its columns are written
//! down once, in [`COLUMNS`], and every file format goes through them, so that all formats hold
//! the same rows under the same names.

pub mod comparison;
pub mod csv_file;
pub mod datapackage;
pub mod description;
pub mod durations_file;
pub mod fit_report;
pub mod manifest;
pub mod microdata_file;
pub mod number;
pub mod page;
pub mod parquet_file;
pub mod policy_page;
pub mod projection;
pub mod recovery_page;
pub mod scorecard;
mod sheet;
pub mod spread_page;
pub mod spread_tables;
pub mod summary;

use crate::bands::{Bands, Differences, Summary};
use crate::tallies::OutputCell;
use crate::words::Year;
use std::fs::File;
use std::io::{self, BufWriter};
use std::path::Path;

/// One row of the tidy table: what the runs of a scenario say about an output cell in a year.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// The scenario's identifier.
    pub scenario: &'a str,
    /// The calendar year.
    pub year: Year,
    /// The output cell.
    pub cell: &'a OutputCell,
    /// The runs' summary, of at least one run.
    pub summary: &'a Summary,
    /// Of paired differences: the probability of being positive, and the variance ratio.
    pub paired: [f64; 2],
    /// Of tables with numbers of their own: these.
    pub more: &'a [f64],
}

/// What a column of the tidy table holds, as the way to read it off a row.
#[derive(Clone, Copy, Debug)]
pub enum Column {
    /// An identifier.
    Text(for<'r, 'a> fn(&'r Row<'a>) -> &'a str),
    /// A whole number.
    Whole(fn(&Row) -> usize),
    /// A number in the unit of the row; NaN where there is none.
    Number(fn(&Row) -> f64),
}

/// The columns of the tidy table, in order, with their names.
pub const COLUMNS: [(&str, Column); 20] = [
    ("scenario", Column::Text(|row| row.scenario)),
    ("year", Column::Whole(|row| row.year.into())),
    ("profession", Column::Text(|row| &row.cell.profession)),
    ("grade", Column::Text(|row| &row.cell.grade)),
    ("sector", Column::Text(|row| &row.cell.sector)),
    ("zone", Column::Text(|row| &row.cell.zone)),
    ("from", Column::Text(|row| &row.cell.from)),
    ("measure", Column::Text(|row| &row.cell.measure)),
    ("unit", Column::Text(|row| row.cell.unit)),
    ("mean", Column::Number(|row| row.summary.mean)),
    ("sd", Column::Number(|row| row.summary.sd)),
    ("mcse", Column::Number(|row| row.summary.mcse)),
    ("p025", Column::Number(|row| row.summary.quantiles[0])),
    ("p10", Column::Number(|row| row.summary.quantiles[1])),
    ("p25", Column::Number(|row| row.summary.quantiles[2])),
    ("p50", Column::Number(|row| row.summary.quantiles[3])),
    ("p75", Column::Number(|row| row.summary.quantiles[4])),
    ("p90", Column::Number(|row| row.summary.quantiles[5])),
    ("p975", Column::Number(|row| row.summary.quantiles[6])),
    ("runs", Column::Whole(|row| row.summary.runs)),
];

/// The rows of the tidy table: by scenario as given, then by year, then by the layout's cells.
/// Where no run gave a value (nobody to be a share of) there is no row.
pub fn rows<'a>(bands: &'a [&'a Bands]) -> impl Iterator<Item = Row<'a>> {
    bands.iter().flat_map(|bands| {
        let layout = &bands.layout;
        let years = layout.years.iter();
        let keys = years.flat_map(|year| layout.cells.iter().map(move |cell| (*year, cell)));
        let rows = keys.zip(&bands.rows).map(|((year, cell), summary)| Row {
            scenario: &bands.scenario,
            year,
            cell,
            summary,
            paired: [f64::NAN; 2],
            more: &[],
        });
        rows.filter(|row| row.summary.runs > 0)
    })
}

/// The columns of the table of paired differences: those of the tidy table, and two more.
pub const DIFFERENCE_COLUMNS: [(&str, Column); 22] = {
    let mut columns = [("p_positive", Column::Number(|row| row.paired[0])); 22];
    let mut position = 0;
    while position < COLUMNS.len() {
        columns[position] = COLUMNS[position];
        position += 1;
    }
    columns[21] = ("variance_ratio", Column::Number(|row| row.paired[1]));
    columns
};

/// The rows of the table of paired differences, in the order of [`rows`].
pub fn difference_rows(all: &[Differences]) -> impl Iterator<Item = Row<'_>> {
    all.iter().flat_map(|differences| {
        let layout = &differences.layout;
        let years = layout.years.iter();
        let keys = years.flat_map(|year| layout.cells.iter().map(move |cell| (*year, cell)));
        let rows = keys
            .zip(&differences.rows)
            .map(|((year, cell), difference)| Row {
                scenario: &differences.scenario,
                year,
                cell,
                summary: &difference.summary,
                paired: [difference.p_positive, difference.variance_ratio],
                more: &[],
            });
        rows.filter(|row| row.summary.runs > 0)
    })
}

/// Writes a file whole or not at all: `fill` writes into a temporary file in the same folder,
/// which takes the name (a plain file name), in place of any older file, only when everything is
/// on the disk.
///
/// # Errors
///
/// When the folder is missing or not writable, when `fill` fails, or when the disk is full. A file
/// that had the name before is then untouched, and the temporary file is removed.
pub fn put(
    folder: &Path,
    name: &str,
    fill: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> io::Result<()> {
    let (file, place) = temporary(folder, name)?.into_parts();
    let mut to = BufWriter::new(file);
    fill(&mut to)?;
    to.into_inner()?.sync_all()?;
    place.persist(folder.join(name))?;
    Ok(())
}

/// How the names of files end that are not whole yet.
const PART: &str = ".part";

/// Removes what a writer left behind in a folder that was killed while it wrote. Nobody else may be
/// writing there.
///
/// # Errors
///
/// When the folder cannot be listed or such a file not be removed.
pub fn clear_parts(folder: &Path) -> io::Result<()> {
    for entry in folder.read_dir()? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') && name.ends_with(PART) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// A hidden temporary file beside the one with this name, readable by whom the user's mask allows
/// (a temporary file would otherwise be the user's alone, and so would the result).
fn temporary(folder: &Path, name: &str) -> io::Result<tempfile::NamedTempFile> {
    let prefix = format!(".{name}.");
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(PART);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bands::QUANTILES;
    use crate::tallies::{ALL, Layout, RunValues};
    use std::fs;
    use std::io::Write;

    /// Two years and two cells of two runs; the share has nobody to be a share of in 2025 and only
    /// one run with somebody in 2026.
    pub fn sample() -> Bands {
        let cell = |zone: &str, measure: &str, unit| OutputCell {
            profession: "nurse".to_string(),
            grade: ALL.to_string(),
            sector: "hospital".to_string(),
            zone: zone.to_string(),
            from: ALL.to_string(),
            measure: measure.to_string(),
            unit,
        };
        let layout = Layout {
            years: vec![2025, 2026],
            cells: vec![
                cell("north", "supply_fte", "fte"),
                cell(ALL, "left", "share"),
            ],
        };
        let run = |seed, values: [f64; 4]| RunValues {
            seed,
            values: values.to_vec(),
        };
        let runs = [
            run(1, [81500.0, f64::NAN, 81500.5, 0.125]),
            run(2, [81500.0, f64::NAN, 81504.5, f64::NAN]),
        ];
        Bands::of("more, sooner", layout, &runs)
    }

    #[test]
    fn the_quantile_columns_are_those_of_the_summary() {
        let names: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
        assert_eq!(names[12..19], QUANTILES.map(|(name, _)| name));
        let mut bands = sample();
        bands.rows[0].quantiles = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let bands = [&bands];
        let row = rows(&bands).next().unwrap();
        for (position, (name, column)) in COLUMNS[12..19].iter().enumerate() {
            let Column::Number(of) = column else {
                panic!("{name} is no number")
            };
            assert_eq!(of(&row), position as f64, "{name}");
        }
    }

    #[test]
    fn rows_come_by_scenario_year_and_cell() {
        let (one, other) = (
            sample(),
            Bands {
                scenario: "other".to_string(),
                ..sample()
            },
        );
        let bands = [&one, &other];
        let keys: Vec<_> = rows(&bands)
            .map(|row| (row.scenario, row.year, &row.cell.measure[..]))
            .collect();
        let of = |scenario| {
            [
                (scenario, 2025, "supply_fte"),
                (scenario, 2026, "supply_fte"),
                (scenario, 2026, "left"),
            ]
        };
        assert_eq!(keys, [of("more, sooner"), of("other")].concat());
    }

    fn names_in(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        // A folder lists its files in whatever order its file system keeps them.
        names.sort_unstable();
        names
    }

    #[test]
    fn a_file_is_put_in_place_of_the_older_one() {
        let folder = tempfile::tempdir().unwrap();
        for text in ["first and longer", "second"] {
            put(folder.path(), "bands.csv", |to| {
                to.write_all(text.as_bytes())
            })
            .unwrap();
            assert_eq!(
                fs::read_to_string(folder.path().join("bands.csv")).unwrap(),
                text
            );
            assert_eq!(names_in(folder.path()), ["bands.csv"]);
        }
    }

    #[test]
    fn what_a_killed_writer_left_is_removed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), "bands.csv", |to| to.write_all(b"whole")).unwrap();
        for name in [".mine", "notes.part"] {
            fs::write(folder.path().join(name), "kept").unwrap();
        }
        // As after a kill: a temporary file that nobody takes back.
        let left = temporary(folder.path(), "bands.csv").unwrap();
        let (_, place) = left.keep().unwrap();
        assert!(place.exists());
        clear_parts(folder.path()).unwrap();
        assert_eq!(
            names_in(folder.path()),
            [".mine", "bands.csv", "notes.part"]
        );
    }

    #[test]
    fn a_failed_file_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let fail = |to: &mut BufWriter<File>| {
            to.write_all(&[b'x'; 100_000])?;
            Err(io::Error::other("no more"))
        };
        let told = put(folder.path(), "bands.csv", fail).unwrap_err();
        assert_eq!(told.to_string(), "no more");
        assert_eq!(names_in(folder.path()), Vec::<String>::new());

        fs::write(folder.path().join("bands.csv"), "older").unwrap();
        put(folder.path(), "bands.csv", fail).unwrap_err();
        assert_eq!(
            fs::read_to_string(folder.path().join("bands.csv")).unwrap(),
            "older"
        );
        assert_eq!(names_in(folder.path()), ["bands.csv"]);
    }

    #[test]
    fn a_missing_folder_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(put(&folder.path().join("none"), "bands.csv", |_| Ok(())).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_file_has_the_permissions_of_any_other() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), "put", |_| Ok(())).unwrap();
        File::create(folder.path().join("made")).unwrap();
        let [put, made] = ["put", "made"].map(|name| {
            fs::metadata(folder.path().join(name))
                .unwrap()
                .permissions()
                .mode()
        });
        assert_eq!(put, made);
    }
}
