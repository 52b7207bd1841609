//! TRACE: the eight elements, each with what the program can tell of it.

use super::Subject;
use super::evidence::{by_grade, share_of_d};
use super::overview::readme_section;
use super::page::Page;
use super::source::{first_paragraph, item_doc, module_doc};
use super::verification;
use crate::engine::schedule;
use crate::report::number::plain;
use crate::runs::raw;
use crate::words::Problem;
use serde_json::Value;

/// TRACE.
///
/// # Errors
/// A [`Problem`] if a file of the data folder can no longer be read.
pub fn trace(subject: &Subject, page: &mut Page) -> Result<(), Problem> {
    page.heading(3, "2.1 Problem formulation", "2.1 Problemstilling");
    page.prose(
        "The questions, and for whom, stand in 1.1. Results are FTE and persons with their spread \
         over runs; decisions that they inform are about education, recruitment and posts, by place. \
         Outside the domain of the model, in the words of the README:",
    );
    page.block(readme_section("What the model cannot say"));
    description(subject, page);
    data(subject, page);
    conceptual(page);
    page.heading(
        3,
        "2.5 Implementation verification",
        "2.5 Kontroll av programmet",
    );
    page.prose(&format!(
        "{} Tests, each in its own words; modules have unit tests and properties of their own \
         besides:",
        item_doc(include_str!("../../runs/laws.rs"), "pub fn conservation")
    ));
    verification::test_files(page);
    page.heading(
        3,
        "2.6 Model output verification",
        "2.6 Resultater mot det modellen bygger på",
    );
    page.prose(
        "The base population and need against the figures that they were made from, and some that \
         they were not, at full scale, by margin. Off is a line outside its tolerance; what is told \
         and not judged counts among the lines only. Graduates, people educated abroad and the laws \
         of accounting need simulated years: `stabil check` prints them. What is fitted to what \
         stands in part 4.",
    );
    verification::margins(subject, page)?;
    analysis(subject, page);
    page.heading(
        3,
        "2.8 Model output corroboration",
        "2.8 Resultater mot uavhengige kilder",
    );
    page.prose(&first_paragraph(&module_doc(include_str!(
        "../../runs/balance.rs"
    ))));
    page.prose(&item_doc(
        include_str!("../../runs/need_check.rs"),
        "pub fn people",
    ));
    verification::people(subject, page)?;
    page.prose(
        "A run ends with supply beside the national projection's, profession by profession; nothing \
         is fitted to that either.",
    );
    Ok(())
}

fn description(subject: &Subject, page: &mut Page) {
    page.heading(3, "2.2 Model description", "2.2 Modellbeskrivelse");
    page.prose("The model is described in part 1. How the program is used:");
    let commands = subject.program.commands.iter();
    page.list(commands.map(|(name, told)| format!("`stabil {name}`: {told}")));
    let codes = subject.program.exit_codes.iter();
    let codes: Vec<String> = codes.map(|(code, told)| format!("{code} {told}")).collect();
    page.prose(&format!("Exit codes: {}.", codes.join("; ")));
    page.prose("What a run file sets (`stabil schema` prints the whole form):");
    let schema = raw::schema();
    page.table(["key", "what", "default"], keys(&schema["properties"]));
    page.prose("Under `[need]`:");
    let need = &schema["$defs"]["Request"]["properties"];
    page.table(["key", "what", "default"], keys(need));
    page.prose("Levers, under `[[levers.NAME]]`:");
    let levers = schema["$defs"]["Levers"]["properties"].as_object();
    let rows = levers.into_iter().flatten().map(|(name, lever)| {
        let form = lever["items"]["$ref"].as_str().unwrap_or_default();
        let form = &schema["$defs"][form.rsplit('/').next().unwrap_or_default()];
        let keys = keys(&form["properties"]).into_iter();
        let keys = keys.map(|[key, told, _]| format!("{key} ({})", told.trim_end_matches('.')));
        [
            format!("`{name}`"),
            told(form),
            keys.collect::<Vec<_>>().join("; "),
        ]
    });
    page.table(["lever", "what", "keys"], rows);
}

/// The keys of a form: name, what it says, default.
fn keys(properties: &Value) -> Vec<[String; 3]> {
    let properties = properties.as_object().into_iter().flatten();
    properties
        .map(|(name, about)| {
            let default = match &about["default"] {
                Value::Null => String::new(),
                Value::String(word) => word.clone(),
                Value::Number(number) => plain(number.as_f64().unwrap_or(f64::NAN)),
                Value::Array(items) if !items.is_empty() => format!("{} of them", items.len()),
                _ => "none".to_string(),
            };
            [format!("`{name}`"), told(about), default]
        })
        .collect()
}

