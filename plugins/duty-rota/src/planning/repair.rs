//! Filling what became empty with as few other changes as possible.

use super::state::State;
use super::{Fixed, Plan, Semester};

/// How many shifts of others a repair may move.
pub const MOST_MOVED: usize = 3;

/// A slot that changes hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// The slot.
    pub slot: usize,
    /// Who had it; none: it was empty.
    pub from: Option<usize>,
    /// Who gets it.
    pub to: usize,
}

/// Fills slots that nobody holds any more, and leaves the rest of the plan alone as far as it can: at most
/// [`MOST_MOVED`] other shifts move, all slots taken together. What cannot be filled so stays empty.
pub fn repair(semester: &Semester, plan: &Plan, vacated: &[usize]) -> Vec<Move> {
    let mut holders = plan.holders.clone();
    for slot in vacated {
        holders[*slot] = None;
    }
    let mut state = State::of(semester, plan.gap, &holders);
    let mut left = MOST_MOVED;
    let mut moves = Vec::new();
    for slot in vacated {
        if state.holders[*slot].is_some() || semester.fixed(*slot) == Fixed::Closed {
            continue;
        }
        if let Some(found) = shortest(&mut state, *slot, left) {
            left -= found.len() - 1;
            moves.extend(found);
        }
    }
    moves
}

/// Fills the slots that the first round left empty.
pub(super) fn fill_empty(state: &mut State<'_>) {
    for slot in 0..state.holders.len() {
        if state.holders[slot].is_none() && state.is_movable(slot) {
            // One move more may be worth it here, but no long search: the gap gives way after that.
            shortest(state, slot, 1);
        }
    }
}

/// The way with the fewest moves of others; it has been done in the state.
fn shortest(state: &mut State<'_>, slot: usize, most: usize) -> Option<Vec<Move>> {
    (0..=most).find_map(|budget| {
        let mut moves = Vec::new();
        fill(state, slot, None, budget, &mut moves).then_some(moves)
    })
}

/// Fills a slot with moves of at most so many other shifts; leaves the state as it was when that cannot be done.
fn fill(state: &mut State<'_>, slot: usize, from: Option<usize>, budget: usize, moves: &mut Vec<Move>) -> bool {
    let semester = state.semester;
    let mut people: Vec<usize> = (0..semester.people.len())
        .filter(|person| Some(*person) != from && semester.blocked(*person, slot).is_none())
        .collect();
    people.sort_by(|one, other| {
        let rank = |person: usize| (state.surplus(person), semester.people[person].key);
        let (one, other) = (rank(*one), rank(*other));
        one.0.total_cmp(&other.0).then(one.1.cmp(&other.1))
    });
    for person in people {
        let near = near(state, person, slot);
        if near.len() > budget || near.iter().any(|other| !state.is_movable(*other)) {
            continue;
        }
        let done = moves.len();
        for other in &near {
            state.take(*other);
        }
        state.put(slot, person);
        moves.push(Move { slot, from, to: person });
        let mut left = budget - near.len();
        let mut is_filled = true;
        for other in &near {
            let before = moves.len();
            is_filled = fill(state, *other, Some(person), left, moves);
            if !is_filled {
                break;
            }
            left -= moves.len() - before - 1;
        }
        if is_filled {
            return true;
        }
        undo(state, moves, done, &near, person);
    }
    false
}

/// Takes back the moves from `done` on; `near` are the shifts that `person` gave up for the first of them.
fn undo(state: &mut State<'_>, moves: &mut Vec<Move>, done: usize, near: &[usize], person: usize) {
    let undone: Vec<Move> = moves.drain(done..).collect();
    for one in &undone {
        state.take(one.slot);
    }
    for slot in near {
        state.put(*slot, person);
    }
    // What others gave up further down the chain.
    for one in &undone {
        if let (Some(from), None) = (one.from, state.holders[one.slot]) {
            state.put(one.slot, from);
        }
    }
}

/// The shifts of a person that are too near to a slot.
fn near(state: &State<'_>, person: usize, slot: usize) -> Vec<usize> {
    let number = state.semester.day(slot).number;
    let is_near = |other: &usize| {
        state.holders[*other] == Some(person) && (state.semester.day(*other).number - number).abs() < state.gap
    };
    (0..state.holders.len()).filter(is_near).collect()
}
