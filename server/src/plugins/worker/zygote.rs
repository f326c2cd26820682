//! The process that workers are forked from. It is started once, with nothing in its memory but this program, so that
//! what the program itself needs lies in memory once for all workers, and a worker starts in a millisecond.
//!
//! It has one thread and never runs plugin code. It ends with the server, and its workers with it. A worker that ended
//! stays a zombie until the server lets go of it: until then nobody else can have its number.

use std::collections::BTreeMap;
use std::io::{IoSliceMut, Read as _, Write as _};
use std::os::fd::{AsFd as _, AsRawFd as _, FromRawFd as _, OwnedFd};
use std::os::unix::net::UnixStream;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;

use anyhow::Context as _;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::prctl;
use nix::sys::signal::{SigSet, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::sys::socket::{ControlMessageOwned, MsgFlags, recvmsg};
use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid, waitpid};
use nix::unistd::{ForkResult, Pid, fork, getppid, setpgid};
use serde::{Deserialize, Serialize};

use super::start::Start;
use super::{limits, memory};

/// The hidden subcommand.
pub const SUBCOMMAND: &str = "__plugin-zygote";
pub use super::memory::ALLOCATOR;
/// What the server sends along with an order to fork: the worker's socket, output and error output.
pub const FILES: usize = 3;
/// Longest order.
const LONGEST: usize = 1024 * 1024;

/// What the server wants. On the socket: its length in four bytes, little-endian, and JSON.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// A worker; its files come along.
    Fork {
        /// What it is told.
        start: Box<Start>,
        /// The folder it is in.
        folder: PathBuf,
    },
    /// Nobody asks for this process any more.
    Release(u32),
}

/// What the server is told: twelve bytes, little-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// The next order to fork made this process.
    Born(u32),
    /// The next order to fork failed with this error of the system.
    NotBorn(i32),
    /// A process ended, with the status of the system.
    Ended(u32, i32),
}

impl Told {
    /// Length on the socket.
    pub const LENGTH: usize = 12;

    /// As bytes.
    pub fn to_bytes(self) -> [u8; Self::LENGTH] {
        let (kind, process, number) = match self {
            Told::Born(process) => (1_u32, process, 0),
            Told::NotBorn(error) => (2, 0, error),
            Told::Ended(process, status) => (3, process, status),
        };
        let mut bytes = [0; Self::LENGTH];
        bytes[..4].copy_from_slice(&kind.to_le_bytes());
        bytes[4..8].copy_from_slice(&process.to_le_bytes());
        bytes[8..].copy_from_slice(&number.to_le_bytes());
        bytes
    }

    /// From bytes; `None`: nobody says that.
    pub fn from_bytes(bytes: [u8; Self::LENGTH]) -> Option<Self> {
        let [k0, k1, k2, k3, p0, p1, p2, p3, n0, n1, n2, n3] = bytes;
        let process = u32::from_le_bytes([p0, p1, p2, p3]);
        let number = i32::from_le_bytes([n0, n1, n2, n3]);
        match u32::from_le_bytes([k0, k1, k2, k3]) {
            1 => Some(Told::Born(process)),
            2 => Some(Told::NotBorn(number)),
            3 => Some(Told::Ended(process, number)),
            _ => None,
        }
    }
}

/// Forks workers until the server is gone.
pub(super) fn run() -> anyhow::Result<()> {
    memory::keep_little();
    let mut server = UnixStream::from(limits::take_socket()?);
    let mut ends = SigSet::empty();
    ends.add(Signal::SIGCHLD);
    ends.thread_block().context("the signal of children cannot be blocked")?;
    let signals = SignalFd::with_flags(&ends, SfdFlags::SFD_NONBLOCK | SfdFlags::SFD_CLOEXEC)
        .context("no descriptor for signals")?;
    crate::plugins::render::prepare();
    let mut children = BTreeMap::<i32, Child>::new();
    loop {
        let mut ready =
            [PollFd::new(server.as_fd(), PollFlags::POLLIN), PollFd::new(signals.as_fd(), PollFlags::POLLIN)];
        match poll(&mut ready, PollTimeout::NONE) {
            Err(nix::errno::Errno::EINTR) => continue,
            other => other.context("the socket cannot be waited for")?,
        };
        let (asked, ended) = (ready[0].any().unwrap_or(true), ready[1].any().unwrap_or(true));
        if ended {
            while matches!(signals.read_signal(), Ok(Some(_))) {}
            tell_ends(&mut children, &mut server)?;
        }
        if asked {
            match next_order(&mut server)? {
                None => return Ok(()),
                Some((Order::Release(process), _)) => release(&mut children, process),
                Some((Order::Fork { start, folder }, files)) => {
                    let told = match be_parent_or_worker(*start, &folder, files, ends) {
                        Ok(process) => {
                            children.insert(process.as_raw(), Child::default());
                            Told::Born(process.as_raw().unsigned_abs())
                        }
                        Err(error) => Told::NotBorn(error as i32),
                    };
                    server.write_all(&told.to_bytes())?;
                }
            }
        }
    }
}

