//! Words that turn a meaning around: an answer that differs from the key by one of them is wrong, not close.

use std::sync::LazyLock;

use super::character::{CONTRARY, CONTRARY_WORD, Chars, NEGATION, class};

/// Words that negate what follows them.
const NEGATIONS: &[&str] = &[
    "并不是",
    "不是",
    "并非",
    "没有",
    "不能",
    "不会",
    "不可",
    "禁止",
    "不",
    "非",
    "未",
    "无",
    "没",
    "勿",
    "莫",
    "否",
    "反",
    "禁",
];

/// English words and prefixes that negate what follows them.
const ENGLISH_NEGATIONS: &[&str] = &[
    "not a ", "not an ", "not the ", "is not ", "not ", "no ", "non ", "never ", "non", "un", "in", "im", "ir", "il",
    "dis", "de", "anti", "anti ",
];

/// Pairs of which one in the place of the other says the contrary.
const CONTRARY_CHARACTERS: &[&str] = &[
    "长短", "大小", "多少", "高低", "上下", "前后", "左右", "内外", "里外", "正负", "正反", "增减", "加减", "升降",
    "涨跌", "买卖", "进出", "出入", "收支", "强弱", "快慢", "早晚", "先后", "新旧", "老新", "老少", "有无", "是非",
    "是否", "真假", "真伪", "好坏", "优劣", "优缺", "利弊", "盈亏", "盈损", "胜负", "胜败", "成败", "输赢", "生死",
    "死活", "开关", "开闭", "公私", "主客", "主从", "主次", "男女", "东西", "南北", "冷热", "寒暑", "阴阳", "黑白",
    "明暗", "轻重", "宽窄", "厚薄", "深浅", "粗细", "软硬", "松紧", "远近", "横竖", "纵横", "直曲", "奇偶", "动静",
    "吸放", "吸呼", "吞吐", "酸碱", "供求", "供需", "借贷", "攻守", "攻防", "得失", "聚散", "合分", "同异", "虚实",
    "显隐", "始终", "首尾", "始末", "头尾", "贫富", "穷富", "苦甜", "善恶", "美丑", "敌友", "师生", "古今", "昼夜",
    "干湿", "浓稀", "清浊", "雌雄", "公母", "亲疏", "繁简", "难易", "安危", "祸福", "存亡", "兴亡", "兴衰", "盛衰",
    "荣辱", "褒贬", "赏罚", "奖惩", "取舍", "取存", "送收", "发收", "赠收", "推拉", "顺逆", "顺倒", "单双", "单多",
    "独多", "一多", "全半", "全偏", "整零", "弃取", "交接", "问答", "教学", "写读", "播收", "沉浮", "凹凸", "阔窄",
    "密疏", "稠稀", "缓急", "劣优", "文武", "甲乙", "彼此", "我他", "我你", "夫妻", "父母", "父子", "母子", "本末",
    "氧还", "阳阴", "积消", "被主", "劳资", "官民", "城乡", "陆海", "水火", "往返", "去来", "来往", "付收", "批零",
    "存取", "编解", "加解", "加脱", "乘除", "微宏", "锐钝", "张缩", "胀缩", "溶凝", "静动",
];
const CONTRARY_WORDS: &[(&str, &str)] = &[
    ("增加", "减少"),
    ("增加", "降低"),
    ("增强", "减弱"),
    ("增强", "削弱"),
    ("上升", "下降"),
    ("提高", "降低"),
    ("提升", "降低"),
    ("提高", "减少"),
    ("主动", "被动"),
    ("积极", "消极"),
    ("线上", "线下"),
    ("公开", "私密"),
    ("公有", "私有"),
    ("直接", "间接"),
    ("允许", "禁止"),
    ("成功", "失败"),
    ("简单", "复杂"),
    ("开始", "结束"),
    ("肯定", "否定"),
    ("同意", "反对"),
    ("支持", "反对"),
    ("扩大", "缩小"),
    ("扩张", "收缩"),
    ("乐观", "悲观"),
    ("必须", "不必"),
    ("必须", "不得"),
    ("可以", "不得"),
    ("应当", "不得"),
    ("应当", "不应"),
    ("绝对", "相对"),
    ("集中", "分散"),
    ("统一", "分裂"),
    ("氧化", "还原"),
    ("吸热", "放热"),
    ("连续", "离散"),
    ("连续", "间断"),
    ("静态", "动态"),
    ("局部", "全局"),
    ("局部", "整体"),
    ("理论", "实践"),
    ("物质", "意识"),
    ("生产", "消费"),
    ("进口", "出口"),
    ("顺时针", "逆时针"),
    ("顺差", "逆差"),
    ("显性", "隐性"),
    ("加密", "解密"),
    ("编码", "解码"),
    ("上传", "下载"),
    ("收入", "支出"),
    ("资产", "负债"),
    ("债权", "债务"),
    ("原告", "被告"),
    ("权利", "义务"),
    ("合法", "违法"),
    ("合法", "非法"),
    ("有效", "无效"),
    ("递增", "递减"),
    ("最大", "最小"),
    ("最高", "最低"),
    ("最多", "最少"),
    ("至多", "至少"),
    ("大于", "小于"),
    ("等于", "大于"),
    ("等于", "小于"),
    ("高于", "低于"),
    ("多于", "少于"),
    ("串行", "并行"),
    ("串联", "并联"),
    ("同步", "异步"),
    ("客户端", "服务器"),
    ("发送", "接收"),
    ("读取", "写入"),
    ("插入", "删除"),
    ("逻辑", "物理"),
    ("true", "false"),
    ("yes", "no"),
    ("positive", "negative"),
    ("input", "output"),
    ("public", "private"),
    ("increase", "decrease"),
    ("max", "min"),
    ("maximum", "minimum"),
    ("upper", "lower"),
    ("left", "right"),
    ("start", "end"),
    ("first", "last"),
    ("import", "export"),
    ("internal", "external"),
];

