//! Everything stored about one person, for the person: read together, as plain records. Verdicts that an assignment
//! does not show are left out here too.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Db;
use crate::error::Result;
use crate::on;

/// What a person may download about themselves. Hashes of passwords and tokens stay here: they say nothing.
#[derive(Debug, Serialize)]
pub struct PersonalData {
    /// When it was put together.
    pub made_at: DateTime<Utc>,
    account: Option<Account>,
    sessions: Vec<Session>,
    tokens: Vec<Token>,
    classes: Vec<Place>,
    posts: Vec<Post>,
    attempts: Vec<Attempt>,
    answers: Vec<Answer>,
    drafts: Vec<Draft>,
    essays: Vec<Essay>,
    attachments: Vec<Attachment>,
    marks: Vec<Mark>,
    project_shares: Vec<ProjectShare>,
    changed_by_hand: Vec<Override>,
    inquiries: Vec<Inquiry>,
    extensions: Vec<Extension>,
    reading: Vec<Reading>,
    log: Vec<Logged>,
}

#[derive(Debug, Serialize, FromRow)]
struct Account {
    login: String,
    name: String,
    role: String,
    language: Option<String>,
    theme: String,
    font_size: String,
    created_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, FromRow)]
struct Session {
    created_at: DateTime<Utc>,
    last_seen_at: DateTime<Utc>,
    user_agent: String,
    address: String,
}

#[derive(Debug, Serialize, FromRow)]
struct Token {
    label: String,
    created_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
    expires_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, FromRow)]
struct Place {
    class_id: Uuid,
    name: String,
    term: String,
    role: String,
    student_number: Option<String>,
    joined_at: DateTime<Utc>,
    left_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Serialize, FromRow)]
struct Post {
    class_id: Uuid,
    post: String,
    given_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, FromRow)]
struct Attempt {
    id: Uuid,
    assignment: String,
    class_id: Uuid,
    number: i64,
    started_at: DateTime<Utc>,
    handed_in_at: Option<DateTime<Utc>>,
    handed_in_by: Option<String>,
    blanks_points: Option<i64>,
    late_per_cent: i64,
}

#[derive(Debug, Serialize, FromRow)]
struct Answer {
    attempt_id: Uuid,
    question: String,
    blank: i64,
    text: String,
    verdict: Option<String>,
    points: Option<i64>,
}

#[derive(Debug, Serialize, FromRow)]
struct Draft {
    attempt_id: Uuid,
    field: Uuid,
    text: String,
    updated_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, FromRow)]
struct Essay {
    attempt_id: Uuid,
    question: String,
    text: String,
}

#[derive(Debug, Serialize, FromRow)]
struct Attachment {
    attempt_id: Uuid,
    name: String,
    media_type: String,
    size: i64,
    uploaded_at: DateTime<Utc>,
    removed_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Serialize, FromRow)]
struct Mark {
    attempt_id: Uuid,
    question: String,
    points: i64,
    comment: String,
    marked_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, FromRow)]
struct ProjectShare {
    assignment: String,
    question: String,
    points: i64,
    facts: String,
    given_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, FromRow)]
struct Override {
    attempt_id: Uuid,
    points: i64,
    reason: String,
    given_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, FromRow)]
struct Inquiry {
    attempt_id: Uuid,
    question: String,
    blank: Option<i64>,
    text: String,
    asked_at: DateTime<Utc>,
    reply: Option<String>,
    replied_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Serialize, FromRow)]
struct Extension {
    assignment: String,
    due_at: Option<DateTime<Utc>>,
    closes_at: Option<DateTime<Utc>>,
    reason: String,
    given_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, FromRow)]
struct Reading {
    course: String,
    chapter: String,
    anchor: String,
    updated_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, FromRow)]
struct Logged {
    at: DateTime<Utc>,
    action: String,
    subject: String,
    detail: String,
    address: String,
}

/// All rows of a query about one person.
macro_rules! about {
    ($db:expr, $person:expr, $sql:expr) => {
        on!($db, |c| sqlx::query_as($sql).bind($person).fetch_all(c).await)?
    };
}

