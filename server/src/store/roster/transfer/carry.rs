//! Moving students with what they take along: one transaction, all or nothing.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::record::{Attempt, Draft, Essay, File, Mark, Move, Override};
use super::version::versions_in;
use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::marking::MarkedAnswer;
use crate::on_tx;
use crate::store::attempt::{hand_in, recount_these};
use crate::store::audit;
use crate::store::class::in_class;
use crate::store::person::Actor;
use crate::store::roster::presence::{enrol, set_left};

/// Rows of one statement; with at most twelve values each they stay under the limits of both databases.
const ROWS: usize = 2_000;

/// What one move takes along, in terms of the new class.
#[derive(Clone, Debug)]
pub struct Carry {
    /// Who moves, from where to where.
    pub moved: Move,
    /// What the plan was made from; another state is a conflict.
    pub version: String,
    /// Assignments of both classes that it touches.
    pub assignments: Vec<Uuid>,
    /// Attempts to write: the old class's with the ids and numbers of the new one.
    pub attempts: Vec<Attempt>,
    /// Open attempts of the new class that make room for them: attempt and its new number.
    pub renumbered: Vec<(Uuid, i64)>,
    /// Answers, each with its attempt, marked by the new class's keys.
    pub answers: Vec<(Uuid, MarkedAnswer)>,
    /// Essays.
    pub essays: Vec<Essay>,
    /// Points for essays.
    pub marks: Vec<Mark>,
    /// Points given by hand for answers.
    pub overrides: Vec<Override>,
    /// Answers that keep what the old class settled, where the new one has not decided: attempt, blank, points.
    pub settled: Vec<(Uuid, Uuid, i64)>,
    /// What was typed in open attempts.
    pub drafts: Vec<Draft>,
    /// Attached files.
    pub files: Vec<File>,
    /// Questions about marks, with the attempt and the field that they are about now.
    pub inquiries: Vec<(Uuid, Uuid, Uuid)>,
    /// What the audit log says of it.
    pub detail: String,
}

/// Moves a student to another class with everything the plan says.
///
/// # Errors
/// [`Error::NotFound`] when the student is not in the old class; a conflict when anything has changed since the plan was made.
pub async fn transfer(db: &Db, actor: Actor, carry: Carry, now: DateTime<Utc>) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            let carries = std::slice::from_ref(&carry);
            begin(tx, carries).await?;
            let number = number(tx, &carry.moved).await?;
            enrol(tx, carry.moved.to, carry.moved.person_id, number, "transfer", now).await?;
            carry_in(tx, &actor, carries, now).await
        })
    })
    .await
}

/// Makes everything that touches the moves' students and assignments follow one another, and compares what the plans were
/// made from with what is there now.
pub(in crate::store::roster) async fn begin(tx: &mut Tx, carries: &[Carry]) -> Result<()> {
    // Always in this order, by name within each kind: nobody waits for one another in a circle.
    let classes: BTreeSet<Uuid> = carries.iter().flat_map(|carry| [carry.moved.from, carry.moved.to]).collect();
    let named = |kind: &str| classes.iter().map(|class| format!("{kind}{class}")).collect::<Vec<String>>();
    tx.lock_all(named("roster:")).await?;
    tx.lock_all(named("assignments of ")).await?;
    tx.lock_all(named("attachment:")).await?;
    let attempts: BTreeSet<String> = carries
        .iter()
        .flat_map(|carry| carry.assignments.iter().map(|id| format!("attempt:{id}:{}", carry.moved.person_id)))
        .collect();
    tx.lock_all(attempts.into_iter().collect()).await?;
    let moves: Vec<Move> = carries.iter().map(|carry| carry.moved).collect();
    let versions = versions_in(tx, &moves).await?;
    match carries.iter().zip(&versions).all(|(carry, version)| carry.version == *version) {
        true => Ok(()),
        false => Err(Error::conflict("roster-transfer-changed")),
    }
}

async fn number(tx: &mut Tx, moved: &Move) -> Result<Option<String>> {
    let number: Option<Option<String>> = on_tx!(tx, |c| sqlx::query_scalar(
        "select student_number from membership
         where class_id = $1 and person_id = $2 and role = 'student' and left_at is null",
    )
    .bind(moved.from)
    .bind(moved.person_id)
    .fetch_optional(c)
    .await)?;
    number.ok_or(Error::NotFound)
}

