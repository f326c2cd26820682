//! Words that mean the same: a list for every class, and the teacher's own.

/// Spoken, regional and shortened words, each line with the word that stands for it first.
const COMMON: &str = "
怎么=咋个=咋样=怎样=怎么样=如何=咋整=咋
什么=啥子=啥=甚么
为什么=为啥=为何=干嘛不=咋不
多少=几多
不能=不可以
可以=能不能=可不可以=能否=可否=行不行=能够
取消关注=取关=退订=不再关注=取消订阅
推送=推文=发文=群发
阅读量=打开率=点击率=浏览量=点开率
掉粉=粉丝流失=粉丝减少
涨粉=增粉=吸粉=加粉=粉丝增长
粉丝=关注者=读者
编辑=小编
评论=留言
企业=公司=单位=机构
企业微信=企微
奖品=礼物=礼品
价格=费用=多少钱
分享=转发
区别=不同=差别=差异=不一样=两样
好处=优势=优点
名称=名字=起名=取名
简介=介绍
注册=开通=申请=创建
账号=帐号=号码
朋友圈=发圈
视频=短视频
食堂=饭堂
截止=结束
";

/// Words that mean the same.
#[derive(Clone, Debug, Default)]
pub struct Synonyms {
    /// Word and the word that stands for it; the longest first.
    pairs: Vec<(Vec<char>, Vec<char>)>,
}

impl Synonyms {
    /// The common ones and a teacher's: a line for each group, its words joined by `=`.
    pub fn new(own: &str) -> Self {
        let mut pairs = Vec::new();
        // The teacher's lines come first: where both know a word, the teacher's holds.
        for line in own.lines().chain(COMMON.lines()) {
            let mut words = line.split(['=', '＝']).map(super::plain).filter(|word| !word.is_empty());
            let Some(first) = words.next() else { continue };
            let first: Vec<char> = first.chars().collect();
            pairs.extend(words.map(|word| (word.chars().collect::<Vec<_>>(), first.clone())));
        }
        pairs.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        Self { pairs }
    }

    /// The word that begins here and has another that stands for it, as its length and the other.
    pub(super) fn at(&self, signs: &[char]) -> Option<(usize, &[char])> {
        let (word, other) = self.pairs.iter().find(|(word, _)| signs.starts_with(word))?;
        Some((word.len(), other))
    }
}
