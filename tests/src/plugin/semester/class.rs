//! A class with the channel and the three tools, each in its worker, and an account on the simulated platform.

use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use plugin_loader::file;
use plugin_protocol::op::{Facts, Op};
use rehearsal::{CrowdOptions, Format, Mode, Options, Rehearsal, Stamps, Tier};
use serde_json::{Value, json};
use server::clock::Clock;
use server::plugins::context::{self, Parts};
use server::plugins::host::Host;
use server::plugins::{Scope, State, jobs};
use server::store::person::Person;
use server::store::plugin::setting::{self, Change};
use server::store::plugin::{self, File, delivery};
use tests::{Classroom, Client, Database, Site};

use super::log::Log;
use super::tables::Tables;

pub const CHANNEL: &str = "wechat";
pub const FANS: &str = "fan-tracking";
pub const ROTA: &str = "duty-rota";
pub const INBOX: &str = "qa-inbox";
/// All four.
pub const TOOLS: [&str; 4] = [CHANNEL, FANS, ROTA, INBOX];

const KEY: &str = "cmVoZWFyc2FsLW9mLWEtY2xhc3MtYWNjb3VudC0wMDF";

/// How an account is connected.
#[derive(Clone, Copy)]
pub struct Way {
    pub tier: Tier,
    pub mode: Mode,
    pub format: Format,
    /// Days for which somebody who left is recognised.
    pub departure_days: i64,
}

/// A class whose account is connected with a simulated platform.
pub struct Semester {
    pub site: Site,
    pub class: Classroom,
    pub platform: Rehearsal,
    pub way: Way,
    pub log: Log,
    clock: Arc<Mutex<Clock>>,
    _folder: tempfile::TempDir,
}

