//! What each source says of a day: the platform's own figures, files of the back office, people, events as they happen.

use plugin_sdk::chrono::NaiveDate;
use plugin_sdk::prelude::*;

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
    for row in live.iter() {
        readings.push(read(row, Source::Live, None)?);
    }
    readings.sort_by_key(|reading| (reading.day, reading.source));
    Ok(readings)
}

/// What the files say that were imported and not undone: of several for a day, the latest.
pub fn imported(host: &Host) -> Result<Vec<Reading>> {
    let rows = host.query(
        "select d.day, d.gained, d.lost, d.total, u.person_id, u.at
         from upload_day d join upload u on u.id = d.upload_id
         where u.class_id = $1 and u.state = 'done' order by d.day, u.at, u.id",
        params![host.class()?.id],
    )?;
    let mut readings: Vec<Reading> = Vec::new();
    for row in rows.iter() {
        let reading = read(row, Source::Import, row.get("at")?)?;
        if readings.last().is_some_and(|before| before.day == reading.day) {
            readings.pop();
        }
        readings.push(reading);
    }
    Ok(readings)
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
            "insert into reading (class_id, day, source, gained, lost, total, person_id, at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict (class_id, day, source) do update set gained = excluded.gained, lost = excluded.lost,
                 total = excluded.total, person_id = excluded.person_id, at = excluded.at",
            params![class, day.to_string(), source.name(), gained, lost, total, person, host.now()],
        )
        .emit("fans.recorded", json!({ "day": day.to_string(), "gained": gained, "lost": lost, "total": total }))
        .run()?;
    Ok(true)
}

/// How many days each person has entered.
pub fn entered(host: &Host) -> Result<Vec<(Uuid, i64)>> {
    let table = host.query(
        "select person_id, count(*) as days from reading
         where class_id = $1 and source = 'typed' and person_id is not null group by person_id",
        params![host.class()?.id],
    )?;
    table.iter().map(|row| Ok((row.get("person_id")?, row.get("days")?))).collect()
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
