//! What the tools know against what really happened.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::TimeDelta;
use plugin_protocol::value::Value;
use rehearsal::{Letter, Outcome, Purpose, Stay, Tier, Truth};

use super::class::{CHANNEL, FANS, INBOX, ROTA, Semester};
use super::duty::{Answered, Done};
use super::tables::{number, text, time};

/// What the channel says where no tool says anything.
const ARRIVED: &str = "收到，谢谢留言！";
/// A follow may come so close to the end of what is remembered that it depends on the second.
const CLOSE: TimeDelta = TimeDelta::hours(12);

/// Who follows now, and since when.
fn staying(truth: &Truth) -> HashMap<String, Stay> {
    let staying = truth.followers.iter().filter(|follower| follower.following);
    staying.filter_map(|follower| Some((follower.openid.clone(), follower.stays.last()?.clone()))).collect()
}

/// Messages of those who still follow, since they do.
fn kept<'t>(truth: &'t Truth, staying: &HashMap<String, Stay>) -> Vec<&'t Letter> {
    let is_kept = |letter: &&Letter| {
        let stay = letter.openid.as_ref().and_then(|openid| staying.get(openid));
        letter.message.is_some() && stay.is_some_and(|stay| letter.at >= stay.from)
    };
    truth.letters.iter().filter(is_kept).collect()
}

impl Semester {
    /// The channel: everything that was told was taken, and every follower and message is there once.
    pub async fn channel_agrees(&self) {
        let truth = self.platform.truth();
        let is_lost = |letter: &&Letter| !matches!(letter.outcome, Outcome::Replied | Outcome::Taken);
        let lost: Vec<_> = truth.letters.iter().filter(is_lost).collect();
        assert!(lost.is_empty(), "{} of {}: {:?}", lost.len(), truth.letters.len(), lost[0]);
        let wrong: Vec<_> = truth.letters.iter().filter(|letter| letter.problem.is_some()).collect();
        assert!(wrong.is_empty(), "{wrong:?}");

        let staying = staying(&truth);
        let known = self.tables(CHANNEL).await.texts("select openid from follower order by openid").await;
        let mut expected: Vec<_> = staying.keys().cloned().collect();
        expected.sort_unstable();
        assert_eq!(known, expected);

        let sql = "select f.openid, m.at, m.kind, m.text from message m join follower f on f.id = m.follower_id
                   where m.kind <> 'menu' order by m.id";
        let rows = self.tables(CHANNEL).await.rows(sql).await;
        // Of other kinds the platform shows something else than it sends.
        let words = |is_text: bool, text: &str| if is_text { text.trim().to_owned() } else { String::new() };
        let of_row = |row: &Vec<Value>| {
            (text(&row[0]), time(&row[1]).timestamp(), words(text(&row[2]) == "text", &text(&row[3])))
        };
        let of_letter = |letter: &&Letter| {
            let words = words(letter.what == "text", &letter.text);
            (letter.openid.clone().unwrap_or_default(), letter.at.timestamp(), words)
        };
        let mut known: Vec<_> = rows.iter().map(of_row).collect();
        let mut expected: Vec<_> = kept(&truth, &staying).iter().map(of_letter).collect();
        known.sort_unstable();
        expected.sort_unstable();
        assert_eq!(known, expected);
    }

    /// Fan tracking: what came and went on each day, as it was told live and as the platform counts it.
    pub async fn days_agree(&self) {
        let truth = self.platform.truth();
        let of_truth = truth.days.iter().filter(|day| day.gained + day.lost > 0);
        let expected: BTreeMap<String, (i64, i64)> =
            of_truth.map(|day| (day.date.to_string(), (day.gained as i64, day.lost as i64))).collect();
        let tables = self.tables(FANS).await;
        let sql = "select day, sum(gained), sum(lost) from live_hour group by day order by day";
        let live = tables.rows(sql).await;
        let live: BTreeMap<_, _> = live.iter().map(|row| (text(&row[0]), (number(&row[1]), number(&row[2])))).collect();
        assert_eq!(live, expected);
        let sql = "select day, gained, lost, total from reading where source = 'channel' order by day";
        let told = tables.rows(sql).await;
        assert_eq!(told.is_empty(), self.way.tier < Tier::S);
        for row in &told {
            let day = truth.days.iter().find(|day| day.date.to_string() == text(&row[0]));
            let figures = day.map(|day| (day.gained as i64, day.lost as i64, day.total as i64)).unwrap_or_default();
            assert_eq!((number(&row[1]), number(&row[2]), number(&row[3])), figures, "{row:?}");
        }
    }

