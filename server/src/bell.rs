//! Rings the bell: hands in what was typed and not handed in when an assignment closes. Runs on every node; the database
//! decides who was first, and ringing twice changes nothing.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::app::App;
use crate::error::Result;
use crate::marking;
use crate::rules::{Extension, GRACE};
use crate::store::assignment::{self, Form, Kind, Standing};
use crate::store::attempt::bell::{self, Collected, Due, Open};
use crate::store::attempt::{self, Text};

/// A body whose head arrived in time may still be on its way.
const SLACK: TimeDelta = TimeDelta::seconds(5);
/// Attempts handed in by one write: other writers wait no longer than this takes.
const AT_ONCE: usize = 50;

/// Looks every second until told to stop.
pub async fn run(app: App, stop: CancellationToken) {
    loop {
        if let Err(error) = ring(&app).await {
            tracing::error!(%error, "the bell could not be rung; it is tried again");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
        }
    }
}

/// Rings every bell that is due, and says how many attempts it handed in.
pub async fn ring(app: &App) -> Result<usize> {
    let mut handed_in = 0;
    for due in bell::due(&app.db, app.clock.now() - GRACE - SLACK).await? {
        handed_in += ring_one(app, due).await?;
    }
    Ok(handed_in)
}

async fn ring_one(app: &App, due: Due) -> Result<usize> {
    let now = app.clock.now();
    let person = due.person_id.unwrap_or_default();
    let Some(standing) = assignment::standing(&app.db, due.assignment_id, person).await? else { return Ok(0) };
    let has_passed = |closes: Option<DateTime<Utc>>| closes.is_some_and(|closes| now > closes + GRACE + SLACK);
    if !has_passed(standing.times.closes_at) {
        return Ok(0);
    }
    let open: Vec<Open> = bell::open(&app.db, due)
        .await?
        .into_iter()
        .filter(|open| has_passed(times_of(&standing, open).closes_at))
        .collect();
    let mut handed_in = 0;
    if !open.is_empty() {
        let form = app.forms.find(&app.db, &standing.assignment).await?;
        let collected = collect(app, &standing, &form, open).await?;
        handed_in = collected.len();
        for batch in collected.chunks(AT_ONCE) {
            bell::collect(&app.db, due.assignment_id, batch.to_vec()).await?;
        }
    }
    bell::rung(&app.db, due, now).await?;
    Ok(handed_in)
}

/// The times for the student of an open attempt.
fn times_of(standing: &Standing, open: &Open) -> crate::rules::Times {
    let moved = open.extension_due_at.is_some() || open.extension_closes_at.is_some();
    let extension = Extension { due_at: open.extension_due_at, closes_at: open.extension_closes_at };
    standing.assignment.rules.times(moved.then_some(extension))
}

/// Marks what was typed in each open attempt. One in which nothing was typed stays open.
async fn collect(app: &App, standing: &Standing, form: &Form, open: Vec<Open>) -> Result<Vec<Collected>> {
    let id = standing.assignment.id;
    let has_texts = form.texts().next().is_some();
    let with_files: HashSet<Uuid> = match has_texts {
        true => bell::with_new_files(&app.db, id).await?.into_iter().collect(),
        false => HashSet::new(),
    };
    let operators: HashSet<Uuid> = match form.questions.iter().any(|question| question.kind == Kind::Project) {
        true => {
            attempt::operators(&app.db, standing.assignment.class_id).await?.into_iter().map(|(id, _)| id).collect()
        }
        false => HashSet::new(),
    };
    let mut fields: HashMap<Uuid, HashMap<Uuid, String>> = HashMap::new();
    let mut touched = with_files;
    let mut typed = bell::typed(&app.db, id).await?;
    // What was typed in the attempt itself comes last and replaces what it started from.
    typed.sort_by_key(|typed| typed.own);
    for typed in typed {
        if typed.own && !typed.text.trim().is_empty() {
            touched.insert(typed.attempt_id);
        }
        fields.entry(typed.attempt_id).or_default().insert(typed.field, typed.text);
    }
    let collected = open.into_iter().filter(|open| touched.contains(&open.id)).filter_map(|open| {
        let times = times_of(standing, &open);
        let closes_at = times.closes_at?;
        let texts_of = fields.get(&open.id);
        let text = |field: Uuid| texts_of.and_then(|fields| fields.get(&field)).cloned().unwrap_or_default();
        Some(Collected {
            closes_at,
            late_per_cent: standing.assignment.rules.late_per_cent(&times, closes_at, standing.zone),
            marked: marking::mark(form, text),
            texts: form
                .texts()
                .filter(|question| question.kind == Kind::Essay || operators.contains(&open.person_id))
                .map(|question| Text {
                    question_id: question.id,
                    text: text(question.id),
                    project: question.kind == Kind::Project,
                })
                .collect(),
            open,
        })
    });
    Ok(collected.collect())
}
