//! A typed, printed or spoken formula as a row of signs: `2×n`, `2*n` and `2乘n` are one row.

use unicode_normalization::UnicodeNormalization;

use super::super::character::{begins_with, is_chinese, is_numeral};
use super::super::numeral;
use super::super::punctuation::ascii_form;
use super::super::script::{lowered, raised};

/// One sign of a formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Number(String),
    /// A letter with its index.
    Symbol(String),
    /// A word that stands for a quantity, or the name of a function.
    Name(String),
    Sign(char),
}

/// Longest text that is read, in characters.
const LONGEST: usize = 120;

/// Words for signs; where one begins with another, the longer one comes first.
const WORDS: &[(&str, char)] = &[
    ("大于或等于", '≥'),
    ("大于等于", '≥'),
    ("小于或等于", '≤'),
    ("小于等于", '≤'),
    ("不小于", '≥'),
    ("不大于", '≤'),
    ("不等于", '≠'),
    ("约等于", '≈'),
    ("大于", '>'),
    ("小于", '<'),
    ("等于", '='),
    ("根号", '√'),
    ("乘以", '*'),
    ("除以", '/'),
    ("加上", '+'),
    ("减去", '-'),
    ("正无穷大", '∞'),
    ("正无穷", '∞'),
    ("无穷大", '∞'),
    ("或者", '或'),
    ("并且", '且'),
    ("垂直于", '⊥'),
    ("平行于", '∥'),
    ("分之", '分'),
];

/// The same for words that may be a part of others: only between signs, numbers and letters.
const SHORT_WORDS: &[(&str, char)] = &[
    ("正负", '±'),
    ("加减", '±'),
    ("垂直", '⊥'),
    ("平行", '∥'),
    ("乘", '*'),
    ("除", '/'),
    ("比", ':'),
    ("加", '+'),
    ("减", '-'),
    ("负", '-'),
    ("或", '或'),
    ("且", '且'),
    ("和", ','),
    ("与", ','),
];

/// What is typed in several characters, or as TeX has it; empty for what only sets apart.
const TYPED: &[(&str, &str)] = &[
    ("\\leq", "≤"),
    ("\\le", "≤"),
    ("\\geq", "≥"),
    ("\\ge", "≥"),
    ("\\neq", "≠"),
    ("\\ne", "≠"),
    ("\\pm", "±"),
    ("\\times", "*"),
    ("\\cdot", "*"),
    ("\\div", "/"),
    ("\\sqrt", "√"),
    ("\\frac", "⁄"),
    ("\\infty", "∞"),
    ("\\pi", "π"),
    ("\\left", ""),
    ("\\right", ""),
    ("+/-", "±"),
    ("+-", "±"),
    ("===", "="),
    ("==", "="),
    ("<=", "≤"),
    (">=", "≥"),
    ("!=", "≠"),
    ("<>", "≠"),
    ("**", "^"),
    ("->", "→"),
];

/// Names of functions, the longer ones first.
pub(super) const FUNCTIONS: &[&str] = &[
    "arcsin", "arccos", "arctan", "sqrt", "sin", "cos", "tan", "cot", "log", "lim", "max", "min", "exp", "det", "ln",
    "lg",
];

/// The signs of a text; `None` if there is something in it that no formula has.
pub(super) fn tokens(text: &str) -> Option<Vec<Token>> {
    let text = plain(text)?;
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < text.len() {
        at += next(&text, at, &mut tokens)?;
    }
    (!tokens.is_empty()).then_some(tokens)
}

/// The signs as a text, without brackets around exponents.
pub(super) fn spelled(tokens: &[Token]) -> String {
    let (mut text, mut within) = (String::new(), false);
    for token in tokens {
        match token {
            Token::Sign('(' | '{') if text.ends_with('^') => within = true,
            Token::Sign(')' | '}') if within => within = false,
            Token::Sign(sign) => text.push(*sign),
            Token::Number(part) | Token::Name(part) | Token::Symbol(part) => text.push_str(part),
        }
    }
    text
}

