//! `datapackage.json` says of every file and column what is there, and `labels.csv` names the codes.

use super::desk::Desk;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The columns of `labels.csv` whose codes the tables use.
const CODED: [&str; 6] = ["profession", "grade", "sector", "zone", "measure", "unit"];

fn header_and_rows(bytes: &[u8]) -> (Vec<String>, Vec<csv::StringRecord>) {
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers().unwrap().iter().map(str::to_string);
    (
        header.collect(),
        reader.records().map(Result::unwrap).collect(),
    )
}

/// Is the text what the type says?
fn fits(kind: &str, text: &str) -> bool {
    match kind {
        _ if text.is_empty() => true,
        "integer" => text.parse::<i64>().is_ok(),
        "number" => text.parse::<f64>().is_ok_and(f64::is_finite),
        "boolean" => text == "true" || text == "false",
        other => other == "string",
    }
}

#[test]
fn every_file_and_column_is_described_and_every_code_named() {
    let desk = Desk::new();
    desk.types("run decentralised --scale 0.02 --seeds 2 --draws 4 --until 2028 --out out")
        .succeeds();
    let package: Value = serde_json::from_slice(&desk.bytes("out/datapackage.json")).unwrap();
    let resources = package["resources"].as_array().unwrap();
    let described: BTreeSet<&str> = resources
        .iter()
        .map(|resource| resource["path"].as_str().unwrap())
        .collect();
    let tables: Vec<String> = desk
        .names("out")
        .into_iter()
        .filter(|name| name.ends_with(".csv") || name.ends_with(".parquet"))
        .collect();
    assert_eq!(described, tables.iter().map(String::as_str).collect());

    let mut named: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in header_and_rows(&desk.bytes("out/labels.csv")).1 {
        assert!(!row[2].is_empty() && !row[3].is_empty(), "{row:?}");
        named
            .entry(row[0].to_string())
            .or_default()
            .insert(row[1].to_string());
    }
    for resource in resources {
        let path = resource["path"].as_str().unwrap();
        let titles = &resource["titles"];
        assert_ne!(titles["nb"], titles["en"], "{path}");
        if !path.ends_with(".csv") {
            continue;
        }
        let (header, rows) = header_and_rows(&desk.bytes(&format!("out/{path}")));
        let fields = resource["schema"]["fields"].as_array().unwrap();
        let names: Vec<&str> = fields.iter().map(|f| f["name"].as_str().unwrap()).collect();
        assert_eq!(names, header, "{path}");
        for (at, field) in fields.iter().enumerate() {
            let (name, kind) = (names[at], field["type"].as_str().unwrap());
            assert_ne!(kind, "any", "{path}: {name} is not described");
            for row in &rows {
                assert!(fits(kind, &row[at]), "{path}: {name} is {}", &row[at]);
            }
            if ["bands.csv", "differences.csv"].contains(&path) && CODED.contains(&name) {
                for row in &rows {
                    assert!(named[name].contains(&row[at]), "{name} {}", &row[at]);
                }
            }
        }
    }
}
