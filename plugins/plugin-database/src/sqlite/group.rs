//! Changes that wait for the writer share one commit, and with it one flush of the disk: while one is written, the next
//! ones come together.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use plugin_protocol::host::Done;
use plugin_protocol::{Code, Failure};

use super::{Guarded, SqliteTables};

/// How many share one commit at most. More would make the first of them wait longer than a commit takes.
const MOST: usize = 64;

/// What a change does, in a transaction. It may be asked for it again, when that transaction ended without it.
pub(crate) type Work = Box<dyn Fn(&Guarded) -> Result<Done, Failure> + Send>;

/// A change that waits, and whom to tell how it ended.
pub(crate) struct Change {
    pub(crate) work: Work,
    pub(crate) reply: Box<dyn FnOnce(Result<Done, Failure>) + Send>,
}

/// Changes that wait.
#[derive(Default)]
pub(super) struct Queue(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    changes: VecDeque<Change>,
    /// Somebody is doing them.
    is_led: bool,
}

impl SqliteTables {
    /// Puts a change behind those that wait. Whoever is told `true` has to call [`SqliteTables::do_waiting`].
    #[must_use]
    pub(crate) fn wait(&self, change: Change) -> bool {
        self.queue.with(|waiting| {
            waiting.changes.push_back(change);
            !std::mem::replace(&mut waiting.is_led, true)
        })
    }

    /// Does changes until none waits. Blocks.
    pub(crate) fn do_waiting(&self) {
        while let Some(group) = self.queue.next_group() {
            let (works, replies): (Vec<_>, Vec<_>) =
                group.into_iter().map(|change| (change.work, change.reply)).unzip();
            let results = self.writer().each(&works);
            for (reply, result) in replies.into_iter().zip(results) {
                reply(result);
            }
        }
    }
}

impl Queue {
    fn with<T>(&self, look: impl FnOnce(&mut Waiting) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The oldest that wait; when there are none, nobody leads from this moment on.
    fn next_group(&self) -> Option<Vec<Change>> {
        self.with(|waiting| {
            let several = waiting.changes.len().min(MOST);
            waiting.is_led = several > 0;
            waiting.is_led.then(|| waiting.changes.drain(..several).collect())
        })
    }
}

impl Guarded {
    /// Does each change or nothing of it. Together where that works: a change may end the transaction of all (one that
    /// takes too long does) or keep it from being committed (by a key that is checked only then); the others are then done
    /// each by itself.
    fn each(&self, works: &[Work]) -> Vec<Result<Done, Failure>> {
        let alone = |work: &Work| self.transaction(|| self.tried(work));
        if let [work] = works {
            return vec![alone(work)];
        }
        match self.together(works) {
            Together::Done(results) => results,
            Together::Unbegun(failure) => works.iter().map(|_| Err(failure.clone())).collect(),
            Together::EndedBy(ended, failure) => {
                let result = |(at, work)| if at == ended { Err(failure.clone()) } else { alone(work) };
                works.iter().enumerate().map(result).collect()
            }
            Together::Uncommitted => works.iter().map(alone).collect(),
        }
    }

    fn tried(&self, work: &Work) -> Result<Done, Failure> {
        let done = catch_unwind(AssertUnwindSafe(|| work(self)));
        self.guard.rest();
        done.unwrap_or_else(|_| Err(Failure::new(Code::Busy, "a change of the plugin's tables panicked")))
    }

    fn together(&self, works: &[Work]) -> Together {
        if let Err(failure) = self.set_up("begin immediate") {
            return Together::Unbegun(failure);
        }
        let mut results = Vec::with_capacity(works.len());
        for (at, work) in works.iter().enumerate() {
            let begun = self.set_up("savepoint change");
            let result = begun.and_then(|()| self.tried(work));
            let end = if result.is_ok() { "release change" } else { "rollback to change; release change" };
            match result {
                Err(failure) if self.connection.is_autocommit() => return Together::EndedBy(at, failure),
                result => results.push(self.set_up(end).and(result)),
            }
        }
        match self.set_up("commit") {
            Ok(()) => Together::Done(results),
            Err(_) => {
                // SQLite may have rolled back by itself.
                let _ = self.set_up("rollback");
                Together::Uncommitted
            }
        }
    }
}

/// How a transaction of several changes ended.
enum Together {
    /// It is committed, with those of them that succeeded.
    Done(Vec<Result<Done, Failure>>),
    /// It did not begin.
    Unbegun(Failure),
    /// One of them ended it, and nothing is done.
    EndedBy(usize, Failure),
    /// It could not be committed, and nothing is done.
    Uncommitted,
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, mpsc};
    use std::time::Duration;

