//! Where people stopped reading.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Db;
use crate::error::Result;
use crate::{execute, on};

/// Where a person stopped in a chapter.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Position {
    /// Slug of the course.
    pub course: String,
    /// Slug of the chapter.
    pub chapter: String,
    /// Id of the section in the chapter's page.
    pub anchor: String,
    /// When.
    pub updated_at: DateTime<Utc>,
}

/// Remembers where a person is. A report that arrives late does not overwrite a newer one.
pub async fn remember(db: &Db, person: Uuid, position: Position) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            execute!(
                tx,
                "insert into reading_position (person_id, course, chapter, anchor, updated_at)
                 values ($1, $2, $3, $4, $5)
                 on conflict (person_id, course, chapter)
                 do update set anchor = excluded.anchor, updated_at = excluded.updated_at
                 where reading_position.updated_at <= excluded.updated_at",
                person,
                &position.course,
                &position.chapter,
                &position.anchor,
                position.updated_at,
            )?;
            Ok(())
        })
    })
    .await
}

/// Where a person stopped in the chapters of a course, the latest first.
pub async fn in_course(db: &Db, person: Uuid, course: &str) -> Result<Vec<Position>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select course, chapter, anchor, updated_at from reading_position
         where person_id = $1 and course = $2 order by updated_at desc",
    )
    .bind(person)
    .bind(course)
    .fetch_all(c)
    .await)?)
}

/// Where a person read last, in any course.
pub async fn latest(db: &Db, person: Uuid) -> Result<Option<Position>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select course, chapter, anchor, updated_at from reading_position
         where person_id = $1 order by updated_at desc limit 1",
    )
    .bind(person)
    .fetch_optional(c)
    .await)?)
}
