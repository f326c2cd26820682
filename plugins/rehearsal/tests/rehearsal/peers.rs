//! An independent library speaks with the rehearsal room: as a client of its API, and as an account's server.
//!
//! Python with the packages of `tests/peers/requirements.txt` in an environment of its own, which is made once. Where
//! packages cannot be had the tests say so and pass, unless `COURSE_TESTS_REQUIRE_PEERS` is set.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use rehearsal::{Content, Format, Mode, Rehearsal, Tier, Way};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::OnceCell;

use crate::account::{Account, Answer, options};

const KEY: &str = "Zm9yVGVzdHNPbmx5Tm90QVJlYWxLZXkxMjM0NTY3ODl";

fn peers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers")
}

async fn run(program: &Path, arguments: &[&str]) -> Result<(), String> {
    let output = Command::new(program).args(arguments).output().await.map_err(|error| error.to_string())?;
    output.status.success().then_some(()).ok_or_else(|| String::from_utf8_lossy(&output.stderr).into_owned())
}

/// The interpreter of the environment; `None` where packages cannot be had.
async fn python() -> Option<PathBuf> {
    static ENVIRONMENT: OnceCell<Result<PathBuf, String>> = OnceCell::const_new();
    let made = ENVIRONMENT.get_or_init(|| async {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rehearsal-peers");
        let (python, wanted) = (folder.join("bin/python"), peers().join("requirements.txt"));
        let installed = folder.join("installed.txt");
        let wants = std::fs::read_to_string(&wanted).expect("the list is there");
        if std::fs::read_to_string(&installed).is_ok_and(|has| has == wants) {
            return Ok(python);
        }
        run(Path::new("python3"), &["-m", "venv", "--clear", folder.to_str().expect("UTF-8")]).await?;
        run(
            &python,
            &["-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", wanted.to_str().expect("UTF-8")],
        )
        .await?;
        std::fs::write(&installed, wants).map_err(|error| error.to_string())?;
        Ok(python)
    });
    match made.await {
        Ok(python) => Some(python.clone()),
        Err(reason) => {
            let required = std::env::var_os("COURSE_TESTS_REQUIRE_PEERS").is_some();
            assert!(!required, "the peers' packages cannot be installed: {reason}");
            eprintln!("skipped: the peers' packages cannot be installed: {reason}");
            None
        }
    }
}

