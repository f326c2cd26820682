//! Plans of random semesters: fair, without a broken rule, the same for the same seed, and hardly touched by an absence.

#![allow(missing_docs, clippy::unwrap_used)]

mod semester;

use std::collections::HashSet;

use duty_rota::planning::{
    Block, Day, Fixed, Helper, MOST_MOVED, POINT, Plan, Semester, fairness, jain, plan, reasons, repair,
};

const SEEDS: u64 = 20;

/// Every broken rule of a plan, in words.
fn broken(semester: &Semester, plan: &Plan) -> Vec<String> {
    let mut broken = Vec::new();
    let mut days = vec![Vec::new(); semester.people.len()];
    for (slot, holder) in plan.holders.iter().enumerate() {
        match (holder, semester.fixed(slot)) {
            (None, Fixed::Open) => broken.push(format!("slot {slot} is empty")),
            (Some(_), Fixed::Closed) => broken.push(format!("slot {slot} is closed")),
            (held, Fixed::Held(fixed)) if *held != Some(fixed) => broken.push(format!("slot {slot} was to stay")),
            _ => {}
        }
        if let Some(person) = holder {
            if semester.blocked(*person, slot).is_some() && semester.fixed(slot) == Fixed::Open {
                broken.push(format!("{person} cannot have slot {slot}"));
            }
            days[*person].push(semester.day(slot).number);
        }
    }
    for (person, mut days) in days.into_iter().enumerate() {
        days.sort_unstable();
        let near = days.windows(2).filter(|pair| pair[1] - pair[0] < plan.gap);
        broken.extend(near.map(|pair| format!("{person} on day {} and {}", pair[0], pair[1])));
    }
    broken
}

#[test]
fn twenty_random_semesters_are_fair_and_break_no_rule() {
    for seed in 0..SEEDS {
        let semester = semester::random(seed);
        let planned = plan(&semester);
        assert_eq!(broken(&semester, &planned), Vec::<String>::new(), "seed {seed}");
        assert_eq!(planned.gap, semester::GAP, "seed {seed}");
        let fair = fairness(&semester, &planned);
        println!("seed {seed}: Jain {:.4}, spread {:.2}", fair.jain, fair.spread);
        assert!(fair.jain >= 0.995, "seed {seed}: {}", fair.jain);
        assert!(fair.spread <= 1.0, "seed {seed}: {}", fair.spread);
    }
}

#[test]
fn the_same_seed_gives_the_same_plan_and_another_one_another() {
    let one = semester::random(7);
    assert_eq!(plan(&one), plan(&one.clone()));
    assert_ne!(plan(&one), plan(&Semester { seed: 8, ..one.clone() }));
}

#[test]
fn a_student_without_duty_lowers_the_index() {
    assert_eq!(jain(&[1.0, 1.0, 1.0, 1.0]), 1.0);
    assert_eq!(jain(&[1.0, 1.0, 1.0, 0.0]), 0.75);
    let mut semester = semester::random(1);
    let fair = fairness(&semester, &plan(&semester)).jain;
    // Somebody who is away the whole semester is still in the class.
    semester.people[3].blocked = vec![Some(Block::Away); semester.days.len()];
    let planned = plan(&semester);
    let unfair = fairness(&semester, &planned);
    assert!(unfair.jain < fair - 0.01, "{} against {fair}", unfair.jain);
    assert_eq!(unfair.loads[3], 0.0);
}

#[test]
fn who_joins_late_carries_their_part_of_what_is_left() {
    let day = |number| Day { number, weight: POINT };
    let helper = |key: u64| Helper { key, ..Helper::default() };
    let mut people: Vec<Helper> = (0..10).map(helper).collect();
    people[9].from = 50;
    let semester = Semester { days: (0..100).map(day).collect(), posts: 1, people, gap: 3, fixed: Vec::new(), seed: 1 };
    let fair = fairness(&semester, &plan(&semester));
    // 50 days by nine, 50 days by ten.
    assert!((fair.targets[9] - 5.0).abs() < 1e-9 && (fair.targets[0] - (50.0 / 9.0 + 5.0)).abs() < 1e-9);
    assert!((fair.loads[9] - 5.0).abs() <= 1.0, "{:?}", fair.loads);
    assert!(fair.spread <= 1.0, "{}", fair.spread);
}

#[test]
fn what_is_fixed_stays_and_counts() {
    let mut semester = semester::random(3);
    semester.fixed = vec![Fixed::Open; semester.slots()];
    // The first three weeks were all done by the same six.
    for day in 0..21 {
        for post in 0..2 {
            let slot = semester.slot(day, post);
            semester.fixed[slot] = Fixed::Held((day * 2 + post) % 12);
        }
    }
    semester.fixed[60] = Fixed::Closed;
    let planned = plan(&semester);
    assert_eq!(broken(&semester, &planned), Vec::<String>::new());
    assert_eq!(planned.holders[60], None);
    let fair = fairness(&semester, &planned);
    assert!(fair.spread <= 1.0, "the rest of the semester makes up for it: {}", fair.spread);
}