/// What became of a worker.
#[derive(Clone, Copy, Debug, Default)]
struct Child {
    ended: bool,
    released: bool,
}

fn tell_ends(children: &mut BTreeMap<i32, Child>, server: &mut UnixStream) -> anyhow::Result<()> {
    for (process, child) in children.iter_mut().filter(|(_, child)| !child.ended) {
        let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
        let status = match waitid(Id::Pid(Pid::from_raw(*process)), flags) {
            Ok(WaitStatus::Exited(_, code)) => (code & 0xff) << 8,
            Ok(WaitStatus::Signaled(_, signal, core)) => signal as i32 | if core { 0x80 } else { 0 },
            _ => continue,
        };
        child.ended = true;
        server.write_all(&Told::Ended(process.unsigned_abs(), status).to_bytes())?;
    }
    children.retain(|process, child| {
        let gone = child.ended && child.released;
        if gone {
            let _ = waitpid(Pid::from_raw(*process), None);
        }
        !gone
    });
    Ok(())
}

fn release(children: &mut BTreeMap<i32, Child>, process: u32) {
    let Ok(process) = i32::try_from(process) else { return };
    let Some(child) = children.get_mut(&process) else { return };
    child.released = true;
    if child.ended {
        let _ = waitpid(Pid::from_raw(process), None);
        children.remove(&process);
    }
}

/// The next order with its files; `None`: the server is gone.
fn next_order(server: &mut UnixStream) -> anyhow::Result<Option<(Order, Vec<OwnedFd>)>> {
    let mut length = [0; 4];
    let mut space = nix::cmsg_space!([i32; FILES]);
    let (count, files) = {
        let mut into = [IoSliceMut::new(&mut length)];
        let message = recvmsg::<()>(server.as_raw_fd(), &mut into, Some(&mut space), MsgFlags::MSG_CMSG_CLOEXEC)?;
        (message.bytes, message.cmsgs()?.flat_map(files_of).collect::<Vec<_>>())
    };
    if count == 0 {
        return Ok(None);
    }
    server.read_exact(&mut length[count..])?;
    let length = usize::try_from(u32::from_le_bytes(length)).unwrap_or(usize::MAX);
    anyhow::ensure!(length <= LONGEST, "an order of {length} bytes");
    let mut json = vec![0; length];
    server.read_exact(&mut json)?;
    Ok(Some((serde_json::from_slice(&json).context("the order cannot be read")?, files)))
}

#[allow(unsafe_code)]
fn files_of(message: ControlMessageOwned) -> Vec<OwnedFd> {
    let ControlMessageOwned::ScmRights(numbers) = message else { return Vec::new() };
    // SAFETY: the system made these descriptors for this message; nothing else has them.
    numbers.into_iter().map(|number| unsafe { OwnedFd::from_raw_fd(number) }).collect()
}

/// In the zygote: the number of the new worker. In the worker it does not return.
#[allow(unsafe_code)]
fn be_parent_or_worker(
    start: Start,
    folder: &std::path::Path,
    files: Vec<OwnedFd>,
    signals: SigSet,
) -> nix::Result<Pid> {
    let zygote = nix::unistd::getpid();
    // SAFETY: the process has one thread, so that no lock is held by another one.
    match unsafe { fork() }? {
        ForkResult::Parent { child } => {
            // Both sides do it, so that it is done whoever comes first.
            let _ = setpgid(child, child);
            Ok(child)
        }
        ForkResult::Child => {
            let work = AssertUnwindSafe(|| {
                settle(&start, folder, files, zygote, signals).and_then(|()| super::work(&start)).map_or_else(
                    |problem| {
                        eprintln!("{problem:#}");
                        3
                    },
                    |()| 0,
                )
            });
            std::process::exit(std::panic::catch_unwind(work).unwrap_or(101))
        }
    }
}

/// What a new program would have: a group, files, a folder of its own.
fn settle(
    start: &Start,
    folder: &std::path::Path,
    files: Vec<OwnedFd>,
    zygote: Pid,
    signals: SigSet,
) -> anyhow::Result<()> {
    let _ = setpgid(Pid::from_raw(0), Pid::from_raw(0));
    prctl::set_pdeathsig(Signal::SIGKILL).context("the worker cannot be bound to its parent")?;
    anyhow::ensure!(getppid() == zygote, "the server is gone");
    let name: String = format!("plugin {}", start.plugin).chars().take(15).collect();
    let _ = prctl::set_name(&std::ffi::CString::new(name)?);
    let count = files.len();
    let Ok([socket, output, errors]) = <[OwnedFd; FILES]>::try_from(files) else {
        anyhow::bail!("{count} files came with the order, not {FILES}");
    };
    rustix::stdio::dup2_stdin(socket)?;
    rustix::stdio::dup2_stdout(output)?;
    rustix::stdio::dup2_stderr(errors)?;
    std::env::set_current_dir(folder).with_context(|| format!("{}", folder.display()))?;
    signals.thread_unblock().context("signals cannot be let through")
}