/// Runs a peer to its end; its last line says how much it checked.
async fn peer(python: &Path, script: &str, arguments: &[&str]) -> usize {
    let output = Command::new(python).arg(peers().join(script)).args(arguments).output().await.expect("Python runs");
    let (said, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{script}: {said}\n{errors}");
    said.lines()
        .last()
        .and_then(|line| line.strip_suffix(" checks"))
        .unwrap_or_else(|| panic!("{said}"))
        .parse()
        .expect("a number of checks")
}

#[tokio::test]
async fn wechatpy_as_a_client_of_the_api() {
    let Some(python) = python().await else { return };
    let account = Account::start(|_, _| Answer::Raw("success".to_owned())).await;
    let room = Rehearsal::start(options(Some(&account), Tier::F)).await.unwrap();
    room.set_page_size(2);
    let mut openids = Vec::new();
    for way in [Way::Search, Way::Card, Way::Scene("stu_A07".to_owned()), Way::Article, Way::Reprint] {
        let (person, _) = room.join(way).await.unwrap();
        openids.push(room.openid(person).unwrap());
        room.skip(chrono::TimeDelta::minutes(5));
    }
    room.say(0, "你好").await.unwrap();
    room.leave(4).await.unwrap();
    room.skip(chrono::TimeDelta::days(1));
    let arguments = [vec![room.url()], openids].concat();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    assert!(peer(&python, "client.py", &arguments).await >= 40);
    // What it refused, it refused for the reasons that the peer provoked.
    let sends = room.calls("/cgi-bin/message/custom/send");
    assert_eq!((sends.good, sends.refused[&45047], sends.refused[&45015]), (5, 1, 2));
    assert_eq!(room.calls("/cgi-bin/qrcode/create").good, 3);
    room.settle().await;
    assert_eq!(room.truth().publications.len(), 1);
    room.set_tier(Tier::U);
    assert!(peer(&python, "unverified.py", &arguments[..2]).await >= 8);
}

/// An account's server written with the library.
async fn listen(python: &Path, arguments: &[&str]) -> (Child, String) {
    let mut child = Command::new(python)
        .arg(peers().join("account.py"))
        .args(arguments)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("Python runs");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let port = lines.next_line().await.expect("a port").expect("a port");
    (child, format!("http://127.0.0.1:{port}/wx"))
}

#[tokio::test]
async fn wechatpy_as_the_account_in_three_modes() {
    let Some(python) = python().await else { return };
    for mode in [Mode::Plain, Mode::Compat, Mode::Safe] {
        let mut options = options(None, Tier::F);
        options.account.aes_key = Some(KEY.to_owned());
        options.mode = mode;
        options.answer_limit = std::time::Duration::from_secs(5);
        let account = options.account.clone();
        let encrypted = if mode == Mode::Plain { "plain" } else { "aes" };
        let (_account, url) = listen(&python, &[&account.token, KEY, &account.appid, encrypted]).await;
        let room = Rehearsal::start(options).await.unwrap();
        room.set_callback(&url).unwrap();
        room.verify().await.unwrap();
        assert_eq!(room.forge("我是微信").await, Ok(403));
        let (person, welcome) = room.join(Way::Scene("stu_A07".to_owned())).await.unwrap();
        assert_eq!(welcome.seen.text(), "subscribe_scan stu_A07", "{mode:?} {welcome:?}");
        let media = || "m1".to_owned();
        for (content, read) in [
            (
                Content::text("请问报名什么时候截止？😀 ]]> <a>&amp;"),
                "text 请问报名什么时候截止？😀 CDATA end <a>&amp;",
            ),
            (Content::Image { picture: "http://p".to_owned(), media: media() }, "image http://p m1"),
            (Content::Voice { media: media(), recognition: Some("你好".to_owned()) }, "voice m1 amr 你好"),
            (Content::Video { media: media(), thumbnail: "t".to_owned(), short: false }, "video m1 t"),
            (
                Content::Location { latitude: 30.5, longitude: 114.25, scale: 15, label: "图书馆".to_owned() },
                "location 30.500000 114.250000 15 图书馆",
            ),
            (
                Content::Link { title: "题".to_owned(), description: "述".to_owned(), url: "http://u".to_owned() },
                "link 题 述 http://u",
            ),
        ] {
            let answer = room.send(person, content).await.unwrap();
            assert_eq!((answer.seen.text(), &answer.problem), (read, &None), "{mode:?}");
        }
        assert_eq!(room.scan(person, "stu_A07").await.unwrap().seen.text(), "scan stu_A07");
        assert_eq!(room.click(person, "ABOUT").await.unwrap().seen.text(), "click ABOUT");
        assert_eq!(room.view(person, "http://u").await.unwrap().seen.text(), "view http://u");
        assert_eq!(room.leave(person).await.unwrap().problem, None);
        room.follow(person, Way::Search).await.unwrap();
        room.publish("一篇").await.unwrap();
        room.settle().await;
        let truth = room.truth();
        assert!(truth.letters.iter().all(|letter| letter.problem.is_none()), "{:?}", truth.letters);
        assert_eq!(truth.letters.len(), 13);
    }
}

#[tokio::test]
async fn wechatpy_finds_json_where_json_was_chosen() {
    let Some(python) = python().await else { return };
    let mut options = options(None, Tier::F);
    options.account.aes_key = Some(KEY.to_owned());
    (options.mode, options.format) = (Mode::Safe, Format::Json);
    options.answer_limit = std::time::Duration::from_secs(5);
    let account = options.account.clone();
    let (_account, url) = listen(&python, &[&account.token, KEY, &account.appid, "json"]).await;
    let room = Rehearsal::start(options).await.unwrap();
    room.set_callback(&url).unwrap();
    let (person, _) = room.join(Way::Search).await.unwrap();
    let answer = room.say(person, "中文 \"引号\" \\").await.unwrap();
    assert_eq!((answer.seen.text(), answer.problem), ("text 中文 \"引号\" \\", None));
}
