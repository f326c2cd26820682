//! A semester in seconds: what the account was told adds up to what was true.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Mutex;

use chrono::TimeDelta;
use rehearsal::{CrowdOptions, Fault, Options, Outcome, Rehearsal, Tier, Wave, Way};

use crate::account::{Account, Answer, Told, options};

/// What an account that forgets nothing makes of what it was told: the follows of each day.
fn net(told: &[Told]) -> BTreeMap<String, i64> {
    let mut seen = HashSet::new();
    let mut days = BTreeMap::new();
    for one in told.iter().filter(|one| one.element("MsgType") == "event") {
        let (person, time, event) = (one.element("FromUserName"), one.element("CreateTime"), one.element("Event"));
        let change = match event {
            "subscribe" => 1,
            "unsubscribe" => -1,
            _ => continue,
        };
        if seen.insert((person.to_owned(), time.to_owned(), event.to_owned())) {
            let at = chrono::DateTime::from_timestamp(time.parse().expect("a time"), 0).expect("a time")
                + TimeDelta::hours(8);
            *days.entry(at.date_naive().to_string()).or_insert(0) += change;
        }
    }
    days
}

fn crowd() -> CrowdOptions {
    CrowdOptions {
        arrivals_per_day: 8.0,
        scenes: vec!["stu_01".to_owned(), "stu_02".to_owned()],
        claim_words: vec!["A07".to_owned()],
        cheaters: 0.05,
        ..CrowdOptions::default()
    }
}

async fn semester(account: &Account, faults: &[Fault]) -> Rehearsal {
    let options = Options { crowd: crowd(), seed: 11, ..options(Some(account), Tier::F) };
    let room = Rehearsal::start(options).await.expect("a free port");
    faults.iter().for_each(|fault| room.break_down(*fault));
    for month in 0..4 {
        let happened = room.live(TimeDelta::days(28)).await;
        assert!(happened > 200, "{happened}");
        room.wave(Wave { people: 20, way: Way::Article, hours: 12.0, publication: None });
        room.publish(&format!("第 {month} 篇")).await.expect("a mass send is left");
    }
    room.live(TimeDelta::days(7)).await;
    room
}

fn assert_true(room: &Rehearsal, told: &[Told]) {
    let truth = room.truth();
    let days: BTreeMap<_, _> = truth
        .days
        .iter()
        .filter(|day| day.gained + day.lost > 0)
        .map(|day| (day.date.to_string(), day.gained as i64 - day.lost as i64))
        .collect();
    let told_days = net(told);
    assert_eq!(told_days, days);
    assert_eq!(told_days.values().sum::<i64>(), truth.following as i64);
    assert!(truth.letters.iter().all(|letter| matches!(letter.outcome, Outcome::Replied | Outcome::Taken)));
    let numbers: HashSet<_> = told.iter().map(|one| one.element("MsgId")).filter(|id| !id.is_empty()).collect();
    let messages = truth.letters.iter().filter(|letter| letter.message.is_some()).count();
    assert!(messages > 300, "{messages}");
    assert_eq!(numbers.len(), messages);
}

#[tokio::test]
async fn a_quiet_semester_adds_up() {
    let account = Account::start(|_, told| match told.element("MsgType") {
        "event" => Answer::Raw("success".to_owned()),
        _ => Answer::Text("已收到"),
    })
    .await;
    let room = semester(&account, &[]).await;
    let told = account.told();
    assert_true(&room, &told);
    assert_eq!(told.len(), room.truth().letters.len());
    // What one person does comes in the order in which they did it.
    let mut last: HashMap<&str, i64> = HashMap::new();
    for one in &told {
        let time = one.element("CreateTime").parse().unwrap();
        let before = last.insert(one.element("FromUserName"), time).unwrap_or(0);
        assert!(before <= time, "{}", one.body);
    }
    assert!(room.truth().scenes["stu_01"].followed > 20);
}

#[tokio::test]
async fn a_semester_of_faults_adds_up_too() {
    // About every seventh thing is not taken when it is told for the first time.
    let known = Mutex::new(HashSet::new());
    let account = Account::start(move |_, told| {
        let is_new = known.lock().unwrap().insert(told.body.clone());
        match is_new && told.body.bytes().map(usize::from).sum::<usize>() % 7 == 3 {
            true => Answer::Status(500),
            false => Answer::Raw("success".to_owned()),
        }
    })
    .await;
    let room = semester(&account, &[Fault::Duplicates]).await;
    let told = account.told();
    let letters = room.truth().letters;
    assert!(told.len() > 2 * letters.len());
    assert!(letters.iter().filter(|letter| letter.tries == 3).count() > letters.len() / 20);
    assert_true(&room, &told);
}

#[tokio::test]
async fn a_clock_that_runs_lets_people_come_by_themselves() {
    let account = Account::start(|_, _| Answer::Raw("success".to_owned())).await;
    let crowd = CrowdOptions { arrivals_per_day: 50.0, ..CrowdOptions::default() };
    let options = Options { crowd, ..options(Some(&account), Tier::U) };
    let room = Rehearsal::start(options).await.unwrap();
    assert_eq!(room.truth().following, 0);
    room.set_speed(200_000.0).unwrap();
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
    while account.told().len() < 50 {
        assert!(std::time::Instant::now() < deadline, "{}", account.told().len());
        tokio::task::yield_now().await;
    }
    room.set_speed(0.0).unwrap();
    room.settle().await;
    let (letters, now) = (room.truth().letters.len(), room.now());
    assert_eq!(room.truth().letters.len(), letters);
    assert_eq!(room.now(), now);
}
