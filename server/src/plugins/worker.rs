//! A worker process, from inside: this program started again under a hidden subcommand. It shuts itself in, opens one
//! plugin and answers the server over a socket, until the server is done with it or gone.
//!
//! One thread reads the socket and never runs plugin code, so that a ping is answered whatever the plugin does, and the
//! process ends with the server even while a plugin's thread spins. Calls run on threads of their own; the main thread
//! does what the C interface keeps away from them (starting, cancelling, shutting down).

mod calls;
mod library;
mod limits;
mod line;
mod memory;
mod program;
mod sandbox;
pub mod start;
#[cfg(target_os = "linux")]
pub mod zygote;

use std::ffi::OsStr;
use std::io::{BufReader, Read, Write as _};
use std::os::fd::AsFd as _;
use std::os::unix::net::UnixStream;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use plugin_protocol::frame::{Kind, Message};
use plugin_protocol::hello::{HostHello, Refusal, Sandbox, WorkerHello};
use plugin_protocol::{Code, PROTOCOL};

use super::render::Renderer;
use calls::{Answers, Calls, Task};
use library::Library;
use line::Line;
use start::{Start, What};

/// The hidden subcommand.
pub const SUBCOMMAND: &str = "__plugin-worker";
/// Stack of a thread that runs calls.
const STACK: usize = 4 * 1024 * 1024;
/// After so long without a task for the main thread it looks whether the worker rests.
const REST: Duration = Duration::from_secs(10);
/// How long a plugin has to put its things away before the process ends.
const GRACE: Duration = Duration::from_millis(500);

/// Does the work of a worker when the command line asks for one; `None`: it does not.
pub fn run_if_asked() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    let subcommand = arguments.next()?;
    let done = if subcommand == SUBCOMMAND {
        memory::keep_little();
        Start::from_argument(arguments.next()).and_then(|start| work(&start))
    } else {
        zygote_if_asked(&subcommand)?
    };
    Some(match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem:#}");
            ExitCode::from(3)
        }
    })
}

#[cfg(target_os = "linux")]
fn zygote_if_asked(subcommand: &OsStr) -> Option<anyhow::Result<()>> {
    (subcommand == zygote::SUBCOMMAND).then(zygote::run)
}

#[cfg(not(target_os = "linux"))]
fn zygote_if_asked(_: &OsStr) -> Option<anyhow::Result<()>> {
    None
}

fn work(start: &Start) -> anyhow::Result<()> {
    // The socket comes as standard input: the one place where a child finds it without `unsafe`.
    let socket = limits::take_socket()?;
    limits::apply(start)?;
    match start.what {
        What::Program => program::become_it(start, socket),
        What::Library | What::Renderer => answer(start, UnixStream::from(socket)),
    }
}

/// Opens the plugin and answers until the server has had enough.
fn answer(start: &Start, socket: UnixStream) -> anyhow::Result<()> {
    let socket = Arc::new(socket);
    let line = Arc::new(Line::new(socket.clone()));
    let mut reader = BufReader::with_capacity(64 * 1024, Socket(socket));
    let hello = match line::read_hello(&mut reader).and_then(|hello| agree(start, &hello).map(|()| hello)) {
        Ok(hello) => hello,
        Err(problem) => return refuse(&line, &problem, "start the plugin from a server of the same release"),
    };
    let checked = match library::check(start) {
        Ok(checked) => checked,
        Err(problem) => return refuse(&line, &problem, "copy the plugin's file again"),
    };
    let calls_shut = sandbox::no_system_calls(sandbox::Programs::None);
    let _ = sandbox::only_files(&sandbox::libraries(&start.file));
    let calls = Arc::new(Calls::new(line.clone()));
    let (tell, told) = std::sync::mpsc::channel();
    let reading = calls.clone();
    // It stands before the library is opened, so that the process ends with the server even then.
    spawn("reader", move || {
        let _ = sandbox::only_files(&[]);
        reading.read(reader, &tell)
    })?;
    let plugin = match Library::open(start, &checked, Arc::new(Answers(calls.clone()))) {
        Ok(plugin) => plugin,
        Err(problem) => return refuse(&line, &problem, "build the plugin anew on this machine"),
    };
    let files_shut = sandbox::only_files(&[]);
    let plugin = Arc::new(plugin);
    if let Err(problem) = plugin.init() {
        return refuse(&line, &problem, "its log says more");
    }
    limits::step_back();
    let renderer = Arc::new(Renderer::new(&checked));
    for number in 0..hello.threads.max(1) {
        let (calls, plugin, renderer) = (calls.clone(), plugin.clone(), renderer.clone());
        spawn(&format!("call {number}"), move || calls.work(&plugin, &renderer))?;
    }
    let greeting = WorkerHello {
        protocol: PROTOCOL,
        plugin: start.plugin.clone(),
        sha256: start.sha256.clone(),
        sdk: plugin.sdk(),
        sandbox: Sandbox { files: files_shut, calls: calls_shut },
        features: Vec::new(),
    };
    memory::give_back();
    line.send(&Message { payload: serde_json::to_vec(&greeting)?, ..Message::bare(Kind::Hello, 0) });
    calls.open();
    let mut worked = calls.worked();
    loop {
        match told.recv_timeout(REST) {
            Ok(Task::Cancel(token)) => plugin.cancel(token),
            Ok(Task::Drain) => {
                calls.wait_until_idle();
                plugin.shutdown(GRACE);
                line.send(&Message::bare(Kind::Bye, 0));
                std::io::stdout().flush()?;
                return Ok(());
            }
            Err(RecvTimeoutError::Timeout) => {
                let now = calls.worked();
                // Not while it works, and once for each time that it has worked.
                if now != worked && calls.is_idle() {
                    worked = now;
                    renderer.rest();
                    memory::give_back();
                }
            }
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
    }
}

/// The one socket, shared by whoever reads and whoever writes.
struct Socket(Arc<UnixStream>);

impl Read for Socket {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        (&*self.0).read(into)
    }
}

fn agree(start: &Start, hello: &HostHello) -> Result<(), String> {
    let [lowest, highest] = hello.protocol;
    if !(lowest..=highest).contains(&PROTOCOL) {
        return Err(format!("the server speaks the protocol {lowest} to {highest}, this worker {PROTOCOL}"));
    }
    if hello.plugin != start.plugin {
        return Err(format!("the server expects {:?}, this worker was started for {:?}", hello.plugin, start.plugin));
    }
    Ok(())
}

/// Says why it does not start.
fn refuse(line: &Line, why: &str, hint: &str) -> anyhow::Result<()> {
    let refusal = Refusal { refused: why.to_owned(), hint: hint.to_owned() };
    let code = u16::try_from(Code::Incompatible.number()).unwrap_or_default();
    line.send(&Message { op: code, payload: serde_json::to_vec(&refusal)?, ..Message::bare(Kind::Hello, 0) });
    Ok(())
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    std::thread::Builder::new().name(name.to_owned()).stack_size(STACK).spawn(work).map(drop)
}

/// Ends the process whatever its threads do, and without handlers that a plugin may have registered.
fn end_at_once() -> ! {
    std::process::abort()
}

fn stdin_closed() -> std::io::Result<()> {
    let null = std::fs::File::open("/dev/null")?;
    rustix::stdio::dup2_stdin(null.as_fd())?;
    Ok(())
}
