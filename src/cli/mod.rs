//! The command line: from arguments to a room, from an error to a message and an exit code.
//!
//! Data go to standard output, everything else to standard error.

pub mod arguments;
mod bar;
pub mod calibrate;
pub mod check;
pub mod check_arguments;
pub mod compare;
pub mod compare_arguments;
mod conclude;
pub mod data;
pub mod describe;
pub mod explain;
pub mod explain_arguments;
pub mod extend;
pub mod fit_arguments;
mod keeping;
pub mod list;
pub mod merge;
pub mod policies;
pub mod policies_arguments;
pub mod report;
pub mod report_arguments;
pub mod results;
mod rows;
pub mod run;
pub mod serve;
mod spread_files;
pub mod validate;
mod values;
pub mod verify;
pub mod why;
pub mod why_arguments;

pub use arguments::Arguments;

use crate::runs::ensemble::Halt;
use crate::runs::kept::{self, Ungathered};
use crate::runs::raw;
use crate::store::Trouble;
use crate::words::Problem;
use arguments::{Command, RunArguments};
use clap::CommandFactory;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Exit code: the work is done.
pub const DONE: u8 = 0;
/// Exit code: a check failed.
pub const CHECK_FAILED: u8 = 1;
/// Exit code: bad input or usage.
pub const BAD_INPUT: u8 = 2;
/// Exit code: something could not be written, or other trouble with the machine.
pub const IO_TROUBLE: u8 = 3;
/// Exit code: interrupted by the user (128 plus the number of the signal, as shells count).
pub const INTERRUPTED: u8 = 130;

/// How standard output is named where a path would stand.
const STDOUT: &str = "standard output";

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The input is wrong.
    #[error(transparent)]
    Problem(#[from] Problem),
    /// A file could not be written or read.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the machine says.
        source: io::Error,
    },
    /// Units could not be done; they have been told one by one.
    #[error(
        "{failed} units of work could not be done; {kept} are kept in {}\nhint: mend the cause \
         (make room on the disk, if that was it) and go on with --resume",
        folder.join(kept::FOLDER).display()
    )]
    Unfinished {
        /// The results folder.
        folder: PathBuf,
        /// How many could not be done.
        failed: usize,
        /// How many files of units are kept.
        kept: usize,
    },
    /// The user stopped the work.
    #[error("interrupted: no run was complete, and no results were written")]
    Interrupted,
}

impl From<Trouble> for CliError {
    fn from(trouble: Trouble) -> CliError {
        CliError::io(trouble.path, trouble.source)
    }
}

impl From<Halt> for CliError {
    fn from(halt: Halt) -> CliError {
        match halt {
            Halt::Problem(problem) => problem.into(),
            Halt::Trouble(trouble) => trouble.into(),
        }
    }
}

impl From<Ungathered> for CliError {
    fn from(ungathered: Ungathered) -> CliError {
        match ungathered {
            Ungathered::Problem(problem) => problem.into(),
            Ungathered::Trouble(trouble) => trouble.into(),
        }
    }
}

impl CliError {
    /// Trouble with this file.
    pub fn io(path: impl AsRef<Path>, source: io::Error) -> CliError {
        CliError::Io {
            path: path.as_ref().to_path_buf(),
            source,
        }
    }

    /// The exit code that tells of this error.
    pub fn exit_code(&self) -> u8 {
        match self {
            CliError::Problem(_) => BAD_INPUT,
            CliError::Io { .. } | CliError::Unfinished { .. } => IO_TROUBLE,
            CliError::Interrupted => INTERRUPTED,
        }
    }

    /// Has the reader of standard output gone away? Then all it wanted has been written.
    fn is_closed_output(&self) -> bool {
        matches!(self, CliError::Io { path, source }
            if path == Path::new(STDOUT) && source.kind() == ErrorKind::BrokenPipe)
    }
}

/// Carries out what the arguments ask for (nothing: the baseline run) and gives the exit code:
/// 0 done, 1 a check failed, 2 bad input or usage, 3 could not write or other trouble with the
/// machine, 130 interrupted. Errors are told on standard error.
pub fn dispatch(arguments: Arguments) -> u8 {
    match carry_out(arguments) {
        Ok(code) => code,
        Err(error) if error.is_closed_output() => DONE,
        Err(error) => {
            tell(&format!("error: {error}"));
            error.exit_code()
        }
    }
}

