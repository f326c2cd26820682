//! The loader with plugins in C, built from the header: what it opens and what it refuses.

#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use plugin_loader::file::{FileError, LARGEST, read};
use plugin_loader::{FileKind, OpenError, Plugin, Services};
use plugin_protocol::Code;

/// Builds the plugin with these definitions; the folder goes with the value.
fn built(definitions: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let library = folder.path().join("libecho.so");
    let compiled = Command::new("cc")
        .args(["-std=c11", "-D_POSIX_C_SOURCE=199309L", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-I"])
        .args([own.join("../plugin-abi"), "-o".into(), library.clone(), own.join("tests/c/echo.c")])
        .args(definitions)
        .output()
        .unwrap();
    assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
    (folder, library)
}

/// A library with some of its bytes changed.
fn changed(at: impl Fn(&[u8]) -> usize, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let (folder, library) = built(&[]);
    let mut content = fs::read(&library).unwrap();
    let start = at(&content);
    content[start..start + bytes.len()].copy_from_slice(bytes);
    fs::write(&library, content).unwrap();
    (folder, library)
}

/// Where the section begins in the file. Its magic is there a second time, in the exported table.
fn section(content: &[u8]) -> usize {
    let header = [b'C', b'L', b'S', b'P', 24, 0, 0, 0];
    content.windows(8).position(|bytes| bytes == header).unwrap()
}

fn table(content: &[u8]) -> usize {
    let header = [b'C', b'L', b'S', b'P', 80, 0, 0, 0];
    content.windows(8).position(|bytes| bytes == header).unwrap()
}

/// Answers the service 7.
#[derive(Default)]
struct Host {
    asked: Mutex<Vec<(u64, u32, Vec<u8>)>>,
}

impl Services for Host {
    fn call(&self, token: u64, op: u32, input: &[u8]) -> (i32, Vec<u8>) {
        self.asked.lock().unwrap().push((token, op, input.to_vec()));
        (Code::Conflict.number(), b"\"answered\"".to_vec())
    }

    fn alive(&self, token: u64) -> bool {
        token.is_multiple_of(2)
    }
}

fn opened(definitions: &[&str]) -> (tempfile::TempDir, Plugin, Arc<Host>) {
    let (folder, library) = built(definitions);
    let host = Arc::new(Host::default());
    let plugin = Plugin::open(&library, "echo", host.clone()).unwrap();
    plugin.init().unwrap();
    (folder, plugin, host)
}

#[test]
fn a_file_is_described_without_running_it() {
    let (folder, library) = built(&["-DMORE_FLAGS=COURSE_FLAG_THREADS"]);
    let trace = folder.path().join("trace");
    // The other tests of this process do not look at it.
    let reader = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "reads_one_file", "--include-ignored"])
        .env("ECHO_TRACE", &trace)
        .env("ECHO_READ", &library)
        .output()
        .unwrap();
    assert!(reader.status.success(), "{}", String::from_utf8_lossy(&reader.stdout));
    assert!(!trace.exists(), "nothing of it ran while it was read");
    let reader = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "reads_one_file", "--include-ignored"])
        .env("ECHO_TRACE", &trace)
        .env("ECHO_READ", &library)
        .env("ECHO_OPEN", "1")
        .output()
        .unwrap();
    assert!(reader.status.success() && trace.exists(), "opening it does leave the trace");
}

#[test]
#[ignore = "a process of the test above"]
fn reads_one_file() {
    let Some(path) = std::env::var_os("ECHO_READ").map(PathBuf::from) else { return };
    let file = read(&path).unwrap();
    assert_eq!((file.manifest.id.as_str(), file.manifest.title.zh.as_str()), ("echo", "回声"));
    assert_eq!(file.kind, FileKind::Library { abi: (1, 0), flags: 3 });
    assert_eq!(file.sha256.len(), 64);
    if std::env::var_os("ECHO_OPEN").is_some() {
        Plugin::open(&path, "echo", Arc::new(Host::default())).unwrap();
    }
}

