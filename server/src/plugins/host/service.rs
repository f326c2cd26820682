//! Services of other plugins. The host stands between: it finds who offers one, passes on who asks, shortens the time
//! and refuses circles.

use std::time::{Duration, Instant};

use plugin_protocol::host::Service;
use plugin_protocol::manifest::Manifest;
use plugin_protocol::op::{self, Op};
use plugin_protocol::{Code, Failure};
use serde_json::Value;
use uuid::Uuid;

use super::{Host, Scope, class};
use crate::plugins::failure::not_answered;
use crate::plugins::{State, Status, context};
use crate::store::plugin;

/// The most plugins that may wait for one call.
pub const DEEPEST: usize = 4;

/// What is kept back of the caller's time, so that it can still answer when the other does not.
const KEPT_BACK: Duration = Duration::from_millis(20);

pub(super) async fn ask(host: &Host, manifest: &Manifest, scope: &Scope, asked: Service) -> Result<Value, Failure> {
    let service = &asked.service;
    let needed = manifest.needs.contains(service);
    if !needed && !manifest.wants.contains(service) {
        let message = format!("{} does not declare the service {service:?}", manifest.id);
        let hint = format!("add {service:?} to `needs` or `wants` in plugin.toml");
        return Err(Failure::new(Code::Denied, message).at("service").hint(hint));
    }
    let class_id = class::reachable(host, manifest, scope, asked.class).await?;
    let offered: Vec<_> =
        host.plugins.list().into_iter().filter(|status| status.manifest.provides.contains(service)).collect();
    let offered = of_class(host, offered, class_id, service).await?;
    // One whose worker is just being started answers in a moment.
    let is_coming = |status: &&Status| matches!(status.state, State::Starting | State::Restarting);
    let ready = offered.iter().find(|status| status.state == State::Ready).or(offered.iter().find(is_coming));
    let Some(provider) = ready.map(|status| status.manifest.clone()) else {
        let absent = match offered.first() {
            Some(status) => format!("{}, which offers {service}, is not running", status.manifest.id),
            None => format!("no plugin here offers {service}"),
        };
        // One that was switched off is as good as none; one that fell will be back.
        let fell = offered.iter().any(|status| status.state != State::Disabled);
        let code = if needed || fell { Code::NotRunning } else { Code::Unsupported };
        return Err(Failure::new(code, absent).at("service"));
    };
    let chain = extended(&scope.chain, &manifest.id, &provider.id)?;
    let told = if class_id == scope.context.class.as_ref().map(|class| class.id) {
        context::of_asked(&host.parts, &provider, &scope.context).await.map_err(|error| not_answered(&error))?
    } else {
        // The person came to the caller's page in the call's own class; elsewhere they are nobody.
        let told = context::of_nobody(&host.parts, &provider, class_id).await;
        let mut told = told.map_err(|error| not_answered(&error))?;
        told.language.clone_from(&scope.context.language);
        told
    };
    let latest = scope.deadline.checked_sub(KEPT_BACK).unwrap_or(scope.deadline);
    let within = asked.within_ms.map(|within| Instant::now() + Duration::from_millis(within.into()));
    let inner = Scope {
        context: told,
        deadline: within.map_or(latest, |within| within.min(latest)),
        chain,
        hops: scope.hops,
        idempotent: false,
    };
    let input = op::Service { service: asked.service, caller: manifest.id.clone(), input: asked.input };
    host.plugins.ask(&provider.id, Op::Service, inner, &input).await
}

/// Those that a class uses, of several that offer a service; all of them where no class is concerned.
async fn of_class(
    host: &Host,
    offered: Vec<Status>,
    class_id: Option<Uuid>,
    service: &str,
) -> Result<Vec<Status>, Failure> {
    let Some(class_id) = class_id else { return Ok(offered) };
    let mut used = Vec::new();
    for status in &offered {
        let uses = plugin::class::uses(&host.parts.db, class_id, &status.manifest.id).await;
        if uses.map_err(|error| not_answered(&error))? {
            used.push(status.clone());
        }
    }
    match offered.first() {
        Some(first) if used.is_empty() => {
            let message = format!("the class does not use {}, which offers {service}", first.manifest.id);
            Err(Failure::new(Code::Unsupported, message).at("service"))
        }
        _ => Ok(used),
    }
}

/// The plugins that wait when `caller` asks `provider`.
fn extended(chain: &[String], caller: &str, provider: &str) -> Result<Vec<String>, Failure> {
    let chain: Vec<String> = chain.iter().map(String::as_str).chain([caller]).map(str::to_owned).collect();
    let path = || format!("{} → {provider}", chain.join(" → "));
    if chain.iter().any(|waiting| waiting == provider) {
        let message = format!("plugins ask each other in a circle: {}", path());
        return Err(Failure::new(Code::Conflict, message).at("service"));
    }
    if chain.len() > DEEPEST {
        let message = format!("more than {DEEPEST} plugins wait for one another: {}", path());
        return Err(Failure::new(Code::Conflict, message).at("service"));
    }
    Ok(chain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_is_named_and_a_long_chain_refused() {
        let waiting = |names: &[&str]| -> Vec<String> { names.iter().map(|name| (*name).to_owned()).collect() };
        assert_eq!(extended(&[], "a", "b").unwrap(), ["a"]);
        assert_eq!(extended(&waiting(&["a", "b", "c"]), "d", "e").unwrap(), ["a", "b", "c", "d"]);

        let circle = extended(&waiting(&["a", "b"]), "c", "a").unwrap_err();
        assert_eq!(circle.code, Code::Conflict);
        assert!(circle.message.contains("a → b → c → a"), "{}", circle.message);
        assert!(extended(&[], "a", "a").unwrap_err().message.contains("a → a"));

        let long = extended(&waiting(&["a", "b", "c", "d"]), "e", "f").unwrap_err();
        assert!(long.message.contains("more than 4"), "{}", long.message);
    }
}
