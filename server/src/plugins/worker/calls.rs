//! The calls in progress: who works on them, who waits for the server, who is no longer waited for.

use std::collections::{HashMap, VecDeque};
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use plugin_loader::Services;
use plugin_protocol::frame::{Assembler, Kind, Message};
use plugin_protocol::host::HostOp;
use plugin_protocol::op::Op;
use plugin_protocol::{Code, Failure};

use super::library::Library;
use super::line::{self, Line};
use super::start::Finish;
use crate::plugins::render::Renderer;

/// Calls that may wait for a thread.
const MOST_WAITING: usize = 256;
/// How long a plugin may ask the server outside of any call.
const OUTSIDE: Duration = Duration::from_secs(30);

/// What the reader leaves to the main thread.
pub(super) enum Task {
    /// Nobody waits for this call any more.
    Cancel(u64),
    /// Finish, and end.
    Drain,
}

/// The calls in progress.
pub(super) struct Calls {
    line: Arc<Line>,
    state: Mutex<State>,
    /// A call waits for a thread.
    work: Condvar,
    /// No call waits or runs.
    idle: Condvar,
    /// Questions to the server, by their id.
    asked: Mutex<HashMap<u64, Asked>>,
    next_question: AtomicU64,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Message>,
    /// When the time of a call that waits or runs is up; gone when it was cancelled or is done.
    alive: HashMap<u64, Option<Instant>>,
    running: usize,
    /// Calls that are done.
    done: u64,
    opened: bool,
}

struct Asked {
    parent: u64,
    answer: SyncSender<(i32, Vec<u8>)>,
}

impl Calls {
    pub(super) fn new(line: Arc<Line>) -> Self {
        Self {
            line,
            state: Mutex::default(),
            work: Condvar::new(),
            idle: Condvar::new(),
            asked: Mutex::default(),
            next_question: AtomicU64::new(1),
        }
    }

    /// From now on calls are taken.
    pub(super) fn open(&self) {
        self.state().opened = true;
        self.work.notify_all();
    }

    /// Reads the socket until the server is gone, then ends the process.
    pub(super) fn read(&self, mut from: impl Read, tell: &Sender<Task>) {
        let mut assembler = Assembler::default();
        while let Some((header, payload)) = line::read_frame(&mut from) {
            let Ok(message) = assembler.take(header, payload) else { break };
            let Some(message) = message else { continue };
            match message.kind {
                Kind::Call => self.take(message),
                Kind::HostReply => self.answered(message.id, i32::from(message.op), message.payload),
                Kind::Cancel => {
                    self.cancel(message.id);
                    let _ = tell.send(Task::Cancel(message.id));
                }
                Kind::Ping => self.line.send(&Message::bare(Kind::Pong, message.id)),
                Kind::Drain => drop(tell.send(Task::Drain)),
                _ => break,
            }
        }
        super::end_at_once();
    }

    fn take(&self, message: Message) {
        let until =
            (message.deadline_ms > 0).then(|| Instant::now() + Duration::from_millis(u64::from(message.deadline_ms)));
        let mut state = self.state();
        if state.waiting.len() >= MOST_WAITING {
            drop(state);
            let failure = Failure::new(Code::Busy, "too many calls are waiting");
            return self.reply(message.id, Code::Busy.number(), failure.to_bytes());
        }
        state.alive.insert(message.id, until);
        state.waiting.push_back(message);
        drop(state);
        self.work.notify_one();
    }

    /// Works on calls, one after another, as long as the process lives.
    pub(super) fn work(&self, plugin: &Library, renderer: &Renderer) {
        loop {
            let call = self.next();
            let (code, answer) = if self.is_alive(call.id) {
                // What the plugin does cannot unwind to here; this is for what is done beside it.
                catch_unwind(AssertUnwindSafe(|| perform(&call, plugin, renderer))).unwrap_or_else(|_| {
                    let failure = Failure::new(Code::Panic, "the worker panicked; its log says where");
                    (Code::Panic.number(), failure.to_bytes())
                })
            } else {
                (Code::Cancelled.number(), Vec::new())
            };
            self.reply(call.id, code, answer);
            let mut state = self.state();
            state.alive.remove(&call.id);
            state.running -= 1;
            state.done += 1;
            let idle = state.running == 0 && state.waiting.is_empty();
            drop(state);
            if idle {
                self.idle.notify_all();
            }
        }
    }

