//! Access tokens: the stable one, the old one, how they expire and are made anew.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use data_encoding::BASE64URL_NOPAD;

use crate::failure::Failure;
use crate::options::Options;

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
    allowed: Option<Vec<IpAddr>>,
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

    /// Whether tokens are given to this address.
    pub fn admits(&self, from: IpAddr) -> bool {
        self.allowed.as_ref().is_none_or(|allowed| allowed.contains(&from))
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

    /// The token that stays until it ends or is renewed by force, and how many seconds it has.
    pub fn stable(&mut self, force: bool, day: NaiveDate, now: Instant) -> Result<(String, u64), Failure> {
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

    /// A new token of the old way, which ends the one before.
    pub fn plain(&mut self, day: NaiveDate, now: Instant) -> Result<(String, u64), Failure> {
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
