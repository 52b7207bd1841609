//! Rows of the files of a results folder.

use super::CliError;
use crate::words::Problem;
use serde::de::DeserializeOwned;
use std::path::Path;

/// All rows of a CSV file of the folder.
///
/// # Errors
/// As [`each`].
pub fn read<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<Vec<T>, CliError> {
    let mut all = Vec::new();
    each(folder, name, |row| all.push(row))?;
    Ok(all)
}

/// Goes through the rows of a CSV file of the folder.
///
/// # Errors
/// A [`CliError`] if it cannot be read or is not such a file.
pub fn each<T: DeserializeOwned>(
    folder: &Path,
    name: &str,
    mut take: impl FnMut(T),
) -> Result<(), CliError> {
    let path = folder.join(name);
    let file = std::fs::File::open(&path).map_err(|error| CliError::io(&path, error))?;
    for row in csv::Reader::from_reader(file).into_deserialize() {
        take(row.map_err(|error| {
            let line = error.position().map_or(0, csv::Position::line);
            Problem::in_file(&path.display().to_string(), error.to_string())
                .at(line as usize)
                .mend("carry out the run again: stabil run RUN --force")
        })?);
    }
    Ok(())
}