    fn next(&self) -> Message {
        let mut state = self.state();
        loop {
            if state.opened
                && let Some(call) = state.waiting.pop_front()
            {
                state.running += 1;
                return call;
            }
            state = self.work.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// How many calls it has worked on.
    pub(super) fn worked(&self) -> u64 {
        self.state().done
    }

    /// Whether no call waits or runs.
    pub(super) fn is_idle(&self) -> bool {
        let state = self.state();
        state.running == 0 && state.waiting.is_empty()
    }

    /// Waits until no call waits or runs.
    pub(super) fn wait_until_idle(&self) {
        let mut state = self.state();
        while state.running > 0 || !state.waiting.is_empty() {
            state = self.idle.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn reply(&self, id: u64, code: i32, payload: Vec<u8>) {
        // What a plugin returns is one of the codes it may return, so it is small.
        let number = |code: Code| u16::try_from(code.number()).unwrap_or(u16::MAX);
        let op = number(Code::from_plugin(code));
        let message = Message { op, payload, ..Message::bare(Kind::Reply, id) };
        if let Err(error) = self.line.try_send(&message) {
            let failure = Failure::new(Code::PluginError, format!("the answer cannot be sent: {error}"))
                .hint("answer in pages of a few hundred rows");
            let op = number(Code::PluginError);
            self.line.send(&Message { op, payload: failure.to_bytes(), ..Message::bare(Kind::Reply, id) });
        }
    }

    fn cancel(&self, token: u64) {
        self.state().alive.remove(&token);
        // Whoever waits for the server on behalf of this call need not wait any more.
        self.asked().retain(|_, asked| {
            let goes = asked.parent == token;
            if goes {
                let _ = asked.answer.try_send((Code::Cancelled.number(), Vec::new()));
            }
            !goes
        });
    }

    fn answered(&self, question: u64, code: i32, payload: Vec<u8>) {
        if let Some(asked) = self.asked().remove(&question) {
            let _ = asked.answer.try_send((code, payload));
        }
    }

    /// Asks the server on behalf of a call and waits for its answer.
    pub(super) fn ask(&self, token: u64, op: u32, input: &[u8]) -> (i32, Vec<u8>) {
        let refuse = |code: Code, why: &str| (code.number(), Failure::new(code, why).to_bytes());
        let Ok(op) = u16::try_from(op) else {
            return refuse(Code::Unsupported, "the host has no such service");
        };
        if u32::from(op) == HostOp::Log as u32 {
            // Nobody waits for a line of the log.
            let message = Message { parent: token, payload: input.to_vec(), ..Message::bare(Kind::Log, 0) };
            return match self.line.try_send(&message) {
                Ok(()) => (0, b"null".to_vec()),
                Err(error) => refuse(Code::BadRequest, &error.to_string()),
            };
        }
        let within = match self.state().alive.get(&token) {
            Some(Some(until)) => until.saturating_duration_since(Instant::now()),
            Some(None) => OUTSIDE,
            None => return refuse(Code::Cancelled, "nobody waits for this call any more"),
        };
        let id = self.next_question.fetch_add(1, Ordering::Relaxed);
        let (answer, answered) = sync_channel(1);
        self.asked().insert(id, Asked { parent: token, answer });
        let message = Message {
            op,
            parent: token,
            deadline_ms: u32::try_from(within.as_millis()).unwrap_or(u32::MAX),
            payload: input.to_vec(),
            ..Message::bare(Kind::HostCall, id)
        };
        if let Err(error) = self.line.try_send(&message) {
            self.asked().remove(&id);
            return refuse(Code::BadRequest, &error.to_string());
        }
        match answered.recv_timeout(within) {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                self.asked().remove(&id);
                refuse(Code::Cancelled, "the time of this call is up")
            }
        }
    }

    /// Whether somebody still waits for this call.
    pub(super) fn is_alive(&self, token: u64) -> bool {
        match self.state().alive.get(&token) {
            Some(Some(until)) => Instant::now() < *until,
            Some(None) => true,
            None => false,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn asked(&self) -> MutexGuard<'_, HashMap<u64, Asked>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The way of the plugin's calls to the server.
pub(super) struct Answers(pub(super) Arc<Calls>);

impl Services for Answers {
    fn call(&self, token: u64, op: u32, input: &[u8]) -> (i32, Vec<u8>) {
        self.0.ask(token, op, input)
    }

    fn alive(&self, token: u64) -> bool {
        self.0.is_alive(token)
    }
}

fn perform(call: &Message, plugin: &Library, renderer: &Renderer) -> (i32, Vec<u8>) {
    let op = u32::from(call.op);
    if plugin.only_renders() {
        return Finish::apply(&call.payload, renderer);
    }
    if op == Op::Render as u32 {
        return renderer.render(&call.payload);
    }
    let (code, answer) = plugin.call(call.id, op, &call.payload);
    renderer.finish(op, code, answer, &call.payload)
}
