//! What is left of those who left: nothing, in no table and in no log.

use chrono::TimeDelta;
use rehearsal::Way;

use super::class::{INBOX, Semester, TOOLS};
use super::duty::Done;

/// Somebody who leaves with words that nobody else has said.
const WORDS: [&str; 2] = ["我叫罗小满", "想问第三份海报贴在哪里"];

impl Semester {
    /// Where one of these texts still stands.
    pub async fn traces(&self, of: &[String]) -> Vec<String> {
        let mut found = Vec::new();
        for id in TOOLS {
            found.extend(self.tables(id).await.with(of).await.into_iter().map(|place| format!("{id} {place}")));
            let log = self.site.app.plugins.log(id, 500);
            found.extend(
                of.iter()
                    .filter(|text| log.iter().any(|line| line.text.contains(*text)))
                    .map(|text| format!("log of {id}: {text}")),
            );
        }
        let log = self.log.text();
        found.extend(of.iter().filter(|text| log.contains(*text)).map(|text| format!("log: {text}")));
        // The server's own database has never heard of them.
        for file in ["course.db", "course.db-wal"] {
            let bytes = std::fs::read(self.site.folder().join(file)).unwrap_or_default();
            let whole = String::from_utf8_lossy(&bytes);
            found.extend(of.iter().filter(|text| whole.contains(*text)).map(|text| format!("{file}: {text}")));
        }
        found
    }

    /// Somebody comes, asks, is answered and leaves; gives the seconds until nothing of them is left.
    pub async fn forgets(&self, done: &mut Done) -> i64 {
        let (person, _) = self.platform.join(Way::Search).await.expect("a new person");
        let openid = self.platform.openid(person).expect("they are there");
        let mark = format!("编号{}", &openid[8..20]);
        for words in WORDS {
            self.platform.say(person, &format!("{words}，{mark}")).await.expect("they follow");
        }
        self.duty(done).await;
        self.quiet().await;
        let of = [openid, mark];
        assert!(self.traces(&of).await.len() >= 3, "channel and inbox know who asks");
        let clock = &self.site.app.clock;
        self.platform.leave(person).await.expect("they follow");
        let left = clock.now();
        loop {
            let found = self.traces(&of).await;
            let passed = clock.now() - left;
            if found.is_empty() {
                assert_eq!(
                    self.tables(INBOX).await.texts("select text from message where text like '%罗小满%'").await.len(),
                    0
                );
                return passed.num_seconds();
            }
            assert!(passed < TimeDelta::seconds(60), "a minute after they left: {found:?}");
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
    }

    /// Nothing is left of anybody who has left.
    pub async fn has_forgotten_all(&self) -> usize {
        let truth = self.platform.truth();
        let gone =
            truth.followers.iter().filter(|follower| !follower.following).map(|follower| follower.openid.clone());
        let gone: Vec<String> = gone.collect();
        assert_eq!(self.traces(&gone).await, Vec::<String>::new());
        gone.len()
    }
}
