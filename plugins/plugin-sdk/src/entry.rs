//! Where the C interface meets the trait [`Plugin`]. Authors do not need it: [`plugin!`](crate::plugin) uses it.
//!
//! Nothing unwinds out of here: every function catches what panics and answers with the panic's message and place.
#![allow(unsafe_code)]

use std::any::Any;
use std::cell::Cell;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicPtr, Ordering};

use plugin_abi::{ABI_MAJOR, ABI_MINOR, Buf, FLAG_THREADS, FLAG_UNWIND, HostV1, MAGIC, PluginV1, SectionHeader, Slice};
use plugin_protocol::context::Request;
use plugin_protocol::host::{HostOp, Log};
use plugin_protocol::op::Op;
use plugin_protocol::{Code, Failure};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{Error, Result};
use crate::host::Host;
use crate::plugin::Plugin;

pub use crate::line::Line;

const FLAGS: u32 = FLAG_THREADS | if cfg!(panic = "unwind") { FLAG_UNWIND } else { 0 };
const SDK: &str = concat!("plugin-sdk ", env!("CARGO_PKG_VERSION"));

/// What the host gave; there is one for the process, or for each plugin linked into a test.
static HOST: AtomicPtr<HostV1> = AtomicPtr::new(std::ptr::null_mut());

thread_local! {
    /// The call that this thread works on.
    static TOKEN: Cell<u64> = const { Cell::new(0) };
    /// What the last panic of this thread said, and where.
    static PANIC: RefCell<Option<(String, String)>> = const { RefCell::new(None) };
    /// Whether this thread is inside the plugin, so that a panic is the plugin's.
    static IS_INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// The exported table of a plugin.
pub const fn export<P: Plugin>(manifest: &'static str) -> PluginV1 {
    PluginV1 {
        magic: MAGIC,
        struct_size: size_of::<PluginV1>() as u32,
        abi_major: ABI_MAJOR,
        abi_minor: ABI_MINOR,
        flags: FLAGS,
        sdk_version: Slice::of(SDK.as_bytes()),
        manifest: Slice::of(manifest.as_bytes()),
        init: Some(init::<P>),
        call: Some(call::<P>),
        cancel: Some(cancel),
        shutdown: Some(shutdown),
    }
}

/// The ELF section of a plugin.
#[repr(C)]
pub struct Section<const LENGTH: usize> {
    header: SectionHeader,
    manifest: [u8; LENGTH],
}

impl<const LENGTH: usize> Section<LENGTH> {
    /// The section with this manifest, which is `LENGTH` bytes long.
    pub const fn new(manifest: &'static str) -> Self {
        let header = SectionHeader {
            magic: MAGIC,
            header_size: size_of::<SectionHeader>() as u32,
            abi_major: ABI_MAJOR,
            abi_minor: ABI_MINOR,
            flags: FLAGS,
            manifest_len: LENGTH as u64,
        };
        match manifest.as_bytes().first_chunk::<LENGTH>() {
            Some(bytes) => Self { header, manifest: *bytes },
            None => panic!("the length is that of the manifest"),
        }
    }
}

/// The one plugin of a type in this process.
fn instance<P: Plugin>() -> &'static P {
    static INSTANCES: OnceLock<std::sync::Mutex<Vec<&'static (dyn Any + Send + Sync)>>> = OnceLock::new();
    let mut instances = match INSTANCES.get_or_init(Default::default).lock() {
        Ok(instances) => instances,
        Err(poisoned) => poisoned.into_inner(),
    };
    if let Some(found) = instances.iter().find_map(|instance| instance.downcast_ref::<P>()) {
        return found;
    }
    let new: &'static P = Box::leak(Box::new(P::default()));
    instances.push(new);
    new
}

unsafe extern "C" fn init<P: Plugin>(host: *const HostV1) -> i32 {
    if host.is_null() {
        return Code::Incompatible.number();
    }
    HOST.store(host.cast_mut(), Ordering::Release);
    listen_to_panics();
    install_logger();
    let started = inside(|| instance::<P>().start());
    match started {
        Ok(Ok(())) => 0,
        Ok(Err(error)) => {
            say("error", &format!("the plugin does not start: {}", error.0));
            error.code().number()
        }
        Err(_) => {
            say("error", &format!("the plugin does not start: {}", panicked()));
            Code::Panic.number()
        }
    }
}

unsafe extern "C" fn call<P: Plugin>(token: u64, op: u32, input: Slice, output: *mut Buf) -> i32 {
    let before = TOKEN.replace(token);
    // SAFETY: the caller lends `input` for the length of the call.
    let input = unsafe { input.bytes() };
    let done = inside(|| answer::<P>(token, op, input));
    TOKEN.set(before);
    let (code, bytes) = match done {
        Ok(Ok(bytes)) => (Code::Ok, bytes),
        Ok(Err(error)) => (error.code(), error.0.to_bytes()),
        Err(_) => {
            let failure = panicked();
            (Code::Panic, failure.to_bytes())
        }
    };
    if !output.is_null() {
        // SAFETY: the caller gave a place for one `Buf`.
        unsafe { output.write(owned(bytes)) };
    }
    code.number()
}

unsafe extern "C" fn cancel(_token: u64) {
    // `Host::alive` asks the host, which knows.
}

