//! `stabil verify`: makes the results of a folder again from what its manifest says, and compares
//! them cell by cell.

use super::keeping::Place;
use super::results::MANIFEST;
use super::run::{Job, carry, prepared};
use super::{CHECK_FAILED, CliError, DONE, print};
use crate::runs::Overrides;
use crate::runs::kept::Sheet;
use crate::runs::made::Made;
use crate::words::Problem;
use clap::Args;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Lines of help.
pub(super) const VERIFY_EXAMPLES: &str = "\
Examples:
  stabil verify runs/out/baseline         make the results again, and compare each number";

/// Differences that are told of a file, one by one.
const TOLD: usize = 20;
/// Columns that say what a row is about.
const KEYS: [&str; 9] = [
    "scenario",
    "year",
    "draw",
    "profession",
    "grade",
    "sector",
    "zone",
    "from",
    "measure",
];

/// Arguments of `stabil verify`.
#[derive(Clone, Debug, Args)]
pub struct VerifyArguments {
    /// Results folder, with its manifest
    #[arg(value_name = "OUT")]
    pub folder: PathBuf,
    /// The data folder.
    #[command(flatten)]
    pub data: super::arguments::DataChoice,
    /// Threads to use [default: one to each core]; results do not depend on it
    #[arg(long, value_name = "N", value_parser = super::values::threads)]
    pub threads: Option<usize>,
    /// Show no progress and no messages but errors; what was found is still printed
    #[arg(long, short)]
    pub quiet: bool,
}

/// What a manifest says, as far as results can be made again from it.
#[derive(Deserialize)]
struct Told {
    version: String,
    commit: String,
    run_file: String,
    run_text: String,
    flags: Overrides,
    data_folder: Option<PathBuf>,
    settings: serde_json::Value,
    draws: BTreeSet<u64>,
    seeds: BTreeSet<u64>,
    data: BTreeMap<String, String>,
    results: BTreeMap<String, String>,
}

impl Told {
    fn read(folder: &Path) -> Result<Told, Problem> {
        let path = folder.join(MANIFEST);
        let named = path.display().to_string();
        let text = std::fs::read_to_string(&path).map_err(|error| {
            Problem::in_file(&named, error.to_string())
                .mend("name the results folder of stabil run, extend or merge")
        })?;
        serde_json::from_str(&text).map_err(|error| {
            Problem::in_file(&named, format!("it cannot be read: {error}"))
                .at(error.line())
                .mend("it is damaged, or older than what can be verified")
        })
    }
}

/// Carries out `stabil verify`; the exit code is 1 if anything differs.
///
/// # Errors
/// A [`CliError`]: a folder without a manifest, a run that is no longer allowed, or trouble with
/// the machine.
pub fn verify(arguments: &VerifyArguments) -> Result<u8, CliError> {
    let started = Instant::now();
    let told = Told::read(&arguments.folder)?;
    let mut flags = told.flags.clone();
    flags.threads = arguments.threads;
    let data = match arguments.data.is_given() {
        true => Some(arguments.data.folder()?),
        false => None,
    };
    let none = Made {
        program: String::new(),
        layout: 0,
        settings: BTreeMap::new(),
        data: BTreeMap::new(),
        policies: BTreeMap::new(),
    };
    let asked = Sheet {
        made: none,
        run_file: told.run_file.clone(),
        run_text: told.run_text.clone(),
        overrides: flags.clone(),
        data_folder: told.data_folder.clone(),
        draws: 0,
        seeds: 0,
        shard: None,
    };
    let (plan, data) = asked.plan(data)?;
    let sheet = Sheet::of(&plan, &data, &flags, None)?;
    let mut page = String::new();
    let published = Made {
        program: format!("{} ({})", told.version, told.commit),
        layout: sheet.made.layout,
        settings: Made::settings(&told.settings),
        data: told.data.clone(),
        policies: sheet.made.policies.clone(),
    };
    for line in published.differences(&sheet.made) {
        let _ = writeln!(page, "note: {line}");
    }
    let ensemble = prepared(&plan, data, arguments.quiet)?;
    let again = tempfile::tempdir().map_err(|error| CliError::io("temporary folder", error))?;
    carry(&Job {
        plan: &plan,
        ensemble: &ensemble,
        sheet: &sheet,
        folder: again.path(),
        place: Place::Nowhere(&told.draws, &told.seeds),
        wish: None,
        quiet: arguments.quiet,
        drops: false,
        prints: false,
        started,
    })?;
    let derived = Told::read(again.path())?;
    let names: BTreeSet<&String> = told.results.keys().chain(derived.results.keys()).collect();
    let mut faults = 0;
    for name in names {
        let found = compared(name, &arguments.folder, again.path(), &told.results)?;
        match found.is_empty() {
            true => {
                let _ = writeln!(page, "same: {name}");
            }
            false => faults += 1,
        }
        page.extend(found.iter().map(|line| format!("DIFFERS: {line}\n")));
    }
    let count = told.results.len();
    let _ = match faults {
        0 => writeln!(
            page,
            "verified: {count} files made again from the manifest, the same byte for byte"
        ),
        faults => writeln!(page, "not verified: {faults} of {count} files differ"),
    };
    print(&page)?;
    Ok(if faults == 0 { DONE } else { CHECK_FAILED })
}

