//! QR codes with a scene, as calls make them and show them.

use chrono::{DateTime, TimeDelta, Utc};
use qrcode::{Color, QrCode};
use serde_json::{Value, json};

use super::call::Call;
use crate::failure::Failure;
use crate::platform::Platform;

/// A temporary code lasts at most so many seconds, by default a minute.
const LONGEST: u64 = 2_592_000;
const USUAL: u64 = 60;

/// `POST /cgi-bin/qrcode/create`
pub fn create(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    let action = call.body.get("action_name").and_then(Value::as_str).unwrap_or_default();
    let scene = call.body.pointer("/action_info/scene").ok_or_else(|| Failure::new(40053))?;
    let number = || scene.get("scene_id").and_then(Value::as_u64).filter(|id| (1..=u64::from(u32::MAX)).contains(id));
    let words = || {
        let words = scene.get("scene_str").and_then(Value::as_str);
        words.filter(|words| (1..=64).contains(&words.chars().count())).map(str::to_owned)
    };
    let (scene, is_number, temporary) = match action {
        "QR_SCENE" => (number().map(|id| id.to_string()), true, true),
        "QR_LIMIT_SCENE" => (number().filter(|id| *id <= 100_000).map(|id| id.to_string()), true, false),
        "QR_STR_SCENE" => (words(), false, true),
        "QR_LIMIT_STR_SCENE" => (words(), false, false),
        _ => return Err(Failure::new(40052)),
    };
    let scene = scene.ok_or_else(|| Failure::new(40053))?;
    let seconds = match call.body.get("expire_seconds") {
        None => USUAL,
        Some(seconds) => seconds.as_u64().filter(|s| (1..=LONGEST).contains(s)).ok_or_else(|| Failure::new(40053))?,
    };
    let codes = &mut platform.state.codes;
    if !temporary && codes.is_full() {
        return Err(Failure::new(40053));
    }
    let until = temporary.then(|| call.now + TimeDelta::seconds(seconds as i64));
    let ticket = codes.make(&scene, is_number, until);
    let mut answer = json!({ "ticket": ticket, "url": address(&call.base, &ticket) });
    if temporary {
        answer["expire_seconds"] = seconds.into();
    }
    Ok(answer)
}

/// What a code says: a page of this server where somebody can play whoever scans it.
fn address(base: &str, ticket: &str) -> String {
    let ticket: String = form_urlencoded::byte_serialize(ticket.as_bytes()).collect();
    format!("{base}/scan?ticket={ticket}")
}

/// `GET /cgi-bin/showqrcode`: a JPEG of 430 dots or a little less, as on the platform.
pub fn picture(platform: &Platform, ticket: &str, base: &str, now: DateTime<Utc>) -> Option<Vec<u8>> {
    platform.state.codes.scene_of(ticket, now)?;
    let code = QrCode::new(address(base, ticket)).ok()?;
    let (width, quiet) = (code.width(), 4);
    let dots = 430 / (width + 2 * quiet);
    let side = dots * (width + 2 * quiet);
    let colours = code.to_colors();
    let mut grey = vec![255u8; side * side];
    for (at, pixel) in grey.iter_mut().enumerate() {
        let (x, y) = ((at % side / dots).checked_sub(quiet), (at / side / dots).checked_sub(quiet));
        if let (Some(x), Some(y)) = (x.filter(|x| *x < width), y.filter(|y| *y < width)) {
            *pixel = if colours[y * width + x] == Color::Dark { 0 } else { 255 };
        }
    }
    let mut jpeg = Vec::new();
    let side = u16::try_from(side).ok()?;
    jpeg_encoder::Encoder::new(&mut jpeg, 90).encode(&grey, side, side, jpeg_encoder::ColorType::Luma).ok()?;
    Some(jpeg)
}
