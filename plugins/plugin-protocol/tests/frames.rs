//! Frames: whatever arrives, nothing panics and nothing large is allocated; what is sent arrives.

#![allow(missing_docs, clippy::unwrap_used)]

use plugin_protocol::frame::{
    Assembler, FrameError, HEADER, Header, Kind, LARGEST_FRAME, LARGEST_MESSAGE, MORE, Message,
};
use proptest::prelude::*;
use rand::SeedableRng as _;
use rand::rngs::SmallRng;

/// Notes the largest allocation of each thread.
#[allow(unsafe_code)]
mod allocations {
    use std::alloc::{GlobalAlloc, Layout, System};
    use std::cell::Cell;

    thread_local! {
        static LARGEST: Cell<usize> = const { Cell::new(0) };
    }

    #[global_allocator]
    static COUNTING: Counting = Counting;

    struct Counting;

    // SAFETY: everything is passed on to the system's allocator unchanged.
    unsafe impl GlobalAlloc for Counting {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            note(layout.size());
            // SAFETY: promised by the caller.
            unsafe { System.alloc(layout) }
        }

        unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
            note(size);
            // SAFETY: promised by the caller.
            unsafe { System.realloc(at, layout, size) }
        }

        unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
            // SAFETY: promised by the caller.
            unsafe { System.dealloc(at, layout) }
        }
    }

    fn note(size: usize) {
        LARGEST.set(LARGEST.get().max(size));
    }

    pub(crate) fn largest() -> usize {
        LARGEST.get()
    }
}

/// Feeds random sequences to a reader as the server has one: header, then so many bytes. Returns how many messages and
/// errors came out.
fn feed(sequences: u32, seed: u64) -> (u32, u32) {
    let mut random = SmallRng::seed_from_u64(seed);
    let (mut messages, mut errors) = (0, 0);
    for _ in 0..sequences {
        let mut assembler = Assembler::default();
        for _ in 0..random.random_range(1..24) {
            match Header::from_bytes(&bytes(&mut random)) {
                Ok(header) => match assembler.take(header, vec![0; header.length as usize]) {
                    Ok(message) => messages += u32::from(message.is_some()),
                    Err(_) => {
                        errors += 1;
                        break;
                    }
                },
                Err(_) => {
                    errors += 1;
                    break;
                }
            }
        }
    }
    (messages, errors)
}

/// A header: mostly one that could be, with few ids so that frames meet.
fn bytes(random: &mut SmallRng) -> [u8; HEADER] {
    let mut bytes = [0; HEADER];
    random.fill_bytes(&mut bytes);
    if random.random_ratio(1, 32) {
        return bytes;
    }
    let length: u32 = match random.random_range(0..64) {
        0 => random.random_range(0..=LARGEST_FRAME as u32),
        1 => LARGEST_FRAME as u32,
        _ => random.random_range(0..64),
    };
    bytes[..4].copy_from_slice(&length.to_le_bytes());
    bytes[4] = random.random_range(1..=11);
    bytes[8..16].copy_from_slice(&random.random_range(0..3u64).to_le_bytes());
    bytes
}

fn hold(sequences: u32) {
    let (messages, errors) = feed(sequences, 2026);
    assert!(messages > sequences / 2 && errors > sequences / 8, "{messages} messages, {errors} errors");
    assert!(allocations::largest() <= LARGEST_MESSAGE, "{} bytes at once", allocations::largest());
}

#[test]
fn random_frames_do_no_harm() {
    hold(10_000);
}

#[test]
#[ignore = "a million sequences take a while: cargo test -p plugin-protocol -- --ignored"]
fn a_million_random_sequences_do_no_harm() {
    hold(1_000_000);
}

fn frame(id: u64, flags: u8, length: usize) -> (Header, Vec<u8>) {
    let header = Header { length: length as u32, kind: Kind::Reply, flags, op: 0, id, parent: 0, deadline_ms: 0 };
    (header, vec![0; length])
}

