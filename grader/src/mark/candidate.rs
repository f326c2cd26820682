//! An answer without what the student repeated from the page: a list marker, printed words, a unit, "答：".

use smallvec::SmallVec;

use super::character::begins_with;
use super::fold::{Text, trimmed};
use super::formula;
use super::key::Key;
use super::reason::Steps;

/// What is left of an answer, and what was taken off.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) text: Text,
    pub(super) steps: Steps,
    /// A negation was taken off, so that equality may be the student's mistake.
    pub(super) doubtful: bool,
}

/// Mostly empty and handed on often: a vector is three words then.
pub(super) type Candidates = Vec<Candidate>;

/// Most of them for one answer.
const MOST: usize = 12;

/// Words that begin an answer without belonging to it.
const OPENINGS: &[&str] = &["答案是:", "答案:", "答:", "答案是", "答案为"];

/// All ways to take off what the answer repeats from the page.
pub(super) fn other_candidates(key: &Key, answer: &str, text: &Text) -> Candidates {
    let mut all = Candidates::new();
    if let Some(rest) = key.printed.marker.as_deref().and_then(|marker| without_marker(answer, marker)) {
        let text = Text::new(rest);
        without_printed(key, &text, Steps::MARKER, &mut all);
        all.push(Candidate { text, steps: Steps::MARKER, doubtful: false });
    }
    without_printed(key, text, Steps::default(), &mut all);
    // Most answers have no power; nothing but one is written in so many ways.
    if text.has_number
        && text.folded.iter().any(|c| matches!(c, '^' | '*' | '方'))
        && let Some(printed) = formula::printed(answer)
        && printed != answer
    {
        all.push(Candidate { text: Text::new(&printed), steps: Steps::FORMULA, doubtful: false });
    }
    if text.folded.first() == Some(&'答')
        && let Some(length) = OPENINGS.iter().find_map(|opening| begins_with(&text.folded, opening))
        && length < text.folded.len()
    {
        let text = text.part(&text.folded, length..text.folded.len());
        all.push(Candidate { text, steps: Steps::WRAPPING, doubtful: false });
    }
    // =7 and 等于7 say 7.
    if key.alternatives.iter().any(|accepted| !accepted.readings.is_empty())
        && let Some(length) = ["=", "等于"].iter().find_map(|sign| begins_with(&text.folded, sign))
        && length < text.folded.len()
    {
        let text = text.part(&text.folded, length..text.folded.len());
        all.push(Candidate { text, steps: Steps::FORMULA, doubtful: false });
    }
    if key.alternatives.iter().any(|accepted| accepted.is_list)
        && let Some(listed) = without_numbering(answer)
    {
        all.push(Candidate { text: Text::new(&listed), steps: Steps::MARKER, doubtful: false });
    }
    all
}

/// `①调查②分析`, `1.调查 2.分析`, `（1）调查（2）分析` as `调查、分析`; at least two markers, counted from 1.
fn without_numbering(answer: &str) -> Option<String> {
    let mut listed = String::new();
    let (mut rest, mut next) = (answer, 1);
    while !rest.is_empty() {
        if let Some(length) = numbering(rest, next, listed.chars().next_back()) {
            listed = listed.trim_end_matches([' ', ',', '，', '、', ';', '；', '\n']).to_string();
            if next > 1 {
                listed.push('、');
            }
            rest = rest[length..].trim_start();
            next += 1;
            continue;
        }
        let first = rest.chars().next().filter(|_| next > 1)?;
        listed.push(first);
        rest = &rest[first.len_utf8()..];
    }
    (next > 2).then_some(listed)
}

