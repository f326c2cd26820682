//! One PostgreSQL server for the whole run, a database of its own for each test.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::sync::OnceCell;

static PORT: OnceLock<Option<u16>> = OnceLock::new();
static TEMPLATE: OnceCell<()> = OnceCell::const_new();
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// URL of a fresh, migrated database; `None` (said loudly) where PostgreSQL is not installed.
pub async fn database() -> Option<String> {
    let port = (*PORT.get_or_init(start))?;
    TEMPLATE
        .get_or_init(|| async {
            execute(port, "create database course_template").await;
            let db = server::db::open(&url(port, "course_template"), true).await.expect("the template migrates");
            db.close().await;
        })
        .await;
    let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    execute(port, &format!("create database {name} template course_template")).await;
    Some(url(port, &name))
}

/// URL of an empty database that nothing has migrated yet.
pub async fn empty_database() -> Option<String> {
    let port = (*PORT.get_or_init(start))?;
    let name = format!("empty_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    execute(port, &format!("create database {name}")).await;
    Some(url(port, &name))
}

fn url(port: u16, name: &str) -> String {
    format!("postgres://postgres@127.0.0.1:{port}/{name}")
}

async fn execute(port: u16, sql: &str) {
    let mut connection = connect(port).await;
    sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.expect("the statement is valid");
}

/// A connection. A server under load takes connections a while before it is ready ("the database system is starting up").
async fn connect(port: u16) -> PgConnection {
    const STARTING_UP: &str = "57P03";
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        match PgConnection::connect(&url(port, "postgres")).await {
            Ok(connection) => return connection,
            Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(STARTING_UP) => {
                assert!(Instant::now() < deadline, "PostgreSQL was not ready within 30 s");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Err(error) => panic!("PostgreSQL does not answer: {error}"),
        }
    }
}

/// The newest installed server's programs.
fn programs() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|folder| folder.join("initdb").exists())
        .collect();
    found.sort();
    found.pop()
}

fn start() -> Option<u16> {
    let Some(programs) = programs() else {
        assert!(
            std::env::var_os("COURSE_TESTS_REQUIRE_POSTGRES").is_none(),
            "PostgreSQL is required but not installed (Debian: apt-get install postgresql)"
        );
        eprintln!(
            "\n*** PostgreSQL IS NOT INSTALLED: tests ran on SQLite only. Install it (Debian: apt-get install postgresql) to run both. ***\n"
        );
        return None;
    };
    let folder = std::env::temp_dir().join(format!("course-tests-postgres-{}", std::process::id()));
    remove_left_overs();
    std::fs::create_dir_all(&folder).expect("the temporary directory is writable");
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o777)).expect("the folder is ours");
    let data = folder.join("data");
    let status = as_postgres(&programs.join("initdb"))
        .args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "-D"])
        .arg(&data)
        .stdout(Stdio::null())
        .status()
        .expect("initdb starts");
    assert!(status.success(), "initdb failed");
    // Bound and released: the next process to ask gets another port.
    let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port is free").port();
    let (ready, started) = std::sync::mpsc::channel();
    // The server dies with the thread that started it, so this one lives as long as the process.
    std::thread::spawn(move || {
        let mut command = as_postgres(&programs.join("postgres"));
        command
            .arg("-D")
            .arg(&data)
            .arg("-k")
            .arg(&folder)
            .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=400"])
            // The machine does not lose power in a test; guards against these are tested on their own.
            .args(["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"])
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut child = command.spawn().expect("postgres starts");
        ready.send(()).expect("the starter waits");
        let _ = child.wait();
        loop {
            std::thread::park();
        }
    });
    started.recv().expect("the thread answers");
    let deadline = Instant::now() + Duration::from_secs(30);
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < deadline, "PostgreSQL did not start within 30 s");
        std::thread::sleep(Duration::from_millis(20));
    }
    Some(port)
}

/// A command that dies with us, as the user `postgres` where we are root (it refuses to run as root).
fn as_postgres(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "QUIT"]);
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    if is_root {
        command.args(["--reuid", "postgres", "--regid", "postgres", "--init-groups"]);
    }
    command.arg(program).current_dir("/").process_group(0);
    command
}

fn remove_left_overs() {
    let Ok(entries) = std::fs::read_dir(std::env::temp_dir()) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let owner = name.to_string_lossy().strip_prefix("course-tests-postgres-").map(str::to_owned);
        if owner.is_some_and(|pid| !Path::new("/proc").join(pid).exists()) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}
