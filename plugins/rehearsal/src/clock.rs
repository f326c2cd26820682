//! The story's clock: it may run faster than this machine's, stand still, or be moved on.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use chrono::{DateTime, Days, FixedOffset, NaiveDate, TimeDelta, TimeZone, Utc};

use crate::lock::lock;
use crate::options::Stamps;

/// The platform's days and months are days and months in +08:00.
pub fn china() -> FixedOffset {
    FixedOffset::east_opt(8 * 3600).expect("eight hours are a valid offset")
}

/// The platform's day of a moment.
pub fn day_of(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&china()).date_naive()
}

/// The first moment of a day.
pub fn start_of(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_hms_opt(0, 0, 0).expect("every day has a midnight");
    china().from_local_datetime(&midnight).single().expect("a fixed offset has one such moment").to_utc()
}

/// The day after.
pub fn next(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX)
}

/// For so long it is known when the clock was moved: longer than a call may be under way.
const REMEMBERED: Duration = Duration::from_secs(60);

/// The story's clock.
pub struct Clock {
    hand: Mutex<Hand>,
    /// When it was moved on lately, and what it showed before.
    moves: Mutex<VecDeque<(Instant, DateTime<Utc>)>>,
    stamps: Stamps,
}

#[derive(Clone, Copy)]
struct Hand {
    real: Instant,
    story: DateTime<Utc>,
    speed: f64,
}

impl Hand {
    fn now(&self) -> DateTime<Utc> {
        let passed = self.real.elapsed().as_secs_f64() * self.speed;
        self.story + TimeDelta::milliseconds((passed * 1000.0) as i64)
    }
}

impl Clock {
    /// A clock that shows `begin` now.
    pub fn new(begin: DateTime<Utc>, speed: f64, stamps: Stamps) -> Self {
        let hand = Mutex::new(Hand { real: Instant::now(), story: begin, speed });
        Self { hand, moves: Mutex::default(), stamps }
    }

    /// The moment of the story.
    pub fn now(&self) -> DateTime<Utc> {
        lock(&self.hand).now()
    }

    /// The moment that the platform shows when the story is at `at`.
    pub fn shown(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        match self.stamps {
            Stamps::Real => Utc::now(),
            Stamps::Simulated => at,
        }
    }

    /// The moment that the platform shows now.
    pub fn platform(&self) -> DateTime<Utc> {
        self.shown(self.now())
    }

    /// How fast the story runs.
    pub fn speed(&self) -> f64 {
        lock(&self.hand).speed
    }

    /// Lets the story run at another speed from now on.
    pub fn set_speed(&self, speed: f64) {
        let mut hand = lock(&self.hand);
        *hand = Hand { real: Instant::now(), story: hand.now(), speed };
    }

    /// Moves the story on to a moment; it never goes back.
    pub fn move_to(&self, at: DateTime<Utc>) {
        let mut hand = lock(&self.hand);
        let (now, real) = (hand.now(), Instant::now());
        *hand = Hand { real, story: now.max(at), speed: hand.speed };
        let mut moves = lock(&self.moves);
        moves.push_back((real, now));
        while moves.front().is_some_and(|(at, _)| at.elapsed() > REMEMBERED) {
            moves.pop_front();
        }
    }

    /// What the platform showed before the clock was moved on since then; what it shows now where it was not.
    pub fn before_moves_since(&self, since: Instant) -> DateTime<Utc> {
        let now = self.now();
        let moves = lock(&self.moves);
        self.shown(moves.iter().find(|(at, _)| *at >= since).map_or(now, |(_, before)| *before))
    }

    /// How long to wait until the story is at `at`; `None` while it stands still.
    pub fn wait(&self, at: DateTime<Utc>) -> Option<Duration> {
        let hand = *lock(&self.hand);
        let missing = (at - hand.now()).num_milliseconds().max(0) as f64;
        (hand.speed > 0.0).then(|| Duration::from_secs_f64((missing / 1000.0 / hand.speed).min(3600.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_of_the_platform_begins_at_sixteen_hours_universal_time() {
        let before = Utc.with_ymd_and_hms(2026, 9, 30, 15, 59, 59).unwrap();
        let after = Utc.with_ymd_and_hms(2026, 9, 30, 16, 0, 0).unwrap();
        assert_eq!(day_of(before).to_string(), "2026-09-30");
        assert_eq!(day_of(after).to_string(), "2026-10-01");
        assert_eq!(start_of(day_of(after)), after);
    }

    #[test]
    fn the_story_is_moved_on_and_never_back() {
        let begin = Utc.with_ymd_and_hms(2026, 9, 1, 0, 0, 0).unwrap();
        let clock = Clock::new(begin, 0.0, Stamps::Simulated);
        assert_eq!(clock.platform(), begin);
        clock.move_to(begin + TimeDelta::days(3));
        clock.move_to(begin + TimeDelta::days(1));
        assert_eq!(clock.platform(), begin + TimeDelta::days(3));
        assert_eq!(clock.wait(begin + TimeDelta::days(4)), None);
        clock.set_speed(86_400.0);
        assert!(clock.wait(begin + TimeDelta::days(4)).unwrap() <= Duration::from_secs(1));
    }
}
