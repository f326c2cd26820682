//! Points as people read them.

use crate::planning::POINT;

/// One decimal, without a zero behind the point: 5.5, 6.
pub fn shown(points: f64) -> String {
    let text = format!("{:.1}", points + 0.0);
    match text.strip_suffix(".0") {
        Some("-0") => "0".to_owned(),
        Some(whole) => whole.to_owned(),
        None => text,
    }
}

/// The same of hundredths, with two decimals where they are needed: 1.5, 1.25.
pub fn of_hundredths(weight: i64) -> String {
    let text = format!("{:.2}", weight as f64 / POINT as f64);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    #[test]
    fn points_are_short() {
        assert_eq!([5.5, 6.0, -0.04, -1.25].map(super::shown), ["5.5", "6", "0", "-1.2"]);
        assert_eq!([150, 100, 125, -50].map(super::of_hundredths), ["1.5", "1", "1.25", "-0.5"]);
    }
}
