//! The socket to the server.

use std::io::{Read, Write as _};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex, PoisonError};

use plugin_protocol::frame::{FrameError, HEADER, Header, Kind, Message};
use plugin_protocol::hello::HostHello;

/// The way out; frames of different messages may alternate.
pub(super) struct Line {
    socket: Arc<UnixStream>,
    turn: Mutex<()>,
}

impl Line {
    pub(super) fn new(socket: Arc<UnixStream>) -> Self {
        Self { socket, turn: Mutex::new(()) }
    }

    /// Sends a message.
    pub(super) fn send(&self, message: &Message) {
        let _ = self.try_send(message);
    }

    /// Sends a message, unless it is too long.
    pub(super) fn try_send(&self, message: &Message) -> Result<(), FrameError> {
        for frame in message.frames()? {
            let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
            if (&*self.socket).write_all(&frame).is_err() {
                // The server is gone, or the plugin has closed what is not its own: either way nobody hears us.
                super::end_at_once();
            }
        }
        Ok(())
    }
}

/// The next frame; `None` when the server is gone, or says something that is none.
pub(super) fn read_frame(from: &mut impl Read) -> Option<(Header, Vec<u8>)> {
    let mut header = [0; HEADER];
    from.read_exact(&mut header).ok()?;
    let header = Header::from_bytes(&header).ok()?;
    let mut payload = vec![0; header.length as usize];
    from.read_exact(&mut payload).ok()?;
    Some((header, payload))
}

/// The server's first message.
pub(super) fn read_hello(from: &mut impl Read) -> Result<HostHello, String> {
    let (header, payload) = read_frame(from).ok_or("the server said nothing")?;
    if header.kind != Kind::Hello {
        return Err(format!("the server began with {:?} instead of its hello", header.kind));
    }
    serde_json::from_slice(&payload).map_err(|error| format!("the server's hello cannot be read: {error}"))
}