/// The sign of relation that a text is, or names.
pub(super) fn relation(text: &str) -> Option<char> {
    let text = text.trim();
    let named = WORDS.iter().chain(SHORT_WORDS).find(|(word, _)| *word == text).map(|(_, sign)| *sign);
    let sign = named.or_else(|| match tokens(text)?[..] {
        [Token::Sign(sign)] => Some(sign),
        _ => None,
    });
    sign.filter(|sign| "=<>≤≥≠≈⊥∥".contains(*sign))
}

/// One width, raised and lowered characters behind `^` and `_`, spaces only between digits.
pub(super) fn plain(text: &str) -> Option<Vec<char>> {
    let mut out: Vec<char> = Vec::new();
    let mut script = None;
    let text = text.trim().trim_end_matches(['。', '.', '；', ';', '，']);
    if text.is_empty() || text.chars().nth(LONGEST).is_some() {
        return None;
    }
    for character in text.chars() {
        let (now, inside) = match (raised_letter(character), lowered(character)) {
            (Some(inside), _) => (Some('^'), inside),
            (_, Some(inside)) => (Some('_'), inside),
            _ => (None, character),
        };
        if script != now {
            out.extend(script.map(|_| '}'));
            if let Some(sign) = now {
                out.extend([sign, '{']);
            }
            script = now;
        }
        match inside {
            '½' | '⅓' | '¼' | '⅔' | '¾' => {
                out.push('(');
                out.extend(std::iter::once(inside).nfkc().map(|c| if c == '⁄' { '/' } else { c }));
                out.push(')');
            }
            '±' | '∓' | '≤' | '≥' | '≠' | '→' => out.push(inside),
            '⟶' => out.push('→'),
            '$' => {}
            '′' => out.push('\''),
            '″' | '”' => out.extend(['\'', '\'']),
            '═' => out.push('='),
            '‖' | '∥' => out.push('∥'),
            ' ' | '\u{A0}' | '\u{3000}' => {
                let digit = out.last().is_some_and(char::is_ascii_digit);
                out.extend(digit.then_some(' '));
            }
            _ => match ascii_form(inside) {
                Some(form) => out.extend(form.chars()),
                None => out.extend(std::iter::once(inside).nfkc()),
            },
        }
    }
    out.extend(script.map(|_| '}'));
    Some(out)
}

fn raised_letter(character: char) -> Option<char> {
    let modifier = matches!(character, '\u{1D2C}'..='\u{1D6A}' | '\u{02B0}'..='\u{02B8}');
    if modifier { std::iter::once(character).nfkc().next() } else { raised(character) }
}

/// Takes one sign at `at` and says how many characters it has.
fn next(text: &[char], at: usize, tokens: &mut Vec<Token>) -> Option<usize> {
    let rest = &text[at..];
    let before = at.checked_sub(1).map(|at| text[at]);
    if let Some((sign, length)) = TYPED.iter().find_map(|(word, sign)| Some((sign, begins_with(rest, word)?))) {
        tokens.extend(sign.chars().map(Token::Sign));
        return Some(length);
    }
    match rest[0] {
        // x=2 y=3 are two relations.
        ' ' if rest.get(1).is_some_and(|c| c.is_alphabetic()) && text[..at].contains(&'=') && rest.contains(&'=') => {
            tokens.push(Token::Sign(','));
            Some(1)
        }
        // Between two numbers a space may stand for anything.
        ' ' => (!rest.get(1).is_some_and(char::is_ascii_digit)).then_some(1),
        '0'..='9' => number(rest, tokens),
        // 0x1f is a number of another kind.
        'x' | 'X' if tokens.last() == Some(&Token::Number("0".to_string())) => None,
        // 2x10^5
        'x' | 'X' if before.is_some_and(|c| c.is_ascii_digit()) && rest.get(1).is_some_and(char::is_ascii_digit) => {
            tokens.push(Token::Sign('*'));
            Some(1)
        }
        c if c.is_ascii_alphabetic() => letters(rest, tokens),
        c if is_chinese(c) => chinese(text, at, tokens),
        c if c.is_alphabetic() => {
            tokens.push(Token::Symbol(c.to_string()));
            Some(1)
        }
        // Between parts of a name it is no sign of multiplication.
        '·' if before.is_some_and(is_chinese) || rest.get(1).copied().is_some_and(is_chinese) => None,
        '·' => {
            tokens.push(Token::Sign('*'));
            Some(1)
        }
        '.' if before.is_some_and(|c| c.is_ascii_alphabetic())
            && rest.get(1).is_some_and(char::is_ascii_alphabetic) =>
        {
            tokens.push(Token::Sign('*'));
            Some(1)
        }
        '_' => index(rest, tokens),
        // => is no sign of a formula, or the wrong one.
        '=' if matches!(rest.get(1), Some('<' | '>')) => None,
        c if "+-*/:^!'%|,;()[]{}=<>≤≥≠≈±∓√→⁄∞∥⊥∩∪⊂⊆⊃∈∉°△∠".contains(c) => {
            tokens.push(Token::Sign(if c == ';' { ',' } else { c }));
            Some(1)
        }
        _ => None,
    }
}

