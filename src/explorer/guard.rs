//! The door (døren): which requests are let in at all, and what every answer says to the browser.
//!
//! A page elsewhere must not reach the explorer through its reader's browser: not under another
//! name that leads to this machine (DNS rebinding), nor by a form or script that posts to it.

use super::Refusal;
use super::line::PATIENCE;
use super::routes::Desk;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::IpAddr;
use std::sync::Arc;

/// Longest address of a request, in bytes.
const LONGEST_ADDRESS: usize = 2048;

/// What every answer carries.
const HEADERS: [(HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
         connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
];

/// Under which names the explorer answers.
#[derive(Clone, Debug)]
pub struct Door {
    is_local: bool,
    names: Vec<String>,
}

impl Door {
    /// The door of an explorer that listens on this address and has these names besides.
    pub fn new(host: IpAddr, names: Vec<String>) -> Door {
        Door {
            is_local: host.is_loopback(),
            names: names.iter().map(|name| name.to_lowercase()).collect(),
        }
    }

    /// May the explorer be asked for under this name, with or without a port? Numeric addresses
    /// cannot be made to lead elsewhere, so they pass, on this machine alone those of its own.
    fn knows(&self, host: &str) -> bool {
        let name = without_port(host).to_lowercase();
        let bare = name.trim_start_matches('[').trim_end_matches(']');
        match bare.parse::<IpAddr>() {
            Ok(address) => !self.is_local || address.is_loopback(),
            Err(_) => name == "localhost" || self.names.contains(&name),
        }
    }

    /// # Errors
    /// A [`Refusal`] for a request that is not to be answered.
    fn admit(&self, method: &Method, address: &Uri, headers: &HeaderMap) -> Result<(), Refusal> {
        if address.to_string().len() > LONGEST_ADDRESS {
            let message = format!("the address is longer than {LONGEST_ADDRESS} bytes");
            return Err(Refusal::new(StatusCode::URI_TOO_LONG, message));
        }
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let host = text(header::HOST).unwrap_or_default();
        if headers.get_all(header::HOST).iter().count() != 1 || !self.knows(host) {
            let message = "the explorer is not known under this name";
            return Err(Refusal::new(StatusCode::MISDIRECTED_REQUEST, message)
                .about("Host", host)
                .mend("open it at the address that stabil serve printed, or give --name"));
        }
        if *method == Method::GET || *method == Method::HEAD {
            return Ok(());
        }
        let elsewhere = text(HeaderName::from_static("sec-fetch-site"))
            .is_some_and(|site| site != "same-origin" && site != "none");
        let origin = headers.get(header::ORIGIN).map(|origin| {
            let origin = origin.to_str().unwrap_or_default();
            let plain = origin.strip_prefix("http://");
            plain
                .or_else(|| origin.strip_prefix("https://"))
                .unwrap_or("")
        });
        if elsewhere || origin.is_some_and(|origin| !origin.eq_ignore_ascii_case(host)) {
            let message = "only the explorer's own page may ask for this";
            return Err(Refusal::new(StatusCode::FORBIDDEN, message)
                .about("Origin", text(header::ORIGIN).unwrap_or_default()));
        }
        Ok(())
    }
}

/// A host without its port.
fn without_port(host: &str) -> &str {
    match host.rfind(']') {
        Some(end) => &host[..=end],
        None => host.split(':').next().unwrap_or(host),
    }
}

/// The refusal of a request whose body does not come.
fn late() -> Refusal {
    let message = format!(
        "the request did not come within {} seconds",
        PATIENCE.as_secs()
    );
    Refusal::new(StatusCode::REQUEST_TIMEOUT, message)
}

/// Lets a request in or refuses it, and puts the headers on whatever the answer is.
pub async fn guard(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let admitted = desk
        .door
        .admit(request.method(), request.uri(), request.headers());
    let mut response = match admitted {
        // Only these have a body to wait for; an answer to a GET may be a stream of news.
        Ok(()) if request.method() == Method::POST => {
            match tokio::time::timeout(PATIENCE, next.run(request)).await {
                Ok(response) => response,
                Err(_) => late().into_response(),
            }
        }
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn door(host: &str, names: &[&str]) -> Door {
        let names = names.iter().map(|name| (*name).to_string()).collect();
        Door::new(host.parse().unwrap(), names)
    }

    #[test]
    fn names_that_could_lead_elsewhere_are_not_known() {
        let local = door("127.0.0.1", &[]);
        for host in ["127.0.0.1:8080", "localhost", "LocalHost:1", "[::1]:80"] {
            assert!(local.knows(host), "{host}");
        }
        for host in [
            "evil.example",
            "192.168.1.4:80",
            "",
            "localhost.evil",
            "[::2]",
        ] {
            assert!(!local.knows(host), "{host}");
        }
        let open = door("0.0.0.0", &["Stabil.Example"]);
        assert!(open.knows("192.168.1.4:80") && open.knows("stabil.example:80"));
        assert!(!open.knows("evil.example"));
    }

    #[test]
    fn posts_from_other_pages_are_refused() {
        let door = door("127.0.0.1", &[]);
        let answer = |method: Method, pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("localhost:80"));
            for (name, value) in pairs {
                headers.insert(*name, HeaderValue::from_static(value));
            }
            let found = door.admit(&method, &Uri::from_static("/api/runs"), &headers);
            found.map_err(|refusal| refusal.status)
        };
        assert_eq!(answer(Method::POST, &[]), Ok(()));
        let own = [("origin", "http://localhost:80")];
        assert_eq!(answer(Method::POST, &own), Ok(()));
        for foreign in [
            ("origin", "http://evil.example"),
            ("origin", "null"),
            ("origin", "http://localhost:81"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            assert_eq!(answer(Method::POST, &[foreign]), Err(403), "{foreign:?}");
        }
        let page = [("sec-fetch-site", "cross-site")];
        assert_eq!(answer(Method::GET, &page), Ok(()));
    }
}
