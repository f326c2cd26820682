use super::*;

fn at(text: &str) -> DateTime<Utc> {
    let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.3f").unwrap();
    chrono_tz::Asia::Shanghai.from_local_datetime(&local).single().unwrap().to_utc()
}

fn rules() -> Rules {
    Rules {
        opens_at: Some(at("2026-10-01 08:00:00")),
        due_at: Some(at("2026-10-10 22:00:00")),
        closes_at: Some(at("2026-10-15 22:00:00")),
        late_per_day: Some(10),
        late_floor: 60,
        show_verdicts: true,
        ..Rules::default()
    }
}

const MILLISECOND: TimeDelta = TimeDelta::milliseconds(1);

#[test]
fn each_edge_is_decided_to_the_millisecond() {
    let rules = rules();
    let times = rules.times(None);
    let (opens, due, closes) = (times.opens_at.unwrap(), times.due_at.unwrap(), times.closes_at.unwrap());
    let table = [
        (opens - MILLISECOND, Phase::NotOpen, 0),
        (opens, Phase::Open, 0),
        (opens + MILLISECOND, Phase::Open, 0),
        (due - MILLISECOND, Phase::Open, 0),
        (due, Phase::Open, 0),
        (due + MILLISECOND, Phase::Open, 0),
        (due + GRACE - MILLISECOND, Phase::Open, 0),
        (due + GRACE, Phase::Open, 0),
        (due + GRACE + MILLISECOND, Phase::Late, 10),
        (closes - MILLISECOND, Phase::Late, 40),
        (closes, Phase::Late, 40),
        (closes + GRACE, Phase::Late, 40),
        (closes + GRACE + MILLISECOND, Phase::Closed, 40),
    ];
    for (arrived, phase, off) in table {
        assert_eq!(times.phase(arrived), phase, "{arrived}");
        assert_eq!(rules.late_per_cent(&times, arrived, chrono_tz::Asia::Shanghai), off, "{arrived}");
    }
}

#[test]
fn a_day_late_is_a_day_begun_and_the_floor_holds() {
    let rules = Rules { late_floor: 65, ..rules() };
    let times = rules.times(None);
    let due = times.due_at.unwrap();
    for (after, off) in [
        (TimeDelta::hours(1), 10),
        (TimeDelta::days(1) + GRACE, 10),
        (TimeDelta::days(1) + GRACE + MILLISECOND, 20),
        (TimeDelta::days(3), 30),
        (TimeDelta::days(3) + TimeDelta::minutes(1), 35),
        (TimeDelta::days(400), 35),
    ] {
        assert_eq!(rules.late_per_cent(&times, due + after, chrono_tz::Asia::Shanghai), off, "{after}");
    }
}

#[test]
fn a_day_follows_the_clock_on_the_wall_where_summer_time_ends() {
    let zone = chrono_tz::Europe::Berlin;
    let due = zone.with_ymd_and_hms(2026, 10, 24, 22, 0, 0).unwrap().to_utc();
    let rules = Rules { due_at: Some(due), late_per_day: Some(10), ..Rules::default() };
    let times = rules.times(None);
    // 25 hours by the stopwatch, one day on the wall.
    let next_evening = zone.with_ymd_and_hms(2026, 10, 25, 22, 0, 0).unwrap().to_utc();
    assert_eq!((next_evening - due).num_hours(), 25);
    assert_eq!(rules.late_per_cent(&times, next_evening, zone), 10);
    assert_eq!(rules.late_per_cent(&times, next_evening + GRACE + MILLISECOND, zone), 20);
    assert_eq!(rules.late_per_cent(&times, next_evening, chrono_tz::Asia::Shanghai), 20);
}

#[test]
fn without_a_late_rule_due_is_the_bell() {
    let rules = Rules { late_per_day: None, ..rules() };
    let times = rules.times(None);
    assert_eq!(times.closes_at, rules.due_at);
    assert_eq!(times.phase(times.due_at.unwrap() + GRACE + MILLISECOND), Phase::Closed);
    let no_due = Rules { due_at: None, ..rules };
    assert_eq!(no_due.times(None).closes_at, no_due.closes_at);
}

#[test]
fn an_extension_gives_time_and_never_takes_it() {
    let rules = rules();
    let later = at("2026-10-20 22:00:00");
    let moved_due = rules.times(Some(Extension { due_at: Some(later), closes_at: None }));
    assert_eq!((moved_due.due_at, moved_due.closes_at), (Some(later), Some(later)));
    let moved_closing = rules.times(Some(Extension { due_at: None, closes_at: Some(later) }));
    assert_eq!((moved_closing.due_at, moved_closing.closes_at), (rules.due_at, Some(later)));
    let strict = Rules { late_per_day: None, ..rules };
    let moved = strict.times(Some(Extension { due_at: Some(later), closes_at: None }));
    assert_eq!(moved.closes_at, Some(later));
}

#[test]
fn keys_are_shown_when_the_rule_says_so() {
    use RevealKeys::{Always, Closed, HandedIn, Never};
    // (rule, may try again, closed for all, shown)
    for (rule, again, closed, shown) in [
        (Never, false, true, false),
        (Never, true, false, false),
        (HandedIn, true, false, false),
        (HandedIn, false, false, true),
        (HandedIn, false, true, true),
        (Closed, false, false, false),
        (Closed, true, false, false),
        (Closed, false, true, true),
        (Always, true, false, true),
    ] {
        let rules = Rules { reveal_keys: rule, ..rules() };
        assert_eq!(rules.reveals_keys(again, closed), shown, "{rule:?} {again} {closed}");
    }
    let quiet = Rules { show_verdicts: false, ..rules() };
    assert!(!quiet.reveals_verdicts(Phase::Open) && quiet.reveals_verdicts(Phase::Closed));
}

#[test]
fn attempts_left_never_fall_below_none() {
    let rules = Rules { attempts_allowed: Some(2), ..rules() };
    assert_eq!([0, 1, 2, 3].map(|used| rules.attempts_left(used)), [Some(2), Some(1), Some(0), Some(0)]);
    assert_eq!(Rules::default().attempts_left(9), None);
}
