//! What an uploaded file is, by its bytes. Only what students hand in is known here; everything else is refused.

use std::io::Cursor;

/// The kind of a file by its bytes; its name decides only between kinds that share a container. `None`: not accepted.
pub fn sniff(bytes: &[u8], name: &str) -> Option<&'static str> {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        Some("image/jpeg")
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Some("image/webp")
    } else if is_heic(bytes) {
        Some("image/heic")
    } else if bytes.starts_with(b"%PDF-") {
        Some("application/pdf")
    } else if bytes.starts_with(b"PK\x03\x04") {
        office(bytes, &extension)
    } else if extension == "txt" && is_text(bytes) {
        Some("text/plain")
    } else {
        None
    }
}

/// The extensions of accepted files, for the file dialog.
pub const ACCEPTED: &str = ".png,.jpg,.jpeg,.webp,.heic,.pdf,.docx,.xlsx,.pptx,.txt";

fn is_heic(bytes: &[u8]) -> bool {
    let brands: [&[u8]; 5] = [b"heic", b"heix", b"hevc", b"heim", b"mif1"];
    bytes.get(4..8) == Some(b"ftyp") && bytes.get(8..12).is_some_and(|brand| brands.contains(&brand))
}

/// An office file without macros. Only the names in the archive are read; nothing is unpacked.
fn office(bytes: &[u8], extension: &str) -> Option<&'static str> {
    let (folder, media_type) = match extension {
        "docx" => ("word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        "xlsx" => ("xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        "pptx" => ("ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
        _ => return None,
    };
    let archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let names: Vec<_> = archive.file_names().collect::<Result<_, _>>().ok()?;
    let has_macros = names.iter().any(|name| name.to_ascii_lowercase().contains("vbaproject"));
    let is_whole =
        names.iter().any(|name| *name == "[Content_Types].xml") && names.iter().any(|name| name.starts_with(folder));
    (is_whole && !has_macros).then_some(media_type)
}

/// Text in UTF-8 or GB18030 without control characters.
fn is_text(bytes: &[u8]) -> bool {
    let is_plain = |text: &str| !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'));
    match std::str::from_utf8(bytes) {
        Ok(text) => is_plain(text),
        Err(_) => {
            let (text, _, malformed) = encoding_rs::GB18030.decode(bytes);
            !malformed && is_plain(&text)
        }
    }
}

/// A file name without folders, control characters and what file systems refuse; at most 100 characters, the extension kept.
pub fn clean_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name
        .chars()
        .filter(|c| !c.is_control() && !is_invisible(*c))
        .map(|c| if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { c })
        .collect();
    let name = name.trim().trim_start_matches('.');
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let stem: String = stem.chars().take(90).collect();
    let extension: String = extension.chars().take(8).collect();
    match (stem.is_empty(), extension.is_empty()) {
        (true, true) => "file".to_owned(),
        (true, false) => format!("file.{extension}"),
        (false, true) => stem,
        (false, false) => format!("{stem}.{extension}"),
    }
}

/// Marks that turn the direction of text make `fdp.exe` look like `exe.pdf`.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// A download under its own name, for old clients under an ASCII one (RFC 6266).
pub fn disposition(name: &str) -> String {
    let extension: String = name
        .rsplit_once('.')
        .map(|(_, extension)| extension.chars().filter(char::is_ascii_alphanumeric).collect())
        .unwrap_or_default();
    let encoded: String = name
        .bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect();
    format!("attachment; filename=\"file.{extension}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn archive(names: &[&str]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for name in names {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(b"<x/>").unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn bytes_decide_not_names() {
        let docx = archive(&["[Content_Types].xml", "word/document.xml"]);
        let with_macros = archive(&["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"]);
        let plain_zip = archive(&["a.txt"]);
        let gb = encoding_rs::GB18030.encode("我们组的计划").0.into_owned();
        let cases: &[(&[u8], &str, Option<&str>)] = &[
            (b"\x89PNG\r\n\x1a\n....", "photo.png", Some("image/png")),
            (b"\x89PNG\r\n\x1a\n....", "photo.exe", Some("image/png")),
            (b"\xff\xd8\xff\xe0..", "a.jpg", Some("image/jpeg")),
            (b"RIFF\0\0\0\0WEBPVP8 ", "a.webp", Some("image/webp")),
            (b"RIFF\0\0\0\0WAVEfmt ", "a.webp", None),
            (b"\0\0\0\x18ftypheic\0\0\0\0", "a.heic", Some("image/heic")),
            (b"\0\0\0\x18ftypmp42\0\0\0\0", "a.heic", None),
            (b"%PDF-1.7", "a.pdf", Some("application/pdf")),
            (b"MZ\x90\0", "a.pdf", None),
            (b"<svg onload='alert(1)'/>", "a.png", None),
            (b"<html><script>", "a.html", None),
            (b"#!/bin/sh\n", "a.sh", None),
            ("计划\n第一步".as_bytes(), "plan.txt", Some("text/plain")),
            (&gb, "plan.txt", Some("text/plain")),
            (b"\0\x01\x02", "plan.txt", None),
            (b"", "a.png", None),
        ];
        for (bytes, name, kind) in cases {
            assert_eq!(sniff(bytes, name), *kind, "{name}");
        }
        assert!(sniff(&docx, "a.docx").is_some_and(|kind| kind.contains("wordprocessingml")));
        assert_eq!(sniff(&docx, "a.xlsx"), None);
        assert_eq!(sniff(&docx, "a.zip"), None);
        assert_eq!(sniff(&with_macros, "a.docx"), None);
        assert_eq!(sniff(&plain_zip, "a.docx"), None);
        assert_eq!(sniff(&docx[..docx.len() / 2], "a.docx"), None, "cut in half");
    }

    #[test]
    fn names_lose_what_is_dangerous() {
        for (name, clean) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\me\\计划.docx", "计划.docx"),
            ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
            ("report\u{202e}fdp.exe", "reportfdp.exe"),
            (".htaccess", "htaccess"),
            ("", "file"),
            ("\"quoted\".txt", "_quoted_.txt"),
        ] {
            assert_eq!(clean_name(name), clean, "{name:?}");
        }
        assert_eq!(clean_name(&format!("{}.pdf", "长".repeat(300))).chars().count(), 94);
    }

    #[test]
    fn a_name_cannot_leave_its_header() {
        assert_eq!(
            disposition("计划.pdf"),
            "attachment; filename=\"file.pdf\"; filename*=UTF-8''%E8%AE%A1%E5%88%92.pdf"
        );
        let hostile = disposition("a\"; filename=x\r\nSet-Cookie: b=c.pd\"f");
        assert!(!hostile.contains(['\r', '\n']) && hostile.matches('"').count() == 2, "{hostile}");
    }
}
