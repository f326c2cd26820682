//! Where the courses' files come from: a folder, or the copy inside the program.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use bytes::Bytes;
use rust_embed::RustEmbed;

/// Largest file that is read, in bytes.
const LARGEST: u64 = 8 * 1024 * 1024;

/// Where the courses' files come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A folder with one folder for each course.
    Directory(PathBuf),
    /// The courses that are built in.
    BuiltIn,
}

#[derive(RustEmbed)]
#[folder = "../content"]
struct BuiltIn;

/// A file's path below the source, with `/`, and its bytes or why they cannot be read.
pub(super) type Files = BTreeMap<String, io::Result<Bytes>>;

impl Source {
    /// The folder that was asked for; else `./content` if there is one; else the built-in courses.
    pub fn choose(asked: Option<&Path>) -> Self {
        match asked {
            Some(directory) => Source::Directory(directory.to_owned()),
            None if Path::new("content").is_dir() => Source::Directory(PathBuf::from("content")),
            None => Source::BuiltIn,
        }
    }

    /// All files that belong to courses, by path. Hidden files and what editors leave behind are passed over.
    ///
    /// # Errors
    /// When the folder itself cannot be read.
    pub(super) fn files(&self) -> io::Result<Files> {
        match self {
            Source::BuiltIn => Ok(BuiltIn::iter()
                .filter(|path| path.split('/').all(belongs))
                .filter_map(|path| BuiltIn::get(&path).map(|file| (path.into_owned(), Ok(embedded(file)))))
                .collect()),
            Source::Directory(directory) => {
                let mut files = Files::new();
                walk(directory, "", 0, &mut |relative, path| {
                    files.insert(relative, read(&path));
                })?;
                Ok(files)
            }
        }
    }

    /// One file's bytes.
    pub(super) fn read(&self, path: &str) -> io::Result<Bytes> {
        match self {
            Source::BuiltIn => BuiltIn::get(path).map(embedded).ok_or_else(|| io::ErrorKind::NotFound.into()),
            Source::Directory(directory) => read(&directory.join(path)),
        }
    }
}

/// A cheap sign that something below the folder changed: paths, sizes and times.
pub(super) fn signature(directory: &Path) -> io::Result<Vec<(String, u64, Option<SystemTime>)>> {
    let mut all = Vec::new();
    walk(directory, "", 0, &mut |relative, path| {
        let metadata = std::fs::metadata(path).ok();
        all.push((
            relative,
            metadata.as_ref().map_or(0, std::fs::Metadata::len),
            metadata.and_then(|metadata| metadata.modified().ok()),
        ));
    })?;
    Ok(all)
}

fn embedded(file: rust_embed::EmbeddedFile) -> Bytes {
    match file.data {
        std::borrow::Cow::Borrowed(data) => Bytes::from_static(data),
        std::borrow::Cow::Owned(data) => Bytes::from(data),
    }
}

fn read(path: &Path) -> io::Result<Bytes> {
    let length = std::fs::metadata(path)?.len();
    if length > LARGEST {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("{length} bytes, at most {LARGEST}")));
    }
    std::fs::read(path).map(Bytes::from)
}

fn belongs(name: &str) -> bool {
    !name.starts_with(['.', '_', '#']) && !name.ends_with('~')
}

/// Course, chapter, folder for pictures: nothing lies deeper than this.
const DEEPEST: usize = 4;

fn walk(directory: &Path, prefix: &str, depth: usize, visit: &mut dyn FnMut(String, PathBuf)) -> io::Result<()> {
    let mut entries = std::fs::read_dir(directory)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let Ok(name) = entry.file_name().into_string() else { continue };
        if !belongs(&name) {
            continue;
        }
        let relative = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        // A link to a folder is followed; the depth bounds a link to itself.
        match std::fs::metadata(entry.path()) {
            Ok(metadata) if metadata.is_dir() => {
                if depth < DEEPEST {
                    // A folder that disappears meanwhile is a folder without files.
                    let _ = walk(&entry.path(), &relative, depth + 1, visit);
                }
            }
            _ => visit(relative, entry.path()),
        }
    }
    Ok(())
}
