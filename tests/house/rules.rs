//! The rules applied to a folder tree. A folder or file that a rule needs and does not find is a
//! violation as well, so that no rule passes because there was nothing to read.

use super::facts::{self, Citation};
use super::tree::{self, File};
use super::{code, parameters as parameter, places as place, rooms};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Imports that go against the order of the rooms.
pub fn imports(root: &Path) -> Vec<String> {
    each(tree::files(root, "src", "rs"), rooms::violations)
}

/// Source files that are too long.
pub fn lengths(root: &Path) -> Vec<String> {
    each(tree::files(root, "src", "rs"), code::length)
}

/// Unwraps and marks of unfinished work in the source.
pub fn loose_ends(root: &Path) -> Vec<String> {
    each(tree::files(root, "src", "rs"), code::loose_ends)
}

/// Citations of facts and of external files that do not exist.
pub fn citations(root: &Path) -> Vec<String> {
    let (table, mut found) = match fact_table(root) {
        Ok(table) => table,
        Err(message) => return vec![message],
    };
    match cited(root) {
        Ok(cited) => {
            for (path, citations) in cited {
                found.extend(facts::unresolved(&path, &citations, &table));
            }
        }
        Err(message) => found.push(message),
    }
    let external = match tree::paths(root, facts::EXTERNAL) {
        Ok(paths) => paths,
        Err(message) => {
            found.push(message);
            return found;
        }
    };
    let prefix = format!("{}/", facts::EXTERNAL);
    let names: BTreeSet<String> = external
        .iter()
        .filter_map(|path| path.strip_prefix(&prefix))
        .map(str::to_owned)
        .collect();
    found.extend(each(inputs(root), |path, text| {
        facts::entries(path, text, &names)
    }));
    found
}

/// Facts that nothing cites.
pub fn dead_facts(root: &Path) -> Vec<String> {
    let dead = fact_table(root).and_then(|(table, _)| {
        let cited = cited(root)?
            .into_iter()
            .flat_map(|(_, citations)| citations);
        let ids: BTreeSet<String> = cited.map(|(_, id)| id).collect();
        Ok(facts::dead(facts::TABLE, &table, &ids))
    });
    dead.unwrap_or_else(|message| vec![message])
}

/// Parameters that lack something.
pub fn parameters(root: &Path) -> Vec<String> {
    let mut count = 0;
    let mut found = each(
        tree::files(root, "calibration/parameters", "toml"),
        |path, text| {
            let (parameters, found) = parameter::violations(path, text);
            count += parameters;
            found
        },
    );
    if count == 0 && found.is_empty() {
        found.push("calibration/parameters/: no [[parameter]] in any file".to_owned());
    }
    found
}

/// Names of folders of one particular machine, in any text file.
pub fn places(root: &Path) -> Vec<String> {
    each(tree::text_files(root), place::violations)
}

/// The violations of all files, or why they could not be read.
fn each(
    files: Result<Vec<File>, String>,
    mut rule: impl FnMut(&str, &str) -> Vec<String>,
) -> Vec<String> {
    match files {
        Ok(files) if files.is_empty() => vec!["no file found to check".to_owned()],
        Ok(files) => files
            .iter()
            .flat_map(|(path, text)| rule(path, text))
            .collect(),
        Err(message) => vec![message],
    }
}

fn fact_table(root: &Path) -> Result<(BTreeMap<String, u64>, Vec<String>), String> {
    Ok(facts::table(facts::TABLE, &tree::read(root, facts::TABLE)?))
}

/// The TOML files that may cite facts: those of the calibration and, once there are any, those that
/// say what to run.
fn inputs(root: &Path) -> Result<Vec<File>, String> {
    let mut files = tree::files(root, "calibration", "toml")?;
    if root.join("runs").is_dir() {
        files.extend(tree::files(root, "runs", "toml")?);
    }
    Ok(files)
}

/// All citations, by file.
fn cited(root: &Path) -> Result<Vec<(String, Vec<Citation>)>, String> {
    let source = tree::files(root, "src", "rs")?
        .into_iter()
        .map(|(path, text)| (path, facts::citations_in_rust(&text)));
    let inputs = inputs(root)?
        .into_iter()
        .map(|(path, text)| (path, facts::citations(&text)));
    Ok(source.chain(inputs).collect())
}

