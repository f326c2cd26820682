//! The page of what students brought: a student sees their word, link, code and count; a teacher sees everybody's, what
//! to look at, and what waits for a decision.

use plugin_sdk::chrono::NaiveDate;
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use super::{Flag, Tally, flags, origin, tallies};
use crate::channel::{self, Tier};
use crate::number::{grouped, signed, typed};
use crate::reading;
use crate::series::{Day, Series};
use crate::{day, people, qr, word};

/// The most followers in one declaration or correction.
const MOST: i64 = 10_000;
/// Declarations and corrections that are listed.
const LISTED: i64 = 100;
/// The longest note.
const LONGEST: usize = 200;

/// The page.
pub fn show(host: &Host) -> Result<Response> {
    with(host, None)
}

/// A student declares followers; a teacher will check them.
pub fn declare(host: &Host, request: &Page) -> Result<Response> {
    let today = host.today();
    let on = day::parse(request.form("day")).filter(|on| *on <= today);
    let followers = typed(request.form("followers"), MOST).filter(|number| *number > 0);
    let note = note(request.form("note"));
    let error = match (host.person()?.is_teacher(), on, followers, note.is_empty()) {
        (true, ..) => Some("declare-student"),
        (_, None, ..) => Some("declare-day"),
        (_, _, None, _) => Some("number-wrong"),
        (.., true) => Some("declare-note"),
        _ => None,
    };
    let (Some(on), Some(followers), None) = (on, followers, error) else {
        return Ok(with(host, error)?.status(422));
    };
    host.exec(
        "insert into declaration (id, class_id, person_id, day, followers, note, at, state)
         values ($1, $2, $3, $4, $5, $6, $7, 'pending')",
        params![host.new_id(), host.class()?.id, host.person()?.id, on.to_string(), followers, note, host.now()],
    )?;
    Ok(redirect("/credit").notice("declare-done"))
}

/// A teacher decides on a declaration; deciding again changes the decision.
pub fn decide(host: &Host, declaration: Uuid, request: &Page) -> Result<Response> {
    let state = match request.form("decision") {
        "accept" => "accepted",
        "decline" => "declined",
        _ => return Err(invalid("decision-wrong").at("decision")),
    };
    let touched = host.exec(
        "update declaration set state = $3, decided_by = $4 where id = $1 and class_id = $2",
        params![declaration, host.class()?.id, state, host.person()?.id],
    )?;
    if touched == 0 { Err(not_found()) } else { Ok(redirect("/credit").notice("decision-done")) }
}

/// A teacher corrects a student's count, with a reason that the student sees.
pub fn correct(host: &Host, request: &Page) -> Result<Response> {
    let text = request.form("followers").trim();
    let (sign, digits) = match text.strip_prefix(['-', '−', '－']) {
        Some(digits) => (-1, digits),
        None => (1, text.trim_start_matches(['+', '＋'])),
    };
    let followers = typed(digits, MOST).filter(|number| *number > 0).map(|number| sign * number);
    let reason = note(request.form("reason"));
    let person = request.form("person").parse::<Uuid>().ok();
    let is_student = people::students(host)?.iter().any(|student| Some(student.id) == person);
    let (Some(followers), Some(person), true, false) = (followers, person, is_student, reason.is_empty()) else {
        return Ok(with(host, Some("correct-wrong"))?.status(422));
    };
    host.exec(
        "insert into correction (id, class_id, person_id, followers, reason, at, decided_by) values ($1, $2, $3, $4, $5, $6, $7)",
        params![host.new_id(), host.class()?.id, person, followers, reason, host.now(), host.person()?.id],
    )?;
    Ok(redirect("/credit").notice("correct-done"))
}

fn note(text: &str) -> String {
    text.trim().chars().take(LONGEST).collect()
}

