//! A real browser, Chromium without a window, driven by WebDriver (W3C).

use crate::http::{Body, Request};
use crate::servers::{Group, Setup, installed, on_free_port};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long a page may take to come to something before a test gives up on it.
const PATIENCE: Duration = Duration::from_secs(40);

/// How an element is named in WebDriver's JSON.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser with one page. Dropping it ends it.
pub struct Browser {
    address: SocketAddr,
    session: String,
    _driver: Group,
    /// A browser is a crowd of processes: two at once are more than a small machine can do in time.
    _turn: MutexGuard<'static, ()>,
}

static TURN: Mutex<()> = Mutex::new(());

/// An element of a page.
pub struct Element(String);

impl Browser {
    /// Starts a browser that writes into the folder of a test; with or without JavaScript. None where it isn't installed.
    pub fn start(setup: &Setup, javascript: bool) -> Option<Self> {
        let (driver, chromium) = (installed("chromedriver")?, installed("chromium")?);
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let home = setup.folder("browser");
        let output = setup.path("chromedriver.out");
        let (group, address) = on_free_port(&output, |port| {
            let mut command = Command::new(&driver);
            command.arg(format!("--port={port}"));
            Group::start(setup.confine(&mut command).env("HOME", &home), &output)
        });
        let flags = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ];
        let mut flags: Vec<_> = flags.map(str::to_owned).into();
        flags.push(format!("--user-data-dir={}", home.join("profile").display()));
        let preferences = match javascript {
            true => json!({}),
            false => json!({"profile.managed_default_content_settings.javascript": 2}),
        };
        let capabilities = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": {"binary": chromium, "args": flags, "prefs": preferences},
            "goog:loggingPrefs": {"browser": "ALL"},
        }}});
        let mut browser = Self { address, session: String::new(), _driver: group, _turn: turn };
        let session = browser.send("POST", "/session", &capabilities).expect("a session can be made");
        browser.session = format!("/session/{}", session["sessionId"].as_str().unwrap());
        Some(browser)
    }

    fn send(&self, method: &str, path: &str, body: &Value) -> Result<Value, Value> {
        let request = match method {
            "POST" => Request::new(method, "").with("application/json", Body::Sized(body.to_string().into())),
            _ => Request::new(method, ""),
        };
        let failed = |error: &dyn std::fmt::Display| json!(error.to_string());
        let path = format!("{}{path}", self.session);
        let response = request.send_by_length(self.address, &path).map_err(|error| failed(&error))?;
        let answer: Value = serde_json::from_slice(&response.body).map_err(|error| failed(&error))?;
        if response.status == 200 { Ok(answer["value"].clone()) } else { Err(answer["value"].clone()) }
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        self.send("POST", path, body).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Opens a page.
    pub fn open(&self, url: &str) {
        self.post("/url", &json!({"url": url}));
    }

    /// Loads the page again.
    pub fn reload(&self) {
        self.post("/refresh", &json!({}));
    }

    /// What a function's body in JavaScript returns.
    pub fn evaluate(&self, script: &str) -> Value {
        self.post("/execute/sync", &json!({"script": script, "args": []}))
    }

    /// The first element that a CSS selector finds and that is shown, once there is one.
    pub fn find(&self, selector: &str) -> Element {
        self.eventually(selector, || self.shown(selector))
    }

    /// The element now, if it is there and shown.
    pub fn shown(&self, selector: &str) -> Option<Element> {
        let by = json!({"using": "css selector", "value": selector});
        let found = self.send("POST", "/element", &by).ok()?;
        let element = Element(format!("/element/{}", found[ELEMENT].as_str()?));
        let shown = self.send("GET", &format!("{}/displayed", element.0), &Value::Null).ok()?;
        shown.as_bool()?.then_some(element)
    }

    /// The text that is shown of the whole page.
    pub fn text(&self) -> String {
        self.evaluate("return document.body.innerText").as_str().unwrap_or_default().to_owned()
    }

    /// Presses the mouse button on the first element that a selector finds.
    pub fn click(&self, selector: &str) {
        self.eventually(selector, || {
            let element = self.shown(selector)?;
            self.send("POST", &format!("{}/click", element.0), &json!({})).ok()
        });
    }

    /// Presses keys wherever the focus is.
    pub fn keys(&self, keys: &str) {
        let pressed =
            keys.chars().flat_map(|key| ["keyDown", "keyUp"].map(|what| json!({"type": what, "value": key})));
        let keyboard = json!({"type": "key", "id": "keyboard", "actions": pressed.collect::<Vec<_>>()});
        self.post("/actions", &json!({"actions": [keyboard]}));
    }

    /// A command of Chromium's own protocol.
    pub fn command(&self, command: &str, parameters: &Value) -> Value {
        self.post("/goog/cdp/execute", &json!({"cmd": command, "params": parameters}))
    }

    /// Takes the network away from the browser, or gives it back.
    pub fn offline(&self, offline: bool) {
        let conditions = json!({"offline": offline, "latency": 0, "throughput": 100_000_000});
        self.post("/chromium/network_conditions", &json!({"network_conditions": conditions}));
    }

    /// What the browser has written to its console since it was asked last.
    pub fn console(&self) -> Vec<String> {
        let entries = self.post("/se/log", &json!({"type": "browser"}));
        entries.as_array().unwrap().iter().map(|entry| entry["message"].to_string()).collect()
    }

    /// Waits until there is an answer.
    pub fn eventually<T>(&self, what: &str, mut question: impl FnMut() -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(answer) = question() {
                return answer;
            }
            assert!(Instant::now() < deadline, "{what}: {}", self.text());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until the page shows a text.
    pub fn reads(&self, text: &str) {
        self.eventually(text, || self.text().contains(text).then_some(()));
    }
}

impl Element {
    /// The text that is shown of it; none when it is gone.
    pub fn text(&self, browser: &Browser) -> Option<String> {
        let text = browser.send("GET", &format!("{}/text", self.0), &Value::Null).ok()?;
        text.as_str().map(str::to_owned)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.send("DELETE", "", &Value::Null);
    }
}
