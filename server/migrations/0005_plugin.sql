-- Plugins: which are enabled, who uses them, what they were told and when they are to be called. Their own tables are
-- not here: a file for each on SQLite, a schema for each on PostgreSQL.

-- A plugin that an administrator has enabled at least once.
create table plugin (
    id              text primary key,
    enabled         boolean not null,
    -- what was approved, as JSON: permissions, hosts, services, events.
    approved        text not null,
    version         text not null,
    -- the library in use, and the one before it (empty: none), in hexadecimal.
    sha256          text not null,
    previous_sha256 text not null,
    -- why it does not run though it is enabled, as JSON; null: nothing is wrong.
    quarantine      text,
    changed_at      timestamptz not null
);

-- The classes that use a plugin.
create table plugin_class (
    plugin_id text not null references plugin (id) on delete cascade,
    class_id  uuid not null references class (id) on delete cascade,
    added_at  timestamptz not null,
    primary key (class_id, plugin_id)
);

-- A setting of a class, or of the site. A secret is never read by a page.
create table plugin_setting (
    id         uuid primary key,
    plugin_id  text not null,
    -- null: of the site.
    class_id   uuid,
    name       text not null,
    -- JSON
    value      text not null,
    is_secret  boolean not null,
    changed_at timestamptz not null
);
create unique index plugin_setting_site on plugin_setting (plugin_id, name) where class_id is null;
create unique index plugin_setting_class on plugin_setting (plugin_id, class_id, name) where class_id is not null;

-- An event on its way to one plugin that hears it.
create table plugin_delivery (
    id           uuid primary key,
    event_id     uuid not null,
    plugin_id    text not null,
    name         text not null,
    emitted_by   text not null,
    class_id     uuid,
    emitted_at   timestamptz not null,
    -- JSON
    data         text not null,
    hops         bigint not null,
    attempts     bigint not null,
    -- workers that died while they handled it.
    deaths       bigint not null,
    next_at      timestamptz not null,
    -- a node works on it until then.
    leased_until timestamptz,
    last_failure text,
    done_at      timestamptz,
    -- given up: an administrator may send it again.
    dead_at      timestamptz,
    unique (event_id, plugin_id)
);
create index plugin_delivery_due on plugin_delivery (next_at) where done_at is null and dead_at is null;

-- When a job of a plugin is to run next.
create table plugin_job (
    id           uuid primary key,
    plugin_id    text not null,
    job          text not null,
    class_id     uuid,
    -- 'cron' for the schedule of the manifest, else 'once:' and the plugin's own key.
    job_key      text not null,
    due_at       timestamptz not null,
    -- JSON
    data         text not null,
    attempts     bigint not null,
    next_at      timestamptz not null,
    leased_until timestamptz,
    last_failure text
);
create unique index plugin_job_site on plugin_job (plugin_id, job, job_key) where class_id is null;
create unique index plugin_job_class on plugin_job (plugin_id, class_id, job, job_key) where class_id is not null;
create index plugin_job_due on plugin_job (next_at);

-- What went wrong with a plugin, for administrators.
create table plugin_incident (
    id         uuid primary key,
    plugin_id  text not null,
    at         timestamptz not null,
    -- 'death', 'hang', 'panic', 'refused', 'quarantine', 'memory' …
    kind       text not null,
    -- the operation in progress; empty: none.
    operation  text not null,
    -- signal, exit status or message.
    detail     text not null,
    version    text not null,
    -- the last lines of its log.
    log        text not null
);
create index plugin_incident_plugin on plugin_incident (plugin_id, at);
