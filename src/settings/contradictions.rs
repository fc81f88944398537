//! Settings that contradict each other.

use super::Settings;
use crate::conference::Times;

impl Settings {
    /// What is allowed, but will hardly do what was meant.
    pub fn contradictions(&self) -> Vec<String> {
        let Times { lease, max_age, renew, .. } = self.times;
        let mut found = Vec::new();
        if !self.documents.dialect.sends_forms() {
            if lease < max_age {
                found.push(format!(
                    "CONFERENCE_LEASE ({} s) ends conferences that go on for longer: with CONFERENCE_DIALECT=2002 \
                     nobody renews; leave it out, CONFERENCE_MAX_AGE takes its place",
                    lease / 1000
                ));
            }
        } else if lease < 2 * renew {
            found.push(format!(
                "CONFERENCE_LEASE ({} s) is shorter than two renewals ({} s each): one lost renewal gives a \
                 caller's place away; make it three times CONFERENCE_RENEW",
                lease / 1000,
                renew / 1000
            ));
        }
        if max_age < lease {
            found.push(format!(
                "CONFERENCE_MAX_AGE ({} s) is shorter than CONFERENCE_LEASE ({} s): callers without a session \
                 are lost before those with one",
                max_age / 1000,
                lease / 1000
            ));
        }
        if self.lock_timeout.as_secs() >= 10 {
            found.push(format!(
                "CONFERENCE_LOCK_TIMEOUT ({} s) is as long as the documents wait for an answer (10 s), so \
                 that callers hear an apology first; make it 5",
                self.lock_timeout.as_secs()
            ));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::super::environment::Environment;
    use super::*;

    #[test]
    fn what_will_hardly_do_is_told_to_the_second() {
        let told = |variable, value| {
            Settings::from_environment(&Environment::from_iter([(variable, value)]))
                .unwrap()
                .contradictions()
                .concat()
        };
        for (variable, well, ill, words) in [
            ("CONFERENCE_LEASE", "120", "119", "two renewals"),
            ("CONFERENCE_MAX_AGE", "180", "179", "shorter than CONFERENCE_LEASE"),
            ("CONFERENCE_LOCK_TIMEOUT", "9", "10", "hear an apology first"),
        ] {
            assert_eq!(told(variable, well), "");
            assert!(told(variable, ill).contains(words), "{variable}");
        }
    }
}
