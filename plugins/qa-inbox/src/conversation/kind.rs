//! What stands for a message that is no words, and what of it is shown where.

/// What stands for a picture.
const PICTURE: &str = "［图片］";

/// What a message of this kind says: its words, or a name for what it is with what the channel tells of it.
pub fn said(kind: &str, text: &str) -> String {
    let text = text.trim();
    let name = match kind {
        "image" => PICTURE,
        "voice" if text.is_empty() => "［语音］",
        "video" => "［视频］",
        "location" => "［位置］",
        "link" => "［链接］",
        _ if text.is_empty() => "［消息］",
        _ => return text.to_owned(),
    };
    format!("{name} {text}").trim_end().to_owned()
}

/// Whether the follower has put it into words.
pub fn is_words(kind: &str) -> bool {
    matches!(kind, "" | "text" | "voice" | "menu")
}

/// Where the picture is that a message consists of.
pub fn picture(text: &str) -> Option<&str> {
    let address = text.strip_prefix(PICTURE)?.trim();
    let is_address = (address.starts_with("http://") || address.starts_with("https://"))
        && !address.contains(|sign: char| sign.is_whitespace());
    is_address.then_some(address)
}

/// A text where addresses of pictures would be in the way.
pub fn short(text: &str) -> &str {
    if picture(text).is_some() { PICTURE } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_words_has_a_name() {
        let cases = [
            ("text", " 怎么投稿 ", "怎么投稿"),
            ("image", "http://a/0", "［图片］ http://a/0"),
            ("voice", "怎么投稿", "怎么投稿"),
            ("voice", "", "［语音］"),
            ("video", "", "［视频］"),
            ("location", "图书馆", "［位置］ 图书馆"),
            ("link", "题 http://a", "［链接］ 题 http://a"),
            ("menu", "", "［消息］"),
        ];
        for (kind, text, expected) in cases {
            assert_eq!(said(kind, text), expected);
        }
    }

    #[test]
    fn a_picture_is_one_address_alone() {
        assert_eq!(picture(&said("image", "https://a/0")), Some("https://a/0"));
        for text in ["［图片］", "https://a/0", "［图片］ javascript:x", "［图片］ http://a/0 b"] {
            assert_eq!((picture(text), short(text)), (None, text));
        }
        assert_eq!(short("［图片］ http://a/0"), "［图片］");
    }
}
