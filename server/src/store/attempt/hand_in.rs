//! Handing in: one transaction that is the same however often it is sent.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Found, Place, Row};
use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::marking::{Marked, MarkedAnswer};
use crate::{execute, on_tx};

/// Rows of one statement: ten values each stay below the limits of both databases.
const ROWS: usize = 2500;

/// A hand-in, marked.
#[derive(Clone, Debug)]
pub struct HandIn {
    /// Whose, for which attempt.
    pub place: Place,
    /// Idempotency key of the sending.
    pub key: String,
    /// Arrival of the request.
    pub arrived: DateTime<Utc>,
    /// Per cent taken off for lateness.
    pub late_per_cent: i64,
    /// The marked answers.
    pub marked: Marked,
    /// Texts, one for each question that takes one.
    pub texts: Vec<Text>,
}

/// A text to hand in.
#[derive(Clone, Debug)]
pub struct Text {
    /// Question.
    pub question_id: Uuid,
    /// As written; may be empty where there are attachments.
    pub text: String,
    /// Whether it is the class's project.
    pub project: bool,
}

/// What became of a hand-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandedIn {
    /// It is stored as this attempt.
    Done(Uuid),
    /// It had arrived before: this is the attempt.
    Again(Uuid),
    /// Something else was handed in as this attempt, or none is left. The number is the last one handed in.
    Taken(i64),
}

/// Hands in. The same key twice is the same hand-in; what the bell handed in gives way to a hand-in that arrived in time.
pub async fn hand_in(db: &Db, hand_in: HandIn) -> Result<HandedIn> {
    db.write(move |tx| Box::pin(async move { hand_in_in(tx, &hand_in).await })).await
}

async fn hand_in_in(tx: &mut Tx, hand_in: &HandIn) -> Result<HandedIn> {
    let place = &hand_in.place;
    let rows = super::locked(tx, place.assignment_id, place.person_id).await?;
    if let Some(row) = rows.iter().find(|row| row.hand_in_key.as_deref() == Some(&hand_in.key)) {
        return Ok(HandedIn::Again(row.id));
    }
    let id = match super::look_up(&rows, place)? {
        Found::Open(id) | Found::Bell(id) => {
            close(tx, id, hand_in).await?;
            id
        }
        Found::HandedIn(number) => return Ok(HandedIn::Taken(number)),
        Found::Next => insert(tx, hand_in, &rows).await?,
    };
    let answers: Vec<(Uuid, &MarkedAnswer)> = hand_in.marked.answers.iter().map(|answer| (id, answer)).collect();
    write_answers(tx, place.class_id, &answers).await?;
    if !hand_in.texts.is_empty() {
        let before = rows.iter().rfind(|row| row.number < place.number && row.handed_in_at.is_some());
        let texts: Vec<(Uuid, Option<Uuid>, &Text)> =
            hand_in.texts.iter().map(|text| (id, before.map(|row| row.id), text)).collect();
        write_texts(tx, place.class_id, &texts).await?;
        claim_projects(tx, place, id, &hand_in.texts, hand_in.arrived).await?;
    }
    Ok(HandedIn::Done(id))
}

/// A new attempt that is handed in at once: one statement.
async fn insert(tx: &mut Tx, hand_in: &HandIn, rows: &[Row]) -> Result<Uuid> {
    let id = Uuid::now_v7();
    execute!(
        tx,
        "insert into attempt (id, class_id, assignment_id, person_id, number, started_at, handed_in_at, handed_in_by,
                              hand_in_key, counts, blanks_points, late_per_cent, grader_version)
         values ($1, $2, $3, $4, $5, $6, $6, 'student', $7, $8, $9, $10, $11)",
        id,
        hand_in.place.class_id,
        hand_in.place.assignment_id,
        hand_in.place.person_id,
        hand_in.place.number,
        hand_in.arrived,
        &hand_in.key,
        hand_in.marked.counts,
        hand_in.marked.points,
        hand_in.late_per_cent,
        i64::from(grader::mark::VERSION),
    )?;
    if let Some(before) = rows.last()
        && !hand_in.texts.is_empty()
    {
        super::carry::files(tx, before.id, id).await?;
    }
    Ok(id)
}

/// Closes an attempt that was begun, or that the bell closed meanwhile.
async fn close(tx: &mut Tx, id: Uuid, hand_in: &HandIn) -> Result<()> {
    let done = execute!(
        tx,
        "update attempt set handed_in_at = $2, handed_in_by = 'student', hand_in_key = $3, counts = $4,
                            blanks_points = $5, late_per_cent = $6, grader_version = $7
         where id = $1 and (handed_in_at is null or handed_in_by = 'bell')",
        id,
        hand_in.arrived,
        &hand_in.key,
        hand_in.marked.counts,
        hand_in.marked.points,
        hand_in.late_per_cent,
        i64::from(grader::mark::VERSION),
    )?;
    match done {
        1 => Ok(()),
        _ => Err(Error::internal("an attempt was handed in beside its lock")),
    }
}

