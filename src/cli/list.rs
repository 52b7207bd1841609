//! `stabil list`: the names that files, flags and outputs use, as plain aligned tables.

use super::arguments::{ListArguments, Listed};
use crate::evidence::folder::embedded_runs;
use crate::evidence::{DataFolder, Facts};
use crate::parameters::{Classification, Distribution, Parameters, Scope, Shape, Zones};
use crate::runs::Plan;
use crate::tallies::measures::{Depth, MEASURES};
use crate::words::Problem;

/// The list asked for, ready to print.
///
/// # Errors
/// The first [`Problem`] in the files that the list is read from.
pub fn list(arguments: &ListArguments) -> Result<String, Problem> {
    let folder = arguments.data.folder()?;
    if arguments.zones.is_some() && arguments.what != Listed::Zones {
        return Err(
            Problem::in_file("command line", "only the list of zones has schemes")
                .about("--zones", arguments.zones.clone().unwrap_or_default())
                .mend("stabil list zones --zones SCHEME"),
        );
    }
    match arguments.what {
        Listed::Runs => runs(),
        Listed::Professions => Ok(professions(&Classification::read(&folder)?)),
        Listed::Zones => Ok(zones(&Zones::read(&folder, arguments.zones.as_deref())?)),
        Listed::Parameters => parameters(&folder),
        Listed::Measures => Ok(measures()),
        Listed::Programmes => Ok(programmes(&Classification::read(&folder)?)),
    }
}

fn runs() -> Result<String, Problem> {
    let mut rows = Vec::new();
    for (name, _) in embedded_runs() {
        let plan = Plan::find(&name)?;
        rows.push([
            name,
            format!("{}-{}", plan.start, plan.until),
            plan.scale.to_string(),
            plan.seeds.to_string(),
            plan.zones,
            plan.title_en,
            plan.title_nb,
        ]);
    }
    Ok(table(
        ["run", "years", "scale", "seeds", "zones", "title", "tittel"],
        rows,
    ))
}

fn professions(lists: &Classification) -> String {
    let rows = lists.professions.iter().map(|profession| {
        let grades: Vec<&str> = profession
            .grade
            .iter()
            .map(|grade| grade.id.as_str())
            .collect();
        [
            profession.id.clone(),
            profession.label_en.clone(),
            profession.label_nb.clone(),
            match profession.scope {
                Scope::Educated => "all who hold the education",
                Scope::Employed => "while employed in health",
            }
            .to_string(),
            grades.join(", "),
        ]
    });
    table(
        ["profession", "English", "norsk", "followed", "grades"],
        rows,
    )
}

fn programmes(lists: &Classification) -> String {
    let rows = lists.programmes.iter().map(|programme| {
        [
            programme.id.clone(),
            programme.label_en.clone(),
            programme.label_nb.clone(),
            programme.years.to_string(),
            if programme.beside_job { "yes" } else { "no" }.to_string(),
            if programme.from.is_empty() {
                "anybody".into()
            } else {
                programme.from.join(", ")
            },
            programme.grants.clone(),
            programme.tracks.join(", "),
        ]
    });
    let header = [
        "programme",
        "English",
        "norsk",
        "years",
        "beside job",
        "admits",
        "grants",
        "tracks",
    ];
    table(header, rows)
}

fn zones(zones: &Zones) -> String {
    let single = zones.zones.iter().map(|zone| {
        [
            zone.id.clone(),
            zone.label.clone(),
            zones.groups[zone.group].id.clone(),
            zone.region.clone(),
            zone.members.len().to_string(),
            zone.population.iter().sum::<f64>().to_string(),
        ]
    });
    let header = [
        "zone",
        "name",
        "group",
        "region",
        "municipalities",
        "people",
    ];
    let unions = zones
        .unions()
        .into_iter()
        .filter(|(name, _)| zones.of_id(name).is_none())
        .map(|(name, members)| {
            let members: Vec<&str> = members
                .into_iter()
                .map(|zone| zones.zones[zone].id.as_str())
                .collect();
            [name, members.len().to_string(), members.join(", ")]
        });
    format!(
        "zone scheme {}; people on 1 January 2020\n\n{}\n{}",
        zones.scheme,
        table(header, single),
        table(["union", "zones", "which"], unions)
    )
}

fn measures() -> String {
    let rows = MEASURES.iter().map(|measure| {
        let depth = match measure.depth {
            Depth::Core => "everywhere",
            Depth::National => "not by zone",
        };
        [
            measure.id,
            measure.unit,
            depth,
            measure.label_en,
            measure.label_nb,
        ]
        .map(String::from)
    });
    table(["measure", "unit", "given", "English", "norsk"], rows)
}

