//! Markdown to safe HTML: one set of options, raw HTML dropped, then an allow-list. What people write reaches a page only
//! through here or through Tera's escaping.

mod allow;

use std::ops::Range;

use pulldown_cmark::{Alignment, CowStr, Event, Options, Parser, Tag, TagEnd, TextMergeWithOffset, html};

/// An event and where its source stands, in bytes.
pub(crate) type Located<'a> = (Event<'a>, Range<usize>);

/// A picture that may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Address on this server.
    pub address: String,
    /// Width in CSS pixels.
    pub width: u32,
    /// Height in CSS pixels.
    pub height: u32,
}

/// Where a link of the source leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// To an address on this server, or a place on the same page.
    Here(String),
    /// To another site.
    Elsewhere(String),
    /// Nowhere: the words stay, the link goes.
    Nowhere,
}

/// What a source may refer to. A reference that cannot be resolved loses its link or picture and keeps its words.
pub struct References<'r> {
    /// The picture of this name.
    pub picture: &'r dyn Fn(&str) -> Option<Picture>,
    /// Where this link leads.
    pub link: &'r dyn Fn(&str) -> Destination,
}

impl References<'static> {
    /// No pictures; links to other sites and to places on the same page only.
    pub fn none() -> Self {
        References { picture: &|_| None, link: &outward }
    }
}

/// What is doubtful in a source; the range is the place in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// There is no such picture.
    Picture(String, Range<usize>),
    /// The link leads nowhere.
    Link(String, Range<usize>),
    /// `**` that did not become emphasis, mostly because a Chinese punctuation mark stands beside it.
    Emphasis(Range<usize>),
    /// Raw HTML, which is dropped.
    Html(Range<usize>),
}

/// The Markdown that courses are written in.
fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_DEFINITION_LIST
}

/// Renders a piece of Markdown, such as a rubric. The placeholders that the grader leaves for blanks pass through unchanged.
pub fn to_html(source: &str, references: &References<'_>) -> String {
    let (events, _) = rewrite(parse(source), references);
    finish(events.into_iter().map(|(event, _)| event))
}

/// Renders a question whose blanks stand as `{1}`, `{2}` …; `blank` gives the HTML of each, which is not sanitised again.
pub fn question(text: &str, references: &References<'_>, blank: impl FnMut(usize) -> String) -> String {
    use grader::assignment::{fill_placeholders, with_placeholders};
    fill_placeholders(&to_html(&with_placeholders(text), references), blank)
}

/// A link to another site or to a place on the same page; everything else leads nowhere.
pub fn outward(address: &str) -> Destination {
    if ["https://", "http://", "mailto:"].iter().any(|scheme| starts_with_ignoring_case(address, scheme)) {
        Destination::Elsewhere(address.to_owned())
    } else if address.starts_with('#') {
        Destination::Here(address.to_owned())
    } else {
        Destination::Nowhere
    }
}

fn starts_with_ignoring_case(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

/// Parses a source, text merged.
pub(crate) fn parse(source: &str) -> Vec<Located<'_>> {
    TextMergeWithOffset::new(Parser::new_ext(source, options()).into_offset_iter()).collect()
}

/// Writes events as HTML and sends it through the allow-list.
pub(crate) fn finish<'a>(events: impl Iterator<Item = Event<'a>>) -> String {
    let mut raw = String::new();
    html::push_html(&mut raw, events);
    allow::clean(&raw)
}

/// Whether the character is written in a square of its own, so that no space belongs between it and the next line.
pub(crate) fn is_wide(c: char) -> bool {
    matches!(c,
        '\u{2E80}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}'
        | '\u{FF01}'..='\u{FF60}' | '\u{20000}'..='\u{3FFFF}' | '“' | '”' | '‘' | '’' | '…' | '—' | '·')
}

/// Drops raw HTML, joins Chinese lines, resolves pictures and links, and gives table cells classes instead of styles.
pub(crate) fn rewrite<'a>(events: Vec<Located<'a>>, references: &References<'_>) -> (Vec<Located<'a>>, Vec<Doubt>) {
    let mut rewriter = Rewriter { references, out: Vec::with_capacity(events.len()), doubts: Vec::new() };
    rewriter.run(events);
    (rewriter.out, rewriter.doubts)
}

struct Rewriter<'a, 'r> {
    references: &'r References<'r>,
    out: Vec<Located<'a>>,
    doubts: Vec<Doubt>,
}

