//! The teacher's command against a running classroom: sign in, import, roster, export.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use server::store::class::{self, Settings};
use server::store::person::{self, Actor, NewPerson, Role};
use server::store::{give, roster};
use tempfile::TempDir;
use tests::{Site, binary, both};
use uuid::Uuid;

const SOURCE: &str = "---
course: network-marketing
chapter: wechat-platform
title: 第三章作业
---

1. 订阅号每[[天]]可以群发[[1|一]]条消息。

2. 公众号有 ① [[订阅号]]{group=kind} ② [[服务号]]{? group=kind}。

3. 请比较两者。{essay points=10}
";

const PASSWORD: &str = "gulls over the harbour 7";

/// A teacher's laptop: a home and a working directory of its own, no terminal.
struct Laptop {
    home: TempDir,
    work: TempDir,
}

/// What a run of the command gave.
#[derive(Debug)]
struct Run {
    code: i32,
    data: Vec<u8>,
    words: String,
}

impl Run {
    #[track_caller]
    fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}\n{}", self.words, self.text());
        assert!(!self.words.contains("Unknown localization"), "{}", self.words);
        self
    }

    #[track_caller]
    fn says(self, words: &str) -> Self {
        assert!(self.words.contains(words), "{words} is missing in {}", self.words);
        self
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.data).into_owned()
    }
}

impl Laptop {
    fn new() -> Self {
        let folder = || tempfile::tempdir().expect("the temporary directory is writable");
        Self { home: folder(), work: folder() }
    }

    fn work(&self) -> &Path {
        self.work.path()
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.work().join(name), content).expect("the directory is writable");
    }

    async fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, "").await
    }

    async fn run_with(&self, arguments: &[&str], stdin: &str) -> Run {
        let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        let (home, work, stdin) = (self.home.path().to_owned(), self.work().to_owned(), stdin.to_owned());
        let run = tokio::task::spawn_blocking(move || {
            let mut child = Command::new(binary::grader())
                .args(arguments)
                .current_dir(work)
                .env_clear()
                .env("HOME", home)
                .env("LANG", "zh_CN.UTF-8")
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .expect("the command starts");
            let mut input = child.stdin.take().expect("stdin is piped");
            input.write_all(stdin.as_bytes()).expect("the command reads its input");
            drop(input);
            child.wait_with_output().expect("the command ends")
        });
        let output = run.await.expect("the command was run");
        let words = String::from_utf8(output.stderr).expect("words are UTF-8");
        Run { code: output.status.code().expect("not killed"), data: output.stdout, words }
    }

    async fn sign_in(&self, site: &Site, login: &str) {
        let server = site.base.as_str();
        let run =
            self.run_with(&["login", login, "--password-stdin", "--server", server], &format!("{PASSWORD}\n")).await;
        assert!(run.expect(0).words.contains("已以"));
    }
}

/// A teacher with a password.
async fn teacher(site: &Site, login: &str) -> Actor {
    let hash = server::passwords::hash(PASSWORD).await.expect("the password is hashed");
    let new =
        NewPerson { login: login.into(), name: "教师 A".into(), role: Role::Teacher, password_hash: Some(hash) };
    let id = person::create(&site.app.db, new, site.app.clock.now()).await.expect("the login is free");
    Actor { id, address: "127.0.0.1".into() }
}

async fn found(site: &Site, actor: &Actor, name: &str) -> class::Class {
    let settings = Settings {
        course: "network-marketing".into(),
        name: name.into(),
        term: "2026 秋".into(),
        join_rule: "roster".into(),
        time_zone: "Asia/Shanghai".into(),
    };
    let db = &site.app.db;
    let id = class::create(db, actor.clone(), settings, site.app.clock.now()).await.expect("the class is founded");
    class::find(db, id).await.expect("the database answers").expect("just founded")
}

async fn assignments(site: &Site, class: Uuid) -> usize {
    give::list(&site.app.db, class).await.expect("the database answers").len()
}

