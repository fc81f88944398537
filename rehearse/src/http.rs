//! The way to a line behind a web server.

use anyhow::{Context, Result};
use ccxml_platform::{Answer, HttpRequest, HttpResponse, Web};
use std::time::Duration;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body, http};

/// No document is larger, in bytes.
const LARGEST: u64 = 1 << 20;

/// Sends requests as a voice platform does: no redirect is followed, no proxy used; `https` with the system's CAs.
#[derive(Clone)]
pub struct HttpWeb {
    agent: Agent,
    headers: Vec<(http::HeaderName, http::HeaderValue)>,
}

impl HttpWeb {
    /// A client that waits so long at most, and sends these headers (`Name: value`) with every request.
    pub fn new(timeout: Duration, headers: &[String]) -> Result<Self> {
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .timeout_global(Some(timeout))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .proxy(None)
            .user_agent(concat!("ccxml-conference-rehearse/", env!("CARGO_PKG_VERSION")));
        let headers = headers.iter().map(|header| {
            let (name, value) = header.split_once(':').context("a header is 'Name: value'")?;
            Ok((name.trim().parse()?, value.trim().parse()?))
        });
        let headers = headers.collect::<Result<_>>().context("a header can't be sent")?;
        Ok(HttpWeb { agent: config.build().into(), headers })
    }

    /// Whether there is something at an address.
    pub fn exists(&self, url: &str) -> bool {
        let mut request = self.agent.head(url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.call().is_ok_and(|response| response.status().is_success())
    }

    fn send(&self, request: &HttpRequest) -> Result<http::Response<Body>, ureq::Error> {
        let build = || {
            let mut sent = http::Request::builder().method(request.method).uri(&request.url);
            for (name, value) in &self.headers {
                sent = sent.header(name, value);
            }
            sent
        };
        match &request.form {
            Some(form) => {
                let sent = build().header("Content-Type", "application/x-www-form-urlencoded");
                self.agent.run(sent.body(form.as_str())?)
            }
            None => self.agent.run(build().body(())?),
        }
    }
}

impl Web for HttpWeb {
    fn request(&mut self, request: &HttpRequest) -> Answer {
        let mut response = self.send(request).map_err(|error| error.to_string())?;
        let body = response.body_mut().with_config().limit(LARGEST).read_to_vec();
        let body = body.map_err(|error| format!("the body breaks off: {error}"))?;
        let header = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers: Vec<(String, String)> =
            response.headers().iter().map(|(name, value)| (name.to_string(), header(value))).collect();
        let content_type = response.headers().get("content-type").map_or(String::new(), header);
        let mut answer = HttpResponse::new(response.status().as_u16(), &content_type, "");
        answer.headers = headers;
        match String::from_utf8(body) {
            Ok(body) => answer.body = body,
            Err(_) => answer.problems.push("the body is not UTF-8".into()),
        }
        if response.status().is_redirection() {
            answer.problems.push("voice platforms need not follow a redirect".into());
        }
        Ok(answer)
    }

    fn simultaneous(&mut self, requests: &[HttpRequest]) -> Vec<Answer> {
        let sending = |request| {
            let mut web = self.clone();
            move || web.request(request)
        };
        std::thread::scope(|scope| {
            let sent: Vec<_> = requests.iter().map(|request| scope.spawn(sending(request))).collect();
            let answer = |thread: std::thread::ScopedJoinHandle<'_, Answer>| {
                thread.join().unwrap_or_else(|_| Err("the request could not be sent".into()))
            };
            sent.into_iter().map(answer).collect()
        })
    }
}
