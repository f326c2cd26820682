//! What each student brought: first follows only, of followers who are still there, and certain after seven days.

pub mod desk;
mod flag;

use std::collections::BTreeMap;

use plugin_sdk::prelude::*;

pub use flag::{Flag, flags};

/// A follower counts for certain when they have stayed so long.
pub const VESTS: TimeDelta = TimeDelta::days(7);

/// What a student brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Came by the student's QR code and stayed.
    pub by_scene: i64,
    /// Named the student's claim word and stayed.
    pub by_word: i64,
    /// Declared by the student and accepted by a teacher, seven days ago or more.
    pub declared: i64,
    /// There, but not for seven days yet.
    pub waiting: i64,
    /// Have left.
    pub gone: i64,
    /// Have left within three days.
    pub gone_soon: i64,
    /// What a teacher added or took off.
    pub corrected: i64,
    /// Whether the student has named an account of their own.
    pub has_own_account: bool,
}

/// Where all followers since the connection came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// By a QR code.
    pub by_scene: i64,
    /// By a claim word.
    pub by_word: i64,
    /// The class's own accounts.
    pub own: i64,
    /// Had followed before.
    pub again: i64,
    /// Nobody knows.
    pub unknown: i64,
}

impl Tally {
    /// What counts.
    pub fn vested(&self) -> i64 {
        (self.by_scene + self.by_word + self.declared + self.corrected).max(0)
    }

    /// All who ever came by a code or a word.
    pub fn ever(&self) -> i64 {
        self.by_scene + self.by_word + self.waiting + self.gone
    }
}

/// What every student brought who brought anything.
pub fn tallies(host: &Host) -> Result<BTreeMap<Uuid, Tally>> {
    let (class, now) = (host.class()?.id, host.now());
    let mut tallies: BTreeMap<Uuid, Tally> = BTreeMap::new();
    let claimed = host.query(
        "select c.person_id, c.way, count(*) as present, count(case when f.gained_at <= $2 then 1 end) as vested
         from claim c join follower f on f.class_id = c.class_id and f.follower = c.follower
         where c.class_id = $1 and not f.again and c.at <= f.claim_until
             and not exists (select 1 from own_account o where o.class_id = c.class_id and o.follower = c.follower)
         group by c.person_id, c.way",
        params![class, now - VESTS],
    )?;
    for row in claimed.iter() {
        let tally = tallies.entry(row.get("person_id")?).or_default();
        let (present, vested): (i64, i64) = (row.get("present")?, row.get("vested")?);
        tally.waiting += present - vested;
        match row.get::<String>("way")?.as_str() {
            "scene" => tally.by_scene += vested,
            _ => tally.by_word += vested,
        }
    }
    let gone = host.query(
        "select person_id, sum(gone) as gone, sum(gone_soon) as gone_soon from departure where class_id = $1 group by person_id",
        params![class],
    )?;
    for row in gone.iter() {
        let tally = tallies.entry(row.get("person_id")?).or_default();
        (tally.gone, tally.gone_soon) = (row.get("gone")?, row.get("gone_soon")?);
    }
    let declared = host.query(
        "select person_id, sum(followers) as followers from declaration
         where class_id = $1 and state = 'accepted' and day <= $2 group by person_id",
        params![class, (host.today() - VESTS).to_string()],
    )?;
    for row in declared.iter() {
        tallies.entry(row.get("person_id")?).or_default().declared = row.get("followers")?;
    }
    let corrected = host.query(
        "select person_id, sum(followers) as followers from correction where class_id = $1 group by person_id",
        params![class],
    )?;
    for row in corrected.iter() {
        tallies.entry(row.get("person_id")?).or_default().corrected = row.get("followers")?;
    }
    let own = host.query("select distinct person_id from own_account where class_id = $1", params![class])?;
    for person in own.column("person_id")? {
        tallies.entry(person).or_default().has_own_account = true;
    }
    Ok(tallies)
}

/// Where the followers came from who are there now.
pub fn origin(host: &Host) -> Result<Origin> {
    let counted = host.query(
        "select count(*) as followers,
             count(case when o.follower is not null then 1 end) as own,
             count(case when o.follower is null and f.again then 1 end) as again,
             count(case when o.follower is null and not f.again and c.at <= f.claim_until and c.way = 'scene' then 1 end) as by_scene,
             count(case when o.follower is null and not f.again and c.at <= f.claim_until and c.way = 'word' then 1 end) as by_word
         from follower f
         left join claim c on c.class_id = f.class_id and c.follower = f.follower
         left join own_account o on o.class_id = f.class_id and o.follower = f.follower
         where f.class_id = $1",
        params![host.class()?.id],
    )?;
    let Some(row) = counted.first() else { return Ok(Origin::default()) };
    let (followers, own, again): (i64, i64, i64) = (row.get("followers")?, row.get("own")?, row.get("again")?);
    let (by_scene, by_word): (i64, i64) = (row.get("by_scene")?, row.get("by_word")?);
    Ok(Origin { by_scene, by_word, own, again, unknown: followers - own - again - by_scene - by_word })
}

/// Facts for the gradebook.
pub fn facts(host: &Host) -> Result<Facts> {
    let mut students: BTreeMap<Uuid, StudentFacts> = BTreeMap::new();
    let empty = |person| StudentFacts { person, values: plugin_sdk::serde_json::Map::new() };
    for (person, tally) in tallies(host)? {
        let facts = students.entry(person).or_insert_with(|| empty(person));
        facts.values.insert("credited".to_owned(), tally.vested().into());
    }
    for (person, days) in crate::reading::entered(host)? {
        let facts = students.entry(person).or_insert_with(|| empty(person));
        facts.values.insert("entered".to_owned(), days.into());
    }
    Ok(Facts { students: students.into_values().collect() })
}
