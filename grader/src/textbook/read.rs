//! Reads a page: the lines, the parts, then question by question its blanks and what the book proposes for them.

use std::collections::{HashMap, HashSet};

use crate::Language;
use crate::assignment::{Blank, Points, Question, QuestionKind, escape_braces, surroundings};

use super::align::Budget;
use super::book::Book;
use super::characters::{small_number, trim, width};
use super::draft::Draft;
use super::findings::Findings;
use super::gaps::{self, Certainty, Gap, Layout, Measure, Noise, Piece};
use super::kinds::{self, Answering};
use super::lines::{self, Line};
use super::outline::{Outline, outline};
use super::page::{Exercise, Page, PageLine};
use super::questions::{self, RawQuestion};
use super::settle::{Decision, settle};
use super::{columns, definitions, furniture, lists, parts, printed_keys, propose};

/// Comparisons of one page, in table cells: more than a thousand blanks' worth.
const BUDGET: u64 = 120_000_000;

/// See [`read`](super::read).
pub(super) fn read(source: &str, language: Language) -> Page {
    let cleaned = furniture::clean(columns::apart(lines::split(source)));
    let outline = outline(&cleaned);
    let mut findings = Findings::new(language);
    findings.dropped(&cleaned.dropped);
    if outline.title.is_empty() {
        findings.no_title();
    }
    let mut page = Page {
        title: outline.title.clone(),
        chapter: outline.chapter.clone(),
        chapter_words: outline.chapter_words.clone(),
        keywords: parts::keywords(&outline.blocks),
        sections: parts::sections(&outline.blocks),
        questions_and_answers: parts::questions_and_answers(&outline.blocks),
        key_terms: parts::key_terms(&outline.blocks),
        summary: parts::summary(&outline.blocks),
        furniture: cleaned
            .dropped
            .iter()
            .map(|line| PageLine { text: line.trimmed().to_owned(), line: line.number })
            .collect(),
        ..Page::default()
    };
    for (line, number) in &outline.more_chapters {
        findings.more_chapters(*line, number);
    }
    page.exercises = exercises(&outline, &cleaned.lines, &mut findings);
    if page.exercises.is_empty() {
        findings.no_exercises();
    }
    page.diagnostics = findings.into_diagnostics();
    page
}

fn exercises(outline: &Outline, lines: &[Line], findings: &mut Findings) -> Vec<Exercise> {
    let mut raw = questions::split(&outline.exercises, &outline.parts);
    let mut listed = printed_keys::listed(&outline.blocks);
    let mut numbers: HashMap<String, usize> = HashMap::new();
    for question in &raw {
        *numbers.entry(question.printed.as_ref().unwrap_or(&question.number).clone()).or_default() += 1;
    }
    let of_exercises: HashSet<usize> = outline.exercises.iter().map(|line| line.number).collect();
    let noise = Noise::measure(lines.iter().filter(|line| !of_exercises.contains(&line.number)), outline.full_width);
    let book = Book::new(&outline.blocks);
    let book_lists = lists::collect(&outline.blocks);
    let definitions = definitions::collect(&outline.blocks);
    findings.kinds(&raw);
    findings.exercise_lines(&unnumbered(&outline.exercises, &raw));
    let number_space = number_space(&raw);
    // The exercises may be set narrower than the text.
    let layout = Layout {
        full_width: lines::full_width(&outline.exercises).min(outline.full_width),
        number_space,
        print: Measure::of(raw.iter().map(|question| question.lines.as_slice()), noise.printed_width),
    };
    let mut budget = Budget(BUDGET);
    let mut exercises = Vec::with_capacity(raw.len());
    for question in &mut raw {
        let below = printed_keys::take(question);
        let question = &*question;
        let found = gaps::find(question, &noise, &layout);
        let (pieces, decisions) = settle(found.pieces, &book, &mut budget);
        findings.numbering(question);
        for (gap, decision) in &decisions {
            findings.decision(question, gap, *decision);
        }
        let kept: HashSet<(usize, usize)> = decisions
            .iter()
            .filter(|(_, decision)| *decision == Decision::Kept)
            .map(|(gap, _)| (gap.line, gap.column))
            .collect();
        let likely = |gap: &Gap| gap.certainty == Certainty::Likely && kept.contains(&(gap.line, gap.column));
        for piece in &pieces {
            if let Piece::Gap(gap) = piece
                && likely(gap)
            {
                findings.uncertain_blank(question, gap);
            }
        }
        let draft = Draft::new(&pieces);
        let lists = draft.lists();
        // A mark for right or wrong, and the letter of a choice, stand nowhere in the text.
        let judged = question.answering() == Some(Answering::Judgement) || found.choices;
        let answer = below.or_else(|| listed.answer(question, &numbers));
        let printed = answer.as_ref().and_then(|key| printed_keys::proposals(key, draft.gaps.len()));
        let unused = answer.filter(|_| printed.is_none());
        if let Some(answer) = unused.as_ref().filter(|_| !draft.gaps.is_empty()) {
            findings.key_count(question, answer, draft.gaps.len());
        }
        let mut proposals = if judged {
            vec![Vec::new(); draft.gaps.len()]
        } else {
            propose::propose(&book, &book_lists, &definitions, &draft, &lists, &mut budget)
        };
        for (blank, key) in printed.into_iter().flatten().enumerate() {
            proposals[blank] = vec![key];
        }
        let mut question_out = self::question(question, &pieces, found.titled);
        let mut name = 'a';
        for list in lists.iter().filter(|list| !list.ordered && !judged) {
            for blank in &list.blanks {
                question_out.blanks[*blank].group = Some(name.to_string());
            }
            name = char::from_u32(u32::from(name) + 1).filter(char::is_ascii_lowercase).unwrap_or('z');
        }
        findings.keys(question, &pieces, &proposals, judged);
        if question_out.blanks.is_empty() && question.answering() == Some(Answering::Blanks) {
            findings.blank_missing(question);
        }
        let line = question.lines.first().map_or(0, |line| line.number);
        let printed = unused.map(|answer| answer.text);
        exercises.push(Exercise { question: question_out, proposals, printed, line });
    }
    for (number, key) in listed.left() {
        findings.key_left(number, key);
    }
    if budget.0 == 0 {
        findings.stopped(exercises.first().map_or(1, |exercise| exercise.line));
    }
    exercises
}

