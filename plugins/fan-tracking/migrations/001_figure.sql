-- A day is 2026-10-12, in the time zone of the class. The source says where the numbers come from: typed.
create table figure (
    class_id  uuid not null,
    day       text not null,
    gained    bigint not null,
    lost      bigint not null,
    total     bigint not null,
    source    text not null,
    person_id uuid,
    at        timestamptz not null,
    primary key (class_id, day)
);
