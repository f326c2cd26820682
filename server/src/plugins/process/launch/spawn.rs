//! Every worker a new start of the program.

use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::Stdio;

use tokio::process::Command;
use tokio::sync::watch;

use super::{Gone, kill};
use crate::plugins::worker::SUBCOMMAND;
use crate::plugins::worker::start::Start;

/// Starts the program.
#[derive(Default)]
pub(super) struct Maker {}

/// Kills a process when dropped.
pub(super) struct Hold {
    pid: u32,
    ended: watch::Receiver<Option<Gone>>,
}

impl Maker {
    pub(super) async fn make(
        &self,
        program: &Path,
        folder: &Path,
        start: &Start,
        files: [OwnedFd; 3],
    ) -> io::Result<(u32, watch::Receiver<Option<Gone>>, Hold)> {
        let [socket, output, errors] = files;
        let mut child = Command::new(program)
            .arg(SUBCOMMAND)
            .arg(start.to_argument())
            .env_clear()
            .current_dir(folder)
            .stdin(Stdio::from(socket))
            .stdout(Stdio::from(output))
            .stderr(Stdio::from(errors))
            .process_group(0)
            .spawn()
            .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", program.display())))?;
        let pid = child.id().ok_or_else(|| io::Error::other("the process ended at once"))?;
        let (tell, ended) = watch::channel(None);
        tokio::spawn(async move {
            let status = child.wait().await.ok();
            tell.send_replace(Some(status));
        });
        Ok((pid, ended.clone(), Hold { pid, ended }))
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        if self.ended.borrow().is_none() {
            kill(self.pid);
        }
    }
}
