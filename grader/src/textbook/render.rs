//! Writes a page for people: its exercises as an assignment file, its text as a draft of a content chapter.

use crate::assignment::{Alternative, Assignment, Comments, Question, Segment, Share, escape_braces, segments, write};
use crate::{Language, message};

use super::SURE;
use super::characters::{is_space, small_number};
use super::page::{Exercise, Page, Paragraph};

/// The exercises as an assignment: sure proposals as unconfirmed keys, the other blanks open. `course` and `chapter` are
/// the addresses that the content has, if they are known.
pub fn assignment(page: &Page, course: Option<&str>, chapter: Option<&str>, language: Language) -> Assignment {
    let questions = page.exercises.iter().map(keyed).collect();
    Assignment {
        course: course.map(str::to_owned),
        chapter: chapter.map(str::to_owned),
        title: title(page, language),
        questions,
    }
}

/// The exercises as an assignment file: sure proposals as unconfirmed keys, the other blanks open with a comment that
/// names what the book suggests and where.
pub fn to_assignment_file(page: &Page, course: Option<&str>, chapter: Option<&str>, language: Language) -> String {
    let comments = Comments {
        top: vec![message::text(language, "textbook-file-top")],
        questions: page.exercises.iter().map(|exercise| comments(exercise, language)).collect(),
    };
    write(&assignment(page, course, chapter, language), &comments)
}

fn title(page: &Page, language: Language) -> String {
    // Books that count in modules or projects name those.
    let words = page.chapter_words.as_deref().filter(|words| !words.ends_with('章'));
    if let Some(words) = words {
        return message::text_with(language, "textbook-file-title-words", &[("words", words)]);
    }
    match (&page.chapter, page.title.as_str()) {
        (Some(chapter), _) => message::text_with(language, "textbook-file-title", &[("chapter", chapter)]),
        (None, "") => message::text(language, "textbook-file-title-bare"),
        (None, title) => message::text_with(language, "textbook-file-title-named", &[("title", title)]),
    }
}

fn keyed(exercise: &Exercise) -> Question {
    let mut question = exercise.question.clone();
    question.text = typeset(&question.text);
    for (index, blank) in question.blanks.iter_mut().enumerate() {
        if let Some(proposal) = exercise.sure(index) {
            blank.key = vec![Alternative { text: Page::typeset(&proposal.answer), share: Share::WHOLE }];
            blank.confirmed = false;
        }
    }
    question
}

/// The question's text with the punctuation of an editor; blanks count as Chinese characters.
fn typeset(text: &str) -> String {
    // Unassigned among the Chinese characters, so that no text has it.
    const BLANK: char = '\u{3fffd}';
    let found = segments(text);
    let mut plain = String::new();
    let mut blanks = Vec::new();
    for segment in &found {
        match segment {
            Segment::Text(words) => plain.push_str(&words.replace(BLANK, "")),
            Segment::Blank(number) => {
                plain.push(BLANK);
                blanks.push(*number);
            }
        }
    }
    let mut blanks = blanks.into_iter();
    let mut typeset = String::new();
    for c in Page::typeset(&plain).chars() {
        match (c, c == BLANK) {
            (_, true) => typeset.push_str(&blanks.next().map_or(String::new(), |number| format!("{{{number}}}"))),
            (c, false) => typeset.push_str(&escape_braces(&c.to_string())),
        }
    }
    typeset
}

fn comments(exercise: &Exercise, language: Language) -> Vec<String> {
    let mut comments: Vec<String> = Vec::new();
    if let Some(answer) = &exercise.printed {
        comments.push(message::text_with(language, "textbook-comment-printed", &[("answer", answer)]));
    }
    for (index, proposals) in exercise.proposals.iter().enumerate() {
        let blank = (index + 1).to_string();
        let Some(best) = proposals.first() else {
            comments.push(message::text_with(language, "textbook-comment-none", &[("blank", &blank)]));
            continue;
        };
        let line = best.source.line.to_string();
        if best.confidence >= SURE {
            let arguments =
                [("blank", blank.as_str()), ("section", best.source.section.as_str()), ("line", line.as_str())];
            comments.push(message::text_with(language, "textbook-comment-sure", &arguments));
            continue;
        }
        for proposal in proposals {
            let per_cent = format!("{:.0}", proposal.confidence * 100.0);
            let line = proposal.source.line.to_string();
            let arguments = [
                ("blank", blank.as_str()),
                ("answer", proposal.answer.as_str()),
                ("percent", per_cent.as_str()),
                ("section", proposal.source.section.as_str()),
                ("line", line.as_str()),
                ("quote", proposal.source.quote.as_str()),
            ];
            comments.push(message::text_with(language, "textbook-comment-unsure", &arguments));
        }
    }
    comments
}

