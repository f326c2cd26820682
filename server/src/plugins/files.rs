//! Which plugin files there are, and the copies that workers open: a file under its own digest never changes under a
//! running worker, and the one before it stays for going back.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use plugin_loader::file::{self, FileError, FileKind, PluginFile};

use crate::config::Config;

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The file of each plugin; where folders hold several, the folder that was named last decides.
    pub plugins: BTreeMap<String, PluginFile>,
    /// Files that are refused, and why.
    pub refused: BTreeMap<PathBuf, String>,
}

/// The folders that are searched; a later one comes before an earlier one.
pub fn folders(config: &Config) -> Vec<PathBuf> {
    folders_of(&worker_program(config), &config.storage.data, &config.plugins)
}

/// The same: the program's own folder, that of the data directory, and those that were named.
pub fn folders_of(program: &Path, data: &Path, named: &[PathBuf]) -> Vec<PathBuf> {
    let own = program.canonicalize().unwrap_or_else(|_| program.to_owned()).parent().map(Path::to_owned);
    own.into_iter().chain([data.join("plugins")]).chain(named.iter().cloned()).collect()
}

/// The program that is started as a worker.
pub fn worker_program(config: &Config) -> PathBuf {
    match &config.plugin_worker {
        Some(program) => program.clone(),
        // Even after its file was replaced by a newer one: both sides then still are of one release.
        None if cfg!(target_os = "linux") => PathBuf::from("/proc/self/exe"),
        None => std::env::current_exe().unwrap_or_else(|_| PathBuf::from("server")),
    }
}

/// Remembers files that have not changed since they were read.
#[derive(Debug, Default)]
pub struct Search {
    known: HashMap<PathBuf, (Stamp, Result<PluginFile, Option<String>>)>,
}

impl Search {
    /// Looks into the folders.
    pub fn look(&mut self, folders: &[PathBuf]) -> Found {
        let mut found = Found::default();
        let mut seen = BTreeSet::new();
        for folder in folders {
            // A folder that is not there holds nothing.
            let Ok(entries) = fs::read_dir(folder) else { continue };
            let mut paths: Vec<_> =
                entries.flatten().map(|entry| entry.path()).filter(|p| file::is_candidate(p)).collect();
            paths.sort();
            for path in paths {
                let Ok(stamp) = stamp(&path) else { continue };
                if self.known.get(&path).is_none_or(|(at, _)| *at != stamp) {
                    let read = file::read(&path).map_err(|error| match error {
                        // Any other library that lies there.
                        FileError::NoPlugin => None,
                        error => Some(error.to_string()),
                    });
                    self.known.insert(path.clone(), (stamp, read));
                }
                match self.known.get(&path) {
                    Some((_, Ok(file))) => drop(found.plugins.insert(file.manifest.id.clone(), file.clone())),
                    Some((_, Err(Some(why)))) => drop(found.refused.insert(path.clone(), why.clone())),
                    _ => {}
                }
                seen.insert(path);
            }
        }
        self.known.retain(|path, _| seen.contains(path));
        found
    }
}

/// Where copies and logs are.
pub fn run_folder(config: &Config) -> PathBuf {
    let data = &config.storage.data;
    data.canonicalize().unwrap_or_else(|_| data.clone()).join("run").join("plugins")
}

/// The copies that workers open, each under its digest. What was read is remembered as long as the file is the same.
#[derive(Debug)]
pub struct Copies {
    folder: PathBuf,
    known: Mutex<HashMap<PathBuf, (Stamp, PluginFile)>>,
}

/// Changes when a file does.
type Stamp = (SystemTime, u64);

fn stamp(path: &Path) -> io::Result<Stamp> {
    let meta = fs::metadata(path)?;
    Ok((meta.modified().unwrap_or(SystemTime::UNIX_EPOCH), meta.len()))
}

impl Copies {
    /// Those in a folder.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, known: Mutex::default() }
    }

    /// Where they are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The copy with this digest, if there is one.
    pub fn of(&self, sha256: &str) -> Option<PluginFile> {
        if sha256.is_empty() || !sha256.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let path = self.folder.join(format!("{sha256}.so"));
        let stamp = stamp(&path).ok()?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, file)) = known.get(&path)
            && *at == stamp
        {
            return Some(file.clone());
        }
        let file = file::read(&path).ok().filter(|file| file.sha256 == sha256)?;
        known.insert(path, (stamp, file.clone()));
        Some(file)
    }

    /// Copies a library to where workers open it. A program stays where it is, beside what belongs to it.
    ///
    /// # Errors
    /// When it cannot be copied, or changes meanwhile.
    pub fn place(&self, file: &PluginFile) -> io::Result<PluginFile> {
        if file.kind == FileKind::Program {
            return Ok(PluginFile { path: file.path.canonicalize()?, ..file.clone() });
        }
        if let Some(copy) = self.of(&file.sha256) {
            return Ok(copy);
        }
        let bytes = fs::read(&file.path)?;
        if file::digest(&bytes) != file.sha256 {
            return Err(io::Error::other("the file changes just now; it is looked at again in a moment"));
        }
        let unfinished = self.folder.join(format!("{}.new", file.sha256));
        fs::write(&unfinished, bytes)?;
        let path = self.folder.join(format!("{}.so", file.sha256));
        fs::rename(unfinished, &path)?;
        Ok(PluginFile { path, ..file.clone() })
    }

    /// Removes copies that nobody needs, and at the start (`first`) what an earlier run left unfinished.
    pub fn sweep(&self, needed: &BTreeSet<String>, first: bool) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        for path in entries.flatten().map(|entry| entry.path()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let unfinished = first && name.ends_with(".new");
            if unfinished || name.strip_suffix(".so").is_some_and(|digest| !needed.contains(digest)) {
                // One that cannot be removed costs a little room.
                let _ = fs::remove_file(&path);
                self.known.lock().unwrap_or_else(PoisonError::into_inner).remove(&path);
            }
        }
    }
}
