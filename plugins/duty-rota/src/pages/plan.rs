//! Planning a semester: the form, the preview with its figures, and publishing what was previewed.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use plugin_sdk::chrono::NaiveDate;
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use super::back;
use super::times::{periods, wrong_line};
use crate::check_in;
use crate::day;
use crate::planning::{Fixed, Plan, fairness, plan, reasons};
use crate::points;
use crate::rules::Rules;
use crate::semester::{self, Board, LONGEST, Scope, Term};
use crate::shift::change::{Change, add_rows, write};
use crate::shift::{POSTS, word};
use crate::times::{self, special_days};
use crate::timetable::{self, Wrong};
use crate::why;

/// What was filled in.
struct Asked {
    first: String,
    last: String,
    seed: i64,
    renew: bool,
}

impl Asked {
    fn of(get: impl Fn(&str) -> String, before: Option<Term>, today: NaiveDate) -> Self {
        let or = |text: String, default: String| if text.trim().is_empty() { default } else { text };
        let first = before.map_or(today, |term| term.first);
        // A term has sixteen weeks more often than not.
        let last = before.map_or(today + TimeDelta::days(16 * 7 - 1), |term| term.last);
        Self {
            first: or(get("first"), first.to_string()),
            last: or(get("last"), last.to_string()),
            seed: get("seed").trim().parse().unwrap_or_else(|_| before.map_or(1, |term| term.seed)),
            renew: get("renew") == "true",
        }
    }

    /// The term, or what is wrong with it.
    fn term(&self, today: NaiveDate) -> Result<Term, &'static str> {
        let (Some(first), Some(last)) = (day::parse(&self.first), day::parse(&self.last)) else {
            return Err("plan-day-wrong");
        };
        let length = (last - first).num_days();
        if length < 0 || last < today {
            return Err("plan-term-over");
        }
        if u64::try_from(length).unwrap_or(u64::MAX) >= LONGEST {
            return Err("plan-term-long");
        }
        Ok(Term { first, last, seed: self.seed, gap: 1 })
    }
}

/// A plan that was worked out but not published.
struct Draft {
    board: Board,
    plan: Plan,
    changes: Vec<Change>,
    fingerprint: String,
}

/// The form; with a preview when days were sent along.
pub fn show(host: &Host, request: &Page) -> Result<Response> {
    let (today, before) = (Rules::of(host).first_to_plan(host), semester::term(host)?);
    let asked = Asked::of(|name| request.query(name).to_owned(), before, today);
    if request.query("first").is_empty() {
        return form(host, &asked, None, None, None);
    }
    match asked.term(today) {
        Err(why) => Ok(form(host, &asked, None, Some(why), None)?.status(422)),
        Ok(term) => {
            let draft = draft(host, term, &asked, today)?;
            form(host, &asked, Some(&draft), None, None)
        }
    }
}

/// Publishes the plan that was previewed. When something has changed since, it is previewed anew.
pub fn publish(host: &Host, request: &Page) -> Result<Response> {
    let (today, before) = (Rules::of(host).first_to_plan(host), semester::term(host)?);
    let asked = Asked::of(|name| request.form(name).to_owned(), before, today);
    let term = match asked.term(today) {
        Ok(term) => term,
        Err(why) => return Ok(form(host, &asked, None, Some(why), None)?.status(422)),
    };
    let draft = draft(host, term, &asked, today)?;
    if draft.fingerprint != request.form("seen") || !put_in_force(host, &draft, term, today)? {
        return Ok(form(host, &asked, Some(&draft), Some("plan-changed"), None)?.status(409));
    }
    Ok(back("/plan", true, "plan-published"))
}

fn put_in_force(host: &Host, draft: &Draft, term: Term, today: NaiveDate) -> Result<bool> {
    let class = host.class()?.id;
    let unknown = draft.board.unknown(host, today)?;
    write(host, draft.board.revision, &draft.changes, |batch| {
        let batch = batch.add(
            "insert into semester (class_id, first_day, last_day, seed, gap) values ($1, $2, $3, $4, $5)
             on conflict (class_id) do update set first_day = excluded.first_day, last_day = excluded.last_day,
             seed = excluded.seed, gap = excluded.gap",
            params![class, term.first.to_string(), term.last.to_string(), term.seed, draft.plan.gap],
        );
        let rows = unknown.iter().map(|(student, first)| params![class, *student, first.to_string()]);
        let sql = "insert into helper (class_id, person_id, first_day) values {rows} on conflict do nothing";
        add_rows(batch, sql, rows.collect())
    })
}

