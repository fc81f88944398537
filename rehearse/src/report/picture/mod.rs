//! The call as a sequence diagram: one lane each for the callers, the platform, the program and each conference.

mod drawing;
mod rows;

use crate::play::Play;
use anyhow::Result;

/// The picture of a call, as SVG that reads well on light and on dark ground.
pub fn of(play: &Play) -> Result<String> {
    drawing::draw(&rows::of(play))
}
