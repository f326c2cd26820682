//! Spaces and punctuation: one form for Chinese and ASCII marks, and which of them an answer may carry around itself.

use super::character::{Chars, is_chinese, is_numeral};
use super::reason::Steps;

/// The form in which a mark is compared; `None` if it is not a mark.
pub(super) fn ascii_form(character: char) -> Option<&'static str> {
    Some(match character {
        '，' | '、' | '､' | '﹐' | '﹑' => ",",
        '。' | '．' | '｡' | '﹒' => ".",
        '；' | '﹔' => ";",
        '：' | '∶' | '﹕' | '︰' | 'ː' => ":",
        '？' | '﹖' => "?",
        '！' | '﹗' => "!",
        '（' | '﹙' | '⁽' => "(",
        '）' | '﹚' | '⁾' => ")",
        '【' | '〔' | '〖' | '［' => "[",
        '】' | '〕' | '〗' | '］' => "]",
        '｛' => "{",
        '｝' => "}",
        '“' | '”' | '„' | '〝' | '〞' | '＂' | '「' | '」' | '『' | '』' | '｢' | '｣' | '«' | '»' | '″' => {
            "\""
        }
        '‘' | '’' | '‚' | '＇' | '｀' | '´' | '′' | 'ʼ' => "'",
        '《' | '〈' | '︽' => "《",
        '》' | '〉' | '︾' => "》",
        '—' | '–' | '−' | '－' | '‐' | '‑' | '‒' | '―' | '─' | '━' | '﹣' | '➖' | '⁃' => "-",
        '～' | '〜' | '∼' | '˜' | '〰' => "~",
        '·' | '•' | '・' | '‧' | '∙' | '⋅' | '･' | '●' | '▪' | '◦' => "·",
        '…' | '⋯' => "...",
        '／' | '⁄' | '∕' | '÷' => "/",
        '＼' => "\\",
        '×' | '✕' | '✖' | '＊' | '∗' | '✱' => "*",
        '＋' | '﹢' | '➕' => "+",
        '±' => "+-",
        '％' | '﹪' => "%",
        '＄' | '﹩' => "$",
        '￥' | '¥' => "¥",
        '＃' => "#",
        '＆' => "&",
        '＠' => "@",
        '＾' => "^",
        '＿' => "_",
        '｜' | '│' | '∣' => "|",
        '＝' => "=",
        '✓' | '✔' | '☑' | '✅' => "√",
        '✗' | '✘' | '❌' | '╳' => "*",
        '＜' => "<",
        '＞' => ">",
        '≤' | '≦' | '⩽' => "<=",
        '≥' | '≧' | '⩾' => ">=",
        '≠' => "!=",
        '→' | '➔' | '➜' | '⟶' => "->",
        '°' | 'º' | '˚' => "°",
        _ => return None,
    })
}

/// The character that a lone radical stands for, as PDF text sometimes has it (most are folded by Unicode itself).
pub(super) fn radical(character: char) -> Option<char> {
    const PAIRS: &str =
        "⺠民⻄西⻅见⻉贝⻋车⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻬齐⻮齿⻰龙⻳龟";
    let mut pairs = PAIRS.chars();
    while let Some(lone) = pairs.next() {
        let unified = pairs.next()?;
        if lone == character {
            return Some(unified);
        }
    }
    None
}

