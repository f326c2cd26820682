//! Words for measure words and units, and what they are worth: entries, and SI prefixes before the units that take them.

use std::collections::HashMap;
use std::sync::LazyLock;

use smallvec::SmallVec;

use super::character::Chars;

/// What a unit measures. Measure words count things; these and what measures in a way of its own convert into nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Dimension {
    Count,
    Money,
    Time,
    Months,
    Length,
    Mass,
    Data,
    Frequency,
    Amount,
    Voltage,
    Current,
    Power,
    Resistance,
    Force,
    Energy,
    Pressure,
    Mercury,
    Charge,
    Capacitance,
    Inductance,
    Heat,
    ElectronVolt,
    Own,
}

use Dimension::*;

/// Words for one unit, and what it is worth in the base unit of its dimension raised to a power.
struct Entry {
    words: &'static str,
    dimension: Dimension,
    power: i8,
    worth: (i128, i128),
}

const fn entry(words: &'static str, dimension: Dimension, over: i128, under: i128) -> Entry {
    Entry { words, dimension, power: 1, worth: (over, under) }
}

const fn raised(words: &'static str, power: i8, over: i128, under: i128) -> Entry {
    Entry { words, dimension: Length, power, worth: (over, under) }
}

/// The first word of an entry stands for all of them. A word may occur in several entries (位 counts people and bits).
const ENTRIES: &[Entry] = &[
    entry("人 个人 名 位", Count, 1, 1),
    entry("元 块 块钱 圆 元钱 元人民币 人民币元 人民币 元整 rmb yuan cny ¥", Money, 100, 1),
    entry("角 毛 毛钱", Money, 10, 1),
    entry("分 分钱", Money, 1, 1),
    entry("美元 美金 usd 刀", Own, 1, 1),
    entry("欧元 eur", Own, 1, 1),
    entry("英镑 gbp", Own, 1, 1),
    entry("日元 jpy", Own, 1, 1),
    entry("港元 港币 hkd", Own, 1, 1),
    entry("年 年份 个年头", Months, 12, 1),
    entry("个月", Months, 1, 1),
    entry("个季度 季度", Months, 3, 1),
    entry("月 月份", Months, 1, 1),
    entry("周 星期 个星期 礼拜 个礼拜", Time, 604_800, 1),
    entry("天 日", Time, 86_400, 1),
    entry("个工作日 工作日", Own, 1, 1),
    entry("点 点钟 时", Own, 1, 1),
    entry("小时 个小时 钟头 个钟头 h hour hours 时", Time, 3_600, 1),
    entry("分钟 分 min minute minutes", Time, 60, 1),
    entry("秒 秒钟 s second seconds", Time, 1, 1),
    entry("米 公尺 m", Length, 1, 1),
    entry("千米 公里 km", Length, 1000, 1),
    entry("厘米 公分 cm", Length, 1, 100),
    entry("里 华里", Length, 500, 1),
    entry("英里 mile miles", Own, 1, 1),
    entry("英寸 寸 in inch", Own, 1, 1),
    entry("海里", Own, 1, 1),
    entry("光年", Own, 1, 1),
    entry("克 g", Mass, 1, 1),
    entry("千克 公斤 kg", Mass, 1000, 1),
    entry("斤 市斤", Mass, 500, 1),
    entry("吨 t", Mass, 1_000_000, 1),
    entry("两", Mass, 50, 1),
    raised("平米 平方", 2, 1, 1),
    raised("公顷 ha", 2, 10_000, 1),
    entry("亩", Own, 1, 1),
    raised("立方 方", 3, 1, 1),
    raised("升 公升 l", 3, 1, 1000),
    entry("摄氏度 °c 度", Own, 1, 1),
    entry("华氏度 °f", Own, 1, 1),
    entry("度 °", Own, 1, 1),
    entry("角分 '", Own, 1, 1),
    entry("千瓦时 度 kwh kw·h kw*h 度电", Own, 1, 1),
    entry("伏 伏特 v", Voltage, 1, 1),
    entry("安 安培 a", Current, 1, 1),
    entry("瓦 瓦特 w", Power, 1, 1),
    entry("欧 欧姆 ω", Resistance, 1, 1),
    entry("牛 牛顿 n", Force, 1, 1),
    entry("焦 焦耳 j", Energy, 1, 1),
    entry("库 库仑", Charge, 1, 1),
    entry("法 法拉", Capacitance, 1, 1),
    entry("亨 亨利", Inductance, 1, 1),
    entry("卡 卡路里 cal", Heat, 1, 1),
    entry("千卡 大卡 kcal", Heat, 1000, 1),
    entry("电子伏 电子伏特 ev", ElectronVolt, 1, 1),
    entry("帕 帕斯卡 pa", Pressure, 1, 1),
    entry("毫米汞柱 mmhg mm汞柱 毫米水银柱", Mercury, 1, 1),
    entry("厘米汞柱 cmhg cm汞柱", Mercury, 10, 1),
    entry("大气压 个大气压 标准大气压 个标准大气压 atm", Own, 1, 1),
    entry("摩尔 摩 mol", Amount, 1, 1),
    entry("分贝 db", Own, 1, 1),
    entry("开 开尔文 k", Own, 1, 1),
    entry("赫兹 赫 hz", Frequency, 1, 1),
    entry("位 比特 bit bits 个比特 个bit 个二进制位", Data, 1, 1),
    entry("字节 个字节 byte bytes", Data, 8, 1),
    entry("kb 千字节 k", Data, 8192, 1),
    entry("mb 兆 兆字节 m", Data, 8_388_608, 1),
    entry("gb g 吉字节", Data, 8_589_934_592, 1),
    entry("tb t 太字节", Data, 8_796_093_022_208, 1),
    entry("bps b/s bit/s 比特/秒 比特每秒 位/秒", Own, 1, 1),
    entry("kbps kb/s kbit/s", Own, 1, 1),
    entry("mbps mb/s mbit/s", Own, 1, 1),
    entry("gbps gb/s gbit/s", Own, 1, 1),
    entry("像素 px 个像素", Own, 1, 1),
    entry("帧 fps 帧/秒 帧每秒", Own, 1, 1),
    entry("转 r 圈", Own, 1, 1),
    entry("岁 周岁", Own, 1, 1),
    entry("倍", Own, 1, 1),
    entry("折", Own, 1, 1),
    entry("成", Own, 1, 1),
    entry("个百分点 百分点", Own, 1, 1),
    entry("世纪 个世纪", Own, 1, 1),
    entry("号", Own, 1, 1),
];

