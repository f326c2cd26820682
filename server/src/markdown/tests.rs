use super::*;

fn picture(name: &str) -> Option<Picture> {
    (name == "qr.svg").then(|| Picture { address: "/figures/qr.svg".to_owned(), width: 40, height: 30 })
}

fn render(source: &str) -> String {
    to_html(source, &References { picture: &picture, link: &outward })
}

#[test]
fn scripts_and_handlers_never_arrive() {
    for source in [
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        "<svg><a xlink:href='javascript:alert(1)'>x</a></svg>",
        "<style>*{display:none}</style>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "<details open ontoggle=alert(1)>",
        "![x](qr.svg\" onload=\"alert(1))",
        "`<script>`</code><script>alert(1)</script>",
        "<math><mtext></mtext><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    ] {
        let html = render(source);
        for forbidden in
            ["<script", "onerror=", "ontoggle", "onload=\"", "javascript:", "<svg", "<style", "<math", "data:"]
        {
            let tags: String = html.split('<').skip(1).filter_map(|tag| tag.split('>').next()).collect();
            assert!(!tags.to_lowercase().contains(forbidden.trim_start_matches('<')), "{source} → {html}");
            assert!(!html.contains("<script"), "{source} → {html}");
        }
    }
}

#[test]
fn comments_stay_on_the_server() {
    let html = render("甲。<!-- 建议：天 -->\n\n<!--\n一条\n两条\n-->\n\n乙。");
    assert_eq!(html.replace('\n', ""), "<p>甲。</p><p>乙。</p>");
}

#[test]
fn chinese_lines_are_joined_and_latin_ones_are_not() {
    assert_eq!(render("微信\n平台"), "<p>微信平台</p>\n");
    assert_eq!(render("微信**平\n台**"), "<p>微信<strong>平台</strong></p>\n");
    assert_eq!(render("one\ntwo"), "<p>one\ntwo</p>\n");
    assert_eq!(render("微信\nWeChat"), "<p>微信\nWeChat</p>\n");
}

#[test]
fn a_titled_picture_is_a_figure_with_its_size() {
    assert_eq!(
        render("![二维码](qr.svg \"图 1 \\\"码\\\"\")"),
        "<figure><img src=\"/figures/qr.svg\" alt=\"二维码\" width=\"40\" height=\"30\" loading=\"lazy\" \
         decoding=\"async\"><figcaption>图 1 \"码\"</figcaption></figure>\n"
    );
    assert!(render("见 ![码](qr.svg) 。").starts_with("<p>见 <img src="));
}

#[test]
fn an_unknown_picture_keeps_its_words() {
    let references = References { picture: &picture, link: &outward };
    let (_, doubts) = rewrite(parse("甲\n\n![缺图](no.png)"), &references);
    assert_eq!(doubts, [Doubt::Picture("no.png".to_owned(), 5..22)]);
    assert_eq!(render("![缺图](no.png)"), "<p>缺图</p>\n");
}

#[test]
fn tables_have_classes_and_no_styles() {
    let html = render("| 名 | 数 |\n|:--|--:|\n| 甲 | 1 |");
    assert!(html.contains("<div class=\"table-scroll\" tabindex=\"0\"><table>"), "{html}");
    assert!(html.contains("<th scope=\"col\" class=\"number\">数</th>"), "{html}");
    assert!(html.contains("<td class=\"number\">1</td>"), "{html}");
    assert!(!html.contains("style"), "{html}");
}

#[test]
fn links_out_are_marked_and_links_to_nowhere_keep_their_words() {
    assert!(
        render("[站](https://example.cn/?a=1&b=2)")
            .contains("<a href=\"https://example.cn/?a=1&amp;b=2\" rel=\"noopener noreferrer\">站</a>")
    );
    assert_eq!(render("[文件](/etc/passwd)"), "<p>文件</p>\n");
    assert!(render("<nobody@example.cn>").contains("href=\"mailto:nobody@example.cn\""));
}

#[test]
fn emphasis_that_failed_is_noticed() {
    let (_, doubts) = rewrite(parse("他说**“好。”**然后"), &References::none());
    assert!(matches!(doubts.as_slice(), [Doubt::Emphasis(_)]), "{doubts:?}");
    let (_, doubts) = rewrite(parse("**好**的，`a**b`"), &References::none());
    assert_eq!(doubts, []);
}

