//! A conference that was held, as the lines of the log tell of it one by one.

use super::entry::Entry;
use crate::clock::Millis;
use crate::conference::EventKind;
use crate::identity;
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::hash::BuildHasher;

/// A conference that was held, or is in progress.
///
/// The order of the lines is not always that of their times, so that nothing here depends on it but for what has the
/// same time.
#[derive(Debug, Default)]
pub struct Held {
    /// The name of the line; empty when it has none.
    pub line: Box<str>,
    /// The conference number; empty as long as no line of the log tells it.
    pub number: Box<str>,
    /// The identifier that the conference has in the log.
    pub conference: Box<str>,
    /// When it began; where the log does not tell, when it had begun for certain.
    pub begin: Millis,
    /// The most callers who were in at once.
    pub most_callers: u64,
    /// How many were not let in.
    pub refusals: u64,
    /// The numbers of those who took part, as far as they are known.
    pub telephone_numbers: BTreeSet<Box<str>>,
    /// The log tells when it began.
    created: bool,
    /// The last time at which somebody was in for certain.
    last_in: Millis,
    /// The time of the latest line.
    latest: Millis,
    /// By the latest line nobody was in any more.
    over: bool,
    /// When the caller of each session came in last, by the hash of the session.
    sessions: HashMap<u64, Millis>,
    /// How many came without a session.
    nameless: u64,
    /// When those of them who are still in came in.
    nameless_in: VecDeque<Millis>,
}

impl Held {
    /// A conference of which the log has told nothing before this.
    pub fn beginning_with(entry: &Entry<'_>) -> Self {
        Self { conference: (*entry.conference).into(), begin: entry.began(), ..Self::default() }
    }

    /// How many took part. Who came back with the same session counts once.
    pub fn callers(&self) -> u64 {
        self.nameless + self.sessions.len() as u64
    }

    /// When it ended; none when the log does not tell.
    pub fn end(&self) -> Option<Millis> {
        self.over.then_some(self.last_in)
    }

    /// How long it took, or has taken for certain.
    pub fn duration(&self) -> Millis {
        self.last_in.saturating_sub(self.begin)
    }

    /// Takes in what a line of the log tells. Sessions are told apart by their hash.
    pub fn take(&mut self, entry: &Entry<'_>, hasher: &impl BuildHasher) {
        if self.number.is_empty() {
            self.line = (*entry.line).into();
            self.number = (*entry.number).into();
        }
        let session = (!entry.session.is_empty()).then(|| hasher.hash_one(&*entry.session));
        if entry.event == EventKind::Created {
            (self.begin, self.created) = (entry.time, true);
        } else if !self.created {
            self.begin = self.begin.min(entry.began());
        }
        let last_in = match entry.event {
            EventKind::Created | EventKind::Joined => {
                self.came(session, entry.time);
                entry.time
            }
            EventKind::Left | EventKind::Kicked => {
                self.was_in(session, entry);
                entry.time
            }
            // It is told when somebody looks, which may be long after.
            EventKind::Expired => self.was_in(session, entry).saturating_add(entry.stayed()).min(entry.time),
            EventKind::Refused => {
                self.refusals += 1;
                entry.time
            }
            _ => entry.time,
        };
        let takes_part = !matches!(entry.event, EventKind::Refused | EventKind::Failed);
        if takes_part && !entry.caller.is_empty() && entry.caller.len() <= identity::MOST {
            self.telephone_numbers.insert((*entry.caller).into());
        }
        self.last_in = self.last_in.max(last_in);
        self.most_callers = self.most_callers.max(entry.callers.unwrap_or(0));
        if entry.time >= self.latest {
            self.latest = entry.time;
            self.over = entry.callers == Some(0)
                && matches!(
                    entry.event,
                    EventKind::Left | EventKind::Expired | EventKind::Kicked | EventKind::Ended
                );
        }
    }

    fn came(&mut self, session: Option<u64>, time: Millis) {
        match session {
            Some(session) => {
                let came = self.sessions.entry(session).or_insert(time);
                *came = time.max(*came);
            }
            None => {
                self.nameless += 1;
                self.nameless_in.push_back(time);
            }
        }
    }

    /// Since when somebody was in who is out now. If the log does not tell, they may have been there from the beginning.
    fn was_in(&mut self, session: Option<u64>, entry: &Entry<'_>) -> Millis {
        match session {
            Some(session) => *self.sessions.entry(session).or_insert(self.begin),
            // All of them are kept for the same time, so that the first who came is the first to be given up.
            None => self.nameless_in.pop_front().unwrap_or_else(|| {
                self.nameless += 1;
                entry.began()
            }),
        }
    }
}
