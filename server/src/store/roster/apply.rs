//! Brings a class in line with a file, all or nothing.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::presence::set_left;
use super::transfer::carry::{self, Carry};
use super::{Known, compare, entries_in, fingerprint, known_query, login_of, strangers};
use crate::db::{Db, Tx};
use crate::error::{Error, Message, Result};
use crate::on_tx;
use crate::roster_file::Row;
use crate::store::audit;
use crate::store::class::in_class;
use crate::store::person::Actor;
use crate::store::plugin::member;

/// Rows that go into one statement; with at most seven values each they stay under SQLite's 32,766.
const BATCH: usize = 4_000;

/// How many students a file changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// New in the class.
    pub added: usize,
    /// With another name now.
    pub renamed: usize,
    /// Marked as left.
    pub left: usize,
    /// Back again.
    pub returned: usize,
    /// As before.
    pub unchanged: usize,
}

/// What a teacher agreed to beside the rows of a file.
#[derive(Debug, Default)]
pub struct Agreed {
    /// The missing students who left.
    pub leaving: Vec<Uuid>,
    /// Students of the file who leave another class for this one, with what they take along.
    pub transfers: Vec<Carry>,
    /// The fingerprint of the roster that the teacher saw.
    pub base: String,
}

/// Applies the rows of a file.
///
/// # Errors
/// A conflict when the roster, or what is taken along, has changed since; refused when a number belongs to somebody else.
/// Nothing is changed then.
pub async fn apply(
    db: &Db,
    actor: Actor,
    class_id: Uuid,
    rows: Vec<Row>,
    agreed: Agreed,
    now: DateTime<Utc>,
) -> Result<Outcome> {
    db.write(move |tx| {
        Box::pin(async move {
            let Agreed { leaving, transfers, base } = agreed;
            match transfers.is_empty() {
                true => tx.lock(&format!("roster:{class_id}")).await?,
                false => carry::begin(tx, &transfers).await?,
            }
            let entries = entries_in(tx, class_id).await?;
            if fingerprint(&entries) != base {
                return Err(Error::conflict("roster-changed"));
            }
            let outcome = apply_in(tx, class_id, &rows, &leaving, "roster", now).await?;
            carry::carry_in(tx, &actor, &transfers, now).await?;
            let changed = outcome.added + outcome.renamed + outcome.left + outcome.returned;
            if changed > 0 {
                let mut entry = in_class(&actor, now, class_id, "roster.import", "");
                entry.detail = format!(
                    "+{} -{} ~{} return {} ={}",
                    outcome.added, outcome.left, outcome.renamed, outcome.returned, outcome.unchanged
                );
                audit::record(tx, entry).await?;
            }
            Ok(outcome)
        })
    })
    .await
}

/// The same inside a transaction that holds the roster's lock; writes nothing to the audit log.
pub(super) async fn apply_in(
    tx: &mut Tx,
    class_id: Uuid,
    rows: &[Row],
    leaving: &[Uuid],
    origin: &str,
    now: DateTime<Utc>,
) -> Result<Outcome> {
    let entries = entries_in(tx, class_id).await?;
    let mut known: Vec<Known> = Vec::new();
    for logins in strangers(&entries, rows).chunks(5_000) {
        known.extend::<Vec<Known>>(on_tx!(tx, |c| known_query(logins).build_query_as().fetch_all(c).await)?);
    }
    let difference = compare(&entries, &known, rows);
    if let Some((row, number)) = difference.taken.first() {
        return Err(Error::Invalid(Message::new("roster-problem-taken").with("number", number).with("row", row)));
    }

    let person_of: HashMap<String, Uuid> = entries
        .iter()
        .map(|entry| (login_of(&entry.number), entry.person_id))
        .chain(known.iter().map(|person| (person.login.clone(), person.id)))
        .collect();
    let id_of = |number: &str| person_of.get(&login_of(number)).copied();

    // People the school does not know yet get their account with their place in the class.
    let added: Vec<(Uuid, bool, &str, &str)> = difference
        .added
        .iter()
        .map(|named| match id_of(&named.number) {
            Some(id) => (id, false, named.number.as_str(), named.name.as_str()),
            None => (Uuid::now_v7(), true, named.number.as_str(), named.name.as_str()),
        })
        .collect();
    let new: Vec<_> = added.iter().filter(|(_, is_new, ..)| *is_new).collect();
    for batch in new.chunks(BATCH) {
        on_tx!(tx, |c| {
            let mut insert = QueryBuilder::new("insert into person (id, login, name, role, created_at) ");
            insert.push_values(batch, |mut row, (id, _, number, name)| {
                row.push_bind(*id)
                    .push_bind(login_of(number))
                    .push_bind((*name).to_owned())
                    .push_bind("student")
                    .push_bind(now);
            });
            insert.build().execute(c).await.map(|done| done.rows_affected())
        })?;
    }
    for batch in added.chunks(BATCH) {
        on_tx!(tx, |c| {
            let mut insert = QueryBuilder::new(
                "insert into membership (class_id, person_id, role, student_number, origin, joined_at) ",
            );
            insert.push_values(batch, |mut row, (id, _, number, _)| {
                row.push_bind(class_id)
                    .push_bind(*id)
                    .push_bind("student")
                    .push_bind((*number).to_owned())
                    .push_bind(origin.to_owned())
                    .push_bind(now);
            });
            insert.build().execute(c).await.map(|done| done.rows_affected())
        })?;
    }
    let joined: Vec<Uuid> = added.iter().map(|(id, ..)| *id).collect();
    member::moved(tx, class_id, &joined, member::JOINED, now).await?;

    let renamed: Vec<(Uuid, &str)> =
        difference.renamed.iter().filter_map(|change| Some((id_of(&change.number)?, change.after.as_str()))).collect();
    for batch in renamed.chunks(BATCH) {
        on_tx!(tx, |c| {
            let mut update = QueryBuilder::new("update person set name = case id ");
            for (id, name) in batch {
                update.push("when ").push_bind(*id).push(" then ").push_bind((*name).to_owned()).push(" ");
            }
            update.push("end where id in (");
            let mut ids = update.separated(", ");
            for (id, _) in batch {
                ids.push_bind(*id);
            }
            update.push(")");
            update.build().execute(c).await.map(|done| done.rows_affected())
        })?;
    }

    let returned: Vec<Uuid> = difference.returned.iter().filter_map(|named| id_of(&named.number)).collect();
    set_left(tx, class_id, &returned, false, now).await?;
    let left: Vec<Uuid> = difference.missing.iter().map(|(id, _)| *id).filter(|id| leaving.contains(id)).collect();
    set_left(tx, class_id, &left, true, now).await?;

    Ok(Outcome {
        added: added.len(),
        renamed: renamed.len(),
        left: left.len(),
        returned: returned.len(),
        unchanged: difference.unchanged,
    })
}
