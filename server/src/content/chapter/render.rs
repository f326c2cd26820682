//! From the body of a chapter to HTML: sections with ids, folded questions, linked terms, numbered footnotes.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, HeadingLevel, Tag, TagEnd};

use crate::content::heading;
use crate::content::model::{Footnote, Section, SectionKind, Term, mention_anchor};
use crate::content::problem::Finding;
use crate::content::terms::{self, Marker};
use crate::markdown::{self, Doubt, Located, References, attribute, body_text};

/// A chapter's body, rendered.
pub(super) struct Rendered {
    pub(super) html: String,
    pub(super) sections: Vec<Section>,
    pub(super) terms: Vec<Term>,
    pub(super) footnotes: Vec<Footnote>,
    /// Places count from the start of the body.
    pub(super) findings: Vec<Finding>,
}

pub(super) fn render(body: &str, references: &References<'_>) -> Rendered {
    let (events, doubts) = markdown::rewrite(markdown::parse(body), references);
    let (events, notes) = take_notes(events);
    let terms = terms_of(&events);
    let mut page = Page {
        out: Vec::with_capacity(events.len() + 64),
        sections: vec![Section {
            anchor: String::new(),
            kind: SectionKind::Opening,
            level: 1,
            number: None,
            title: String::new(),
            text: String::new(),
        }],
        marker: Marker::new(&terms),
        terms: &terms,
        next_term: 0,
        kind: SectionKind::Text,
        question_is_open: false,
        summary_is_open: false,
        link_depth: 0,
        in_code: false,
        labels: HashMap::new(),
        order: Vec::new(),
        anchors: HashSet::new(),
        findings: doubts.into_iter().map(finding).collect(),
    };
    page.write(events);
    let Page { out, sections, order, mut findings, .. } = page;
    let footnotes = footnotes(notes, &order, &mut findings);
    let html = markdown::finish(out.into_iter());
    check_places(&html, &footnotes, body, &mut findings);
    findings.sort_by_key(|finding| finding.range.start);
    let sections =
        sections.into_iter().filter(|section| section.level > 1 || !section.text.trim().is_empty()).collect();
    Rendered { html, sections, terms, footnotes, findings }
}

fn finding(doubt: Doubt) -> Finding {
    match doubt {
        Doubt::Picture(name, range) => Finding::error("picture", range).with("name", name),
        Doubt::Link(address, range) => Finding::warning("link", range).with("address", address),
        Doubt::Emphasis(range) => Finding::warning("emphasis", range),
        Doubt::Html(range) => Finding::warning("html", range),
    }
}

struct Page<'a, 't> {
    out: Vec<Event<'a>>,
    sections: Vec<Section>,
    marker: Marker,
    terms: &'t [Term],
    /// The term whose title comes next in the definition list.
    next_term: usize,
    kind: SectionKind,
    question_is_open: bool,
    summary_is_open: bool,
    link_depth: usize,
    in_code: bool,
    /// Footnote labels to their index in `order`.
    labels: HashMap<String, usize>,
    /// Footnotes in the order of their first mention, with the number of mentions.
    order: Vec<(String, usize)>,
    anchors: HashSet<String>,
    findings: Vec<Finding>,
}

