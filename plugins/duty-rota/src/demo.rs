//! Half a semester that looks true, for the demo class: the same days give the same rota.

mod texts;

use std::collections::HashSet;

use plugin_sdk::chrono::{Datelike as _, NaiveDate, NaiveTime};
use plugin_sdk::prelude::*;
use plugin_sdk::protocol::value::Value as Parameter;
use plugin_sdk::serde_json::Value;

use crate::day;
use crate::people::People;
use crate::planning::{Plan, plan, reasons};
use crate::rules::Rules;
use crate::semester::{Board, Scope, Term};
use crate::shift::POSTS;
use crate::shift::change::add_rows;
use crate::timetable::Course;
use crate::why;

/// Rows of a statement.
const ROWS: usize = 100;

/// The days of the demo.
struct Days {
    from: NaiveDate,
    to: NaiveDate,
    today: NaiveDate,
}

/// Fills the tables, once.
pub fn fill(host: &Host, input: &Value) -> Result<Value> {
    let read = |name: &str| input[name].as_str().and_then(day::parse).ok_or_else(|| invalid("plan-day-wrong").at(name));
    let days = Days { from: read("from")?, to: read("to")?, today: read("today")? };
    let people = People::of(host)?;
    if people.students.len() < POSTS.len() || days.to < days.from {
        return Ok(json!({ "filled": false }));
    }
    times(host, &people, &days)?;
    let rules = Rules::of(host);
    let term = Term { first: days.from, last: days.to, seed: 12, gap: 1 };
    let board = Board::read(host, &rules, term, days.from, Scope::Coming)?;
    let planned = plan(&board.semester);
    let done = rota(host, &board, planned, &days)?;
    Ok(json!({ "filled": done }))
}

/// Holidays, evening courses, days away.
fn times(host: &Host, people: &People, days: &Days) -> Result<()> {
    let class = host.class()?.id;
    let holidays = (1..=3).filter_map(|day| NaiveDate::from_ymd_opt(days.from.year(), 10, day));
    let holidays = holidays.filter(|on| (days.from..=days.to).contains(on));
    let special = holidays.map(|on| params![class, on.to_string(), "holiday", "国庆节"]);
    let (mut courses, mut away) = (Vec::new(), Vec::new());
    for (index, student) in people.students.iter().enumerate() {
        let course = evening(index);
        let (starts, ends) = course.hours;
        courses.push(params![
            host.new_id(),
            class,
            student.id,
            course.weekday,
            starts.format("%H:%M").to_string(),
            ends.format("%H:%M").to_string(),
            course.weeks.0,
            course.weeks.1,
            &course.parity,
            &course.title,
        ]);
        if index % 4 == 1 {
            let first = days.from + TimeDelta::days((index as i64 * 13) % 90);
            let last = first + TimeDelta::days(1);
            let reason = texts::AWAY[index / 4 % texts::AWAY.len()];
            away.push(params![host.new_id(), class, student.id, first.to_string(), last.to_string(), reason]);
        }
    }
    let batch = host.batch().once("demo-times");
    let batch =
        add_rows(batch, "insert into special_day (class_id, day, kind, title) values {rows}", special.collect());
    let sql =
        "insert into course (id, class_id, person_id, weekday, starts, ends, first_week, last_week, parity, title)
               values {rows}";
    let batch = add_rows(batch, sql, courses);
    let sql = "insert into away (id, class_id, person_id, first_day, last_day, reason) values {rows}";
    add_rows(batch, sql, away).run().map(drop)
}

/// The evening course of a student.
fn evening(index: usize) -> Course {
    let time = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
    Course {
        weekday: i64::try_from(index % 5).unwrap_or(0) + 1,
        hours: (time(19, 0), time(20, 40)),
        weeks: if index.is_multiple_of(3) { (1, 8) } else { (1, 16) },
        parity: "all".into(),
        title: texts::COURSES[index % texts::COURSES.len()].into(),
    }
}

