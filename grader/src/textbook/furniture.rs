//! Which lines belong to the page instead of the text: page numbers, running heads and tables of contents.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use regex::Regex;

use super::characters::{
    divides_clauses, ends_sentence, fold, is_han, is_invisible, is_ornament, is_space, trim, without_spaces,
};
use super::headings;
use super::kinds;
use super::lines::{Line, full_width};

/// What remains of the lines, what was dropped, and the titles that running heads name.
pub(super) struct Cleaned {
    pub lines: Vec<Line>,
    pub dropped: Vec<Line>,
    pub head_titles: Vec<String>,
}

/// A line that may be a running head: what it says, and its page number.
struct Head {
    words: String,
    page: u32,
    ornament: bool,
    /// Whether nothing stands between the number and the words.
    glued: bool,
}

static CONTENTS_LINE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^.*[^.．…·•\s].*?(?:[.．·•]{3,}|…{1,}|(?:[.．·•]\s){3,})\s*[(（]?\d{1,4}[)）]?$"));
static CHAPTER_HEAD: LazyLock<Regex> = LazyLock::new(|| pattern(r"^第[\d一二三四五六七八九十百]+[章篇讲课]"));
static PAGE_ONLY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?:第|[pP](?:age|\.)?)?(\d{1,4})(?:页|[/／]\d{1,4}|共\d{1,4}页|页[/／,，]?共\d{1,4}页)?$")
});

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is a constant that tests use")
}

/// Drops what belongs to the page.
pub(super) fn clean(lines: Vec<Line>) -> Cleaned {
    let full = full_width(&lines);
    let mut drop = vec![false; lines.len()];
    let heads: Vec<Option<Head>> = lines.iter().map(head).collect();
    let mut pages_of: HashMap<&str, HashSet<u32>> = HashMap::new();
    for head in heads.iter().flatten() {
        pages_of.entry(&head.words).or_default().insert(head.page);
    }
    let mut head_titles = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if is_page_number(&lines, at) {
            drop[at] = true;
        } else if let Some(head) = &heads[at] {
            let year = (1900..=2100).contains(&head.page);
            let pages = pages_of[head.words.as_str()].len();
            let repeated = pages > if head.glued { 2 } else { 1 };
            let apart =
                line.page_break || line.blank_before > 1 || lines.get(at + 1).is_some_and(|next| next.blank_before > 1);
            let named = CHAPTER_HEAD.is_match(&head.words) || head.words.contains('版') || head.words.contains('《');
            let cuts = interrupts(&lines, &drop, at, full) && (apart || named);
            if head.glued && !repeated {
                continue;
            }
            if repeated
                || cuts
                || (line.page_break && !year)
                || (head.ornament && !year)
                || (named && CHAPTER_HEAD.is_match(&head.words))
            {
                drop[at] = true;
                head_titles.push(head.words.clone());
            }
        }
    }
    drop_repeated(&lines, &mut drop, full, &head_titles);
    drop_contents(&lines, &mut drop, &heads);
    let (mut kept, mut dropped) = (Vec::new(), Vec::new());
    for (line, drop) in lines.into_iter().zip(drop) {
        if drop { dropped.push(line) } else { kept.push(line) }
    }
    Cleaned { lines: kept, dropped, head_titles }
}

/// Whether the line is a page number and nothing else.
fn is_page_number(lines: &[Line], at: usize) -> bool {
    let trimmed = lines[at].trimmed();
    if trimmed.chars().count() > 24 {
        return false;
    }
    let ornaments = trimmed.chars().any(|c| is_ornament(c) || matches!(c, '[' | ']' | '(' | ')' | '第' | '页' | '/'));
    let core: String =
        trimmed.chars().filter(|c| !is_space(*c) && !is_invisible(*c) && !is_ornament(*c)).map(fold).collect();
    let core = core.trim_matches(['[', ']', '〔', '〕', '<', '>']);
    if !PAGE_ONLY.is_match(core) {
        return false;
    }
    // A column of a table is made of such lines too.
    let cell = |line: Option<&Line>| {
        line.is_some_and(|line| line.width() <= 8 && trim(&line.text).chars().any(|c| c.is_ascii_digit()))
    };
    ornaments || !(at > 0 && cell(lines.get(at - 1)) || cell(lines.get(at + 1)))
}

