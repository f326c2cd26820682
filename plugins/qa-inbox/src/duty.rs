//! Who may claim a question: students on duty, and those who run the account.

use plugin_sdk::prelude::*;
use plugin_sdk::protocol::Code;
use plugin_sdk::serde_json::Value;

/// What the duty rota says.
pub enum Duty {
    /// These are on duty; nobody, when the list is empty.
    Listed(Vec<OnDuty>),
    /// The class has no rota, or it does not answer.
    Away,
}

/// Somebody on duty.
pub struct OnDuty {
    /// Id.
    pub id: Uuid,
    /// Until when, where the rota says so.
    pub until: Option<DateTime<Utc>>,
}

/// Asks the duty rota.
pub fn now(host: &Host) -> Duty {
    match host.service::<Value>("rota.on_duty/1", json!({ "at": host.now() })) {
        Ok(answer) => {
            let people = answer["people"].as_array().into_iter().flatten();
            let one = |person: &Value| {
                // A rota of before said `id`.
                let id = person["person"].as_str().or(person["id"].as_str())?.parse().ok()?;
                let until = person["until"].as_str().and_then(|text| text.parse().ok());
                Some(OnDuty { id, until })
            };
            Duty::Listed(people.filter_map(one).collect())
        }
        Err(error) => {
            // A class without a rota is nothing to report.
            if error.code() != Code::Unsupported {
                log::warn!("the duty rota was asked in vain: {}", error.0);
            }
            Duty::Away
        }
    }
}

impl Duty {
    /// Whether somebody may claim questions now. Who runs the account may always, so that nothing waits for ever
    /// where nobody is listed.
    pub fn allows(&self, person: &Person) -> bool {
        person.is_operator() || self.people().iter().any(|on_duty| on_duty.id == person.id)
    }

    /// Those on duty.
    pub fn people(&self) -> &[OnDuty] {
        match self {
            Duty::Listed(people) => people,
            Duty::Away => &[],
        }
    }

    /// Key of the sentence that says who answers now.
    pub fn word(&self) -> &'static str {
        match self {
            Duty::Away => "duty-away",
            Duty::Listed(people) if people.is_empty() => "duty-nobody",
            Duty::Listed(_) => "duty-people",
        }
    }
}
