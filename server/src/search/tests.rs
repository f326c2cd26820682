use super::*;
use crate::content::{Section, Term};

fn section(number: &str, title: &str, text: &str) -> Section {
    Section {
        anchor: crate::content::section_anchor(number),
        kind: SectionKind::Text,
        level: 3,
        number: Some(number.to_owned()),
        title: title.to_owned(),
        text: text.to_owned(),
    }
}

fn index() -> Index {
    let chapter = Chapter {
        course: "marketing".into(),
        slug: "wechat".into(),
        number: "3".into(),
        title: "微信平台".into(),
        title_en: None,
        keywords: vec!["私域流量".into(), "企业微信".into()],
        summary: None,
        html: String::new(),
        sections: vec![
            section("3.1.2", "二维码识别", "扫一扫就能添加好友。二维码也用来支付，<b>很方便</b>。"),
            section("3.5.1", "公众号的类别", "订阅号每天可以群发一条消息。服务号每月四条。"),
            section(
                "3.5.2",
                "公众号的选择",
                "看需要：要群发选订阅号，要支付选服务号。企业微信另有一套。WeChat也一样。",
            ),
        ],
        terms: vec![Term {
            name: "订阅号".into(),
            definition: "为媒体和个人准备的公众号。".into(),
            anchor: "term-订阅号".into(),
        }],
        footnotes: Vec::new(),
        exercises: None,
        figures: Default::default(),
        characters: 1,
        fingerprint: String::new(),
    };
    let course = Course {
        slug: "marketing".into(),
        title: "网络营销".into(),
        title_en: None,
        language: "zh-CN".into(),
        tools: Vec::new(),
        introduction: String::new(),
        chapters: vec![Arc::new(chapter)],
    };
    Index::new(&[Arc::new(course)])
}

fn titles(found: &Found) -> Vec<String> {
    found.hits.iter().map(|hit| hit.title.iter().map(|piece| piece.text.as_str()).collect()).collect()
}

#[test]
fn one_and_two_characters_are_found() {
    assert_eq!(titles(&index().search("码")), ["二维码识别"]);
    assert_eq!(titles(&index().search("支付")), ["二维码识别", "公众号的选择"]);
}

#[test]
fn titles_come_before_terms_before_keywords_before_text() {
    assert_eq!(titles(&index().search("订阅号")), ["订阅号", "公众号的类别", "公众号的选择"]);
    assert_eq!(titles(&index().search("公众号")), ["公众号的类别", "公众号的选择", "订阅号"]);
    assert_eq!(titles(&index().search("企业微信")), ["微信平台", "公众号的选择"]);
    let found = index().search("订阅号");
    assert_eq!(found.hits[0].kind, HitKind::Term);
    assert_eq!(found.hits[0].address, "/courses/marketing/chapters/wechat#term-订阅号");
    assert_eq!(found.hits[1].address, "/courses/marketing/chapters/wechat#s3-5-1");
}

#[test]
fn all_words_must_occur_and_a_phrase_comes_first() {
    assert_eq!(titles(&index().search("群发 服务号")), ["公众号的类别", "公众号的选择"]);
    assert_eq!(titles(&index().search("选 订阅号"))[0], "公众号的选择");
    assert_eq!(index().search("群发 没有的词").total, 0);
}

#[test]
fn width_case_and_traditional_characters_find_the_same() {
    for query in ["ＷｅＣｈａｔ", "wechat", "WECHAT"] {
        assert_eq!(titles(&index().search(query)), ["公众号的选择"], "{query}");
    }
    assert_eq!(titles(&index().search("訂閱號")), titles(&index().search("订阅号")));
}

#[test]
fn the_hit_is_marked_and_the_text_is_not_escaped_twice() {
    let found = index().search("二维码");
    let title = &found.hits[0].title;
    assert_eq!((title[0].text.as_str(), title[0].hit, title[1].hit), ("二维码", true, false));
    let snippet: String = found.hits[0].snippet.iter().map(|piece| piece.text.as_str()).collect();
    assert_eq!(snippet, "二维码也用来支付，<b>很方便</b>。");
}

#[test]
fn a_fruitless_query_is_answered_with_its_pieces() {
    let found = index().search("订阅号涨粉二维码");
    assert_eq!((found.total, found.suggestions), (0, vec!["订阅号".to_owned(), "二维码".to_owned()]));
    assert_eq!(index().search("  　 ").total, 0);
}

#[test]
fn a_long_text_is_cut_around_the_hit() {
    let text = format!("{}目标{}", "前".repeat(300), "后".repeat(300));
    let cut = snippet(&text, &text, &["目标"]);
    assert!(cut.starts_with("…前") && cut.contains("目标后") && cut.ends_with("后…"), "{cut}");
    assert!(cut.chars().count() <= SNIPPET + 2);
}

#[test]
fn odd_queries_are_harmless() {
    let long = "微".repeat(5000);
    for query in ["", " ", "\0", "%", "'", "\"", "*", "微 微 微 微 微 微 微 微 微 微", long.as_str(), "🙂"]
    {
        index().search(query);
    }
}