    /// Fan tracking: whom each student brought, by the rules. Gives how many count for certain.
    pub async fn credit_agrees(&self, words: &[String]) -> i64 {
        let (truth, now) = (self.platform.truth(), self.site.app.clock.now());
        let days = TimeDelta::days(self.way.departure_days);
        let (mut credited, mut present) = (vec![0; words.len()], vec![0; words.len()]);
        let mut open = BTreeSet::new();
        for follower in truth.followers.iter().filter(|follower| follower.following) {
            let (stay, before) = follower.stays.split_last().expect("who follows has come");
            let left = before.last().and_then(|stay| stay.until);
            let forgotten = left.map(|left| left + days);
            let word = self.word_of(&truth, &follower.openid, stay);
            let Some(student) = words.iter().position(|other| Some(other) == word.as_ref()) else { continue };
            if forgotten.is_some_and(|at| (at - stay.from).abs() < CLOSE && days > TimeDelta::zero()) {
                open.insert(student);
            } else if forgotten.is_none_or(|at| at <= stay.from) {
                present[student] += 1;
                credited[student] += i64::from(stay.from <= now - TimeDelta::days(7));
            }
        }
        let facts = self.facts(FANS, "credited").await;
        let sql = "select cast(c.person_id as text), count(*) from claim c
                   join follower f on f.class_id = c.class_id and f.follower = c.follower
                   where not f.again and c.at <= f.claim_until group by c.person_id order by c.person_id";
        let rows = self.tables(FANS).await.rows(sql).await;
        let known: HashMap<_, _> = rows.iter().map(|row| (text(&row[0]), number(&row[1]))).collect();
        for (index, student) in self.class.students.iter().enumerate().filter(|(index, _)| !open.contains(index)) {
            let of_tool = (facts[index], known.get(&student.id.to_string()).copied().unwrap_or(0));
            assert_eq!(of_tool, (credited[index], present[index]), "{} {}", student.name, words[index]);
        }
        assert!(open.len() < words.len(), "too many come back at the very moment");
        credited.iter().sum()
    }

    /// The word of who brought somebody: by their code, else by the first word within a day.
    fn word_of(&self, truth: &Truth, openid: &str, stay: &Stay) -> Option<String> {
        if let Some(scene) = stay.way.scene() {
            return scene.strip_prefix("fans-").map(str::to_owned);
        }
        let in_time = |letter: &&Letter| {
            letter.openid.as_deref() == Some(openid)
                && letter.at >= stay.from
                && letter.at <= stay.from + TimeDelta::hours(24)
        };
        truth.letters.iter().filter(in_time).find_map(|letter| match &letter.purpose {
            Some(Purpose::Claim { word }) => Some(word.clone()),
            _ => None,
        })
    }

    /// The inbox: every question is there once, and no claim word is one. Gives how many there are.
    pub async fn inbox_agrees(&self) -> usize {
        let truth = self.platform.truth();
        let sql = "select f.openid, m.at, cast(m.id as text) from message m join follower f on f.id = m.follower_id
                   order by m.id";
        let rows = self.tables(CHANNEL).await.rows(sql).await;
        let mut ids: HashMap<_, Vec<String>> = HashMap::new();
        for row in &rows {
            ids.entry((text(&row[0]), time(&row[1]).timestamp())).or_default().push(text(&row[2]));
        }
        let sql =
            "select cast(source as text) from message where author = 'follower' and source is not null order by id";
        let taken = self.tables(INBOX).await.texts(sql).await;
        let once: BTreeSet<_> = taken.iter().collect();
        assert_eq!(once.len(), taken.len(), "a message is in the inbox twice");
        let mut questions = 0;
        for letter in kept(&truth, &staying(&truth)) {
            let at = (letter.openid.clone().unwrap_or_default(), letter.at.timestamp());
            let is_there = ids[&at].iter().any(|id| once.contains(id));
            match &letter.purpose {
                Some(Purpose::Question { .. } | Purpose::OffTopic) => {
                    assert!(is_there, "not in the inbox: {letter:?}");
                    questions += 1;
                }
                // In the same second there may have been a question too.
                Some(Purpose::Claim { .. }) if ids[&at].len() == 1 => assert!(!is_there, "no question: {letter:?}"),
                _ => {}
            }
        }
        questions
    }

