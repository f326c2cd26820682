//! Files that students attach to essays and projects. The bytes are kept once for a class, however many attempts carry them.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::attempt::{self, Found, Place};
use crate::db::{Db, Tx};
use crate::error::{Error, Message, Result};
use crate::{execute, on, on_tx};

/// The most files a question takes in an attempt.
pub const MOST_FILES: i64 = 5;
/// The most bytes of a file.
pub const LARGEST: usize = 10 * 1024 * 1024;
/// The most bytes of all files of a class.
pub const CLASS_QUOTA: i64 = 4 * 1024 * 1024 * 1024;

/// A file without its content.
#[derive(Clone, Debug, FromRow)]
pub struct Attachment {
    /// Id.
    pub id: Uuid,
    /// Attempt it belongs to.
    pub attempt_id: Uuid,
    /// Question it answers.
    pub question_id: Uuid,
    /// Name as the student's device gave it, cleaned.
    pub name: String,
    /// What its bytes are.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// When it was uploaded.
    pub uploaded_at: DateTime<Utc>,
}

/// A checked file to store.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Question it answers.
    pub question_id: Uuid,
    /// Cleaned name.
    pub name: String,
    /// What its bytes are.
    pub media_type: &'static str,
    /// The bytes.
    pub content: Vec<u8>,
    /// Their SHA-256 in hex.
    pub sha256: String,
}

/// Stores a file with an open attempt, and begins the attempt if need be.
pub async fn add(db: &Db, place: Place, upload: Upload, now: DateTime<Utc>) -> Result<Uuid> {
    db.write(move |tx| {
        Box::pin(async move {
            // The quota is the class's: uploads of a class follow one another.
            tx.lock(&format!("attachment:{}", place.class_id)).await?;
            let rows = attempt::locked(tx, place.assignment_id, place.person_id).await?;
            let attempt = match attempt::look_up(&rows, &place)? {
                Found::Open(id) => id,
                Found::Next => attempt::begin(tx, &place, &rows, now).await?,
                Found::Bell(_) | Found::HandedIn(_) => return Err(Error::conflict("assignment-handed-in-already")),
            };
            check_room(tx, &place, attempt, &upload).await?;
            insert(tx, &place, attempt, &upload, now).await
        })
    })
    .await
}

async fn check_room(tx: &mut Tx, place: &Place, attempt: Uuid, upload: &Upload) -> Result<()> {
    let (files, bytes): (i64, i64) = on_tx!(tx, |c| {
        sqlx::query_as(
        "select (select count(*) from attachment where attempt_id = $1 and question_id = $2 and removed_at is null),
                (select cast(coalesce(sum(size), 0) as bigint) from attachment where class_id = $3 and removed_at is null)",
    )
    .bind(attempt)
    .bind(upload.question_id)
    .bind(place.class_id)
    .fetch_one(c)
    .await
    })?;
    if files >= MOST_FILES {
        return Err(Error::Invalid(Message::new("attempt-attachment-too-many").with("most", MOST_FILES)));
    }
    if bytes + upload.content.len() as i64 > CLASS_QUOTA {
        return Err(Error::invalid("attempt-attachment-quota"));
    }
    Ok(())
}

async fn insert(tx: &mut Tx, place: &Place, attempt: Uuid, upload: &Upload, now: DateTime<Utc>) -> Result<Uuid> {
    execute!(
        tx,
        "insert into attachment_content (class_id, sha256, content) values ($1, $2, $3) on conflict do nothing",
        place.class_id,
        &upload.sha256,
        &upload.content,
    )?;
    let id = Uuid::now_v7();
    execute!(
        tx,
        "insert into attachment (id, attempt_id, question_id, class_id, name, media_type, size, sha256, uploaded_by, uploaded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        id,
        attempt,
        upload.question_id,
        place.class_id,
        &upload.name,
        upload.media_type,
        upload.content.len() as i64,
        &upload.sha256,
        place.person_id,
        now,
    )?;
    Ok(id)
}

/// The files of an attempt in the order of their upload.
pub async fn of_attempt(db: &Db, attempt: Uuid) -> Result<Vec<Attachment>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select id, attempt_id, question_id, name, media_type, size, uploaded_at from attachment
         where attempt_id = $1 and removed_at is null order by uploaded_at, id",
    )
    .bind(attempt)
    .fetch_all(c)
    .await)?)
}

/// A file that this person may open, its own student or a teacher of the class; with its content.
pub async fn content(db: &Db, id: Uuid, person: Uuid, administrator: bool) -> Result<Option<(Attachment, Vec<u8>)>> {
    #[derive(FromRow)]
    struct Row {
        #[sqlx(flatten)]
        attachment: Attachment,
        content: Vec<u8>,
    }
    let row: Option<Row> = on!(db, |c| sqlx::query_as(
        "select f.id, f.attempt_id, f.question_id, f.name, f.media_type, f.size, f.uploaded_at, s.content
         from attachment f
         join attempt t on t.id = f.attempt_id
         join attachment_content s on s.class_id = f.class_id and s.sha256 = f.sha256
         left join membership m on m.class_id = f.class_id and m.person_id = $2 and m.left_at is null
         where f.id = $1 and f.removed_at is null
           and ($3 or m.role = 'teacher' or (m.role = 'student' and t.person_id = $2))",
    )
    .bind(id)
    .bind(person)
    .bind(administrator)
    .fetch_optional(c)
    .await)?;
    Ok(row.map(|row| (row.attachment, row.content)))
}

/// Removes a file of one's own open attempt and returns its assignment. Bytes that no other file shares are deleted.
pub async fn remove(db: &Db, id: Uuid, person: Uuid, now: DateTime<Utc>) -> Result<Uuid> {
    db.write(move |tx| {
        Box::pin(async move {
            let found: Option<(Uuid, Uuid, String, Option<DateTime<Utc>>)> = on_tx!(tx, |c| sqlx::query_as(
                "select t.assignment_id, f.class_id, f.sha256, t.handed_in_at
                 from attachment f join attempt t on t.id = f.attempt_id
                 where f.id = $1 and t.person_id = $2 and f.removed_at is null",
            )
            .bind(id)
            .bind(person)
            .fetch_optional(c)
            .await)?;
            let (assignment, class, sha256, handed_in_at) = found.ok_or(Error::NotFound)?;
            if handed_in_at.is_some() {
                return Err(Error::conflict("assignment-handed-in-already"));
            }
            tx.lock(&format!("attachment:{class}")).await?;
            execute!(tx, "update attachment set removed_at = $2 where id = $1", id, now)?;
            execute!(
                tx,
                "delete from attachment_content where class_id = $1 and sha256 = $2 and not exists (
                     select 1 from attachment f where f.class_id = $1 and f.sha256 = $2 and f.removed_at is null)",
                class,
                sha256,
            )?;
            Ok(assignment)
        })
    })
    .await
}
