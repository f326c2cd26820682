//! An account's server in a few lines, which answers what a test wants and keeps what it was told.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use rehearsal::{Options, Rehearsal, Stamps, Tier};

/// What the account was told: the query and the body.
#[derive(Clone, Debug)]
pub struct Told {
    pub query: HashMap<String, String>,
    pub body: String,
}

impl Told {
    /// The text of an XML element, CDATA or not.
    pub fn element(&self, name: &str) -> &str {
        let after = self.body.split_once(&format!("<{name}>")).map_or("", |(_, after)| after);
        let inside = after.split_once(&format!("</{name}>")).map_or("", |(inside, _)| inside);
        inside.strip_prefix("<![CDATA[").and_then(|inside| inside.strip_suffix("]]>")).unwrap_or(inside)
    }
}

/// What the account answers.
pub enum Answer {
    Text(&'static str),
    Raw(String),
    Status(u16),
    /// No answer for so long.
    Late(Duration),
}

type Rule = Box<dyn Fn(usize, &Told) -> Answer + Send + Sync>;

/// An account's server.
pub struct Account {
    pub url: String,
    told: Arc<Mutex<Vec<Told>>>,
}

impl Account {
    /// Answers by a rule, which also gets how many requests came before.
    pub async fn start(rule: impl Fn(usize, &Told) -> Answer + Send + Sync + 'static) -> Self {
        let told = Arc::new(Mutex::new(Vec::new()));
        let rule: Arc<Rule> = Arc::new(Box::new(rule));
        let app = Router::new().fallback(answer).with_state((rule, told.clone()));
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let url = format!("http://{}/wx", listener.local_addr().expect("a free port"));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, told }
    }

    /// All that it was told.
    pub fn told(&self) -> Vec<Told> {
        self.told.lock().expect("no test panicked").clone()
    }
}

async fn answer(
    State((rule, told)): State<(Arc<Rule>, Arc<Mutex<Vec<Told>>>)>,
    method: Method,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response {
    let query = reqwest::Url::parse(&format!("http://a/?{}", query.unwrap_or_default())).expect("a query");
    let query: HashMap<_, _> = query.query_pairs().into_owned().collect();
    if method == Method::GET {
        return query.get("echostr").cloned().unwrap_or_default().into_response();
    }
    let one = Told { query, body: String::from_utf8(body.to_vec()).expect("UTF-8") };
    let before = {
        let mut told = told.lock().expect("no test panicked");
        told.push(one.clone());
        told.len() - 1
    };
    match rule(before, &one) {
        Answer::Text(text) => format!(
            "<xml><ToUserName><![CDATA[{}]]></ToUserName><FromUserName><![CDATA[{}]]></FromUserName>\
             <CreateTime>1772323200</CreateTime><MsgType><![CDATA[text]]></MsgType>\
             <Content><![CDATA[{text}]]></Content></xml>",
            one.element("FromUserName"),
            one.element("ToUserName"),
        )
        .into_response(),
        Answer::Raw(text) => text.into_response(),
        Answer::Status(status) => StatusCode::from_u16(status).expect("a status").into_response(),
        Answer::Late(delay) => {
            tokio::time::sleep(delay).await;
            "success".into_response()
        }
    }
}

/// A story from a fixed day on, with short waits.
pub fn options(callback: Option<&Account>, tier: Tier) -> Options {
    Options {
        callback: callback.map(|account| account.url.clone()),
        tier,
        begin: Some("2026-09-01T00:00:00Z".parse().expect("a time")),
        stamps: Stamps::Simulated,
        answer_limit: Duration::from_millis(400),
        retry_pause: Duration::from_millis(1),
        ..Options::default()
    }
}

/// A rehearsal without a callback.
pub async fn room(tier: Tier) -> Rehearsal {
    Rehearsal::start(options(None, tier)).await.expect("a free port")
}
