//! `stabil data`: the data folder written out, checked whole, and the form of microdata.

use super::arguments::DataCommand;
use super::{CHECK_FAILED, CliError, DONE, print, tell};
use crate::calibration::targets::Targets;
use crate::evidence::{DataFolder, Facts, Table, folder};
use crate::parameters::microdata::{self, Lists};
use crate::parameters::policy::Catalogue;
use crate::parameters::{Classification, FreeParameters, ModelData, Parameters, Posterior, Zones};
use crate::population::newcomers::Intake;
use crate::population::{Newcomers, synthesise};
use crate::report::{microdata_file, put};
use crate::runs::Model;
use crate::validation::differences;
use crate::words::{Problem, Year};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

/// Scale of the invented people of the template: some thousands.
const SCALE: f64 = 0.01;
/// The files of the template: invented people, no people, the schema.
const TEMPLATE: [&str; 3] = [
    "people_invented.csv",
    "people_empty.csv",
    "people_schema.json",
];

/// Carries out `stabil data`.
///
/// # Errors
/// A [`CliError`]: a folder that cannot be read or written.
pub fn data(command: &DataCommand) -> Result<u8, CliError> {
    match command {
        DataCommand::Export { folder } => export(folder),
        DataCommand::Check { folder } => check(folder),
        DataCommand::Template { folder, data } => template(folder.as_deref(), data.folder()?),
    }
}

fn export(target: &Path) -> Result<u8, CliError> {
    new_folder(target)?;
    let files = folder::export(target)?;
    tell(&format!("{files} files written to {}", target.display()));
    Ok(DONE)
}

fn new_folder(target: &Path) -> Result<(), CliError> {
    match target.exists() {
        true => Ok(()),
        false => std::fs::create_dir_all(target).map_err(|error| CliError::io(target, error)),
    }
}

/// Checks a folder whole: complaints to standard output, how many to standard error.
fn check(path: &Path) -> Result<u8, CliError> {
    if !path.is_dir() {
        let problem = Problem::in_file(&path.display().to_string(), "there is no such folder");
        return Err(problem
            .mend("write the embedded data out to start from: stabil data export DIR")
            .into());
    }
    let found = problems(&DataFolder::Disk(path.to_path_buf()));
    let mut text = String::new();
    for problem in &found {
        let _ = writeln!(text, "{problem}");
    }
    print(&text)?;
    let count = found.len();
    match count {
        0 => tell("no complaints: the folder can be used with --data"),
        1 => tell("1 complaint"),
        microdata::MOST_PROBLEMS.. => tell(&format!("{count} complaints; there may be more")),
        _ => tell(&format!("{count} complaints")),
    }
    Ok(if count == 0 { DONE } else { CHECK_FAILED })
}

/// Every complaint about a data folder. Where parts are sound on their own, they are held against
/// each other by building the model.
pub fn problems(folder: &DataFolder) -> Vec<Problem> {
    let mut found = Vec::new();
    let listed = folder::FORM.map(|(subfolder, suffix)| folder.list(subfolder, suffix));
    for paths in listed {
        match paths {
            Err(problem) => found.push(problem),
            Ok(paths) => {
                let tables = paths.iter().filter(|path| path.ends_with(".csv"));
                found.extend(tables.filter_map(|path| Table::read(folder, path, &[]).err()));
            }
        }
    }
    let mut keep = |problem: Problem| {
        if !found.contains(&problem) {
            found.push(problem);
        }
    };
    let facts = Facts::read(folder).map_err(&mut keep).ok();
    let lists = Classification::read(folder).map_err(&mut keep).ok();
    let zones = Zones::read(folder, None).map_err(&mut keep).ok();
    for scheme in zones.iter().flat_map(|zones| &zones.schemes) {
        if let Err(problem) = Zones::read(folder, Some(&scheme.id)) {
            keep(problem);
        }
    }
    let parameters = facts.as_ref().map(|facts| {
        let (parameters, complaints) = Parameters::read_whole(folder, facts);
        complaints.into_iter().for_each(&mut keep);
        parameters
    });
    let year = parameters.as_ref().and_then(|parameters| {
        let year = parameters.value("base_population.year", &[]);
        year.map_err(&mut keep).ok()
    });
    let Some((facts, classification, zones, parameters, year)) = facts
        .zip(lists)
        .zip(zones)
        .zip(parameters)
        .zip(year)
        .map(|((((a, b), c), d), e)| (a, b, c, d, e))
    else {
        return found;
    };
    let year = year as Year;
    let words = Lists::of(&classification, &zones, year);
    let people = match microdata::read(folder, &words) {
        Ok(people) => people,
        Err(complaints) => {
            complaints.into_iter().for_each(&mut keep);
            None
        }
    };
    let data = ModelData {
        folder: folder.clone(),
        facts,
        classification,
        zones,
        parameters,
        microdata: people.map(Arc::new),
    };
    let others = [
        FreeParameters::read_for_run(folder, &data.parameters).map(drop),
        Posterior::read(folder).map(drop),
        Targets::read(&data, crate::calibration::targets::FILE, year).map(drop),
        Catalogue::read(&data, &[] as &[&str]).map(drop),
        differences::read(&data).map(drop),
    ];
    others
        .into_iter()
        .filter_map(Result::err)
        .for_each(&mut keep);
    if found.is_empty() {
        let scale = if data.microdata.is_some() { 1.0 } else { SCALE };
        found.extend(Model::build(data, year, scale).err());
    }
    found
}

/// Writes the form of microdata: the schema to standard output, or all of it to a new folder.
fn template(target: Option<&Path>, folder: DataFolder) -> Result<u8, CliError> {
    let mut data = ModelData::read(folder, None)?;
    // Never anybody of the user's own.
    data.microdata = None;
    let year = data.parameters.value("base_population.year", &[])? as Year;
    let schema = format!("{:#}\n", microdata_file::schema(&data, year));
    let Some(target) = target else {
        return print(&schema);
    };
    new_folder(target)?;
    let entries = target
        .read_dir()
        .map_err(|error| CliError::io(target, error))?;
    if entries.count() > 0 {
        let named = target.display().to_string();
        let problem = Problem::in_file(&named, "the folder is not empty; nothing was written");
        return Err(problem.mend("name a new folder").into());
    }
    let newcomers = Newcomers::compile(&data)?;
    let intake = Intake::compile(&data, year, SCALE, &Default::default())?;
    let base = synthesise(&data, &newcomers, &intake, year, SCALE)?;
    let [invented, empty, about] = TEMPLATE;
    let trouble = |name: &str| {
        let path = target.join(name);
        move |error| CliError::io(path, error)
    };
    put(target, invented, |to| {
        microdata_file::people(&data, base.population.people(), to)
    })
    .map_err(trouble(invented))?;
    put(target, empty, |to| {
        microdata_file::people(&data, std::iter::empty(), to)
    })
    .map_err(trouble(empty))?;
    put(target, about, |to| to.write_all(schema.as_bytes())).map_err(trouble(about))?;
    tell(&format!(
        "{} written to {}; the people in {invented} are invented",
        TEMPLATE.join(", "),
        target.display()
    ));
    Ok(DONE)
}
