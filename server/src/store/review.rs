//! Answers that wait for a teacher, gathered where they are equal; deciding them once for the class; taking a decision back.
//!
//! A decision goes into the key as a new version, so that marking stays a pure function of answer and key. The caller
//! regrades the assignment afterwards.

mod record;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use grader::assignment::{Alternative, Blank, Share};
use grader::mark::{Key, Verdict, mark_blank};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::store::audit;
use crate::store::class::in_class;
use crate::store::person::Actor;
use crate::{execute, on, on_tx};

pub use record::{Affected, Past, affected, past};

/// Equal answers to the same blank, or to blanks of the same order-free group.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// Assignment.
    pub assignment_id: Uuid,
    /// Its title.
    pub title: String,
    /// Number of the question as printed.
    pub number: String,
    /// Text of the question, blanks as `{1}`.
    pub text: String,
    /// The blank whose key the answers are held against.
    pub blank_id: Uuid,
    /// Counts from 1 in the question.
    pub position: i64,
    /// The blank's points in millionths.
    pub points: i64,
    /// Version of its key.
    pub key_version: i64,
    /// Its key.
    pub spec: Blank,
    /// What the answers have in common.
    pub normal_form: String,
    /// One of the answers as written.
    pub sample: String,
    /// The grader's reason for one of them, as JSON.
    pub reason: String,
    /// How many answers there are.
    pub answers: i64,
}

#[derive(FromRow)]
struct ClusterRow {
    blank_id: Uuid,
    normal_form: String,
    sample: String,
    reason: String,
    answers: i64,
}

#[derive(Clone, FromRow)]
struct BlankRow {
    assignment_id: Uuid,
    title: String,
    question_id: Uuid,
    number: String,
    text: String,
    blank_id: Uuid,
    position: i64,
    points: i64,
    key_version: i64,
    spec: String,
}

/// The blanks of questions in which an answer waits; `$1` is the class.
const BLANKS: &str = "select q.assignment_id, a.title, q.id as question_id, q.number, q.text,
        b.id as blank_id, b.position, b.points, b.key_version, k.spec
     from assignment a
     join question q on q.assignment_id = a.id and q.removed_at is null
     join blank b on b.question_id = q.id and b.removed_at is null
     join blank_key k on k.blank_id = b.id and k.version = b.key_version
     where a.class_id = $1 and q.id in (
         select w.question_id from answer n join blank w on w.id = n.blank_id
         where n.class_id = $1 and n.verdict = 'review')
     order by a.created_at, a.id, q.position, b.position";

/// The clusters that wait in a class, in the order of its questions, the largest of each blank first.
pub async fn waiting(db: &Db, class_id: Uuid) -> Result<Vec<Cluster>> {
    let blanks: Vec<BlankRow> = on!(db, |c| sqlx::query_as(BLANKS).bind(class_id).fetch_all(c).await)?;
    let rows: Vec<ClusterRow> = on!(db, |c| {
        sqlx::query_as(
        "select n.blank_id, n.normal_form, min(trim(n.text)) as sample, min(n.reason) as reason, count(*) as answers
         from answer n
         where n.class_id = $1 and n.verdict = 'review'
           and not exists (select 1 from override o where o.attempt_id = n.attempt_id and o.blank_id = n.blank_id)
         group by n.blank_id, n.normal_form",
    )
    .bind(class_id)
    .fetch_all(c)
    .await
    })?;
    gather(blanks, rows)
}

/// How many answers wait in a class.
pub async fn count(db: &Db, class_id: Uuid) -> Result<i64> {
    Ok(on!(db, |c| sqlx::query_scalar(
        "select count(*) from answer n
         join blank b on b.id = n.blank_id and b.removed_at is null
         join question q on q.id = b.question_id and q.removed_at is null
         where n.class_id = $1 and n.verdict = 'review'
           and not exists (select 1 from override o where o.attempt_id = n.attempt_id and o.blank_id = n.blank_id)",
    )
    .bind(class_id)
    .fetch_one(c)
    .await)?)
}

