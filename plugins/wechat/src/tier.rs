//! What the account may do, found by asking: two harmless calls, and the code that says that they are not allowed.

use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use crate::account::Account;
use crate::api::{self, Call, NOT_PERMITTED, Trouble};
use crate::probe;
use crate::words::Words;

/// The list of followers: verified accounts.
const FOLLOWERS: Call = Call::get("/cgi-bin/user/get", 500);
/// QR codes with a scene: verified service accounts.
const SCENES: Call = Call::post("/cgi-bin/qrcode/create", 100_000);

/// What an account may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Nothing is connected.
    Nothing,
    /// Messages come in, and may be answered at once.
    Callback,
    /// A verified 订阅号.
    Subscription,
    /// A verified 服务号.
    Service,
}

impl Tier {
    /// Its letter for the tools.
    pub const fn letter(self) -> &'static str {
        match self {
            Tier::Nothing => "0",
            Tier::Callback => "U",
            Tier::Subscription => "S",
            Tier::Service => "F",
        }
    }

    /// The tier with this letter.
    pub fn from_letter(letter: &str) -> Option<Self> {
        [Tier::Nothing, Tier::Callback, Tier::Subscription, Tier::Service]
            .into_iter()
            .find(|tier| tier.letter() == letter)
    }

    /// What people call it.
    pub const fn name(self) -> Words {
        match self {
            Tier::Nothing => Words { zh: "还没有接入", en: "not connected yet" },
            Tier::Callback => Words { zh: "未认证的公众号", en: "unverified account" },
            Tier::Subscription => Words { zh: "认证的订阅号", en: "verified subscription account (订阅号)" },
            Tier::Service => Words { zh: "认证的服务号", en: "verified service account (服务号)" },
        }
    }

    /// What it can do.
    pub const fn can(self) -> Words {
        match self {
            Tier::Nothing => Words {
                zh: "粉丝数手工记或从后台导入；提问手工转录，在公众平台后台回复。",
                en: "Follower counts are typed in or imported; questions are copied by hand and answered in the platform's back office.",
            },
            Tier::Callback => Words {
                zh: "实时收到关注、取消关注和消息；粉丝发消息的当时可以自动回一条，之后要等粉丝再发消息，或看公开答案页。",
                en: "Follows, unfollows and messages arrive live. A message can be answered at once; later only when the follower writes again, or on the public answer page.",
            },
            Tier::Subscription => Words {
                zh: "除了实时收发，48 小时内可以主动回复粉丝（最多 5 条），每天有官方粉丝数据，可以给粉丝打标签、建草稿。",
                en: "Besides, followers can be answered within 48 hours (up to 5 messages), official figures come daily, followers can be tagged and drafts made.",
            },
            Tier::Service => Words {
                zh: "全部都能用：还可以给每个同学一个二维码，看粉丝是谁带来的。",
                en: "Everything works; each student can also have a QR code that shows who brought a follower.",
            },
        }
    }

    /// What the next tier would add, and how to get there.
    pub const fn next(self) -> Option<Words> {
        match self {
            Tier::Nothing => Some(Words {
                zh: "接入服务器（免费，不用认证）后：实时收到关注和消息，并能自动回复。",
                en: "Connecting the server (free, without verification) adds live follows and messages, and automatic replies.",
            }),
            Tier::Callback => Some(Words {
                zh: "认证后（由学校或院系申请，个人不能认证）：48 小时内主动回复、每日官方数据、标签和草稿。",
                en: "Verification (by the school or department; individuals cannot) adds answers within 48 hours, official daily figures, tags and drafts.",
            }),
            Tier::Subscription => Some(Words {
                zh: "换成认证的服务号后：每个同学一个二维码，自动算出带来多少粉丝。",
                en: "A verified service account adds a QR code for each student, so that followers are credited automatically.",
            }),
            Tier::Service => None,
        }
    }

    /// Whether messages may be sent after the first reply, figures fetched, followers tagged.
    pub fn is_verified(self) -> bool {
        self >= Tier::Subscription
    }
}

