//! Reading the project's files. Paths are relative to the root and written with `/` on every
//! system; files come in the order of their paths, so that messages do too.

use std::fs;
use std::path::{Path, PathBuf};

/// A file's path and its text.
pub type File = (String, String);

/// Folders and files that are built, downloaded or kept by other programs.
const SKIPPED_NAMES: [&str; 5] = ["target", ".git", "__pycache__", ".venv", "node_modules"];

/// Results of runs, which name whatever the person who ran them chose.
const SKIPPED_PATH: &str = "runs/out";

/// The root of this project.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All files under `folder` (recursively) whose names end in `.extension`.
///
/// # Errors
///
/// When the folder is missing, or a file in it cannot be read as UTF-8 text.
pub fn files(root: &Path, folder: &str, extension: &str) -> Result<Vec<File>, String> {
    let mut files = Vec::new();
    for path in paths(root, folder)? {
        if Path::new(&path)
            .extension()
            .is_some_and(|found| found == extension)
        {
            let text = read(root, &path)?;
            files.push((path, text));
        }
    }
    Ok(files)
}

/// All text files of the project. What is not UTF-8 is no text.
///
/// # Errors
///
/// When a folder cannot be listed or a file cannot be opened.
pub fn text_files(root: &Path) -> Result<Vec<File>, String> {
    let mut files = Vec::new();
    for path in paths(root, "")? {
        let bytes = fs::read(root.join(&path)).map_err(|error| format!("{path}: {error}"))?;
        if let Ok(text) = String::from_utf8(bytes) {
            files.push((path, text));
        }
    }
    Ok(files)
}

/// One text file.
///
/// # Errors
///
/// When it is missing or not UTF-8 text.
pub fn read(root: &Path, path: &str) -> Result<String, String> {
    fs::read_to_string(root.join(path))
        .map_err(|error| format!("{path} cannot be read under {}: {error}", root.display()))
}

/// The paths of all files under `folder`, sorted; an empty `folder` means the root.
///
/// # Errors
///
/// When a folder is missing or cannot be listed.
pub fn paths(root: &Path, folder: &str) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    collect(root, folder, &mut found)?;
    found.sort();
    Ok(found)
}

fn collect(root: &Path, folder: &str, found: &mut Vec<String>) -> Result<(), String> {
    let explain = |error| {
        format!(
            "folder {folder}/ cannot be read under {}: {error}",
            root.display()
        )
    };
    for entry in fs::read_dir(root.join(folder)).map_err(explain)? {
        let entry = entry.map_err(explain)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() {
            name.clone()
        } else {
            format!("{folder}/{name}")
        };
        if SKIPPED_NAMES.contains(&name.as_str()) || path == SKIPPED_PATH {
            continue;
        }
        // Links are not followed: they could lead outside the project or round in a circle.
        let kind = entry.file_type().map_err(explain)?;
        if kind.is_dir() {
            collect(root, &path, found)?;
        } else if kind.is_file() {
            found.push(path);
        }
    }
    Ok(())
}

/// A small tree for the tests of the rules, removed when it goes out of scope.
pub struct Fixture(PathBuf);

impl Fixture {
    /// Writes the files under a folder of its own; `name` keeps the tests of one run apart.
    pub fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let root = std::env::temp_dir().join(format!("stabil-house-{}-{name}", std::process::id()));
        for (path, text) in files {
            let file = root.join(path);
            fs::create_dir_all(file.parent().expect("a file lies in a folder")).unwrap();
            fs::write(file, text).unwrap();
        }
        Self(root)
    }

    pub fn root(&self) -> &Path {
        &self.0
    }
}

impl Drop for Fixture {
    fn drop(&mut self) {
        // What is left behind does no harm, while a panic here would hide the test's own message.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_in_order_and_by_extension() {
        let fixture = Fixture::new(
            "found",
            &[
                ("src/b.rs", "b"),
                ("src/a/mod.rs", "a"),
                ("src/note.md", "n"),
                ("c.rs", "c"),
            ],
        );
        let found = files(fixture.root(), "src", "rs").unwrap();
        let expected = [("src/a/mod.rs", "a"), ("src/b.rs", "b")]
            .map(|(path, text)| (path.to_owned(), text.to_owned()));
        assert_eq!(found, expected);
    }

    #[test]
    fn built_and_hidden_folders_are_skipped() {
        let fixture = Fixture::new(
            "skipped",
            &[
                ("target/debug/x", ""),
                (".git/config", ""),
                ("runs/out/x.csv", ""),
                ("tools/__pycache__/x.pyc", ""),
                (".ci/run", ""),
                ("runs/baseline.toml", ""),
            ],
        );
        assert_eq!(
            paths(fixture.root(), "").unwrap(),
            [".ci/run", "runs/baseline.toml"]
        );
    }

    #[test]
    fn a_missing_folder_is_told() {
        let fixture = Fixture::new("missing", &[("src/lib.rs", "")]);
        let message = files(fixture.root(), "calibration", "toml").unwrap_err();
        assert!(
            message.starts_with("folder calibration/ cannot be read"),
            "{message}"
        );
    }
}
