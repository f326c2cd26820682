//! From points to a mark: what lateness leaves of an attempt, and which attempt counts. Pure and exact, in millionths of a
//! point; the gradebook, the student's page and exports all use these functions.

use chrono::{DateTime, Utc};

use crate::rules::Counting;

/// What an attempt has earned so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Earned {
    /// Counts from 1 for a student and an assignment.
    pub number: i64,
    /// When it was handed in.
    pub handed_in_at: DateTime<Utc>,
    /// Whether it uses up an attempt.
    pub counts: bool,
    /// Points of the blanks, overrides included, before the late rule.
    pub blanks_points: i64,
    /// Points that people gave for essays, before the late rule.
    pub essays_points: i64,
    /// Essays that nobody has marked yet.
    pub waiting: i64,
    /// Per cent taken off for lateness.
    pub late_per_cent: i64,
}

impl Earned {
    /// Points before the late rule.
    pub fn before_late(&self) -> i64 {
        self.blanks_points + self.essays_points
    }

    /// Points after the late rule, rounded half up to a millionth.
    pub fn total(&self) -> i64 {
        after_late(self.before_late(), self.late_per_cent)
    }
}

/// What lateness leaves, rounded half up to a millionth of a point.
pub fn after_late(points: i64, late_per_cent: i64) -> i64 {
    let left = i128::from(points) * i128::from(100 - late_per_cent.clamp(0, 100));
    ((left + 50).div_euclid(100)) as i64
}

/// The attempt that counts, of those handed in. Equal points: the earlier one. `First` is the first that was used up; an
/// attempt with nothing but gaps or reviews wrong is continued by the next, so it is first only when no other follows.
pub fn counting(rule: Counting, attempts: &[Earned]) -> Option<&Earned> {
    match rule {
        Counting::Best => attempts.iter().min_by_key(|attempt| (std::cmp::Reverse(attempt.total()), attempt.number)),
        Counting::Last => attempts.iter().max_by_key(|attempt| attempt.number),
        Counting::First => attempts
            .iter()
            .filter(|attempt| attempt.counts)
            .min_by_key(|attempt| attempt.number)
            .or_else(|| attempts.iter().max_by_key(|attempt| attempt.number)),
    }
}

/// What a student has for a project: what it earned the class and what they added, at most what it is worth; none: neither
/// is there.
pub fn of_project(worth: i64, of_class: Option<i64>, own: Option<i64>) -> Option<i64> {
    let together = of_class.into_iter().chain(own).reduce(i64::saturating_add)?;
    Some(together.min(worth))
}

/// How many attempts are used up.
pub fn used(attempts: &[Earned]) -> i64 {
    attempts.iter().filter(|attempt| attempt.counts).count() as i64
}

/// A share of a whole in per cent, rounded half up; a whole of nothing is nothing.
pub fn per_cent(points: i64, of: i64) -> i64 {
    if of <= 0 {
        return 0;
    }
    ((i128::from(points) * 200 + i128::from(of)).div_euclid(i128::from(of) * 2)) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn earned(number: i64, points: i64, late: i64, counts: bool) -> Earned {
        Earned {
            number,
            handed_in_at: DateTime::from_timestamp(number, 0).unwrap(),
            counts,
            blanks_points: points,
            essays_points: 0,
            waiting: 0,
            late_per_cent: late,
        }
    }

    #[test]
    fn lateness_takes_its_share_exactly() {
        for (points, late, left) in [
            (3_000_000, 0, 3_000_000),
            (3_000_000, 10, 2_700_000),
            (333_333, 10, 300_000),
            (5, 10, 5),
            (4, 10, 4),
            (1, 50, 1),
            (7_000_000, 100, 0),
            (7_000_000, 130, 0),
        ] {
            assert_eq!(after_late(points, late), left, "{points} − {late} %");
        }
    }

    #[test]
    fn the_rule_chooses_the_attempt() {
        let attempts = [
            earned(1, 5_000_000, 0, false),
            earned(2, 4_000_000, 0, true),
            earned(3, 6_000_000, 50, true),
            earned(4, 5_000_000, 0, true),
        ];
        let number = |rule| counting(rule, &attempts).unwrap().number;
        assert_eq!(number(Counting::Best), 1, "equal totals: the earlier");
        assert_eq!(number(Counting::Last), 4);
        assert_eq!(number(Counting::First), 2, "the first that was used up");
        assert_eq!(counting(Counting::First, &attempts[..1]).unwrap().number, 1);
        assert_eq!(counting(Counting::Best, &[]), None);
        assert_eq!(used(&attempts), 3);
    }

    #[test]
    fn class_and_student_share_a_project_up_to_its_worth() {
        assert_eq!(of_project(20, None, None), None);
        assert_eq!(of_project(20, Some(12), None), Some(12));
        assert_eq!(of_project(20, None, Some(0)), Some(0), "reckoned, and nothing came of it");
        assert_eq!(of_project(20, Some(12), Some(5)), Some(17));
        assert_eq!(of_project(20, Some(16), Some(i64::MAX)), Some(20));
    }

    #[test]
    fn per_cents_are_rounded_half_up() {
        for (points, of, shown) in [(1, 3, 33), (2, 3, 67), (1, 8, 13), (0, 5, 0), (5, 0, 0), (5, 5, 100)] {
            assert_eq!(per_cent(points, of), shown, "{points}/{of}");
        }
    }
}
