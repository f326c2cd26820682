//! `grader import` on files as teachers have them: other encodings, nothing in them, two chapters, a wrong name for the output.

use std::path::Path;
use std::process::{Command, Stdio};

const CHAPTER: &str = include_str!("textbook/storage.txt");

struct Run {
    code: i32,
    words: String,
}

fn run(directory: &Path, language: &str, arguments: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_grader"))
        .args(arguments)
        .current_dir(directory)
        .env_clear()
        .env("HOME", directory)
        .env("LANG", language)
        .stdin(Stdio::null())
        .output()
        .expect("the command runs");
    let words = String::from_utf8(output.stderr).expect("all output is UTF-8");
    assert!(!words.contains("panicked") && !words.contains("Unknown localization"), "{words}");
    Run { code: output.status.code().expect("not killed"), words }
}

#[test]
fn every_encoding_gives_the_same_file() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let wide = |big: bool| -> Vec<u8> {
        CHAPTER.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    let (gb, _, _) = encoding_rs::GB18030.encode(CHAPTER);
    let files: [(&str, Vec<u8>); 8] = [
        ("plain", CHAPTER.into()),
        ("bom", [b"\xEF\xBB\xBF", CHAPTER.as_bytes()].concat()),
        ("gb", gb.into_owned()),
        ("le", wide(false)),
        ("be", wide(true)),
        ("le-bom", [b"\xFF\xFE".to_vec(), wide(false)].concat()),
        ("be-bom", [b"\xFE\xFF".to_vec(), wide(true)].concat()),
        ("crlf", CHAPTER.replace('\n', "\r\n").into()),
    ];
    let mut written: Option<String> = None;
    for (name, bytes) in files {
        std::fs::write(directory.path().join(format!("{name}.txt")), bytes).expect("the directory can be written to");
        let target = format!("{name}.md");
        let found = run(directory.path(), "zh_CN.UTF-8", &["import", &format!("{name}.txt"), "--output", &target]);
        assert_eq!(found.code, 0, "{name}: {}", found.words);
        let file = std::fs::read_to_string(directory.path().join(target)).expect("the file was written");
        assert_eq!(*written.get_or_insert(file.clone()), file, "{name}");
    }
}

#[test]
fn what_cannot_be_imported_says_why_and_how_to_mend_it() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    std::fs::create_dir(directory.path().join("folder")).expect("the directory can be written to");
    let cases: [(&str, &[u8], &str, i32, &str, &str); 8] = [
        ("empty.txt", b"", "out.md", 1, "empty", "文字识别"),
        ("spaces.txt", "\u{feff} \r\n\u{3000}\n".as_bytes(), "out.md", 1, "empty", "文字识别"),
        ("binary.txt", b"\x7FELF\x02\x01\x01\0\0\0\0", "out.md", 1, "undecodable", "UTF-8"),
        ("text.txt", "第二章 土壤\n2.1 组成\n土壤由四部分组成。\n".as_bytes(), "out.md", 1, "no-exercises", "【作业】"),
        ("page.txt", b"%PDF-1.7 x", "out.md", 1, "document", ""),
        ("chapter.txt", CHAPTER.as_bytes(), "chapter.txt", 2, "就是要读取的文件", "换一个文件名"),
        ("chapter.txt", CHAPTER.as_bytes(), "folder", 2, "文件夹", "folder/"),
        ("chapter.txt", CHAPTER.as_bytes(), "missing/out.md", 3, "missing", "建立文件夹"),
    ];
    for (name, content, target, code, what, help) in cases {
        std::fs::write(directory.path().join(name), content).expect("the directory can be written to");
        let found = run(directory.path(), "zh_CN.UTF-8", &["import", name, "--output", target, "--yes"]);
        assert_eq!(found.code, code, "{name}: {}", found.words);
        assert!(found.words.contains(what) && found.words.contains(help), "{name}: {}", found.words);
        assert!(found.words.contains("改法"), "{name}: {}", found.words);
        let english = run(directory.path(), "en_US.UTF-8", &["import", name, "--output", target, "--yes"]);
        assert!(english.code == code && !english.words.contains("改法"), "{name}: {}", english.words);
        assert_eq!(std::fs::read(directory.path().join(name)).expect("the file is there"), content, "{name}");
        assert!(!directory.path().join("out.md").exists(), "{name}");
    }
}

#[test]
fn a_long_file_without_paragraphs_is_read() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let text = "仓库里的货物要按先进先出的办法保管，\n".repeat(4_000);
    let source = format!(
        "第五章 仓储\n5.1 保管\n{text}安全库存由采购部门每季核定一次。\n【作业】\n1. 安全库存由____每季核定一次。\n"
    );
    std::fs::write(directory.path().join("long.txt"), source).expect("the directory can be written to");
    let found = run(directory.path(), "zh_CN.UTF-8", &["import", "long.txt", "--output", "long.md"]);
    assert_eq!(found.code, 0, "{}", found.words);
    let file = std::fs::read_to_string(directory.path().join("long.md")).expect("the file was written");
    assert!(file.contains("[[采购部门]]{?}"), "{file}");
}
