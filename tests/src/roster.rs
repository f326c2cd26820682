//! Rosters from files: read in every encoding, shown as a difference, applied whole or not at all.

use std::io::{Cursor, Write};
use std::time::Instant;

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use rust_xlsxwriter::Workbook;
use server::store::person::Role;
use server::store::roster;
use tests::{Classroom, Client, Reply, Site, both};

fn base(room: &Classroom) -> String {
    format!("/classes/{}/roster", room.class.id)
}

async fn upload(client: &Client, room: &Classroom, name: &str, bytes: Vec<u8>) -> Reply {
    let form = Form::new().part("file", Part::bytes(bytes).file_name(name.to_owned()));
    client.multipart(&format!("{}/uploads", base(room)), form).await
}

fn csv(rows: &[(&str, &str)]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["学号", "姓名"]).expect("a row");
    for (number, name) in rows {
        writer.write_record([number, name]).expect("a row");
    }
    String::from_utf8(writer.into_inner().expect("all rows")).expect("UTF-8")
}

/// The roster as (number, name, present).
async fn listed(site: &Site, room: &Classroom) -> Vec<(String, String, bool)> {
    let entries = roster::entries(&site.app.db, room.class.id).await.expect("the database answers");
    entries.into_iter().map(|entry| (entry.number, entry.name, entry.left_at.is_none())).collect()
}

/// Uploads, follows to the preview and applies it with these students ticked.
async fn import(client: &Client, room: &Classroom, bytes: Vec<u8>, left: &[&str]) -> String {
    let address = upload(client, room, "名册.csv", bytes).await.expect(303).location();
    let page = client.get(&address).await.expect(200).text();
    let mut fields = vec![("base", token(&page))];
    fields.extend(left.iter().map(|id| ("left", (*id).to_owned())));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    client.post(&address, &fields).await.expect(303);
    page
}

fn token(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"base\" value=\"").unwrap_or_else(|| panic!("no base in {page}"));
    rest.split('"').next().expect("a value").to_owned()
}

async fn classroom(site: &Site, students: usize) -> (Classroom, Client) {
    let room = site.classroom(students).await;
    let client = site.signed_in(&room.teacher).await;
    (room, client)
}

both!(a_file_in_gb18030_is_previewed_and_applied_once, |site| {
    let (room, client) = classroom(&site, 0).await;
    let rows = [("2024000001", "学生㛃"), ("2024000002", "阿依·古丽"), ("2024000003", "学生 丙")];
    let text = csv(&rows);
    let (bytes, _, unmappable) = encoding_rs::GB18030.encode(&text);
    assert!(!unmappable);
    let page = import(&client, &room, bytes.to_vec(), &[]).await;
    assert!(page.contains("GB18030") && page.contains("阿依·古丽") && page.contains("3 处变化"), "{page}");
    let expected: Vec<(String, String, bool)> =
        rows.iter().map(|(number, name)| ((*number).to_owned(), (*name).to_owned(), true)).collect();
    assert_eq!(listed(&site, &room).await, expected);

    let address = upload(&client, &room, "名册.csv", csv(&rows).into_bytes()).await.expect(303).location();
    let page = client.get(&address).await.expect(200).text();
    assert!(page.contains("没有变化"), "{page}");
    client.post(&address, &[("base", &token(&page))]).await.expect(303);
    assert_eq!(listed(&site, &room).await, expected);
    client.get(&address).await.expect(404);
});

