//! ODD 1 and 3: purpose and patterns; process overview and scheduling.

use super::Subject;
use super::page::Page;
use super::source::item_doc;
use crate::engine::schedule::{self, STEPS, When};
use crate::tallies::measures::MEASURES;

/// The README, whose first words say what the program is for.
pub const README: &str = include_str!("../../../README.md");

/// The text of a section of the README, without its heading.
pub fn readme_section(title: &str) -> &'static str {
    let (_, rest) = README
        .split_once(&format!("## {title}\n"))
        .unwrap_or_default();
    rest.split("\n## ").next().unwrap_or_default().trim()
}

/// ODD 1.
pub fn purpose(subject: &Subject, page: &mut Page) {
    page.heading(3, "1.1 Purpose and patterns", "1.1 Formål og mønstre");
    let introduction = README.split("\n\n").nth(1).unwrap_or_default();
    page.prose(introduction);
    page.prose(
        "It answers how many persons and full-time equivalents (FTE) of each profession there will \
         be in each sector and zone, against what need; what a change of who comes in does, to whom, \
         where and when; whom one place took from another; and how likely it is that a small place \
         has too few. It does not forecast: it says what follows from stated assumptions.",
    );
    page.prose("Patterns that the model is held against (each is a check of the program):");
    let checks = subject.program.checks.iter();
    let checks = checks.filter(|(name, _)| name != "all");
    page.list(checks.map(|(name, told)| format!("`{name}`: {told}")));
    page.prose(
        "Turnover and retention are patterns of careers. Their published definitions are not \
         interchangeable, so each has a measure of its own:",
    );
    let careers = MEASURES.iter().filter(|measure| {
        measure.id.starts_with("turnover_") || measure.id.starts_with("retention_")
    });
    page.list(careers.map(|measure| {
        format!(
            "`{}`: {}",
            measure.id,
            subject.label(measure.label_en, measure.label_nb)
        )
    }));
}

/// ODD 3.
pub fn schedule(subject: &Subject, page: &mut Page) {
    page.heading(
        3,
        "1.3 Process overview and scheduling",
        "1.3 Prosesser og rekkefølge",
    );
    page.prose(
        "Time goes in years, from one 1 December to the next. Everybody has a turn, one person \
         after another; no step of a turn reads another person's state of the same year, so the \
         order of persons does not matter. A turn runs through the steps in the order below and \
         ends early when the person dies, moves abroad or qualifies. State changes at once, and each \
         step sees what the steps before it changed; the age is that reached in the year, years in \
         the job and since qualifying are those of the last census.",
    );
    let rows = STEPS.iter().enumerate().map(|(number, step)| {
        let when = match step.when {
            Some(When::Turn) => "in everybody's turn",
            Some(When::Called) => "when another step calls for it",
            Some(When::End) => "after everybody's turn",
            Some(When::Vacancy) => "around the turns, closure = \"vacancy\" only",
            None => "before the first year",
        };
        [
            (number + 1).to_string(),
            subject.label(step.label[0], step.label[1]).to_string(),
            format!("`{}`", step.id),
            when.to_string(),
            names(step.parameters),
            step.decisions
                .iter()
                .chain(step.shares)
                .map(|decision| format!("{decision:?}"))
                .collect::<Vec<_>>()
                .join(", "),
        ]
    });
    page.table(
        [
            "no.",
            "step",
            "module",
            "when",
            "parameters in",
            "decisions drawn",
        ],
        rows,
    );
    let year = include_str!("../../engine/year.rs");
    page.prose(&format!(
        "The year as a whole (`engine::year`): {} Under the vacancy closure: {} At the end: {} \
         The census is then taken.",
        item_doc(year, "pub fn simulate_year<"),
        item_doc(year, "fn take_census<"),
        item_doc(year, "fn end_year<"),
    ));
    let before: Vec<String> = schedule::parts()
        .filter(|part| part.when.is_none())
        .map(|part| subject.label(part.label[0], part.label[1]).to_lowercase())
        .collect();
    page.prose(&format!(
        "Worked out once, before the first year: {}. Parameters, base population and conditions of \
         the run are compiled to whole-number thresholds; the years then compare integers only.",
        before.join(", ")
    ));
}

/// Names in code letters, parted by commas.
pub fn names<'a>(names: impl IntoIterator<Item = &'a &'a str>) -> String {
    let names = names.into_iter().map(|name| format!("`{name}`"));
    names.collect::<Vec<_>>().join(", ")
}
