//! Shifts in the plugin's table.

pub mod change;

use std::collections::HashMap;

use plugin_sdk::chrono::NaiveDate;
use plugin_sdk::prelude::*;
use plugin_sdk::protocol::value::Value;

/// The posts of a day, the first one first; each is held by one student.
pub const POSTS: [&str; 3] = ["chief", "deputy", "editor"];

const COLUMNS: &str = "id, day, post, person_id, checked_in_at, sequence, reason, changed_at, excused_at, by_operator";

/// Key of what people call a post.
pub fn word(post: &str) -> String {
    format!("post-{post}")
}

/// Somebody's duty on one day.
#[derive(Clone, Debug)]
pub struct Shift {
    /// Id; it stays when the shift goes to somebody else.
    pub id: Uuid,
    /// Day.
    pub day: NaiveDate,
    /// One of [`POSTS`].
    pub post: String,
    /// Who.
    pub person: Uuid,
    /// When they checked in.
    pub checked_in_at: Option<DateTime<Utc>>,
    /// How often it has changed hands.
    pub sequence: i64,
    /// Why this person has it, as JSON; see [`crate::why`].
    pub reason: String,
    /// When it got its holder.
    pub changed_at: Option<DateTime<Utc>>,
    /// When an operator excused that it was missed.
    pub excused_at: Option<DateTime<Utc>>,
    /// An operator has said that it was kept, and not its holder.
    pub by_operator: bool,
}

impl Shift {
    /// Whether its day is over and nobody checked in.
    pub fn is_missed(&self, today: NaiveDate) -> bool {
        self.day < today && self.checked_in_at.is_none()
    }

    /// Whether it may still go to somebody else.
    pub fn is_open(&self, today: NaiveDate) -> bool {
        self.day >= today && self.checked_in_at.is_none()
    }
}

/// The class's shifts from one day to another, by day and post.
pub fn between(host: &Host, first: NaiveDate, last: NaiveDate) -> Result<Vec<Shift>> {
    let values = params![host.class()?.id, first.to_string(), last.to_string()];
    select(host, "class_id = $1 and day between $2 and $3", values)
}

/// A person's shifts from a day on.
pub fn of_person(host: &Host, person: Uuid, first: NaiveDate) -> Result<Vec<Shift>> {
    let values = params![host.class()?.id, person, first.to_string()];
    select(host, "class_id = $1 and person_id = $2 and day >= $3", values)
}

/// All shifts of the class.
pub fn all(host: &Host) -> Result<Vec<Shift>> {
    select(host, "class_id = $1", params![host.class()?.id])
}

/// One shift of the class.
pub fn find(host: &Host, id: Uuid) -> Result<Option<Shift>> {
    Ok(select(host, "class_id = $1 and id = $2", params![host.class()?.id, id])?.pop())
}

/// How many shifts each person has, those to come included.
pub fn counts(host: &Host) -> Result<HashMap<Uuid, i64>> {
    let sql = "select person_id, count(*) as shifts from shift where class_id = $1 group by person_id";
    let table = host.query(sql, params![host.class()?.id])?;
    table.iter().map(|row| Ok((row.get("person_id")?, row.get("shifts")?))).collect()
}

fn select(host: &Host, condition: &str, values: Vec<Value>) -> Result<Vec<Shift>> {
    read(&host.query(&format!("select {COLUMNS} from shift where {condition}"), values)?)
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
            sequence: row.get("sequence")?,
            reason: row.get("reason")?,
            changed_at: row.get("changed_at")?,
            excused_at: row.get("excused_at")?,
            by_operator: row.get("by_operator")?,
        })
    };
    let mut shifts = table.iter().map(one).collect::<Result<Vec<Shift>>>()?;
    let rank = |shift: &Shift| POSTS.iter().position(|post| *post == shift.post);
    shifts.sort_by_key(|shift| (shift.day, rank(shift)));
    Ok(shifts)
}