/// What differs between a published file and the one made again, a line each.
fn compared(
    name: &str,
    published: &Path,
    derived: &Path,
    hashes: &BTreeMap<String, String>,
) -> Result<Vec<String>, CliError> {
    let (Ok(ours), Ok(theirs)) = (
        std::fs::read(derived.join(name)),
        std::fs::read(published.join(name)),
    ) else {
        let side = match published.join(name).exists() {
            true => "published, and not made by this run",
            false => "not in the folder",
        };
        return Ok(vec![format!("{name}: {side}")]);
    };
    let mut found = Vec::new();
    let hash = blake3::hash(&theirs).to_hex().to_string();
    if hashes.get(name).is_some_and(|told| *told != hash) {
        found.push(format!(
            "{name}: the file was changed after its manifest was written"
        ));
    }
    if ours == theirs {
        return Ok(found);
    }
    match name.ends_with(".csv") {
        true => found.extend(cells(name, &theirs, &ours)),
        false => found.push(format!("{name}: its bytes are not those made again")),
    }
    Ok(found)
}

fn table(bytes: &[u8]) -> Vec<csv::StringRecord> {
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.has_headers(false).flexible(true).from_reader(bytes);
    reader.records().filter_map(Result::ok).collect()
}

/// The cells in which two tables differ.
fn cells(name: &str, published: &[u8], derived: &[u8]) -> Vec<String> {
    let (theirs, ours) = (table(published), table(derived));
    let mut found = Vec::new();
    let mut number = 0;
    let header = ours.first().cloned().unwrap_or_default();
    for (row, (their, our)) in theirs.iter().zip(&ours).enumerate() {
        for at in 0..their.len().max(our.len()) {
            let (one, other) = (their.get(at), our.get(at));
            if one == other {
                continue;
            }
            number += 1;
            if number > TOLD {
                continue;
            }
            let keys = header.iter().zip(our.iter());
            let keys = keys.filter(|(key, text)| KEYS.contains(key) && *text != "all");
            let keys: Vec<&str> = keys.map(|(_, text)| text).collect();
            let side = |text: Option<&str>| text.unwrap_or("nothing").to_string();
            found.push(format!(
                "{name}, row {} ({}), {}: published {}, made again {}",
                row + 1,
                keys.join(" "),
                header.get(at).unwrap_or("a column too many"),
                side(one),
                side(other)
            ));
        }
    }
    if number > TOLD {
        found.push(format!("{name}: and {} cells more", number - TOLD));
    }
    if theirs.len() != ours.len() {
        let (one, other) = (theirs.len(), ours.len());
        found.push(format!("{name}: published {one} rows, made again {other}"));
    }
    if found.is_empty() {
        found.push(format!("{name}: its bytes differ, though no cell does"));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_digit_is_told_with_its_place() {
        let ours = b"scenario,year,zone,mean\nbase,2020,all,1.5\nbase,2021,north,2.5\n";
        let theirs = b"scenario,year,zone,mean\nbase,2020,all,1.5\nbase,2021,north,2.6\n";
        assert_eq!(
            cells("bands.csv", theirs, ours),
            ["bands.csv, row 3 (base 2021 north), mean: published 2.6, made again 2.5"]
        );
        assert_eq!(cells("a.csv", &theirs[..42], ours).len(), 1);
        assert_eq!(cells("a.csv", b"a\r\n1\r\n", b"a\n1\n").len(), 1);
    }
}
