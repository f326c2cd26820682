//! The kinds of exercises that headings such as `一、填空题（每空2分）` announce.

use super::characters::{trim, width};
use super::headings::{bare, numbered};

/// How the questions of a kind are answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answering {
    /// With words for the blanks.
    Blanks,
    /// With the letters of choices.
    Choice,
    /// With right or wrong.
    Judgement,
    /// With a text or a piece of work.
    Written,
    /// In a way that an assignment has no form for, such as drawing lines between two columns.
    Other,
}

/// A kind of exercise under the name that the book gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    pub name: String,
    pub answering: Answering,
}

/// Names without 题 at their end, and whether they announce exercises without it too: some are words of any text.
const NAMES: [(&str, Answering, bool); 43] = {
    use Answering::{Blanks, Choice, Judgement, Written};
    [
        ("填空", Blanks, true),
        ("选词填空", Blanks, true),
        ("选择填空", Choice, true),
        ("选择", Choice, false),
        ("单选", Choice, false),
        ("多选", Choice, false),
        ("单项选择", Choice, true),
        ("多项选择", Choice, true),
        ("不定项选择", Choice, true),
        ("判断", Judgement, true),
        ("判断正误", Judgement, true),
        ("判断对错", Judgement, true),
        ("是非", Judgement, false),
        ("名词解释", Written, true),
        ("术语解释", Written, true),
        ("概念解释", Written, true),
        ("解释概念", Written, true),
        ("解释名词", Written, true),
        ("简答", Written, true),
        ("简述", Written, false),
        ("论述", Written, false),
        ("问答", Written, false),
        ("思考", Written, false),
        ("讨论", Written, false),
        ("辨析", Written, false),
        ("分析", Written, false),
        ("案例", Written, false),
        ("案例分析", Written, false),
        ("材料", Written, false),
        ("材料分析", Written, false),
        ("计算", Written, false),
        ("证明", Written, false),
        ("应用", Written, false),
        ("综合", Written, false),
        ("综合应用", Written, false),
        ("操作", Written, false),
        ("实践", Written, false),
        ("实训", Written, false),
        ("实验", Written, false),
        ("上机", Written, false),
        ("编程", Written, false),
        ("设计", Written, false),
        ("写作", Written, false),
    ]
};

/// Words that end with 题 and are no kinds of exercises.
const NO_KINDS: [&str; 8] = ["问题", "主题", "课题", "话题", "标题", "难题", "专题", "议题"];

/// The kind of exercise that the line announces.
pub(super) fn announced(line: &str) -> Option<Kind> {
    let line = trim(line);
    if width(line) > 72 {
        return None;
    }
    let plain = bare(line.trim_matches(['【', '】', '[', ']']));
    let name = plain.split(['(', '（', '。', ':', '：', ',', '，']).next().unwrap_or_default();
    let counted = || numbered(line).is_some() || line.starts_with(['【', '[']);
    let kind = |answering| Some(Kind { name: name.to_owned(), answering });
    let stem = name.strip_suffix('题');
    if let Some((_, answering, alone)) = NAMES.iter().find(|(known, ..)| stem.unwrap_or(name) == *known) {
        return if stem.is_some() || *alone || counted() && name.len() < plain.len() { kind(*answering) } else { None };
    }
    let length = name.chars().count();
    if stem.is_some() && (3..=7).contains(&length) && !NO_KINDS.iter().any(|word| name.ends_with(word)) && counted() {
        return kind(Answering::Other);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_known_by_their_names() {
        for (line, name, answering) in [
            ("一、填空题（每空2分，共20分）", "填空题", Answering::Blanks),
            ("（二）单项选择题", "单项选择题", Answering::Choice),
            ("【判断题】", "判断题", Answering::Judgement),
            ("名词解释", "名词解释", Answering::Written),
            ("四、上机题", "上机题", Answering::Written),
            ("五、连线题", "连线题", Answering::Other),
        ] {
            assert_eq!(announced(line), Some(Kind { name: name.to_owned(), answering }), "{line}");
        }
        for line in ["2.填空题的做法很多", "思考", "3.今天的话题", "讨论"] {
            assert_eq!(announced(line), None, "{line}");
        }
    }
}
