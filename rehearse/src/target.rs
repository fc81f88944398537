//! The line that is rehearsed: the program that is built in, another program, or an address.

use crate::arguments::Arguments;
use crate::http::HttpWeb;
use anyhow::{Context, Result, ensure};
use ccxml_platform::{Answer, CgiWeb, HttpRequest, Platform, Variations, Web};
use std::path::PathBuf;
use tempfile::TempDir;

/// Where the built-in program says that it is.
const SCRIPT_NAME: &str = "/cgi-bin/ccxml-conference";

/// A line to be rung.
pub enum Target {
    /// A program, started once per request.
    Program {
        /// Its file.
        file: PathBuf,
        /// Its settings.
        settings: Vec<(String, String)>,
    },
    /// Whatever is at an address.
    Address {
        /// The address.
        url: String,
        /// The way there.
        web: HttpWeb,
    },
}

/// A platform whose calls come to the line, and the directory of tokens that it may have for itself.
pub struct Setup {
    /// The platform.
    pub platform: Platform,
    /// Where a program keeps its tokens; none for an address.
    pub tokens: Option<TempDir>,
}

impl Target {
    /// The line that the command line names.
    pub fn of(arguments: &Arguments) -> Result<Self> {
        if let Some(url) = &arguments.url {
            ensure!(url.starts_with("http://") || url.starts_with("https://"), "{url} is no http address");
            let web = HttpWeb::new(arguments.timeout, &arguments.headers)?;
            return Ok(Target::Address { url: url.clone(), web });
        }
        let settings = arguments.settings.iter().map(|setting| {
            let (name, value) = setting.split_once('=').context("a setting is NAME=VALUE")?;
            ensure!(name.starts_with("CONFERENCE_"), "{name} is no setting of a line");
            Ok((name.to_string(), value.to_string()))
        });
        let file = match &arguments.program {
            // It is started in a directory of its own.
            Some(file) => std::path::absolute(file)?,
            None => std::env::current_exe().context("this program's own file can't be found")?,
        };
        Ok(Target::Program { file, settings: settings.collect::<Result<_>>()? })
    }

    /// What the line is called.
    pub fn name(&self) -> &str {
        match self {
            Target::Program { .. } => SCRIPT_NAME,
            Target::Address { url, .. } => url,
        }
    }

    /// The address of the document that answers calls.
    pub fn address(&self) -> String {
        match self {
            Target::Program { .. } => format!("http://line.example{SCRIPT_NAME}"),
            Target::Address { url, .. } => url.clone(),
        }
    }

    /// The way to it, and the directory of tokens that a program has for itself.
    pub fn way(&self) -> Result<(Way, Option<TempDir>)> {
        match self {
            Target::Address { web, .. } => Ok((Way::Address(web.clone()), None)),
            Target::Program { file, settings } => {
                let tokens = tempfile::tempdir().context("no directory can be made for the tokens")?;
                let web = CgiWeb::new(file)
                    .script_name(SCRIPT_NAME)
                    .folder(tokens.path())
                    .env("CONFERENCE_DIR", tokens.path())
                    // The settings file of this machine is about a line that people call, with its log and its rooms.
                    .env("CONFERENCE_CONFIG", "")
                    .parallel();
                let web = settings.iter().fold(web, |web, (name, value)| web.env(name, value));
                Ok((Way::Program(web), Some(tokens)))
            }
        }
    }

    /// Sets a platform up for it.
    pub fn set_up(&self, variations: Variations) -> Result<Setup> {
        let (way, tokens) = self.way()?;
        let mut platform = Platform::new(way, variations).at_address(&self.address());
        if let Target::Address { web, .. } = self {
            let recordings = web.clone();
            platform = platform.with_recordings(move |url| recordings.exists(url));
        }
        Ok(Setup { platform, tokens })
    }
}

/// The way to a line.
pub enum Way {
    /// By starting a program.
    Program(CgiWeb),
    /// By HTTP.
    Address(HttpWeb),
}

impl Web for Way {
    fn request(&mut self, request: &HttpRequest) -> Answer {
        match self {
            Way::Program(web) => web.request(request),
            Way::Address(web) => web.request(request),
        }
    }

    fn simultaneous(&mut self, requests: &[HttpRequest]) -> Vec<Answer> {
        match self {
            Way::Program(web) => web.simultaneous(requests),
            Way::Address(web) => web.simultaneous(requests),
        }
    }
}

impl Setup {
    /// The numbers that are still held, where that can be seen.
    pub fn tokens_left(&self) -> Vec<String> {
        let Some(tokens) = &self.tokens else { return Vec::new() };
        let entries = std::fs::read_dir(tokens.path()).into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        // What starts with a dot is the program's own affair.
        let mut names: Vec<String> = names.filter(|name| !name.starts_with('.')).collect();
        names.sort();
        names
    }
}