impl<'a> Page<'a, '_> {
    fn write(&mut self, events: Vec<Located<'a>>) {
        let mut index = 0;
        while index < events.len() {
            let (event, range) = &events[index];
            match event {
                Event::Start(Tag::Heading { level, .. }) => {
                    let end = events[index..]
                        .iter()
                        .position(|(event, _)| matches!(event, Event::End(TagEnd::Heading(_))))
                        .map_or(events.len(), |length| index + length);
                    self.heading(*level, &events[index + 1..end], range.clone());
                    index = end;
                }
                Event::Start(Tag::DefinitionList) if self.kind == SectionKind::Terms => {
                    self.html("<dl class=\"terms\">\n")
                }
                Event::End(TagEnd::DefinitionList) if self.kind == SectionKind::Terms => self.html("</dl>\n"),
                Event::Start(Tag::DefinitionListTitle) if self.kind == SectionKind::Terms => {
                    let tag = self.terms.get(self.next_term).map_or(CowStr::from("<dt>"), terms::title_tag);
                    self.next_term += 1;
                    self.out.push(Event::Html(tag));
                }
                Event::End(TagEnd::DefinitionListTitle) if self.kind == SectionKind::Terms => {
                    self.text("\n");
                    self.html("</dt>\n");
                }
                Event::FootnoteReference(label) => self.footnote_reference(label),
                Event::Text(text) => {
                    self.text(text);
                    let may_mark = self.link_depth == 0 && !self.in_code && self.kind != SectionKind::Terms;
                    match may_mark.then(|| self.marker.mark(text)).flatten() {
                        Some(html) => self.out.push(Event::Html(html.into())),
                        None => self.out.push(Event::Text(text.clone())),
                    }
                }
                event => {
                    self.note_text(event);
                    self.out.push(event.clone());
                }
            }
            index += 1;
        }
        self.close_question();
        self.close_summary();
    }

    /// Keeps the plain text of the section, and what must not be marked.
    fn note_text(&mut self, event: &Event<'a>) {
        match event {
            Event::Code(text) => self.text(text),
            Event::SoftBreak | Event::HardBreak => self.text(" "),
            Event::End(
                TagEnd::Paragraph
                | TagEnd::Item
                | TagEnd::TableRow
                | TagEnd::TableHead
                | TagEnd::CodeBlock
                | TagEnd::DefinitionListDefinition,
            ) => {
                self.text("\n");
                self.in_code = false;
            }
            Event::Start(Tag::CodeBlock(_)) => self.in_code = true,
            Event::Html(html) if html.starts_with("<a ") => self.link_depth += 1,
            Event::Html(html) if html.starts_with("</a>") => self.link_depth = self.link_depth.saturating_sub(1),
            Event::Html(html) if html.starts_with("</t") => self.text(" "),
            _ => {}
        }
    }

    fn heading(&mut self, level: HeadingLevel, content: &[Located<'a>], range: Range<usize>) {
        let level = level as u8;
        let mut title = String::new();
        for (event, _) in content {
            match event {
                Event::Text(text) | Event::Code(text) => title.push_str(text),
                Event::SoftBreak | Event::HardBreak => title.push(' '),
                _ => {}
            }
        }
        if level == 1 {
            self.findings.push(Finding::warning("heading-one", range.clone()));
        }
        let level = level.max(2);
        let (number, words) = heading::split_number(&title);
        if level == 2 {
            self.close_question();
            self.close_summary();
            self.kind = heading::kind(words);
            self.marker.start_section();
            if matches!(words, "作业" | "习题" | "练习") {
                self.findings.push(Finding::warning("exercises-here", range.clone()));
            }
        }
        let anchor = self.unique(heading::anchor(self.kind, level, number, words), number, range);
        let is_question = self.kind == SectionKind::Questions && level == 3;
        if is_question {
            self.close_question();
        }
        if level == 2 && self.kind == SectionKind::Summary {
            self.html("<section class=\"summary\">\n");
            self.summary_is_open = true;
        }
        let shown = inner(content, number, (!is_question).then_some(anchor.as_str()));
        let tag = level.min(6);
        let id = attribute(&anchor);
        if is_question {
            self.html("<details class=\"qa\"><summary>");
            self.out.extend(shown);
            self.out.push(Event::Html(format!("</summary><div class=\"qa-answer\" id=\"{id}\">\n").into()));
            self.question_is_open = true;
        } else {
            self.out.push(Event::Html(format!("<h{tag} id=\"{id}\">").into()));
            self.out.extend(shown);
            self.out.push(Event::Html(format!("</h{tag}>\n").into()));
        }
        self.sections.push(Section {
            anchor,
            kind: self.kind,
            level,
            number: number.map(str::to_owned),
            title: words.to_owned(),
            text: String::new(),
        });
    }

    /// The id, made unique; two sections with the same printed number are a mistake worth a word.
    fn unique(&mut self, anchor: String, number: Option<&str>, range: Range<usize>) -> String {
        if self.anchors.insert(anchor.clone()) {
            return anchor;
        }
        if let Some(number) = number.filter(|number| number.contains('.')) {
            self.findings.push(Finding::warning("number-twice", range).with("number", number));
        }
        let free = (2..)
            .map(|count| format!("{anchor}-{count}"))
            .find(|candidate| !self.anchors.contains(candidate))
            .expect("there are more numbers than headings");
        self.anchors.insert(free.clone());
        free
    }

    fn footnote_reference(&mut self, label: &CowStr<'a>) {
        let order = &mut self.order;
        let index = *self.labels.entry(label.to_string()).or_insert_with(|| {
            order.push((label.to_string(), 0));
            order.len() - 1
        });
        order[index].1 += 1;
        let (number, mention) = (index + 1, order[index].1);
        let id = mention_anchor(number, mention);
        self.out.push(Event::Html(
            format!(
                "<sup class=\"footnote-reference\"><a id=\"{id}\" href=\"#note-{number}\" role=\"doc-noteref\">{number}</a></sup>"
            )
            .into(),
        ));
    }

    fn close_question(&mut self) {
        if std::mem::take(&mut self.question_is_open) {
            self.html("</div></details>\n");
        }
    }

    fn close_summary(&mut self) {
        if std::mem::take(&mut self.summary_is_open) {
            self.html("</section>\n");
        }
    }

    fn html(&mut self, html: &'static str) {
        self.out.push(Event::Html(html.into()));
    }

    fn text(&mut self, text: &str) {
        if let Some(section) = self.sections.last_mut() {
            section.text.push_str(text);
        }
    }
}

