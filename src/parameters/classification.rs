//! Classifications: professions and ladders, programmes and tracks, country groups.
//!
//! Another country's centre replaces the files; the code knows no profession by name.

use super::table::toml_problem;
use crate::evidence::DataFolder;
use crate::words::{Problem, Sector, Track};
use serde::Deserialize;

/// Who of a profession is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Everybody who holds the education, working or not, to the age of 74.
    Educated,
    /// Only while employed in health and care (people without health education).
    Employed,
}

/// A profession (yrkesgruppe): one of the groups that outputs are broken down by.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profession {
    /// Identifier in files and outputs.
    pub id: String,
    /// Norwegian name.
    pub label_nb: String,
    /// English name.
    pub label_en: String,
    /// Who is followed.
    pub scope: Scope,
    /// Its grades, lowest first.
    pub grade: Vec<Grade>,
}

/// A grade (trinn) on a profession's ladder.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grade {
    /// Identifier in files and outputs.
    pub id: String,
    /// Norwegian name.
    pub label_nb: String,
    /// English name.
    pub label_en: String,
    /// The sector in which the grade is held, if only one.
    #[serde(default)]
    pub only_sector: Option<String>,
    /// Position of its profession.
    #[serde(skip)]
    pub profession: usize,
    /// [`Grade::only_sector`] as a word.
    #[serde(skip)]
    pub sector: Option<Sector>,
}

/// How a step of a ladder is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// By queue for a limited number of posts a year, by lottery among those waiting.
    Queue,
    /// After some years in the grade, with a yearly probability from then on.
    Time,
    /// Whenever the holder works in the other grade's only sector.
    Sector,
}

/// A step from one grade to others of the same profession, without a programme.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawStep {
    /// The grade left.
    from: String,
    /// The grades reached; which one is a matter of shares.
    to: Vec<String>,
    /// How.
    kind: StepKind,
}

/// A step of a ladder, by grade numbers.
#[derive(Clone, Debug)]
pub struct Step {
    /// The grade left.
    pub from: usize,
    /// The grades reached.
    pub to: Vec<usize>,
    /// How.
    pub kind: StepKind,
}

/// An education that leads to a grade.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Programme {
    /// Identifier in files and outputs.
    pub id: String,
    /// Norwegian name.
    pub label_nb: String,
    /// English name.
    pub label_en: String,
    /// Identifier of the grade it grants.
    pub grants: String,
    /// Identifiers of the grades it admits; empty for people new to health care.
    #[serde(default)]
    pub from: Vec<String>,
    /// Years from admission to the end on time.
    pub years: u8,
    /// Does the student keep the job and study beside it?
    #[serde(default)]
    pub beside_job: bool,
    /// The tracks offered.
    pub tracks: Vec<String>,
    /// [`Programme::grants`] as a number.
    #[serde(skip)]
    pub grade: usize,
    /// [`Programme::from`] as numbers.
    #[serde(skip)]
    pub admits: Vec<usize>,
    /// [`Programme::tracks`] as words.
    #[serde(skip)]
    pub track_list: Vec<Track>,
}

/// A group of countries of education (landgruppe).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountryGroup {
    /// Identifier in files and outputs.
    pub id: String,
    /// Norwegian name.
    pub label_nb: String,
    /// English name.
    pub label_en: String,
}

