//! Opens a library and calls it.
#![allow(unsafe_code)]

use std::collections::HashMap;
use std::ffi::c_void;
use std::mem::MaybeUninit;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, RwLock};

use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
use plugin_abi::{
    ABI_MAJOR, ABI_MINOR, Buf, FLAG_THREADS, FLAG_UNWIND, HostV1, MAGIC, PLUGIN_V1_0_SIZE, PluginV1, Slice, symbol,
};
use plugin_protocol::Code;

use crate::services::Services;

/// Why a library could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The system's loader refused it.
    #[error("the library cannot be opened: {0}")]
    Library(String),
    /// It does not export the plugin.
    #[error("the library exports no {0}; `plugin_sdk::plugin!` belongs at the root of the crate, once")]
    Symbol(String),
    /// The exported table is not one of ours.
    #[error("{0}")]
    Table(String),
    /// The plugin said that it does not start.
    #[error("the plugin does not start ({})", .0.name())]
    Start(Code),
}

/// An opened plugin. Its calls may come from any thread.
pub struct Plugin {
    table: PluginV1,
    services: Arc<dyn Services>,
    /// Held around a call where the plugin cannot take several at once.
    one_at_a_time: Option<Mutex<()>>,
}

/// The services of the calls that run, by token. One table for the process: a plugin that is linked into a test has
/// one `HostV1`, whoever calls it.
static RUNNING: LazyLock<RwLock<HashMap<u64, Arc<dyn Services>>>> = LazyLock::new(Default::default);

/// What every plugin gets.
static HOST: HostV1 = HostV1 {
    struct_size: size_of::<HostV1>() as u32,
    abi_major: ABI_MAJOR,
    abi_minor: ABI_MINOR,
    flags: 0,
    ctx: std::ptr::null_mut(),
    call: Some(host_call),
    alive: Some(host_alive),
};

impl Plugin {
    /// Opens the library of the plugin with this id. Its constructors run; nothing else of it does before
    /// [`init`](Self::init).
    pub fn open(path: &Path, id: &str, services: Arc<dyn Services>) -> Result<Self, OpenError> {
        // SAFETY: opening runs the library's constructors; that is what the caller asks for, in a process that may die.
        let library = unsafe { Library::open(Some(path), RTLD_NOW | RTLD_LOCAL) }
            .map_err(|error| OpenError::Library(error.to_string()))?;
        let name = symbol(id);
        // SAFETY: the symbol is data; its type is checked below by magic, size and version before it is used.
        let found = unsafe { library.get::<*const PluginV1>(name.as_bytes()) };
        let table = found.map_err(|_| OpenError::Symbol(name))?.into_raw().cast::<PluginV1>();
        std::mem::forget(library);
        // SAFETY: the library is never unloaded, so its data lives as long as the process.
        let table = unsafe { checked(table)? };
        Ok(Self::with(table, services))
    }

    /// A plugin that is linked into this program.
    pub fn linked(table: &'static PluginV1, services: Arc<dyn Services>) -> Self {
        // SAFETY: it is of this program's own type.
        Self::with(unsafe { known(table, size_of::<PluginV1>()) }, services)
    }

    fn with(table: PluginV1, services: Arc<dyn Services>) -> Self {
        let one_at_a_time = (table.flags & FLAG_THREADS == 0).then(Mutex::default);
        Self { table, services, one_at_a_time }
    }

    /// What it was built with.
    pub fn sdk(&self) -> String {
        // SAFETY: the table promises text that lives as long as the library.
        String::from_utf8_lossy(unsafe { self.table.sdk_version.bytes() }).into_owned()
    }

