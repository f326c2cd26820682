//! Where a request comes from and how people reach the site, when proxies stand in front.
//! Only proxies named in the settings are believed.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use crate::config::Config;

/// The address of the person's machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// What limits count by: the address, or the /64 that one IPv6 customer has.
    pub fn network(self) -> String {
        match self.0.to_canonical() {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
        }
    }
}

impl std::fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.to_canonical().fmt(f)
    }
}

impl<S> FromRequestParts<S> for ClientAddress
where
    Arc<Config>: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip());
        Ok(client(peer, &parts.headers, &Arc::<Config>::from_ref(state).trusted_proxies))
    }
}

/// Walks `X-Forwarded-For` from the right, past the proxies we trust; the first other address is the client.
/// Whatever a stranger wrote further left is never reached.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> ClientAddress {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|proxy| proxy.to_canonical() == address.to_canonical());
    if !is_trusted(&peer) {
        return ClientAddress(peer);
    }
    let forwarded: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    let mut last = peer;
    for text in forwarded.into_iter().rev() {
        let Some(address) = parse(text) else { break };
        last = address;
        if !is_trusted(&address) {
            break;
        }
    }
    ClientAddress(last)
}

/// An address with or without a port, IPv6 with or without brackets.
fn parse(text: &str) -> Option<IpAddr> {
    text.parse::<IpAddr>()
        .ok()
        .or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
        .or_else(|| text.strip_prefix('[')?.strip_suffix(']')?.parse().ok())
}

/// The site's address for links that leave the page (printed slips, QR codes): the configured one, else the one the
/// request used. Without a slash at the end.
pub fn site(config: &Config, headers: &HeaderMap) -> String {
    if let Some(url) = &config.public_url {
        return url.trim_end_matches('/').to_owned();
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    format!("http://{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forwarded(value: &str) -> HeaderMap {
        HeaderMap::from_iter([("x-forwarded-for".parse().unwrap(), value.parse().unwrap())])
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_stranger_cannot_claim_another_address() {
        let headers = forwarded("10.9.9.9");
        assert_eq!(client(ip("203.0.113.5"), &headers, &[ip("127.0.0.1")]).0, ip("203.0.113.5"));
        let spoofed = forwarded("10.9.9.9, 203.0.113.5");
        assert_eq!(client(ip("127.0.0.1"), &spoofed, &[ip("127.0.0.1")]).0, ip("203.0.113.5"));
    }

    #[test]
    fn a_chain_of_our_proxies_is_walked() {
        let headers = forwarded("203.0.113.5:4711, 10.0.0.2");
        let trusted = [ip("127.0.0.1"), ip("10.0.0.2")];
        assert_eq!(client(ip("::ffff:127.0.0.1"), &headers, &trusted).0, ip("203.0.113.5"));
        assert_eq!(client(ip("127.0.0.1"), &forwarded("nonsense"), &trusted).0, ip("127.0.0.1"));
    }

    #[test]
    fn one_customer_is_one_network() {
        let first = ClientAddress(ip("2001:db8:1:2::1")).network();
        assert_eq!(first, ClientAddress(ip("2001:db8:1:2:ffff::9")).network());
        assert_ne!(first, ClientAddress(ip("2001:db8:1:3::1")).network());
        assert_eq!(ClientAddress(ip("::ffff:192.0.2.7")).network(), "192.0.2.7");
    }
}
