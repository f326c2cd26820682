//! What can be done: each a form, and back to the page it was on.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{RawPathParams, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};

use super::show::{not_found, number};
use crate::callback::{self, Delivered};
use crate::crowd::Wave;
use crate::faults::Fault;
use crate::message::Content;
use crate::options::{Format, Mode, Tier};
use crate::people::Way;
use crate::platform::{Deed, Refusal};
use crate::room::Room;
use crate::start::{check_callback, check_speed};
use crate::story;
use crate::truth::Purpose;
use crate::words::{Language, Problem};

/// For so long nobody listens when that is the fault on show: the page itself is away meanwhile.
const AWAY: Duration = Duration::from_secs(20);
const LARGEST_WAVE: usize = 5_000;

type Form = HashMap<String, String>;

fn read(body: &str) -> Form {
    form_urlencoded::parse(body.as_bytes()).into_owned().collect()
}

fn field<'a>(form: &'a Form, name: &str) -> &'a str {
    form.get(name).map_or("", |text| text.trim())
}

/// Another language, kept in a cookie.
pub async fn language(headers: HeaderMap, body: String) -> Response {
    let language = Language::of_tag(field(&read(&body), "language")).unwrap_or(Language::Chinese);
    let cookie = format!("rehearsal-language={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly", language.tag());
    ([(header::SET_COOKIE, cookie)], back(&headers)).into_response()
}

/// Back to where the form was; never to another site.
fn back(headers: &HeaderMap) -> Redirect {
    let from = headers.get(header::REFERER).and_then(|from| from.to_str().ok()).unwrap_or_default();
    let path = reqwest::Url::parse(from).map_or_else(|_| "/".to_owned(), |url| url.path().to_owned());
    Redirect::to(if path.starts_with("//") { "/" } else { &path })
}

/// Somebody new follows.
pub async fn newcomer(State(room): State<Arc<Room>>, headers: HeaderMap, body: String) -> Response {
    let way = way(&read(&body));
    if let Err(refusal) = room.platform().could_follow(&way, room.clock.platform()) {
        room.give_notice(false, refused(&refusal));
        return back(&headers).into_response();
    }
    let person = room.platform().arrive();
    let outcome = story::act(&room, person, Deed::Follow(way)).await;
    tell(&room, outcome);
    Redirect::to(&format!("/people/{person}#end")).into_response()
}

fn way(form: &Form) -> Way {
    match field(form, "way") {
        "card" => Way::Card,
        "article" => Way::Article,
        "reprint" => Way::Reprint,
        "other" => Way::Other,
        "scene" => Way::Scene(field(form, "scene").to_owned()),
        _ => Way::Search,
    }
}

/// Somebody does something.
pub async fn deed(State(room): State<Arc<Room>>, headers: HeaderMap, at: RawPathParams, body: String) -> Response {
    let form = read(&body);
    let Some(person) = number(&at).filter(|number| room.platform().people.len() > *number) else {
        return not_found(&headers);
    };
    let name = at.iter().find(|(name, _)| *name == "deed").map_or("", |(_, deed)| deed);
    let deed = match name {
        "follow" => Some(Deed::Follow(way(&form))),
        "leave" => Some(Deed::Leave),
        "scan" => Some(Deed::Scan(field(&form, "scene").to_owned())),
        "click" => Some(Deed::Click(field(&form, "key").to_owned())).filter(|_| !field(&form, "key").is_empty()),
        "say" => content(&form).map(|content| Deed::Say { content, purpose: Purpose::Played, article: None }),
        _ => return not_found(&headers),
    };
    match deed {
        Some(deed) => {
            let outcome = story::act(&room, person, deed).await;
            tell(&room, outcome);
        }
        None => room.give_notice(false, Problem::new("notice-empty")),
    }
    Redirect::to(&format!("/people/{person}#end")).into_response()
}

fn content(form: &Form) -> Option<Content> {
    let text = field(form, "text").to_owned();
    let media = || format!("media-{}", rand::random::<u32>());
    match field(form, "kind") {
        "image" => Some(Content::Image { picture: "http://mmbiz.qpic.cn/played/0".to_owned(), media: media() }),
        "voice" => Some(Content::Voice { media: media(), recognition: Some(text).filter(|text| !text.is_empty()) }),
        "location" => {
            let label = if text.is_empty() { "图书馆".to_owned() } else { text };
            Some(Content::Location { latitude: 30.540_1, longitude: 114.360_2, scale: 16, label })
        }
        _ if text.is_empty() => None,
        _ => Some(Content::Text { text, menu: form.get("menu").cloned() }),
    }
}

fn refused(refusal: &Refusal) -> Problem {
    match refusal {
        Refusal::NobodyThere(_) => Problem::new("notice-nobody"),
        Refusal::NotFollowing(_) => Problem::new("notice-not-following"),
        Refusal::Following(_) => Problem::new("notice-following"),
        Refusal::NoSuchCode(scene) => Problem::new("notice-no-code").with("scene", scene),
    }
}