unsafe extern "C" fn shutdown(_grace_ms: u32) {}

/// Bytes that free themselves.
fn owned(mut bytes: Vec<u8>) -> Buf {
    bytes.shrink_to_fit();
    let mut bytes = std::mem::ManuallyDrop::new(bytes);
    Buf { ptr: bytes.as_mut_ptr(), len: bytes.len(), cap: bytes.capacity(), free: Some(free) }
}

unsafe extern "C" fn free(buf: Buf) {
    if !buf.ptr.is_null() {
        // SAFETY: made by `owned` from a vector with these three values, and freed once.
        drop(unsafe { Vec::from_raw_parts(buf.ptr, buf.len, buf.cap) });
    }
}

fn answer<P: Plugin>(token: u64, op: u32, input: &[u8]) -> Result<Vec<u8>> {
    let host = HOST.load(Ordering::Acquire);
    // SAFETY: set at `init` to what lives until the process ends; null only before it.
    let host = unsafe { host.as_ref() }.ok_or_else(|| Error(Failure::new(Code::Unsupported, "not started yet")))?;
    let line = Line::new(host, token);
    let plugin = instance::<P>();
    let unknown = || Error(Failure::new(Code::Unsupported, format!("no operation {op}")));
    match Op::from_number(op).ok_or_else(unknown)? {
        Op::Http => with(line, input, |host, asked| plugin.page(host, asked)),
        Op::Widget => with(line, input, |host, asked| plugin.widget(host, asked)),
        Op::Event => with(line, input, |host, asked| plugin.event(host, asked)),
        Op::Job => with(line, input, |host, asked| plugin.job(host, asked)),
        Op::Service => with(line, input, |host, asked| plugin.service(host, asked)),
        Op::Health => with(line, input, |host, _: &Value| plugin.health(host)),
        Op::MigrateData => with(line, input, |host, asked| plugin.migrate_data(host, asked)),
        Op::ExportPerson => {
            with(line, input, |host, asked: &plugin_protocol::op::Subject| plugin.export_person(host, asked.person))
        }
        Op::ErasePerson => {
            with(line, input, |host, asked: &plugin_protocol::op::Subject| plugin.erase_person(host, asked.person))
        }
        Op::SettingsChanged => with(line, input, |host, _: &Value| plugin.settings_changed(host)),
        Op::Facts => with(line, input, |host, _: &Value| plugin.facts(host)),
        Op::Render => Err(unknown()),
    }
}

fn with<I: DeserializeOwned, O: Serialize>(
    line: Line,
    input: &[u8],
    work: impl FnOnce(&Host, &I) -> Result<O>,
) -> Result<Vec<u8>> {
    let asked: Request<I> = serde_json::from_slice(input)
        .map_err(|error| Error(Failure::new(Code::BadRequest, format!("not a request: {error}"))))?;
    let host = Host::new(line, asked.context, asked.until);
    Ok(serde_json::to_vec(&work(&host, &asked.input)?)?)
}

/// Does the plugin's work; catches its panic.
fn inside<T>(work: impl FnOnce() -> T) -> std::thread::Result<T> {
    // A linked plugin may be called by another one on the same thread.
    let before = IS_INSIDE.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    IS_INSIDE.set(before);
    done
}

/// Notes message and place of a panic of the plugin. A backtrace would cost a quarter of a second. Panics of others, such
/// as those of a test that a plugin is linked into, go on to whoever listened before.
fn listen_to_panics() {
    static ONCE: OnceLock<()> = OnceLock::new();
    ONCE.get_or_init(|| {
        let others = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !IS_INSIDE.get() {
                return others(info);
            }
            let payload = info.payload();
            let message = payload
                .downcast_ref::<&str>()
                .map(|text| (*text).to_owned())
                .or_else(|| payload.downcast_ref::<String>().cloned())
                .unwrap_or_else(|| "a panic without words".to_owned());
            let place = info.location().map(ToString::to_string).unwrap_or_default();
            PANIC.with_borrow_mut(|last| *last = Some((message, place)));
        }));
    });
}

fn panicked() -> Failure {
    let (message, place) = PANIC.take().unwrap_or_default();
    Failure::new(Code::Panic, message).at(place)
}

fn say(level: &str, message: &str) {
    let host = HOST.load(Ordering::Acquire);
    // SAFETY: as in `answer`.
    let Some(host) = (unsafe { host.as_ref() }) else { return };
    let line = Line::new(host, TOKEN.get());
    let log = Log { level: level.to_owned(), message: message.to_owned() };
    if let Ok(bytes) = serde_json::to_vec(&log) {
        line.ask(HostOp::Log as u32, &bytes);
    }
}

/// Sends what the plugin, and the libraries it uses, write with the crate `log` to the server's log.
struct Logger;

impl log::Log for Logger {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        metadata.level() <= log::Level::Info
    }

    fn log(&self, record: &log::Record<'_>) {
        if self.enabled(record.metadata()) {
            let level = record.level().as_str().to_ascii_lowercase();
            say(&level, &record.args().to_string());
        }
    }

    fn flush(&self) {}
}

fn install_logger() {
    if log::set_logger(&Logger).is_ok() {
        log::set_max_level(log::LevelFilter::Info);
    }
}
