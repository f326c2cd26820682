//! Pages of a plugin in a class, through the whole server: who may open them, what they show, and what a person sees when
//! the plugin is down.

use std::time::{Duration, Instant};

use plugin_loader::file;
use server::plugins::State;
use server::store::person::Role;
use server::store::plugin::{self, File};
use server::store::post;
use tests::{Classroom, Client, Database, Site, binary};

/// A class that uses the notebook.
struct Room {
    site: Site,
    class: Classroom,
    base: String,
    _folder: tempfile::TempDir,
}

impl Room {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::copy(binary::plugin("notebook"), folder.path().join("notebook.so")).expect("the fixture is built");
        let searched = folder.path().to_owned();
        let site = Site::start_with(Database::Sqlite, move |config| {
            config.plugins = vec![searched];
            config.plugin_worker = Some(binary::server());
        })
        .await
        .expect("SQLite is built in");
        let class = site.classroom(2).await;
        let read = file::read(&folder.path().join("notebook.so")).expect("a plugin");
        let used = File { version: read.manifest.version.clone(), sha256: read.sha256 };
        let (db, now) = (&site.app.db, site.app.clock.now());
        plugin::enable(db, None, &read.manifest, used, now).await.expect("it is enabled");
        plugin::class::add(db, class.actor(), class.class.id, "notebook", now).await.expect("the class takes it");
        site.app.plugins.nudge();
        let base = format!("/classes/{}/tools/notebook", class.class.id);
        let room = Self { site, class, base, _folder: folder };
        room.until(State::Ready).await;
        room
    }

    async fn until(&self, state: State) {
        let end = Instant::now() + Duration::from_secs(10);
        while self.site.app.plugins.status("notebook").is_none_or(|status| status.state != state) {
            assert!(Instant::now() < end, "the notebook is not {state:?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn student(&self) -> Client {
        self.site.signed_in(&self.class.students[0]).await
    }

    async fn teacher(&self) -> Client {
        self.site.signed_in(&self.class.teacher).await
    }

    fn path(&self, rest: &str) -> String {
        format!("{}{rest}", self.base)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_note_is_written_and_shown_escaped_in_the_language_of_the_reader() {
    let room = Room::new().await;
    let student = room.student().await;
    let sent = student.post(&room.path("/notes"), &[("text", "<script>alert(1)</script>")]).await.expect(303);
    assert_eq!(sent.location(), room.base);
    let page = student.get(&room.base).await.expect(200).text();
    assert!(page.contains("&lt;script&gt;alert(1)") && !page.contains("<script>alert"), "{page}");
    assert!(page.contains("<h1>班级记事本</h1>"), "{page}");
    let english = student.clone().with_header("accept-language", "en").get(&room.base).await.expect(200).text();
    assert!(english.contains("<h1>Notebook</h1>"), "{english}");
    let class = student.get(&format!("/classes/{}", room.class.class.id)).await.expect(200).text();
    assert!(
        class.contains("最近的记事") && class.contains("&lt;script&gt;"),
        "the widget is on the class page: {class}"
    );
    let file = student.get(&room.path("/notes.txt")).await.expect(200);
    assert!(file.headers["content-disposition"].to_str().expect("ASCII").starts_with("attachment"));
    assert!(file.headers["content-security-policy"].to_str().expect("ASCII").starts_with("sandbox"));
    room.site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_open_a_page_is_what_the_manifest_says() {
    let room = Room::new().await;
    let (student, teacher) = (room.student().await, room.teacher().await);
    student.post(&room.path("/mirror"), &[]).await.expect(403);
    student.get(&room.path("/nowhere")).await.expect(404);
    student.get(&room.path("/mirror")).await.expect(405);
    room.site.visitor().get(&room.base).await.expect(303);
    let stranger = room.site.person(Role::Student, "stranger", "学生 90").await;
    room.site.signed_in(&stranger).await.get(&room.base).await.expect(404);
    let other = room.site.classroom(1).await;
    let elsewhere = format!("/classes/{}/tools/notebook", other.class.id);
    room.site.signed_in(&other.teacher).await.get(&elsewhere).await.expect(404);
    let cross_site = teacher.request(reqwest::Method::POST, &room.path("/notes")).form(&[("text", "a")]);
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
    student.post(&room.path("/mirror"), &[]).await.expect(403);
    room.site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_plugin_refuses_is_said_in_its_words() {
    let room = Room::new().await;
    let student = room.student().await;
    let refused = student.post(&room.path("/notes"), &[("text", " ")]).await.expect(422).text();
    assert!(refused.contains("class=\"tool\""), "the form is shown again: {refused}");
    let gone = room.teacher().await.post(&room.path("/notes/none/delete"), &[]).await.expect(404).text();
    assert!(gone.contains("404"), "{gone}");
    room.site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plugin_that_is_down_is_one_note_and_one_page() {
    let room = Room::new().await;
    let student = room.student().await;
    plugin::disable(&room.site.app.db, None, "notebook", room.site.app.clock.now()).await.expect("it was enabled");
    room.site.app.plugins.nudge();
    room.until(State::Disabled).await;
    let page = student.get(&room.base).await.expect(503).text();
    assert!(page.contains("「班级记事本」现在没有运行") && page.contains("照常使用"), "{page}");
    let class = student.get(&format!("/classes/{}", room.class.class.id)).await.expect(200).text();
    assert!(class.contains("暂时看不到") && class.contains("未运行"), "{class}");
    let administrator = room.site.person(Role::Administrator, "root", "管理员").await;
    let administrator = room.site.signed_in(&administrator).await;
    administrator.get("/admin/plugins/notebook").await.expect(200);
    administrator.post("/admin/plugins/notebook/enable", &[]).await.expect(303);
    room.until(State::Ready).await;
    student.get(&room.base).await.expect(200);
    room.site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_are_checked_kept_and_a_secret_never_comes_back() {
    let room = Room::new().await;
    let teacher = room.teacher().await;
    let form = room.path("/-/settings");
    let refused = teacher.post(&form, &[("keep_days", "0")]).await.expect(422).text();
    assert!(refused.contains("不能小于 1") && refused.contains("value=\"0\""), "{refused}");
    teacher.post(&form, &[("keep_days", "30")]).await.expect(303);
    assert!(teacher.get(&form).await.expect(200).text().contains("value=\"30\""));
    room.student().await.get(&form).await.expect(403);
    let administrator = room.site.person(Role::Administrator, "root", "管理员").await;
    let administrator = room.site.signed_in(&administrator).await;
    let sent = [("mirror", "mirror.example.edu"), ("mirror_key", "hush-hush")];
    administrator.post("/admin/plugins/notebook/settings", &sent).await.expect(303);
    let page = administrator.get("/admin/plugins/notebook").await.expect(200).text();
    assert!(page.contains("已设置") && !page.contains("hush-hush"), "{page}");
    room.site.stop().await;
}