/// Ends the old memberships and writes what is taken along; the students are in the new class already.
pub(in crate::store::roster) async fn carry_in(
    tx: &mut Tx,
    actor: &Actor,
    carries: &[Carry],
    now: DateTime<Utc>,
) -> Result<()> {
    let sources: BTreeSet<Uuid> = carries.iter().map(|carry| carry.moved.from).collect();
    for from in sources {
        let leaving: Vec<Uuid> =
            carries.iter().filter(|carry| carry.moved.from == from).map(|carry| carry.moved.person_id).collect();
        if set_left(tx, from, &leaving, true, now).await? < leaving.len() as u64 {
            return Err(Error::NotFound);
        }
    }
    write_attempts(tx, carries).await?;
    for to in carries.iter().map(|carry| carry.moved.to).collect::<BTreeSet<Uuid>>() {
        let answers: Vec<(Uuid, &MarkedAnswer)> = carries
            .iter()
            .filter(|carry| carry.moved.to == to)
            .flat_map(|carry| carry.answers.iter().map(|(attempt, answer)| (*attempt, answer)))
            .collect();
        hand_in::write_answers(tx, to, &answers).await?;
    }
    write_essays(tx, carries).await?;
    write_marks(tx, carries).await?;
    write_overrides(tx, actor, carries, now).await?;
    write_drafts(tx, carries).await?;
    write_files(tx, carries).await?;
    move_inquiries(tx, carries).await?;
    let touched: BTreeSet<Uuid> = carries
        .iter()
        .flat_map(|carry| {
            let attempts = carry.attempts.iter().map(|attempt| attempt.id);
            attempts.chain(carry.overrides.iter().map(|change| change.attempt_id))
        })
        .collect();
    for attempts in touched.into_iter().collect::<Vec<_>>().chunks(ROWS) {
        recount_these(tx, attempts).await?;
    }
    for carry in carries {
        let moved = &carry.moved;
        let detail = format!("{} -> {}; {}", moved.person_id, moved.to, carry.detail);
        let mut entry = in_class(actor, now, moved.from, "roster.transfer", detail);
        audit::record(tx, entry.clone()).await?;
        entry.class_id = Some(moved.to);
        entry.subject = moved.to.to_string();
        entry.detail = format!("{} <- {}; {}", moved.person_id, moved.from, carry.detail);
        audit::record(tx, entry).await?;
    }
    Ok(())
}

/// Rows of all carries, each with its class, in inserts that both databases take.
macro_rules! insert_all {
    ($tx:expr, $carries:expr, $field:ident, $insert:literal, |$row:ident, $class:ident, $one:ident| $bind:expr) => {
        let rows: Vec<_> =
            $carries.iter().flat_map(|carry| carry.$field.iter().map(|one| (carry.moved.to, one))).collect();
        for rows in rows.chunks(ROWS) {
            on_tx!($tx, |c| {
                let mut query = QueryBuilder::new($insert);
                query.push_values(rows, |mut $row, ($class, $one)| {
                    $bind;
                });
                query.build().execute(c).await.map(|_| ())
            })?;
        }
    };
}

async fn write_attempts(tx: &mut Tx, carries: &[Carry]) -> Result<()> {
    let renumbered: Vec<(Uuid, i64)> = carries.iter().flat_map(|carry| carry.renumbered.iter().copied()).collect();
    for rows in renumbered.chunks(ROWS) {
        on_tx!(tx, |c| {
            let mut query = QueryBuilder::new("update attempt set number = v.column2 from (");
            query.push_values(rows, |mut row, (id, number)| {
                row.push_bind(*id).push_bind(*number);
            });
            query.push(") as v where attempt.id = v.column1");
            query.build().execute(c).await.map(|_| ())
        })?;
    }
    insert_all!(
        tx,
        carries,
        attempts,
        "insert into attempt (id, class_id, assignment_id, person_id, number, started_at, handed_in_at, handed_in_by,
                              counts, late_per_cent, grader_version, carried_from) ",
        |row, class, attempt| row
            .push_bind(attempt.id)
            .push_bind(*class)
            .push_bind(attempt.assignment_id)
            .push_bind(attempt.person_id)
            .push_bind(attempt.number)
            .push_bind(attempt.started_at)
            .push_bind(attempt.handed_in_at)
            .push_bind(attempt.handed_in_by.clone())
            .push_bind(attempt.counts)
            .push_bind(attempt.late_per_cent)
            .push_bind(attempt.handed_in_at.map(|_| i64::from(grader::mark::VERSION)))
            .push_bind(attempt.carried_from)
    );
    Ok(())
}

async fn write_essays(tx: &mut Tx, carries: &[Carry]) -> Result<()> {
    insert_all!(
        tx,
        carries,
        essays,
        "insert into essay (attempt_id, question_id, class_id, text, origin) ",
        |row, class, essay| row
            .push_bind(essay.attempt_id)
            .push_bind(essay.question_id)
            .push_bind(*class)
            .push_bind(essay.text.clone())
            .push_bind(essay.origin)
    );
    Ok(())
}