both!(nobody_leaves_unless_the_teacher_ticks_them, |site| {
    let (room, client) = classroom(&site, 3).await;
    let [first, second, third] = &room.students[..] else { panic!("three students") };
    let file = csv(&[(&first.login, "学生 一"), ("20269001", "学生 新")]);
    let page = import(&client, &room, file.clone().into_bytes(), &[&second.id.to_string()]).await;
    for part in ["<del>学生 01</del>", "<ins>学生 一</ins>", "学生 新", &third.login] {
        assert!(page.contains(part), "{part}");
    }
    let now = listed(&site, &room).await;
    assert!(now.contains(&(first.login.clone(), "学生 一".into(), true)));
    assert!(now.contains(&(second.login.clone(), second.name.clone(), false)), "ticked: left");
    assert!(now.contains(&(third.login.clone(), third.name.clone(), true)), "not ticked: stays");
    // Somebody who is not missing cannot be ticked away.
    import(&client, &room, file.into_bytes(), &[&first.id.to_string()]).await;
    assert!(listed(&site, &room).await.contains(&(first.login.clone(), "学生 一".into(), true)));
    // In a later file they are back.
    let rows = [
        (first.login.as_str(), "学生 一"),
        (&second.login, &second.name),
        (&third.login, &third.name),
        ("20269001", "学生 新"),
    ];
    import(&client, &room, csv(&rows).into_bytes(), &[]).await;
    assert!(listed(&site, &room).await.iter().all(|(.., present)| *present));
});

both!(a_preview_that_is_out_of_date_is_not_applied, |site| {
    let (room, client) = classroom(&site, 1).await;
    let address =
        upload(&client, &room, "a.csv", csv(&[("20269001", "学生 甲")]).into_bytes()).await.expect(303).location();
    let page = client.get(&address).await.expect(200).text();
    client.post(&format!("{}/students", base(&room)), &[("number", "20269002"), ("name", "学生 乙")]).await.expect(303);
    let before = listed(&site, &room).await;
    let reply = client.post(&address, &[("base", &token(&page))]).await.expect(303);
    assert_eq!(reply.location(), address, "the teacher sees the new differences");
    assert_eq!(listed(&site, &room).await, before);
    let page = client.get(&address).await.expect(200).text();
    client.post(&address, &[("base", &token(&page))]).await.expect(303);
    assert_eq!(listed(&site, &room).await.len(), 3);
});

both!(a_mistake_in_row_731_changes_nothing, |site| {
    let (room, client) = classroom(&site, 0).await;
    let mut text = String::from("学号,姓名\n");
    for row in 2..=1_000 {
        text.push_str(&if row == 731 { format!("2024{row:06},\n") } else { format!("2024{row:06},学生 {row}\n") });
    }
    let address = upload(&client, &room, "a.csv", text.clone().into_bytes()).await.expect(303).location();
    let page = client.get(&address).await.expect(200).text();
    assert!(page.contains("第 731 行"), "{page}");
    client.post(&address, &[("base", &token(&page))]).await.expect(303);
    assert_eq!(listed(&site, &room).await, []);
    let fixed = text.replace("2024000731,\n", "2024000731,学生 731\n");
    import(&client, &room, fixed.into_bytes(), &[]).await;
    assert_eq!(listed(&site, &room).await.len(), 999);
});

both!(names_that_look_like_formulas_or_markup_stay_names, |site| {
    let (room, client) = classroom(&site, 0).await;
    let rows = [
        ("1001", "=cmd|' /C calc'!A0"),
        ("1002", "+学生"),
        ("1003", "-学生"),
        ("1004", "@学生"),
        ("1005", "<script>alert(1)</script>"),
    ];
    import(&client, &room, csv(&rows).into_bytes(), &[]).await;
    let names: Vec<String> = listed(&site, &room).await.into_iter().map(|(_, name, _)| name).collect();
    assert_eq!(names, rows.map(|(_, name)| name.to_owned()));
    for path in [base(&room), format!("/classes/{}", room.class.id)] {
        let page = client.get(&path).await.expect(200).text();
        assert!(page.contains("&lt;script&gt;") && !page.contains("<script>alert"), "{path}");
    }
});

