//! The stabil program: arguments in, exit code out.

use clap::Parser;
use stabil::cli::{Arguments, dispatch};
use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(dispatch(Arguments::parse()))
}
