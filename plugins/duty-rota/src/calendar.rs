//! Calendar feeds (RFC 5545): one's own shifts, or the whole class's, behind an address that nobody can guess and that
//! can be taken back.

mod line;

use std::collections::HashMap;

use plugin_sdk::Words;
use plugin_sdk::chrono::NaiveDate;
use plugin_sdk::prelude::*;

use crate::day;
use crate::people::People;
use crate::rules::Rules;
use crate::shift::{self, Shift};
use crate::words;
use line::Lines;

/// Somebody's feeds: the secret part of their addresses; none: there is none.
#[derive(Clone, Debug, Default)]
pub struct Feeds {
    /// Of their own shifts.
    pub own: Option<String>,
    /// Of the class's.
    pub whole: Option<String>,
}

/// The feeds of a person.
pub fn feeds(host: &Host, person: Uuid) -> Result<Feeds> {
    let table = host.query(
        "select token, whole from feed where class_id = $1 and person_id = $2",
        params![host.class()?.id, person],
    )?;
    let mut feeds = Feeds::default();
    for row in table.iter() {
        let token = Some(row.get("token")?);
        if row.get("whole")? { feeds.whole = token } else { feeds.own = token }
    }
    Ok(feeds)
}

/// Makes a feed of a person's, in the place of the one that they had; or only takes that one back.
pub fn renew(host: &Host, person: Uuid, whole: bool, revoke: bool) -> Result<()> {
    let class = host.class()?.id;
    let mut batch = host
        .batch()
        .add("delete from feed where class_id = $1 and person_id = $2 and whole = $3", params![class, person, whole]);
    if !revoke {
        // Twice the chance in an id: 124 bits and more.
        let half = || host.new_id().as_u64_pair().1;
        let token = format!("{:016x}{:016x}", half(), half());
        batch = batch.add(
            "insert into feed (token, class_id, person_id, whole, created_at) values ($1, $2, $3, $4, $5)",
            params![token, class, person, whole, host.now()],
        );
    }
    batch.run().map(drop)
}

/// How often the hours of duty have changed since calendars were told of them, and when last: every event has moved then.
#[derive(Clone, Copy, Debug, Default)]
struct Moved {
    number: i64,
    at: Option<DateTime<Utc>>,
}

/// Notes the hours of duty, so that calendars are told when they change.
pub fn note_hours(host: &Host) -> Result<()> {
    let (from, until) = Rules::of(host).hours;
    host.exec(
        "insert into told_hours (class_id, hours, number) values ($1, $2, 0)
         on conflict (class_id) do update set hours = excluded.hours, number = told_hours.number + 1, changed_at = $3
         where told_hours.hours <> excluded.hours",
        params![host.class()?.id, format!("{from}-{until}"), host.now()],
    )?;
    Ok(())
}

fn moved(host: &Host) -> Result<Moved> {
    let find =
        || host.query("select number, changed_at from told_hours where class_id = $1", params![host.class()?.id]);
    let mut kept = find()?;
    if kept.is_empty() && !host.class()?.archived {
        note_hours(host)?;
        kept = find()?;
    }
    let one = |row: Row<'_>| -> Result<Moved> { Ok(Moved { number: row.get("number")?, at: row.get("changed_at")? }) };
    Ok(kept.first().map(one).transpose()?.unwrap_or_default())
}

/// The calendar behind an address.
pub fn answer(host: &Host, name: &str) -> Result<Response> {
    let token = name.strip_suffix(".ics").ok_or_else(not_found)?;
    let class = host.class()?;
    let table =
        host.query("select person_id, whole from feed where token = $1 and class_id = $2", params![token, class.id])?;
    let row = table.first().ok_or_else(not_found)?;
    let (person, whole): (Uuid, bool) = (row.get("person_id")?, row.get("whole")?);
    let people = People::of(host)?;
    // Who has left the class reads nothing of it any more.
    people.name(person).ok_or_else(not_found)?;
    let text = calendar(host, &people, if whole { None } else { Some(person) })?;
    Ok(bytes(200, "text/calendar; charset=utf-8", text.into_bytes()))
}

