//! What a plugin answered, to be looked at.

use plugin_protocol::op::{Rendered, Response, View};
use plugin_protocol::{Code, Failure};
use serde_json::Value;

/// The answer to a request for a page. What does not fit a method fails the test and says what came instead.
#[derive(Clone, Debug)]
pub struct Answer {
    pub(crate) asked: String,
    pub(crate) outcome: Result<Response, Failure>,
    pub(crate) shown: Option<Rendered>,
    pub(crate) said: Option<String>,
}

/// A box on the class page.
#[derive(Clone, Debug)]
pub struct Box {
    /// None where it came rendered.
    pub(crate) view: Option<View>,
    pub(crate) html: String,
}

impl Answer {
    /// Status of the page.
    pub fn status(&self) -> u16 {
        match &self.outcome {
            Ok(Response::View(view)) => view.status.unwrap_or(200),
            Ok(Response::Rendered { status, .. } | Response::Bytes { status, .. }) => *status,
            Ok(Response::Redirect { .. }) => 303,
            Err(failure) => failure.code.status(),
        }
    }

    /// Fails the test unless the page has this status.
    #[track_caller]
    pub fn expect(&self, status: u16) -> &Self {
        assert!(self.status() == status, "{}: {} instead of {status}: {:?}", self.asked, self.status(), self.outcome);
        self
    }

    /// Fails the test unless the answer leads to this path of the plugin.
    #[track_caller]
    pub fn redirects_to(&self, path: &str) -> &Self {
        match &self.outcome {
            Ok(Response::Redirect { to, .. }) if to == path => self,
            other => panic!("{}: no redirect to {path} but {other:?}", self.asked),
        }
    }

    /// Key of what the next page says.
    pub fn notice(&self) -> Option<&str> {
        match &self.outcome {
            Ok(Response::Redirect { notice: Some(notice), .. }) => Some(&notice.text),
            _ => None,
        }
    }

    /// Name of the template.
    #[track_caller]
    pub fn template(&self) -> &str {
        &self.view().template
    }

    /// Values of the template.
    #[track_caller]
    pub fn values(&self) -> &Value {
        &self.view().values
    }

    /// The HTML that the site puts into its layout.
    #[track_caller]
    pub fn html(&self) -> &str {
        &self.shown().html
    }

    /// Title of the page in the language of the host; empty where it is the plugin's.
    #[track_caller]
    pub fn title(&self) -> &str {
        &self.shown().title
    }

    /// What the person reads after a form, or why it failed, in the language of the host.
    #[track_caller]
    pub fn says(&self) -> &str {
        self.said.as_deref().unwrap_or_else(|| panic!("{}: nothing is said: {:?}", self.asked, self.outcome))
    }

    /// The bytes of a download, or of an answer for a program.
    #[track_caller]
    pub fn bytes(&self) -> &[u8] {
        match &self.outcome {
            Ok(Response::Bytes { body, .. }) => body.as_bytes(),
            other => panic!("{}: no bytes but {other:?}", self.asked),
        }
    }

    /// What the plugin answered.
    #[track_caller]
    pub fn response(&self) -> &Response {
        match &self.outcome {
            Ok(response) => response,
            Err(failure) => panic!("{}: {failure} {failure:?}", self.asked),
        }
    }

    /// Why it failed.
    #[track_caller]
    pub fn failure(&self) -> &Failure {
        match &self.outcome {
            Err(failure) => failure,
            Ok(response) => panic!("{}: no failure but {response:?}", self.asked),
        }
    }

    /// Code of the answer.
    pub fn code(&self) -> Code {
        self.outcome.as_ref().map_or_else(|failure| failure.code, |_| Code::Ok)
    }

    #[track_caller]
    fn shown(&self) -> &Rendered {
        self.shown.as_ref().unwrap_or_else(|| panic!("{}: no page but {:?}", self.asked, self.outcome))
    }

    #[track_caller]
    fn view(&self) -> &View {
        match &self.outcome {
            Ok(Response::View(view)) => view,
            other => panic!("{}: no template but {other:?}", self.asked),
        }
    }
}

impl Box {
    /// Name of the template.
    #[track_caller]
    pub fn template(&self) -> &str {
        &self.view().template
    }

    /// Values of the template.
    #[track_caller]
    pub fn values(&self) -> &Value {
        &self.view().values
    }

    /// The HTML.
    pub fn html(&self) -> &str {
        &self.html
    }

    #[track_caller]
    fn view(&self) -> &View {
        self.view.as_ref().unwrap_or_else(|| panic!("a worker has rendered the box: {}", self.html))
    }
}
