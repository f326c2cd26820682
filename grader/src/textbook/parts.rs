//! The parts of a chapter around its exercises, out of the blocks that its lines make.

use super::blocks::{Block, BlockKind, Place};
use super::characters::{is_han, is_space, trim};
use super::page::{KeyTerm, Paragraph, QuestionAndAnswer, Section, SummaryEntry};

fn paragraph(block: &Block) -> Paragraph {
    let marker = match &block.kind {
        BlockKind::Item { marker } => Some(marker.clone()),
        _ => None,
    };
    Paragraph { text: block.text.clone(), marker, line: block.line(), last_line: block.last_line() }
}

fn of(blocks: &[Block], place: Place) -> impl Iterator<Item = &Block> {
    blocks.iter().filter(move |block| block.place == place)
}

/// The chapter's keywords.
pub(super) fn keywords(blocks: &[Block]) -> Vec<String> {
    let text: Vec<&str> = of(blocks, Place::Keywords).map(|block| block.text.as_str()).collect();
    let divided = text.join("、");
    let spaced = !divided.contains(['、', ';', '；', ',', '，']);
    divided
        .split(|c| matches!(c, '、' | ';' | '；' | ',' | '，' | '。' | '|' | '｜') || (spaced && is_space(c)))
        .map(|word| trim(word).to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}

/// The chapter's sections.
pub(super) fn sections(blocks: &[Block]) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for block in of(blocks, Place::Body) {
        if let BlockKind::Heading { level, number, .. } = &block.kind {
            sections.push(Section {
                number: number.clone(),
                title: block.text.clone(),
                level: *level,
                line: block.line(),
                paragraphs: Vec::new(),
            });
            continue;
        }
        if sections.is_empty() {
            sections.push(Section {
                number: None,
                title: String::new(),
                level: 1,
                line: block.line(),
                paragraphs: Vec::new(),
            });
        }
        if let Some(section) = sections.last_mut() {
            section.paragraphs.push(paragraph(block));
        }
    }
    sections
}

/// The chapter's questions and answers.
pub(super) fn questions_and_answers(blocks: &[Block]) -> Vec<QuestionAndAnswer> {
    let mut found: Vec<QuestionAndAnswer> = Vec::new();
    for block in of(blocks, Place::QuestionsAndAnswers) {
        let number = block.text.chars().take_while(char::is_ascii_digit).count();
        let numbered = number > 0 && block.text.chars().nth(number).is_some_and(|c| matches!(c, '.' | '．' | '、'));
        let asked =
            block.text.ends_with(['?', '？']) || block.text.starts_with("问:") || block.text.starts_with("问：");
        let opens = block.kind == BlockKind::Text && (asked || numbered && block.text.chars().count() <= 40);
        if opens {
            let text = if numbered { block.text.chars().skip(number + 1).collect() } else { block.text.clone() };
            let text = text.trim_start_matches("问:").trim_start_matches("问：");
            found.push(QuestionAndAnswer { question: trim(text).to_owned(), answer: Vec::new(), line: block.line() });
        } else {
            let mut answer = paragraph(block);
            for word in ["答:", "答："] {
                answer.text = trim(answer.text.strip_prefix(word).unwrap_or(&answer.text)).to_owned();
            }
            match found.last_mut() {
                Some(last) => last.answer.push(answer),
                // Text before the first question.
                None => {
                    found.push(QuestionAndAnswer { question: String::new(), line: answer.line, answer: vec![answer] })
                }
            }
        }
    }
    found
}

/// The chapter's key terms.
pub(super) fn key_terms(blocks: &[Block]) -> Vec<KeyTerm> {
    let mut terms: Vec<KeyTerm> = Vec::new();
    for block in of(blocks, Place::KeyTerms) {
        let digits = block.text.chars().take_while(char::is_ascii_digit).count();
        let stop = digits > 0 && block.text.chars().nth(digits).is_some_and(|c| matches!(c, '.' | '．' | '、'));
        let text: String = block.text.chars().skip(if stop { digits + 1 } else { 0 }).collect();
        let text = trim(&text);
        let bracketed = text.strip_prefix('【').and_then(|rest| rest.split_once('】'));
        let named = || {
            let at = text.find(['：', ':', '。']).or_else(|| text.find("是指")).or_else(|| text.find('—'))?;
            let rest = text[at..].trim_start_matches([':', '：', '。', '—', '-']);
            let short = text[..at].chars().count() <= 16 && text[..at].chars().any(is_han) && !rest.is_empty();
            short.then_some((&text[..at], rest))
        };
        match bracketed.or_else(named) {
            Some((term, definition)) => {
                terms.push(KeyTerm {
                    term: trim(term).to_owned(),
                    definition: trim(definition).to_owned(),
                    line: block.line(),
                });
            }
            None => match terms.last_mut() {
                Some(last) => last.definition.push_str(text),
                None => terms.push(KeyTerm { term: String::new(), definition: text.to_owned(), line: block.line() }),
            },
        }
    }
    terms
}

/// The chapter's summary.
pub(super) fn summary(blocks: &[Block]) -> Vec<SummaryEntry> {
    let mut entries: Vec<SummaryEntry> = Vec::new();
    for block in of(blocks, Place::Summary) {
        if let BlockKind::Heading { number, .. } = &block.kind {
            entries.push(SummaryEntry { number: number.clone(), title: block.text.clone(), paragraphs: Vec::new() });
            continue;
        }
        if entries.is_empty() {
            entries.push(SummaryEntry { number: None, title: String::new(), paragraphs: Vec::new() });
        }
        if let Some(entry) = entries.last_mut() {
            entry.paragraphs.push(paragraph(block));
        }
    }
    entries
}
