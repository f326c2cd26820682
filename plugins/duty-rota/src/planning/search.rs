//! Small moves that even out what people carry: giving a shift away, or exchanging two.

use super::random::Random;
use super::state::State;

/// Tries so many random moves and keeps those after which nobody is further from what they should carry.
pub(super) fn even_out(state: &mut State<'_>, tries: u32) {
    let movable: Vec<usize> =
        (0..state.holders.len()).filter(|slot| state.is_movable(*slot) && state.holders[*slot].is_some()).collect();
    let people = state.semester.people.len();
    if movable.is_empty() || people < 2 {
        return;
    }
    let mut random = Random::new(state.semester.seed);
    for _ in 0..tries {
        let slot = movable[random.below(movable.len())];
        if random.next() & 1 == 0 {
            give(state, slot, random.below(people));
        } else {
            exchange(state, slot, movable[random.below(movable.len())]);
        }
    }
}

/// Gives a slot to somebody else if that is allowed and no worse.
fn give(state: &mut State<'_>, slot: usize, to: usize) {
    let Some(from) = state.holders[slot].filter(|from| *from != to) else { return };
    let weight = state.semester.day(slot).weight as f64;
    // The sum of squares changes by 2w(surplus of `to` − surplus of `from` + w).
    if state.surplus(to) - state.surplus(from) + weight <= 0.0 && state.may(to, slot) {
        state.take(slot);
        state.put(slot, to);
    }
}

/// Exchanges two slots of two people if that is allowed and no worse.
fn exchange(state: &mut State<'_>, one: usize, other: usize) {
    let (Some(first), Some(second)) = (state.holders[one], state.holders[other]) else { return };
    if first == second {
        return;
    }
    let (day, other_day) = (state.semester.day(one), state.semester.day(other));
    let more = (other_day.weight - day.weight) as f64;
    if more * (state.surplus(first) - state.surplus(second) + more) > 0.0 {
        return;
    }
    let fits = |person: usize, slot: usize, number: i32, gives: i32| {
        state.semester.blocked(person, slot).is_none() && state.is_apart(person, number, Some(gives))
    };
    if fits(first, other, other_day.number, day.number) && fits(second, one, day.number, other_day.number) {
        state.take(one);
        state.take(other);
        state.put(one, second);
        state.put(other, first);
    }
}
