//! `server demo`: a class with half a semester behind it, in a directory of its own.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::clock::Clock;
use crate::config::Config;
use crate::demo::{self, Logins};
use crate::serve::Server;

/// Arguments of `server demo`.
#[derive(Args)]
pub struct Demo {
    /// Address to listen on; the demo is for this machine only
    #[arg(long, default_value = "127.0.0.1:3000", value_name = "ADDRESS:PORT")]
    listen: SocketAddr,
    /// Directory of the demo; made anew when it is not there, used as it is when it is
    #[arg(long, default_value = "demo-data", value_name = "DIR")]
    data: PathBuf,
    /// Throw away what earlier runs left and begin again
    #[arg(long)]
    fresh: bool,
    /// Directory of the courses [default: ./content if it exists, else the built-in courses]
    #[arg(long, env = "COURSE_CONTENT", value_name = "DIR")]
    content: Option<PathBuf>,
}

impl Demo {
    /// Makes the demo class if it is not there yet, prints the logins and serves it.
    pub async fn run(self) -> Result<()> {
        let logins_file = self.data.join("demo-logins.json");
        if self.fresh && self.data.exists() {
            if !logins_file.exists() {
                bail!("{} was not made by the demo and is left alone; choose another --data", self.data.display());
            }
            std::fs::remove_dir_all(&self.data)
                .with_context(|| format!("{} cannot be removed", self.data.display()))?;
        }
        let config = Config { listen: self.listen, content: self.content, ..Config::in_folder(&self.data) };
        let server = Server::open(config, Clock::system()).await?;
        let logins = match std::fs::read_to_string(&logins_file) {
            Ok(text) => serde_json::from_str(&text)
                .with_context(|| format!("{} cannot be read; start with --fresh", logins_file.display()))?,
            Err(_) => {
                eprintln!("making the demo class …");
                let logins = demo::fill(&server.app).await?;
                // Plugins are found once the server runs.
                tokio::spawn(demo::tools::take_named(server.app.clone()));
                std::fs::write(&logins_file, serde_json::to_string_pretty(&logins)?)
                    .with_context(|| format!("{} cannot be written", logins_file.display()))?;
                logins
            }
        };
        print(&server.url()?, &logins);
        server.run(super::serve::until_asked_to_stop()).await
    }
}

fn print(url: &str, logins: &Logins) {
    println!("{url}");
    println!();
    println!("  教师 teacher          {}", logins.teacher);
    println!("  学生 student          {} … {}", logins.first_student, logins.last_student);
    println!("  管理员 administrator  {}", logins.administrator);
    println!("  密码 password         {}", logins.password);
    println!();
    println!("Another terminal: cargo run --release -p grader -- --help");
}
