//! The callback under what happens to it: everything three times at once, and a database that is down for a while.
//! `COURSE_TESTS_CASES=10000` is the long run.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use rehearsal::{Content, Fault, Mode, Tier, Way as Come};
use sqlx::Connection as _;
use tests::Database;

use super::class::{CHANNEL, INBOX, Semester, Way};
use super::log::{Log, logged};
use super::{CALLBACK, number};

/// Who does something at the same time; each is one person after another.
const LANES: usize = 8;

/// What one person after another does, at random.
async fn lives(semester: &Semester, lane: usize, cases: usize) -> usize {
    let mut dice = ChaCha8Rng::seed_from_u64(lane as u64);
    let (platform, mut person, mut done) = (&semester.platform, None, 0);
    while done < cases {
        let told = match person {
            None => {
                let (new, told) = platform.join(Come::Search).await.expect("a new person");
                person = Some(new);
                Ok(told)
            }
            Some(who) => match dice.random_range(0..20) {
                0..12 => platform.say(who, &format!("第{done}件想问的事，{lane}")).await,
                12 => platform.say(who, "查").await,
                13 => platform.say(who, "A011").await,
                14 => platform.send(who, Content::Image { picture: "http://a/1".into(), media: "m".into() }).await,
                15 => platform.click(who, "投稿").await,
                16 => platform.locate(who, 31.0, 121.0).await,
                _ => {
                    person = None;
                    platform.leave(who).await
                }
            },
        };
        let told = told.expect("they may");
        assert_eq!((told.problem, told.repeats.len()), (None, 2), "all three were answered alike");
        done += 1;
        // Two events of the same kind, person and second would be one to everybody.
        platform.skip(chrono::TimeDelta::seconds(1));
    }
    done
}

async fn three_at_once(database: Database, way: Way, log: Log) {
    let began = Instant::now();
    let cases = number("COURSE_TESTS_CASES", 240);
    let Some(semester) = Semester::begin(database, way, 9, &log).await else { return };
    semester.platform.break_down(Fault::ThreeAtOnce);
    let done: usize = join_all((0..LANES).map(|lane| lives(&semester, lane, cases / LANES))).await.into_iter().sum();
    semester.quiet().await;
    semester.channel_agrees().await;
    semester.days_agree().await;
    let (tables, letters) = (semester.tables(CHANNEL).await, semester.platform.truth().letters.len() as i64);
    let rows = tables.number("select count(*) from delivery").await;
    let thrice = tables.number("select count(*) from delivery where repeats = 2 and answered_at is not null").await;
    assert_eq!((rows, thrice, done as i64), (letters, letters, letters), "one row each, with both repeats");
    println!(
        "{database:?}: {done} cases, each three times at once, in {:?}: one row and one reply each",
        began.elapsed()
    );
    semester.site.stop().await;
}

const SAFE: Way = Way { tier: Tier::U, mode: Mode::Safe, ..CALLBACK };

#[test]
fn everything_three_times_at_once_is_one_sqlite() {
    logged(|log| three_at_once(Database::Sqlite, SAFE, log));
}

#[test]
fn everything_three_times_at_once_is_one_postgres() {
    logged(|log| three_at_once(Database::Postgres, CALLBACK, log));
}

/// A database that does not answer: of SQLite the channel's file is held by somebody else, PostgreSQL takes no
/// connection.
enum Down {
    Sqlite(sqlx::SqliteConnection),
    Postgres(sqlx::PgConnection, String),
}

impl Down {
    async fn begin(semester: &Semester, database: Database) -> Self {
        if database == Database::Sqlite {
            let file = semester.site.folder().join("plugins/wechat.db");
            let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
            let mut lock = sqlx::SqliteConnection::connect_with(&options).await.expect("the channel's tables");
            sqlx::query("begin exclusive").execute(&mut lock).await.expect("nobody writes");
            return Self::Sqlite(lock);
        }
        let (server, name) = semester.site.database_url.rsplit_once('/').expect("an address with a name");
        let mut other = sqlx::PgConnection::connect(&format!("{server}/postgres")).await.expect("the server answers");
        for sql in [
            format!("alter database {name} with allow_connections false"),
            format!("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"),
        ] {
            sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut other).await.expect("it is done");
        }
        Self::Postgres(other, name.to_owned())
    }

    async fn end(self) {
        match self {
            Self::Sqlite(mut lock) => drop(sqlx::query("rollback").execute(&mut lock).await.expect("it is let go")),
            Self::Postgres(mut other, name) => {
                let sql = format!("alter database {name} with allow_connections true");
                sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut other).await.expect("it is done");
            }
        }
    }
}

async fn down_for_a_while(database: Database, log: Log) {
    let Some(semester) = Semester::begin(database, CALLBACK, 10, &log).await else { return };
    let (person, _) = semester.platform.join(Come::Search).await.expect("a new person");
    semester.quiet().await;
    let down = Down::begin(&semester, database).await;
    let told = async {
        let told = join_all((0..5).map(|n| semester.platform.say(person, ["一", "二", "三", "四", "五"][n]))).await;
        told.into_iter().map(|told| told.expect("they follow")).collect::<Vec<_>>()
    };
    let begin = log.text().len();
    let up = async {
        let end = Instant::now() + Duration::from_secs(30);
        // A call that fails is in the log of the channel or of the server; others there may suffer, too (the bell).
        let refused = |line: &str| line.contains("failed") && line.contains("/tools/wechat/callback");
        while !log.text()[begin..].lines().any(refused) && failed(&semester) == 0 {
            assert!(Instant::now() < end, "the calls do not fail: {}", &log.text()[begin..]);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        down.end().await;
    };
    let (told, ()) = tokio::join!(told, up);
    // What could not be kept was no answer, so the platform asked again.
    let is_failed = |status: &Option<u16>| matches!(status, Some(500..=504));
    let first: Vec<_> = told.iter().map(|one| one.tries[0].status).collect();
    assert!(first.iter().any(is_failed) && first.iter().all(|one| is_failed(one) || *one == Some(200)), "{first:?}");
    for one in &told {
        assert_eq!((one.tries.last().and_then(|last| last.status), &one.problem), (Some(200), &None), "{one:?}");
    }
    semester.quiet().await;
    semester.channel_agrees().await;
    let taken = "select count(*) from message where author = 'follower'";
    assert_eq!(semester.tables(INBOX).await.number(taken).await, 5);
    semester.site.stop().await;
}

/// Calls that the channel could not keep.
fn failed(semester: &Semester) -> usize {
    let lines = semester.site.app.plugins.log(CHANNEL, 50);
    lines.iter().filter(|line| line.text.contains("could not be kept")).count()
}

#[test]
fn what_comes_while_the_database_is_down_is_kept_when_it_is_repeated_sqlite() {
    logged(|log| down_for_a_while(Database::Sqlite, log));
}

#[test]
fn what_comes_while_the_database_is_down_is_kept_when_it_is_repeated_postgres() {
    logged(|log| down_for_a_while(Database::Postgres, log));
}
