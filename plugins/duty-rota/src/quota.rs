//! How often an account may publish: a subscription account once a day, a service account four times a calendar month,
//! both counted in Beijing time.

use plugin_sdk::chrono::{Datelike as _, FixedOffset, NaiveDate};
use plugin_sdk::prelude::*;
use plugin_sdk::protocol::Code;
use plugin_sdk::serde_json::Value;

/// How often an account may publish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quota {
    /// Once a day.
    Daily,
    /// Four times a calendar month.
    Monthly,
}

impl Quota {
    /// That of the class's account: as it was set, else by its tier.
    pub fn of(host: &Host) -> Self {
        match host.setting::<String>("account").as_deref() {
            Some("subscription") => Quota::Daily,
            Some("service") => Quota::Monthly,
            _ => match host.service::<Value>("channel.tier/1", json!({})) {
                Ok(answer) => {
                    let quota = if answer["tier"] == "F" { Quota::Monthly } else { Quota::Daily };
                    if let Err(error) = quota.keep(host) {
                        log::warn!("the kind of account could not be noted: {}", error.code().name());
                    }
                    quota
                }
                // Without a channel it is most likely an unverified subscription account.
                Err(error) if error.code() == Code::Unsupported => Quota::Daily,
                // A channel that does not answer now has not changed the account.
                Err(_) => Self::kept(host).unwrap_or(Quota::Daily),
            },
        }
    }

    fn kept(host: &Host) -> Option<Self> {
        let sql = "select is_monthly from account where class_id = $1";
        let table = host.query(sql, params![host.class().ok()?.id]).ok()?;
        let is_monthly: bool = table.first()?.get("is_monthly").ok()?;
        Some(if is_monthly { Quota::Monthly } else { Quota::Daily })
    }

    fn keep(self, host: &Host) -> Result<()> {
        if Self::kept(host) == Some(self) || host.class()?.archived {
            return Ok(());
        }
        host.exec(
            "insert into account (class_id, is_monthly) values ($1, $2)
             on conflict (class_id) do update set is_monthly = excluded.is_monthly",
            params![host.class()?.id, self == Quota::Monthly],
        )?;
        Ok(())
    }

    /// Publications that there may be in a period.
    pub fn most(self) -> usize {
        match self {
            Quota::Daily => 1,
            Quota::Monthly => 4,
        }
    }

    /// How many publications are left for the period of a day.
    pub fn left(self, taken: &[NaiveDate], on: NaiveDate) -> usize {
        let is_same = |day: &&NaiveDate| match self {
            Quota::Daily => **day == on,
            Quota::Monthly => (day.year(), day.month()) == (on.year(), on.month()),
        };
        self.most().saturating_sub(taken.iter().filter(is_same).count())
    }

    /// Key of what people call it.
    pub fn word(self) -> &'static str {
        match self {
            Quota::Daily => "quota-daily",
            Quota::Monthly => "quota-monthly",
        }
    }
}

/// The day of the platform, whose clock is that of Beijing.
pub fn day_of(moment: DateTime<Utc>) -> NaiveDate {
    const BEIJING: i32 = 8 * 3_600;
    FixedOffset::east_opt(BEIJING).map_or_else(|| moment.date_naive(), |zone| moment.with_timezone(&zone).date_naive())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> NaiveDate {
        day_of(text.parse().unwrap())
    }

    #[test]
    fn a_day_ends_at_midnight_in_beijing() {
        let (before, after) = (at("2026-10-12T15:59:59Z"), at("2026-10-12T16:00:00Z"));
        assert_eq!((before.to_string(), after.to_string()), ("2026-10-12".into(), "2026-10-13".into()));
        assert_eq!(Quota::Daily.left(&[before], before), 0);
        assert_eq!(Quota::Daily.left(&[before], after), 1);
    }

    #[test]
    fn a_month_ends_at_midnight_in_beijing() {
        let (last, first) = (at("2026-10-31T15:59:59Z"), at("2026-10-31T16:00:00Z"));
        assert_eq!(first.to_string(), "2026-11-01");
        assert_eq!(Quota::Monthly.left(&[last; 4], last), 0);
        assert_eq!(Quota::Monthly.left(&[last; 4], first), 4);
        assert_eq!(Quota::Monthly.left(&[last; 3], last), 1);
        // The same month of another year, and the turn of a year.
        assert_eq!(Quota::Monthly.left(&[at("2025-10-10T00:00:00Z"); 4], last), 4);
        assert_eq!(Quota::Monthly.left(&[at("2026-12-31T15:59:59Z"); 4], at("2026-12-31T16:00:00Z")), 4);
    }
}