both!(a_number_of_somebody_else_is_not_taken_over, |site| {
    let (room, client) = classroom(&site, 0).await;
    let (other, _) = classroom(&site, 1).await;
    let (boss, victim) = (site.person(Role::Administrator, "boss", "管理员").await, &other.students[0]);
    let file = csv(&[(&boss.login, &boss.name), (&victim.login, "别人的名字")]);
    let address = upload(&client, &room, "a.csv", file.into_bytes()).await.expect(303).location();
    let page = client.get(&address).await.expect(200).text();
    assert!(page.contains("属于另一个姓名") && !page.contains(&victim.name), "{page}");
    client.post(&address, &[("base", &token(&page))]).await.expect(303);
    assert_eq!(listed(&site, &room).await, []);
    client.post(&format!("{}/students", base(&room)), &[("number", "boss"), ("name", "管理员")]).await.expect(422);
    // With their own name they are one person in two classes.
    import(&client, &room, csv(&[(&victim.login, &victim.name)]).into_bytes(), &[]).await;
    site.signed_in(victim).await.get(&format!("/classes/{}", room.class.id)).await.expect(200);
});

both!(an_upload_belongs_to_its_class, |site| {
    let (one, first) = classroom(&site, 0).await;
    let (two, second) = classroom(&site, 0).await;
    let address = upload(&first, &one, "a.csv", csv(&[("1", "学生 甲")]).into_bytes()).await.expect(303).location();
    let id = address.rsplit('/').next().expect("an id");
    second.get(&address).await.expect(404);
    let through_own = format!("{}/uploads/{id}", base(&two));
    second.get(&through_own).await.expect(404);
    second.post(&through_own, &[("base", "x")]).await.expect(404);
    assert_eq!(listed(&site, &two).await, []);
});

fn bomb() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    zip.start_file("xl/worksheets/sheet1.xml", options).expect("an entry");
    let spaces = vec![b' '; 1024 * 1024];
    for _ in 0..300 {
        zip.write_all(&spaces).expect("written");
    }
    zip.finish().expect("a zip").into_inner()
}

