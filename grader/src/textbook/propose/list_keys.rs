//! Proposes the items of the book's lists for a question's list of blanks.

use super::MOST;
use crate::textbook::align::Budget;
use crate::textbook::characters::{chinese_number, is_han, small_number};
use crate::textbook::draft::{Draft, List};
use crate::textbook::lists::{BookList, pairs};
use crate::textbook::page::Proposal;
use crate::textbook::proposals::{alike, best, proposal};

/// Where some of a list's blanks have found their place in an enumeration of the book with as many items, the others have
/// theirs too.
pub(super) fn complete(book_lists: &[BookList], list: &List, proposals: &mut [Vec<Proposal>], budget: &mut Budget) {
    let known: Vec<Option<(&str, f64)>> = list
        .blanks
        .iter()
        .map(|blank| proposals[*blank].first().map(|proposal| (proposal.answer.as_str(), proposal.confidence)))
        .collect();
    let count = known.iter().flatten().count();
    let sure = known.iter().flatten().map(|(_, confidence)| *confidence).fold(0.0, f64::max);
    // The words before the list have led to its first item, or those behind it to the last.
    let anchored =
        [known.first(), known.last()].into_iter().flatten().flatten().any(|(_, confidence)| *confidence >= 0.8);
    let all_sure = count == known.len() && known.iter().flatten().all(|(_, confidence)| *confidence >= 0.9);
    if all_sure || !(anchored || (count >= 2 && count * 2 >= known.len())) {
        return;
    }
    if !budget.take(book_lists.len() as u64 * 10) {
        return;
    }
    let fits = |book_list: &&BookList| {
        book_list.items.len() == known.len()
            && book_list
                .items
                .iter()
                .zip(&known)
                .all(|(item, known)| known.is_none_or(|(answer, _)| alike(answer, &item.text)))
    };
    let mut fitting = book_lists.iter().filter(fits);
    let Some(chosen) = fitting.next() else { return };
    let same = |other: &BookList| other.items.iter().zip(&chosen.items).all(|(a, b)| alike(&a.text, &b.text));
    if !fitting.all(same) {
        return;
    }
    let most = if count * 3 >= known.len() * 2 { 0.92 } else { (sure + 0.06).min(0.92) };
    let confidence = f64::max(sure, most);
    for (blank, item) in list.blanks.iter().zip(&chosen.items) {
        match proposals[*blank].first_mut() {
            Some(first) => first.confidence = first.confidence.max(confidence),
            None => proposals[*blank].push(proposal(item.clone(), confidence)),
        }
    }
}

/// Proposes the items of the book's list that the question asks for, if its own words do not tell.
pub(super) fn from_lists(
    book_lists: &[BookList],
    draft: &Draft,
    list: &List,
    proposals: &mut [Vec<Proposal>],
    budget: &mut Budget,
) {
    let sure = |proposals: &[Vec<Proposal>]| list.blanks.iter().all(|blank| best(&proposals[*blank]) >= 0.9);
    if sure(proposals) && !list.marked {
        return;
    }
    let first = draft.gaps[list.blanks[0]];
    let last = draft.gaps[list.blanks[list.blanks.len() - 1]];
    let before = draft.words(draft.sentence_start(first), first);
    let behind = draft.words(last + 1, draft.sentence_end(last));
    let question = pairs(&format!("{before}\n{behind}"));
    if !budget.take(book_lists.len() as u64 * 60) {
        return;
    }
    let mut fitting: Vec<(f64, &BookList)> = book_lists
        .iter()
        .filter(|book_list| book_list.items.len() == list.blanks.len())
        .map(|book_list| (book_list.likeness(&question) * book_list.clarity.max(0.9), book_list))
        .filter(|(likeness, _)| *likeness >= 0.5)
        .collect();
    fitting.sort_by(|a, b| b.0.total_cmp(&a.0));
    let Some((likeness, chosen)) = fitting.first() else { return };
    let same = |other: &BookList| {
        other.items.iter().all(|item| {
            chosen.items.iter().any(|chosen| {
                alike(&chosen.text, &item.text) || chosen.text.contains(&item.text) || item.text.contains(&chosen.text)
            })
        })
    };
    let rival =
        fitting[1..].iter().filter(|(_, other)| !same(other)).map(|(likeness, _)| *likeness).fold(0.0, f64::max);
    let mut confidence: f64 = if *likeness >= 0.8 {
        0.96
    } else if *likeness >= 0.7 {
        0.94
    } else if *likeness >= 0.6 {
        0.9
    } else {
        0.8
    };
    if chosen.is_introduced_by(&before) && *likeness >= 0.6 {
        confidence = confidence.max(0.94);
    } else if question.len() < 4 {
        confidence = f64::min(confidence, 0.88);
    }
    if likeness - rival < 0.15 {
        confidence = f64::min(confidence, 0.7);
    }
    confidence *= 0.85 + 0.15 * chosen.clarity;
    let now: f64 = list.blanks.iter().map(|blank| best(&proposals[*blank])).sum::<f64>() / list.blanks.len() as f64;
    if confidence <= now {
        return;
    }
    for (blank, item) in list.blanks.iter().zip(&chosen.items) {
        proposals[*blank]
            .retain(|other| other.confidence < confidence && !alike(&other.answer, &item.text) && confidence < 0.9);
        proposals[*blank].insert(0, proposal(item.clone(), confidence));
        proposals[*blank].truncate(MOST);
    }
}

