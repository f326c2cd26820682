//! Checking in, and what is left for the next shift.

use plugin_sdk::chrono::NaiveDate;
use plugin_sdk::prelude::*;

use crate::day;
use crate::rules::Rules;
use crate::shift::{self, Shift};

/// Wrong codes after which a shift must be checked in by an operator.
const MOST_TRIES: i64 = 10;
/// The longest note, in characters.
pub const LONGEST_NOTE: usize = 1_000;

/// Whether a shift can be checked in to now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// It is done.
    Kept,
    /// Not today.
    OtherDay,
    /// Later today.
    TooEarly,
    /// Now.
    Open,
    /// Not any more.
    Over,
}

/// Whether a shift can be checked in to now.
pub fn window(host: &Host, rules: &Rules, shift: &Shift) -> Result<Window> {
    let (today, clock) = (host.today(), day::clock(host));
    Ok(match shift.checked_in_at {
        Some(_) => Window::Kept,
        None if shift.day != today => Window::OtherDay,
        None if clock < rules.check_in_from => Window::TooEarly,
        None if clock >= rules.hours.1 => Window::Over,
        None => Window::Open,
    })
}

/// A student checks in to a shift of theirs; the key of the sentence that says what became of it, and whether it is done.
pub fn check_in(host: &Host, id: Uuid, sent: &str) -> Result<(bool, &'static str)> {
    let (rules, class, person) = (Rules::of(host), host.class()?.id, host.person()?.id);
    let found = shift::find(host, id)?.ok_or_else(not_found)?;
    if found.person != person {
        return Err(denied());
    }
    match window(host, &rules, &found)? {
        Window::Kept => return Ok((true, "check-in-before")),
        Window::OtherDay => return Ok((false, "check-in-other-day")),
        Window::TooEarly => return Ok((false, "check-in-too-early")),
        Window::Over => return Ok((false, "check-in-over")),
        Window::Open => {}
    }
    if rules.needs_code {
        // Counted before it is looked at, so that trying at the same time does not help.
        let counted = host.exec(
            "update shift set tries = tries + 1 where id = $1 and class_id = $2 and tries < $3",
            params![id, class, MOST_TRIES],
        )?;
        if counted == 0 {
            return Ok((false, "check-in-locked"));
        }
        if code(host, found.day)? != sent.trim() {
            return Ok((false, "check-in-code-wrong"));
        }
    }
    let done = host.exec(
        "update shift set checked_in_at = $1
         where id = $2 and class_id = $3 and person_id = $4 and checked_in_at is null",
        params![host.now(), id, class, person],
    )?;
    Ok(if done == 1 { (true, "check-in-done") } else { (false, "check-in-changed") })
}

/// An operator has seen that a shift was kept; the second time, not any more. Whether it is done, and what is said.
pub fn note_kept(host: &Host, id: Uuid) -> Result<(bool, &'static str)> {
    let found = shift::find(host, id)?.ok_or_else(not_found)?;
    if found.day > host.today() {
        return Ok((false, "kept-not-yet"));
    }
    let (at, is_kept) = match found.checked_in_at {
        Some(_) => (None, false),
        None => (Some(host.now()), true),
    };
    // What a student has checked in to themselves stays.
    let done = host.exec(
        "update shift set checked_in_at = $1, by_operator = $2 where id = $3 and class_id = $4
           and ((checked_in_at is null and $2) or (by_operator and not $2))",
        params![at, is_kept, id, host.class()?.id],
    )?;
    Ok(match (done, is_kept) {
        (1, true) => (true, "kept-done"),
        (1, false) => (true, "kept-taken-back"),
        _ => (false, "check-in-changed"),
    })
}

/// An operator takes a missed shift as excused; the second time, not any more.
pub fn excuse(host: &Host, id: Uuid) -> Result<&'static str> {
    let found = shift::find(host, id)?.ok_or_else(not_found)?;
    if !found.is_missed(host.today()) {
        return Ok("excuse-not-missed");
    }
    let (at, notice) = match found.excused_at {
        Some(_) => (None, "excuse-taken-back"),
        None => (Some(host.now()), "excuse-done"),
    };
    host.exec("update shift set excused_at = $1 where id = $2 and class_id = $3", params![at, id, host.class()?.id])?;
    Ok(notice)
}

/// The code of a day: six digits that nobody can guess.
pub fn code(host: &Host, on: NaiveDate) -> Result<String> {
    let class = host.class()?.id;
    let (_, chance) = host.new_id().as_u64_pair();
    host.exec(
        "insert into day_code (class_id, day, code) values ($1, $2, $3) on conflict do nothing",
        params![class, on.to_string(), format!("{:06}", chance % 1_000_000)],
    )?;
    let table =
        host.query("select code from day_code where class_id = $1 and day = $2", params![class, on.to_string()])?;
    table.value()
}

/// Leaves a note for the next shift, or changes it.
pub fn leave_note(host: &Host, id: Uuid, text: &str) -> Result<&'static str> {
    let (found, today) = (shift::find(host, id)?.ok_or_else(not_found)?, host.today());
    if found.person != host.person()?.id {
        return Err(denied());
    }
    // Late at night is still the shift's evening to whoever writes.
    if found.day > today || found.day < today - TimeDelta::days(1) {
        return Ok("handover-other-day");
    }
    let text: String = text.trim().chars().take(LONGEST_NOTE).collect();
    if text.is_empty() {
        host.exec("delete from handover where shift_id = $1", params![id])?;
        return Ok("handover-deleted");
    }
    host.exec(
        "insert into handover (shift_id, class_id, person_id, day, text, written_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (shift_id) do update set
         text = excluded.text, person_id = excluded.person_id, written_at = excluded.written_at",
        params![id, host.class()?.id, found.person, found.day.to_string(), text, host.now()],
    )?;
    Ok("handover-saved")
}

/// A note for the next shift.
pub struct Note {
    /// Of which shift.
    pub shift: Uuid,
    /// Who wrote it.
    pub person: Uuid,
    /// Day of the shift.
    pub day: NaiveDate,
    /// What it says.
    pub text: String,
}

/// The notes of the last day before this one on which there were any, not older than a week; and of the day itself.
pub fn notes(host: &Host, on: NaiveDate) -> Result<(Vec<Note>, Vec<Note>)> {
    let since = on - TimeDelta::days(7);
    let table = host.query(
        "select shift_id, person_id, day, text from handover
         where class_id = $1 and day between $2 and $3 order by day desc, written_at",
        params![host.class()?.id, since.to_string(), on.to_string()],
    )?;
    let one = |row: Row<'_>| {
        Ok(Note {
            shift: row.get("shift_id")?,
            person: row.get("person_id")?,
            day: row.get::<String>("day")?.parse()?,
            text: row.get("text")?,
        })
    };
    let all = table.iter().map(one).collect::<Result<Vec<Note>>>()?;
    let (own, before): (Vec<Note>, Vec<Note>) = all.into_iter().partition(|note| note.day == on);
    let last = before.first().map(|note| note.day);
    Ok((before.into_iter().filter(|note| Some(note.day) == last).collect(), own))
}
