//! A class's public account through a semester: the server, the channel and the three tools in their workers and the
//! simulated platform, each over real HTTP, while the platform has faults and workers are killed at work. What the tools
//! know is held against what really happened. A few days in each tier; `COURSE_TESTS_DAYS=112` is a whole semester:
//! `COURSE_TESTS_DAYS=112 cargo test -p tests --test integration -- plugin::semester --nocapture --test-threads 1`

mod agreement;
mod archive;
mod cases;
mod class;
mod duty;
mod kills;
mod log;
mod pages;
mod tables;
mod traces;
mod typed;

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use rehearsal::{CrowdOptions, Fault, Format, Mode, Tier, Wave, Way as Come};
use tests::Database;

use super::running::number;
use class::{Semester, Way};
use duty::Done;
use kills::Kills;
use log::{Log, logged};
use typed::Typed;

/// What goes wrong, a day each.
const FAULTS: [Option<Fault>; 9] = [
    Some(Fault::Duplicates),
    Some(Fault::ThreeAtOnce),
    Some(Fault::Reordered),
    Some(Fault::TokensInvalid),
    None,
    Some(Fault::ServerErrors),
    Some(Fault::Busy),
    Some(Fault::Refused),
    Some(Fault::Slow(Duration::from_millis(150))),
];
/// Days of the short form: each fault once.
const SHORT: usize = 9;

impl Semester {
    /// A day passes, a few hours at a time; the server's clock is at the end of each while they are lived.
    async fn live_day(&self, steps: i32, done: &mut Done) {
        for _ in 0..steps {
            let step = TimeDelta::days(1) / steps;
            self.move_to(self.platform.now() + step);
            self.platform.live(step).await;
            self.duty(done).await;
        }
    }
}

async fn semester(database: Database, way: Way, seed: u64, log: Log) {
    let (began, days) = (Instant::now(), number("COURSE_TESTS_DAYS", SHORT));
    let Some(semester) = Semester::begin(database, way, seed, &log).await else { return };
    semester.plan(days as i64 + 2).await;
    let words = semester.words().await;
    let claim_words = if way.tier == Tier::F { Vec::new() } else { words.clone() };
    let crowd = CrowdOptions { arrivals_per_day: 3.0, claim_words, cheaters: 0.08, ..CrowdOptions::default() };
    semester.platform.set_crowd(crowd);
    let kills = Kills::begin(&semester.site.app.plugins);
    let (mut done, mut slowest) = (Done::default(), 0);
    for day in 0..days {
        let fault = FAULTS[day % FAULTS.len()];
        if let Some(fault) = fault {
            semester.platform.break_down(fault);
        }
        if day % 3 == 0 {
            semester.platform.wave(Wave { people: 8, way: Come::Search, hours: 8.0, publication: None });
        }
        if way.tier >= Tier::S && day % 8 == 4 {
            semester.platform.publish("本周的好文章").await.expect("one a day may go out");
        }
        // Whoever is overtaken waits for a second one, so that day is lived in few steps.
        semester.live_day(if fault == Some(Fault::Reordered) { 2 } else { 8 }, &mut done).await;
        semester.platform.mend();
        semester.run_jobs().await;
        if day % 14 == 4 {
            slowest = slowest.max(semester.forgets(&mut done).await);
        }
    }
    semester.quiet().await;
    let killed = kills.end().await;
    semester.ready().await;
    // What did not reach a follower at the very end is told a minute later.
    semester.move_to(semester.platform.now() + TimeDelta::minutes(2));
    semester.run_jobs().await;
    semester.quiet().await;
    semester.channel_agrees().await;
    semester.days_agree().await;
    let credited = semester.credit_agrees(&words).await;
    let questions = semester.inbox_agrees().await;
    let (reached, twice, late) = semester.answers_agree(&done).await;
    semester.duty_agrees(&done).await;
    let publications = semester.publications_agree().await;
    let gone = semester.has_forgotten_all().await;
    let truth = semester.platform.truth();
    assert!(
        questions > days && truth.following > days && gone > 0 && reached > 0 && killed > days / 2,
        "too little happened"
    );
    println!(
        "tier {}, {database:?}, {days} days in {:?}: {} letters, {} follow, {gone} left and are forgotten within {slowest} s, \
         {questions} questions, {} answered, {reached} read it, {twice} twice, {late} a message late, {credited} credited, {publications} publications, \
         {} shifts kept, {killed} workers killed",
        way.tier.letter(),
        began.elapsed(),
        truth.letters.len(),
        truth.following,
        done.answers.len(),
        done.kept.len(),
    );
    semester.site.stop().await;
}

/// Nothing is connected: everything is typed, imported and copied by hand.
async fn typed_semester(log: Log) {
    let (began, days) = (Instant::now(), number("COURSE_TESTS_DAYS", SHORT));
    let Some(semester) = Semester::begin(Database::Sqlite, NOTHING, 3, &log).await else { return };
    semester.plan(days as i64 + 2).await;
    let words = semester.words().await;
    let crowd = CrowdOptions { arrivals_per_day: 3.0, claim_words: words.clone(), ..CrowdOptions::default() };
    semester.platform.set_crowd(crowd);
    let kills = Kills::begin(&semester.site.app.plugins);
    let (mut done, mut typed) = (Done::default(), Typed::default());
    for _ in 0..days {
        semester.live_day(4, &mut done).await;
        semester.type_day(&words, &mut typed).await;
        semester.duty(&mut done).await;
        semester.copy().await;
    }
    semester.import().await;
    let killed = kills.end().await;
    semester.ready().await;
    semester.duty_agrees(&done).await;
    semester.typed_agrees(&typed, &done).await;
    assert!(killed > days / 2, "too little happened");
    println!(
        "tier 0, {days} days in {:?}: {typed}, {} answered by hand, {} shifts kept, {killed} workers killed",
        began.elapsed(),
        done.answers.len(),
        done.kept.len(),
    );
    semester.site.stop().await;
}

const NOTHING: Way = Way { tier: Tier::Zero, mode: Mode::Plain, format: Format::Xml, departure_days: 0 };
const CALLBACK: Way = Way { tier: Tier::U, mode: Mode::Plain, format: Format::Xml, departure_days: 0 };
const SUBSCRIPTION: Way = Way { tier: Tier::S, mode: Mode::Compat, format: Format::Json, departure_days: 7 };
const SERVICE: Way = Way { tier: Tier::F, mode: Mode::Safe, format: Format::Xml, departure_days: 3 };

#[test]
fn an_account_without_a_connection_through_a_semester() {
    logged(typed_semester);
}

#[test]
fn an_unverified_account_through_a_semester() {
    logged(|log| semester(Database::Sqlite, CALLBACK, 4, log));
}

#[test]
fn the_same_on_postgres() {
    logged(|log| semester(Database::Postgres, CALLBACK, 5, log));
}

#[test]
fn a_verified_account_through_a_semester() {
    logged(|log| semester(Database::Sqlite, SUBSCRIPTION, 6, log));
}

#[test]
fn a_service_account_through_a_semester() {
    logged(|log| semester(Database::Sqlite, SERVICE, 7, log));
}