/// A calendar of one person, or of the class.
fn calendar(host: &Host, people: &People, person: Option<Uuid>) -> Result<String> {
    let (rules, class, moved) = (Rules::of(host), host.class()?, moved(host)?);
    let words = words::of(host);
    let shifts = shift::all(host)?;
    let title = words.say(if person.is_some() { "feed-own" } else { "feed-whole" });
    let left = words.say("person-left");
    let mut lines = Lines::default();
    for (name, value) in [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//duty-rota//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
        // Programs ask once an hour; the second is the older name of the same.
        ("REFRESH-INTERVAL;VALUE=DURATION", "PT1H"),
        ("X-PUBLISHED-TTL", "PT1H"),
    ] {
        lines.add(name, value);
    }
    let name = format!("{title} · {}", class.name);
    lines.text("NAME", &name);
    lines.text("X-WR-CALNAME", &name);
    lines.add("X-WR-TIMEZONE", &class.time_zone);
    let shown = shifts.iter().filter(|shift| person.is_none_or(|person| shift.person == person));
    for shift in shown {
        let name = if person.is_some() { None } else { Some(people.name(shift.person).unwrap_or(&left)) };
        event(host, &mut lines, &rules, &Entry::of(shift).after(moved), &summary(&words, &shift.post, name), false)?;
    }
    for gone in released(host, person)? {
        let gone = gone.after(moved);
        let is_back = shifts.iter().any(|shift| shift.id == gone.id);
        // To the class a shift that went to somebody else is not cancelled.
        if person.is_some() || !is_back {
            event(host, &mut lines, &rules, &gone, &summary(&words, &gone.post, None), true)?;
        }
    }
    lines.add("END", "VCALENDAR");
    Ok(lines.finish())
}

/// A shift as a calendar shows it.
struct Entry {
    id: Uuid,
    day: NaiveDate,
    post: String,
    sequence: i64,
    at: Option<DateTime<Utc>>,
}

impl Entry {
    fn of(shift: &Shift) -> Self {
        let Shift { id, day, sequence, .. } = *shift;
        Self { id, day, post: shift.post.clone(), sequence, at: shift.changed_at }
    }

    fn after(self, moved: Moved) -> Self {
        Self { sequence: self.sequence + moved.number, at: self.at.max(moved.at), ..self }
    }
}

fn event(host: &Host, lines: &mut Lines, rules: &Rules, entry: &Entry, summary: &str, is_gone: bool) -> Result<()> {
    let context = host.context();
    let site = context.site.rsplit("://").next().filter(|site| !site.is_empty()).unwrap_or("duty-rota");
    let utc = |moment: DateTime<Utc>| moment.format("%Y%m%dT%H%M%SZ").to_string();
    let changed = utc(entry.at.unwrap_or(DateTime::UNIX_EPOCH));
    lines.add("BEGIN", "VEVENT");
    lines.text("UID", &format!("{}@{site}", entry.id));
    lines.add("DTSTAMP", &changed);
    lines.add("LAST-MODIFIED", &changed);
    lines.add("SEQUENCE", &entry.sequence.to_string());
    lines.add("DTSTART", &utc(day::moment(host, entry.day, rules.hours.0)));
    lines.add("DTEND", &utc(day::moment(host, entry.day, rules.hours.1)));
    lines.text("SUMMARY", summary);
    lines.add("STATUS", if is_gone { "CANCELLED" } else { "CONFIRMED" });
    lines.add("TRANSP", "TRANSPARENT");
    if !context.site.is_empty() && !is_gone {
        lines.add("URL", &format!("{}{}/shifts/{}", context.site, context.base, entry.id));
    }
    lines.add("END", "VEVENT");
    Ok(())
}

/// Shifts that a person does not have any more, or that nobody has.
fn released(host: &Host, person: Option<Uuid>) -> Result<Vec<Entry>> {
    let table = host.query(
        "select shift_id, person_id, day, post, sequence, released_at from released where class_id = $1",
        params![host.class()?.id],
    )?;
    let mut found: HashMap<Uuid, Entry> = HashMap::new();
    for row in table.iter() {
        if person.is_some_and(|person| row.get::<Uuid>("person_id").ok() != Some(person)) {
            continue;
        }
        let entry = Entry {
            id: row.get("shift_id")?,
            day: row.get::<String>("day")?.parse()?,
            post: row.get("post")?,
            sequence: row.get("sequence")?,
            at: Some(row.get("released_at")?),
        };
        // The last one who had it.
        if found.get(&entry.id).is_none_or(|other| other.sequence < entry.sequence) {
            found.insert(entry.id, entry);
        }
    }
    let mut entries: Vec<Entry> = found.into_values().collect();
    entries.sort_by_key(|entry| (entry.day, entry.id));
    Ok(entries)
}

/// What an event is called.
fn summary(words: &Words, post: &str, name: Option<&str>) -> String {
    let (duty, post) = (words.say("feed-duty"), words.say(&shift::word(post)));
    name.map_or_else(|| format!("{duty}{post}"), |name| format!("{duty}{post} · {name}"))
}
