//! Reads a plugin file. Nothing of the plugin runs: opening a library would already run its constructors, so whatever
//! can be refused is refused here, with both values and the way to mend it.

use std::fs;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use object::read::elf::ElfFile64;
use object::{Architecture, Object, ObjectSection};
use plugin_abi::{ABI_MAJOR, ABI_MINOR, FLAG_UNWIND, MAGIC, SECTION, SectionHeader};
use plugin_protocol::manifest::{Manifest, Problem};
use sha2::{Digest, Sha256};

/// The largest file of a plugin, in bytes.
pub const LARGEST: u64 = 64 * 1024 * 1024;
/// How the name of a manifest ends whose plugin is a program.
pub const PROGRAM_ENDING: &str = ".plugin.json";

const HEADER: usize = size_of::<SectionHeader>();

/// A plugin as its file describes it.
#[derive(Clone, Debug)]
pub struct PluginFile {
    /// Where.
    pub path: PathBuf,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// What it declares.
    pub manifest: Manifest,
    /// What it is.
    pub kind: FileKind,
}

/// What a plugin's file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A library.
    Library {
        /// Version of the interface.
        abi: (u16, u16),
        /// `FLAG_…`.
        flags: u32,
    },
    /// A manifest beside a program.
    Program,
}

/// Why a file is refused.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It cannot be read.
    #[error("{0} cannot be read: {1}")]
    Read(PathBuf, std::io::Error),
    /// It is too large.
    #[error("the file has {0} bytes; at most {LARGEST} are allowed. Strip it: `strip = true` in [profile.release]")]
    Size(u64),
    /// It is no library of this system.
    #[error("{0}")]
    Foreign(String),
    /// It is a library, but no plugin.
    #[error(
        "the library has no section {SECTION}, so it is no plugin; `plugin_sdk::plugin!` belongs at the root of the crate"
    )]
    NoPlugin,
    /// The section is damaged.
    #[error("the section {SECTION} is damaged: {0}; build the plugin anew")]
    Damaged(String),
    /// It was built for another version of the interface.
    #[error(
        "the plugin was built for version {found}.x of the interface, this server has {ABI_MAJOR}.{ABI_MINOR}; build it anew with the plugin-sdk of this server: cargo build --release"
    )]
    Version {
        /// What the file says.
        found: u16,
    },
    /// Its panics abort.
    #[error(
        "the plugin was built with panic = \"abort\", so every panic would end its worker; remove that line from the profile in its Cargo.toml and build it anew"
    )]
    Abort,
    /// It needs a newer C library.
    #[error(
        "the plugin needs glibc {needed}, this machine has {found}; build it on a machine with glibc {found} or older"
    )]
    Glibc {
        /// What it needs.
        needed: String,
        /// What is here.
        found: String,
    },
    /// The manifest is no manifest.
    #[error("the manifest cannot be read: {0}")]
    Manifest(String),
    /// The manifest makes no sense.
    #[error("the manifest is wrong: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Problems(Vec<Problem>),
}

/// Whether a file of this name may be a plugin.
pub fn is_candidate(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.ends_with(".so") || name.ends_with(PROGRAM_ENDING)
}

/// Reads and checks a plugin file.
pub fn read(path: &Path) -> Result<PluginFile, FileError> {
    let failed = |error| FileError::Read(path.to_owned(), error);
    let metadata = fs::metadata(path).map_err(failed)?;
    if !metadata.is_file() {
        // Reading a pipe or a device might never end.
        return Err(FileError::Foreign(format!("{} is no file; copy the plugin itself there", path.display())));
    }
    let size = metadata.len();
    if size > LARGEST {
        return Err(FileError::Size(size));
    }
    let bytes = fs::read(path).map_err(failed)?;
    let (manifest, kind) = if path.to_string_lossy().ends_with(PROGRAM_ENDING) {
        let manifest = manifest(&bytes)?;
        if manifest.command.is_empty() {
            return Err(FileError::Manifest("no \"command\" that starts the program".into()));
        }
        (manifest, FileKind::Program)
    } else {
        library(&bytes)?
    };
    let problems = manifest.problems();
    if !problems.is_empty() {
        return Err(FileError::Problems(problems));
    }
    Ok(PluginFile { path: path.to_owned(), sha256: digest(&bytes), manifest, kind })
}

/// SHA-256 of bytes, in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

