//! Says the words aloud, by espeak-ng.

use super::line::News;
use anyhow::{Context, Result};
use std::process::{Child, Command, Stdio};

/// What speaks.
const PROGRAM: &str = "espeak-ng";

/// A voice that says one thing at a time.
pub struct Voice {
    speaking: Option<Child>,
}

impl Voice {
    /// The voice, if there is one.
    pub fn find() -> Result<Self> {
        let found =
            Command::new(PROGRAM).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        found.with_context(|| format!("--speak needs {PROGRAM}, which is not installed"))?;
        Ok(Voice { speaking: None })
    }

    /// Says what is said, and stops when it is cut off.
    pub fn follow(&mut self, news: &News) {
        match news {
            News::Said { lang, words, .. } => {
                self.stop();
                let language = lang.to_ascii_lowercase();
                let mut command = Command::new(PROGRAM);
                if !language.is_empty() {
                    command.args(["-v", &language]);
                }
                command.arg("--").arg(words);
                command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
                self.speaking = command.spawn().ok();
            }
            News::Interrupted { .. } | News::Over { .. } => self.stop(),
            _ => {}
        }
    }

    fn stop(&mut self) {
        if let Some(mut child) = self.speaking.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Voice {
    fn drop(&mut self) {
        self.stop();
    }
}
