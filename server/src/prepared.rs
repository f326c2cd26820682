//! Bytes that are made once and sent often: compressed copies and strong ETags are made with them.

use std::io::Write;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

/// Bodies below this many bytes are not worth compressing.
const WORTH_COMPRESSING: usize = 256;

/// A body with its compressed copies.
#[derive(Clone, Debug)]
pub struct Prepared {
    media_type: HeaderValue,
    plain: Variant,
    gzip: Option<Variant>,
    brotli: Option<Variant>,
}

#[derive(Clone, Debug)]
struct Variant {
    encoding: Option<HeaderValue>,
    etag: HeaderValue,
    body: Bytes,
}

impl Prepared {
    /// Prepares a body; text is compressed.
    pub fn new(body: Bytes, media_type: &str) -> Self {
        let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(&body)[..16]);
        let is_text = media_type.starts_with("text/")
            || ["javascript", "json", "svg", "xml"].iter().any(|word| media_type.contains(word));
        let with_charset = if is_text && !media_type.contains("charset") {
            format!("{media_type}; charset=utf-8")
        } else {
            media_type.to_owned()
        };
        let compressed = |encoding: &'static str, bytes: Option<Vec<u8>>| {
            bytes.filter(|bytes| bytes.len() < body.len()).map(|bytes| Variant {
                encoding: Some(HeaderValue::from_static(encoding)),
                etag: etag(&format!("{hash}-{encoding}")),
                body: bytes.into(),
            })
        };
        let worth = is_text && body.len() >= WORTH_COMPRESSING;
        Self {
            media_type: HeaderValue::from_str(&with_charset)
                .unwrap_or(HeaderValue::from_static("application/octet-stream")),
            gzip: compressed("gzip", worth.then(|| gzip(&body)).flatten()),
            brotli: compressed("br", worth.then(|| brotli(&body)).flatten()),
            plain: Variant { encoding: None, etag: etag(&hash), body },
        }
    }

    /// The reply to a request with these headers: the smallest copy it accepts, or 304 where it has it already.
    pub fn respond(&self, headers: &HeaderMap) -> Response {
        let accepts = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
        let variant = match (&self.brotli, &self.gzip) {
            (Some(brotli), _) if accepts_encoding(accepts, "br") => brotli,
            (_, Some(gzip)) if accepts_encoding(accepts, "gzip") => gzip,
            _ => &self.plain,
        };
        let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or("");
        let unchanged = known.split(',').any(|tag| tag.trim() == "*" || tag.trim().as_bytes() == variant.etag.as_bytes());
        let body = if unchanged { Body::empty() } else { Body::from(variant.body.clone()) };
        let mut response = Response::new(body);
        if unchanged {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        let headers = response.headers_mut();
        headers.insert(header::ETAG, variant.etag.clone());
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if !unchanged {
            headers.insert(header::CONTENT_TYPE, self.media_type.clone());
            if let Some(encoding) = &variant.encoding {
                headers.insert(header::CONTENT_ENCODING, encoding.clone());
            }
        }
        response
    }
}

fn etag(text: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{text}\"")).expect("hex digits and a dash fit a header")
}

fn accepts_encoding(header: &str, encoding: &str) -> bool {
    header.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        parts.next() == Some(encoding) && parts.all(|part| part != "q=0" && part != "q=0.0")
    })
}

fn gzip(body: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).ok()?;
    encoder.finish().ok()
}

fn brotli(body: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: 9, ..Default::default() };
    brotli::BrotliCompress(&mut &body[..], &mut out, &parameters).ok()?;
    Some(out)
}
