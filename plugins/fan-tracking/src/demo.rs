//! Half a semester that looks true, for the demo class: growth with some publications that worked, a connection made on
//! the way, one day on which the sources disagree, students who brought followers. The same every time.

mod growth;

use plugin_sdk::chrono::{Days, NaiveDate, NaiveTime};
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use crate::random::Random;
use crate::{channel, day, live, people, word};
use growth::{Grown, Published};

/// Days before today on which the account was connected; from then on events are counted.
const CONNECTED: u64 = 16;
/// Rows in a statement, and statements in a batch.
const ROWS: usize = 100;
const STATEMENTS: usize = 20;

/// Fills the tables of the class, once.
pub fn fill(host: &Host, input: &Value) -> Result<Value> {
    let date = |name: &str| {
        let read = input[name].as_str().and_then(day::parse);
        read.ok_or_else(|| invalid(format!("\"{name}\" is no day such as 2026-10-12")).at(name))
    };
    let (from, to, today) = (date("from")?, date("to")?, date("today")?);
    let class = host.class()?.id;
    let known = host.query("select count(*) as days from reading where class_id = $1", params![class])?;
    let begun = host.query("select ends from term where class_id = $1", params![class])?;
    if known.value::<i64>()? > 0 || !begun.is_empty() {
        return Ok(json!({ "done": false }));
    }
    let published = published(host, from, today);
    let grown = growth::days(from, today, &published);
    let connected = (today - Days::new(CONNECTED)).max(from);
    figures(host, &grown, connected, today, to)?;
    publications(host, &published)?;
    followers(host, &grown, connected)?;
    desk(host, today)?;
    Ok(json!({ "done": true, "days": grown.len() }))
}

/// What the rota says went out; without it, what such an account would send.
fn published(host: &Host, from: NaiveDate, today: NaiveDate) -> Vec<Published> {
    let rota = channel::rota(host, from, today);
    let slots = rota["publications"].as_array().into_iter().flatten();
    let out = slots.filter(|slot| slot["published_at"].is_string()).filter_map(|slot| {
        let day = slot["date"].as_str().and_then(day::parse).filter(|day| (from..today).contains(day))?;
        Some(Published { day, title: slot["title"].as_str()?.to_owned(), is_of_rota: true })
    });
    let out: Vec<Published> = out.collect();
    if out.len() >= 3 { out } else { growth::own_publications(from, today) }
}

/// Earlier days from a file of the back office, later ones counted, and typed in where a student looked.
fn figures(host: &Host, grown: &[Grown], connected: NaiveDate, today: NaiveDate, to: NaiveDate) -> Result<()> {
    let (class, operator) = (host.class()?.id, operator(host)?);
    let upload = host.new_id();
    let imported = today - Days::new(3);
    let mut batch = host
        .batch()
        .once(format!("demo-figures-{class}"))
        .add("insert into term (class_id, ends) values ($1, $2)", params![class, to.to_string()])
        .add(
            "insert into upload (id, class_id, person_id, at, name, form, state) values ($1, $2, $3, $4, $5, 'html', 'done')",
            params![upload, class, operator, moment(imported, 4 * 3_600), "user_analysis.xls"],
        );
    for (index, day) in grown.iter().enumerate() {
        let (on, is_odd) = (day.day.to_string(), day.day == connected + Days::new(5));
        if day.day < imported {
            batch = batch.add(
                "insert into upload_day (upload_id, class_id, day, gained, lost, net, total) values ($1, $2, $3, $4, $5, $6, $7)",
                params![upload, class, on.as_str(), day.gained, day.lost, day.gained - day.lost, day.total],
            );
        } else if day.day < today {
            batch = batch.add(
                "insert into reading (class_id, day, source, gained, lost, total, person_id, at) values ($1, $2, 'typed', $3, $4, $5, $6, $7)",
                params![class, on.as_str(), day.gained, day.lost, day.total, operator, moment(day.day + Days::new(1), 3_600)],
            );
        }
        if day.day >= connected {
            // On one day the connection was down for a while, and events were missed.
            let missed = if is_odd { 17 } else { 0 };
            for (hour, gained, lost) in growth::hours(day.gained - missed, day.lost, index as u64) {
                batch = batch.add(
                    "insert into live_hour (class_id, day, hour, gained, lost) values ($1, $2, $3, $4, $5)
                     on conflict (class_id, day, hour) do nothing",
                    params![class, on.as_str(), hour, gained, lost],
                );
            }
        }
    }
    batch.run()?;
    Ok(())
}

fn publications(host: &Host, published: &[Published]) -> Result<()> {
    let class = host.class()?.id;
    let mut batch = host.batch().once(format!("demo-publications-{class}"));
    for (index, sent) in published.iter().enumerate().filter(|(_, sent)| !sent.is_of_rota) {
        batch = batch.add(
            "insert into publication (class_id, publication, at, title, recipients) values ($1, $2, $3, $4, null)
             on conflict (class_id, publication) do nothing",
            params![class, format!("demo-{index}"), moment(sent.day, 12 * 3_600), sent.title.as_str()],
        );
    }
    batch.run()?;
    Ok(())
}

