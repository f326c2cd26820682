//! The gradebook of a class: who handed in what, and what it earned. Totals are made from the attempts whenever they are
//! shown; nothing is summed up in the database. The number of queries does not depend on the size of the class.

pub mod questions;
pub mod work;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Db;
use crate::error::Result;
use crate::marks::{self, Earned};
use crate::on;
use crate::rules::Rules;
use crate::store::project;

/// A class's students, assignments and what stands where they meet.
pub struct Gradebook {
    /// Given assignments, oldest first.
    pub assignments: Vec<Column>,
    /// Students by number, then by name; those who left come last.
    pub students: Vec<Student>,
    /// `cells[student][assignment]`
    pub cells: Vec<Vec<Cell>>,
}

/// An assignment in the gradebook.
#[derive(Clone, Debug, FromRow)]
pub struct Column {
    /// Id.
    pub id: Uuid,
    /// Title.
    pub title: String,
    /// Points of all its questions in millionths.
    pub points: i64,
    /// Its rules.
    #[sqlx(flatten)]
    pub rules: Rules,
}

/// A student in the gradebook.
#[derive(Clone, Debug, FromRow)]
pub struct Student {
    /// Id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Number on the roster.
    pub number: Option<String>,
    /// When the student left the class.
    pub left_at: Option<DateTime<Utc>>,
}

/// Where a student stands in an assignment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// Nothing was written.
    #[default]
    NotStarted,
    /// Something was written and nothing handed in.
    Writing,
    /// Handed in; an essay waits for a mark.
    HandedIn,
    /// Handed in; an answer waits for a decision.
    Review,
    /// Handed in and marked.
    Marked,
}

impl State {
    /// Its name in keys of sentences and in the API.
    pub fn name(self) -> &'static str {
        match self {
            State::NotStarted => "not-started",
            State::Writing => "writing",
            State::HandedIn => "handed-in",
            State::Review => "review",
            State::Marked => "marked",
        }
    }
}

/// What a student has in an assignment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Where the student stands.
    pub state: State,
    /// The mark in millionths, the class's project included; `None` as long as nothing was handed in.
    pub points: Option<i64>,
    /// Per cent taken off for lateness.
    pub late_per_cent: i64,
    /// Answers that wait for a decision.
    pub reviews: i64,
    /// Essays that wait for a mark.
    pub waiting: i64,
    /// How many attempts were handed in.
    pub attempts: i64,
    /// The attempt that counts.
    pub attempt: Option<Uuid>,
}

impl Gradebook {
    /// A student's total in millionths.
    pub fn total(&self, student: usize) -> i64 {
        self.cells[student].iter().filter_map(|cell| cell.points).sum()
    }

    /// Points of all assignments in millionths.
    pub fn points(&self) -> i64 {
        self.assignments.iter().map(|assignment| assignment.points).sum()
    }

    /// Keeps only one assignment.
    pub fn narrow(&mut self, assignment: Uuid) -> bool {
        let Some(index) = self.assignments.iter().position(|column| column.id == assignment) else { return false };
        self.assignments = vec![self.assignments.swap_remove(index)];
        for row in &mut self.cells {
            *row = vec![row.swap_remove(index)];
        }
        true
    }

    /// Drops those who left the class.
    pub fn present(&mut self) {
        let keep: Vec<bool> = self.students.iter().map(|student| student.left_at.is_none()).collect();
        let mut kept = keep.iter().copied();
        self.students.retain(|_| kept.next().unwrap_or(false));
        let mut kept = keep.iter().copied();
        self.cells.retain(|_| kept.next().unwrap_or(false));
    }
}

/// An attempt as the gradebook reads it.
#[derive(FromRow)]
struct AttemptRow {
    id: Uuid,
    assignment_id: Uuid,
    person_id: Uuid,
    number: i64,
    handed_in_at: Option<DateTime<Utc>>,
    counts: bool,
    blanks_points: i64,
    late_per_cent: i64,
}

/// What one attempt's essays earned.
#[derive(Clone, Copy, Default)]
struct Essays {
    points: i64,
    waiting: i64,
}

