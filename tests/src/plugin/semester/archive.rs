//! An archived class: the platform goes on calling, and whoever leaves is forgotten.

use chrono::TimeDelta;
use rehearsal::{Seen, Way as Come};
use server::store::class;
use tests::Database;

use super::CALLBACK;
use super::class::{CHANNEL, INBOX, Semester};
use super::log::{Log, logged};

async fn archived(database: Database, log: Log) {
    let Some(semester) = Semester::begin(database, CALLBACK, 8, &log).await else { return };
    let platform = &semester.platform;
    let (stays, _) = platform.join(Come::Search).await.expect("a new person");
    let (leaves, _) = platform.join(Come::Search).await.expect("a new person");
    platform.say(stays, "一直都在的提问").await.expect("they follow");
    platform.say(leaves, "不久就走的提问").await.expect("they follow");
    semester.quiet().await;
    let (site, room) = (&semester.site, &semester.class);
    let now = site.app.clock.now();
    class::set_archived(&site.app.db, room.actor(), room.class.id, true, now).await.expect("it is archived");

    // Nobody answers any more, and nothing is kept of what comes.
    let said = platform.say(stays, "归档以后说的话").await.expect("they follow");
    assert_eq!((said.seen, said.problem), (Seen::Nothing, None));
    let (late, _) = platform.join(Come::Search).await.expect("a new person");
    let left = platform.leave(leaves).await.expect("they follow");
    assert_eq!(left.problem, None);
    semester.quiet().await;
    let gone = [platform.openid(leaves), platform.openid(late)].map(|openid| openid.expect("they are there"));
    let gone = [gone.to_vec(), ["不久就走的提问", "归档以后说的话"].map(str::to_owned).to_vec()].concat();
    assert_eq!(semester.traces(&gone).await, Vec::<String>::new());
    let followers = semester.tables(CHANNEL).await.texts("select openid from follower order by id").await;
    assert_eq!(followers, [platform.openid(stays).expect("they are there")]);
    let questions = semester.tables(INBOX).await.texts("select text from question order by id").await;
    assert_eq!(questions, ["一直都在的提问"], "the record of the class stays");

    // The hash goes after its minute, and everything else is read only.
    assert_eq!(semester.tables(CHANNEL).await.number("select count(*) from departure").await, 1);
    semester.move_to(site.app.clock.now() + TimeDelta::minutes(2));
    semester.run_jobs().await;
    assert_eq!(semester.tables(CHANNEL).await.number("select count(*) from departure").await, 0);
    let teacher = semester.client(&room.teacher).await;
    teacher.post(&semester.address(CHANNEL, "/account/probe"), &[]).await.expect(409);
    teacher.post(&semester.address(INBOX, "/questions"), &[("text", "太晚了")]).await.expect(409);
    semester.site.stop().await;
}

#[test]
fn who_leaves_an_archived_class_is_forgotten_sqlite() {
    logged(|log| archived(Database::Sqlite, log));
}

#[test]
fn who_leaves_an_archived_class_is_forgotten_postgres() {
    logged(|log| archived(Database::Postgres, log));
}