/// The chapter's text as a draft for the course's content: Markdown with front matter, headings, paragraphs, questions and
/// answers, key terms and summary. The parts bear the names that content chapters have.
pub fn chapter_draft(page: &Page) -> String {
    let mut draft = String::from("---\n");
    draft.push_str(&format!("title: {}\n", scalar(&page.title)));
    if let Some(number) = page.chapter.as_deref().and_then(small_number) {
        draft.push_str(&format!("number: {number}\n"));
    }
    if !page.keywords.is_empty() {
        let keywords: Vec<String> = page.keywords.iter().map(|word| scalar(word)).collect();
        draft.push_str(&format!("keywords: [{}]\n", keywords.join(", ")));
    }
    draft.push_str("---\n");
    for section in &page.sections {
        if !section.title.is_empty() {
            heading(&mut draft, usize::from(section.level) + 1, section.number.as_deref(), &section.title);
        }
        paragraphs(&mut draft, &section.paragraphs);
    }
    if !page.questions_and_answers.is_empty() {
        heading(&mut draft, 2, None, "问答");
        for (index, entry) in page.questions_and_answers.iter().enumerate() {
            if !entry.question.is_empty() {
                heading(&mut draft, 3, Some(&format!("{}.", index + 1)), &entry.question);
            }
            paragraphs(&mut draft, &entry.answer);
        }
    }
    if !page.key_terms.is_empty() {
        heading(&mut draft, 2, None, "主要知识点");
        for entry in &page.key_terms {
            let definition = markdown(&entry.definition);
            match entry.term.is_empty() {
                true => draft.push_str(&format!("\n{definition}\n")),
                false => draft.push_str(&format!("\n{}\n: {definition}\n", markdown(&entry.term))),
            }
        }
    }
    if !page.summary.is_empty() {
        heading(&mut draft, 2, None, "本章小结");
        for entry in &page.summary {
            if !entry.title.is_empty() {
                heading(&mut draft, 3, entry.number.as_deref(), &entry.title);
            }
            paragraphs(&mut draft, &entry.paragraphs);
        }
    }
    draft
}

fn heading(draft: &mut String, level: usize, number: Option<&str>, title: &str) {
    let hashes = "#".repeat(level.clamp(2, 6));
    // A bare number would read as the heading's first word.
    let number = number.map(|number| match number.chars().all(|c| c.is_ascii_digit()) {
        true => format!("{number}. "),
        false if number.chars().all(|c| "一二三四五六七八九十".contains(c)) => format!("{number}、"),
        false => format!("{number} "),
    });
    draft.push_str(&format!("\n{hashes} {}{}\n", number.unwrap_or_default(), markdown(title)));
}

fn paragraphs(draft: &mut String, paragraphs: &[Paragraph]) {
    let mut number = 0;
    for paragraph in paragraphs {
        let text = markdown(&paragraph.text);
        if paragraph.marker.is_some() {
            number += 1;
            draft.push_str(if number == 1 { "\n" } else { "" });
            draft.push_str(&format!("{number}. {text}\n"));
        } else {
            number = 0;
            draft.push_str(&format!("\n{text}\n"));
        }
    }
}

/// Plain text as Markdown that shows it, punctuation set.
fn markdown(text: &str) -> String {
    let set = Page::typeset(text);
    let mut markdown = String::with_capacity(set.len());
    for (at, c) in set.chars().enumerate() {
        let special = matches!(c, '\\' | '*' | '_' | '`' | '<' | '[' | ']' | '|')
            || (at == 0 && matches!(c, '#' | '>' | '+' | '-' | '~' | ':' | '='));
        if special {
            markdown.push('\\');
        }
        markdown.push(if is_space(c) { ' ' } else { c });
    }
    // "2019. " at the start of a paragraph is no list.
    let digits = markdown.chars().take_while(char::is_ascii_digit).count();
    if digits > 0 && (markdown[digits..].starts_with(". ") || markdown[digits..].starts_with(") ")) {
        markdown.insert(digits, '\\');
    }
    markdown
}

/// A YAML scalar, quoted where it must be.
fn scalar(value: &str) -> String {
    let plain = value.starts_with(|c: char| c.is_alphabetic())
        && value.chars().all(|c| c.is_alphanumeric() || "-_·、（）《》“”".contains(c))
        && !matches!(
            value.to_lowercase().as_str(),
            "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n"
        );
    if plain {
        return value.to_owned();
    }
    let escaped: String =
        value.chars().filter(|c| !c.is_control()).collect::<String>().replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_set_in_type_around_its_blanks() {
        assert_eq!(typeset("二〇二六年,{1},{2}(占{3}%):见a,b {{x}}"), "二〇二六年，{1}，{2}（占{3}%）：见a,b {{x}}");
    }
}
