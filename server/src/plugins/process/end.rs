//! How a worker ended, and whose doing that was.

use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;

use plugin_protocol::op::Op;
use rustix::process::Signal;

/// How a worker ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// Status of the process; none where it could not be had.
    pub status: Option<ExitStatus>,
    /// Why the server killed it; none when it did not.
    pub killed: Option<Why>,
    /// What it was doing.
    pub operation: Option<Op>,
}

/// Why the server killed a worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// Its work was over.
    Done,
    /// A call did not end, not even when it was cancelled.
    Hung,
    /// It did not answer a ping.
    Silent,
    /// It said what is no message.
    Protocol(String),
}

/// Whether somebody else ended a process that the server did not kill; see [`supervisor`](crate::plugins::supervisor). A status
/// that nobody knows is one: whoever would know it is gone, too.
pub(super) fn is_from_outside(status: Option<ExitStatus>) -> bool {
    let outside = [Signal::KILL, Signal::TERM, Signal::INT, Signal::HUP];
    status.is_none_or(|status| outside.iter().any(|signal| status.signal() == Some(signal.as_raw())))
}

impl End {
    /// Whether it was nothing that the plugin did.
    pub fn came_from_outside(&self) -> bool {
        match &self.killed {
            Some(Why::Done) => true,
            Some(_) => false,
            None => is_from_outside(self.status),
        }
    }
}

impl std::fmt::Display for End {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (&self.killed, self.status) {
            (Some(Why::Done), _) => f.write_str("the worker was replaced"),
            (Some(Why::Hung), _) => f.write_str("the worker hung and was killed"),
            (Some(Why::Silent), _) => f.write_str("the worker did not read any more and was killed"),
            (Some(Why::Protocol(what)), _) => write!(f, "the worker broke the protocol and was killed: {what}"),
            (None, Some(status)) => write!(f, "the worker ended: {status}"),
            (None, None) => f.write_str("the worker ended"),
        }
    }
}
