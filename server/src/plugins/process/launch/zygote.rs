//! One process that forks the others.

use std::collections::{HashMap, VecDeque};
use std::io::{self, IoSlice};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::net::UnixStream as StdStream;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use nix::sys::socket::{ControlMessage, MsgFlags, sendmsg};
use tokio::io::{AsyncReadExt as _, Interest};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::process::{Child, Command};
use tokio::sync::{oneshot, watch};

use super::{Gone, kill};
use crate::plugins::worker::start::Start;
use crate::plugins::worker::zygote::{ALLOCATOR, FILES, Order, SUBCOMMAND, Told};

/// Holds the zygote, and starts it when there is none.
#[derive(Default)]
pub(super) struct Maker {
    /// Held while an order is sent, so that answers come in the order of the questions.
    running: tokio::sync::Mutex<Option<Arc<Zygote>>>,
}

/// Keeps the number of a process its own; kills it when dropped.
pub(super) struct Hold {
    pid: u32,
    zygote: Arc<Zygote>,
}

/// The server's end; when the last one who needs it is gone, the zygote ends.
struct Zygote {
    socket: OwnedWriteHalf,
    book: Arc<Mutex<Book>>,
}

/// Who waits for what.
#[derive(Default)]
struct Book {
    over: bool,
    births: VecDeque<oneshot::Sender<io::Result<Born>>>,
    living: HashMap<u32, watch::Sender<Option<Gone>>>,
}

type Born = (u32, watch::Receiver<Option<Gone>>);

impl Maker {
    pub(super) async fn make(
        &self,
        program: &Path,
        folder: &Path,
        start: &Start,
        files: [OwnedFd; FILES],
    ) -> io::Result<(u32, watch::Receiver<Option<Gone>>, Hold)> {
        let mut running = self.running.lock().await;
        let zygote = match running.as_ref().filter(|zygote| !open(&zygote.book).over) {
            Some(zygote) => zygote.clone(),
            None => running.insert(Arc::new(Zygote::start(program, folder)?)).clone(),
        };
        let (tell, told) = oneshot::channel();
        open(&zygote.book).births.push_back(tell);
        let order = Order::Fork { start: Box::new(start.clone()), folder: folder.to_owned() };
        let sent = zygote.send(&order, &files).await;
        drop(running);
        sent?;
        // Where nobody waits any more, the process is still let go of.
        let birth = tokio::spawn(async move {
            let (pid, ended) = told.await.unwrap_or_else(|_| Err(gone()))?;
            Ok((pid, ended, Hold { pid, zygote }))
        });
        birth.await.unwrap_or_else(|_| Err(gone()))
    }
}

impl Zygote {
    fn start(program: &Path, folder: &Path) -> io::Result<Self> {
        let (ours, theirs) = StdStream::pair()?;
        ours.set_nonblocking(true)?;
        let child = Command::new(program)
            .arg(SUBCOMMAND)
            .env_clear()
            .env(ALLOCATOR.0, ALLOCATOR.1)
            .current_dir(folder)
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", program.display())))?;
        let (read, socket) = UnixStream::from_std(ours)?.into_split();
        let book = Arc::<Mutex<Book>>::default();
        tokio::spawn(listen(child, read, book.clone()));
        Ok(Self { socket, book })
    }

    /// Sends an order whole, or the zygote is of no use any more.
    async fn send(&self, order: &Order, files: &[OwnedFd]) -> io::Result<()> {
        let json = serde_json::to_vec(order)?;
        let length = u32::try_from(json.len()).map_err(io::Error::other)?.to_le_bytes();
        let parts = [IoSlice::new(&length), IoSlice::new(&json)];
        let numbers: Vec<i32> = files.iter().map(AsRawFd::as_raw_fd).collect();
        let rights = [ControlMessage::ScmRights(&numbers)];
        let along = if numbers.is_empty() { &[] } else { &rights[..] };
        let stream = self.socket.as_ref();
        let sent = stream.async_io(Interest::WRITABLE, || {
            Ok(sendmsg::<()>(stream.as_raw_fd(), &parts, along, MsgFlags::MSG_NOSIGNAL, None)?)
        });
        let sent = sent.await.and_then(|count| if count == 4 + json.len() { Ok(()) } else { Err(gone()) });
        if sent.is_err() {
            open(&self.book).end();
        }
        sent
    }

    /// The same without waiting; an order that finds no room leaves a zombie until the zygote ends.
    fn release(&self, pid: u32) {
        let Ok(json) = serde_json::to_vec(&Order::Release(pid)) else { return };
        let length = u32::try_from(json.len()).unwrap_or_default().to_le_bytes();
        let _ = self.socket.try_write(&[&length[..], &json].concat());
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        // After the zygote the system may have given the number to somebody else, and no worker outlives it.
        if !open(&self.zygote.book).over {
            kill(self.pid);
            self.zygote.release(self.pid);
        }
    }
}

impl Book {
    fn note(&mut self, told: Told) {
        match told {
            Told::Born(pid) => {
                let (tell, ended) = watch::channel(None);
                self.living.insert(pid, tell);
                self.answer(Ok((pid, ended)));
            }
            Told::NotBorn(error) => self.answer(Err(io::Error::from_raw_os_error(error))),
            Told::Ended(pid, status) => {
                if let Some(tell) = self.living.remove(&pid) {
                    tell.send_replace(Some(Some(ExitStatus::from_raw(status))));
                }
            }
        }
    }

    fn answer(&mut self, born: io::Result<Born>) {
        if let Some(waiting) = self.births.pop_front() {
            let _ = waiting.send(born);
        }
    }

    /// The zygote is gone, and its workers with it.
    fn end(&mut self) {
        self.over = true;
        self.births.clear();
        for (_, tell) in self.living.drain() {
            tell.send_replace(Some(None));
        }
    }
}

/// Hears what the zygote tells until it is gone.
async fn listen(mut child: Child, mut read: OwnedReadHalf, book: Arc<Mutex<Book>>) {
    let mut bytes = [0; Told::LENGTH];
    while read.read_exact(&mut bytes).await.is_ok() {
        let Some(told) = Told::from_bytes(bytes) else { break };
        open(&book).note(told);
    }
    open(&book).end();
    // The socket is shut, so that it ends by itself; if not, it is killed.
    drop(read);
    let _ = tokio::time::timeout(std::time::Duration::from_secs(1), child.wait()).await;
}

fn open(book: &Mutex<Book>) -> MutexGuard<'_, Book> {
    book.lock().unwrap_or_else(PoisonError::into_inner)
}

fn gone() -> io::Error {
    io::Error::other("the process that workers are forked from ended")
}
