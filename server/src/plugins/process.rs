//! One worker process, from outside: started, asked, cancelled, killed. What to do when it ends is the supervisor's
//! matter.

mod end;
mod launch;
mod reader;
mod table;
mod writer;

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use plugin_protocol::frame::{Kind, Message};
use plugin_protocol::hello::{HostHello, Refusal, WorkerHello};
use plugin_protocol::host::HostOp;
use plugin_protocol::op::Op;
use plugin_protocol::{Code, Failure, PROTOCOL};
use tokio::io::BufReader;
use tokio::sync::{Notify, watch};

use super::log::Log;
use super::scope::Scope;
use super::worker::start::{Start, What};
use end::is_from_outside;
use launch::{Child, kill};
use table::{Ended, Table};
use writer::{Refused, Writer};

pub use end::{End, Why};
pub use launch::Launcher;

/// How long a worker has for its hello.
pub const HANDSHAKE: Duration = Duration::from_secs(2);
/// How long a call may take to notice that it was cancelled before its worker counts as hung.
pub const NOTICE: Duration = Duration::from_millis(100);
/// How long a process may live on after it closed its socket.
const LINGER: Duration = Duration::from_millis(200);

/// Answers what a plugin asks of the host, on behalf of a call.
pub type Answer =
    Arc<dyn Fn(Arc<Scope>, HostOp, Vec<u8>) -> BoxFuture<'static, Result<Vec<u8>, Failure>> + Send + Sync>;

