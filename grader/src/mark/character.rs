//! What single characters are: tables built once from the conversion and pronunciation dictionaries.

use std::sync::LazyLock;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use pinyin::ToPinyin;
use smallvec::SmallVec;

use super::contrary;

/// Characters of an answer; answers of usual length need no heap.
pub(super) type Chars = SmallVec<[char; 24]>;

/// Written differently in traditional Chinese.
pub(super) const TRADITIONAL: u8 = 1;
/// A Chinese numeral, or a multiplier.
pub(super) const NUMERAL: u8 = 2;
/// Easily mistaken for another character.
const LOOKS: u8 = 4;
/// Negates what follows it.
pub(super) const NEGATION: u8 = 8;
/// Has a contrary.
pub(super) const CONTRARY: u8 = 16;
/// Begins a word that has a contrary.
pub(super) const CONTRARY_WORD: u8 = 32;

const FIRST: u32 = 0x4E00;
const LAST: u32 = 0x9FFF;
const COUNT: usize = (LAST - FIRST + 1) as usize;

/// Numerals and multipliers as they stand after conversion to simplified characters.
const NUMERALS: &str = "零一二三四五六七八九十百千万亿两俩仨廿卅壹贰叁肆伍陆柒捌玖拾佰仟半";
/// Traditional numerals, so that the conversion runs for them too.
const TRADITIONAL_NUMERALS: &str = "兩億萬貳參陸";

/// Characters that are easily mistaken for each other in print or handwriting.
const LOOK_ALIKES: &[&str] = &[
    "己已巳",
    "未末",
    "土士",
    "人入八",
    "日曰",
    "天夫夭",
    "千干于",
    "大太犬",
    "木本术",
    "刀力",
    "九丸",
    "田由甲申",
    "贝见",
    "午牛",
    "戊戌戍",
    "候侯",
    "拔拨",
    "辩辨辫",
    "账帐",
    "冶治",
    "徒徙",
    "炙灸",
    "壁璧",
    "赢羸嬴",
    "粟栗",
    "撤撒",
    "折拆",
    "竟竞",
    "暑署",
    "慕幕",
    "孤狐",
    "偏遍",
    "弛驰",
    "晴睛",
    "请清情",
    "喝渴",
    "低抵底",
    "蓝篮",
    "密蜜",
    "梁粱",
    "卷券",
    "育盲",
    "享亨",
    "免兔",
    "鸟乌",
    "历厉",
    "名各",
    "处外",
    "令今",
    "全金",
    "王玉主",
    "目且",
    "白自",
    "几凡",
    "冒昌",
    "间问",
    "阅闯",
    "象像",
    "副幅",
    "须需",
    "作做",
    "稿搞",
    "析折",
    "流硫",
    "氢氯",
    "钠纳",
    "钾钙",
    "镁铁",
    "铜银",
    "汞录",
    "帅师",
    "史吏",
    "失矢",
    "茶荼",
    "兵乒乓",
    "孑孓",
    "母毋",
    "汨汩",
    "洒酒",
    "沫沬",
    "复覆",
    "部陪",
    "陷馅",
    "浅线钱",
    "峰锋",
    "载栽裁",
    "墨黑",
    "库厍",
    "域城",
    "码玛",
    "微徽",
    "信倍",
    "号亏",
    "订钉",
    "阔润",
    "值植",
    "销消",
    "粘黏",
    "联连",
    "标杆",
    "健键",
];

/// ASCII characters that are easily mistaken for each other.
pub(super) fn confusable(character: char) -> char {
    match character {
        'o' | 'ο' | 'о' | '〇' => '0',
        'l' | 'i' | '|' | '!' => '1',
        'z' => '2',
        's' => '5',
        'b' => '6',
        other => other,
    }
}