/// Only what went wrong needs a word beside the conversation.
fn tell(room: &Room, outcome: Result<Delivered, Refusal>) {
    match outcome {
        Ok(delivered) => delivered.problem.into_iter().for_each(|problem| room.give_notice(false, problem)),
        Err(refusal) => room.give_notice(false, refused(&refusal)),
    }
}

/// Something about the room changes.
pub async fn change(State(room): State<Arc<Room>>, headers: HeaderMap, at: RawPathParams, body: String) -> Response {
    let form = read(&body);
    let name = at.iter().find(|(name, _)| *name == "change").map_or("", |(_, change)| change);
    let (good, notice) = match make(&room, name, &form).await {
        Some(Ok(notice)) => (true, notice),
        Some(Err(problem)) => (false, problem),
        None => return not_found(&headers),
    };
    room.give_notice(good, notice);
    back(&headers).into_response()
}

/// Whether nobody comes by themselves, because time does not pass.
fn stands_still(room: &Room) -> bool {
    room.clock.speed() <= 0.0
}

async fn make(room: &Arc<Room>, name: &str, form: &Form) -> Option<Result<Problem, Problem>> {
    let done = || Ok(Problem::new("notice-done"));
    let bad = || Err(Problem::new("notice-not-understood"));
    Some(match name {
        "verify" => callback::verify(room).await.map(|()| Problem::new("notice-verified")),
        "forge" => match callback::forge(room, "我是微信").await {
            Ok(status) if status >= 400 => Ok(Problem::new("notice-forged-refused").with("status", status)),
            Ok(_) => Err(Problem::new("problem-forged-taken")),
            Err(problem) => Err(problem),
        },
        "callback" => match check_callback(field(form, "callback")) {
            Ok(()) => {
                room.platform().callback = Some(field(form, "callback").to_owned());
                done()
            }
            Err(_) => Err(Problem::new("notice-callback").with("got", field(form, "callback"))),
        },
        "wave" => match field(form, "people").parse() {
            Ok(people @ 1..=LARGEST_WAVE) => {
                room.wave(Wave { people, way: way(form), hours: 6.0, publication: None });
                let key = if stands_still(room) { "notice-wave-still" } else { "notice-wave" };
                Ok(Problem::new(key).with("people", people))
            }
            _ => bad(),
        },
        "publish" if field(form, "title").is_empty() => bad(),
        "publish" => match room.publish(field(form, "title")) {
            Ok(_) if stands_still(room) => Ok(Problem::new("notice-published-still")),
            Ok(_) => Ok(Problem::new("notice-published")),
            Err(_) => Err(Problem::new("notice-no-quota")),
        },
        "speed" => match field(form, "speed").parse::<f64>() {
            Ok(speed) if check_speed(speed).is_ok() => {
                room.set_speed(speed);
                done()
            }
            _ => bad(),
        },
        "crowd" => match field(form, "rate").parse::<f64>() {
            Ok(rate) if (0.0..=10_000.0).contains(&rate) => {
                room.crowd().options().arrivals_per_day = rate;
                done()
            }
            _ => bad(),
        },
        "account" => account(room, form),
        "break" => return broken(room, field(form, "fault")),
        "mend" => {
            room.mend();
            Ok(Problem::new("notice-mended"))
        }
        _ => return None,
    })
}

fn account(room: &Room, form: &Form) -> Result<Problem, Problem> {
    let tier = Tier::of_letter(field(form, "tier"));
    let mode = serde_json::from_value::<Mode>(field(form, "mode").into()).ok();
    let format = serde_json::from_value::<Format>(field(form, "format").into()).ok();
    let (Some(tier), Some(mode), Some(format)) = (tier, mode, format) else {
        return Err(Problem::new("notice-not-understood"));
    };
    let mut platform = room.platform();
    if mode != Mode::Plain && platform.account.aes_key.is_none() {
        return Err(Problem::new("notice-no-key"));
    }
    (platform.tier, platform.mode, platform.format) = (tier, mode, format);
    Ok(Problem::new("notice-done"))
}

fn broken(room: &Arc<Room>, fault: &str) -> Option<Result<Problem, Problem>> {
    let fault = match fault {
        "server-errors" => Fault::ServerErrors,
        "busy" => Fault::Busy,
        "slow" => Fault::Slow(Duration::from_secs(3)),
        "duplicates" => Fault::Duplicates,
        "reordered" => Fault::Reordered,
        "three-at-once" => Fault::ThreeAtOnce,
        "tokens" => Fault::TokensInvalid,
        "refused" => {
            // A moment, so that the browser gets its answer; then away, and back by itself.
            let room = room.clone();
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_secs(1)).await;
                room.break_down(Fault::Refused);
                tokio::time::sleep(AWAY).await;
                room.mend();
            });
            return Some(Ok(Problem::new("notice-away").with("seconds", AWAY.as_secs())));
        }
        _ => return None,
    };
    room.break_down(fault);
    Some(Ok(Problem::new("notice-broken")))
}