impl Semester {
    /// Connects a class; `None` where the database is not installed.
    pub async fn begin(database: Database, way: Way, seed: u64, log: &Log) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let site = Site::start_with_plugins(database, folder.path(), &TOOLS).await?;
        let class = site.classroom(6).await;
        let mut options = Options { tier: way.tier, mode: way.mode, format: way.format, seed, ..Options::default() };
        options.begin = Some(site.app.clock.now());
        options.stamps = Stamps::Simulated;
        options.crowd = CrowdOptions { arrivals_per_day: 0.0, ..CrowdOptions::default() };
        options.retry_pause = Duration::from_millis(300);
        options.account.aes_key = Some(KEY.to_owned());
        let account = options.account.clone();
        let platform = Rehearsal::start(options).await.expect("a free port");
        let clock = Arc::new(Mutex::new(site.app.clock.clone()));
        tokio::spawn(run(Arc::downgrade(&clock)));
        let semester = Self { site, class, platform, way, log: log.clone(), clock, _folder: folder };
        for id in TOOLS {
            semester.enable(id).await;
        }
        let for_site = vec![set("api_server", json!(semester.platform.url()), false)];
        semester.set(CHANNEL, false, for_site).await;
        let own = vec![
            set("app_id", json!(account.appid), false),
            set("app_secret", json!(account.secret), true),
            set("token", json!(account.token), true),
            set("aes_key", json!(KEY), true),
            set("encrypted_only", json!(way.mode == Mode::Safe), false),
            set("departure_days", json!(way.departure_days), false),
        ];
        semester.set(CHANNEL, true, own).await;
        semester.set(ROTA, true, vec![set("posts", json!("chief"), false)]).await;
        semester.ready().await;
        if way.tier != Tier::Zero {
            semester.connect().await;
        }
        Some(semester)
    }

    /// Moves the server's clock on, which runs by itself besides; it never goes back.
    pub fn move_to(&self, at: DateTime<Utc>) {
        let clock = self.clock.lock().expect("nobody panics with the clock");
        clock.set(clock.now().max(at));
    }

    async fn enable(&self, id: &str) {
        let read = file::read(&self._folder.path().join(format!("{id}.so"))).expect("a plugin");
        let used = File { version: read.manifest.version.clone(), sha256: read.sha256 };
        let (db, now) = (&self.site.app.db, self.site.app.clock.now());
        plugin::enable(db, None, &read.manifest, used, now).await.expect("it is enabled");
        plugin::class::add(db, self.class.actor(), self.class.class.id, id, now).await.expect("the class takes it");
        self.site.app.plugins.nudge();
    }

    async fn set(&self, id: &str, of_class: bool, changes: Vec<Change>) {
        let class = of_class.then_some(self.class.class.id);
        let (db, now) = (&self.site.app.db, self.site.app.clock.now());
        setting::set(db, self.class.actor(), id, class, changes, now).await.expect("it is set");
    }

    /// Waits until every tool runs.
    pub async fn ready(&self) {
        let end = Instant::now() + Duration::from_secs(60);
        for id in TOOLS {
            loop {
                let status = self.site.app.plugins.status(id);
                if status.as_ref().is_some_and(|status| status.state == State::Ready) {
                    break;
                }
                assert!(Instant::now() < end, "{id} does not run: {:?}", status.map(|s| (s.state, s.reason)));
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
    }

    async fn connect(&self) {
        let callback = format!("{}{}", self.site.base, self.address(CHANNEL, "/callback"));
        self.platform.set_callback(&callback).expect("an address");
        self.platform.verify().await.unwrap_or_else(|problem| panic!("{callback}: {problem}"));
        self.client(&self.class.teacher).await.post(&self.address(CHANNEL, "/account/probe"), &[]).await.expect(303);
        let found = self.tables(CHANNEL).await.texts("select tier from account").await;
        assert_eq!(found, [self.way.tier.letter()], "the tier that the platform has");
    }

    /// A page of a tool.
    pub fn address(&self, id: &str, rest: &str) -> String {
        format!("/classes/{}/tools/{id}{rest}", self.class.class.id)
    }

    /// Somebody's browser; a session does not last a semester.
    pub async fn client(&self, person: &Person) -> Client {
        self.site.signed_in(person).await
    }

    pub fn host(&self) -> Host {
        Host::new((&self.site.app).into(), &self.site.app.plugins)
    }

    pub async fn tables(&self, id: &str) -> Tables {
        Tables::of(&self.host(), id).await
    }

    /// Runs the jobs that are due.
    pub async fn run_jobs(&self) {
        jobs::run_due(&self.host()).await.expect("the database answers");
    }

    /// Waits until all events have been heard.
    pub async fn quiet(&self) {
        let (mut end, mut before, db) = (Instant::now(), i64::MAX, &self.site.app.db);
        loop {
            let mut waiting = self.tables(CHANNEL).await.outbox().await as i64;
            for id in TOOLS {
                let (due, dead) = delivery::counts(db, id).await.expect("counts");
                assert_eq!(dead, 0, "{id} gave events up: {:?}", delivery::dead(db, id, 3).await);
                waiting += due;
            }
            if waiting == 0 {
                return;
            }
            if waiting < before {
                (end, before) = (Instant::now() + Duration::from_secs(60), waiting);
            }
            assert!(Instant::now() < end, "{waiting} events are not heard");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// What a tool counts for the gradebook, of each student.
    pub async fn facts(&self, id: &str, name: &str) -> Vec<i64> {
        let status = self.site.app.plugins.status(id).expect("it is known");
        let parts = Parts::from(&self.site.app);
        let context = context::of_nobody(&parts, &status.manifest, Some(self.class.class.id)).await;
        let scope = Scope::new(context.expect("the class is there"), Duration::from_secs(20)).idempotent();
        let facts: Facts = self.site.app.plugins.ask(id, Op::Facts, scope, ()).await.expect("the facts");
        let of = |person: &Person| {
            let found = facts.students.iter().find(|one| one.person == person.id);
            found.and_then(|one| one.values.get(name)?.as_i64()).unwrap_or(0)
        };
        self.class.students.iter().map(of).collect()
    }
}

/// Lets the server's clock run as fast as a real one, from wherever it was moved to.
async fn run(clock: Weak<Mutex<Clock>>) {
    let mut last = Instant::now();
    while let Some(clock) = clock.upgrade() {
        let now = Instant::now();
        let passed = chrono::TimeDelta::from_std(now - last).expect("a moment");
        // The clock counts whole milliseconds.
        if passed.num_milliseconds() > 0 {
            let clock = clock.lock().expect("nobody panics with the clock");
            clock.set(clock.now() + passed);
            last = now;
        }
        drop(clock);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn set(name: &str, value: Value, is_secret: bool) -> Change {
    Change { name: name.into(), value: Some(value), is_secret }
}