struct Tables {
    classes: Box<[u8]>,
    sounds: Box<[u16]>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(Tables::build);
static CONVERTER: LazyLock<OpenCC> =
    LazyLock::new(|| OpenCC::from_config(BuiltinConfig::T2s).expect("the dictionaries are part of the program"));

impl Tables {
    fn build() -> Tables {
        let mut classes = vec![0; COUNT].into_boxed_slice();
        let mut sounds = vec![0; COUNT].into_boxed_slice();
        let mut syllables = std::collections::HashMap::new();
        let mut buffer = [0; 4];
        for code in FIRST..=LAST {
            let character = char::from_u32(code).expect("the block has no gaps");
            let index = (code - FIRST) as usize;
            let written = character.encode_utf8(&mut buffer);
            // 著 stands in simplified texts too, but as 着 in 看著.
            if CONVERTER.convert(written) != *written || character == '著' {
                classes[index] |= TRADITIONAL;
            }
            if let Some(sound) = character.to_pinyin() {
                let next = syllables.len() as u16 + 1;
                sounds[index] = *syllables.entry(sound.plain()).or_insert(next);
            }
        }
        let mut put = |characters: &mut dyn Iterator<Item = char>, class: u8| {
            for code in characters.map(u32::from).filter(|code| (FIRST..=LAST).contains(code)) {
                classes[(code - FIRST) as usize] |= class;
            }
        };
        put(&mut NUMERALS.chars().chain(TRADITIONAL_NUMERALS.chars()), NUMERAL);
        put(&mut LOOK_ALIKES.iter().flat_map(|group| group.chars()), LOOKS);
        put(&mut contrary::negations(), NEGATION);
        put(&mut contrary::contrary_characters(), CONTRARY);
        put(&mut contrary::contrary_word_starts(), CONTRARY_WORD);
        Tables { classes, sounds }
    }
}

/// Class bits of a Chinese character; 0 for all others.
pub(super) fn class(character: char) -> u8 {
    let code = character as u32;
    if (FIRST..=LAST).contains(&code) { TABLES.classes[(code - FIRST) as usize] } else { 0 }
}

/// Whether it is one of `零一二…十百千万亿两半` or `〇`.
pub(super) fn is_numeral(character: char) -> bool {
    character == '〇' || class(character) & NUMERAL != 0
}

/// The syllable a Chinese character is read as, without tone; 0 if there is none.
pub(super) fn sound(character: char) -> u16 {
    let code = character as u32;
    if (FIRST..=LAST).contains(&code) { TABLES.sounds[(code - FIRST) as usize] } else { 0 }
}

/// How a text is read, in Latin letters without tones.
pub(super) fn spelled(text: &[char]) -> String {
    text.iter().filter_map(|character| character.to_pinyin()).map(|sound| sound.plain()).collect()
}

/// One bit for the way a character sounds (or, outside of Chinese, looks), so that texts with no bit in common have nothing in common.
pub(super) fn sound_bit(character: char) -> u128 {
    let id = match sound(character) {
        0 => confusable(character) as u32,
        sound => u32::from(sound),
    };
    1 << (id.wrapping_mul(0x9E37_79B1) >> 25)
}

/// Whether it belongs to the Chinese script (not its punctuation).
pub(super) fn is_chinese(character: char) -> bool {
    matches!(character as u32, 0x3007 | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

/// Whether it is a letter, digit or Chinese character rather than a mark.
pub(super) fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || is_chinese(character) || !character.is_ascii() && character.is_alphanumeric()
}

/// The length of `word` in characters if the text begins with it.
pub(super) fn begins_with(text: &[char], word: &str) -> Option<usize> {
    let mut length = 0;
    for character in word.chars() {
        if text.get(length) != Some(&character) {
            return None;
        }
        length += 1;
    }
    Some(length)
}

/// Whether two characters are easily mistaken for each other.
pub(super) fn look_alike(one: char, other: char) -> bool {
    if one.is_ascii() || other.is_ascii() {
        return confusable(one) == confusable(other);
    }
    class(one) & class(other) & LOOKS != 0
        && LOOK_ALIKES.iter().any(|group| group.contains(one) && group.contains(other))
}

/// Simplified Chinese, converted by phrase: 乾坤 stays, 乾淨 becomes 干净.
pub(super) fn simplified(characters: &mut Chars) {
    // 乾 alone is the trigram, not 干.
    if let ['乾'] = characters[..] {
        return;
    }
    let text: String = characters.iter().collect();
    characters.clear();
    let mut previous = ' ';
    let converted = CONVERTER.convert(&text);
    let mut rest = converted.chars().peekable();
    while let Some(character) = rest.next() {
        let kept = character != '著' || keeps_zhu(previous, rest.peek().copied());
        characters.push(if kept { character } else { '着' });
        previous = character;
    }
}

/// Whether 著 between these two is the word "to write, well known" rather than the particle 着.
fn keeps_zhu(before: char, after: Option<char>) -> bool {
    "名显专原巨编论土卓昭拙合遗译新合撰所".contains(before)
        || after.is_some_and(|next| "名作者述称录书有".contains(next))
        || (before == ' ' && after.is_none())
}
