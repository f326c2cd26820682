//! Words outside of pages: what a plugin writes into files and messages. A template has them by `t(key=…)`.

use fluent_bundle::{FluentBundle, FluentResource};

/// The translations of one language.
pub struct Words(FluentBundle<FluentResource>);

impl Words {
    /// Reads a file of translations: `Words::new(include_str!("../locales/zh-CN.ftl"))`.
    pub fn new(source: &str) -> Self {
        // The compiler has refused a file with mistakes; the entries that can be read stay.
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
        let mut bundle = FluentBundle::new(Vec::new());
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(resource);
        Self(bundle)
    }

    /// The sentence of a key that takes no values; the key itself where there is no such sentence.
    pub fn say(&self, key: &str) -> String {
        let pattern = self.0.get_message(key).and_then(|message| message.value());
        let said = pattern.map(|pattern| self.0.format_pattern(pattern, None, &mut Vec::new()).into_owned());
        said.unwrap_or_else(|| key.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_its_sentence_or_is_one() {
        let words = Words::new("duty = 值班：{ \" \" }\n");
        assert_eq!(words.say("duty"), "值班： ");
        assert_eq!(words.say("nothing"), "nothing");
    }
}