fn gather(blanks: Vec<BlankRow>, rows: Vec<ClusterRow>) -> Result<Vec<Cluster>> {
    let mut specs = Vec::with_capacity(blanks.len());
    for row in &blanks {
        specs.push(read(&row.spec)?);
    }
    let places: HashMap<Uuid, usize> =
        blanks.iter().enumerate().map(|(index, blank)| (blank.blank_id, index)).collect();
    let mut clusters: HashMap<(usize, String), Cluster> = HashMap::new();
    for row in rows {
        let Some(&place) = places.get(&row.blank_id) else { continue };
        let target = resembled(&blanks, &specs, place, &row.sample);
        let blank = &blanks[target];
        let cluster = clusters.entry((target, row.normal_form.clone())).or_insert_with(|| Cluster {
            assignment_id: blank.assignment_id,
            title: blank.title.clone(),
            number: blank.number.clone(),
            text: blank.text.clone(),
            blank_id: blank.blank_id,
            position: blank.position,
            points: blank.points,
            key_version: blank.key_version,
            spec: specs[target].clone(),
            normal_form: row.normal_form,
            sample: row.sample.clone(),
            reason: row.reason,
            answers: 0,
        });
        cluster.answers += row.answers;
    }
    let mut clusters: Vec<(usize, Cluster)> =
        clusters.into_iter().map(|((place, _), cluster)| (place, cluster)).collect();
    clusters.sort_by(|(a, x), (b, y)| {
        (a, std::cmp::Reverse(x.answers), &x.normal_form).cmp(&(b, std::cmp::Reverse(y.answers), &y.normal_form))
    });
    Ok(clusters.into_iter().map(|(_, cluster)| cluster).collect())
}

/// Which blank's key an answer resembles: its own, or in an order-free group the first that it does.
fn resembled(blanks: &[BlankRow], specs: &[Blank], own: usize, answer: &str) -> usize {
    if specs[own].group.is_none() {
        return own;
    }
    let in_group = |other: &usize| {
        blanks[*other].question_id == blanks[own].question_id && specs[*other].group == specs[own].group
    };
    let others = (0..blanks.len()).filter(in_group).filter(|other| *other != own);
    std::iter::once(own)
        .chain(others)
        .find(|place| Key::compile(&specs[*place]).is_ok_and(|key| mark_blank(&key, answer).verdict == Verdict::Review))
        .unwrap_or(own)
}

/// A decision about a cluster.
#[derive(Clone, Debug)]
pub struct Decide {
    /// Class.
    pub class_id: Uuid,
    /// The blank whose key takes the decision.
    pub blank_id: Uuid,
    /// What the answers have in common.
    pub normal_form: String,
    /// One of them as written.
    pub sample: String,
    /// What they are worth.
    pub share: Share,
    /// The key version that the teacher saw.
    pub seen: i64,
}

/// What became of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decided {
    /// It holds; the assignment is to be regraded.
    Done {
        /// The decision.
        decision: Uuid,
        /// The assignment.
        assignment: Uuid,
    },
    /// Somebody decided the same answers otherwise meanwhile; nothing was done.
    Meanwhile(Share),
}

/// A blank's key, locked.
#[derive(FromRow)]
struct Locked {
    assignment_id: Uuid,
    version: i64,
    confirmed: bool,
    spec: String,
    updated_at: DateTime<Utc>,
}

/// Decides a cluster.
///
/// # Errors
/// [`Error::NotFound`] when the blank is not the class's.
pub async fn decide(db: &Db, actor: Actor, new: Decide, now: DateTime<Utc>) -> Result<Decided> {
    db.write(move |tx| Box::pin(async move { decide_in(tx, &actor, &new, now).await })).await
}

pub(in crate::store) async fn decide_in(
    tx: &mut Tx,
    actor: &Actor,
    new: &Decide,
    now: DateTime<Utc>,
) -> Result<Decided> {
    let key = locked(tx, new.class_id, new.blank_id).await?;
    let mut spec = read(&key.spec)?;
    if let Some(known) = spec.decided.iter().find(|decided| decided.text == new.normal_form)
        && key.version != new.seen
        && known.share != new.share
    {
        return Ok(Decided::Meanwhile(known.share));
    }
    put(&mut spec, &new.normal_form, Some(new.share));
    write_version(tx, actor, new.blank_id, &key, &spec, now).await?;
    let decision = Uuid::now_v7();
    execute!(
        tx,
        "insert into decision (id, class_id, blank_id, normal_form, credit, sample, decided_by, decided_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        decision,
        new.class_id,
        new.blank_id,
        &new.normal_form,
        i64::from(new.share.0),
        &new.sample,
        actor.id,
        now,
    )?;
    let detail = format!("blank {}: {} of 1000000", new.blank_id, new.share.0);
    audit::record(tx, in_class(actor, now, new.class_id, "review.decide", detail)).await?;
    Ok(Decided::Done { decision, assignment: key.assignment_id })
}