/// The line as a running head, if it has a number at one end, apart from words without a clause.
fn head(line: &Line) -> Option<Head> {
    let trimmed = line.trimmed();
    if trimmed.chars().count() > 48 {
        return None;
    }
    // Ornaments frame the line: "书名 · 12 ·".
    let framed = trimmed.trim_matches(|c| is_space(c) || is_ornament(c));
    let frame = framed.len() < trimmed.len();
    let characters: Vec<char> = framed.chars().map(fold_digit).collect();
    let apart = |c: Option<&char>| {
        c.is_some_and(|c| is_space(*c) || (is_ornament(*c) && !matches!(c, '-' | '~' | '～' | '－')))
    };
    let leading = characters.iter().take_while(|c| c.is_ascii_digit()).count();
    let trailing = characters.iter().rev().take_while(|c| c.is_ascii_digit()).count();
    let from = characters.len() - trailing;
    let (digits, rest, glued) =
        if (1..=4).contains(&leading) && leading < characters.len() && apart(characters.get(leading)) {
            (&characters[..leading], &characters[leading..], false)
        } else if (1..=4).contains(&trailing) && from > 0 && apart(characters.get(from - 1)) {
            (&characters[from..], &characters[..from], false)
        } else if (1..=4).contains(&leading) && characters.get(leading).is_some_and(|c| is_han(*c)) {
            (&characters[..leading], &characters[leading..], true)
        } else if (1..=4).contains(&trailing) && from > 0 && is_han(characters[from - 1]) {
            (&characters[from..], &characters[..from], true)
        } else {
            return None;
        };
    let ornament = frame && !glued
        || rest.iter().any(|c| is_ornament(*c) && !matches!(c, '-' | '—' | '–' | '－' | '~' | '～' | '*' | '#'));
    let words: String = rest.iter().filter(|c| !is_space(**c) && !is_ornament(**c) && !is_invisible(**c)).collect();
    let plain = !words.is_empty()
        && words.chars().any(|c| is_han(c) || c.is_alphabetic())
        && !words.chars().any(|c| ends_sentence(c) || (divides_clauses(c) && c != '、') || matches!(c, '_' | '＿'))
        && words.chars().count() <= 30;
    plain.then(|| Head { words, page: digits.iter().collect::<String>().parse().unwrap_or(0), ornament, glued })
}

fn fold_digit(c: char) -> char {
    if ('０'..='９').contains(&c) { fold(c) } else { c }
}

/// Whether the line stands in the middle of a sentence.
fn interrupts(lines: &[Line], drop: &[bool], at: usize, full: usize) -> bool {
    let kept = |other: &usize| !drop[*other];
    let Some(before) = (at.saturating_sub(3)..at).rev().find(kept).map(|other| &lines[other]) else { return false };
    let Some(after) = (at + 1..lines.len().min(at + 4)).find(kept).map(|other| &lines[other]) else { return false };
    lines[at].width() * 4 < full * 3
        && !before.is_complete()
        && before.width() * 5 >= full * 4
        && !headings::is_numbered(after.trimmed())
}

/// Drops running heads whose page number stands elsewhere: lines that come back where a page ends.
fn drop_repeated(lines: &[Line], drop: &mut [bool], full: usize, head_titles: &[String]) {
    let key = |line: &Line| -> Option<String> {
        let trimmed = line.trimmed();
        if trimmed.chars().count() > 60 {
            return None;
        }
        let key: String = trimmed.chars().filter(|c| !is_space(*c) && !is_ornament(*c) && !is_invisible(*c)).collect();
        let plain = (2..=30).contains(&key.chars().count())
            && !key.chars().any(|c| ends_sentence(c) || divides_clauses(c) || matches!(c, '_' | '①'..='⑳'))
            && headings::part(trimmed).is_none()
            && kinds::announced(trimmed).is_none();
        plain.then_some(key)
    };
    let keys: Vec<Option<String>> = lines.iter().map(key).collect();
    let mut count: HashMap<&str, usize> = HashMap::new();
    for key in keys.iter().flatten() {
        *count.entry(key).or_default() += 1;
    }
    let pages = drop.to_vec();
    // What cuts sentences again and again is a running head wherever it stands.
    let mut cutting: HashMap<&str, usize> = HashMap::new();
    for at in (0..lines.len()).filter(|at| !pages[*at]) {
        if let Some(key) = keys[at].as_deref().filter(|key| count[key] > 2)
            && interrupts(lines, &pages, at, full)
        {
            *cutting.entry(key).or_default() += 1;
        }
    }
    let mut seen: HashSet<&str> = HashSet::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(key) = keys[at].as_deref().filter(|_| !pages[at]) else { continue };
        let first = seen.insert(key);
        let beside_page = at > 0 && pages[at - 1] || pages.get(at + 1) == Some(&true);
        let cuts = interrupts(lines, &pages, at, full);
        // A running head may name a section; the section's own heading, and its entry in the contents, are no heads.
        let section = headings::numbered(line.trimmed()).is_some();
        let repeated = count[key] > 1 && (!section || cuts);
        let known = head_titles.iter().any(|title| title == key) && (!section || cuts);
        let chapter_again = !first && CHAPTER_HEAD.is_match(key);
        let named = CHAPTER_HEAD.is_match(key) || key.contains('版') || key.contains('《');
        let running = cutting.get(key).is_some_and(|cuts| *cuts >= 2 && cuts * 3 >= count[key]) && !(first && at < 6);
        if chapter_again
            || running
            || (repeated || known) && !(first && at < 6) && (beside_page || line.page_break || cuts)
            || beside_page && cuts && (named || !section && !headings::is_caption(line.trimmed()))
        {
            drop[at] = true;
        }
    }
}

