//! Proposes keys: what the book has where a question has blanks, and how sure that is.

mod list_keys;

use super::align::{Budget, Candidate, Edge, candidates};
use super::book::{Book, Passage};
use super::characters::{COUNTED, divides_clauses, is_divided, is_han};
use super::definitions::{self, Definition};
use super::draft::{Draft, List};
use super::lists::BookList;
use super::page::Proposal;
use super::proposals::{alike, best, proposal};

/// Proposals below this are not made: none is better than a wrong one.
const LEAST: f64 = 0.65;
/// Most proposals for one blank.
const MOST: usize = 3;

/// The proposals for each blank of a question, the likeliest first.
pub(super) fn propose(
    book: &Book<'_>,
    book_lists: &[BookList],
    definitions: &[Definition],
    draft: &Draft,
    lists: &[List],
    budget: &mut Budget,
) -> Vec<Vec<Proposal>> {
    let found: Vec<Vec<Answer>> = draft
        .gaps
        .iter()
        .map(|gap| aligned(book, draft, *gap, &candidates(book, &draft.tokens, *gap, false, budget)))
        .collect();
    let mut found = found;
    apart(&mut found);
    let in_a_row: Vec<bool> = lists.iter().map(|list| stands_in_a_row(&found, list)).collect();
    let mut proposals: Vec<Vec<Proposal>> = found
        .into_iter()
        .map(|answers| answers.into_iter().map(|answer| proposal(answer.passage, answer.confidence)).collect())
        .collect();
    for (list, in_a_row) in lists.iter().zip(in_a_row) {
        if shifted(list, &proposals) {
            // The book's items begin elsewhere: none of these is sure.
            for blank in &list.blanks {
                proposals[*blank].iter_mut().for_each(|proposal| proposal.confidence = proposal.confidence.min(0.7));
            }
        } else if in_a_row {
            let most = list.blanks.iter().map(|blank| best(&proposals[*blank])).fold(0.0, f64::max).min(0.95);
            for blank in &list.blanks {
                proposals[*blank].truncate(1);
                proposals[*blank].iter_mut().for_each(|proposal| proposal.confidence = proposal.confidence.max(most));
            }
        }
    }
    definitions::from_definitions(definitions, draft, &mut proposals, budget);
    for list in lists {
        list_keys::complete(book_lists, list, &mut proposals, budget);
        list_keys::from_lists(book_lists, draft, list, &mut proposals, budget);
        list_keys::count(draft, list, &mut proposals);
    }
    for list in lists {
        list_keys::without_affixes(draft, list, &mut proposals);
        list_keys::distinct(list, &mut proposals);
    }
    proposals
}

/// Whether the answers of a list's blanks hold what cannot be an item: the count of the items, what announces them, or two
/// items joined.
fn shifted(list: &List, proposals: &[Vec<Proposal>]) -> bool {
    let first = |blank: &usize| proposals[*blank].first().map(|proposal| proposal.answer.as_str());
    list.blanks.len() > 2
        && list.blanks.iter().filter_map(first).any(|answer| {
            let counted = answer.strip_prefix(|c: char| "两二三四五六七八九十".contains(c) || c.is_ascii_digit());
            let counts = counted.is_some_and(|rest| COUNTED.iter().any(|word| rest.starts_with(word)));
            let announces =
                ["依次是", "依次为", "分别是", "分别为", "也就是"].iter().any(|word| answer.starts_with(word));
            counts || announces
        })
}

/// What the book has for a blank, at one place.
struct Answer {
    passage: Passage,
    total: f64,
    confidence: f64,
    place: (usize, usize),
    /// How many words of the blank's own clause the book has beside it.
    own: usize,
}

/// No place of the book fills two blanks: it is left to the one that it fits clearly better, if there is one.
fn apart(found: &mut [Vec<Answer>]) {
    const CLEARLY: f64 = 1.5;
    let best: Vec<Option<((usize, usize), f64)>> =
        found.iter().map(|answers| answers.first().map(|answer| (answer.place, answer.total))).collect();
    for (blank, answers) in found.iter_mut().enumerate() {
        let Some((place, total)) = best[blank] else { continue };
        let rivals = best.iter().enumerate().filter(|(other, _)| *other != blank).filter_map(|(_, best)| *best);
        let most = rivals
            .filter(|(other, _)| other.0 < place.1 && place.0 < other.1)
            .map(|(_, rival)| rival)
            .fold(f64::NEG_INFINITY, f64::max);
        if most > total + CLEARLY {
            answers.remove(0);
        } else if most > total - CLEARLY {
            answers[0].confidence = answers[0].confidence.min(0.7);
        }
    }
}

/// Whether the best answers of a list's blanks follow each other in the book as in the question.
fn stands_in_a_row(found: &[Vec<Answer>], list: &List) -> bool {
    let places: Option<Vec<(usize, usize)>> =
        list.blanks.iter().map(|blank| found[*blank].first().map(|answer| answer.place)).collect();
    places.is_some_and(|places| places.windows(2).all(|pair| (1..=4).contains(&pair[1].0.saturating_sub(pair[0].1))))
}

