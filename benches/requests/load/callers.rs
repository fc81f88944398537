//! Simulated callers, who all enter, stay and leave, and the account of what they were told.
//!
//! Also a module of the integration tests: `ask` gives a request to whatever serves it there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// How many callers there are, and for how many numbers.
#[derive(Clone, Copy, Debug)]
pub struct Crowd {
    /// So many callers.
    pub callers: usize,
    /// So many numbers, between which the callers are divided.
    pub numbers: usize,
    /// How often each of them renews.
    pub renewals: usize,
    /// How many of them act at the same time.
    pub threads: usize,
}

/// A request of a caller.
#[derive(Clone, Debug)]
pub enum Call {
    /// GET with this query.
    Enter(String),
    /// POST of this form.
    Event(String),
}

/// Thirty callers for one number.
pub const THIRTY: Crowd = Crowd { callers: 30, numbers: 1, renewals: 2, threads: 30 };

/// Three hundred callers for a hundred numbers.
pub const THREE_HUNDRED: Crowd = Crowd { callers: 300, numbers: 100, renewals: 2, threads: 30 };

impl Crowd {
    /// The number that a caller keys in.
    pub fn number(&self, caller: usize) -> String {
        format!("7{:05}", caller % self.numbers)
    }

    /// Has them all enter, then all renew, then all leave, and checks what each of them was told. `ask` gives a
    /// request to the program and returns status and body; `kept` names the numbers that there are tokens for.
    ///
    /// The error says what is wrong with the account.
    pub fn hold(
        &self,
        ask: &(impl Fn(&Call) -> Result<(u16, String), String> + Sync),
        kept: impl Fn() -> Vec<String>,
    ) -> Result<(), String> {
        let entered = self.each(ask, |caller| {
            Call::Enter(format!("conference_code={}&session_id=s{caller}", self.number(caller)))
        })?;
        self.check_entries(&entered)?;
        let numbers: BTreeSet<String> = (0..self.callers).map(|caller| self.number(caller)).collect();
        let tokens: BTreeSet<String> = kept().into_iter().collect();
        if tokens != numbers {
            return Err(format!("tokens for {tokens:?}, callers in {numbers:?}"));
        }
        for _ in 0..self.renewals {
            self.report(ask, "renew", "'open'")?;
        }
        self.report(ask, "leave", "'left'")?;
        match kept() {
            tokens if tokens.is_empty() => Ok(()),
            tokens => Err(format!("everybody has left, but there are tokens: {tokens:?}")),
        }
    }

    fn report(
        &self,
        ask: &(impl Fn(&Call) -> Result<(u16, String), String> + Sync),
        event: &str,
        state: &str,
    ) -> Result<(), String> {
        let replies = self.each(ask, |caller| {
            let number = self.number(caller);
            Call::Event(format!("event={event}&conference_code={number}&session_id=s{caller}"))
        })?;
        match replies.iter().find(|reply| !reply.contains(state)) {
            Some(reply) => Err(format!("{event} was answered without {state}: {reply}")),
            None => Ok(()),
        }
    }

    /// For every number there is exactly one caller who creates the conference, and each of the others is told
    /// another count of those who are in already.
    fn check_entries(&self, documents: &[String]) -> Result<(), String> {
        let mut told: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (caller, document) in documents.iter().enumerate() {
            let others = match document.split_once("'joining&amp;count=") {
                Some((_, rest)) => {
                    let count = rest.split('\'').next().and_then(|count| count.parse().ok());
                    count.filter(|&count| count > 0).ok_or_else(|| format!("no count: {document}"))?
                }
                None if document.contains("'first_caller'") => 0,
                None => return Err(format!("caller {caller} was answered:\n{document}")),
            };
            told.entry(self.number(caller)).or_default().push(others);
        }
        for (number, mut others) in told {
            others.sort_unstable();
            if !others.iter().copied().eq(0..others.len()) {
                return Err(format!("the callers of {number} were told of {others:?} others"));
            }
        }
        Ok(())
    }

    /// One request of each caller, so many at a time; the bodies in the callers' order.
    pub fn each(
        &self,
        ask: &(impl Fn(&Call) -> Result<(u16, String), String> + Sync),
        call: impl Fn(usize) -> Call + Sync,
    ) -> Result<Vec<String>, String> {
        let next = AtomicUsize::new(0);
        let replies = Mutex::new(BTreeMap::new());
        thread::scope(|scope| {
            for _ in 0..self.threads {
                scope.spawn(|| {
                    loop {
                        let caller = next.fetch_add(1, Ordering::Relaxed);
                        if caller >= self.callers {
                            break;
                        }
                        let call = call(caller);
                        let reply = ask(&call).and_then(|(status, body)| match status {
                            200 => Ok(body),
                            _ => Err(format!("{call:?} was answered {status}: {body}")),
                        });
                        if let Ok(mut replies) = replies.lock() {
                            replies.insert(caller, reply);
                        }
                    }
                });
            }
        });
        let replies = replies.into_inner().map_err(|_| "a caller panicked".to_owned())?;
        if replies.len() != self.callers {
            return Err(format!("{} of {} callers were answered", replies.len(), self.callers));
        }
        replies.into_values().collect()
    }
}
