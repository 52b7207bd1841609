//! The line (linja): connections, and how long a request may take to come.
//!
//! Whoever sends a byte now and then would hold a connection for as long as it pleases: the headers
//! of a request must have come within [`PATIENCE`], and so must its body (see [`super::guard`]).

use axum::Router;
use axum::extract::{ConnectInfo, Extension};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// The longest that the headers of a request may take to come, and that a body may.
pub const PATIENCE: Duration = Duration::from_secs(8);
/// Connections that are open at the same time at most; others wait to be taken.
const CONNECTIONS: usize = 512;
/// The longest that answers under way are waited for at the end.
const FAREWELL: Duration = Duration::from_secs(5);
/// Pause after a connection that could not be taken, as when the system has no more to give.
const PAUSE: Duration = Duration::from_millis(50);

/// Answers requests until `ended`; answers under way are finished.
pub async fn serve(listener: TcpListener, router: Router, ended: impl Future<Output = ()>) {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE);
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let mut ended = std::pin::pin!(ended);
    loop {
        let next = async {
            // The semaphore is never closed.
            let place = Arc::clone(&room).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, taken) = tokio::select! {
            next = next => next,
            () = &mut ended => break,
        };
        let Ok((stream, from)) = taken else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let router = router
            .clone()
            .layer(Extension(ConnectInfo::<SocketAddr>(from)));
        let service = TowerToHyperService::new(router);
        let connection = builder.serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A reader who leaves, or is too slow, is no fault of the explorer's.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(FAREWELL, graceful.shutdown()).await;
}