/// The length in bytes of the list marker of this number at the start of the text.
fn numbering(text: &str, number: u32, before: Option<char>) -> Option<usize> {
    let first = text.chars().next()?;
    if char::from_u32('①' as u32 + number - 1).is_some_and(|circled| circled == first && number <= 20) {
        return Some(first.len_utf8());
    }
    let open = text.strip_prefix(['(', '（']).unwrap_or(text);
    let behind = open.strip_prefix(&number.to_string())?;
    let closes: &[char] = if open.len() == text.len() { &['.', '、', '．', ')', '）'] } else { &[')', '）'] };
    let rest = behind.strip_prefix(closes)?;
    let in_number = before.is_some_and(|c| c.is_ascii_digit()) || rest.starts_with(|c: char| c.is_ascii_digit());
    (!in_number).then_some(text.len() - rest.len())
}

fn without_printed(key: &Key, text: &Text, steps: Steps, all: &mut Candidates) {
    let (before, after, unit) = (&key.printed.before, &key.printed.after, &key.printed.unit);
    let folded = &text.folded[..];
    if folded.len() < 2 || before.is_empty() && after.is_empty() && unit.is_empty() {
        return;
    }
    let most = folded.len() - 1;
    let mut starts: SmallVec<[usize; 4]> = SmallVec::from_slice(&[0]);
    starts.extend((1..=before.len().min(most)).filter(|&length| before.ends_with(&folded[..length])));
    let mut ends: SmallVec<[usize; 4]> = SmallVec::from_slice(&[folded.len()]);
    // A unit is repeated whole or not at all: m/s is not a part of m/s^2.
    let shortest = key.printed.unit_behind.max(1);
    let repeated = (shortest..=after.len().min(most)).filter(|&length| folded.ends_with(&after[..length]));
    ends.extend(repeated.map(|length| folded.len() - length));
    if !unit.is_empty() && folded.len() > unit.len() && folded.ends_with(unit) {
        ends.push(folded.len() - unit.len());
    }
    // In 1[[0]] the printed digit belongs to another number; 20 before [[19]] is meant to be read together.
    let splits_number = |at: usize| folded[at - 1].is_ascii_digit() && folded[at].is_ascii_digit();
    for &start in &starts {
        for &end in &ends {
            let whole = start == 0 && end == folded.len();
            let splits = start == 1 && splits_number(1) || end < folded.len() && splits_number(end);
            if whole || start >= end || splits || all.len() >= MOST {
                continue;
            }
            let negates = |at: usize| "不非未无没".contains(folded[at]);
            let doubtful = start > 0 && negates(start - 1) || end < folded.len() && negates(folded.len() - 1);
            let text = text.part(folded, start..end);
            all.push(Candidate { text, steps: steps | Steps::PRINTED, doubtful });
        }
    }
}

/// The answer behind a list marker that the question printed and the student repeated.
fn without_marker<'a>(answer: &'a str, printed: &str) -> Option<&'a str> {
    let trimmed = trimmed(answer);
    let first = trimmed.chars().next()?;
    let rest = if matches!(first, '①'..='⑳' | '❶'..='❿' | '⑴'..='⒛' | '㈠'..='㈩') {
        &trimmed[first.len_utf8()..]
    } else {
        let number: String = Text::new(printed).form().iter().filter(|c| c.is_alphanumeric()).collect();
        let open = trimmed.strip_prefix(['(', '（', '[', '【']).unwrap_or(trimmed);
        let opened = open.len() != trimmed.len();
        let digits = open.find(|c: char| !c.is_alphanumeric()).unwrap_or(open.len());
        let written: String = Text::new(&open[..digits]).form().iter().collect();
        let behind = &open[digits..];
        let closed = behind.strip_prefix(if opened {
            &[')', '）', ']', '】'][..]
        } else {
            &['.', '、', ')', '）', '．', ':', '：'][..]
        })?;
        // 1.5 is a number.
        let runs_on = behind.starts_with(['.', ':']) && closed.starts_with(|c: char| c.is_ascii_digit());
        if number.is_empty() || written != number || runs_on {
            return None;
        }
        closed
    };
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '.' | '、' | '．' | ':' | '：'));
    (!rest.is_empty()).then_some(rest)
}
