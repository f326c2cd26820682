-- The public account of a class.
create table account (
    class_id      uuid primary key,
    -- Which account, on which server, everything below is about.
    identity      text not null,
    -- Makes hashes of people's ids that nobody can compute without it.
    hash_key      bytea not null,
    tier          text,
    found_by      text,
    probed_at     timestamptz,
    verified_at   timestamptz,
    callback_at   timestamptz,
    cover_id      text
);

create table access_token (
    class_id     uuid primary key,
    -- Encrypted with what only the secret gives.
    sealed       text,
    expires_at   timestamptz,
    leased_until timestamptz not null
);

-- Calls of the platform's interface, counted by the day in +08:00.
create table api_use (
    class_id uuid not null,
    day      text not null,
    call     text not null,
    count    bigint not null,
    primary key (class_id, day, call)
);

create table fault (
    class_id uuid not null,
    kind     text not null,
    code     bigint,
    at       timestamptz not null,
    count    bigint not null,
    primary key (class_id, kind)
);

-- Those who follow now. A row goes with everything about it when they leave.
create table follower (
    id           uuid primary key,
    class_id     uuid not null,
    openid       text not null,
    since        timestamptz,
    -- The latest that they did, by the platform's clock: an event from before is late.
    seen_at      timestamptz not null,
    message_at   timestamptz,
    message_sent bigint not null,
    action_at    timestamptz,
    action_sent  bigint not null,
    -- Departures that were told before the platform told them.
    told_early   bigint not null,
    unique (class_id, openid)
);

-- Keyed hashes of those who left, for as long as the teacher says; a minute at least, for what comes out of order.
create table departure (
    class_id uuid not null,
    digest   text not null,
    at       timestamptz not null,
    until    timestamptz not null,
    -- As of a follower.
    told_early bigint not null,
    primary key (class_id, digest)
);
create index departure_until on departure (class_id, until);

create table message (
    id            uuid primary key,
    class_id      uuid not null,
    follower_id   uuid not null,
    at            timestamptz not null,
    kind          text not null,
    text          text not null,
    article       text,
    article_index bigint
);
create index message_follower on message (follower_id);

-- What the platform delivered, under a keyed hash, with the reply that every repeat gets.
create table delivery (
    class_id     uuid not null,
    digest       text not null,
    at           timestamptz not null,
    kind         text not null,
    encrypted    boolean not null,
    repeats      bigint not null,
    follower_id  uuid,
    message_id   uuid,
    leased_until timestamptz not null,
    answered_at  timestamptz,
    reply        text,
    primary key (class_id, digest)
);
create index delivery_at on delivery (class_id, at);
create index delivery_follower on delivery (follower_id);

create table sent (
    class_id    uuid not null,
    key         text not null,
    follower_id uuid not null,
    at          timestamptz not null,
    state       text not null,
    code        bigint,
    primary key (class_id, key)
);
create index sent_follower on sent (follower_id);

create table figure_day (
    class_id   uuid not null,
    day        text not null,
    total      bigint,
    fetched_at timestamptz not null,
    primary key (class_id, day)
);

create table figure (
    class_id uuid not null,
    day      text not null,
    source   text not null,
    gained   bigint not null,
    lost     bigint not null,
    primary key (class_id, day, source)
);

create table scene (
    class_id   uuid not null,
    scene      text not null,
    url        text not null,
    expires_at timestamptz,
    primary key (class_id, scene)
);

create table tag (
    class_id uuid not null,
    name     text not null,
    tag_id   bigint not null,
    primary key (class_id, name)
);
