//! The demo class: one teacher, 50 students, three chapters' assignments, and answers as plausible and as imperfect as half a
//! semester leaves them. Everything goes through the functions that pages use, at the times it would have happened.

mod answers;
mod half_semester;
mod inquiries;
pub mod room;
mod texts;
pub mod tools;

use std::collections::HashMap;

use anyhow::{Context, Result};
use chrono::{DateTime, Datelike, TimeDelta, Utc};
use grader::Language;
use grader::assignment::Share;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::app::App;
use crate::importing::{self, Importer, Refused};
use crate::marking;
use crate::roster_file::Row;
use crate::rules::Rules;
use crate::store::assignment::{Form, Kind};
use crate::store::attempt::{self, HandIn, Place, Text};
use crate::store::class::{self, Class, Settings};
use crate::store::draft::{self, Field};
use crate::store::mark::{self, NewMark};
use crate::store::person::{self, Actor, NewPerson, Role};
use crate::store::review::{self, Decide};
use crate::store::{assignment, give, post, roster};
use crate::{execute, passwords, regrade};
use answers::Student;

/// The course of the demo class.
const COURSE: &str = "network-marketing";
/// Students in the class.
const STUDENTS: usize = 50;

/// How to sign in to a demo class.
#[derive(Debug, Serialize, Deserialize)]
pub struct Logins {
    /// The teacher's login.
    pub teacher: String,
    /// The administrator's login.
    pub administrator: String,
    /// The first student's login.
    pub first_student: String,
    /// The last student's login.
    pub last_student: String,
    /// Everybody's password, made for this demo.
    pub password: String,
}

/// One assignment of the semester: chapter, days from founding the class to opening, due and closing.
struct Week {
    chapter: &'static str,
    opens: i64,
    due: i64,
    closes: i64,
    /// How many in a hundred handed in.
    diligence: u32,
}

const WEEKS: [Week; 3] = [
    Week { chapter: "marketing-basics", opens: 7, due: 14, closes: 16, diligence: 96 },
    Week { chapter: "content-planning", opens: 28, due: 35, closes: 37, diligence: 92 },
    Week { chapter: "wechat-platform", opens: 50, due: 60, closes: 63, diligence: 68 },
];
/// Days from founding the class to today.
const TODAY: i64 = 56;

/// Fills an empty database with the demo class.
pub async fn fill(app: &App) -> Result<Logins> {
    let now = app.clock.now();
    let founded = morning(now - TimeDelta::days(TODAY));
    let password = passphrase();
    let hash = passwords::turn().await?.hash(password.clone()).await?;
    create(app, "admin", "管理员", Role::Administrator, &hash, founded).await?;
    let teacher = create(app, "teacher", "教师 A", Role::Teacher, &hash, founded).await?;
    let actor = Actor { id: teacher, address: "127.0.0.1".into() };
    let class = found_class(app, &actor, founded).await?;
    let students = enrol(app, &actor, &class, &hash, founded).await?;
    post::give(&app.db, actor.clone(), class.id, students[2].id, "operator".into(), founded).await?;

    let mut dice = StdRng::seed_from_u64(2601);
    for week in &WEEKS {
        let opens = founded + TimeDelta::days(week.opens);
        let id = assign(app, &actor, &class, week, founded).await?;
        let found = assignment::find(&app.db, id).await?.context("the assignment was just imported")?;
        let form = app.forms.find(&app.db, &found).await?;
        let rules = found.rules.clone();
        for student in &students {
            if dice.random_range(0..100) >= week.diligence {
                if week.closes > TODAY && dice.random_bool(0.6) {
                    write_draft(app, &class, id, &form, student, now, &mut dice).await?;
                }
                continue;
            }
            let last = now.min(evening(founded, week.closes));
            let at = arrival(&mut dice, opens, evening(founded, week.due), last);
            hand_in(app, &class, id, &form, &rules, student, 1, at, &mut dice).await?;
            let again = at + TimeDelta::minutes(dice.random_range(5..600));
            if dice.random_bool(0.2) && again < last {
                hand_in(app, &class, id, &form, &rules, &student.wiser(), 2, again, &mut dice).await?;
            }
        }
        if week.closes < TODAY {
            settle_marks(app, &actor, &class, founded + TimeDelta::days(week.closes + 1), &mut dice).await?;
        }
    }
    mark_essays(app, &actor, &class, now, &mut dice).await?;
    inquiries::ask(app, &class, &actor, &students, now).await?;
    Ok(Logins {
        teacher: "teacher".into(),
        administrator: "admin".into(),
        first_student: number(1),
        last_student: number(STUDENTS),
        password,
    })
}

