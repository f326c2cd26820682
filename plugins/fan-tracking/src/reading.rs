//! What each source says of a day: the platform's own figures, files of the back office, people, events as they happen.

use std::collections::{BTreeMap, BTreeSet};

use plugin_sdk::chrono::{Days, NaiveDate};
use plugin_sdk::prelude::*;

/// How long after its day figures are entered in time.
const IN_TIME: TimeDelta = TimeDelta::days(3);
/// After so many days without any event it is not known whether the account is still connected.
const QUIET: u64 = 7;

/// Where figures come from. The order is that of trust: of several, the first counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The platform's data interface.
    Channel,
    /// A file of the back office.
    Import,
    /// Somebody typed them.
    Typed,
    /// Events counted as they came.
    Live,
}

/// What happened on a day, as a source says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Who came.
    pub gained: i64,
    /// Who left.
    pub lost: i64,
    /// How many there were at its end, if the source knows.
    pub total: Option<i64>,
}

/// Figures, and where they are from.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Day.
    pub day: NaiveDate,
    /// Where they are from.
    pub source: Source,
    /// The figures.
    pub figure: Figure,
    /// Who entered or imported them.
    pub person: Option<Uuid>,
    /// When they were taken; none for events, which are counted at every moment.
    pub at: Option<DateTime<Utc>>,
}

impl Source {
    /// Its name in the table.
    pub const fn name(self) -> &'static str {
        match self {
            Source::Channel => "channel",
            Source::Import => "import",
            Source::Typed => "typed",
            Source::Live => "live",
        }
    }
}

impl Figure {
    /// Those who came without those who left.
    pub fn net(&self) -> i64 {
        self.gained - self.lost
    }

    /// Whether both say the same, as far as both say something.
    pub fn agrees(&self, other: &Figure) -> bool {
        let totals = self.total.zip(other.total);
        self.gained == other.gained && self.lost == other.lost && totals.is_none_or(|(one, other)| one == other)
    }
}

/// Everything that is known, by day, the most trusted source of a day first.
pub fn all(host: &Host) -> Result<Vec<Reading>> {
    let class = host.class()?.id;
    let mut readings = Vec::new();
    let kept = host.query(
        "select day, source, gained, lost, total, person_id, at from reading where class_id = $1",
        params![class],
    )?;
    for row in kept.iter() {
        let source =
            if row.get::<String>("source")? == Source::Channel.name() { Source::Channel } else { Source::Typed };
        readings.push(read(row, source, row.get("at")?)?);
    }
    readings.extend(imported(host)?);
    let live = host.query(
        "select day, sum(gained) as gained, sum(lost) as lost, null as total, null as person_id
         from live_hour where class_id = $1 group by day",
        params![class],
    )?;
    let mut counted = live.iter().map(|row| read(row, Source::Live, None)).collect::<Result<Vec<_>>>()?;
    counted.sort_by_key(|reading| reading.day);
    add_quiet(&mut counted, host.today());
    readings.extend(counted);
    // What was typed before its day was over says less than the events of the whole day.
    let is_early = |reading: &Reading| {
        reading.source == Source::Typed && reading.at.is_some_and(|at| host.day_of(at) <= reading.day)
    };
    readings.sort_by_key(|reading| (reading.day, is_early(reading), reading.source));
    Ok(readings)
}

/// Adds days on which nothing happened between those on which something did, and after them for a while.
fn add_quiet(counted: &mut Vec<Reading>, today: NaiveDate) {
    let Some((first, last)) = counted.first().zip(counted.last()).map(|(first, last)| (first.day, last.day)) else {
        return;
    };
    let until = (last + Days::new(QUIET)).min(today - Days::new(1)).max(last);
    let known: BTreeSet<NaiveDate> = counted.iter().map(|reading| reading.day).collect();
    let quiet = first.iter_days().take_while(|day| *day <= until).filter(|day| !known.contains(day));
    counted.extend(quiet.map(|day| Reading {
        day,
        source: Source::Live,
        figure: Figure { gained: 0, lost: 0, total: None },
        person: None,
        at: None,
    }));
}