/// All classifications of a data folder.
#[derive(Clone, Debug)]
pub struct Classification {
    /// Professions in the order of outputs.
    pub professions: Vec<Profession>,
    /// Grades of all professions, in order; a person's grade is a position in this list.
    pub grades: Vec<Grade>,
    /// Ladder steps.
    pub steps: Vec<Step>,
    /// Programmes; a person's current study is a position in this list plus one.
    pub programmes: Vec<Programme>,
    /// Country groups; position 0 is the country itself.
    pub country_groups: Vec<CountryGroup>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfessionFile {
    profession: Vec<Profession>,
    #[serde(default)]
    step: Vec<RawStep>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProgrammeFile {
    programme: Vec<Programme>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountryFile {
    country_group: Vec<CountryGroup>,
}

/// Most professions there can be: they have a place in identities.
pub const MOST_PROFESSIONS: usize = 50;
/// Most grades there can be: grade numbers are bytes and one is kept for "none yet".
pub const MOST_GRADES: usize = 60;
/// Most programmes there can be.
pub const MOST_PROGRAMMES: usize = 40;
/// Most country groups there can be: they take three bits of a person.
pub const MOST_COUNTRY_GROUPS: usize = 8;

impl Classification {
    /// Reads the classification files of a data folder.
    ///
    /// # Errors
    /// The first [`Problem`]: syntax, a repeated or unknown identifier, too many entries.
    pub fn read(folder: &DataFolder) -> Result<Classification, Problem> {
        let file = "classification/professions.toml";
        let ProfessionFile {
            profession: mut professions,
            step,
        } = parse(folder, file)?;
        let mut grades = Vec::new();
        for (number, profession) in professions.iter_mut().enumerate() {
            for grade in &mut profession.grade {
                grade.profession = number;
                grade.sector = match &grade.only_sector {
                    None => None,
                    Some(id) => Some(Sector::of_id(id).ok_or_else(|| {
                        unknown(
                            folder,
                            file,
                            "only_sector",
                            id,
                            Sector::ALL.iter().map(|s| s.id()),
                        )
                    })?),
                };
                grades.push(grade.clone());
            }
        }
        distinct(
            folder,
            file,
            "profession",
            professions.iter().map(|p| p.id.as_str()),
        )?;
        distinct(folder, file, "grade", grades.iter().map(|g| g.id.as_str()))?;
        at_most(
            folder,
            file,
            "professions",
            professions.len(),
            MOST_PROFESSIONS,
        )?;
        at_most(folder, file, "grades", grades.len(), MOST_GRADES)?;
        let ids: Vec<&str> = grades.iter().map(|g| g.id.as_str()).collect();
        let number = |file: &str, key: &str, id: &str| {
            ids.iter()
                .position(|g| *g == id)
                .ok_or_else(|| unknown(folder, file, key, id, ids.iter().copied()))
        };
        let steps = step
            .iter()
            .map(|raw| {
                let to = raw
                    .to
                    .iter()
                    .map(|id| number(file, "to", id))
                    .collect::<Result<_, _>>()?;
                Ok(Step {
                    from: number(file, "from", &raw.from)?,
                    to,
                    kind: raw.kind,
                })
            })
            .collect::<Result<Vec<Step>, Problem>>()?;

        let file = "classification/programmes.toml";
        let ProgrammeFile {
            programme: mut programmes,
        } = parse(folder, file)?;
        for programme in &mut programmes {
            programme.grade = number(file, "grants", &programme.grants)?;
            programme.admits = programme
                .from
                .iter()
                .map(|id| number(file, "from", id))
                .collect::<Result<_, _>>()?;
            programme.track_list = programme
                .tracks
                .iter()
                .map(|id| {
                    Track::of_id(id).ok_or_else(|| {
                        unknown(
                            folder,
                            file,
                            "tracks",
                            id,
                            Track::ALL.iter().map(|t| t.id()),
                        )
                    })
                })
                .collect::<Result<_, _>>()?;
        }
        distinct(
            folder,
            file,
            "programme",
            programmes.iter().map(|p| p.id.as_str()),
        )?;
        at_most(
            folder,
            file,
            "programmes",
            programmes.len(),
            MOST_PROGRAMMES,
        )?;

        let file = "classification/country_groups.toml";
        let CountryFile {
            country_group: country_groups,
        } = parse(folder, file)?;
        distinct(
            folder,
            file,
            "country_group",
            country_groups.iter().map(|c| c.id.as_str()),
        )?;
        at_most(
            folder,
            file,
            "country groups",
            country_groups.len(),
            MOST_COUNTRY_GROUPS,
        )?;
        Ok(Classification {
            professions,
            grades,
            steps,
            programmes,
            country_groups,
        })
    }

    /// The number that stands for "no profession yet", one past the last grade.
    pub fn no_grade(&self) -> usize {
        self.grades.len()
    }

    /// The profession of a grade, or one past the last for people without one.
    pub fn profession_of(&self, grade: usize) -> usize {
        self.grades
            .get(grade)
            .map_or(self.professions.len(), |g| g.profession)
    }

    /// The profession with this identifier.
    pub fn profession(&self, id: &str) -> Option<usize> {
        self.professions.iter().position(|p| p.id == id)
    }

    /// The lowest grade of a profession.
    pub fn first_grade(&self, profession: usize) -> usize {
        self.grades
            .iter()
            .position(|g| g.profession == profession)
            .unwrap_or(0)
    }

    /// The identifiers of professions.
    pub fn profession_ids(&self) -> impl Iterator<Item = &str> + Clone {
        self.professions.iter().map(|p| p.id.as_str())
    }
}

fn parse<T: serde::de::DeserializeOwned>(folder: &DataFolder, path: &str) -> Result<T, Problem> {
    let text = folder.read(path)?;
    toml::from_str(&text).map_err(|error| toml_problem(&folder.name(path), &text, &error))
}

fn unknown<'a>(
    folder: &DataFolder,
    file: &str,
    key: &str,
    id: &str,
    valid: impl IntoIterator<Item = &'a str> + Clone,
) -> Problem {
    let problem = Problem::in_file(&folder.name(file), format!("unknown {key}")).about(key, id);
    let line = folder
        .read(file)
        .ok()
        .and_then(|text| {
            text.lines()
                .position(|line| line.contains(&format!("\"{id}\"")))
        })
        .map_or(0, |index| index + 1);
    problem.at(line).nearest(id, valid)
}

fn distinct<'a>(
    folder: &DataFolder,
    file: &str,
    what: &str,
    ids: impl Iterator<Item = &'a str>,
) -> Result<(), Problem> {
    let mut seen = std::collections::BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            return Err(
                Problem::in_file(&folder.name(file), format!("the {what} is given twice"))
                    .about("id", id)
                    .mend("give each its own id"),
            );
        }
    }
    Ok(())
}

fn at_most(
    folder: &DataFolder,
    file: &str,
    what: &str,
    number: usize,
    most: usize,
) -> Result<(), Problem> {
    if number <= most {
        return Ok(());
    }
    Err(Problem::in_file(
        &folder.name(file),
        format!("{number} {what}; at most {most}"),
    ))
}
