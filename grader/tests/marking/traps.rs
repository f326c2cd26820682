//! Traps that other systems are known to have fallen into; each test is named for what went wrong there.

use grader::Language;
use grader::assignment::{Alternative, Blank, MatchKind, Points, Share};
use grader::mark::{Key, KeyError, KeyFinding, MAX_ANSWER, Reason, Verdict, check_keys, mark_question, normal_form};

use super::{blank, compile, credited, mark_one, member, points, with_match};

#[track_caller]
fn verdicts(blanks: &[Blank], answers: &[&str]) -> Vec<Verdict> {
    mark_question(&compile(blanks), answers).into_iter().map(|mark| mark.verdict).collect()
}

#[test]
fn greedy_order_lost_a_point() {
    let blanks = [member(&["数据冗余", "冗余"]), member(&["冗余"])];
    for answers in [["冗余", "数据冗余"], ["数据冗余", "冗余"]] {
        assert_eq!(verdicts(&blanks, &answers), [Verdict::Correct; 2], "{answers:?}");
    }
}

#[test]
fn synonyms_of_one_item_were_counted_twice() {
    let blanks = [member(&["SQL", "结构化查询语言"]), member(&["XML"])];
    let keys = compile(&blanks);
    let marks = mark_question(&keys, &["SQL", "结构化查询语言"]);
    assert_eq!(points(&blanks, &marks), Points::ONE);
    assert!(matches!(marks[1].reason, Reason::Taken { .. }), "{:?}", marks[1]);
}

#[test]
fn case_and_width_made_a_repeated_answer_look_new() {
    for answers in [["gold", "Gold"], ["gold", "ｇｏｌｄ"], ["gold", "gold。"]] {
        let blanks = [member(&["gold"]), member(&["silver"])];
        assert_eq!(points(&blanks, &mark_question(&compile(&blanks), &answers)), Points::ONE, "{answers:?}");
    }
}

#[test]
fn one_right_blank_of_four_scored_in_full() {
    let blanks: Vec<Blank> = ["东", "南", "西", "北"].iter().map(|key| member(&[key])).collect();
    let marks = mark_question(&compile(&blanks), &["", "北", "", ""]);
    assert_eq!(points(&blanks, &marks), Points::ONE);
    assert_eq!(marks.iter().filter(|mark| mark.verdict == Verdict::Unanswered).count(), 3);
    assert_eq!(marks[1].key, Some(3));
}

#[test]
fn sorting_let_one_wrong_answer_shift_the_others() {
    let blanks: Vec<Blank> = ["1", "2", "3"].iter().map(|key| member(&[key])).collect();
    let marks = mark_question(&compile(&blanks), &["0", "1", "2"]);
    assert_eq!(points(&blanks, &marks), Points(2_000_000));
    assert_eq!(marks[0].verdict, Verdict::Incorrect);
}

#[test]
fn a_tick_was_shown_without_a_mark() {
    let blanks = [member(&["点赞"]), member(&["评论"])];
    let marks = mark_question(&compile(&blanks), &["点赞", "点赞"]);
    for mark in &marks {
        assert_eq!(credited(mark), mark.credit > Share::NONE);
    }
    assert_eq!(marks[1].verdict, Verdict::Incorrect);
}

#[test]
fn stored_answers_moved_when_a_page_was_resumed() {
    let blanks = [member(&["点赞"]), member(&["评论"])];
    let marks = mark_question(&compile(&blanks), &["评论", "点赞"]);
    // The marks stay where the answers are; only the keys they are held against move.
    assert_eq!(marks.iter().map(|mark| mark.key).collect::<Vec<_>>(), [Some(1), Some(0)]);
}

#[test]
fn patterns_were_not_anchored() {
    for pattern in ["cat|dog", "^cat|dog$", "cat", "(?i)cat|DOG"] {
        let pattern = with_match(MatchKind::Regex, &[pattern]);
        for answer in ["catastrophe", "hotdog", "not a cat", "a cat", "cat\ndog"] {
            assert!(!credited(&mark_one(&pattern, answer)), "{answer}");
        }
        assert!(credited(&mark_one(&pattern, "cat")));
    }
}

