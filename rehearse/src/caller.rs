//! Callers as the command line describes them.

use crate::secrets::Secrets;
use anyhow::{Context, Result, anyhow, bail, ensure};
use ccxml_conference::settings::environment::Environment;
use ccxml_platform::{Caller, Disturbance, Entry, Fault};
use std::str::FromStr;
use std::time::Duration;

/// The names that callers go by, in the order in which they are given.
const NAMES: &[&str] = &["Anna", "Ben", "Carla", "David", "Emma", "Farid", "Grace", "Hugo", "Ines", "Jonas"];

/// What somebody does who calls.
#[derive(Clone, Debug, Default)]
pub struct CallerSpec {
    entries: Vec<Entry>,
    /// When the caller rings.
    pub at: Duration,
    /// When the caller hangs up, if at a time.
    pub hangs_up_at: Option<Duration>,
    hangs_up_after: Option<(String, usize)>,
    presses: Vec<(Duration, String)>,
    patience: Option<Duration>,
    from: Option<String>,
    to: Option<String>,
    /// The digits among the keys that are not to be shown.
    pub secrets: Secrets,
}

impl CallerSpec {
    /// Somebody who keys this, rings at a time and hangs up at another.
    pub fn new(keys: &str, at: Duration, hangs_up_at: Duration) -> Self {
        CallerSpec { entries: vec![keys.into()], at, hangs_up_at: Some(hangs_up_at), ..Self::default() }
    }

    /// The caller, who is the `place`-th from zero, with one more thing that goes wrong if there is one.
    pub fn caller(&self, place: usize, fault: Option<Fault>) -> Caller {
        let number = self.from.clone().unwrap_or_else(|| telephone_number(place));
        let mut caller = self.entries.iter().cloned().fold(Caller::new(&number), Caller::entry);
        if let Some(moment) = self.hangs_up_at {
            caller = caller.hang_up_at(moment);
        }
        if let Some((event, nth)) = &self.hangs_up_after {
            caller = caller.with(Fault::after(*nth, event, Disturbance::HangUp));
        }
        for (moment, keys) in &self.presses {
            caller = caller.press_after(moment.saturating_sub(self.at), keys);
        }
        if let Some(patience) = self.patience {
            caller = caller.patience(patience);
        }
        if let Some(to) = &self.to {
            caller = caller.dialing(to);
        }
        fault.into_iter().fold(caller, Caller::with)
    }

    fn option(&mut self, option: &str) -> Result<()> {
        let (name, value) =
            option.split_once('=').with_context(|| format!("{option:?} is no OPTION=VALUE"))?;
        match name {
            "hangup" if value.starts_with(|first: char| first.is_ascii_digit()) => {
                self.hangs_up_at = Some(time(value)?);
            }
            "hangup" => {
                let (event, nth) = value.split_once(':').unwrap_or((value, "1"));
                let nth = nth.parse().ok().filter(|nth| *nth > 0);
                self.hangs_up_after =
                    Some((event.into(), nth.with_context(|| format!("{value:?} is no event"))?));
            }
            "key" => {
                let (keys, moment) =
                    value.split_once('@').with_context(|| format!("{value:?} is no KEYS@TIME"))?;
                ensure_keys(keys)?;
                self.presses.push((time(moment)?, keys.into()));
            }
            "patience" => self.patience = Some(time(value)?),
            "from" => self.from = Some(value.into()),
            "to" => self.to = Some(value.into()),
            _ => bail!("there is no option {name:?}; there are hangup, key, patience, from and to"),
        }
        Ok(())
    }
}

impl FromStr for CallerSpec {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let mut spec = CallerSpec::default();
        let text = reveal(text, &mut spec.secrets)?;
        let mut parts = text.split(',');
        let first = parts.next().unwrap_or_default();
        let (keys, start) = first.split_once('@').unwrap_or((first, "0s"));
        spec.at = time(start)?;
        spec.entries = keys.split('/').filter(|_| !keys.is_empty()).map(entry).collect::<Result<_>>()?;
        for option in parts {
            spec.option(option)?;
        }
        Ok(spec)
    }
}

/// The name of the `place`-th caller from zero.
pub fn name(place: usize) -> String {
    NAMES.get(place).map_or_else(|| format!("caller {}", place + 1), |name| (*name).into())
}

