//! Reading: prepared pages, pictures, where a reader stopped, and that no key is in any of it.

use std::fs;
use std::path::Path;

use reqwest::Method;
use serde_json::json;
use server::execute;
use server::store::person::Role;
use tempfile::TempDir;
use tests::{Client, Database, Site, both};
use uuid::Uuid;

const CHAPTER: &str = "/courses/marketing/chapters/wechat";
/// Words that stand in the exercises' file only: keys, a hint, a comment, a rubric.
const SECRETS: [&str; 5] = ["暗号甲", "暗号乙", "暗号丙", "暗号丁", "暗号戊"];

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("the temporary folder is writable");
    fs::write(path, text).expect("the temporary folder is writable");
}

fn chapter_file(opening: &str) -> String {
    format!(
        "---\ntitle: 微信平台\nnumber: 3\nkeywords: [公众号]\n---\n\n{opening}\n\n## 3.1 特点\n\n公众号能发消息。\n\n\
         ![码](figures/code.svg \"图 3.1\")\n\n## 3.2 类别\n\n有两类。\n\n## 主要知识点\n\n公众号\n: 发布内容的账号。\n"
    )
}

fn courses() -> TempDir {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let root = folder.path();
    write(root, "marketing/course.md", "---\ntitle: 网络营销\nchapters: [wechat, basics]\n---\n\n一门课。\n");
    write(root, "marketing/wechat/chapter.md", &chapter_file("第一版。"));
    write(
        root,
        "marketing/wechat/figures/code.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 20 10\"/>",
    );
    write(
        root,
        "marketing/wechat/assignment.md",
        "---\ncourse: marketing\nchapter: wechat\ntitle: 第三章作业\n---\n\n\
         1. 公众号每[[暗号甲|暗号乙]]{hint=\"暗号丙\"}可以群发一条。<!-- 暗号丁 -->\n\n2. 谈谈看法。{essay points=10}\n\n   暗号戊\n",
    );
    write(root, "marketing/basics/chapter.md", "---\ntitle: 基础\nnumber: 1\n---\n\n## 1.1 起点\n\n文字。\n");
    folder
}

async fn site_with(folder: &TempDir) -> Site {
    let content = Some(folder.path().to_owned());
    Site::start_with(Database::Sqlite, |config| config.content = content).await.expect("SQLite is built in")
}

#[tokio::test]
async fn a_page_is_compressed_once_and_not_sent_twice() {
    let folder = courses();
    let site = site_with(&folder).await;
    // A client that hands over the bytes as they came.
    let http = reqwest::Client::builder().no_gzip().no_brotli().build().expect("the client needs nothing from outside");
    let address = format!("{}{CHAPTER}", site.base);
    let mut tags = Vec::new();
    for encoding in ["br", "gzip", "identity"] {
        let ask = |method| http.request(method, &address).header("accept-encoding", encoding);
        let reply = ask(Method::GET).send().await.expect("the server answers");
        assert_eq!(reply.status(), 200);
        assert_eq!(reply.headers()["cache-control"], "public, no-cache");
        assert_eq!(reply.headers()["vary"], "accept-encoding, accept-language, cookie");
        let sent = reply.headers().get("content-encoding").map(|value| value.to_str().expect("ASCII").to_owned());
        assert_eq!(sent.as_deref(), Some(encoding).filter(|encoding| *encoding != "identity"));
        let tag = reply.headers()["etag"].clone();
        assert!(tag.as_bytes().starts_with(b"\""), "{tag:?} is not strong");
        let body = reply.bytes().await.expect("the reply is whole");
        let again = ask(Method::GET).header("if-none-match", &tag).send().await.expect("the server answers");
        assert_eq!((again.status().as_u16(), &again.headers()["etag"]), (304, &tag));
        assert!(again.bytes().await.expect("the reply is whole").is_empty());
        let head = ask(Method::HEAD).send().await.expect("the server answers");
        assert_eq!((head.status().as_u16(), &head.headers()["etag"]), (200, &tag));
        assert_eq!(head.headers()["content-length"], body.len().to_string().as_str());
        assert!(head.bytes().await.expect("the reply is whole").is_empty());
        tags.push(tag);
    }
    tags.dedup();
    assert_eq!(tags.len(), 3);
}