/// Reads the gradebook of a class, or one assignment of it; those who left included.
pub async fn load(db: &Db, class_id: Uuid, assignment: Option<Uuid>) -> Result<Gradebook> {
    let assignments = assignments(db, class_id).await?;
    let students = students(db, class_id).await?;
    let attempts: Vec<AttemptRow> = on!(db, |c| sqlx::query_as(
        "select id, assignment_id, person_id, number, handed_in_at, counts, blanks_points, late_per_cent
         from attempt where class_id = $1 and ($2 or assignment_id = $3)",
    )
    .bind(class_id)
    .bind(assignment.is_none())
    .bind(assignment.unwrap_or_default())
    .fetch_all(c)
    .await)?;
    let essays = essays(db, class_id).await?;
    let reviews = reviews(db, class_id).await?;
    let projects = project::Points::load(db, class_id).await?;

    let rows: HashMap<Uuid, usize> = students.iter().enumerate().map(|(index, student)| (student.id, index)).collect();
    let columns: HashMap<Uuid, usize> =
        assignments.iter().enumerate().map(|(index, column)| (column.id, index)).collect();
    let width = assignments.len();
    let mut places: Vec<Vec<(Uuid, Earned)>> = vec![Vec::new(); students.len() * width];
    let mut cells: Vec<Vec<Cell>> = vec![vec![Cell::default(); width]; students.len()];
    for attempt in attempts {
        let (Some(&row), Some(&column)) = (rows.get(&attempt.person_id), columns.get(&attempt.assignment_id)) else {
            continue;
        };
        let Some(handed_in_at) = attempt.handed_in_at else {
            cells[row][column].state = State::Writing;
            continue;
        };
        let essays = essays.get(&attempt.id).copied().unwrap_or_default();
        places[row * width + column].push((
            attempt.id,
            Earned {
                number: attempt.number,
                handed_in_at,
                counts: attempt.counts,
                blanks_points: attempt.blanks_points,
                essays_points: essays.points,
                waiting: essays.waiting,
                late_per_cent: attempt.late_per_cent,
            },
        ));
    }
    for (column, assignment) in assignments.iter().enumerate() {
        let of_assignment = projects.of_assignment(assignment.id);
        for (row, student) in students.iter().enumerate() {
            let cell = &mut cells[row][column];
            fill(cell, &assignment.rules, &places[row * width + column], &reviews);
            for points in of_assignment.iter().filter_map(|project| projects.of_student(project, student.id)) {
                cell.points = Some(cell.points.unwrap_or(0) + points);
            }
        }
    }
    Ok(Gradebook { assignments, students, cells })
}

/// Fills a cell from the attempts that were handed in.
fn fill(cell: &mut Cell, rules: &Rules, attempts: &[(Uuid, Earned)], reviews: &HashMap<Uuid, i64>) {
    let Some(id) = chosen(rules, attempts) else { return };
    let Some((_, earned)) = attempts.iter().find(|(attempt, _)| *attempt == id) else { return };
    cell.attempts = attempts.len() as i64;
    cell.attempt = Some(id);
    cell.points = Some(earned.total());
    cell.late_per_cent = earned.late_per_cent;
    cell.waiting = earned.waiting;
    cell.reviews = reviews.get(&id).copied().unwrap_or(0);
    cell.state = match (cell.reviews, cell.waiting) {
        (0, 0) => State::Marked,
        (0, _) => State::HandedIn,
        _ => State::Review,
    };
}

/// The attempt that counts.
fn chosen(rules: &Rules, attempts: &[(Uuid, Earned)]) -> Option<Uuid> {
    if let [(only, _)] = attempts {
        return Some(*only);
    }
    let earned: Vec<Earned> = attempts.iter().map(|(_, earned)| *earned).collect();
    let number = marks::counting(rules.counting, &earned)?.number;
    attempts.iter().find(|(_, earned)| earned.number == number).map(|(id, _)| *id)
}

/// Given assignments of a class.
pub async fn assignments(db: &Db, class_id: Uuid) -> Result<Vec<Column>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select a.id, a.title, a.opens_at, a.due_at, a.closes_at, a.attempts_allowed, a.counting, a.bell_rule,
                a.late_per_day, a.late_floor, a.reveal_keys, a.show_verdicts,
                (select cast(coalesce(sum(q.points), 0) as bigint) from question q
                 where q.assignment_id = a.id and q.removed_at is null) as points
         from assignment a where a.class_id = $1 and a.given_at is not null
         order by a.created_at, a.id",
    )
    .bind(class_id)
    .fetch_all(c)
    .await)?)
}

