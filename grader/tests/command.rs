//! The command as a teacher uses it, rightly and wrongly.

use std::path::Path;
use std::process::{Command, Output, Stdio};

const ASSIGNMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/assignment.md");

/// A directory of its own, and the command in it: no terminal, no login, no locale but the named one.
struct Desk {
    directory: tempfile::TempDir,
    language: &'static str,
}

impl Desk {
    fn new(language: &'static str) -> Desk {
        Desk { directory: tempfile::tempdir().expect("a temporary directory"), language }
    }

    fn path(&self) -> &Path {
        self.directory.path()
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path().join(name), content).expect("the directory can be written to");
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).expect("the file was written")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_grader"));
        command.args(arguments).current_dir(self.path()).env_clear();
        command.env("HOME", self.path()).env("LANG", self.language).stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Run {
        Run::of(self.command(arguments).output().expect("the command runs"))
    }

    fn run_with(&self, arguments: &[&str], stdin: &[u8]) -> Run {
        use std::io::Write;
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command runs");
        child.stdin.take().expect("stdin is piped").write_all(stdin).expect("the command reads stdin");
        Run::of(child.wait_with_output().expect("the command ends"))
    }
}

#[derive(Debug)]
struct Run {
    code: i32,
    data: String,
    words: String,
}

impl Run {
    fn of(output: Output) -> Run {
        let text = |bytes| String::from_utf8(bytes).expect("all output is UTF-8");
        let run = Run {
            code: output.status.code().expect("not killed"),
            data: text(output.stdout),
            words: text(output.stderr),
        };
        assert!(!run.data.contains('\u{FFFD}') && !run.words.contains('\u{FFFD}'), "{run:?}");
        assert!(!run.words.contains("Unknown localization") && !run.data.contains("Unknown localization"), "{run:?}");
        assert!(!run.words.contains("panicked") && !run.words.contains('\u{1b}'), "{run:?}");
        run
    }

    fn expect(self, code: i32) -> Run {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }
}

#[test]
fn help_is_readable_in_both_languages_everywhere() {
    let every: &[&[&str]] = &[
        &[],
        &["check"],
        &["import"],
        &["grade"],
        &["roster"],
        &["roster", "import"],
        &["export"],
        &["login"],
        &["logout"],
        &["completions"],
        &["man"],
    ];
    for (language, usage, other) in [("zh_CN.UTF-8", "用法：", "Usage:"), ("en_US.UTF-8", "Usage:", "用法：")] {
        let desk = Desk::new(language);
        for command in every {
            let with_flag = desk.run(&[command, &["--help"][..]].concat()).expect(0);
            let with_word = desk.run(&[&["help"][..], command].concat()).expect(0);
            assert_eq!(with_flag.data, with_word.data);
            assert!(with_flag.data.contains(usage) && !with_flag.data.contains(other), "{}", with_flag.data);
            assert!(!with_flag.data.contains("command-") && with_flag.words.is_empty(), "{}", with_flag.data);
            assert!(with_flag.data.lines().all(|line| line.chars().count() <= 100), "{}", with_flag.data);
        }
        assert_eq!(desk.run(&["--version"]).expect(0).data, concat!("grader ", env!("CARGO_PKG_VERSION"), "\n"));
    }
    let chosen = Desk::new("zh_CN.UTF-8").run(&["--lang", "en", "--help"]);
    assert!(chosen.data.contains("Usage:"));
    assert!(Desk::new("").run(&["--help"]).data.contains("用法："), "Chinese is the default");
}

#[test]
fn completions_and_man_page_are_made() {
    let desk = Desk::new("zh_CN.UTF-8");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(desk.run(&["completions", shell]).expect(0).data.contains("roster"), "{shell}");
    }
    let man = desk.run(&["man"]).expect(0).data;
    assert!(man.contains(".TH grader 1") && man.contains(".SH \"grader roster import\"") && man.contains("检查文件"));
}