fn with(host: &Host, error: Option<&str>) -> Result<Response> {
    let person = host.person()?;
    let is_teacher = person.is_teacher();
    let students = people::students(host)?;
    let tallies = tallies(host)?;
    let origin = origin(host)?;
    let tier = Tier::of(host);
    let connected = origin.by_scene + origin.by_word + origin.own + origin.again + origin.unknown;
    let mut values = json!({
        "tier": tier.shown(host),
        "is_connected": tier.name != "0",
        "is_teacher": is_teacher,
        "error": error,
        "today": host.today().to_string(),
        "may_change": !host.class()?.archived,
        "vests": super::VESTS.num_days(),
        "connected": connected,
        "origins": ([("by_scene", origin.by_scene), ("by_word", origin.by_word), ("again", origin.again),
            ("own", origin.own), ("unknown", origin.unknown)]).iter().map(|(key, count)| json!({
                "key": format!("origin-{}", key.replace('_', "-")), "count": count, "text": grouped(*count),
            })).collect::<Vec<_>>(),
        "declarations": declarations(host, is_teacher)?,
        "corrections": corrections(host, is_teacher)?,
    });
    let numbers = word::numbers(host, &students)?;
    let number = |person: Uuid| numbers.iter().find(|(known, _)| *known == person).map(|(_, number)| *number);
    if is_teacher {
        let names = people::names(host)?;
        let line = |student: &Person| {
            let tally = tallies.get(&student.id).cloned().unwrap_or_default();
            let mut line = shown(&tally);
            line["id"] = student.id.to_string().into();
            line["name"] = student.name.clone().into();
            line["word"] = number(student.id).map(word::word).into();
            line
        };
        values["students"] = students.iter().map(line).collect();
        let flags = flags(host, &tallies)?;
        values["flags"] = flags.iter().map(|flag| flagged(flag, |person| names.get(&person).cloned())).collect();
    } else if let Some(number) = number(person.id) {
        let word = word::word(number);
        values["own"] = shown(&tallies.get(&person.id).cloned().unwrap_or_default());
        let link = format!("{}{}/go/{word}", host.context().site, host.context().base);
        // An address without the site's name leads nowhere from a poster.
        values["link_code"] = if host.context().site.is_empty() { Value::Null } else { qr::drawn(&link) };
        values["link"] = link.into();
        values["word"] = word.into();
        if tier.name == "F" {
            match channel::scene_code(host, &word::scene(number)) {
                Ok(url) => values["scene_code"] = qr::drawn(&url),
                Err(why) => values["scene_why"] = why.into(),
            }
        }
    }
    Ok(page("credit.html", values).title("credit"))
}

fn shown(tally: &Tally) -> Value {
    json!({
        "vested": grouped(tally.vested()),
        "by_scene": grouped(tally.by_scene),
        "by_word": grouped(tally.by_word),
        "declared": grouped(tally.declared),
        "waiting": grouped(tally.waiting),
        "gone": grouped(tally.gone),
        "corrected": (tally.corrected != 0).then(|| signed(tally.corrected)),
        "has_own_account": tally.has_own_account,
    })
}

fn flagged(flag: &Flag, name: impl Fn(Uuid) -> Option<String>) -> Value {
    match flag {
        Flag::Churn { person, gone_soon, ever } => {
            json!({ "key": "flag-churn", "name": name(*person), "part": gone_soon, "all": ever })
        }
        Flag::TenMinutes { person, within, all } => {
            json!({ "key": "flag-ten-minutes", "name": name(*person), "part": within, "all": all })
        }
        Flag::SameSecond { person, within } => {
            json!({ "key": "flag-same-second", "name": name(*person), "part": within, "all": within })
        }
        Flag::Burst { day, hour, gained, usual } => {
            json!({ "key": "flag-burst", "day": day::shown(*day), "hour": hour, "part": gained, "all": usual })
        }
    }
}

fn declarations(host: &Host, is_teacher: bool) -> Result<Vec<Value>> {
    // Beside what is declared stands how many came that day at all, for the teacher who checks it.
    let rows = host.query(
        "select id, person_id, day, followers, note, at, state,
             (select sum(o.followers) from declaration o
                 where o.class_id = d.class_id and o.day = d.day and o.state <> 'declined') as declared
         from declaration d where class_id = $1 and ($2 or person_id = $3)
         order by case when state = 'pending' then 0 else 1 end, at desc limit $4",
        params![host.class()?.id, is_teacher, host.person()?.id, LISTED],
    )?;
    let names = people::names(host)?;
    let series = if is_teacher { Series::new(&reading::all(host)?) } else { Series::default() };
    let one = |row: Row<'_>| -> Result<Value> {
        let on: NaiveDate = row.get::<String>("day")?.parse()?;
        let gained = series.on(on).and_then(Day::figure).map(|figure| figure.gained);
        let (person, state): (Uuid, String) = (row.get("person_id")?, row.get("state")?);
        Ok(json!({
            "id": row.get::<Uuid>("id")?,
            "name": names.get(&person),
            "day": day::shown(on),
            "followers": grouped(row.get("followers")?),
            "declared": grouped(row.get("declared")?),
            "note": row.get::<String>("note")?,
            "is_pending": state == "pending",
            "state": format!("declared-{state}"),
            "live": gained.map(grouped),
        }))
    };
    rows.iter().map(one).collect()
}

fn corrections(host: &Host, is_teacher: bool) -> Result<Vec<Value>> {
    let rows = host.query(
        "select person_id, followers, reason, at from correction where class_id = $1 and ($2 or person_id = $3)
         order by at desc limit $4",
        params![host.class()?.id, is_teacher, host.person()?.id, LISTED],
    )?;
    let names = people::names(host)?;
    let one = |row: Row<'_>| -> Result<Value> {
        Ok(json!({
            "name": names.get(&row.get::<Uuid>("person_id")?),
            "followers": signed(row.get("followers")?),
            "reason": row.get::<String>("reason")?,
            "at": day::moment(host, row.get("at")?),
        }))
    };
    rows.iter().map(one).collect()
}
