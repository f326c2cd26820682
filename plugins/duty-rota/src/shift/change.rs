//! Changing who has which shift. Everything that changes shifts goes through [`write`], so that a calendar is told of it
//! and two changes that were decided at the same time never both happen.

use plugin_sdk::chrono::NaiveDate;
use plugin_sdk::prelude::*;
use plugin_sdk::protocol::Code;
use plugin_sdk::protocol::value::Value;

use super::Shift;

/// Rows of one statement: far below what a database takes.
const ROWS: usize = 100;

/// A shift that changes.
#[derive(Clone, Debug)]
pub struct Change {
    /// The shift as it was; none: the post was free.
    pub before: Option<Shift>,
    /// Its day.
    pub day: NaiveDate,
    /// Its post.
    pub post: String,
    /// Who gets it and why (JSON); none: nobody.
    pub after: Option<(Uuid, String)>,
}

impl Change {
    /// A shift that goes to somebody else.
    pub fn hand_over(shift: &Shift, to: Uuid, reason: String) -> Self {
        Self { before: Some(shift.clone()), day: shift.day, post: shift.post.clone(), after: Some((to, reason)) }
    }
}

/// The count of changes of the class. What is decided after reading it is written only if it has not moved.
pub fn revision(host: &Host) -> Result<i64> {
    let class = host.class()?.id;
    let read = || -> Result<Option<i64>> {
        let table = host.query("select number from revision where class_id = $1", params![class])?;
        table.first().map(|row| row.get("number")).transpose()
    };
    if let Some(number) = read()? {
        return Ok(number);
    }
    host.exec("insert into revision (class_id, number) values ($1, 0) on conflict do nothing", params![class])?;
    Ok(read()?.unwrap_or_default())
}

/// The first statement of a batch that was decided at this revision.
pub fn at_revision<'h>(host: &'h Host, batch: Batch<'h>, revision: i64) -> Result<Batch<'h>> {
    let sql = "update revision set number = number + 1 where class_id = $1 and number = $2";
    Ok(batch.expect(1, sql, params![host.class()?.id, revision]))
}

/// Makes changes and whatever else `more` adds, all or nothing; false when something has changed since the revision.
pub fn write<'h>(
    host: &'h Host,
    revision: i64,
    changes: &[Change],
    more: impl FnOnce(Batch<'h>) -> Batch<'h>,
) -> Result<bool> {
    let class = host.class()?.id;
    let changes: Vec<&Change> = changes.iter().filter(|change| !is_same(change)).collect();
    let mut batch = at_revision(host, host.batch(), revision)?;
    let gone: Vec<&Shift> = changes.iter().filter_map(|change| change.before.as_ref()).collect();
    for shifts in gone.chunks(ROWS) {
        let mut values = params![class];
        values.extend(shifts.iter().map(|shift| Value::from(shift.id)));
        let sql = format!(
            "delete from shift where class_id = $1 and checked_in_at is null and id in ({})",
            numbered(2, shifts.len())
        );
        batch = batch.expect(shifts.len() as u64, &sql, values);
    }
    for shifts in gone.chunks(ROWS) {
        let rows = shifts.iter().map(|shift| {
            let (day, post) = (shift.day.to_string(), shift.post.clone());
            params![shift.id, shift.person, class, day, post, shift.sequence + 1, host.now()]
        });
        let sql = "insert into released (shift_id, person_id, class_id, day, post, sequence, released_at) values {rows}
                   on conflict (shift_id, person_id) do update set
                   sequence = excluded.sequence, released_at = excluded.released_at";
        batch = add_rows(batch, sql, rows.collect());
    }
    let come: Vec<&&Change> = changes.iter().filter(|change| change.after.is_some()).collect();
    for group in come.chunks(ROWS) {
        let rows = group.iter().filter_map(|change| {
            let (person, reason) = change.after.clone()?;
            let id = change.before.as_ref().map_or_else(|| host.new_id(), |shift| shift.id);
            let sequence = change.before.as_ref().map_or(0, |shift| shift.sequence + 1);
            let (day, post) = (change.day.to_string(), change.post.clone());
            Some(params![id, class, day, post, person, sequence, reason, host.now()])
        });
        let sql = "insert into shift (id, class_id, day, post, person_id, sequence, reason, changed_at) values {rows}";
        batch = add_rows(batch, sql, rows.collect());
    }
    // Who has it again is told of the shift itself.
    batch = batch.add(
        "delete from released where class_id = $1 and exists
         (select 1 from shift where shift.id = released.shift_id and shift.person_id = released.person_id)",
        params![class],
    );
    let batch = more(batch).add(
        "update swap set state = 'void', decided_at = $2 where class_id = $1 and state in ('offered', 'accepted') and (
         not exists (select 1 from shift where shift.id = swap.shift_id and shift.person_id = swap.person_id)
         or (return_shift_id is not null and not exists
             (select 1 from shift where shift.id = swap.return_shift_id and shift.person_id = swap.partner_id)))",
        params![class, host.now()],
    );
    done(batch)
}

/// Runs a batch; false when something it expects is not so any more.
pub fn done(batch: Batch<'_>) -> Result<bool> {
    match batch.run() {
        Ok(_) => Ok(true),
        Err(error) if error.code() == Code::Conflict => Ok(false),
        Err(error) => Err(error),
    }
}

/// Adds a statement whose `{rows}` are these.
pub fn add_rows<'h>(batch: Batch<'h>, sql: &str, rows: Vec<Vec<Value>>) -> Batch<'h> {
    if rows.is_empty() {
        return batch;
    }
    let mut next = 1;
    let one = |row: &Vec<Value>| {
        let places = numbered(next, row.len());
        next += row.len();
        format!("({places})")
    };
    let places = rows.iter().map(one).collect::<Vec<_>>().join(", ");
    batch.add(&sql.replace("{rows}", &places), rows.concat())
}

/// `$2, $3, $4`.
fn numbered(first: usize, count: usize) -> String {
    (first..first + count).map(|number| format!("${number}")).collect::<Vec<_>>().join(", ")
}

fn is_same(change: &Change) -> bool {
    change.before.as_ref().map(|shift| shift.person) == change.after.as_ref().map(|(person, _)| *person)
}
