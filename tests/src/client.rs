//! A browser without a window: keeps cookies, follows no redirect by itself.

use reqwest::header::{self, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Method, StatusCode};
use serde_json::Value;

/// One browser.
#[derive(Clone)]
pub struct Client {
    base: String,
    http: reqwest::Client,
    headers: HeaderMap,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body as bytes.
    pub bytes: Vec<u8>,
}

impl Client {
    /// A browser at a site, with an empty cookie jar.
    pub fn new(base: &str) -> Self {
        let http = reqwest::Client::builder()
            .cookie_store(true)
            .redirect(Policy::none())
            .build()
            .expect("the client needs nothing from outside");
        Self { base: base.to_owned(), http, headers: HeaderMap::new() }
    }

    /// The same browser with a cookie it always sends.
    pub fn with_cookie(self, name: &str, value: &str) -> Self {
        self.with_header("cookie", &format!("{name}={value}"))
    }

    /// The same browser with a header it always sends.
    pub fn with_header(mut self, name: &'static str, value: &str) -> Self {
        let value = HeaderValue::from_str(value).expect("the value fits a header");
        self.headers.insert(name, value);
        self
    }

    /// Gets a page.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path)).await
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        self.send(self.request(Method::POST, path).form(fields)).await
    }

    /// Sends JSON.
    pub async fn json(&self, method: Method, path: &str, body: &Value) -> Reply {
        self.send(self.request(method, path).header(header::ACCEPT, "application/json").json(body)).await
    }

    /// Sends bytes.
    pub async fn bytes(&self, method: Method, path: &str, body: Vec<u8>) -> Reply {
        self.send(self.request(method, path).body(body)).await
    }

    /// Sends a form with files.
    pub async fn multipart(&self, path: &str, form: reqwest::multipart::Form) -> Reply {
        self.send(self.request(Method::POST, path).multipart(form)).await
    }

    /// A request to change before [`Client::send`].
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base)).headers(self.headers.clone())
    }

    /// The same browser at another address of the site.
    pub fn at(mut self, base: &str) -> Self {
        self.base = base.to_owned();
        self
    }

    /// Sends a prepared request; `None` when the server is gone before the whole reply is here.
    pub async fn try_send(&self, request: reqwest::RequestBuilder) -> Option<Reply> {
        let response = request.send().await.ok()?;
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.bytes().await.ok()?.to_vec();
        Some(Reply { status, headers, bytes })
    }

    /// Sends a prepared request.
    pub async fn send(&self, request: reqwest::RequestBuilder) -> Reply {
        self.try_send(request).await.expect("the server answers")
    }
}

impl Reply {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).expect("the reply is UTF-8")
    }

    /// The body as JSON.
    #[track_caller]
    pub fn value(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    /// Where a redirect leads.
    #[track_caller]
    pub fn location(&self) -> String {
        let value = self.headers.get(header::LOCATION).unwrap_or_else(|| panic!("no redirect but {self}"));
        value.to_str().expect("addresses are ASCII").to_owned()
    }

    /// Fails the test, showing the page, when the status is another.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{self}");
        self
    }
}

impl std::fmt::Display for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = String::from_utf8_lossy(&self.bytes);
        let head: String = text.chars().take(3000).collect();
        write!(f, "{} {:?}\n{head}", self.status, self.headers)
    }
}
