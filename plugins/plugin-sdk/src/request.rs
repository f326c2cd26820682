//! Reading what was asked.

use std::str::FromStr;

use plugin_protocol::op::{Page, Upload};

use crate::error::{Result, invalid, not_found};

/// Reads a request.
pub trait Ask {
    /// What a name in the route stands for, such as a number or an id; what cannot be read names nothing.
    fn param<T: FromStr>(&self, name: &str) -> Result<T>;
    /// A field of the form; empty when it is missing.
    fn form(&self, name: &str) -> &str;
    /// A field of the form that must be there and readable; else the answer is 400 and names the field as the sentence
    /// `field-NAME` of the plugin's translations does.
    fn required<T: FromStr>(&self, name: &str) -> Result<T>;
    /// A field of the form that must be readable where it is filled in.
    fn optional<T: FromStr>(&self, name: &str) -> Result<Option<T>>;
    /// All fields of the form with this name.
    fn all(&self, name: &str) -> Vec<&str>;
    /// A value of the query; empty when it is missing.
    fn query(&self, name: &str) -> &str;
    /// A file of the form.
    fn file(&self, name: &str) -> Option<&Upload>;
    /// The body of a request that is no form, as it was sent: of a program, a webhook.
    fn body(&self) -> &[u8];
    /// The type of such a body, such as `application/json`; empty for forms.
    fn content_type(&self) -> &str;
    /// Whether the request is this one of the manifest: `request.is("POST", "/notes")`.
    fn is(&self, method: &str, route: &str) -> bool;
}

impl Ask for Page {
    fn param<T: FromStr>(&self, name: &str) -> Result<T> {
        self.params.get(name).and_then(|value| value.as_str()?.parse().ok()).ok_or_else(not_found)
    }

    fn form(&self, name: &str) -> &str {
        first(&self.form, name).unwrap_or_default()
    }

    fn required<T: FromStr>(&self, name: &str) -> Result<T> {
        self.optional(name)?.ok_or_else(|| invalid("plugin-field-required").at(name))
    }

    fn optional<T: FromStr>(&self, name: &str) -> Result<Option<T>> {
        let text = first(&self.form, name).map(str::trim).filter(|text| !text.is_empty());
        let read = |text: &str| text.parse().map_err(|_| invalid("plugin-field-unreadable").at(name));
        text.map(read).transpose()
    }

    fn all(&self, name: &str) -> Vec<&str> {
        self.form.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect()
    }

    fn query(&self, name: &str) -> &str {
        first(&self.query, name).unwrap_or_default()
    }

    fn file(&self, name: &str) -> Option<&Upload> {
        self.files.iter().find(|file| file.field == name)
    }

    fn body(&self) -> &[u8] {
        self.body.as_bytes()
    }

    fn content_type(&self) -> &str {
        &self.content_type
    }

    fn is(&self, method: &str, route: &str) -> bool {
        self.method == method && self.route == route
    }
}

fn first<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}