fn draft(host: &Host, term: Term, asked: &Asked, today: NaiveDate) -> Result<Draft> {
    let rules = Rules::of(host);
    let scope = if asked.renew { Scope::Coming } else { Scope::Free };
    let board = Board::read(host, &rules, term, today, scope)?;
    let planned = plan(&board.semester);
    let slots: Vec<usize> = (0..planned.holders.len()).collect();
    let reasons = reasons(&board.semester, &planned, &slots);
    let gap = planned.gap;
    let reason =
        |slot: usize| reasons[slot].as_ref().map_or_else(String::new, |reason| why::planned("plan", reason, gap));
    let changes = board.changes(&planned, reason);
    let mut hasher = DefaultHasher::new();
    board.revision.hash(&mut hasher);
    for change in &changes {
        (change.day, &change.post, change.after.as_ref().map(|(person, _)| person)).hash(&mut hasher);
    }
    let fingerprint = format!("{:016x}", hasher.finish());
    Ok(Draft { board, plan: planned, changes, fingerprint })
}

/// Adds or changes special days.
pub fn save_special(host: &Host, request: &Page) -> Result<Response> {
    let kind = request.form("kind");
    let first = day::parse(request.form("first"));
    let last = day::parse(request.form("last")).or(first);
    let (Some(first), Some(last)) = (first, last) else { return Ok(back("/plan", false, "plan-day-wrong")) };
    let count = (last - first).num_days();
    if !(0..60).contains(&count) || !["holiday", "workday", "off"].contains(&kind) {
        return Ok(back("/plan", false, "special-days-wrong"));
    }
    let title: String = request.form("title").trim().chars().take(40).collect();
    let class = host.class()?.id;
    let rows = (0..=count).map(|number| params![class, (first + TimeDelta::days(number)).to_string(), kind, &title]);
    let sql = "insert into special_day (class_id, day, kind, title) values {rows}
               on conflict (class_id, day) do update set kind = excluded.kind, title = excluded.title";
    add_rows(host.batch(), sql, rows.collect()).run()?;
    Ok(back("/plan", true, "special-days-saved"))
}

/// Takes a special day back.
pub fn delete_special(host: &Host, on: &str) -> Result<Response> {
    host.exec("delete from special_day where class_id = $1 and day = $2", params![host.class()?.id, on])?;
    Ok(back("/plan", true, "special-days-saved"))
}

/// Takes in the timetables of several students: each line begins with a student's number.
pub fn import_courses(host: &Host, request: &Page) -> Result<Response> {
    let file = request.file("file").map(|file| file.body.as_bytes()).filter(|bytes| !bytes.is_empty());
    let text = match file {
        Some(bytes) => decoded(bytes),
        None => request.form("courses").to_owned(),
    };
    let before = semester::term(host)?;
    let asked = Asked::of(|_| String::new(), before, host.today());
    match read_courses(host, &text)? {
        Ok(timetables) if timetables.is_empty() => {
            let wrong = Wrong { line: 1, text: String::new(), why: "course-no-number" };
            Ok(form(host, &asked, None, None, Some((text, wrong)))?.status(422))
        }
        Ok(timetables) => {
            let is_done = times::replace_courses(host, &timetables)?;
            Ok(back("/plan", is_done, if is_done { "courses-imported" } else { "times-changed" }))
        }
        Err(wrong) => Ok(form(host, &asked, None, None, Some((text, wrong)))?.status(422)),
    }
}

/// UTF-8, or what a spreadsheet on a Chinese computer writes.
fn decoded(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        Err(_) => encoding_rs::GB18030.decode(bytes).0.into_owned(),
    }
}

fn read_courses(host: &Host, text: &str) -> Result<Result<Vec<(Uuid, Vec<timetable::Course>)>, Wrong>> {
    let people = crate::people::People::of(host)?;
    let (known, mut found): (_, Vec<(Uuid, Vec<timetable::Course>)>) = (periods(host), Vec::new());
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = |why| Wrong { line: index + 1, text: line.trim().to_owned(), why };
        let (number, rest) = line.trim().split_once([' ', '\t', ',', '，', ';']).unwrap_or((line.trim(), ""));
        let Some(student) = people.students.iter().find(|student| student.number.as_deref() == Some(number)) else {
            // The first line may name the columns.
            if index == 0 && !number.chars().any(|sign| sign.is_ascii_digit()) {
                continue;
            }
            return Ok(Err(wrong("course-no-number")));
        };
        let read = match timetable::courses(rest, &known) {
            Ok(read) => read,
            Err(why) => return Ok(Err(wrong(why))),
        };
        match found.iter_mut().find(|(id, _)| *id == student.id) {
            Some((_, courses)) => courses.extend(read),
            None => found.push((student.id, read)),
        }
    }
    Ok(Ok(found))
}

