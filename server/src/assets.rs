//! Files embedded in the program: the style sheet, the script, icons. Served under names that carry their hash,
//! compressed once, kept by browsers for ever.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::prepared::Prepared;
use crate::request::Path;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Static;

/// Files sent as one, so that a first visit asks for few. Later rules of a style win over earlier ones of the same weight.
const JOINED: [(&str, &[&str]); 2] = [
    (
        "style.css",
        &[
            "style/base.css",
            "style/frame.css",
            "style/form.css",
            "style/components.css",
            "style/table.css",
            "style/chapter.css",
            "style/sheet.css",
            "style/desk.css",
            "style/print.css",
        ],
    ),
    (
        "app.js",
        &[
            "script/dom.js",
            "script/page.js",
            "script/dialog.js",
            "script/looks.js",
            "script/chapter.js",
            "script/sheet.js",
        ],
    ),
];

/// One file. It is compressed when it is first sent: the workers of plugins only ask for its address.
struct Asset {
    address: String,
    content: Bytes,
    media_type: mime_guess::Mime,
    body: OnceLock<Prepared>,
}

static ASSETS: LazyLock<HashMap<Cow<'static, str>, Asset>> = LazyLock::new(|| {
    let is_part = |name: &str| JOINED.iter().any(|(_, parts)| parts.contains(&name));
    let single = Static::iter()
        .filter(|name| !is_part(name))
        .filter_map(|name| Some((Static::get(&name)?.data.into_owned(), name)));
    let joined = JOINED.iter().map(|(name, parts)| {
        let read = |part: &&str| Static::get(part).map(|file| file.data.into_owned());
        (parts.iter().filter_map(read).flatten().collect(), Cow::Borrowed(*name))
    });
    single
        .chain(joined)
        .map(|(content, name): (Vec<u8>, Cow<'static, str>)| {
            let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(&content)[..6]);
            let media_type = mime_guess::from_path(&*name).first_or_octet_stream();
            let address = format!("/static/{hash}/{name}");
            (name, Asset { address, content: content.into(), media_type, body: OnceLock::new() })
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
    let mut response =
        asset.body.get_or_init(|| Prepared::new(asset.content.clone(), asset.media_type.as_ref())).respond(&headers);
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_there_and_all_are_joined() {
        for part in JOINED.iter().flat_map(|(_, parts)| *parts) {
            assert!(Static::get(part).is_some(), "{part} is listed and not there");
        }
        for name in Static::iter() {
            let listed = JOINED.iter().any(|(_, parts)| parts.contains(&&*name));
            assert_eq!(name.contains('/'), listed, "{name}");
        }
    }
}
