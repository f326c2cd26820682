//! Files of the back office in the kit: every shape gives the same days, twice is no change, what is broken is refused.

#![allow(missing_docs, clippy::unwrap_used)]

use std::io::Write as _;

use plugin_sdk::serde_json::{Value, json};
use plugin_test::TestHost;

const HTML: &[u8] = include_bytes!("files/user_analysis_html.xls");
const XLS: &[u8] = include_bytes!("files/user_analysis.xls");
const XLSX: &[u8] = include_bytes!("files/user_analysis.xlsx");
const GB18030: &[u8] = include_bytes!("files/user_analysis_gb18030.csv");
const UTF8: &[u8] = include_bytes!("files/user_analysis_utf8.csv");

fn host() -> TestHost {
    TestHost::new(&fan_tracking::PLUGIN).as_operator()
}

/// Sends a file; the path of its preview.
fn look(host: &TestHost, name: &str, bytes: &[u8]) -> String {
    let sent = host.post_files("/import", &[], &[("file", name, bytes)]);
    let told = plugin_sdk::serde_json::to_value(sent.response()).unwrap();
    told["to"].as_str().unwrap_or_else(|| panic!("{name} leads to no preview: {told}")).to_owned()
}

fn import(host: &TestHost, name: &str, bytes: &[u8]) -> String {
    let preview = look(host, name, bytes);
    let done = host.post(&preview, &[]);
    assert_eq!(done.redirects_to("/import").notice(), Some("import-done"));
    preview
}

fn days(host: &TestHost) -> Value {
    let rows = host.rows(
        "select d.day, d.gained, d.lost, d.net, d.total from upload_day d join upload u on u.id = d.upload_id
         where u.state = 'done' order by d.day",
        Vec::new(),
    );
    plugin_sdk::serde_json::to_value(rows.rows).unwrap()
}

#[test]
fn five_forms_of_the_same_file_give_the_same_days() {
    let forms = [("html.xls", HTML), ("real.xls", XLS), ("new.xlsx", XLSX), ("gb.csv", GB18030), ("utf8.csv", UTF8)];
    let mut found = Vec::new();
    for (name, bytes) in forms {
        let host = host();
        import(&host, name, bytes);
        found.push(days(&host));
    }
    assert_eq!(found[0].as_array().unwrap().len(), 12);
    assert_eq!(found[0][0], json!(["2026-09-28", 120, 11, 109, 5109]));
    assert_eq!(found[0][11], json!(["2026-10-09", 197, 13, 184, 6758]));
    assert!(found.iter().all(|days| *days == found[0]), "{found:?}");
}

#[test]
fn a_file_counts_only_when_it_is_confirmed_and_can_be_taken_back() {
    let host = host();
    let preview = look(&host, "user_analysis.xls", HTML);
    assert_eq!(host.get("/").values()["progress"]["way"], "way-unknown");
    let shown = host.get(&preview);
    assert_eq!(
        (&shown.values()["new"], &shown.values()["same"], &shown.values()["odd"]),
        (&json!(12), &json!(0), &json!(0))
    );
    host.post(&preview, &[]).redirects_to("/import");
    assert_eq!(host.get("/").values()["progress"]["total"], 6758);
    let recorded = host.events();
    assert_eq!((recorded.len(), &recorded[11].data["day"]), (12, &json!("2026-10-09")), "each day is told");
    let line = host.get("/days").values()["days"][0]["figure"].clone();
    assert_eq!(
        (&line["source"], &line["name"], &line["at"]),
        (&json!("source-import"), &json!("学生 05"), &json!("10-12 08:00"))
    );
    host.post(&format!("{preview}/undo"), &[]).redirects_to("/import");
    assert_eq!(host.get("/").values()["progress"]["way"], "way-unknown");
    assert_eq!(host.get("/import").values()["uploads"][0]["state"], "upload-undone");
}