/// Shifts, kept and missed, two swaps done, one waiting, notes, publications.
fn rota(host: &Host, board: &Board, mut planned: Plan, days: &Days) -> Result<bool> {
    let class = host.class()?.id;
    let slots: Vec<usize> = (0..planned.holders.len()).collect();
    let reasons = reasons(&board.semester, &planned, &slots);
    let before = planned.holders.clone();
    let count_of = |on: NaiveDate| usize::try_from((on - days.from).num_days().max(0)).unwrap_or(0) * POSTS.len();
    let today = count_of(days.today).min(slots.len());
    let exchanged = [today / 3, today / 2].map(|near| exchange(board, &mut planned, near, today));
    let ids: Vec<Uuid> = slots.iter().map(|_| host.new_id()).collect();
    let (mut shifts, mut released, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    for slot in slots {
        let Some(person) = planned.holders[slot].map(|index| board.students[index]) else { continue };
        let (on, post) = board.place(slot);
        let was_other = before[slot] != planned.holders[slot];
        // One in about thirty is forgotten.
        let is_kept = on < days.today && slot % 31 != 17;
        let at = NaiveTime::from_hms_opt(7 + (slot as u32 * 7) % 12, (slot as u32 * 13) % 60, 0).unwrap_or_default();
        let kept = if is_kept { Some(day::moment(host, on, at)) } else { None };
        let reason = match (was_other, &reasons[slot]) {
            (true, _) => why::simple("swap"),
            (false, Some(reason)) => why::planned("plan", reason, planned.gap),
            (false, None) => String::new(),
        };
        let changed = day::moment(host, days.from, NaiveTime::MIN);
        let sequence = i64::from(was_other);
        shifts.push(params![ids[slot], class, on.to_string(), post, person, kept, sequence, reason, changed]);
        if let (true, Some(giver)) = (was_other, before[slot]) {
            released.push(params![ids[slot], board.students[giver], class, on.to_string(), post, 1_i64, changed]);
        }
        if post == "chief" && on < days.today && (days.today - on).num_days() <= 10 {
            let text = texts::NOTES[slot / POSTS.len() % texts::NOTES.len()];
            let at = day::moment(host, on, NaiveTime::from_hms_opt(21, 40, 0).unwrap_or_default());
            notes.push(params![ids[slot], class, person, on.to_string(), text, at]);
        }
    }
    let mut batch = host.batch().once("demo").add(
        "insert into semester (class_id, first_day, last_day, seed, gap) values ($1, $2, $3, $4, $5) on conflict do nothing",
        params![class, days.from.to_string(), days.to.to_string(), board.term.seed, planned.gap],
    );
    for rows in shifts.chunks(ROWS) {
        let sql = "insert into shift (id, class_id, day, post, person_id, checked_in_at, sequence, reason, changed_at)
                   values {rows}";
        batch = add_rows(batch, sql, rows.to_vec());
    }
    let sql = "insert into released (shift_id, person_id, class_id, day, post, sequence, released_at) values {rows}";
    batch = add_rows(batch, sql, released);
    let sql = "insert into handover (shift_id, class_id, person_id, day, text, written_at) values {rows}";
    batch = add_rows(batch, sql, notes);
    let helpers = board.students.iter().map(|student| params![class, *student, days.from.to_string()]);
    let sql = "insert into helper (class_id, person_id, first_day) values {rows}";
    batch = add_rows(batch, sql, helpers.collect());
    for (mine, theirs) in exchanged.into_iter().flatten() {
        batch = done_swap(host, batch, board, &before, &ids, (mine, theirs))?;
    }
    batch = waiting_swap(host, batch, board, &planned, &ids, days)?;
    for row in publications(host, board, &planned, days)? {
        batch = batch.add(
            "insert into publication (id, class_id, day, title, text, author_id, editor_id, state, note, draft, published_at, changed_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, '', '', $9, $10)",
            row,
        );
    }
    Ok(!batch.run()?.repeated)
}

/// Exchanges two past shifts of different students without breaking a rule; their slots.
fn exchange(board: &Board, planned: &mut Plan, near: usize, end: usize) -> Option<(usize, usize)> {
    let semester = &board.semester;
    let fits = |holders: &[Option<usize>], slot: usize, gives: usize, person: usize| {
        let number = semester.day(slot).number;
        let is_near = |other: &usize| {
            holders[*other] == Some(person)
                && *other != gives
                && (semester.day(*other).number - number).abs() < planned.gap
        };
        semester.blocked(person, slot).is_none() && !(0..holders.len()).any(|other| is_near(&other))
    };
    let pairs = (near..end).flat_map(|one| (one + 4..end.min(one + 40)).map(move |other| (one, other)));
    let found = pairs.into_iter().find(|(one, other)| {
        let (Some(first), Some(second)) = (planned.holders[*one], planned.holders[*other]) else { return false };
        first != second && fits(&planned.holders, *other, *one, first) && fits(&planned.holders, *one, *other, second)
    })?;
    planned.holders.swap(found.0, found.1);
    Some(found)
}

fn done_swap<'h>(
    host: &'h Host,
    batch: Batch<'h>,
    board: &Board,
    before: &[Option<usize>],
    ids: &[Uuid],
    (mine, theirs): (usize, usize),
) -> Result<Batch<'h>> {
    let who = |slot: usize| before[slot].map(|index| board.students[index]);
    let (Some(person), Some(partner)) = (who(mine), who(theirs)) else { return Ok(batch) };
    let class = host.class()?.id;
    let (on, _) = board.place(mine);
    let at = day::moment(host, on - TimeDelta::days(3), NaiveTime::MIN) + TimeDelta::hours(12);
    let batch = batch.add(
        "insert into swap (id, class_id, shift_id, person_id, partner_id, return_shift_id, state, note, created_at, expires_at, decided_at)
         values ($1, $2, $3, $4, $5, $6, 'done', $7, $8, $9, $10)",
        params![
            host.new_id(), class, ids[mine], person, partner, ids[theirs], texts::SWAP,
            at, at + TimeDelta::days(3), at + TimeDelta::hours(5),
        ],
    );
    // Beside the exchange, the partner has stood in once before.
    Ok(batch.add(
        "insert into favour (id, class_id, giver_id, receiver_id, day, weight, kind, at)
         values ($1, $2, $3, $4, $5, 100, 'favour', $6)",
        params![host.new_id(), class, partner, person, on.to_string(), at],
    ))
}

