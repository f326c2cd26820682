//! Settings of a plugin: what a form may put in, and what is in force.

use chrono::NaiveDate;
use plugin_protocol::manifest::{Manifest, Setting, SettingKind};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::error::Message;
use crate::store::plugin::setting::Stored;

/// The most characters of a text when the manifest says nothing.
const MOST_LINE: i64 = 1_000;
/// The same for several lines.
const MOST_LINES: i64 = 20_000;

/// Reads what a form sent for a setting. `None`: the field was left empty, so what the plugin says holds (a secret stays
/// as it is); a checkbox that was not ticked is sent as nothing and means no.
///
/// # Errors
/// What is wrong, for the person at the form.
pub fn from_form(setting: &Setting, sent: Option<&str>) -> Result<Option<Value>, Message> {
    let text = sent.unwrap_or_default().replace("\r\n", "\n");
    let value = match setting.kind {
        SettingKind::Boolean => match text.as_str() {
            "" | "false" | "off" | "0" => Value::Bool(false),
            "true" | "on" | "1" => Value::Bool(true),
            _ => return Err(Message::new("plugin-setting-boolean")),
        },
        _ if text.trim().is_empty() => return Ok(None),
        SettingKind::Number => {
            let number: i64 = text.trim().parse().map_err(|_| Message::new("plugin-setting-number"))?;
            Value::from(number)
        }
        SettingKind::LongText => Value::from(text),
        SettingKind::Text | SettingKind::Choice | SettingKind::Date | SettingKind::Secret => Value::from(text.trim()),
    };
    check(setting, &value)?;
    Ok(Some(value))
}

/// Whether a value fits a setting.
///
/// # Errors
/// What is wrong, for a person.
pub fn check(setting: &Setting, value: &Value) -> Result<(), Message> {
    match setting.kind {
        SettingKind::Boolean if !value.is_boolean() => Err(Message::new("plugin-setting-boolean")),
        SettingKind::Boolean => Ok(()),
        SettingKind::Number => {
            let number = value.as_i64().ok_or_else(|| Message::new("plugin-setting-number"))?;
            match (setting.least, setting.most) {
                (Some(least), _) if number < least => Err(Message::new("plugin-setting-least").with("least", least)),
                (_, Some(most)) if number > most => Err(Message::new("plugin-setting-most").with("most", most)),
                _ => Ok(()),
            }
        }
        SettingKind::Choice if !setting.choices.iter().any(|choice| value.as_str() == Some(&choice.value)) => {
            Err(Message::new("plugin-setting-choice"))
        }
        SettingKind::Choice => Ok(()),
        SettingKind::Date => match value.as_str().map(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d")) {
            Some(Ok(_)) => Ok(()),
            _ => Err(Message::new("plugin-setting-date")),
        },
        SettingKind::Text | SettingKind::Secret => text(setting, value, MOST_LINE, false),
        SettingKind::LongText => text(setting, value, MOST_LINES, true),
    }
}

fn text(setting: &Setting, value: &Value, most: i64, lines: bool) -> Result<(), Message> {
    let text = value.as_str().unwrap_or_default();
    let most = setting.most.unwrap_or(most);
    if !lines && text.contains(['\n', '\r']) {
        return Err(Message::new("plugin-setting-line"));
    }
    if i64::try_from(text.chars().count()).is_ok_and(|count| count > most) {
        return Err(Message::new("plugin-setting-long").with("most", most));
    }
    Ok(())
}

