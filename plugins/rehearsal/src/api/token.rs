//! Access tokens: the stable one, the old one, how they expire and are made anew.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, Utc};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use super::{Call, Failure};
use crate::clock::day_of;
use crate::options::Options;
use crate::platform::Platform;

/// So long both work when one follows the other.
const OVERLAP: Duration = Duration::from_secs(300);
/// Renewals by force: so many in a day, so far apart.
const FORCED_A_DAY: usize = 20;
const FORCED_APART: Duration = Duration::from_secs(30);
/// The old way: so many in a day.
const PLAIN_A_DAY: u64 = 2_000;

/// All tokens that were ever given out and may still be shown.
pub struct Tokens {
    life: Duration,
    allowed: Option<Vec<std::net::IpAddr>>,
    given: VecDeque<Token>,
    forced: VecDeque<(NaiveDate, Instant)>,
    plain_calls: (NaiveDate, u64),
}

struct Token {
    text: String,
    stable: bool,
    until: Instant,
    dead: bool,
}

impl Tokens {
    pub fn new(options: &Options) -> Self {
        Self {
            life: options.token_life.min(Duration::from_secs(7200)),
            allowed: options.allowed_addresses.clone(),
            given: VecDeque::new(),
            forced: VecDeque::new(),
            plain_calls: (NaiveDate::MIN, 0),
        }
    }

    /// Whether a token is good.
    pub fn check(&self, text: &str, now: Instant) -> Result<(), Failure> {
        let plausible = text.len() >= 64 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        match self.given.iter().find(|token| token.text == text) {
            None if !plausible => Err(Failure::new(40014)),
            None => Err(Failure::new(40001)),
            Some(token) if token.dead => Err(Failure::new(40001)),
            Some(token) if now >= token.until => Err(Failure::new(42001)),
            Some(_) => Ok(()),
        }
    }

    /// Makes every token invalid, as the platform does when a secret is changed.
    pub fn end_all(&mut self) {
        self.given.iter_mut().for_each(|token| token.dead = true);
    }

    fn give(&mut self, stable: bool, now: Instant) -> (String, u64) {
        let random: Vec<u8> = rand::random_iter().take(96).collect();
        let text = format!("{}_{}", self.given.len() + 80, BASE64URL_NOPAD.encode(&random));
        self.given.push_back(Token { text: text.clone(), stable, until: now + self.life, dead: false });
        if self.given.len() > 1_000 {
            self.given.pop_front();
        }
        (text, self.life.as_secs())
    }

    fn end(&mut self, stable: bool) {
        self.given.iter_mut().filter(|token| token.stable == stable).for_each(|token| token.dead = true);
    }

    fn stable(&mut self, force: bool, day: NaiveDate, now: Instant) -> Result<(String, u64), Failure> {
        if force {
            self.forced.retain(|(of, _)| *of == day);
            if self.forced.back().is_some_and(|(_, at)| now.duration_since(*at) < FORCED_APART) {
                return Err(Failure::new(45011));
            }
            if self.forced.len() >= FORCED_A_DAY {
                return Err(Failure::new(45009));
            }
            self.forced.push_back((day, now));
            self.end(true);
            return Ok(self.give(true, now));
        }
        let margin = OVERLAP.min(self.life / 24);
        let current = self.given.iter().rev().find(|token| token.stable && !token.dead);
        match current.filter(|token| token.until > now + margin) {
            Some(token) => Ok((token.text.clone(), token.until.duration_since(now).as_secs())),
            None => Ok(self.give(true, now)),
        }
    }

    fn plain(&mut self, day: NaiveDate, now: Instant) -> Result<(String, u64), Failure> {
        if self.plain_calls.0 != day {
            self.plain_calls = (day, 0);
        }
        if self.plain_calls.1 >= PLAIN_A_DAY {
            return Err(Failure::new(45009));
        }
        self.plain_calls.1 += 1;
        self.end(false);
        Ok(self.give(false, now))
    }
}

/// `POST /cgi-bin/stable_token`
pub fn stable(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    let field = |name: &str| call.body.get(name).and_then(Value::as_str).map(str::to_owned);
    admit(platform, call, field("grant_type"), field("appid"), field("secret"))?;
    let force = match call.body.get("force_refresh") {
        None | Some(Value::Null) => false,
        Some(Value::Bool(force)) => *force,
        Some(_) => return Err(Failure::new(47001)),
    };
    platform.state.tokens.stable(force, day_of(real_time()), call.real).map(answer)
}