fn number(rest: &[char], tokens: &mut Vec<Token>) -> Option<usize> {
    let whole = rest.iter().take_while(|c| c.is_ascii_digit()).count();
    let part = match rest.get(whole) {
        Some('.') => rest[whole + 1..].iter().take_while(|c| c.is_ascii_digit()).count(),
        _ => 0,
    };
    let end = if part > 0 { whole + 1 + part } else { whole };
    // An index: x1, a12; a digit behind a bracket or a power belongs to nothing that is known.
    if let Some(Token::Symbol(symbol)) = tokens.last_mut()
        && part == 0
        && !symbol.contains('_')
        && symbol.chars().all(|c| c.is_ascii_alphabetic())
    {
        symbol.push('_');
        symbol.extend(&rest[..end]);
        return Some(end);
    }
    tokens.push(Token::Number(rest[..end].iter().collect()));
    Some(end)
}

fn letters(rest: &[char], tokens: &mut Vec<Token>) -> Option<usize> {
    let length = rest.iter().take_while(|c| c.is_ascii_alphabetic()).count();
    if let Some(function) = FUNCTIONS.iter().find(|function| begins_with(rest, function).is_some()) {
        tokens.push(Token::Name((*function).to_string()));
        return Some(function.len());
    }
    let run: String = rest[..length].iter().collect();
    if matches!(run.as_str(), "pi" | "Pi") {
        tokens.push(Token::Symbol("π".to_string()));
        return Some(length);
    }
    // Words are no formulas; nlogn is two letters and a function.
    let named = FUNCTIONS.iter().any(|function| run.contains(function));
    let is_word = matches!(run.as_str(), "and" | "or" | "not" | "xor" | "mod") || run.len() > 3 && !named;
    if is_word {
        return None;
    }
    tokens.push(Token::Symbol(rest[0].to_string()));
    Some(1)
}

/// `_1`, `_{n+1}` behind a letter.
fn index(rest: &[char], tokens: &mut [Token]) -> Option<usize> {
    let Some(Token::Symbol(symbol) | Token::Name(symbol)) = tokens.last_mut() else { return None };
    let (inside, length) = match rest.get(1)? {
        '{' => {
            let end = rest.iter().position(|c| *c == '}')?;
            (&rest[2..end], end + 1)
        }
        c if c.is_ascii_alphanumeric() => {
            let digits = rest[1..].iter().take_while(|c| c.is_ascii_digit()).count().max(1);
            (&rest[1..1 + digits], 1 + digits)
        }
        _ => return None,
    };
    symbol.push('_');
    symbol.extend(inside);
    Some(length)
}

