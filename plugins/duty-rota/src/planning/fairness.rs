//! How fair a plan is, in figures that can be argued with.

use super::state::State;
use super::{POINT, Plan, Semester};

/// How fair a plan is.
#[derive(Clone, Debug, PartialEq)]
pub struct Fairness {
    /// Jain's index of what people carry against what they should: 1 when all are even, 1/n when one carries it all.
    pub jain: f64,
    /// Points between whoever is furthest above and whoever is furthest below what they should carry.
    pub spread: f64,
    /// What each person carries, points.
    pub loads: Vec<f64>,
    /// What each person should carry, points.
    pub targets: Vec<f64>,
    /// Open slots that nobody has.
    pub empty: usize,
}

/// How fair a plan is. Students without any duty count as well.
pub fn fairness(semester: &Semester, plan: &Plan) -> Fairness {
    let state = State::of(semester, plan.gap, &plan.holders);
    let points = |amount: f64| amount / POINT as f64;
    let loads: Vec<f64> = state.loads.iter().map(|load| points(*load as f64)).collect();
    let targets: Vec<f64> = state.targets.iter().map(|target| points(*target)).collect();
    let counted: Vec<usize> = (0..loads.len()).filter(|person| targets[*person] > 0.0).collect();
    let shares: Vec<f64> = counted.iter().map(|person| loads[*person] / targets[*person]).collect();
    let above = counted.iter().map(|person| loads[*person] - targets[*person]);
    let (least, most) = above.fold((f64::MAX, f64::MIN), |(least, most), one| (least.min(one), most.max(one)));
    let spread = if counted.is_empty() { 0.0 } else { most - least };
    Fairness { jain: jain(&shares), spread, loads, targets, empty: state.empty() }
}

/// Jain's index: (Σx)² / (n · Σx²); 1 when nobody carries anything.
pub fn jain(amounts: &[f64]) -> f64 {
    let (sum, squares) = amounts.iter().fold((0.0, 0.0), |(sum, squares), x| (sum + x, squares + x * x));
    if squares > 0.0 { sum * sum / (amounts.len() as f64 * squares) } else { 1.0 }
}