/// The settings in force: what the plugin says, else the site, else the class. Secrets are left out, and so is a value
/// that no longer fits.
pub fn in_force(manifest: &Manifest, stored: &[Stored], class_id: Option<Uuid>) -> Map<String, Value> {
    let set = |name: &str, class_id: Option<Uuid>| {
        stored.iter().find(|one| one.name == name && one.class_id == class_id && !one.is_secret)
    };
    let open = manifest.settings.iter().filter(|setting| setting.kind != SettingKind::Secret);
    open.map(|setting| {
        let of_class = class_id.filter(|_| setting.for_each_class).and_then(|class| set(&setting.name, Some(class)));
        let found = of_class.or_else(|| set(&setting.name, None)).map(|one| &one.value);
        let value = found.filter(|value| check(setting, value).is_ok()).unwrap_or(&setting.default);
        (setting.name.clone(), value.clone())
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use plugin_protocol::manifest::Choice;
    use serde_json::json;

    use super::*;

    fn setting(name: &str, kind: SettingKind) -> Setting {
        let written = json!({ "name": name, "title": { "zh": "项", "en": "item" } });
        Setting { kind, ..serde_json::from_value(written).unwrap() }
    }

    fn stored(name: &str, class_id: Option<Uuid>, value: Value) -> Stored {
        Stored { class_id, name: name.into(), value, is_secret: false }
    }

    #[test]
    fn a_form_is_read_by_the_kind() {
        let number = Setting { least: Some(1), most: Some(9), ..setting("number", SettingKind::Number) };
        let refused = |setting: &Setting, text: &str| from_form(setting, Some(text)).unwrap_err().key.into_owned();
        assert_eq!(from_form(&number, Some(" 7 ")), Ok(Some(json!(7))));
        assert_eq!(from_form(&number, Some("")), Ok(None));
        assert_eq!(refused(&number, "seven"), "plugin-setting-number");
        assert_eq!(refused(&number, "0"), "plugin-setting-least");
        assert_eq!(refused(&number, "10"), "plugin-setting-most");

        let flag = setting("flag", SettingKind::Boolean);
        assert_eq!(from_form(&flag, None), Ok(Some(json!(false))));
        assert_eq!(from_form(&flag, Some("on")), Ok(Some(json!(true))));
        assert_eq!(refused(&flag, "maybe"), "plugin-setting-boolean");

        let day = setting("day", SettingKind::Date);
        assert_eq!(from_form(&day, Some(" 2026-10-12 ")), Ok(Some(json!("2026-10-12"))));
        assert_eq!(from_form(&day, Some("")), Ok(None));
        for bad in ["2026-02-30", "12.10.2026", "tomorrow"] {
            assert_eq!(refused(&day, bad), "plugin-setting-date", "{bad}");
        }

        let words = |value: &str| Choice { value: value.into(), title: Default::default() };
        let choice = Setting { choices: vec![words("day"), words("week")], ..setting("choice", SettingKind::Choice) };
        assert_eq!(from_form(&choice, Some("week")), Ok(Some(json!("week"))));
        assert_eq!(refused(&choice, "year"), "plugin-setting-choice");

        let line = Setting { most: Some(3), ..setting("line", SettingKind::Text) };
        assert_eq!(from_form(&line, Some(" 三个字 ")), Ok(Some(json!("三个字"))));
        assert_eq!(refused(&line, "四个字了"), "plugin-setting-long");
        assert_eq!(refused(&line, "a\nb"), "plugin-setting-line");
        assert_eq!(from_form(&setting("lines", SettingKind::LongText), Some("a\r\nb")), Ok(Some(json!("a\nb"))));
    }

    #[test]
    fn the_class_goes_before_the_site_and_that_before_the_plugin() {
        let manifest = Manifest {
            settings: vec![
                Setting { default: json!("plugin"), ..setting("one", SettingKind::Text) },
                Setting { default: json!("plugin"), ..setting("two", SettingKind::Text) },
                Setting { default: json!("plugin"), ..setting("three", SettingKind::Text) },
                Setting { for_each_class: false, ..setting("site", SettingKind::Text) },
                Setting { default: json!(5), ..setting("changed", SettingKind::Number) },
                setting("hidden", SettingKind::Secret),
            ],
            ..serde_json::from_value(json!({ "id": "a", "version": "1.0.0", "title": { "zh": "", "en": "" } })).unwrap()
        };
        let (class, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let all = [
            stored("two", None, json!("site")),
            stored("three", None, json!("site")),
            stored("three", Some(class), json!("class")),
            stored("three", Some(other), json!("other")),
            stored("site", None, json!("site")),
            stored("site", Some(class), json!("class")),
            stored("changed", None, json!("no number")),
            stored("hidden", None, json!("secret")),
        ];
        let merged = |class| Value::Object(in_force(&manifest, &all, class));
        let expected = json!({ "one": "plugin", "two": "site", "three": "class", "site": "site", "changed": 5 });
        assert_eq!(merged(Some(class)), expected);
        assert_eq!(merged(None)["three"], "site");
    }
}