fn chinese(text: &[char], at: usize, tokens: &mut Vec<Token>) -> Option<usize> {
    let rest = &text[at..];
    if let Some(length) = power_in_words(text, at, tokens) {
        return Some(length);
    }
    if let Some((sign, length)) = word_for_sign(text, at) {
        tokens.push(Token::Sign(sign));
        return Some(length);
    }
    let before = at.checked_sub(1).map(|at| text[at]);
    if is_numeral(rest[0]) && !before.is_some_and(|c| is_chinese(c) && word_ends(text, at).is_none()) {
        let run = rest.iter().take_while(|&&c| is_numeral(c)).count();
        let (number, end) = numeral::read(rest, 0).or_else(|| numeral::read(&rest[..run], 0))?;
        if rest.get(end).is_none_or(|&c| !is_chinese(c)) || word_for_sign(text, at + end).is_some() || rest[end] == '的'
        {
            let written = number.to_string();
            match written.split_once('/') {
                Some((over, under)) => {
                    let parts = ["(", over, "/", under, ")"];
                    for part in parts {
                        let sign = part.chars().next().filter(|c| !c.is_ascii_digit());
                        tokens.push(sign.map_or_else(|| Token::Number(part.to_string()), Token::Sign));
                    }
                }
                None => tokens.push(Token::Number(written)),
            }
            return Some(end);
        }
    }
    // A word stands for a quantity by itself, as in an equation of accounts.
    if before.is_some_and(|c| c.is_alphanumeric()) {
        return None;
    }
    let length = (1..rest.len()).find(|&end| !is_chinese(rest[end]) || word_for_sign(text, at + end).is_some());
    let length = length.unwrap_or(rest.len());
    if rest.get(length).is_some_and(|c| c.is_alphanumeric() && !is_chinese(*c)) {
        return None;
    }
    tokens.push(Token::Name(rest[..length].iter().collect()));
    Some(length)
}

fn word_ends(text: &[char], at: usize) -> Option<char> {
    (1..=5.min(at))
        .find_map(|back| word_for_sign(text, at - back).filter(|(_, length)| *length == back).map(|(sign, _)| sign))
}

fn word_for_sign(text: &[char], at: usize) -> Option<(char, usize)> {
    let rest = &text[at..];
    let find = |words: &[(&str, char)]| words.iter().find_map(|(word, sign)| Some((*sign, begins_with(rest, word)?)));
    find(WORDS).or_else(|| {
        let (sign, length) = find(SHORT_WORDS)?;
        let alone = |c: Option<&char>| {
            c.is_none_or(|&c| !is_chinese(c) || is_numeral(c) || matches!(c, '负' | '根' | '正' | '方'))
        };
        let before = at.checked_sub(1).and_then(|at| text.get(at));
        let behind = rest.get(length);
        (behind.is_some() && alone(behind) && alone(before)).then_some((sign, length))
    })
}

/// `的平方`, `c平方`, `的10次方`, `的负三次方`, `的n次方`.
fn power_in_words(text: &[char], at: usize, tokens: &mut Vec<Token>) -> Option<usize> {
    let rest = &text[at..];
    let of = usize::from(rest[0] == '的');
    let before = at.checked_sub(1).map(|at| text[at])?;
    let behind = before.is_ascii_alphanumeric() || before == ')' || of == 1;
    for (word, power) in [("平方", "2"), ("立方", "3"), ("二次方", "2"), ("三次方", "3")] {
        if behind && let Some(length) = begins_with(&rest[of..], word) {
            // 5m平方米 is no power, and a root no square.
            if rest.get(of + length).is_some_and(|c| "米厘分千公毫根和差".contains(*c)) {
                return None;
            }
            tokens.extend([Token::Sign('^'), Token::Number(power.to_string())]);
            return Some(of + length);
        }
    }
    if of == 0 {
        return None;
    }
    let negative = usize::from(matches!(rest.get(1)?, '-' | '负'));
    let (power, end) = match *rest.get(1 + negative)? {
        letter if letter.is_ascii_alphabetic() => (Token::Symbol(letter.to_string()), 2 + negative),
        _ => numeral::read(rest, 1 + negative).map(|(number, end)| (Token::Number(number.to_string()), end))?,
    };
    let length = begins_with(&rest[end..], "次方")?;
    tokens.push(Token::Sign('^'));
    tokens.extend((negative > 0).then_some(Token::Sign('-')));
    tokens.push(power);
    Some(end + length)
}
