//! What can be looked at.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawPathParams, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::view::{language, missing, moment, page};
use crate::callback::UNAVAILABLE;
use crate::exchange::Exchange;
use crate::options::{Format, Mode, Tier};
use crate::people::{Person, Speaker};
use crate::room::Room;
use crate::truth::Truth;
use crate::words::Language;

/// As many followers as the overview shows, the last ones to do something first.
const SHOWN_PEOPLE: usize = 12;
const SHOWN_DAYS: usize = 14;

/// The room at a glance.
pub async fn overview(State(room): State<Arc<Room>>, headers: HeaderMap) -> Response {
    let language = language(&headers);
    let now = room.clock.platform();
    let faults = room.faults();
    let (rate, mut values) = (room.crowd().options().arrivals_per_day, json!({}));
    {
        let platform = room.platform();
        let mut people: Vec<_> = platform.people.iter().filter(|person| !person.stays.is_empty()).collect();
        people.sort_by_key(|person| std::cmp::Reverse((person.talk.last().map(|line| line.at), person.number)));
        let following = people.iter().filter(|person| person.stay().is_some()).count();
        let days = platform.days(crate::clock::day_of(now));
        let days: Vec<_> = days.iter().rev().take(SHOWN_DAYS).collect();
        let exchanges: Vec<_> = platform.exchanges.iter().take(6).map(|one| exchange(one, language)).collect();
        values["people"] = people.iter().take(SHOWN_PEOPLE).map(|person| row(person)).collect();
        values["people_all"] = people.len().into();
        values["following"] = following.into();
        values["days"] = json!(days);
        values["exchanges"] = json!(exchanges);
        values["callback"] = json!(platform.callback);
        values["tier"] = platform.tier.letter().into();
        values["mode"] = json!(platform.mode);
        values["format"] = json!(platform.format);
        values["has_key"] = platform.account.aes_key.is_some().into();
        values["appid"] = platform.account.appid.clone().into();
        values["scenes"] = json!(platform.state.codes.scenes(now));
    }
    values["tiers"] = Tier::ALL.map(Tier::letter).to_vec().into();
    values["modes"] = json!([Mode::Plain, Mode::Compat, Mode::Safe]);
    values["formats"] = json!([Format::Xml, Format::Json]);
    values["speed"] = (room.clock.speed() as i64).into();
    values["speeds"] = json!([0, 1, 60, 1_440, 10_080]);
    values["now"] = moment(room.clock.now()).into();
    values["rate"] = json!(rate);
    values["base"] = room.base().into();
    values["faults"] = json!({
        "server-errors": faults.server_errors,
        "busy": faults.busy,
        "slow": faults.slow.is_some(),
        "duplicates": faults.duplicates,
        "reordered": faults.reordered,
        "three-at-once": faults.three_at_once,
    });
    values["notice"] = notice(&room, language);
    page(&headers, "overview.html", values)
}

/// The last requests, both ways, in full.
pub async fn requests(State(room): State<Arc<Room>>, headers: HeaderMap) -> Response {
    let language = language(&headers);
    let exchanges: Vec<_> = room.platform().exchanges.iter().map(|one| exchange(one, language)).collect();
    page(&headers, "requests.html", json!({ "exchanges": exchanges }))
}

/// Somebody's phone.
pub async fn person(State(room): State<Arc<Room>>, headers: HeaderMap, parameters: RawPathParams) -> Response {
    let (language, now) = (language(&headers), room.clock.platform());
    let platform = room.platform();
    let Some(person) = number(&parameters).and_then(|number| platform.people.get(number)) else {
        drop(platform);
        return missing(&headers, "person");
    };
    let lines = person.talk.iter().map(|line| {
        json!({
            "speaker": line.speaker,
            "at": moment(line.at),
            "text": line.text,
            "choices": line.choices,
            "unavailable": line.speaker == Speaker::Platform && line.text == UNAVAILABLE,
            "problem": line.problem.as_ref().map(|problem| problem.sentence(language)),
        })
    });
    let window = person.window(now).map(|(until, left)| json!({ "until": moment(until), "left": left }));
    let mut values = row(person);
    values["lines"] = lines.collect();
    values["count"] = person.talk.len().into();
    values["window"] = json!(window);
    values["scenes"] = json!(platform.state.codes.scenes(now));
    drop(platform);
    values["notice"] = notice(&room, language);
    page(&headers, "person.html", values)
}

/// How many lines a conversation has: the script asks, and loads the page anew when there are more.
pub async fn lines(State(room): State<Arc<Room>>, parameters: RawPathParams) -> String {
    let number = number(&parameters).unwrap_or(usize::MAX);
    room.platform().people.get(number).map_or(0, |person| person.talk.len()).to_string()
}

/// Where the picture of a code leads: somebody scans it.
pub async fn scan(State(room): State<Arc<Room>>, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let ticket = pairs.find(|(name, _)| name == "ticket").map(|(_, ticket)| ticket.into_owned());
    let now = room.clock.platform();
    let scene = ticket.and_then(|ticket| room.platform().state.codes.scene_of(&ticket, now).map(str::to_owned));
    match scene {
        Some(scene) => page(&headers, "scan.html", json!({ "scene": scene })),
        None => missing(&headers, "code"),
    }
}

/// What really happened.
pub async fn truth(State(room): State<Arc<Room>>) -> Json<Truth> {
    let now = room.clock.platform();
    let truth = room.platform().truth(now);
    Json(truth)
}

/// The number in an address.
pub fn number(parameters: &RawPathParams) -> Option<usize> {
    parameters.iter().find(|(name, _)| *name == "number").and_then(|(_, number)| number.parse().ok())
}

fn row(person: &Person) -> Value {
    let last = person.talk.last();
    json!({
        "number": person.number,
        "openid": person.openid,
        "following": person.stay().is_some(),
        "source": person.stays.last().map(|stay| stay.way.source()),
        "scene": person.stays.last().and_then(|stay| stay.way.scene()),
        "last": last.map(|line| line.text.chars().take(40).collect::<String>()),
        "last_speaker": last.map(|line| line.speaker),
        "at": last.map(|line| moment(line.at)),
    })
}

fn exchange(one: &Exchange, language: Language) -> Value {
    json!({
        "at": moment(one.at),
        "to_account": one.to_account,
        "line": one.line,
        "path": one.line.split('?').next(),
        "request": one.request,
        "status": one.status,
        "response": one.response,
        "milliseconds": one.milliseconds as u64,
        "problem": one.problem.as_ref().map(|problem| problem.sentence(language)),
    })
}

/// What the last button brought about; it is shown once.
fn notice(room: &Room, language: Language) -> Value {
    match room.take_notice() {
        Some((good, notice)) => json!({ "good": good, "text": notice.sentence(language) }),
        None => Value::Null,
    }
}

/// For a handler that has nothing of its own to show.
pub fn not_found(headers: &HeaderMap) -> Response {
    missing(headers, "person").into_response()
}
