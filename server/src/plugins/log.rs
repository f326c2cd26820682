//! What a plugin says: its log lines, and what it writes to standard output and error. The last lines are kept in
//! memory, all of them go to a file of bounded size; a plugin that says too much is cut short, never the server.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use tokio::io::{AsyncRead, AsyncReadExt as _};

/// Lines kept in memory.
const KEPT: usize = 200;
/// The longest line, in bytes.
const LONGEST: usize = 2 * 1024;
/// Lines a second that are kept; more are counted.
const MOST_A_SECOND: u32 = 200;
/// The largest file; then it is renamed to `.log.1` and a new one begins.
const LARGEST_FILE: u64 = 1024 * 1024;
/// Pause of a reader whose plugin says too much, so that reading it costs next to nothing.
const PAUSE: Duration = Duration::from_millis(50);

/// The log of one plugin.
pub struct Log {
    plugin: String,
    path: PathBuf,
    state: Mutex<State>,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When.
    pub at: DateTime<Utc>,
    /// `error`, `warn`, `info`, `debug`, or `output` for what was written rather than logged.
    pub level: String,
    /// What.
    pub text: String,
}

#[derive(Default)]
struct State {
    lines: VecDeque<Line>,
    file: Option<(File, u64)>,
    second: Option<Instant>,
    in_second: u32,
    dropped: u64,
}

impl Log {
    /// The log of a plugin, with its file in a folder.
    pub fn new(plugin: &str, folder: &Path) -> Self {
        Self { plugin: plugin.to_owned(), path: folder.join(format!("{plugin}.log")), state: Mutex::default() }
    }

    /// Takes a line; says whether there was room for it.
    pub fn push(&self, level: &str, text: &str) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if state.second.is_none_or(|second| now - second >= Duration::from_secs(1)) {
            state.second = Some(now);
            state.in_second = 0;
            let dropped = std::mem::take(&mut state.dropped);
            if dropped > 0 {
                self.keep(&mut state, "warn", &format!("{dropped} lines were left out: too many in a second"));
            }
        }
        if state.in_second >= MOST_A_SECOND {
            state.dropped += 1;
            return false;
        }
        state.in_second += 1;
        self.keep(&mut state, level, text);
        true
    }

    fn keep(&self, state: &mut State, level: &str, text: &str) {
        let level = match level {
            "error" | "warn" | "info" | "debug" | "output" => level,
            _ => "info",
        };
        let line = Line { at: Utc::now(), level: level.to_owned(), text: clean(text) };
        match level {
            "error" => tracing::error!(plugin = self.plugin, "{}", line.text),
            "warn" => tracing::warn!(plugin = self.plugin, "{}", line.text),
            "debug" => tracing::debug!(plugin = self.plugin, "{}", line.text),
            _ => tracing::info!(plugin = self.plugin, "{}", line.text),
        }
        // A full disk is no reason to stop a plugin; the lines in memory stay.
        let _ = self.write(state, &line);
        if state.lines.len() >= KEPT {
            state.lines.pop_front();
        }
        state.lines.push_back(line);
    }

    fn write(&self, state: &mut State, line: &Line) -> std::io::Result<()> {
        if state.file.as_ref().is_none_or(|(_, size)| *size > LARGEST_FILE) {
            if state.file.take().is_some() {
                std::fs::rename(&self.path, self.path.with_extension("log.1"))?;
            }
            let file = OpenOptions::new().create(true).append(true).open(&self.path)?;
            let size = file.metadata()?.len();
            state.file = Some((file, size));
        }
        if let Some((file, size)) = &mut state.file {
            let text = format!("{line}\n");
            file.write_all(text.as_bytes())?;
            *size += text.len() as u64;
        }
        Ok(())
    }

    /// The last lines, oldest first.
    pub fn last(&self, count: usize) -> Vec<Line> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.lines.iter().skip(state.lines.len().saturating_sub(count)).cloned().collect()
    }

    /// Takes what a process writes until it closes its end.
    pub async fn follow(&self, mut from: impl AsyncRead + Unpin) {
        let mut chunk = vec![0; 16 * 1024];
        let mut line = Vec::new();
        let mut too_long = false;
        while let Ok(count) = from.read(&mut chunk).await
            && count > 0
        {
            let mut room = true;
            for byte in &chunk[..count] {
                match byte {
                    b'\n' => {
                        room &= self.push("output", &String::from_utf8_lossy(&line));
                        line.clear();
                        too_long = false;
                    }
                    _ if line.len() < LONGEST => line.push(*byte),
                    _ => too_long = true,
                }
            }
            if !room || too_long {
                tokio::time::sleep(PAUSE).await;
            }
        }
        if !line.is_empty() {
            self.push("output", &String::from_utf8_lossy(&line));
        }
    }
}

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {:<6} {}", self.at.format("%Y-%m-%d %H:%M:%S%.3f"), self.level, self.text)
    }
}

/// One line of bounded length without control characters, which could mean something to a terminal.
fn clean(text: &str) -> String {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_cut_short_and_counted() {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::new("loud", folder.path());
        let kept = (0..5_000).filter(|n| log.push("info", &format!("line {n}"))).count();
        assert!(kept < 5_000, "everything was kept");
        assert!(log.last(500).len() <= KEPT);
    }

    #[test]
    fn a_line_is_bounded_and_plain() {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::new("odd", folder.path());
        log.push("error", &format!("a\u{1b}[2J\n{}", "长".repeat(LONGEST)));
        let lines = log.last(1);
        assert!(lines[0].text.len() <= LONGEST);
        assert!(lines[0].text.starts_with("a [2J 长"));
        let file = std::fs::read_to_string(folder.path().join("odd.log")).unwrap();
        assert_eq!(file.lines().count(), 1);
    }
}