#[test]
fn a_pattern_cannot_break_out_of_its_anchors() {
    for pattern in ["a)|(?:b", "(?x)a #", "(", "a{1000}{1000}{1000}", "(?<x>a", "\\"] {
        assert!(Key::compile(&with_match(MatchKind::Regex, &[pattern])).is_err(), "{pattern}");
    }
    assert_eq!(Key::compile(&with_match(MatchKind::Regex, &["a", "b"])).err(), Some(KeyError::PatternCount));
}

#[test]
fn a_pattern_runs_in_linear_time() {
    let pattern = with_match(MatchKind::Regex, &["(a*)*b"]);
    assert!(!credited(&mark_one(&pattern, &"a".repeat(MAX_ANSWER))));
}

#[test]
fn a_part_was_taken_for_the_whole() {
    for (key, answer) in
        [("等于", "不等于"), ("空", "非空"), ("冗余", "无冗余"), ("自然", "大自然"), ("cat", "not a cat")]
    {
        assert!(!credited(&mark_one(&blank(&[key]), answer)), "{answer}");
    }
}

#[test]
fn edit_distance_accepted_another_term() {
    for (key, answer) in [
        ("1000", "1001"),
        ("概念模式", "概念模型"),
        ("关系模型", "关联模型"),
        ("数据独立性", "数据独占性"),
        ("逻辑独立性", "物理独立性"),
        ("数据库管理系统", "数据管理系统"),
        ("INSERT", "INSET"),
    ] {
        assert!(!credited(&mark_one(&blank(&[key]), answer)), "{key} {answer}");
        assert!(!credited(&mark_one(&blank(&[answer]), key)), "{answer} {key}");
    }
}

#[test]
fn pinyin_accepted_a_homophone() {
    for (key, answer) in [("实体", "试题"), ("候选码", "后选码"), ("数据", "书局"), ("属性", "书信"), ("冗", "椐")]
    {
        assert!(!credited(&mark_one(&blank(&[key]), answer)), "{key} {answer}");
    }
    assert_eq!(mark_one(&blank(&["实体"]), "试题").verdict, Verdict::Review);
    assert_eq!(mark_one(&blank(&["候选码"]), "后选码").verdict, Verdict::Review);
}

#[test]
fn compatibility_folding_flattened_powers() {
    assert!(!credited(&mark_one(&blank(&["10²"]), "102")));
    assert!(!credited(&mark_one(&blank(&["102"]), "10²")));
    assert!(!credited(&mark_one(&blank(&["½"]), "12")));
    assert!(credited(&mark_one(&blank(&["①"]), "1")));
    assert!(credited(&mark_one(&blank(&["点赞、评论"]), "点赞,评论。")));
}

#[test]
fn sign_and_rest_of_a_number_were_dropped() {
    for (key, answer) in
        [("-3.5", "3.5"), ("100", "100abc"), ("100", "-100"), ("100", "1OO"), ("10", "10万"), ("10万", "10")]
    {
        assert!(!credited(&mark_one(&blank(&[key]), answer)), "{key} {answer}");
    }
}

#[test]
fn separators_inside_a_key_split_it() {
    for key in ["1:n", "http://", "1/2", "1-9", "a;b", "x,y", "C/S", "a|b"] {
        assert_eq!(mark_one(&blank(&[key]), key).reason, Reason::Same, "{key}");
    }
    assert!(!credited(&mark_one(&blank(&["1-9"]), "5")));
}

#[test]
fn an_untouched_blank_was_marked_wrong() {
    for answer in ["", " ", "\u{3000}", "\n", "\u{200B}"] {
        let mark = mark_one(&blank(&["天"]), answer);
        assert_eq!(mark.verdict, Verdict::Unanswered, "{answer:?}");
        assert_eq!(mark.credit, Share::NONE);
    }
    assert_eq!(verdicts(&[blank(&["天"]), blank(&["月"])], &["天"]), [Verdict::Correct, Verdict::Unanswered]);
}