both!(files_made_to_harm_are_refused_quickly, |site| {
    let (room, client) = classroom(&site, 0).await;
    let mut sparse = Workbook::new();
    sparse
        .add_worksheet()
        .write_string(0, 0, "学号")
        .expect("a cell")
        .write_string(1_048_575, 16_383, "x")
        .expect("a cell");
    let sparse = sparse.save_to_buffer().expect("a workbook");
    let cases: [(&str, Vec<u8>, &str); 5] = [
        ("远处的单元格.xlsx", sparse, "20000 行"),
        ("bomb.xlsx", bomb(), "大得不正常"),
        ("broken.xlsx", b"PK\x03\x04 and nothing more".to_vec(), "损坏"),
        ("old.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(), "xls"),
        ("bad.csv", b"\xE5\xAD\xA6\xE5\x8F\xB7,name\n1,\xFF\xFF\n".to_vec(), "没有猜"),
    ];
    for (name, bytes, said) in cases {
        let before = Instant::now();
        let page = upload(&client, &room, name, bytes).await.expect(422).text();
        assert!(page.contains(said), "{name}: {page}");
        assert!(before.elapsed().as_secs() < 3, "{name}: {:?}", before.elapsed());
        assert!(!page.contains('\u{FFFD}'), "{name}");
    }
});

both!(programs_preview_and_apply_a_roster, |site| {
    let (room, client) = classroom(&site, 2).await;
    let page = client.post("/account/tokens", &[("label", "grader"), ("days", "30")]).await.expect(200).text();
    let (_, rest) = page.split_once("name=\"token\" type=\"text\" value=\"").expect("the token");
    let bearer = format!("Bearer {}", rest.split('"').next().expect("a value"));
    let program = Client::new(&site.base).with_header("authorization", &bearer).with_header("accept-language", "en");
    let api = format!("/api/v1/classes/{}/roster", room.class.id);
    let file = csv(&[(&room.students[0].login, "学生 一"), ("20269001", "学生 甲")]).into_bytes();

    let preview =
        program.bytes(Method::POST, &format!("{api}/preview?file_name=a.csv"), file.clone()).await.expect(200).value();
    assert_eq!(preview["encoding"], "UTF-8");
    assert_eq!(preview["columns"], serde_json::json!({"number": "学号", "name": "姓名"}));
    assert_eq!(preview["added"][0]["number"], "20269001");
    assert_eq!(preview["renamed"][0]["before"], "学生 01");
    assert_eq!(preview["left"][0]["number"], room.students[1].login.as_str());
    assert_eq!(preview["problems"], serde_json::json!([]));
    let base = preview["base"].as_str().expect("a fingerprint").to_owned();

    let apply = |base: &str, left: &str| {
        let path = format!("{api}?file_name=a.csv&base={base}{left}");
        let (program, file) = (program.clone(), file.clone());
        async move { program.bytes(Method::PUT, &path, file).await }
    };
    let done = apply(&base, "").await.expect(200).value();
    assert_eq!(done, serde_json::json!({"added": 1, "renamed": 1, "left": 0, "returned": 0, "unchanged": 0}));
    let stale = apply(&base, "").await.expect(409).value();
    assert_eq!(stale["error"]["code"], "conflict");
    assert!(stale["error"]["message"].as_str().is_some_and(|text| text.is_ascii()), "{stale}");
    let preview =
        program.bytes(Method::POST, &format!("{api}/preview?file_name=a.csv"), file.clone()).await.expect(200).value();
    let base = preview["base"].as_str().expect("a fingerprint").to_owned();
    apply(&base, "&left=20268888").await.expect(422);
    let done = apply(&base, "&left=all").await.expect(200).value();
    assert_eq!((done["left"].as_i64(), done["unchanged"].as_i64()), (Some(1), Some(2)));

    let refused =
        program.bytes(Method::POST, &format!("{api}/preview?file_name=a.csv"), b"\xFF\xFFx".to_vec()).await.expect(422);
    assert!(refused.value()["error"]["request_id"].is_string());
    let (other, _) = classroom(&site, 0).await;
    let foreign = format!("/api/v1/classes/{}/roster/preview?file_name=a.csv", other.class.id);
    program.bytes(Method::POST, &foreign, file.clone()).await.expect(404);
    site.visitor().bytes(Method::POST, &format!("{api}/preview?file_name=a.csv"), file).await.expect(401);
});

both!(two_imports_at_once_do_not_mix, |site| {
    let (room, client) = classroom(&site, 0).await;
    let mut addresses = Vec::new();
    for half in ["甲", "乙"] {
        let rows: Vec<(String, String)> =
            (0..200).map(|at| (format!("2024{at:04}"), format!("学生 {half} {at}"))).collect();
        let rows: Vec<(&str, &str)> = rows.iter().map(|(number, name)| (number.as_str(), name.as_str())).collect();
        let address = upload(&client, &room, "a.csv", csv(&rows).into_bytes()).await.expect(303).location();
        let page = client.get(&address).await.expect(200).text();
        addresses.push((address, token(&page)));
    }
    let [(one, one_base), (two, two_base)] = &addresses[..] else { panic!("two uploads") };
    let (one_fields, two_fields) = ([("base", one_base.as_str())], [("base", two_base.as_str())]);
    let (first, second) = tokio::join!(client.post(one, &one_fields), client.post(two, &two_fields));
    let sent_back =
        [(first, one), (second, two)].into_iter().filter(|(reply, address)| reply.location() == **address).count();
    assert_eq!(sent_back, 1, "exactly one of them was out of date");
    let names = listed(&site, &room).await;
    assert_eq!(names.len(), 200);
    let first: char = names[0].1.chars().nth(3).expect("a mark");
    assert!(names.iter().all(|(_, name, _)| name.chars().nth(3) == Some(first)), "rows of both files are mixed");
});
