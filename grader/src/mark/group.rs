//! Blanks whose answers may stand in any order: which answer is held against which key.

use super::Verdict;
use super::judge::{Finding, Given, Outcome, judge, judge_prepared};
use super::key::Key;

/// What was found for each answer of a group, and the member whose key it was held against.
pub(super) fn settle(keys: &[&Key], answers: &[Given<'_>]) -> Vec<(Outcome, Option<usize>)> {
    settle_at_once(keys, answers).unwrap_or_else(|| settle_optimally(keys, answers))
}

/// The usual case: every answer is right word for word, each by another key.
fn settle_at_once(keys: &[&Key], answers: &[Given<'_>]) -> Option<Vec<(Outcome, Option<usize>)>> {
    let count = keys.len();
    if count > 64 {
        return None;
    }
    let mut taken = 0_u64;
    let mut settled = Vec::with_capacity(count);
    for (position, answer) in answers.iter().enumerate() {
        let free = |&member: &usize| taken & (1 << member) == 0;
        let own_first = std::iter::once(position).chain((0..count).filter(|&member| member != position));
        let (member, outcome) = own_first.filter(free).find_map(|member| {
            let outcome = judge_prepared(keys[member], answer)?;
            (outcome.verdict() == Verdict::Correct).then_some((member, outcome))
        })?;
        taken |= 1 << member;
        settled.push((outcome, Some(member)));
    }
    Some(settled)
}

fn settle_optimally(keys: &[&Key], answers: &[Given<'_>]) -> Vec<(Outcome, Option<usize>)> {
    let count = keys.len();
    let outcomes: Vec<Vec<Outcome>> = answers
        .iter()
        .map(|answer| {
            let mut row: Vec<Outcome> = keys.iter().map(|key| judge(key, answer)).collect();
            keep_closest(&mut row);
            row
        })
        .collect();
    let weights: Vec<Vec<i128>> = (0..count)
        .map(|answer| {
            (0..count).map(|member| weight(keys[member], &outcomes[answer][member], answer, member, count)).collect()
        })
        .collect();
    let matched = best_matching(&weights);
    outcomes
        .iter()
        .enumerate()
        .map(|(answer, row)| {
            let member = matched[answer];
            if weights[answer][member] > 0 {
                return (row[member], Some(member));
            }
            let outcome = match row.iter().find(|outcome| outcome.is_equal() && outcome.verdict() != Verdict::Incorrect)
            {
                Some(equal) => {
                    let member = row.iter().position(|outcome| outcome == equal);
                    return (
                        Outcome { finding: Finding::Taken, credit: crate::assignment::Share::NONE, ..*equal },
                        member,
                    );
                }
                None => row.iter().find(|outcome| outcome.verdict() != Verdict::Review).copied(),
            };
            (outcome.unwrap_or(Outcome::of(Finding::Different)).without_words(), None)
        })
        .collect()
}

/// An answer that equals a key is not also held against the keys it merely resembles.
fn keep_closest(row: &mut [Outcome]) {
    if row.iter().any(Outcome::is_equal) {
        for outcome in row.iter_mut().filter(|outcome| matches!(outcome.finding, Finding::Similar(_))) {
            *outcome = Outcome::of(Finding::Different);
        }
    }
}

/// Most credit, then most reviews, then equality that earns nothing, then the own position, then the order of the keys.
fn weight(key: &Key, outcome: &Outcome, answer: usize, member: usize, count: usize) -> i128 {
    let credit = i128::from(key.points.times(outcome.credit).0.max(0));
    let review = i128::from(outcome.verdict() == Verdict::Review);
    let equal = i128::from(matches!(outcome.verdict(), Verdict::Correct | Verdict::Partial));
    if credit + review + equal == 0 {
        return 0;
    }
    let own = i128::from(answer == member);
    let order = ((count - answer) * (count - member)) as i128;
    (credit << 60) + (review << 48) + (equal << 36) + (own << 24) + order
}

/// The member for each answer so that the sum of the weights is the largest (Kuhn–Munkres with potentials, cubic).
fn best_matching(weights: &[Vec<i128>]) -> Vec<usize> {
    let count = weights.len();
    let mut row_potential = vec![0_i128; count + 1];
    let mut column_potential = vec![0_i128; count + 1];
    // Row 0 and column 0 are sentinels; `owner[column]` is the row that holds a column.
    let mut owner = vec![0_usize; count + 1];
    for row in 1..=count {
        let mut previous = vec![0_usize; count + 1];
        let mut slack = vec![i128::MAX; count + 1];
        let mut seen = vec![false; count + 1];
        owner[0] = row;
        let mut column = 0;
        loop {
            seen[column] = true;
            let current = owner[column];
            let (mut delta, mut next) = (i128::MAX, 0);
            for candidate in (1..=count).filter(|&candidate| !seen[candidate]) {
                let cost = -weights[current - 1][candidate - 1] - row_potential[current] - column_potential[candidate];
                if cost < slack[candidate] {
                    slack[candidate] = cost;
                    previous[candidate] = column;
                }
                if slack[candidate] < delta {
                    delta = slack[candidate];
                    next = candidate;
                }
            }
            for other in 0..=count {
                if seen[other] {
                    row_potential[owner[other]] += delta;
                    column_potential[other] -= delta;
                } else if slack[other] != i128::MAX {
                    slack[other] -= delta;
                }
            }
            column = next;
            if owner[column] == 0 {
                break;
            }
        }
        while column != 0 {
            owner[column] = owner[previous[column]];
            column = previous[column];
        }
    }
    let mut matched = vec![0; count];
    for column in 1..=count {
        matched[owner[column] - 1] = column - 1;
    }
    matched
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every order, one after the other.
    fn largest_sum(weights: &[Vec<i128>], row: usize, used: &mut Vec<bool>) -> i128 {
        if row == weights.len() {
            return 0;
        }
        let mut best = 0;
        for column in 0..weights.len() {
            if !used[column] {
                used[column] = true;
                best = best.max(weights[row][column] + largest_sum(weights, row + 1, used));
                used[column] = false;
            }
        }
        best
    }

    proptest::proptest! {
        #[test]
        fn the_matching_is_the_best_of_all(weights in (1..=6_usize).prop_flat_map(square)) {
            let matched = best_matching(&weights);
            let sum: i128 = matched.iter().enumerate().map(|(row, &column)| weights[row][column]).sum();
            proptest::prop_assert_eq!(sum, largest_sum(&weights, 0, &mut vec![false; weights.len()]));
        }
    }

    use proptest::prelude::Strategy;

    fn square(count: usize) -> impl Strategy<Value = Vec<Vec<i128>>> {
        proptest::collection::vec(proptest::collection::vec(0..5_i128, count), count)
    }
}
