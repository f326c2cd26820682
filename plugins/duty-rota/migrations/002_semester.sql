-- Counts every change of a class's shifts and publications, so that nobody decides on what has changed meanwhile.
create table revision (
    class_id uuid primary key,
    number   bigint not null
);

create table semester (
    class_id  uuid primary key,
    first_day text not null,
    last_day  text not null,
    seed      bigint not null,
    gap       bigint not null
);

-- holiday: counts more, no courses; workday: a weekend day that counts like any other; off: no duty.
create table special_day (
    class_id uuid not null,
    day      text not null,
    kind     text not null,
    title    text not null,
    primary key (class_id, day)
);

create table helper (
    class_id  uuid not null,
    person_id uuid not null,
    first_day text not null,
    primary key (class_id, person_id)
);

create table away (
    id        uuid primary key,
    class_id  uuid not null,
    person_id uuid not null,
    first_day text not null,
    last_day  text not null,
    reason    text not null
);
create index away_person on away (class_id, person_id);

-- starts and ends are 19:00; parity is all, odd or even weeks.
create table course (
    id         uuid primary key,
    class_id   uuid not null,
    person_id  uuid not null,
    weekday    bigint not null,
    starts     text not null,
    ends       text not null,
    first_week bigint not null,
    last_week  bigint not null,
    parity     text not null,
    title      text not null
);
create index course_person on course (class_id, person_id);

alter table shift add column sequence bigint not null default 0;
alter table shift add column reason text not null default '';
alter table shift add column changed_at timestamptz;
alter table shift add column excused_at timestamptz;
alter table shift add column tries bigint not null default 0;

-- Shifts that somebody does not have any more: their calendars are told that it is cancelled.
create table released (
    shift_id    uuid not null,
    person_id   uuid not null,
    class_id    uuid not null,
    day         text not null,
    post        text not null,
    sequence    bigint not null,
    released_at timestamptz not null,
    primary key (shift_id, person_id)
);
create index released_class on released (class_id, person_id);

-- person_id offers shift_id, to partner_id alone or to everybody, for return_shift_id or as a favour.
create table swap (
    id              uuid primary key,
    class_id        uuid not null,
    shift_id        uuid not null,
    person_id       uuid not null,
    partner_id      uuid,
    return_shift_id uuid,
    state           text not null,
    note            text not null,
    created_at      timestamptz not null,
    expires_at      timestamptz not null,
    decided_at      timestamptz
);
create index swap_class on swap (class_id, state);

-- giver_id took over a shift of receiver_id (kind favour), or the heavier one in an exchange (kind exchange).
create table favour (
    id          uuid primary key,
    class_id    uuid not null,
    giver_id    uuid not null,
    receiver_id uuid,
    day         text not null,
    weight      bigint not null,
    kind        text not null,
    at          timestamptz not null
);
create index favour_class on favour (class_id);

create table handover (
    shift_id   uuid primary key,
    class_id   uuid not null,
    person_id  uuid not null,
    day        text not null,
    text       text not null,
    written_at timestamptz not null
);
create index handover_class on handover (class_id, day);

create table publication (
    id           uuid primary key,
    class_id     uuid not null,
    day          text not null,
    title        text not null,
    text         text not null,
    author_id    uuid,
    editor_id    uuid,
    state        text not null,
    note         text not null,
    draft        text not null,
    published_at timestamptz,
    changed_at   timestamptz not null
);
create index publication_class on publication (class_id, day);

create table day_code (
    class_id uuid not null,
    day      text not null,
    code     text not null,
    primary key (class_id, day)
);

create table feed (
    token      text primary key,
    class_id   uuid not null,
    person_id  uuid not null,
    whole      boolean not null,
    created_at timestamptz not null,
    unique (class_id, person_id, whole)
);
