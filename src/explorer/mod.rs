//! The explorer (utforskeren): a local web page where scenarios are put together, run and looked at.
//!
//! The page describes a run in words and numbers ([`wanted`]); the server makes of them the text of
//! a run file, which is read by the reader that the command line uses. So the file that can be
//! downloaded gives the same figures there, and nothing of a request reaches the file system.
//! [`turns`] lets the jobs of several users share the cores; [`stage`] is the work of one job, first
//! on a small scale and then as asked for; [`routes`] answers requests.

mod assets;
mod catalogue;
mod figures;
mod guard;
mod job;
mod line;
mod places;
mod refusal;
mod routes;
mod stage;
mod turns;
mod wanted;

pub use refusal::Refusal;
pub use turns::Limits;
pub use wanted::Wanted;

use crate::evidence::DataFolder;
use crate::parameters::ModelData;
use crate::runs::Plan;
use crate::runs::batches::Outcome;
use crate::runs::effects::Told;
use crate::runs::ensemble::Ensemble;
use crate::store::Runs;
use crate::words::Problem;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// How the explorer is set up.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address to listen on.
    pub host: IpAddr,
    /// The port; 0 lets the system choose one.
    pub port: u16,
    /// Names, besides numeric addresses, under which the page may be asked for.
    pub names: Vec<String>,
    /// Threads that simulate.
    pub threads: usize,
    /// The data folder of all runs.
    pub data: DataFolder,
    /// How much may be asked for.
    pub limits: Limits,
}

/// A finished work whose results are to be written to a folder.
#[derive(Clone, Copy, Debug)]
pub struct Finished<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Draws and models.
    pub ensemble: &'a Ensemble,
    /// The results folder.
    pub folder: &'a Path,
    /// Threads used.
    pub threads: usize,
    /// Time spent on preparing.
    pub prepared: Duration,
    /// Time spent on simulating.
    pub simulated: Duration,
}

/// Writes the results of a finished work as `stabil run` writes them, and gives effects and costs by
/// scenario; or says why that cannot be done.
pub type File = fn(&Finished<'_>, Outcome, Runs) -> Result<Vec<Told>, String>;

/// Why the explorer could not be started, or ended.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The data folder is wrong.
    #[error(transparent)]
    Problem(#[from] Problem),
    /// The machine refuses.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// What the machine says.
        source: std::io::Error,
    },
}

impl ServeError {
    fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> ServeError {
        let what = what.into();
        move |source| ServeError::Io { what, source }
    }
}

/// Serves the explorer until `wait_for_end` returns. `ready` is told the address when requests are
/// answered. A folder with microdata is refused: bands are shown as they come, before disclosure
/// control could hide the small cells among them.
///
/// # Errors
/// [`ServeError`]: data that cannot be read, or an address that cannot be listened on.
pub fn serve(
    settings: Settings,
    file: File,
    ready: impl FnOnce(SocketAddr),
    wait_for_end: impl FnOnce() + Send + 'static,
) -> Result<(), ServeError> {
    let data = Arc::new(ModelData::read(settings.data.clone(), None)?);
    refuse_microdata(&data)?;
    let texts = assets::Texts::of(&data)?;
    let folder = tempfile::Builder::new()
        .prefix("stabil-explorer-")
        .tempdir()
        .map_err(ServeError::io("a temporary folder for results"))?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(settings.threads)
        .build()
        .map_err(|error| std::io::Error::other(error.to_string()))
        .map_err(ServeError::io("threads"))?;
    let hall = Arc::new(turns::Hall::open(settings.limits, folder.path()));
    let crew = turns::Crew {
        pool,
        data: Arc::clone(&data),
        file,
    };
    let conductor = {
        let hall = Arc::clone(&hall);
        std::thread::spawn(move || turns::conduct(&hall, &crew))
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(ServeError::io("the web server"))?;
    let served = runtime.block_on(async {
        let address = SocketAddr::new(settings.host, settings.port);
        let listener = tokio::net::TcpListener::bind(address)
            .await
            .map_err(ServeError::io(format!("cannot listen on {address}")))?;
        let address = listener
            .local_addr()
            .map_err(ServeError::io("the address"))?;
        let desk = routes::Desk {
            hall: Arc::clone(&hall),
            data,
            texts,
            door: guard::Door::new(settings.host, settings.names),
        };
        let router = routes::router(Arc::new(desk));
        ready(address);
        let ended = {
            let hall = Arc::clone(&hall);
            async move {
                // A thread that cannot be waited for has ended, and then so does the server.
                let _ = tokio::task::spawn_blocking(wait_for_end).await;
                hall.close();
            }
        };
        line::serve(listener, router, ended).await;
        Ok(())
    });
    hall.close();
    // The conductor ends after the turn under way; one that panicked has nothing left to wait for.
    let _ = conductor.join();
    runtime.shutdown_timeout(Duration::from_secs(2));
    served
}

/// Refuses people of a secure zone.
fn refuse_microdata(data: &ModelData) -> Result<(), Problem> {
    if data.microdata.is_none() {
        return Ok(());
    }
    let message = "the explorer does not serve a base population of microdata: it shows bands as \
                   they come, before small cells are hidden";
    Err(Problem::in_file("microdata", message)
        .mend("stabil run with this data folder; its results are screened"))
}
