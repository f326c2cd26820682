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

pub(super) type Candidates = SmallVec<[Candidate; 2]>;

/// Most of them for one answer.
const MOST: usize = 12;

/// Words that begin an answer without belonging to it.
const OPENINGS: &[&str] = &["答案:", "答:", "答案是:"];

/// All ways to take off what the answer repeats from the page.
pub(super) fn other_candidates(key: &Key, answer: &str, text: &Text) -> Candidates {
    let mut all = Candidates::new();
    if let Some(rest) = key.printed.marker.as_deref().and_then(|marker| without_marker(answer, marker)) {
        let text = Text::new(rest);
        without_printed(key, &text, Steps::MARKER, &mut all);
        all.push(Candidate { text, steps: Steps::MARKER, doubtful: false });
    }
    without_printed(key, text, Steps::default(), &mut all);
    if text.has_number
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
    all
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
    let repeated = (1..=after.len().min(most)).filter(|&length| folded.ends_with(&after[..length]));
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
