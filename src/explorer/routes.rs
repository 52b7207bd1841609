//! The routes (ruter): which address answers with what.
//!
//! Addresses of files are fixed words; a job is found by its identifier in a list, and a result by
//! its name in another. No text of a request becomes a path.

use super::assets::{ASSETS, Texts};
use super::guard::{Door, guard};
use super::job::{Job, Phase, Watcher};
use super::turns::{Hall, results};
use super::{Refusal, Wanted, figures};
use crate::parameters::ModelData;
use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{ConnectInfo, DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::stream::{Stream, unfold};
use serde::Deserialize;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Longest description of a run, in bytes.
const LONGEST_BODY: usize = 64 << 10;
/// How often the news of a job are looked at.
const PACE: Duration = Duration::from_millis(250);
/// How often jobs that nobody looks at are looked for.
const SWEEP: Duration = Duration::from_secs(1);
/// Most pages that are told news at a time.
const MOST_WATCHERS: usize = 200;
/// Longest name that a page gives itself.
const LONGEST_CLIENT: usize = 64;

/// The results that can be fetched, with their kinds.
const RESULTS: [(&str, &str); 13] = [
    ("report.html", "text/html; charset=utf-8"),
    ("bands.csv", "text/csv; charset=utf-8"),
    ("differences.csv", "text/csv; charset=utf-8"),
    ("effects.csv", "text/csv; charset=utf-8"),
    ("policies.csv", "text/csv; charset=utf-8"),
    ("reached.csv", "text/csv; charset=utf-8"),
    ("acceptability.csv", "text/csv; charset=utf-8"),
    ("retention.csv", "text/csv; charset=utf-8"),
    ("durations.csv", "text/csv; charset=utf-8"),
    ("uncertainty.csv", "text/csv; charset=utf-8"),
    ("manifest.json", "application/json; charset=utf-8"),
    ("bands.parquet", "application/vnd.apache.parquet"),
    ("differences.parquet", "application/vnd.apache.parquet"),
];

/// What all routes share.
#[derive(Debug)]
pub struct Desk {
    /// The jobs.
    pub hall: Arc<Hall>,
    /// The data of all runs.
    pub data: Arc<ModelData>,
    /// Texts made of them.
    pub texts: Texts,
    /// Who is let in.
    pub door: Door,
}

type Answer = Result<Response, Refusal>;

/// All routes. Must be called inside the runtime, for the sweeping that goes with them.
pub fn router(desk: Arc<Desk>) -> Router {
    let hall = Arc::clone(&desk.hall);
    tokio::spawn(async move {
        let mut pace = tokio::time::interval(SWEEP);
        while !hall.is_closing() {
            pace.tick().await;
            let hall = Arc::clone(&hall);
            // It removes folders; a sweep that failed is made up for by the next.
            let _ = tokio::task::spawn_blocking(move || hall.sweep()).await;
        }
    });
    let mut router = Router::new();
    for (address, kind, bytes) in ASSETS {
        let answer = move || async move { ([(header::CONTENT_TYPE, *kind)], *bytes) };
        router = router.route(address, get(answer));
    }
    router
        .route("/api/places", get(places))
        .route("/api/policies", get(policies))
        .route("/api/policies/{id}", get(policy))
        .route("/api/check", post(check))
        .route("/api/runs", post(run))
        .route("/api/runs/{id}", get(news))
        .route("/api/runs/{id}/events", get(events))
        .route("/api/runs/{id}/figures", get(show))
        .route("/api/runs/{id}/effects", get(effects))
        .route("/api/runs/{id}/cancel", post(cancel))
        .route("/api/runs/{id}/run.toml", get(run_file))
        .route("/api/runs/{id}/results/{name}", get(result))
        .fallback(async || Refusal::nothing("there is nothing at this address"))
        .method_not_allowed_fallback(async || {
            Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "not by this method")
        })
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .layer(from_fn_with_state(Arc::clone(&desk), guard))
        .with_state(desk)
}

fn json(text: String) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    (kind, text).into_response()
}

async fn places(State(desk): State<Arc<Desk>>) -> Response {
    json(desk.texts.places.clone())
}

async fn policies(State(desk): State<Arc<Desk>>) -> Response {
    json(desk.texts.catalogue.list.clone())
}

async fn policy(State(desk): State<Arc<Desk>>, Path(id): Path<String>) -> Answer {
    let found = desk.texts.catalogue.full.get(&id);
    let found = found.ok_or_else(|| Refusal::nothing("no policy has this name"))?;
    Ok(json(found.clone()))
}

/// The description of a run in a request.
fn wanted(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Wanted, Refusal> {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        let message = "the description of a run is sent as application/json";
        return Err(
            Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message).about("Content-Type", kind)
        );
    }
    let body = body.map_err(|rejection| {
        let message = match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => {
                format!("the description is longer than {LONGEST_BODY} bytes")
            }
            _ => "the description did not arrive whole".to_string(),
        };
        Refusal::new(rejection.status(), message)
    })?;
    Wanted::read(&body)
}

/// Work that takes a moment, away from the threads that answer.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| {
        let message = "a fault of the program; please report it with the run file";
        Err(Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, message))
    })
}

