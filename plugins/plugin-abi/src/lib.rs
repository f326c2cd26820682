//! The C interface between a plugin and whoever loads it, described once. [`course_plugin.h`](../course_plugin.h) says
//! the same in C; a test makes it from the same layout.
//!
//! A plugin library has two things:
//! - an ELF section [`SECTION`]: a [`SectionHeader`], then the manifest as JSON. It is read from the file, so that a
//!   library can be refused before any of its code runs (opening a library runs its constructors);
//! - one exported data symbol, [`symbol`]`(id)`: a [`PluginV1`], whose magic, size and version are compared with the
//!   section's before one of its functions is called.
//!
//! There are four functions. `init` comes first and once; `call` may come from any of several threads at once;
//! `cancel` and `shutdown` come from a thread that runs no call. Nothing that was passed by pointer is kept after the
//! function returns, but [`HostV1`], which lives until the process ends. All text is UTF-8. No panic or exception
//! leaves a function. What is in the bytes is the matter of `plugin-protocol`.
//!
//! # Versions
//! Major versions must be equal. A higher minor version may append fields: readers use the smaller of the two
//! `struct_size`s and never more.

use std::ffi::c_void;

/// First bytes of the section and of [`PluginV1`].
pub const MAGIC: [u8; 4] = *b"CLSP";
/// Name of the ELF section.
pub const SECTION: &str = ".clsp";
/// Major version: equal, or the library is refused.
pub const ABI_MAJOR: u16 = 1;
/// Minor version: what has been appended so far.
pub const ABI_MINOR: u16 = 0;
/// Start of the exported symbol's name; the id follows, with `_` for `-`.
pub const SYMBOL_PREFIX: &str = "course_plugin_v1_";

/// Flag of a plugin: a panic unwinds, so that it is caught inside and ends one call. A library without it is refused.
pub const FLAG_UNWIND: u32 = 1;
/// Flag of a plugin: `call` may come from several threads at once, as many as `limits.threads` of the manifest says.
/// Without it calls follow one another.
pub const FLAG_THREADS: u32 = 2;

/// Borrowed bytes, for the length of a call.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Slice {
    /// First byte; may be null when `len` is 0.
    pub ptr: *const u8,
    /// Number of bytes.
    pub len: usize,
}

/// Owned bytes that carry their own way to be freed, since both sides have an allocator of their own.
#[repr(C)]
#[derive(Debug)]
pub struct Buf {
    /// First byte; may be null when `len` is 0.
    pub ptr: *mut u8,
    /// Number of bytes.
    pub len: usize,
    /// For `free` alone: what the owner's allocator needs beside `ptr` and `len`.
    pub cap: usize,
    /// Frees it, called once by whoever received it; null when there is nothing to free.
    pub free: Option<unsafe extern "C" fn(Buf)>,
}

/// Start of the ELF section; `manifest_len` bytes of JSON follow at `header_size`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct SectionHeader {
    /// [`MAGIC`]: `CLSP`.
    pub magic: [u8; 4],
    /// Size of this structure in bytes: where the manifest begins.
    pub header_size: u32,
    /// Major version of the interface.
    pub abi_major: u16,
    /// Minor version of the interface.
    pub abi_minor: u16,
    /// `FLAG_…`.
    pub flags: u32,
    /// Bytes of the manifest.
    pub manifest_len: u64,
}

