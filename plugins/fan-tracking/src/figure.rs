//! A day's figures in the plugin's table.

use plugin_sdk::chrono::NaiveDate;
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

/// Figures that somebody typed in.
const TYPED: &str = "typed";

/// What happened on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Day.
    pub day: NaiveDate,
    /// Who came.
    pub gained: i64,
    /// Who left.
    pub lost: i64,
    /// How many there were at its end.
    pub total: i64,
}

/// Figures, and where they are from.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The figures.
    pub figure: Figure,
    /// Where they come from.
    pub source: String,
    /// Who entered them.
    pub person: Option<Uuid>,
    /// When.
    pub at: DateTime<Utc>,
}

impl Figure {
    /// Those who came without those who left.
    pub fn net(&self) -> i64 {
        self.gained - self.lost
    }
}

/// What is known from a day to another, the latest first.
pub fn between(host: &Host, first: NaiveDate, last: NaiveDate) -> Result<Vec<Recorded>> {
    let table = host.query(
        "select day, gained, lost, total, source, person_id, at from figure
         where class_id = $1 and day between $2 and $3 order by day desc",
        params![host.class()?.id, first.to_string(), last.to_string()],
    )?;
    table.iter().map(read).collect()
}

/// The last day of which something is known.
pub fn latest(host: &Host) -> Result<Option<Figure>> {
    let table = host.query(
        "select day, gained, lost, total, source, person_id, at from figure
         where class_id = $1 order by day desc limit 1",
        params![host.class()?.id],
    )?;
    table.first().map(|row| read(row).map(|recorded| recorded.figure)).transpose()
}

/// Keeps a day's figures, in place of those it had, and tells other tools.
pub fn record(host: &Host, figure: &Figure) -> Result<()> {
    let Figure { day, gained, lost, total } = *figure;
    host.batch()
        .add(
            "insert into figure (class_id, day, gained, lost, total, source, person_id, at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict (class_id, day) do update set gained = excluded.gained, lost = excluded.lost,
                 total = excluded.total, source = excluded.source, person_id = excluded.person_id, at = excluded.at",
            params![host.class()?.id, day.to_string(), gained, lost, total, TYPED, host.person()?.id, host.now()],
        )
        .emit("fans.recorded", json!({ "day": day.to_string(), "gained": gained, "lost": lost, "total": total }))
        .run()?;
    Ok(())
}

/// How many days each person has entered.
pub fn facts(host: &Host) -> Result<Facts> {
    let table = host.query(
        "select person_id, count(*) as days from figure
         where class_id = $1 and person_id is not null group by person_id",
        params![host.class()?.id],
    )?;
    let one = |row: Row<'_>| {
        let days: Value = row.get::<i64>("days")?.into();
        Ok(StudentFacts { person: row.get("person_id")?, values: [("entered".to_owned(), days)].into_iter().collect() })
    };
    Ok(Facts { students: table.iter().map(one).collect::<Result<_>>()? })
}

fn read(row: Row<'_>) -> Result<Recorded> {
    let day: String = row.get("day")?;
    Ok(Recorded {
        figure: Figure {
            day: day.parse()?,
            gained: row.get("gained")?,
            lost: row.get("lost")?,
            total: row.get("total")?,
        },
        source: row.get("source")?,
        person: row.get("person_id")?,
        at: row.get("at")?,
    })
}
