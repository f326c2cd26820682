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
    /// A field of the form that must be there and readable.
    fn required<T: FromStr>(&self, name: &str) -> Result<T>;
    /// All fields of the form with this name.
    fn all(&self, name: &str) -> Vec<&str>;
    /// A value of the query; empty when it is missing.
    fn query(&self, name: &str) -> &str;
    /// A file of the form.
    fn file(&self, name: &str) -> Option<&Upload>;
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
        let text = first(&self.form, name).map(str::trim).filter(|text| !text.is_empty());
        text.and_then(|text| text.parse().ok()).ok_or_else(|| invalid("field-required").at(name))
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

    fn is(&self, method: &str, route: &str) -> bool {
        self.method == method && self.route == route
    }
}

fn first<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}
