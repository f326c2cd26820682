//! Bytes that are made once and sent often: compressed copies and strong ETags are made with them, and a bounded shelf
//! keeps them. What is prepared holds nothing personal, so that one body serves all.

use std::collections::HashMap;
use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

/// Bodies below this many bytes are not worth compressing.
const WORTH_COMPRESSING: usize = 256;
/// What a shelf holds at most, all copies together, in bytes.
const SHELF_SIZE: usize = 12 * 1024 * 1024;

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
        let unchanged = headers.get_all(header::IF_NONE_MATCH).iter().any(|known| names(known, &variant.etag));
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

    /// The reply with a page that looks different by language and sign-in. It is asked for again each time, which costs
    /// a 304; only what strangers see may be kept by caches that many share.
    pub fn respond_page(&self, headers: &HeaderMap, signed_in: bool) -> Response {
        let mut response = self.respond(headers);
        let rule = if signed_in { "private, no-cache" } else { "public, no-cache" };
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(rule));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding, accept-language, cookie"));
        response
    }

    /// Size of the body and its copies, in bytes.
    fn size(&self) -> usize {
        let copies = [Some(&self.plain), self.gzip.as_ref(), self.brotli.as_ref()];
        copies.into_iter().flatten().map(|variant| variant.body.len()).sum()
    }
}

fn etag(text: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{text}\"")).expect("hex digits and a dash fit a header")
}

/// Whether `If-None-Match` names the tag; a proxy may have weakened it.
fn names(known: &HeaderValue, etag: &HeaderValue) -> bool {
    let known = known.to_str().unwrap_or("");
    known
        .split(',')
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag).as_bytes() == etag.as_bytes())
}

/// Whether the header accepts the encoding: named with a weight above 0, or covered by `*`.
fn accepts_encoding(header: &str, encoding: &str) -> bool {
    let weight = |wanted: &str| {
        header.split(',').find_map(|item| {
            let mut parts = item.split(';').map(str::trim);
            if !parts.next()?.eq_ignore_ascii_case(wanted) {
                return None;
            }
            let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
            Some(weight.map_or(1.0, |weight| weight.parse::<f32>().unwrap_or(0.0)))
        })
    };
    weight(encoding).or_else(|| weight("*")).is_some_and(|weight| weight > 0.0)
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

/// Prepared bodies by name, at most 12 MiB of them; what was not used for longest goes first.
#[derive(Clone)]
pub struct Shelf {
    places: Arc<Mutex<Places>>,
    /// One is made at a time: when a class opens a page together, it is made once.
    making: Arc<tokio::sync::Mutex<()>>,
    capacity: usize,
}

#[derive(Default)]
struct Places {
    kept: HashMap<String, Place>,
    size: usize,
    clock: u64,
}

struct Place {
    version: String,
    prepared: Arc<Prepared>,
    used: u64,
}

impl Default for Shelf {
    fn default() -> Self {
        Self::with_capacity(SHELF_SIZE)
    }
}

impl Shelf {
    /// A shelf that holds this many bytes.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { places: Arc::default(), making: Arc::default(), capacity }
    }

    /// The body of this name and version; made by `make` if it is not there.
    ///
    /// # Errors
    /// What `make` returns; nothing is kept then.
    pub async fn get(
        &self,
        name: &str,
        version: &str,
        media_type: &str,
        make: impl FnOnce() -> Result<Bytes>,
    ) -> Result<Arc<Prepared>> {
        if let Some(found) = self.find(name, version) {
            return Ok(found);
        }
        let _one_at_a_time = self.making.lock().await;
        if let Some(found) = self.find(name, version) {
            return Ok(found);
        }
        let (body, media_type) = (make()?, media_type.to_owned());
        // Compressing takes milliseconds that other requests should not wait for.
        let prepared = tokio::task::spawn_blocking(move || Arc::new(Prepared::new(body, &media_type)))
            .await
            .map_err(Error::internal)?;
        self.keep(name, version, &prepared);
        Ok(prepared)
    }

    fn find(&self, name: &str, version: &str) -> Option<Arc<Prepared>> {
        let mut places = self.lock();
        places.clock += 1;
        let now = places.clock;
        let place = places.kept.get_mut(name).filter(|place| place.version == version)?;
        place.used = now;
        Some(Arc::clone(&place.prepared))
    }

    fn keep(&self, name: &str, version: &str, prepared: &Arc<Prepared>) {
        let mut places = self.lock();
        places.clock += 1;
        places.size += prepared.size();
        let place = Place { version: version.to_owned(), prepared: Arc::clone(prepared), used: places.clock };
        if let Some(before) = places.kept.insert(name.to_owned(), place) {
            places.size -= before.prepared.size();
        }
        while places.size > self.capacity {
            let oldest = places.kept.iter().min_by_key(|(_, place)| place.used).map(|(name, _)| name.clone());
            let Some(gone) = oldest.and_then(|name| places.kept.remove(&name)) else { break };
            places.size -= gone.prepared.size();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
