//! Headings: the printed number, the kind of section, and ids that survive edits of the text.

use super::model::SectionKind;

/// The id of a numbered section in its chapter's page: `3.1.1` is at `s3-1-1`.
pub fn section_anchor(number: &str) -> String {
    format!("s{}", number.replace('.', "-"))
}

/// A heading's printed number (`3.1.1`, or `1` of `1. …`) and its title.
pub(super) fn split_number(heading: &str) -> (Option<&str>, &str) {
    let digits = heading.len() - heading.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
    let number = heading[..digits].trim_end_matches('.');
    let rest = &heading[digits..];
    let separated = rest.starts_with([' ', '\u{3000}', '、', '．']) || heading[..digits].ends_with('.');
    if number.is_empty() || number.starts_with('.') || number.contains("..") || !separated {
        return (None, heading.trim());
    }
    let title = rest.trim_start_matches(['、', '．']).trim();
    if title.is_empty() { (None, heading.trim()) } else { (Some(number), title) }
}

/// What a section of the second level is for, by its title.
pub(super) fn kind(title: &str) -> SectionKind {
    match title.trim().to_lowercase().as_str() {
        "问答" | "questions and answers" => SectionKind::Questions,
        "主要知识点" | "key terms" => SectionKind::Terms,
        "本章小结" | "summary" => SectionKind::Summary,
        _ => SectionKind::Text,
    }
}

/// The id for a heading of this kind. Numbers make it; a heading without one is named by its words.
pub(super) fn anchor(kind: SectionKind, level: u8, number: Option<&str>, title: &str) -> String {
    match (kind, level, number) {
        (SectionKind::Questions, 2, _) => "questions".to_owned(),
        (SectionKind::Terms, 2, _) => "terms".to_owned(),
        (SectionKind::Summary, 2, _) => "summary".to_owned(),
        (SectionKind::Questions, _, Some(number)) => format!("question-{number}"),
        (SectionKind::Summary, _, Some(number)) => format!("summary-{}", number.replace('.', "-")),
        (_, _, Some(number)) if number.contains('.') || level == 2 => section_anchor(number),
        _ => word_anchor("h", title),
    }
}

/// An id made of words: letters and digits of any script stay, the rest becomes `-`.
pub(super) fn word_anchor(prefix: &str, words: &str) -> String {
    let mut anchor = prefix.to_owned();
    for c in words.chars() {
        if c.is_alphanumeric() {
            if anchor == prefix {
                anchor.push('-');
            }
            anchor.extend(c.to_lowercase());
        } else if !anchor.ends_with('-') {
            anchor.push('-');
        }
    }
    anchor.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_split_off() {
        assert_eq!(split_number("3.1 微信平台特点"), (Some("3.1"), "微信平台特点"));
        assert_eq!(split_number("3.1.1　信息"), (Some("3.1.1"), "信息"));
        assert_eq!(split_number("12. 企业能不能开视频号？"), (Some("12"), "企业能不能开视频号？"));
        assert_eq!(split_number("2、服务号"), (Some("2"), "服务号"));
        assert_eq!(split_number("2019年的变化"), (None, "2019年的变化"));
        assert_eq!(split_number("4P理论"), (None, "4P理论"));
        assert_eq!(split_number("3.1"), (None, "3.1"));
        assert_eq!(split_number("微信"), (None, "微信"));
    }

    #[test]
    fn anchors_come_from_numbers() {
        assert_eq!(anchor(SectionKind::Text, 3, Some("3.1.1"), "信息"), "s3-1-1");
        assert_eq!(anchor(SectionKind::Questions, 3, Some("2"), "甲"), "question-2");
        assert_eq!(anchor(SectionKind::Summary, 3, Some("3.1"), "甲"), "summary-3-1");
        assert_eq!(anchor(SectionKind::Text, 4, Some("1"), "漂流瓶 & “瓶”"), "h-漂流瓶-瓶");
        assert_eq!(anchor(SectionKind::Summary, 2, None, "本章小结"), "summary");
    }
}