async fn create(app: &App, login: &str, name: &str, role: Role, hash: &str, at: DateTime<Utc>) -> Result<Uuid> {
    let new = NewPerson { login: login.into(), name: name.into(), role, password_hash: Some(hash.into()) };
    Ok(person::create(&app.db, new, at).await?)
}

async fn found_class(app: &App, actor: &Actor, at: DateTime<Utc>) -> Result<Class> {
    let season = if (3..=7).contains(&at.month()) { "春" } else { "秋" };
    let settings = Settings {
        course: COURSE.into(),
        name: "营销 2601 班".into(),
        term: format!("{} {season}", at.year()),
        join_rule: "roster".into(),
        time_zone: "Asia/Shanghai".into(),
    };
    let id = class::create(&app.db, actor.clone(), settings, at).await?;
    class::find(&app.db, id).await?.context("the class was just founded")
}

async fn enrol(app: &App, actor: &Actor, class: &Class, hash: &str, at: DateTime<Utc>) -> Result<Vec<Student>> {
    let rows: Vec<Row> = (1..=STUDENTS)
        .map(|index| Row { row: index as u32 + 1, number: number(index), name: format!("学生 {index:02}") })
        .collect();
    let (base, _) = roster::preview(&app.db, class.id, &rows).await?;
    let agreed = roster::Agreed { base, ..roster::Agreed::default() };
    roster::apply(&app.db, actor.clone(), class.id, rows, agreed, at).await?;
    let entries = roster::entries(&app.db, class.id).await?;
    let ids: Vec<Uuid> = entries.iter().map(|entry| entry.person_id).collect();
    let (hash, to_activate) = (hash.to_owned(), ids.clone());
    // All but the last two have activated their accounts.
    app.db
        .write(move |tx| {
            Box::pin(async move {
                for id in &to_activate[..STUDENTS - 2] {
                    execute!(tx, "update person set password_hash = $2 where id = $1", id, &hash)?;
                }
                Ok(())
            })
        })
        .await?;
    let mut dice = StdRng::seed_from_u64(50);
    Ok(ids.into_iter().map(|id| Student { id, skill: dice.random_range(0.55..0.98) }).collect())
}

async fn assign(app: &App, actor: &Actor, class: &Class, week: &Week, founded: DateTime<Utc>) -> Result<Uuid> {
    let source = app
        .content
        .exercises_file(COURSE, week.chapter)
        .with_context(|| format!("the exercises of {COURSE}/{} cannot be read", week.chapter))?;
    let importer = Importer { person_id: actor.id, address: actor.address.clone() };
    let imported = importing::apply(app, class, source, None, &HashMap::new(), importer, Language::Chinese)
        .await
        .map_err(|refused| match refused {
            Refused::File(problems) => anyhow::anyhow!("the exercises of {} have mistakes: {problems:?}", week.chapter),
            Refused::Other(error) => error.into(),
        })?;
    let rules = Rules {
        opens_at: Some(founded + TimeDelta::days(week.opens)),
        due_at: Some(evening(founded, week.due)),
        closes_at: Some(evening(founded, week.closes)),
        attempts_allowed: Some(3),
        late_per_day: Some(10),
        late_floor: 50,
        show_verdicts: true,
        ..Rules::default()
    };
    let id = imported.assignment_id;
    let seen = give::find(&app.db, class.id, id).await?.context("the assignment was just imported")?;
    let at = founded + TimeDelta::days(week.opens - 1);
    give::give(&app.db, actor.clone(), class.id, id, rules, seen.assignment.updated_at, at).await?;
    Ok(id)
}

/// Eight in the morning of a day in Shanghai.
fn morning(day: DateTime<Utc>) -> DateTime<Utc> {
    let midnight = day.with_timezone(&chrono_tz::Asia::Shanghai).date_naive().and_time(chrono::NaiveTime::MIN);
    // Midnight there is eight hours before midnight UTC.
    midnight.and_utc()
}

/// Ten in the evening, so many days after a morning.
fn evening(morning: DateTime<Utc>, days: i64) -> DateTime<Utc> {
    morning + TimeDelta::days(days) + TimeDelta::hours(14)
}

/// Most hand in on the last two days, some late.
fn arrival(dice: &mut StdRng, opens: DateTime<Utc>, due: DateTime<Utc>, last: DateTime<Utc>) -> DateTime<Utc> {
    let before = dice.random_range(0.0_f64..1.0).powi(3);
    let span = (due - opens).num_seconds() as f64;
    let mut at = due - TimeDelta::seconds((before * span) as i64);
    if dice.random_bool(0.06) {
        at = due + TimeDelta::minutes(dice.random_range(3..2_000));
    }
    // A few hours of the day nobody works.
    at.min(last - TimeDelta::minutes(dice.random_range(1..300))).max(opens + TimeDelta::minutes(5))
}