impl<'a> Rewriter<'a, '_> {
    fn run(&mut self, events: Vec<Located<'a>>) {
        let mut alignments: Vec<Alignment> = Vec::new();
        let mut column = 0;
        let mut in_head = false;
        let mut in_code = false;
        // What each open link becomes: whether an end tag must follow.
        let mut links: Vec<bool> = Vec::new();
        let mut last = ' ';
        let mut index = 0;
        while index < events.len() {
            let (event, range) = events[index].clone();
            match event {
                Event::Html(text) | Event::InlineHtml(text) => {
                    if !text.trim_start().starts_with("<!--") && !text.trim().is_empty() {
                        self.doubts.push(Doubt::Html(range));
                    }
                }
                Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => {}
                Event::SoftBreak => {
                    let joined = is_wide(last) && next_character(&events[index + 1..]).is_some_and(is_wide);
                    if !joined {
                        self.out.push((Event::SoftBreak, range));
                    }
                }
                Event::Start(Tag::Paragraph) => match figure(&events[index..]) {
                    Some((count, address, title, alternative)) => {
                        self.figure(&address, Some(&title), &alternative, range);
                        index += count;
                    }
                    None => self.out.push((Event::Start(Tag::Paragraph), range)),
                },
                Event::Start(Tag::Image { dest_url, .. }) => {
                    let (count, alternative) = alternative_text(&events[index..]);
                    self.figure(&dest_url, None, &alternative, range);
                    index += count;
                }
                Event::Start(Tag::Link { dest_url, link_type, .. }) => {
                    let address = match link_type {
                        pulldown_cmark::LinkType::Email => format!("mailto:{dest_url}"),
                        _ => dest_url.to_string(),
                    };
                    let open = match (self.references.link)(&address) {
                        Destination::Here(address) => Some(format!("<a href=\"{}\">", attribute(&address))),
                        Destination::Elsewhere(address) => {
                            Some(format!("<a href=\"{}\" rel=\"noopener noreferrer\">", attribute(&address)))
                        }
                        Destination::Nowhere => {
                            self.doubts.push(Doubt::Link(address, range.clone()));
                            None
                        }
                    };
                    links.push(open.is_some());
                    if let Some(open) = open {
                        self.push_html(open, range);
                    }
                }
                Event::End(TagEnd::Link) => {
                    if links.pop() == Some(true) {
                        self.push_html("</a>", range);
                    }
                }
                Event::Start(Tag::Table(columns)) => {
                    alignments = columns;
                    self.push_html("<div class=\"table-scroll\" tabindex=\"0\">", range.clone());
                    self.out.push((Event::Start(Tag::Table(Vec::new())), range));
                }
                Event::End(TagEnd::Table) => {
                    self.out.push((Event::End(TagEnd::Table), range.clone()));
                    self.push_html("</div>\n", range);
                }
                Event::Start(tag @ (Tag::TableHead | Tag::TableRow)) => {
                    in_head = tag == Tag::TableHead;
                    column = 0;
                    self.out.push((Event::Start(tag), range));
                }
                Event::Start(Tag::TableCell) => {
                    let class = match alignments.get(column) {
                        Some(Alignment::Center) => " class=\"center\"",
                        Some(Alignment::Right) => " class=\"number\"",
                        _ => "",
                    };
                    column += 1;
                    let open = if in_head { format!("<th scope=\"col\"{class}>") } else { format!("<td{class}>") };
                    self.push_html(open, range);
                }
                Event::End(TagEnd::TableCell) => self.push_html(if in_head { "</th>" } else { "</td>" }, range),
                Event::Start(Tag::CodeBlock(kind)) => {
                    in_code = true;
                    self.out.push((Event::Start(Tag::CodeBlock(kind)), range));
                }
                Event::End(TagEnd::CodeBlock) => {
                    in_code = false;
                    self.out.push((Event::End(TagEnd::CodeBlock), range));
                }
                Event::Text(text) => {
                    if !in_code && text.contains("**") {
                        self.doubts.push(Doubt::Emphasis(range.clone()));
                    }
                    last = text.chars().next_back().unwrap_or(last);
                    self.out.push((Event::Text(text), range));
                }
                Event::Code(text) => {
                    last = text.chars().next_back().unwrap_or(last);
                    self.out.push((Event::Code(text), range));
                }
                event => self.out.push((event, range)),
            }
            index += 1;
        }
    }

    fn push_html(&mut self, html: impl Into<CowStr<'a>>, range: Range<usize>) {
        self.out.push((Event::Html(html.into()), range));
    }

    /// A picture; with a title it stands by itself and the title is its caption.
    fn figure(&mut self, address: &str, title: Option<&str>, alternative: &str, range: Range<usize>) {
        let Some(picture) = (self.references.picture)(address) else {
            self.doubts.push(Doubt::Picture(address.to_owned(), range.clone()));
            self.out.push((Event::Text(CowStr::from(alternative.to_owned())), range));
            return;
        };
        let image = format!(
            "<img src=\"{}\" alt=\"{}\" width=\"{}\" height=\"{}\" loading=\"lazy\" decoding=\"async\">",
            attribute(&picture.address),
            attribute(alternative),
            picture.width,
            picture.height,
        );
        let html = match title {
            Some(title) => format!("<figure>{image}<figcaption>{}</figcaption></figure>\n", body_text(title)),
            None => image,
        };
        self.push_html(html, range);
    }
}

/// A paragraph that is one picture with a title: how many events follow its first, address, title and description.
fn figure(events: &[Located<'_>]) -> Option<(usize, String, String, String)> {
    let (Event::Start(Tag::Image { dest_url, title, .. }), _) = events.get(1)? else { return None };
    if title.is_empty() {
        return None;
    }
    let (count, alternative) = alternative_text(&events[1..]);
    matches!(events.get(count + 2)?.0, Event::End(TagEnd::Paragraph))
        .then(|| (count + 2, dest_url.to_string(), title.to_string(), alternative))
}

/// How many events follow the image's start up to its end, and its description.
fn alternative_text(events: &[Located<'_>]) -> (usize, String) {
    let mut text = String::new();
    for (count, (event, _)) in events.iter().enumerate().skip(1) {
        match event {
            Event::Text(part) | Event::Code(part) => text.push_str(part),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::End(TagEnd::Image) => return (count, text),
            _ => {}
        }
    }
    (events.len() - 1, text)
}

fn next_character(events: &[Located<'_>]) -> Option<char> {
    events.iter().find_map(|(event, _)| match event {
        Event::Text(text) | Event::Code(text) => Some(text.chars().next()),
        Event::Start(_) | Event::End(_) => None,
        _ => Some(None),
    })?
}

/// Escapes a value for a double-quoted attribute.
pub(crate) fn attribute(value: &str) -> String {
    body_text(value).replace('"', "&quot;")
}

/// Escapes text between tags.
pub(crate) fn body_text(value: &str) -> String {
    value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests;