/// A running worker. Dropping it kills it.
pub struct Process {
    /// What it said of itself.
    pub hello: WorkerHello,
    shared: Arc<Shared>,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Unanswered {
    /// The worker takes no calls any more and knows nothing of this one.
    NotSent,
    /// The call failed.
    Failed(Failure),
}

/// Why a worker did not start.
#[derive(Clone, Debug)]
pub enum NotStarted {
    /// It said why: trying again changes nothing.
    Refused(Refusal),
    /// It ended, said nothing in time, or could not be started.
    Died(String),
    /// It was killed from outside, or no process could be made: nothing that the plugin did.
    Outside(String),
}

struct Shared {
    pid: u32,
    table: Table,
    writer: Writer,
    log: Arc<Log>,
    answer: Answer,
    why: OnceLock<Why>,
    ended: watch::Sender<Option<End>>,
    hung: Notify,
    pong: Notify,
}

/// Starts a worker and waits for its hello.
pub async fn start(launcher: &Launcher, start: &Start, log: Arc<Log>, answer: Answer) -> Result<Process, NotStarted> {
    let died = |what: String| NotStarted::Died(what);
    let launched = launcher.launch(start).await;
    let (mut child, socket) =
        launched.map_err(|error| NotStarted::Outside(format!("it cannot be started: {error}")))?;
    let (read, write) = socket.into_split();
    for output in [child.output.take(), child.errors.take()].into_iter().flatten() {
        let log = log.clone();
        tokio::spawn(async move { log.follow(output).await });
    }
    let shared = Arc::new(Shared {
        pid: child.pid,
        table: Table::default(),
        writer: Writer::new(write),
        log,
        answer,
        why: OnceLock::new(),
        ended: watch::channel(None).0,
        hung: Notify::new(),
        pong: Notify::new(),
    });
    let hello = HostHello {
        protocol: [PROTOCOL, PROTOCOL],
        plugin: start.plugin.clone(),
        threads: start.threads,
        features: Vec::new(),
    };
    let hello = serde_json::to_vec(&hello).map_err(|error| died(error.to_string()))?;
    shared.writer.ready().await;
    // A worker that died at once is noticed below.
    let _ = shared.writer.send(&Message { payload: hello, ..Message::bare(Kind::Hello, 0) });
    let mut reader = BufReader::with_capacity(64 * 1024, read);
    let greeted = tokio::time::timeout(HANDSHAKE, reader::read_hello(&mut reader, &shared)).await;
    let hello = match greeted.unwrap_or_else(|_| Err(silence())).and_then(|answer| understand(&answer, start)) {
        Ok(hello) => hello,
        Err(problem) => {
            // What it wrote before it died may explain it.
            let status = tokio::time::timeout(LINGER, child.wait()).await;
            kill(shared.pid);
            let _ = child.wait().await;
            return Err(match (problem, status) {
                (NotStarted::Died(what), Ok(status)) if is_from_outside(status) => NotStarted::Outside(what),
                (NotStarted::Died(what), Ok(Some(status))) => died(format!("{what}: {status}")),
                (problem, _) => problem,
            });
        }
    };
    let process = Process { hello, shared: shared.clone() };
    tokio::spawn(keep(child, reader, shared));
    Ok(process)
}

fn silence() -> NotStarted {
    NotStarted::Died(format!("it said nothing for {} s after it was started", HANDSHAKE.as_secs()))
}

fn understand(answer: &[u8], start: &Start) -> Result<WorkerHello, NotStarted> {
    if let Ok(refusal) = serde_json::from_slice::<Refusal>(answer) {
        return Err(NotStarted::Refused(refusal));
    }
    let refuse = |refused: String, hint: &str| NotStarted::Refused(Refusal { refused, hint: hint.to_owned() });
    let hello: WorkerHello = serde_json::from_slice(answer)
        .map_err(|error| refuse(format!("its hello cannot be read: {error}"), "see the protocol's description"))?;
    if hello.protocol != PROTOCOL {
        let refused = format!("it chose version {} of the protocol, this server speaks {PROTOCOL}", hello.protocol);
        return Err(refuse(refused, "build the plugin with the SDK of this server"));
    }
    if hello.plugin != start.plugin || (start.what == What::Library && hello.sha256 != start.sha256) {
        let refused = format!("it says that it is {:?}, {:?} was started", hello.plugin, start.plugin);
        return Err(refuse(refused, "copy the plugin's file again"));
    }
    Ok(hello)
}

/// Stays with a worker until its process is gone and nobody waits for it.
async fn keep(mut child: Child, reader: BufReader<tokio::net::unix::OwnedReadHalf>, shared: Arc<Shared>) {
    let died = {
        let reading = reader::run(reader, &shared);
        let writing = shared.writer.run();
        tokio::pin!(reading, writing);
        tokio::select! {
            problem = &mut reading => match problem {
                Some(problem) => Err(Some(Why::Protocol(problem))),
                None => Err(None),
            },
            () = &mut writing => Err(Some(Why::Silent)),
            status = child.wait() => Ok(status),
        }
    };
    let status = match died {
        Ok(status) => status,
        Err(why) => {
            if let Some(why) = why {
                shared.kill(why);
            }
            match tokio::time::timeout(LINGER, child.wait()).await {
                Ok(status) => status,
                Err(_) => {
                    shared.kill(Why::Protocol("it closed its socket and lived on".into()));
                    child.wait().await
                }
            }
        }
    };
    // Whoever it may have started.
    kill(shared.pid);
    drop(child);
    let killed = shared.why.get().cloned();
    let operation = shared.table.oldest();
    shared.table.close(Ended::Died);
    let end = End { status, killed, operation };
    shared.table.fail_all(&Failure::new(Code::WorkerDied, end.to_string()));
    shared.ended.send_replace(Some(end));
}

impl Shared {
    fn kill(&self, why: Why) {
        let _ = self.why.set(why);
        if self.ended.borrow().is_none() {
            kill(self.pid);
        }
    }

    fn send(&self, message: &Message) -> Result<(), Refused> {
        let sent = self.writer.send(message);
        if matches!(sent, Err(Refused::Stuck)) {
            self.kill(Why::Silent);
        }
        sent
    }
}

impl Process {
    /// Its process.
    pub fn pid(&self) -> u32 {
        self.shared.pid
    }

