//! Pictures of a chapter: their kind and size, so that pages do not jump while they load.

use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use quick_xml::Reader;
use quick_xml::events::Event;

use crate::markdown::Picture;

/// What may stand in an address as it is (RFC 3986, unreserved characters).
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A picture of a chapter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Path below the content folder.
    pub path: String,
    /// File name, the last part of its address.
    pub name: String,
    /// Media type, such as `image/png`.
    pub media_type: &'static str,
    /// Width in CSS pixels.
    pub width: u32,
    /// Height in CSS pixels.
    pub height: u32,
    /// First characters of the sha-256 of its bytes in hex: the version in its address.
    pub version: String,
    /// Length in bytes.
    pub size: usize,
}

impl Figure {
    /// Reads size and kind; `None` when it is no picture of a kind that browsers show.
    pub(super) fn read(path: &str, content: &Bytes) -> Option<Self> {
        let name = path.rsplit('/').next()?.to_owned();
        let (_, extension) = name.rsplit_once('.')?;
        let media_type = media_type(extension)?;
        let (width, height) = if media_type == "image/svg+xml" {
            svg_size(content)?
        } else {
            let size = imagesize::blob_size(content).ok()?;
            (u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?)
        };
        let version = super::digest::hash([content.as_ref()])[..12].to_owned();
        Some(Self { path: path.to_owned(), name, media_type, width, height, version, size: content.len() })
    }

    /// What Markdown shows of it.
    pub(super) fn picture(&self, course: &str, chapter: &str) -> Picture {
        let name = utf8_percent_encode(&self.name, UNRESERVED);
        Picture {
            address: format!("/courses/{course}/chapters/{chapter}/figures/{name}?v={}", self.version),
            width: self.width,
            height: self.height,
        }
    }
}

/// The media type of a file that may be a picture.
pub(super) fn media_type(extension: &str) -> Option<&'static str> {
    Some(match extension.to_ascii_lowercase().as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "svg" => "image/svg+xml",
        _ => return None,
    })
}

/// Width and height of an SVG: its attributes in pixels, else its view box.
fn svg_size(content: &[u8]) -> Option<(u32, u32)> {
    let mut reader = Reader::from_reader(content);
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(element) | Event::Empty(element) if element.local_name().as_ref() == "svg" => {
                let value = |name: &str| {
                    let attribute = element.try_get_attribute(name).ok()??;
                    Some(attribute.value.into_owned())
                };
                let pixels = |name: &str| value(name)?.trim().trim_end_matches("px").parse::<f64>().ok();
                let size = pixels("width").zip(pixels("height")).or_else(|| {
                    let view_box = value("viewBox")?;
                    let mut numbers = view_box.split([' ', ',']).filter(|part| !part.is_empty()).skip(2);
                    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
                })?;
                let whole = |length: f64| (1.0..=20_000.0).contains(&length).then(|| length.round() as u32);
                return whole(size.0).zip(whole(size.1));
            }
            Event::Eof => return None,
            _ => buffer.clear(),
        }
    }
}

/// How a source may name the picture: as it lies below the chapter's folder.
pub(super) fn resolve<'f>(
    figures: &'f std::collections::BTreeMap<String, Figure>,
    folder: &str,
    address: &str,
) -> Option<&'f Figure> {
    let path = address.strip_prefix("./").unwrap_or(address);
    let (_, name) = path.rsplit_once('/').unwrap_or(("", path));
    figures.get(name).filter(|figure| figure.path.strip_prefix(folder) == Some(&format!("/{path}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read() {
        let svg = |text: &'static str| svg_size(text.as_bytes());
        assert_eq!(svg("<?xml version=\"1.0\"?><!-- x --><svg width=\"120px\" height=\"80\"/>"), Some((120, 80)));
        assert_eq!(svg("<svg viewBox='0 0 29 31.6'><path/></svg>"), Some((29, 32)));
        assert_eq!(svg("<svg width='100%' height='100%'/>"), None);
        assert_eq!(svg("<html/>"), None);
        let gif = Bytes::from_static(b"GIF89a\x03\x00\x05\x00\x00\x00\x00;");
        let figure = Figure::read("a/b/点.gif", &gif).expect("a picture");
        assert_eq!((figure.width, figure.height, figure.media_type), (3, 5, "image/gif"));
        assert!(figure.picture("a", "b").address.starts_with("/courses/a/chapters/b/figures/%E7%82%B9.gif?v="));
        assert_eq!(Figure::read("a/b/c.png", &Bytes::from_static(b"no picture")), None);
        assert_eq!(Figure::read("a/b/c.exe", &gif), None);
    }
}
