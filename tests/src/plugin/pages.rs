//! Pages of a plugin in a class, through the whole server: who may open them, what they show, and what a person sees when
//! the plugin is down.

use super::room::*;

/// A class that uses the notebook, on SQLite.
async fn notebook() -> Room {
    Room::new(Database::Sqlite, &["notebook"]).await.expect("SQLite is built in")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_note_is_written_and_shown_escaped_in_the_language_of_the_reader() {
    let room = notebook().await;
    let student = room.student(0).await;
    let sent =
        student.post(&room.path("/tools/notebook/notes"), &[("text", "<script>alert(1)</script>")]).await.expect(303);
    assert_eq!(sent.location(), room.path("/tools/notebook"));
    let page = student.get(&room.path("/tools/notebook")).await.expect(200).text();
    assert!(page.contains("&lt;script&gt;alert(1)") && !page.contains("<script>alert"), "{page}");
    assert!(page.contains("<h1>班级记事本</h1>"), "{page}");
    let english = student
        .clone()
        .with_header("accept-language", "en")
        .get(&room.path("/tools/notebook"))
        .await
        .expect(200)
        .text();
    assert!(english.contains("<h1>Notebook</h1>"), "{english}");
    let class = student.get(&room.path("")).await.expect(200).text();
    assert!(
        class.contains("最近的记事") && class.contains("&lt;script&gt;"),
        "the widget is on the class page: {class}"
    );
    let file = student.get(&room.path("/tools/notebook/notes.txt")).await.expect(200);
    assert!(file.headers["content-disposition"].to_str().expect("ASCII").starts_with("attachment"));
    assert!(file.headers["content-security-policy"].to_str().expect("ASCII").starts_with("sandbox"));
    room.site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_open_a_page_is_what_the_manifest_says() {
    let room = notebook().await;
    let (student, teacher) = (room.student(0).await, room.teacher().await);
    student.post(&room.path("/tools/notebook/mirror"), &[]).await.expect(403);
    student.get(&room.path("/tools/notebook/nowhere")).await.expect(404);
    student.get(&room.path("/tools/notebook/mirror")).await.expect(405);
    room.site.visitor().get(&room.path("/tools/notebook")).await.expect(303);
    let stranger = room.site.person(Role::Student, "stranger", "学生 90").await;
    room.site.signed_in(&stranger).await.get(&room.path("/tools/notebook")).await.expect(404);
    let other = room.site.classroom(1).await;
    let elsewhere = format!("/classes/{}/tools/notebook", other.class.id);
    room.site.signed_in(&other.teacher).await.get(&elsewhere).await.expect(404);
    let cross_site = teacher.request(reqwest::Method::POST, &room.path("/tools/notebook/notes")).form(&[("text", "a")]);
    teacher.send(cross_site.header("sec-fetch-site", "cross-site")).await.expect(403);
    post::give(
        &room.site.app.db,
        room.class.actor(),
        room.class.class.id,
        room.class.students[0].id,
        post::OPERATOR.into(),
        room.site.app.clock.now(),
    )
    .await
    .expect("the student is there");
    student.post(&room.path("/tools/notebook/mirror"), &[]).await.expect(403);
    room.site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_plugin_refuses_is_said_in_its_words() {
    let room = notebook().await;
    let student = room.student(0).await;
    let refused = student.post(&room.path("/tools/notebook/notes"), &[("text", " ")]).await.expect(422).text();
    assert!(refused.contains("class=\"tool\""), "the form is shown again: {refused}");
    let gone = room.teacher().await.post(&room.path("/tools/notebook/notes/none/delete"), &[]).await.expect(404).text();
    assert!(gone.contains("404"), "{gone}");
    room.site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plugin_that_is_down_is_one_note_and_one_page() {
    let room = notebook().await;
    let student = room.student(0).await;
    room.disable("notebook").await;
    let page = student.get(&room.path("/tools/notebook")).await.expect(503).text();
    assert!(page.contains("「班级记事本」现在没有运行") && page.contains("照常使用"), "{page}");
    let class = student.get(&room.path("")).await.expect(200).text();
    assert!(class.contains("暂时看不到") && class.contains("未运行"), "{class}");
    let administrator = room.administrator().await;
    administrator.get("/admin/plugins/notebook").await.expect(200);
    administrator.post("/admin/plugins/notebook/enable", &[]).await.expect(303);
    room.until("notebook", State::Ready).await;
    student.get(&room.path("/tools/notebook")).await.expect(200);
    room.site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_are_checked_kept_and_a_secret_never_comes_back() {
    let room = notebook().await;
    let teacher = room.teacher().await;
    let form = room.path("/tools/notebook/-/settings");
    let refused = teacher.post(&form, &[("keep_days", "0")]).await.expect(422).text();
    assert!(refused.contains("不能小于 1") && refused.contains("value=\"0\""), "{refused}");
    teacher.post(&form, &[("keep_days", "30")]).await.expect(303);
    assert!(teacher.get(&form).await.expect(200).text().contains("value=\"30\""));
    room.student(0).await.get(&form).await.expect(403);
    let administrator = room.administrator().await;
    let sent = [("mirror", "mirror.example.edu"), ("mirror_key", "hush-hush")];
    administrator.post("/admin/plugins/notebook/settings", &sent).await.expect(303);
    let page = administrator.get("/admin/plugins/notebook").await.expect(200).text();
    assert!(page.contains("已设置") && !page.contains("hush-hush"), "{page}");
    room.site.stop().await;
}
