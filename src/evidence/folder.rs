//! The data folder: the one embedded in the binary, or another of the same form.

use crate::words::Problem;
use include_dir::{Dir, include_dir};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/calibration");

/// The run files compiled into the binary. Named one by one, so that results under `runs/out`
/// are never embedded.
static RUNS: [(&str, &str); 16] = [
    ("baseline", include_str!("../../runs/baseline.toml")),
    ("bonding", include_str!("../../runs/bonding.toml")),
    (
        "decentralised",
        include_str!("../../runs/decentralised.toml"),
    ),
    ("distance", include_str!("../../runs/distance.toml")),
    ("full_time", include_str!("../../runs/full_time.toml")),
    ("medicine", include_str!("../../runs/medicine.toml")),
    ("mentoring", include_str!("../../runs/mentoring.toml")),
    ("north", include_str!("../../runs/north.toml")),
    ("nsdm_bundle", include_str!("../../runs/nsdm_bundle.toml")),
    ("quick", include_str!("../../runs/quick.toml")),
    (
        "recruitment_stop",
        include_str!("../../runs/recruitment_stop.toml"),
    ),
    ("rural_growth", include_str!("../../runs/rural_growth.toml")),
    ("rural_quota", include_str!("../../runs/rural_quota.toml")),
    ("structure", include_str!("../../runs/structure.toml")),
    ("uncertainty", include_str!("../../runs/uncertainty.toml")),
    ("vacancy", include_str!("../../runs/vacancy.toml")),
];

/// Largest data file accepted, in bytes; bigger ones are refused unread.
const LARGEST_FILE: u64 = 64 << 20;

/// A folder of calibration data: the embedded one, or one on disk.
#[derive(Clone, Debug)]
pub enum DataFolder {
    /// The data compiled into the binary.
    Embedded,
    /// A folder of the same form on disk (`--data DIR`).
    Disk(PathBuf),
}

impl DataFolder {
    /// The text of a file in the folder, given by its path inside it.
    ///
    /// # Errors
    /// A [`Problem`] if the file is missing, too large, or not UTF-8.
    pub fn read(&self, path: &str) -> Result<String, Problem> {
        match self {
            DataFolder::Embedded => EMBEDDED
                .get_file(path)
                .and_then(|file| file.contents_utf8())
                .map(str::to_string)
                .ok_or_else(|| Problem::in_file(&self.name(path), "not among the embedded data")),
            DataFolder::Disk(root) => read_text(&root.join(path), &self.name(path)),
        }
    }

    /// The bytes of a file in the folder, given by its path inside it.
    ///
    /// # Errors
    /// A [`Problem`] if the file is missing or too large.
    pub fn read_bytes(&self, path: &str) -> Result<Vec<u8>, Problem> {
        match self {
            DataFolder::Embedded => EMBEDDED
                .get_file(path)
                .map(|file| file.contents().to_vec())
                .ok_or_else(|| Problem::in_file(&self.name(path), "not among the embedded data")),
            DataFolder::Disk(root) => read_file(&root.join(path), &self.name(path)),
        }
    }

    /// Does the folder hold this file?
    pub fn has(&self, path: &str) -> bool {
        match self {
            DataFolder::Embedded => EMBEDDED.get_file(path).is_some(),
            DataFolder::Disk(root) => root.join(path).is_file(),
        }
    }

    /// The files directly inside a subfolder that end in `suffix`, as paths inside the folder,
    /// in alphabetical order.
    ///
    /// A subfolder that a data folder need not have, and lacks, holds none.
    ///
    /// # Errors
    /// A [`Problem`] if the subfolder cannot be listed.
    pub fn list(&self, subfolder: &str, suffix: &str) -> Result<Vec<String>, Problem> {
        let mut names = match self {
            DataFolder::Embedded => EMBEDDED
                .get_dir(subfolder)
                .map(|dir| {
                    dir.files()
                        .map(|f| f.path().display().to_string())
                        .collect::<Vec<_>>()
                })
                .unwrap_or_default(),
            DataFolder::Disk(root) => {
                let folder = root.join(subfolder);
                if OPTIONAL.contains(&subfolder) && !folder.exists() {
                    return Ok(Vec::new());
                }
                std::fs::read_dir(&folder)
                    .map_err(|error| {
                        Problem::in_file(&folder.display().to_string(), error.to_string())
                            .mend("start from a full folder: stabil data export DIR")
                    })?
                    .filter_map(Result::ok)
                    .filter(|entry| entry.path().is_file())
                    .map(|entry| format!("{subfolder}/{}", entry.file_name().to_string_lossy()))
                    .collect()
            }
        };
        names.retain(|name| name.ends_with(suffix));
        names.sort();
        Ok(names)
    }