fn manifest(bytes: &[u8]) -> Result<Manifest, FileError> {
    serde_json::from_slice(bytes).map_err(|error| FileError::Manifest(error.to_string()))
}

fn library(bytes: &[u8]) -> Result<(Manifest, FileKind), FileError> {
    let file: ElfFile64<'_> =
        ElfFile64::parse(bytes).map_err(|error| FileError::Foreign(format!("no 64-bit ELF library: {error}")))?;
    let own = if cfg!(target_arch = "aarch64") { Architecture::Aarch64 } else { Architecture::X86_64 };
    if file.architecture() != own {
        let found = file.architecture();
        return Err(FileError::Foreign(format!(
            "the library is for {found:?}, this machine is {own:?}; build it here"
        )));
    }
    let section = file.section_by_name(SECTION).ok_or(FileError::NoPlugin)?;
    let data = section.data().map_err(|error| FileError::Damaged(error.to_string()))?;
    let header = header(data)?;
    if header.abi_major != ABI_MAJOR {
        return Err(FileError::Version { found: header.abi_major });
    }
    if header.flags & FLAG_UNWIND == 0 {
        return Err(FileError::Abort);
    }
    if let Some((needed, found)) = newer_glibc(&file) {
        return Err(FileError::Glibc { needed, found });
    }
    let start = header.header_size as usize;
    let end = usize::try_from(header.manifest_len).ok().and_then(|length| start.checked_add(length));
    let text = end.and_then(|end| data.get(start..end));
    let text = text.ok_or_else(|| FileError::Damaged("it is shorter than its manifest".into()))?;
    let kind = FileKind::Library { abi: (header.abi_major, header.abi_minor), flags: header.flags };
    Ok((manifest(text)?, kind))
}

fn header(data: &[u8]) -> Result<SectionHeader, FileError> {
    let damaged = |why: &str| FileError::Damaged(why.into());
    let bytes = data.first_chunk::<HEADER>().ok_or_else(|| damaged("it is shorter than its header"))?;
    let [m0, m1, m2, m3, s0, s1, s2, s3, a0, a1, b0, b1, f0, f1, f2, f3, l @ ..] = *bytes;
    let header = SectionHeader {
        magic: [m0, m1, m2, m3],
        header_size: u32::from_ne_bytes([s0, s1, s2, s3]),
        abi_major: u16::from_ne_bytes([a0, a1]),
        abi_minor: u16::from_ne_bytes([b0, b1]),
        flags: u32::from_ne_bytes([f0, f1, f2, f3]),
        manifest_len: u64::from_ne_bytes(l),
    };
    if header.magic != MAGIC {
        return Err(FileError::Damaged(format!("it begins with {:?} instead of {MAGIC:?}", header.magic)));
    }
    if (header.header_size as usize) < HEADER {
        return Err(damaged("its header is too short"));
    }
    Ok(header)
}

/// The newest glibc that the library needs and the one that is here, when the former is newer.
fn newer_glibc(file: &ElfFile64<'_>) -> Option<(String, String)> {
    let needed = needed_glibc(file)?;
    let found = glibc()?;
    (needed > found).then(|| (shown(needed), shown(found)))
}

fn shown((major, minor): (u32, u32)) -> String {
    format!("{major}.{minor}")
}

fn version(text: &str) -> Option<(u32, u32)> {
    let (major, rest) = text.split_once('.')?;
    Some((major.parse().ok()?, rest.split('.').next()?.parse().ok()?))
}

fn needed_glibc(file: &ElfFile64<'_>) -> Option<(u32, u32)> {
    let endian = file.endian();
    let sections = file.elf_section_table();
    let (mut needs, link) = sections.gnu_verneed(endian, file.data()).ok()??;
    let strings = sections.strings(endian, file.data(), link).ok()?;
    let mut newest = None;
    while let Ok(Some((_, mut versions))) = needs.next() {
        while let Ok(Some(need)) = versions.next() {
            let name = need.name(endian, strings).ok().and_then(|name| std::str::from_utf8(name).ok());
            newest = newest.max(name.and_then(|name| version(name.strip_prefix("GLIBC_")?)));
        }
    }
    newest
}

/// The version of the C library of this process.
fn glibc() -> Option<(u32, u32)> {
    crate::library::glibc_version().as_deref().and_then(version)
}
