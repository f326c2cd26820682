//! A peer that is not ours reads the calendar feeds: the Python package icalendar.

#![allow(missing_docs, clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use plugin_sdk::serde_json::{self, Value, json};
use plugin_test::TestHost;

const DAY: &str = "2026-10-13";

const PEER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/peers/duty-rota");

/// Python with the peer in it, made once; none where it cannot be had, which is a failure when
/// `COURSE_TESTS_REQUIRE_PEERS` is set.
fn python() -> Option<&'static Path> {
    static MADE: OnceLock<Option<PathBuf>> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("peer-icalendar-7.3.2");
        match make(&folder) {
            Ok(()) => Some(folder.join("bin/python")),
            Err(why) => {
                let is_required = std::env::var_os("COURSE_TESTS_REQUIRE_PEERS").is_some();
                assert!(!is_required, "there is no peer: {why}");
                println!("without the peer: {why}");
                None
            }
        }
    });
    made.as_deref()
}

/// Makes the environment, or leaves it as it is when it was made before.
fn make(folder: &Path) -> Result<(), String> {
    let done = folder.join("made");
    if done.exists() {
        return Ok(());
    }
    let run = |command: &mut Command| {
        let output = command.output().map_err(|error| error.to_string())?;
        let said = || String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() { Ok(()) } else { Err(said()) }
    };
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder))?;
    let quietly = ["install", "--quiet", "--disable-pip-version-check", "--requirement"];
    run(Command::new(folder.join("bin/pip")).args(quietly).arg(format!("{PEER}/requirements.txt")))?;
    std::fs::write(done, "").map_err(|error| error.to_string())
}

/// Asks the peer to read feeds.
fn read(python: &Path, files: &[&Path]) -> Vec<Value> {
    let script = format!("{PEER}/feed.py");
    let done = Command::new(python).arg(script).args(files).output().expect("Python can be started");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let said = String::from_utf8(done.stdout).unwrap();
    said.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The feed of a student, or of the class, as a file.
fn feed(host: &TestHost, whole: bool, name: &str) -> PathBuf {
    let times = host.get("/times").values()["feeds"][usize::from(whole)].clone();
    let address = match times["address"].as_str() {
        Some(address) => address.to_owned(),
        None => {
            host.post("/times/calendar", &[("whole", if whole { "true" } else { "false" })]).expect(303);
            return feed(host, whole, name);
        }
    };
    let answer = host.as_visitor().get(&address[address.find("/calendar/").unwrap()..]);
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, answer.expect(200).bytes()).unwrap();
    path
}

#[test]
fn an_independent_program_reads_the_feeds() {
    let Some(python) = python() else { return };
    let host = TestHost::new(&duty_rota::PLUGIN);
    let [one, two] = [1, 2].map(|number| host.as_student(number));
    let form = [("chief", one.person().to_string()), ("deputy", host.as_student(3).person().to_string())];
    let form: Vec<(&str, &str)> = form.iter().map(|(post, person)| (*post, person.as_str())).collect();
    host.post(&format!("/days/{DAY}"), &form).expect(303);
    let before = [feed(&one, false, "own-before.ics"), feed(&host, true, "class-before.ics")];

    host.advance(Duration::from_secs(3_600));
    let shifts = host.get("/").values()["days"][1]["held"].clone();
    let chief = shifts[0]["shift"].as_str().unwrap();
    one.post(&format!("/shifts/{chief}/offer"), &[]).expect(303);
    let swap = host.get("/swaps").values()["waiting"][0]["id"].as_str().unwrap().to_owned();
    two.post(&format!("/swaps/{swap}/accept"), &[]).expect(303);
    let after =
        [feed(&one, false, "own-after.ics"), feed(&two, false, "new.ics"), feed(&host, true, "class-after.ics")];

    let all: Vec<&Path> = before.iter().chain(&after).map(PathBuf::as_path).collect();
    let read = read(python, &all);
    let uid = format!("{chief}@course.example.edu");
    let event = |sequence: i64, status: &str, summary: &str, stamp: &str| {
        json!({
            "uid": uid, "sequence": sequence, "status": status, "summary": summary,
            "start": "2026-10-13T10:00:00+00:00", "hours": 4.0, "stamp": stamp,
        })
    };
    let (early, late) = ("2026-10-12T00:00:00+00:00", "2026-10-12T01:00:00+00:00");
    assert_eq!((&read[0]["name"], &read[0]["refresh"]), (&json!("我的值班 · 营销 2401 班"), &json!(3_600.0)));
    assert_eq!(read[0]["events"], json!([event(0, "CONFIRMED", "值班：主值", early)]));
    assert_eq!(read[2]["events"], json!([event(1, "CANCELLED", "值班：主值", late)]));
    assert_eq!(read[3]["events"], json!([event(1, "CONFIRMED", "值班：主值", late)]));
    assert_eq!(read[1]["events"].as_array().unwrap().len(), 2);
    let of_chief =
        |feed: &Value| feed["events"].as_array().unwrap().iter().find(|one| one["uid"] == uid.as_str()).cloned();
    assert_eq!(of_chief(&read[1]), Some(event(0, "CONFIRMED", "值班：主值 · 学生 01", early)));
    assert_eq!(of_chief(&read[4]), Some(event(1, "CONFIRMED", "值班：主值 · 学生 02", late)));
}

#[test]
fn an_independent_program_reads_a_whole_semester() {
    let Some(python) = python() else { return };
    let host = TestHost::new(&duty_rota::PLUGIN);
    let days = json!({ "from": "2026-08-31", "to": "2026-12-20", "today": "2026-10-12" });
    host.service_for("host", "rota.demo/1", days).unwrap();
    let files = [feed(&host, true, "semester.ics"), feed(&host.in_language("en"), true, "semester-en.ics")];
    let read = read(python, &[&files[0], &files[1]]);
    let shifts = host.rows("select id from shift", Vec::new()).rows.len();
    assert_eq!(read[0]["events"].as_array().unwrap().len(), shifts);
    assert_eq!(read[1]["name"], "Duty rota · 营销 2401 班");
}
