//! Shifts in the plugin's table.

use std::collections::HashMap;

use plugin_sdk::chrono::NaiveDate;
use plugin_sdk::prelude::*;
use plugin_sdk::protocol::Code;

use crate::day;

/// The posts of a day, the first one first; each is held by one student.
pub const POSTS: [&str; 3] = ["chief", "deputy", "editor"];

/// Key of what people call a post.
pub fn word(post: &str) -> String {
    format!("post-{post}")
}

/// Somebody's duty on one day.
#[derive(Clone, Debug)]
pub struct Shift {
    /// Id.
    pub id: Uuid,
    /// Day.
    pub day: NaiveDate,
    /// One of [`POSTS`].
    pub post: String,
    /// Who.
    pub person: Uuid,
    /// When they checked in.
    pub checked_in_at: Option<DateTime<Utc>>,
}

/// What became of a check-in.
pub enum CheckIn {
    /// It is kept now.
    Done,
    /// It was kept before.
    Before,
    /// The shift is on another day.
    OtherDay,
}

/// The class's shifts from one day to another, by day and post.
pub fn between(host: &Host, first: NaiveDate, last: NaiveDate) -> Result<Vec<Shift>> {
    let table = host.query(
        "select id, day, post, person_id, checked_in_at from shift where class_id = $1 and day between $2 and $3",
        params![host.class()?.id, first.to_string(), last.to_string()],
    )?;
    read(&table)
}

/// A person's shifts from a day on.
pub fn of_person(host: &Host, person: Uuid, first: NaiveDate) -> Result<Vec<Shift>> {
    let table = host.query(
        "select id, day, post, person_id, checked_in_at from shift
         where class_id = $1 and person_id = $2 and day >= $3",
        params![host.class()?.id, person, first.to_string()],
    )?;
    read(&table)
}

/// How many shifts each person has, those to come included.
pub fn counts(host: &Host) -> Result<HashMap<Uuid, i64>> {
    count(host, "select person_id, count(*) as shifts from shift where class_id = $1 group by person_id")
}

/// How many shifts each person has kept.
pub fn kept(host: &Host) -> Result<HashMap<Uuid, i64>> {
    count(
        host,
        "select person_id, count(*) as shifts from shift
         where class_id = $1 and checked_in_at is not null group by person_id",
    )
}

/// Puts shifts of a day in the place of others; false when one of them has changed meanwhile, and nothing is done.
pub fn replace(host: &Host, on: NaiveDate, gone: &[&Shift], come: &[(&str, Uuid)]) -> Result<bool> {
    let class = host.class()?.id;
    let mut batch = host.batch();
    for shift in gone {
        batch = batch.expect(1, "delete from shift where id = $1 and checked_in_at is null", params![shift.id]);
    }
    for (post, person) in come {
        batch = batch.add(
            "insert into shift (id, class_id, day, post, person_id) values ($1, $2, $3, $4, $5)",
            params![host.new_id(), class, on.to_string(), *post, *person],
        );
    }
    match batch.run() {
        Ok(_) => Ok(true),
        Err(error) if error.code() == Code::Conflict => Ok(false),
        Err(error) => Err(error),
    }
}

/// A person checks in to a shift of theirs.
pub fn check_in(host: &Host, shift: Uuid, person: Uuid) -> Result<CheckIn> {
    let (class, today) = (host.class()?.id, day::today(host)?.to_string());
    let done = host.exec(
        "update shift set checked_in_at = $1
         where id = $2 and class_id = $3 and person_id = $4 and day = $5 and checked_in_at is null",
        params![host.now(), shift, class, person, &today],
    )?;
    if done > 0 {
        return Ok(CheckIn::Done);
    }
    let table =
        host.query("select person_id, day from shift where id = $1 and class_id = $2", params![shift, class])?;
    let found = table.first().ok_or_else(not_found)?;
    match (found.get::<Uuid>("person_id")? == person, found.get::<String>("day")? == today) {
        (false, _) => Err(denied()),
        (true, false) => Ok(CheckIn::OtherDay),
        (true, true) => Ok(CheckIn::Before),
    }
}

fn count(host: &Host, sql: &str) -> Result<HashMap<Uuid, i64>> {
    let table = host.query(sql, params![host.class()?.id])?;
    table.iter().map(|row| Ok((row.get("person_id")?, row.get("shifts")?))).collect()
}

fn read(table: &Table) -> Result<Vec<Shift>> {
    let one = |row: Row<'_>| {
        let on: String = row.get("day")?;
        Ok(Shift {
            id: row.get("id")?,
            day: on.parse()?,
            post: row.get("post")?,
            person: row.get("person_id")?,
            checked_in_at: row.get("checked_in_at")?,
        })
    };
    let mut shifts = table.iter().map(one).collect::<Result<Vec<Shift>>>()?;
    let rank = |shift: &Shift| POSTS.iter().position(|post| *post == shift.post);
    shifts.sort_by_key(|shift| (shift.day, rank(shift)));
    Ok(shifts)
}
