//! Error codes, in the platform's own words.

use serde_json::{Value, json};

/// A refused call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// `errcode`
    pub code: i32,
    /// `errmsg`
    pub message: String,
}

impl Failure {
    /// With the code's usual words.
    pub fn new(code: i32) -> Self {
        Self::saying(code, words(code))
    }

    /// With other words.
    pub fn saying(code: i32, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// As the platform answers it: with a number by which its owner could ask the platform.
    pub fn body(&self) -> Value {
        let id: [u8; 16] = rand::random();
        let id = data_encoding::HEXLOWER.encode(&id);
        json!({ "errcode": self.code, "errmsg": format!("{} rid: {}-{}-{}", self.message, &id[..8], &id[8..16], &id[16..24]) })
    }
}

fn words(code: i32) -> &'static str {
    match code {
        -1 => "system error",
        40001 => "invalid credential, access_token is invalid or not latest",
        40002 => "invalid grant_type",
        40003 => "invalid openid",
        40004 => "invalid media type",
        40005 => "invalid file type",
        40006 => "invalid media size",
        40007 => "invalid media_id",
        40008 => "invalid message type",
        40013 => "invalid appid",
        40014 => "invalid access_token",
        40032 => "invalid openid list size",
        40033 => "invalid charset. please check your request, if include \\uxxxx will create fail!",
        40052 => "invalid action name",
        40053 => "invalid action info",
        40059 => "invalid msg id",
        40066 => "invalid url",
        40125 => "invalid appsecret",
        41001 => "access_token missing",
        41002 => "appid missing",
        41004 => "appsecret missing",
        41005 => "media data missing",
        41009 => "missing openid",
        42001 => "access_token expired",
        43001 => "require GET method",
        43002 => "require POST method",
        44002 => "empty post data",
        44003 => "empty news data",
        44004 => "empty content",
        45002 => "content size out of limit",
        45003 => "title size out of limit",
        45004 => "description size out of limit",
        45009 => "reach max api daily quota limit",
        45011 => "api minute-quota reach limit, must slower retry next minute",
        45015 => "response out of time limit or subscription is canceled",
        45028 => "has no masssend quota",
        45047 => "out of response count limit",
        45056 => "too many tag now, no need to add new",
        45058 => "can't modify sys tag",
        45059 => "can not add this tag to user, has tag too many",
        45065 => "clientmsgid exist",
        45067 => "clientmsgid size out of limit",
        45072 => "invalid command",
        45080 => "can not send typing: no message from the user in the last 30 seconds",
        45081 => "already in typing state",
        45157 => "invalid tag name: the same tag name exists",
        45158 => "tag name too long",
        45159 => "invalid tag",
        47001 => "data format error",
        48001 => "api unauthorized",
        48006 => "forbid to clear quota because of reaching the limit",
        49003 => "not match openid with appid",
        53600 => "article id invalid",
        61500 => "date format error",
        61501 => "date range error",
        _ => "unknown error",
    }
}