/// The lines of the exercises that belong to no question and announce no kind.
fn unnumbered<'a>(lines: &'a [Line], questions: &[RawQuestion]) -> Vec<&'a Line> {
    let place = |line: &Line| (line.number, line.column);
    let taken: HashSet<(usize, usize)> = questions.iter().flat_map(|question| &question.lines).map(place).collect();
    let announces = |line: &&Line| kinds::announced(line.trimmed()).is_some();
    lines.iter().filter(|line| !taken.contains(&place(line)) && !announces(line)).collect()
}

/// The columns that usually stand between a question's number and its text, and whether nearly all questions have that.
fn number_space(questions: &[RawQuestion]) -> (usize, bool) {
    let space = |question: &RawQuestion| {
        question.lines.first().map_or(0, |line| width(&line.text) - width(line.text.trim_start()))
    };
    let mut spaces: Vec<usize> = questions.iter().map(space).collect();
    spaces.sort_unstable();
    let usual = spaces.get(spaces.len() / 2).copied().unwrap_or(0);
    let same = spaces.iter().filter(|space| **space == usual).count();
    (usual, spaces.len() >= 4 && same * 10 >= spaces.len() * 7)
}

fn question(raw: &RawQuestion, pieces: &[Piece], titled: bool) -> Question {
    let mut text = String::new();
    let mut blanks = 0;
    for piece in pieces {
        match piece {
            Piece::Character { character, .. } => {
                if matches!(character, '\\' | '*' | '_' | '`' | '<' | '[' | ']') {
                    text.push('\\');
                }
                text.push_str(&escape_braces(&character.to_string()));
            }
            Piece::Gap(_) => {
                blanks += 1;
                text.push_str(&format!("{{{blanks}}}"));
            }
            Piece::Break => text.push_str("\n\n"),
        }
    }
    let text = trim(&text).trim().to_owned();
    let around = surroundings(&text);
    let blank =
        |index: usize| Blank { surroundings: around.get(index).cloned().unwrap_or_default(), ..Blank::default() };
    let kind = if blanks > 0 {
        QuestionKind::Blanks
    } else if titled || is_project(&text) {
        QuestionKind::Project
    } else {
        QuestionKind::Essay
    };
    let points = match kind {
        QuestionKind::Blanks => Points(Points::ONE.0 * i64::from(blanks)),
        QuestionKind::Essay | QuestionKind::Project => printed_points(&text).unwrap_or(Points(10 * Points::ONE.0)),
    };
    Question {
        number: raw.number.clone(),
        kind,
        text,
        points,
        rubric: None,
        blanks: (0..blanks as usize).map(blank).collect(),
    }
}

/// Whether the text asks for one piece of work from many people.
fn is_project(text: &str) -> bool {
    ["以班级为单位", "以小组为单位", "以班为单位", "分小组", "以团队为单位", "全班", "小组合作", "分组完成", "组成小组"]
        .iter()
        .any(|words| text.contains(words))
}

/// Points that the question prints, such as `（10分）`.
fn printed_points(text: &str) -> Option<Points> {
    let at = text.rfind("分)").or_else(|| text.rfind("分）"))?;
    let open = text[..at].rfind(['(', '（'])?;
    let number = text[open..at].trim_start_matches(['(', '（', '共', '本', '题']);
    small_number(number)
        .filter(|points| (1..=1000).contains(points))
        .map(|points| Points(i64::from(points) * Points::ONE.0))
}
