//! Headings of a printed chapter: the chapter's own, numbered sections in the usual schemes, and the named parts.

use std::sync::LazyLock;

use regex::Regex;

use super::characters::{
    divides_clauses, ends_sentence, is_han, is_invisible, is_ornament, is_space, title, trim, width, without_spaces,
};

/// A part of a chapter that its name makes known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Keywords,
    QuestionsAndAnswers,
    KeyTerms,
    Summary,
    Exercises,
    /// The keys of the exercises, printed at the end.
    Keys,
    /// A part that ends another one and is kept as a section: a case, further reading, aims.
    Other,
}

/// The scheme of a heading's number. Later ones stand below earlier ones when a book mixes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Scheme {
    /// `第一节`, `任务一`.
    Named,
    /// `3.1`, with the count of its numbers.
    Decimal(u8),
    /// `一、`
    Chinese,
    /// `（一）`
    BracketedChinese,
    /// `1.`
    Arabic,
}

/// A numbered heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Heading {
    pub scheme: Scheme,
    /// As printed, without what divides it from the title: `3.1.1`, `第一节`, `一`, `（一）`, `1`.
    pub number: String,
    pub title: String,
}

static CHAPTER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:第[\s　◆◇■□●]*([0-9０-９]+|[一二三四五六七八九十百]+)[\s　]*[章篇讲课]|(?:单元|模块|项目|专题|Unit|Chapter)[\s　]*([0-9]+|[一二三四五六七八九十]+)(?:[\s　:：]|$))(.*)$",
    )
});
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(第[\s　]*(?:[0-9０-９]+|[一二三四五六七八九十]+)[\s　]*节|(?:任务|学习任务|活动|主题)[\s　]*(?:[0-9]+(?:[.．][0-9]+)?|[一二三四五六七八九十]+))[\s　:：、]*(.*)$",
    )
});
static DECIMAL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^§?[\s　]*([0-9０-９]{1,2}(?:[.．][0-9０-９]{1,2}){1,3})(节?)[.．、]?([\s　]*)(\D.*)$"));
static CHINESE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^([一二三四五六七八九十]{1,3})[\s　]*[、.．][\s　]*(.+)$"));
static BRACKETED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^([(（][\s　]*[一二三四五六七八九十]{1,3}[\s　]*[)）])[\s　、.]*(.+)$"));
static ARABIC: LazyLock<Regex> = LazyLock::new(|| pattern(r"^([0-9０-９]{1,2})[\s　]*[.．、][\s　]*(\D.*)$"));
static LIST_ITEM: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^([(（][\s　]*[0-9０-９]{1,2}[\s　]*[)）]|[0-9]{1,2}[)）]|[\u{2460}-\u{249b}\u{2776}-\u{2793}\u{3220}-\u{3229}])[\s　]*(.*)$",
    )
});

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is a constant that tests use")
}

/// The chapter heading on this line: its number, and its title if the line has one.
pub(super) fn chapter(line: &str) -> Option<(String, String)> {
    let line = trim(line);
    if width(line) > 70 {
        return None;
    }
    let found = CHAPTER.captures(line)?;
    let number = without_spaces(found.get(1).or(found.get(2))?.as_str());
    let mut rest: String =
        trim(&found[3]).trim_start_matches(|c| is_space(c) || is_ornament(c) || matches!(c, ':' | '：')).to_owned();
    // The decoration of the page: "chapter 3" beside 第3章.
    let lower = rest.to_lowercase();
    if let Some(at) = lower.find("chapter")
        && rest.is_char_boundary(at)
        && lower.len() == rest.len()
    {
        rest.truncate(at);
    }
    let clause = rest.chars().any(|c| ends_sentence(c) || matches!(c, '，' | ',' | '；' | ';'))
        || rest.starts_with(['的', '中', '已', '将', '所']);
    (!clause).then(|| (number, title(&rest)))
}

/// The words of a chapter heading that name its number, such as `第3章` or `模块三`.
pub(super) fn chapter_words(line: &str) -> Option<String> {
    let line = trim(line);
    let found = CHAPTER.captures(line)?;
    Some(without_spaces(&line[..found.get(3)?.start()]).trim_end_matches([':', '：']).to_owned())
}

