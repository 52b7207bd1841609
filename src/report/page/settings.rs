//! How the run was made, and how to make it again.

use super::markup::{Cell, Section, Table, both, choose, escape, told};
use super::subject::Subject;
use crate::evidence::folder::embedded_runs;
use crate::picture::Both;
use serde_json::Value;

/// Most numbers of draws or seeds that are written out.
const WRITTEN: usize = 20;

/// The section.
pub fn section(subject: &Subject) -> Section {
    let mut section = Section::new(
        "settings",
        "Slik er kjøringen gjort",
        "How the run was made",
    );
    section.say(&Both::new(
        "Denne kommandoen gir de samme tallene, på et hvilket som helst antall tråder:",
        "This command gives the same numbers, on any number of threads:",
    ));
    let command = escape(&command(subject));
    section
        .body
        .push_str(&format!("<pre><code>{command}</code></pre>\n"));
    if !is_embedded(subject) {
        section.say(&told(|lang| {
            let (file, hash) = (file(subject), subject.text("/run_file_hash"));
            match lang {
                crate::picture::Lang::Nb => format!(
                    "Kjøringsfila {file} følger ikke med programmet; den har BLAKE3-summen {hash}."
                ),
                crate::picture::Lang::En => format!(
                    "The run file {file} does not come with the program; its BLAKE3 hash is {hash}."
                ),
            }
        }));
    }
    section.body.push_str(&facts(subject).html());
    if let Some(table) = set_by_hand(subject) {
        section.say(&Both::new(
            "Disse parameterne er satt for hånd i kjøringsfila, i alle trekninger, i stedet for verdien som datagrunnlaget og tilpasningen gir:",
            "These parameters were set by hand in the run file, in every draw, in place of the value that the evidence and the fit give:",
        ));
        section.body.push_str(&table.html());
    }
    for (nb, en, part) in [
        ("Alle innstillinger", "All settings", "settings"),
        (
            "Datafilenes BLAKE3-summer",
            "BLAKE3 hashes of the data files",
            "data",
        ),
        (
            "Resultatfilenes BLAKE3-summer",
            "BLAKE3 hashes of the results' files",
            "results",
        ),
    ] {
        let value = &subject.manifest[part];
        let text = if part == "settings" {
            settings(value)
        } else {
            value.clone()
        };
        let text = serde_json::to_string_pretty(&text).unwrap_or_default();
        section.body.push_str(&format!(
            "<details><summary>{}</summary>\n<pre class=scroll tabindex=0><code>{}</code></pre>\n</details>\n",
            both(&Both::new(nb, en)),
            escape(&text)
        ));
    }
    section
}

/// The settings without where the run file lay on the machine that made the run.
fn settings(value: &Value) -> Value {
    let mut own = value.clone();
    if let Some(entries) = own.as_object_mut() {
        entries.remove("file");
    }
    own
}

