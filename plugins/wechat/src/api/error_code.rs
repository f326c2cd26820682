//! The platform's error codes in words: what happened, and what to do.

use plugin_sdk::serde_json::{Value, json};

use crate::words::Words;

/// What happened, and what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explained {
    /// What happened.
    pub what: Words,
    /// What to do.
    pub remedy: Words,
    /// The platform's code, if it has said one.
    pub code: Option<i64>,
}

impl Explained {
    /// Both in one, for an answer to another plugin.
    pub fn json(self) -> Value {
        let code =
            |before: &str, after: &str| self.code.map(|code| format!("{before}{code}{after}")).unwrap_or_default();
        json!({
            "zh": format!("{}{}{}", self.what.zh, self.remedy.zh, code("（错误码 ", "）")),
            "en": format!("{} {}{}", self.what.en, self.remedy.en, code(" (code ", ")")),
        })
    }
}

const fn explained(zh: &'static str, en: &'static str, remedy_zh: &'static str, remedy_en: &'static str) -> Explained {
    Explained { what: Words { zh, en }, remedy: Words { zh: remedy_zh, en: remedy_en }, code: None }
}

/// App id or secret is missing.
pub const NOT_SET: Explained = explained(
    "还没有填 AppID 或 AppSecret。",
    "AppID or AppSecret is missing.",
    "老师在设置里填好后，再点“重新检测”。",
    "A teacher enters them in the settings and presses “Check again”.",
);
/// The day's calls are used up.
pub const USED_UP: Explained = explained(
    "今天这个接口的次数已用完，所以没有再调用。",
    "The day's calls of this kind are used up, so it was not called.",
    "明天 0 点后恢复。",
    "It comes back after midnight (+08:00).",
);
/// The platform was not reached.
pub const UNREACHABLE: Explained = explained(
    "连不上公众平台的接口。",
    "The platform's interface cannot be reached.",
    "检查服务器能不能上网，以及管理员填的接口地址。",
    "Check the server's network and the address that the administrator set.",
);
/// The platform did not answer clearly.
pub const UNCLEAR: Explained = explained(
    "公众平台没有给出明确的回答，不确定有没有完成。",
    "The platform gave no clear answer; it may or may not be done.",
    "到公众平台后台看一眼；没有完成再试。",
    "Look at the platform's back office, and try again if it was not done.",
);

/// What a code says about one follower, and not about the account.
pub fn is_about_follower(code: i64) -> bool {
    matches!(code, 40_003 | 43_004 | 43_019 | 45_015 | 45_047 | 48_002 | 50_005)
}

/// A code in words.
pub fn explain(code: i64) -> Explained {
    Explained { code: Some(code), ..words(code) }
}

/// What a rehearsal server means by codes that speak of the real account's settings.
pub fn explain_in_rehearsal(code: i64) -> Explained {
    match code {
        40_013 | 40_125 => explained(
            "排练服务器的 AppID 或 AppSecret 和设置里的不一样。",
            "The rehearsal server has another AppID or AppSecret than the settings.",
            "用设置里的 AppID 和 AppSecret 启动它（--appid、--secret）。真账号的不用动。",
            "Start it with those of the settings (--appid, --secret). Leave the real account's alone.",
        ),
        other => words(other),
    }
}