/// The number that the `place`-th caller rings from: one of those that are given to nobody.
pub fn telephone_number(place: usize) -> String {
    format!("+1202555{:04}", 101 + place)
}

fn entry(text: &str) -> Result<Entry> {
    Ok(match text {
        "-" => Entry::Silence,
        "?" => Entry::Nonsense,
        "x" => Entry::HangUp,
        _ => match text.strip_prefix('!') {
            Some(keys) => {
                ensure_keys(keys)?;
                Entry::Interrupting(keys.into())
            }
            None => {
                ensure_keys(text)?;
                Entry::Digits(text.into())
            }
        },
    })
}

fn ensure_keys(keys: &str) -> Result<()> {
    let keyed = !keys.is_empty() && keys.chars().all(|key| "0123456789*#p".contains(key));
    ensure!(keyed, "{keys:?} can't be keyed: there are 0 to 9, *, # and p for a pause");
    Ok(())
}

fn time(text: &str) -> Result<Duration> {
    humantime::parse_duration(text).map_err(|_| anyhow!("{text:?} is no time such as 20s or 1m30s"))
}

/// Puts what the environment or a file says in place of `{env:NAME}` and `{file:PATH}`.
fn reveal(text: &str, secrets: &mut Secrets) -> Result<String> {
    let Some((before, rest)) = text.split_once('{') else { return Ok(text.into()) };
    let (place, after) = rest.split_once('}').context("a { without its }")?;
    let secret = match place.split_once(':') {
        Some(("env", name)) => {
            let environment = Environment::of_this_process();
            let value = environment.get(name).with_context(|| format!("{name} is not set"))?;
            value.to_str().unwrap_or_default().to_string()
        }
        Some(("file", path)) => {
            std::fs::read_to_string(path).with_context(|| format!("{path} can't be read"))?
        }
        _ => bail!("{{{place}}} is neither {{env:NAME}} nor {{file:PATH}}"),
    };
    let secret = secret.trim();
    ensure!(
        !secret.is_empty() && secret.bytes().all(|byte| byte.is_ascii_digit()),
        "what {place} says is not made of digits"
    );
    secrets.add(secret);
    Ok(format!("{before}{secret}{}", reveal(after, secrets)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_is_read_with_all_that_can_be_said() {
        let text = "1234#/-/!12p#/?/x@20s,hangup=1m30s,key=*6@40s,patience=9s,from=+49301,to=tel:1";
        let spec: CallerSpec = text.parse().unwrap();
        let wanted = [
            Entry::from("1234#"),
            Entry::Silence,
            Entry::Interrupting("12p#".into()),
            Entry::Nonsense,
            Entry::HangUp,
        ];
        assert_eq!(spec.entries, wanted);
        assert_eq!((spec.at.as_secs(), spec.hangs_up_at.unwrap().as_secs()), (20, 90));
        assert_eq!(spec.presses, [(Duration::from_secs(40), "*6".to_string())]);
        assert_eq!((spec.from.as_deref(), spec.to.as_deref()), (Some("+49301"), Some("tel:1")));
        let spec: CallerSpec = "1#,hangup=dialog.started:2".parse().unwrap();
        assert_eq!(spec.hangs_up_after, Some(("dialog.started".into(), 2)));
        assert!(spec.hangs_up_at.is_none());
    }

    #[test]
    fn what_cannot_be_understood_is_told() {
        for (text, why) in [
            ("12a#", "can't be keyed"),
            ("1#@soon", "is no time"),
            ("1#,hangup", "no OPTION=VALUE"),
            ("1#,hangup=a:0", "no event"),
            ("1#,hung=1s", "there is no option"),
            ("{pin}#", "is neither"),
            ("{env:NOT_SET_ANYWHERE}", "is not set"),
            ("{file:/nowhere/at/all}", "can't be read"),
        ] {
            let error = text.parse::<CallerSpec>().unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
    }

    #[test]
    fn digits_of_a_file_are_keyed_and_hidden() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "271828\n").unwrap();
        let spec: CallerSpec = format!("4711#/{{file:{}}}#@2s", file.path().display()).parse().unwrap();
        assert_eq!(spec.entries, [Entry::from("4711#"), Entry::from("271828#")]);
        assert_eq!((spec.secrets.hide("271828#").as_str(), spec.at.as_secs()), ("••••#", 2));
    }
}