/// The numbered heading on this line, judged by its form alone.
pub(super) fn numbered(line: &str) -> Option<Heading> {
    let line = trim(line);
    if width(line) > 72 {
        return None;
    }
    let heading = |scheme, number: &str, rest: &str| {
        let rest = trim(rest);
        let sentence = rest.chars().any(|c| ends_sentence(c) && !matches!(c, '？' | '?' | '！' | '!' | '…'))
            || rest.ends_with(divides_clauses);
        (!sentence && !rest.is_empty()).then(|| Heading { scheme, number: without_spaces(number), title: title(rest) })
    };
    if let Some(found) = NAMED.captures(line) {
        return heading(Scheme::Named, &found[1], &found[2]);
    }
    if let Some(found) = DECIMAL.captures(line) {
        let number: String = found[1].chars().map(super::characters::fold).collect();
        let parts = number.matches('.').count() as u8 + 1;
        // "2.5万元" is no heading.
        let quantity = found[3].is_empty()
            && found[2].is_empty()
            && found[4].starts_with(|c| "万亿元倍个米千公%％~～版年月米吨克斤以".contains(c));
        return if quantity { None } else { heading(Scheme::Decimal(parts), &number, &found[4]) };
    }
    if let Some(found) = CHINESE.captures(line) {
        return heading(Scheme::Chinese, &found[1], &found[2]);
    }
    if let Some(found) = BRACKETED.captures(line) {
        return heading(Scheme::BracketedChinese, &found[1], &found[2]);
    }
    let found = ARABIC.captures(line)?;
    heading(Scheme::Arabic, &found[1], &found[2])
}

/// An entry on this line, such as `3.【等待期】…`: its number and what follows.
pub(super) fn entry(line: &str) -> Option<(String, &str)> {
    let found = ARABIC.captures(trim(line))?;
    Some((found[1].to_owned(), found.get(2)?.as_str()))
}

/// Whether the line begins with the number of a heading or of an item.
pub(super) fn is_numbered(line: &str) -> bool {
    let line = trim(line);
    chapter(line).is_some() || numbered(line).is_some() || item(line).is_some()
}

/// A list item on this line: its marker and what follows.
pub(super) fn item(line: &str) -> Option<(&str, &str)> {
    let found = LIST_ITEM.captures(trim(line))?;
    Some((found.get(1)?.as_str(), found.get(2)?.as_str()))
}

/// The named part that this line opens, and what follows its name on the line.
pub(super) fn part(line: &str) -> Option<(Part, String)> {
    let line = trim(line);
    let bracketed = line.strip_prefix(['【', '〖', '［', '[', '〔']).and_then(|rest| {
        let end = rest.find(['】', '〗', '］', ']', '〕'])?;
        let close = rest[end..].chars().next()?;
        Some((&rest[..end], &rest[end + close.len_utf8()..]))
    });
    if let Some((name, rest)) = bracketed {
        return Some((named_part(&without_spaces(name))?, trim(rest).to_owned()));
    }
    if width(line) <= 40
        && let Some(part) = named_part(&bare(line))
    {
        return Some((part, String::new()));
    }
    let (name, rest) = line.split_once([':', '：'])?;
    let name = bare(name);
    let keywords = matches!(name.as_str(), "关键词" | "关键字" | "本章关键词");
    (keywords && !rest.is_empty()).then(|| (Part::Keywords, trim(rest).to_owned()))
}

/// The line without spaces, ornaments, a section's number before it and a colon behind it.
pub(super) fn bare(line: &str) -> String {
    let plain: String = line
        .chars()
        .filter(|c| !is_space(*c) && !is_invisible(*c) && (!is_ornament(*c) || matches!(c, '-' | '—')))
        .collect();
    let unnumbered = match numbered(&plain) {
        Some(heading) => heading.title,
        None => plain,
    };
    unnumbered.trim_end_matches([':', '：', '-', '—']).trim_start_matches(['-', '—']).to_owned()
}

fn named_part(name: &str) -> Option<Part> {
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c));
    Some(match name {
        "关键词" | "关键字" | "本章关键词" => Part::Keywords,
        "问答" | "问与答" | "本章问答" | "问题解答" | "答疑" | "常见问题" | "疑难解答" | "问答题解" | "常见问答" => {
            Part::QuestionsAndAnswers
        }
        "主要知识点" | "知识点" | "本章知识点" | "关键术语" | "关键概念" | "核心概念" | "重要概念" | "基本概念"
        | "重要术语" | "本章术语" | "主要概念" | "术语" | "知识要点" | "重点概念" | "术语表" => {
            Part::KeyTerms
        }
        "本章小结" | "小结" | "本章总结" | "总结" | "本章要点" | "内容小结" | "本节小结" | "单元小结" | "项目小结"
        | "要点回顾" | "本章回顾" | "知识小结" | "本讲小结" | "内容提要" | "本章提要" => {
            Part::Summary
        }
        "作业" | "习题" | "练习" | "练习题" | "思考题" | "复习题" | "思考与练习" | "复习思考题" | "课后习题"
        | "课后作业" | "课后练习" | "本章习题" | "本章作业" | "自测题" | "练习与思考" | "同步练习" | "巩固练习"
        | "思考练习题" | "章末习题" | "思考与习题" | "复习与思考" | "习题与思考" | "思考与作业" | "课后思考"
        | "本章练习" | "单元练习" | "自我检测" | "自测练习" | "课堂练习" | "综合练习" | "思考与复习" | "复习与练习"
        | "练习与作业" | "本章思考题" | "课后思考题" | "课后自测" | "同步训练" | "习题与练习" | "章节练习"
        | "能力训练" | "复习思考" | "综合训练" => Part::Exercises,
        "参考答案" | "答案" | "习题答案" | "作业答案" | "练习答案" | "部分习题答案" | "习题参考答案" => {
            Part::Keys
        }
        "学习目标" | "教学目标" | "学习要点" | "本章导读" | "案例导入" | "引例" | "导入案例" | "案例" | "案例分析"
        | "拓展阅读" | "阅读材料" | "参考文献" | "推荐阅读" | "学习目的" | "本章重点" | "知识目标" | "能力目标"
        | "知识拓展" | "延伸阅读" | "导读" | "开篇案例" => Part::Other,
        _ => return None,
    })
}

