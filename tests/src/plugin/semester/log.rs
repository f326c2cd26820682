//! What a server writes into its log, of one test alone: the subscriber is that of the threads of a runtime of its own.

use std::io::Write;
use std::sync::{Arc, Mutex};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;

/// The log so far.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("no writer panics")).into_owned()
    }

    fn subscriber(&self) -> impl tracing::Subscriber + Send + Sync + use<> {
        // More than a server writes unless it is asked to; what the simulated platform says is its own.
        let levels =
            Targets::new().with_target("server", LevelFilter::TRACE).with_target("tower_http", LevelFilter::DEBUG);
        let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(self.clone());
        tracing_subscriber::registry().with(levels).with(layer)
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no writer panics").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Log {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

/// Runs a test whose log is kept.
pub fn logged<F: Future<Output = ()>>(test: impl FnOnce(Log) -> F) {
    let log = Log::default();
    let of_threads = log.clone();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .on_thread_start(move || {
            // For as long as the thread lives.
            std::mem::forget(tracing::subscriber::set_default(of_threads.subscriber()));
        })
        .build()
        .expect("threads can be made");
    let _guard = tracing::subscriber::set_default(log.subscriber());
    runtime.block_on(test(log));
}