#[test]
fn what_does_not_fit_is_refused_with_both_values_and_a_way_out() {
    let refused = |library: &Path| read(library).unwrap_err().to_string();
    let (_folder, other_major) = changed(|content| section(content) + 8, &[2, 0]);
    let words = refused(&other_major);
    assert!(words.contains("2.x") && words.contains("1.0") && words.contains("cargo build"), "{words}");

    let (_folder, abort) = changed(|content| section(content) + 12, &[0]);
    assert!(matches!(read(&abort), Err(FileError::Abort)), "{}", refused(&abort));
    let (_folder, damaged) = changed(section, b"CLAP");
    let words = refused(&damaged);
    assert!(words.contains("[67, 76, 65, 80]") && words.contains("[67, 76, 83, 80]"), "{words}");
    let (_folder, long) = changed(|content| section(content) + 16, &u64::MAX.to_ne_bytes());
    assert!(refused(&long).contains("shorter than its manifest"));
    let (_folder, short) = changed(|content| section(content) + 4, &[3]);
    assert!(refused(&short).contains("header is too short"));

    let (_folder, machine) = changed(|_| 18, &[8, 0]);
    let words = refused(&machine);
    assert!(words.contains("Mips") && words.contains("this machine is"), "{words}");
    let (_folder, stranger) = built(&["-DNO_PLUGIN"]);
    assert!(matches!(read(&stranger), Err(FileError::NoPlugin)), "{}", refused(&stranger));
    let (_folder, no_json) = built(&["-DMANIFEST=\"{\""]);
    assert!(matches!(read(&no_json), Err(FileError::Manifest(_))), "{}", refused(&no_json));
    let bad = r#"-DMANIFEST="{\"id\": \"Echo\", \"version\": \"1\", \"title\": {\"zh\": \"a\", \"en\": \"b\"}}""#;
    let (_folder, bad) = built(&[bad]);
    let Err(FileError::Problems(problems)) = read(&bad) else { panic!("{}", refused(&bad)) };
    assert_eq!(problems.len(), 2, "{problems:?}");
}

#[test]
fn a_library_for_a_newer_glibc_is_refused() {
    // The version that the library needs most, made into one that there is not yet.
    let (_folder, library) = built(&[]);
    let mut content = fs::read(&library).unwrap();
    let name = b"GLIBC_2.";
    let places: Vec<usize> =
        (0..content.len() - 12).filter(|&at| content[at..].starts_with(name) && content[at + 8] != 0).collect();
    for at in places {
        let end = at + 8 + content[at + 8..].iter().position(|&byte| byte == 0 || byte == b'.').unwrap();
        content[at + 8..end].fill(b'9');
    }
    fs::write(&library, content).unwrap();
    let Err(FileError::Glibc { needed, found }) = read(&library) else { panic!("{:?}", read(&library)) };
    assert!(needed.starts_with("2.9") && found.starts_with("2.") && needed != found, "{needed} {found}");
}

#[test]
fn other_files_are_no_plugins() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        path
    };
    assert!(matches!(read(&folder.path().join("none.so")), Err(FileError::Read(..))));
    for content in [b"".as_slice(), b"\x7fELF", b"#!/bin/sh\n", &[0; 4096]] {
        assert!(matches!(read(&file("a.so", content)), Err(FileError::Foreign(_))));
    }
    let pipe = folder.path().join("pipe.so");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for endless in [&pipe, Path::new("/dev/zero"), folder.path()] {
        assert!(matches!(read(endless), Err(FileError::Foreign(_))), "{}", endless.display());
    }
    let large = file("large.so", b"");
    fs::File::options().write(true).open(&large).unwrap().set_len(LARGEST + 1).unwrap();
    assert!(matches!(read(&large), Err(FileError::Size(size)) if size == LARGEST + 1));

    let manifest = r#"{"id": "speaker", "version": "0.1.0", "title": {"zh": "甲", "en": "A"}"#;
    let program = file("speaker.plugin.json", format!("{manifest}, \"command\": [\"python3\"]}}").as_bytes());
    assert_eq!(read(&program).unwrap().kind, FileKind::Program);
    let nothing = file("speaker.plugin.json", format!("{manifest}}}").as_bytes());
    assert!(read(&nothing).unwrap_err().to_string().contains("command"));
}

