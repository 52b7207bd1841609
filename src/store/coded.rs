//! Values as bytes and back: the one place where the format of checkpoints is chosen.
//!
//! Crate bincode, version 2.0.1 exactly, in its legacy configuration (whole numbers at their full
//! width, little end first). Why this version: 1.3 is no longer maintained and 3.0.0 is an empty
//! crate that does not compile (RUSTSEC-2025-0141); 2.0.1 is the last that works, and its legacy
//! bytes are also those of crate wincode, so that leaving it would change this file and no data.

use bincode::config;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The bytes of a value.
///
/// # Errors
/// For a value that cannot be written, such as a list of unknown length.
pub fn encoded<T: Serialize>(own: &T) -> std::io::Result<Vec<u8>> {
    bincode::serde::encode_to_vec(own, config::legacy()).map_err(std::io::Error::other)
}

/// The value that all of these bytes were made of; nothing if they were not. They must have been
/// checked before: a wrong length could ask for any amount of memory.
pub fn decoded<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let (own, used) = bincode::serde::decode_from_slice(bytes, config::legacy()).ok()?;
    (used == bytes.len()).then_some(own)
}