    /// Does an operation. When nobody waits for it any more, because its time is up or the future is dropped, the
    /// worker is told so.
    pub async fn call(&self, op: Op, scope: Arc<Scope>, payload: Vec<u8>) -> Result<Vec<u8>, Unanswered> {
        let deadline = scope.deadline;
        let left = deadline.saturating_duration_since(Instant::now());
        let timeout = || Failure::new(Code::Timeout, format!("no answer to {} in time", op.name()));
        if left.is_zero() {
            return Err(Unanswered::Failed(timeout()));
        }
        let Some((id, answered)) = self.shared.table.enter(op, scope) else { return Err(Unanswered::NotSent) };
        let mut waiting = Waiting { shared: &self.shared, id, deadline, over: false };
        let deadline_ms = u32::try_from(left.as_millis().max(1)).unwrap_or(u32::MAX);
        let message = Message { op: op as u16, deadline_ms, payload, ..Message::bare(Kind::Call, id) };
        if let Err(refused) = self.shared.send(&message) {
            waiting.over = true;
            self.shared.table.leave(id);
            return Err(match refused {
                Refused::TooLong(error) => Unanswered::Failed(Failure::new(Code::BadRequest, error.to_string())),
                Refused::Stuck => Unanswered::Failed(Failure::new(Code::Busy, "the worker does not read")),
            });
        }
        match tokio::time::timeout_at(deadline.into(), answered).await {
            Ok(Ok((code, bytes))) => {
                waiting.over = true;
                if code == Code::Ok { Ok(bytes) } else { Err(Unanswered::Failed(Failure::from_bytes(code, &bytes))) }
            }
            Ok(Err(_)) => {
                waiting.over = true;
                Err(Unanswered::Failed(Failure::new(Code::WorkerDied, "the worker ended")))
            }
            Err(_) => Err(Unanswered::Failed(timeout())),
        }
    }

    /// Waits until the process is gone.
    pub async fn ended(&self) -> End {
        let mut ended = self.shared.ended.subscribe();
        let lost = End { status: None, killed: None, operation: None };
        ended.wait_for(Option::is_some).await.ok().and_then(|end| end.clone()).unwrap_or(lost)
    }

    /// Whether the process still lives.
    pub fn is_alive(&self) -> bool {
        self.shared.ended.borrow().is_none()
    }

    /// Waits until a call has not ended though it was cancelled.
    pub async fn hung(&self) {
        self.shared.hung.notified().await;
    }

    /// Whether the process still reads and answers.
    pub async fn ping(&self, within: Duration) -> bool {
        let pong = self.shared.pong.notified();
        self.shared.send(&Message::bare(Kind::Ping, 0)).is_ok() && tokio::time::timeout(within, pong).await.is_ok()
    }

    /// From now on it takes no calls.
    pub fn retire(&self) {
        self.shared.table.close(Ended::Retired);
    }

    /// Waits for the calls in progress, then ends the process: politely where nothing hangs, else by killing it.
    pub async fn drain(&self, within: Duration) {
        self.retire();
        let until = Instant::now() + within;
        if !self.shared.table.idle(until).await {
            return self.kill(Why::Hung).await;
        }
        let _ = self.shared.send(&Message::bare(Kind::Drain, 0));
        let _ = tokio::time::timeout(Duration::from_secs(1), self.shared.table.said_bye()).await;
        self.kill(Why::Done).await;
    }

    /// How long the calls in progress may still take.
    pub fn longest(&self) -> Duration {
        self.shared.table.longest()
    }

    /// Calls in progress.
    pub fn calls(&self) -> usize {
        self.shared.table.count()
    }

    /// Kills it, with everything it may have started, and waits until it is gone.
    pub async fn kill(&self, why: Why) {
        self.shared.kill(why);
        self.ended().await;
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.shared.kill(Why::Done);
    }
}

/// A call that somebody waits for.
struct Waiting<'a> {
    shared: &'a Arc<Shared>,
    id: u64,
    deadline: Instant,
    over: bool,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if self.over {
            return;
        }
        let (shared, id, deadline) = (self.shared.clone(), self.id, self.deadline);
        let _ = shared.send(&Message::bare(Kind::Cancel, id));
        // Until its time is up and it has had a moment to notice, it is not hung.
        tokio::spawn(async move {
            tokio::time::sleep_until((deadline + NOTICE).into()).await;
            if shared.table.is_running(id) {
                shared.hung.notify_one();
            }
        });
    }
}
