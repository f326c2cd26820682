//! Parts of a request, refused in our own words: path, query, forms and JSON. Handlers take these and not axum's, whose
//! refusals are plain text in English (`clippy.toml` forbids them).

#![allow(clippy::disallowed_types)]

use axum::extract::rejection::{BytesRejection, FailedToBufferBody, FormRejection, JsonRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::error::{Error, Message, Unreadable};

/// The segments of the address that the route names. What cannot be one names nothing.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

/// The query of the address read into a struct. Unknown names are ignored; a malformed value is refused.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

/// A form read into a struct. Unknown fields are ignored; a missing or malformed one is refused.
#[derive(Clone, Debug)]
pub struct Form<T>(pub T);

/// The fields of a form in order, for those that may repeat (a list of check boxes).
#[derive(Clone, Debug)]
pub struct Fields(Vec<(String, String)>);

/// A JSON body.
#[derive(Clone, Debug)]
pub struct Json<T>(pub T);

/// A body as it came.
#[derive(Clone, Debug)]
pub struct Bytes(pub bytes::Bytes);

/// A form with files.
#[derive(Debug)]
pub struct Multipart(pub axum::extract::Multipart);

impl<S, T> FromRequestParts<S> for Path<T>
where
    S: Send + Sync,
    T: DeserializeOwned + Send,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Path(value)),
            Err(rejection) if rejection.status().is_server_error() => Err(Error::internal(rejection.body_text())),
            Err(_) => Err(Error::NotFound),
        }
    }
}

impl<S, T> FromRequestParts<S> for Query<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        match axum::extract::Query::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Query(value)),
            Err(rejection) => Err(Error::Unreadable(Unreadable::Query, rejection.body_text())),
        }
    }
}

impl<S, T> FromRequest<S> for Form<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        match axum::extract::Form::from_request(request, state).await {
            Ok(axum::extract::Form(value)) => Ok(Form(value)),
            Err(FormRejection::BytesRejection(rejection)) => Err(unfinished(rejection)),
            Err(rejection) => Err(Error::Unreadable(Unreadable::Form, rejection.body_text())),
        }
    }
}

impl Query<Vec<(String, String)>> {
    /// Names and values of an address's query in their order; one that cannot be read has none.
    pub fn pairs(uri: &axum::http::Uri) -> Vec<(String, String)> {
        axum::extract::Query::try_from_uri(uri).map(|axum::extract::Query(pairs)| pairs).unwrap_or_default()
    }
}

impl Fields {
    /// Names and values in their order.
    pub fn into_pairs(self) -> Vec<(String, String)> {
        self.0
    }

    /// All values of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The first value of a field; empty when it was not sent.
    pub fn one(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        Form::from_request(request, state).await.map(|Form(fields)| Fields(fields))
    }
}

impl<S, T> FromRequest<S> for Json<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        match axum::Json::from_request(request, state).await {
            Ok(axum::Json(value)) => Ok(Json(value)),
            Err(JsonRejection::BytesRejection(rejection)) => Err(unfinished(rejection)),
            Err(rejection) => Err(Error::Unreadable(Unreadable::Json, rejection.body_text())),
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for Bytes {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        bytes::Bytes::from_request(request, state).await.map(Bytes).map_err(unfinished)
    }
}

impl<S: Send + Sync> FromRequest<S> for Multipart {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let multipart = axum::extract::Multipart::from_request(request, state).await;
        multipart.map(Multipart).map_err(|rejection| Error::Unreadable(Unreadable::Form, rejection.body_text()))
    }
}

/// A body that is too large, or that stopped in the middle.
fn unfinished(rejection: BytesRejection) -> Error {
    match rejection {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
            Error::TooLarge(Message::new("error-body-too-large"))
        }
        rejection => Error::Unreadable(Unreadable::Unfinished, rejection.body_text()),
    }
}
