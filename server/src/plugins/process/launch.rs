//! Makes the processes of workers: forked from the zygote on Linux, else by starting the program anew.

#[cfg(not(target_os = "linux"))]
mod spawn;
#[cfg(target_os = "linux")]
mod zygote;

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream as StdStream;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::net::UnixStream;
use tokio::net::unix::pipe;
use tokio::sync::watch;

use crate::plugins::worker::start::Start;

#[cfg(not(target_os = "linux"))]
use spawn as make;
#[cfg(target_os = "linux")]
use zygote as make;

/// Makes worker processes.
pub struct Launcher {
    program: PathBuf,
    /// An empty folder for them to be in.
    folder: PathBuf,
    maker: make::Maker,
}

/// A worker process. Dropping it kills it.
pub(super) struct Child {
    /// Its number, which nobody else has while this lives.
    pub(super) pid: u32,
    /// What it writes.
    pub(super) output: Option<pipe::Receiver>,
    /// What it writes when something is wrong.
    pub(super) errors: Option<pipe::Receiver>,
    ended: watch::Receiver<Option<Gone>>,
    _hold: make::Hold,
}

/// A process that is no more; its status where it is known.
type Gone = Option<ExitStatus>;

impl Launcher {
    /// Workers of this program, in this folder.
    pub fn new(program: &Path, folder: &Path) -> Self {
        Self { program: program.to_owned(), folder: folder.to_owned(), maker: make::Maker::default() }
    }

    /// Makes one; with it comes the socket that it answers on.
    pub(super) async fn launch(&self, start: &Start) -> io::Result<(Child, UnixStream)> {
        let (ours, theirs) = StdStream::pair()?;
        ours.set_nonblocking(true)?;
        let (output, output_end) = io::pipe()?;
        let (errors, errors_end) = io::pipe()?;
        let output = pipe::Receiver::from_owned_fd(OwnedFd::from(output))?;
        let errors = pipe::Receiver::from_owned_fd(OwnedFd::from(errors))?;
        let files = [OwnedFd::from(theirs), output_end.into(), errors_end.into()];
        let (pid, ended, hold) = self.maker.make(&self.program, &self.folder, start, files).await?;
        let child = Child { pid, output: Some(output), errors: Some(errors), ended, _hold: hold };
        Ok((child, UnixStream::from_std(ours)?))
    }
}

impl Child {
    /// Waits until it is gone; its status where it is known.
    pub(super) async fn wait(&mut self) -> Option<ExitStatus> {
        self.ended.wait_for(Option::is_some).await.ok().and_then(|gone| gone.flatten())
    }
}

/// Ends a process with everything that it may have started.
pub(super) fn kill(pid: u32) {
    if let Some(group) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        // It may be gone already.
        let _ = kill_process_group(group, Signal::KILL);
    }
}
