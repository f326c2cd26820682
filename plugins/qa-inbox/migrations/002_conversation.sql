-- A question becomes a case with a conversation: it waits, is answered, closed and opened again.
alter table question add column follower uuid;
alter table question add column state text not null default 'open';
-- Since when the follower waits; null when nobody does.
alter table question add column since timestamptz;
alter table question add column last_at timestamptz;
alter table question add column day text not null default '';
alter table question add column answered_day text;
-- What is searched: letters and figures only.
alter table question add column words text not null default '';
-- The last part of the address of the answer page.
alter table question add column slug text;
alter table question add column reopened bigint not null default 0;
alter table question add column rating bigint;
alter table question add column rating_asked_at timestamptz;
create index question_state on question (class_id, state, since);
create index question_follower on question (class_id, follower);
create index question_slug on question (class_id, slug);
create index question_day on question (class_id, day);

create table message (
    id           uuid primary key,
    class_id     uuid not null,
    question_id  uuid not null,
    follower     uuid,
    -- The channel's id of what a follower sent.
    source       uuid,
    -- follower, student, faq, system
    author       text not null,
    -- question, rating, word, answer, closed, reopened
    kind         text not null,
    person_id    uuid,
    text         text not null,
    words        text not null,
    at           timestamptz not null,
    -- in, copy, sending, sent, waiting, fetched, done, gone
    delivery     text not null,
    delivered_at timestamptz,
    tries        bigint not null default 0,
    faq_id       uuid,
    -- What the follower was told at once.
    reply        text
);
create unique index message_source on message (class_id, source);
create index message_question on message (question_id, at);
create index message_follower on message (class_id, follower, delivery);
create index message_delivery on message (class_id, delivery, at);

-- How long somebody waited for an answer by a person. It outlives the conversation.
create table response (
    id          uuid primary key,
    class_id    uuid not null,
    question_id uuid,
    message_id  uuid,
    person_id   uuid,
    -- first, next
    kind        text not null,
    day         text not null,
    -- Seconds within duty hours: of the follower, and of these within the shift that answered.
    waited      bigint not null,
    own         bigint not null
);
create index response_day on response (class_id, day);

create table assignment (
    question_id uuid primary key,
    class_id    uuid not null,
    person_id   uuid not null,
    at          timestamptz not null
);

create table faq (
    id            uuid not null,
    class_id      uuid not null,
    question      text not null,
    variants      text not null,
    answer        text not null,
    words         text not null,
    -- draft, approved, off
    state         text not null,
    automatic     boolean not null,
    person_id     uuid,
    from_question uuid,
    updated_at    timestamptz not null,
    primary key (class_id, id)
);

-- What somebody has confirmed: a text and the entry that answers it, or does not.
create table pair (
    id          uuid primary key,
    class_id    uuid not null,
    question_id uuid not null,
    faq_id      uuid,
    text        text not null,
    fits        boolean not null,
    person_id   uuid,
    at          timestamptz not null
);
create index pair_class on pair (class_id, at);

create table review (
    id         uuid primary key,
    class_id   uuid not null,
    message_id uuid,
    person_id  uuid,
    -- 1 good, 2 fair, 3 to be mended
    grade      bigint not null,
    text       text not null,
    at         timestamptz not null
);
create unique index review_once on review (message_id, person_id);

-- Days of those who left.
create table day_total (
    class_id uuid not null,
    day      text not null,
    asked    bigint not null,
    answered bigint not null,
    primary key (class_id, day)
);

-- Those who left, as hashes, for a day: what they sent may still be on its way.
create table departure (
    class_id uuid not null,
    mark     text not null,
    at       timestamptz not null,
    primary key (class_id, mark)
);

insert into message (id, class_id, question_id, author, kind, text, words, at, delivery)
select id, class_id, id, 'follower', 'question', text, lower(text), at, 'in' from question;
update question set words = lower(text), last_at = at, since = at;
update question set state = 'answered', since = null where id in (select question_id from answer);