/// What the files say that were imported and not undone: of several for a day, the latest.
pub fn imported(host: &Host) -> Result<Vec<Reading>> {
    let rows = host.query(
        "select day, gained, lost, total, person_id, at from (
             select d.day, d.gained, d.lost, d.total, u.person_id, u.at,
                 row_number() over (partition by d.day order by u.at desc, u.id desc) as place
             from upload_day d join upload u on u.id = d.upload_id
             where u.class_id = $1 and u.state = 'done') as latest
         where place = 1 order by day",
        params![host.class()?.id],
    )?;
    rows.iter().map(|row| read(row, Source::Import, row.get("at")?)).collect()
}

/// Whether the platform's own figures are there of any day.
pub fn has_channel(host: &Host) -> Result<bool> {
    let sql = "select 1 as found from reading where class_id = $1 and source = 'channel' limit 1";
    Ok(!host.query(sql, params![host.class()?.id])?.is_empty())
}

/// Takes back what was typed for a day; false when there is nothing.
pub fn take_back(host: &Host, day: NaiveDate) -> Result<bool> {
    let sql = "delete from reading where class_id = $1 and day = $2 and source = 'typed'";
    Ok(host.exec(sql, params![host.class()?.id, day.to_string()])? > 0)
}

/// Keeps what a source says of a day in place of what it said, and tells other tools. Said again, nothing changes: the
/// first who said it stays, and nobody is told. Returns whether anything changed.
pub fn record(host: &Host, day: NaiveDate, source: Source, figure: &Figure) -> Result<bool> {
    let class = host.class()?.id;
    let known = host.query(
        "select day, gained, lost, total, person_id from reading where class_id = $1 and day = $2 and source = $3",
        params![class, day.to_string(), source.name()],
    )?;
    let known = known.first().map(|row| read(row, source, None)).transpose()?;
    if known.is_some_and(|known| known.figure == *figure) {
        return Ok(false);
    }
    let person = host.context().person.as_ref().map(|person| person.id);
    let Figure { gained, lost, total } = *figure;
    host.batch()
        .add(
            "insert into reading (class_id, day, source, gained, lost, total, person_id, at, entered_by, entered_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $7, $8)
             on conflict (class_id, day, source) do update set gained = excluded.gained, lost = excluded.lost,
                 total = excluded.total, person_id = excluded.person_id, at = excluded.at",
            params![class, day.to_string(), source.name(), gained, lost, total, person, host.now()],
        )
        .emit("fans.recorded", json!({ "day": day.to_string(), "gained": gained, "lost": lost, "total": total }))
        .run()?;
    Ok(true)
}

/// How many days each person was the first to enter, within [`IN_TIME`]; of days that are long over nobody needs to.
pub fn entered(host: &Host) -> Result<Vec<(Uuid, i64)>> {
    let table = host.query(
        "select day, entered_by, entered_at from reading
         where class_id = $1 and source = 'typed' and entered_by is not null and entered_at is not null",
        params![host.class()?.id],
    )?;
    let mut days: BTreeMap<Uuid, i64> = BTreeMap::new();
    for row in table.iter() {
        let (on, entered): (NaiveDate, _) =
            (row.get::<String>("day")?.parse()?, host.day_of(row.get::<DateTime<Utc>>("entered_at")?));
        let count = days.entry(row.get("entered_by")?).or_default();
        *count += i64::from(on >= entered - IN_TIME);
    }
    Ok(days.into_iter().filter(|(_, days)| *days > 0).collect())
}

fn read(row: Row<'_>, source: Source, at: Option<DateTime<Utc>>) -> Result<Reading> {
    let day: String = row.get("day")?;
    Ok(Reading {
        day: day.parse()?,
        source,
        figure: Figure { gained: row.get("gained")?, lost: row.get("lost")?, total: row.get("total")? },
        person: row.get("person_id")?,
        at,
    })
}
