create table question (
    id        uuid primary key,
    class_id  uuid not null,
    person_id uuid,
    text      text not null,
    at        timestamptz not null
);
create index question_class on question (class_id, at);

-- Who is answering a question, until when nobody else may.
create table claim (
    question_id uuid primary key,
    person_id   uuid not null,
    expires_at  timestamptz not null
);

create table answer (
    question_id uuid primary key,
    person_id   uuid,
    text        text not null,
    at          timestamptz not null
);
