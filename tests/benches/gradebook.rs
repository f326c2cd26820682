//! The gradebook of a class of 50 with 20 assignments and of a lecture of 300 with 60, over HTTP on one connection:
//! `cargo bench -p tests --bench gradebook`. Client and server share the machine.

use std::time::{Duration, Instant};

use server::store::gradebook;
use tests::{Client, Database, Site};

const ROUNDS: usize = 21;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(run());
}

async fn run() {
    let site = Site::start(Database::Sqlite).await.expect("SQLite is built in");
    for (students, assignments) in [(50, 20), (300, 60)] {
        let class = site.lecture(students, assignments).await;
        let teacher = site.signed_in(&class.teacher).await;
        let base = format!("/classes/{}", class.class.id);
        let column = gradebook::assignments(&site.app.db, class.class.id).await.expect("assignments")[0].id;
        println!("{students} students × {assignments} assignments");
        let pages = [
            ("gradebook, first page", "gradebook".to_owned()),
            ("gradebook, all on one page", "gradebook?show=all".to_owned()),
            ("one assignment by question", format!("gradebook/{column}")),
            ("queue of answers", "review".to_owned()),
            ("export as CSV", "gradebook/export?format=csv".to_owned()),
            ("export as xlsx", "gradebook/export?format=xlsx".to_owned()),
        ];
        for (name, page) in pages {
            let (median, bytes) = measure(&teacher, &format!("{base}/{page}"), students).await;
            println!("  {name:28} {:7.1} ms  {:7.1} KB", median.as_secs_f64() * 1_000.0, bytes as f64 / 1_000.0);
        }
    }
    site.stop().await;
}

/// The median of some rounds, and the size of the reply; a reply without its students is no measurement.
async fn measure(client: &Client, path: &str, students: usize) -> (Duration, usize) {
    let mut times = Vec::with_capacity(ROUNDS);
    let mut bytes = 0;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let reply = client.get(path).await.expect(200);
        times.push(start.elapsed());
        bytes = reply.bytes.len();
        assert!(bytes > students * 20, "{path}: {bytes} bytes");
    }
    times.sort();
    (times[ROUNDS / 2], bytes)
}