    /// Answers: each reached its follower once, where the account cannot send with their next message. Gives how many
    /// reached somebody, how many came twice because nobody knows whether the platform had sent the first, and how many
    /// one message late because the inbox could not be asked.
    pub async fn answers_agree(&self, done: &Done) -> (usize, usize, usize) {
        let truth = self.platform.truth();
        let send = self.platform.calls("/cgi-bin/message/custom/send");
        // Who has left in this very moment, and that the clock was moved on, is all that nobody here can know.
        let refused = send.refused.get(&45_015).copied().unwrap_or_default();
        assert!(refused as usize == truth.overtaken && !send.refused.contains_key(&45_047), "{send:?}");
        assert!(refused < 10, "{send:?}");
        let (mut reached, mut twice, mut late) = (0, 0, 0);
        for answer in &done.answers {
            let Some(openid) = &answer.openid else { continue };
            let letters: Vec<&Letter> =
                truth.letters.iter().filter(|letter| letter.openid.as_ref() == Some(openid)).collect();
            let reads = |text: &String| text.contains(&answer.text);
            let read: usize = letters
                .iter()
                .map(|letter| {
                    letter.reply.iter().filter(|text| reads(text)).count()
                        + letter.later.iter().filter(|text| reads(text)).count()
                })
                .sum();
            reached += usize::from(read > 0);
            if read > 1 {
                let sql = format!("select m.delivery from message m where m.text = '{}' order by m.id", answer.text);
                let id = format!("select cast(id as text) from message where text = '{}' order by id", answer.text);
                let id = self.tables(INBOX).await.texts(&id).await.remove(0);
                let state = self
                    .tables(CHANNEL)
                    .await
                    .texts(&format!("select state from sent where key like '%/{id}' order by key"))
                    .await;
                let delivery = self.tables(INBOX).await.texts(&sql).await;
                assert!(
                    read == 2 && state.iter().any(|state| state != "sent"),
                    "{}: {read} times, {state:?} {delivery:?}",
                    answer.text
                );
                twice += 1;
            }
            if self.way.tier == Tier::U {
                late += usize::from(self.came_late(answer, &letters));
            } else if read == 0 && self.is_there(answer).await {
                let sql = format!("select delivery from message where text = '{}' order by id", answer.text);
                let delivery = self.tables(INBOX).await.texts(&sql).await;
                let is_to_come = delivery.iter().all(|state| ["waiting", "sending"].contains(&state.as_str()));
                assert!(is_to_come, "{answer:?} {delivery:?}: {}", self.story(answer, &letters).await);
            }
        }
        (reached, twice, late)
    }

    /// What became of an answer, for whoever reads that it did not arrive.
    async fn story(&self, answer: &Answered, letters: &[&Letter]) -> String {
        let inbox = self.tables(INBOX).await;
        let sql = format!("select * from message where text = '{}' order by id", answer.text);
        let message = inbox.rows(&sql).await;
        let sql = format!("select cast(handed_in as text) from message where text = '{}' order by id", answer.text);
        let handed = inbox.texts(&sql).await.join("");
        let sql = format!("select * from delivery where cast(message_id as text) = '{handed}' order by at");
        let delivery = self.tables(CHANNEL).await.rows(&sql).await;
        let after: Vec<_> = letters.iter().filter(|letter| letter.at + TimeDelta::days(3) > answer.at).collect();
        format!("{message:?}\nhanded over with {handed}: {delivery:?}\n{after:#?}")
    }

    async fn is_there(&self, answer: &Answered) -> bool {
        let sql = format!("select id from message where text = '{}' order by id", answer.text);
        !self.tables(INBOX).await.texts(&sql).await.is_empty()
    }

    /// What waits is in the reply to the next message; of two that were told in the same moment, to either. Where the
    /// inbox could not be asked in time, because its worker was killed or the machine is busy, the follower read that
    /// their message arrived, and the next one brings the answer. Gives whether it was so.
    fn came_late(&self, answer: &Answered, letters: &[&Letter]) -> bool {
        let mut next = letters.iter().filter(|letter| letter.at > answer.at).peekable();
        // They may have left before they wrote again.
        let written: Vec<_> = std::iter::from_fn(|| next.next_if(|letter| letter.what != "unsubscribe"))
            .filter(|letter| letter.message.is_some())
            .collect();
        let reply = |letter: &&Letter| letter.reply.clone().unwrap_or_default();
        let Some(place) = written.iter().position(|letter| reply(letter) != ARRIVED) else { return false };
        let first = written[place];
        let together = |letter: &&&&Letter| letter.at - first.at < CLOSE;
        let found = written[place..].iter().filter(together).any(|letter| reply(letter).contains(&answer.text));
        assert!(found, "{} not in the reply to {first:?}", answer.text);
        place > 0
    }

    /// The rota: the shifts that were kept, each once.
    pub async fn duty_agrees(&self, done: &Done) {
        let kept: i64 = self.facts(ROTA, "kept").await.iter().sum();
        assert_eq!(kept, done.kept.len() as i64);
    }

    /// Publications are known once each.
    pub async fn publications_agree(&self) -> usize {
        let published = self.platform.truth().publications.len();
        let known = self.tables(FANS).await.number("select count(*) from publication").await;
        assert_eq!(known, published as i64);
        published
    }
}
