//! The forecast over simulated semesters: six shapes, each with leavers, noise, weekends and articles that went round.

use super::*;

/// The semester of the simulation.
const DAYS: usize = 120;
/// A seed that the width was not set with.
const UNSEEN: u64 = 50_000;

const SHAPES: [fn(f64, f64) -> f64; 6] = [
    |_, _| 1.0,
    |day, _| 0.35 + 1.6 * (-day / 18.0).exp(),
    |day, _| 0.3 + 1.5 * day / 120.0,
    |day, half| {
        let grown = (-(day - half) / 14.0).exp();
        4.0 * grown / (1.0 + grown).powi(2) + 0.1
    },
    |_, _| 0.5,
    |day, _| if (77.0..98.0).contains(&day) { 0.3 } else { 1.0 },
];

/// Daily nets of a semester.
fn semester(shape: usize, seed: u64) -> Vec<f64> {
    let mut random = Random::new(seed.wrapping_mul(1_000).wrapping_add(shape as u64));
    let scale = 60.0 + 900.0 * random.unit();
    let churn = 0.0005 + 0.0015 * random.unit();
    let half = 40.0 + 30.0 * random.unit();
    let (mut total, mut viral) = (0.0, 0.0);
    let mut net = Vec::new();
    for day in 0..DAYS {
        let is_viral_shape = shape == 4;
        if random.unit() < if is_viral_shape { 0.05 } else { 0.03 } {
            viral += if is_viral_shape { 2.0 + 6.0 * random.unit() } else { 0.5 + random.unit() };
        }
        let weekday = if day % 7 >= 5 { 0.8 } else { 1.0 };
        let expected = SHAPES[shape](day as f64, half) * weekday + viral;
        let gained = (scale * expected * (0.25 * random.normal()).exp()).round();
        viral *= 0.5;
        let lost: f64 = (total * churn * (0.3 * random.normal()).exp() + 0.08 * gained).round();
        total += gained - lost;
        net.push(gained - lost);
    }
    net
}

/// Share of semesters within the 80 %, and the median error, of the total on the last day as foretold after `known` days.
fn calibration(known: usize, semesters: u64) -> (f64, f64) {
    let mut inside = 0;
    let mut errors = Vec::new();
    for shape in 0..SHAPES.len() {
        for number in 0..semesters {
            let net = semester(shape, UNSEEN + number);
            let truth: f64 = net.iter().sum();
            let bands = forecast(&net[..known], net[..known].iter().sum(), DAYS - known);
            let last = bands.last().expect("it is foretold from day 21 on");
            inside += usize::from(last.low <= truth && truth <= last.high);
            errors.push((last.middle - truth).abs() / truth.max(1.0));
        }
    }
    errors.sort_by(f64::total_cmp);
    (inside as f64 / errors.len() as f64, quantile(&errors, 0.5))
}

/// `FANS_SEMESTERS=200 cargo test -p fan-tracking calibrated` does it at length.
#[test]
fn the_bands_are_calibrated() {
    let asked = std::env::var("FANS_SEMESTERS").ok().and_then(|number| number.parse().ok());
    let semesters: u64 = asked.unwrap_or(12);
    // Few semesters say less: two standard errors of a share of 80 %.
    let all = semesters as f64 * SHAPES.len() as f64;
    let slack = if asked.is_some() { 0.0 } else { 2.0 * (0.8 * 0.2 / all).sqrt() };
    for known in [21, 42, 63, 84, 105] {
        let (inside, error) = calibration(known, semesters);
        println!("day {known}: {:.1} % inside, median error {:.1} %", inside * 100.0, error * 100.0);
        assert!(
            (0.7 - slack..=0.9 + slack).contains(&inside),
            "day {known}: {inside} of the semesters were within the 80 %"
        );
        assert!(known < 84 || error <= 0.15, "day {known}: the median error is {error}");
    }
}

#[test]
fn nothing_is_foretold_before_day_21() {
    let net = semester(0, 1);
    assert!(forecast(&net[..20], 0.0, 100).is_empty());
    assert_eq!(forecast(&net[..21], 0.0, 100).len(), 100);
    assert!(trials(&net[..27], &net[..27]).is_empty());
    assert_eq!(forecast(&net, 0.0, 1_000_000).len(), LONGEST);
}

#[test]
fn the_same_figures_give_the_same_forecast_in_order() {
    let net = semester(4, 3);
    let bands = forecast(&net[..60], 500.0, 60);
    assert_eq!(bands, forecast(&net[..60], 500.0, 60));
    for band in bands {
        assert!(band.low <= band.low_half && band.low_half <= band.middle);
        assert!(band.middle <= band.high_half && band.high_half <= band.high && band.low >= 0.0);
    }
}

#[test]
fn a_steady_account_goes_on_steadily() {
    let net = vec![50.0; 40];
    let last = forecast(&net, 2_000.0, 20).pop().unwrap();
    assert!((last.middle - 3_000.0).abs() < 60.0, "{last:?}");
    let empty = forecast(&vec![0.0; 40], 0.0, 20).pop().unwrap();
    assert_eq!((empty.low, empty.high), (0.0, 0.0));
}

#[test]
fn earlier_forecasts_are_held_against_what_came() {
    let net = vec![10.0; 50];
    let totals: Vec<f64> = (1..=50).map(|day| 100.0 + f64::from(day) * 10.0).collect();
    let held = trials(&net, &totals);
    let places: Vec<_> = held.iter().map(|trial| (trial.known, trial.day, trial.truth)).collect();
    assert_eq!(places, [(43, 50, 600.0), (36, 50, 600.0), (29, 50, 600.0), (22, 50, 600.0)]);
    assert!(held.iter().all(Trial::is_inside));
}