/// The exported symbol of a plugin.
#[repr(C)]
#[derive(Debug)]
pub struct PluginV1 {
    /// [`MAGIC`]: `CLSP`.
    pub magic: [u8; 4],
    /// Size of this structure in bytes.
    pub struct_size: u32,
    /// Major version of the interface.
    pub abi_major: u16,
    /// Minor version of the interface.
    pub abi_minor: u16,
    /// `FLAG_…`.
    pub flags: u32,
    /// What it was built with, for people: `plugin-sdk 0.1.0`.
    pub sdk_version: Slice,
    /// The manifest as JSON, the same bytes as in the section.
    pub manifest: Slice,
    /// Starts the plugin; `host` may be kept. Returns a code; not 0: it does not start.
    pub init: Option<unsafe extern "C" fn(host: *const HostV1) -> i32>,
    /// Does operation `op` on the JSON in `input`. Writes JSON to `output` (the answer, or the error that explains
    /// the code) and returns a code. `token` names the call towards the host, and is never 0. An operation that the
    /// plugin does not know, as a newer host may have, is answered "unsupported".
    pub call: Option<unsafe extern "C" fn(token: u64, op: u32, input: Slice, output: *mut Buf) -> i32>,
    /// Nobody waits for the call with this token any more; may be null.
    pub cancel: Option<unsafe extern "C" fn(token: u64)>,
    /// The process ends within so many milliseconds; no call follows. May be null.
    pub shutdown: Option<unsafe extern "C" fn(grace_ms: u32)>,
}

/// What the plugin may ask the host.
#[repr(C)]
#[derive(Debug)]
pub struct HostV1 {
    /// Size of this structure in bytes.
    pub struct_size: u32,
    /// Major version of the interface.
    pub abi_major: u16,
    /// Minor version of the interface.
    pub abi_minor: u16,
    /// None yet; 0.
    pub flags: u32,
    /// To be passed back unchanged.
    pub ctx: *mut c_void,
    /// Asks for service `op` on behalf of the call `token`, and waits for the answer; from any thread, several at once
    /// too, as long as that call runs. The plugin frees `output`.
    pub call:
        Option<unsafe extern "C" fn(ctx: *mut c_void, token: u64, op: u32, input: Slice, output: *mut Buf) -> i32>,
    /// 1 while somebody waits for the call, 0 when it was cancelled, its time is up or it has returned; from any thread.
    pub alive: Option<unsafe extern "C" fn(ctx: *mut c_void, token: u64) -> i32>,
}

/// Bytes of [`PluginV1`] in version 1.0: no table of major version 1 has fewer, whatever later versions append.
pub const PLUGIN_V1_0_SIZE: usize = std::mem::offset_of!(PluginV1, shutdown) + size_of::<usize>();

// SAFETY: both are constant tables of functions and pointers to static bytes.
#[allow(unsafe_code)]
unsafe impl Sync for PluginV1 {}
// SAFETY: the same.
#[allow(unsafe_code)]
unsafe impl Send for PluginV1 {}
// SAFETY: `ctx` is only passed back, and the host's functions may be called from any thread.
#[allow(unsafe_code)]
unsafe impl Sync for HostV1 {}
// SAFETY: the same.
#[allow(unsafe_code)]
unsafe impl Send for HostV1 {}

impl Slice {
    /// The bytes of a slice; valid as long as it is.
    pub const fn of(bytes: &[u8]) -> Self {
        Self { ptr: bytes.as_ptr(), len: bytes.len() }
    }

    /// The bytes.
    ///
    /// # Safety
    /// `ptr` must point to `len` bytes that live and do not change as long as the result is used.
    #[allow(unsafe_code)]
    pub const unsafe fn bytes<'a>(self) -> &'a [u8] {
        if self.ptr.is_null() || self.len == 0 {
            return &[];
        }
        // SAFETY: promised by the caller.
        unsafe { std::slice::from_raw_parts(self.ptr, self.len) }
    }
}

impl Buf {
    /// Nothing.
    pub const EMPTY: Self = Self { ptr: std::ptr::null_mut(), len: 0, cap: 0, free: None };

    /// The bytes.
    ///
    /// # Safety
    /// `ptr` must point to `len` bytes, as whoever made it says.
    #[allow(unsafe_code)]
    pub const unsafe fn bytes(&self) -> &[u8] {
        let slice = Slice { ptr: self.ptr, len: self.len };
        // SAFETY: promised by the caller; the borrow of `self` keeps them alive.
        unsafe { slice.bytes() }
    }
}

/// Name of the symbol that the plugin with this id exports.
pub fn symbol(id: &str) -> String {
    format!("{SYMBOL_PREFIX}{}", id.replace('-', "_"))
}