fn words(code: i64) -> Explained {
    match code {
        -1 => explained("公众平台忙。", "The platform is busy.", "过一会儿再试。", "Try again in a while."),
        40_001 | 40_014 | 42_001 => explained(
            "接口凭证（access_token）无效，换新的也没用。",
            "The interface token is refused, and a new one as well.",
            "检查 AppSecret；有没有别的程序也在用这个账号？",
            "Check the AppSecret. Does another program use this account?",
        ),
        40_003 => {
            explained("这个人已经不是粉丝。", "This person does not follow any more.", "不用处理。", "Nothing to do.")
        }
        40_007 => explained(
            "素材编号无效，封面可能已被删除。",
            "The material is unknown; the cover may have been deleted.",
            "再试一次，会重新上传封面。",
            "Try again: the cover is uploaded anew.",
        ),
        40_013 => explained(
            "AppID 不对。",
            "The AppID is wrong.",
            "对照公众平台“开发接口管理”重新填写，注意大小写和空格。",
            "Compare it with the platform's developer page; mind capitals and blanks.",
        ),
        40_033 => explained(
            "内容里有不允许的字符。",
            "The content has characters that are not allowed.",
            "去掉特殊符号再试。",
            "Remove special characters and try again.",
        ),
        40_053 => explained(
            "永久二维码用完了（10 万个）。",
            "All permanent QR codes are used (100,000).",
            "改用临时二维码，30 天内有效。",
            "Use temporary codes, which hold for 30 days.",
        ),
        40_125 => explained(
            "AppSecret 不对。",
            "The AppSecret is wrong.",
            "在公众平台重置 AppSecret，再填到设置里。",
            "Reset it on the platform and enter the new one in the settings.",
        ),
        40_164 => explained(
            "服务器的 IP 不在白名单里。",
            "The server's IP address is not on the allow list.",
            "在公众平台“开发接口管理 → IP 白名单”里加上服务器的公网 IP。",
            "Add the server's public address under Developer interfaces → IP allow list.",
        ),
        40_200 => explained(
            "这类账号不能用这个功能。",
            "Accounts of this kind cannot do this.",
            "换认证过的账号，或不用这个功能。",
            "Use a verified account, or do without it.",
        ),
        43_004 | 50_005 => {
            explained("这个人已经取消关注。", "This person has unfollowed.", "不用处理。", "Nothing to do.")
        }
        43_019 => explained(
            "这个人在黑名单里。",
            "This person is blocked.",
            "在公众平台把人移出黑名单后再试。",
            "Unblock them on the platform and try again.",
        ),
        45_002 => {
            explained("消息太长。", "The message is too long.", "缩短到 600 字以内。", "Keep it within 600 characters.")
        }
        45_009 => explained(
            "今天的接口次数用完了。",
            "The day's calls are used up.",
            "明天 0 点后恢复；急用时在公众平台清零，一个月 10 次。",
            "It comes back at midnight; the platform can reset it ten times a month.",
        ),
        45_011 => explained("调用太快。", "Calls came too fast.", "过一分钟再试。", "Try again in a minute."),
        45_015 => explained(
            "粉丝最后一次发消息已超过 48 小时。",
            "The follower's last message is more than 48 hours ago.",
            "等粉丝再发消息时回答。",
            "Answer when they write again.",
        ),
        45_047 => explained(
            "这次能发的条数用完了。",
            "All messages allowed this time have been sent.",
            "等粉丝再发一条消息。",
            "Wait until the follower writes again.",
        ),
        45_065..=45_067 => explained(
            "这篇已经群发过。",
            "This was sent to all before.",
            "不用再发。",
            "There is no need to send it again.",
        ),
        48_001 => explained(
            "这个账号没有开通这个接口。",
            "This account may not use this part of the interface.",
            "需要认证；不认证也能用即时回复和公开答案页。",
            "It takes verification; replies at once and the public answer page work without.",
        ),
        48_002 => explained("粉丝拒收消息。", "The follower refuses messages.", "不用处理。", "Nothing to do."),
        48_004 => explained(
            "这个接口被公众平台封禁了。",
            "The platform has banned this part of the interface.",
            "到公众平台看通知和申诉办法。",
            "See the notice on the platform, and how to appeal.",
        ),
        48_008 => explained(
            "没有发送这类消息的权限。",
            "Messages of this type are not allowed.",
            "改发文字。",
            "Send text instead.",
        ),
        61_500 => explained(
            "日期不对。",
            "The date is wrong.",
            "数据从 2014-12-01 开始，到昨天为止。",
            "Figures exist from 2014-12-01 until yesterday.",
        ),
        _ => explained(
            "公众平台返回了一个不常见的错误。",
            "The platform answered with an unusual error.",
            "按错误码在公众平台的文档里查。",
            "Look the code up in the platform's documentation.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_that_matters_has_words_of_its_own() {
        let unusual = explain(12_345).what;
        let codes = [
            -1, 40_001, 40_003, 40_007, 40_013, 40_014, 40_033, 40_053, 40_125, 40_164, 40_200, 42_001, 43_004, 43_019,
            45_002, 45_009, 45_011, 45_015, 45_047, 45_065, 45_066, 45_067, 48_001, 48_002, 48_004, 48_008, 50_005,
            61_500,
        ];
        for code in codes {
            assert_ne!(explain(code).what, unusual, "{code}");
        }
    }
}
