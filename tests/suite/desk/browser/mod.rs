//! The desk in a real browser, behind a real web server that asks for a password, with callers on the line.

mod driver;
mod interaction;
mod looks;
mod pictures;

use crate::calls::assert_heard;
use crate::program::BINARY;
use crate::servers::{DESK, LOGIN, Running, Setup, apache};
use ccxml_platform::{CallId, Caller, CgiWeb, Platform, Variations, secs};
use driver::Browser;

/// A line with its telephones, and a browser that shows its desk.
struct Desk<'a> {
    platform: Platform,
    browser: Browser,
    server: Running<'a>,
}

impl<'a> Desk<'a> {
    /// None where Apache or Chromium isn't installed.
    fn open(setup: &'a Setup, javascript: bool) -> Option<Self> {
        let server = (apache::APACHE.start)(setup)?;
        let browser = Browser::start(setup, javascript)?;
        let mut web = CgiWeb::new(BINARY).folder(setup.path(""));
        for (name, value) in setup.settings() {
            web = web.env(name, value);
        }
        // Session ids are the platform's, and nobody says what they look like.
        let platform = Platform::new(web, Variations { hostile_ids: true, ..Variations::default() });
        browser.open(&format!("http://{LOGIN}@localhost:{}{DESK}", server.address().port()));
        Some(Self { platform, browser, server })
    }

    fn url(&self, query: &str) -> String {
        format!("http://localhost:{}{DESK}{query}", self.server.address().port())
    }

    /// Somebody calls and keys in 1234, and has had the time to get in.
    fn call(&mut self, number: &str) -> CallId {
        let call = self.platform.call(Caller::new(number).keys("1234#"), self.platform.now());
        self.platform.run_for(secs(30));
        call
    }

    /// The row of a caller on the page of a conference.
    fn row(&self, call: CallId) -> String {
        let id = format!("s-{}", self.platform.record(call).session_id);
        format!("[id={}]", serde_json::to_string(&id).unwrap())
    }

    #[track_caller]
    fn assert_heard(&self, call: CallId, words: &str) {
        assert_heard(&self.platform, call, words);
    }

    /// The console is empty: the page does nothing that a browser warns of.
    fn assert_quiet(&self) {
        assert_eq!(self.browser.console(), [""; 0]);
    }
}
