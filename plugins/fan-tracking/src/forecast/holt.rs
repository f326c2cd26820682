//! Holt's linear method with a damped trend, fitted to daily nets. Days far out of the ordinary, such as an article that
//! went round, do not move level and trend; they stay among the surprises that the future may bring again.

use super::quantile;
use crate::random::Random;

/// How strongly the level follows a surprise.
const ALPHAS: [f64; 4] = [0.05, 0.1, 0.2, 0.3];
/// How strongly the trend follows, as a part of that.
const BETAS: [f64; 4] = [0.0, 0.05, 0.1, 0.2];
/// How much of the trend is left a day later.
const PHIS: [f64; 3] = [0.8, 0.85, 0.9];
/// Days whose mean is the first level.
const BEGINNING: usize = 7;
/// Deviations from the median (as standard deviations) beyond which a day is out of the ordinary.
const ORDINARY: f64 = 2.5;
/// The median deviation as a standard deviation.
const MEDIAN_TO_STANDARD: f64 = 1.4826;
/// A level that has drifted upwards makes surprises larger, up to this.
const MOST_SURPRISE: f64 = 2.0;

/// The fitted method.
pub(super) struct Holt {
    weights: Weights,
    level: f64,
    trend: f64,
    /// What each day brought beyond what was expected.
    surprises: Vec<f64>,
    /// The most that a surprise moves level and trend.
    ordinary: f64,
}

#[derive(Clone, Copy)]
struct Weights {
    alpha: f64,
    beta: f64,
    phi: f64,
}

/// One possible future.
pub(super) struct Path<'h> {
    holt: &'h Holt,
    level: f64,
    trend: f64,
    /// Logarithm of how far the level has drifted.
    drifted: f64,
    drift: f64,
}

impl Holt {
    pub(super) fn fit(net: &[f64]) -> Self {
        let middle = median(net);
        let deviations: Vec<f64> = net.iter().map(|day| (day - middle).abs()).collect();
        let ordinary = ORDINARY * MEDIAN_TO_STANDARD * median(&deviations).max(1.0);
        let calm: Vec<f64> = net.iter().map(|day| day.clamp(middle - ordinary, middle + ordinary)).collect();
        let all = PHIS.iter().flat_map(|phi| {
            ALPHAS.iter().flat_map(move |alpha| {
                BETAS.iter().map(move |part| Weights { alpha: *alpha, beta: alpha * part, phi: *phi })
            })
        });
        let error = |weights: &Weights| run(&calm, *weights, |_, surprise| surprise * surprise).2;
        let tried = all.map(|weights| (error(&weights), weights));
        let best = tried.min_by(|one, other| one.0.total_cmp(&other.0));
        let weights = best.map_or(Weights { alpha: 0.1, beta: 0.0, phi: 0.8 }, |(_, weights)| weights);
        let mut surprises = Vec::with_capacity(net.len());
        let (level, trend, _) = run(&calm, weights, |day, surprise| {
            surprises.push(net[day] - calm[day] + surprise);
            0.0
        });
        Self { weights, level, trend, surprises, ordinary }
    }

    pub(super) fn path(&self, drift: f64) -> Path<'_> {
        Path { holt: self, level: self.level, trend: self.trend, drifted: 0.0, drift }
    }
}

impl Path<'_> {
    /// The net of the next day.
    pub(super) fn next(&mut self, random: &mut Random) -> f64 {
        let Weights { alpha, beta, phi } = self.holt.weights;
        let surprise = self.holt.surprises[random.below(self.holt.surprises.len())];
        self.drifted += self.drift * random.normal();
        let expected = self.level + phi * self.trend;
        let moves = surprise.clamp(-self.holt.ordinary, self.holt.ordinary);
        self.level = expected + alpha * moves;
        self.trend = phi * self.trend + beta * moves;
        let factor = self.drifted.exp();
        // A level below zero does not shrink or grow by a factor.
        if expected > 0.0 { expected * factor + surprise * factor.min(MOST_SURPRISE) } else { expected + surprise }
    }
}

/// Runs over the days; returns level, trend, and the sum of what `each` makes of a day and its surprise.
fn run(days: &[f64], weights: Weights, mut each: impl FnMut(usize, f64) -> f64) -> (f64, f64, f64) {
    let Weights { alpha, beta, phi } = weights;
    let beginning = &days[..days.len().min(BEGINNING)];
    let mut level = beginning.iter().sum::<f64>() / beginning.len().max(1) as f64;
    let (mut trend, mut sum) = (0.0, 0.0);
    for (index, day) in days.iter().enumerate() {
        let expected = level + phi * trend;
        let surprise = day - expected;
        sum += each(index, surprise);
        level = expected + alpha * surprise;
        trend = phi * trend + beta * surprise;
    }
    (level, trend, sum)
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    quantile(&sorted, 0.5)
}
