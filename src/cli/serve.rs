//! `stabil serve`: the explorer, a local web page for putting scenarios together.

use super::arguments::DataChoice;
use super::conclude::{self, Work};
use super::values;
use super::{CliError, DONE, tell};
use crate::explorer::{self, Finished, Limits, ServeError, Settings};
use crate::runs::batches::Outcome;
use crate::runs::effects::Told;
use crate::runs::kept::Sheet;
use crate::runs::overrides::Overrides;
use crate::store::Runs;
use clap::Args;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::mpsc;
use std::time::Duration;

pub(super) const SERVE_EXAMPLES: &str = "\
Examples:
  stabil serve                            the explorer at http://127.0.0.1:8719
  stabil serve --port 0                   at a free port, which is printed
  stabil serve --host 0.0.0.0 --name stabil.example.org
                                          for others in the same network (no passwords, no
                                          encryption: put a proxy before it that has them)";

/// Arguments of `stabil serve`.
#[derive(Clone, Debug, Args)]
pub struct ServeArguments {
    /// Port to listen on; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 8719)]
    pub port: u16,
    /// Address to listen on; others than this machine reach it only at an address of its network
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub host: IpAddr,
    /// A name besides numeric addresses under which browsers may ask for the page; can be repeated
    #[arg(long, value_name = "NAME")]
    pub name: Vec<String>,
    /// Threads to use [default: one to each core]; results do not depend on it
    #[arg(long, value_name = "N", value_parser = values::threads)]
    pub threads: Option<usize>,
    /// Seconds that a run goes on when no page looks at it any more
    #[arg(long, value_name = "SECONDS", default_value_t = 20)]
    pub grace: u64,
    /// The data folder.
    #[command(flatten)]
    pub data: DataChoice,
}

impl From<ServeError> for CliError {
    fn from(error: ServeError) -> CliError {
        match error {
            ServeError::Problem(problem) => problem.into(),
            ServeError::Io { what, source } => CliError::io(what, source),
        }
    }
}

/// Carries out `stabil serve`: until it is interrupted.
///
/// # Errors
/// A [`CliError`]: bad data, or an address that cannot be listened on.
pub fn serve(arguments: &ServeArguments) -> Result<u8, CliError> {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let settings = Settings {
        host: arguments.host,
        port: arguments.port,
        names: arguments.name.clone(),
        threads: arguments.threads.unwrap_or_else(cores),
        data: arguments.data.folder()?,
        limits: Limits {
            grace: Duration::from_secs(arguments.grace),
            ..Limits::default()
        },
    };
    if !arguments.host.is_loopback() {
        tell(
            "warning: whoever reaches this machine's network can use the explorer and its cores; \
             there are no passwords and no encryption",
        );
    }
    let (end, ended) = mpsc::channel();
    // Without a handler (there is one already) an interruption simply ends the program.
    let _ = ctrlc::set_handler(move || {
        let _ = end.send(());
    });
    let wait_for_end = move || {
        let _ = ended.recv();
    };
    let ready = |address| {
        tell(&format!(
            "the explorer is at http://{address}  (end it with Ctrl-C)"
        ));
    };
    explorer::serve(settings, file, ready, wait_for_end)?;
    tell("the explorer is closed");
    Ok(DONE)
}

/// Writes results as `stabil run` does.
fn file(finished: &Finished<'_>, outcome: Outcome, runs: Runs) -> Result<Vec<Told>, String> {
    let (data, _) = finished.ensemble.evidence();
    let sheet = Sheet::of(finished.plan, data, &Overrides::default(), None)
        .map_err(|problem| problem.to_string())?;
    let work = Work {
        plan: finished.plan,
        ensemble: finished.ensemble,
        sheet: &sheet,
        folder: finished.folder,
        quiet: true,
        prints: false,
        threads: finished.threads,
        prepared: finished.prepared,
    };
    let filed = conclude::file(&work, outcome, runs, finished.simulated);
    filed.map(|filed| filed.told).map_err(|error| match error {
        // Without the path: it is nobody's business who asks from elsewhere.
        CliError::Io { source, .. } => source.to_string(),
        other => other.to_string(),
    })
}
