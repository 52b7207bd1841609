//! Trouble with unit files: a disk that is full, a file that is not what was written.

use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

/// A unit file that cannot be written or read, or whose bytes are not those that were written.
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
        let message = format!("the file is damaged: {what}");
        Trouble::at(path, Error::new(ErrorKind::InvalidData, message))
    }

    /// A whole file of another layout than this program reads.
    pub fn foreign(path: &Path, found: u64, own: u32) -> Trouble {
        let message = format!("the layout has version {found}, and this program reads {own}");
        Trouble::at(path, Error::new(ErrorKind::Unsupported, message))
    }

    /// Is the file damaged? Then the unit can be done again.
    pub fn is_damage(&self) -> bool {
        matches!(
            self.source.kind(),
            ErrorKind::InvalidData | ErrorKind::UnexpectedEof
        )
    }

    /// Is there no room to write to? Then nothing else can be written either.
    pub fn is_no_room(&self) -> bool {
        matches!(
            self.source.kind(),
            ErrorKind::StorageFull
                | ErrorKind::QuotaExceeded
                | ErrorKind::ReadOnlyFilesystem
                | ErrorKind::FileTooLarge
        )
    }
}
