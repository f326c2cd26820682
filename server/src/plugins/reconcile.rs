//! Makes what runs what is to run: the files that are there, and what the database says is enabled.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use plugin_loader::file::PluginFile;
use plugin_protocol::manifest::Manifest;
use tokio_util::sync::CancellationToken;

use super::context::Parts;
use super::files::{self, Copies, Found, Search};
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
        copies: Arc::new(Copies::new(files::run_folder(&parts.config))),
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
    let (again, last) = (upgrade.clone(), upgrade.clone());
    let peers = Peers::new(
        move || upgrade().map(|plugins| plugins.list()).unwrap_or_default(),
        move |id, op, scope, input| {
            let plugins = again();
            async move { plugins.unwrap_or_default().ask(&id, op, scope, input).await }
        },
    );
    Host {
        parts: parts.clone(),
        shared: plugins.shared().clone(),
        plugins: peers,
        log: Arc::new(move |plugin, level, line| {
            if let Some(plugins) = last() {
                plugins.note(plugin, level, line);
            }
        }),
    }
}

struct Reconciler {
    plugins: Plugins,
    host: Host,
    launcher: Arc<Launcher>,
    folders: Vec<std::path::PathBuf>,
    copies: Arc<Copies>,
    safe_mode: bool,
    search: Option<Search>,
    swept: bool,
}

impl Reconciler {
    async fn look(&mut self) -> anyhow::Result<()> {
        let (mut search, folders, copies) =
            (self.search.take().unwrap_or_default(), self.folders.clone(), self.copies.clone());
        let (search, found) = tokio::task::spawn_blocking(move || {
            // A folder that cannot be made shows when a file is copied into it.
            let _ = std::fs::create_dir_all(copies.folder().join("empty"));
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
        let used = self.copies_in_use(&rows, &found).await?;
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
            let files = (found.plugins.get(id), used.get(id));
            self.decide(id, files, rows.get(id), &provided, verdicts).await;
        }
        Ok(())
    }

    /// The copy of the file that each plugin has in use. Copies that nobody needs any more are removed.
    async fn copies_in_use(
        &mut self,
        rows: &BTreeMap<String, Plugin>,
        found: &Found,
    ) -> anyhow::Result<BTreeMap<String, PluginFile>> {
        let in_use = rows.values().flat_map(|row| [row.sha256.clone(), row.previous_sha256.clone()]);
        let lying = found.plugins.values().map(|file| file.sha256.clone());
        let running = self.plugins.list().into_iter().map(|status| status.sha256);
        let needed: BTreeSet<String> = in_use.chain(lying).chain(running).collect();
        let (copies, first) = (self.copies.clone(), !std::mem::replace(&mut self.swept, true));
        let wanted: Vec<_> = rows.values().map(|row| (row.id.clone(), row.sha256.clone())).collect();
        let read = tokio::task::spawn_blocking(move || {
            copies.sweep(&needed, first);
            wanted.into_iter().filter_map(|(id, sha256)| Some((id, copies.of(&sha256)?))).collect()
        });
        Ok(read.await?)
    }

    /// `lying` is what a folder holds, `copy` the file in use.
    async fn decide(
        &self,
        id: &str,
        (lying, copy): (Option<&PluginFile>, Option<&PluginFile>),
        row: Option<&Plugin>,
        provided: &BTreeSet<&String>,
        verdicts: u64,
    ) {
        let Some(known) = copy.or(lying) else {
            if let Some(supervisor) = self.plugins.supervisor(id) {
                supervisor.order(Order::Off { state: State::Missing, reason: "its file is gone".into() });
            }
            return;
        };
        let supervisor = self.supervisor(&known.manifest);
        let (file, waiting) = choose(lying, copy, row);
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
        let (original, copies) = (file.clone(), self.copies.clone());
        match tokio::task::spawn_blocking(move || copies.place(&original)).await {
            Ok(Ok(file)) => {
                let (file, fallback) = (Arc::new(file), copy.cloned().map(Arc::new));
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
            log: Arc::new(Log::new(&manifest.id, self.copies.folder())),
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