    /// The manifest in the opened library, as JSON.
    pub fn manifest(&self) -> &'static [u8] {
        // SAFETY: as in `sdk`.
        unsafe { self.table.manifest.bytes() }
    }

    /// Starts it; once, before the first call.
    pub fn init(&self) -> Result<(), OpenError> {
        let _lines = Running::enter(0, &self.services);
        let Some(init) = self.table.init else { return Err(OpenError::Table("the plugin has no init".into())) };
        // SAFETY: the table was checked; `HOST` lives as long as the process.
        match unsafe { init(&raw const HOST) } {
            0 => Ok(()),
            code => Err(OpenError::Start(Code::from_plugin(code))),
        }
    }

    /// Does an operation. `token` is this call's alone, in the whole process, and not 0.
    pub fn call(&self, token: u64, op: u32, input: &[u8]) -> (i32, Vec<u8>) {
        let Some(call) = self.table.call else { return (Code::Unsupported.number(), Vec::new()) };
        let _turn = self.one_at_a_time.as_ref().map(lock);
        let _lines = Running::enter(token, &self.services);
        let mut output = Buf::EMPTY;
        // SAFETY: the table was checked; `input` lives as long as the call and `output` is a place for one `Buf`.
        let code = unsafe { call(token, op, Slice::of(input), &raw mut output) };
        // SAFETY: the plugin filled `output` with as many bytes as it says, or left it empty.
        let bytes = unsafe { output.bytes() }.to_vec();
        if let Some(free) = output.free {
            // SAFETY: `free` came with these bytes, and they are freed once.
            unsafe { free(output) };
        }
        (code, bytes)
    }

    /// Tells it that nobody waits for a call any more.
    pub fn cancel(&self, token: u64) {
        if let Some(cancel) = self.table.cancel {
            // SAFETY: the table was checked.
            unsafe { cancel(token) };
        }
    }

    /// Tells it that the process ends within so many milliseconds.
    pub fn shutdown(&self, grace_ms: u32) {
        if let Some(shutdown) = self.table.shutdown {
            // SAFETY: the table was checked.
            unsafe { shutdown(grace_ms) };
        }
    }
}

/// Magic, size and version of an exported table, before one of its functions is called.
///
/// # Safety
/// `table` points to a table of a plugin, as large as it says, for the rest of the process.
unsafe fn checked(table: *const PluginV1) -> Result<PluginV1, OpenError> {
    // SAFETY: promised by the caller; any bytes are a valid value of these fields.
    let (magic, size, major, flags) =
        unsafe { ((*table).magic, (*table).struct_size as usize, (*table).abi_major, (*table).flags) };
    let refused = |message: String| Err(OpenError::Table(message));
    if magic != MAGIC {
        return refused(format!(
            "the exported table begins with {magic:?} instead of {MAGIC:?}: it is none of a plugin"
        ));
    }
    if major != ABI_MAJOR {
        return refused(format!(
            "the plugin was built for version {major} of the interface, this server has {ABI_MAJOR}"
        ));
    }
    if size < PLUGIN_V1_0_SIZE {
        return refused(format!(
            "the exported table has {size} bytes, version {ABI_MAJOR} has at least {PLUGIN_V1_0_SIZE}"
        ));
    }
    if flags & FLAG_UNWIND == 0 {
        return refused("the plugin was built with panic = \"abort\"; build it with \"unwind\"".into());
    }
    // SAFETY: promised by the caller, and the table says that it is so large.
    Ok(unsafe { known(table, size) })
}

/// What this program knows of a table of `size` bytes; fields that the table does not have are null.
///
/// # Safety
/// `table` points to `size` bytes of a table of a plugin.
unsafe fn known(table: *const PluginV1, size: usize) -> PluginV1 {
    let mut known = MaybeUninit::<PluginV1>::zeroed();
    let size = size.min(size_of::<PluginV1>());
    // SAFETY: both are at least so large. Every field may be zero: numbers, empty slices, functions that are not there.
    unsafe {
        table.cast::<u8>().copy_to_nonoverlapping(known.as_mut_ptr().cast(), size);
        known.assume_init()
    }
}

/// Keeps the services of a call findable while it runs.
struct Running(u64);

impl Running {
    fn enter(token: u64, services: &Arc<dyn Services>) -> Self {
        RUNNING.write().unwrap_or_else(PoisonError::into_inner).insert(token, services.clone());
        Self(token)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        RUNNING.write().unwrap_or_else(PoisonError::into_inner).remove(&self.0);
    }
}

fn services(token: u64) -> Option<Arc<dyn Services>> {
    RUNNING.read().unwrap_or_else(PoisonError::into_inner).get(&token).cloned()
}

