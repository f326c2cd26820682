//! What waits for a person today.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Db;
use crate::error::Result;
use crate::on;

/// An assignment as a student meets it on the front page.
#[derive(Clone, Debug, FromRow)]
pub struct Due {
    /// Id of the assignment.
    pub id: Uuid,
    /// Its title.
    pub title: String,
    /// Name of its class.
    pub class_name: String,
    /// The class's time zone.
    pub time_zone: String,
    /// When it may be begun, if not yet from the start.
    pub opens_at: Option<DateTime<Utc>>,
    /// When it is due, for this student.
    pub due_at: Option<DateTime<Utc>>,
    /// When nothing is taken any more, for this student.
    pub closes_at: Option<DateTime<Utc>>,
    /// Attempts handed in.
    pub handed_in: i64,
    /// Fields filled in the open attempt.
    pub filled: i64,
    /// Blanks of the assignment.
    pub blanks: i64,
}

/// A class as its teacher meets it on the front page.
#[derive(Clone, Debug, FromRow)]
pub struct Desk {
    /// Id of the class.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its term.
    pub term: String,
    /// Students who have not left.
    pub students: i64,
    /// Of them, those with a password.
    pub activated: i64,
    /// Answers waiting for the teacher.
    pub review: i64,
    /// Essays and projects without a mark, of several by one student the one to mark: as many as the page of marking shows.
    pub essays: i64,
    /// Questions about marks without an answer.
    pub inquiries: i64,
    /// Hand-ins of the last seven days.
    pub hand_ins: i64,
}

/// Figures of the whole school, for an administrator.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct School {
    /// Open accounts.
    pub people: i64,
    /// Teachers among them, administrators included.
    pub teachers: i64,
    /// Classes that are not archived.
    pub classes: i64,
    /// Hand-ins of the last seven days.
    pub hand_ins: i64,
}

/// The given assignments of a student's classes, in the order in which they matter: unfinished by time, then finished.
pub async fn for_student(db: &Db, person_id: Uuid, now: DateTime<Utc>) -> Result<Vec<Due>> {
    let mut due: Vec<Due> = on!(db, |c| {
        sqlx::query_as(
        "select a.id, a.title, c.name as class_name, c.time_zone, a.opens_at,
                coalesce(e.due_at, a.due_at) as due_at, coalesce(e.closes_at, a.closes_at) as closes_at,
                (select count(*) from attempt t
                 where t.assignment_id = a.id and t.person_id = $1 and t.handed_in_at is not null) as handed_in,
                (select count(*) from draft d join attempt t on t.id = d.attempt_id
                 where t.assignment_id = a.id and t.person_id = $1 and t.handed_in_at is null and d.text <> '') as filled,
                (select count(*) from blank b join question q on q.id = b.question_id
                 where q.assignment_id = a.id and q.removed_at is null and b.removed_at is null) as blanks
         from membership m
         join class c on c.id = m.class_id
         join assignment a on a.class_id = c.id
         left join extension e on e.assignment_id = a.id and e.person_id = $1
         where m.person_id = $1 and m.role = 'student' and m.left_at is null and c.archived_at is null
               and a.given_at is not null and a.given_at <= $2",
    )
    .bind(person_id)
    .bind(now)
    .fetch_all(c)
    .await
    })?;
    due.sort_by_key(|entry| {
        let over = entry.closes_at.is_some_and(|closes| closes <= now);
        let until = entry.due_at.or(entry.closes_at).unwrap_or(DateTime::<Utc>::MAX_UTC);
        (entry.handed_in > 0 || over, until, entry.id)
    });
    Ok(due)
}

/// The classes a teacher teaches, with what waits in them.
pub async fn for_teacher(db: &Db, person_id: Uuid, now: DateTime<Utc>) -> Result<Vec<Desk>> {
    Ok(on!(db, |c| {
        sqlx::query_as(
            "select c.id, c.name, c.term,
                (select count(*) from membership s
                 where s.class_id = c.id and s.role = 'student' and s.left_at is null) as students,
                (select count(*) from membership s join person p on p.id = s.person_id
                 where s.class_id = c.id and s.role = 'student' and s.left_at is null
                       and p.password_hash is not null) as activated,
                (select count(*) from answer w join attempt t on t.id = w.attempt_id
                 where w.class_id = c.id and w.verdict = 'review' and t.handed_in_at is not null) as review,
                (select count(*) from essay y
                 join attempt t on t.id = y.attempt_id and t.handed_in_at is not null
                 join assignment a on a.id = t.assignment_id and a.given_at is not null
                 join question q on q.id = y.question_id and q.removed_at is null
                 left join membership s on s.class_id = c.id and s.person_id = t.person_id
                 left join project_hand_in h on h.question_id = q.id
                 where y.class_id = c.id and not exists
                       (select 1 from mark k where k.attempt_id = y.origin and k.question_id = y.question_id)
                       and case when q.kind = 'project' then h.attempt_id = y.attempt_id
                           else s.left_at is null and not exists
                               (select 1 from essay z
                                join attempt u on u.id = z.attempt_id and u.handed_in_at is not null
                                where z.question_id = y.question_id and u.person_id = t.person_id
                                      and case when a.counting = 'first' and (u.counts or t.counts)
                                          then u.counts and (not t.counts or u.number < t.number)
                                          else u.number > t.number end)
                           end) as essays,
                (select count(*) from inquiry i where i.class_id = c.id and i.reply is null) as inquiries,
                (select count(*) from attempt t where t.class_id = c.id and t.handed_in_at > $2) as hand_ins
         from class c join membership m on m.class_id = c.id
         where m.person_id = $1 and m.role = 'teacher' and m.left_at is null and c.archived_at is null
         order by c.created_at desc, c.id",
        )
        .bind(person_id)
        .bind(now - TimeDelta::days(7))
        .fetch_all(c)
        .await
    })?)
}

/// Figures of the whole school.
pub async fn for_school(db: &Db, now: DateTime<Utc>) -> Result<School> {
    Ok(on!(db, |c| sqlx::query_as(
        "select (select count(*) from person where disabled_at is null) as people,
                (select count(*) from person where disabled_at is null and role <> 'student') as teachers,
                (select count(*) from class where archived_at is null) as classes,
                (select count(*) from attempt where handed_in_at > $1) as hand_ins",
    )
    .bind(now - TimeDelta::days(7))
    .fetch_one(c)
    .await)?)
}