fn carry_out(arguments: Arguments) -> Result<u8, CliError> {
    match arguments.command {
        None => run::run(&RunArguments::baseline()),
        Some(Command::Run(arguments)) => run::run(&arguments),
        Some(Command::Extend(arguments)) => extend::extend(&arguments),
        Some(Command::Merge(arguments)) => merge::merge(&arguments),
        Some(Command::Verify(arguments)) => verify::verify(&arguments),
        Some(Command::Compare(arguments)) => compare::compare(&arguments),
        Some(Command::Report(arguments)) => report::report(&arguments),
        Some(Command::Why(arguments)) => why::why(&arguments),
        Some(Command::Check(arguments)) => check::check(&arguments),
        Some(Command::Calibrate(arguments)) => calibrate::calibrate(&arguments),
        Some(Command::Validate(arguments)) => validate::validate(&arguments),
        Some(Command::List(arguments)) => print(&list::list(&arguments)?),
        Some(Command::Policies(arguments)) => policies::policies(&arguments),
        Some(Command::Explain(arguments)) => explain::explain(&arguments),
        Some(Command::Describe(arguments)) => describe::describe(&arguments),
        Some(Command::Serve(arguments)) => serve::serve(&arguments),
        Some(Command::Schema) => print(&format!("{:#}\n", raw::schema())),
        Some(Command::Data { command }) => data::data(&command),
        Some(Command::Completions { shell }) => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "stabil", &mut script);
            print(&String::from_utf8_lossy(&script))
        }
    }
}

/// Writes data to standard output.
///
/// # Errors
/// [`CliError::Io`] if it cannot be written, a reader that went away included.
pub fn print(text: &str) -> Result<u8, CliError> {
    let mut output = io::stdout().lock();
    output
        .write_all(text.as_bytes())
        .and_then(|()| output.flush())
        .map_err(|error| CliError::io(STDOUT, error))?;
    Ok(DONE)
}

/// Writes a line for people to standard error. If nobody can read it there, it is lost.
pub fn tell(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn carry_out(words: &[&str]) -> Result<u8, CliError> {
        let words = ["stabil"].iter().chain(words);
        super::carry_out(clap::Parser::try_parse_from(words).unwrap())
    }

    #[test]
    fn each_error_has_its_exit_code() {
        let problem = CliError::from(Problem::in_file("a.toml", "bad").mend("mend it"));
        assert_eq!(problem.to_string(), "a.toml: bad\nhint: mend it");
        assert_eq!(problem.exit_code(), 2);
        let full = CliError::io("out.csv", io::Error::from(ErrorKind::StorageFull));
        assert!(full.to_string().starts_with("out.csv: "));
        assert_eq!(full.exit_code(), 3);
        assert_eq!(CliError::Interrupted.exit_code(), 130);
    }

    #[test]
    fn only_a_closed_standard_output_is_no_error() {
        let closed = |path: &str| CliError::io(path, io::Error::from(ErrorKind::BrokenPipe));
        assert!(closed(STDOUT).is_closed_output());
        assert!(!closed("out.csv").is_closed_output());
        let full = CliError::io(STDOUT, io::Error::from(ErrorKind::StorageFull));
        assert!(!full.is_closed_output());
    }

    #[test]
    fn data_are_exported_to_new_folders_only() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("new/data");
        let named = target.to_str().unwrap();
        assert_eq!(carry_out(&["data", "export", named]).unwrap(), DONE);
        let marker = target.join("mine.txt");
        std::fs::write(&marker, "mine").unwrap();
        let again = carry_out(&["data", "export", named]).unwrap_err();
        assert_eq!(again.exit_code(), BAD_INPUT, "{again}");
        let below_a_file = marker.join("data");
        let refused = carry_out(&["data", "export", below_a_file.to_str().unwrap()]).unwrap_err();
        assert_eq!(refused.exit_code(), IO_TROUBLE, "{refused}");
    }
}