#[test]
fn a_class_too_small_for_the_gap_gets_a_smaller_one() {
    let day = |number| Day { number, weight: POINT };
    let people = (0..5).map(|key| Helper { key, ..Helper::default() }).collect();
    let semester = Semester { days: (0..30).map(day).collect(), posts: 2, people, gap: 5, fixed: Vec::new(), seed: 1 };
    let planned = plan(&semester);
    assert_eq!(broken(&semester, &planned), Vec::<String>::new());
    assert_eq!(planned.gap, 2);
    assert_eq!(fairness(&semester, &planned).empty, 0);
}

#[test]
fn a_day_on_which_nobody_can_stays_empty() {
    let day = |number| Day { number, weight: POINT };
    let mut people: Vec<Helper> = (0..6).map(|key| Helper { key, ..Helper::default() }).collect();
    for person in &mut people {
        person.blocked = (0..10).map(|number| (number == 4).then_some(Block::Course)).collect();
    }
    let semester = Semester { days: (0..10).map(day).collect(), posts: 1, people, gap: 3, fixed: Vec::new(), seed: 1 };
    let planned = plan(&semester);
    assert_eq!(fairness(&semester, &planned).empty, 1);
    assert_eq!(planned.holders[4], None);
    assert_eq!(plan(&Semester::default()).holders, Vec::new(), "and of nothing comes nothing");
}

#[test]
fn one_absence_moves_at_most_three_other_shifts() {
    for seed in 0..SEEDS {
        let semester = semester::random(seed);
        let planned = plan(&semester);
        // Every shift of every tenth day.
        for slot in (0..semester.slots()).step_by(20) {
            let absent = planned.holders[slot].unwrap();
            let mut away = semester.clone();
            away.people[absent].blocked[slot / 2] = Some(Block::Away);
            let moves = repair(&away, &planned, &[slot]);
            assert!(!moves.is_empty() && moves.len() <= 1 + MOST_MOVED, "seed {seed}, slot {slot}: {moves:?}");
            let mut after = planned.clone();
            moves.iter().for_each(|done| after.holders[done.slot] = Some(done.to));
            assert_eq!(broken(&away, &after), Vec::<String>::new(), "seed {seed}, slot {slot}");
            let changed = (0..semester.slots()).filter(|slot| after.holders[*slot] != planned.holders[*slot]).count();
            assert!(changed <= 1 + MOST_MOVED);
        }
    }
}

#[test]
fn a_leaver_moves_at_most_three_shifts_of_others() {
    for seed in 0..SEEDS {
        let semester = semester::random(seed);
        let planned = plan(&semester);
        let leaver = 5;
        let vacated: Vec<usize> = (0..semester.slots()).filter(|slot| planned.holders[*slot] == Some(leaver)).collect();
        let mut without = semester.clone();
        without.people[leaver].blocked = vec![Some(Block::Away); semester.days.len()];
        let moves = repair(&without, &planned, &vacated);
        let others: HashSet<usize> =
            moves.iter().map(|done| done.slot).filter(|slot| !vacated.contains(slot)).collect();
        assert!(others.len() <= MOST_MOVED, "seed {seed}: {moves:?}");
        let mut after = planned.clone();
        moves.iter().for_each(|done| after.holders[done.slot] = Some(done.to));
        assert_eq!(broken(&without, &after), Vec::<String>::new(), "seed {seed}");
    }
}

/// A class so tight that the only substitute must first be freed.
#[test]
fn a_chain_of_moves_is_found_where_nobody_is_free_at_once() {
    let day = |number| Day { number, weight: POINT };
    let on = |free: [bool; 3]| Helper {
        blocked: free.iter().map(|is_free| (!is_free).then_some(Block::Course)).collect(),
        ..Helper::default()
    };
    // Days 0, 1, 2; gap 2. The first has day 0 and leaves it; only the second can take it, and gives day 1 to the third.
    let people = vec![on([false, false, false]), on([true, true, false]), on([false, true, true])];
    let semester = Semester { days: (0..3).map(day).collect(), posts: 1, people, gap: 2, ..Semester::default() };
    let planned = Plan { holders: vec![Some(0), Some(1), None], gap: 2 };
    let moves = repair(&semester, &planned, &[0]);
    let moves: Vec<_> = moves.iter().map(|done| (done.slot, done.from, done.to)).collect();
    assert_eq!(moves, [(0, None, 1), (1, Some(1), 2)]);
    let fixed = Semester { fixed: vec![Fixed::Open, Fixed::Held(1), Fixed::Open], ..semester };
    assert_eq!(repair(&fixed, &planned, &[0]), [], "what has been kept is not moved");
}

#[test]
fn every_pick_has_its_reason() {
    let semester = semester::random(11);
    let planned = plan(&semester);
    let slots: Vec<usize> = (0..semester.slots()).collect();
    let fair = fairness(&semester, &planned);
    for (slot, reason) in reasons(&semester, &planned, &slots).into_iter().enumerate() {
        let reason = reason.unwrap();
        assert_eq!(reason.free + reason.course + reason.away + reason.near, semester::STUDENTS, "slot {slot}");
        assert!(reason.free >= 1 && reason.people == semester::STUDENTS);
        let person = planned.holders[slot].unwrap();
        assert_eq!((reason.load, reason.target), (fair.loads[person], fair.targets[person]));
        assert!(reason.rested.is_none_or(|days| days >= semester::GAP));
    }
}