#[test]
fn a_blank_without_a_key_waits_for_the_teacher() {
    let mark = mark_one(&blank(&[]), "随便");
    assert_eq!((mark.verdict, mark.reason), (Verdict::Review, Reason::NoKey));
    assert_eq!(mark_one(&blank(&[]), " ").verdict, Verdict::Unanswered);
}

fn decided(blank: Blank, answer: &str, share: Share) -> Blank {
    Blank { decided: vec![Alternative { text: normal_form(answer), share }], ..blank }
}

#[test]
fn a_decision_settled_one_answer_and_not_its_equals() {
    let key = decided(blank(&["订阅号"]), "定阅号", Share::WHOLE);
    for answer in ["定阅号", " 定阅号。", "定 阅号"] {
        let mark = mark_one(&key, answer);
        assert_eq!((mark.verdict, mark.credit), (Verdict::Correct, Share::WHOLE), "{answer}");
        assert_eq!(mark.reason, Reason::Decided { share: Share::WHOLE });
    }
    assert_eq!(mark_one(&key, "订阅号").reason, Reason::Same, "the key goes on being right");
    assert_eq!(mark_one(&key, "丁阅号").verdict, Verdict::Review, "what is alike still waits");
    assert_eq!(mark_one(&decided(blank(&["订阅号"]), "定阅号", Share::NONE), "定阅号").verdict, Verdict::Incorrect);
    let half = mark_one(&decided(blank(&["订阅号"]), "定阅号", Share(500_000)), "定阅号");
    assert_eq!((half.verdict, half.credit), (Verdict::Partial, Share(500_000)));
}

#[test]
fn a_decision_about_a_blank_without_a_key_decided_all_its_answers() {
    let open = decided(blank(&[]), "随便", Share::WHOLE);
    assert_eq!(mark_one(&open, "随便").verdict, Verdict::Correct);
    assert_eq!(mark_one(&open, "别的").verdict, Verdict::Review);
}

#[test]
fn a_decided_answer_was_credited_in_two_blanks_of_a_group() {
    let blanks = [decided(member(&["订阅号"]), "定阅号", Share::WHOLE), member(&["服务号"])];
    let keys = compile(&blanks);
    let marks = mark_question(&keys, &["服务号", "定阅号"]);
    assert_eq!(points(&blanks, &marks), Points(2_000_000));
    assert_eq!(marks[1].key, Some(0));
    assert_eq!(points(&blanks, &mark_question(&keys, &["定阅号", "定阅号"])), Points::ONE, "once for a key");
    let refused = [decided(member(&["订阅号"]), "定阅号", Share::NONE), member(&["订阅浩"])];
    assert_eq!(verdicts(&refused, &["定阅号", ""]), [Verdict::Incorrect, Verdict::Unanswered], "for the whole group");
}

#[test]
fn points_belong_to_the_key() {
    let heavy = Blank { points: Points(5_000_000), ..member(&["点赞"]) };
    let blanks = [heavy, member(&["评论"])];
    let marks = mark_question(&compile(&blanks), &["评论", "点赞"]);
    assert_eq!(points(&blanks, &marks), Points(6_000_000));
    assert_eq!(points(&blanks, &mark_question(&compile(&blanks), &["", "点赞"])), Points(5_000_000));
}

#[test]
fn what_resembles_a_key_already_taken_is_incorrect() {
    let blanks = [member(&["概念模式"]), member(&["概念模型"])];
    assert_eq!(verdicts(&blanks, &["概念模式", "概念模式"]), [Verdict::Correct, Verdict::Incorrect]);
    let blanks = [member(&["点赞"]), member(&["服务号"])];
    assert_eq!(verdicts(&blanks, &["点赞", "点攒"]), [Verdict::Correct, Verdict::Incorrect]);
    assert_eq!(verdicts(&blanks, &["点攒", ""]), [Verdict::Review, Verdict::Unanswered]);
}

#[test]
fn another_blanks_answer_is_not_close() {
    let blanks = [blank(&["概念模式"]), blank(&["概念模型"])];
    assert_eq!(verdicts(&blanks, &["概念模型", "概念模式"]), [Verdict::Incorrect; 2]);
}