    use chrono::DateTime;
    use plugin_protocol::host::{Batch, Query, Statement};
    use plugin_protocol::manifest::Migration;
    use plugin_protocol::value::Value;

    use super::*;
    use crate::outbox::OutboxEvent;

    const TABLES: &str = "create table fan (id bigint primary key, name text);
        create table card (fan bigint references fan deferrable initially deferred);";
    const FAN: &str = "insert into fan values ($1, 'a')";

    fn tables(folder: &tempfile::TempDir) -> (SqliteTables, Arc<AtomicUsize>) {
        let tables = SqliteTables::open(&folder.path().join("fans.db")).unwrap();
        let step = Migration { name: "001_fan".into(), sqlite: TABLES.into(), postgres: TABLES.into() };
        tables.migrate_each(&[step], DateTime::UNIX_EPOCH).unwrap();
        let commits = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&commits);
        let count = move || {
            counted.fetch_add(1, Ordering::Relaxed);
            false
        };
        tables.writer().connection.commit_hook(Some(count)).unwrap();
        (tables, commits)
    }

    /// A batch with its key, and an event that goes with it.
    fn batch(once: &str, statements: &[(&str, &[i64])]) -> (Batch, OutboxEvent) {
        let values = |values: &[i64]| values.iter().map(|value| Value::from(*value)).collect();
        let statements = statements
            .iter()
            .map(|(sql, parameters)| Statement {
                sql: (*sql).into(),
                parameters: values(parameters),
                expect_rows: sql.starts_with("update").then_some(1),
            })
            .collect();
        let id = uuid::Uuid::now_v7();
        let data = serde_json::json!({ "once": once });
        let event = OutboxEvent { id, name: "fan".into(), class: None, at: DateTime::UNIX_EPOCH, hops: 0, data };
        (Batch { statements, once: Some(once.into()), emit: Vec::new() }, event)
    }

    /// Lets batches wait for one another, and returns how each ended.
    fn outcomes(tables: &SqliteTables, batches: Vec<(Batch, OutboxEvent)>) -> Vec<Result<Done, Failure>> {
        let waiting: Vec<_> = batches
            .into_iter()
            .map(|(batch, event)| {
                let (sender, receiver) = mpsc::channel();
                let work =
                    SqliteTables::batch_work(batch, vec![event], DateTime::UNIX_EPOCH, Duration::from_millis(50));
                let reply = Box::new(move |result| drop(sender.send(result)));
                let leads = tables.wait(Change { work: work.unwrap(), reply });
                (leads, receiver)
            })
            .collect();
        assert_eq!(waiting.iter().map(|(leads, _)| *leads).collect::<Vec<_>>(), first_of(waiting.len()));
        tables.do_waiting();
        waiting.into_iter().map(|(_, receiver)| receiver.recv().unwrap()).collect()
    }

    fn first_of(several: usize) -> Vec<bool> {
        (0..several).map(|at| at == 0).collect()
    }

    fn fans(tables: &SqliteTables) -> Vec<Value> {
        let query = Query { sql: "select id from fan order by id".into(), parameters: Vec::new() };
        tables.query(&query, Duration::from_secs(1)).unwrap().rows.into_iter().flatten().collect()
    }

    fn keys(tables: &SqliteTables) -> Vec<String> {
        let rows = tables.writer().rows("select once_key from host_once order by once_key", &[]).unwrap();
        rows.rows.into_iter().flatten().map(super::super::text).collect()
    }

    fn told(tables: &SqliteTables) -> Vec<String> {
        let mut told: Vec<_> = tables.outbox(100).unwrap().iter().map(|event| event.data["once"].to_string()).collect();
        told.sort();
        told.iter().map(|once| once.trim_matches('"').to_owned()).collect()
    }

    #[test]
    fn those_that_wait_share_one_commit() {
        let folder = tempfile::tempdir().unwrap();
        let (tables, commits) = tables(&folder);
        let batches: Vec<_> = (0..40).map(|id| batch(&format!("{id:02}"), &[(FAN, &[id])])).collect();
        let repeated = batches[7].clone();
        let done = outcomes(&tables, batches.into_iter().chain([repeated]).collect());
        assert!(done[..40].iter().all(|done| *done == Ok(Done { rows: vec![1], repeated: false })), "{done:?}");
        assert_eq!(done[40], Ok(Done { rows: Vec::new(), repeated: true }));
        assert_eq!(commits.load(Ordering::Relaxed), 1);
        assert_eq!((fans(&tables).len(), keys(&tables).len(), told(&tables).len()), (40, 40, 40));
        let more: Vec<_> = (100..100 + MOST as i64 + 1).map(|id| batch(&id.to_string(), &[(FAN, &[id])])).collect();
        assert!(outcomes(&tables, more).iter().all(Result::is_ok));
        assert_eq!(commits.load(Ordering::Relaxed), 3, "a group has its bound");
    }

    /// However one of them fails, the others are done, each once, and nothing of it stays.
    #[test]
    fn what_fails_takes_nobody_with_it() {
        let endless =
            "insert into fan with recursive n(i) as (select 50 union all select i + 1 from n) select i, i from n";
        let failing: [(&str, &[(&str, &[i64])], Code); 5] = [
            ("the row is there", &[(FAN, &[50]), (FAN, &[1])], Code::Conflict),
            (
                "another number of rows",
                &[(FAN, &[50]), ("update fan set name = 'b' where id = $1", &[99])],
                Code::Conflict,
            ),
            ("a key checked at the commit", &[(FAN, &[50]), ("insert into card values ($1)", &[99])], Code::Conflict),
            ("too long", &[(FAN, &[49]), (endless, &[])], Code::Timeout),
            ("it rolls back", &[(FAN, &[50]), ("insert or rollback into fan values ($1, 'b')", &[1])], Code::Conflict),
        ];
        for (name, statements, code) in failing {
            for place in 0..3 {
                let folder = tempfile::tempdir().unwrap();
                let (tables, _) = tables(&folder);
                tables.writer().execute("insert into fan values (1, 'first')", &[]).unwrap();
                let mut batches = vec![batch("a", &[(FAN, &[2])]), batch("b", &[(FAN, &[3]), (FAN, &[4])])];
                batches.insert(place, batch("failing", statements));
                let mut done = outcomes(&tables, batches);
                let failure = done.remove(place).unwrap_err();
                assert_eq!(failure.code, code, "{name} at {place}: {failure}");
                assert_eq!(
                    done,
                    [1, 2].map(|rows| Ok(Done { rows: vec![1; rows], repeated: false })),
                    "{name} at {place}"
                );
                assert_eq!(fans(&tables), [1, 2, 3, 4].map(Value::from), "{name} at {place}");
                assert_eq!(
                    (keys(&tables), told(&tables)),
                    (vec!["a".into(), "b".into()], vec!["a".into(), "b".into()])
                );
                tables.batch(&batch("c", &[(FAN, &[50])]).0, &[], DateTime::UNIX_EPOCH, crate::LONGEST).unwrap();
            }
        }
    }

    #[test]
    fn one_that_panics_keeps_nobody_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let (tables, _) = tables(&folder);
        let (sender, results) = mpsc::channel();
        let works: [fn(&Guarded) -> Result<Done, Failure>; 3] = [
            |writer| writer.execute(FAN, &[2.into()]).map(|_| Done::default()),
            |writer| panic!("on purpose, after {:?}", writer.execute(FAN, &[3.into()])),
            |writer| writer.execute(FAN, &[4.into()]).map(|_| Done::default()),
        ];
        for work in works {
            let sender = sender.clone();
            let _ =
                tables.wait(Change { work: Box::new(work), reply: Box::new(move |done| sender.send(done).unwrap()) });
        }
        tables.do_waiting();
        let results: Vec<_> = results.try_iter().map(|done| done.map_err(|failure| failure.code)).collect();
        assert_eq!(results, [Ok(Done::default()), Err(Code::Busy), Ok(Done::default())]);
        assert_eq!(fans(&tables), [2, 4].map(Value::from));
    }
}