async fn write_marks(tx: &mut Tx, carries: &[Carry]) -> Result<()> {
    insert_all!(
        tx,
        carries,
        marks,
        "insert into mark (id, class_id, attempt_id, question_id, points, comment, marked_by, marked_at) ",
        |row, class, mark| row
            .push_bind(Uuid::now_v7())
            .push_bind(*class)
            .push_bind(mark.attempt_id)
            .push_bind(mark.question_id)
            .push_bind(mark.points)
            .push_bind(mark.comment.clone())
            .push_bind(mark.marked_by)
            .push_bind(mark.marked_at)
    );
    Ok(())
}

async fn write_overrides(tx: &mut Tx, actor: &Actor, carries: &[Carry], now: DateTime<Utc>) -> Result<()> {
    insert_all!(
        tx,
        carries,
        overrides,
        "insert into override (id, class_id, attempt_id, blank_id, points, reason, given_by, given_at) ",
        |row, class, change| row
            .push_bind(Uuid::now_v7())
            .push_bind(*class)
            .push_bind(change.attempt_id)
            .push_bind(change.blank_id)
            .push_bind(change.points)
            .push_bind(change.reason.clone())
            .push_bind(change.given_by)
            .push_bind(change.given_at)
    );
    insert_all!(
        tx,
        carries,
        settled,
        "insert into override (id, class_id, attempt_id, blank_id, points, reason, given_by, given_at) ",
        |row, class, settled| row
            .push_bind(Uuid::now_v7())
            .push_bind(*class)
            .push_bind(settled.0)
            .push_bind(settled.1)
            .push_bind(settled.2)
            .push_bind("")
            .push_bind(actor.id)
            .push_bind(now)
    );
    Ok(())
}

async fn write_drafts(tx: &mut Tx, carries: &[Carry]) -> Result<()> {
    insert_all!(
        tx,
        carries,
        drafts,
        "insert into draft (attempt_id, field, class_id, text, sequence, updated_at, late) ",
        |row, class, draft| row
            .push_bind(draft.attempt_id)
            .push_bind(draft.field)
            .push_bind(*class)
            .push_bind(draft.text.clone())
            .push_bind(draft.sequence)
            .push_bind(draft.updated_at)
            .push_bind(false)
    );
    Ok(())
}

/// Questions go with their student: who teaches the new class answers them.
async fn move_inquiries(tx: &mut Tx, carries: &[Carry]) -> Result<()> {
    let rows: Vec<(Uuid, &(Uuid, Uuid, Uuid))> =
        carries.iter().flat_map(|carry| carry.inquiries.iter().map(|one| (carry.moved.to, one))).collect();
    for rows in rows.chunks(ROWS) {
        on_tx!(tx, |c| {
            let mut query = QueryBuilder::new(
                "update inquiry set class_id = v.column2, attempt_id = v.column3, field = v.column4 from (",
            );
            query.push_values(rows, |mut row, (class, (id, attempt, field))| {
                row.push_bind(*id).push_bind(*class).push_bind(*attempt).push_bind(*field);
            });
            query.push(") as v where inquiry.id = v.column1");
            query.build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// Files as rows; their bytes are copied within the database, once for the new class.
async fn write_files(tx: &mut Tx, carries: &[Carry]) -> Result<()> {
    let pairs: BTreeSet<(Uuid, Uuid)> = carries.iter().map(|carry| (carry.moved.from, carry.moved.to)).collect();
    for (from, to) in pairs {
        let digests: BTreeSet<&str> = carries
            .iter()
            .filter(|carry| (carry.moved.from, carry.moved.to) == (from, to))
            .flat_map(|carry| carry.files.iter().map(|file| file.sha256.as_str()))
            .collect();
        let digests: Vec<&str> = digests.into_iter().collect();
        for digests in digests.chunks(ROWS) {
            on_tx!(tx, |c| {
                let mut query = QueryBuilder::new("insert into attachment_content (class_id, sha256, content) select ");
                query.push_bind(to).push(", sha256, content from attachment_content where class_id = ").push_bind(from);
                query.push(" and sha256 in (");
                let mut list = query.separated(", ");
                for digest in digests {
                    list.push_bind((*digest).to_owned());
                }
                query.push(") on conflict do nothing");
                query.build().execute(c).await.map(|_| ())
            })?;
        }
    }
    insert_all!(
        tx,
        carries,
        files,
        "insert into attachment (id, class_id, attempt_id, question_id, name, media_type, size, sha256, uploaded_by,
                                 uploaded_at) ",
        |row, class, file| row
            .push_bind(Uuid::now_v7())
            .push_bind(*class)
            .push_bind(file.attempt_id)
            .push_bind(file.question_id)
            .push_bind(file.name.clone())
            .push_bind(file.media_type.clone())
            .push_bind(file.size)
            .push_bind(file.sha256.clone())
            .push_bind(file.uploaded_by)
            .push_bind(file.uploaded_at)
    );
    Ok(())
}
