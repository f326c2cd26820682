//! Campaigns, and the checklist that keeps them within the platform's rules: nobody may be made or paid to follow.

use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use crate::day;
use crate::people;

/// What is asked before a campaign.
const CHECKS: [&str; 7] = ["gift", "gate", "share", "false", "target", "credit", "leave"];
/// Campaigns that are listed.
const LISTED: i64 = 50;

/// The page.
pub fn show(host: &Host) -> Result<Response> {
    with(host, "", "", &[], None)
}

/// Takes a campaign whose checklist was gone through.
pub fn add(host: &Host, request: &Page) -> Result<Response> {
    let title = request.form("title").trim().to_owned();
    let (on, checked) = (request.form("day").trim(), request.all("check"));
    let error = match () {
        () if title.is_empty() || title.chars().count() > 100 => Some("campaign-title-wrong"),
        () if day::parse(on).is_none() => Some("day-wrong"),
        () if CHECKS.iter().any(|check| !checked.contains(check)) => Some("campaign-unchecked"),
        () => None,
    };
    if error.is_some() {
        return Ok(with(host, &title, on, &checked, error)?.status(422));
    }
    host.exec(
        "insert into campaign (id, class_id, day, title, person_id, at) values ($1, $2, $3, $4, $5, $6)",
        params![host.new_id(), host.class()?.id, on, title, host.person()?.id, host.now()],
    )?;
    Ok(redirect("/campaigns").notice("campaign-saved"))
}

fn with(host: &Host, title: &str, on: &str, checked: &[&str], error: Option<&str>) -> Result<Response> {
    let rows = host.query(
        "select day, title, person_id, at from campaign where class_id = $1 order by day desc, at desc limit $2",
        params![host.class()?.id, LISTED],
    )?;
    let names = people::names(host)?;
    let one = |row: Row<'_>| -> Result<Value> {
        Ok(json!({
            "day": day::shown(row.get::<String>("day")?.parse()?),
            "title": row.get::<String>("title")?,
            "person": row.get::<Option<Uuid>>("person_id")?.and_then(|person| names.get(&person)),
            "at": day::moment(host, row.get("at")?),
        }))
    };
    let check = |check: &&str| json!({ "value": check, "key": format!("check-{check}"), "is_checked": checked.contains(check) });
    let on = if on.is_empty() { host.today().to_string() } else { on.to_owned() };
    let values = json!({
        "title": title,
        "day": on,
        "checks": CHECKS.iter().map(check).collect::<Vec<_>>(),
        "error": error,
        "campaigns": rows.iter().map(one).collect::<Result<Vec<_>>>()?,
        "may_add": host.person()?.is_operator() && !host.class()?.archived,
    });
    Ok(page("campaigns.html", values).title("campaigns"))
}
