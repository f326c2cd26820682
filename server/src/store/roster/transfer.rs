//! A student's work in two classes, for a move from one to the other: [`record`] reads it, [`carry`] writes it.

pub mod carry;
pub mod record;
mod version;

use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use crate::db::Db;
use crate::error::Result;
use crate::on;
use crate::store::class::Class;

pub use carry::{Carry, transfer};
pub use record::{Answer, Attempt, Draft, Essay, Extension, File, Mark, Move, Override, Record, read};
pub use version::versions;

/// Who among these is present in another class of the same course that the teacher teaches, too: where they may come from.
pub async fn sources(db: &Db, teacher: Uuid, to: &Class, logins: &[String]) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    for logins in logins.chunks(5_000) {
        sources.extend::<Vec<Source>>(on!(db, |c| {
            let mut query = QueryBuilder::new(
                "select p.id as person_id, p.name, m.student_number as number, c.id as class_id, c.name as class_name, c.term
                 from person p
                 join membership m on m.person_id = p.id and m.role = 'student' and m.left_at is null
                 join class c on c.id = m.class_id and c.archived_at is null
                 join membership o on o.class_id = c.id and o.role = 'teacher' and o.left_at is null
                 where o.person_id = ",
            );
            query.push_bind(teacher).push(" and c.id <> ").push_bind(to.id);
            query.push(" and c.course = ").push_bind(to.course.clone()).push(" and p.login in (");
            let mut list = query.separated(", ");
            for login in logins {
                list.push_bind(login.clone());
            }
            query.push(") order by m.student_number, c.created_at, c.id");
            query.build_query_as().fetch_all(c).await
        })?);
    }
    Ok(sources)
}

/// A student of another class who is in the file.
#[derive(Clone, Debug, FromRow)]
pub struct Source {
    /// Student.
    pub person_id: Uuid,
    /// Name.
    pub name: String,
    /// Number on the roster of that class.
    pub number: Option<String>,
    /// The class.
    pub class_id: Uuid,
    /// Its name.
    pub class_name: String,
    /// Its term.
    pub term: String,
}
