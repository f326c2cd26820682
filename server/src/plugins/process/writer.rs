//! The way to a worker. Whoever has something to say writes it at once where the socket takes it; the rest waits in a
//! bounded queue, so that neither a worker that stops reading nor a caller that goes away in the middle of a frame can
//! hold anybody up.

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use plugin_protocol::frame::{FrameError, Message};
use tokio::net::unix::OwnedWriteHalf;
use tokio::sync::Notify;

/// The most bytes that wait for a worker.
const MOST_WAITING: usize = 32 * 1024 * 1024;
/// How long a worker may read nothing while something waits for it.
const PATIENCE: Duration = Duration::from_secs(2);

/// The way to a worker.
pub(super) struct Writer {
    socket: OwnedWriteHalf,
    queue: Mutex<Queue>,
    waiting: Notify,
}

#[derive(Default)]
struct Queue {
    frames: VecDeque<Vec<u8>>,
    /// Bytes of the first frame that are sent.
    sent: usize,
    bytes: usize,
}

/// Why a message was not taken.
#[derive(Debug)]
pub(super) enum Refused {
    /// It is too long; the worker knows nothing of it.
    TooLong(FrameError),
    /// The worker does not read.
    Stuck,
}

impl Writer {
    pub(super) fn new(socket: OwnedWriteHalf) -> Self {
        Self { socket, queue: Mutex::default(), waiting: Notify::new() }
    }

    /// Waits until the socket is known to take something; before that, nothing could be written at once.
    pub(super) async fn ready(&self) {
        let _ = self.socket.writable().await;
    }

    /// Sends a message, or queues it.
    pub(super) fn send(&self, message: &Message) -> Result<(), Refused> {
        let frames = message.frames().map_err(Refused::TooLong)?;
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        for frame in frames {
            if queue.bytes > MOST_WAITING {
                return Err(Refused::Stuck);
            }
            queue.bytes += frame.len();
            queue.frames.push_back(frame);
        }
        self.write(&mut queue);
        if !queue.frames.is_empty() {
            self.waiting.notify_one();
        }
        Ok(())
    }

    /// Writes what the socket takes now. Where the other end is gone nothing waits any more; the reader notices that.
    fn write(&self, queue: &mut Queue) -> usize {
        let mut total = 0;
        while let Some(frame) = queue.frames.front() {
            match self.socket.try_write(&frame[queue.sent..]) {
                Ok(count) => {
                    queue.sent += count;
                    queue.bytes -= count;
                    total += count;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(_) => {
                    queue.frames.clear();
                    (queue.sent, queue.bytes) = (0, 0);
                    break;
                }
            }
            if queue.sent == frame.len() {
                queue.frames.pop_front();
                queue.sent = 0;
            }
        }
        total
    }

    /// Sends what had to wait, for ever; ends when the worker has read nothing for too long.
    pub(super) async fn run(&self) {
        loop {
            self.waiting.notified().await;
            while !self.is_empty() {
                match tokio::time::timeout(PATIENCE, self.socket.writable()).await {
                    Ok(Ok(())) => {
                        self.write(&mut self.queue.lock().unwrap_or_else(PoisonError::into_inner));
                    }
                    Ok(Err(_)) | Err(_) => return,
                }
            }
        }
    }

    fn is_empty(&self) -> bool {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).frames.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use plugin_protocol::frame::Kind;
    use tokio::net::UnixStream;

    use super::*;

    #[tokio::test]
    async fn nothing_waits_for_a_worker_that_is_gone() {
        let (ours, theirs) = UnixStream::pair().expect("a pair of sockets");
        let writer = Writer::new(ours.into_split().1);
        writer.ready().await;
        drop(theirs);
        writer.send(&Message::bare(Kind::Ping, 1)).expect("it is taken");
        assert!(writer.is_empty(), "it would be written again and again");
    }
}