#[cfg(test)]
mod tests {
    use super::super::tree::Fixture;
    use super::*;

    const HEADER: &str =
        "id,quantity,profession,sector,place,age,sex,year,value,low,high,unit,source,locator,note";

    const PARAMETER: &str = r#"
[[parameter]]
id = "share_leaving"
value = 0.1
unit = "probability per year"
facts = ["nou_turnover_0001", "external:deaths.csv#both sexes"]
grade = "B"
reasoning = "Observed in the register of the same population."
distribution = { kind = "triangular", low = 0.09, high = 0.11 }
"#;

    const RULES: [fn(&Path) -> Vec<String>; 7] = [
        imports, lengths, loose_ends, citations, dead_facts, parameters, places,
    ];

    /// A sound tree with one file replaced or added.
    fn tree_with(name: &str, path: &str, text: &str) -> Fixture {
        let facts = format!(
            "{HEADER}\nnou_turnover_0001,q,,,,,,2019,0.1,,,fraction,nou2023-4,ch 5,\n\
             nou_turnover_0002,q,,,,,,2019,0.1,,,fraction,nou2023-4,ch 5,\n"
        );
        let mut files = vec![
            ("src/lib.rs", "pub mod words;\n"),
            (
                "src/dice/mod.rs",
                "/// Source: nou_turnover_0002.\nuse crate::words::Age;\n",
            ),
            ("calibration/evidence/facts.csv", &facts),
            ("calibration/external/deaths.csv", "age,deaths\n"),
            ("calibration/parameters/leaving.toml", PARAMETER),
            ("runs/baseline.toml", "years = 20\n"),
        ];
        files.push((path, text));
        Fixture::new(name, &files)
    }

    #[test]
    fn a_sound_tree_passes() {
        let fixture = tree_with("sound", "README.md", "# stabil\n");
        for rule in RULES {
            assert_eq!(rule(fixture.root()), Vec::<String>::new());
        }
    }

    #[test]
    fn each_rule_fails_alone() {
        let long = "//\n".repeat(501);
        let unknown = PARAMETER
            .replace("0001", "0003")
            .replace("[\"", "[\"nou_turnover_0001\", \"");
        let external = PARAMETER.replace("deaths", "births");
        let uncited = format!(
            "{HEADER}\nnou_turnover_0001,,,,,,,,,,,,,,\n\
             nou_turnover_0002,,,,,,,,,,,,,,\nnou_turnover_0009,,,,,,,,,,,,,,\n"
        );
        let ungraded = PARAMETER.replace("\"B\"", "\"\"");
        let place = format!("cd /{}/project\n", "work");
        let cases = [
            ("imports", "src/words.rs", "use crate::dice::Key;\n", 0),
            ("lengths", "src/words.rs", &long, 1),
            ("loose", "src/words.rs", "fn f() { g().unwrap() }\n", 2),
            ("fact", "calibration/parameters/leaving.toml", &unknown, 3),
            (
                "fact-in-run",
                "runs/baseline.toml",
                "# nou_turnover_0004\n",
                3,
            ),
            (
                "external",
                "calibration/parameters/leaving.toml",
                &external,
                3,
            ),
            ("dead", "calibration/evidence/facts.csv", &uncited, 4),
            ("grade", "calibration/parameters/leaving.toml", &ungraded, 5),
            ("place", ".ci/run", &place, 6),
        ];
        for (name, path, text, broken) in cases {
            let fixture = tree_with(name, path, text);
            for (index, rule) in RULES.iter().enumerate() {
                let expected = usize::from(index == broken);
                let found = rule(fixture.root());
                assert_eq!(found.len(), expected, "{name}, rule {index}: {found:?}");
            }
        }
    }

    #[test]
    fn nothing_to_read_is_a_violation() {
        let fixture = Fixture::new("nothing", &[("src/lib.rs", "")]);
        for rule in [citations, dead_facts, parameters] {
            let found = rule(fixture.root());
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found[0].contains("cannot be read"), "{found:?}");
        }
        let bare = Fixture::new("bare", &[("README.md", "")]);
        for rule in [imports, lengths, loose_ends] {
            assert!(rule(bare.root())[0].starts_with("folder src/ cannot be read"));
        }
    }
}
