//! What is uncertain on a page, said in the reader's language.

use crate::diagnostic::{Diagnostic, Severity};
use crate::{Language, message};

use super::SURE;
use super::gaps::{Gap, Piece};
use super::kinds::Answering;
use super::lines::Line;
use super::page::Proposal;
use super::printed_keys::PrintedKey;
use super::questions::RawQuestion;
use super::settle::Decision;

/// No more than this many are kept.
const MOST: usize = 400;

/// The findings so far.
pub(super) struct Findings {
    language: Language,
    found: Vec<Diagnostic>,
}

impl Findings {
    pub fn new(language: Language) -> Findings {
        Findings { language, found: Vec::new() }
    }

    /// In the order of the source.
    pub fn into_diagnostics(mut self) -> Vec<Diagnostic> {
        self.found.sort_by_key(|finding| (finding.line, finding.column));
        self.found
    }

    /// Adds a finding whose message is `textbook-CODE` and whose help is `textbook-CODE-help`.
    fn add(
        &mut self,
        severity: Severity,
        code: &'static str,
        place: (usize, usize),
        arguments: &[(&'static str, &str)],
    ) {
        if self.found.len() >= MOST {
            return;
        }
        let id = format!("textbook-{code}");
        self.found.push(Diagnostic {
            severity,
            code,
            message: message::text_with(self.language, &id, arguments),
            line: place.0.max(1),
            column: place.1.max(1),
            width: 1,
            help: Some(message::text_with(self.language, &format!("{id}-help"), arguments)),
        });
    }

    pub fn no_title(&mut self) {
        self.add(Severity::Warning, "no-title", (1, 1), &[]);
    }

    pub fn no_exercises(&mut self) {
        self.add(Severity::Warning, "no-exercises", (1, 1), &[]);
    }

    /// Names the lines that were taken for page numbers and running heads.
    pub fn dropped(&mut self, lines: &[Line]) {
        let Some(first) = lines.first() else { return };
        let mut numbers: Vec<String> = lines.iter().take(20).map(|line| line.number.to_string()).collect();
        if lines.len() > numbers.len() {
            numbers.push("…".to_owned());
        }
        let arguments = [("count", lines.len().to_string()), ("lines", numbers.join(self.divider()))];
        let arguments = [("count", arguments[0].1.as_str()), ("lines", arguments[1].1.as_str())];
        self.add(Severity::Note, "page-lines", (first.number, 1), &arguments);
    }

    pub fn numbering(&mut self, question: &RawQuestion) {
        let place = (question.lines.first().map_or(1, |line| line.number), 1);
        if question.skipped {
            self.add(Severity::Warning, "number-skipped", place, &[("number", &question.number)]);
        }
        if let Some(printed) = &question.printed {
            self.add(Severity::Note, "renumbered", place, &[("number", &question.number), ("printed", printed)]);
        }
    }

    /// A space that was not taken as it looks, or that is none although it might be.
    pub fn decision(&mut self, question: &RawQuestion, gap: &Gap, decision: Decision) {
        let arguments = [("number", question.number.as_str())];
        let place = (gap.line, gap.column);
        match decision {
            Decision::BookHasNothing => self.add(Severity::Warning, "space-no-blank", place, &arguments),
            Decision::BookHasWords => self.add(Severity::Warning, "space-a-blank", place, &arguments),
            Decision::Kept if gap.certainty == super::gaps::Certainty::Unlikely && !gap.beside_latin => {
                self.add(Severity::Note, "space-passed", place, &arguments);
            }
            Decision::Kept => {}
        }
    }

    pub fn uncertain_blank(&mut self, question: &RawQuestion, gap: &Gap) {
        self.add(Severity::Warning, "uncertain-blank", (gap.line, gap.column), &[("number", &question.number)]);
    }

    /// Names the kinds of exercises that an assignment has no form for, and the questions of each.
    pub fn kinds(&mut self, questions: &[RawQuestion]) {
        let other = |question: &&RawQuestion| question.answering() == Some(Answering::Other);
        let mut named: Vec<&str> = Vec::new();
        for question in questions.iter().filter(other) {
            let name = question.kind.as_ref().map_or("", |kind| kind.name.as_str());
            if named.contains(&name) {
                continue;
            }
            named.push(name);
            let same = questions.iter().filter(|other| other.kind == question.kind);
            let numbers: Vec<&str> = same.map(|question| question.number.as_str()).collect();
            let numbers = numbers.join(self.divider());
            let place = (question.lines.first().map_or(1, |line| line.number), 1);
            self.add(Severity::Warning, "kind-unsupported", place, &[("kind", name), ("numbers", &numbers)]);
        }
    }

    /// Lines among the exercises that belong to no question.
    pub fn exercise_lines(&mut self, lines: &[&Line]) {
        for line in lines {
            self.add(Severity::Warning, "exercise-line", (line.number, line.column + 1), &[("text", line.trimmed())]);
        }
    }

    pub fn more_chapters(&mut self, line: usize, number: &str) {
        self.add(Severity::Warning, "more-chapters", (line, 1), &[("chapter", number)]);
    }

    /// A printed answer that does not divide into as many keys as the question has blanks.
    pub fn key_count(&mut self, question: &RawQuestion, answer: &PrintedKey, blanks: usize) {
        let count = blanks.to_string();
        let arguments =
            [("number", question.number.as_str()), ("answer", answer.text.as_str()), ("count", count.as_str())];
        self.add(Severity::Warning, "key-count", (answer.source.line, 1), &arguments);
    }

    /// A printed answer that belongs to no question, or to more than one.
    pub fn key_left(&mut self, number: &str, answer: &PrintedKey) {
        let arguments = [("number", number), ("answer", answer.text.as_str())];
        let code = if number.is_empty() { "key-unnumbered" } else { "key-left" };
        self.add(Severity::Warning, code, (answer.source.line, 1), &arguments);
    }

    fn divider(&self) -> &'static str {
        match self.language {
            Language::Chinese => "、",
            Language::English => ", ",
        }
    }

    pub fn blank_missing(&mut self, question: &RawQuestion) {
        let place = (question.lines.first().map_or(1, |line| line.number), 1);
        self.add(Severity::Warning, "blank-missing", place, &[("number", &question.number)]);
    }

    /// Blanks that are left open, and why.
    pub fn keys(&mut self, question: &RawQuestion, pieces: &[Piece], proposals: &[Vec<Proposal>], judged: bool) {
        let gaps = pieces.iter().filter_map(|piece| match piece {
            Piece::Gap(gap) => Some(gap),
            _ => None,
        });
        for (index, (gap, proposals)) in gaps.zip(proposals).enumerate() {
            let blank = (index + 1).to_string();
            let place = (gap.line, gap.column);
            let common = [("number", question.number.as_str()), ("blank", blank.as_str())];
            match proposals.first() {
                Some(best) if best.confidence >= SURE => {}
                Some(best) => {
                    let per_cent = format!("{:.0}", best.confidence * 100.0);
                    let arguments =
                        [common[0], common[1], ("answer", best.answer.as_str()), ("percent", per_cent.as_str())];
                    self.add(Severity::Note, "key-unsure", place, &arguments);
                }
                None if judged => self.add(Severity::Note, "key-judged", place, &common),
                None => self.add(Severity::Note, "key-not-in-book", place, &common),
            }
        }
    }

    pub fn stopped(&mut self, line: usize) {
        self.add(Severity::Warning, "comparison-stopped", (line, 1), &[]);
    }
}