/// A heading's content, its number set apart; a section's number links to the section itself, so that it can be shared.
fn inner<'a>(content: &[Located<'a>], number: Option<&str>, anchor: Option<&str>) -> Vec<Event<'a>> {
    let mut events: Vec<Event<'a>> = content.iter().map(|(event, _)| event.clone()).collect();
    let (Some(number), Some(Event::Text(text))) = (number, events.first()) else { return events };
    let Some(rest) = text.strip_prefix(number) else { return events };
    let rest = rest.trim_start_matches(['.', '、', '．', ' ', '\u{3000}']).to_owned();
    let printed = body_text(number);
    let number = match anchor {
        Some(anchor) if number.contains('.') => {
            format!("<a class=\"heading-number\" href=\"#{}\">{printed}</a> ", attribute(anchor))
        }
        _ => format!("{printed}. "),
    };
    events.splice(0..1, [Event::Html(number.into()), Event::Text(rest.into())]);
    events
}

/// Footnote definitions, by label, taken out of the text they stand in.
type Notes<'a> = HashMap<String, (Vec<Event<'a>>, Range<usize>)>;

fn take_notes(events: Vec<Located<'_>>) -> (Vec<Located<'_>>, Notes<'_>) {
    let mut notes = Notes::new();
    let mut text = Vec::with_capacity(events.len());
    let mut open: Option<(String, Vec<Event<'_>>, Range<usize>)> = None;
    for (event, range) in events {
        match event {
            Event::Start(Tag::FootnoteDefinition(label)) => open = Some((label.to_string(), Vec::new(), range)),
            Event::End(TagEnd::FootnoteDefinition) => {
                if let Some((label, events, range)) = open.take() {
                    notes.insert(label, (events, range));
                }
            }
            event => match &mut open {
                Some((_, events, _)) => events.push(event),
                None => text.push((event, range)),
            },
        }
    }
    (text, notes)
}

fn footnotes(mut notes: Notes<'_>, order: &[(String, usize)], findings: &mut Vec<Finding>) -> Vec<Footnote> {
    let footnotes = order
        .iter()
        .enumerate()
        .filter_map(|(index, (label, mentions))| {
            let (events, _) = notes.remove(label)?;
            // A note inside a note has no number of its own.
            let events = events.into_iter().filter(|event| !matches!(event, Event::FootnoteReference(_)));
            Some(Footnote { number: index + 1, html: markdown::finish(events), mentions: *mentions })
        })
        .collect();
    for (label, (_, range)) in notes {
        findings.push(Finding::warning("footnote-unused", range).with("label", label));
    }
    footnotes
}

/// The terms of the 主要知识点 section.
fn terms_of(events: &[Located<'_>]) -> Vec<Term> {
    let is_section = |event: &Event<'_>| matches!(event, Event::Start(Tag::Heading { level: HeadingLevel::H2, .. }));
    let starts = events.iter().enumerate().filter(|(_, (event, _))| is_section(event)).map(|(index, _)| index);
    for start in starts {
        let title: String = events[start..]
            .iter()
            .take_while(|(event, _)| !matches!(event, Event::End(TagEnd::Heading(_))))
            .filter_map(|(event, _)| match event {
                Event::Text(text) => Some(text.as_ref()),
                _ => None,
            })
            .collect();
        if heading::kind(heading::split_number(&title).1) == SectionKind::Terms {
            let rest = &events[start + 1..];
            let end = rest.iter().position(|(event, _)| is_section(event)).unwrap_or(rest.len());
            return terms::collect(&rest[..end]);
        }
    }
    Vec::new()
}

/// Links to places of this page that do not exist.
fn check_places(html: &str, footnotes: &[Footnote], body: &str, findings: &mut Vec<Finding>) {
    let ids: HashSet<&str> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    for address in html.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        let is_note = address.strip_prefix("note-").and_then(|number| number.parse().ok());
        let known = ids.contains(address)
            || address == "exercises"
            || is_note.is_some_and(|number: usize| footnotes.iter().any(|note| note.number == number));
        if !known {
            let needle = format!("(#{address}");
            let start = body.find(&needle).map_or(0, |at| at + 1);
            let range = start..(start + address.len() + 1).min(body.len());
            findings.push(Finding::warning("link", range).with("address", format!("#{address}")));
        }
    }
}
