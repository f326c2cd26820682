-- Several sources may speak of the same day: typed (by hand), channel (the platform's own figures). Files and live events
-- have tables of their own. A total that a source does not tell is null.
create table reading (
    class_id  uuid not null,
    day       text not null,
    source    text not null,
    gained    bigint not null,
    lost      bigint not null,
    total     bigint,
    person_id uuid,
    at        timestamptz not null,
    primary key (class_id, day, source)
);
insert into reading (class_id, day, source, gained, lost, total, person_id, at)
    select class_id, day, 'typed', gained, lost, total, person_id, at from figure;
drop table figure;

-- A file of the back office: previewed, done, undone. What counts of a day is the latest file that is done.
create table upload (
    id        uuid primary key,
    class_id  uuid not null,
    person_id uuid,
    at        timestamptz not null,
    name      text not null,
    form      text not null,
    state     text not null
);
create index upload_of_class on upload (class_id, at);
create table upload_day (
    upload_id uuid not null,
    class_id  uuid not null,
    day       text not null,
    gained    bigint not null,
    lost      bigint not null,
    net       bigint,
    total     bigint,
    primary key (upload_id, day)
);

-- Counted as it happens, by hour of the class's day; it names nobody and stays.
create table live_hour (
    class_id uuid not null,
    day      text not null,
    hour     bigint not null,
    gained   bigint not null,
    lost     bigint not null,
    primary key (class_id, day, hour)
);

-- Who follows since the account is connected, by the channel's id. The row goes when they leave.
create table follower (
    class_id    uuid not null,
    follower    uuid not null,
    gained_at   timestamptz not null,
    claim_until timestamptz not null,
    again       boolean not null,
    primary key (class_id, follower)
);
-- Who brought them, by which way: scene (their QR code) or word (their claim word).
create table claim (
    class_id  uuid not null,
    follower  uuid not null,
    person_id uuid not null,
    way       text not null,
    at        timestamptz not null,
    primary key (class_id, follower)
);
create index claim_of_person on claim (class_id, person_id);
-- The accounts of the class's own people bring nobody.
create table own_account (
    class_id  uuid not null,
    follower  uuid not null,
    person_id uuid not null,
    primary key (class_id, follower)
);
-- That somebody left, as a keyed hash, so that events out of order do not bring them back.
create table departed (
    class_id   uuid not null,
    hash       text not null,
    kept_until timestamptz not null,
    primary key (class_id, hash)
);
create table hash_key (
    class_id uuid primary key,
    key      text not null
);
-- How many of those a student brought have left, and how many within three days.
create table departure (
    class_id  uuid not null,
    person_id uuid not null,
    day       text not null,
    gone      bigint not null,
    gone_soon bigint not null,
    primary key (class_id, person_id, day)
);

-- The number in a student's claim word.
create table claim_word (
    class_id  uuid not null,
    person_id uuid not null,
    number    bigint not null,
    primary key (class_id, number)
);
create unique index claim_word_of_person on claim_word (class_id, person_id);
-- What a student says to have brought without a connection; a teacher decides. Pending, accepted, declined.
create table declaration (
    id         uuid primary key,
    class_id   uuid not null,
    person_id  uuid not null,
    day        text not null,
    followers  bigint not null,
    note       text not null,
    at         timestamptz not null,
    state      text not null,
    decided_by uuid
);
create index declaration_of_class on declaration (class_id, at);
-- A teacher takes something off, or adds it, and says why.
create table correction (
    id         uuid primary key,
    class_id   uuid not null,
    person_id  uuid not null,
    followers  bigint not null,
    reason     text not null,
    at         timestamptz not null,
    decided_by uuid
);

create table publication (
    class_id    uuid not null,
    publication text not null,
    at          timestamptz not null,
    title       text,
    recipients  bigint,
    primary key (class_id, publication)
);
-- A campaign whose checklist was gone through.
create table campaign (
    id        uuid primary key,
    class_id  uuid not null,
    day       text not null,
    title     text not null,
    person_id uuid,
    at        timestamptz not null
);
-- When the term ends, where no setting says it.
create table term (
    class_id uuid primary key,
    ends     text not null
);
