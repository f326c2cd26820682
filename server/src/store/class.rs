//! Classes and who belongs to them.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::secret::{normal_code, random_code};
use crate::store::audit::{self, Entry};
use crate::store::person::Actor;
use crate::{execute, on, on_tx};

/// A group of students taking a course in a term.
#[derive(Clone, Debug, FromRow)]
pub struct Class {
    /// Id.
    pub id: Uuid,
    /// Course, as in its address.
    pub course: String,
    /// Name, such as 营销 2401 班.
    pub name: String,
    /// Term, such as 2026 秋.
    pub term: String,
    /// What a student types to join.
    pub join_code: String,
    /// `roster`, `open` or `closed`.
    pub join_rule: String,
    /// IANA name; decides what a day is.
    pub time_zone: String,
    /// When it was founded.
    pub created_at: DateTime<Utc>,
    /// When it was archived; an archived class is read only.
    pub archived_at: Option<DateTime<Utc>>,
}

impl Class {
    /// Refuses a change to an archived class.
    pub fn require_open(&self) -> Result<()> {
        match self.archived_at {
            None => Ok(()),
            Some(_) => Err(Error::conflict("class-is-archived")),
        }
    }
}

/// One person's place in a class.
#[derive(Clone, Debug, FromRow)]
pub struct Membership {
    /// Class.
    pub class_id: Uuid,
    /// Person.
    pub person_id: Uuid,
    /// `teacher` or `student`.
    pub role: String,
    /// Number on the roster, for students.
    pub student_number: Option<String>,
}

impl Membership {
    /// An administrator sees every class as its teacher does.
    pub fn of_administrator(class_id: Uuid, person_id: Uuid) -> Self {
        Self { class_id, person_id, role: "teacher".into(), student_number: None }
    }

    /// Whether the person teaches the class.
    pub fn is_teacher(&self) -> bool {
        self.role == "teacher"
    }
}

/// What a teacher decides about a class.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Course, as in its address.
    pub course: String,
    /// Name.
    pub name: String,
    /// Term.
    pub term: String,
    /// `roster`, `open` or `closed`.
    pub join_rule: String,
    /// IANA name.
    pub time_zone: String,
}

/// A class in a list.
#[derive(Clone, Debug, FromRow)]
pub struct Listed {
    /// The class.
    #[sqlx(flatten)]
    pub class: Class,
    /// The person's role in it; `teacher` for an administrator who is no member.
    pub role: String,
    /// Students who have not left.
    pub students: i64,
}

/// Somebody in a class.
#[derive(Clone, Debug, FromRow)]
pub struct Member {
    /// Id of the person.
    pub person_id: Uuid,
    /// Name.
    pub name: String,
    /// What they sign in with.
    pub login: String,
    /// `teacher` or `student`.
    pub role: String,
    /// Number on the roster, for students.
    pub student_number: Option<String>,
}

const LISTED: &str = "select c.*, m.role,
       (select count(*) from membership s where s.class_id = c.id and s.role = 'student' and s.left_at is null) as students
     from class c join membership m on m.class_id = c.id
     where m.person_id = $1 and m.left_at is null order by c.archived_at is not null, c.created_at desc, c.id";

const ALL: &str = "select c.*, 'teacher' as role,
       (select count(*) from membership s where s.class_id = c.id and s.role = 'student' and s.left_at is null) as students
     from class c order by c.archived_at is not null, c.created_at desc, c.id limit $1";

/// The class with this id.
pub async fn find(db: &Db, id: Uuid) -> Result<Option<Class>> {
    Ok(on!(db, |c| sqlx::query_as("select * from class where id = $1").bind(id).fetch_optional(c).await)?)
}

/// The class that a join code names, as typed by a person.
pub async fn by_join_code(db: &Db, code: &str) -> Result<Option<Class>> {
    let code = normal_code(code);
    Ok(on!(db, |c| sqlx::query_as("select * from class where join_code = $1 and archived_at is null")
        .bind(code)
        .fetch_optional(c)
        .await)?)
}

/// A person's place in a class they have not left.
pub async fn membership(db: &Db, class_id: Uuid, person_id: Uuid) -> Result<Option<Membership>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select class_id, person_id, role, student_number from membership
         where class_id = $1 and person_id = $2 and left_at is null",
    )
    .bind(class_id)
    .bind(person_id)
    .fetch_optional(c)
    .await)?)
}

/// The classes a person is in, archived ones last.
pub async fn of_person(db: &Db, person_id: Uuid) -> Result<Vec<Listed>> {
    Ok(on!(db, |c| sqlx::query_as(LISTED).bind(person_id).fetch_all(c).await)?)
}

/// All classes for an administrator, archived ones last.
pub async fn all(db: &Db, most: i64) -> Result<Vec<Listed>> {
    Ok(on!(db, |c| sqlx::query_as(ALL).bind(most).fetch_all(c).await)?)
}

/// Who is in a class: teachers first, students by number.
pub async fn members(db: &Db, class_id: Uuid) -> Result<Vec<Member>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select m.person_id, p.name, p.login, m.role, m.student_number
         from membership m join person p on p.id = m.person_id
         where m.class_id = $1 and m.left_at is null
         order by m.role desc, m.student_number, p.name, p.id",
    )
    .bind(class_id)
    .fetch_all(c)
    .await)?)
}