#[tokio::test]
async fn one_body_serves_all_readers_alike_and_names_nobody() {
    let folder = courses();
    let site = site_with(&folder).await;
    let mut bodies = Vec::new();
    for number in 1..=3 {
        let student = site.person(Role::Student, &format!("2400{number}"), &format!("学生 0{number}")).await;
        let reply = site.signed_in(&student).await.get(CHAPTER).await.expect(200);
        assert_eq!(reply.headers["cache-control"], "private, no-cache");
        assert!(!reply.text().contains("学生 0") && !reply.text().contains(&student.id.to_string()));
        assert!(reply.text().contains("data-position=\"/courses/marketing/chapters/wechat/position\""));
        bodies.push((reply.headers["etag"].clone(), reply.bytes));
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1);
    let stranger = site.visitor().get(CHAPTER).await.expect(200);
    assert!(!stranger.text().contains("data-position") && stranger.headers["etag"] != bodies[0].0);
    let english = site.visitor().with_header("accept-language", "en").get(CHAPTER).await.expect(200);
    assert!(english.text().contains("Sign in to answer") && stranger.text().contains("登录后作答"));
}

#[tokio::test]
async fn no_key_hint_comment_or_rubric_leaves_the_exercises_file() {
    let folder = courses();
    let site = site_with(&folder).await;
    let student = site.person(Role::Student, "24001", "学生 01").await;
    let readers: [Client; 2] = [site.visitor(), site.signed_in(&student).await];
    let mut replies = 0;
    for reader in &readers {
        for language in ["zh-CN", "en"] {
            let reader = reader.clone().with_header("accept-language", language);
            let mut paths = vec![
                "/courses".to_owned(),
                "/courses/marketing".into(),
                CHAPTER.into(),
                format!("{CHAPTER}/figures/assignment.md"),
                format!("{CHAPTER}/figures/..%2Fassignment.md"),
                format!("{CHAPTER}/figures/..%2F..%2Fwechat%2Fassignment.md"),
                format!("{CHAPTER}/assignment.md"),
                "/content".into(),
            ];
            // What a reader types is repeated on the page, so each is searched for by its first half.
            paths.extend(["暗号", "甲", "乙"].map(|query| format!("/search?q={query}")));
            for path in paths {
                let reply = reader.get(&path).await;
                let text = reply.text();
                for secret in SECRETS {
                    assert!(!text.contains(secret), "{secret} is in {path}: {text}");
                }
                replies += 1;
            }
        }
    }
    assert_eq!(replies, 44);
    let page = site.visitor().get(CHAPTER).await.text();
    assert!(page.contains("可以群发一条") && page.contains("谈谈看法"), "{page}");
}

#[tokio::test]
async fn a_changed_file_is_a_new_page_and_a_broken_one_leaves_the_old() {
    let folder = courses();
    let site = site_with(&folder).await;
    let before = site.visitor().get(CHAPTER).await.expect(200);
    assert!(before.text().contains("第一版。"));
    let file = "marketing/wechat/chapter.md";
    write(folder.path(), file, &chapter_file("第二版。"));
    site.app.content.reload();
    let after = site.visitor().get(CHAPTER).await.expect(200);
    assert!(after.text().contains("第二版。") && after.headers["etag"] != before.headers["etag"]);

    write(folder.path(), file, &chapter_file("第三版。").replace("keywords:", "keyword:"));
    site.app.content.reload();
    assert!(site.visitor().get(CHAPTER).await.expect(200).text().contains("第二版。"));
    site.visitor().get("/content").await.expect(303);
    let student = site.person(Role::Student, "24001", "学生 01").await;
    site.signed_in(&student).await.get("/content").await.expect(403);
    let (_, teacher) = site.teacher("a").await;
    let page = teacher.get("/content").await.expect(200).text();
    for part in ["marketing/wechat/chapter.md:4", "keyword: [公众号]", "keywords"] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
}