/// Proposes the number of items where a blank asks for it.
pub(super) fn count(draft: &Draft, list: &List, proposals: &mut [Vec<Proposal>]) {
    let Some(blank) = draft.counting(list) else { return };
    let number = list.blanks.len();
    // The list's own source proves the count; without one, the blanks that follow suggest it.
    let found = proposals[list.blanks[0]].first().filter(|proposal| proposal.confidence >= 0.9).cloned();
    let agrees = proposals[blank].first().is_some_and(|proposal| small_number(&proposal.answer) == Some(number as u32));
    if agrees {
        return;
    }
    let measured =
        draft.character(draft.gaps[blank] + 1).is_some_and(|c| matches!(c, '个' | '种' | '类' | '点' | '条' | '项'));
    let answer = if number == 2 && measured { "两".to_owned() } else { chinese_number(number) };
    let Some(source) =
        found.map(|proposal| proposal.source).or_else(|| proposals[list.blanks[0]].first().map(|p| p.source.clone()))
    else {
        return;
    };
    let confidence = if best(&proposals[list.blanks[0]]) >= 0.9 { 0.95 } else { 0.8 };
    proposals[blank].retain(|other| other.confidence < confidence && small_number(&other.answer).is_none());
    proposals[blank].insert(0, Proposal { answer, confidence, source });
    proposals[blank].truncate(MOST);
}

/// Two blanks of one list never have the same key: the one that fits less well loses it.
pub(super) fn distinct(list: &List, proposals: &mut [Vec<Proposal>]) {
    let mut order = list.blanks.clone();
    order.sort_by(|a, b| best(&proposals[*b]).total_cmp(&best(&proposals[*a])));
    let mut taken: Vec<String> = Vec::new();
    for blank in order {
        proposals[blank].retain(|proposal| !taken.iter().any(|other| alike(other, &proposal.answer)));
        if let Some(first) = proposals[blank].first() {
            taken.push(first.answer.clone());
        }
    }
}

/// Takes off the keys what the question prints beside each blank of a list anyway: 看__、看__ asks for 天 and 地.
pub(super) fn without_affixes(draft: &Draft, list: &List, proposals: &mut [Vec<Proposal>]) {
    const LONGEST: usize = 6;
    let word = |at: usize| draft.character(at).filter(|c| is_han(*c) || c.is_alphanumeric());
    let beside = |blank: &usize, step: i64| -> Vec<char> {
        let gap = draft.gaps[*blank] as i64;
        let places = (1..=LONGEST as i64).map(|distance| usize::try_from(gap + step * distance));
        places.map_while(|at| at.ok().and_then(word)).collect()
    };
    let shared = |step: i64| -> Vec<char> {
        let mut sides = list.blanks.iter().map(|blank| beside(blank, step));
        let first = sides.next().unwrap_or_default();
        sides.fold(first, |shared, side| {
            shared.into_iter().zip(side).take_while(|(a, b)| a == b).map(|(a, _)| a).collect()
        })
    };
    let before: String = shared(-1).into_iter().rev().collect();
    let behind: String = shared(1).into_iter().collect();
    for blank in &list.blanks {
        for proposal in &mut proposals[*blank] {
            let text = proposal.answer.as_str();
            let bare = text.strip_prefix(before.as_str()).filter(|rest| !rest.is_empty()).unwrap_or(text);
            let bare = bare.strip_suffix(behind.as_str()).filter(|rest| !rest.is_empty()).unwrap_or(bare);
            proposal.answer = bare.to_owned();
        }
    }
}