/// Those who came since the connection and are still there; one in a dozen says who sent them.
fn followers(host: &Host, grown: &[Grown], connected: NaiveDate) -> Result<()> {
    let class = host.class()?.id;
    let students = people::students(host)?;
    let numbers = word::numbers(host, &students)?;
    let mut random = Random::new(4);
    let (mut followers, mut claims) = (Vec::new(), Vec::new());
    for day in grown.iter().filter(|day| day.day >= connected) {
        for _ in 0..(day.gained - day.lost / 2).max(0) {
            // Ids that no channel gives.
            let id = Uuid::from_u128(class.as_u128() ^ (0xf0_u128 << 120) ^ followers.len() as u128);
            let at = moment(day.day, random.below(14 * 3_600) as i64);
            followers.push(params![class, id, at, at + live::CLAIM, random.below(60) == 0]);
            if random.below(12) == 0 && !numbers.is_empty() {
                // Some students are keener than others.
                let place = random.below(numbers.len()).min(random.below(numbers.len()));
                let way = if random.below(3) == 0 { "scene" } else { "word" };
                claims.push(params![class, id, numbers[place].0, way, at + TimeDelta::minutes(3)]);
            }
        }
    }
    rows(host, "follower", "class_id, follower, gained_at, claim_until, again", followers)?;
    rows(host, "claim", "class_id, follower, person_id, way, at", claims)?;
    let own = |index: usize| Uuid::from_u128(class.as_u128() ^ (0xf1_u128 << 120) ^ index as u128);
    let joined = moment(connected, 0);
    let mut batch = host.batch().once(format!("demo-departures-{class}"));
    for (index, (person, _)) in numbers.iter().enumerate().filter(|(index, _)| index % 3 == 0) {
        batch = batch
            .add(
                "insert into departure (class_id, person_id, day, gone, gone_soon) values ($1, $2, $3, $4, $5)
                 on conflict (class_id, person_id, day) do nothing",
                params![class, *person, connected.to_string(), 1 + (index % 4) as i64, (index % 2) as i64],
            )
            .add(
                "insert into own_account (class_id, follower, person_id) values ($1, $2, $3)
                 on conflict (class_id, follower) do nothing",
                params![class, own(index), *person],
            )
            .add(
                "insert into follower (class_id, follower, gained_at, claim_until, again) values ($1, $2, $3, $4, $5)
                 on conflict (class_id, follower) do nothing",
                params![class, own(index), joined, joined + live::CLAIM, false],
            );
    }
    batch.run()?;
    Ok(())
}

/// Many rows, some in each statement.
fn rows(host: &Host, table: &str, columns: &str, mut rows: Vec<Vec<plugin_sdk::protocol::value::Value>>) -> Result<()> {
    let class = host.class()?.id;
    let width = columns.split(',').count();
    let mut number = 0;
    while !rows.is_empty() {
        let mut batch = host.batch().once(format!("demo-{table}-{class}-{number}"));
        number += 1;
        for _ in 0..STATEMENTS {
            let some: Vec<_> = rows.drain(..rows.len().min(ROWS)).collect();
            if some.is_empty() {
                break;
            }
            let row = |index: usize| {
                let places: Vec<String> = (1..=width).map(|place| format!("${}", index * width + place)).collect();
                format!("({})", places.join(", "))
            };
            let values: Vec<String> = (0..some.len()).map(row).collect();
            let sql = format!("insert into {table} ({columns}) values {} on conflict do nothing", values.join(", "));
            batch = batch.add(&sql, some.into_iter().flatten().collect());
        }
        batch.run()?;
    }
    Ok(())
}

/// Declarations to check, campaigns that were.
fn desk(host: &Host, today: NaiveDate) -> Result<()> {
    let class = host.class()?.id;
    let students = people::students(host)?;
    let operator = operator(host)?;
    let mut batch = host.batch().once(format!("demo-desk-{class}"));
    let declared = [
        (2, 12, 9, "社团招新摊位前，请路过的同学扫码关注", "pending"),
        (5, 20, 14, "在高中同学群里介绍了我们的专栏", "accepted"),
    ];
    for (place, days, followers, note, state) in declared {
        let Some(student) = students.get(place) else { continue };
        let on = today - Days::new(days);
        batch = batch.add(
            "insert into declaration (id, class_id, person_id, day, followers, note, at, state) values ($1, $2, $3, $4, $5, $6, $7, $8)",
            params![host.new_id(), class, student.id, on.to_string(), i64::from(followers), note, moment(on, 13 * 3_600), state],
        );
    }
    for (days, title) in [(24, "社团招新日：摊位海报"), (10, "期中复习资料整理专栏")] {
        let on = today - Days::new(days);
        batch = batch.add(
            "insert into campaign (id, class_id, day, title, person_id, at) values ($1, $2, $3, $4, $5, $6)",
            params![host.new_id(), class, on.to_string(), title, operator, moment(on, 0)],
        );
    }
    batch.run()?;
    Ok(())
}

fn operator(host: &Host) -> Result<Option<Uuid>> {
    let students = people::students(host)?;
    let found = students.iter().find(|person| person.is_operator()).or(students.first());
    Ok(found.map(|person| person.id))
}

/// So many seconds after eight in the morning in China.
fn moment(day: NaiveDate, seconds: i64) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::seconds(seconds)
}
