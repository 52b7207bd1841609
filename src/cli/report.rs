//! `stabil report`: the report of a run as a page for readers, from its results folder.

use super::report_arguments::{Opening, ReportArguments};
use super::results::{remove, write as put};
use super::{CliError, DONE, tell};
use crate::picture::Lang;
use crate::report::page::{self, Report};
use std::io::Write;
use std::path::Path;

/// The page.
pub const PAGE: &str = "report.html";
/// The folder of its pictures.
const PICTURES: &str = "pictures";
/// How the names of the files of a picture end.
const ENDINGS: [&str; 5] = ["nb.svg", "en.svg", "nb.png", "en.png", "csv"];

/// Carries out `stabil report`.
///
/// # Errors
/// A [`CliError`]: no such results, or what cannot be written.
pub fn report(arguments: &ReportArguments) -> Result<u8, CliError> {
    let lang = match arguments.lang {
        Opening::Nb => Lang::Nb,
        Opening::En => Lang::En,
    };
    let folder = &arguments.folder;
    let report = write(folder, lang)?;
    tell(&format!("written: {}", folder.join(PAGE).display()));
    if arguments.pictures {
        pictures(&folder.join(PICTURES), &report)?;
        let number = report.figures.len();
        let place = folder.join(PICTURES);
        tell(&format!(
            "written: {number} pictures in {}",
            place.display()
        ));
    }
    Ok(DONE)
}

/// Writes the page into its results folder.
///
/// # Errors
/// A [`CliError`]: no such results, or what cannot be written.
pub fn write(folder: &Path, lang: Lang) -> Result<Report, CliError> {
    let report = page::html(folder, lang)?;
    put(folder, PAGE, |to| to.write_all(report.html.as_bytes()))?;
    Ok(report)
}

/// Removes the page and pictures of an earlier run, which would tell of other numbers.
///
/// # Errors
/// A [`CliError`] if one cannot be removed.
pub fn forget(folder: &Path) -> Result<(), CliError> {
    remove(folder, PAGE)?;
    let pictures = folder.join(PICTURES);
    let Ok(files) = std::fs::read_dir(&pictures) else {
        return Ok(());
    };
    for name in files.flatten().map(|file| file.file_name()) {
        let name = name.to_string_lossy();
        let end = name.split_once('.').map(|(_, end)| end);
        if end.is_some_and(|end| ENDINGS.contains(&end)) {
            remove(&pictures, &name)?;
        }
    }
    Ok(())
}

fn pictures(folder: &Path, report: &Report) -> Result<(), CliError> {
    std::fs::create_dir_all(folder).map_err(|error| CliError::io(folder, error))?;
    for figure in &report.figures {
        let drawing = &figure.drawing;
        let (nb, en) = (Lang::Nb, Lang::En);
        let painted = |lang| {
            let png = drawing.png(lang);
            png.map_err(|error| CliError::io(folder, std::io::Error::other(error)))
        };
        let files = [
            drawing.standalone(nb).into_bytes(),
            drawing.standalone(en).into_bytes(),
            painted(nb)?,
            painted(en)?,
            figure.table.csv().into_bytes(),
        ];
        for (ending, bytes) in ENDINGS.iter().zip(files) {
            let name = format!("{}.{ending}", drawing.id);
            put(folder, &name, |to| to.write_all(&bytes))?;
        }
    }
    Ok(())
}
