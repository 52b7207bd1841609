//! What is read from outside, as functions of bytes. Each tells whether it accepted them; whatever
//! it complains of must say something.

use stabil::evidence::folder::{embedded_runs, text_of};
use stabil::evidence::{DataFolder, Facts, Table};
use stabil::parameters::microdata::{Lists, of_csv, of_parquet};
use stabil::parameters::{ModelData, Posterior};
use stabil::runs::Plan;
use stabil::runs::precision::Wish;
use stabil::store::block;
use stabil::words::Problem;
use std::sync::OnceLock;

/// A reader of bytes.
pub struct Target {
    /// Its name, and that of the folder of its corpus.
    pub name: &'static str,
    /// Reads; true if the input is sound.
    pub read: fn(&[u8]) -> bool,
    /// More of a corpus than its folder holds.
    pub more: fn() -> Vec<Vec<u8>>,
}

/// All targets.
pub const TARGETS: [Target; 9] = [
    target("run_file", run_file, runs),
    target("table", table, nothing),
    target("facts", facts, nothing),
    target("parameters", parameters, nothing),
    target("people_csv", people_csv, nothing),
    target("people_parquet", people_parquet, nothing),
    target("posterior", posterior, nothing),
    target("block", unpack, blocks),
    target("wish", wish, nothing),
];

const fn target(name: &'static str, read: fn(&[u8]) -> bool, more: fn() -> Vec<Vec<u8>>) -> Target {
    Target { name, read, more }
}

fn nothing() -> Vec<Vec<u8>> {
    Vec::new()
}

fn runs() -> Vec<Vec<u8>> {
    let all = embedded_runs().into_iter();
    all.map(|(_, text)| text.as_bytes().to_vec()).collect()
}

fn blocks() -> Vec<Vec<u8>> {
    let long: Vec<f64> = (0..500).map(|n| f64::from(1000 + n % 7)).collect();
    [&long[..], &[], &[f64::NAN, -0.0, f64::MAX]]
        .iter()
        .map(|own| block::packed(own).expect("little is packed"))
        .collect()
}

/// The invented country, read once.
fn data() -> &'static ModelData {
    static DATA: OnceLock<ModelData> = OnceLock::new();
    DATA.get_or_init(|| ModelData::read(super::super::support::tiny_folder(), None).unwrap())
}

fn lists() -> &'static Lists {
    static LISTS: OnceLock<Lists> = OnceLock::new();
    LISTS.get_or_init(|| Lists::of(&data().classification, &data().zones, 2019))
}

/// A complaint must say something, and of a line that could be there.
fn judged<T>(answer: Result<T, Problem>, bytes: &[u8]) -> bool {
    let Err(problem) = answer else {
        return true;
    };
    let lines = bytes
        .iter()
        .filter(|byte| matches!(byte, b'\n' | b'\r'))
        .count();
    assert!(!problem.message.is_empty(), "no message");
    assert!(problem.line <= lines + 2, "{problem}: of {lines} lines");
    assert!(!problem.to_string().is_empty());
    false
}

fn text(bytes: &[u8]) -> Result<String, Problem> {
    text_of(bytes.to_vec(), "input")
}

fn run_file(bytes: &[u8]) -> bool {
    let plan = text(bytes).and_then(|text| Plan::of_text("input", &text));
    judged(plan, bytes)
}

fn table(bytes: &[u8]) -> bool {
    let read = text(bytes).and_then(|text| {
        let table = Table::of_text("input", &text, &["id", "value"])?;
        table.forbid_duplicates(&["id"])?;
        table
            .rows()
            .iter()
            .try_for_each(|row| table.number(row, "value").map(drop))
    });
    judged(read, bytes)
}

fn facts(bytes: &[u8]) -> bool {
    let columns = ["id", "quantity", "value", "low", "high", "unit", "source"];
    judged(
        text(bytes).and_then(|text| Table::of_text("input", &text, &columns)),
        bytes,
    )
}

/// The facts that parameters cite, read once.
fn known() -> &'static Facts {
    static FACTS: OnceLock<Facts> = OnceLock::new();
    FACTS.get_or_init(|| Facts::read(&DataFolder::Embedded).unwrap())
}

fn parameters(bytes: &[u8]) -> bool {
    let read = text(bytes).and_then(|text| {
        let mut own = stabil::parameters::Parameters::default();
        own.overlay(&text, "input", known(), &DataFolder::Embedded)
    });
    judged(read, bytes)
}

/// Of many complaints, each.
fn all_judged<T>(answer: Result<T, Vec<Problem>>, bytes: &[u8]) -> bool {
    match answer {
        Ok(_) => true,
        Err(problems) => {
            assert!(!problems.is_empty() && problems.len() <= 1000);
            for problem in problems {
                judged(Err::<(), _>(problem), bytes);
            }
            false
        }
    }
}

fn people_csv(bytes: &[u8]) -> bool {
    all_judged(of_csv("input", bytes, lists()), bytes)
}

fn people_parquet(bytes: &[u8]) -> bool {
    match of_parquet("input", bytes.to_vec(), lists()) {
        Ok(_) => true,
        Err(problems) => {
            assert!(!problems.is_empty() && problems.len() <= 1000);
            false
        }
    }
}

fn posterior(bytes: &[u8]) -> bool {
    Posterior::of_bytes(bytes.to_vec()).is_ok()
}

fn unpack(bytes: &[u8]) -> bool {
    block::unpacked(bytes).is_some()
}

fn wish(bytes: &[u8]) -> bool {
    judged(text(bytes).and_then(|text| Wish::read(&text)), bytes)
}
