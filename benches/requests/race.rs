//! Contestants that take turns: one round after the other, each of them once in every round, so that whatever
//! happens to the machine meanwhile happens to all of them.

use crate::cgi::{Program, Request};
use crate::statistics::Times;
use anyhow::Context;

/// How many rounds go before the first one that counts: files and caches warm up.
const WARM_UP: usize = 20;

/// One who takes part.
pub struct Contestant {
    /// How it is called in the report.
    pub name: String,
    program: Program,
    /// The request of a round, by its number.
    request: Box<dyn Fn(usize) -> Request>,
    /// Undoes the request of a round; no part of the time.
    undo: Option<Box<dyn Fn(usize) -> Request>>,
    /// What the response has to contain.
    mark: String,
    /// The times so far.
    pub times: Times,
}

impl Contestant {
    /// A program that is given the same request in every round, and answers something with `mark` in it.
    pub fn new(name: &str, program: &Program, request: Request, mark: &str) -> Self {
        Self::in_rounds(name, program, move |_| request.clone(), mark)
    }

    /// A program that is given a request of its own in each round.
    pub fn in_rounds(
        name: &str,
        program: &Program,
        request: impl Fn(usize) -> Request + 'static,
        mark: &str,
    ) -> Self {
        Self {
            name: name.to_owned(),
            program: program.clone(),
            request: Box::new(request),
            undo: None,
            mark: mark.to_owned(),
            times: Times::default(),
        }
    }

    /// Someone who enters a number in each round, and leaves it again before the next one.
    pub fn entering(
        name: &str,
        program: &Program,
        number: impl Fn(usize) -> String + 'static,
        mark: &str,
    ) -> Self {
        let number = std::rc::Rc::new(number);
        let enters = number.clone();
        let mut contestant =
            Self::in_rounds(name, program, move |round| Request::enter(&enters(round), "caller"), mark);
        contestant.undo = Some(Box::new(move |round| Request::event("leave", &number(round), "caller")));
        contestant
    }

    fn turn(&mut self, round: usize, counts: bool) -> anyhow::Result<()> {
        let (took, _) = self.program.answer(&(self.request)(round), &self.mark)?;
        if let Some(undo) = &self.undo {
            self.program.answer(&undo(round), "left").context("leaving")?;
        }
        if counts {
            self.times.push(took);
        }
        Ok(())
    }
}

/// Has all of them take turns for so many rounds.
pub fn race(contestants: &mut [Contestant], rounds: usize) -> anyhow::Result<()> {
    for round in 0..WARM_UP + rounds {
        // Each of them comes after each other one equally often.
        let shift = round % contestants.len().max(1);
        let (late, early) = contestants.split_at_mut(shift);
        for contestant in early.iter_mut().chain(late) {
            contestant.turn(round, round >= WARM_UP)?;
        }
    }
    Ok(())
}