/// How a tier was found.
const FOUND: [(&str, Words); 6] = [
    (
        "scenes-allowed",
        Words {
            zh: "试建了一个 60 秒的带参数二维码，成功了，所以是认证的服务号。",
            en: "A QR code with a scene, valid for 60 seconds, could be made: so it is a verified service account.",
        },
    ),
    (
        "scenes-denied",
        Words {
            zh: "能读粉丝列表，但试建带参数二维码时得到错误码 48001（没有权限），所以是认证的订阅号。",
            en: "The list of followers can be read, but making a QR code gave code 48001 (not permitted): a verified subscription account.",
        },
    ),
    (
        "followers-denied",
        Words {
            zh: "试读粉丝列表时得到错误码 48001（没有权限），所以没有认证；消息推送已接通。",
            en: "Reading the list of followers gave code 48001 (not permitted): not verified. Messages arrive.",
        },
    ),
    (
        "followers-denied-unconnected",
        Words {
            zh: "试读粉丝列表时得到错误码 48001（没有权限），所以没有认证；消息推送也还没有接通。",
            en: "Reading the list of followers gave code 48001 (not permitted): not verified. No messages arrive yet either.",
        },
    ),
    (
        "connected",
        Words {
            zh: "消息推送已接通；接口还没有检测成功，先按未认证处理。",
            en: "Messages arrive; the interface could not be checked yet, so it counts as unverified.",
        },
    ),
    (
        "unconnected",
        Words {
            zh: "公众平台还没有访问过回调地址，接口也没有检测成功。",
            en: "The platform has not called the callback address yet, and the interface could not be checked.",
        },
    ),
];

/// A tier, and how it was found.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// The tier.
    pub tier: Tier,
    /// How.
    pub by: Words,
    /// When the interface was asked.
    pub at: Option<DateTime<Utc>>,
}

/// The tier, from what probing found and whether messages arrive.
pub fn of(account: &Account) -> Found {
    let probed = account.tier.as_deref().and_then(Tier::from_letter);
    let (tier, by) = match (probed, account.is_connected()) {
        (Some(tier), _) if tier.is_verified() => (tier, account.found_by.as_deref().unwrap_or_default()),
        (Some(_), true) => (Tier::Callback, "followers-denied"),
        (Some(_), false) => (Tier::Nothing, "followers-denied-unconnected"),
        (None, true) => (Tier::Callback, "connected"),
        (None, false) => (Tier::Nothing, "unconnected"),
    };
    let words = FOUND.iter().find(|(name, _)| *name == by).map_or(FOUND[4].1, |(_, words)| *words);
    Found { tier, by: words, at: account.probed_at }
}

/// The tier for the tools.
pub fn told(account: &Account) -> Value {
    let found = of(account);
    let mut told = json!({
        "tier": found.tier.letter(),
        "name": found.tier.name().json(),
        "found_by": found.by.json(),
    });
    if let Some(at) = found.at {
        told["checked_at"] = json!(at);
    }
    if let Some(next) = found.tier.next() {
        told["next"] = next.json();
    }
    told
}

/// Asks the platform. What it refuses for another reason than the tier leaves the tier as it was.
pub fn probe(host: &Host) -> Result<Result<(), Trouble>> {
    let asked = match api::call(host, FOLLOWERS, "", None) {
        Ok(_) => {
            let scene = json!({
                "expire_seconds": 60,
                "action_name": "QR_STR_SCENE",
                "action_info": { "scene": { "scene_str": "probe" } },
            });
            match api::call(host, SCENES, "", Some(&scene)) {
                Ok(_) => Ok((Tier::Service, "scenes-allowed")),
                Err(Trouble::Refused(NOT_PERMITTED)) => Ok((Tier::Subscription, "scenes-denied")),
                Err(trouble) => Err(trouble.or_own()?),
            }
        }
        Err(Trouble::Refused(NOT_PERMITTED)) => Ok((Tier::Callback, "followers-denied")),
        Err(trouble) => Err(trouble.or_own()?),
    };
    // What asked for a probe has got it.
    probe::done(host)?;
    match asked {
        Ok((tier, by)) => keep(host, tier, by).map(Ok),
        Err(trouble) => Ok(Err(trouble)),
    }
}

fn keep(host: &Host, tier: Tier, by: &str) -> Result<()> {
    let before = of(&Account::open(host)?).tier;
    host.exec(
        "update account set tier = $2, found_by = $3, probed_at = $4 where class_id = $1",
        params![host.class()?.id, tier.letter(), by, host.now()],
    )?;
    let after = of(&Account::open(host)?).tier;
    if after != before {
        host.emit("tier.changed", json!({ "tier": after.letter() }))?;
    }
    Ok(())
}
