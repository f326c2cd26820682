//! Measure words and units: which words mean the same one, and which can be converted into each other.

use std::collections::HashMap;
use std::sync::LazyLock;

use smallvec::SmallVec;

use super::character::Chars;

/// Words for one unit, and what it is worth in the base unit of its dimension.
struct Entry {
    words: &'static str,
    dimension: Dimension,
    worth: (i128, i128),
}

/// What a unit measures. Measure words count things and convert into nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dimension {
    Count,
    Money,
    Time,
    Months,
    Length,
    Mass,
    Area,
    Volume,
    Data,
    Frequency,
    Other,
}

const fn entry(words: &'static str, dimension: Dimension, over: i128, under: i128) -> Entry {
    Entry { words, dimension, worth: (over, under) }
}

use Dimension::{Area, Count, Data, Frequency, Length, Mass, Money, Months, Other, Time, Volume};

/// The first word of an entry stands for all of them. A word may occur in several entries (位 counts people and bits).
const ENTRIES: &[Entry] = &[
    entry("人 个人 名 位", Count, 1, 1),
    entry("元 块 块钱 圆 元钱 元人民币 人民币元 人民币 元整 rmb yuan cny ¥", Money, 100, 1),
    entry("角 毛 毛钱", Money, 10, 1),
    entry("分 分钱", Money, 1, 1),
    entry("美元 美金 usd 刀", Other, 1, 1),
    entry("欧元 eur", Other, 1, 1),
    entry("英镑 gbp", Other, 1, 1),
    entry("日元 jpy", Other, 1, 1),
    entry("港元 港币 hkd", Other, 1, 1),
    entry("年 年份 个年头", Months, 12, 1),
    entry("个月", Months, 1, 1),
    entry("个季度 季度", Months, 3, 1),
    entry("月 月份", Months, 1, 1),
    entry("周 星期 个星期 礼拜 个礼拜", Time, 604_800_000, 1),
    entry("天 日", Time, 86_400_000, 1),
    entry("个工作日 工作日", Other, 1, 1),
    entry("小时 个小时 钟头 个钟头 h hour hours", Time, 3_600_000, 1),
    entry("分钟 分 min minute minutes", Time, 60_000, 1),
    entry("秒 秒钟 s second seconds", Time, 1000, 1),
    entry("毫秒 ms", Time, 1, 1),
    entry("微秒 us μs", Time, 1, 1000),
    entry("纳秒 ns", Time, 1, 1_000_000),
    entry("点 点钟 时", Other, 1, 1),
    entry("米 公尺 m", Length, 1_000_000_000, 1),
    entry("千米 公里 km", Length, 1_000_000_000_000, 1),
    entry("分米 dm", Length, 100_000_000, 1),
    entry("厘米 公分 cm", Length, 10_000_000, 1),
    entry("毫米 mm", Length, 1_000_000, 1),
    entry("微米 um μm", Length, 1000, 1),
    entry("纳米 nm", Length, 1, 1),
    entry("里 华里", Length, 500_000_000_000, 1),
    entry("英里 mile miles", Other, 1, 1),
    entry("英寸 寸 in inch", Other, 1, 1),
    entry("海里", Other, 1, 1),
    entry("光年", Other, 1, 1),
    entry("克 g", Mass, 1000, 1),
    entry("毫克 mg", Mass, 1, 1),
    entry("千克 公斤 kg", Mass, 1_000_000, 1),
    entry("斤 市斤", Mass, 500_000, 1),
    entry("吨 t", Mass, 1_000_000_000, 1),
    entry("两", Mass, 50_000, 1),
    entry("平方米 平米 m^2 m2 平方", Area, 1, 1),
    entry("平方厘米 cm^2 cm2", Area, 1, 10_000),
    entry("平方千米 平方公里 km^2 km2", Area, 1_000_000, 1),
    entry("公顷 ha hm^2 hm2", Area, 10_000, 1),
    entry("亩", Other, 1, 1),
    entry("立方米 m^3 m3 立方 方", Volume, 1_000_000, 1),
    entry("立方厘米 cm^3 cm3", Volume, 1, 1),
    entry("升 l", Volume, 1000, 1),
    entry("毫升 ml", Volume, 1, 1),
    entry("摄氏度 °c 度", Other, 1, 1),
    entry("华氏度 °f", Other, 1, 1),
    entry("度 °", Other, 1, 1),
    entry("千瓦时 度 kwh kw·h 度电", Other, 1, 1),
    entry("伏 伏特 v", Other, 1, 1),
    entry("千伏 kv", Other, 1, 1),
    entry("安 安培 a", Other, 1, 1),
    entry("毫安 ma", Other, 1, 1),
    entry("瓦 瓦特 w", Other, 1, 1),
    entry("千瓦 kw", Other, 1, 1),
    entry("欧 欧姆 ω", Other, 1, 1),
    entry("牛 牛顿 n", Other, 1, 1),
    entry("焦 焦耳 j", Other, 1, 1),
    entry("千焦 kj", Other, 1, 1),
    entry("卡 卡路里 cal", Other, 1, 1),
    entry("千卡 大卡 kcal", Other, 1, 1),
    entry("帕 帕斯卡 pa", Other, 1, 1),
    entry("千帕 kpa", Other, 1, 1),
    entry("兆帕 mpa", Other, 1, 1),
    entry("摩尔 mol", Other, 1, 1),
    entry("摩尔每升 摩尔/升 mol/l", Other, 1, 1),
    entry("克每摩尔 克/摩尔 g/mol", Other, 1, 1),
    entry("分贝 db", Other, 1, 1),
    entry("开 开尔文 k", Other, 1, 1),
    entry("赫兹 赫 hz", Frequency, 1, 1),
    entry("千赫 千赫兹 khz", Frequency, 1000, 1),
    entry("兆赫 兆赫兹 mhz", Frequency, 1_000_000, 1),
    entry("吉赫 吉赫兹 ghz", Frequency, 1_000_000_000, 1),
    entry("位 比特 bit bits 个比特 个bit 个二进制位", Data, 1, 1),
    entry("字节 个字节 byte bytes", Data, 8, 1),
    entry("kb 千字节 k", Data, 8192, 1),
    entry("mb 兆 兆字节 m", Data, 8_388_608, 1),
    entry("gb g 吉字节", Data, 8_589_934_592, 1),
    entry("tb t 太字节", Data, 8_796_093_022_208, 1),
    entry("bps b/s bit/s 比特/秒 比特每秒 位/秒", Other, 1, 1),
    entry("kbps kb/s kbit/s", Other, 1, 1),
    entry("mbps mb/s mbit/s", Other, 1, 1),
    entry("gbps gb/s gbit/s", Other, 1, 1),
    entry("千米/小时 千米每小时 公里/小时 公里每小时 千米/时 千米每时 公里/时 km/h", Other, 1, 1),
    entry("米/秒 米每秒 m/s", Other, 1, 1),
    entry("米/秒^2 米每二次方秒 m/s^2 m/s2", Other, 1, 1),
    entry("像素 px 个像素", Other, 1, 1),
    entry("帧 fps 帧/秒 帧每秒", Other, 1, 1),
    entry("岁 周岁", Other, 1, 1),
    entry("倍", Other, 1, 1),
    entry("折", Other, 1, 1),
    entry("成", Other, 1, 1),
    entry("个百分点 百分点", Other, 1, 1),
    entry("世纪 个世纪", Other, 1, 1),
    entry("号", Other, 1, 1),
];

