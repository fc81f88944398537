//! The desk (contract section 11), asked as a web server would ask it.

mod api;
mod browser;
mod fuzz;
mod lists;
mod openapi;
mod pages;
mod security;

use crate::program::{Asked, Line, Reply};
use serde_json::Value;

/// What the desk sends with everything.
const GUARD: [&str; 3] = ["Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"];

impl Line {
    /// A request to the line's desk by somebody who has logged in.
    pub fn ask_desk(&self, method: &str, query: &str) -> Asked<'_> {
        self.ask(method, query).variable("CONFERENCE_FACE", "desk").variable("REMOTE_USER", "anna")
    }

    /// A page of the desk.
    fn page(&self, query: &str) -> String {
        let reply = self.ask_desk("GET", query).reply();
        assert_eq!((reply.status.as_str(), reply.stderr.as_str()), ("200 OK", ""), "{query}: {}", reply.body);
        assert_eq!(reply.headers["Content-Type"], "text/html; charset=utf-8");
        reply.body
    }

    /// What the desk tells a program, with its status.
    fn desk_json(&self, query: &str) -> (String, Value) {
        json(&self.ask_desk("GET", query).variable("HTTP_ACCEPT", "application/json").reply())
    }

    /// What is to be done, as a browser sends it.
    fn press(&self, form: &str) -> Reply {
        self.ask_desk("POST", "").form(form).reply()
    }

    /// What is to be done, as a program sends it.
    fn order(&self, order: &Value) -> (String, Value) {
        let body = order.to_string();
        let asked = self.ask_desk("POST", "").variable("CONTENT_TYPE", "application/json");
        json(&asked.variable("CONTENT_LENGTH", body.len().to_string()).body(&body).reply())
    }

    /// The state of a conference, as the desk tells it.
    fn state_on_desk(&self, number: &str) -> String {
        let (_, conference) = self.desk_json(&format!("number={number}"));
        conference["state"].as_str().unwrap_or("none").to_owned()
    }
}

fn json(reply: &Reply) -> (String, Value) {
    assert_eq!(reply.headers["Content-Type"], "application/json; charset=utf-8", "{reply:?}");
    (reply.status.clone(), serde_json::from_str(&reply.body).unwrap())
}