/// Brings spaces and marks inside the text into one form, then takes off what wraps or ends it.
pub(super) fn tidy(characters: &mut Chars, steps: &mut Steps) {
    space_out(characters, steps);
    let source = std::mem::take(characters);
    let mut at = 0;
    while at < source.len() {
        let mark = source[at];
        let before = characters.last().copied();
        // Only these are written in runs; a run of anything else must not cost its length at every step.
        let runs = matches!(mark, '-' | '~' | '_');
        let run = if runs { source[at..].iter().take_while(|&&other| other == mark).count() } else { 1 };
        let after = source.get(at + 1).copied();
        let beside_chinese = before.is_some_and(is_chinese) || after.is_some_and(is_chinese);
        match mark {
            '"' | '《' | '》' if beside_chinese => steps.set(Steps::PUNCTUATION, true),
            '·' if before.is_some_and(is_chinese) && after.is_some_and(is_chinese) => {
                steps.set(Steps::PUNCTUATION, true)
            }
            '.' if before.is_some_and(is_chinese) && after.is_some_and(is_chinese) => {
                // 马克.吐温 is 马克·吐温; in 三.五 it may be a decimal point.
                if before.is_some_and(is_numeral) && after.is_some_and(is_numeral) {
                    characters.push('.');
                } else {
                    steps.set(Steps::PUNCTUATION, true);
                }
            }
            ';' if beside_chinese => {
                steps.set(Steps::PUNCTUATION, true);
                characters.push(',');
            }
            '-' | '~' if run > 1 && !next_is_ascii_word(&source, at + run, before) => {
                characters.push(mark);
                at += run;
                continue;
            }
            '_' if run > 1 && (beside_chinese || source.get(at + run).copied().is_some_and(is_chinese)) => {
                characters.push(mark);
                at += run;
                continue;
            }
            '^' if is_charge(&source[at + 1..]) => steps.set(Steps::PUNCTUATION, true),
            '-' if joins_words(characters, &source[at + 1..]) => characters.push(' '),
            _ => characters.push(mark),
        }
        at += 1;
    }
    steps.set(Steps::WRAPPING, trim(characters));
}

/// `--` before or between Latin letters belongs to code (`i--`, `--help`) and stays.
fn next_is_ascii_word(source: &[char], next: usize, before: Option<char>) -> bool {
    source.get(next).is_some_and(char::is_ascii_alphabetic) || before.is_some_and(|b| b.is_ascii_alphabetic())
}

/// `^2+` at the end of a formula is the charge of an ion, written `2+` as well.
fn is_charge(after: &[char]) -> bool {
    let digits = after.iter().take_while(|c| c.is_ascii_digit()).count();
    matches!(after[digits..], ['+' | '-'] | ['+' | '-', ')' | ',', ..])
}

/// A hyphen between Latin words (open-source), not a minus between letters (x-y).
fn joins_words(before: &[char], after: &[char]) -> bool {
    let left = before.iter().rev().take_while(|c| c.is_ascii_alphabetic()).count();
    let right = after.iter().take_while(|c| c.is_ascii_alphabetic()).count();
    left > 0 && right > 0 && left + right > 2
}

/// Spaces count only between two Latin words or two numbers, and then as one.
fn space_out(characters: &mut Chars, steps: &mut Steps) {
    if !characters.contains(&' ') {
        return;
    }
    let source = std::mem::take(characters);
    for (at, &character) in source.iter().enumerate() {
        if character != ' ' {
            characters.push(character);
            continue;
        }
        let before = characters.last().copied();
        let after = source[at..].iter().copied().find(|&c| c != ' ');
        let (Some(before), Some(after)) = (before, after) else {
            steps.set(Steps::SPACE, true);
            continue;
        };
        let word = |c: char| c.is_alphanumeric() && !is_chinese(c);
        let same_kind = before.is_ascii_digit() == after.is_ascii_digit();
        if before != ' ' && word(before) && word(after) && same_kind && !groups_thousands(&source, at) {
            characters.push(' ');
        } else {
            steps.set(Steps::SPACE, true);
        }
    }
}

/// `1 000` is one number; `10 20` are two.
fn groups_thousands(source: &[char], at: usize) -> bool {
    let before = source[..at].iter().rev().take_while(|c| c.is_ascii_digit()).count();
    let after = source[at + 1..].iter().take_while(|c| c.is_ascii_digit()).count();
    (1..=3).contains(&before) && after == 3
}

