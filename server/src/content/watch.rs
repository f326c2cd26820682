//! Notices that files changed: by the system's notifications, and by looking now and then where those do not arrive
//! (network folders, containers).

use std::path::Path;
use std::sync::Weak;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use notify::{EventKind, RecursiveMode, Watcher};

use super::{Content, source};

/// Editors write in several steps; the files are read this long after the last of them.
const QUIET: Duration = Duration::from_millis(300);
/// How often the folder is looked through when notifications work, and when they do not.
const LOOK: Duration = Duration::from_secs(30);
const LOOK_OFTEN: Duration = Duration::from_secs(2);

/// Reloads the content when something below the directory changes, on a thread of its own, until the content is dropped.
pub(super) fn watch(directory: &Path, content: Weak<Content>) {
    let directory = directory.to_owned();
    let spawned = std::thread::Builder::new().name("content-watch".to_owned()).spawn(move || run(&directory, &content));
    if let Err(error) = spawned {
        tracing::warn!(%error, "changes to course files are not noticed; restart the server after changing them");
    }
}

fn run(directory: &Path, content: &Weak<Content>) {
    let (sender, events) = channel();
    let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // Reading a file is no change.
        if !matches!(event, Ok(notify::Event { kind: EventKind::Access(_), .. })) {
            let _ = sender.send(());
        }
    });
    let watching = watcher.and_then(|mut watcher| watcher.watch(directory, RecursiveMode::Recursive).map(|()| watcher));
    let (interval, _watcher) = match watching {
        Ok(watcher) => (LOOK, Some(watcher)),
        Err(error) => {
            tracing::warn!(%error, "no notifications about course files; looking every {} s", LOOK_OFTEN.as_secs());
            (LOOK_OFTEN, None)
        }
    };
    let mut seen = source::signature(directory).ok();
    loop {
        let noticed = changed(&events, interval);
        let Some(content) = content.upgrade() else { return };
        let now = source::signature(directory).ok();
        if noticed || now != seen {
            content.reload();
            seen = now;
        }
    }
}

/// Waits for a change and then for quiet. False when nothing was reported in time.
fn changed(events: &Receiver<()>, interval: Duration) -> bool {
    match events.recv_timeout(interval) {
        Ok(()) => {
            while events.recv_timeout(QUIET).is_ok() {}
            true
        }
        Err(RecvTimeoutError::Timeout) => false,
        // The watcher is gone; only looking is left.
        Err(RecvTimeoutError::Disconnected) => {
            std::thread::sleep(interval);
            false
        }
    }
}
