//! `course_plugin.h` says the same as the Rust source: it is made from it, and a C compiler takes it.

#![allow(missing_docs, clippy::unwrap_used)]

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use cbindgen::{Builder, Config, DocumentationStyle, Language, RenameRule, Style};

/// Above the types: what a C author needs to know first.
const BEGINNING: &str = include_str!("header/beginning.h");
/// Below them: how a plugin is exported.
const END: &str = include_str!("header/end.h");
const GUARD_END: &str = "#endif  /* COURSE_PLUGIN_H */\n";

fn generated(folder: &Path) -> String {
    let mut config = Config {
        language: Language::C,
        style: Style::Both,
        include_guard: Some("COURSE_PLUGIN_H".into()),
        sys_includes: ["stddef.h", "stdint.h", "stdlib.h", "string.h"].map(String::from).into(),
        no_includes: true,
        usize_is_size_t: true,
        documentation_style: DocumentationStyle::C99,
        line_length: 120,
        tab_width: 4,
        header: Some(BEGINNING.trim_end().into()),
        trailer: Some(END.trim_end().into()),
        ..Config::default()
    };
    config.enumeration.rename_variants = RenameRule::QualifiedScreamingSnakeCase;
    let types = ["PluginV1", "HostV1", "SectionHeader", "Slice", "Buf", "Op", "HostOp", "Code"];
    let constants =
        ["ABI_MAJOR", "ABI_MINOR", "FLAG_UNWIND", "FLAG_THREADS", "MOST_ROWS", "MOST_BYTES", "MOST_STATEMENTS"];
    let renamed = types.iter().map(|name| ((*name).to_owned(), format!("Course{name}")));
    config.export.rename =
        renamed.chain(constants.iter().map(|name| ((*name).to_owned(), format!("COURSE_{name}")))).collect();
    // Lists for Rust, which a header cannot hold.
    config.export.exclude = ["CODES", "OPS", "HOST_OPS"].map(String::from).into();
    config.export.include = types.iter().chain(&constants).map(|name| (*name).to_owned()).collect();
    let protocol = folder.join("../plugin-protocol/src");
    let sources =
        [folder.join("src/lib.rs"), protocol.join("code.rs"), protocol.join("op.rs"), protocol.join("host.rs")];
    let builder = sources.iter().fold(Builder::new().with_config(config), |builder, path| builder.with_src(path));
    let mut bytes = Vec::new();
    builder.generate().unwrap().write(&mut bytes);
    readable(&String::from_utf8(bytes).unwrap())
}

/// Without what means nothing to a reader of C: links of Rust's documentation, the types of enums before and after C23.
fn readable(text: &str) -> String {
    let mut lines = Vec::new();
    let mut is_skipped = false;
    for line in text.lines() {
        match line {
            line if line.starts_with("#if __STDC_VERSION__") => is_skipped = true,
            line if line.starts_with("#endif // __STDC_VERSION__") => is_skipped = false,
            _ if is_skipped => {}
            " {" => lines.last_mut().map(|last: &mut String| last.push_str(" {")).unwrap_or_default(),
            line => lines.push(line.to_owned()),
        }
    }
    let text = lines.join("\n") + "\n";
    // What follows the types belongs inside the guard too.
    let text = text.replace(GUARD_END, "").trim_end().to_owned() + "\n\n" + GUARD_END;
    let text = text.replace("[`", "`").replace("`]", "`").replace("(crate::Code)", "");
    text.replace("`MAGIC`: `CLSP`", "The four bytes `CLSP`").replace("`FLAG_…`", "`COURSE_FLAG_…`")
}

#[test]
fn the_header_says_what_the_source_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = folder.join("course_plugin.h");
    let made = generated(folder);
    if env::var_os("WRITE_HEADER").is_some() {
        // In one step: the other test reads it meanwhile.
        let beside = path.with_extension("new");
        fs::write(&beside, &made).unwrap();
        fs::rename(&beside, &path).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == made, "course_plugin.h is out of date: WRITE_HEADER=1 cargo test -p plugin-abi writes it anew");
}

#[test]
fn a_c_compiler_takes_it_without_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("hello.c");
    // The example in the header itself.
    let example = BEGINNING.lines().skip_while(|line| !line.contains("#include \"course_plugin.h\""));
    let example = example.take_while(|line| !line.contains("cc -shared"));
    let example: Vec<_> = example.map(|line| line.trim_start_matches(" *")).collect();
    // A plugin of several files includes it more than once.
    fs::write(&source, format!("#include \"course_plugin.h\"\n{}", example.join("\n"))).unwrap();
    for standard in ["-std=c99", "-std=c11"] {
        let compiled = Command::new("cc")
            .args([standard, "-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror"])
            .args(["-shared", "-fPIC", "-I", env!("CARGO_MANIFEST_DIR"), "-o"])
            .args([&folder.path().join("libhello.so"), &source])
            .output()
            .unwrap();
        assert!(compiled.status.success(), "{standard}: {}", String::from_utf8_lossy(&compiled.stderr));
    }
}
