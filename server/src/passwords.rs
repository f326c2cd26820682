//! Passwords: which are taken, and their argon2id hashes. Hashing happens in turns, one for each core, so that a rush of
//! sign-ins keeps the server answering.

use std::collections::HashSet;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, Message, Result};

/// Fewest characters.
pub const SHORTEST: usize = 8;
/// Most characters; a longer one would only cost time.
pub const LONGEST: usize = 128;
/// How long a sign-in waits for its turn before it is told to come again.
const PATIENCE: Duration = Duration::from_secs(30);
/// Words of this place, which a guesser tries first.
const HOUSE_WORDS: &[&str] = &["classroom", "wechat", "weixin", "marketing", "student", "teacher", "administrator"];

static TURNS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    Arc::new(Semaphore::new(cores))
});

static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("passwords/common.txt").lines().filter(|line| !line.is_empty()).collect());

/// What a password is compared with where there is none, so that an unknown login takes as long as a known one.
static NOBODYS: LazyLock<String> = LazyLock::new(|| {
    let password = rand::random::<[u8; 32]>();
    argon2id().hash_password(&password).expect("these parameters hash any password").to_string()
});

/// The floor that OWASP lists (ASVS 5.0 appendix C): 19 MiB, two passes, one lane.
fn argon2id() -> Argon2<'static> {
    let params = Params::new(19_456, 2, 1, None).expect("these parameters are in argon2's range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The right to compute one hash. What must not race with hashing (counting guesses) is done while holding it.
pub struct Turn {
    permit: Arc<OwnedSemaphorePermit>,
}

/// Waits for a core.
pub async fn turn() -> Result<Turn> {
    let permit = tokio::time::timeout(PATIENCE, TURNS.clone().acquire_owned())
        .await
        .map_err(|_| Error::unavailable("too many sign-ins wait for a hash"))?
        .map_err(Error::internal)?;
    Ok(Turn { permit: Arc::new(permit) })
}

impl Turn {
    /// Whether the password belongs to the hash; without a hash it takes as long and does not.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        self.run(move || {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| NOBODYS.clone());
            let parsed = PasswordHash::new(&hash).map_err(Error::internal)?;
            let fits = argon2id().verify_password(normal(&password).as_bytes(), &parsed).is_ok();
            Ok(fits && known)
        })
        .await
    }

    /// The hash of a password in PHC form.
    pub async fn hash(&self, password: String) -> Result<String> {
        self.run(move || {
            let hash = argon2id().hash_password(normal(&password).as_bytes()).map_err(Error::internal)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// The turn lasts until the work is done, even when the one who asked has gone away.
    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let permit = self.permit.clone();
        tokio::task::spawn_blocking(move || {
            let result = work();
            drop(permit);
            result
        })
        .await
        .map_err(Error::internal)?
    }
}

/// The hash of a password, waiting for a turn.
pub async fn hash(password: &str) -> Result<String> {
    turn().await?.hash(password.to_owned()).await
}

/// Whether a hash was made with weaker parameters than today's.
pub fn is_outdated(hash: &str) -> bool {
    let current = NOBODYS.split('$').take(4).collect::<Vec<_>>();
    hash.split('$').take(4).collect::<Vec<_>>() != current
}

/// The same characters whatever keyboard typed them: full-width letters are the letters.
fn normal(password: &str) -> String {
    password.nfkc().collect()
}

/// Refuses a password that is too short, too long, common, or made from what everybody knows about the person:
/// `words` are login, name, class, course.
pub fn check(password: &str, words: &[&str]) -> Result<(), Message> {
    let password = normal(password).to_lowercase();
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(Message::new("account-password-too-short").with("least", SHORTEST));
    }
    if length > LONGEST {
        return Err(Message::new("account-password-too-long").with("most", LONGEST));
    }
    if COMMON.contains(password.as_str()) || is_pattern(&password) {
        return Err(Message::new("account-password-common"));
    }
    let known = words.iter().copied().chain(HOUSE_WORDS.iter().copied());
    for word in known {
        let word = normal(word).to_lowercase();
        // What is left beside the word must be worth guessing.
        let rest = password.replace(&word, "").chars().count();
        if word.chars().count() >= 2 && password.contains(&word) && rest < 4 {
            return Err(Message::new("account-password-personal"));
        }
    }
    Ok(())
}

/// One character again and again, a short piece repeated, or a run up or down the alphabet or the digits.
fn is_pattern(password: &str) -> bool {
    let characters: Vec<char> = password.chars().collect();
    let repeats =
        |unit: usize| characters.iter().enumerate().all(|(at, character)| *character == characters[at % unit]);
    let runs = |step: i64| {
        characters.windows(2).all(|pair| {
            let difference = i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0]));
            difference == step || (pair[0] == '9' && pair[1] == '0') || (pair[0] == '0' && pair[1] == '9')
        })
    };
    (1..=4.min(characters.len() / 2)).any(repeats) || runs(1) || runs(-1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(password: &str, words: &[&str]) -> Option<String> {
        check(password, words).err().map(|message| message.key.into_owned())
    }

    #[test]
    fn length_counts_characters() {
        assert_eq!(refused("七个字的密码啊", &[]).as_deref(), Some("account-password-too-short"));
        assert_eq!(refused("八个字的密码行吗", &[]), None);
        assert_eq!(refused(&"ab1!cd2?".repeat(17), &[]).as_deref(), Some("account-password-too-long"));
        let sentence: String = ('a'..='z').cycle().step_by(7).take(LONGEST).collect();
        assert_eq!(refused(&sentence, &[]), None);
    }

    #[test]
    fn what_everybody_guesses_is_refused() {
        for common in [
            "12345678",
            "Password1",
            "aaaaaaaa",
            "abababab",
            "87654321",
            "1234567890",
            "ｐａｓｓｗｏｒｄ",
            "woaini1314",
            "abcdefgh",
        ] {
            assert_eq!(refused(common, &[]).as_deref(), Some("account-password-common"), "{common}");
        }
        assert!(COMMON.len() >= 300, "the list has {} entries", COMMON.len());
        assert!(COMMON.iter().all(|line| *line == line.to_lowercase() && line.chars().count() >= SHORTEST));
    }

    #[test]
    fn what_everybody_knows_is_refused() {
        let words = ["2024010117", "学生 17", "network-marketing"];
        for personal in ["2024010117", "2024010117a", "x2024010117!", "Marketing12", "network-marketing"] {
            assert_eq!(refused(personal, &words).as_deref(), Some("account-password-personal"), "{personal}");
        }
        assert_eq!(refused("2024010117-tea-at-noon", &words), None);
        assert_eq!(refused("喝茶要趁热 please", &words), None);
    }

    #[tokio::test]
    async fn a_hash_fits_its_password_only() {
        let hash = hash("correct horse").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(!is_outdated(&hash));
        assert!(is_outdated(&hash.replace("m=19456", "m=4096")));
        let turn = turn().await.unwrap();
        assert!(turn.verify("ｃorrect horse".into(), Some(hash.clone())).await.unwrap());
        assert!(!turn.verify("correct horsf".into(), Some(hash)).await.unwrap());
        assert!(!turn.verify("correct horse".into(), None).await.unwrap());
    }
}