#[test]
fn wrong_usage_is_explained_and_exits_with_2() {
    let cases: &[(&[&str], &str, &str)] = &[
        (&["chekc"], "没有“chekc”这个命令", "check"),
        (&["check"], "还缺：<FILE>...", "grader help"),
        (&["check", "--jsno", "a.md"], "没有“--jsno”", "--json"),
        (&["check", "--format", "gif", "a.md"], "不能是“gif”", "gift"),
        (&["import", "a.md"], "--class", "grader help"),
        (&["import", "a.md", "--class", "x", "-o", "b.md"], "不能和", "grader help"),
        (&["import", "a.md", "b.md", "-o", "c.md"], "只能有一个文件", "每个文件"),
        (&["export", "--class"], "后面要有内容", "grader help"),
        (&["login", "--server", "127.0.0.1:1"], "需要登录名", "grader login"),
        (&["login", "甲", "--server", "127.0.0.1:1"], "需要密码", "--password-stdin"),
        (&["login", "甲", "--server", "ftp://x"], "不是服务器地址", "https://"),
        (&["roster"], "", "import"),
        (&[], "", "用法"),
    ];
    let desk = Desk::new("zh_CN.UTF-8");
    for (arguments, message, help) in cases {
        let run = desk.run(arguments).expect(2);
        assert!(run.words.contains(message) && run.words.contains(help), "{arguments:?}: {}", run.words);
        assert!(run.data.is_empty());
        // The English words are there too.
        let english = Desk::new("en_US.UTF-8").run(arguments).expect(2);
        assert!(!english.words.contains("改法") && !english.words.is_empty());
    }
}