/// Reads everything about a person. Points are millionths of a point.
pub async fn read(db: &Db, person_id: Uuid, now: DateTime<Utc>) -> Result<PersonalData> {
    Ok(PersonalData {
        made_at: now,
        account: on!(db, |c| sqlx::query_as(
            "select login, name, role, language, theme, font_size, created_at from person where id = $1"
        )
        .bind(person_id)
        .fetch_optional(c)
        .await)?,
        sessions: about!(
            db,
            person_id,
            "select created_at, last_seen_at, user_agent, address from session where person_id = $1 order by created_at"
        ),
        tokens: about!(
            db,
            person_id,
            "select label, created_at, last_used_at, expires_at from api_token where person_id = $1 order by created_at"
        ),
        classes: about!(
            db,
            person_id,
            "select m.class_id, c.name, c.term, m.role, m.student_number, m.joined_at, m.left_at
             from membership m join class c on c.id = m.class_id where m.person_id = $1 order by m.joined_at"
        ),
        posts: about!(db, person_id, "select class_id, post, given_at from post where person_id = $1 order by given_at"),
        attempts: about!(
            db,
            person_id,
            "select t.id, a.title as assignment, t.class_id, t.number, t.started_at, t.handed_in_at, t.handed_in_by,
                    case when a.show_verdicts then t.blanks_points end as blanks_points, t.late_per_cent
             from attempt t join assignment a on a.id = t.assignment_id where t.person_id = $1 order by t.started_at"
        ),
        answers: about!(
            db,
            person_id,
            "select w.attempt_id, q.number as question, b.position as blank, w.text,
                    case when a.show_verdicts then w.verdict end as verdict,
                    case when a.show_verdicts then w.points end as points
             from answer w join attempt t on t.id = w.attempt_id join assignment a on a.id = t.assignment_id join blank b on b.id = w.blank_id
             join question q on q.id = b.question_id where t.person_id = $1 order by w.attempt_id, q.position, b.position"
        ),
        drafts: about!(
            db,
            person_id,
            "select d.attempt_id, d.field, d.text, d.updated_at from draft d join attempt t on t.id = d.attempt_id
             where t.person_id = $1 order by d.attempt_id, d.updated_at"
        ),
        essays: about!(
            db,
            person_id,
            "select y.attempt_id, q.number as question, y.text from essay y join attempt t on t.id = y.attempt_id
             join question q on q.id = y.question_id where t.person_id = $1 order by y.attempt_id, q.position"
        ),
        attachments: about!(
            db,
            person_id,
            "select attempt_id, name, media_type, size, uploaded_at, removed_at from attachment
             where uploaded_by = $1 order by uploaded_at"
        ),
        marks: about!(
            db,
            person_id,
            "select k.attempt_id, q.number as question, k.points, k.comment, k.marked_at
             from mark k join attempt t on t.id = k.attempt_id join question q on q.id = k.question_id
             where t.person_id = $1 order by k.marked_at"
        ),
        project_shares: about!(
            db,
            person_id,
            "select a.title as assignment, q.number as question, s.points, s.facts, s.given_at
             from project_share s join question q on q.id = s.question_id join assignment a on a.id = q.assignment_id
             where s.person_id = $1 order by s.given_at"
        ),
        changed_by_hand: about!(
            db,
            person_id,
            "select o.attempt_id, o.points, o.reason, o.given_at from override o join attempt t on t.id = o.attempt_id
             where t.person_id = $1 order by o.given_at"
        ),
        inquiries: about!(
            db,
            person_id,
            "select i.attempt_id, q.number as question, b.position as blank, i.text, i.asked_at, i.reply, i.replied_at
             from inquiry i left join blank b on b.id = i.field join question q on q.id = coalesce(b.question_id, i.field)
             where i.person_id = $1 order by i.asked_at"
        ),
        extensions: about!(
            db,
            person_id,
            "select a.title as assignment, e.due_at, e.closes_at, e.reason, e.given_at
             from extension e join assignment a on a.id = e.assignment_id where e.person_id = $1 order by e.given_at"
        ),
        reading: about!(
            db,
            person_id,
            "select course, chapter, anchor, updated_at from reading_position where person_id = $1 order by updated_at"
        ),
        log: about!(
            db,
            person_id,
            "select at, action, subject, detail, address from audit where person_id = $1 order by at"
        ),
    })
}
