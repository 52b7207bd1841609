//! `datapackage.json`: what is in a results folder, file by file and column by column, in the form
//! of the Frictionless Data Package (specs.frictionlessdata.io/data-package, version 1).
//!
//! It is made from the files that were written, not from what should have been: a reader's program
//! can trust it. Titles are English; `titles` has both languages, as CSV on the Web does it.

pub mod fields;
pub mod labels;

use fields::{FILES, field};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::Path;

/// The file's name.
pub const NAME: &str = "datapackage.json";

/// The description of these files of a results folder, given with their hashes (BLAKE3).
///
/// Parquet files have the columns of the CSV file of the same name. `title` is the run's, Norwegian
/// and English.
///
/// # Errors
/// An I/O error if a header cannot be read.
pub fn describe(
    folder: &Path,
    name: &str,
    title: [&str; 2],
    files: &BTreeMap<String, String>,
) -> io::Result<Value> {
    let mut resources = Vec::new();
    for (path, hash) in files {
        let Some((stem, format)) = path.rsplit_once('.') else {
            continue;
        };
        let csv = folder.join(format!("{stem}.csv"));
        if !["csv", "parquet"].contains(&format) || !csv.is_file() {
            continue;
        }
        resources.push(resource(stem, format, &columns(&csv)?, hash));
    }
    let [nb, en] = title;
    Ok(json!({
        "profile": "data-package",
        "name": name.to_lowercase(),
        "title": en,
        "titles": { "nb": nb, "en": en },
        "resources": resources,
    }))
}

/// The names in the header of a CSV file.
fn columns(path: &Path) -> io::Result<Vec<String>> {
    let mut reader = csv::Reader::from_reader(File::open(path)?);
    Ok(reader.headers()?.iter().map(str::to_string).collect())
}

fn resource(stem: &str, format: &str, columns: &[String], hash: &str) -> Value {
    let [nb, en] = FILES
        .iter()
        .find(|[own, ..]| *own == stem)
        .map_or([stem, stem], |[_, nb, en]| [nb, en]);
    let media = match format {
        "csv" => "text/csv",
        _ => "application/vnd.apache.parquet",
    };
    let mut resource = json!({
        "name": format!("{stem}-{format}").replace('_', "-"),
        "path": format!("{stem}.{format}"),
        "title": en,
        "titles": { "nb": nb, "en": en },
        "format": format,
        "mediatype": media,
        "hash": format!("blake3:{hash}"),
        "schema": {
            "fields": columns.iter().map(|name| described(stem, name)).collect::<Vec<_>>(),
            "missingValues": [""],
        },
    });
    if format == "csv" {
        resource["profile"] = json!("tabular-data-resource");
        resource["encoding"] = json!("utf-8");
        resource["dialect"] = json!({ "delimiter": ",", "lineTerminator": "\n", "header": true });
    }
    resource
}

fn described(stem: &str, name: &str) -> Value {
    let Some(field) = field(stem, name) else {
        return json!({ "name": name, "type": "any" });
    };
    let mut told = json!({
        "name": name,
        "type": field.kind,
        "title": field.en,
        "titles": { "nb": field.nb, "en": field.en },
    });
    if !field.unit.is_empty() {
        told["unit"] = json!(field.unit);
    }
    told
}
