//! The program as its users meet it: words typed into a terminal, files found, messages read,
//! exit codes.
//!
//! Each test sits down at a [`cli::desk::Desk`], an empty folder of its own, types words there
//! and says what must come back. Escape codes and panics are looked for in every answer.

mod cli {
    pub mod desk;
    pub mod results;

    mod accounting;
    mod bad_data;
    mod bad_policies;
    mod bad_runs;
    #[cfg(unix)]
    mod calibration;
    mod commands;
    mod compare;
    mod conditions;
    mod described;
    mod ensemble;
    mod explain;
    mod folders;
    #[cfg(unix)]
    mod interruption;
    mod keeping;
    mod overridden;
    mod own_data;
    mod policies;
    mod python;
    mod repeatability;
    mod services;
    mod tables;
    mod uncertainty;
    mod vacancy;
    mod validate;
    mod verify;
    mod zones;
}
