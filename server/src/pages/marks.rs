//! A student's own marks with the formula they come from, and what further work could make of them.

use std::collections::HashMap;

use axum::extract::State;
use axum::response::Html;
use serde::Serialize;
use uuid::Uuid;

use super::assignment::questions::of_points;
use super::assignment::sheet::{AttemptRow, history};
use super::project::{ShareView, share};
use crate::app::App;
use crate::auth::SignedIn;
use crate::error::Result;
use crate::marks::{self, Earned};
use crate::points;
use crate::request::Query;
use crate::store::assignment::{self, Standing};
use crate::store::attempt::{self, Attempt};
use crate::store::project::{self, OfStudent};
use crate::view::View;

#[derive(Serialize)]
struct MarksPage {
    classes: Vec<ClassMarks>,
    /// Whether points that might still be earned were typed in.
    supposed: bool,
}

#[derive(Serialize)]
struct ClassMarks {
    name: String,
    rows: Vec<Row>,
    total: String,
    per_cent: i64,
    /// The same with what was supposed.
    supposed: Option<(String, i64)>,
}

#[derive(Serialize)]
struct Row {
    id: Uuid,
    title: String,
    /// `best`, `last` or `first`.
    rule: crate::rules::Counting,
    several: bool,
    points: Option<String>,
    of: String,
    /// Highest points that may be supposed.
    most: String,
    /// How the points come about.
    formula: Option<Formula>,
    /// What the student added to the class's projects.
    shares: Vec<ShareView>,
    attempts: Vec<AttemptRow>,
    waiting: i64,
    /// What was typed in, if it was a number of points this assignment has.
    supposed: Option<String>,
    open: bool,
}

#[derive(Serialize)]
struct Formula {
    number: i64,
    blanks: String,
    essays: Option<String>,
    late_per_cent: i64,
    project: Option<String>,
    total: String,
}

/// `GET /marks`; `?what-if.{assignment}=POINTS` computes with supposed points and stores nothing.
pub async fn show(
    view: View,
    SignedIn(person): SignedIn,
    Query(query): Query<HashMap<String, String>>,
    State(app): State<App>,
) -> Result<Html<String>> {
    let now = app.clock.now();
    let standings = assignment::list_for_person(&app.db, person.id).await?;
    let attempts = attempt::list_of_person(&app.db, person.id).await?;
    let projects = project::of_person(&app.db, person.id).await?;
    let points: HashMap<Uuid, i64> = assignment::points_for_person(&app.db, person.id).await?.into_iter().collect();
    let mut classes: Vec<(Uuid, Sums, ClassMarks)> = Vec::new();
    for standing in standings.iter().filter(|standing| standing.is_for_student()) {
        let id = standing.assignment.id;
        let own: Vec<Attempt> = attempts.iter().filter(|attempt| attempt.assignment_id == id).cloned().collect();
        let project: Vec<&OfStudent> = projects.iter().filter(|of| of.project.assignment_id == id).collect();
        let of = points.get(&id).copied().unwrap_or(0);
        let supposed =
            query.get(&format!("what-if.{id}")).and_then(|text| points::parse(text)).filter(|points| *points <= of);
        let phase = standing.phase(now);
        let (row, earned) = row(standing, &own, &project, of, supposed, phase, &view);
        let class = standing.assignment.class_id;
        if classes.last().is_none_or(|(id, ..)| *id != class) && !classes.iter().any(|(id, ..)| *id == class) {
            let marks = ClassMarks {
                name: standing.class_name.clone(),
                rows: Vec::new(),
                total: String::new(),
                per_cent: 0,
                supposed: None,
            };
            classes.push((class, Sums::default(), marks));
        }
        let Some((_, sums, marks)) = classes.iter_mut().find(|(id, ..)| *id == class) else { continue };
        sums.add(earned, of, supposed, phase == crate::rules::Phase::Closed);
        marks.rows.push(row);
    }
    let classes: Vec<ClassMarks> =
        classes.into_iter().map(|(_, sums, marks)| sums.write(marks, view.language())).collect();
    let supposed = classes.iter().any(|class| class.supposed.is_some());
    view.page("marks/show.html", "account", MarksPage { classes, supposed })
}

/// Points of a class so far: of what was handed in or is closed.
#[derive(Default)]
struct Sums {
    earned: i64,
    of: i64,
    supposed: i64,
    supposed_of: i64,
    is_supposed: bool,
}

impl Sums {
    fn add(&mut self, earned: Option<i64>, of: i64, supposed: Option<i64>, closed: bool) {
        if earned.is_some() || closed {
            self.earned += earned.unwrap_or(0);
            self.of += of;
        }
        if earned.is_some() || closed || supposed.is_some() {
            self.supposed += supposed.or(earned).unwrap_or(0);
            self.supposed_of += of;
        }
        self.is_supposed |= supposed.is_some();
    }

    fn write(self, mut marks: ClassMarks, language: crate::i18n::Language) -> ClassMarks {
        marks.total = of_points(Some(self.earned), self.of, language);
        marks.per_cent = marks::per_cent(self.earned, self.of);
        marks.supposed = self.is_supposed.then(|| {
            let total = of_points(Some(self.supposed), self.supposed_of, language);
            (total, marks::per_cent(self.supposed, self.supposed_of))
        });
        marks
    }
}

fn row(
    standing: &Standing,
    attempts: &[Attempt],
    projects: &[&OfStudent],
    of: i64,
    supposed: Option<i64>,
    phase: crate::rules::Phase,
    view: &View,
) -> (Row, Option<i64>) {
    let rules = &standing.assignment.rules;
    let shows_points = rules.reveals_verdicts(phase);
    let earned = attempt::earned(attempts);
    let counting = marks::counting(rules.counting, &earned).filter(|_| shows_points);
    let project: Option<i64> =
        projects.iter().filter_map(|project| project.points()).reduce(|sum, points| sum + points);
    let total = match (counting, project.filter(|_| shows_points)) {
        (None, None) => None,
        (attempt, project) => Some(attempt.map_or(0, Earned::total) + project.unwrap_or(0)),
    };
    let formula = counting.map(|attempt| Formula {
        number: attempt.number,
        blanks: points::exact(attempt.blanks_points),
        essays: (attempt.essays_points > 0).then(|| points::exact(attempt.essays_points)),
        late_per_cent: attempt.late_per_cent,
        project: project.map(points::exact),
        total: points::exact(total.unwrap_or(0)),
    });
    let row = Row {
        id: standing.assignment.id,
        title: standing.assignment.title.clone(),
        rule: rules.counting,
        several: rules.attempts_allowed != Some(1),
        points: total.map(|total| of_points(Some(total), of, view.language())),
        of: of_points(None, of, view.language()),
        most: points::exact(of),
        formula,
        shares: projects.iter().filter(|_| shows_points).filter_map(|project| share(view, project)).collect(),
        attempts: history(standing, attempts, shows_points),
        waiting: counting.map_or(0, |attempt| attempt.waiting),
        supposed: supposed.map(points::exact),
        open: phase.takes_work() || phase == crate::rules::Phase::NotOpen,
    };
    (row, total)
}
