//! Makes what runs what is to run: the files that are there, and what the database says is enabled.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use plugin_loader::file::PluginFile;
use plugin_protocol::manifest::Manifest;
use tokio_util::sync::CancellationToken;

use super::context::Parts;
use super::files::{self, Found, Search};
use super::host::Host;
use super::log::Log;
use super::process::Launcher;
use super::supervisor::{Order, Supervisor, Surroundings};
use super::{Peers, Plugins, State, Update};
use crate::store::plugin::{self, Plugin};

/// How often the database and the folders are looked at.
const EVERY: Duration = Duration::from_secs(2);

/// Keeps the plugins running until the server stops; then they end.
pub async fn run(parts: Parts, plugins: Plugins, stop: CancellationToken) {
    let mut reconciler = Reconciler {
        plugins: plugins.clone(),
        host: host(&parts, &plugins),
        launcher: Arc::new(Launcher::new(
            &files::worker_program(&parts.config),
            &files::run_folder(&parts.config).join("empty"),
        )),
        folders: files::folders(&parts.config),
        run: files::run_folder(&parts.config),
        safe_mode: parts.config.safe_mode,
        search: Some(Search::default()),
        swept: false,
    };
    loop {
        if let Err(error) = reconciler.look().await {
            tracing::warn!(%error, "the plugins could not be looked at");
        }
        tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep(EVERY) => {}
            () = plugins.inner.nudged.notified() => {}
        }
    }
    let all: Vec<_> = plugins.supervisors().values().cloned().collect();
    let stops: Vec<_> =
        all.into_iter().map(|supervisor| tokio::spawn(async move { supervisor.stop().await })).collect();
    for stopping in stops {
        let _ = stopping.await;
    }
    plugins.inner.supervisors.write().unwrap_or_else(std::sync::PoisonError::into_inner).clear();
}

/// The host of the workers; it holds the plugins weakly, since they hold it.
fn host(parts: &Parts, plugins: &Plugins) -> Host {
    let weak = Arc::downgrade(&plugins.inner);
    let shared = plugins.shared().clone();
    let upgrade = move || Some(Plugins { inner: weak.upgrade()?, shared: shared.clone() });
    let again = upgrade.clone();
    let peers = Peers::new(
        move || upgrade().map(|plugins| plugins.list()).unwrap_or_default(),
        move |id, op, scope, input| {
            let plugins = again();
            async move { plugins.unwrap_or_default().ask(&id, op, scope, input).await }
        },
    );
    let weak = Arc::downgrade(&plugins.inner);
    Host {
        parts: parts.clone(),
        shared: plugins.shared().clone(),
        plugins: peers,
        log: Arc::new(move |plugin, level, line| {
            let log = weak.upgrade().and_then(|inner| Plugins::log_of(&inner, plugin));
            if let Some(log) = log {
                log.push(level, line);
            }
        }),
    }
}

struct Reconciler {
    plugins: Plugins,
    host: Host,
    launcher: Arc<Launcher>,
    folders: Vec<std::path::PathBuf>,
    run: std::path::PathBuf,
    safe_mode: bool,
    search: Option<Search>,
    swept: bool,
}

impl Reconciler {
    async fn look(&mut self) -> anyhow::Result<()> {
        let (mut search, folders, run) =
            (self.search.take().unwrap_or_default(), self.folders.clone(), self.run.clone());
        let (search, found) = tokio::task::spawn_blocking(move || {
            // A folder that cannot be made shows when a file is copied into it.
            let _ = std::fs::create_dir_all(run.join("empty"));
            let found = search.look(&folders);
            (search, found)
        })
        .await?;
        self.search = Some(search);
        // Before the rows are read; see `Supervisor::verdicts`.
        let verdicts: BTreeMap<String, u64> =
            self.plugins.supervisors().iter().map(|(id, one)| (id.clone(), one.verdicts())).collect();
        let rows: BTreeMap<String, Plugin> =
            plugin::list(&self.host.parts.db).await?.into_iter().map(|row| (row.id.clone(), row)).collect();
        if !self.swept {
            self.swept = true;
            let needed: BTreeSet<String> =
                rows.values().flat_map(|row| [row.sha256.clone(), row.previous_sha256.clone()]).collect();
            files::sweep(&self.run, &needed);
        }
        *self.plugins.inner.refused.write().unwrap_or_else(std::sync::PoisonError::into_inner) = found.refused.clone();
        let running = |id: &str| rows.get(id).is_some_and(|row| row.enabled && row.quarantine.is_none());
        let provided: BTreeSet<&String> = found
            .plugins
            .values()
            .filter(|file| running(&file.manifest.id))
            .flat_map(|file| &file.manifest.provides)
            .collect();
        let ids: BTreeSet<&String> = found.plugins.keys().chain(rows.keys()).collect();
        for id in ids {
            let verdicts = verdicts.get(id).copied().unwrap_or_default();
            self.decide(id, &found, rows.get(id), &provided, verdicts).await;
        }
        Ok(())
    }

