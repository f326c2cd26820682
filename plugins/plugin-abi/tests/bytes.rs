//! Bytes that cross the interface: lent, owned, none at all.

#![allow(missing_docs, unsafe_code, clippy::unwrap_used)]

use std::cell::Cell;
use std::mem::ManuallyDrop;

use plugin_abi::{Buf, MAGIC, SectionHeader, Slice, symbol};

thread_local! {
    static FREED: Cell<usize> = const { Cell::new(0) };
}

unsafe extern "C" fn free(buf: Buf) {
    // SAFETY: made from a vector with these values below, and freed once.
    let bytes = unsafe { Vec::from_raw_parts(buf.ptr, buf.len, buf.cap) };
    FREED.set(FREED.get() + bytes.len());
}

#[test]
fn bytes_come_back_and_are_freed_by_their_owner() {
    for length in [0, 1, 4_096] {
        let bytes: Vec<u8> = (0..length).map(|number| number as u8).collect();
        // SAFETY: `bytes` lives until the end of the block.
        assert_eq!(unsafe { Slice::of(&bytes).bytes() }, bytes);
        let mut owned = ManuallyDrop::new(bytes.clone());
        let buf = Buf { ptr: owned.as_mut_ptr(), len: owned.len(), cap: owned.capacity(), free: Some(free) };
        // SAFETY: made from a vector of this length.
        assert_eq!(unsafe { buf.bytes() }, bytes);
        let before = FREED.get();
        // SAFETY: freed once, by its own function.
        unsafe { buf.free.unwrap()(buf) };
        assert_eq!(FREED.get() - before, length);
    }
}

#[test]
fn nothing_is_nothing_wherever_it_points() {
    let nowhere = Slice { ptr: std::ptr::null(), len: 0 };
    // SAFETY: no bytes are read.
    assert!(unsafe { nowhere.bytes() }.is_empty());
    // A length without a place is a mistake of the other side, and no reason to read there.
    let lost = Slice { ptr: std::ptr::null(), len: 7 };
    // SAFETY: the null is looked at first.
    assert!(unsafe { lost.bytes() }.is_empty());
    // SAFETY: no bytes are read.
    assert!(unsafe { Buf::EMPTY.bytes() }.is_empty() && Buf::EMPTY.free.is_none());
}

#[test]
fn a_header_is_read_from_any_place_in_a_file() {
    let header = SectionHeader { magic: MAGIC, header_size: 24, abi_major: 1, abi_minor: 0, flags: 3, manifest_len: 9 };
    assert_eq!(size_of::<SectionHeader>(), 24);
    let mut file = vec![0_u8; 25];
    // SAFETY: 24 bytes from 1 on are there; the place need not be aligned.
    unsafe { file.as_mut_ptr().add(1).cast::<SectionHeader>().write_unaligned(header) };
    assert_eq!((&file[1..5], file[5], file[9], file[13], file[17]), (MAGIC.as_slice(), 24, 1, 3, 9));
    assert_eq!(symbol("notice-board"), "course_plugin_v1_notice_board");
}
