//! A class with a whole half-year behind it, written straight into the database: for figures, and to show that cost does
//! not grow where it must not.

use chrono::{DateTime, TimeDelta, Utc};
use grader::assignment::{Alternative, Blank, Share};
use server::db::Tx;
use server::error::Result;
use server::on_tx;
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::{Classroom, Site};

/// Questions of an assignment.
const QUESTIONS: usize = 4;
/// Rows of one statement.
const ROWS: usize = 2000;

/// Rows of one table to insert: ids and whole numbers only differ.
struct Plan {
    class: Uuid,
    now: DateTime<Utc>,
    assignments: Vec<Uuid>,
    /// (question, assignment, position)
    questions: Vec<(Uuid, Uuid, i64)>,
    /// (blank, question)
    blanks: Vec<(Uuid, Uuid)>,
    people: Vec<Uuid>,
    /// (attempt, assignment, person, serial)
    attempts: Vec<(Uuid, Uuid, Uuid, usize)>,
    /// (attempt, blank, serial)
    answers: Vec<(Uuid, Uuid, usize)>,
}

impl Site {
    /// Founds a class in which every student handed every assignment in: some late, some answers waiting for a decision.
    pub async fn lecture(&self, students: usize, assignments: usize) -> Classroom {
        let classroom = self.classroom(0).await;
        let mut plan = Plan {
            class: classroom.class.id,
            now: self.app.clock.now(),
            assignments: (0..assignments).map(|_| Uuid::now_v7()).collect(),
            questions: Vec::new(),
            blanks: Vec::new(),
            people: (0..students).map(|_| Uuid::now_v7()).collect(),
            attempts: Vec::new(),
            answers: Vec::new(),
        };
        for assignment in &plan.assignments {
            plan.questions.extend((1..=QUESTIONS as i64).map(|position| (Uuid::now_v7(), *assignment, position)));
        }
        plan.blanks = plan.questions.iter().map(|(question, _, _)| (Uuid::now_v7(), *question)).collect();
        for (place, assignment) in plan.assignments.iter().enumerate() {
            for person in &plan.people {
                let serial = plan.attempts.len();
                let attempt = Uuid::now_v7();
                plan.attempts.push((attempt, *assignment, *person, serial));
                let own = &plan.blanks[place * QUESTIONS..(place + 1) * QUESTIONS];
                plan.answers.extend(own.iter().map(|(blank, _)| (attempt, *blank, serial)));
            }
        }
        let db = self.app.db.clone();
        let teacher = classroom.teacher.id;
        db.write(move |tx| Box::pin(async move { insert(tx, plan, teacher).await })).await.expect("the rows are fine");
        classroom
    }
}

/// Inserts rows in as few statements as the databases allow.
macro_rules! rows {
    ($tx:expr, $sql:expr, $rows:expr, |$row:ident, $value:pat_param| $bind:expr) => {
        for part in $rows.chunks(ROWS) {
            on_tx!($tx, |c| {
                let mut query = QueryBuilder::new($sql);
                query.push_values(part.iter(), |mut $row, $value| {
                    $bind;
                });
                query.build().execute(c).await.map(|_| ())
            })?;
        }
    };
}

async fn insert(tx: &mut Tx, plan: Plan, teacher: Uuid) -> Result<()> {
    let (class, now) = (plan.class, plan.now);
    let key = Alternative { text: "服务号".into(), share: Share::WHOLE };
    let spec = serde_json::to_string(&Blank { key: vec![key], ..Blank::default() }).expect("a blank is plain data");
    let people: Vec<(usize, Uuid)> = plan.people.iter().copied().enumerate().collect();
    rows!(tx, "insert into person (id, login, name, role, created_at) ", people, |row, (index, id)| {
        row.push_bind(*id).push_bind(format!("{class}-{index}")).push_bind(format!("学生 {index:03}"));
        row.push_bind("student").push_bind(now)
    });
    rows!(tx, "insert into membership (class_id, person_id, role, student_number, joined_at) ", people, |row,
                                                                                                         (
        index,
        id,
    )| {
        row.push_bind(class).push_bind(*id).push_bind("student").push_bind(format!("2026{index:04}")).push_bind(now)
    });
    let assignments: Vec<(usize, Uuid)> = plan.assignments.iter().copied().enumerate().collect();
    rows!(
        tx,
        "insert into assignment (id, class_id, course, chapter, title, source, fingerprint, created_by, created_at, updated_at, given_at) ",
        assignments,
        |row, (index, id)| {
            row.push_bind(*id).push_bind(class).push_bind("network-marketing").push_bind("wechat-platform");
            row.push_bind(format!("第 {index} 次作业")).push_bind("").push_bind("").push_bind(teacher);
            row.push_bind(now + TimeDelta::seconds(*index as i64)).push_bind(now).push_bind(now)
        }
    );
    rows!(
        tx,
        "insert into question (id, assignment_id, class_id, number, position, kind, text, points) ",
        plan.questions,
        |row, (id, assignment, position)| {
            row.push_bind(*id)
                .push_bind(*assignment)
                .push_bind(class)
                .push_bind(position.to_string())
                .push_bind(*position);
            row.push_bind("blanks").push_bind("面向企业的是{1}。").push_bind(2_500_000_i64)
        }
    );
    rows!(tx, "insert into blank (id, question_id, class_id, position, points, key_version) ", plan.blanks, |row,
                                                                                                             (
        id,
        question,
    )| {
        row.push_bind(*id)
            .push_bind(*question)
            .push_bind(class)
            .push_bind(1_i64)
            .push_bind(2_500_000_i64)
            .push_bind(1_i64)
    });
    rows!(
        tx,
        "insert into blank_key (blank_id, version, spec, confirmed, created_by, created_at) ",
        plan.blanks,
        |row, (id, _)| {
            row.push_bind(*id)
                .push_bind(1_i64)
                .push_bind(spec.clone())
                .push_bind(true)
                .push_bind(teacher)
                .push_bind(now)
        }
    );
    rows!(
        tx,
        "insert into attempt (id, class_id, assignment_id, person_id, number, started_at, handed_in_at, handed_in_by, blanks_points, late_per_cent) ",
        plan.attempts,
        |row, (id, assignment, person, serial)| {
            row.push_bind(*id)
                .push_bind(class)
                .push_bind(*assignment)
                .push_bind(*person)
                .push_bind(1_i64)
                .push_bind(now);
            row.push_bind(now).push_bind("student").push_bind((*serial as i64 % 5) * 2_500_000);
            row.push_bind(if serial % 20 == 0 { 10_i64 } else { 0 })
        }
    );
    rows!(
        tx,
        "insert into answer (attempt_id, blank_id, class_id, text, normal_form, verdict, credit, points, reason, key_version) ",
        plan.answers,
        |row, (attempt, blank, serial)| {
            let waits = serial % 25 == 0;
            row.push_bind(*attempt).push_bind(*blank).push_bind(class).push_bind(if waits {
                "服物号"
            } else {
                "服务号"
            });
            row.push_bind(if waits { "服物号" } else { "服务号" }).push_bind(if waits { "review" } else { "correct" });
            row.push_bind(0_i64).push_bind(0_i64).push_bind(r#"{"kind":"same"}"#).push_bind(1_i64)
        }
    );
    Ok(())
}