async fn check(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Answer {
    let wanted = wanted(&headers, body)?;
    let order = aside(move || wanted.order(&desk.data)).await?;
    Ok(json(
        serde_json::json!({ "toml": order.text, "work": order.work }).to_string(),
    ))
}

/// Who asks: the name that the page gives itself, else the address it comes from.
fn client(headers: &HeaderMap, from: SocketAddr) -> Result<String, Refusal> {
    let Some(named) = headers.get("x-stabil-client") else {
        return Ok(from.ip().to_string());
    };
    let named = named.to_str().unwrap_or_default();
    let plain = named.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if named.is_empty() || named.len() > LONGEST_CLIENT || !plain {
        let message = format!("it is 1 to {LONGEST_CLIENT} letters, digits and -");
        return Err(Refusal::unreadable(message).about("X-Stabil-Client", ""));
    }
    Ok(named.to_string())
}

async fn run(
    State(desk): State<Arc<Desk>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Answer {
    let client = client(&headers, from)?;
    let wanted = wanted(&headers, body)?;
    let job = aside(move || {
        let order = wanted.order(&desk.data)?;
        desk.hall.enter(&client, order)
    })
    .await?;
    let told = serde_json::json!({ "id": job.id, "work": job.order.work });
    Ok((StatusCode::CREATED, json(told.to_string())).into_response())
}

fn job(desk: &Desk, id: &str) -> Result<Arc<Job>, Refusal> {
    let found = desk.hall.find(id);
    found.ok_or_else(|| {
        Refusal::nothing("there is no such run, or it is no longer kept")
            .mend("press run again: the same description gives the same figures")
    })
}

fn told(desk: &Desk, job: &Job) -> String {
    let news = job.news(desk.hall.place(job));
    serde_json::to_string(&news).unwrap_or_default()
}

async fn news(State(desk): State<Arc<Desk>>, Path(id): Path<String>) -> Answer {
    let job = job(&desk, &id)?;
    aside(move || Ok(json(told(&desk, &job)))).await
}

/// One page that is told news; counted, so that there are not too many.
struct Listener {
    desk: Arc<Desk>,
    watcher: Watcher,
    pace: tokio::time::Interval,
    last: String,
    is_over: bool,
    _seat: Seat,
}

struct Seat;

static SEATS: AtomicUsize = AtomicUsize::new(0);

impl Seat {
    fn take() -> Result<Seat, Refusal> {
        if SEATS.fetch_add(1, Ordering::SeqCst) < MOST_WATCHERS {
            return Ok(Seat);
        }
        SEATS.fetch_sub(1, Ordering::SeqCst);
        let message = "too many pages look on at a time";
        Err(Refusal::new(StatusCode::TOO_MANY_REQUESTS, message))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        SEATS.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn events(State(desk): State<Arc<Desk>>, Path(id): Path<String>) -> Answer {
    let job = job(&desk, &id)?;
    let mut pace = tokio::time::interval(PACE);
    pace.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let listener = Listener {
        watcher: Watcher::of(&job),
        desk,
        pace,
        last: String::new(),
        is_over: false,
        _seat: Seat::take()?,
    };
    Ok(Sse::new(stream(listener))
        .keep_alive(KeepAlive::default())
        .into_response())
}

/// The news of a job whenever there are some, until it is over or the explorer is closed.
fn stream(listener: Listener) -> impl Stream<Item = Result<Event, Infallible>> {
    unfold(listener, |mut own| async move {
        if own.is_over {
            return None;
        }
        loop {
            own.pace.tick().await;
            if own.desk.hall.is_closing() {
                return None;
            }
            let job = own.watcher.job();
            let is_over = job.shown().phase.is_over();
            let told = told(&own.desk, job);
            if told != own.last || is_over {
                own.is_over = is_over;
                own.last.clone_from(&told);
                return Some((Ok(Event::default().data(told)), own));
            }
        }
    })
}

/// Whose figures are asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whose {
    profession: String,
    zone: String,
}

async fn show(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
    whose: Result<Query<Whose>, QueryRejection>,
) -> Answer {
    let job = job(&desk, &id)?;
    let Query(whose) =
        whose.map_err(|_| Refusal::unreadable("give one profession and one zone"))?;
    aside(move || {
        let found = figures::figures(&job, &whose.profession, &whose.zone)?;
        Ok(json(found.to_string()))
    })
    .await
}

async fn effects(State(desk): State<Arc<Desk>>, Path(id): Path<String>) -> Answer {
    let job = job(&desk, &id)?;
    let effects = job.shown().effects.clone();
    let effects = effects.ok_or_else(not_yet)?;
    Ok(json(effects.to_string()))
}

fn not_yet() -> Refusal {
    Refusal::new(StatusCode::CONFLICT, "the run has no results yet")
}

async fn cancel(State(desk): State<Arc<Desk>>, Path(id): Path<String>) -> Answer {
    let job = job(&desk, &id)?;
    desk.hall.cancel(&job);
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn attached(kind: &'static str, name: &str, body: impl IntoResponse) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind.to_string()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    (headers, body).into_response()
}

async fn run_file(State(desk): State<Arc<Desk>>, Path(id): Path<String>) -> Answer {
    let job = job(&desk, &id)?;
    // A run's name is small letters, digits, - and _.
    let name = format!("{}.toml", job.order.plan.name);
    Ok(attached(
        "application/toml; charset=utf-8",
        &name,
        job.order.text.clone(),
    ))
}

async fn result(State(desk): State<Arc<Desk>>, Path((id, name)): Path<(String, String)>) -> Answer {
    let job = job(&desk, &id)?;
    let known = RESULTS.iter().find(|(known, _)| *known == name);
    let (known, kind) = known.ok_or_else(|| Refusal::nothing("there is no result of this name"))?;
    if job.shown().phase != Phase::Done {
        return Err(not_yet());
    }
    let path = results(&job).join(known);
    aside(move || {
        let bytes = std::fs::read(path)
            .map_err(|_| Refusal::nothing("this run has no result of this name"))?;
        Ok(attached(kind, known, bytes))
    })
    .await
}