/// Founds a class; the founder teaches it.
pub async fn create(db: &Db, actor: Actor, settings: Settings, now: DateTime<Utc>) -> Result<Uuid> {
    db.write(move |tx| {
        Box::pin(async move {
            let id = Uuid::now_v7();
            let code = free_code(tx).await?;
            execute!(
                tx,
                "insert into class (id, course, name, term, join_code, join_rule, time_zone, created_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8)",
                id,
                settings.course,
                &settings.name,
                settings.term,
                code,
                settings.join_rule,
                settings.time_zone,
                now,
            )?;
            execute!(
                tx,
                "insert into membership (class_id, person_id, role, origin, joined_at) values ($1, $2, 'teacher', 'founder', $3)",
                id,
                actor.id,
                now,
            )?;
            audit::record(tx, in_class(&actor, now, id, "class.create", settings.name)).await?;
            Ok(id)
        })
    })
    .await
}

/// Six characters that no class uses yet.
async fn free_code(tx: &mut Tx) -> Result<String> {
    for _ in 0..20 {
        let code = random_code(6);
        let taken: i64 = on_tx!(tx, |c| sqlx::query_scalar("select count(*) from class where join_code = $1")
            .bind(&code)
            .fetch_one(c)
            .await)?;
        if taken == 0 {
            return Ok(code);
        }
    }
    Err(Error::internal("twenty random join codes were taken"))
}

/// Changes what a teacher decides about a class.
pub async fn change(db: &Db, actor: Actor, id: Uuid, settings: Settings, now: DateTime<Utc>) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            execute!(
                tx,
                "update class set course = $2, name = $3, term = $4, join_rule = $5, time_zone = $6 where id = $1",
                id,
                &settings.course,
                &settings.name,
                &settings.term,
                &settings.join_rule,
                &settings.time_zone,
            )?;
            let detail =
                [settings.name, settings.term, settings.course, settings.join_rule, settings.time_zone].join(" / ");
            audit::record(tx, in_class(&actor, now, id, "class.change", detail)).await
        })
    })
    .await
}

/// A new join code; the old one stops working.
pub async fn renew_code(db: &Db, actor: Actor, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            let code = free_code(tx).await?;
            execute!(tx, "update class set join_code = $2 where id = $1", id, code)?;
            audit::record(tx, in_class(&actor, now, id, "class.code", "")).await
        })
    })
    .await
}

/// Archives a class or brings it back.
pub async fn set_archived(db: &Db, actor: Actor, id: Uuid, archived: bool, now: DateTime<Utc>) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            execute!(tx, "update class set archived_at = $2 where id = $1", id, archived.then_some(now))?;
            let action = if archived { "class.archive" } else { "class.restore" };
            audit::record(tx, in_class(&actor, now, id, action, "")).await
        })
    })
    .await
}

/// Adds a teacher by their login.
///
/// # Errors
/// Refused when no open account of a teacher or administrator has this login.
pub async fn add_teacher(db: &Db, actor: Actor, class_id: Uuid, login: &str, now: DateTime<Utc>) -> Result<()> {
    let login = login.trim().to_lowercase();
    db.write(move |tx| {
        Box::pin(async move {
            let id: Option<Uuid> = on_tx!(tx, |c| sqlx::query_scalar(
                "select id from person where login = $1 and role <> 'student' and disabled_at is null"
            )
            .bind(&login)
            .fetch_optional(c)
            .await)?;
            let id = id.ok_or_else(|| Error::invalid("class-no-such-teacher"))?;
            execute!(
                tx,
                "insert into membership (class_id, person_id, role, origin, joined_at) values ($1, $2, 'teacher', 'hand', $3)
                 on conflict (class_id, person_id) do update set role = excluded.role, left_at = null",
                class_id,
                id,
                now,
            )?;
            audit::record(tx, in_class(&actor, now, class_id, "class.teacher-add", login)).await
        })
    })
    .await
}

/// Takes a teacher out of a class. The last one stays.
pub async fn remove_teacher(db: &Db, actor: Actor, class_id: Uuid, person_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    let entry = in_class(&actor, now, class_id, "class.teacher-remove", person_id);
    audit::change(db, entry, move |tx| {
        Box::pin(async move {
            tx.lock(&format!("teachers:{class_id}")).await?;
            let others: i64 = on_tx!(tx, |c| sqlx::query_scalar(
                "select count(*) from membership
                 where class_id = $1 and role = 'teacher' and left_at is null and person_id <> $2",
            )
            .bind(class_id)
            .bind(person_id)
            .fetch_one(c)
            .await)?;
            if others == 0 {
                return Err(Error::conflict("class-last-teacher"));
            }
            Ok(execute!(
                tx,
                "update membership set left_at = $3
                 where class_id = $1 and person_id = $2 and role = 'teacher' and left_at is null",
                class_id,
                person_id,
                now,
            )?)
        })
    })
    .await
}

/// An entry for the audit log about a class.
pub fn in_class(
    actor: &Actor,
    now: DateTime<Utc>,
    class_id: Uuid,
    action: &'static str,
    detail: impl ToString,
) -> Entry {
    let mut entry = actor.entry(now, action, class_id);
    entry.class_id = Some(class_id);
    entry.detail = detail.to_string();
    entry
}

/// An assignment on the page of its class.
#[derive(Clone, Debug, FromRow)]
pub struct AssignmentTitle {
    /// Id.
    pub id: Uuid,
    /// Title.
    pub title: String,
    /// Whether students see it.
    pub given: bool,
    /// When it is due for the class.
    pub due_at: Option<DateTime<Utc>>,
}

/// The assignments of a class; `all` includes those that are not given to students yet.
pub async fn assignments(db: &Db, class_id: Uuid, all: bool, now: DateTime<Utc>) -> Result<Vec<AssignmentTitle>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select id, title, given_at is not null and given_at <= $3 as given, due_at from assignment
         where class_id = $1 and ($2 or (given_at is not null and given_at <= $3))
         order by coalesce(due_at, closes_at) is null, coalesce(due_at, closes_at), created_at, id",
    )
    .bind(class_id)
    .bind(all)
    .bind(now)
    .fetch_all(c)
    .await)?)
}
