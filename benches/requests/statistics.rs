//! Medians, and how far the ratio of two can be trusted.

use std::time::Duration;

/// How often the measurements are drawn anew for an interval.
const DRAWS: usize = 1000;

/// What was measured of one contestant, once in each round: times in microseconds, mostly.
#[derive(Clone, Debug, Default)]
pub struct Times(Vec<f64>);

/// A ratio of medians with its interval at 95 %.
#[derive(Clone, Copy, Debug)]
pub struct Ratio {
    /// The ratio of the medians.
    pub ratio: f64,
    /// The lower end of the interval.
    pub low: f64,
    /// The upper end of the interval.
    pub high: f64,
}

impl Times {
    /// Adds the time of the next round.
    pub fn push(&mut self, time: Duration) {
        self.0.push(time.as_secs_f64() * 1e6);
    }

    /// Adds something else that was measured in the next round.
    pub fn push_value(&mut self, value: f64) {
        self.0.push(value);
    }

    /// The median.
    pub fn median(&self) -> f64 {
        median(&mut self.0.clone())
    }

    /// The ratio of this median to another's, from the same rounds.
    ///
    /// The interval is a bootstrap over whole rounds: contestants that ran in the same moment are drawn
    /// together, so that what a busy machine did to both of them doesn't count as a difference.
    pub fn to(&self, other: &Self) -> Ratio {
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        let rounds = self.0.len().min(other.0.len());
        let mut ratios: Vec<f64> = (0..DRAWS)
            .map(|_| {
                let pairs = (0..rounds).filter_map(|_| {
                    let round = random.below(rounds);
                    Some((*self.0.get(round)?, *other.0.get(round)?))
                });
                let (mut one, mut two): (Vec<f64>, Vec<f64>) = pairs.unzip();
                median(&mut one) / median(&mut two)
            })
            .collect();
        ratios.sort_by(f64::total_cmp);
        let end = |index: usize| ratios.get(index).copied().unwrap_or(f64::NAN);
        Ratio {
            ratio: self.median() / other.median(),
            low: end(DRAWS / 40),
            high: end(DRAWS - 1 - DRAWS / 40),
        }
    }
}

fn median(values: &mut [f64]) -> f64 {
    if values.is_empty() {
        return f64::NAN;
    }
    let (middle, even) = (values.len() / 2, values.len().is_multiple_of(2));
    let (below, &mut upper, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    // The mean of the two in the middle when there are two.
    match below.iter().copied().max_by(f64::total_cmp) {
        Some(lower) if even => (lower + upper) / 2.0,
        _ => upper,
    }
}

/// The generator xorshift64, always from the same start: the same measurements give the same interval.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        // The high bits are the better ones; a benchmark has far fewer rounds than 2^32.
        (((self.0 >> 32) * end as u64) >> 32) as usize
    }
}