/// Somebody looks for a stand-in next week.
fn waiting_swap<'h>(
    host: &'h Host,
    batch: Batch<'h>,
    board: &Board,
    planned: &Plan,
    ids: &[Uuid],
    days: &Days,
) -> Result<Batch<'h>> {
    let wanted = days.today + TimeDelta::days(4);
    let slot = (0..ids.len()).find(|slot| board.place(*slot) == (wanted, "deputy") && planned.holders[*slot].is_some());
    let Some((slot, person)) = slot.and_then(|slot| Some((slot, planned.holders[slot]?))) else { return Ok(batch) };
    let at = day::moment(host, days.today, NaiveTime::MIN);
    Ok(batch.add(
        "insert into swap (id, class_id, shift_id, person_id, state, note, created_at, expires_at)
         values ($1, $2, $3, $4, 'offered', $5, $6, $7)",
        params![
            host.new_id(),
            host.class()?.id,
            ids[slot],
            board.students[person],
            texts::OFFER,
            at,
            at + TimeDelta::days(3),
        ],
    ))
}

/// Two publications a week: those of the past published but one, those to come in every state.
fn publications(host: &Host, board: &Board, planned: &Plan, days: &Days) -> Result<Vec<Vec<Parameter>>> {
    let class = host.class()?.id;
    let mut rows = Vec::new();
    let mut used = HashSet::new();
    let past = (0..).map(|number| days.from + TimeDelta::days(5 + number * 7 / 2)).take_while(|on| *on < days.today);
    let coming = [(0, "approving"), (2, "editing"), (5, "writing"), (9, "planned")];
    let coming = coming.map(|(later, state)| (days.today + TimeDelta::days(later), state));
    let past: Vec<(NaiveDate, &str)> = past.map(|on| (on, "published")).collect();
    let missed = past.len().saturating_sub(3);
    for (number, (on, state)) in past.into_iter().chain(coming).enumerate() {
        let (title, text) = texts::PUBLICATIONS[number % texts::PUBLICATIONS.len()];
        if !used.insert(on) || number >= texts::PUBLICATIONS.len() {
            continue;
        }
        // One whose day went by while it was still written.
        let state = if state == "published" && number == missed { "writing" } else { state };
        let holder = |post: &str| {
            let slot = (0..planned.holders.len()).find(|slot| board.place(*slot) == (on, post))?;
            planned.holders[slot].map(|index| board.students[index])
        };
        let is_edited = matches!(state, "published" | "approving");
        let at = day::moment(host, on, NaiveTime::from_hms_opt(19, 30, 0).unwrap_or_default());
        let (author, editor) = (holder("chief"), if is_edited { holder("editor") } else { None });
        let author = if state == "planned" { None } else { author };
        let text = if state == "planned" { "" } else { text };
        let published = (state == "published").then_some(at);
        rows.push(params![
            host.new_id(),
            class,
            on.to_string(),
            title,
            text,
            author,
            editor,
            state,
            published,
            at.min(host.now()),
        ]);
    }
    Ok(rows)
}