both!(an_import_is_shown_confirmed_and_sent_once, |site| {
    let actor = teacher(&site, "teacher-a").await;
    let class = found(&site, &actor, "营销一班").await;
    let laptop = Laptop::new();
    laptop.write("三.md", SOURCE);
    laptop.run(&["import", "三.md", "--class", "营销一班", "--server", &site.base]).await.expect(3).says("还没有登录");
    laptop.run_with(&["login", "teacher-a", "--password-stdin", "--server", &site.base], "wrong\n").await.expect(4);
    laptop.sign_in(&site, "teacher-a").await;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let stored = std::fs::metadata(laptop.home.path().join(".config/grader/credentials.json")).expect("stored");
        assert_eq!(stored.permissions().mode() & 0o777, 0o600);
    }

    // The difference first, and nobody can be asked here.
    let preview = laptop.run(&["import", "三.md", "--class", "营销一班", "--dry-run"]).await.expect(0);
    assert!(preview.words.contains("新作业《第三章作业》") && preview.words.contains("+ "), "{}", preview.words);
    laptop.run(&["import", "三.md", "--class", "营销一班"]).await.expect(2).says("--yes");
    assert_eq!(assignments(&site, class.id).await, 0);

    let sent = laptop.run(&["import", "三.md", "--class", &class.join_code, "--yes"]).await.expect(0);
    assert!(sent.words.contains("《第三章作业》已送进“营销一班”") && sent.words.contains(&site.base), "{}", sent.words);
    assert_eq!(assignments(&site, class.id).await, 1);
    laptop.run(&["import", "三.md", "--class", &class.id.to_string(), "--yes"]).await.expect(0).says("没有变化");

    laptop.write("三.md", SOURCE.replace("[[1|一]]", "[[4|四]]").replace("请比较两者", "请比较它们"));
    let changed = laptop.run(&["import", "三.md", "--class", "营销一班", "--yes"]).await.expect(0);
    assert!(changed.words.contains("更新作业") && changed.words.contains("~ "), "{}", changed.words);
    assert_eq!(assignments(&site, class.id).await, 1);
    laptop.run(&["import", "三.md", "--class", "营销一班", "--yes"]).await.expect(0).says("没有变化");

    laptop.run(&["logout"]).await.expect(0);
    laptop.run(&["import", "三.md", "--class", "营销一班", "--server", &site.base]).await.expect(3).says("还没有登录");
});

both!(a_class_is_named_clearly_and_only_by_its_teacher, |site| {
    let actor = teacher(&site, "teacher-a").await;
    let other = teacher(&site, "teacher-b").await;
    found(&site, &actor, "营销一班").await;
    let first = found(&site, &actor, "同名班").await;
    let second = found(&site, &actor, "同名班").await;
    let foreign = found(&site, &other, "别人的班").await;
    let laptop = Laptop::new();
    laptop.write("三.md", SOURCE);
    laptop.sign_in(&site, "teacher-a").await;
    let ambiguous = laptop.run(&["import", "三.md", "--class", "同名班", "-y"]).await.expect(2).says("几个班级都叫");
    for class in [&first, &second] {
        assert!(ambiguous.words.contains(&class.join_code) && ambiguous.words.contains(&class.id.to_string()));
    }
    let unknown = laptop.run(&["import", "三.md", "--class", "无此班", "-y"]).await.expect(2).says("营销一班");
    assert!(!unknown.words.contains("别人的班"), "{}", unknown.words);
    for name in ["别人的班", &foreign.id.to_string(), &foreign.join_code] {
        laptop.run(&["import", "三.md", "--class", name, "-y"]).await.expect(2).says("没有找到班级");
    }
    assert_eq!(assignments(&site, foreign.id).await, 0);
});

