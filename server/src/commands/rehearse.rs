//! `server rehearse`: a simulated WeChat platform for a class that practises before its account is live.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use rehearsal::{Account, CrowdOptions, Format, Mode, Options, Rehearsal, Stamps, Tier};

use crate::terminal::{note, say};

/// Arguments of `server rehearse`.
#[derive(Args)]
#[command(after_help = "Example: practise with the class's server on this machine, a day a minute:\n  \
    server rehearse --callback http://127.0.0.1:3000/… --token rehearsal2026 --tier U --speed 1440\n\
    Copy the callback from the account's settings in the class, and put the API address that is printed there.")]
pub struct Rehearse {
    /// The account's callback, as the class's settings show it; can be given later on the control page
    #[arg(long, value_name = "URL")]
    callback: Option<String>,
    /// The AppID that the class's settings have
    #[arg(long, value_name = "APPID", default_value_t = Account::default().appid)]
    appid: String,
    /// The AppSecret with which tokens are fetched
    #[arg(long, value_name = "SECRET", default_value_t = Account::default().secret)]
    secret: String,
    /// The account's own name in messages, gh_…
    #[arg(long, value_name = "GH", default_value_t = Account::default().original_id)]
    original_id: String,
    /// The Token that signs callbacks: 3 to 32 letters or digits
    #[arg(long, value_name = "TOKEN", default_value_t = Account::default().token)]
    token: String,
    /// The EncodingAESKey of 43 letters and digits, for the modes compat and safe
    #[arg(long, value_name = "KEY")]
    aes_key: Option<String>,
    /// How callbacks are encrypted
    #[arg(long, value_enum, default_value_t = Encryption::Plain)]
    mode: Encryption,
    /// The form of callbacks
    #[arg(long, value_enum, default_value_t = Form::Xml)]
    format: Form,
    /// What the account may do: 0 no server, U unverified, S verified 订阅号, F verified 服务号
    #[arg(long, value_parser = tier, default_value = "U", value_name = "0|U|S|F")]
    tier: Tier,
    /// How fast people live: 0 nothing happens by itself, 1 real time, 60 an hour a minute, 1440 a day a minute
    #[arg(long, default_value_t = 1.0, value_name = "N")]
    speed: f64,
    /// Let the server see the rehearsal's dates instead of today's
    #[arg(long)]
    simulated_time: bool,
    /// How many people come on an ordinary day
    #[arg(long, default_value_t = 12.0, value_name = "N")]
    arrivals: f64,
    /// Claim words (口令) that newcomers send, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "WORD")]
    claim_words: Vec<String>,
    /// The same seed gives the same people; others each time without one
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Where the API and the control page listen
    #[arg(long, default_value = "127.0.0.1:8090", value_name = "ADDRESS:PORT")]
    listen: SocketAddr,
}

#[derive(Clone, Copy, ValueEnum)]
enum Encryption {
    /// In the clear (明文模式)
    Plain,
    /// In the clear and encrypted (兼容模式)
    Compat,
    /// Encrypted only (安全模式)
    Safe,
}

#[derive(Clone, Copy, ValueEnum)]
enum Form {
    Xml,
    Json,
}

fn tier(letter: &str) -> Result<Tier, String> {
    Tier::of_letter(letter).ok_or_else(|| format!("{letter:?} is no tier; it is 0, U, S or F"))
}

impl Rehearse {
    /// Runs the platform until it is asked to stop.
    pub async fn run(self) -> Result<()> {
        if !(0.0..=10_000.0).contains(&self.arrivals) {
            bail!("--arrivals {} cannot be: people a day are between 0 and 10000", self.arrivals);
        }
        let has_callback = self.callback.is_some();
        let room = Rehearsal::start(self.options()).await.context("the rehearsal room cannot open")?;
        say(room.url());
        say("");
        say(format_args!("  控制页 control page   {}", room.url()));
        say(format_args!("  API 地址 API host     {}", room.url()));
        say(format_args!("  真实数据 true figures {}/truth.json", room.url()));
        if has_callback {
            match room.verify().await {
                Ok(()) => say("  回调 callback         verified"),
                // People may start the two in either order.
                Err(problem) => note(format_args!(
                    "server: {problem} The room is open all the same; verify again on the control page."
                )),
            }
        }
        super::serve::until_asked_to_stop().cancelled().await;
        Ok(())
    }

    fn options(self) -> Options {
        let account = Account {
            appid: self.appid,
            secret: self.secret,
            original_id: self.original_id,
            token: self.token,
            aes_key: self.aes_key,
        };
        let crowd =
            CrowdOptions { arrivals_per_day: self.arrivals, claim_words: self.claim_words, ..CrowdOptions::default() };
        Options {
            callback: self.callback,
            listen: self.listen,
            account,
            mode: match self.mode {
                Encryption::Plain => Mode::Plain,
                Encryption::Compat => Mode::Compat,
                Encryption::Safe => Mode::Safe,
            },
            format: match self.format {
                Form::Xml => Format::Xml,
                Form::Json => Format::Json,
            },
            tier: self.tier,
            speed: self.speed,
            // The class has met the people of a rehearsal before, at other times.
            seed: self.seed.unwrap_or_else(|| rand::random::<u32>().into()),
            stamps: if self.simulated_time { Stamps::Simulated } else { Stamps::Real },
            crowd,
            ..Options::default()
        }
    }
}
