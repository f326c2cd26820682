//! A class's public account through a semester: the server, the channel in its worker and the simulated platform, each
//! over real HTTP. What the channel knows is held against what really happened.
//! `cargo test -p tests --test integration -- plugin::semester --ignored`

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use plugin_loader::file;
use rehearsal::{CrowdOptions, Fault, Mode, Options, Outcome, Rehearsal, Stamps, Tier, Wave, Way};
use server::plugins::State;
use server::store::plugin::setting::{self, Change};
use server::store::plugin::{self, File};
use sqlx::Connection;
use tests::{Database, binary};

use super::stage::*;

const KEY: &str = "cmVoZWFyc2FsLW9mLWEtY2xhc3MtYWNjb3VudC0wMDF";

/// A class whose account is connected with a simulated platform.
struct Semester {
    site: Site,
    platform: Rehearsal,
    _folder: tempfile::TempDir,
}

impl Semester {
    async fn begin(tier: Tier, mode: Mode, seed: u64) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let library = folder.path().join("wechat.so");
        std::fs::copy(binary::plugin("wechat"), &library).expect("the channel is built");
        let searched = folder.path().to_owned();
        let site = Site::start_with(Database::Sqlite, move |config| {
            config.plugins = vec![searched];
            config.plugin_worker = Some(binary::server());
        })
        .await
        .expect("SQLite is built in");
        let class = site.classroom(1).await;
        let mut options = Options { tier, mode, seed, crowd: crowd(tier), ..Options::default() };
        options.begin = Some(site.app.clock.now());
        options.stamps = Stamps::Simulated;
        options.retry_pause = Duration::from_millis(20);
        options.account.aes_key = Some(KEY.to_owned());
        let account = options.account.clone();
        let platform = Rehearsal::start(options).await.expect("a free port");

        enable_library(&site, &library, &class).await;
        let set = |name: &str, value: &str, is_secret: bool| Change {
            name: name.into(),
            value: Some(json!(value)),
            is_secret,
        };
        let (db, now) = (&site.app.db, site.app.clock.now());
        let server = vec![set("api_server", &platform.url(), false)];
        setting::set(db, class.actor(), "wechat", None, server, now).await.expect("set for the site");
        let mut own = vec![
            set("app_id", &account.appid, false),
            set("app_secret", &account.secret, true),
            set("token", &account.token, true),
            set("aes_key", KEY, true),
        ];
        own.push(Change { name: "encrypted_only".into(), value: Some(json!(mode == Mode::Safe)), is_secret: false });
        setting::set(db, class.actor(), "wechat", Some(class.class.id), own, now).await.expect("set for the class");
        site.app.plugins.nudge();
        let end = Instant::now() + Duration::from_secs(20);
        while site.app.plugins.status("wechat").is_none_or(|status| status.state != State::Ready) {
            assert!(Instant::now() < end, "the channel does not start");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let callback = format!("{}/classes/{}/tools/wechat/callback", site.base, class.class.id);
        platform.set_callback(&callback).expect("an address");
        platform.verify().await.unwrap_or_else(|problem| panic!("{callback}: {problem}"));
        Self { site, platform, _folder: folder }
    }

    /// Days pass; the server's clock is at the end of each while it is lived.
    async fn live(&self, days: usize) {
        for _ in 0..days {
            self.site.app.clock.set(self.platform.now() + TimeDelta::days(1));
            self.platform.live(TimeDelta::days(1)).await;
        }
    }

    /// What the channel knows: the names of those who follow, and how many messages of theirs it keeps.
    async fn known(&self) -> (BTreeSet<String>, i64) {
        let file = self.site.folder().join("plugins/wechat.db");
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file).read_only(true);
        let mut tables = sqlx::sqlite::SqliteConnection::connect_with(&options).await.expect("the channel's tables");
        let names: Vec<String> =
            sqlx::query_scalar("select openid from follower").fetch_all(&mut tables).await.expect("followers");
        let messages = sqlx::query_scalar("select count(*) from message").fetch_one(&mut tables).await;
        let known: BTreeSet<_> = names.iter().cloned().collect();
        assert_eq!(known.len(), names.len(), "nobody is there twice");
        (known, messages.expect("messages"))
    }

    /// Nothing is lost and nothing doubled.
    async fn agrees(&self) {
        let truth = self.platform.truth();
        let lost: Vec<_> = truth
            .letters
            .iter()
            .filter(|letter| !matches!(letter.outcome, Outcome::Replied | Outcome::Taken))
            .collect();
        assert!(lost.is_empty(), "{} of {}: {:?}", lost.len(), truth.letters.len(), lost[0]);
        let wrong: Vec<_> = truth.letters.iter().filter_map(|letter| letter.problem.as_ref()).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
        let stays: BTreeMap<_, _> = truth
            .followers
            .iter()
            .filter(|follower| follower.following)
            .map(|follower| (follower.openid.clone(), follower.stays[follower.stays.len() - 1].from))
            .collect();
        // Whoever left is forgotten, with what they wrote.
        let written = truth.letters.iter().filter(|letter| {
            let stay = letter.openid.as_ref().and_then(|openid| stays.get(openid));
            letter.message.is_some() && stay.is_some_and(|from| letter.at >= *from)
        });
        let (known, messages) = self.known().await;
        assert_eq!(known, stays.keys().cloned().collect());
        assert_eq!(messages, written.count() as i64);
        assert!(messages > 20 && truth.following > 20, "{messages} {}", truth.following);
    }
}

async fn enable_library(site: &Site, library: &Path, class: &Classroom) {
    let read = file::read(library).expect("a plugin");
    let used = File { version: read.manifest.version.clone(), sha256: read.sha256 };
    let (db, now) = (&site.app.db, site.app.clock.now());
    plugin::enable(db, None, &read.manifest, used, now).await.expect("it is enabled");
    plugin::class::add(db, class.actor(), class.class.id, "wechat", now).await.expect("the class takes it");
}

fn crowd(tier: Tier) -> CrowdOptions {
    let scenes = if tier == Tier::F { vec!["stu_01".to_owned(), "stu_02".to_owned()] } else { Vec::new() };
    let claim_words = vec!["A01".to_owned(), "A02".to_owned()];
    CrowdOptions { arrivals_per_day: 3.0, scenes, claim_words, cheaters: 0.08, ..CrowdOptions::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "about a minute on a quiet machine"]
async fn a_semester_of_faults_adds_up_all_the_same() {
    let semester = Semester::begin(Tier::S, Mode::Safe, 4).await;
    for fault in [
        Fault::Duplicates,
        Fault::ThreeAtOnce,
        Fault::Reordered,
        Fault::TokensInvalid,
        Fault::ServerErrors,
        Fault::Busy,
    ] {
        semester.platform.break_down(fault);
        semester.platform.wave(Wave { people: 10, way: Way::Search, hours: 8.0, publication: None });
        semester.live(10).await;
        semester.platform.mend();
        semester.live(4).await;
    }
    semester.agrees().await;
    semester.site.stop().await;
}
