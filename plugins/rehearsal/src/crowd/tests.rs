use super::questions::bank;
use super::*;
use crate::options::{Options, Stamps, Tier};
use crate::truth::{Purpose, Truth};

fn story(seed: u64, days: i64, crowd: CrowdOptions) -> Truth {
    let begin = start_of(NaiveDate::from_ymd_opt(2026, 9, 1).unwrap());
    let options = Options { seed, tier: Tier::F, stamps: Stamps::Simulated, crowd, ..Options::default() };
    let mut platform = Platform::new(&options);
    let mut people = Crowd::new(&options.crowd, seed, begin);
    let end = begin + TimeDelta::days(days);
    while let Some((at, intent)) = people.due(end) {
        people.resolve(intent, &mut platform, at, at);
    }
    platform.truth(end)
}

fn busy() -> CrowdOptions {
    let claim_words = vec!["A07".to_owned(), "B12".to_owned()];
    let scenes = vec!["stu_01".to_owned(), "stu_02".to_owned()];
    CrowdOptions { arrivals_per_day: 20.0, claim_words, scenes, cheaters: 0.05, ..CrowdOptions::default() }
}

#[test]
fn the_same_seed_tells_the_same_story_and_another_one_another() {
    let told = |seed| serde_json::to_string(&story(seed, 30, busy())).unwrap();
    assert_eq!(told(7), told(7));
    assert_ne!(told(7), told(8));
}

#[test]
fn a_semester_has_all_kinds_of_people_and_its_figures_add_up() {
    let truth = story(3, 112, busy());
    let gained: usize = truth.days.iter().map(|day| day.gained).sum();
    let lost: usize = truth.days.iter().map(|day| day.lost).sum();
    assert_eq!(gained - lost, truth.following);
    assert_eq!(truth.days.last().unwrap().total, truth.following);
    let arrived = truth.followers.len() as f64;
    assert!((112.0 * 20.0 * 0.9..112.0 * 20.0 * 1.1).contains(&arrived), "{arrived}");
    let stays: usize = truth.followers.iter().map(|follower| follower.stays.len()).sum();
    assert_eq!(stays, gained);
    assert!(truth.followers.iter().filter(|follower| follower.stays.len() > 1).count() > 50);
    for day in &truth.days {
        assert_eq!(day.sources.values().map(|source| source.gained).sum::<usize>(), day.gained, "{}", day.date);
        assert_eq!(day.sources.values().map(|source| source.lost).sum::<usize>(), day.lost, "{}", day.date);
    }
    let scene = &truth.scenes["stu_01"];
    assert!(scene.followed > scene.first && scene.first > scene.staying && scene.staying > 100, "{scene:?}");
    let count = |wanted: fn(&Purpose) -> bool| {
        truth.letters.iter().filter(|letter| letter.purpose.as_ref().is_some_and(wanted)).count()
    };
    assert!(count(|purpose| matches!(purpose, Purpose::Question { .. })) > 300);
    assert!(count(|purpose| *purpose == Purpose::OffTopic) > 30);
    assert!(count(|purpose| matches!(purpose, Purpose::Claim { .. })) > 200);
    assert!(count(|purpose| *purpose == Purpose::Pull) > 100);
}

#[test]
fn most_people_come_in_the_evening_and_few_at_night() {
    use chrono::Timelike;
    let truth = story(5, 60, CrowdOptions { arrivals_per_day: 40.0, ..CrowdOptions::default() });
    let hours =
        truth.followers.iter().map(|follower| follower.stays[0].from.with_timezone(&crate::clock::china()).hour());
    let hours: Vec<_> = hours.collect();
    let share = |from: u32, to: u32| hours.iter().filter(|hour| (from..to).contains(*hour)).count() * 100 / hours.len();
    assert!(share(19, 23) > 30, "{}", share(19, 23));
    assert!(share(2, 6) == 0, "{}", share(2, 6));
}

#[test]
fn the_bank_has_many_topics_and_several_ways_of_asking() {
    let topics: std::collections::BTreeSet<_> =
        bank().iter().filter(|question| question.is_on_topic()).map(|question| question.topic).collect();
    assert!(topics.len() >= 25, "{}", topics.len());
    for topic in topics {
        assert!(bank().iter().filter(|question| question.topic == topic).count() >= 2, "{topic}");
    }
    let mut texts: Vec<_> = bank().iter().map(|question| question.text).collect();
    texts.sort_unstable();
    texts.dedup();
    assert_eq!(texts.len(), bank().len());
}
