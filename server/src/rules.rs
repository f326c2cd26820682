//! What an assignment's rules say at a moment: open, late or closed, how much is taken off, how many attempts are left,
//! what may be shown. Pure functions of times; the time that counts is the arrival of a request's head.

use chrono::{DateTime, Days, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde::Serialize;
use sqlx::FromRow;

/// What left a phone at the last moment may need this long to arrive. Hidden: the page shows the time without it.
pub const GRACE: TimeDelta = TimeDelta::seconds(10);

/// Which of several attempts counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
pub enum Counting {
    /// The one with the most points.
    #[default]
    Best,
    /// The last one.
    Last,
    /// The first one that was used up.
    First,
}

/// What happens at closing to what was typed and not handed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
pub enum BellRule {
    /// It is handed in.
    #[default]
    HandIn,
    /// Only what was handed in counts.
    None,
}

/// When a student sees the keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
pub enum RevealKeys {
    /// Never.
    Never,
    /// Once the student has no attempt left, or after closing.
    HandedIn,
    /// Once it has closed for the whole class, extensions included.
    #[default]
    Closed,
    /// On every marked sheet.
    Always,
}

/// The rules of an assignment, as a teacher sets them.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Rules {
    /// Nothing is shown or taken before.
    pub opens_at: Option<DateTime<Utc>>,
    /// Late from here on.
    pub due_at: Option<DateTime<Utc>>,
    /// The bell: nothing is taken any more.
    pub closes_at: Option<DateTime<Utc>>,
    /// How many attempts may be used up; `None`: as many as wanted.
    pub attempts_allowed: Option<i64>,
    /// Which attempt counts.
    pub counting: Counting,
    /// What the bell does.
    pub bell_rule: BellRule,
    /// Per cent taken off for each day begun after due; `None`: late work is not taken.
    pub late_per_day: Option<i64>,
    /// Per cent that lateness leaves at least.
    pub late_floor: i64,
    /// When keys are shown.
    pub reveal_keys: RevealKeys,
    /// Whether verdicts are shown at once; otherwise after closing.
    pub show_verdicts: bool,
}

/// A later time for one student.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extension {
    /// Due for this student, if moved.
    pub due_at: Option<DateTime<Utc>>,
    /// Closing for this student, if moved.
    pub closes_at: Option<DateTime<Utc>>,
}

/// The times that hold for one student.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// Opening.
    pub opens_at: Option<DateTime<Utc>>,
    /// Late from here on, where late work is taken.
    pub due_at: Option<DateTime<Utc>>,
    /// Nothing is taken any more; where late work is not taken this is the due time.
    pub closes_at: Option<DateTime<Utc>>,
}

/// Where an assignment stands for one student at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Before opening.
    NotOpen,
    /// Work is taken in full.
    Open,
    /// Work is taken with something off.
    Late,
    /// Nothing is taken any more.
    Closed,
}

impl Rules {
    /// The times for one student. An extension never takes time away: where it moves only the due time, closing is not
    /// before it.
    pub fn times(&self, extension: Option<Extension>) -> Times {
        let extension = extension.unwrap_or_default();
        let due_at = extension.due_at.or(self.due_at);
        let mut closes_at = extension.closes_at.or(self.closes_at);
        if let (None, Some(due), Some(closes)) = (extension.closes_at, extension.due_at, closes_at) {
            closes_at = Some(closes.max(due));
        }
        if self.late_per_day.is_none() && due_at.is_some() {
            closes_at = [closes_at, due_at].into_iter().flatten().min();
        }
        Times { opens_at: self.opens_at, due_at, closes_at }
    }

    /// Per cent taken off what arrives at this moment. A day ends at the time of day at which the work was due, by the
    /// class's clock on the wall.
    pub fn late_per_cent(&self, times: &Times, arrived: DateTime<Utc>, zone: Tz) -> i64 {
        let (Some(due), Some(per_day)) = (times.due_at, self.late_per_day) else { return 0 };
        if arrived <= due + GRACE {
            return 0;
        }
        let days = days_late(due, arrived, zone);
        let most = (100 - self.late_floor).clamp(0, 100);
        per_day.max(0).saturating_mul(days).min(most)
    }

    /// How many attempts are left after this many were used up; `None`: as many as wanted.
    pub fn attempts_left(&self, used: i64) -> Option<i64> {
        self.attempts_allowed.map(|allowed| (allowed - used).max(0))
    }

    /// Whether a student sees the keys on a marked sheet. `may_try_again`: an attempt is left and it is not closed for
    /// this student; `closed_for_all`: it is closed for every student of the class.
    pub fn reveals_keys(&self, may_try_again: bool, closed_for_all: bool) -> bool {
        match self.reveal_keys {
            RevealKeys::Never => false,
            RevealKeys::HandedIn => !may_try_again || closed_for_all,
            RevealKeys::Closed => closed_for_all,
            RevealKeys::Always => true,
        }
    }

    /// Whether a student sees verdicts on a marked sheet.
    pub fn reveals_verdicts(&self, phase: Phase) -> bool {
        self.show_verdicts || phase == Phase::Closed
    }
}

impl Times {
    /// Where the assignment stands for a request that arrives at this moment. Opening has no grace, due and closing have.
    pub fn phase(&self, arrived: DateTime<Utc>) -> Phase {
        if self.opens_at.is_some_and(|opens| arrived < opens) {
            Phase::NotOpen
        } else if self.closes_at.is_some_and(|closes| arrived > closes + GRACE) {
            Phase::Closed
        } else if self.due_at.is_some_and(|due| arrived > due + GRACE) {
            Phase::Late
        } else {
            Phase::Open
        }
    }
}

impl Phase {
    /// Whether work is taken.
    pub fn takes_work(self) -> bool {
        matches!(self, Phase::Open | Phase::Late)
    }
}

/// How many days were begun after due, at least one.
fn days_late(due: DateTime<Utc>, arrived: DateTime<Utc>, zone: Tz) -> i64 {
    // Days of 23 or 25 hours move the end of a day by an hour: start one day early and look.
    let mut days = ((arrived - due).num_days() - 1).max(1);
    while arrived > end_of_day(due, days, zone) + GRACE {
        days += 1;
    }
    days
}

/// The same time of day, so many days later.
fn end_of_day(due: DateTime<Utc>, days: i64, zone: Tz) -> DateTime<Utc> {
    let fallback = due + TimeDelta::days(days);
    let local = due.with_timezone(&zone).naive_local();
    let Some(end) = local.checked_add_days(Days::new(days.unsigned_abs())) else { return fallback };
    // A time that the clock skips or shows twice: the later reading is the student's.
    zone.from_local_datetime(&end).latest().map_or(fallback, |end| end.to_utc())
}

/// The time zone of a class; an unknown name counts as Shanghai, where it all began.
pub fn zone(name: &str) -> Tz {
    name.parse().unwrap_or(chrono_tz::Asia::Shanghai)
}

#[cfg(test)]
#[path = "rules/tests.rs"]
mod tests;
