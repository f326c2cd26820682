//! Jobs at moments that the plugin chooses.

use chrono::SubsecRound as _;
use plugin_protocol::host::{HostOp, Schedule};
use plugin_protocol::manifest::Manifest;
use plugin_protocol::{Code, Failure};

use super::{Host, Scope, bad_request, class};
use crate::plugins::failure::not_answered;
use crate::store::plugin::job::{self, Planned};

/// The most jobs that a plugin may have planned.
const MOST_PLANNED: i64 = 10_000;
/// The largest `data`, in bytes.
const MOST_DATA: usize = 64 * 1024;

pub(super) async fn schedule(host: &Host, manifest: &Manifest, scope: &Scope, asked: Schedule) -> Result<(), Failure> {
    if !manifest.jobs.iter().any(|job| job.id == asked.job) {
        let message = format!("{} declares no job {:?}", manifest.id, asked.job);
        return Err(Failure::new(Code::NotFound, message).at("schedule").hint("add it to `jobs` in plugin.toml"));
    }
    if asked.key.is_empty() || asked.key.len() > 200 {
        return Err(bad_request(HostOp::Schedule, "`key` is 1–200 bytes"));
    }
    let size = asked.data.to_string().len();
    if size > MOST_DATA {
        return Err(bad_request(HostOp::Schedule, format!("`data` has {size} bytes; at most {MOST_DATA}")));
    }
    let class_id = class::reachable(host, manifest, scope, asked.class).await?;
    let job_key = format!("once:{}", asked.key);
    let db = &host.parts.db;
    let Some(at) = asked.at else {
        let done = job::cancel(db, &manifest.id, &asked.job, class_id, &job_key).await;
        return done.map_err(|error| not_answered(&error));
    };
    let planned = job::count_once(db, &manifest.id).await.map_err(|error| not_answered(&error))?;
    if planned >= MOST_PLANNED {
        let message = format!("{planned} jobs are planned; at most {MOST_PLANNED}");
        return Err(Failure::new(Code::Busy, message).at("schedule").hint("let one job look for what is due"));
    }
    let plan = Planned {
        plugin_id: manifest.id.clone(),
        job: asked.job,
        class_id,
        job_key,
        due_at: at.trunc_subsecs(3),
        data: asked.data,
    };
    job::plan(db, vec![plan]).await.map_err(|error| not_answered(&error))
}