#[test]
fn the_places_of_blanks_pass_through_and_never_stand_in_tags() {
    let fill = |text: &str| {
        let references = References { picture: &picture, link: &outward };
        question(text, &references, |number| format!("<input name=\"{number}\">"))
    };
    assert_eq!(
        fill("公众号有{1}与**{2}**，{{原文}}。"),
        "<p>公众号有<input name=\"1\">与<strong><input name=\"2\"></strong>，{原文}。</p>\n"
    );
    assert!(!fill("![看{1}](qr.svg)").contains("<input"));
    assert!(!fill("[看](https://example.cn/{1})").contains("<input"));
}

#[test]
fn any_text_renders_without_a_panic() {
    let mut text = String::new();
    for piece in [
        "[",
        "](",
        "![",
        "|",
        "**",
        "~~",
        "[^1]",
        "\n: ",
        "<!--",
        "-->",
        "`",
        "\n\n",
        "# ",
        "> ",
        "微",
        "\u{E000}1\u{E001}",
    ] {
        for other in ["]", ")", "x", "\n", "|-|", "*", "^", "<a", "&#", "1. ", "\0"] {
            text.push_str(piece);
            text.push_str(other);
            render(&text);
        }
    }
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    /// Pieces that dangerous pages are made of, between any characters.
    fn hostile() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            3 => proptest::sample::select(vec![
                "<script>", "</script>", "<svg onload=", "<img src=x onerror=", "<a href=", "<style>", "<!--", "-->", "<![CDATA[",
                "<iframe srcdoc=", "<math>", "<details ontoggle=", "javascript:", "JaVa\tScRiPt:", "&#106;avascript&colon;",
                "data:text/html,", "vbscript:", "[x](", "![x](", "[x]: ", "[x]", "[^1]", "[^1]: ", "qr.svg", "\" onclick=\"",
                "' style='", "`", "```\n", "~~~\n", "**", "__", "|", "|-|\n", "\n", "\n\n", "# ", "> ", "- ", "1. ", ": ", ")", "(",
                "<", ">", "\"", "'", "\\", "&", "&lt;", "&#60;", "\u{0}", "\u{FEFF}", "\u{202E}", "{1}", "{{", "https://a.example/",
                "#", "mailto:", "//a.example", "\t", "\r", "表", "。",
            ]).prop_map(str::to_owned),
            1 => any::<char>().prop_map(String::from),
            1 => ".{0,12}",
        ];
        proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }

    /// The tags of a page with their attributes, as a browser reads them: quotes hold what stands between them.
    fn tags(html: &str) -> Vec<(String, Vec<(String, String)>)> {
        let mut tags = Vec::new();
        let mut rest = html;
        while let Some(open) = rest.find('<') {
            rest = &rest[open + 1..];
            let end = rest.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(rest.len());
            let name = rest[..end].trim_start_matches('/').to_lowercase();
            rest = &rest[end..];
            let mut attributes = Vec::new();
            loop {
                rest = rest.trim_start();
                if rest.is_empty() || rest.starts_with('>') {
                    break;
                }
                let end = rest.find(|c: char| c == '=' || c == '>' || c.is_whitespace()).unwrap_or(rest.len()).max(1);
                let attribute = rest.get(..end).unwrap_or(rest).to_lowercase();
                rest = rest.get(end..).unwrap_or_default();
                let mut value = "";
                if let Some(quoted) = rest.strip_prefix("=\"") {
                    let close = quoted.find('"').expect("a quote that is closed");
                    value = &quoted[..close];
                    rest = &quoted[close + 1..];
                }
                attributes.push((attribute, value.to_owned()));
            }
            tags.push((name, attributes));
        }
        tags
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whatever_is_written_nothing_runs(source in hostile()) {
            let html = question(&source, &References { picture: &picture, link: &outward }, |number| format!("<b>{number}</b>"));
            for (name, attributes) in tags(&html) {
                let is_known = name == "b" || allow::is_allowed(&name);
                prop_assert!(is_known, "<{}> in {:?} from {:?}", name, html, source);
                for (attribute, value) in attributes {
                    let is_harmless = !attribute.starts_with("on") && attribute != "style" && attribute != "srcdoc";
                    prop_assert!(is_harmless, "{} in {:?} from {:?}", attribute, html, source);
                    if attribute == "href" || attribute == "src" {
                        let start = value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect::<String>();
                        let start = start.to_lowercase();
                        let leads = ["https://", "http://", "mailto:", "#", "/figures/"];
                        prop_assert!(leads.iter().any(|lead| start.starts_with(lead)), "{:?} in {:?}", value, html);
                    }
                }
            }
        }
    }
}