/// Words that only count things.
const MEASURE_WORDS: &str = "个 条 次 种 类 项 点 部 台 张 件 只 支 枝 把 本 篇 章 节 段 句 字 个字 词 页 幅 首 份 家 间 所 座 层 级 门 科 组 套 款 批 群 \
     队 班 届 期 代 轮 场 局 盘 回 遍 趟 步 块 片 颗 粒 根 棵 株 朵 头 匹 口 户 方 方面 个方面 面 道 行 列 栏 格 排 样 双 对 副 箱 盒 瓶 杯 碗 袋 包 桶 罐 \
     架 艘 辆 枚 则 起 宗 笔 股 大类 个大类 大 种类 个种类 环节 个环节 步骤 个步骤 阶段 个阶段 部分 个部分 要素 个要素 原则 特点 个特点 个国家 票 例 元组 字符 个字符 人次 座位 席 维 阶 \
     边 角 个角 条边 度 卷 册 集 幕 声 眼 刀 针 剂 味 尾 峰 顶 顿 餐 桌 圈 滴 束 串 堆 捆 通 封 档 版 处 省 市 县 国 洲 朝";

/// A unit that was read: one or more entries that its word may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    word: &'static str,
    meanings: SmallVec<[u16; 3]>,
}

/// All words by their first character, the longest first.
static WORDS: LazyLock<HashMap<char, Vec<(Chars, Unit)>>> = LazyLock::new(|| {
    let counted = MEASURE_WORDS.split_whitespace().map(|word| (word, None));
    let all =
        ENTRIES.iter().flat_map(|entry| entry.words.split(' ').map(move |word| (word, Some(entry)))).chain(counted);
    let mut words: HashMap<char, Vec<(Chars, Unit)>> = HashMap::new();
    for (position, (word, entry)) in all.enumerate() {
        let meaning = match entry {
            Some(entry) => ENTRIES.iter().position(|other| std::ptr::eq(other, entry)).expect("it comes from there"),
            None => ENTRIES.len() + position,
        };
        let characters: Chars = word.chars().collect();
        let same_start = words.entry(characters[0]).or_default();
        match same_start.iter_mut().find(|(known, _)| *known == characters) {
            Some((_, unit)) => unit.meanings.push(meaning as u16),
            None => same_start.push((characters, Unit { word, meanings: SmallVec::from_slice(&[meaning as u16]) })),
        }
    }
    for same_start in words.values_mut() {
        same_start.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    }
    words
});

