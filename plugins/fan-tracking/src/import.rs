//! Importing a file of the back office: seen before it counts, said again without effect, taken back in one step.

mod file;
mod html;
mod rows;
mod sheet;
mod workbook;

use std::collections::HashMap;

use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use crate::day;
use crate::number::{grouped, signed};
use crate::people;
use crate::reading::{self, Figure, Reading, Source};
use rows::Refusal;
use sheet::Line;

/// Files that are listed.
const LISTED: i64 = 20;
/// How long a file waits that nobody confirmed.
const WAITS: TimeDelta = TimeDelta::days(1);

/// The form, and the files so far.
pub fn show(host: &Host) -> Result<Response> {
    page_with(host, None)
}

/// Reads a file and shows what it would change.
pub fn take(host: &Host, request: &Page) -> Result<Response> {
    let read = match request.file("file").filter(|file| !file.body.as_bytes().is_empty()) {
        None => Err(Refusal::new("import-missing")),
        Some(file) => parse(host, file.body.as_bytes())?.map(|found| (file.name.clone(), found)),
    };
    let (name, (form, lines)) = match read {
        Ok(found) => found,
        Err(refusal) => return Ok(page_with(host, Some(&refusal))?.status(422)),
    };
    let (class, upload) = (host.class()?.id, host.new_id());
    let name: String = name.chars().filter(|sign| !sign.is_control()).take(100).collect();
    let mut batch = host.batch().add(
        "insert into upload (id, class_id, person_id, at, name, form, state) values ($1, $2, $3, $4, $5, $6, 'previewed')",
        params![upload, class, host.person()?.id, host.now(), name, form],
    );
    for line in &lines {
        batch = batch.add(
            "insert into upload_day (upload_id, class_id, day, gained, lost, net, total) values ($1, $2, $3, $4, $5, $6, $7)",
            params![upload, class, line.day.to_string(), line.gained, line.lost, line.net, line.total],
        );
    }
    batch.run()?;
    Ok(redirect(format!("/import/{upload}")))
}

fn parse(host: &Host, bytes: &[u8]) -> Result<Result<(&'static str, Vec<Line>), Refusal>> {
    let today = host.today();
    Ok(file::read(bytes).and_then(|(form, sheets)| Ok((form.name(), sheet::days(&sheets, today)?))))
}

/// What a file says beside what is known.
pub fn preview(host: &Host, upload: Uuid) -> Result<Response> {
    let (state, name, form) = find(host, upload)?;
    let lines = lines(host, upload)?;
    let readings = reading::all(host)?;
    let changes = changes(&lines, &readings);
    let of = |kind: &str| changes.iter().filter(|change| change["kind"] == kind).count();
    let values = json!({
        "upload": upload,
        "name": name,
        "form": format!("form-{form}"),
        "is_waiting": state == "previewed",
        "state": format!("upload-{state}"),
        "new": of("new"),
        "changed": of("changed"),
        "same": of("same"),
        "odd": changes.iter().filter(|change| change["is_odd"] == true).count(),
        "lines": changes,
    });
    Ok(page("preview.html", values).title("import"))
}

/// Makes the file count.
pub fn confirm(host: &Host, upload: Uuid) -> Result<Response> {
    let class = host.class()?.id;
    let (state, ..) = find(host, upload)?;
    if state == "done" {
        return Ok(redirect("/import").notice("import-done"));
    }
    let lines = lines(host, upload)?;
    let changes = changes(&lines, &reading::all(host)?);
    if changes.iter().all(|change| change["kind"] == "same") {
        host.batch()
            .add("delete from upload_day where upload_id = $1 and class_id = $2", params![upload, class])
            .add("delete from upload where id = $1 and class_id = $2", params![upload, class])
            .run()?;
        return Ok(redirect("/import").notice("import-nothing"));
    }
    let mut batch = host.batch().expect(
        1,
        "update upload set state = 'done', at = $3 where id = $1 and class_id = $2 and state <> 'done'",
        params![upload, class, host.now()],
    );
    for (line, _) in lines.iter().zip(&changes).filter(|(_, change)| change["kind"] != "same") {
        let told =
            json!({ "day": line.day.to_string(), "gained": line.gained, "lost": line.lost, "total": line.total });
        batch = batch.emit("fans.recorded", told);
    }
    batch.run()?;
    Ok(redirect("/import").notice("import-done"))
}

/// Takes a file back: what was known before it counts again.
pub fn undo(host: &Host, upload: Uuid) -> Result<Response> {
    find(host, upload)?;
    host.exec(
        "update upload set state = 'undone' where id = $1 and class_id = $2 and state = 'done'",
        params![upload, host.class()?.id],
    )?;
    Ok(redirect("/import").notice("import-undone"))
}

