//! What was asked about a question's marks, as the marked sheet shows it.

use serde::Serialize;
use uuid::Uuid;

/// What was asked about a question's marks, and the form to ask.
#[derive(Clone, Debug, Serialize)]
pub struct AskingView {
    /// What was asked so far, oldest first.
    pub threads: Vec<ThreadView>,
    /// Where the form goes; `None`: nothing may be asked.
    pub action: Option<String>,
    /// What may be asked about.
    pub choices: Vec<Choice>,
    /// Which of them, where what was typed was not taken.
    pub chosen: Option<Uuid>,
    /// What was typed.
    pub text: String,
    /// Why it was not taken.
    pub error: Option<String>,
    /// How many characters are.
    pub most: usize,
}

/// Something that was asked, and the teacher's answer.
#[derive(Clone, Debug, Serialize)]
pub struct ThreadView {
    /// `第 2 空`, where the question has several.
    pub place: Option<String>,
    /// What was asked.
    pub text: String,
    /// When.
    pub asked_at: String,
    /// The answer; `None`: it waits.
    pub reply: Option<String>,
    /// When it was answered.
    pub replied_at: Option<String>,
    /// Whether the mark was changed with it.
    pub changed: bool,
}

/// A blank or an essay to ask about.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    /// Its id.
    pub value: Uuid,
    /// What it is called.
    pub label: String,
}
