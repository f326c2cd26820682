//! What the process holds, and may hold at most.

use std::os::fd::{AsFd as _, OwnedFd};

use anyhow::Context as _;
use rustix::process::{Resource, Rlimit, nice, setrlimit};

use super::start::Start;

/// Files a worker may have open.
const FILES: u64 = 64;
/// What the program itself, and the allocator, need beside a plugin's memory, MiB.
const OWN_MIB: u64 = 32;

/// Closes every file but the standard ones, and takes the socket from standard input.
pub(super) fn take_socket() -> anyhow::Result<OwnedFd> {
    let open: Vec<i32> = std::fs::read_dir("/proc/self/fd")
        .or_else(|_| std::fs::read_dir("/dev/fd"))
        .context("the open files of the process are not listed in /proc/self/fd or /dev/fd")?
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .collect();
    for number in open.into_iter().filter(|number| *number > 2) {
        // The listing itself is among them and closed by now.
        let _ = nix::unistd::close(number);
    }
    let socket = std::io::stdin().as_fd().try_clone_to_owned().context("the socket is missing")?;
    super::stdin_closed().context("/dev/null cannot be opened")?;
    Ok(socket)
}

/// Bounds memory, files and core dumps.
pub(super) fn apply(start: &Start) -> anyhow::Result<()> {
    // Not the address space: the allocator reserves far more than it uses.
    let stacks = u64::from(start.threads) + 1;
    let stack_mib = super::STACK as u64 / (1024 * 1024);
    let memory = (u64::from(start.memory_mib) * 2 + stacks * stack_mib + OWN_MIB) * 1024 * 1024;
    for (resource, most) in
        [(Resource::Core, 0), (Resource::Data, memory), (Resource::Nofile, FILES), (Resource::Fsize, 0)]
    {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })
            .with_context(|| format!("the limit {resource:?} cannot be set"))?;
    }
    Ok(())
}

/// Lets everybody else go first; once the plugin has started, so that a busy machine does not keep it from that.
pub(super) fn step_back() {
    // A container may forbid it, and nothing depends on it.
    let _ = nice(5);
}
