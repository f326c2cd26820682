//! What the callback of a public account costs: `cargo bench -p tests --bench account`; `COURSE_BENCH_RATE` is another
//! number of callbacks a second.
//!
//! The simulated platform tells of messages, follows and departures, so many a second whatever the answers, encrypted, over
//! real HTTP; the channel and the three tools run in their workers and answer. Client and server share the machine.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use plugin_loader::file;
use rehearsal::{Delivered, Mode, Options, Rehearsal, Tier, Way};
use serde_json::json;
use server::plugins::State;
use server::store::plugin::setting::{self, Change};
use server::store::plugin::{self, File};
use tests::{Classroom, Database, Site};

const TOOLS: [&str; 4] = ["wechat", "fan-tracking", "duty-rota", "qa-inbox"];
const KEY: &str = "cmVoZWFyc2FsLW9mLWEtY2xhc3MtYWNjb3VudC0wMDF";
/// Requests a second, where nothing else is asked for. PostgreSQL is one program more on the same processors, and there the
/// callbacks of one account wait for one another: with two processors it ends at about 150.
fn rate(database: Database) -> u32 {
    let asked = std::env::var("COURSE_BENCH_RATE").ok().and_then(|rate| rate.parse().ok());
    asked.unwrap_or(if database == Database::Sqlite { 200 } else { 100 })
}

const SPAN: Duration = Duration::from_secs(30);
/// Followers at the beginning.
const FOLLOWERS: usize = 200;
/// The platform waits so long.
const LIMIT: Duration = Duration::from_secs(5);

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        for database in [Database::Sqlite, Database::Postgres] {
            run(database).await;
        }
    });
}

async fn run(database: Database) {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(site) = Site::start_with_plugins(database, folder.path(), &TOOLS).await else { return };
    let class = site.classroom(6).await;
    let mut options = Options { tier: Tier::U, mode: Mode::Safe, answer_limit: LIMIT, ..Options::default() };
    options.account.aes_key = Some(KEY.to_owned());
    let account = options.account.clone();
    let platform = Rehearsal::start(options).await.expect("a free port");
    for id in TOOLS {
        enable(&site, &class, folder.path(), id).await;
    }
    let own = [("app_id", account.appid, false), ("token", account.token, true), ("aes_key", KEY.to_owned(), true)];
    let change = |(name, value, is_secret): (&str, String, bool)| Change {
        name: name.into(),
        value: Some(json!(value)),
        is_secret,
    };
    let (db, now) = (&site.app.db, site.app.clock.now());
    let for_site = vec![change(("api_server", platform.url(), false))];
    setting::set(db, class.actor(), "wechat", None, for_site, now).await.expect("it is set");
    let own = own.map(change).to_vec();
    setting::set(db, class.actor(), "wechat", Some(class.class.id), own, now).await.expect("it is set");
    for id in TOOLS {
        while site.app.plugins.status(id).is_none_or(|status| status.state != State::Ready) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    let callback = format!("{}/classes/{}/tools/wechat/callback", site.base, class.class.id);
    platform.set_callback(&callback).expect("an address");
    platform.verify().await.expect("it is connected");
    let mut people = Vec::new();
    for _ in 0..FOLLOWERS {
        let (person, told) = platform.join(Way::Search).await.expect("a new person");
        assert_eq!(told.problem, None);
        people.push(person);
    }
    measure(database, &platform, &people, folder.path()).await;
    site.stop().await;
}

async fn enable(site: &Site, class: &Classroom, folder: &Path, id: &str) {
    let read = file::read(&folder.join(format!("{id}.so"))).expect("a plugin");
    let used = File { version: read.manifest.version.clone(), sha256: read.sha256 };
    let (db, now) = (&site.app.db, site.app.clock.now());
    plugin::enable(db, None, &read.manifest, used, now).await.expect("it is enabled");
    plugin::class::add(db, class.actor(), class.class.id, id, now).await.expect("the class takes it");
    site.app.plugins.nudge();
}

/// Eight of ten write, one comes, one leaves.
async fn measure(database: Database, platform: &Rehearsal, people: &[usize], folder: &Path) {
    let disk = Disk::watch(folder);
    let rate = rate(database);
    let count = rate * u32::try_from(SPAN.as_secs()).expect("a few seconds");
    let began = Instant::now();
    let told = join_all((0..count).map(|number| async move {
        // Each at its moment, whether the ones before have been answered or not.
        tokio::time::sleep_until((began + Duration::from_secs(1) * number / rate).into()).await;
        let place = number as usize;
        match number % 10 {
            8 => platform.join(Way::Search).await.map(|(_, told)| told),
            9 if place / 10 < people.len() / 2 => platform.leave(people[place / 10]).await,
            _ => {
                platform.say(people[people.len() / 2 + place % (people.len() / 2)], &format!("第{number}个问题")).await
            }
        }
    }));
    let told: Vec<Delivered> = told.await.into_iter().map(|told| told.expect("they may")).collect();
    let took = began.elapsed();
    let mut times: Vec<Duration> = told.iter().flat_map(|told| &told.tries).map(|attempt| attempt.took).collect();
    times.sort_unstable();
    let at = |share: f64| milliseconds(&times, share);
    let refused = told.iter().flat_map(|told| &told.tries).filter(|attempt| attempt.status != Some(200)).count();
    let late = times.iter().filter(|time| **time > LIMIT).count();
    let wrong = told.iter().filter(|told| told.problem.is_some()).count();
    println!("{database:?}: {count} callbacks, {:.0} a second", f64::from(count) / took.as_secs_f64());
    println!(
        "  p50 {:.1} ms  p99 {:.1} ms (goal: < 200)  slowest {:.1} ms; {late} over 5 s, {refused} tries not answered, {wrong} wrong",
        at(0.5),
        at(0.99),
        at(1.0)
    );
    println!("  {}", disk.said());
    assert!(wrong == 0 && late == 0, "a callback was not answered as it should be");
    let letters = platform.truth().letters.len();
    assert_eq!(letters, count as usize + people.len(), "everything was told");
}

/// At a share of sorted times.
fn milliseconds(sorted: &[Duration], share: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * share) as usize].as_secs_f64() * 1_000.0
}

/// What the disk takes for a flush of 4 KiB in the same folder meanwhile: whoever waits for a commit waits for it too.
struct Disk {
    done: Arc<AtomicBool>,
    flushes: JoinHandle<Vec<Duration>>,
}

impl Disk {
    fn watch(folder: &Path) -> Self {
        let (done, path) = (Arc::new(AtomicBool::new(false)), folder.join("flushes"));
        let asked = Arc::clone(&done);
        let flushes = std::thread::spawn(move || {
            let mut file = std::fs::File::create(path).expect("a file");
            let mut flushes = Vec::new();
            while !asked.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(20));
                file.write_all(&[0; 4096]).expect("it is written");
                let began = Instant::now();
                file.sync_data().expect("it is flushed");
                flushes.push(began.elapsed());
            }
            flushes.sort_unstable();
            flushes
        });
        Self { done, flushes }
    }

    fn said(self) -> String {
        self.done.store(true, Ordering::Relaxed);
        let flushes = self.flushes.join().expect("the flushes");
        let at = |share| milliseconds(&flushes, share);
        format!(
            "a flush of the disk meanwhile: p50 {:.1} ms  p99 {:.1} ms  slowest {:.1} ms",
            at(0.5),
            at(0.99),
            at(1.0)
        )
    }
}