/// The run file's own name.
fn file(subject: &Subject) -> &str {
    let path = subject.text("/run_file");
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// The embedded run with the text that the run was made from, if one has it.
fn embedded(subject: &Subject) -> Option<String> {
    let hash = subject.text("/run_file_hash");
    let mut runs = embedded_runs().into_iter();
    let found = runs.find(|(_, text)| blake3::hash(text.as_bytes()).to_hex().as_str() == hash);
    found.map(|(name, _)| name)
}

fn is_embedded(subject: &Subject) -> bool {
    embedded(subject).is_some()
}

/// The command: the run, and as flags what can differ from its file.
fn command(subject: &Subject) -> String {
    let of = |key: &str| {
        subject.manifest["settings"]
            .get(key)
            .map(plain)
            .unwrap_or_default()
    };
    let condition = |key: &str| {
        let found = subject.manifest["settings"]["conditions"].pointer(key);
        found.map(plain).unwrap_or_default()
    };
    let run = embedded(subject).unwrap_or_else(|| quoted(file(subject)));
    let mut words = vec!["stabil run".to_owned(), run];
    for (flag, value) in [
        ("--draws", of("draws")),
        ("--seeds", of("seeds")),
        ("--scale", of("scale")),
        ("--until", of("until")),
        ("--closure", condition("/closure")),
        ("--need", condition("/need/scenario")),
        ("--parameters", of("parameters")),
    ] {
        if !value.is_empty() && value != "null" {
            words.push(format!("{flag} {value}"));
        }
    }
    if let Some(wish) = subject.manifest["precision"]["wish"].as_str() {
        words.push(format!("--precision {}", quoted(wish)));
    }
    words.push(format!("--out {}", subject.text("/run")));
    words.join(" ")
}

fn quoted(text: &str) -> String {
    let is_plain = text
        .chars()
        .all(|letter| letter.is_alphanumeric() || "._-".contains(letter));
    if is_plain {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Numbers in a list, the first of them if there are many.
fn numbers(values: &[Value]) -> Both {
    let written: Vec<String> = values.iter().take(WRITTEN).map(plain).collect();
    let text = written.join(", ");
    let more = values.len().saturating_sub(WRITTEN);
    match more {
        0 => Both::same(text),
        more => told(|lang| {
            format!(
                "{text} {} {more} {}",
                choose(lang, "og", "and"),
                choose(lang, "til (se manifest.json)", "more (see manifest.json)")
            )
        }),
    }
}

/// Parameters that were set by hand, with who answers for it, when and why; none without any.
fn set_by_hand(subject: &Subject) -> Option<Table> {
    let all = subject.list("/overrides");
    let head = [
        ("Parameter", "Parameter"),
        ("Verdi", "Value"),
        ("Datagrunnlagets", "The evidence's"),
        ("Enhet", "Unit"),
        ("Hvem", "Who"),
        ("Dato", "Date"),
        ("Hvorfor", "Why"),
    ];
    let mut table = Table::new(
        Both::new("Satt for hånd", "Set by hand"),
        head.map(|(nb, en)| Both::new(nb, en)).to_vec(),
    );
    let keys = [
        "parameter",
        "value",
        "evidence",
        "unit",
        "name",
        "date",
        "reason",
    ];
    for own in all {
        let cell = |key: &str| Cell::Text(Both::same(own.get(key).map(plain).unwrap_or_default()));
        table.rows.push(keys.map(cell).to_vec());
    }
    (!all.is_empty()).then_some(table)
}

fn facts(subject: &Subject) -> Table {
    let mut table = Table::new(
        Both::new("Kjøringen", "The run"),
        vec![Both::new("Hva", "What"), Both::new("Verdi", "Value")],
    );
    let text = |pointer: &str| Both::same(subject.text(pointer));
    let own = |key: &str| {
        Both::same(
            subject.manifest["settings"]
                .get(key)
                .map(plain)
                .unwrap_or_default(),
        )
    };
    let count = |key: &str| Both::same(subject.manifest.get(key).map(plain).unwrap_or_default());
    let complete = match subject.manifest["complete"].as_bool() {
        Some(true) => Both::new("ja", "yes"),
        _ => Both::new("nei: kjøringen ble avbrutt", "no: the run was interrupted"),
    };
    let fit = match subject.text("/calibrated/fit") {
        "" => Both::new("ingen", "none"),
        fit => Both::same(fit),
    };
    for (nb, en, value) in [
        ("Program", "Program", text("/program")),
        ("Versjon", "Version", text("/version")),
        (
            "Kildekode (commit)",
            "Source code (commit)",
            text("/commit"),
        ),
        (
            "Denne siden er laget av",
            "This page was made by",
            Both::same(concat!(
                "stabil ",
                env!("CARGO_PKG_VERSION"),
                " (",
                env!("STABIL_COMMIT"),
                ")"
            )),
        ),
        ("Kjøring", "Run", text("/run")),
        (
            "Kjøringsfilas BLAKE3-sum",
            "BLAKE3 hash of the run file",
            text("/run_file_hash"),
        ),
        ("Fra", "From", own("start")),
        ("Til", "Until", own("until")),
        (
            "Simulerte personer per virkelig person",
            "Simulated people per real person",
            own("scale"),
        ),
        ("Soneinndeling", "Zone scheme", own("zones")),
        (
            "Trekninger av parameterne (0 er midten)",
            "Draws of the parameters (0 is their centre)",
            numbers(subject.list("/draws")),
        ),
        ("Frø", "Seeds", numbers(subject.list("/seeds"))),
        (
            "Modellvarianter",
            "Structural variants",
            numbers(subject.list("/variants")),
        ),
        ("Kjøringer", "Runs", count("runs")),
        ("Hel", "Complete", complete),
        ("Tilpasning", "Fit", fit),
        ("Personår", "Person-years", count("person_years")),
    ] {
        table
            .rows
            .push(vec![Cell::Text(Both::new(nb, en)), Cell::Text(value)]);
    }
    table
}