#[test]
fn a_file_each_day_for_a_whole_term_is_read() {
    let host = host();
    let day = |back: u64| (host.now() - std::time::Duration::from_secs(back * 86_400)).date_naive();
    for number in 0..60_u64 {
        let lines = (1..=90).map(|back| format!("{},{},0,{},\n", day(back), number + back, number + back));
        let file = format!("时间,新关注人数,取消关注人数,净增关注人数,累积关注人数\n{}", lines.collect::<String>());
        import(&host, "user_analysis.csv", file.as_bytes());
        host.advance(std::time::Duration::from_secs(60));
    }
    let days = host.get("/days").expect(200).values()["days"].clone();
    assert_eq!((days.as_array().unwrap().len(), &days[0]["figure"]["gained"]), (90, &json!("60")));
}

#[test]
fn the_same_file_twice_changes_nothing() {
    let host = host();
    import(&host, "a.xls", HTML);
    let (before, events) = (days(&host), host.events().len());
    let page = host.get("/days").values().clone();
    let again = look(&host, "b.xlsx", XLSX);
    assert_eq!(host.get(&again).values()["same"], 12);
    assert_eq!(host.post(&again, &[]).redirects_to("/import").notice(), Some("import-nothing"));
    assert_eq!((days(&host), host.events().len()), (before, events));
    assert_eq!(host.get("/days").values(), &page);
    assert_eq!(host.rows("select id from upload", Vec::new()).rows.len(), 1);
    // Confirming again what counts already is no change either.
    host.get(&again).expect(404);
}

#[test]
fn a_later_file_corrects_an_earlier_one_until_it_is_undone() {
    let host = host();
    import(&host, "a.xls", HTML);
    let later = "时间,新关注人数,取消关注人数,累积关注人数\n2026-10-09,200,13,6761\n2026-10-10,5,1,6765\n";
    let preview = look(&host, "later.csv", later.as_bytes());
    let shown = host.get(&preview).values().clone();
    assert_eq!((&shown["new"], &shown["changed"]), (&json!(1), &json!(1)));
    assert_eq!(shown["lines"][0]["differs"][0]["gained"], "197", "what is known stands beside it");
    host.advance(std::time::Duration::from_secs(60));
    host.post(&preview, &[]).redirects_to("/import");
    assert_eq!(host.get("/").values()["progress"]["total"], 6765);
    host.post(&format!("{preview}/undo"), &[]).redirects_to("/import");
    assert_eq!(host.get("/").values()["progress"]["total"], 6758);
}

#[test]
fn what_does_not_fit_is_shown_before_it_counts_and_never_dropped() {
    let host = host();
    host.post("/figures", &[("day", "2026-10-01"), ("gained", "9"), ("lost", "0"), ("total", "")]).redirects_to("/");
    let odd = "时间,新关注人数,取消关注人数,净增关注人数,累积关注人数\n2026-10-01,10,0,10,110\n2026-10-02,10,1,8,119\n2026-10-03,1,0,1,125\n";
    let preview = look(&host, "odd.csv", odd.as_bytes());
    let shown = host.get(&preview).values().clone();
    assert_eq!(shown["odd"], 3);
    assert_eq!(shown["lines"][0]["differs"][0]["source"], "source-typed");
    assert_eq!((&shown["lines"][1]["net_off"], &shown["lines"][2]["chain_off"]), (&json!("−1"), &json!("+5")));
    host.post(&preview, &[]).redirects_to("/import");
    assert_eq!(days(&host).as_array().unwrap().len(), 3);
}

