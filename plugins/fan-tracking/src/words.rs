//! Words outside of pages, from the files that the templates use.

use plugin_sdk::Words;
use plugin_sdk::prelude::*;

/// In the language of the call.
pub fn of(host: &Host) -> Words {
    let is_english = host.context().language.starts_with("en");
    Words::new(if is_english { include_str!("../locales/en.ftl") } else { include_str!("../locales/zh-CN.ftl") })
}
