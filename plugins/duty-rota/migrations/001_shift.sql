-- A day is 2026-10-12, in the time zone of the class.
create table shift (
    id            uuid primary key,
    class_id      uuid not null,
    day           text not null,
    post          text not null,
    person_id     uuid not null,
    checked_in_at timestamptz,
    unique (class_id, day, post),
    unique (class_id, day, person_id)
);
create index shift_person on shift (class_id, person_id, day);
