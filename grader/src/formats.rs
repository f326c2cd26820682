//! Which format a file has, and its text: what teachers hand in comes in several encodings and shapes.

use encoding_rs::{DecoderResult, Encoding, GB18030, UTF_16BE, UTF_16LE};

/// The format of a file with exercises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// An assignment file.
    Markdown,
    /// The text of a printed chapter.
    Textbook,
    /// Moodle's GIFT.
    Gift,
    /// Moodle's XML.
    MoodleXml,
    /// A table: CSV or xlsx.
    Table,
    /// A word processor's document or a PDF, whose text must be copied out first.
    Document,
}

impl Format {
    /// All formats that have a name.
    pub const ALL: [Format; 5] = [Format::Markdown, Format::Textbook, Format::Gift, Format::MoodleXml, Format::Table];

    /// The name in options and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Format::Markdown => "markdown",
            Format::Textbook => "textbook",
            Format::Gift => "gift",
            Format::MoodleXml => "moodle-xml",
            Format::Table => "table",
            Format::Document => "document",
        }
    }
}

/// Finds out a file's format from its name and its first bytes.
pub fn detect(name: &str, bytes: &[u8]) -> Format {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    if bytes.starts_with(b"PK\x03\x04") {
        return if extension == "docx" || extension == "odt" { Format::Document } else { Format::Table };
    }
    if bytes.starts_with(b"%PDF") || bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Format::Document;
    }
    match extension.as_str() {
        "md" | "markdown" => return Format::Markdown,
        "gift" => return Format::Gift,
        "xml" => return Format::MoodleXml,
        "csv" | "tsv" | "xlsx" => return Format::Table,
        _ => {}
    }
    let Ok(decoded) = decode(bytes) else { return Format::Textbook };
    let text = decoded.text.as_str();
    let start = text.trim_start();
    let first_line = start.lines().next().unwrap_or_default();
    if start.starts_with("<?xml") || start.starts_with("<quiz") {
        Format::MoodleXml
    } else if start.starts_with("---\n") || start.starts_with("---\r\n") || has_marked_blank(text) {
        Format::Markdown
    } else if start.starts_with("::") || (text.contains("{=") || text.contains("{~")) {
        Format::Gift
    } else if first_line.contains("题目") && first_line.contains(['\t', ',', '，']) {
        Format::Table
    } else {
        Format::Textbook
    }
}

/// Whether the text marks blanks as an assignment file does.
fn has_marked_blank(text: &str) -> bool {
    text.lines().any(|line| line.find("[[").is_some_and(|at| line[at..].contains("]]")))
        || text.contains("{essay")
        || text.contains("{project")
}

/// Text and the encoding it had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text without a byte order mark.
    pub text: String,
    /// The encoding's name, such as `UTF-8` or `gb18030`.
    pub encoding: &'static str,
}

/// The text of a file in UTF-8, UTF-16 or GB18030. Nothing is ever replaced.
///
/// # Errors
/// The offset of the first byte that no encoding explains, or of a NUL byte: then the file is no text.
pub fn decode(bytes: &[u8]) -> Result<Decoded, usize> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes)
        && (encoding == UTF_16LE || encoding == UTF_16BE)
    {
        let text = strict(encoding, &bytes[mark..]).map_err(|offset| offset + mark)?;
        return Ok(Decoded { text, encoding: encoding.name() });
    }
    let mark = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    if let Some(nul) = bytes.iter().position(|byte| *byte == 0) {
        return unmarked(bytes).ok_or(nul);
    }
    let error = match std::str::from_utf8(&bytes[mark..]) {
        Ok(text) => return Ok(Decoded { text: text.to_owned(), encoding: "UTF-8" }),
        Err(error) => error.valid_up_to() + mark,
    };
    // Nearly every pair of bytes is a GB18030 character: a damaged UTF-8 file would decode to nonsense. Three Chinese
    // characters in UTF-8 before the damage do not come about by chance.
    let before = std::str::from_utf8(&bytes[mark..error]).unwrap_or_default();
    let chinese = |c: &char| matches!(c, '\u{3000}'..='\u{303F}' | '\u{4E00}'..='\u{9FFF}' | '\u{FF00}'..='\u{FFEF}');
    if mark > 0 || before.chars().filter(chinese).count() >= 3 {
        return Err(error);
    }
    Ok(Decoded { text: strict(GB18030, bytes)?, encoding: GB18030.name() })
}

