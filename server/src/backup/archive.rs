//! The file of a backup, opened.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use zip::ZipArchive;

use super::BackupError;

pub(super) fn open(path: &Path) -> Result<ZipArchive<BufReader<File>>, BackupError> {
    let file = File::open(path).map_err(BackupError::file(path))?;
    ZipArchive::new(BufReader::with_capacity(1 << 20, file)).map_err(|error| BackupError::damaged(path, error))
}
