//! Day by day, whoever is furthest behind what they should have carried by then.

use super::random::mixed;
use super::state::State;

pub(super) fn fill(state: &mut State<'_>) {
    let semester = state.semester;
    // What each person should have carried up to the slot that is filled.
    let mut accrued = vec![0.0; semester.people.len()];
    for slot in 0..semester.slots() {
        if semester.fixed(slot) == super::Fixed::Closed {
            continue;
        }
        let day = semester.day(slot);
        let present = |person: &usize| semester.people[*person].from <= day.number;
        let count = (0..semester.people.len()).filter(present).count().max(1);
        for person in (0..semester.people.len()).filter(present) {
            accrued[person] += day.weight as f64 / count as f64;
        }
        if state.holders[slot].is_some() {
            continue;
        }
        let rank = |person: usize| {
            let behind = state.loads[person] as f64 - accrued[person];
            let rested = state.last_before(person, day.number).map_or(i32::MAX, |last| day.number - last);
            let chance = mixed(semester.seed ^ semester.people[person].key ^ slot as u64);
            (behind, std::cmp::Reverse(rested), chance)
        };
        let first = (0..semester.people.len())
            .filter(|person| state.may(*person, slot))
            .map(|person| (rank(person), person))
            .min_by(|(one, _), (other, _)| {
                one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)).then(one.2.cmp(&other.2))
            });
        if let Some((_, person)) = first {
            state.put(slot, person);
        }
    }
}
