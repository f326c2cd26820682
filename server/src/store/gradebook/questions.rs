//! One assignment of the gradebook, question by question: what the attempt that counts earned in each.

use std::collections::HashMap;

use sqlx::FromRow;
use uuid::Uuid;

use super::{Gradebook, State};
use crate::db::Db;
use crate::error::Result;
use crate::on;
use crate::store::assignment::Kind;
use crate::store::project;

/// Attempts of one statement: far below the limits of both databases.
const AT_ONCE: usize = 2000;

/// A question in the table.
#[derive(Clone, Debug, FromRow)]
pub struct Question {
    /// Id.
    pub id: Uuid,
    /// Number as printed.
    pub number: String,
    /// What kind of answer it takes.
    pub kind: Kind,
    /// Points in millionths.
    pub points: i64,
}

/// What a student has for a question, before the late rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Points in millionths; `None`: nothing handed in, or not marked yet.
    pub points: Option<i64>,
    /// Answers that wait for a decision.
    pub reviews: i64,
    /// Whether a text waits for a mark.
    pub waiting: bool,
}

/// An assignment's students and questions.
pub struct Table {
    /// Questions in their order.
    pub questions: Vec<Question>,
    /// `parts[student][question]`
    pub parts: Vec<Vec<Part>>,
}

#[derive(FromRow)]
struct BlanksRow {
    attempt_id: Uuid,
    question_id: Uuid,
    points: i64,
    reviews: i64,
}

#[derive(FromRow)]
struct EssayRow {
    attempt_id: Uuid,
    question_id: Uuid,
    points: Option<i64>,
}

/// Reads the table that belongs to a gradebook of one assignment of a class.
pub async fn load(db: &Db, class_id: Uuid, assignment: Uuid, book: &Gradebook) -> Result<Table> {
    let questions: Vec<Question> = on!(db, |c| sqlx::query_as(
        "select id, number, kind, points from question
         where assignment_id = $1 and removed_at is null order by position, id",
    )
    .bind(assignment)
    .fetch_all(c)
    .await)?;
    let columns: HashMap<Uuid, usize> =
        questions.iter().enumerate().map(|(index, question)| (question.id, index)).collect();
    let rows: HashMap<Uuid, usize> =
        book.cells.iter().enumerate().filter_map(|(row, cells)| Some((cells.first()?.attempt?, row))).collect();
    let mut parts: Vec<Vec<Part>> = vec![vec![Part::default(); questions.len()]; book.students.len()];
    let ids: Vec<Uuid> = rows.keys().copied().collect();
    for ids in ids.chunks(AT_ONCE) {
        for found in blanks(db, ids).await? {
            if let (Some(&row), Some(&column)) = (rows.get(&found.attempt_id), columns.get(&found.question_id)) {
                parts[row][column] = Part { points: Some(found.points), reviews: found.reviews, waiting: false };
            }
        }
        for found in essays(db, ids).await? {
            if let (Some(&row), Some(&column)) = (rows.get(&found.attempt_id), columns.get(&found.question_id)) {
                parts[row][column] = Part { points: found.points, reviews: 0, waiting: found.points.is_none() };
            }
        }
    }
    let projects = project::Points::load(db, class_id).await?;
    for project in projects.of_assignment(assignment) {
        let Some(&column) = columns.get(&project.question_id) else { continue };
        for (row, student) in parts.iter_mut().zip(&book.students) {
            let points = projects.of_student(project, student.id);
            row[column] =
                Part { points, reviews: 0, waiting: project.attempt_id.is_some() && project.points.is_none() };
        }
    }
    // An essay that was left empty is worth nothing, and is no gap in the table.
    for (row, parts) in parts.iter_mut().enumerate() {
        let handed_in =
            book.cells[row].first().is_some_and(|cell| !matches!(cell.state, State::NotStarted | State::Writing));
        for (part, question) in parts.iter_mut().zip(&questions) {
            if handed_in && !part.waiting && part.points.is_none() && question.kind != Kind::Project {
                part.points = Some(0);
            }
        }
    }
    Ok(Table { questions, parts })
}

async fn blanks(db: &Db, attempts: &[Uuid]) -> Result<Vec<BlanksRow>> {
    Ok(on!(db, |c| {
        let mut query = sqlx::QueryBuilder::new(
            "select n.attempt_id, b.question_id, cast(sum(coalesce(o.points, n.points)) as bigint) as points,
                    cast(sum(case when n.verdict = 'review' and o.id is null then 1 else 0 end) as bigint) as reviews
             from answer n
             join blank b on b.id = n.blank_id and b.removed_at is null
             left join override o on o.id = (
                 select x.id from override x where x.attempt_id = n.attempt_id and x.blank_id = n.blank_id
                 order by x.given_at desc, x.id desc limit 1)
             where n.attempt_id in (",
        );
        let mut list = query.separated(", ");
        attempts.iter().for_each(|id| {
            list.push_bind(*id);
        });
        query.push(") group by n.attempt_id, b.question_id");
        query.build_query_as().fetch_all(c).await
    })?)
}

async fn essays(db: &Db, attempts: &[Uuid]) -> Result<Vec<EssayRow>> {
    Ok(on!(db, |c| {
        let mut query = sqlx::QueryBuilder::new(
            "select e.attempt_id, e.question_id,
                    (select m.points from mark m where m.attempt_id = e.origin and m.question_id = e.question_id
                     order by m.marked_at desc, m.id desc limit 1) as points
             from essay e join question q on q.id = e.question_id
             where q.kind = 'essay' and e.attempt_id in (",
        );
        let mut list = query.separated(", ");
        attempts.iter().for_each(|id| {
            list.push_bind(*id);
        });
        query.push(")");
        query.build_query_as().fetch_all(c).await
    })?)
}
