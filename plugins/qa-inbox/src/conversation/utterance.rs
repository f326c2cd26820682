//! What a follower's text is: a question, or one of the few words that are none.

use crate::similarity::plain;

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Utterance {
    /// Something to answer.
    Question,
    /// A grade for an answer: 1 good, 2 fair, 3 no help.
    Rating(i64),
    /// Asks for answers that wait.
    Fetch,
    /// Needs no answer.
    Courtesy,
    /// A claim word: another tool's business.
    Claim,
}

/// The grades as words to be tapped, from 1 on.
pub const GRADES: [&str; 3] = ["有用", "一般", "没帮上"];

const FETCH: [&str; 7] = ["查", "查询", "查答案", "取答案", "答案", "查一下", "查回复"];
const COURTESY: [&str; 19] = [
    "谢谢",
    "谢谢你",
    "谢谢您",
    "谢谢你们",
    "多谢",
    "感谢",
    "非常感谢",
    "谢谢啦",
    "谢谢老师",
    "谢谢小编",
    "好的",
    "好的谢谢",
    "嗯",
    "嗯嗯",
    "知道了",
    "收到",
    "明白了",
    "ok",
    "thanks",
];

/// What this text is. A grade is one only where it was asked for.
pub fn read(text: &str, is_rating_due: bool) -> Utterance {
    let plain = plain(text);
    match plain.as_str() {
        "1" | "一" if is_rating_due => Utterance::Rating(1),
        "2" | "二" if is_rating_due => Utterance::Rating(2),
        "3" | "三" if is_rating_due => Utterance::Rating(3),
        word if is_rating_due && GRADES.contains(&word) => {
            let place = GRADES.iter().position(|grade| *grade == word).unwrap_or_default();
            Utterance::Rating(place as i64 + 1)
        }
        word if FETCH.contains(&word) => Utterance::Fetch,
        word if COURTESY.contains(&word) => Utterance::Courtesy,
        word if is_claim(word) => Utterance::Claim,
        _ => Utterance::Question,
    }
}

/// One letter and three to five figures, with what may stand before them.
fn is_claim(plain: &str) -> bool {
    let rest =
        ["口令", "本人", "我是", "me"].iter().fold(plain, |rest, start| rest.strip_prefix(start).unwrap_or(rest));
    let figures = rest.strip_prefix(|sign: char| sign.is_ascii_lowercase()).unwrap_or_default();
    (3..=5).contains(&figures.len()) && figures.bytes().all(|sign| sign.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_from_questions() {
        let cases = [
            ("１", true, Utterance::Rating(1)),
            ("3。", true, Utterance::Rating(3)),
            ("1", false, Utterance::Question),
            ("没帮上", true, Utterance::Rating(3)),
            ("没帮上", false, Utterance::Question),
            (" 查！", false, Utterance::Fetch),
            ("谢谢～", true, Utterance::Courtesy),
            ("口令 A073", false, Utterance::Claim),
            ("ａ0738", false, Utterance::Claim),
            ("本人A073", false, Utterance::Claim),
            ("查一下你们几点更新", false, Utterance::Question),
            ("谢谢，那怎么投稿", false, Utterance::Question),
            ("a4纸", false, Utterance::Question),
        ];
        for (text, is_due, expected) in cases {
            assert_eq!(read(text, is_due), expected, "{text}");
        }
    }
}
