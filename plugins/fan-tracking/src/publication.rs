//! Publications, as the channel and the rota tell of them.

use std::collections::{BTreeMap, BTreeSet};

use plugin_sdk::chrono::NaiveDate;
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

/// What went out: title, by day.
pub type Published = BTreeMap<NaiveDate, Vec<String>>;

/// Something went out. Told again, what is new about it is added.
pub fn sent(host: &Host, event: &Event) -> Result<()> {
    let data = &event.data;
    let named = data["publication"]
        .as_str()
        .map(str::to_owned)
        .or_else(|| data["publication"].as_i64().map(|id| id.to_string()));
    let named = named.filter(|id| !id.is_empty()).ok_or_else(|| invalid("the event names no publication"))?;
    let at = data["at"].as_str().and_then(|text| text.parse().ok()).unwrap_or(event.at);
    let title = data["title"].as_str().map(|title| title.chars().take(200).collect::<String>());
    host.exec(
        "insert into publication (class_id, publication, at, title, recipients) values ($1, $2, $3, $4, $5)
         on conflict (class_id, publication) do update set title = coalesce(excluded.title, publication.title),
             recipients = coalesce(excluded.recipients, publication.recipients)",
        params![host.class()?.id, named, at, title, data["recipients"].as_i64()],
    )?;
    Ok(())
}

/// The day on which a slot of the rota went out, if it has.
fn gone_out(host: &Host, slot: &Value) -> Option<NaiveDate> {
    Some(host.day_of(slot["published_at"].as_str()?.parse().ok()?))
}

/// The days on which something went out, as the channel or the rota say.
pub fn days(host: &Host, rota: &Value) -> Result<BTreeSet<NaiveDate>> {
    let slots = rota["publications"].as_array().into_iter().flatten();
    let planned: Vec<NaiveDate> = slots.filter_map(|slot| gone_out(host, slot)).collect();
    let rows = host.query(
        "select at from publication where class_id = $1 order by at desc limit 1000",
        params![host.class()?.id],
    )?;
    let told = rows.iter().map(|row| Ok(host.day_of(row.get("at")?)));
    told.chain(planned.into_iter().map(Ok)).collect()
}

/// Everything that went out in these days, from the channel's events and the rota's slots, each title once.
pub fn published(host: &Host, rota: &Value, from: NaiveDate, to: NaiveDate) -> Result<Published> {
    let mut published = Published::new();
    let rows = host.query(
        "select at, title from publication where class_id = $1 order by at desc limit 1000",
        params![host.class()?.id],
    )?;
    let mut add = |on: NaiveDate, title: String| {
        let titles: &mut Vec<String> = published.entry(on).or_default();
        if (from..=to).contains(&on) && !titles.contains(&title) {
            titles.push(title);
        }
    };
    for row in rows.iter() {
        let title = row.get::<Option<String>>("title")?.unwrap_or_default();
        add(host.day_of(row.get("at")?), title);
    }
    for slot in rota["publications"].as_array().into_iter().flatten() {
        let title = slot["title"].as_str().filter(|title| !title.is_empty());
        // Only what has gone out is an event of the curve, on the day when it did.
        if let (Some(on), Some(title)) = (gone_out(host, slot), title) {
            add(on, title.to_owned());
        }
    }
    published.retain(|_, titles| {
        // A nameless one beside a named one is the same, told by two.
        if titles.iter().any(|title| !title.is_empty()) {
            titles.retain(|title| !title.is_empty());
        }
        !titles.is_empty()
    });
    Ok(published)
}