    /// How a file of this folder is named to the user.
    pub fn name(&self, path: &str) -> String {
        match self {
            DataFolder::Embedded => format!("calibration/{path} (embedded)"),
            DataFolder::Disk(root) => root.join(path).display().to_string(),
        }
    }

    /// BLAKE3 hash of every file (hex), keyed by path, for the manifest.
    ///
    /// # Errors
    /// A [`Problem`] if a file cannot be read.
    pub fn hashes(&self) -> Result<BTreeMap<String, String>, Problem> {
        self.files()?
            .into_iter()
            .map(|path| {
                let bytes = self.read_bytes(&path)?;
                let hash = blake3::hash(&bytes).to_hex().to_string();
                Ok((path, hash))
            })
            .chain(self.microdata().map(|path| self.hash_of_microdata(path)))
            .collect()
    }

    /// The file of the folder that holds people of the user's own, if any; it may be far larger
    /// than other files, and is never read here.
    pub fn microdata(&self) -> Option<&'static str> {
        let DataFolder::Disk(root) = self else {
            return None;
        };
        let mut files = MICRODATA.into_iter();
        files.find(|path| root.join(path).is_file())
    }

    fn hash_of_microdata(&self, path: &str) -> Result<(String, String), Problem> {
        let wrong = |error: std::io::Error| Problem::in_file(&self.name(path), error.to_string());
        let mut hasher = blake3::Hasher::new();
        if let DataFolder::Disk(root) = self {
            let file = std::fs::File::open(root.join(path)).map_err(wrong)?;
            hasher.update_reader(file).map_err(wrong)?;
        }
        Ok((path.to_string(), hasher.finalize().to_hex().to_string()))
    }

    /// Every file of the folder that the program reads, as paths inside it.
    ///
    /// # Errors
    /// A [`Problem`] if a subfolder cannot be listed.
    pub fn files(&self) -> Result<Vec<String>, Problem> {
        let mut all = Vec::new();
        for (subfolder, suffix) in FORM {
            all.extend(self.list(subfolder, suffix)?);
        }
        let single = FILES.iter().filter(|file| self.has(file));
        all.extend(single.map(|file| (*file).to_string()));
        Ok(all)
    }
}

/// The form of a data folder: subfolders and what they hold.
pub const FORM: [(&str, &str); 7] = [
    ("classification", ".toml"),
    ("evidence", ".csv"),
    ("external", ".csv"),
    ("hindcast", ".toml"),
    ("parameters", ".toml"),
    ("policies", ".csv"),
    ("policies", ".toml"),
];

/// Single files at the top of a data folder. It can do without them.
pub const FILES: [&str; 5] = [
    "alignment.toml",
    "differences.toml",
    "free_parameters.toml",
    "posterior.parquet",
    "targets.toml",
];

/// People of the user's own: one of these files, which no embedded folder has.
pub const MICRODATA: [&str; 2] = ["microdata/people.csv", "microdata/people.parquet"];

/// Subfolders that a data folder need not have: without hindcasts there is only the base year,
/// without policies there are no scenarios.
const OPTIONAL: [&str; 2] = ["hindcast", "policies"];

/// Writes the embedded data folder out, as a starting point for one's own.
///
/// # Errors
/// A [`Problem`] if the target is not an empty or new folder, or cannot be written.
pub fn export(target: &Path) -> Result<usize, Problem> {
    let named = target.display().to_string();
    let occupied = target.exists()
        && target
            .read_dir()
            .map(|mut d| d.next().is_some())
            .unwrap_or(true);
    if occupied {
        return Err(
            Problem::in_file(&named, "the folder is not empty; nothing was written")
                .mend("name a new folder"),
        );
    }
    let mut written = 0;
    for path in DataFolder::Embedded.files()? {
        let file = target.join(&path);
        let write = || -> std::io::Result<()> {
            if let Some(parent) = file.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(
                &file,
                DataFolder::Embedded.read_bytes(&path).unwrap_or_default(),
            )
        };
        write().map_err(|e| Problem::in_file(&file.display().to_string(), e.to_string()))?;
        written += 1;
    }
    Ok(written)
}

