//! Where the total may be at the end of the term: Holt's method with a damped trend on the daily net, continued along
//! many possible paths. How far the paths spread was set by trying it on simulated semesters, see the tests.

mod holt;
mod trial;

use crate::random::Random;
use holt::Holt;
pub use trial::{Trial, trials};

/// Days that must be known before anything is foretold: with fewer, the error is larger than what is foretold.
pub const FIRST: usize = 21;
/// The longest that is foretold, so that a page never takes long.
pub const LONGEST: usize = 400;

/// Possible paths.
const PATHS: usize = 500;
/// How far the level may drift in a day, with [`LONG`] days known; more with fewer.
const DRIFT: f64 = 0.07;
const LONG: f64 = 84.0;

/// The total of a day to come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// One path in ten is below.
    pub low: f64,
    /// One in four is below.
    pub low_half: f64,
    /// Half are below.
    pub middle: f64,
    /// One in four is above.
    pub high_half: f64,
    /// One in ten is above.
    pub high: f64,
}

/// The totals of so many days after those known; nothing when too few are known.
pub fn forecast(net: &[f64], total: f64, days: usize) -> Vec<Band> {
    if net.len() < FIRST {
        return Vec::new();
    }
    let days = days.min(LONGEST);
    let holt = Holt::fit(net);
    let drift = DRIFT * (LONG / net.len() as f64).sqrt();
    let mut random = Random::new(net.len() as u64);
    let mut totals = vec![Vec::with_capacity(PATHS); days];
    for _ in 0..PATHS {
        let mut path = holt.path(drift);
        let mut sum = total;
        for day in &mut totals {
            // An account has no fewer than no followers.
            sum = (sum + path.next(&mut random)).max(0.0);
            day.push(sum);
        }
    }
    totals.iter_mut().map(|day| band(day)).collect()
}

fn band(totals: &mut [f64]) -> Band {
    totals.sort_by(f64::total_cmp);
    let at = |part| quantile(totals, part);
    Band { low: at(0.1), low_half: at(0.25), middle: at(0.5), high_half: at(0.75), high: at(0.9) }
}

/// The value below which a part of the sorted values lies.
fn quantile(sorted: &[f64], part: f64) -> f64 {
    let place = part * sorted.len().saturating_sub(1) as f64;
    let below = sorted.get(place.floor() as usize).copied().unwrap_or_default();
    let above = sorted.get(place.ceil() as usize).copied().unwrap_or(below);
    below + (above - below) * place.fract()
}

#[cfg(test)]
mod tests;