    async fn decide(&self, id: &str, found: &Found, row: Option<&Plugin>, provided: &BTreeSet<&String>, verdicts: u64) {
        let lying = found.plugins.get(id);
        let copy = row.and_then(|row| files::copy_of(&self.run, &row.sha256));
        let Some(known) = copy.as_ref().or(lying) else {
            if let Some(supervisor) = self.plugins.supervisor(id) {
                supervisor.order(Order::Off { state: State::Missing, reason: "its file is gone".into() });
            }
            return;
        };
        let supervisor = self.supervisor(&known.manifest);
        let (file, waiting) = choose(lying, copy.as_ref(), row);
        let shown = file.unwrap_or(known);
        supervisor.describe(&shown.manifest, &shown.sha256, waiting);
        let off = |state, reason: &str| supervisor.order(Order::Off { state, reason: reason.to_owned() });
        let Some(row) = row.filter(|row| row.enabled) else { return off(State::Disabled, "") };
        if self.safe_mode {
            return off(State::Disabled, "the server was started with --safe-mode");
        }
        if let Some(note) = &row.quarantine {
            let note: serde_json::Value = serde_json::from_str(note).unwrap_or_default();
            return off(State::Quarantined, note["reason"].as_str().unwrap_or("it was quarantined"));
        }
        let Some(file) = file else {
            return off(State::Incompatible, "it asks for more than was approved; approve it or go back");
        };
        if let Some(missing) = file.manifest.needs.iter().find(|need| !provided.contains(need)) {
            return off(State::Incompatible, &format!("it needs {missing}, and no enabled plugin provides that"));
        }
        let (original, run) = (file.clone(), self.run.clone());
        match tokio::task::spawn_blocking(move || files::place(&original, &run)).await {
            Ok(Ok(file)) => {
                let (file, fallback) = (Arc::new(file), copy.map(Arc::new));
                supervisor.order(Order::Run { file, fallback, before: row.version.clone(), verdicts });
            }
            Ok(Err(error)) => tracing::warn!(plugin = id, %error, "the file could not be copied to where it is opened"),
            Err(_) => {}
        }
    }

    fn supervisor(&self, manifest: &Manifest) -> Arc<Supervisor> {
        if let Some(supervisor) = self.plugins.supervisor(&manifest.id) {
            return supervisor;
        }
        let around = Surroundings {
            host: self.host.clone(),
            log: Arc::new(Log::new(&manifest.id, &self.run)),
            launcher: self.launcher.clone(),
        };
        let supervisor = Supervisor::new(manifest.clone(), around);
        let mut all = self.plugins.inner.supervisors.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        all.insert(manifest.id.clone(), supervisor.clone());
        supervisor
    }
}

/// The file that is to run, and one that waits for approval. `lying` is what a folder holds, `copy` the one in use.
fn choose<'a>(
    lying: Option<&'a PluginFile>,
    copy: Option<&'a PluginFile>,
    row: Option<&Plugin>,
) -> (Option<&'a PluginFile>, Option<Update>) {
    let Some(row) = row.filter(|row| row.enabled) else { return (lying.or(copy), None) };
    let approved = row.approved();
    let may = |file: &&PluginFile| approved.missing_for(&file.manifest).is_empty();
    let Some(lying) = lying else { return (copy.filter(may), None) };
    // Somebody went back from it.
    if lying.sha256 == row.previous_sha256 && copy.is_some() {
        return (copy.filter(may), None);
    }
    if may(&lying) {
        return (Some(lying), None);
    }
    let update = Update { manifest: Arc::new(lying.manifest.clone()), sha256: lying.sha256.clone() };
    (copy.filter(|copy| copy.sha256 != lying.sha256).filter(may), Some(update))
}