#[test]
fn a_message_that_never_ends_is_refused_before_it_is_large() {
    let mut assembler = Assembler::default();
    for _ in 0..LARGEST_MESSAGE / LARGEST_FRAME {
        let (header, payload) = frame(1, MORE, LARGEST_FRAME);
        assert_eq!(assembler.take(header, payload), Ok(None));
    }
    let (header, payload) = frame(1, 0, 1);
    assert_eq!(assembler.take(header, payload), Err(FrameError::MessageTooLong));
    assert!(allocations::largest() <= LARGEST_MESSAGE, "{} bytes at once", allocations::largest());
    // Odd sizes make a vector grow past what it needs.
    let mut assembler = Assembler::default();
    for _ in 0..9 {
        let (header, payload) = frame(1, MORE, LARGEST_FRAME / 8 * 5);
        assert_eq!(assembler.take(header, payload), Ok(None));
    }
    assert!(allocations::largest() <= LARGEST_MESSAGE, "{} bytes at once", allocations::largest());
}

#[test]
fn many_unfinished_messages_are_refused_by_number_and_by_size() {
    let mut held = 0;
    let mut assembler = Assembler::default();
    let error = (0..).find_map(|id| {
        let (header, payload) = frame(id, MORE, LARGEST_FRAME);
        held += payload.len();
        assembler.take(header, payload).err()
    });
    assert_eq!(error, Some(FrameError::TooManyUnfinished));
    assert!(held <= 4 * LARGEST_MESSAGE + LARGEST_FRAME, "{held} bytes");
    let mut assembler = Assembler::default();
    let taken = (0..1_000).take_while(|&id| assembler.take(frame(id, MORE, 1).0, vec![0]).is_ok()).count();
    assert_eq!(taken, 64);
    // What ends makes room again.
    assert!(assembler.take(frame(0, 0, 0).0, vec![]).unwrap().is_some());
    assert_eq!(assembler.take(frame(99, MORE, 1).0, vec![0]), Ok(None));
}

fn message() -> impl Strategy<Value = Message> {
    let kind = prop::sample::select(vec![Kind::Call, Kind::Reply, Kind::HostCall, Kind::HostReply, Kind::Log]);
    let length =
        prop_oneof![4 => 0..200usize, 1 => LARGEST_FRAME - 1..LARGEST_FRAME + 2, 1 => 2_500_000..2_500_010usize];
    (kind, any::<u16>(), any::<u64>(), any::<u64>(), any::<u32>(), length, any::<u8>()).prop_map(
        |(kind, op, id, parent, deadline_ms, length, byte)| {
            let payload = (0..length).map(|index| byte.wrapping_add(index as u8)).collect();
            Message { kind, op, id, parent, deadline_ms, payload }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Messages whose frames alternate arrive whole.
    #[test]
    fn what_is_sent_arrives(mut messages in prop::collection::vec(message(), 1..4)) {
        for (index, message) in messages.iter_mut().enumerate() {
            message.id = message.id.wrapping_mul(4) + index as u64;
        }
        let mut senders: Vec<_> = messages.iter().map(|message| message.frames().unwrap()).collect();
        let (mut assembler, mut arrived) = (Assembler::default(), Vec::new());
        while !senders.is_empty() {
            senders.retain_mut(|frames| {
                let Some(bytes) = frames.next() else { return false };
                let header = Header::from_bytes(bytes.first_chunk().unwrap()).unwrap();
                assert_eq!(header.length as usize, bytes.len() - HEADER);
                arrived.extend(assembler.take(header, bytes[HEADER..].to_vec()).unwrap());
                true
            });
        }
        drop(senders);
        messages.sort_by_key(|message| message.id);
        arrived.sort_by_key(|message| message.id);
        prop_assert_eq!(arrived, messages);
    }

    #[test]
    fn any_header_is_read_back(bytes in any::<[u8; HEADER]>()) {
        if let Ok(header) = Header::from_bytes(&bytes) {
            prop_assert_eq!(header.to_bytes(), bytes);
        }
    }
}
