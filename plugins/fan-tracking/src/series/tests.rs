use super::*;
use crate::reading::Source;

fn reading(day: &str, source: Source, gained: i64, lost: i64, total: Option<i64>) -> Reading {
    Reading { day: day.parse().unwrap(), source, figure: Figure { gained, lost, total }, person: None, at: None }
}

fn totals(series: &Series) -> Vec<i64> {
    series.days.iter().map(|day| day.total).collect()
}

#[test]
fn the_most_trusted_source_counts_and_the_others_are_held_against_it() {
    let series = Series::new(&[
        reading("2026-10-01", Source::Import, 10, 2, Some(108)),
        reading("2026-10-01", Source::Live, 9, 2, None),
        reading("2026-10-02", Source::Typed, 5, 0, Some(113)),
        reading("2026-10-02", Source::Live, 5, 0, None),
    ]);
    assert_eq!(totals(&series), [108, 113]);
    assert_eq!(series.days[0].others.len(), 1, "9 is not 10");
    assert_eq!((series.days[1].others.len(), series.days[1].off), (0, None));
}

#[test]
fn totals_are_carried_from_the_first_that_is_told_in_both_directions() {
    let series = Series::new(&[
        reading("2026-10-01", Source::Live, 10, 2, None),
        reading("2026-10-02", Source::Live, 5, 0, Some(113)),
        reading("2026-10-03", Source::Live, 4, 1, None),
    ]);
    assert_eq!((totals(&series), series.has_total), (vec![108, 113, 116], true));
    let none = Series::new(&[reading("2026-10-01", Source::Live, 10, 2, None)]);
    assert_eq!((totals(&none), none.has_total), (vec![8], false));
}

#[test]
fn a_total_that_does_not_follow_is_marked() {
    let series = Series::new(&[
        reading("2026-10-01", Source::Typed, 0, 0, Some(100)),
        reading("2026-10-02", Source::Typed, 10, 0, Some(115)),
        reading("2026-10-03", Source::Typed, 10, 5, Some(120)),
    ]);
    let off: Vec<_> = series.days.iter().map(|day| day.off).collect();
    assert_eq!(off, [None, Some(5), None]);
}

#[test]
fn what_came_in_a_gap_is_spread_evenly_over_it() {
    let series = Series::new(&[
        reading("2026-10-01", Source::Typed, 0, 0, Some(100)),
        reading("2026-10-04", Source::Typed, 10, 0, Some(130)),
    ]);
    let nets: Vec<_> = series.days.iter().map(|day| day.net).collect();
    assert_eq!((totals(&series), nets), (vec![100, 110, 120, 130], vec![0.0, 10.0, 10.0, 10.0]));
    assert_eq!(series.days[3].off, None, "nobody knows what came in between");
    assert_eq!(series.complete("2026-10-04".parse().unwrap()).len(), 3);
}

#[test]
fn a_total_is_not_taken_from_a_source_that_says_something_else() {
    let series = Series::new(&[
        reading("2026-10-04", Source::Typed, 0, 0, Some(1_000)),
        reading("2026-10-05", Source::Import, 50, 5, None),
        reading("2026-10-05", Source::Typed, 10, 1, Some(1_009)),
        reading("2026-10-06", Source::Import, 3, 0, None),
        reading("2026-10-06", Source::Typed, 3, 0, Some(1_048)),
    ]);
    assert_eq!(totals(&series), [1_000, 1_045, 1_048]);
    assert!(series.days.iter().all(|day| day.off.is_none()));
}

#[test]
fn a_gap_that_no_total_closes_is_not_known() {
    let series = Series::new(&[
        reading("2026-10-01", Source::Typed, 50, 0, None),
        reading("2026-10-04", Source::Typed, 50, 0, None),
    ]);
    let known: Vec<bool> = series.days.iter().map(|day| day.is_known).collect();
    assert_eq!((known, totals(&series)), (vec![true, false, false, true], vec![50, 50, 50, 100]));
}