/// A library cut or changed anywhere is read or refused; nothing panics.
#[test]
fn a_damaged_library_does_no_harm() {
    let (folder, library) = built(&[]);
    let content = fs::read(&library).unwrap();
    let damaged = folder.path().join("damaged.so");
    for step in 0..400 {
        let mut copy = content.clone();
        let at = step * content.len() / 400;
        if step % 2 == 0 {
            copy.truncate(at);
        } else {
            let end = copy.len().min(at + 16);
            copy[at..end].fill(0xff);
        }
        fs::write(&damaged, &copy).unwrap();
        let _ = read(&damaged);
    }
}

#[test]
fn bytes_go_in_and_out_and_are_freed_by_their_owner() {
    let (_folder, plugin, _host) = opened(&[]);
    assert_eq!(plugin.sdk(), "echo.c");
    assert!(plugin.manifest().starts_with(b"{\"id\": \"echo\""));
    for input in [b"".as_slice(), b"{}", &vec![7; 3_000_000]] {
        assert_eq!(plugin.call(2, 1, input), (0, input.to_vec()));
    }
    assert_eq!(plugin.call(2, 3, b""), (0, b"{\"freed\": 3}".to_vec()));
    assert_eq!(plugin.call(2, 99, b""), (Code::Unsupported.number(), vec![]));
}

#[test]
fn the_host_is_asked_on_behalf_of_a_call_that_runs() {
    let (_folder, plugin, host) = opened(&[]);
    assert_eq!(plugin.call(41, 2, b""), (Code::Conflict.number(), b"\"answered\"".to_vec()));
    assert_eq!(*host.asked.lock().unwrap(), [(41, 7, b"\"asked\"".to_vec())]);
    assert_eq!(plugin.call(41, 4, b"").1, b"{\"alive\": 0}");
    assert_eq!(plugin.call(42, 4, b"").1, b"{\"alive\": 1}");
    let cancelled = format!("{{\"stranger\": {}}}", Code::Cancelled.number());
    assert_eq!(plugin.call(43, 8, b"").1, cancelled.as_bytes(), "no such call runs");
    plugin.cancel(17);
    assert_eq!(plugin.call(44, 7, b"").1, b"{\"cancelled\": 17}");
    plugin.shutdown(0);
}

#[test]
fn calls_follow_one_another_unless_the_plugin_can_take_several() {
    for (definitions, is_alone) in [([].as_slice(), true), (&["-DMORE_FLAGS=COURSE_FLAG_THREADS"], false)] {
        let (_folder, plugin, _host) = opened(definitions);
        let base = if is_alone { 1_000 } else { 2_000 };
        std::thread::scope(|scope| {
            for token in 0..4 {
                let plugin = &plugin;
                scope.spawn(move || plugin.call(base + token, 5, b""));
            }
        });
        let most = String::from_utf8(plugin.call(base, 6, b"").1).unwrap();
        assert_eq!(most == "{\"most\": 1}", is_alone, "{most}");
    }
}

#[test]
fn what_is_exported_is_checked_before_it_is_called() {
    let services = || Arc::new(Host::default());
    let (_folder, library) = built(&[]);
    let other = Plugin::open(&library, "notebook", services()).err().unwrap();
    assert!(matches!(&other, OpenError::Symbol(name) if name.contains("course_plugin_v1_notebook")), "{other}");
    for (offset, bytes, words) in [
        (0, b"XXXX".as_slice(), "instead of"),
        (4, &[8, 0, 0, 0], "8 bytes"),
        (8, &[9, 0], "version 9"),
        (12, &[0], "abort"),
    ] {
        let (_folder, library) = changed(|content| table(content) + offset, bytes);
        let error = Plugin::open(&library, "echo", services()).err().unwrap();
        assert!(matches!(&error, OpenError::Table(_)) && error.to_string().contains(words), "{error}");
    }
    let (_folder, library) = built(&["-DREFUSE"]);
    let refused = Plugin::open(&library, "echo", services()).unwrap().init().unwrap_err();
    assert!(matches!(refused, OpenError::Start(Code::PluginError)), "{refused}");
    let missing = Plugin::open(Path::new("/no/such.so"), "echo", services()).err().unwrap();
    assert!(matches!(missing, OpenError::Library(_)), "{missing}");
}
