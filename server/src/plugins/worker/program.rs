//! A plugin that is no library: shut in like one, then the process becomes the program.

use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use anyhow::{Context as _, bail};
use command_fds::{CommandFdExt as _, FdMapping};

use super::sandbox;
use super::start::Start;

/// Descriptor on which a program finds the socket.
const SOCKET: i32 = 3;

/// Never returns but with a problem.
pub(super) fn become_it(start: &Start, socket: OwnedFd) -> anyhow::Result<()> {
    let Some((program, arguments)) = start.command.split_first() else { bail!("the manifest names no command") };
    // A bare name is looked up in PATH; anything else is relative to the manifest.
    let program = if program.contains('/') { start.folder.join(program) } else { program.into() };
    let mut command = Command::new(&program);
    command.args(arguments).current_dir(&start.folder).env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin");
    command.fd_mappings(vec![FdMapping { parent_fd: socket, child_fd: SOCKET }])?;
    let _ = sandbox::no_system_calls(sandbox::Programs::Itself);
    let _ = sandbox::only_files(&sandbox::programs(&start.folder));
    Err(command.exec()).with_context(|| format!("{} cannot be started", program.display()))
}