/// A unit that takes SI prefixes: its letters, its Chinese names, the prefixes in use, and its power.
const PREFIXED: &[(&str, &str, &str, Dimension, i8, (i128, i128))] = &[
    ("m", "米", "k d c m μ n p", Length, 1, (1, 1)),
    ("g", "克", "k m μ n", Mass, 1, (1, 1)),
    ("l", "升", "d m μ", Length, 3, (1, 1000)),
    ("s", "秒", "m μ n p", Time, 1, (1, 1)),
    ("mol", "摩尔 摩", "k m μ n", Amount, 1, (1, 1)),
    ("v", "伏 伏特", "k m μ", Voltage, 1, (1, 1)),
    ("a", "安 安培", "k m μ n", Current, 1, (1, 1)),
    ("w", "瓦 瓦特", "k M m μ G", Power, 1, (1, 1)),
    ("ω", "欧 欧姆", "k M m", Resistance, 1, (1, 1)),
    ("n", "牛 牛顿", "k M m", Force, 1, (1, 1)),
    ("j", "焦 焦耳", "k M m", Energy, 1, (1, 1)),
    ("c", "库 库仑", "m μ n", Charge, 1, (1, 1)),
    ("f", "法 法拉", "m μ n p", Capacitance, 1, (1, 1)),
    ("h", "亨 亨利", "m μ", Inductance, 1, (1, 1)),
    ("ev", "电子伏 电子伏特", "k M G", ElectronVolt, 1, (1, 1)),
    ("pa", "帕 帕斯卡", "h k M m G", Pressure, 1, (1, 1)),
    ("hz", "赫兹 赫", "k M G T", Frequency, 1, (1, 1)),
];

/// SI prefixes: how they are told apart above, as folded letters, in Chinese, and their factor.
const PREFIXES: &[(&str, &str, &str, (i128, i128))] = &[
    ("T", "t", "太", (1_000_000_000_000, 1)),
    ("G", "g", "吉", (1_000_000_000, 1)),
    ("M", "m", "兆", (1_000_000, 1)),
    ("k", "k", "千", (1000, 1)),
    ("h", "h", "百", (100, 1)),
    ("d", "d", "分", (1, 10)),
    ("c", "c", "厘", (1, 100)),
    ("m", "m", "毫", (1, 1000)),
    ("μ", "μ u", "微", (1, 1_000_000)),
    ("n", "n", "纳", (1, 1_000_000_000)),
    ("p", "p", "皮", (1, 1_000_000_000_000)),
];

/// Words that only count things.
const MEASURE_WORDS: &str = "个 条 次 种 类 项 点 部 台 张 件 只 支 枝 把 本 篇 章 节 段 句 字 个字 词 页 幅 首 份 家 间 所 座 层 级 门 科 组 套 款 批 群 \
     队 班 届 期 代 轮 场 局 盘 回 遍 趟 步 块 片 颗 粒 根 棵 株 朵 头 匹 口 户 方 方面 个方面 面 道 行 列 栏 格 排 样 双 对 副 箱 盒 瓶 杯 碗 袋 包 桶 罐 \
     架 艘 辆 枚 则 起 宗 笔 股 大类 个大类 大 种类 个种类 环节 个环节 步骤 个步骤 阶段 个阶段 部分 个部分 要素 个要素 原则 特点 个特点 个国家 票 例 元组 字符 个字符 人次 座位 席 维 阶 \
     边 角 个角 条边 度 卷 册 集 幕 声 眼 刀 针 剂 味 尾 峰 顶 顿 餐 桌 圈 滴 束 串 堆 捆 通 封 档 版 处 省 市 县 国 洲 朝";