impl Unit {
    /// The unit that these characters name, all of them.
    pub(super) fn named(characters: &[char]) -> Option<Unit> {
        let (unit, length) = Unit::leading(characters)?;
        (length == characters.len()).then_some(unit)
    }

    /// The longest unit at the start of these characters, and its length.
    pub(super) fn leading(characters: &[char]) -> Option<(Unit, usize)> {
        let same_start = WORDS.get(characters.first()?)?;
        let (word, unit) = same_start.iter().find(|(word, _)| characters.starts_with(word))?;
        Some((unit.clone(), word.len()))
    }

    /// Whether both can mean the same unit.
    pub(super) fn same(&self, other: &Unit) -> bool {
        self.meanings.iter().any(|meaning| other.meanings.contains(meaning))
    }

    /// Whether the other one means what this one means first of all, or is the same word.
    pub(super) fn surely_same(&self, other: &Unit) -> bool {
        self.word == other.word || self.meanings.first().is_some_and(|meaning| other.meanings.contains(meaning))
    }

    /// Whether it only counts things.
    pub(super) fn is_measure_word(&self) -> bool {
        self.meanings
            .iter()
            .any(|&meaning| ENTRIES.get(usize::from(meaning)).is_none_or(|entry| entry.dimension == Count))
    }

    /// Whether it is 个, which can stand for any measure word.
    pub(super) fn is_general(&self) -> bool {
        self.word == "个"
    }

    /// Whether it can be a calendar year.
    pub(super) fn is_year(&self) -> bool {
        matches!(self.word, "年" | "年份")
    }

    /// What both are worth in their common base unit, if they measure the same thing.
    pub(super) fn worth(&self, other: &Unit) -> Option<((i128, i128), (i128, i128))> {
        let entries = |unit: &Unit| {
            unit.meanings.iter().filter_map(|&m| ENTRIES.get(usize::from(m))).collect::<SmallVec<[&Entry; 3]>>()
        };
        entries(self).iter().find_map(|one| {
            let convertible = !matches!(one.dimension, Count | Other);
            let two = entries(other).into_iter().find(|two| convertible && two.dimension == one.dimension)?;
            Some((one.worth, two.worth))
        })
    }

    /// One word for every unit that means the same; the word itself where its meaning is not clear.
    pub(super) fn standard_word(&self) -> &'static str {
        match self.meanings[..] {
            [meaning] => {
                ENTRIES.get(usize::from(meaning)).and_then(|entry| entry.words.split(' ').next()).unwrap_or(self.word)
            }
            _ => self.word,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(word: &str) -> Unit {
        Unit::named(&word.chars().collect::<Vec<_>>()).unwrap_or_else(|| panic!("{word} is no unit"))
    }

    #[test]
    fn words_for_one_unit_are_the_same_and_others_are_not() {
        for (one, other) in
            [("km", "公里"), ("公里", "千米"), ("元", "块"), ("公斤", "kg"), ("天", "日"), ("人", "名"), ("位", "比特")]
        {
            assert!(unit(one).same(&unit(other)), "{one} {other}");
        }
        for (one, other) in [
            ("公里", "米"),
            ("里", "公里"),
            ("斤", "公斤"),
            ("月", "个月"),
            ("元", "美元"),
            ("条", "次"),
            ("字节", "位"),
        ] {
            assert!(!unit(one).same(&unit(other)), "{one} {other}");
        }
    }

    #[test]
    fn every_word_can_be_found_again() {
        for (word, known) in WORDS.values().flatten() {
            assert_eq!(Unit::named(word).as_ref(), Some(known), "{word:?}");
        }
    }
}
