//! `stabil policies`: the catalogue of policies as a table, one policy in full, and the published
//! measures that no policy carries out.

use super::list::table;
use super::policies_arguments::{Lang, PoliciesArguments};
use super::{CliError, print, tell};
use crate::parameters::policy::{Catalogue, FAMILIES, Row};
use crate::parameters::{ModelData, Policy};
use crate::report::policy_page;
use crate::runs::{Model, scenario};
use crate::words::Problem;

/// Carries out `stabil policies`.
///
/// # Errors
/// A [`CliError`] for bad input: a policy file that is wrong, a name that no policy has.
pub fn policies(arguments: &PoliciesArguments) -> Result<u8, CliError> {
    let data = ModelData::read(arguments.data.folder()?, None)?;
    let catalogue = Catalogue::read(&data, &arguments.file)?;
    if let Some(name) = &arguments.name {
        let policy = catalogue.find(name).ok_or_else(|| {
            Problem::in_file("command line", "no policy has this name")
                .about("NAME", name)
                .nearest(name, catalogue.ids())
        })?;
        return in_full(policy, data);
    }
    if arguments.unmodelled {
        return print(&unmodelled(&catalogue, arguments)?);
    }
    if let Some(family) = &arguments.family
        && !FAMILIES.contains(&family.as_str())
    {
        return Err(
            Problem::in_file("command line", "no such family of policies")
                .about("--family", family)
                .nearest(family, FAMILIES)
                .into(),
        );
    }
    let chosen: Vec<&Policy> = catalogue
        .policies
        .iter()
        .filter(|policy| is_wanted(policy, arguments))
        .collect();
    print(&if arguments.csv {
        as_csv(&chosen, &data)?
    } else {
        as_table(&chosen, &data, arguments.lang)
    })
}

/// Is the word, if there is one, in any of these texts? Capital letters are as small ones.
fn holds<'a>(word: Option<&String>, texts: impl IntoIterator<Item = &'a str>) -> bool {
    let Some(word) = word.map(|word| word.to_lowercase()) else {
        return true;
    };
    texts
        .into_iter()
        .any(|text| text.to_lowercase().contains(&word))
}

fn is_wanted(policy: &Policy, arguments: &PoliciesArguments) -> bool {
    let [nb, en] = &policy.names;
    let texts = [&policy.id, nb, en, &policy.reasoning].map(String::as_str);
    let texts = texts
        .into_iter()
        .chain(policy.implements.iter().map(String::as_str));
    let family = arguments.family.as_ref();
    family.is_none_or(|family| *family == policy.family)
        && arguments
            .grade
            .is_none_or(|typed| typed.grade() == policy.grade)
        && holds(arguments.find.as_ref(), texts)
}

fn as_table(policies: &[&Policy], data: &ModelData, lang: Lang) -> String {
    let rows = policies.iter().map(|policy| {
        let [nb, en] = &policy.names;
        [
            policy.id.clone(),
            match lang {
                Lang::Nb => nb.clone(),
                Lang::En => en.clone(),
            },
            policy.family.clone(),
            format!("{:?}", policy.grade),
            policy_page::effect(policy),
            policy_page::sources(policy, data).len().to_string(),
            policy.implements.join(", "),
        ]
    });
    let header = [
        "policy",
        "name",
        "family",
        "grade",
        "effect (low-high)",
        "sources",
        "carries out",
    ];
    table(header, rows)
}

fn as_csv(policies: &[&Policy], data: &ModelData) -> Result<String, CliError> {
    let header = [
        "policy",
        "name_nb",
        "name_en",
        "family",
        "grade",
        "change",
        "toward",
        "ratio",
        "low",
        "high",
        "changes",
        "effect",
        "sources",
        "implements",
        "file",
    ];
    let rows = policies.iter().map(|policy| {
        let first = policy.changes.first();
        let number = |value: Option<f64>| value.map(|v| v.to_string()).unwrap_or_default();
        vec![
            policy.id.clone(),
            policy.names[0].clone(),
            policy.names[1].clone(),
            policy.family.clone(),
            format!("{:?}", policy.grade),
            first.map_or(String::new(), |c| c.what.id().to_string()),
            first.map_or(String::new(), |c| c.toward.join(";")),
            number(first.map(|c| c.ratio.value)),
            number(first.map(|c| c.ratio.low)),
            number(first.map(|c| c.ratio.high)),
            policy.changes.len().to_string(),
            policy_page::effect(policy),
            policy_page::sources(policy, data).len().to_string(),
            policy.implements.join(";"),
            policy.origin.0.clone(),
        ]
    });
    written(&header, rows)
}

fn written(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<String, CliError> {
    let trouble = |error: csv::Error| CliError::io("standard output", error.into());
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header).map_err(trouble)?;
    for row in rows {
        writer.write_record(&row).map_err(trouble)?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| CliError::io("standard output", error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The rows of published catalogues that no policy carries out.
fn unmodelled(catalogue: &Catalogue, arguments: &PoliciesArguments) -> Result<String, CliError> {
    let texts = |row: &Row| holds(arguments.find.as_ref(), [row.row.as_str(), &row.reason]);
    let rows = catalogue.rows.iter();
    let rows = rows.filter(|row| row.policy.is_empty() && texts(row));
    if arguments.csv {
        let rows = rows.map(|row| vec![row.row.clone(), row.reason.clone()]);
        return written(&["measure", "reason"], rows);
    }
    let rows = rows.map(|row| [row.row.clone(), row.reason.clone()]);
    Ok(table(["measure", "why no policy carries it out"], rows))
}

/// All about one policy, and how many of the base population its filter selects.
fn in_full(policy: &Policy, data: ModelData) -> Result<u8, CliError> {
    let year = data.parameters.value("base_population.year", &[])?;
    let mut page = policy_page::in_full(policy, &data);
    if !policy.changes.is_empty() {
        let model = Model::build_supply(data, year as u16, 1.0)?;
        page.push_str(&format!("\n{}\n", scenario::selected(policy, &model)));
        if scenario::nobody(policy, &model) {
            tell(&format!(
                "warning: {}",
                scenario::nobody_told(policy, &model)
            ));
        }
    }
    print(&page)
}
