//! Notices that files changed: by the system's notifications, and by looking now and then where those do not arrive
//! (network folders, containers).

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use notify::{EventKind, RecursiveMode, Watcher};

use super::source;

/// Editors write in several steps; the files are read this long after the last of them.
const QUIET: Duration = Duration::from_millis(300);
/// How often the folder is looked through when notifications work, and when they do not.
const LOOK: Duration = Duration::from_secs(30);
const LOOK_OFTEN: Duration = Duration::from_secs(2);

/// Looks at the directory on a thread of its own. After every look `then` hears whether something changed, and says
/// whether to go on.
pub(super) fn watch(directory: &Path, then: impl FnMut(bool) -> ControlFlow<()> + Send + 'static) {
    let directory = directory.to_owned();
    let spawned = std::thread::Builder::new().name("content-watch".to_owned()).spawn(move || run(&directory, then));
    if let Err(error) = spawned {
        tracing::warn!(%error, "changes to course files are not noticed; restart the server after changing them");
    }
}

fn run(directory: &Path, mut then: impl FnMut(bool) -> ControlFlow<()>) {
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
        let now = source::signature(directory).ok();
        let is_changed = noticed || now != seen;
        seen = now;
        if then(is_changed).is_break() {
            return;
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