/// Writes marked answers, each with its attempt; a second writing of a blank replaces the first.
pub(crate) async fn write_answers(tx: &mut Tx, class: Uuid, answers: &[(Uuid, &MarkedAnswer)]) -> Result<()> {
    for rows in answers.chunks(ROWS) {
        on_tx!(tx, |c| {
            let mut query = sqlx::QueryBuilder::new(
                "insert into answer (attempt_id, blank_id, class_id, text, normal_form, verdict, credit, points, reason, key_version) ",
            );
            query.push_values(rows, |mut row, (attempt, answer)| {
                row.push_bind(*attempt)
                    .push_bind(answer.blank_id)
                    .push_bind(class)
                    .push_bind(answer.text.clone())
                    .push_bind(answer.normal_form.clone())
                    .push_bind(answer.verdict_name())
                    .push_bind(answer.credit)
                    .push_bind(answer.points)
                    .push_bind(answer.reason.clone())
                    .push_bind(answer.key_version);
            });
            query.push(
                " on conflict (attempt_id, blank_id) do update set text = excluded.text,
                     normal_form = excluded.normal_form, verdict = excluded.verdict, credit = excluded.credit,
                     points = excluded.points, reason = excluded.reason, key_version = excluded.key_version",
            );
            query.build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// Writes texts, each with its attempt and the attempt before it. A text that is unchanged, attachments included, keeps the
/// origin, and so the mark, of the one before. Texts without a word and without attachments are not written.
pub(super) async fn write_texts(tx: &mut Tx, class: Uuid, texts: &[(Uuid, Option<Uuid>, &Text)]) -> Result<()> {
    let attempts: BTreeSet<Uuid> = texts.iter().flat_map(|(id, before, _)| [Some(*id), *before]).flatten().collect();
    let attempts: Vec<Uuid> = attempts.into_iter().collect();
    let mut attached: HashMap<(Uuid, Uuid), BTreeSet<String>> = HashMap::new();
    let mut earlier: HashMap<(Uuid, Uuid), (String, Uuid)> = HashMap::new();
    for ids in attempts.chunks(ROWS) {
        let rows: Vec<(Uuid, Uuid, String)> = on_tx!(tx, |c| {
            let mut query = sqlx::QueryBuilder::new(
                "select attempt_id, question_id, sha256 from attachment where removed_at is null and attempt_id in (",
            );
            let mut list = query.separated(", ");
            ids.iter().for_each(|id| {
                list.push_bind(*id);
            });
            query.push(")");
            query.build_query_as().fetch_all(c).await
        })?;
        for (attempt, question, hash) in rows {
            attached.entry((attempt, question)).or_default().insert(hash);
        }
        let rows: Vec<(Uuid, Uuid, String, Uuid)> = on_tx!(tx, |c| {
            let mut query = sqlx::QueryBuilder::new(
                "select attempt_id, question_id, text, origin from essay where attempt_id in (",
            );
            let mut list = query.separated(", ");
            ids.iter().for_each(|id| {
                list.push_bind(*id);
            });
            query.push(")");
            query.build_query_as().fetch_all(c).await
        })?;
        earlier.extend(rows.into_iter().map(|(attempt, question, text, origin)| ((attempt, question), (text, origin))));
    }
    let files = |attempt: Uuid, question: Uuid| attached.get(&(attempt, question));
    let written: Vec<(Uuid, Uuid, &str, Uuid)> = texts
        .iter()
        .filter(|(id, _, text)| !text.text.trim().is_empty() || files(*id, text.question_id).is_some())
        .map(|(id, before, text)| {
            let question = text.question_id;
            let origin = before.and_then(|before| {
                let (words, origin) = earlier.get(&(before, question))?;
                (*words == text.text && files(before, question) == files(*id, question)).then_some(*origin)
            });
            (*id, question, text.text.as_str(), origin.unwrap_or(*id))
        })
        .collect();
    for rows in written.chunks(ROWS) {
        on_tx!(tx, |c| {
            let mut query =
                sqlx::QueryBuilder::new("insert into essay (attempt_id, question_id, class_id, text, origin) ");
            query.push_values(rows, |mut row, (attempt, question, text, origin)| {
                row.push_bind(*attempt).push_bind(*question).push_bind(class).push_bind(*text).push_bind(*origin);
            });
            query.push(
                " on conflict (attempt_id, question_id) do update set text = excluded.text, origin = excluded.origin",
            );
            query.build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// Hands a project in for the class: the first operator's stands, and only they replace it by a later attempt.
pub(super) async fn claim_projects(
    tx: &mut Tx,
    place: &Place,
    attempt: Uuid,
    texts: &[Text],
    at: DateTime<Utc>,
) -> Result<()> {
    for text in texts.iter().filter(|text| text.project) {
        execute!(
            tx,
            "insert into project_hand_in (question_id, class_id, attempt_id, handed_in_by, handed_in_at)
             select $1, $2, $3, $4, $5
             where exists (select 1 from essay where attempt_id = $3 and question_id = $1)
             on conflict (question_id) do update set attempt_id = excluded.attempt_id, handed_in_at = excluded.handed_in_at
             where project_hand_in.handed_in_by = excluded.handed_in_by",
            text.question_id,
            place.class_id,
            attempt,
            place.person_id,
            at,
        )?;
    }
    Ok(())
}