/// The answers at the places that fit around a blank, the likeliest first.
fn aligned(book: &Book<'_>, draft: &Draft, gap: usize, found: &[Candidate]) -> Vec<Answer> {
    if found.is_empty() {
        return Vec::new();
    }
    let sentence = draft.words(draft.sentence_start(gap), draft.sentence_end(gap));
    let clause = own_clause(draft, gap);
    let mut answers: Vec<Answer> = Vec::new();
    for candidate in found {
        let Some(passage) = book.passage(candidate.from, candidate.to) else { continue };
        let Some((passage, clean)) = trimmed(passage) else { continue };
        if repeats(&sentence, &passage.text) {
            continue;
        }
        let meets = |edge, most: usize| match edge {
            Edge::Words(words) => words.min(most),
            _ => 0,
        };
        let own = meets(candidate.left_edge, clause.0) + meets(candidate.right_edge, clause.1);
        let same = answers.iter_mut().find(|answer| alike(&answer.passage.text, &passage.text));
        let confidence = confidence(candidate, &passage.text) * if clean { 1.0 } else { 0.85 };
        match same {
            Some(answer) if answer.confidence >= confidence => answer.own = answer.own.max(own),
            Some(answer) => {
                *answer = Answer {
                    total: answer.total.max(candidate.total()),
                    passage,
                    confidence,
                    own: answer.own.max(own),
                    ..*answer
                }
            }
            None => answers.push(Answer {
                passage,
                total: candidate.total(),
                confidence,
                place: (candidate.from, candidate.to),
                own,
            }),
        }
    }
    answers.sort_by(|a, b| b.total.total_cmp(&a.total).then(b.confidence.total_cmp(&a.confidence)));
    // A longer piece of the same sentence that takes in another clause or item is no rival of the shorter one.
    let divided = |answer: &Answer| is_divided(&answer.passage.text);
    let overlaps = |a: (usize, usize), b: (usize, usize)| a.0 < b.1 && b.0 < a.1;
    let shorter: Vec<(usize, usize)> =
        answers.iter().filter(|answer| !divided(answer)).map(|answer| answer.place).collect();
    answers.retain(|answer| !divided(answer) || !shorter.iter().any(|place| overlaps(*place, answer.place)));
    answers.truncate(6);
    // Another answer that fits nearly as well makes each of them doubtful: less so when it is the same place, cut elsewhere.
    // One whose own edges hardly meet is none either.
    // Where the book has the whole clause around one answer, one with other words beside it is none: 查询用甲 and 修改用乙.
    let whole = clause.0 + clause.1;
    let entire = |own: usize| whole >= 5 && own == whole;
    let all: Vec<((usize, usize), f64, usize)> = answers
        .iter()
        .map(|answer| {
            (answer.place, if answer.confidence >= 0.7 { answer.total } else { answer.total.min(5.0) }, answer.own)
        })
        .collect();
    let most_entire = all.iter().any(|(_, _, own)| entire(*own));
    for (at, answer) in answers.iter_mut().enumerate() {
        let lead = all
            .iter()
            .enumerate()
            .filter(|(other, (_, _, own))| *other != at && !(entire(answer.own) && own + 2 <= answer.own))
            .map(|(_, (place, total, _))| {
                (answer.total - total) * if overlaps(*place, answer.place) { 3.0 } else { 1.0 }
            })
            .fold(f64::INFINITY, f64::min);
        let most = if lead >= 2.5 {
            1.0
        } else if lead >= 1.5 {
            0.93
        } else if lead >= 0.7 {
            0.85
        } else if lead >= 0.0 {
            0.7
        } else {
            0.5
        };
        answer.confidence = answer.confidence.min(most);
        if most_entire && answer.own + 2 <= whole {
            answer.confidence = answer.confidence.min(0.6);
        }
    }
    answers.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    answers.into_iter().filter(|answer| answer.confidence >= LEAST).take(MOST).collect()
}

/// How many words the blank's clause has before and behind it, up to another blank.
fn own_clause(draft: &Draft, gap: usize) -> (usize, usize) {
    let word = |at: &usize| draft.character(*at).is_some_and(|c| is_han(c) || c.is_alphanumeric());
    let before = (0..gap).rev().take_while(word).count();
    let behind = (gap + 1..draft.tokens.len()).take_while(word).count();
    (before, behind)
}