/// The code that is shown in class.
pub fn code(host: &Host) -> Result<Response> {
    let today = host.today();
    let values = json!({ "day": day::shown(today), "code": check_in::code(host, today)? });
    Ok(page("code.html", values).title("code"))
}

fn form(
    host: &Host,
    asked: &Asked,
    draft: Option<&Draft>,
    error: Option<&str>,
    wrong: Option<(String, Wrong)>,
) -> Result<Response> {
    let (today, rules, before) = (host.today(), Rules::of(host), semester::term(host)?);
    let mut special: Vec<_> = special_days(host)?.into_iter().collect();
    special.sort_by_key(|(on, _)| *on);
    let special = special.iter().filter(|(on, _)| before.is_none_or(|term| *on >= term.first)).map(|(on, special)| {
        json!({ "day": day::shown(*on), "word": format!("special-{}", special.kind), "title": special.title })
    });
    let values = json!({
        "first": asked.first,
        "last": asked.last,
        "seed": asked.seed,
        "next_seed": asked.seed.wrapping_add(1),
        "renew": asked.renew,
        "is_planned": before.is_some(),
        "error": error,
        "preview": draft.map(|draft| preview(draft, before)),
        "unreadable": Rules::unreadable(host).join("、"),
        "special": special.collect::<Vec<_>>(),
        "imported": wrong.as_ref().map(|(text, _)| text.clone()),
        "wrong": wrong.as_ref().map(|(_, wrong)| wrong_line(wrong)),
        "with_courses": times::courses(host, None)?.iter().map(|(owner, _)| *owner).collect::<std::collections::HashSet<_>>().len(),
        "needs_code": rules.needs_code,
        "troubles": super::repair::troubles(host)?.len(),
        "today": today.to_string(),
        "is_open": !host.class()?.archived,
    });
    Ok(page("plan.html", values).title("plan"))
}

/// A plan for the template: its figures, and what each day would be.
fn preview(draft: &Draft, before: Option<Term>) -> Value {
    let (board, fair) = (&draft.board, fairness(&draft.board.semester, &draft.plan));
    let name = |person: usize| board.people.name(board.students[person]).unwrap_or_default().to_owned();
    let changed = |slot: usize| {
        let before = board.shifts[slot].as_ref().map(|shift| shift.person);
        before != draft.plan.holders[slot].map(|person| board.students[person])
    };
    let days = board.days.iter().enumerate().filter_map(|(index, on)| {
        let slots: Vec<usize> = (0..POSTS.len()).map(|post| board.semester.slot(index, post)).collect();
        let is_closed = slots.iter().all(|slot| board.semester.fixed(*slot) == Fixed::Closed);
        if is_closed {
            return None;
        }
        let held = slots.iter().map(|slot| match draft.plan.holders[*slot] {
            Some(person) => json!({ "name": name(person), "is_new": changed(*slot) }),
            None => json!({ "is_empty": board.semester.fixed(*slot) == Fixed::Open }),
        });
        Some(json!({ "day": day::shown(*on), "held": held.collect::<Vec<_>>() }))
    });
    let people = (0..board.students.len()).map(|person| {
        json!({
            "name": name(person),
            "load": points::shown(fair.loads[person]),
            "target": points::shown(fair.targets[person]),
        })
    });
    json!({
        "seen": draft.fingerprint,
        "changes": draft.changes.len(),
        "given_up": draft.changes.iter().filter(|change| change.after.is_none()).count(),
        "is_new_term": before.is_none_or(|before| (before.first, before.last) != (board.term.first, board.term.last)),
        "jain": format!("{:.3}", fair.jain),
        "spread": points::shown(fair.spread),
        "empty": fair.empty,
        "gap": draft.plan.gap,
        "wanted_gap": board.semester.gap,
        "students": board.students.len(),
        "posts": POSTS.map(word),
        "days": days.collect::<Vec<_>>(),
        "people": people.collect::<Vec<_>>(),
    })
}