/// Students of a class, those who left at the end.
pub async fn students(db: &Db, class_id: Uuid) -> Result<Vec<Student>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select p.id, p.name, m.student_number as number, m.left_at
         from membership m join person p on p.id = m.person_id
         where m.class_id = $1 and m.role = 'student'
         order by m.left_at is not null, m.student_number is null, m.student_number, p.name, p.id",
    )
    .bind(class_id)
    .fetch_all(c)
    .await)?)
}

/// Points and waiting essays by attempt. A text that an attempt took over from an earlier one has that one's mark.
async fn essays(db: &Db, class_id: Uuid) -> Result<HashMap<Uuid, Essays>> {
    let rows: Vec<(Uuid, Option<i64>)> = on!(db, |c| sqlx::query_as(
        "select e.attempt_id,
                (select m.points from mark m where m.attempt_id = e.origin and m.question_id = e.question_id
                 order by m.marked_at desc, m.id desc limit 1)
         from assignment a
         join question q on q.assignment_id = a.id
         join essay e on e.question_id = q.id
         where a.class_id = $1 and q.kind = 'essay' and q.removed_at is null",
    )
    .bind(class_id)
    .fetch_all(c)
    .await)?;
    let mut essays: HashMap<Uuid, Essays> = HashMap::new();
    for (attempt, points) in rows {
        let sum = essays.entry(attempt).or_default();
        match points {
            Some(points) => sum.points += points,
            None => sum.waiting += 1,
        }
    }
    Ok(essays)
}

/// How many answers wait for a decision, by attempt.
async fn reviews(db: &Db, class_id: Uuid) -> Result<HashMap<Uuid, i64>> {
    let rows: Vec<(Uuid, i64)> = on!(db, |c| sqlx::query_as(
        "select n.attempt_id, count(*) from answer n
         join blank b on b.id = n.blank_id and b.removed_at is null
         join question q on q.id = b.question_id and q.removed_at is null
         where n.class_id = $1 and n.verdict = 'review'
           and not exists (select 1 from override o where o.attempt_id = n.attempt_id and o.blank_id = n.blank_id)
         group by n.attempt_id",
    )
    .bind(class_id)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().collect())
}

/// The one assignment and the one student of a class whose ids end so; the gradebook's short links name them that way.
pub async fn find_by_endings(db: &Db, class_id: Uuid, assignment: &str, student: &str) -> Result<Option<(Uuid, Uuid)>> {
    let assignments: Vec<Uuid> = on!(db, |c| sqlx::query_scalar("select id from assignment where class_id = $1")
        .bind(class_id)
        .fetch_all(c)
        .await)?;
    let students: Vec<Uuid> =
        on!(db, |c| sqlx::query_scalar("select person_id from membership where class_id = $1 and role = 'student'")
            .bind(class_id)
            .fetch_all(c)
            .await)?;
    Ok(only(&assignments, assignment).zip(only(&students, student)))
}

fn only(ids: &[Uuid], ending: &str) -> Option<Uuid> {
    let mut found = ids.iter().filter(|id| id.simple().to_string().ends_with(ending));
    match (found.next(), found.next()) {
        (Some(id), None) if !ending.is_empty() => Some(*id),
        _ => None,
    }
}

/// How many hexadecimal digits at the end of these ids tell them apart, at least two.
pub fn ending_length(ids: impl Iterator<Item = Uuid> + Clone) -> usize {
    (2..32)
        .find(|length| {
            let mask = (1_u128 << (length * 4)) - 1;
            let mut seen = std::collections::HashSet::new();
            ids.clone().all(|id| seen.insert(id.as_u128() & mask))
        })
        .unwrap_or(32)
}

/// The last digits of an id.
pub fn ending(id: Uuid, length: usize) -> String {
    let text = id.simple().to_string();
    text[text.len() - length.min(text.len())..].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_tell_ids_apart_and_lead_back() {
        let ids: Vec<Uuid> = (0..300).map(|_| Uuid::now_v7()).collect();
        let length = ending_length(ids.iter().copied());
        for id in &ids {
            assert_eq!(only(&ids, &ending(*id, length)), Some(*id));
        }
        assert!(length <= 8, "{length}");
    }

    #[test]
    fn an_ending_of_two_ids_leads_to_neither() {
        let (a, b) = (Uuid::from_u128(0x1_23), Uuid::from_u128(0x2_23));
        assert_eq!(only(&[a, b], "23"), None);
        assert_eq!(only(&[a, b], "123"), Some(a));
        assert_eq!(only(&[a], ""), None);
    }
}