/// Whether the line could be a title: short, words only.
pub(super) fn is_title(line: &str) -> bool {
    let plain = title(line);
    (1..=30).contains(&plain.chars().count())
        && plain.chars().any(|c| is_han(c) || c.is_alphabetic())
        && !plain.chars().any(|c| ends_sentence(c) && !matches!(c, '？' | '！' | '?' | '!' | '…'))
        && !plain.ends_with(divides_clauses)
        && !plain.contains(['_', '[', '{', '【'])
        && part(line).is_none()
        && !is_numbered(line)
}

/// Whether the line is the caption of a figure or table.
pub(super) fn is_caption(line: &str) -> bool {
    let Some(rest) = line.strip_prefix(['图', '表']) else { return false };
    let rest = rest.trim_start_matches(is_space);
    let number = rest.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '．' | '－')).count();
    let behind: Vec<char> = rest.chars().skip(number).collect();
    number >= 1
        && behind.first().is_some_and(|c| is_space(*c) || is_han(*c))
        && behind.len() <= 30
        && !behind.iter().any(|c| ends_sentence(*c) || divides_clauses(*c))
        && !matches!(behind.first(), Some('所' | '是' | '为' | '中' | '列' | '给'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chapter_headings() {
        assert_eq!(chapter("   第2章              chapter2"), Some(("2".into(), String::new())));
        assert_eq!(chapter("第 三 章　土 壤"), Some(("三".into(), "土壤".into())));
        assert_eq!(chapter("第三章　土 壤 与 肥 料"), Some(("三".into(), "土壤与肥料".into())));
        assert_eq!(chapter("项目二 认识肥料"), Some(("二".into(), "认识肥料".into())));
        assert_eq!(chapter_words("项目 二　认识肥料").as_deref(), Some("项目二"));
        assert_eq!(chapter_words("第 三 讲：土壤").as_deref(), Some("第三讲"));
        assert_eq!(chapter("第2章已经讲过,土壤由四部分组成。"), None);
    }

    #[test]
    fn numbered_headings_in_each_scheme() {
        for (line, scheme, number, title) in [
            ("2.1　土壤的组成", Scheme::Decimal(2), "2.1", "土壤的组成"),
            ("2.1.3 土 壤 水 分", Scheme::Decimal(3), "2.1.3", "土壤水分"),
            ("第一节　土壤", Scheme::Named, "第一节", "土壤"),
            ("任务二 取土样", Scheme::Named, "任务二", "取土样"),
            ("一、矿物质", Scheme::Chinese, "一", "矿物质"),
            ("（二） 有机质", Scheme::BracketedChinese, "（二）", "有机质"),
            ("3．水分", Scheme::Arabic, "3", "水分"),
        ] {
            let found = numbered(line).unwrap();
            assert_eq!((found.scheme, found.number.as_str(), found.title.as_str()), (scheme, number, title), "{line}");
        }
        for line in ["2.5万元的投入", "3.5 ", "土壤", "2.1 土壤是疏松的表层。它由四部分组成", "2019年的产量"]
        {
            assert_eq!(numbered(line), None, "{line}");
        }
    }

    #[test]
    fn named_parts_with_and_without_brackets() {
        for (line, expected) in [
            ("【关键词】 土壤、肥料", Part::Keywords),
            ("关键词：土壤；肥料", Part::Keywords),
            ("【作业】", Part::Exercises),
            ("习 题 三", Part::Exercises),
            ("◆ 思考与练习", Part::Exercises),
            ("七、本章小结", Part::Summary),
            ("第四节　小结", Part::Summary),
            ("〔主要知识点〕", Part::KeyTerms),
            ("参考答案", Part::Keys),
        ] {
            assert_eq!(part(line).map(|(part, _)| part), Some(expected), "{line}");
        }
        assert_eq!(part("做完作业再看答案。"), None);
    }
}