/// The text of UTF-16 without a byte order mark: nearly all of it is what Chinese text is made of, and nothing is a control
/// character.
fn unmarked(bytes: &[u8]) -> Option<Decoded> {
    // A few characters come about by chance.
    const LEAST: usize = 8;
    let usual = |c: char| {
        matches!(c, '\t' | '\n' | '\r' | '\u{c}' | ' '..='~' | '\u{2010}'..='\u{2026}' | '\u{2460}'..='\u{2473}' | '\u{3000}'..='\u{303F}')
            || matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{FF00}'..='\u{FFEF}')
    };
    [UTF_16LE, UTF_16BE].into_iter().find_map(|encoding| {
        let text = strict(encoding, bytes).ok()?;
        let count = text.chars().count();
        let plain = text.chars().filter(|c| usual(*c)).count();
        let control = text.chars().any(|c| c.is_control() && !usual(c));
        (count >= LEAST && plain * 100 >= count * 95 && !control).then(|| Decoded { text, encoding: encoding.name() })
    })
}

/// Decodes without replacing anything; the error is the offset of the first malformed sequence.
fn strict(encoding: &'static Encoding, bytes: &[u8]) -> Result<String, usize> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text =
        String::with_capacity(decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(bytes.len()));
    let mut read = 0;
    loop {
        let (result, taken) = decoder.decode_to_string_without_replacement(&bytes[read..], &mut text, true);
        read += taken;
        match result {
            DecoderResult::InputEmpty => return Ok(text),
            DecoderResult::OutputFull => text.reserve(bytes.len().max(16)),
            DecoderResult::Malformed(length, behind) => {
                return Err(read.saturating_sub(usize::from(length) + usize::from(behind)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_decoded_or_refused_with_its_offset() {
        let name = "姓名,学号\n张三,1\n";
        let (gb, _, _) = GB18030.encode(name);
        assert_eq!(decode(&gb), Ok(Decoded { text: name.to_owned(), encoding: "gb18030" }));
        assert_eq!(decode(name.as_bytes()).expect("UTF-8").encoding, "UTF-8");
        let marked = [b"\xEF\xBB\xBF", name.as_bytes()].concat();
        assert_eq!(decode(&marked).expect("BOM").text, name);
        let wide: Vec<u8> = b"\xFF\xFE".iter().copied().chain(name.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(decode(&wide).expect("UTF-16").text, name);

        let bare = &wide[2..];
        assert_eq!(decode(bare).expect("UTF-16 without a mark").text, name);
        let big: Vec<u8> = name.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decode(&big).expect("UTF-16 without a mark").encoding, "UTF-16BE");

        let damaged = [name.as_bytes(), b"\xFF\xFF"].concat();
        assert_eq!(decode(&damaged), Err(name.len()));
        // A Chinese UTF-8 file that lost a byte would be readable nonsense in GB18030.
        let mut cut = name.as_bytes().to_vec();
        cut.remove(19);
        assert_eq!(decode(&cut), Err(17));
        assert_eq!(decode(b"abc\xFFdef"), Err(3));
        assert_eq!(decode(b"ab\0c"), Err(2));
    }

    #[test]
    fn formats_are_told_apart() {
        for (name, bytes, format) in [
            ("a.md", &b"x"[..], Format::Markdown),
            ("-", b"---\ntitle: x\n---\n", Format::Markdown),
            ("-", "1. 每[[天]]".as_bytes(), Format::Markdown),
            ("a.txt", "【作业】\n1.每 可以".as_bytes(), Format::Textbook),
            ("a.txt", b"::q1:: What? {=a}", Format::Gift),
            ("-", b"<?xml version='1.0'?><quiz/>", Format::MoodleXml),
            ("a.xlsx", b"PK\x03\x04", Format::Table),
            ("a.docx", b"PK\x03\x04", Format::Document),
            ("a.txt", b"%PDF-1.7", Format::Document),
            ("a.txt", "题号,题目,答案\n".as_bytes(), Format::Table),
        ] {
            assert_eq!(detect(name, bytes), format, "{name}");
        }
    }
}
