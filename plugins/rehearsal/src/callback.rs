//! Tells the account something, as the platform does: signed, five seconds, three times at most.

mod request;
mod verify;

use std::time::{Duration, Instant};

use chrono::Utc;

use crate::exchange::{Exchange, shortened};
use crate::message::{Matter, fields};
use crate::options::Tier;
use crate::platform::Parcel;
use crate::reply::{self, Expected, Reply};
use crate::room::Room;
use crate::truth::Outcome;
use crate::words::Problem;

pub use request::{Connection, Request};

/// A request is made at most so often.
const TRIES: usize = 3;
/// What the platform says when the account says nothing.
pub const UNAVAILABLE: &str = "该公众号暂时无法提供服务，请稍后再试";

/// What became of something that the account was told.
#[derive(Clone, Debug)]
pub struct Delivered {
    /// The number of its letter in the [truth](crate::Truth).
    pub letter: usize,
    /// What the follower sees at once.
    pub seen: Seen,
    /// Every try, the last one last; repeats by a fault are in `repeats`.
    pub tries: Vec<Attempt>,
    /// What was answered to repeats that a fault brought about.
    pub repeats: Vec<Result<Reply, Problem>>,
    /// What was wrong, if something was.
    pub problem: Option<Problem>,
}

/// What the follower sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// The account's answer.
    Reply(Reply),
    /// Nothing.
    Nothing,
    /// 该公众号暂时无法提供服务，请稍后再试
    Unavailable,
}

impl Seen {
    /// The words of a text answer, else nothing.
    pub fn text(&self) -> &str {
        match self {
            Self::Reply(Reply::Text(text)) => text,
            _ => "",
        }
    }
}

/// One request and what came of it.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// How long it took.
    pub took: Duration,
    /// A good answer, or what was wrong.
    pub answer: Result<Reply, Problem>,
}

impl Attempt {
    /// Whether there was no answer in time, or the account said that it has none yet: no other answer than before.
    fn is_unanswered(&self) -> bool {
        self.status.is_none_or(|status| status >= 500)
    }

    /// Whether the platform has no answer at all and asks again. A bad answer is an answer.
    fn is_repeated(&self) -> bool {
        self.status != Some(200)
    }
}

/// Tells the account something and writes down what came of it.
pub async fn deliver(room: &Room, parcel: Parcel) -> Delivered {
    let connection = Connection::of(room);
    let faults = room.faults();
    let connected = connection.as_ref().filter(|connection| connection.tier != Tier::Zero);
    let Some((connection, url)) = connected.and_then(|c| Some((c, c.callback.clone()?))) else {
        room.platform().settle(&parcel, 0, Outcome::NotConnected, None, None);
        let nothing = Delivered {
            letter: parcel.letter,
            seen: Seen::Nothing,
            tries: Vec::new(),
            repeats: Vec::new(),
            problem: None,
        };
        return nothing;
    };
    let openid = room.openid_of(&parcel);
    let fields = fields(&parcel.matter, &connection.account.original_id, &openid, parcel.at.timestamp());
    let request = Request::new(connection, &url, &openid, &fields);
    let _turn = if faults.reordered { Some(room.swap.pass().await) } else { None };
    let mut tries = Vec::new();
    let mut repeats = Vec::new();
    while tries.len() < TRIES {
        if !tries.is_empty() {
            tokio::time::sleep(room.options.retry_pause).await;
        }
        if faults.three_at_once && tries.is_empty() {
            let three = [(); 3].map(|()| attempt(room, connection, &request, &openid));
            let mut three = futures_util::future::join_all(three).await;
            // The follower reads the first good answer; the others must say the same.
            let good = three.iter().position(|attempt| !attempt.is_repeated()).unwrap_or(0);
            let first = three.swap_remove(good);
            repeats.extend(three);
            tries.push(first);
        } else {
            tries.push(attempt(room, connection, &request, &openid).await);
        }
        if tries.last().is_some_and(|attempt| !attempt.is_repeated()) {
            break;
        }
    }
    if faults.duplicates {
        repeats.push(attempt(room, connection, &request, &openid).await);
    }
    conclude(room, &parcel, tries, repeats)
}

fn conclude(room: &Room, parcel: &Parcel, tries: Vec<Attempt>, repeats: Vec<Attempt>) -> Delivered {
    let last = tries.last().expect("a request is made at least once");
    let waits = match &parcel.matter {
        Matter::Message { .. } => true,
        Matter::Event(event) => event.is_waited_for(),
    };
    let (outcome, seen, mut problem) = match &last.answer {
        Ok(Reply::Nothing | Reply::Transfer) => (Outcome::Taken, Seen::Nothing, None),
        Ok(reply) if parcel.person.is_some() => (Outcome::Replied, Seen::Reply(reply.clone()), None),
        Ok(_) => (Outcome::Taken, Seen::Nothing, None),
        Err(problem) => {
            let outcome = if last.is_repeated() { Outcome::Unanswered } else { Outcome::Refused };
            (outcome, if waits { Seen::Unavailable } else { Seen::Nothing }, Some(problem.clone()))
        }
    };
    let differs = |repeat: &Attempt| !repeat.is_unanswered() && repeat.answer != last.answer;
    if problem.is_none() && repeats.iter().any(differs) {
        problem = Some(Problem::new("problem-repeat-differs"));
    }
    let shown = match &seen {
        Seen::Reply(reply) => reply.shown(),
        Seen::Unavailable => Some(UNAVAILABLE.to_owned()),
        Seen::Nothing => None,
    };
    room.platform().settle(parcel, tries.len() + repeats.len(), outcome, shown, problem.clone());
    let repeats = repeats.into_iter().map(|repeat| repeat.answer).collect();
    Delivered { letter: parcel.letter, seen, tries, repeats, problem }
}

async fn attempt(room: &Room, connection: &Connection, request: &Request, openid: &str) -> Attempt {
    let (at, start) = (Utc::now(), Instant::now());
    let answered = request.send(room).await;
    let took = start.elapsed();
    let expected = Expected {
        account: &connection.account.original_id,
        openid,
        mode: connection.mode,
        format: connection.format,
        token: &connection.account.token,
        cipher: connection.cipher.as_ref(),
    };
    let (status, body, answer) = match answered {
        Ok((200, body)) => (Some(200), String::from_utf8_lossy(&body).into_owned(), reply::read(&body, &expected)),
        Ok((status, body)) => {
            let problem = Problem::new("failure-status").with("status", status);
            (Some(status), String::from_utf8_lossy(&body).into_owned(), Err(problem))
        }
        Err(problem) => (None, String::new(), Err(problem)),
    };
    room.platform().remember(Exchange {
        at,
        to_account: true,
        line: format!("POST {}", request.url),
        request: shortened(&request.body),
        status,
        response: shortened(&body),
        milliseconds: took.as_millis(),
        problem: answer.as_ref().err().cloned(),
    });
    Attempt { status, took, answer }
}

/// Asks the account whether it is the one that knows the token (GET with `echostr`).
pub async fn verify(room: &Room) -> Result<(), Problem> {
    verify::verify(room).await
}

/// Somebody who does not know the token pretends to be the platform; the account must refuse. Gives its status.
pub async fn forge(room: &Room, text: &str) -> Result<u16, Problem> {
    verify::forge(room, text).await
}
