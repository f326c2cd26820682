//! Blanks whose answers may stand in any order: which answer is held against which key.

use smallvec::SmallVec;

use crate::assignment::Share;

use super::given::Given;
use super::judge::{judge, judge_equality, judge_prepared, may_resemble};
use super::key::Key;
use super::outcome::{Finding, Outcome, Verdict};

/// What was found for each answer of a group, and the member whose key it was held against.
pub(super) type Settled = SmallVec<[(Outcome, Option<usize>); 8]>;

/// The outcomes of one answer by every key of the group.
type Row = SmallVec<[Outcome; 8]>;

/// Holds the answers of a group against its keys.
pub(super) fn settle(keys: &[&Key], answers: &[&Given<'_>]) -> Settled {
    if let Some(settled) = settle_at_once(keys, answers) {
        return settled;
    }
    let rows: SmallVec<[Row; 8]> = answers.iter().map(|answer| judge_against_all(keys, answer)).collect();
    let matched = match_without_choice(&rows).unwrap_or_else(|| match_optimally(keys, &rows));
    rows.iter()
        .zip(matched)
        .map(|(row, member)| match member {
            Some(member) => (row[member], Some(member)),
            None => unmatched(row),
        })
        .collect()
}

/// The usual case: every answer is right in a way known beforehand, each by another key.
fn settle_at_once(keys: &[&Key], answers: &[&Given<'_>]) -> Option<Settled> {
    let count = keys.len();
    if count > 64 {
        return None;
    }
    let mut taken = 0_u64;
    let mut settled = Settled::new();
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

/// One answer against every key; resemblance is looked for only where nothing is equal.
fn judge_against_all(keys: &[&Key], answer: &Given<'_>) -> Row {
    let mut row: Row = keys.iter().map(|key| judge_equality(key, answer)).collect();
    if !row.iter().any(Outcome::is_equal) {
        for (key, outcome) in keys.iter().zip(&mut row).filter(|(key, outcome)| may_resemble(key, answer, outcome)) {
            *outcome = judge(key, answer);
        }
    }
    row
}

/// Where no answer fits two keys and no key two answers, there is nothing to choose.
fn match_without_choice(rows: &[Row]) -> Option<SmallVec<[Option<usize>; 8]>> {
    let mut taken: SmallVec<[bool; 8]> = SmallVec::from_elem(false, rows.len());
    rows.iter()
        .map(|row| {
            let mut fitting = (0..row.len()).filter(|&member| fits(&row[member]));
            let Some(member) = fitting.next() else { return Some(None) };
            let settled = fitting.next().is_none() && !std::mem::replace(&mut taken[member], true);
            settled.then_some(Some(member))
        })
        .collect()
}

fn fits(outcome: &Outcome) -> bool {
    matches!(outcome.verdict(), Verdict::Correct | Verdict::Partial | Verdict::Review)
}

fn match_optimally(keys: &[&Key], rows: &[Row]) -> SmallVec<[Option<usize>; 8]> {
    let count = keys.len();
    let weigh = |(answer, row): (usize, &Row)| -> Vec<i128> {
        row.iter().enumerate().map(|(member, outcome)| weight(keys[member], outcome, answer, member, count)).collect()
    };
    let weights: Vec<Vec<i128>> = rows.iter().enumerate().map(weigh).collect();
    let matched = best_matching(&weights);
    matched.into_iter().zip(&weights).map(|(member, row)| (row[member] > 0).then_some(member)).collect()
}

/// What is said of an answer that no key is left for.
fn unmatched(row: &[Outcome]) -> (Outcome, Option<usize>) {
    if let Some(member) = row.iter().position(|outcome| outcome.is_equal() && fits(outcome)) {
        let taken = Outcome { finding: Finding::Taken, credit: Share::NONE, ..row[member] };
        return (taken, Some(member));
    }
    let plain = row.iter().find(|outcome| outcome.verdict() != Verdict::Review);
    (plain.map_or(Outcome::of(Finding::Different), |outcome| outcome.without_words()), None)
}

/// Most credit, then most reviews, then equality that earns nothing, then the own position, then the order of the keys.
fn weight(key: &Key, outcome: &Outcome, answer: usize, member: usize, count: usize) -> i128 {
    let credit = i128::from(key.points.times(outcome.credit).0.max(0));
    let review = i128::from(outcome.verdict() == Verdict::Review);
    let equal = i128::from(matches!(outcome.verdict(), Verdict::Correct | Verdict::Partial));
    if !fits(outcome) {
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
