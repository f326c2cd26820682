//! A class's projects: the one mark that the class has for each, and every student's own share of it, reckoned from what
//! the class's tools count. A share belongs to its class: it stays there when the student moves.

mod share;

use std::collections::HashMap;

use plugin_protocol::manifest::Words;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Db;
use crate::error::{Error, Result};
use crate::marks;
use crate::on;

pub use share::{NewShare, Put, Rate, Share, put, rates, shares};

/// A project that was given to a class.
#[derive(Clone, Debug, FromRow)]
pub struct Project {
    /// Question.
    pub question_id: Uuid,
    /// Its assignment.
    pub assignment_id: Uuid,
    /// Title of the assignment.
    pub title: String,
    /// Number as printed.
    pub number: String,
    /// The most that class and student together can have, in millionths.
    pub worth: i64,
    /// The attempt with which it was handed in for the class.
    pub attempt_id: Option<Uuid>,
    /// The class's mark in millionths.
    pub points: Option<i64>,
}

/// A fact that counts, as the student reads it: it says all of itself, because the tool may be gone by then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// Id of the tool.
    pub plugin: String,
    /// What people call the tool.
    pub tool: Words,
    /// Id of the fact.
    pub fact: String,
    /// What people call the fact.
    pub title: Words,
    /// How much of it, in millionths.
    pub amount: i64,
    /// Points for one, in millionths.
    pub each: i64,
    /// The most that it can earn, in millionths.
    pub most: Option<i64>,
    /// What it earned, in millionths.
    pub points: i64,
}

/// A project as one of its students has it.
pub struct OfStudent {
    /// The project.
    pub project: Project,
    /// Their own share in millionths.
    pub own: Option<i64>,
    /// The facts behind it.
    pub facts: Vec<Counted>,
}

impl OfStudent {
    /// What the class and the student have together; none: neither was marked.
    pub fn points(&self) -> Option<i64> {
        marks::of_project(self.project.worth, self.project.points, self.own)
    }
}

macro_rules! project_sql {
    ($more:literal, $rest:literal) => {
        concat!(
            "select q.id as question_id, q.assignment_id, a.title, q.number, q.points as worth, h.attempt_id,
                    (select m.points from mark m
                     join essay e on e.origin = m.attempt_id and e.question_id = m.question_id
                     where e.attempt_id = h.attempt_id and m.question_id = h.question_id
                     order by m.marked_at desc, m.id desc limit 1) as points",
            $more,
            " from assignment a
             join question q on q.assignment_id = a.id and q.kind = 'project' and q.removed_at is null
             left join project_hand_in h on h.question_id = q.id ",
            $rest,
            " order by a.created_at, a.id, q.position"
        )
    };
}

/// The projects that were given to a class.
pub async fn of_class(db: &Db, class_id: Uuid) -> Result<Vec<Project>> {
    Ok(on!(db, |c| sqlx::query_as(project_sql!("", "where a.class_id = $1 and a.given_at is not null"))
        .bind(class_id)
        .fetch_all(c)
        .await)?)
}

/// The projects of all classes in which a person is or was a student, with their share of each.
pub async fn of_person(db: &Db, person_id: Uuid) -> Result<Vec<OfStudent>> {
    #[derive(FromRow)]
    struct Row {
        #[sqlx(flatten)]
        project: Project,
        own: Option<i64>,
        facts: Option<String>,
    }
    let rows: Vec<Row> = on!(db, |c| sqlx::query_as(project_sql!(
        ", s.points as own, s.facts",
        "join membership p on p.class_id = a.class_id and p.person_id = $1 and p.role = 'student'
         left join project_share s on s.id = (
             select x.id from project_share x where x.question_id = q.id and x.person_id = p.person_id
             order by x.given_at desc, x.id desc limit 1)
         where a.given_at is not null"
    ))
    .bind(person_id)
    .fetch_all(c)
    .await)?;
    rows.into_iter()
        .map(|row| {
            let facts = row.facts.map(|facts| serde_json::from_str(&facts)).transpose().map_err(Error::internal)?;
            Ok(OfStudent { project: row.project, own: row.own, facts: facts.unwrap_or_default() })
        })
        .collect()
}

/// What students have for a class's projects.
pub struct Points {
    projects: Vec<Project>,
    shares: HashMap<(Uuid, Uuid), Share>,
}

impl Points {
    /// Reads the class's projects and the shares in them.
    pub async fn load(db: &Db, class_id: Uuid) -> Result<Self> {
        let projects = of_class(db, class_id).await?;
        let shares = if projects.is_empty() { HashMap::new() } else { shares(db, class_id, None).await? };
        Ok(Self { projects, shares })
    }

    /// The projects of an assignment.
    pub fn of_assignment(&self, assignment_id: Uuid) -> Vec<&Project> {
        self.projects.iter().filter(|project| project.assignment_id == assignment_id).collect()
    }

    /// What a student has for a project; none: neither class nor student was marked.
    pub fn of_student(&self, project: &Project, person_id: Uuid) -> Option<i64> {
        let own = self.shares.get(&(project.question_id, person_id)).map(|share| share.points);
        marks::of_project(project.worth, project.points, own)
    }
}
