//! What a worker says. Anything that is no message of the protocol is a reason to kill it.

use std::sync::Arc;
use std::time::Instant;

use plugin_protocol::frame::{Assembler, HEADER, Header, Kind, Message};
use plugin_protocol::host::{self, HostOp};
use plugin_protocol::{Code, Failure};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::sync::Semaphore;

use super::table::Known;
use super::{NotStarted, Shared};

/// Questions of one worker that are answered at a time; its own threads ask no more than one each.
const MOST_QUESTIONS: usize = 64;

/// Reads a frame; `Ok(None)`: the worker closed its end.
async fn read_frame(from: &mut (impl AsyncRead + Unpin)) -> Result<Option<(Header, Vec<u8>)>, String> {
    let mut header = [0; HEADER];
    if from.read_exact(&mut header).await.is_err() {
        return Ok(None);
    }
    let header = Header::from_bytes(&header).map_err(|error| error.to_string())?;
    let mut payload = vec![0; header.length as usize];
    Ok(from.read_exact(&mut payload).await.is_ok().then_some((header, payload)))
}

/// Reads up to the hello.
pub(super) async fn read_hello(
    from: &mut (impl AsyncRead + Unpin),
    shared: &Arc<Shared>,
) -> Result<Vec<u8>, NotStarted> {
    let mut assembler = Assembler::default();
    loop {
        let frame = read_frame(from).await.map_err(NotStarted::Died)?;
        let (header, payload) = frame.ok_or_else(|| NotStarted::Died("it ended before it said hello".into()))?;
        let message = assembler.take(header, payload).map_err(|error| NotStarted::Died(error.to_string()))?;
        match message {
            Some(message) if message.kind == Kind::Hello => return Ok(message.payload),
            Some(message) if message.kind == Kind::Log => log(shared, &message),
            Some(message) => return Err(NotStarted::Died(format!("it said {:?} before its hello", message.kind))),
            None => {}
        }
    }
}

/// Reads until the worker closes its end (`None`) or breaks the protocol.
pub(super) async fn run(mut from: impl AsyncRead + Unpin, shared: &Arc<Shared>) -> Option<String> {
    let mut assembler = Assembler::default();
    let room = Arc::new(Semaphore::new(MOST_QUESTIONS));
    loop {
        let (header, payload) = match read_frame(&mut from).await {
            Ok(Some(frame)) => frame,
            Ok(None) => return None,
            Err(problem) => return Some(problem),
        };
        let message = match assembler.take(header, payload) {
            Ok(Some(message)) => message,
            Ok(None) => continue,
            Err(error) => return Some(error.to_string()),
        };
        match message.kind {
            Kind::Reply => {
                let code = Code::from_plugin(i32::from(message.op));
                if shared.table.answer(message.id, (code, message.payload)) == Known::Never {
                    return Some(format!("it answered call {}, which was never made", message.id));
                }
            }
            Kind::HostCall => question(shared, &room, message),
            Kind::Log => log(shared, &message),
            Kind::Pong => shared.pong.notify_waiters(),
            Kind::Bye => shared.table.bye(),
            Kind::Hello | Kind::Call | Kind::HostReply | Kind::Cancel | Kind::Ping | Kind::Drain => {
                return Some(format!("it said {:?}, which only the host may", message.kind));
            }
        }
    }
}

fn log(shared: &Shared, message: &Message) {
    match serde_json::from_slice::<host::Log>(&message.payload) {
        Ok(line) => shared.log.push(&line.level, &line.message),
        Err(_) => shared.log.push("warn", "a line that is no JSON with level and message"),
    };
}

/// Answers what the plugin asks, beside everything else.
fn question(shared: &Arc<Shared>, room: &Arc<Semaphore>, message: Message) {
    let shared = shared.clone();
    let id = message.id;
    let reply = move |shared: &Shared, outcome: Result<Vec<u8>, Failure>| {
        let (code, payload) = match outcome {
            Ok(bytes) => (Code::Ok, bytes),
            Err(failure) => (failure.code, failure.to_bytes()),
        };
        let op = u16::try_from(code.number()).unwrap_or(u16::MAX);
        let message = Message { op, payload, ..Message::bare(Kind::HostReply, id) };
        if let Err(super::Refused::TooLong(error)) = shared.send(&message) {
            let failure =
                Failure::new(Code::BadRequest, format!("the answer is {error}")).hint("ask for less at a time");
            let op = u16::try_from(Code::BadRequest.number()).unwrap_or(u16::MAX);
            let _ = shared.send(&Message { op, payload: failure.to_bytes(), ..Message::bare(Kind::HostReply, id) });
        }
    };
    let Some(scope) = shared.table.scope(message.parent) else {
        return reply(&shared, Err(Failure::new(Code::Cancelled, "nobody waits for this call any more")));
    };
    let Some(op) = HostOp::from_number(u32::from(message.op)) else {
        return reply(&shared, Err(Failure::new(Code::Unsupported, format!("the host has no service {}", message.op))));
    };
    let Ok(place) = room.clone().try_acquire_owned() else {
        return reply(&shared, Err(Failure::new(Code::Busy, "too many questions at a time")));
    };
    tokio::spawn(async move {
        let deadline = scope.deadline.max(Instant::now());
        let answering = (shared.answer)(scope, op, message.payload);
        let outcome = tokio::time::timeout_at(deadline.into(), answering)
            .await
            .unwrap_or_else(|_| Err(Failure::new(Code::Cancelled, "the time of this call is up")));
        drop(place);
        reply(&shared, outcome);
    });
}