/// What a schema says of a key or form.
fn told(about: &Value) -> String {
    let told = about["description"].as_str().unwrap_or_default();
    told.replace('\n', " ")
}

fn data(subject: &Subject, page: &mut Page) {
    let data = &subject.model.data;
    page.heading(3, "2.3 Data evaluation", "2.3 Vurdering av data");
    let counts = by_grade(data.parameters.all());
    let [a, b, c, d] = counts;
    page.prose(&format!(
        "{} parameters: {a} of grade A, {b} of B, {c} of C and {d} of D ({} assumptions); 1.6 has \
         them by file, with {} facts behind them. Each has a reason in a sentence in its file. The \
         program refuses a parameter without facts that is not of grade D, an unknown fact, a value \
         outside its unit or its distribution, and a parameter that nothing reads.",
        counts.iter().sum::<usize>(),
        share_of_d(counts),
        data.facts.len()
    ));
    page.prose("Files by share of grade D, the weakest first:");
    let mut files: Vec<(&str, [usize; 4])> = data
        .parameters
        .files()
        .map(|(file, _)| (file, by_grade(data.parameters.of_file(file))))
        .filter(|(_, counts)| counts[3] > 0)
        .collect();
    let share = |counts: [usize; 4]| counts[3] * 10_000 / counts.iter().sum::<usize>();
    files.sort_by_key(|(file, counts)| (std::cmp::Reverse(share(*counts)), *file));
    let told = files
        .iter()
        .map(|(file, counts)| format!("`{file}` {}", share_of_d(*counts)));
    page.prose(&format!("{}.", told.collect::<Vec<_>>().join(", ")));
}

/// The assumptions that the code states of itself, part by part.
fn conceptual(page: &mut Page) {
    page.heading(
        3,
        "2.4 Conceptual model evaluation",
        "2.4 Vurdering av modellens oppbygning",
    );
    page.prose(
        "The model is a dynamic microsimulation in yearly steps with additive terms on the log-odds \
         scale, so that a cause is a change of named terms and effects of causes can be told apart. \
         Structural alternatives are settings: the closure of the labour market, what becomes of \
         surplus applicants, the scenario of need. Assumptions that the code states:",
    );
    let assumed = schedule::parts().flat_map(|part| {
        let docs = part.sources.iter().map(|(_, text)| module_doc(text));
        let told: Vec<String> = docs.flat_map(|doc| assumptions(&doc)).collect();
        told.into_iter()
            .map(move |told| format!("`{}`: {told}", part.id))
    });
    page.list(assumed);
}

/// Sentences of a text that speak of an assumption.
fn assumptions(doc: &str) -> Vec<String> {
    let doc = doc.replace('\n', " ");
    let sentences = doc
        .split(". ")
        .map(|sentence| sentence.trim().trim_end_matches('.'));
    sentences
        .filter(|sentence| sentence.to_lowercase().contains("assum"))
        .map(|sentence| format!("{sentence}."))
        .collect()
}

fn analysis(subject: &Subject, page: &mut Page) {
    page.heading(3, "2.7 Model analysis", "2.7 Analyse av modellen");
    let run = &subject.baseline;
    page.prose(&format!(
        "Chance between lives: {} seeds in the default run, with the Monte Carlo standard error of \
         every mean. Structure: the same run under both closures and the three scenarios of need; \
         the difference is structural uncertainty and is reported as such. What-if: a lever changes \
         one inflow, and everybody whom it does not touch lives the same life, bit for bit, so that \
         paired differences carry no chance but that of the lives changed. `stabil explain person` \
         tells one life with the probability and the draw behind each event.",
        run.seeds
    ));
    page.prose(
        "Uncertainty of parameters: every parameter has a distribution, and a part of the model \
         that rests on grade D is as uncertain as 1.6 and 2.3 show.",
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_on_assumptions_are_found() {
        let found = assumptions("One is known. The other is\nan assumption (so far). Assumed: x.");
        assert_eq!(
            found,
            ["The other is an assumption (so far).", "Assumed: x."]
        );
    }

    #[test]
    fn the_readme_tells_the_limits() {
        assert!(readme_section("What the model cannot say").lines().count() > 10);
    }
}
