//! How the account of the demo grows.

use plugin_sdk::chrono::{Datelike as _, Days, NaiveDate, Weekday};

use crate::random::Random;

/// A day of the demo.
pub(super) struct Grown {
    pub(super) day: NaiveDate,
    pub(super) gained: i64,
    pub(super) lost: i64,
    pub(super) total: i64,
}

/// Something that went out and brought followers.
pub(super) struct Published {
    pub(super) day: NaiveDate,
    pub(super) title: String,
    pub(super) is_of_rota: bool,
}

/// What each publication brought on its first day; the next day a little more than half of it.
const WORKED: [f64; 5] = [620.0, 1_450.0, 380.0, 2_100.0, 900.0];
const FADES: f64 = 0.56;
/// What the account has when it begins: those who ran it before.
const START: i64 = 860;

const TITLES: [&str; 5] = [
    "开学第一周：食堂哪个窗口最快",
    "图书馆占座的三个真相",
    "社团招新一张图看懂",
    "期中复习时间表（可打印）",
    "宿舍到教学楼，五条近路实测",
];

/// Evenly over the days.
pub(super) fn own_publications(from: NaiveDate, today: NaiveDate) -> Vec<Published> {
    let days = (today - from).num_days().max(0).unsigned_abs();
    let one = |(index, title): (usize, &&str)| {
        let day = from + Days::new((days * (2 * index as u64 + 1)) / (2 * TITLES.len() as u64 + 1));
        Published { day, title: (*title).to_owned(), is_of_rota: false }
    };
    TITLES.iter().enumerate().map(one).filter(|sent| sent.day < today).collect()
}

/// Every day before today, and the morning of today.
pub(super) fn days(from: NaiveDate, today: NaiveDate, published: &[Published]) -> Vec<Grown> {
    let mut random = Random::new(2);
    let mut total = START;
    let mut days = Vec::new();
    // A demo is half a semester, whatever it is asked for.
    let span = from.iter_days().take_while(|day| *day <= today).take(200);
    for (index, day) in span.enumerate() {
        let came: f64 = published
            .iter()
            .enumerate()
            .filter(|(_, sent)| sent.day <= day)
            .map(|(place, sent)| WORKED[place % WORKED.len()] * FADES.powf((day - sent.day).num_days() as f64))
            .sum();
        let weekday = if matches!(day.weekday(), Weekday::Sat | Weekday::Sun) { 0.78 } else { 1.0 };
        let usual = (150.0 + 3.0 * index as f64) * weekday;
        let part = if day == today { 0.3 } else { 1.0 };
        let gained = ((usual + came) * (0.12 * random.normal()).exp() * part).round() as i64;
        let lost = (gained as f64 * 0.06 + total as f64 * 0.0009 * part).round() as i64;
        total += gained - lost;
        days.push(Grown { day, gained, lost, total });
    }
    days
}

/// A day's figures over its hours, most in the evening: hour, gained, lost.
pub(super) fn hours(gained: i64, lost: i64, seed: u64) -> Vec<(i64, i64, i64)> {
    const WEIGHTS: [(i64, f64); 9] =
        [(8, 0.06), (10, 0.08), (12, 0.16), (14, 0.07), (16, 0.08), (18, 0.13), (20, 0.2), (21, 0.14), (22, 0.08)];
    let mut random = Random::new(seed);
    let (mut left, mut leaving) = (gained.max(0), lost.max(0));
    let mut hours = Vec::new();
    for (index, (hour, weight)) in WEIGHTS.into_iter().enumerate() {
        let is_last = index + 1 == WEIGHTS.len();
        let share = weight * (0.2 * random.normal()).exp();
        let part = |all: i64, left: i64| if is_last { left } else { ((all as f64 * share).round() as i64).min(left) };
        let (came, went) = (part(gained, left), part(lost, leaving));
        (left, leaving) = (left - came, leaving - went);
        hours.push((hour, came, went));
    }
    hours
}
