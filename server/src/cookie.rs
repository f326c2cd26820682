//! Cookies: their names, their flags, and how they are read.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::config::Config;

/// Name of the session cookie where people come by https.
pub const SECURE_COOKIE: &str = "__Host-sid";
/// Name of the session cookie on a plain connection (a class room without TLS, a developer's machine).
pub const PLAIN_COOKIE: &str = "sid";

/// The value of a cookie.
pub fn value<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// Name of the session cookie under these settings.
pub fn session_name(config: &Config) -> &'static str {
    if config.is_secure() { SECURE_COOKIE } else { PLAIN_COOKIE }
}

/// Name of the cookie that marks a device an account has been used on; it outlives sessions.
pub fn device_name(config: &Config) -> &'static str {
    if config.is_secure() { "__Host-device" } else { "device" }
}

/// A cookie that scripts cannot read and other sites cannot send along with a form; links from chats carry it.
/// `max_age` is in seconds; 0 removes the cookie.
pub fn set(config: &Config, name: &str, value: &str, max_age: i64) -> HeaderValue {
    let secure = if config.is_secure() { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age}{secure}");
    HeaderValue::from_str(&text).expect("names and values of our cookies are ASCII")
}
