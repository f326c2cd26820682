//! The FAQ: suggestions and why, automatic replies and their gate, drafts, files.

#![allow(missing_docs, clippy::unwrap_used)]

mod kit;

use kit::{address, channel, claim, enter, host, id, on_duty, settle};
use plugin_sdk::serde_json::{Value, json};
use plugin_test::TestHost;
use qa_inbox::starter;

const SETS: [&str; 2] = [include_str!("similarity/paraphrases.tsv"), include_str!("similarity/held_out.tsv")];
const OFF_TOPIC: &str = include_str!("similarity/off_topic.tsv");

/// What students of a class confirm in its first weeks: one wording of each of these entries.
fn teach(host: &TestHost, pairs: usize) {
    on_duty(host, &[1]);
    let one = host.as_student(1);
    for entry in starter::entries().iter().take(pairs) {
        let question = enter(host, &entry.variants[1]);
        claim(&one, &question);
        let form = [("text", entry.answer.as_str()), ("faq", &entry.id.to_string())];
        one.post(&format!("{question}/answer"), &form).redirects_to(&question);
    }
}

#[test]
fn a_suggestion_says_which_words_agreed() {
    let host = host();
    on_duty(&host, &[1]);
    let question = enter(&host, "咋投稿嘞，稿子发到哪个邮箱？");
    let page = host.as_student(1).get(&question);
    let first = &page.values()["suggestions"][0];
    assert_eq!(first["question"], "怎样投稿？");
    let words: Vec<&str> = first["words"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
    assert!(words.iter().any(|word| word.contains("投稿")), "{words:?}");
    let id = first["id"].as_str().unwrap();
    claim(&host.as_student(1), &question);
    let page = host.as_student(1).get(&format!("{question}?use={id}"));
    assert_eq!((&page.values()["written"], &page.values()["used"]), (&first["answer"], &first["id"]));
}

#[test]
fn the_teachers_synonyms_count() {
    let host = host();
    let form = [("question", "食堂几点开门？"), ("answer", "早上六点半。"), ("approve", "on")];
    host.post("/faq", &form).redirects_to("/faq");
    let question = enter(&host, "膳厅早上啥时候开");
    let first = |host: &TestHost| host.get(&question).values()["suggestions"][0]["question"].clone();
    let before = first(&host);
    host.set("synonyms", "食堂=膳厅=伙房\n");
    assert_eq!(first(&host), "食堂几点开门？");
    assert_ne!(before, "食堂几点开门？");
}

#[test]
fn nothing_is_automatic_before_enough_is_confirmed_and_nothing_off_topic_ever() {
    let host = host();
    let channel = channel(&host, false);
    teach(&host, 19);
    assert_eq!(host.get("/faq").values()["learning"], true);
    let plain = &starter::entries()[0];
    assert!(!channel.receive(id(), &plain.question).unwrap().contains("自动回复"));
    teach(&host, 40);
    assert_eq!(host.get("/faq").values()["learning"], false);
    assert!(channel.receive(id(), &plain.question).unwrap().contains(&plain.answer));
    let off: Vec<&str> = OFF_TOPIC.lines().collect();
    assert!(off.len() >= 40);
    for text in off {
        let reply = channel.receive(id(), text).unwrap_or_default();
        assert!(!reply.contains("自动回复"), "{text}: {reply}");
    }
    for set in SETS {
        let (mut asked, mut sent, mut right) = (0, 0, 0);
        for (key, text) in set.lines().filter_map(|line| line.split_once('\t')) {
            let reply = channel.receive(id(), text).unwrap_or_default();
            let entry = starter::entries().iter().find(|entry| entry.key == key).unwrap();
            asked += 1;
            sent += usize::from(reply.contains("自动回复"));
            right += usize::from(reply.contains("自动回复") && reply.contains(&entry.answer));
        }
        println!("{sent} automatic replies to {asked} questions, {right} right");
        assert!(sent >= 20 && right * 100 >= sent * 97, "{right} of {sent} were right");
    }
    host.set("auto_reply", false);
    assert!(!channel.receive(id(), &plain.question).unwrap_or_default().contains("自动回复"));
}

#[test]
fn an_automatic_reply_answers_nothing_else_along_with_it() {
    let host = host();
    let channel = channel(&host, false);
    teach(&host, 60);
    let (asker, entry) = (id(), &starter::entries()[0]);
    assert!(channel.receive(asker, "期末作品展在哪天举行呢").unwrap().contains("值班同学"));
    assert!(!channel.receive(asker, &entry.question).unwrap_or_default().contains("自动回复"));
    let waiting = host.get("/").values()["waiting"].clone();
    assert_eq!(waiting[0]["text"], format!("期末作品展在哪天举行呢\n{}", entry.question));
    // Alone it is answered; and what entries taught that are gone teaches nothing.
    assert!(channel.receive(id(), &entry.question).unwrap().contains("自动回复"));
    host.set("starter", false);
    assert_eq!(host.get("/faq").values()["learning"], true);
}

#[test]
fn an_automatic_reply_is_seen_corrected_and_not_made_again() {
    let host = host();
    let channel = channel(&host, false);
    teach(&host, 30);
    let asker = id();
    let entry = &starter::entries()[7];
    let text = format!("{}谢谢", entry.question);
    assert!(channel.receive(asker, &text).unwrap().contains(&entry.answer));
    let shown = host.get("/automatic").values()["replies"][0].clone();
    assert_eq!((&shown["asked"], &shown["text"]), (&json!(text), &json!(entry.answer)));
    assert!(host.facts().students.iter().all(|student| student.values["answered"] == 30), "no student answered it");
    assert!(
        !channel.receive(asker, &entry.question).unwrap_or_default().contains("自动回复"),
        "once in a conversation"
    );

    host.advance(std::time::Duration::from_secs(1));
    channel.receive(id(), &text);
    let reply = host.get("/automatic").values()["replies"][0]["id"].as_str().unwrap().to_owned();
    let wrong = host.as_student(1).post(&format!("/messages/{reply}/wrong"), &[]);
    assert_eq!(wrong.notice(), Some("automatic-wrong-done"));
    assert_eq!(host.get(&address(&host, &text)).values()["case"]["state"], "open");
    assert!(!channel.receive(id(), &text).unwrap_or_default().contains("自动回复"), "it was wrong");
}

#[test]
fn an_answer_becomes_a_draft_and_a_teacher_approves_it() {
    let host = host();
    on_duty(&host, &[1]);
    let (one, two) = (host.as_student(1), host.as_student(2));
    let question = enter(&host, "期末作品展在哪天");
    settle(&one, &question, "十二月二十日，在图书馆一楼。");
    let answer = one.get(&question).values()["messages"][1]["id"].as_str().unwrap().to_owned();
    let page = one.get(&format!("/faq/new?answer={answer}"));
    assert_eq!(
        (&page.values()["answer"], &page.values()["question"]),
        (&json!("十二月二十日，在图书馆一楼。"), &json!(""))
    );
    let from = &question["/questions/".len()..];
    let form = [
        ("question", "作品展的日期和地点？"),
        ("variants", "展览哪天开\n\n 展览在哪里 "),
        ("answer", "十二月二十日，在图书馆一楼。"),
        ("from_question", from),
        ("approve", "on"),
    ];
    one.post("/faq", &form).redirects_to("/faq");
    let list = host.get("/faq").values().clone();
    let draft = list["drafts"][0]["id"].as_str().unwrap().to_owned();
    let address = format!("/faq/{draft}");
    let suggested = |host: &TestHost| host.get(&question).values()["suggestions"].to_string().contains("作品展");
    assert!(!suggested(&host), "a draft suggests nothing");
    two.post(&address, &form).expect(403);
    one.post(&format!("{address}/state"), &[("state", "approved")]).expect(403);
    host.post(&format!("{address}/state"), &[("state", "approved")]).redirects_to("/faq");
    assert!(suggested(&host));
    one.post(&address, &form).expect(403);
    assert_eq!(host.get(&address).values()["variants"], "展览哪天开\n展览在哪里");
    host.post(&format!("{address}/state"), &[("state", "off")]).redirects_to("/faq");
    assert!(!suggested(&host));
    for (field, text) in [("question", ""), ("question", "？？"), ("answer", " ")] {
        let mut form: Vec<(&str, &str)> = vec![("question", "问"), ("answer", "答")];
        form.retain(|(name, _)| *name != field);
        form.push((field, text));
        assert_eq!(one.post("/faq", &form).expect(422).values()["error_at"], field);
    }
}

#[test]
fn an_entry_of_the_starter_set_is_changed_and_comes_back() {
    let host = host();
    let starter = &starter::entries()[0];
    let address = format!("/faq/{}", starter.id);
    host.post(&address, &[("question", "我们是谁？"), ("answer", "二班的号。"), ("automatic", "on")])
        .redirects_to("/faq");
    let questions = |host: &TestHost| host.get("/faq").values()["approved"].to_string();
    assert!(questions(&host).contains("我们是谁？") && !questions(&host).contains(&starter.question));
    host.post(&format!("{address}/state"), &[("state", "deleted")]).redirects_to("/faq");
    assert!(questions(&host).contains(&starter.question));
    host.set("starter", false);
    assert_eq!(host.get("/faq").values()["approved"], json!([]));
}

#[test]
fn the_faq_travels_as_either_file() {
    for kind in ["csv", "json"] {
        let (from, to) = (host(), host());
        let form = [
            ("question", "带“引号”,逗号\"和 换行？"),
            ("variants", "甲,乙\n丙"),
            ("answer", "=1+1\n第二行"),
            ("approve", "on"),
        ];
        from.post("/faq", &form).redirects_to("/faq");
        let file = from.get(&format!("/faq/export.{kind}")).bytes().to_vec();
        to.set("starter", false);
        let import = |bytes: &[u8]| to.post_files("/faq/import", &[], &[("file", "faq", bytes)]);
        assert_eq!(import(&file).redirects_to("/faq").notice(), Some("import-done"));
        assert_eq!(import(&file).redirects_to("/faq").notice(), Some("import-same"), "twice is no change");
        let again = to.get(&format!("/faq/export.{kind}")).bytes().to_vec();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let (file, again) = (text(file), text(again));
        let sorted = |text: &str| {
            let mut lines: Vec<String> = text.lines().map(|line| line.trim_end_matches(',').to_owned()).collect();
            lines.sort();
            lines
        };
        // Entries that came with the file may stand in another order.
        assert!(sorted(&file) == sorted(&again), "{kind}: some text came back otherwise");
        assert!(!file.contains(",\"=1"), "a spreadsheet would calculate it");
        to.as_student(1).get(&format!("/faq/export.{kind}")).expect(403);
    }
}

#[test]
fn a_file_with_mistakes_changes_nothing_and_says_where() {
    let host = host();
    let long = "长".repeat(601);
    let cases: [(&[u8], i64, &str); 9] = [
        (b"", 0, "import-empty"),
        ("问题,回答\n一,二\n".as_bytes(), 1, "import-headers"),
        (b"\xce\xca\xcc\xe2", 0, "import-encoding"),
        ("question,answer\n一,二\n,三\n".as_bytes(), 3, "import-question"),
        ("question,answer\n一,二,三\n".as_bytes(), 2, "import-row"),
        (b"[{\"question\": \"a\"}]", 1, "import-json"),
        (b"[]", 0, "import-empty"),
        (b"[{\"question\": \"a\", \"answer\": \"\"}]", 1, "import-answer"),
        (&format!("question,answer\n一,{long}\n").into_bytes(), 2, "import-answer"),
    ];
    for (bytes, line, key) in cases {
        let page = host.post_files("/faq/import", &[], &[("file", "faq.csv", bytes)]);
        let fault: Value = page.expect(422).values()["faults"][0].clone();
        assert_eq!((&fault["line"], &fault["key"]), (&json!(line), &json!(key)));
    }
    assert!(host.rows("select id from faq", Vec::new()).rows.is_empty());
}
