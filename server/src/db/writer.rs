//! SQLite's single writer: takes jobs from a queue and commits those that wait together.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::FutureExt;
use sqlx::{Connection, SqliteConnection};
use tokio::sync::{Mutex, mpsc, oneshot};

use super::{Tx, WriteFuture};
use crate::error::{Error, Result};

/// How many jobs share one commit at most. More would make the first of them wait longer than a commit takes.
const GROUP: usize = 64;
/// How many jobs may wait; behind them callers wait for a place.
const QUEUE: usize = 1024;

/// The sending end of the queue.
#[derive(Clone)]
pub(super) struct Writer {
    jobs: Arc<Mutex<Option<mpsc::Sender<Box<dyn Job>>>>>,
    sender: mpsc::WeakSender<Box<dyn Job>>,
    done: Arc<Mutex<Option<tokio::task::JoinHandle<()>>>>,
}

/// A job with its result kept until the commit has answered.
trait Job: Send {
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>>;
    fn finish(self: Box<Self>, failure: Option<&sqlx::Error>);
}

struct Write<F, T> {
    work: Option<F>,
    result: Option<Result<T>>,
    reply: oneshot::Sender<Result<T>>,
}

impl<F, T> Job for Write<F, T>
where
    T: Send + 'static,
    F: for<'c> FnOnce(&'c mut Tx) -> WriteFuture<'c, T> + Send + 'static,
{
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>> {
        Box::pin(async move {
            let work = self.work.take().expect("a job runs once");
            let result = match AssertUnwindSafe(async { work(tx).await }).catch_unwind().await {
                Ok(result) => result,
                Err(_) => Err(Error::internal("a write job panicked")),
            };
            let fine = result.is_ok();
            self.result = Some(result);
            fine
        })
    }

    fn finish(self: Box<Self>, failure: Option<&sqlx::Error>) {
        let result = match (failure, self.result) {
            (None, Some(result)) => result,
            (_, Some(Err(error))) => Err(error),
            (Some(failure), _) => Err(Error::unavailable(format!("commit failed: {failure}"))),
            (None, None) => Err(Error::internal("a write job did not run")),
        };
        // The caller may have gone away; what was written stays written.
        let _ = self.reply.send(result);
    }
}

impl Writer {
    pub(super) fn start(connection: SqliteConnection) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let done = tokio::spawn(run(connection, receiver));
        Self {
            sender: sender.downgrade(),
            jobs: Arc::new(Mutex::new(Some(sender))),
            done: Arc::new(Mutex::new(Some(done))),
        }
    }

    pub(super) async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Tx) -> WriteFuture<'c, T> + Send + 'static,
    {
        let (reply, result) = oneshot::channel();
        let job = Box::new(Write { work: Some(work), result: None, reply });
        let stopped = || Error::unavailable("the database is closing");
        let sender = self.sender.upgrade().ok_or_else(stopped)?;
        sender.send(job).await.map_err(|_| stopped())?;
        drop(sender);
        result.await.map_err(|_| stopped())?
    }

    /// Takes no more jobs, waits for the queued ones and closes the connection.
    pub(super) async fn close(&self) {
        self.jobs.lock().await.take();
        if let Some(done) = self.done.lock().await.take() {
            let _ = done.await;
        }
    }
}

async fn run(connection: SqliteConnection, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
    let mut tx = Tx::Sqlite(connection);
    let mut group: Vec<Box<dyn Job>> = Vec::with_capacity(GROUP);
    while jobs.recv_many(&mut group, GROUP).await > 0 {
        let failure = commit_together(&mut tx, &mut group).await.err();
        if let Some(failure) = &failure {
            tracing::error!(error = %failure, jobs = group.len(), "the database refused a commit");
            // Whatever state the failed commit left, the next group starts clean.
            let _ = execute(&mut tx, "ROLLBACK").await;
        }
        for job in group.drain(..) {
            job.finish(failure.as_ref());
        }
    }
    if let Tx::Sqlite(connection) = tx {
        let _ = connection.close().await;
    }
}

async fn commit_together(tx: &mut Tx, group: &mut [Box<dyn Job>]) -> sqlx::Result<()> {
    execute(tx, "BEGIN IMMEDIATE").await?;
    if let [job] = group {
        let end = if job.run(tx).await { "COMMIT" } else { "ROLLBACK" };
        return execute(tx, end).await;
    }
    // From one job to the next is one call to the driver's thread. A commit ends the last savepoint too.
    let (mut next, mut end) = ("SAVEPOINT job", "COMMIT");
    for job in group {
        execute(tx, next).await?;
        (next, end) = match job.run(tx).await {
            true => ("RELEASE job; SAVEPOINT job", "COMMIT"),
            false => ("ROLLBACK TO job; RELEASE job; SAVEPOINT job", "ROLLBACK TO job; COMMIT"),
        };
    }
    execute(tx, end).await
}

async fn execute(tx: &mut Tx, sql: &'static str) -> sqlx::Result<()> {
    if let Tx::Sqlite(connection) = tx {
        sqlx::query(sql).execute(connection).await?;
    }
    Ok(())
}
