//! Looking changes nothing: every page that can be asked for leaves every row as it was.

use server::backup;
use server::rules::Rules;
use tests::both;

const ASSIGNMENT: &str = "---\ncourse: network-marketing\nchapter: wechat-platform\ntitle: 只看\n---\n\n\
    1. 一年有[[四]]个季节。\n\n2. 谈谈春天。{essay points=5}\n";

both!(walking_through_all_pages_changes_no_row, |site| {
    let room = site.classroom(2).await;
    let assignment = room.assign(&site, ASSIGNMENT, Rules { show_verdicts: true, ..Rules::default() }).await;
    let administrator = site.person(server::store::person::Role::Administrator, "admin", "管理员").await;
    let student = site.signed_in(&room.students[0]).await;
    let sheet = student.get(&format!("/assignments/{assignment}")).await.expect(200).text();
    let field = sheet.split("name=\"text.").nth(1).and_then(|rest| rest.split('"').next()).expect("an essay");
    let fields = [("attempt", "1"), ("key", "0123456789abcdef"), (&format!("text.{field}"), "春天来了。")];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, *value)).collect();
    student.post(&format!("/assignments/{assignment}/hand-in"), &fields).await.expect(303);

    let before = backup::digests(&site.app.db).await.expect("digests");
    let mut walked = 0;
    for person in [&room.students[0], &room.students[1], &room.teacher, &administrator] {
        let browser = site.signed_in(person).await;
        let mut seen = std::collections::BTreeSet::from(["/".to_owned()]);
        let mut waiting: Vec<String> = seen.iter().cloned().collect();
        while let Some(path) = waiting.pop() {
            let reply = browser.get(&path).await;
            assert!(reply.status.as_u16() < 400, "{path}: {}", reply.status);
            walked += 1;
            let Ok(page) = String::from_utf8(reply.bytes) else { continue };
            for href in page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                let href = href.split('#').next().unwrap_or_default().replace("&amp;", "&");
                // One of each kind of address is enough where only the query differs.
                let plain = href.split('?').next().unwrap_or_default().to_owned();
                let is_ours = href.starts_with('/') && !href.starts_with("/static/") && !plain.ends_with(".svg");
                if is_ours && seen.len() < 150 && seen.insert(plain) {
                    waiting.push(href);
                }
            }
        }
    }
    assert!(walked >= 60, "only {walked} pages were walked");
    assert_eq!(backup::digests(&site.app.db).await.expect("digests"), before);
});
