//! What of a text is compared: its characters, its pairs of characters, and the sounds of the pairs.

use pinyin::ToPinyin as _;

use super::{Synonyms, plain};

/// Characters that carry no subject: alone they say nothing, in pairs they may.
const EMPTY: &str = "的了吗呢啊呀吧哦嘛哈诶欸喔呗哇嘞么是我你他她它们您这那就都也还又很太在有和跟与把被给让请问想要会去来到个下一点些里上您谢";

/// A piece of a text, as a number.
pub type Feature = u64;

/// A feature, its weight, and which characters of the plain text it comes from.
#[derive(Clone, Copy, Debug)]
pub struct Piece {
    /// What.
    pub feature: Feature,
    /// How much it counts beside its rarity.
    pub weight: f32,
    /// First character.
    pub from: usize,
    /// After the last character.
    pub to: usize,
}

/// A character after synonyms, and the characters of the plain text it stands for.
#[derive(Clone, Copy)]
struct Sign {
    sign: char,
    from: usize,
    to: usize,
}

const PAIR: f32 = 1.0;
const SINGLE: f32 = 0.55;
const SOUND: f32 = 0.35;

/// The pieces of a text, and its plain characters.
pub fn pieces(text: &str, synonyms: &Synonyms) -> (Vec<Piece>, Vec<char>) {
    let signs: Vec<char> = plain(text).chars().collect();
    let canonical = canonical(&signs, synonyms);
    let mut pieces = Vec::with_capacity(canonical.len() * 3);
    for one in &canonical {
        if !EMPTY.contains(one.sign) {
            pieces.push(Piece { feature: key(1, one.sign, '\0'), weight: SINGLE, from: one.from, to: one.to });
        }
    }
    for [first, second] in canonical.array_windows() {
        let (from, to) = (first.from.min(second.from), first.to.max(second.to));
        // A pair of empty characters is grammar.
        if EMPTY.contains(first.sign) && EMPTY.contains(second.sign) {
            continue;
        }
        pieces.push(Piece { feature: key(2, first.sign, second.sign), weight: PAIR, from, to });
        if let (Some(one), Some(other)) = (first.sign.to_pinyin(), second.sign.to_pinyin()) {
            let feature = (3 << 60) | (hash(one.plain()) << 30) | hash(other.plain());
            pieces.push(Piece { feature, weight: SOUND, from, to });
        }
    }
    (pieces, signs)
}

fn canonical(signs: &[char], synonyms: &Synonyms) -> Vec<Sign> {
    let (mut made, mut at) = (Vec::with_capacity(signs.len()), 0);
    while at < signs.len() {
        match synonyms.at(&signs[at..]) {
            Some((length, other)) => {
                made.extend(other.iter().map(|sign| Sign { sign: *sign, from: at, to: at + length }));
                at += length;
            }
            None => {
                made.push(Sign { sign: signs[at], from: at, to: at + 1 });
                at += 1;
            }
        }
    }
    made
}

fn key(kind: u64, first: char, second: char) -> Feature {
    (kind << 60) | (u64::from(u32::from(first)) << 30) | u64::from(u32::from(second))
}

/// FNV-1a, folded to 30 bits.
fn hash(text: &str) -> u64 {
    let full = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    (full ^ (full >> 30)) & 0x3fff_ffff
}
