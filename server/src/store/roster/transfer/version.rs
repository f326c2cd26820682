//! What a move's plan depends on: a plan made from another state is refused.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use sqlx::FromRow;
use uuid::Uuid;

use super::record::{Move, Scope, scoped};
use crate::db::{Db, Tx};
use crate::error::Result;
use crate::on_tx;

/// One thing that a plan depends on, as it was when the plan was made.
#[derive(FromRow)]
struct Trace {
    kind: String,
    class_id: Uuid,
    person_id: Option<Uuid>,
    id: Uuid,
    at: DateTime<Utc>,
    amount: i64,
}

const STATE: &str = "select 'assignment' as kind, class_id, null as person_id, id, updated_at as at, cast(0 as bigint) as amount
     from assignment where class_id in {classes}
     union all
     select 'member', class_id, person_id, person_id, coalesce(left_at, joined_at),
            cast(case when left_at is null then 1 else 0 end as bigint)
     from membership where person_id in {people} and class_id in {classes}
     union all
     select 'attempt', class_id, person_id, id, coalesce(handed_in_at, started_at), blanks_points
     from attempt where person_id in {people} and class_id in {classes}
     union all
     select 'draft', t.class_id, t.person_id, d.field, d.updated_at, d.sequence
     from attempt t join draft d on d.attempt_id = t.id and not d.late
     where t.handed_in_at is null and t.person_id in {people} and t.class_id in {classes}
     union all
     select 'file', t.class_id, t.person_id, f.id, f.uploaded_at, cast(case when f.removed_at is null then 1 else 0 end as bigint)
     from attempt t join attachment f on f.attempt_id = t.id where t.person_id in {people} and t.class_id in {classes}
     union all
     select 'mark', t.class_id, t.person_id, m.id, m.marked_at, m.points
     from attempt t join mark m on m.attempt_id = t.id where t.person_id in {people} and t.class_id in {classes}
     union all
     select 'inquiry', t.class_id, t.person_id, i.id, coalesce(i.replied_at, i.asked_at), cast(0 as bigint)
     from attempt t join inquiry i on i.attempt_id = t.id where t.person_id in {people} and t.class_id in {classes}
     union all
     select 'override', t.class_id, t.person_id, o.id, o.given_at, o.points
     from attempt t join override o on o.attempt_id = t.id where t.person_id in {people} and t.class_id in {classes}";

/// What each move's plan depends on, as a short text that changes with it.
pub async fn versions(db: &Db, moves: &[Move]) -> Result<Vec<String>> {
    if moves.is_empty() {
        return Ok(Vec::new());
    }
    let scope = Scope::of(moves);
    Ok(digests(moves, scoped!(db, scope, STATE)))
}

/// The same inside the transaction of the moves.
pub(super) async fn versions_in(tx: &mut Tx, moves: &[Move]) -> Result<Vec<String>> {
    let scope = Scope::of(moves);
    let state = on_tx!(tx, |c| scope.query(STATE).build_query_as().fetch_all(c).await)?;
    Ok(digests(moves, state))
}

fn digests(moves: &[Move], mut state: Vec<Trace>) -> Vec<String> {
    state.sort_by(|a, b| (&a.kind, a.class_id, a.id).cmp(&(&b.kind, b.class_id, b.id)));
    let digest = |moved: &Move| {
        let mut hash = Sha256::new();
        let concerns = |one: &&Trace| {
            (one.class_id == moved.from || one.class_id == moved.to)
                && one.person_id.is_none_or(|person| person == moved.person_id)
        };
        for one in state.iter().filter(concerns) {
            hash.update(one.kind.as_bytes());
            hash.update(one.id.as_bytes());
            hash.update(one.at.timestamp_micros().to_be_bytes());
            hash.update(one.amount.to_be_bytes());
        }
        data_encoding::HEXLOWER.encode(&hash.finalize()[..16])
    };
    moves.iter().map(digest).collect()
}
