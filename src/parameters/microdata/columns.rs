//! The columns of microdata: name, what a value may be, whether it must be there, and what is done
//! where it is not. The one list behind reading, `stabil data template` and its schema.

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text of at most [`LONGEST`](super::LONGEST) bytes.
    Text,
    /// A calendar year.
    Year,
    /// A per cent above 0 and at most 100.
    Percent,
    /// A municipality number (kommunenummer) of 2024.
    Municipality,
    /// A zone of the run's scheme, or a municipality number, or `none`.
    Place,
    /// One of a list of words.
    Words(List),
}

/// The lists that words are from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// Sexes.
    Sex,
    /// Professions of the data folder.
    Profession,
    /// Grades of the data folder.
    Grade,
    /// Statuses.
    Status,
    /// Sectors.
    Sector,
    /// Disability pensions.
    Disability,
    /// Country groups of the data folder.
    Country,
    /// Tracks.
    Track,
    /// Programmes of the data folder.
    Programme,
    /// `mover` and `stayer`.
    Attachment,
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name in the first line of the file.
    pub name: &'static str,
    /// What its values are.
    pub kind: Kind,
    /// Must the column be there?
    pub required: bool,
    /// What it says, in English, with the unit.
    pub label_en: &'static str,
    /// What it says, in Norwegian.
    pub label_nb: &'static str,
    /// What an empty value, or a column that is not there, leads to.
    pub missing: &'static str,
}

/// The columns, in the order of the template.
pub const COLUMNS: [Column; 25] = [
    c(
        "person",
        Kind::Text,
        false,
        "Pseudonym, each once; dice are addressed by it",
        "Pseudonym, hvert én gang; terningene adresseres med det",
        "the row's content stands for it",
    ),
    c(
        "born",
        Kind::Year,
        true,
        "Year of birth",
        "Fødselsår",
        "not allowed",
    ),
    c(
        "sex",
        Kind::Words(List::Sex),
        true,
        "Registered sex",
        "Registrert kjønn",
        "not allowed",
    ),
    c(
        "profession",
        Kind::Words(List::Profession),
        false,
        "Profession",
        "Yrkesgruppe",
        "told by the grade; empty for students without a profession yet",
    ),
    c(
        "grade",
        Kind::Words(List::Grade),
        false,
        "Grade on the profession's ladder",
        "Trinn i yrket",
        "drawn given profession, sector and age",
    ),
    c(
        "status",
        Kind::Words(List::Status),
        true,
        "What the person does on 1 December of the base year",
        "Hva personen gjør 1. desember i basisåret",
        "not allowed",
    ),
    c(
        "sector",
        Kind::Words(List::Sector),
        true,
        "Sector of the job, or of the last one",
        "Sektor for jobben, eller den siste",
        "allowed without a job alone: drawn given profession",
    ),
    c(
        "zone",
        Kind::Place,
        false,
        "Zone of work and residence",
        "Sone for arbeid og bosted",
        "told by the municipality",
    ),
    c(
        "municipality",
        Kind::Municipality,
        false,
        "Municipality number of 2024, where no zone is given",
        "Kommunenummer 2024, der sone ikke er gitt",
        "told by the zone",
    ),
    c(
        "position",
        Kind::Percent,
        false,
        "Agreed share of a full post, per cent",
        "Avtalt stillingsprosent",
        "drawn given profession, sector, sex and age",
    ),
    c(
        "job_since",
        Kind::Year,
        false,
        "Year the present job began",
        "Året den nåværende jobben begynte",
        "drawn given attachment, not before qualifying",
    ),
    c(
        "qualified",
        Kind::Year,
        false,
        "Year of qualifying, or of arrival for people educated abroad",
        "År for fullført utdanning, eller ankomst for utdannede i utlandet",
        "drawn given profession and age",
    ),
    c(
        "grade_since",
        Kind::Year,
        false,
        "Year the present grade began",
        "Året det nåværende trinnet begynte",
        "drawn, not before qualifying",
    ),
    c(
        "status_since",
        Kind::Year,
        false,
        "Year the present status began",
        "Året den nåværende statusen begynte",
        "drawn, at most five years ago",
    ),
    c(
        "origin",
        Kind::Place,
        false,
        "Zone of upbringing; none for people who grew up abroad",
        "Oppvekstsone; none for oppvokst i utlandet",
        "drawn given zone, track and country of education",
    ),
    c(
        "country",
        Kind::Words(List::Country),
        false,
        "Country group of education",
        "Landgruppe for utdanningen",
        "drawn given profession",
    ),
    c(
        "track",
        Kind::Words(List::Track),
        false,
        "Track of the last education",
        "Utdanningsvei",
        "drawn given zone and country of education",
    ),
    c(
        "study_zone",
        Kind::Place,
        false,
        "Zone of study; none if abroad",
        "Studiested; none hvis i utlandet",
        "the zone, or none for people educated abroad",
    ),
    c(
        "programme",
        Kind::Words(List::Programme),
        false,
        "Programme that the person is in",
        "Utdanningen personen er i gang med",
        "in none; without the column, students are added and drawn as in the synthesis",
    ),
    c(
        "study_since",
        Kind::Year,
        false,
        "Year the present programme began",
        "Året utdanningen begynte",
        "the base year",
    ),
    c(
        "disability",
        Kind::Words(List::Disability),
        false,
        "Disability pension held",
        "Uføregrad",
        "drawn given sex and age; full with status disability_pension",
    ),
    c(
        "first_sector",
        Kind::Words(List::Sector),
        false,
        "Sector of the first job after qualifying",
        "Sektor for første jobb",
        "the sector",
    ),
    c(
        "first_zone",
        Kind::Place,
        false,
        "Zone of the first job; none if there was none",
        "Sone for første jobb; none hvis ingen",
        "the zone",
    ),
    c(
        "exposure",
        Kind::Text,
        false,
        "Rural exposure in the education: none, placement, curriculum or both",
        "Distriktseksponering i utdanningen",
        "none",
    ),
    c(
        "attachment",
        Kind::Words(List::Attachment),
        false,
        "Latent type, only in populations that stabil has written",
        "Latent type, bare i populasjoner skrevet av stabil",
        "drawn given zones of upbringing and work",
    ),
];

const fn c(
    name: &'static str,
    kind: Kind,
    required: bool,
    label_en: &'static str,
    label_nb: &'static str,
    missing: &'static str,
) -> Column {
    Column {
        name,
        kind,
        required,
        label_en,
        label_nb,
        missing,
    }
}

/// Position of a column in [`COLUMNS`].
pub fn position(name: &str) -> Option<usize> {
    COLUMNS.iter().position(|column| column.name == name)
}
