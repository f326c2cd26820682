//! An answer as a teacher looks at it, in its place in the question, and what it is given.

use grader::assignment::{Share, fill_placeholders, with_placeholders};
use grader::mark::Reason;

use crate::i18n::Language;
use crate::markdown::{self, References};
use crate::points;

/// Another blank of the question.
const GAP: &str = "<span class=\"queue-gap\">＿＿＿</span>";

/// A question as HTML with one answer in its blank.
pub(in crate::pages) fn in_place(text: &str, position: i64, answer: &str) -> String {
    let short = if answer.chars().count() <= 12 { " is-short" } else { "" };
    let own = format!("<span class=\"queue-answer{short}\">{}</span>", markdown::body_text(answer));
    let text = markdown::to_html(&with_placeholders(text), &References::none());
    fill_placeholders(&text, |number| if number as i64 == position { own.clone() } else { GAP.to_owned() })
}

pub(in crate::pages) fn reason(json: &str, language: Language) -> String {
    serde_json::from_str::<Reason>(json).map(|reason| reason.full_text(language)).unwrap_or_default()
}

/// A share as typed in per cent, above nothing and below all.
pub(in crate::pages) fn per_cent(text: &str) -> Option<Share> {
    let millionths = points::parse(text.trim().trim_end_matches(['%', '％']).trim_end())?;
    let share = millionths / 100;
    (millionths % 100 == 0 && share > 0 && share < 1_000_000).then_some(Share(u32::try_from(share).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_more_than_nothing_and_less_than_all() {
        assert_eq!(per_cent("50"), Some(Share(500_000)));
        assert_eq!(per_cent(" 33.3％"), Some(Share(333_000)));
        for text in ["0", "100", "120", "-5", "halb", ""] {
            assert_eq!(per_cent(text), None, "{text}");
        }
    }
}