/// Both directions of [`CONTRARY_WORDS`].
static WORD_PAIRS: LazyLock<Vec<(Chars, Chars)>> = LazyLock::new(|| {
    let both = CONTRARY_WORDS.iter().flat_map(|&(one, other)| [(one, other), (other, one)]);
    both.map(|(own, given)| (own.chars().collect(), given.chars().collect())).collect()
});

/// Characters that negate, or begin a word that does.
pub(super) fn negations() -> impl Iterator<Item = char> {
    NEGATIONS.iter().filter_map(|word| word.chars().next())
}

/// Characters that have a contrary.
pub(super) fn contrary_characters() -> impl Iterator<Item = char> {
    CONTRARY_CHARACTERS.iter().flat_map(|pair| pair.chars())
}

/// Characters that begin a word which has a contrary.
pub(super) fn contrary_word_starts() -> impl Iterator<Item = char> {
    CONTRARY_WORDS.iter().flat_map(|(one, other)| [*one, *other]).filter_map(|word| word.chars().next())
}

/// Whether one text says the contrary of the other; both folded.
pub(super) fn contrary(key: &[char], answer: &[char]) -> bool {
    let prefix = key.iter().zip(answer).take_while(|(a, b)| a == b).count();
    let suffix = key[prefix..].iter().rev().zip(answer[prefix..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (own, given) = (&key[prefix..key.len() - suffix], &answer[prefix..answer.len() - suffix]);
    are_contrary(own, given)
        || negates(own, given, key, prefix)
        || negates(given, own, answer, prefix)
        || contrary_words(key, answer, prefix, suffix)
}

fn are_contrary(own: &[char], given: &[char]) -> bool {
    let ([one], [other]) = (own, given) else { return false };
    if class(*one) & class(*other) & CONTRARY == 0 {
        return false;
    }
    CONTRARY_CHARACTERS.iter().any(|pair| one != other && pair.contains(*one) && pair.contains(*other))
}

/// Whether `more` is `less` with a negation before it; both stand at `at` in texts that agree elsewhere.
fn negates(less: &[char], more: &[char], text: &[char], at: usize) -> bool {
    let Some(&first) = more.first() else { return false };
    if !first.is_ascii_alphabetic() && class(first) & NEGATION == 0 {
        return false;
    }
    let at_word_start = at == 0 || !text[at - 1].is_ascii_alphabetic();
    let with_rest = |negation: &&str| {
        let length = negation.chars().count();
        more.iter().copied().take(length).eq(negation.chars()) && more[length..] == *less
    };
    NEGATIONS.iter().any(&with_rest) || at_word_start && ENGLISH_NEGATIONS.iter().any(with_rest)
}

/// The differing parts, widened to whole words, are a contrary pair.
fn contrary_words(key: &[char], answer: &[char], prefix: usize, suffix: usize) -> bool {
    (0..=prefix.min(2)).any(|back| {
        let (own_start, given_start) = (&key[prefix - back..], &answer[prefix - back..]);
        let (Some(&own_first), Some(&given_first)) = (own_start.first(), given_start.first()) else { return false };
        let begins = |c: char| c.is_ascii_alphabetic() || class(c) & CONTRARY_WORD != 0;
        begins(own_first)
            && begins(given_first)
            && WORD_PAIRS.iter().any(|(own, given)| {
                own[0] == own_first
                    && given[0] == given_first
                    && own_start.starts_with(own)
                    && given_start.starts_with(given)
                    && own_start[own.len()..] == given_start[given.len()..]
                    && own_start.len() - own.len() <= suffix
            })
    })
}

/// Whether these added characters hold a negation.
pub(super) fn holds_negation(added: &[char]) -> bool {
    let chinese = added.iter().any(|c| "不非未无没勿莫否反禁".contains(*c));
    let english = added.split(|c| !c.is_ascii_alphabetic()).any(|word| {
        ["not", "no", "non", "never", "without", "t"].iter().any(|negation| word.iter().copied().eq(negation.chars()))
    });
    chinese || english
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says_contrary(key: &str, answer: &str) -> bool {
        contrary(&key.chars().collect::<Vec<_>>(), &answer.chars().collect::<Vec<_>>())
    }

    #[test]
    fn contraries_are_seen() {
        for (key, answer) in [
            ("生命周期短", "生命周期长"),
            ("等于", "不等于"),
            ("不等于", "等于"),
            ("空", "非空"),
            ("冗余", "无冗余"),
            ("提高效率", "降低效率"),
            ("上升", "下降"),
            ("可以转让", "不可以转让"),
            ("买方市场", "卖方市场"),
            ("correct", "incorrect"),
            ("a cat", "not a cat"),
            ("逻辑独立性", "物理独立性"),
            ("true", "false"),
            ("订阅号", "不是订阅号"),
            ("主属性", "非主属性"),
            ("增强黏性", "减弱黏性"),
        ] {
            assert!(says_contrary(key, answer), "{key} {answer}");
        }
    }

    #[test]
    fn other_differences_are_not_contraries() {
        for (key, answer) in [
            ("订阅号", "服务号"),
            ("自然", "大自然"),
            ("客户资源", "客户的资源"),
            ("概念模式", "概念模型"),
            ("数据", "书局"),
            ("a", "b"),
        ] {
            assert!(!says_contrary(key, answer), "{key} {answer}");
        }
    }
}