fn lock(mutex: &Mutex<()>) -> MutexGuard<'_, ()> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

unsafe extern "C" fn host_call(_: *mut c_void, token: u64, op: u32, input: Slice, output: *mut Buf) -> i32 {
    let Some(services) = services(token) else { return Code::Cancelled.number() };
    // SAFETY: the plugin lends `input` for the length of the call.
    let input = unsafe { input.bytes() };
    let answered = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| services.call(token, op, input)));
    let Ok((code, bytes)) = answered else { return Code::PluginError.number() };
    if !output.is_null() {
        // SAFETY: the plugin gave a place for one `Buf`.
        unsafe { output.write(owned(bytes)) };
    }
    code
}

unsafe extern "C" fn host_alive(_: *mut c_void, token: u64) -> i32 {
    services(token).is_some_and(|services| services.alive(token)).into()
}

/// Bytes that free themselves.
fn owned(bytes: Vec<u8>) -> Buf {
    let mut bytes = std::mem::ManuallyDrop::new(bytes);
    Buf { ptr: bytes.as_mut_ptr(), len: bytes.len(), cap: bytes.capacity(), free: Some(free) }
}

unsafe extern "C" fn free(buf: Buf) {
    if !buf.ptr.is_null() {
        // SAFETY: made by `owned` from a vector with these three values, and freed once.
        drop(unsafe { Vec::from_raw_parts(buf.ptr, buf.len, buf.cap) });
    }
}

/// The version of the C library of this process, such as `2.36`; none where it is another one.
pub(crate) fn glibc_version() -> Option<String> {
    let this = Library::this();
    // SAFETY: where it exists, this function of glibc takes nothing and returns text that lives for ever.
    let version =
        unsafe { this.get::<unsafe extern "C" fn() -> *const std::ffi::c_char>(b"gnu_get_libc_version").ok()? };
    // SAFETY: as above.
    let text = unsafe { std::ffi::CStr::from_ptr(version()) };
    text.to_str().ok().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    unsafe extern "C" fn never(_: u32) {}

    fn table() -> PluginV1 {
        PluginV1 {
            magic: MAGIC,
            struct_size: size_of::<PluginV1>() as u32,
            abi_major: ABI_MAJOR,
            abi_minor: ABI_MINOR,
            flags: FLAG_UNWIND,
            sdk_version: Slice::of(b"test"),
            manifest: Slice::of(b"{}"),
            init: None,
            call: None,
            cancel: None,
            shutdown: Some(never),
        }
    }

    /// A table of a later minor version, with a field at its end that this program does not know.
    #[repr(C)]
    struct Later(PluginV1, Option<unsafe extern "C" fn(u32)>);

    #[test]
    fn a_table_of_a_later_minor_version_is_read_as_far_as_it_is_known() {
        let size = size_of::<Later>() as u32;
        let later = Later(PluginV1 { struct_size: size, abi_minor: ABI_MINOR + 1, ..table() }, Some(never));
        // SAFETY: as large as it says.
        let read = unsafe { checked(&raw const later.0) }.unwrap();
        assert_eq!(read.struct_size, size);
        assert!(read.shutdown.is_some());
    }

    #[test]
    fn what_an_earlier_table_does_not_have_is_not_there() {
        let earlier = table();
        // SAFETY: it is larger than that.
        let read = unsafe { known(&raw const earlier, std::mem::offset_of!(PluginV1, shutdown)) };
        assert!(read.shutdown.is_none());
        assert_eq!(read.magic, MAGIC);
    }

    #[test]
    fn the_first_version_is_the_least() {
        let size = PLUGIN_V1_0_SIZE as u32;
        let first = PluginV1 { struct_size: size, ..table() };
        // SAFETY: as large as it says.
        assert!(unsafe { checked(&raw const first) }.is_ok());
        let less = PluginV1 { struct_size: size - 1, ..table() };
        // SAFETY: the same.
        let refused = unsafe { checked(&raw const less) };
        assert!(matches!(refused, Err(OpenError::Table(message)) if message.contains(&format!("at least {size}"))));
        assert_eq!(size, 80, "frozen with version 1.0");
    }
}