/// `GET /cgi-bin/token`
pub fn plain(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    let field = |name: &str| call.query.get(name).cloned();
    admit(platform, call, field("grant_type"), field("appid"), field("secret"))?;
    platform.state.tokens.plain(day_of(real_time()), call.real).map(answer)
}

/// Tokens age by this machine's clock, and so do their quotas.
fn real_time() -> DateTime<Utc> {
    Utc::now()
}

fn answer((token, seconds): (String, u64)) -> Value {
    json!({ "access_token": token, "expires_in": seconds })
}

fn admit(
    platform: &Platform,
    call: &Call,
    grant: Option<String>,
    appid: Option<String>,
    secret: Option<String>,
) -> Result<(), Failure> {
    if grant.as_deref() != Some("client_credential") {
        return Err(Failure::new(40002));
    }
    let appid = appid.filter(|text| !text.is_empty()).ok_or_else(|| Failure::new(41002))?;
    let secret = secret.filter(|text| !text.is_empty()).ok_or_else(|| Failure::new(41004))?;
    if appid != platform.account.appid {
        return Err(Failure::new(40013));
    }
    if secret != platform.account.secret {
        return Err(Failure::new(40125));
    }
    match &platform.state.tokens.allowed {
        Some(allowed) if !allowed.contains(&call.from) => {
            Err(Failure::saying(40164, format!("invalid ip {}, not in whitelist", call.from)))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(life: u64) -> Tokens {
        Tokens::new(&Options { token_life: Duration::from_secs(life), ..Options::default() })
    }

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 9, 1).unwrap()
    }

    #[test]
    fn the_stable_token_stays_and_overlaps_with_the_next() {
        let (mut tokens, start) = (tokens(7200), Instant::now());
        let (first, seconds) = tokens.stable(false, day(), start).unwrap();
        assert_eq!(seconds, 7200);
        let later = start + Duration::from_secs(6_800);
        assert_eq!(tokens.stable(false, day(), later).unwrap(), (first.clone(), 400));
        let renewed = start + Duration::from_secs(6_900);
        let (second, _) = tokens.stable(false, day(), renewed).unwrap();
        assert_ne!(first, second);
        assert_eq!(tokens.check(&first, renewed), Ok(()));
        let over = start + Duration::from_secs(7_200);
        assert_eq!(tokens.check(&first, over).unwrap_err().code, 42001);
        assert_eq!(tokens.check(&second, over), Ok(()));
    }

    #[test]
    fn force_ends_the_last_one_and_is_limited() {
        let (mut tokens, mut now) = (tokens(7200), Instant::now());
        let (mut last, _) = tokens.stable(false, day(), now).unwrap();
        for _ in 0..FORCED_A_DAY {
            let (token, _) = tokens.stable(true, day(), now).unwrap();
            assert_eq!(tokens.check(&last, now).unwrap_err().code, 40001);
            assert_eq!(tokens.stable(true, day(), now).unwrap_err().code, 45011);
            last = token;
            now += FORCED_APART;
        }
        assert_eq!(tokens.stable(true, day(), now).unwrap_err().code, 45009);
        assert!(tokens.stable(true, day().succ_opt().unwrap(), now).is_ok());
    }

    #[test]
    fn the_old_way_ends_the_one_before_and_leaves_the_stable_one_alone() {
        let (mut tokens, now) = (tokens(7200), Instant::now());
        let (stable, _) = tokens.stable(false, day(), now).unwrap();
        let (first, _) = tokens.plain(day(), now).unwrap();
        let (second, _) = tokens.plain(day(), now).unwrap();
        assert_eq!(tokens.check(&first, now).unwrap_err().code, 40001);
        assert_eq!(tokens.check(&second, now), Ok(()));
        assert_eq!(tokens.check(&stable, now), Ok(()));
        tokens.end_all();
        assert_eq!(tokens.check(&stable, now).unwrap_err().code, 40001);
        assert_eq!(tokens.check("nonsense", now).unwrap_err().code, 40014);
    }
}