/// Takes a decision back, so that the one before it holds again, or none. Returns the assignment to regrade; `None` when
/// it was taken back already.
///
/// # Errors
/// [`Error::NotFound`] when the decision is not the class's.
pub async fn undo(db: &Db, actor: Actor, class_id: Uuid, decision: Uuid, now: DateTime<Utc>) -> Result<Option<Uuid>> {
    db.write(move |tx| Box::pin(async move { undo_in(tx, &actor, class_id, decision, now).await })).await
}

async fn undo_in(
    tx: &mut Tx,
    actor: &Actor,
    class_id: Uuid,
    decision: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<Uuid>> {
    let found: Option<(Uuid, String)> =
        on_tx!(tx, |c| sqlx::query_as("select blank_id, normal_form from decision where id = $1 and class_id = $2",)
            .bind(decision)
            .bind(class_id)
            .fetch_optional(c)
            .await)?;
    let (blank_id, normal_form) = found.ok_or(Error::NotFound)?;
    let key = locked(tx, class_id, blank_id).await?;
    let undone = execute!(
        tx,
        "update decision set undone_by = $2, undone_at = $3 where id = $1 and undone_at is null",
        decision,
        actor.id,
        now,
    )?;
    if undone == 0 {
        return Ok(None);
    }
    let before: Option<i64> = on_tx!(tx, |c| sqlx::query_scalar(
        "select credit from decision where blank_id = $1 and normal_form = $2 and undone_at is null
         order by decided_at desc, id desc limit 1",
    )
    .bind(blank_id)
    .bind(&normal_form)
    .fetch_optional(c)
    .await)?;
    let mut spec = read(&key.spec)?;
    put(&mut spec, &normal_form, before.map(|credit| Share(credit.clamp(0, 1_000_000) as u32)));
    write_version(tx, actor, blank_id, &key, &spec, now).await?;
    audit::record(tx, in_class(actor, now, class_id, "review.undo", format!("decision {decision}"))).await?;
    Ok(Some(key.assignment_id))
}

/// Gives a normal form this share in a key's decisions, or none.
fn put(spec: &mut Blank, normal_form: &str, share: Option<Share>) {
    spec.decided.retain(|decided| decided.text != normal_form);
    spec.decided.extend(share.map(|share| Alternative { text: normal_form.to_owned(), share }));
}

async fn locked(tx: &mut Tx, class_id: Uuid, blank_id: Uuid) -> Result<Locked> {
    // Imports write keys under the same lock.
    tx.lock(&format!("assignments of {class_id}")).await?;
    let found: Option<Locked> = on_tx!(tx, |c| sqlx::query_as(
        "select q.assignment_id, b.key_version as version, k.confirmed, k.spec, a.updated_at
         from blank b
         join question q on q.id = b.question_id
         join assignment a on a.id = q.assignment_id
         join blank_key k on k.blank_id = b.id and k.version = b.key_version
         where b.id = $1 and b.class_id = $2",
    )
    .bind(blank_id)
    .bind(class_id)
    .fetch_optional(c)
    .await)?;
    found.ok_or(Error::NotFound)
}

async fn write_version(
    tx: &mut Tx,
    actor: &Actor,
    blank_id: Uuid,
    key: &Locked,
    spec: &Blank,
    now: DateTime<Utc>,
) -> Result<()> {
    execute!(
        tx,
        "insert into blank_key (blank_id, version, spec, confirmed, created_by, created_at) values ($1, $2, $3, $4, $5, $6)",
        blank_id,
        key.version + 1,
        serde_json::to_string(spec).map_err(Error::internal)?,
        key.confirmed,
        actor.id,
        now,
    )?;
    execute!(tx, "update blank set key_version = $2 where id = $1", blank_id, key.version + 1)?;
    let updated_at = super::give::later(key.updated_at, now);
    execute!(tx, "update assignment set updated_at = $2 where id = $1", key.assignment_id, updated_at)?;
    Ok(())
}

fn read(spec: &str) -> Result<Blank> {
    serde_json::from_str(spec).map_err(|error| Error::internal(format!("a stored key cannot be read: {error}")))
}