/// Drops a table of contents: lines with leaders, or at least three headings in a row that end with page numbers or come
/// again.
fn drop_contents(lines: &[Line], drop: &mut [bool], heads: &[Option<Head>]) {
    let keys: Vec<Option<String>> =
        lines.iter().map(|line| (line.width() <= 72).then(|| without_spaces(line.trimmed()))).collect();
    let mut last_of: HashMap<&str, usize> = HashMap::new();
    for (at, key) in keys.iter().enumerate() {
        if let Some(key) = key {
            last_of.insert(key, at);
        }
    }
    let mut in_contents = false;
    let mut run: Vec<usize> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let trimmed = line.trimmed();
        let numbered = heads[at].is_some() && headings::is_numbered(trimmed);
        if CONTENTS_LINE.is_match(trimmed) && !trimmed.contains('_') {
            drop[at] = true;
            in_contents = true;
        } else if matches!(without_spaces(trimmed).to_lowercase().as_str(), "目录" | "contents" | "本章目录" | "目次")
        {
            drop[at] = true;
        }
        let again =
            || keys[at].as_deref().is_some_and(|key| last_of[key] > at) && headings::numbered(trimmed).is_some();
        if numbered || again() {
            run.push(at);
        } else if !drop[at] {
            if run.len() >= 3 || in_contents {
                run.iter().for_each(|at| drop[*at] = true);
            }
            run.clear();
            in_contents = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lines::split;
    use super::*;

    fn cleaned(source: &str) -> Vec<String> {
        clean(split(source)).lines.iter().map(|line| line.trimmed().to_owned()).collect()
    }

    #[test]
    fn running_heads_go_and_figures_stay() {
        let source = "土壤是地球表面能够生长植物的疏松表层,它由矿物质、有机质、水分和空气组成,其中矿物质\n\n\n\
                      12   ◆农业基础（第 3 版）\n\n占了大部分,是植物养分的重要来源,也决定了土壤的质地、结构和许多其他的性质,所以\n\n\
                      第◆2 章　土壤与肥料 13   \n\n要先认识它。\n— 14 —\n共有 3 种,见表2-1。\n第 15 页\n";
        let lines = cleaned(source);
        assert_eq!(lines.len(), 4, "{lines:?}");
        assert!(lines[3].starts_with("共有"));
    }

    #[test]
    fn a_head_that_comes_back_with_other_pages_goes() {
        let source = "第二章 土壤\n正文第一句在这里写完了。\n农业基础 21\n正文第二句在这里写完了。\n22 农业基础\n\n第二章 土壤\n正文第三句。\n";
        assert_eq!(cleaned(source).len(), 4);
    }

    #[test]
    fn a_table_of_contents_goes() {
        let source = "目　录\n2.1 土壤的组成……………12\n2.2 土壤的肥力......15\n2.3 施肥 . . . . . 18\n第二章 土壤\n2.1 土壤的组成\n正文。\n";
        assert_eq!(cleaned(source), ["第二章 土壤", "2.1 土壤的组成", "正文。"]);
    }
}
