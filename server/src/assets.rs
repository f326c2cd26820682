//! Files embedded in the program: the style sheet, the script, icons. Served under names that carry their hash,
//! compressed once, kept by browsers for ever.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::prepared::Prepared;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Static;

/// One file, ready to send.
struct Asset {
    address: String,
    body: Prepared,
}

static ASSETS: LazyLock<HashMap<Cow<'static, str>, Asset>> = LazyLock::new(|| {
    Static::iter()
        .filter_map(|name| {
            let content = Static::get(&name)?.data.into_owned();
            let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(&content)[..6]);
            let media_type = mime_guess::from_path(&*name).first_or_octet_stream();
            let body = Prepared::new(Bytes::from(content), media_type.as_ref());
            Some((name.clone(), Asset { address: format!("/static/{hash}/{name}"), body }))
        })
        .collect()
});

/// Where pages link to a file; `None` when there is none of that name.
pub fn address(name: &str) -> Option<&'static str> {
    ASSETS.get(name).map(|asset| asset.address.as_str())
}

/// `GET /static/{hash}/{name}`
pub async fn show(Path((_hash, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let Some(asset) = ASSETS.get(name.as_str()) else {
        return Error::NotFound.into_response();
    };
    let mut response = asset.body.respond(&headers);
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    response
}