/// Takes words that are no part of a key off its ends; `None` if it cannot be a key. Says whether nothing was taken.
fn trimmed(mut passage: Passage) -> Option<(Passage, bool)> {
    const LEADING: [&str; 14] = [
        "所谓",
        "因此",
        "所以",
        "但是",
        "例如",
        "而且",
        "也就是",
        "其中",
        "同时",
        "此外",
        "另外",
        "然而",
        "并且",
        "于是",
    ];
    const POINTING: [&str; 18] = [
        "它", "他", "她", "这", "那", "其", "此", "该", "以下", "如下", "上述", "下列", "前者", "后者", "本章", "我们",
        "几", "若干",
    ];
    const EMPTY: [&str; 26] = [
        "多", "一些", "各", "许多", "是", "的", "有", "和", "在", "也", "都", "就", "等", "而", "又", "之", "于", "与",
        "得", "地", "着", "过", "了", "来", "去", "所",
    ];
    let mut text = passage.text.trim_matches(|c: char| divides_clauses(c) || c.is_whitespace()).to_owned();
    let mut clean = true;
    if let Some(rest) = LEADING.iter().find_map(|word| text.strip_prefix(word)) {
        text = rest.trim_start_matches(divides_clauses).to_owned();
        clean = false;
    }
    let words = text.chars().any(|c| is_han(c) || c.is_alphanumeric());
    let pointing = POINTING.iter().any(|word| text.starts_with(word)) || EMPTY.contains(&text.as_str());
    let announcing =
        ["以下", "如下", "下列", "上述", "几点", "几个", "几种", "几方面"].iter().any(|word| text.contains(word));
    let open = text.matches(['(', '（']).count() == text.matches([')', '）']).count();
    passage.text = text;
    (words && !pointing && !announcing && open).then_some((passage, clean))
}

/// Whether the question's own sentence says most of the answer: nobody asks for what the question tells.
fn repeats(sentence: &str, answer: &str) -> bool {
    let pairs = |text: &str| -> Vec<(char, char)> {
        let characters: Vec<char> = text.chars().map(super::characters::fold).collect();
        characters.windows(2).map(|pair| (pair[0], pair[1])).collect()
    };
    let (said, asked) = (pairs(sentence), pairs(answer));
    asked.len() >= 4 && asked.iter().filter(|pair| said.contains(pair)).count() * 10 >= asked.len() * 6
}

/// How likely the candidate is right, by what agrees around it.
fn confidence(candidate: &Candidate, text: &str) -> f64 {
    const CURVE: [(f64, f64); 9] = [
        (2.5, 0.4),
        (3.0, 0.5),
        (4.0, 0.66),
        (5.0, 0.78),
        (6.0, 0.87),
        (7.0, 0.92),
        (9.0, 0.95),
        (12.0, 0.97),
        (18.0, 0.985),
    ];
    let total = candidate.left.min(14.0) + candidate.right.min(14.0);
    let mut confidence = CURVE[CURVE.len() - 1].1;
    for pair in CURVE.windows(2) {
        if total < pair[1].0 {
            let share = ((total - pair[0].0) / (pair[1].0 - pair[0].0)).max(0.0);
            confidence = pair[0].1 + share * (pair[1].1 - pair[0].1);
            break;
        }
    }
    let most: f64 = match (candidate.left_edge, candidate.right_edge) {
        (Edge::Words(left), Edge::Words(right)) => match left + right {
            0..=2 => 0.7,
            3 => 0.88,
            _ => 0.99,
        },
        // Words that reach past another blank count as well.
        (Edge::Words(words), Edge::End) if words >= 2 && candidate.left >= 6.0 => 0.96,
        (Edge::End, Edge::Words(words)) if words >= 2 && candidate.right >= 6.0 => 0.96,
        (Edge::Words(words), Edge::End) | (Edge::End, Edge::Words(words)) => match words {
            0..=2 => 0.55,
            3 => 0.8,
            4 => 0.89,
            _ => 0.98,
        },
        (Edge::Words(words), Edge::Separator) | (Edge::Separator, Edge::Words(words)) => {
            if words >= 3 || (candidate.left >= 2.0 && candidate.right >= 2.0) { 0.97 } else { 0.85 }
        }
        (Edge::Separator, Edge::Separator) => {
            if candidate.left >= 2.5 && candidate.right >= 2.5 {
                0.94
            } else {
                0.8
            }
        }
        (Edge::End, Edge::Separator) | (Edge::Separator, Edge::End) => {
            if candidate.left >= 4.0 || candidate.right >= 4.0 { 0.91 } else { 0.7 }
        }
        (Edge::Joined, Edge::Words(words)) if words >= 6 => 0.93,
        (Edge::Joined, Edge::Words(words)) if words >= 4 => 0.88,
        (Edge::Joined, _) | (_, Edge::Joined) => 0.7,
        (Edge::End, Edge::End) => {
            if total >= 8.0 {
                0.75
            } else {
                0.6
            }
        }
    };
    confidence = confidence.min(most);
    // The rest of the clause is the book's, to the word.
    let words = |edge| matches!(edge, Edge::Words(words) if words >= 4);
    if candidate.whole_clause && (words(candidate.left_edge) || words(candidate.right_edge)) {
        confidence = confidence.max(0.91);
    }
    // A whole clause where the question begins with a blank: the key is probably a part of it.
    let clause = ["是", "等于", "包括", "必须", "分为", "应当", "可以"].iter().any(|word| text.contains(word))
        || text.starts_with('的');
    if clause && candidate.left_edge == Edge::End {
        confidence = confidence.min(0.75);
    }
    let length = text.chars().count();
    if is_divided(&text.replace('、', "")) {
        confidence = confidence.min(0.8);
    } else if text.contains('、') {
        confidence = confidence.min(0.88);
    }
    if length > 18 {
        confidence = confidence.min(0.7);
    } else if length > 12 {
        confidence = confidence.min(0.9);
    }
    confidence
}
