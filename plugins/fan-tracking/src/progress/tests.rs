use super::*;
use crate::reading::{Figure, Reading};

fn on(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn known(day: &str, source: Source, total: i64) -> Series {
    let figure = Figure { gained: 0, lost: 0, total: Some(total) };
    Series::new(&[Reading { day: on(day), source, figure, person: None, at: None }])
}

#[test]
fn every_day_left_brings_its_part_rounded_up() {
    let today = on("2026-10-12");
    // Figures until, source, total, goal, end → each day, days. Worked out by hand.
    let table = [
        ("2026-10-12", Source::Typed, 0, 100, "2026-10-22", (10, 10)),
        ("2026-10-12", Source::Live, 0, 100, "2026-10-22", (10, 11)),
        ("2026-10-11", Source::Typed, 0, 100, "2026-10-22", (10, 11)),
        ("2026-09-01", Source::Import, 99, 100, "2026-10-22", (1, 11)),
        ("2026-10-11", Source::Channel, 40_000, 100_000, "2027-01-15", (625, 96)),
        ("2026-10-11", Source::Channel, 40_000, 100_000, "2026-10-12", (60_000, 1)),
    ];
    for (until, source, total, goal, end, (each_day, days)) in table {
        let series = known(until, source, total);
        let found = way(series.last(), goal, Some(on(end)), today);
        assert_eq!(found, Way::Needs { each_day, days }, "{until} {source:?} {total}");
    }
    // The whole way: 100,000 in 120 days are 834 a day.
    let series = known("2026-09-01", Source::Typed, 0);
    let whole = way(series.last(), 100_000, Some(on("2026-12-30")), on("2026-09-01"));
    assert_eq!(whole, Way::Needs { each_day: 834, days: 120 });
}

#[test]
fn nothing_is_needed_where_nothing_can_be_said() {
    let (today, end) = (on("2026-10-12"), Some(on("2026-10-12")));
    assert_eq!(way(None, 100, end, today), Way::Unknown);
    let found = |total, end, today| way(known("2026-10-12", Source::Typed, total).last(), 100, end, today);
    assert_eq!(found(100, None, today), Way::Reached);
    assert_eq!(found(99, None, today), Way::NoEnd);
    assert_eq!(found(99, end, today), Way::Over);
    assert_eq!(found(99, end, on("2026-12-01")), Way::Over);
}

#[test]
fn the_pace_is_the_mean_of_the_last_fourteen_days() {
    let days = |nets: &[i64]| -> Vec<Day> {
        let readings: Vec<_> = nets
            .iter()
            .zip(on("2026-09-01").iter_days())
            .map(|(net, day)| {
                let figure = Figure { gained: (*net).max(0), lost: (-net).max(0), total: None };
                Reading { day, source: Source::Live, figure, person: None, at: None }
            })
            .collect();
        Series::new(&readings).days
    };
    let pace_of = |nets: &[i64]| pace(&days(nets), on("2026-09-01") + Days::new(nets.len() as u64));
    assert_eq!(pace(&[], on("2026-09-01")), None);
    assert_eq!(pace_of(&[5, 2]), Some(4));
    assert_eq!(pace_of(&[900, 14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), Some(1));
    assert_eq!(pace_of(&[5, -7, 0]), Some(-1));
    // What is long ago says nothing of now, and days of which nothing is known are none.
    assert_eq!(pace(&days(&[5, 2]), on("2026-09-20")), None);
    let mut gaps = days(&[50, 0, 0, 0, 0, 0, 0, 50]);
    gaps[1..7].iter_mut().for_each(|day| (day.reading, day.is_known) = (None, false));
    assert_eq!(pace(&gaps, on("2026-09-09")), Some(50));
}