/// The embedded run files: name without `.toml`, and text, in alphabetical order.
pub fn embedded_runs() -> Vec<(String, &'static str)> {
    RUNS.iter()
        .map(|(name, text)| ((*name).to_string(), *text))
        .collect()
}

/// Reads a file with a size limit and a clear complaint.
fn read_file(path: &Path, named: &str) -> Result<Vec<u8>, Problem> {
    let size = std::fs::metadata(path)
        .map_err(|error| Problem::in_file(named, error.to_string()))?
        .len();
    if size > LARGEST_FILE {
        return Err(Problem::in_file(
            named,
            format!("{size} bytes; at most {LARGEST_FILE}"),
        ));
    }
    std::fs::read(path).map_err(|error| Problem::in_file(named, error.to_string()))
}

/// Reads a text file with a size limit and a clear complaint.
///
/// # Errors
/// A [`Problem`] if it is missing, too large, or not UTF-8. A byte-order mark is dropped.
pub fn read_text(path: &Path, named: &str) -> Result<String, Problem> {
    text_of(read_file(path, named)?, named)
}

/// The text that a file's bytes are, without a byte-order mark.
///
/// # Errors
/// A [`Problem`] with line and byte where they are not UTF-8.
pub fn text_of(bytes: Vec<u8>, named: &str) -> Result<String, Problem> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..good]
            .iter()
            .filter(|b| **b == b'\n')
            .count()
            + 1;
        let message = format!("not UTF-8 text, from byte {} of the file", good + 1);
        Problem::in_file(named, message)
            .at(line)
            .mend("save the file as UTF-8")
    })?;
    Ok(text.trim_start_matches('\u{feff}').to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_committed_run_file_is_embedded() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("runs");
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .filter_map(|entry| entry.unwrap().file_name().into_string().ok())
            .filter_map(|name| name.strip_suffix(".toml").map(str::to_string))
            .collect();
        names.sort();
        let embedded: Vec<String> = embedded_runs().into_iter().map(|(name, _)| name).collect();
        assert_eq!(embedded, names);
    }

    #[test]
    fn a_folder_without_hindcasts_is_whole_and_one_without_parameters_is_not() {
        let folder = tempfile::tempdir().unwrap();
        for (subfolder, _) in FORM.iter().filter(|(name, _)| *name != "hindcast") {
            std::fs::create_dir_all(folder.path().join(subfolder)).unwrap();
        }
        let data = DataFolder::Disk(folder.path().to_path_buf());
        assert_eq!(
            data.list("hindcast", ".toml").unwrap(),
            Vec::<String>::new()
        );
        assert!(data.files().is_ok());
        std::fs::remove_dir(folder.path().join("parameters")).unwrap();
        assert!(data.files().is_err());
    }

    #[test]
    fn the_embedded_folder_has_every_part_of_its_form() {
        let files = DataFolder::Embedded.files().unwrap();
        for (subfolder, suffix) in FORM {
            let found = files
                .iter()
                .any(|f| f.starts_with(subfolder) && f.ends_with(suffix));
            assert!(found, "{subfolder}/*{suffix} is not embedded");
        }
        for path in FILES {
            assert!(files.iter().any(|f| f == path), "{path} is not embedded");
        }
    }

    #[test]
    fn single_files_are_exported_and_can_be_missing() {
        let temporary = tempfile::tempdir().unwrap();
        let target = temporary.path().join("data");
        let written = export(&target).unwrap();
        let folder = DataFolder::Disk(target.clone());
        assert_eq!(folder.files().unwrap().len(), written);
        assert_eq!(
            folder.hashes().unwrap(),
            DataFolder::Embedded.hashes().unwrap()
        );
        for path in FILES {
            std::fs::remove_file(target.join(path)).unwrap();
        }
        assert_eq!(folder.files().unwrap().len(), written - FILES.len());
        assert_eq!(folder.hashes().unwrap().len(), written - FILES.len());
    }
}