#[tokio::test]
async fn pictures_are_kept_for_ever_under_their_version_and_cannot_run() {
    let folder = courses();
    let site = site_with(&folder).await;
    let page = site.visitor().get(CHAPTER).await.expect(200).text();
    let address = page.split("<img src=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("there is a picture");
    let picture = site.visitor().get(address).await.expect(200);
    assert_eq!(picture.headers["content-type"], "image/svg+xml; charset=utf-8");
    assert_eq!(picture.headers["cache-control"], "public, max-age=31536000, immutable");
    assert_eq!(picture.headers["x-content-type-options"], "nosniff");
    assert!(picture.headers["content-security-policy"].to_str().expect("ASCII").contains("sandbox"));
    let bare = address.split('?').next().expect("there is a path");
    assert_eq!(site.visitor().get(bare).await.expect(200).headers["cache-control"], "public, no-cache");
    site.visitor().get(&format!("{CHAPTER}/figures/none.svg")).await.expect(404);
}

both!(where_a_reader_stopped_is_remembered, |site| {
    let chapter = "/courses/network-marketing/chapters/wechat-platform";
    let position = format!("{chapter}/position");
    let report = |anchor: &str| json!({ "anchor": anchor });
    site.visitor().json(Method::POST, &position, &report("s3-2")).await.expect(401);
    let student = site.person(Role::Student, "24001", "学生 01").await;
    let reader = site.signed_in(&student).await;
    assert!(!reader.get("/courses/network-marketing").await.expect(200).text().contains("#s3-"));
    reader.json(Method::POST, &position, &report("s3-2")).await.expect(204);
    site.set_time("2026-10-12 09:00:00");
    reader.json(Method::POST, &position, &report("s3-5-1")).await.expect(204);
    // A report that was held up on its way.
    site.set_time("2026-10-12 08:30:00");
    reader.json(Method::POST, &position, &report("s3-1")).await.expect(204);
    for page in ["/courses", "/courses/network-marketing"] {
        let text = reader.get(page).await.expect(200).text();
        assert!(text.contains(&format!("{chapter}#s3-5-1")), "{page}: {text}");
    }
    reader.json(Method::POST, &position, &report("notes")).await.expect(204);
    reader.json(Method::POST, &position, &report("nowhere")).await.expect(422);
    reader.json(Method::POST, &position, &report("")).await.expect(422);
    reader.json(Method::POST, "/courses/none/chapters/none/position", &report("s1")).await.expect(404);
    let other = site.person(Role::Student, "24002", "学生 02").await;
    let other = site.signed_in(&other).await;
    assert!(!other.get("/courses/network-marketing").await.expect(200).text().contains("#s3-5-1"));
});

both!(a_chapter_leads_to_its_assignment_in_the_readers_class, |site| {
    let chapter = "/courses/network-marketing/chapters/wechat-platform";
    let address = format!("{chapter}/assignment");
    let to_sign_in = site.visitor().get(&address).await.expect(303).location();
    assert!(to_sign_in.starts_with("/sign-in"), "{to_sign_in}");
    let student = site.person(Role::Student, "24001", "学生 01").await;
    let reader = site.signed_in(&student).await;
    assert_eq!(reader.get(&address).await.expect(303).location(), chapter);

    let (class, given, person, now) = (Uuid::now_v7(), Uuid::now_v7(), student.id, site.app.clock.now());
    site.app
        .db
        .write(move |tx| {
            Box::pin(async move {
                execute!(
                    tx,
                    "insert into class (id, course, name, term, join_code, created_at)
                     values ($1, 'network-marketing', '营销一班', '2026 秋', 'ABCD2345', $2)",
                    class,
                    now,
                )?;
                execute!(
                    tx,
                    "insert into membership (class_id, person_id, role, joined_at) values ($1, $2, 'student', $3)",
                    class,
                    person,
                    now,
                )?;
                execute!(
                    tx,
                    "insert into assignment (id, class_id, course, chapter, title, source, fingerprint, created_by,
                         created_at, updated_at, given_at)
                     values ($1, $2, 'network-marketing', 'wechat-platform', '第三章作业', '', '', $3, $4, $4, $4)",
                    given,
                    class,
                    person,
                    now,
                )?;
                Ok(())
            })
        })
        .await
        .expect("the rows fit");
    assert_eq!(reader.get(&address).await.expect(303).location(), format!("/assignments/{given}"));
    let other = site.person(Role::Student, "24002", "学生 02").await;
    let other = site.signed_in(&other).await;
    assert_eq!(other.get(&address).await.expect(303).location(), chapter);
});