/// One thing that a word may mean.
#[derive(Debug)]
pub(super) struct Meaning {
    pub(super) dimension: Dimension,
    pub(super) power: i8,
    pub(super) worth: (i128, i128),
    /// The word that stands for all with this meaning.
    standard: u16,
}

/// A word, and all that it may mean, the likeliest first.
#[derive(Debug)]
pub(super) struct Word {
    pub(super) characters: Chars,
    pub(super) meanings: SmallVec<[u16; 3]>,
    /// Letters whose case would tell two prefixes apart (mW, MW).
    pub(super) is_unsure: bool,
}

/// All words and meanings.
#[derive(Debug, Default)]
pub(super) struct Table {
    words: Vec<Word>,
    meanings: Vec<Meaning>,
    /// Words by their first character, the longest first.
    by_start: HashMap<char, Vec<u16>>,
}

static TABLE: LazyLock<Table> = LazyLock::new(Table::build);

/// The words and meanings there are.
pub(super) fn table() -> &'static Table {
    &TABLE
}

impl Table {
    fn build() -> Table {
        let mut table = Table::default();
        for entry in ENTRIES {
            let words = entry.words.split(' ').map(str::to_string).collect();
            table.add(words, entry.dimension, entry.power, entry.worth, false);
        }
        for &(letters, names, prefixes, dimension, power, worth) in PREFIXED {
            for prefix in prefixes.split(' ') {
                let (_, short, long, factor) =
                    PREFIXES.iter().find(|(prefixed, ..)| *prefixed == prefix).expect("a prefix that is listed");
                let mut words: Vec<String> = names.split(' ').map(|name| format!("{long}{name}")).collect();
                words.extend(short.split(' ').map(|short| format!("{short}{letters}")));
                table.add(words, dimension, power, (worth.0 * factor.0, worth.1 * factor.1), true);
                // Only where both are in use may the one have been meant by the other.
                let ambiguous = prefix == "M" && prefixes.split(' ').any(|other| other == "m");
                if ambiguous {
                    let word =
                        table.find(&format!("m{letters}").chars().collect::<Chars>()).expect("it was just added");
                    table.words[usize::from(word)].is_unsure = true;
                }
            }
        }
        for word in MEASURE_WORDS.split_whitespace() {
            table.add(vec![word.to_string()], Count, 1, (1, 1), false);
        }
        for (number, word) in table.words.iter().enumerate() {
            table.by_start.entry(word.characters[0]).or_default().push(number as u16);
        }
        for same_start in table.by_start.values_mut() {
            same_start.sort_by_key(|&word| std::cmp::Reverse(table.words[usize::from(word)].characters.len()));
        }
        table
    }

    /// Adds a unit of these words; with a prefix, to a unit of the same worth that is there already.
    fn add(&mut self, words: Vec<String>, dimension: Dimension, power: i8, worth: (i128, i128), is_prefixed: bool) {
        let alike = |known: &Meaning| {
            is_prefixed
                && known.dimension == dimension
                && known.power == power
                && known.worth.0 * worth.1 == worth.0 * known.worth.1
        };
        let meaning = self.meanings.iter().position(alike).unwrap_or_else(|| {
            self.meanings.push(Meaning { dimension, power, worth, standard: u16::MAX });
            self.meanings.len() - 1
        }) as u16;
        for word in words {
            let characters: Chars = word.chars().collect();
            let number = self.find(&characters).unwrap_or_else(|| {
                self.words.push(Word { characters, meanings: SmallVec::new(), is_unsure: false });
                (self.words.len() - 1) as u16
            });
            let meanings = &mut self.words[usize::from(number)].meanings;
            if !meanings.contains(&meaning) {
                meanings.push(meaning);
            }
            let standard = &mut self.meanings[usize::from(meaning)].standard;
            if *standard == u16::MAX {
                *standard = number;
            }
        }
    }

    /// The word that is written like this. Only while the table is built; see [`Table::leading`].
    fn find(&self, characters: &[char]) -> Option<u16> {
        self.words.iter().position(|word| word.characters[..] == *characters).map(|number| number as u16)
    }

    /// The longest word at the start of these characters.
    pub(super) fn leading(&self, characters: &[char]) -> Option<u16> {
        let same_start = self.by_start.get(characters.first()?)?;
        same_start.iter().copied().find(|&number| {
            let word = &self.word(number).characters;
            let is_letters = word.last().is_some_and(char::is_ascii_alphabetic);
            let runs_on = characters.get(word.len()).is_some_and(char::is_ascii_alphabetic);
            characters.starts_with(word) && !(is_letters && runs_on)
        })
    }

    pub(super) fn word(&self, number: u16) -> &Word {
        &self.words[usize::from(number)]
    }

    pub(super) fn meaning(&self, number: u16) -> &Meaning {
        &self.meanings[usize::from(number)]
    }

    /// One word for all that mean the same; the word itself where its meaning is not clear.
    pub(super) fn standard(&self, number: u16) -> &Chars {
        let word = self.word(number);
        match word.meanings[..] {
            [meaning] => &self.word(self.meaning(meaning).standard).characters,
            _ => &word.characters,
        }
    }
}
