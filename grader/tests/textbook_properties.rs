//! Whatever a page is made of: it is read, and every line is somewhere in what was read, or named in a diagnostic.

use grader::Language;
use grader::assignment::parse;
use grader::textbook::{self, Page, read};
use proptest::prelude::*;

/// A word that stands once in a source: characters that no rule knows.
fn word(index: usize) -> String {
    let c = char::from_u32(0x9f50 + index as u32).expect("an ideograph");
    format!("{c}{c}")
}

/// The forms of a line of a textbook; `@` is its word, `#` a number.
const LINES: [&str; 30] = [
    "@是土壤的一部分，它由矿物质和有机质组成，",
    "有人说@，其实不然。",
    "    @分为三类：",
    "#.@",
    "#.@叫作____，又叫____。",
    "#、@有 、 和 三种。",
    "(#)@。",
    "①@②",
    "（　）#.@是对的。",
    "A.@  B.乙",
    "【@】土壤的一种。",
    "第#章 @",
    "第#节 @",
    "2.# @",
    "项目# @",
    "一、@",
    "（二）@",
    "@  #",
    "# ◆@",
    "图2-# @",
    "① @，见下一章。",
    "@……………#",
    "#. @ #. 丙",
    "【答案】@",
    "@？",
    "问：@",
    "@：土壤。",
    "    @              土壤的组成和性质是多种多样的",
    "土壤的组成和性质是多种多样的          @很多很多很多很多",
    "@",
];

/// Lines that open parts; they have no words of their own.
const PARTS: [&str; 16] = [
    "【关键词】",
    "【问答】",
    "【主要知识点】",
    "【本章小结】",
    "【作业】",
    "思考与练习",
    "一、填空题",
    "二、单项选择题（每题2分）",
    "三、判断题",
    "四、名词解释",
    "五、连线题",
    "参考答案",
    "案例",
    "第三章 灌溉",
    "— 12 —",
    "\u{c}",
];

fn source() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        4 => (0..LINES.len(), 1..9usize).prop_map(|(line, number)| (LINES[line].to_owned(), number)),
        1 => (0..PARTS.len()).prop_map(|part| (PARTS[part].to_owned(), 1)),
        1 => Just((String::new(), 1)),
    ];
    prop::collection::vec(line, 0..60).prop_map(|lines| {
        let number = |(index, (line, number)): (usize, (String, usize))| {
            line.replace('@', &word(index)).replace('#', &number.to_string())
        };
        lines.into_iter().enumerate().map(number).collect::<Vec<_>>().join("\n")
    })
}

/// All that a page says.
fn said(page: &Page) -> String {
    serde_json::to_string(page).expect("a page is plain data")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn no_line_is_lost(source in source()) {
        let page = read(&source, Language::Chinese);
        let said = said(&page);
        for index in 0..60 {
            let word = word(index);
            let Some(at) = source.find(&word) else { continue };
            prop_assert!(said.contains(&word), "line {}: {word}\n{source}\n{said}", source[..at].matches('\n').count() + 1);
        }
    }

    #[test]
    fn a_file_made_of_a_page_is_read_back_or_refused(source in source(), cut in 0..2_000usize) {
        let page = read(&source, Language::English);
        let file = textbook::to_assignment_file(&page, None, None, Language::English);
        let cut: String = file.chars().skip(cut % 97).take(cut).collect();
        for text in [file, cut] {
            if let Err(found) = parse(&text, Language::English) {
                prop_assert!(!found.is_empty() && found.iter().all(|found| found.line >= 1 && !found.message.is_empty()));
            }
        }
    }
}
