//! Lets calls through: address, method, token, tier, quota, body, in the order of the platform.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Instant;

use axum::body::Bytes;
use axum::http::{Method as Verb, StatusCode};
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::address::{ADDRESSES, Address, Method};
use super::call::{Call, Upload};
use super::{codes, token};
use crate::failure::Failure;
use crate::platform::Platform;

/// A request to the API as it came.
pub struct Asked {
    pub verb: Verb,
    pub path: String,
    pub query: String,
    pub body: Bytes,
    /// Files, when the body was a form with files.
    pub files: Option<Vec<Upload>>,
    pub from: IpAddr,
    pub base: String,
    pub now: DateTime<Utc>,
    pub earlier: DateTime<Utc>,
}

/// The answer to a call.
pub struct Answered {
    pub status: StatusCode,
    /// Its content type.
    pub kind: &'static str,
    pub body: Vec<u8>,
}

/// Answers a call.
pub fn serve(platform: &mut Platform, asked: &Asked) -> Answered {
    let query: HashMap<String, String> = form_urlencoded::parse(asked.query.as_bytes()).into_owned().collect();
    if asked.path == "/cgi-bin/showqrcode" {
        let ticket = query.get("ticket").map_or("", String::as_str);
        return match codes::picture(platform, ticket, &asked.base, asked.now) {
            Some(body) => Answered { status: StatusCode::OK, kind: "image/jpg", body },
            None => Answered { status: StatusCode::NOT_FOUND, kind: "text/plain", body: Vec::new() },
        };
    }
    let outcome = answer(platform, asked, query);
    let (code, body) = match outcome {
        Ok(body) => (body.get("errcode").and_then(Value::as_i64).unwrap_or(0) as i32, body),
        Err(failure) => (failure.code, failure.body()),
    };
    // Only real addresses are counted, so that a scanner cannot fill the memory.
    if code != 40066 {
        let calls = platform.calls.entry(asked.path.clone()).or_default();
        match code {
            0 => calls.good += 1,
            code => *calls.refused.entry(code).or_default() += 1,
        }
    }
    let kind = "application/json; encoding=utf-8";
    Answered { status: StatusCode::OK, kind, body: body.to_string().into_bytes() }
}

fn answer(platform: &mut Platform, asked: &Asked, query: HashMap<String, String>) -> Result<Value, Failure> {
    let real = Instant::now();
    let mut call = Call {
        query,
        body: Value::Null,
        files: Vec::new(),
        now: asked.now,
        earlier: asked.earlier,
        real,
        base: asked.base.clone(),
        from: asked.from,
    };
    match asked.path.as_str() {
        "/cgi-bin/token" => return token::plain(platform, &call),
        "/cgi-bin/stable_token" => {
            method(Method::Post, &asked.verb)?;
            call.body = json_body(&asked.body)?;
            return token::stable(platform, &call);
        }
        _ => {}
    }
    let address = ADDRESSES.iter().find(|address| address.path == asked.path).ok_or_else(|| Failure::new(40066))?;
    method(address.method, &asked.verb)?;
    let token = call.query.get("access_token").filter(|token| !token.is_empty());
    platform.state.tokens.check(token.ok_or_else(|| Failure::new(41001))?, real)?;
    if platform.tier < address.needs {
        return Err(Failure::new(48001));
    }
    platform.state.quota.take(address.path, address.daily, asked.now)?;
    (call.body, call.files) = read(asked, address)?;
    (address.run)(platform, &call)
}

fn method(wanted: Method, verb: &Verb) -> Result<(), Failure> {
    match (wanted, verb == Verb::POST) {
        (Method::Get, true) => Err(Failure::new(43001)),
        (Method::Post, false) => Err(Failure::new(43002)),
        _ => Ok(()),
    }
}

fn read(asked: &Asked, address: &Address) -> Result<(Value, Vec<Upload>), Failure> {
    if let Some(files) = &asked.files {
        let files = files.iter().map(|f| Upload { field: f.field.clone(), name: f.name.clone(), size: f.size });
        return Ok((Value::Null, files.collect()));
    }
    let is_optional = address.method == Method::Either;
    if asked.body.is_empty() && (asked.verb != Verb::POST || is_optional) {
        return Ok((Value::Null, Vec::new()));
    }
    Ok((json_body(&asked.body)?, Vec::new()))
}

/// JSON as the platform wants it: raw UTF-8, letters not written as `\uXXXX`.
fn json_body(body: &[u8]) -> Result<Value, Failure> {
    if body.is_empty() {
        return Err(Failure::new(44002));
    }
    let text = std::str::from_utf8(body).map_err(|_| Failure::new(40033))?;
    let value = serde_json::from_str(text).map_err(|_| Failure::new(47001))?;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character == '\\' && characters.next() == Some('u') {
            return Err(Failure::new(40033));
        }
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_written_as_numbers_are_refused_and_a_backslash_before_u_is_not() {
        assert!(json_body("{\"a\":\"中文 😀\"}".as_bytes()).is_ok());
        assert!(json_body(br#"{"a":"C:\\users"}"#).is_ok());
        assert_eq!(json_body(br#"{"a":"\u4e2d"}"#).unwrap_err().code, 40033);
        assert_eq!(json_body(b"{\"a\":\"\xd6\xd0\"}").unwrap_err().code, 40033);
        assert_eq!(json_body(b"{'a':1}").unwrap_err().code, 47001);
        assert_eq!(json_body(b"").unwrap_err().code, 44002);
    }

    #[test]
    fn every_address_has_a_limit_and_none_is_twice() {
        let paths: std::collections::HashSet<_> = ADDRESSES.iter().map(|address| address.path).collect();
        assert_eq!(paths.len(), ADDRESSES.len());
        assert!(ADDRESSES.iter().all(|address| address.daily > 0));
    }
}
