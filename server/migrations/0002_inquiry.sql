-- What a student asks about a mark, and the teacher's answer.
create table inquiry (
    id         uuid primary key,
    class_id   uuid not null,
    attempt_id uuid not null references attempt (id) on delete cascade,
    -- what was marked: a blank, or the question of an essay.
    field      uuid not null,
    person_id  uuid not null references person (id) on delete cascade,
    text       text not null,
    asked_at   timestamptz not null,
    -- null: nobody has answered yet.
    reply      text,
    replied_by uuid,
    replied_at timestamptz,
    -- the mark was changed with the answer.
    changed    boolean not null default false
);
create unique index inquiry_open on inquiry (person_id, field) where reply is null;
create index inquiry_waiting on inquiry (class_id, asked_at) where reply is null;
create index inquiry_person on inquiry (person_id, asked_at);
create index inquiry_attempt on inquiry (attempt_id);
