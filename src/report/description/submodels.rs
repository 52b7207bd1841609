//! ODD 7: submodels, one section a part of the model.

use super::Subject;
use super::evidence::{by_grade, citations, cited, parameter_table, share_of_d};
use super::overview::names;
use super::page::Page;
use super::source::{item_doc, members, module_doc};
use crate::engine::schedule::{self, NEED, Part};
use crate::need::services::{self, Assumptions, TARGET};
use crate::need::{InformalCare, Scenario};
use crate::report::number::{plain, thousands};
use crate::words::Problem;

const LIFE: &str = include_str!("../../engine/life.rs");

/// ODD 7.
///
/// # Errors
/// A [`Problem`] if a file of the data folder can no longer be read.
pub fn submodels(subject: &Subject, page: &mut Page) -> Result<(), Problem> {
    page.heading(3, "1.7 Submodels", "1.7 Delmodeller");
    page.prose(
        "Each section is the doc comment of the code itself, then its parameters. A parameter name \
         with few entries is told entry by entry; of one with many the least and the greatest value \
         stand here (`stabil list parameters` prints all). Ends of a distribution are its 2.5 and \
         97.5 % points, or the ends of a uniform one. Effects are odds ratios. Facts are cited by \
         series and number: `nou_turnover: 0089` is the fact `nou_turnover_0089`.",
    );
    for (number, part) in schedule::parts().enumerate() {
        let [english, norwegian] = part
            .label
            .map(|label| format!("1.7.{} {label}", number + 1));
        page.heading(4, &english, &norwegian);
        for (number, (path, text)) in part.sources.iter().enumerate() {
            let told = module_doc(text);
            page.prose(&match number {
                0 => told,
                _ => format!("`{}`: {told}", module_name(path)),
            });
        }
        match part.id {
            "life" => scope(page),
            id if id == NEED.id => need(subject, page)?,
            _ => {}
        }
        draws(part, page);
        parameters(subject, part, page);
    }
    Ok(())
}

/// A source file as a module: `a/mod.rs` is `a`, `a/b.rs` is `a::b`.
pub fn module_name(path: &str) -> String {
    let path = path.trim_end_matches(".rs").trim_end_matches("/mod");
    path.replace('/', "::")
}

fn scope(page: &mut Page) {
    page.prose(&item_doc(LIFE, "fn leave_scope<"));
    page.prose("Ways out of the model:");
    let exits = members(LIFE, "pub enum Exit");
    page.list(
        exits
            .into_iter()
            .map(|(name, told)| format!("{name}: {told}")),
    );
}

fn draws(part: &Part, page: &mut Page) {
    let told = |decisions: &[crate::dice::Decision]| {
        let names = decisions.iter().map(|decision| format!("{decision:?}"));
        names.collect::<Vec<_>>().join(", ")
    };
    let mut sentences = Vec::new();
    let predictors = part.parameters.iter().filter(|file| {
        let read = format!("Predictor::read(data, \"{file}\")");
        part.sources.iter().any(|(_, text)| text.contains(&read))
    });
    let predictors: Vec<&&str> = predictors.collect();
    if !predictors.is_empty() {
        sentences.push(format!(
            "Log-odds: base by grade and sector plus the terms given ({}).",
            names(predictors)
        ));
    }
    if !part.decisions.is_empty() {
        sentences.push(format!("Draws: {}.", told(part.decisions)));
    }
    if !part.shares.is_empty() {
        sentences.push(format!("Draws of other steps used: {}.", told(part.shares)));
    }
    if !part.reads.is_empty() {
        sentences.push(format!(
            "Reads besides its own parameters: {}.",
            names(part.reads)
        ));
    }
    page.prose(&sentences.join(" "));
}

fn parameters(subject: &Subject, part: &Part, page: &mut Page) {
    let all = &subject.model.data.parameters;
    let own: Vec<_> = part
        .parameters
        .iter()
        .flat_map(|file| all.of_file(file))
        .collect();
    if own.is_empty() {
        return;
    }
    let counts = by_grade(own.iter().copied());
    page.prose(&format!(
        "{} entries, {} of them of grade D.",
        own.len(),
        share_of_d(counts)
    ));
    parameter_table(page, own.iter().copied());
    let (facts, tables) = citations(&cited(own));
    let tables: Vec<String> = tables.iter().map(|table| format!("`{table}`")).collect();
    let told = [("Facts", facts), ("Open tables", tables.join(", "))];
    for (what, names) in told.iter().filter(|(_, names)| !names.is_empty()) {
        page.prose(&format!("{what}: {names}."));
    }
}

/// Scenarios, services and the need that comes out.
fn need(subject: &Subject, page: &mut Page) -> Result<(), Problem> {
    let data = &subject.model.data;
    let (Some(services), Some(need)) = (services::entries(&data.folder)?, &subject.model.need)
    else {
        page.prose("This data folder describes no services, so there is no need.");
        return Ok(());
    };
    let told = members(include_str!("../../need/settings.rs"), "pub enum Scenario");
    let mut rows = Vec::new();
    for scenario in Scenario::ALL {
        let of = Assumptions::of_scenario(data, scenario)?;
        let told = told
            .iter()
            .find(|(name, _)| *name == format!("{scenario:?}"));
        rows.push([
            format!("`{}`", scenario.id()),
            plain(of.standard),
            plain(of.productivity),
            match of.informal {
                InformalCare::ConstantLevel => "constant_level",
                InformalCare::ConstantShare => "constant_share",
            }
            .to_string(),
            plain(of.health),
            told.map(|(_, told)| told.clone()).unwrap_or_default(),
        ]);
    }
    let header = [
        "scenario",
        "service_standard",
        "productivity",
        "informal_care",
        "health_improvement",
        "what",
    ];
    page.table(header, rows);
    let (first, _) = subject.years();
    let rows = services.iter().enumerate().map(|(number, service)| {
        let fte = |year| thousands(need.by_service(year, number));
        [
            subject
                .label(&service.label_en, &service.label_nb)
                .to_string(),
            format!("`{}`", service.id),
            service.sectors.join(", "),
            fte(first),
            fte(TARGET),
        ]
    });
    let [then, later] = [first, TARGET].map(|year| format!("FTE {year}"));
    page.prose("Need by service, all personnel, and by profession, under the default scenario:");
    page.table(["service", "id", "sectors", &then, &later], rows);
    let lists = &data.classification;
    let rows = lists
        .professions
        .iter()
        .enumerate()
        .map(|(number, profession)| {
            let name = subject.label(&profession.label_en, &profession.label_nb);
            let [then, later] = [first, TARGET].map(|year| thousands(need.national(year, number)));
            [name.to_string(), then, later]
        });
    page.table(["profession", &then, &later], rows);
    Ok(())
}