fn parameters(folder: &DataFolder) -> Result<String, Problem> {
    let parameters = Parameters::read(folder, &Facts::read(folder)?)?;
    let rows = parameters.all().map(|parameter| {
        [
            parameter.name.clone(),
            parameter.value.to_string(),
            spread(&parameter.distribution),
            parameter.unit.clone(),
            format!("{:?}", parameter.grade),
            parameter.facts.join(", "),
        ]
    });
    Ok(table(
        [
            "parameter",
            "value",
            "distribution",
            "unit",
            "grade",
            "facts",
        ],
        rows,
    ))
}

/// A distribution in words, e.g. `lognormal 0.8 to 1.3`.
fn spread(distribution: &Distribution) -> String {
    let shape = match distribution.shape {
        Shape::Fixed => "fixed",
        Shape::Normal => "normal",
        Shape::Lognormal => "lognormal",
        Shape::Logitnormal => "logitnormal",
        Shape::Uniform => "uniform",
    };
    match (distribution.low, distribution.high) {
        (Some(low), Some(high)) => format!("{shape} {low} to {high}"),
        _ => shape.to_string(),
    }
}

/// A table with a header line and columns two spaces apart. Columns of numbers stand to the right;
/// the last column keeps its own width, so that long lists do not make every line long.
pub(super) fn table<const N: usize>(
    header: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let rows: Vec<[String; N]> = rows.into_iter().collect();
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells
            .chain([header[column].chars().count()])
            .max()
            .unwrap_or(0)
    };
    let widths: [usize; N] = std::array::from_fn(width);
    let numbers: [bool; N] = std::array::from_fn(|column| {
        !rows.is_empty() && rows.iter().all(|row| row[column].parse::<f64>().is_ok())
    });
    let mut text = String::new();
    let mut add = |cells: [&str; N]| {
        let padded = std::array::from_fn::<String, N, _>(|column| {
            let (cell, width) = (cells[column], widths[column]);
            if numbers[column] {
                format!("{cell:>width$}")
            } else {
                format!("{cell:<width$}")
            }
        });
        text.push_str(padded.join("  ").trim_end());
        text.push('\n');
    };
    add(header);
    for row in &rows {
        add(std::array::from_fn(|column| row[column].as_str()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::arguments::{Arguments, Command};
    use clap::Parser;
    use std::path::Path;

    const FILES: [(&str, &str); 8] = [
        (
            "classification/professions.toml",
            r#"
            [[profession]]
            id = "nurse"
            label_nb = "Sykepleier"
            label_en = "Nurse"
            scope = "educated"
            grade = [
                { id = "junior", label_nb = "a", label_en = "a" },
                { id = "senior", label_nb = "b", label_en = "b" },
            ]
            [[profession]]
            id = "care_assistant"
            label_nb = "Pleieassistent på heltid"
            label_en = "Care assistant"
            scope = "employed"
            grade = [{ id = "assistant", label_nb = "c", label_en = "c" }]
            "#,
        ),
        (
            "classification/programmes.toml",
            r#"
            [[programme]]
            id = "nursing"
            label_nb = "Sykepleie"
            label_en = "Nursing"
            grants = "junior"
            years = 3
            tracks = ["campus", "distance"]
            [[programme]]
            id = "further"
            label_nb = "Videreutdanning"
            label_en = "Further education"
            grants = "senior"
            from = ["junior"]
            years = 2
            beside_job = true
            tracks = ["distance"]
            "#,
        ),
        ("classification/country_groups.toml", "country_group = []"),
        (
            "classification/zones.toml",
            r#"
            default_scheme = "county_group"
            [[group]]
            id = "central"
            label_nb = "sentral"
            label_en = "central"
            classes = [1, 2, 3]
            [[group]]
            id = "rural"
            label_nb = "distrikt"
            label_en = "rural"
            classes = [4, 5, 6]
            [[scheme]]
            id = "county_group"
            by = ["county", "group"]
            [[scheme]]
            id = "region_class"
            by = ["region", "class"]
            "#,
        ),
        (
            "external/municipalities_2024.csv",
            "kom2024,navn,fylke2024_navn,fylke2020_navn,rhf,sentr_klasse_2024\n\
             0001,Byen,Nordland,Nordland,Helse Nord,2\n\
             0002,Bygda,Nordland,Nordland,Helse Nord,6\n",
        ),
        (
            "external/pop_municipality_age5_sex_2020.csv",
            "kom2024,sex,0-4,5-9,10-14,15-19,20-24,25-29,30-34,35-39,40-44,45-49,50-54,55-59,\
             60-64,65-69,70-74,75-79,80-84,85-89,90+\n\
             0001,female,600,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,5\n\
             0001,male,400,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0\n\
             0002,female,20,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0\n\
             0002,male,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0\n",
        ),
        (
            "evidence/facts.csv",
            "id,quantity,profession,sector,place,age,sex,year,value,low,high,unit,source,locator,\
             note\nnou_turnover_0001,q,,,,,,2019,0.1,,,fraction,s,l,\n",
        ),
        (
            "parameters/leave_job.toml",
            r#"
            [[parameter]]
            name = "narrow"
            of = ["nurse"]
            value = 0.12
            distribution = { shape = "logitnormal", low = 0.1, high = 0.15 }
            unit = "probability per year"
            facts = ["nou_turnover_0001"]
            grade = "A"
            reasoning = "Taken as it was printed."
            [[parameter]]
            name = "cut"
            value = 62
            distribution = { shape = "fixed" }
            unit = "age"
            facts = []
            grade = "D"
            reasoning = "Taken as it was defined."
            "#,
        ),
    ];

    fn listed(words: &str, data: &Path) -> Result<String, Problem> {
        let line = format!("stabil list {words} --data");
        let words = line
            .split(' ')
            .map(std::ffi::OsStr::new)
            .chain([data.as_os_str()]);
        match Arguments::try_parse_from(words).unwrap().command {
            Some(Command::List(arguments)) => list(&arguments),
            other => panic!("{other:?}"),
        }
    }

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in FILES {
            let file = folder.path().join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        folder
    }

    #[test]
    fn columns_are_aligned_and_numbers_stand_to_the_right() {
        let rows = [["å", "1.5", "b"], ["abc", "20", ""]].map(|row| row.map(String::from));
        assert_eq!(
            table(["x", "value", "y"], rows),
            "x    value  y\nå      1.5  b\nabc     20\n"
        );
        assert_eq!(table(["x", "y"], []), "x  y\n");
    }

    #[test]
    fn professions_and_programmes_are_listed() {
        let folder = folder();
        let expected = "\
profession      English         norsk                     followed                    grades
nurse           Nurse           Sykepleier                all who hold the education  junior, senior
care_assistant  Care assistant  Pleieassistent på heltid  while employed in health    assistant
";
        assert_eq!(listed("professions", folder.path()).unwrap(), expected);
        let expected = "\
programme  English            norsk            years  beside job  admits   grants  tracks
nursing    Nursing            Sykepleie            3  no          anybody  junior  campus, distance
further    Further education  Videreutdanning      2  yes         junior   senior  distance
";
        assert_eq!(listed("programmes", folder.path()).unwrap(), expected);
    }

    #[test]
    fn zones_and_their_unions_are_listed() {
        let folder = folder();
        let expected = "\
zone scheme county_group; people on 1 January 2020

zone              name               group    region      municipalities  people
nordland_central  Nordland, central  central  helse_nord               1    1005
nordland_rural    Nordland, rural    rural    helse_nord               1      20

union       zones  which
central         1  nordland_central
rural           1  nordland_rural
nordland        2  nordland_central, nordland_rural
helse_nord      2  nordland_central, nordland_rural
";
        assert_eq!(listed("zones", folder.path()).unwrap(), expected);
        let other = listed("zones --zones region_class", folder.path()).unwrap();
        assert!(other.contains("\nhelse_nord_6  "), "{other}");
        let unknown = listed("zones --zones county_grup", folder.path()).unwrap_err();
        assert_eq!(unknown.hint, "did you mean \"county_group\"?");
        let misplaced = listed("runs --zones county_group", folder.path()).unwrap_err();
        assert_eq!(
            (misplaced.key.as_str(), misplaced.value.as_str()),
            ("--zones", "county_group")
        );
    }

    #[test]
    fn parameters_are_listed_with_all_that_is_needed_to_judge_them() {
        let folder = folder();
        let expected = "\
parameter                value  distribution             unit                  grade  facts
leave_job.cut               62  fixed                    age                   D
leave_job.narrow[nurse]   0.12  logitnormal 0.1 to 0.15  probability per year  A      nou_turnover_0001
";
        assert_eq!(listed("parameters", folder.path()).unwrap(), expected);
        let file = folder.path().join("parameters/leave_job.toml");
        std::fs::write(file, "[[parameter]]\nname = 3\n").unwrap();
        assert_eq!(listed("parameters", folder.path()).unwrap_err().line, 2);
    }

    #[test]
    fn runs_and_measures_are_those_of_the_program() {
        let folder = folder();
        let runs = listed("runs", folder.path()).unwrap();
        assert!(runs.contains("\nbaseline          2019-2040  "), "{runs}");
        assert_eq!(runs.lines().count(), embedded_runs().len() + 1);
        let measures = listed("measures", folder.path()).unwrap();
        assert_eq!(measures.lines().count(), MEASURES.len() + 1);
        assert!(measures.contains("\nsupply_fte "), "{measures}");
    }
}