/// Forgets files that nobody confirmed.
pub fn sweep(host: &Host) -> Result<()> {
    let (class, before) = (host.class()?.id, host.now() - WAITS);
    let old = "class_id = $1 and state = 'previewed' and at < $2";
    host.batch()
        .add(
            &format!("delete from upload_day where upload_id in (select id from upload where {old})"),
            params![class, before],
        )
        .add(&format!("delete from upload where {old}"), params![class, before])
        .run()?;
    Ok(())
}

fn find(host: &Host, upload: Uuid) -> Result<(String, String, String)> {
    let found = host.query(
        "select state, name, form from upload where id = $1 and class_id = $2",
        params![upload, host.class()?.id],
    )?;
    let row = found.first().ok_or_else(not_found)?;
    Ok((row.get("state")?, row.get("name")?, row.get("form")?))
}

fn lines(host: &Host, upload: Uuid) -> Result<Vec<Line>> {
    let rows = host.query(
        "select day, gained, lost, net, total from upload_day where upload_id = $1 and class_id = $2 order by day",
        params![upload, host.class()?.id],
    )?;
    let line = |row: Row<'_>| {
        Ok(Line {
            day: row.get::<String>("day")?.parse()?,
            gained: row.get("gained")?,
            lost: row.get("lost")?,
            net: row.get("net")?,
            total: row.get("total")?,
        })
    };
    rows.iter().map(line).collect()
}

/// Each line, whether it is new, and everything that does not fit.
fn changes(lines: &[Line], readings: &[Reading]) -> Vec<Value> {
    let mut known: HashMap<_, Vec<&Reading>> = HashMap::new();
    for reading in readings {
        known.entry(reading.day).or_default().push(reading);
    }
    let mut before: Option<&Line> = None;
    let mut shown = Vec::with_capacity(lines.len());
    for line in lines {
        let known = known.get(&line.day).map(Vec::as_slice).unwrap_or_default();
        let figure = Figure { gained: line.gained, lost: line.lost, total: line.total };
        let imported = known.iter().find(|reading| reading.source == Source::Import);
        let kind = match imported {
            Some(reading) if reading.figure == figure => "same",
            Some(_) => "changed",
            None => "new",
        };
        let differs = known.iter().filter(|reading| !reading.figure.agrees(&figure));
        let differs: Vec<Value> = differs
            .map(|reading| {
                json!({
                    "source": format!("source-{}", reading.source.name()),
                    "gained": grouped(reading.figure.gained),
                    "lost": grouped(reading.figure.lost),
                    "total": reading.figure.total.map(grouped),
                })
            })
            .collect();
        let net_off = line.net.map(|net| net - figure.net()).filter(|off| *off != 0);
        let follows = before.filter(|before| (line.day - before.day).num_days() == 1);
        let chain = follows.and_then(|before| Some(line.total? - before.total? - figure.net()));
        let chain_off = chain.filter(|off| *off != 0);
        shown.push(json!({
            "day": day::shown(line.day),
            "gained": grouped(line.gained),
            "lost": grouped(line.lost),
            "net": signed(figure.net()),
            "total": line.total.map(grouped),
            "kind": kind,
            "key": format!("line-{kind}"),
            "differs": differs,
            "net_off": net_off.map(signed),
            "chain_off": chain_off.map(signed),
            "is_odd": !differs.is_empty() || net_off.is_some() || chain_off.is_some(),
        }));
        before = Some(line);
    }
    shown
}

fn page_with(host: &Host, refusal: Option<&Refusal>) -> Result<Response> {
    let rows = host.query(
        "select u.id, u.person_id, u.at, u.name, u.form, u.state, count(d.day) as days, min(d.day) as first, max(d.day) as last
         from upload u left join upload_day d on d.upload_id = u.id
         where u.class_id = $1 and u.state <> 'previewed'
         group by u.id, u.person_id, u.at, u.name, u.form, u.state order by u.at desc limit $2",
        params![host.class()?.id, LISTED],
    )?;
    let names = people::names(host)?;
    let one = |row: Row<'_>| -> Result<Value> {
        let state: String = row.get("state")?;
        let shown = |text: Option<String>| text.and_then(|text| day::parse(&text)).map(day::shown);
        Ok(json!({
            "id": row.get::<Uuid>("id")?,
            "name": row.get::<String>("name")?,
            "form": format!("form-{}", row.get::<String>("form")?),
            "state": format!("upload-{state}"),
            "may_undo": state == "done",
            "days": row.get::<i64>("days")?,
            "first": shown(row.get("first")?),
            "last": shown(row.get("last")?),
            "person": row.get::<Option<Uuid>>("person_id")?.and_then(|person| names.get(&person)),
            "at": day::moment(host, row.get("at")?),
        }))
    };
    let values = json!({
        "refusal": refusal.map(|refusal| json!({ "key": refusal.key, "line": refusal.line, "text": refusal.text })),
        "uploads": rows.iter().map(one).collect::<Result<Vec<_>>>()?,
        "may_change": !host.class()?.archived,
    });
    Ok(page("import.html", values).title("import"))
}