#[test]
fn groups_and_fixed_blanks_mix_in_one_question() {
    let other = Blank { group: Some("h".to_string()), ..blank(&["丙"]) };
    let another = Blank { group: Some("h".to_string()), ..blank(&["丁"]) };
    let blanks = [member(&["甲"]), other, blank(&["戊"]), member(&["乙"]), another];
    assert_eq!(verdicts(&blanks, &["乙", "丁", "戊", "甲", "丙"]), [Verdict::Correct; 5]);
    assert_eq!(
        verdicts(&blanks, &["丁", "乙", "甲", "戊", "丙"]),
        [Verdict::Incorrect, Verdict::Incorrect, Verdict::Incorrect, Verdict::Incorrect, Verdict::Correct]
    );
}

#[test]
fn a_long_answer_is_never_marked_in_full() {
    let key = blank(&["天"]);
    let mark = mark_one(&key, &"天".repeat(MAX_ANSWER + 1));
    assert_eq!((mark.verdict, mark.reason), (Verdict::Incorrect, Reason::TooLong));
    assert!(!credited(&mark_one(&key, &"天".repeat(1_000_000))));
    assert_ne!(mark_one(&key, &"天".repeat(MAX_ANSWER)).reason, Reason::TooLong);
    assert!(normal_form(&"天".repeat(1_000_000)).len() <= 4 * MAX_ANSWER);
}

#[test]
fn equal_answers_come_together_in_the_queue() {
    for together in [
        &["100", "１００", "一百", "100。", " 100 "][..],
        &["SQL 语言", "sql语言", "ＳＱＬ语言。"],
        &["2019年12月", "2019-12", "二〇一九年十二月"],
        &["5公里", "5km", "五千米"],
        &["數據庫", "“数据库”"],
    ] {
        let forms: std::collections::BTreeSet<String> = together.iter().map(|answer| normal_form(answer)).collect();
        assert!(forms.len() == 1 || together[0] == "5公里" && forms.len() <= 2, "{forms:?}");
    }
    assert_ne!(normal_form("10"), normal_form("10万"));
    assert_ne!(normal_form("10²"), normal_form("102"));
}

#[test]
fn a_reason_gives_the_key_away_only_when_it_may() {
    let keys = [blank(&["客户资源"]), blank(&["一个"]), blank(&["生命周期短"]), blank(&["10万"])];
    for (key, answer) in keys.iter().zip(["客户的资源", "两个", "生命周期长", "10"]) {
        let mark = mark_one(key, answer);
        for language in [Language::Chinese, Language::English] {
            let hidden = mark.reason.student_text(language, false);
            assert!(!hidden.contains(&key.key[0].text), "{hidden}");
            assert!(!hidden.contains("接近") && !hidden.contains("close") && !hidden.contains("相反"), "{hidden}");
            assert!(mark.reason.is_hint());
            assert!(mark.reason.full_text(language).contains(&key.key[0].text));
        }
    }
    let equal = mark_one(&keys[1], "１ 个");
    assert_eq!(equal.reason.full_text(Language::Chinese), "１ 个 = 一个，对。");
    assert_eq!(mark_one(&keys[2], "生命周期长").reason.full_text(Language::Chinese), "和“生命周期短”意思相反。");
    assert!(!equal.reason.is_hint());
}

#[test]
fn every_reason_has_words_in_both_languages() {
    let answers = ["订阅号", "訂閱號", "服务号", "不是订阅号", "订约号", "", "订阅号/服务号", "阅订号", "订阅"];
    for answer in answers {
        let reason = mark_one(&blank(&["订阅号"]), answer).reason;
        for (language, reveal) in [
            (Language::Chinese, true),
            (Language::Chinese, false),
            (Language::English, true),
            (Language::English, false),
        ] {
            let text = reason.student_text(language, reveal);
            assert!(
                !text.is_empty() && !text.contains("Unknown localization") && !text.contains('$'),
                "{reason:?} {text}"
            );
        }
        let json = serde_json::to_string(&reason).expect("reasons can be stored");
        assert_eq!(serde_json::from_str::<Reason>(&json).expect("and read back"), reason);
    }
}

