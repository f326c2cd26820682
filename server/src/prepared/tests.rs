use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::to_bytes;

use super::*;

fn request(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
    pairs.iter().map(|(name, value)| (name.clone(), value.parse().expect("fits a header"))).collect()
}

fn text() -> Prepared {
    Prepared::new(Bytes::from("微信平台。".repeat(200)), "text/html")
}

fn header_of(response: &Response, name: header::HeaderName) -> String {
    response.headers().get(name).map_or_else(String::new, |value| value.to_str().expect("text").to_owned())
}

#[test]
fn the_encoding_follows_what_is_accepted() {
    for (accepts, encoding) in [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("br;q=0.000, *;q=0", ""),
        ("*", "br"),
        ("identity", ""),
        ("", ""),
        ("BR", "br"),
    ] {
        let response = text().respond(&request(&[(header::ACCEPT_ENCODING, accepts)]));
        assert_eq!(header_of(&response, header::CONTENT_ENCODING), encoding, "{accepts}");
    }
}

#[tokio::test]
async fn all_copies_are_the_same_text_under_different_tags() {
    let mut tags = Vec::new();
    for encoding in ["br", "gzip", "identity"] {
        let response = text().respond(&request(&[(header::ACCEPT_ENCODING, encoding)]));
        tags.push(header_of(&response, header::ETAG));
        let body = to_bytes(response.into_body(), usize::MAX).await.expect("in memory");
        let mut plain = Vec::new();
        match encoding {
            "br" => brotli::BrotliDecompress(&mut &body[..], &mut plain).expect("brotli"),
            "gzip" => {
                std::io::copy(&mut flate2::read::GzDecoder::new(&body[..]), &mut plain).expect("gzip");
            }
            _ => plain.extend_from_slice(&body),
        }
        assert_eq!(plain, "微信平台。".repeat(200).as_bytes(), "{encoding}");
    }
    tags.dedup();
    assert_eq!(tags.len(), 3);
    assert!(tags.iter().all(|tag| tag.starts_with('"') && tag.ends_with('"')), "{tags:?}");
}

#[tokio::test]
async fn what_is_known_is_not_sent_again() {
    let tag = header_of(&text().respond(&HeaderMap::new()), header::ETAG);
    for (known, status) in [
        (tag.clone(), 304),
        (format!("W/{tag}"), 304),
        (format!("\"other\", {tag}"), 304),
        ("*".to_owned(), 304),
        ("\"other\"".to_owned(), 200),
    ] {
        let response = text().respond_page(&request(&[(header::IF_NONE_MATCH, &known)]), true);
        assert_eq!(response.status().as_u16(), status, "{known}");
        assert_eq!(header_of(&response, header::CACHE_CONTROL), "private, no-cache");
        let body = to_bytes(response.into_body(), usize::MAX).await.expect("in memory");
        assert_eq!(body.is_empty(), status == 304);
    }
    // The plain copy's tag does not stand for the compressed one.
    let response = text().respond(&request(&[(header::ACCEPT_ENCODING, "br"), (header::IF_NONE_MATCH, &tag)]));
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_body_is_made_once_for_each_version() {
    let (shelf, made) = (Shelf::default(), AtomicUsize::new(0));
    let get = |version: &'static str| {
        shelf.get("page", version, "text/html", || {
            made.fetch_add(1, Ordering::Relaxed);
            Ok(Bytes::from_static(version.as_bytes()))
        })
    };
    let together = futures_util::future::join_all((0..16).map(|_| get("1"))).await;
    assert!(together.iter().all(Result::is_ok));
    assert_eq!(made.load(Ordering::Relaxed), 1);
    get("2").await.expect("made");
    get("2").await.expect("kept");
    assert_eq!(made.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn a_shelf_is_bounded_and_keeps_what_is_used() {
    let shelf = Shelf::with_capacity(1000);
    let get = |name: &'static str| shelf.get(name, "1", "image/png", || Ok(Bytes::from(vec![1; 400])));
    for name in ["a", "b", "a", "c"] {
        get(name).await.expect("made");
    }
    assert!(shelf.find("a", "1").is_some() && shelf.find("c", "1").is_some() && shelf.find("b", "1").is_none());
    assert!(shelf.lock().size <= 1000);
    let refused = shelf.get("d", "1", "image/png", || Err(Error::NotFound)).await;
    assert!(refused.is_err() && shelf.find("d", "1").is_none());
}