#[allow(clippy::too_many_arguments)]
async fn hand_in(
    app: &App,
    class: &Class,
    assignment_id: Uuid,
    form: &Form,
    rules: &Rules,
    student: &Student,
    number: i64,
    arrived: DateTime<Utc>,
    dice: &mut StdRng,
) -> Result<()> {
    let written = answers::write(form, student, dice);
    let marked = marking::mark(form, |blank| written.get(&blank).cloned().unwrap_or_default());
    let zone = crate::rules::zone(&class.time_zone);
    let texts = form
        .questions
        .iter()
        .filter(|question| question.kind == Kind::Essay)
        .map(|question| Text {
            question_id: question.id,
            text: texts::essay(dice, student.skill).to_owned(),
            project: false,
        })
        .collect();
    let hand_in = HandIn {
        place: place(class, assignment_id, student, number),
        key: Uuid::now_v7().to_string(),
        arrived,
        late_per_cent: rules.late_per_cent(&rules.times(None), arrived, zone),
        marked,
        texts,
    };
    attempt::hand_in(&app.db, hand_in).await?;
    Ok(())
}

/// Somebody who has begun and not handed in.
async fn write_draft(
    app: &App,
    class: &Class,
    assignment_id: Uuid,
    form: &Form,
    student: &Student,
    now: DateTime<Utc>,
    dice: &mut StdRng,
) -> Result<()> {
    let written = answers::write(form, student, dice);
    let fields: Vec<Field> = form
        .blanks()
        .take(dice.random_range(3..15))
        .filter_map(|blank| Some((blank.id, written.get(&blank.id)?.clone())))
        .enumerate()
        .map(|(index, (field, text))| Field { field, text, sequence: now.timestamp_millis() + index as i64 })
        .collect();
    let at = now - TimeDelta::minutes(dice.random_range(20..2_000));
    draft::save(&app.db, place(class, assignment_id, student, 1), fields, false, at).await?;
    Ok(())
}

fn place(class: &Class, assignment_id: Uuid, student: &Student, number: i64) -> Place {
    Place { class_id: class.id, assignment_id, person_id: student.id, number, attempts_allowed: Some(3) }
}

/// After closing the teacher settles most of what waited.
async fn settle_marks(app: &App, actor: &Actor, class: &Class, at: DateTime<Utc>, dice: &mut StdRng) -> Result<()> {
    for cluster in review::waiting(&app.db, class.id).await? {
        if dice.random_bool(0.25) {
            continue;
        }
        let decide = Decide {
            class_id: class.id,
            blank_id: cluster.blank_id,
            normal_form: cluster.normal_form,
            sample: cluster.sample,
            share: if dice.random_bool(0.3) { Share::WHOLE } else { Share::NONE },
            seen: cluster.key_version,
        };
        // A decision on another blank of the same order-free group may have come before this one; the next look shows it.
        if review::decide(&app.db, actor.clone(), decide, at).await.is_ok() {
            regrade::assignment(app, cluster.assignment_id).await?;
        }
    }
    Ok(())
}

async fn mark_essays(app: &App, actor: &Actor, class: &Class, now: DateTime<Utc>, dice: &mut StdRng) -> Result<()> {
    for pile in mark::piles(&app.db, class.id, None).await? {
        for hand_in in pile.hand_ins.iter().filter(|hand_in| hand_in.points.is_none()) {
            if dice.random_bool(0.45) {
                continue;
            }
            let tenths = dice.random_range(6..=10);
            let new = NewMark {
                class_id: class.id,
                question_id: pile.question.id,
                attempt_id: hand_in.attempt_id,
                points: pile.question.points * tenths / 10,
                comment: texts::comment(tenths).to_owned(),
                seen: None,
            };
            mark::give(&app.db, actor.clone(), new, now - TimeDelta::hours(3)).await?;
        }
    }
    Ok(())
}

fn number(index: usize) -> String {
    format!("202601{index:02}")
}

/// A password that is easy to type and made for this demo alone.
fn passphrase() -> String {
    const SYLLABLES: [&str; 16] =
        ["ba", "de", "fo", "gu", "ha", "ke", "li", "mo", "na", "pe", "ro", "sa", "ti", "wu", "xi", "ye"];
    let mut dice = rand::rng();
    let word = |dice: &mut rand::rngs::ThreadRng| -> String {
        (0..3).map(|_| SYLLABLES[dice.random_range(0..SYLLABLES.len())]).collect()
    };
    format!("{}-{}", word(&mut dice), word(&mut dice))
}