/// Takes off what wraps or ends a text, and says whether there was any. A text of nothing but marks stays.
pub(super) fn trim(characters: &mut Chars) -> bool {
    let original = characters.len();
    let (mut start, mut end) = (0, original);
    loop {
        let inside = &characters[start..end];
        match inside {
            [] => return false,
            // 5! and n!! are factorials.
            [.., '!'] if belongs_to_formula(inside) => break,
            [_, .., before, last] if ends(*before, *last) => end -= 1,
            [before, last] if ends(*before, *last) => end -= 1,
            [first, after, ..] if starts(*first, *after) => start += 1,
            ['\'', .., '\''] if inside.len() > 2 => (start, end) = (start + 1, end - 1),
            [open, .., close] if wraps(*open, *close, inside) => (start, end) = (start + 1, end - 1),
            [only] if end - start < original && ends('.', *only) => return false,
            _ => break,
        }
    }
    characters.truncate(end);
    characters.drain(..start);
    characters.len() != original
}

fn ends(before: char, last: char) -> bool {
    match last {
        '.' | ',' | ';' | ':' | '~' | '·' | '》' | '《' | ' ' => true,
        '!' | '?' => !(before.is_ascii_alphanumeric() || before == ')') || before == '!' || before == '?',
        '"' => !before.is_ascii_digit(),
        '-' | '_' => is_chinese(before),
        _ => false,
    }
}

fn starts(first: char, after: char) -> bool {
    match first {
        // !a and != are code.
        '!' => !(after.is_ascii_alphanumeric() || matches!(after, '=' | '(')),
        ',' | ';' | ':' | '?' | '·' | '"' | '《' | '》' | ' ' => true,
        '.' => !after.is_ascii_alphanumeric(),
        '-' | '~' | '*' => is_chinese(after) && !is_numeral(after),
        '_' => is_chinese(after),
        _ => false,
    }
}

/// Whether the exclamation marks at the end follow a number or a letter.
fn belongs_to_formula(text: &[char]) -> bool {
    let before = text.iter().rev().find(|c| **c != '!');
    before.is_some_and(|c| c.is_ascii_alphanumeric() || *c == ')')
}

/// Whether a key is a literal of a program: Latin text in plain quotation marks, which then belong to it (“订阅号” is merely quoted).
pub(super) fn is_literal(raw: &str) -> bool {
    let quoted = ['"', '\''].iter().any(|quote| {
        let inside = raw.strip_prefix(*quote).and_then(|rest| rest.strip_suffix(*quote));
        inside.is_some_and(|inside| !inside.is_empty() && !inside.contains(*quote))
    });
    quoted && raw.is_ascii()
}

/// Whether a literal stands in an answer, with whichever marks the keyboard had for plain ones.
pub(super) fn holds_literal(answer: &str, literal: &str) -> bool {
    let plain = |c: char| match ascii_form(c) {
        Some("\"") => '"',
        Some("'") => '\'',
        _ => c,
    };
    answer.chars().map(plain).collect::<String>().contains(literal)
}

fn wraps(open: char, close: char, inside: &[char]) -> bool {
    let content = &inside[1..inside.len() - 1];
    if content.is_empty() {
        return false;
    }
    match (open, close) {
        // (1,2) and [1,2] are intervals or pairs.
        ('(', ')') => {
            balanced(content, '(', ')') && (!content.contains(&',') || content.iter().copied().any(is_chinese))
        }
        ('[', ']') => balanced(content, '[', ']') && content.iter().copied().any(is_chinese),
        ('{', '}') => balanced(content, '{', '}') && content.iter().copied().any(is_chinese),
        _ => false,
    }
}

/// Whether no bracket of the content closes one outside of it, as in `(a)(b)`.
fn balanced(content: &[char], open: char, close: char) -> bool {
    let mut depth = 0_i32;
    content.iter().all(|&c| {
        depth += i32::from(c == open) - i32::from(c == close);
        depth >= 0
    }) && depth == 0
}
