//! Refusals (avslag): why a request is not answered with what it asks for.

use crate::words::Problem;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// A refusal, told as JSON with the status that fits it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// The HTTP status: 4xx where the request is at fault, 5xx where the server is.
    #[serde(skip)]
    pub status: u16,
    /// What is wrong and what is allowed.
    pub message: String,
    /// The key concerned, by its path in the run file; empty when none.
    pub key: String,
    /// The value found; empty when none.
    pub value: String,
    /// How to mend it; may be empty.
    pub hint: String,
}

impl Refusal {
    /// A refusal with a status.
    pub fn new(status: StatusCode, message: impl Into<String>) -> Refusal {
        Refusal {
            status: status.as_u16(),
            message: message.into(),
            key: String::new(),
            value: String::new(),
            hint: String::new(),
        }
    }

    /// The same, about this key and value.
    pub fn about(mut self, key: &str, value: impl ToString) -> Refusal {
        self.key = key.to_string();
        self.value = value.to_string();
        self
    }

    /// The same, with a remedy.
    pub fn mend(mut self, hint: impl Into<String>) -> Refusal {
        self.hint = hint.into();
        self
    }

    /// A description that cannot be read.
    pub fn unreadable(message: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::BAD_REQUEST, message)
    }

    /// Nothing is there.
    pub fn nothing(message: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::NOT_FOUND, message)
    }

    /// A description that can be read and not be carried out.
    pub fn impossible(message: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, message)
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Refusal {
        Refusal::impossible(problem.message)
            .about(&problem.key, problem.value)
            .mend(problem.hint)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let body = serde_json::json!({ "error": self }).to_string();
        let kind = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
        (status, kind, body).into_response()
    }
}
