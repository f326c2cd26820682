//! What the forecast would have said earlier, held against what came.

use super::{Band, FIRST, forecast};

/// How far ahead a trial looks.
pub const AHEAD: usize = 28;
/// Days between two trials.
const EVERY: usize = 7;

/// A forecast of the past.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trial {
    /// How many days were known.
    pub known: usize,
    /// For which day it was, counted like `known`.
    pub day: usize,
    /// What it said.
    pub band: Band,
    /// What came.
    pub truth: f64,
}

impl Trial {
    /// Whether what came was within the 80 %.
    pub fn is_inside(&self) -> bool {
        self.band.low <= self.truth && self.truth <= self.band.high
    }
}

/// Weekly forecasts of the past for four weeks later, or for today where four weeks have not passed; the latest first.
/// `totals` are those at the end of each day.
pub fn trials(net: &[f64], totals: &[f64]) -> Vec<Trial> {
    let total = |day: usize| totals.get(day.wrapping_sub(1)).copied().unwrap_or_default();
    let latest = net.len().saturating_sub(EVERY);
    let origins = (FIRST..=latest).rev().step_by(EVERY);
    let one = |known: usize| {
        let day = (known + AHEAD).min(net.len());
        let band = forecast(&net[..known], total(known), day - known).pop()?;
        Some(Trial { known, day, band, truth: total(day) })
    };
    origins.filter_map(one).collect()
}
