//! Listens, and stops listening while that is the fault on show.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use axum::{Extension, Router};
use chrono::{DateTime, Utc};
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::api::{self, Answered, Asked, Upload};
use crate::exchange::{Exchange, shortened};
use crate::failure::Failure;
use crate::page;
use crate::room::Room;

/// The largest upload and a little more.
const LARGEST_BODY: usize = 12 << 20;
/// A call may have been made so long before it arrives.
const UNDER_WAY: Duration = Duration::from_millis(500);

/// Who connected.
#[derive(Clone, Copy)]
struct Peer(SocketAddr);

/// Serves until it is aborted.
pub async fn serve(room: Arc<Room>, listener: TcpListener) {
    let app = Router::new()
        .route("/cgi-bin/{*rest}", any(call))
        .route("/datacube/{*rest}", any(call))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .merge(page::routes())
        .with_state(room.clone());
    let mut open = room.open.subscribe();
    let mut listener = Some(listener);
    loop {
        let Some(listening) = listener.take() else {
            if open.wait_for(|open| *open).await.is_err() {
                return;
            }
            match TcpListener::bind(room.address).await {
                Ok(bound) => listener = Some(bound),
                Err(error) => {
                    tracing::warn!("{} cannot be opened again yet: {error}", room.address);
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
            continue;
        };
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                ended = async { open.wait_for(|open| !*open).await.is_err() } => {
                    if ended {
                        return;
                    }
                    break;
                }
                accepted = listening.accept() => match accepted {
                    Ok((stream, peer)) => { connections.spawn(converse(app.clone(), stream, peer)); }
                    Err(error) => {
                        tracing::warn!("a connection was lost before it began: {error}");
                        tokio::time::sleep(Duration::from_millis(20)).await;
                    }
                },
                Some(_) = connections.join_next() => {}
            }
        }
        // Dropping both refuses new connections and cuts those that are open.
    }
}

async fn converse(app: Router, stream: TcpStream, peer: SocketAddr) {
    let service = TowerToHyperService::new(app.layer(Extension(Peer(peer))));
    // A client that breaks off is no event of ours.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// Binds, and says what to do when that fails.
pub async fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        let remedy = match error.kind() {
            io::ErrorKind::AddrInUse => {
                "another program listens there; choose another port with --listen, or 0 for a free one"
            }
            io::ErrorKind::PermissionDenied => {
                "ports below 1024 need rights that this program does not have; choose a higher one with --listen"
            }
            io::ErrorKind::AddrNotAvailable => "this machine does not have that address; 127.0.0.1 is always there",
            _ => "choose another address with --listen",
        };
        io::Error::new(error.kind(), format!("cannot listen on {address}: {error}; {remedy}"))
    })
}

/// A call of the API.
async fn call(State(room): State<Arc<Room>>, request: Request) -> Response {
    let arrived = Instant::now();
    let faults = room.faults();
    if let Some(delay) = faults.slow {
        tokio::time::sleep(delay).await;
    }
    if faults.server_errors {
        return (StatusCode::BAD_GATEWAY, "<html><head><title>502 Bad Gateway</title></head></html>").into_response();
    }
    if faults.busy {
        let json = HeaderValue::from_static("application/json; encoding=utf-8");
        return ([(header::CONTENT_TYPE, json)], Failure::new(-1).body().to_string()).into_response();
    }
    let asked = match asked(&room, request, arrived).await {
        Ok(asked) => asked,
        Err(response) => return response,
    };
    let (at, start) = (Utc::now(), Instant::now());
    let answered = {
        let mut platform = room.platform();
        let answered = api::serve(&mut platform, &asked);
        let exchange = exchange(&platform.account.secret, &asked, &answered, at, start);
        platform.remember(exchange);
        answered
    };
    room.follow_up(None);
    (answered.status, [(header::CONTENT_TYPE, answered.kind)], answered.body).into_response()
}

/// For the page: the account's secret is covered wherever it stands.
fn exchange(secret: &str, asked: &Asked, answered: &Answered, at: DateTime<Utc>, start: Instant) -> Exchange {
    let covered = |text: &str| shortened(&text.replace(secret, "…"));
    let separator = if asked.query.is_empty() { "" } else { "?" };
    let request = match &asked.files {
        Some(files) => files.iter().map(|file| format!("{}: {} ({} B)\n", file.field, file.name, file.size)).collect(),
        None => String::from_utf8_lossy(&asked.body).into_owned(),
    };
    Exchange {
        at,
        to_account: false,
        line: covered(&format!("{} {}{separator}{}", asked.verb, asked.path, asked.query)),
        request: covered(&request),
        status: Some(answered.status.as_u16()),
        response: shortened(&String::from_utf8_lossy(&answered.body)),
        milliseconds: start.elapsed().as_millis(),
        problem: None,
    }
}

async fn asked(room: &Arc<Room>, request: Request, arrived: Instant) -> Result<Asked, Response> {
    let too_large = || StatusCode::PAYLOAD_TOO_LARGE.into_response();
    let peer = request.extensions().get::<Peer>().map_or(room.address, |peer| peer.0);
    let (verb, uri) = (request.method().clone(), request.uri().clone());
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let with_files = kind.starts_with("multipart/form-data");
    let mut asked = Asked {
        verb,
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
        body: axum::body::Bytes::new(),
        files: None,
        from: peer.ip(),
        base: room.base(),
        now: room.clock.platform(),
        earlier: room.clock.before_moves_since(arrived.checked_sub(UNDER_WAY).unwrap_or(arrived)),
    };
    if with_files {
        asked.files = Some(files(request).await.ok_or_else(|| StatusCode::BAD_REQUEST.into_response())?);
    } else {
        asked.body = axum::body::to_bytes(request.into_body(), LARGEST_BODY).await.map_err(|_| too_large())?;
    }
    Ok(asked)
}

async fn files(request: Request) -> Option<Vec<Upload>> {
    let mut form = Multipart::from_request(request, &()).await.ok()?;
    let mut files = Vec::new();
    while let Some(field) = form.next_field().await.ok()? {
        let name = field.file_name().unwrap_or_default().to_owned();
        let upload = Upload { field: field.name().unwrap_or_default().to_owned(), name, size: 0 };
        let size = field.bytes().await.ok()?.len();
        files.push(Upload { size, ..upload });
    }
    Some(files)
}