#[test]
fn what_the_computer_lacks_exits_with_3() {
    let desk = Desk::new("zh_CN.UTF-8");
    desk.write("a.md", std::fs::read(ASSIGNMENT).expect("the fixture is there"));
    for (arguments, message) in [
        (&["check", "无此文件.md"][..], "找不到文件“无此文件.md”"),
        (&["check", "."], "是一个文件夹"),
        (&["import", "a.md", "--class", "x"], "不知道课堂在哪台服务器上"),
        (&["import", "a.md", "--class", "x", "--server", "127.0.0.1:1"], "还没有登录"),
        (&["export", "--class", "x"], "不知道课堂在哪台服务器上"),
        (&["roster", "import", "无.csv", "--class", "x"], "找不到文件"),
    ] {
        let run = desk.run(arguments).expect(3);
        assert!(run.words.contains(message) && run.words.contains("改法："), "{}", run.words);
    }
    // A server that has died leaves its address behind.
    std::fs::create_dir(desk.path().join("data")).expect("a directory");
    desk.write("data/local-access.json", r#"{"url":"http://127.0.0.1:1","token":"secret"}"#);
    let run = desk.run(&["import", "a.md", "--class", "x"]).expect(3);
    assert!(run.words.contains("127.0.0.1:1 没有在运行") && !run.words.contains("secret"), "{}", run.words);
    let password = desk.run_with(&["login", "甲", "--password-stdin"], b"secret\n").expect(3);
    assert!(!password.words.contains("secret"));
}

#[test]
fn check_says_what_it_understood() {
    let desk = Desk::new("zh_CN.UTF-8");
    let run = desk.run(&["check", ASSIGNMENT]).expect(0);
    assert!(run.words.is_empty(), "{}", run.words);
    assert!(run.data.contains("订阅号每〔天〕可以群发〔1 | 一〕条消息。"), "{}", run.data);
    assert!(run.data.contains("共 5 题，6 空，36 分。"), "{}", run.data);
    let piped = desk
        .run_with(&["check", "-", "--lang", "en"], &std::fs::read(ASSIGNMENT).expect("the fixture is there"))
        .expect(0);
    assert!(piped.data.contains("5 questions, 6 blanks, 36 points."), "{}", piped.data);
}

#[test]
fn the_json_of_check_is_the_contract() {
    let desk = Desk::new("zh_CN.UTF-8");
    desk.write(
        "a.md",
        "---\ntitle: 作业\n---\n1. 每[[天|%50%日]]{points=0.5 group=g}发{{}}\n2. 谈谈。{essay points=3}\n",
    );
    desk.write("b.md", "---\ntitle: 作业\n---\n1. 每[[天\n");
    desk.write("c.gift", "::q:: x {=a}");
    let run = desk.run(&["check", "--json", "a.md", "b.md", "c.gift"]).expect(1);
    let objects: Vec<serde_json::Value> =
        run.data.lines().map(|line| serde_json::from_str(line).expect("one object a line")).collect();
    assert_eq!(objects.len(), 3);
    let first = &objects[0];
    assert_eq!(first["file"], "a.md");
    assert_eq!(first["format"], "markdown");
    assert_eq!(first["title"], "作业");
    assert_eq!(first["questions"][0]["number"], "1");
    assert_eq!(first["questions"][0]["kind"], "blanks");
    assert_eq!(first["questions"][0]["text"], "每{1}发{{{{}}}}");
    assert_eq!(first["questions"][0]["points"].to_string(), "0.5");
    let blank = &first["questions"][0]["blanks"][0];
    assert_eq!(blank["index"], 1);
    assert_eq!(blank["key"], serde_json::json!(["天", "日"]));
    assert_eq!(blank["shares"].to_string(), "[1,0.5]");
    assert_eq!(blank["group"], "g");
    assert_eq!(blank["proposed"], serde_json::json!([]));
    assert_eq!(first["questions"][1]["kind"], "essay");
    assert_eq!(first["questions"][1]["points"].to_string(), "3");
    assert_eq!(first["diagnostics"][0]["code"], "group-of-one");
    assert_eq!(first["diagnostics"][0]["severity"], "warning");
    let error = &objects[1]["diagnostics"][0];
    assert_eq!((&error["severity"], &error["code"]), (&"error".into(), &"unclosed-blank".into()));
    assert_eq!((&error["line"], &error["column"]), (&4.into(), &5.into()));
    assert!(error["message"].is_string() && error["help"].is_string());
    assert_eq!(objects[1]["questions"], serde_json::json!([]));
    assert_eq!(objects[2]["format"], "gift");
    assert_eq!(objects[2]["diagnostics"][0]["code"], "unsupported-format");
    assert!(run.words.is_empty(), "{}", run.words);
}

#[test]
fn a_mistake_is_shown_with_a_caret_under_its_place() {
    let desk = Desk::new("zh_CN.UTF-8");
    desk.write("a.md", "---\ntitle: 作业\n---\n1. 订阅号每[[天]]{gruop=x}群发。\n");
    let run = desk.run(&["check", "a.md"]).expect(1);
    let lines: Vec<&str> = run.words.lines().collect();
    assert_eq!(lines[0], "错误[misspelt-attribute]: 不认识“gruop”。");
    assert!(lines[1].ends_with("a.md:4:14"), "{}", run.words);
    // Seven characters of double width stand before the braces: the caret is under them on a terminal.
    let caret = lines[4].find('━').expect("a caret");
    let shown = unicode_width::UnicodeWidthStr::width(&lines[4][..caret]);
    let source = unicode_width::UnicodeWidthStr::width(&lines[3][..lines[3].find("gruop").expect("the line is shown")]);
    assert_eq!(shown, source, "{}", run.words);
    assert!(run.words.contains("改法: 是不是“group”？"), "{}", run.words);
    assert!(run.data.is_empty());
}

#[test]
fn a_file_in_no_known_encoding_is_refused_with_the_offset() {
    let desk = Desk::new("en_US.UTF-8");
    desk.write("a.md", [&b"---\ntitle: \xE4\xBD\x9C\xE4\xB8\x9A\xE4\xBD\x9C\n"[..], b"\xFF\xFE---\n"].concat());
    let run = desk.run(&["check", "a.md"]).expect(1);
    assert!(run.words.contains("byte offset 21"), "{}", run.words);
    let (gb18030, _, _) = encoding_rs::GB18030.encode("---\ntitle: 作业\n---\n1. 每[[天]]。\n");
    desk.write("b.md", gb18030);
    assert!(desk.run(&["check", "b.md"]).expect(0).data.contains("每〔天〕。"));
}

#[test]
fn answers_are_marked_offline_and_come_back_in_their_order() {
    let desk = Desk::new("zh_CN.UTF-8");
    let answers = "student,question,blank,answer,remark\n\
                   乙,2,2,订阅号,\"a,b\"\n甲,1,2,一条,\n乙,2,1,服务号,\n甲,1,1,周,\n甲,3,1,,空\n丙,2,1,服务号,\n丙,2,2,服务号,\n";
    desk.write("a.csv", answers);
    let run = desk.run(&["grade", ASSIGNMENT, "--answers", "a.csv"]).expect(0);
    let rows: Vec<Vec<String>> = csv::Reader::from_reader(run.data.as_bytes())
        .records()
        .map(|row| row.expect("CSV").iter().map(str::to_owned).collect())
        .collect();
    let short: Vec<String> =
        rows.iter().map(|row| format!("{}{}.{} {} {} {}", row[0], row[1], row[2], row[4], row[5], row[6])).collect();
    assert_eq!(
        short,
        [
            "乙2.2 a,b correct 1",
            "甲1.2  correct 1",
            "乙2.1  correct 1",
            "甲1.1  incorrect 0",
            "甲3.1 空 unanswered 0",
            "丙2.1  incorrect 0",
            "丙2.2  correct 1",
        ]
    );
    assert!(rows.iter().all(|row| !row[7].is_empty()), "every verdict has a reason");
    assert!(run.words.contains("共判 7 个答案"), "{}", run.words);

    let (gb18030, _, _) = encoding_rs::GB18030.encode(answers);
    desk.write("b.csv", gb18030);
    assert_eq!(desk.run(&["grade", ASSIGNMENT, "--answers", "b.csv"]).expect(0).data, run.data);
    desk.write("c.csv", [b"\xEF\xBB\xBF", answers.as_bytes()].concat());
    assert_eq!(desk.run(&["grade", ASSIGNMENT, "--answers", "c.csv"]).expect(0).data, run.data);

    let json = desk.run(&["grade", ASSIGNMENT, "--answers", "a.csv", "--json"]).expect(0);
    let first: serde_json::Value = serde_json::from_str(json.data.lines().next().expect("a line")).expect("JSON");
    assert_eq!(first["remark"], "a,b");
    assert_eq!((&first["verdict"], &first["credit"]), (&"correct".into(), &1.into()));
}

#[test]
fn a_table_with_mistakes_is_not_marked() {
    let desk = Desk::new("en_US.UTF-8");
    let long = "字".repeat(1001);
    for (row, message, place) in [
        ("甲,1,3,x", "no blank “3”", "a.csv:3:5"),
        ("甲,1,0,x", "no blank “0”", "a.csv:3:5"),
        ("\"甲,乙\",9,1,x", "no question “9”", "a.csv:3:7"),
        ("甲,4,1,x", "has no blanks", "a.csv:3:3"),
        ("甲,1,1,x", "a second time; the first is on line 2", "a.csv:3:5"),
        ("甲,1,2", "3 columns instead of 4", "a.csv:3:1"),
        (&format!("甲,1,2,{long}"), "longer than 1000", "a.csv:3:7"),
    ] {
        desk.write("a.csv", format!("student,question,blank,answer\n甲,1,1,天\n{row}\n"));
        let run = desk.run(&["grade", ASSIGNMENT, "--answers", "a.csv"]).expect(1);
        assert!(
            run.data.is_empty() && run.words.contains(message) && run.words.contains(place),
            "{row}: {}",
            run.words
        );
    }
    desk.write("a.csv", "student,question,answer\n甲,1,天\n");
    let run = desk.run(&["grade", ASSIGNMENT, "--answers", "a.csv"]).expect(1);
    assert!(run.words.contains("“blank” is missing"), "{}", run.words);
    desk.write("a.csv", b"student,question,blank,answer\n\xFF\xFF,1,1,x\n");
    let run = desk.run(&["grade", ASSIGNMENT, "--answers", "a.csv"]).expect(1);
    assert!(run.words.contains("byte offset 30"), "{}", run.words);
}

const CHAPTER: &str = "第8章 鸟类观察\n\n8.1 望远镜\n\n双筒望远镜的倍率通常是八倍,便于手持观察。\n初学者应当先学会调焦,再去野外。\n\n8.2 记录\n\n观察记录包括时间、地点和天气三项,回到室内后尽快整理。\n\n【作业】\n\n1.双筒望远镜的倍率通常是 ,便于手持观察。\n2.谈谈你在校园里见过的鸟。\n";

#[test]
fn a_textbook_page_becomes_an_assignment_file_and_a_draft() {
    let desk = Desk::new("zh_CN.UTF-8");
    desk.write("鸟.txt", CHAPTER);
    let checked = desk.run(&["check", "--json", "鸟.txt"]).expect(0);
    let object: serde_json::Value = serde_json::from_str(&checked.data).expect("JSON");
    assert_eq!(object["format"], "textbook");
    let blank = &object["questions"][0]["blanks"][0];
    assert_eq!(blank["key"], serde_json::json!([]), "the page states no key");
    assert_eq!(blank["proposed"][0]["answer"], "八倍");
    assert!(blank["proposed"][0]["confidence"].as_f64().expect("a number") > 0.5);
    assert_eq!(blank["proposed"][0]["source"]["section"], "8.1");

    desk.run(&["import", "鸟.txt", "--output", "鸟.md", "--dry-run"]).expect(0);
    assert!(!desk.path().join("鸟.md").exists());
    desk.run(&["import", "鸟.txt", "--output", "鸟.md"]).expect(0);
    assert!(desk.read("鸟.chapter.md").contains("双筒望远镜"));
    let again = desk.run(&["check", "鸟.md"]).expect(0);
    assert!(again.data.contains("〔八倍？〕"), "{}", again.data);

    // Nobody can be asked here, and nothing is replaced unasked.
    desk.write("鸟.md", "mine");
    let refused = desk.run(&["import", "鸟.txt", "--output", "鸟.md"]).expect(2);
    assert!(refused.words.contains("--yes"), "{}", refused.words);
    assert_eq!(desk.read("鸟.md"), "mine");
    desk.run(&["import", "鸟.txt", "--output", "鸟.md", "--yes"]).expect(0);
    assert_ne!(desk.read("鸟.md"), "mine");
    assert!(desk.run(&["import", "鸟.txt", "-o", "-"]).expect(0).data.starts_with("---\ntitle:"));
}

#[test]
fn nothing_is_sent_while_a_file_has_errors() {
    let desk = Desk::new("zh_CN.UTF-8");
    desk.write("a.md", std::fs::read(ASSIGNMENT).expect("the fixture is there"));
    desk.write("b.md", "---\ntitle: x\n---\n1. 甲\n");
    let run = desk.run(&["import", "a.md", "b.md", "--class", "x", "--server", "127.0.0.1:1"]).expect(1);
    assert!(run.words.contains("没有送出任何内容"), "{}", run.words);
    desk.write("空.txt", "");
    desk.run(&["import", "空.txt", "--output", "空.md"]).expect(1);
    assert!(!desk.path().join("空.md").exists());
}

#[test]
fn exercises_that_make_no_assignment_are_left_to_the_teacher() {
    let desk = Desk::new("zh_CN.UTF-8");
    desk.write("鸟.txt", format!("{CHAPTER}3.填写{}。\n", "鸟____，".repeat(101)));
    let sent = desk.run(&["import", "鸟.txt", "--class", "x", "--server", "127.0.0.1:1"]).expect(1);
    assert!(sent.words.contains("这道题的空超过 100 个") && sent.words.contains("--output"), "{}", sent.words);
    let written = desk.run(&["import", "鸟.txt", "-o", "鸟.md"]).expect(1);
    assert!(written.words.contains("鸟.md") && desk.read("鸟.md").contains("谈谈"), "{}", written.words);
}

#[test]
fn the_languages_have_the_same_messages() {
    for area in ["assignment", "command"] {
        let keys = |language: &str| {
            let path = format!("{}/locales/{language}/{area}.ftl", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(path).expect("the locale file is there");
            let mut keys: Vec<String> = text
                .lines()
                .filter(|line| line.starts_with(area))
                .filter_map(|line| Some(line.split_once(" =")?.0.to_owned()))
                .collect();
            keys.sort();
            keys
        };
        let chinese = keys("zh-CN");
        assert_eq!(chinese, keys("en"), "{area}");
        assert!(chinese.len() > 50 && chinese.windows(2).all(|pair| pair[0] != pair[1]), "{area}: a key twice");
    }
}
