//! Trouble with work files: a disk that is full, a file that is not what was written.

use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

/// A work file that cannot be written or read, or whose bytes are not those that were written.
#[derive(Debug, thiserror::Error)]
#[error("{}: {source}", path.display())]
pub struct Trouble {
    /// Which file.
    pub path: PathBuf,
    /// What the machine says, or what is wrong with the bytes.
    pub source: Error,
}

impl Trouble {
    /// What the machine says about a file.
    pub fn at(path: &Path, source: Error) -> Trouble {
        Trouble {
            path: path.to_path_buf(),
            source,
        }
    }

    /// A file that is not as it was written.
    pub fn corrupt(path: &Path, what: &str) -> Trouble {
        let message = format!("the work file is damaged ({what}); run again with --force");
        Trouble::at(path, Error::new(ErrorKind::InvalidData, message))
    }
}
