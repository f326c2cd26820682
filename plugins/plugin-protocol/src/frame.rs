//! Frames on the socket between the server and a worker.
//!
//! A frame is a header of [`HEADER`] bytes, little-endian, and a payload:
//!
//! | bytes | what |
//! |---|---|
//! | 0–3 | length of the payload, at most [`LARGEST_FRAME`] |
//! | 4 | [`Kind`] |
//! | 5 | flags: bit 0, [`MORE`]: the message goes on in the next frame of the same kind and id |
//! | 6–7 | operation of a call; code of a reply |
//! | 8–15 | id: of the call that a reply, a cancel or a host call's answer belongs to |
//! | 16–23 | parent: the call on whose behalf a host call is made |
//! | 24–27 | milliseconds left for a call; 0: as long as it takes |
//!
//! A message is one frame or several, [`LARGEST_MESSAGE`] at most. Frames of different messages may alternate, so that a
//! large answer does not hold up a ping.

use std::collections::HashMap;

/// Bytes of a header.
pub const HEADER: usize = 28;
/// The longest payload of one frame.
pub const LARGEST_FRAME: usize = 1024 * 1024;
/// The longest message, all its frames together.
pub const LARGEST_MESSAGE: usize = 8 * 1024 * 1024;
/// Messages of several frames that may be unfinished at a time.
const MOST_UNFINISHED: usize = 64;
/// Bytes of unfinished messages, all together.
const MOST_HELD: usize = 4 * LARGEST_MESSAGE;
/// Flag: the message goes on.
pub const MORE: u8 = 1;

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Kind {
    /// Both sides, first: who they are ([`hello`](crate::hello)).
    Hello = 1,
    /// Host → worker: an operation.
    Call = 2,
    /// Worker → host: how it ended.
    Reply = 3,
    /// Worker → host: a service is asked for.
    HostCall = 4,
    /// Host → worker: its answer.
    HostReply = 5,
    /// Host → worker: nobody waits for this call any more.
    Cancel = 6,
    /// Worker → host: a line for the log, as JSON ([`host::Log`](crate::host::Log)).
    Log = 7,
    /// Host → worker: is the process alive? Answered by the thread that reads, which runs no plugin code.
    Ping = 8,
    /// Worker → host: it is.
    Pong = 9,
    /// Host → worker: finish what runs, then say goodbye.
    Drain = 10,
    /// Worker → host: the last frame.
    Bye = 11,
}

impl Kind {
    fn from_number(number: u8) -> Option<Self> {
        use Kind::{Bye, Call, Cancel, Drain, Hello, HostCall, HostReply, Log, Ping, Pong, Reply};
        [Hello, Call, Reply, HostCall, HostReply, Cancel, Log, Ping, Pong, Drain, Bye]
            .into_iter()
            .find(|kind| *kind as u8 == number)
    }
}

/// A header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Length of the payload.
    pub length: u32,
    /// What it is.
    pub kind: Kind,
    /// Flags.
    pub flags: u8,
    /// Operation or code.
    pub op: u16,
    /// Id.
    pub id: u64,
    /// Parent.
    pub parent: u64,
    /// Milliseconds left.
    pub deadline_ms: u32,
}

/// A message: a header without its length and flags, and the whole payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What it is.
    pub kind: Kind,
    /// Operation of a call, code of a reply.
    pub op: u16,
    /// Id of the call.
    pub id: u64,
    /// The call on whose behalf a host call is made; else 0.
    pub parent: u64,
    /// Milliseconds left; 0: no limit.
    pub deadline_ms: u32,
    /// Payload.
    pub payload: Vec<u8>,
}

/// Why bytes are no frame.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// The kind is unknown.
    #[error("a frame of unknown kind {0}")]
    Kind(u8),
    /// The frame says it is longer than it may be.
    #[error("a frame of {0} bytes; at most {LARGEST_FRAME} are allowed")]
    FrameTooLong(u32),
    /// A message is longer than it may be.
    #[error("a message of more than {LARGEST_MESSAGE} bytes")]
    MessageTooLong,
    /// Too many messages were begun and not finished.
    #[error("more than {MOST_UNFINISHED} unfinished messages, or {MOST_HELD} bytes of them")]
    TooManyUnfinished,
}

