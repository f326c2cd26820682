-- That a slot was missed follows from its day; how far the text had come stays.
update publication set state = case when text = '' then 'planned' else 'writing' end where state = 'missed';

-- Somebody else than the holder has said that the shift was kept.
alter table shift add column by_operator boolean not null default false;

-- Whether the account was one that publishes four times a month when the channel last knew.
create table account (
    class_id   uuid primary key,
    is_monthly boolean not null
);

-- The hours of duty that calendars were told last, and how often they had changed.
create table told_hours (
    class_id   uuid primary key,
    hours      text not null,
    number     bigint not null,
    changed_at timestamptz
);
