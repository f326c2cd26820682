//! What an imported file belongs to.

use std::collections::HashMap;

use grader::Language;
use server::importing::{self, Importer, Refused};
use tests::both;

both!(a_file_that_names_no_chapter_belongs_to_the_one_in_its_title, |site| {
    let room = site.classroom(0).await;
    let importer = Importer { person_id: room.teacher.id, address: "127.0.0.1".into() };
    let answers = HashMap::new();
    let source = "---\ntitle: 第3章作业\n---\n\n1. 一年有[[四]]个季节。\n";
    let language = Language::English;
    let imported =
        importing::apply(&site.app, &room.class, source.into(), None, &answers, importer.clone(), language).await;
    let id = imported.expect("the title names chapter 3").assignment_id;
    let found = server::store::assignment::find(&site.app.db, id).await.expect("the database answers");
    let found = found.expect("just imported");
    assert_eq!((found.course.as_str(), found.chapter.as_str()), ("network-marketing", "wechat-platform"));

    let nameless = source.replace("第3章作业", "练习");
    let refused = importing::apply(&site.app, &room.class, nameless, None, &answers, importer, language).await;
    let Err(Refused::Other(server::error::Error::Invalid(message))) = refused else { panic!("not refused") };
    assert_eq!(message.key, "import-chapter-unknown");
    let words = server::i18n::sentence(language, &message);
    assert!(words.contains("wechat-platform") && words.contains("chapter:"), "{words}");
});

both!(importing_the_same_file_twice_changes_nothing_and_keeps_answers, |site| {
    let room = site.classroom(1).await;
    let source =
        "---\ncourse: network-marketing\nchapter: wechat-platform\ntitle: 两次\n---\n\n1. 一年有[[四]]个季节。\n";
    let first = room.import(&site, source).await;
    let preview =
        importing::preview(&site.app, &room.class, source, &HashMap::new(), Language::Chinese).await.expect("fine");
    assert!(preview.plan.is_empty(), "{:?}", preview.plan.changes);
    assert_eq!(room.import(&site, source).await, first);
});
