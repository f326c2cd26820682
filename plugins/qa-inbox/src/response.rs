//! How long followers waited for an answer by a person. Nights, automatic replies and answers nobody waited for are not
//! in it.

use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A wait that ended.
#[derive(Clone, Debug)]
pub struct Wait {
    /// The question; none when its follower has left.
    pub question: Option<Uuid>,
    /// Who answered.
    pub person: Option<Uuid>,
    /// `first`, `next`.
    pub kind: String,
    /// The shift in which it was answered.
    pub day: String,
    /// Seconds of duty the follower waited.
    pub waited: i64,
    /// The seconds of these in the shift that answered.
    pub own: i64,
}

/// The waits that ended between two days, the latest day first.
pub fn between(host: &Host, from: &str, to: &str) -> Result<Vec<Wait>> {
    let table = host.query(
        "select question_id, person_id, kind, day, waited, own from response
         where class_id = $1 and day between $2 and $3 order by day desc, id limit 5000",
        params![host.class()?.id, from, to],
    )?;
    let one = |row: Row<'_>| {
        Ok(Wait {
            question: row.get("question_id")?,
            person: row.get("person_id")?,
            kind: row.get("kind")?,
            day: row.get("day")?,
            waited: row.get("waited")?,
            own: row.get("own")?,
        })
    };
    table.iter().map(one).collect()
}

/// Count, median and 90th percentile of seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    /// How many.
    pub count: usize,
    /// The middle one, or between the two in the middle.
    pub median: i64,
    /// Nine in ten took no longer.
    pub p90: i64,
}

impl Spread {
    /// Of these seconds.
    pub fn of(seconds: impl IntoIterator<Item = i64>) -> Option<Self> {
        let mut sorted: Vec<i64> = seconds.into_iter().collect();
        sorted.sort_unstable();
        let count = sorted.len();
        let (upper, lower) = (sorted.get(count / 2)?, sorted.get((count - 1) / 2)?);
        // The nearest rank: the smallest that is at least as long as nine tenths.
        let p90 = sorted.get((count * 9).div_ceil(10).saturating_sub(1))?;
        Some(Self { count, median: (upper + lower) / 2, p90: *p90 })
    }
}

/// What each student has done, for the gradebook.
pub fn facts(host: &Host) -> Result<Facts> {
    let class = host.class()?.id;
    let mut facts: BTreeMap<Uuid, Map<String, Value>> = BTreeMap::new();
    let mut first: BTreeMap<Uuid, Vec<i64>> = BTreeMap::new();
    let mut answered: BTreeMap<(Uuid, bool), i64> = BTreeMap::new();
    let mut last = Uuid::nil();
    // A term has more answers than one query may return.
    loop {
        let table = host.query(
            "select id, person_id, kind, own, own_entry from response
             where class_id = $1 and person_id is not null and id > $2 order by id limit 4000",
            params![class, last],
        )?;
        for row in table.iter() {
            let (person, is_own_entry): (Uuid, bool) = (row.get("person_id")?, row.get("own_entry")?);
            *answered.entry((person, is_own_entry)).or_default() += 1;
            if row.get::<String>("kind")? == "first" && !is_own_entry {
                first.entry(person).or_default().push(row.get("own")?);
            }
            last = row.get("id")?;
        }
        if table.len() < 4000 {
            break;
        }
    }
    for ((person, is_own_entry), count) in answered {
        let values = facts.entry(person).or_default();
        let name = if is_own_entry { "answered_own" } else { "answered" };
        values.insert(name.to_owned(), count.into());
        if let Some(spread) = Spread::of(first.remove(&person).unwrap_or_default()) {
            values.insert("median_minutes".to_owned(), minutes(spread.median).into());
        }
    }
    let sql = "select person_id, count(*) as reviews from review where class_id = $1 and person_id is not null
               group by person_id";
    for row in host.query(sql, params![class])?.iter() {
        let count: i64 = row.get("reviews")?;
        facts.entry(row.get("person_id")?).or_default().insert("reviews".to_owned(), count.into());
    }
    let one = |(person, values)| StudentFacts { person, values };
    Ok(Facts { students: facts.into_iter().map(one).collect() })
}

/// Whole minutes, half rounded up.
pub fn minutes(seconds: i64) -> i64 {
    (seconds + 30) / 60
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_and_percentiles() {
        assert_eq!(Spread::of([]), None);
        assert_eq!(Spread::of([7]), Some(Spread { count: 1, median: 7, p90: 7 }));
        assert_eq!(Spread::of([4, 2]), Some(Spread { count: 2, median: 3, p90: 4 }));
        assert_eq!(Spread::of(1..=10), Some(Spread { count: 10, median: 5, p90: 9 }));
        assert_eq!(Spread::of(1..=11), Some(Spread { count: 11, median: 6, p90: 10 }));
    }
}
