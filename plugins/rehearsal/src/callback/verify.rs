//! Whether the account's server knows the token: it repeats a word when it does, and refuses strangers.

use std::time::Instant;

use chrono::Utc;

use super::request::{Connection, answer, nonce, seconds, signed, with_query};
use crate::exchange::{Exchange, shortened};
use crate::message::{Content, Matter, body, fields};
use crate::room::Room;
use crate::words::Problem;

/// The GET with which a server is connected.
pub async fn verify(room: &Room) -> Result<(), Problem> {
    let (connection, url) = connected(room)?;
    let word = rand::random_range(1_000_000_000_000_000_000..u64::MAX).to_string();
    let mut query = signed(&connection.account.token, &seconds().to_string(), &nonce());
    query.push(("echostr", word.clone()));
    let url = with_query(&url, &query);
    let (at, start) = (Utc::now(), Instant::now());
    let answered = answer(room, room.http.get(&url)).await;
    let (status, text) = match &answered {
        Ok((status, body)) => (Some(*status), String::from_utf8_lossy(body).into_owned()),
        Err(_) => (None, String::new()),
    };
    let outcome = match answered {
        Err(problem) => Err(problem),
        Ok((200, body)) if body == word.as_bytes() => Ok(()),
        Ok((200, _)) if text.contains(&word) => Err(Problem::new("problem-echo-not-alone").with("got", shown(&text))),
        Ok((200, _)) => Err(Problem::new("problem-echo").with("got", shown(&text))),
        Ok((401 | 403, _)) => Err(Problem::new("problem-echo-refused")),
        Ok((status, _)) => Err(Problem::new("failure-status").with("status", status)),
    };
    room.platform().remember(Exchange {
        at,
        to_account: true,
        line: format!("GET {url}"),
        request: String::new(),
        status,
        response: shortened(&text),
        milliseconds: start.elapsed().as_millis(),
        problem: outcome.as_ref().err().cloned(),
    });
    outcome
}

/// A message of somebody who does not know the token.
pub async fn forge(room: &Room, text: &str) -> Result<u16, Problem> {
    let (connection, url) = connected(room)?;
    let message = Matter::Message { content: Content::text(text), id: 1, article: None };
    let fields = fields(&message, &connection.account.original_id, "oStranger", seconds() as i64);
    let body = body(&fields, connection.format);
    let url = with_query(&url, &signed("not the token", &seconds().to_string(), &nonce()));
    let (at, start) = (Utc::now(), Instant::now());
    let (status, answered) =
        answer(room, room.http.post(&url).header("content-type", "text/xml").body(body.clone())).await?;
    room.platform().remember(Exchange {
        at,
        to_account: true,
        line: format!("POST {url}"),
        request: shortened(&body),
        status: Some(status),
        response: shortened(&String::from_utf8_lossy(&answered)),
        milliseconds: start.elapsed().as_millis(),
        problem: (status < 400).then(|| Problem::new("problem-forged-taken")),
    });
    Ok(status)
}

fn connected(room: &Room) -> Result<(Connection, String), Problem> {
    let connection = Connection::of(room).ok_or_else(|| Problem::new("failure-no-callback"))?;
    let url = connection.callback.clone().ok_or_else(|| Problem::new("failure-no-callback"))?;
    Ok((connection, url))
}

fn shown(text: &str) -> String {
    text.chars().take(60).collect()
}