#[test]
fn broken_files_are_refused_plainly_and_nothing_is_kept() {
    let head = "时间,新关注人数,取消关注人数\n";
    let bomb = bomb();
    let claims = claims();
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("empty", Vec::new(), "import-missing"),
        ("picture", b"\x89PNG\r\n\x1a\n\0\0\0".to_vec(), "import-kind"),
        ("text", b"hello".to_vec(), "import-head"),
        ("other columns", "日期,阅读\n2026-10-01,5\n".into(), "import-head"),
        ("no days", head.into(), "import-no-days"),
        ("no number", format!("{head}2026-10-01,many,0\n").into(), "import-number"),
        ("no day", format!("{head}gestern,1,0\n").into(), "import-date"),
        ("future", format!("{head}2026-10-13,1,0\n").into(), "import-future"),
        ("twice", format!("{head}2026-10-01,1,0\n2026-10-01,2,0\n").into(), "import-twice"),
        ("long", vec![b'a'; 2 * 1024 * 1024 + 1], "import-large"),
        ("half xls", XLS[..XLS.len() / 2].to_vec(), "import-damaged"),
        ("half xlsx", XLSX[..XLSX.len() / 2].to_vec(), "import-damaged"),
        ("a cell far away in an xls", include_bytes!("files/far.xls").to_vec(), "import-large"),
        ("a cell far away in an xlsx", include_bytes!("files/far.xlsx").to_vec(), "import-large"),
        ("a part that unpacks to a hundred times its size", bomb, "import-large"),
        ("a claim of more texts than there is memory", claims, "import-large"),
    ];
    for (what, bytes, key) in cases {
        let host = host();
        let page = host.post_files("/import", &[], &[("file", "file", &bytes)]);
        let refusal = page.expect(422).values()["refusal"].clone();
        assert_eq!(refusal["key"], key, "{what}: {refusal}");
        assert!(host.rows("select id from upload", Vec::new()).rows.is_empty(), "{what}");
    }
    let host = host();
    let page = host.post_files("/import", &[], &[("file", "f.csv", format!("{head}2026-10-01,x1,0\n").as_bytes())]);
    assert_eq!(page.values()["refusal"], json!({ "key": "import-number", "line": 2, "text": "x1" }));
}

/// Files whose bytes were changed at any place are read or refused, and never end the plugin.
#[test]
fn damaged_files_never_end_the_plugin() {
    let host = host();
    let mut seed = 7_u64;
    for original in [HTML, XLS, XLSX, GB18030] {
        for _ in 0..60 {
            let mut bytes = original.to_vec();
            for _ in 0..4 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let place = (seed >> 33) as usize % bytes.len();
                bytes[place] = (seed >> 20) as u8;
            }
            let status = host.post_files("/import", &[], &[("file", "file", &bytes)]).status();
            assert!([303, 422].contains(&status), "{status}");
        }
    }
}

#[test]
fn importing_is_for_operators_and_a_preview_for_its_class() {
    let host = host();
    host.as_student(1).get("/import").expect(403);
    host.as_student(1).post_files("/import", &[], &[("file", "a", HTML)]).expect(403);
    let preview = look(&host, "a.xls", HTML);
    host.in_other_class().get(&preview).expect(404);
    host.in_other_class().post(&preview, &[]).expect(404);
    host.advance(std::time::Duration::from_secs(2 * 86_400));
    host.run_job("sweep");
    host.get(&preview).expect(404);
    assert!(host.rows("select day from upload_day", Vec::new()).rows.is_empty(), "what nobody confirmed is forgotten");
}

/// The good file with one part that holds nothing but zeros.
fn bomb() -> Vec<u8> {
    with_part("xl/worksheets/sheet9.xml", &vec![0; 6 * 1024 * 1024])
}

fn claims() -> Vec<u8> {
    let texts = r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" uniqueCount = "99999999999999"></sst>"#;
    with_part("xl/sharedStrings.xml", texts.as_bytes())
}

fn with_part(name: &str, content: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(XLSX)).unwrap();
    let mut made = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).unwrap();
        if part.name().unwrap() != name {
            made.raw_copy_file(part).unwrap();
        }
    }
    made.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    made.write_all(content).unwrap();
    made.finish().unwrap().into_inner()
}
