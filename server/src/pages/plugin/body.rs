//! What was sent to a plugin's page: a form with its files, or a body as it is.

use axum::extract::{FromRequest as _, Request};
use axum::http::header;
use plugin_protocol::body::Body;
use plugin_protocol::op::{Page, Upload};

use crate::error::{Error, Message, Result, Unreadable};
use crate::request::{Bytes, Fields, Multipart};

/// The most fields of a form.
const MOST_FIELDS: usize = 2_000;

/// Reads the body into a page.
pub(super) async fn read(page: &mut Page, request: Request) -> Result<()> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.to_owned();
    if kind.starts_with("application/x-www-form-urlencoded") {
        page.form = Fields::from_request(request, &()).await?.into_pairs();
    } else if kind.starts_with("multipart/form-data") {
        multipart(page, Multipart::from_request(request, &()).await?).await?;
    } else {
        page.body = Body::new(Bytes::from_request(request, &()).await?.0.to_vec());
        page.content_type = kind;
    }
    if page.form.len() > MOST_FIELDS {
        return Err(Error::TooLarge(Message::new("error-body-too-large")));
    }
    Ok(())
}

async fn multipart(page: &mut Page, Multipart(mut form): Multipart) -> Result<()> {
    let unreadable = |error: axum::extract::multipart::MultipartError| match error.status().as_u16() {
        413 => Error::TooLarge(Message::new("error-body-too-large")),
        _ => Error::Unreadable(Unreadable::Form, error.body_text()),
    };
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        let name = field.name().unwrap_or_default().to_owned();
        match field.file_name().map(str::to_owned) {
            Some(file) => {
                let body = Body::new(field.bytes().await.map_err(unreadable)?.to_vec());
                page.files.push(Upload { field: name, name: file, body });
            }
            None => page.form.push((name, field.text().await.map_err(unreadable)?)),
        }
    }
    Ok(())
}