#[test]
fn doubtful_keys_are_reported() {
    let findings = check_keys(&[blank(&["冗余", "重复"]), blank(&["冗余。"])]);
    assert!(matches!(&findings[..], [KeyFinding::Shared { first: 0, second: 1, .. }]), "{findings:?}");
    assert_eq!(check_keys(&[member(&["冗余"]), member(&["冗余"])]), []);

    let findings = check_keys(&[with_match(MatchKind::Regex, &["天|月"]), blank(&["月"])]);
    assert!(matches!(&findings[..], [KeyFinding::PatternTooWide { blank: 0, sibling: 1, .. }]), "{findings:?}");
    let findings = check_keys(&[with_match(MatchKind::Regex, &[".*"])]);
    assert!(matches!(&findings[..], [KeyFinding::PatternAcceptsAnything { blank: 0 }]), "{findings:?}");
    let findings = check_keys(&[with_match(MatchKind::Regex, &["("])]);
    assert!(matches!(&findings[..], [KeyFinding::Broken { blank: 0, .. }]) && findings[0].is_error(), "{findings:?}");
    let findings = check_keys(&[blank(&["概念模式"]), blank(&["概念模型"])]);
    assert!(matches!(&findings[..], [KeyFinding::Near { first: 0, second: 1, .. }]), "{findings:?}");
    let findings = check_keys(&[blank(&["天", "天"])]);
    assert!(matches!(&findings[..], [KeyFinding::Repeated { blank: 0, .. }]), "{findings:?}");
    let findings = check_keys(&[with_match(MatchKind::Number, &["三天以后吧"])]);
    assert!(matches!(&findings[..], [KeyFinding::Broken { .. }]), "{findings:?}");
    assert_eq!(check_keys(&[blank(&["订阅号"]), blank(&["天"]), blank(&["1", "一"])]), []);
    for finding in check_keys(&[blank(&["冗余"]), blank(&["冗余"]), with_match(MatchKind::Regex, &["["])]) {
        for language in [Language::Chinese, Language::English] {
            let text = finding.text(language);
            assert!(!text.contains("Unknown localization") && !text.contains('$'), "{text}");
        }
    }
}

#[test]
fn shares_of_alternatives_are_weighed() {
    let key = vec![
        Alternative { text: "资源".to_string(), share: Share(500_000) },
        Alternative { text: "客户资源".to_string(), share: Share::WHOLE },
    ];
    let stated = Blank { key, ..Blank::default() };
    let mark = mark_one(&stated, "资源。");
    assert_eq!((mark.verdict, mark.credit, mark.alternative), (Verdict::Partial, Share(500_000), Some(0)));
    assert_eq!(mark.reason.full_text(Language::Chinese), "部分得分（50%）：资源。 = 资源，对。");
    assert_eq!(mark_one(&stated, "客户资源").verdict, Verdict::Correct);
}

#[test]
fn two_symbols_of_one_question_were_taken_for_each_other() {
    for [one, other] in [["V", "v"], ["gdp", "GDP"], ["Rr", "rr"]] {
        let blanks = [blank(&[one]), blank(&[other])];
        assert_eq!(verdicts(&blanks, &[one, other]), [Verdict::Correct; 2]);
        assert_eq!(verdicts(&blanks, &[other, one]), [Verdict::Incorrect; 2]);
    }
}

#[test]
fn a_decision_about_one_case_held_for_another() {
    let blank = decided(blank(&["Aa"]), "AA", Share::NONE);
    assert_eq!(mark_one(&blank, "Aa").verdict, Verdict::Correct);
    assert_eq!(mark_one(&blank, "AA").verdict, Verdict::Incorrect);
    assert_eq!(mark_one(&blank, "aa").verdict, Verdict::Review);
    for [one, other] in [["AA", "aa"], ["V", "v"], ["CO", "Co"], ["f(x)", "F(x)"]] {
        assert_ne!(normal_form(one), normal_form(other));
    }
    assert_eq!(normal_form("WiFi"), normal_form("wifi"));
}