both!(a_roster_comes_in_with_a_difference_and_nobody_leaves_unasked, |site| {
    let actor = teacher(&site, "teacher-a").await;
    let class = found(&site, &actor, "营销一班").await;
    let laptop = Laptop::new();
    laptop.sign_in(&site, "teacher-a").await;
    let (table, _, _) =
        encoding_rs::GB18030.encode("学号,姓名\n20260001,学生 01\n20260002,学生 02\n20260003,学生 03\n");
    laptop.write("名单.csv", table);
    let dry = laptop.run(&["roster", "import", "名单.csv", "--class", "营销一班", "-n"]).await.expect(0);
    assert!(dry.words.contains("+ 20260002  学生 02"), "{}", dry.words);
    laptop.run(&["roster", "import", "名单.csv", "--class", "营销一班"]).await.expect(2);
    let names = || async {
        let entries = roster::entries(&site.app.db, class.id).await.expect("the database answers");
        entries.into_iter().filter(|entry| entry.left_at.is_none()).map(|entry| entry.name).collect::<Vec<_>>()
    };
    assert!(names().await.is_empty());
    laptop.run(&["roster", "import", "名单.csv", "--class", "营销一班", "--yes"]).await.expect(0).says("名册已更新");
    assert_eq!(names().await.len(), 3);
    laptop.run(&["roster", "import", "名单.csv", "--class", "营销一班", "--yes"]).await.expect(0).says("没有变化");

    laptop.write("名单.csv", "学号,姓名\n20260001,学生 一\n20260002,学生 02\n");
    let renamed = laptop.run(&["roster", "import", "名单.csv", "--class", "营销一班", "--yes"]).await.expect(0);
    assert!(
        renamed.words.contains("学生 01 → 学生 一") && renamed.words.contains("--leave-missing"),
        "{}",
        renamed.words
    );
    assert_eq!(names().await.len(), 3);
    laptop.run(&["roster", "import", "名单.csv", "--class", "营销一班", "--yes", "--leave-missing"]).await.expect(0);
    assert_eq!(names().await, ["学生 一", "学生 02"]);

    laptop.write("名单.csv", b"\xE5\xAD\xA6\xE5\x8F\xB7,\xE5\xA7\x93\xE5\x90\x8D\n1,\xFF\xFF\n");
    laptop.run(&["roster", "import", "名单.csv", "--class", "营销一班", "--yes"]).await.expect(4);
});

both!(marks_come_out_as_tables, |site| {
    let actor = teacher(&site, "teacher-a").await;
    found(&site, &actor, "营销一班").await;
    let laptop = Laptop::new();
    laptop.sign_in(&site, "teacher-a").await;
    laptop.write("名单.csv", "学号,姓名\n20260001,学生 01\n");
    laptop.run(&["roster", "import", "名单.csv", "--class", "营销一班", "--yes"]).await.expect(0);
    let csv = laptop.run(&["export", "--class", "营销一班"]).await.expect(0);
    assert!(csv.text().contains("20260001") && csv.text().contains("学生 01"), "{}", csv.text());
    let json = laptop.run(&["export", "--class", "营销一班", "--json"]).await.expect(0);
    serde_json::from_slice::<serde_json::Value>(&json.data).expect("JSON");
    laptop
        .run(&["export", "--class", "营销一班", "--format", "xlsx", "-o", "成绩.xlsx"])
        .await
        .expect(0)
        .says("成绩.xlsx");
    let sheet = std::fs::read(laptop.work().join("成绩.xlsx")).expect("the file was written");
    assert!(sheet.starts_with(b"PK"));
    // What is there already is not replaced unasked.
    laptop.run(&["export", "--class", "营销一班", "--format", "xlsx", "-o", "成绩.xlsx"]).await.expect(2).says("--yes");
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beside_the_server_no_sign_in_is_needed() {
    let site = Site::start(tests::Database::Sqlite).await.expect("SQLite is built in");
    site.person(Role::Administrator, "admin", "管理员").await;
    let class = site.classroom(1).await;
    let laptop = Laptop::new();
    laptop.write("三.md", SOURCE);
    std::fs::create_dir(laptop.work().join("data")).expect("a directory");
    std::fs::copy(site.folder().join("local-access.json"), laptop.work().join("data/local-access.json"))
        .expect("it is there");
    laptop.run(&["import", "三.md", "--class", &class.class.join_code, "--yes"]).await.expect(0);
    assert_eq!(assignments(&site, class.class.id).await, 1);
    site.stop().await;
    laptop.run(&["import", "三.md", "--class", "x", "--yes"]).await.expect(3).says("没有在运行");
}