impl Header {
    /// As bytes.
    pub fn to_bytes(self) -> [u8; HEADER] {
        let mut bytes = [0; HEADER];
        bytes[0..4].copy_from_slice(&self.length.to_le_bytes());
        bytes[4] = self.kind as u8;
        bytes[5] = self.flags;
        bytes[6..8].copy_from_slice(&self.op.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.id.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.parent.to_le_bytes());
        bytes[24..28].copy_from_slice(&self.deadline_ms.to_le_bytes());
        bytes
    }

    /// From bytes.
    pub fn from_bytes(bytes: &[u8; HEADER]) -> Result<Self, FrameError> {
        let [l0, l1, l2, l3, kind, flags, o0, o1, i0, i1, i2, i3, i4, i5, i6, i7, rest @ ..] = *bytes;
        let [p0, p1, p2, p3, p4, p5, p6, p7, d0, d1, d2, d3] = rest;
        let length = u32::from_le_bytes([l0, l1, l2, l3]);
        if length as usize > LARGEST_FRAME {
            return Err(FrameError::FrameTooLong(length));
        }
        Ok(Self {
            length,
            kind: Kind::from_number(kind).ok_or(FrameError::Kind(kind))?,
            flags,
            op: u16::from_le_bytes([o0, o1]),
            id: u64::from_le_bytes([i0, i1, i2, i3, i4, i5, i6, i7]),
            parent: u64::from_le_bytes([p0, p1, p2, p3, p4, p5, p6, p7]),
            deadline_ms: u32::from_le_bytes([d0, d1, d2, d3]),
        })
    }
}

impl Message {
    /// A message without payload.
    pub fn bare(kind: Kind, id: u64) -> Self {
        Self { kind, op: 0, id, parent: 0, deadline_ms: 0, payload: Vec::new() }
    }

    /// Its frames, each ready to be written in one piece.
    ///
    /// # Errors
    /// [`FrameError::MessageTooLong`].
    pub fn frames(&self) -> Result<impl Iterator<Item = Vec<u8>> + '_, FrameError> {
        if self.payload.len() > LARGEST_MESSAGE {
            return Err(FrameError::MessageTooLong);
        }
        let count = self.payload.len().div_ceil(LARGEST_FRAME).max(1);
        Ok((0..count).map(move |index| {
            let start = index * LARGEST_FRAME;
            let piece = &self.payload[start..self.payload.len().min(start + LARGEST_FRAME)];
            let header = Header {
                // No longer than LARGEST_FRAME.
                length: piece.len() as u32,
                kind: self.kind,
                flags: if index + 1 < count { MORE } else { 0 },
                op: self.op,
                id: self.id,
                parent: self.parent,
                deadline_ms: self.deadline_ms,
            };
            let mut bytes = Vec::with_capacity(HEADER + piece.len());
            bytes.extend_from_slice(&header.to_bytes());
            bytes.extend_from_slice(piece);
            bytes
        }))
    }
}

/// Puts messages together from frames.
#[derive(Debug, Default)]
pub struct Assembler {
    unfinished: HashMap<(Kind, u64), Vec<u8>>,
    /// Bytes in them.
    held: usize,
}

impl Assembler {
    /// Takes a frame; returns the message that it ends.
    pub fn take(&mut self, header: Header, payload: Vec<u8>) -> Result<Option<Message>, FrameError> {
        let key = (header.kind, header.id);
        let goes_on = header.flags & MORE != 0;
        let payload = match self.unfinished.remove(&key) {
            None => payload,
            Some(mut begun) => {
                self.held -= begun.len();
                let length = begun.len() + payload.len();
                if length > LARGEST_MESSAGE {
                    return Err(FrameError::MessageTooLong);
                }
                if length > begun.capacity() {
                    // Twice as much, as a vector grows, but never more than a message may have.
                    let room = length.max(2 * begun.capacity()).min(LARGEST_MESSAGE);
                    begun.reserve_exact(room - begun.len());
                }
                begun.extend_from_slice(&payload);
                begun
            }
        };
        if goes_on {
            if self.unfinished.len() >= MOST_UNFINISHED || self.held + payload.len() > MOST_HELD {
                return Err(FrameError::TooManyUnfinished);
            }
            self.held += payload.len();
            self.unfinished.insert(key, payload);
            return Ok(None);
        }
        let Header { kind, op, id, parent, deadline_ms, .. } = header;
        Ok(Some(Message { kind, op, id, parent, deadline_ms, payload }))
    }
}
