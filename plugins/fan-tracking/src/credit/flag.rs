//! What a teacher may want to look at. A flag changes no number: there may be a good reason, such as a talk in a big class.

use std::collections::BTreeMap;

use plugin_sdk::chrono::{Days, NaiveDate};
use plugin_sdk::prelude::*;

use super::Tally;
use crate::{channel, publication};

/// Followers of a student from which on a share says anything.
const FEW: i64 = 8;
/// Followers in an hour from which on it may be a burst.
const FEW_IN_AN_HOUR: i64 = 20;
/// Days whose hours are compared.
const COMPARED: u64 = 14;
/// Followers in one second from which on it is noticed.
const AT_ONCE: i64 = 5;

/// Something to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flag {
    /// Of those a student brought, most left within three days.
    Churn {
        /// Who.
        person: Uuid,
        /// Left within three days.
        gone_soon: i64,
        /// Came.
        ever: i64,
    },
    /// Of a student's followers, nearly all came within ten minutes.
    TenMinutes {
        /// Who.
        person: Uuid,
        /// Within ten minutes.
        within: i64,
        /// In all.
        all: i64,
    },
    /// Several of a student's followers came in the same second.
    SameSecond {
        /// Who.
        person: Uuid,
        /// In the same second.
        within: i64,
    },
    /// Many more than usual in one hour.
    Burst {
        /// Day.
        day: NaiveDate,
        /// Hour of the day.
        hour: i64,
        /// Followers.
        gained: i64,
        /// What would be usual at most.
        usual: i64,
    },
}

/// Everything to look at.
pub fn flags(host: &Host, tallies: &BTreeMap<Uuid, Tally>) -> Result<Vec<Flag>> {
    let churn = tallies.iter().filter(|(_, tally)| tally.ever() >= FEW && tally.gone_soon * 2 > tally.ever());
    let mut flags: Vec<Flag> = churn
        .map(|(person, tally)| Flag::Churn { person: *person, gone_soon: tally.gone_soon, ever: tally.ever() })
        .collect();
    flags.extend(close_together(host)?);
    flags.extend(bursts(host)?);
    Ok(flags)
}

fn close_together(host: &Host) -> Result<Vec<Flag>> {
    // Of the last days only: who came earlier has been looked at.
    let since = host.now() - TimeDelta::days(28);
    let rows = host.query(
        "select c.person_id, f.gained_at from claim c join follower f on f.class_id = c.class_id and f.follower = c.follower
         where c.class_id = $1 and f.gained_at >= $2 order by f.gained_at desc limit 4000",
        params![host.class()?.id, since],
    )?;
    let mut came: BTreeMap<Uuid, Vec<i64>> = BTreeMap::new();
    for row in rows.iter() {
        let at: DateTime<Utc> = row.get("gained_at")?;
        came.entry(row.get("person_id")?).or_default().push(at.timestamp());
    }
    let mut flags = Vec::new();
    for (person, mut moments) in came {
        moments.sort_unstable();
        let all = moments.len() as i64;
        let within = most_within(&moments, 600);
        if all >= FEW && within * 10 >= all * 8 {
            flags.push(Flag::TenMinutes { person, within, all });
        }
        let within = most_within(&moments, 0);
        if within >= AT_ONCE {
            flags.push(Flag::SameSecond { person, within });
        }
    }
    Ok(flags)
}

/// The most of the sorted moments that lie within so many seconds.
fn most_within(moments: &[i64], seconds: i64) -> i64 {
    let mut first = 0;
    let mut most = 0;
    for (index, moment) in moments.iter().enumerate() {
        while moments[first] + seconds < *moment {
            first += 1;
        }
        most = most.max(index - first + 1);
    }
    most as i64
}

fn bursts(host: &Host) -> Result<Vec<Flag>> {
    let since = host.today() - Days::new(COMPARED);
    let rows = host.query(
        "select day, hour, gained from live_hour where class_id = $1 and day >= $2 and gained > 0 order by day, hour",
        params![host.class()?.id, since.to_string()],
    )?;
    let hours: Vec<(NaiveDate, i64, i64)> = rows
        .iter()
        .map(|row| Ok((row.get::<String>("day")?.parse()?, row.get("hour")?, row.get("gained")?)))
        .collect::<Result<_>>()?;
    let gained: Vec<i64> = hours.iter().map(|(_, _, gained)| *gained).collect();
    let middle = median(&gained);
    let deviations: Vec<i64> = gained.iter().map(|gained| (gained - middle).abs()).collect();
    let usual = (middle + 6 * median(&deviations).max(1)).max(FEW_IN_AN_HOUR);
    // A publication explains a crowd on its day and the next.
    let published = publication::days(host, &channel::rota(host, since - Days::new(1), host.today()))?;
    let is_explained = |day: NaiveDate| published.contains(&day) || published.contains(&(day - Days::new(1)));
    let out = hours.iter().filter(|(day, _, gained)| *gained > usual && !is_explained(*day));
    Ok(out.map(|(day, hour, gained)| Flag::Burst { day: *day, hour: *hour, gained: *gained, usual }).collect())
}

fn median(values: &[i64]) -> i64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_close_together_are_counted() {
        assert_eq!(most_within(&[], 600), 0);
        assert_eq!(most_within(&[0, 1, 600, 601, 2_000], 600), 3);
        assert_eq!(most_within(&[5, 5, 5, 6], 0), 3);
        assert_eq!((median(&[]), median(&[3, 1, 2])), (0, 2));
    }
}
