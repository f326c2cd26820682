//! `server demo`: a class with half a semester behind it, in a directory of its own.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::clock::Clock;
use crate::config::Config;
use crate::demo::room::Room;
use crate::demo::{self, Logins};
use crate::serve::Server;
use crate::terminal::{note, say};

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
    /// Plugin that the class uses beside the tools of its course; may be given several times
    #[arg(long = "tool", value_name = "ID")]
    tools: Vec<String>,
    /// More directories with plugins, separated by commas, beside the program's own and DATA/plugins
    #[arg(long, env = "COURSE_PLUGINS", value_delimiter = ',', value_name = "DIR")]
    plugins: Vec<PathBuf>,
    /// Address people use when it is not the one listened on, such as that of a proxy with https
    #[arg(long, env = "COURSE_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
    /// Proxies whose X-Forwarded-For is believed, separated by commas
    #[arg(long, env = "COURSE_TRUSTED_PROXIES", value_delimiter = ',', value_name = "IP")]
    trusted_proxies: Vec<IpAddr>,
    /// Where the rehearsal room listens, in which you play followers of the class's public account [default:
    /// 127.0.0.1:8090, or a free port when that is taken]
    #[arg(long, value_name = "ADDRESS:PORT")]
    rehearsal: Option<SocketAddr>,
    /// Open no rehearsal room
    #[arg(long, conflicts_with = "rehearsal")]
    no_rehearsal: bool,
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
        let config = Config {
            listen: self.listen,
            content: self.content,
            plugins: self.plugins,
            public_url: self.public_url,
            trusted_proxies: self.trusted_proxies,
            ..Config::in_folder(&self.data)
        };
        let mut server = Server::open(config, Clock::system()).await?;
        let url = server.url()?;
        if server.app.config.public_url.is_none() && self.listen.ip().is_loopback() {
            // Answers to followers name the page where they can be read; from elsewhere nobody comes.
            server.app.config = Arc::new(Config { public_url: Some(url.clone()), ..Config::clone(&server.app.config) });
        }
        let room = if self.no_rehearsal { None } else { Some(Arc::new(Room::open(self.rehearsal).await?)) };
        let is_new = !logins_file.exists();
        let logins = if is_new {
            note("making the demo class …");
            let logins = demo::fill(&server.app).await?;
            std::fs::write(&logins_file, serde_json::to_string_pretty(&logins)?)
                .with_context(|| format!("{} cannot be written", logins_file.display()))?;
            logins
        } else {
            std::fs::read_to_string(&logins_file)
                .map_err(anyhow::Error::from)
                .and_then(|text| Ok(serde_json::from_str(&text)?))
                .with_context(|| format!("{} cannot be read; start with --fresh", logins_file.display()))?
        };
        print(server.app.config.public_url.as_deref().unwrap_or(&url), &logins, room.as_deref());
        // Plugins are found once the server runs. The room is open until this function ends.
        tokio::spawn(demo::tools::furnish(server.app.clone(), is_new, room.clone(), url));
        tokio::spawn(demo::tools::take_more(server.app.clone(), self.tools));
        server.run(super::serve::until_asked_to_stop()).await
    }
}

fn print(url: &str, logins: &Logins, room: Option<&Room>) {
    say(url);
    say("");
    say(format_args!("  教师 teacher          {}", logins.teacher));
    say(format_args!("  学生 student          {} … {}", logins.first_student, logins.last_student));
    say(format_args!("  管理员 administrator  {}", logins.administrator));
    say(format_args!("  密码 password         {}", logins.password));
    say("");
    if let Some(room) = room {
        say(format_args!("  排练室 rehearsal room {}", room.url()));
        say("  在排练室扮演关注者给公众号发问题：问答库有把握的自动回答，别的马上在“问答收件箱”里等值班同学。");
        say(
            "  Play a follower there and ask the class's account: its FAQ answers what it is sure of, the rest waits in the inbox.",
        );
        say("");
    }
    say("Another terminal: cargo run --release -p grader -- --help");
}
