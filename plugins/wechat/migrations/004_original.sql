-- The account's own name in messages (gh_…), as the first one had it: another account may have the same settings.
alter table account add column original_id text;

-- What went wrong is known by the call, so that one that works says nothing about the others.
drop table fault;
create table fault (
    class_id uuid not null,
    kind     text not null,
    call     text not null,
    code     bigint,
    at       timestamptz not null,
    count    bigint not null,
    primary key (class_id, kind, call)
);
